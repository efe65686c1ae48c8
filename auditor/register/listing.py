"""Reading the register: findings as they stand on a day, and one finding with all that happened to it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from auditor.errors import UserError
from auditor.register.decisions import STANDINGS, Standing, finding_number
from auditor.register.months import MOVEMENTS, Month, Movement
from auditor.register.store import Register
from auditor.words import _


@dataclass(frozen=True)
class Listed:
    """A finding in a list. ``movement`` and ``answer`` are those of the month that was asked for."""

    fingerprint: str
    check: str
    severity: str
    answer: str
    entity_type: str
    entity: str
    case_id: str
    at: str
    movement: Movement
    standing: Standing


def listed(
    register: Register, month: Month, on: date, *, check: str | None = None, standing: Standing | None = None
) -> list[Listed]:
    """The findings of a month with what became of them and how they stand on a day, the most severe first."""
    rows = register.rows(
        f"""SELECT f.*, m.answer, m.movement, s.standing FROM ({MOVEMENTS}) AS m JOIN findings AS f USING (finding)
        JOIN ({STANDINGS}) AS s USING (finding)
        WHERE (:check IS NULL OR f.check_id = :check) AND (:standing IS NULL OR s.standing = :standing)
        ORDER BY CASE f.severity WHEN 'critical' THEN 0 WHEN 'high' THEN 1 WHEN 'medium' THEN 2 ELSE 3 END,
            m.answer DESC, f.check_id, f.at, f.entity, f.fingerprint""",
        {
            "month": month.number,
            "first": month.first.isoformat(),
            "controller": month.controller,
            "on": on.isoformat(),
            "check": check,
            "standing": standing.value if standing else None,
        },
    )
    return [
        Listed(
            fingerprint=row["fingerprint"],
            check=row["check_id"],
            severity=row["severity"],
            answer=row["answer"],
            entity_type=row["entity_type"],
            entity=row["entity"],
            case_id=row["case_id"] or "",
            at=row["at"] or "",
            movement=Movement(row["movement"]),
            standing=Standing(row["standing"]),
        )
        for row in rows
    ]


@dataclass(frozen=True)
class Shown:
    """One finding with the months it was seen in and every decision about it, oldest first."""

    facts: dict[str, Any]
    evidence: dict[str, Any]
    months: tuple[tuple[str, str, str], ...]
    decisions: tuple[dict[str, Any], ...]
    standing: Standing


def shown(register: Register, fingerprint: str, on: date) -> Shown:
    """One finding, by its fingerprint or the beginning of it. Raises UserError when there is none, or more than one."""
    number = finding_number(register, fingerprint)
    named = {"finding": number, "on": on.isoformat()}
    facts = dict(register.rows("SELECT * FROM findings WHERE finding = :finding", named)[0])
    evidence = json.loads(facts.pop("evidence"))
    seen = register.rows(
        """SELECT m.first, m.last, s.answer FROM sightings AS s JOIN months AS m USING (month) WHERE s.finding = :finding
        UNION ALL SELECT m.first, m.last, 'gone' FROM withdrawn AS w JOIN months AS m USING (month) WHERE w.finding = :finding
        ORDER BY 1, 2""",
        named,
    )
    decisions = register.rows("SELECT * FROM decisions WHERE finding = :finding ORDER BY decision", named)
    standing = register.rows(f"SELECT standing FROM ({STANDINGS}) WHERE finding = :finding", named)[0]["standing"]
    return Shown(
        facts,
        evidence,
        tuple((row[0], row[1], row[2]) for row in seen),
        tuple(dict(row) for row in decisions),
        Standing(standing),
    )


def chosen_month(found: list[Month], asked: tuple[int, int] | None, controller: str | None) -> Month:
    """The month asked for, else the latest. Raises UserError when the register has none such."""
    fitting = [
        month
        for month in found
        if (controller is None or month.controller == controller)
        and (asked is None or (month.first.year, month.first.month) == asked)
    ]
    if not fitting:
        raise UserError(
            _("The register holds no such month."), hint=_("See which months it holds with 'auditor findings months'.")
        )
    if asked is not None and len({month.controller for month in fitting}) > 1:
        raise UserError(
            _("The register holds this month for several controllers."), hint=_("Name one of them with --controller.")
        )
    return fitting[-1]
