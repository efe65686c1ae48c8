"""How a story about the access log is told: it hires somebody, lets them open cases that are there already, and says which
answer each check should give.

Cases and disclosures are those of the month; a story adds none, so that the month is the same with and without an access log.
Everyone in a story is hired for it, and is innocent but for what the story says: authorised, without clearance for protected
cases, in office hours at a desk of their own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from . import county, people
from .period import Period, is_weekend
from .story import VIOLATION, Expected

Row = dict[str, Any]
AccessPlanter = Callable[["AccessStory"], None]

#: Every planter of accesses in the order of its definition.
ACCESS_PLANTERS: list[AccessPlanter] = []

#: So many bulk cases and disclosures at most are looked through for a story.
_LOOKED_THROUGH = 4_000
_FIRST_PLANTED = 10**9


def access_planter(function: AccessPlanter) -> AccessPlanter:
    """Register a planter of accesses. Its docstring tells the story."""
    ACCESS_PLANTERS.append(function)
    return function


class NoSuchCase(Exception):
    """The month has no case that the story could be told of."""


@dataclass
class PlantedLog:
    """Planted accesses, and what goes with them: authorisations, assignments, disclosures that leave no trace in the log
    (``without_trace``), and cases that only the story opens (``left_alone``)."""

    rows: list[Row] = field(default_factory=list)
    staff: list[Row] = field(default_factory=list)
    assignments: list[Row] = field(default_factory=list)
    expected: list[Expected] = field(default_factory=list)
    without_trace: list[str] = field(default_factory=list)
    left_alone: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    def keep(self, sizes: tuple[int, ...]) -> None:
        """Forget what was added after these sizes."""
        for rows, size in zip(self._parts(), sizes, strict=True):
            del rows[size:]

    def sizes(self) -> tuple[int, ...]:
        """How many rows of each kind there are."""
        return tuple(len(rows) for rows in self._parts())

    def _parts(self) -> tuple[list[Any], ...]:
        return self.rows, self.staff, self.assignments, self.expected, self.without_trace, self.left_alone


class AccessStory:
    """Tells the stories about the access log of a finished month (``tables`` have their numbers)."""

    def __init__(self, period: Period, tables: dict[str, pa.Table]) -> None:
        self.period, self.log, self.tables = period, PlantedLog(), tables
        self.cases = _some_rows(tables["cases"])
        self.disclosures = _some_rows(tables["disclosures"])
        self.moved = set(tables["residences"].column("case_id").to_pylist())
        homes = Counter(case["home_municipality"] for case in self.cases if case["_serial"] < _FIRST_PLANTED)
        self.homes = [code for code, _ in homes.most_common() if code in county.CONFIRMED and code != county.ENTRY_POINT]
        self._used: set[str] = set()
        self._hired = 0
        self.telling = ""

    def tell(self, planter: AccessPlanter) -> None:
        """Run a planter. A story that finds no case to be told of is left out."""
        self.telling = planter.__name__
        sizes = self.log.sizes()
        try:
            planter(self)
        except NoSuchCase:
            self.log.keep(sizes)
            self.log.left_out.append(self.telling)

    # -- what is there already ---------------------------------------------------------------------------------------

    def case(self, where: Callable[[Row], bool] = lambda case: True) -> Row:
        """A case that no other story tells of: open, unprotected, reported before the month, at home in a municipality."""

        def fits(case: Row) -> bool:
            reported = case["reported_at"]
            quiet = case["protection"] == "none" and case["closed_at"] is None and case["person_id"] is not None
            at_home = case["home_municipality"] in self.homes
            return quiet and at_home and reported is not None and reported < self.period.start and where(case)

        return self.any_case(fits)

    def any_case(self, where: Callable[[Row], bool]) -> Row:
        """A bulk case, of whatever kind, that no other story tells of."""
        return self._first([case for case in self.cases if case["_serial"] < _FIRST_PLANTED and where(case)])

    def family_case(self) -> Row:
        """A case with relatives, which only the story opens: whoever worked on it would open a colleague's record."""
        case = self.case(lambda case: case["related_person_ids"])
        self.log.left_alone.append(case["case_id"])
        return case

    def told_case(self, where: Callable[[Row], bool]) -> Row:
        """A case of another story, for what no bulk case has."""
        return self._first([case for case in self.cases if case["_serial"] >= _FIRST_PLANTED and where(case)])

    def _first(self, cases: list[Row]) -> Row:
        for case in cases:
            if case["case_id"] is not None and case["case_id"] not in self._used:
                self._used.add(case["case_id"])
                return case
        raise NoSuchCase

    def disclosure(self, where: Callable[[Row], bool]) -> Row:
        """A bulk disclosure of the month with a user and a case."""
        first, last = self.period.start + timedelta(days=2), self.period.end - timedelta(days=3)
        for row in self.disclosures:
            whole = row["_serial"] is not None and row["_serial"] < _FIRST_PLANTED and row["at"] and row["user_id"]
            if whole and first <= row["at"] < last and where(row):
                return row
        raise NoSuchCase

    def rows_alike(self, table: str, row: Row) -> int:
        """How many rows of a table name the row's case and user."""
        columns = (self.tables[table].column(name) for name in ("case_id", "user_id"))
        case, user = (pc.equal(column, row[name]) for column, name in zip(columns, ("case_id", "user_id"), strict=True))
        return int(pc.sum(pc.and_(case, user)).as_py() or 0)

    def workday(self, number: int, hour: int = 10, minute: int = 0, second: int = 0) -> datetime:
        """A moment on the so-many-th weekday of the month."""
        days = np.arange(np.datetime64(self.period.start, "D"), np.datetime64(self.period.end, "D"))
        day = days[~is_weekend(days)][number - 1].item()
        return datetime(day.year, day.month, day.day, hour, minute, second)

    # -- what the story adds -----------------------------------------------------------------------------------------

    def hire(self, organisation: str | Row, **facts: Any) -> str:
        """A new employee of the organisation, or of a case's home, with an authorisation; returns the user id."""
        self._hired += 1
        organisation = organisation if isinstance(organisation, str) else organisation["home_municipality"]
        born = np.array([date(1955, 1 + self._hired % 12, 1 + self._hired % 28)], dtype="datetime64[D]")
        row = {
            "user_id": f"{county.STEMS[organisation]}-a{self._hired:02}",
            "person_id": str(people.personal_numbers(born, np.array([people.FIRST_BIRTH_NUMBER]))[0]),
            "organisation": organisation,
            "unit": county.unit_of(organisation),
            "role": "socialsekreterare",
            "valid_from": self.period.day(-400).date(),
            "valid_to": None,
            "shared": False,
            "protected_access": False,
            **facts,
        }
        self.log.staff.append(row)
        return str(row["user_id"])

    def assign(self, case: Row, user: str, since: datetime | None = None, until: datetime | None = None) -> None:
        """The user works on the case, from three days before the month unless the story says otherwise."""
        begins = since or self.period.day(-3, 8)
        row = {"_order": begins, "case_id": case["case_id"], "user_id": user, "valid_from": begins, "valid_to": until}
        self.log.assignments.append(row)

    def open(self, user: str | None, case: Row | str | None, at: datetime, action: str | None = "read", **facts: Any) -> Row:
        """An event in the log; ``case`` is a row of cases or a number."""
        desk = sum(ord(letter) for letter in user or "?") % 90 + (int(user[-2:]) if user and user[-2:].isdigit() else 0)
        row = {
            "_serial": len(self.log.rows),
            "_order": at,
            "_raw": None,
            "at": at,
            "user_id": user,
            "case_id": case["case_id"] if isinstance(case, dict) else case,
            "action": action,
            "section": "journal",
            "reason": None,
            "workstation": f"AD-7{desk:04}",
            "source": "jour" if user and user.startswith(county.STEMS[county.ENTRY_POINT]) else "kontorstid",
            "echo": None,
            "same_id_as": None,
            "nameless": False,
            "timeless": False,
            **facts,
        }
        self.log.rows.append(row)
        return row

    def expect(self, row: Row, **answers: str) -> None:
        """Note that each check (``A2=VIOLATION``) gives this answer about a planted access."""
        for check, answer in answers.items():
            self.log.expected.append(Expected(self.telling, check, answer, "accesses", row["_serial"]))

    def expect_of(self, entity_type: str, entity: str, **answers: str) -> None:
        """The same about a ``user_day``, a ``disclosure``, or a place in the ``log``."""
        for check, answer in answers.items():
            self.log.expected.append(Expected(self.telling, check, answer, entity_type, place=entity))

    def expect_in_log(self, check: str, table: str, column: str = "") -> None:
        """Note that a check of the log itself finds something in a table, or in one of its columns."""
        self.expect_of("log", f"{table}.{column}" if column else table, **{check: VIOLATION})


def _some_rows(table: pa.Table) -> list[Row]:
    """All planted rows, and bulk rows spread over the table."""
    planted = pc.fill_null(pc.greater_equal(table.column("_serial"), _FIRST_PLANTED), True).to_numpy()
    bulk, told = np.flatnonzero(~planted), np.flatnonzero(planted)
    every = max(1, -(-len(bulk) // _LOOKED_THROUGH))
    return [*table.take(bulk[::every]).to_pylist(), *table.take(told).to_pylist()]


def tell_of_accesses(period: Period, tables: dict[str, pa.Table]) -> PlantedLog:
    """Run every planter of accesses on a finished month."""
    story = AccessStory(period, tables)
    for planter in ACCESS_PLANTERS:
        story.tell(planter)
    return story.log
