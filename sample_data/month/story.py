"""How a planter tells its story: it adds a case, hands something over, and says which answer each check should give.

Everything that a planter does not say is innocent: a child of fifteen at home in a party, reported by the Police some weeks
before the month, an enquiry opened in time, and a disclosure that the flow allows, by an authorised officer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

import numpy as np

from . import county, people
from .people import Pen
from .period import Period
from .staff import Staff

Row = dict[str, Any]
Planter = Callable[["Story"], None]

VIOLATION, UNDETERMINED, PASS = "violation", "undetermined", "pass"

#: Every planter in the order of its definition.
PLANTERS: list[Planter] = []


def planter(function: Planter) -> Planter:
    """Register a planter. Its docstring tells the story; its ``expect`` calls say what the checks should answer."""
    PLANTERS.append(function)
    return function


@dataclass(frozen=True)
class Expected:
    """What a check should answer about a case or disclosure (by its serial), or about ``place``, a table or its column."""

    planter: str
    check: str
    answer: str
    table: str
    serial: int = -1
    place: str = ""


@dataclass
class Story:
    """The planted rows of a month. ``serials`` count on from the bulk rows, so that cases and disclosures never meet."""

    period: Period
    staff: Staff
    pen: Pen
    case_serials: count[int]
    disclosure_serials: count[int]
    rows: dict[str, list[Row]] = field(
        default_factory=lambda: {name: [] for name in ("cases", "disclosures", "staff", "assignments", "residences")}
    )
    expected: list[Expected] = field(default_factory=list)
    telling: str = ""
    _told: int = 0

    def tell(self, planter: Planter) -> None:
        """Run a planter; what it expects is noted under its name."""
        self.telling = planter.__name__
        self._told += 1
        planter(self)

    def expect(self, row: Row, **answers: str) -> None:
        """Note that each check (``T1=VIOLATION``) gives this answer about a planted case or disclosure."""
        table = "cases" if "home_municipality" in row else "disclosures"
        for check, answer in answers.items():
            self.expected.append(Expected(self.telling, check, answer, table, row["_serial"]))

    def expect_in_log(self, check: str, table: str, column: str = "") -> None:
        """Note that a check of the log itself finds something in a table, or in one of its columns."""
        self.expected.append(Expected(self.telling, check, VIOLATION, table, place=f"{table}.{column}" if column else table))

    def unreadable(self, row: Row, column: str, text: str) -> None:
        """The cell holds a text that nobody can read as what the column is for."""
        row[column] = None
        row["_raw"] = {**row.get("_raw", {}), column: text}

    # -- cases -------------------------------------------------------------------------------------------------------

    def case(self, **facts: Any) -> Row:
        """A case reported three weeks before the month and opened six days later, unless ``facts`` say otherwise."""
        serial = next(self.case_serials)
        reported = facts.get(
            "reported_at", self.period.day(-20 + serial % 6, 14 + serial % 8, serial * 7 % 60, serial * 13 % 60)
        )
        birth = facts.get("birth_date") or date(self.period.start.year - 15, 1 + serial % 6, 1 + serial % 27)
        home = facts.get("home_municipality", ("0182", "0126", "0127", "0136", "0163", "0184", "0120")[serial % 7])
        decided = None if reported is None else (reported + timedelta(days=6)).replace(hour=15, minute=serial % 60)
        row = {
            "_serial": serial,
            "_order": reported or self.period.day(1),
            "person_id": self.number(birth, serial),
            "related_person_ids": [self.number(date(1982, 3, 1) + timedelta(days=serial % 3000), serial)],
            "birth_date": birth,
            "home_municipality": home,
            "registered_municipality": home or "0180",
            "found_in": "0180",
            "concern": ["gang_crime"],
            "reporter": county.POLICE,
            "reported_at": reported,
            "decided_at": decided,
            "decision": "opened",
            "assessment_extended": False,
            "closed_at": None,
            "protection": "none",
            **facts,
        }
        self.rows["cases"].append(row)
        if home in self.staff.offset and reported is not None:
            self.assign(row, home, reported + timedelta(hours=5))
        return row

    def fresh_case(self, day: int, handed_over: bool = True, **facts: Any) -> Row:
        """A case reported on a day of the month, with the Police's report and (unless told otherwise) a handover in time."""
        row = self.case(**{"reported_at": self.period.day(day, 18, 20), **facts})
        reported = row["reported_at"]
        self.disclose(row, "report", at=reported + timedelta(minutes=4))
        if handed_over:
            self.disclose(row, "handover", at=reported + timedelta(hours=2))
        return row

    def number(self, birth: date, seed: int, coordination: bool = False) -> str:
        """A personal number of an invented person (``coordination``: samordningsnummer, day plus 60)."""
        birth_number = np.array([people.FIRST_BIRTH_NUMBER + seed % 20])
        return str(people.personal_numbers(np.array([birth], dtype="datetime64[D]"), birth_number, coordination)[0])

    def assign(self, case: Row, organisation: str, since: datetime) -> None:
        """An officer of the organisation works on the case."""
        user = self.staff.active_user(organisation, case["_serial"])
        self.rows["assignments"].append({"_case": case["_serial"], "_order": since, "user_id": user, "valid_from": since})

    def lived(self, case: Row, municipality: str | None, valid_from: date, valid_to: date | None = None) -> None:
        """The child belonged to a municipality from one day to another (both included)."""
        self.rows["residences"].append(
            {
                "_case": case["_serial"],
                "_order": datetime.combine(valid_from, datetime.min.time()),
                "municipality": municipality,
                "valid_from": valid_from,
                "valid_to": valid_to,
            }
        )

    # -- disclosures -------------------------------------------------------------------------------------------------

    def disclose(self, case: Row | None, purpose: str | None, **facts: Any) -> Row:
        """An innocent disclosure of the flow ``purpose``, but for ``facts``. Without a case it names one that is not there."""
        serial = next(self.disclosure_serials)
        flow = purpose if purpose in county.FLOW_INDEX else "assessment"
        sender, recipient = self._parties(flow, case)
        sender, recipient = facts.get("sender", sender), facts.get("recipient", recipient)
        at = facts.get("at", self.period.day(13 + serial % 3, 9 + serial % 8, serial * 11 % 60, serial * 17 % 60))
        fields = list(county.FIELD_SETS[flow][0][-1] if flow in ("report", "handover", "other_channel") else _PLAIN[flow])
        row = {
            "_serial": serial,
            "_case": case["_serial"] if case else next(self.case_serials),
            "_order": at or self.period.day(15),
            "at": at,
            "sender": sender,
            "sender_unit": county.unit_of(sender) if sender else None,
            "user_id": self.staff.active_user(sender if sender in self.staff.offset else county.ENTRY_POINT, serial),
            "recipient": recipient,
            "recipient_unit": county.unit_of(recipient) if recipient else None,
            "purpose": purpose,
            "fields": fields,
            "grounds": list(county.GROUND_SETS[flow][0][0]),
            "channel": "sdk",
            "motivation": self.pen.sentences(flow)[serial % 2] if _needs_words(flow, facts.get("fields", fields)) else None,
            **facts,
        }
        self.rows["disclosures"].append(row)
        return row

    def again(self, row: Row, at: datetime, **facts: Any) -> Row:
        """The same disclosure once more at another time, under a number of its own."""
        copy = {**row, "_serial": next(self.disclosure_serials), "_order": at, "at": at, **facts}
        self.rows["disclosures"].append(copy)
        return copy

    def _parties(self, flow: str, case: Row | None) -> tuple[str, str | None]:
        """Who sends and who receives in a flow; the home municipality where the flow allows it and it is known."""
        home = (case or {}).get("home_municipality") or "0182"
        return {
            "report": (county.POLICE, county.ENTRY_POINT),
            "handover": (county.ENTRY_POINT, home),
            "assessment": (county.POLICE, county.ENTRY_POINT),
            "other_channel": (county.POLICE, county.ENTRY_POINT),
        }.get(flow, (county.ENTRY_POINT, county.POLICE))


_PLAIN = {
    "assessment": ("name", "person_id", "risk"),
    "request": ("name", "person_id", "concern"),
    "feedback": ("name", "person_id", "decision"),
    "prevention": ("name", "person_id", "risk"),
}


def _needs_words(flow: str, fields: list[str] | None) -> bool:
    """Whether an innocent disclosure of the flow has a motivation: its ground or one of its fields calls for one."""
    return county.GROUND_SETS[flow][0][1] or bool(county.SENSITIVE.intersection(fields or ()))
