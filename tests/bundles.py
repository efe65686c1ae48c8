"""Small adversarial bundles for a comparison from files to answers: few values, so that everything collides.

``bundles()`` draws them with hypothesis, ``seeded(seed)`` from a number alone; both from the same building blocks.
All persons are invented: birth numbers 980-999, the range of Skatteverket's published test numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from hypothesis import strategies as st

from tests.bundle_accesses import AccessBuilder
from tests.bundle_agreements import DAY, FOCUSES, Focus, Pick, draw_agreement, pick_from
from tests.bundle_forms import KINDS, LAW_TABLE, OPTIONAL, Drawn, Forms, read_rows, write
from tests.evaluator_words import Bundle, Row

__all__ = ["Drawn", "bundles", "seeded", "write"]

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
TIMES = [time(12), time(0), time(23, 59, 59), time(2, 30), time(12, 0, 1), time(23, 59, 59, 500000)]
CASE_IDS = ["C1", "C2", "C3", "C4", "C5", "C6", "C7", "C8"]
MUNICIPALITIES = ["0182", "0120", "0180", "0115", "0380"]
FOUND_IN = ["0180", "0182", "01", "0380", "03"]
CONCERNS = [["gang_crime"], ["gang_crime"], ["gang_crime", "okänd_oro"], ["violence"]]
USERS = ["u1", "u2", "u3"]
UNITS = ["socialjouren", "enhet_a", "enhet_b", "okänd_enhet"]
CHANNELS = ["sdk", "phone", "email", "okänd_kanal"]
PROTECTIONS = ["none", "none", "marked", "protected_registration", "assumed_identity"]
DECISIONS = ["opened", "not_opened", "already_open"]
UNREADABLE_TIMES = ["2026-02-30", "saknas", "2026-13-01 10:00:00"]


def person_number(born: date, serial: int, coordination: bool = False, wrong: bool = False) -> str:
    """A test person's number of twelve digits; ``coordination`` adds 60 to the day, ``wrong`` spoils the check digit."""
    digits = f"{born.year:04}{born.month:02}{born.day + (60 if coordination else 0):02}{serial:03}"
    total = 0
    for place, digit in enumerate(digits[2:]):
        product = int(digit) * (1 if place % 2 else 2)
        total += product // 10 + product % 10
    return digits + str((10 - total % 10 + (1 if wrong else 0)) % 10)


class Builder:
    """Draws the rows of one bundle, typed; broken cells (unreadable text, typed as None) stand in ``broken``.

    A ``calm`` bundle is mostly in order, so that a single fault decides an answer or a verdict.
    """

    def __init__(self, pick: Pick) -> None:
        self.pick = pick
        self.focus: Focus = pick.one_of(FOCUSES)
        self.calm = pick.chance(40)
        self.agreement = draw_agreement(pick, self.focus, self.calm)
        self.flows = {flow["id"]: flow for flow in self.agreement["flows"]}
        self.days = self.focus.days
        self.organisations = [self.agreement["counterpart"], *MUNICIPALITIES, *self.agreement.get("organisations", {})]
        self.cases: list[Row] = []
        self.disclosures: list[Row] = []
        self.broken: dict[int, dict[str, str]] = {}

    def maybe(self, value: Any, percent_missing: int = 10) -> Any:
        """The value, or None in so many cases of a hundred; seldom in a calm bundle where it is mostly there."""
        if self.calm and percent_missing < 50:
            percent_missing //= 8
        return None if self.pick.chance(percent_missing) else value

    def usual(self, items: Sequence[Any]) -> Any:
        """One of the items; in a calm bundle mostly the first."""
        return items[0] if self.calm and not self.pick.chance(5) else self.pick.one_of(items)

    def moment(self) -> datetime:
        return datetime.combine(self.pick.one_of(self.days), self.pick.one_of(TIMES))

    def near(self, moment: datetime | None, *steps: timedelta) -> datetime:
        """The moment and one of the steps, give or take a second; without a moment any."""
        if moment is None:
            return self.moment()
        return moment + self.pick.one_of(steps or (timedelta(0),)) + self.pick.one_of([0, 1, -1]) * SECOND

    def born(self) -> date:
        """A birth date whose 18th, 21st or 16th birthday falls on a day of interest, or beside it."""
        if self.calm and self.pick.chance(80):
            return date(2012, 5, 5)
        if self.pick.chance(15):
            return date(2008, 2, 29)
        day = self.pick.one_of([self.focus.first, self.focus.last, *self.days]) + self.pick.one_of([0, 1, -1, 40, 500]) * DAY
        return date(day.year - self.pick.one_of([18, 18, 21, 16]), day.month, min(day.day, 28) if day.month == 2 else day.day)

    def person(self) -> Row:
        """The subject: a birth date, a number of some kind, both, or neither."""
        born, serial, kind = self.born(), 980 + self.pick.number(0, 19), self.pick.number(0, 9)
        if kind <= 3:
            return {"birth_date": born, "person_id": None}
        if kind == 4:
            return {"birth_date": None, "person_id": None}
        number = person_number(born, serial, coordination=kind == 5, wrong=kind == 6)
        return {"birth_date": self.born() if kind == 7 else None, "person_id": number}

    def case(self, case_id: str) -> Row:
        pick, reported = self.pick, self.maybe(self.moment())
        return {
            "case_id": case_id,
            **self.person(),
            "related_person_ids": self.maybe([person_number(date(1980, 5, 5), 981)], 70),
            "home_municipality": self.maybe(pick.one_of(MUNICIPALITIES[:3] if self.calm else MUNICIPALITIES)),
            "registered_municipality": self.maybe(pick.one_of(MUNICIPALITIES[:2]), 20),
            "found_in": self.maybe(self.usual(FOUND_IN)),
            "concern": self.maybe(self.usual(CONCERNS)),
            "reporter": self.maybe(self.usual([self.agreement["counterpart"]] * 5 + self.organisations)),
            "reported_at": reported,
            "decided_at": self.maybe(self.near(reported, *(days * DAY for days in (0, 1, 13, 14, 15, 17))), 30),
            "decision": self.maybe(pick.one_of(DECISIONS), 25),
            "assessment_extended": self.maybe(pick.one_of([False, False, True]), 50),
            "closed_at": self.maybe(self.near(self.moment(), -14 * DAY, -DAY), 50),
            "protection": self.maybe(self.usual(PROTECTIONS), 20),
        }

    def holder(self, role: str, case: Row | None) -> str | None:
        """An organisation that may hold the role."""
        if role == "home_municipality":
            return case["home_municipality"] if case else "0182"
        return "0120" if role == "party" else self.agreement[role]

    def sides(self, flow: Row | None, case: Row | None, side: str) -> str | None:
        """Mostly someone who holds a role of the flow."""
        if flow is None or self.pick.chance(4 if self.calm else 25):
            return self.maybe(self.pick.one_of(self.organisations))
        roles = flow[side] if isinstance(flow[side], list) else [flow[side]]
        return self.holder(self.pick.one_of(roles), case)

    def listed(self, flow: Row | None, key: str, stray: list[str]) -> list[str] | None:
        """Some of what the flow lists, sometimes with something else; sometimes nothing."""
        every = list(self.agreement["fields"]) if key == "fields" else [row["ground"] for row in LAW_TABLE]
        listed = flow[key] if flow and flow[key] != "all" else every
        if self.calm and key == "grounds":
            first, last = self.focus.first.isoformat(), self.focus.last.isoformat()
            now = [row["ground"] for row in LAW_TABLE if row["valid_from"] <= first and (row["valid_to"] or last) >= last]
            listed = [ground for ground in listed if ground in now] or listed
        values = self.pick.some(listed, 3)
        if self.pick.chance(4 if self.calm else 30):
            values += self.pick.some([*stray, *every], 1)
        return self.maybe(sorted(set(values)), 6)

    def disclosed_at(self, case: Row | None) -> datetime:
        """Often a second beside a border that the case sets: report, decision, closing, and the spans after them."""
        if case is None or self.pick.chance(40):
            return datetime.combine(
                self.pick.one_of([*self.days[:2], self.focus.first, self.focus.last]), self.pick.one_of(TIMES)
            )
        steps = {"reported_at": (0, 24, 48), "decided_at": (0, 24 * 7), "closed_at": (24, 24 * 14, 36)}
        column = self.pick.one_of(list(steps))
        return self.near(case[column], *(hours * HOUR for hours in steps[column]))

    def disclosure(self, disclosure_id: str) -> Row:
        pick = self.pick
        case_id = self.maybe(pick.one_of([*([case["case_id"] for case in self.cases] * 3), "C1", "C2"]), 4)
        case_id = case_id if self.calm or not pick.chance(8) else "C9"
        case = next((case for case in self.cases if case["case_id"] == case_id), None)
        purpose = self.maybe(pick.one_of([*list(self.flows) * 3, *["feedback"] * 3, "unknown_flow"]), 4)
        flow, at = self.flows.get(purpose), self.disclosed_at(case)
        asked = pick.one_of([at, at - 7 * DAY, at - DAY, self.moment(), case["decided_at"] if case else None])
        return {
            "disclosure_id": disclosure_id,
            "case_id": case_id,
            "at": at,
            "sender": self.sides(flow, case, "from"),
            "sender_unit": self.maybe(self.usual(UNITS), 20),
            "user_id": self.maybe(pick.one_of(USERS), 8),
            "recipient": self.sides(flow, case, "to"),
            "recipient_unit": self.maybe(self.usual(UNITS), 20),
            "purpose": purpose,
            "fields": self.listed(flow, "fields", ["unknown_field", "okänt_fält"]),
            "grounds": self.listed(flow, "grounds", ["okänd_grund", "OSL 10:27", "2025:170 6 §", "avtalet"]),
            "channel": self.maybe(self.usual(CHANNELS)),
            "motivation": self.maybe("Behövs för skyddsbedömningen", 40),
            "requested_at": self.maybe(self.near(asked), 30 if purpose == "feedback" else 60),
        }

    def repeated(self, disclosure_id: str) -> Row:
        """A disclosure like an earlier one, about a duplicate window later."""
        row = dict(self.pick.one_of(self.disclosures))
        step = self.pick.one_of([timedelta(0), HOUR, DAY, 2 * DAY]) + self.pick.one_of([0, 1, -1]) * SECOND
        row.update(disclosure_id=disclosure_id, at=row["at"] + step)
        if self.pick.chance(20):
            row["fields"] = sorted({*(row["fields"] or []), "name"})
        return row

    def handover(self, disclosure_id: str, case: Row) -> Row:
        """A handover to the home municipality, a second beside its deadline."""
        row = self.disclosure(disclosure_id)
        row.update(case_id=case["case_id"], purpose="handover", recipient=case["home_municipality"])
        row["at"] = self.near(case["reported_at"], DAY, 2 * DAY, HOUR)
        return row

    def staff(self) -> Row:
        first = self.pick.one_of([date(2023, 1, 1), *self.days])
        return {
            "user_id": self.pick.one_of(USERS),
            "person_id": self.maybe(person_number(date(1985, 3, 3), 990), 60),
            "organisation": self.maybe(self.pick.one_of(["0180", "0180", "0182", *MUNICIPALITIES])),
            "unit": self.maybe(self.pick.one_of(UNITS)),
            "role": self.maybe("handläggare", 50),
            "valid_from": first,
            "valid_to": self.maybe(self.pick.one_of([*self.days, first]), 50),
            "shared": self.maybe(self.pick.one_of([False, True]), 50),
            "protected_access": self.maybe(self.pick.one_of([False, True]), 50),
        }

    def residence(self) -> Row:
        return {
            "case_id": self.pick.one_of([*CASE_IDS[:3], "C9"]),
            "municipality": self.maybe(self.pick.one_of(MUNICIPALITIES)),
            "valid_from": self.pick.one_of([date(2020, 1, 1), *self.days[:4]]),
            "valid_to": self.maybe(self.pick.one_of(self.days), 50),
        }

    def tables(self) -> dict[str, list[Row]]:
        """All rows as drawn, before anything in them is spoilt; a table that is not exported is left out."""
        pick = self.pick
        self.cases = [self.case(case_id) for case_id in CASE_IDS[: pick.number(0, 8)]]
        for number in range(1, pick.number(1, 12) + 1):
            disclosure_id, kind = f"D-{number:02}", pick.number(0, 9)
            if kind == 9 and self.cases:
                self.disclosures.append(self.handover(disclosure_id, pick.one_of(self.cases)))
            elif kind >= 7 and self.disclosures:
                self.disclosures.append(self.repeated(disclosure_id))
            else:
                self.disclosures.append(self.disclosure(disclosure_id))
        tables = {"cases": self.cases, "disclosures": self.disclosures}
        if not pick.chance(10):
            tables["staff"] = [self.staff() for _ in range(pick.number(0, 8))]
        if pick.chance(60):
            tables["residences"] = [self.residence() for _ in range(pick.number(0, 6))]
        return tables

    def spoil(self, tables: dict[str, list[Row]]) -> None:
        """Twice the same row, rows of one number that differ, keys and other cells that cannot be read."""
        pick = self.pick
        if self.calm and pick.chance(60):
            return
        for table, column, other in (("cases", "found_in", "0120"), ("disclosures", "channel", "in_person")):
            rows = tables[table]
            if rows and pick.chance(25):
                rows.append(dict(pick.one_of(rows)))
            if rows and pick.chance(20):
                rows.append({**pick.one_of(rows), column: other})
        for table, key in (
            ("cases", "case_id"),
            ("disclosures", "disclosure_id"),
            ("staff", "user_id"),
            ("residences", "case_id"),
        ):
            if tables.get(table) and pick.chance(10):
                tables[table].append({**pick.one_of(tables[table]), key: None})
        if pick.chance(10):
            self.unreadable(tables["disclosures"], self.disclosure("D-90"), "at")
        if tables.get("staff") and pick.chance(10):
            self.unreadable(tables["staff"], self.staff(), "valid_from")
        if tables.get("residences") and pick.chance(10):
            self.unreadable(tables["residences"], self.residence(), "valid_from")
        for row in self.cases[:8]:
            alone = sum(other["case_id"] == row["case_id"] for other in self.cases) == 1
            if alone and pick.chance(3):
                self.unreadable(None, row, pick.one_of(["reported_at", "decided_at", "closed_at", "birth_date"]))

    def unreadable(self, rows: list[Row] | None, row: Row, column: str) -> None:
        """The cell holds text that is no date; the row is added unless it stands there already."""
        row[column] = None
        self.broken[id(row)] = {column: self.pick.one_of(UNREADABLE_TIMES)}
        if rows is not None:
            rows.append(row)


def draw_headings(pick: Pick, table: str) -> list[str]:
    """The columns of a table's file: seldom one of those that may be left out is."""
    return [name for name in KINDS[table] if name not in OPTIONAL[table] or not pick.chance(4)]


def build(pick: Pick) -> Drawn:
    """One bundle: the export as text, and what must be read from it."""
    builder = Builder(pick)
    tables = builder.tables()
    builder.spoil(tables)
    forms = Forms(pick.number(0, 2**31), builder.agreement)
    headers = {table: draw_headings(pick, table) for table in tables}
    headers |= {table: draw_headings(pick, table) for table in AccessBuilder(builder).add(tables)}
    raw: dict[str, list[Row]] = {}
    standing: dict[str, list[Row]] = {}
    unreadable: dict[str, list[Row]] = {}
    for table, drawn in tables.items():
        rows = forms.shuffled(drawn)
        raw[table] = [
            {
                name: builder.broken.get(id(row), {}).get(name) or forms.cell(row[name], KINDS[table][name])
                for name in headers[table]
            }
            for row in rows
        ]
        standing[table], unreadable[table] = read_rows(table, [{name: row[name] for name in headers[table]} for row in rows])
    columns = {table: set(names) for table, names in headers.items()}
    period = (builder.focus.first, builder.focus.last)
    bundle = Bundle(standing, columns, unreadable, builder.agreement, LAW_TABLE, period)
    return Drawn(raw, headers, bundle, forms.pick.one_of([",", "|", ", ", ";"]))


@st.composite
def bundles(draw: st.DrawFn) -> Drawn:
    """Adversarial bundles, as a hypothesis strategy."""
    return build(Pick(lambda lowest, highest: draw(st.integers(lowest, highest))))


def seeded(seed: int) -> Drawn:
    """The bundle of that number, always the same."""
    return build(pick_from(seed))
