"""Decisions about findings. The controller decides, the data-protection officer recommends (GDPR art. 24 and 39)."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from auditor.errors import UserError
from auditor.privacy import may_hold_personal_number
from auditor.register.journal import append, digest_of_decision, next_number
from auditor.register.store import Register
from auditor.words import _

_SHORTEST_FINGERPRINT = 8


class DecisionKind(StrEnum):
    """What can be decided of a finding."""

    BREACH = "confirmed-breach"
    JUSTIFIED = "justified"
    FALSE_ALARM = "false-alarm"
    REPORTED = "reported-to-imy"


class Capacity(StrEnum):
    """In what capacity somebody speaks: only the controller's word is a decision, the officer's is a recommendation."""

    CONTROLLER = "controller"
    OFFICER = "officer"


class Standing(StrEnum):
    """How a finding stands on a day."""

    OPEN = "open"
    REOPENED = "reopened"
    BREACH = "confirmed-breach"
    JUSTIFIED = "justified"
    FALSE_ALARM = "false-alarm"
    REPORTED = "reported-to-imy"


@dataclass(frozen=True)
class Decision:
    """What somebody decided, or recommended, about a finding.

    ``aware_at`` (local time) is when the controller became aware of a breach: GDPR art. 33's 72 hours run from there.
    ``expires`` is the last day that a justification stands; ``reported_on`` and ``reference`` belong to a report to IMY.
    """

    kind: DecisionKind
    capacity: Capacity
    decided_by: str
    decided_on: date
    reason: str = ""
    owner: str = ""
    expires: date | None = None
    reference: str = ""
    reported_on: date | None = None
    aware_at: datetime | None = None


def decide(register: Register, fingerprint: str, decision: Decision) -> int:
    """Keep a decision; returns its number. ``fingerprint`` may be cut to its first eight letters or more.

    Raises UserError for an unknown finding and for what the kind of decision lacks.
    """
    _check(decision)
    with register.change() as run:
        finding = finding_number(register, fingerprint)
        _check_order(run, finding, decision)
        number = next_number(run, "decision")
        run.execute(
            "INSERT INTO decisions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (number, finding, *_values(decision)),
        )
        append(run, "decision", {"decision": number, "kind": decision.kind.value, "digest": digest_of_decision(run, number)})
    return number


def _values(decision: Decision) -> tuple[str | None, ...]:
    return (
        decision.kind.value,
        decision.capacity.value,
        decision.decided_by,
        decision.decided_on.isoformat(),
        decision.reason,
        decision.owner,
        _iso(decision.expires),
        decision.reference,
        _iso(decision.reported_on),
        decision.aware_at.isoformat(sep=" ", timespec="minutes") if decision.aware_at else None,
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def finding_number(register: Register, fingerprint: str) -> int:
    """The register's number of a finding, by its fingerprint cut to at least eight letters. Raises UserError."""
    if len(fingerprint) < _SHORTEST_FINGERPRINT or not all(letter in "0123456789abcdef" for letter in fingerprint):
        raise UserError(
            _("A fingerprint is written with at least eight of its letters and digits."),
            hint=_("Copy it from 'auditor findings list'; nothing was changed."),
        )
    found = register.rows("SELECT finding FROM findings WHERE fingerprint GLOB :begins LIMIT 2", {"begins": f"{fingerprint}*"})
    if not found:
        raise UserError(
            _("No finding in the register has this fingerprint."),
            hint=_("Copy it from 'auditor findings list'; nothing was changed."),
        )
    if len(found) > 1:
        raise UserError(
            _("Several findings have a fingerprint that begins so."), hint=_("Write more of it; nothing was changed.")
        )
    return int(found[0]["finding"])


def _check(decision: Decision) -> None:
    for text in (decision.reason, decision.owner, decision.decided_by, decision.reference):
        if text != text.encode("utf-8", "replace").decode("utf-8"):
            raise UserError(
                _("The text holds bytes that are no characters."),
                hint=_("Set the terminal to UTF-8 and write it again; nothing was changed."),
            )
        if may_hold_personal_number(text):
            raise UserError(
                _("The text holds a personal number, or what is written as one."),
                hint=_("Write it without: the register names findings by their numbers; nothing was changed."),
            )
    lacking = _lacking(decision)
    if lacking:
        raise UserError(lacking, hint=_("Say it and decide again; nothing was changed."))
    if not decision.decided_by.strip():
        raise UserError(_("Nobody is named as deciding."), hint=_("Name who decides with --by; nothing was changed."))
    if decision.expires and decision.expires < decision.decided_on:
        raise UserError(
            _("The decision would have expired before it was made."),
            hint=_("Name a later day with --expires; nothing was changed."),
        )
    if decision.reported_on and decision.reported_on > decision.decided_on:
        raise UserError(
            _("The day of the report lies in the future."), hint=_("Name the day it was reported; nothing was changed.")
        )
    if decision.aware_at and decision.aware_at.date() > decision.decided_on:
        raise UserError(
            _("The moment of awareness lies in the future."),
            hint=_("Name when the controller became aware; nothing was changed."),
        )


def _check_order(run: sqlite3.Connection, finding: int, decision: Decision) -> None:
    """What was decided of a finding cannot have happened before what it rests on. Raises UserError."""
    entity_type, at = run.execute("SELECT entity_type, at FROM findings WHERE finding = ?", (finding,)).fetchone()
    if decision.aware_at and at and entity_type in ("disclosure", "access") and decision.aware_at < _minute(at):
        raise UserError(
            _("The moment of awareness lies before what was found had happened."),
            hint=_("Name when the controller became aware; nothing was changed."),
        )
    if decision.reported_on is None:
        return
    (aware,) = run.execute(
        "SELECT aware_at FROM decisions WHERE finding = ? AND capacity = 'controller' ORDER BY aware_at IS NULL, decision DESC",
        (finding,),
    ).fetchone() or (None,)
    if aware and decision.reported_on < datetime.fromisoformat(aware).date():
        raise UserError(
            _("The day of the report lies before the controller became aware of the breach."),
            hint=_("Name the day it was reported; nothing was changed."),
        )


def _minute(at: str) -> datetime:
    return datetime.fromisoformat(at).replace(second=0, microsecond=0)


def _lacking(decision: Decision) -> str:
    if decision.kind is DecisionKind.JUSTIFIED and not (
        decision.reason.strip() and decision.owner.strip() and decision.expires
    ):
        return _("A justified finding needs a reason, an owner and a day on which it expires.")
    if decision.kind is DecisionKind.FALSE_ALARM and not decision.reason.strip():
        return _("A false alarm needs a reason.")
    if decision.kind is DecisionKind.REPORTED and not (decision.reported_on and decision.reference.strip()):
        return _("A report to IMY needs its day and its reference.")
    if decision.kind is DecisionKind.BREACH and decision.aware_at is None:
        return _("A confirmed breach needs the moment when the controller became aware of it.")
    return ""


#: SQL: the newest decision of each finding by its controller, with the standing on a day (:on). A breach that is confirmed
#: anew, with another reason or time, stays reported.
STANDINGS = """
SELECT f.finding, d.decision, d.kind, d.expires, CASE WHEN d.kind IS NULL THEN 'open'
        WHEN d.kind = 'justified' AND d.expires < :on THEN 'reopened'
        WHEN d.kind = 'confirmed-breach' AND (
            SELECT e.kind FROM decisions AS e WHERE e.finding = f.finding AND e.capacity = 'controller' AND e.decided_on <= :on
                AND e.kind <> 'confirmed-breach' ORDER BY e.decision DESC LIMIT 1) = 'reported-to-imy' THEN 'reported-to-imy'
        ELSE d.kind END AS standing
FROM findings AS f LEFT JOIN decisions AS d ON d.decision = (
    SELECT max(decision) FROM decisions WHERE finding = f.finding AND capacity = 'controller' AND decided_on <= :on)
"""


def standings(register: Register, on: date) -> dict[str, Standing]:
    """How every finding that was ever decided stands on a day, by fingerprint; the others are open."""
    rows = register.rows(
        f"SELECT f.fingerprint, s.standing FROM ({STANDINGS}) AS s JOIN findings AS f USING (finding) WHERE s.kind IS NOT NULL",
        {"on": on.isoformat()},
    )
    return {row["fingerprint"]: Standing(row["standing"]) for row in rows}
