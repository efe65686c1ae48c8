"""The words of the independent reading of the checks (evaluator.py): truths, derived values, and look-ups in a bundle.

Plain Python, row by row, slow and obvious; it shares no code with the program.
A truth is True, False or None (None: the log does not say).
"""

from __future__ import annotations

import calendar
import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import holidays

Row = dict[str, Any]
Truth = bool | None


@dataclass
class Bundle:
    """An export that has been read: canonical typed rows, and what could not be read.

    ``tables`` and ``columns`` lack a table that was not exported; ``columns`` lacks a column that was not exported.
    ``unreadable`` holds the key columns of every quarantined row (of accesses also ``sequence`` and ``source``), None where
    one could not be read.
    ``agreement`` is the parsed file without defaults; ``grounds`` the law table; ``period`` first and last day, inclusive.
    """

    tables: dict[str, list[Row]]
    columns: dict[str, set[str]]
    unreadable: dict[str, list[Row]]
    agreement: dict[str, Any]
    grounds: list[Row]
    period: tuple[date, date]


# --- three-valued logic -----------------------------------------------------------------------------------------------


def negate(truth: Truth) -> Truth:
    """NOT: None stays None."""
    return None if truth is None else not truth


def all_of(*truths: Truth) -> Truth:
    """AND: one False is enough for False; else one None makes None."""
    if any(truth is False for truth in truths):
        return False
    return None if any(truth is None for truth in truths) else True


def any_of(*truths: Truth) -> Truth:
    """OR: one True is enough for True; else one None makes None."""
    if any(truth is True for truth in truths):
        return True
    return None if any(truth is None for truth in truths) else False


def same(left: Any, right: Any) -> Truth:
    """Equality; a comparison with None is None."""
    return None if left is None or right is None else left == right


def within_list(value: Any, values: Iterable[Any] | None) -> Truth:
    """Whether the value stands in the list; None where either is."""
    return None if value is None or values is None else value in values


# --- what the agreement and the law table say -------------------------------------------------------------------------

DEFAULTS: dict[str, Any] = {
    "organisations": {"police-roc": {"name": "Polismyndigheten (ROC)", "kind": "police", "aliases": ["ROC", "Polisen"]}},
    "units": {},
    "categories": {"sensitive": ["health", "crime"], "location": ["location", "contact"], "identity": ["identity"]},
    "channels": None,
    "duplicate_window": "24h",
    "assessment_days": 14,
    "closing_grace": "14d",
    "access": {},
    "checks_off": [],
}
ACCESS_DEFAULTS: dict[str, Any] = {
    "duty_units": [{"organisation": "0180", "unit": "socialjouren"}],
    "duty_window": "72h",
    "reason_required": ["emergency", "export", "print"],
    "export_window": "24h",
    "max_silence": {"default": "12h", "kontorstid": "80h"},
    "volume_factor": 6,
    "service_accounts": [],
}
FLOW_DEFAULTS: dict[str, Any] = {
    "target_group": "required",
    "scope": "agreement",
    "protected_location": False,
    "deadline": None,
}


def duration(text: str) -> timedelta:
    """'24h' or '14d'; a day is exactly 24 hours."""
    number = int(text[:-1])
    return timedelta(hours=number if text[-1] == "h" else 24 * number)


def as_list(value: Any) -> list[Any]:
    """A role alone is a list of one."""
    return list(value) if isinstance(value, list) else [value]


def law_row(row: Row) -> Row:
    """A row of the law table with dates, a number and truths in place of text; an empty cell is None."""

    def day(value: Any) -> date | None:
        return date.fromisoformat(value) if isinstance(value, str) and value else value or None

    return {
        "valid_from": day(row["valid_from"]),
        "valid_to": day(row["valid_to"]),
        "max_age": int(row["max_age"]) if row["max_age"] else None,
        "requires": row["requires"] or None,
        "needs_motivation": str(row["needs_motivation"]).lower() == "true",
        "legal_review": str(row["legal_review"]).lower() == "true",
        "excluded_for": row["excluded_for"] or None,
    }


def read_law_table(path: Path) -> list[Row]:
    """The rows of a law table in CSV, as text."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def contains(start: date | None, end: date | None, day: date) -> bool:
    """Whether the day lies in the period, both ends included; an open end never fails."""
    return (start is None or start <= day) and (end is None or day <= end)


def in_periods(periods: list[Row], day: date) -> Truth:
    """True when a confirmed period contains the day, else None when an unconfirmed one does, else False."""
    statuses = {
        period.get("status", "confirmed")
        for period in periods
        if contains(period.get("valid_from"), period.get("valid_to"), day)
    }
    return True if "confirmed" in statuses else None if statuses else False


# --- derived values ---------------------------------------------------------------------------------------------------


def derived_birth_date(person_id: str | None) -> date | None:
    """The birth date in a valid personnummer or samordningsnummer (day plus 60) of twelve digits, else None."""
    if person_id is None or not re.fullmatch("[0-9]{12}", person_id):
        return None
    total = 0
    for place, digit in enumerate(person_id[2:]):
        product = int(digit) * (2 if place % 2 == 0 else 1)
        total += product - 9 if product > 9 else product
    year, month, day = int(person_id[:4]), int(person_id[4:6]), int(person_id[6:8])
    try:
        born = date(year, month, day - 60 if day > 60 else day)
    except ValueError:
        return None
    return born if total % 10 == 0 else None


def reached(case: Row, age: int, day: date) -> Truth:
    """Whether the subject has turned that age. 29 February falls on 28 February in a common year (lag 1930:173, 1 §).

    A number's day may be a nearby one (folkbokföringslagen 18 §), so a derived birth date says nothing within the month.
    """
    born = case.get("birth_date")
    if born is not None:
        last_of_month = calendar.monthrange(born.year + age, born.month)[1]
        return day >= date(born.year + age, born.month, min(born.day, last_of_month))
    born = derived_birth_date(case.get("person_id"))
    if born is None:
        return None
    month_of_birthday, month = (born.year + age, born.month), (day.year, day.month)
    return None if month == month_of_birthday else month > month_of_birthday


@cache
def public_holidays(year: int) -> set[date]:
    """The public holidays of Sweden in the year."""
    return set(holidays.country_holidays("SE", years=year))


def is_working_day(day: date) -> bool:
    """No Saturday, Sunday, public holiday, midsommarafton, julafton or nyårsafton (lag 1930:173, 2 §)."""
    midsummer_eve = day.month == 6 and 19 <= day.day <= 25 and day.weekday() == 4
    eve = midsummer_eve or (day.month, day.day) in {(12, 24), (12, 31)}
    return day.weekday() < 5 and not eve and day not in public_holidays(day.year)


def due_day(reported: date, days: int) -> date:
    """The day so many days later, moved to the next working day."""
    day = reported + timedelta(days=days)
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def is_municipality(organisation: str | None) -> Truth:
    """A municipality code is four digits."""
    return None if organisation is None else re.fullmatch("[0-9]{4}", organisation) is not None


class Log:
    """The bundle with the agreement's defaults, and the look-ups the checks are written in."""

    def __init__(self, bundle: Bundle) -> None:
        self.bundle = bundle
        self.agreement = {**DEFAULTS, **bundle.agreement}
        self.target = self.agreement["target_group"]
        self.access = {**ACCESS_DEFAULTS, **self.agreement["access"]}
        self.flows = {flow["id"]: {**FLOW_DEFAULTS, **flow} for flow in self.agreement["flows"]}
        for flow in self.flows.values():
            flow["from"], flow["to"] = as_list(flow["from"]), as_list(flow["to"])
            flow["fields"] = list(self.agreement["fields"]) if flow["fields"] == "all" else flow["fields"]
        self.law = {row["ground"]: law_row(row) for row in bundle.grounds}
        self._alike: dict[tuple[str, ...], dict[tuple[Any, ...], list[Row]]] = {}
        self._spans: dict[str, tuple[datetime, datetime]] = {}

    def rows(self, table: str) -> list[Row]:
        """The rows that were read; none when the table was not exported."""
        return self.bundle.tables.get(table, [])

    def with_values(self, table: str, **values: Any) -> list[Row]:
        """The rows that hold all these values; a value of None is in no row."""
        columns = tuple(values)
        if None in values.values():
            return []
        if (table, *columns) not in self._alike:
            alike = self._alike[table, *columns] = {}
            for row in self.rows(table):
                alike.setdefault(tuple(row.get(column) for column in columns), []).append(row)
        return self._alike[table, *columns].get(tuple(values.values()), [])

    def perhaps_unread(self, table: str, column: str, value: str) -> bool:
        """Whether a quarantined row may be the one looked for: its key is this one or could not be read."""
        return any(row.get(column) is None or row[column] == value for row in self.bundle.unreadable.get(table, []))

    def case(self, case_id: str | None) -> Row:
        """The row of cases; without one everything read from it is None."""
        return next(iter(self.with_values("cases", case_id=case_id)), {})

    def case_known(self, case_id: str | None) -> Truth:
        """Whether cases has the row; None when a row that could not be read may be it; a missing number is never known."""
        if case_id is None:
            return False
        if self.case(case_id):
            return True
        return None if self.perhaps_unread("cases", "case_id", case_id) else False

    def home(self, case: Row, moment: datetime | None) -> str | None:
        """C.home_municipality at the moment: of the residence row that contains the day, else of the case."""
        residences = self.with_values("residences", case_id=case.get("case_id"))
        if not residences:
            return case.get("home_municipality")
        if moment is None:
            return None
        there = [row for row in residences if contains(row["valid_from"], row.get("valid_to"), moment.date())]
        if not there:
            return None
        latest = max(row["valid_from"] for row in there)
        codes = [row["municipality"] for row in there if row["valid_from"] == latest and row.get("municipality") is not None]
        return max(codes, default=None)

    def is_party(self, municipality: str | None, moment: datetime | None) -> Truth:
        """Whether a party period of the municipality contains the local date."""
        if municipality is None or moment is None:
            return None
        periods = [party for party in self.agreement["parties"] if party["municipality"] == municipality]
        return in_periods(periods, moment.date())

    def holds_role(self, organisation: str | None, role: str, case: Row, moment: datetime) -> Truth:
        """Whether the organisation holds the role at the moment."""
        if organisation is None:
            return None
        if role == "party":
            return self.is_party(organisation, moment)
        if role == "home_municipality":
            now, at_report = self.home(case, moment), self.home(case, case.get("reported_at"))
            return any_of(same(organisation, now), same(organisation, at_report))
        return organisation == self.agreement[role]

    def matches(self, organisation: str | None, roles: list[str] | None, case: Row, moment: datetime) -> Truth:
        """Whether the organisation holds one of the roles; None without a flow."""
        if roles is None:
            return None
        return any_of(*(self.holds_role(organisation, role, case, moment) for role in roles))

    def kind(self, organisation: str | None) -> str | None:
        """The kind of an organisation; a municipality is social services."""
        if is_municipality(organisation):
            return "social_services"
        return self.agreement["organisations"].get(organisation, {}).get("kind")

    def covers(self, staff: Row, moment: datetime) -> bool:
        """Whether the authorisation covers the local date; an empty last day is open."""
        return contains(staff["valid_from"], staff.get("valid_to"), moment.date())

    def in_agreement(self, day: date) -> Truth:
        """Whether a period of the agreement contains the day."""
        return in_periods(self.agreement["periods"], day)

    def in_period(self, day: date) -> bool:
        """Whether the day lies in the audit period."""
        return contains(*self.bundle.period, day)

    @property
    def period(self) -> tuple[datetime, datetime]:
        """The first moment of the audit period, and the first one after it."""
        first, last = self.bundle.period
        return datetime.combine(first, time()), datetime.combine(last + timedelta(days=1), time())

    def span(self, table: str) -> tuple[datetime, datetime]:
        """From the earlier of the period's start and the table's first `at`, to the later of the period's end and its last."""
        if table not in self._spans:
            moments = [row["at"] for row in self.rows(table)]
            self._spans[table] = min([self.period[0], *moments]), max([self.period[1], *moments])
        return self._spans[table]


class Disclosure:
    """A row of disclosures with its case and its flow, and the words about fields and grounds."""

    def __init__(self, log: Log, row: Row) -> None:
        self.log, self.row = log, row
        self.at: datetime = row["at"]
        self.case = log.case(row.get("case_id"))
        self.case_known = log.case_known(row.get("case_id"))
        self.flow: Row = log.flows.get(row.get("purpose"), {})  # without a flow everything read from it is None
        self.grounds: list[str] | None = row.get("grounds") or None
        self.fields: list[str] | None = row.get("fields") or None

    def __getitem__(self, column: str) -> Any:
        return self.row.get(column)

    def some_field_in(self, *groups: str) -> Truth:
        """Whether some of the fields has a category in one of the agreement's groups; an unknown field has none."""
        if self.fields is None:
            return None
        catalogue, grouped = self.log.agreement["fields"], self.log.agreement["categories"]
        wanted = [category for group in groups for category in grouped.get(group, [])]
        return any(field in catalogue and catalogue[field]["category"] in wanted for field in self.fields)

    def known_grounds(self) -> list[Row]:
        """The recorded grounds that stand in the law table, with their rows."""
        return [{"ground": ground, **self.log.law[ground]} for ground in self.grounds or [] if ground in self.log.law]

    def some_ground_unknown(self) -> bool:
        """Whether a recorded ground is not in the law table."""
        return any(ground not in self.log.law for ground in self.grounds or [])

    def in_force(self, ground: Row) -> bool:
        """In force on the local date."""
        return contains(ground["valid_from"], ground["valid_to"], self.at.date())

    def excluded(self, ground: Row) -> bool:
        """It never breaks secrecy for a sender of this kind; without a sender it is not excluded."""
        return ground["excluded_for"] is not None and ground["excluded_for"] == self.log.kind(self["sender"])

    def usable_grounds(self) -> list[Row]:
        """Known, in the flow's list, in force and not excluded; none without a flow."""
        listed = self.flow.get("grounds", [])
        known = [ground for ground in self.known_grounds() if ground["ground"] in listed]
        return [ground for ground in known if self.in_force(ground) and not self.excluded(ground)]

    def no_usable_ground(self) -> Truth:
        """None without a flow, and when none is usable but some ground is unknown."""
        if not self.flow:
            return None
        if self.usable_grounds():
            return False
        return None if self.some_ground_unknown() else True

    def holds(self, ground: Row) -> Truth:
        """No age limit or younger, AND nothing required or that is met."""
        age, requires = ground["max_age"], ground["requires"]
        young_enough = True if age is None else negate(reached(self.case, age, self.at.date()))
        return all_of(young_enough, True if requires is None else self.met(requires))

    def met(self, requires: str) -> Truth:
        """'decided': a decision by t, or already open; 'opened': an enquiry opened by t, or already open."""
        if not self.case:
            return None
        decision, decided_at = self.case.get("decision"), self.case.get("decided_at")
        decided = decided_at is not None and decided_at <= self.at
        return decision == "already_open" or (decided if requires == "decided" else decided and decision == "opened")
