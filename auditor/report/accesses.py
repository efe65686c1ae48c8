"""What the report shows of the access log, as plain values for its template (``accesses.html.j2``)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from math import log2
from typing import Any

from auditor.audit import Audit
from auditor.checks.model import Severity
from auditor.follow_up.incidents import PATTERN_OF
from auditor.follow_up.piles import EXPLANATIONS, PILES
from auditor.follow_up.reconciliation import DayOfSource, SourceHours
from auditor.formats import decimal_text
from auditor.labels import SEVERITIES, TABLES
from auditor.words import N_, _

_INCIDENTS = 40
_DAYS = 60
_FORMS = {"incident": N_("incident"), "pattern": N_("pattern")}


def accesses_view(audit: Audit, organisation: Callable[[str], str], missing: Callable[[str], str]) -> dict[str, Any] | None:
    """Everything that the template names; None without an access log. ``organisation`` and ``missing`` say codes in words."""
    review = audit.accesses
    if "accesses" not in audit.intake.present:
        return None
    return {
        "total": sum(review.piles.values()),
        "piles": [{"code": pile.value, "words": _(words), "n": review.piles[pile]} for pile, words in PILES.items()],
        "explanations": [
            {
                "words": _(explanation.words),
                "why": _(explanation.why),
                "law": "; ".join(p.citation_sv for p in explanation.law if p.in_force(audit.period.last)),
                "n": review.explanations[explanation.id],
            }
            for explanation in EXPLANATIONS
        ],
        "pattern_of": PATTERN_OF,
        "incidents_found": review.incidents_found,
        "incidents": [
            {
                "rank": incident.rank,
                "form": _(_FORMS[incident.form]),
                "severity": _(SEVERITIES[Severity(incident.severity)]),
                "severity_code": incident.severity,
                "user_id": incident.user_id or "",
                "organisation": organisation(incident.organisation) if incident.organisation else "",
                "case_id": incident.case_id or "",
                "days": _days(incident.first_day.isoformat(), incident.last_day.isoformat()),
                "facts": incident.facts,
                "checks": incident.checks.replace(",", ", "),
                "score": decimal_text(incident.score),
            }
            for incident in review.incidents[:_INCIDENTS]
        ],
        "sources": [_source(audit, source) for source in review.sources],
        "facts": review.facts,
        "reconciliation": [_day(row) for row in review.reconciliation if any(_counts(row))][:_DAYS],
        "undetermined": [
            {"check": entry.check, "missing": missing(entry.missing) or _("other"), "n": entry.accesses}
            for entry in review.undetermined
        ],
    }


def _days(first: str, last: str) -> str:
    return first if first == last else f"{first} – {last}"


def _counts(row: DayOfSource) -> list[int | None]:
    return [row.unknown_cases, row.exports_without_disclosure, row.disclosures_without_access]


def _day(row: DayOfSource) -> dict[str, Any]:
    return {
        "log": _(TABLES[row.log]),
        "source": row.source,
        "day": row.day.isoformat(),
        "rows": row.rows,
        "counts": _counts(row),
    }


def _source(audit: Audit, source: SourceHours) -> dict[str, Any]:
    """A source as squares of one unit: a column a day, a row an hour."""
    start = audit.period.start
    most = max(source.hours.values(), default=1)

    def place(moment: datetime) -> tuple[int, int]:
        return (moment.date() - start.date()).days, moment.hour

    name = source.name or _("without a name")
    cells = [
        {"x": x, "y": y, "strength": round(0.15 + 0.85 * log2(1 + n) / log2(1 + most), 2)}
        for (x, y), n in ((place(hour), n) for hour, n in sorted(source.hours.items()))
    ]
    gaps = [place(after) for _first, _last, after in source.missing_numbers if after and start <= after < audit.period.end]
    return {
        "name": name,
        "events": source.events,
        "width": (audit.period.end - start).days,
        "label": _("Events of the source {name} by day and hour").format(name=name),
        "cells": cells,
        "silent": len(source.silences),
        "silences": [strip for silence in source.silences for strip in _strips(start, *silence)],
        "gaps": [{"x": x, "y": round(y + 0.7, 1)} for x, y in sorted(set(gaps))],
        "gaps_found": len(source.missing_numbers),
    }


def _strips(start: datetime, first: datetime, last: datetime) -> list[dict[str, Any]]:
    """A silence as one strip a day."""
    strips = []
    day = datetime.combine(first.date(), datetime.min.time())
    while day < last:
        begun, ended = max(first, day), min(last, day + timedelta(days=1))
        top, bottom = (begun - day) / timedelta(hours=1), (ended - day) / timedelta(hours=1)
        strips.append({"x": (day.date() - start.date()).days, "y": round(top, 2), "height": round(bottom - top, 2)})
        day += timedelta(days=1)
    return strips
