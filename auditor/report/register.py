"""What the report shows of the register: what became of findings since earlier months, decisions, and time limits.

Reasons, names and references were written by people, perhaps copied from elsewhere: they are masked, made printable, cut, and
escaped by the template as all text is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from auditor.formats import left_text, number_text
from auditor.labels import ANSWERS
from auditor.law.provisions import GDPR_33_1, SOL_19_6_2026, SOL_20_2
from auditor.privacy import without_personal_numbers
from auditor.register.account import CLOSED, Account, Decided, Moved
from auditor.register.deadlines import Due
from auditor.register.decisions import Capacity, Standing
from auditor.register.labels import CAPACITIES, DECISIONS, MOVEMENTS, STANDINGS
from auditor.register.months import Movement
from auditor.report import formats
from auditor.words import _

#: Rows of a list in the page; the rest is counted, and listed by 'auditor findings list'.
ROWS = 200
_LONGEST_TEXT = 300
_HERE = (Movement.NEW, Movement.REMAINS, Movement.RETURNED)
_LAW = {"GDPR art. 33.1": GDPR_33_1, "SoL 20:2": SOL_20_2, "SoL 19:6": SOL_19_6_2026}


def known_in_words(account: Account, fingerprint: str) -> str:
    """What the register knows of a finding, for its row: ``still there; justified``."""
    movement, standing = account.known.get(fingerprint, (Movement.NEW, Standing.OPEN))
    words = [_(MOVEMENTS[movement]), *([_(STANDINGS[standing])] if standing is not Standing.OPEN else [])]
    return "; ".join(words)


def register_view(account: Account) -> dict[str, Any]:
    """Everything that the section names."""
    movements = Counter[Movement]()
    here, closed = Counter[Standing](), Counter[Standing]()
    for (_check, movement, _answer, standing), n in account.counts.items():
        movements[movement] += n
        if movement in _HERE:
            here[standing] += n
            closed[standing] += n if standing in CLOSED else 0
    told = [movement for movement in Movement if movement is not Movement.NOT_LOOKED_FOR or movements[movement]]
    return {
        "at": formats.moment(account.at),
        "before": formats.period(account.before.first, account.before.last) if account.before else "",
        "missing": [formats.month(date.fromisoformat(f"{month}-01")) for month in account.missing],
        "later": account.later,
        "movements": [{"words": _(MOVEMENTS[movement]), "n": movements[movement]} for movement in told],
        "answers": [_answers(account, movement) for movement in told],
        "answer_words": [_(ANSWERS[answer]) for answer in ("violation", "undetermined")],
        "checks": _checks(account, told),
        "closed_words": _closed_in_words(closed),
        "moved": [
            {"code": movement.value, "words": _(MOVEMENTS[movement]), **_listed(account.moved.get(movement, []), _moved)}
            for movement in (Movement.GONE, Movement.RETURNED, Movement.NOT_LOOKED_FOR)
        ],
        "standings": [
            {"words": _(STANDINGS[standing]), "here": here[standing], "elsewhere": account.elsewhere[standing]}
            for standing in Standing
        ],
        "decided": _listed(account.decided, _decided),
        "expired": _listed(account.expired, _decided),
        "expired_n": len(account.expired),
        "due": _listed(account.due, _due),
        "due_n": len(account.due),
    }


def _listed(entries: Sequence[Any], told: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
    return {"rows": [told(entry) for entry in entries[:ROWS]], "n": len(entries), "left_out": max(0, len(entries) - ROWS)}


def _answers(account: Account, movement: Movement) -> dict[str, Any]:
    n = Counter[str]()
    for (_check, moved, answer, _standing), count in account.counts.items():
        n[answer] += count if moved is movement else 0
    return {"words": _(MOVEMENTS[movement]), "counts": [n["violation"], n["undetermined"]], "total": n.total()}


def _checks(account: Account, told: Sequence[Movement]) -> list[dict[str, Any]]:
    """Counts by check, in the order of their families and numbers; a check that does nothing but find new things too."""
    counts: dict[str, Counter[Movement]] = {}
    closed = Counter[str]()
    for (check, movement, _answer, standing), n in account.counts.items():
        counts.setdefault(check, Counter())[movement] += n
        closed[check] += n if movement in _HERE and standing in CLOSED else 0
    return [
        {"id": check, "counts": [counts[check][movement] for movement in told], "closed": closed[check]}
        for check in sorted(counts, key=lambda id_: ("TRFBPAL".find(id_[:1]), int(id_[1:]) if id_[1:].isdigit() else 0, id_))
    ]


def _closed_in_words(closed: Counter[Standing]) -> str:
    """How many of the month's findings a decision has closed, and how."""
    if not closed.total():
        return _("No finding of this period is closed by a decision.")
    parts = [f"{_(STANDINGS[standing])} {number_text(closed[standing])}" for standing in CLOSED if closed[standing]]
    return _("Findings closed by decisions: {n} ({parts}).").format(n=number_text(closed.total()), parts=", ".join(parts))


def _moved(entry: Moved) -> dict[str, Any]:
    return {
        "fingerprint": entry.fingerprint[:12],
        "check": entry.check,
        "entity": entry.entity,
        "case": entry.case_id if entry.entity_type != "case" else "",
        "answer": _(ANSWERS[entry.answer]),
        "first": _month_of(entry.first_seen),
        "last": _month_of(entry.last_seen),
        "standing": _(STANDINGS[entry.standing]),
    }


def _month_of(day: str) -> str:
    """The month of a period's first day: 2026-10."""
    return day[:7] or "–"


def _decided(entry: Decided) -> dict[str, Any]:
    details = (
        (_("Reason given"), _text(entry.reason)),
        (_("Owner"), _text(entry.owner)),
        (_("Stands until"), entry.expires),
        (_("Aware of it"), entry.aware_at),
        (_("Reported"), entry.reported_on),
        (_("Reference"), _text(entry.reference)),
    )
    return {
        "fingerprint": entry.fingerprint[:12],
        "check": entry.check,
        "entity": entry.entity,
        "kind": _(DECISIONS[entry.kind]),
        "recommendation": entry.capacity is Capacity.OFFICER,
        "by": _text(entry.decided_by),
        "capacity": _(CAPACITIES[entry.capacity]),
        "on": entry.decided_on,
        "details": [{"name": name, "text": text} for name, text in details if text],
        "replaced": not entry.in_force,
        "expired": entry.in_force and entry.capacity is Capacity.CONTROLLER and entry.standing is Standing.REOPENED,
    }


def _due(entry: Due) -> dict[str, Any]:
    return {
        "at": formats.moment(entry.at),
        "left": left_text(entry.left),
        "late": entry.left < timedelta(),
        "law": _LAW[entry.law].citation_sv,
        "fingerprint": entry.fingerprint[:12],
        "check": entry.check,
        "entity": entry.entity,
    }


def _text(written: str) -> str:
    """What somebody wrote, fit to be shown: no personal number, nothing that changes how other text is read, not endless."""
    shown = "".join(c if c.isprintable() else " " for c in without_personal_numbers(written)).strip()
    return shown if len(shown) <= _LONGEST_TEXT else shown[: _LONGEST_TEXT - 1].rstrip() + "…"
