"""Adversarial access logs for a drawn bundle: a second beside every border, with all that an export may lack.

They are drawn after everything else in the bundle, and made of its cases, disclosures and staff.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from tests.bundle_agreements import DAY
from tests.evaluator_words import Row

if TYPE_CHECKING:
    from tests.bundles import Builder

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
USERS = ["u1", "u2", "u3", "u1", "u2", "U1"]
ACTIONS = ["read", "read", "search", "print", "search", "export", "write", "emergency", "sign", "delete"]
SOURCES = ["jour", "jour", "kontorstid"]
EMPLOYEE = "198503039906"
UNREADABLE_MOMENTS = ["2026-10-06", "2026-02-30 10:00:00", "saknas"]
UNREADABLE_NUMBERS = ["ett", "99999999999999999999", "12 a"]
DUTY_UNITS = [{"organisation": "0180", "unit": "socialjouren"}, {"organisation": "0182", "unit": "enhet_a"}]
RULES: dict[str, list[Any]] = {
    "duty_units": [DUTY_UNITS[:1], DUTY_UNITS, []],
    "duty_window": ["72h", "24h", "1h"],
    "reason_required": [["emergency", "export", "print"], ["read"], ["search", "emergency"]],
    "export_window": ["24h", "1h", "2d"],
    "max_silence": ["12h", "9d", {"default": "80h"}, {"default": "15d", "jour": "36h"}, {"kontorstid": "20d"}],
    "volume_factor": [6, 1, 0, 2],
    "service_accounts": [[], ["u3"], ["robot", "u1"]],
}
CHECKS = ["A1", "A2", "A6", "A9", "A12", "A15", "L1", "L5"]


class AccessBuilder:
    """Draws the accesses and assignments of a bundle, and what its agreement, staff and cases say about them."""

    def __init__(self, builder: Builder) -> None:
        self.builder, self.pick, self.maybe = builder, builder.pick, builder.maybe
        self.near, self.moment = builder.near, builder.moment
        self.start = datetime.combine(builder.focus.first, time())
        self.end = datetime.combine(builder.focus.last + DAY, time())
        self.assignments: list[Row] = []
        self.accesses: list[Row] = []

    def add(self, tables: dict[str, list[Row]]) -> list[str]:
        """Adds the tables that are exported, and changes the others to go with them; returns the names of the new ones."""
        pick = self.pick
        self.rules()
        if "staff" in tables:
            tables["staff"] += [self.colleague() for _ in range(pick.number(0, 4))]
        self.relatives()
        self.assignments = [self.assignment() for _ in range(pick.number(0, 6))]
        for _ in range(pick.number(0, 12)):
            self.accesses.append(self.event())
        if pick.chance(30):
            self.busy_day()
        self.count()
        self.spoil()
        added = {"accesses": self.accesses, "assignments": self.assignments}
        exported = {name: rows for name, rows in added.items() if not pick.chance(12)}
        tables.update(exported)
        return list(exported)

    def rules(self) -> None:
        """The agreement's rules for the access log, some of them left out; seldom a check is off."""
        agreement = self.builder.agreement
        if self.pick.chance(80):
            agreement["access"] = {key: self.pick.one_of(values) for key, values in RULES.items() if not self.pick.chance(30)}
        if self.pick.chance(8):
            off = {"check": self.pick.one_of(CHECKS), "reason": "granskas i annat system"}
            agreement["checks_off"] = [*agreement.get("checks_off", []), off]

    def colleague(self) -> Row:
        """An authorisation that mostly covers the period, of somebody who may be in a case."""
        pick = self.pick
        row = self.builder.staff()
        row.update(
            user_id=pick.one_of(USERS),
            person_id=self.maybe(pick.one_of([EMPLOYEE, *[case["person_id"] for case in self.builder.cases]]), 25),
            unit=self.maybe(pick.one_of(["socialjouren", "enhet_a"])),
        )
        if pick.chance(75):
            row.update(
                valid_from=date(2023, 1, 1), valid_to=pick.one_of([None, None, self.builder.focus.last, *self.builder.days])
            )
        return row

    def relatives(self) -> None:
        """Employees are in the cases of some: the same in every row of a case."""
        for case_id in sorted({case["case_id"] for case in self.builder.cases if case["case_id"] is not None}):
            if self.pick.chance(30):
                for case in self.builder.cases:
                    if case["case_id"] == case_id:
                        case["related_person_ids"] = sorted({*(case["related_person_ids"] or []), EMPLOYEE})

    def a_case(self) -> Row | None:
        """One of the cases of the bundle."""
        return self.pick.one_of(self.builder.cases) if self.builder.cases else None

    def assignment(self) -> Row:
        case = self.a_case()
        begins = self.near(case["reported_at"]) if case and self.pick.chance(60) else self.moment()
        return {
            "case_id": case["case_id"] if case and not self.pick.chance(10) else "C9",
            "user_id": self.pick.one_of(USERS),
            "valid_from": begins,
            "valid_to": self.maybe(self.near(self.moment(), timedelta(0), -DAY, -14 * DAY), 50),
        }

    def event(self) -> Row:
        """An access, at any moment or a second beside a border that something else sets."""
        pick, case = self.pick, self.a_case()
        row = {
            "event_id": f"E-{len(self.accesses) + 1:02}",
            "at": self.moment(),
            "user_id": self.maybe(pick.one_of(USERS), 8),
            "case_id": self.maybe(case["case_id"] if case and not pick.chance(8) else "C9", 6),
            "action": self.maybe(pick.one_of(ACTIONS), 6),
            "section": self.maybe("journal", 50),
            "reason": self.maybe("Handläggning", 50),
            "workstation": self.maybe(pick.one_of(["w1", "w2", "w1"]), 20),
            "sequence": None,
            "source": self.maybe(pick.one_of(SOURCES), 15),
        }
        kinds = (self.at_an_edge, self.beside_case, self.beside_disclosure, self.beside_assignment, self.beside_event)
        if not pick.chance(20):
            row.update(pick.one_of(kinds)())
        return row

    def at_an_edge(self) -> Row:
        """At the ends of the period, or a window away from them."""
        steps = (timedelta(0), HOUR, DAY, 2 * DAY, 30 * MINUTE, 12 * HOUR)
        step = self.pick.one_of(steps)
        moment = self.pick.one_of([self.start, self.start + step, self.end - step, self.end])
        return {"at": self.near(moment), "action": self.pick.one_of(ACTIONS[2:5])}

    def beside_case(self) -> Row:
        """Where the duty window or the grace after closing ends, or at the report."""
        case = self.a_case()
        if case is None:
            return {}
        hours = {"reported_at": (0, 72, 24, 1), "closed_at": (24, 24 * 14, 36)}
        column = self.pick.one_of(list(hours))
        return {"case_id": case["case_id"], "at": self.near(case[column], *(number * HOUR for number in hours[column]))}

    def beside_disclosure(self) -> Row:
        """By the same user in the same case, a window before or after a disclosure."""
        rows = [row for row in self.builder.disclosures if row["at"] is not None]
        if not rows:
            return {}
        row = self.pick.one_of(rows)
        at = self.near(row["at"], *(sign * step for sign in (-1, 1) for step in (MINUTE, DAY, HOUR, 2 * DAY)))
        action = self.pick.one_of(["print", "export", "read", "search"])
        return {"user_id": row["user_id"], "case_id": row["case_id"], "at": at, "action": action}

    def beside_assignment(self) -> Row:
        """By the user in the case, where an assignment begins or its grace ends."""
        if not self.assignments:
            return {}
        row = self.pick.one_of(self.assignments)
        at = self.near(row["valid_from"])
        if row["valid_to"] is not None and self.pick.chance(60):
            at = self.near(row["valid_to"], 14 * DAY, DAY, 36 * HOUR)
        return {"user_id": row["user_id"], "case_id": row["case_id"], "at": at}

    def beside_event(self) -> Row:
        """By the same user, mostly in the same case: minutes after or before, or somewhere else at once."""
        if not self.accesses:
            return {}
        row = self.pick.one_of(self.accesses)
        at = self.near(row["at"], 30 * MINUTE, 5 * MINUTE, -5 * MINUTE, timedelta(0))
        kept = {name: row[name] for name in ("user_id", "case_id", "source")}
        return kept if self.pick.chance(5) else {**kept, "at": at}

    def busy_day(self) -> None:
        """One user opens many cases on a day."""
        user, day = self.pick.one_of(USERS), self.pick.one_of([self.builder.focus.first, *self.builder.days[:2]])
        for number in range(1, self.pick.number(2, 9)):
            at = datetime.combine(day, time(8 + number))
            self.accesses.append({**self.event(), "user_id": user, "at": at, "case_id": f"C{number}"})

    def count(self) -> None:
        """The log's own numbers by source: in order, with gaps, with repeats, from the start again, or not readable."""
        number = {source: self.pick.one_of([1, 0, 98, 2_000_000_000]) for source in (None, *SOURCES)}
        for row in sorted(self.accesses, key=lambda row: (row["at"], row["event_id"])):
            source = row["source"]
            if self.pick.chance(8):
                continue
            if self.pick.chance(4):
                self.builder.broken[id(row)] = {"sequence": self.pick.one_of(UNREADABLE_NUMBERS)}
                continue
            row["sequence"] = number[source]
            number[source] += self.pick.one_of([1, 1, 1, 1, 1, 2, 0, 5])
            if self.pick.chance(4):
                number[source] = 1

    def spoil(self) -> None:
        """Twice the same event, ids on two events, keys and moments that cannot be read."""
        pick, accesses = self.pick, self.accesses
        if self.builder.calm and pick.chance(60):
            return
        if accesses and pick.chance(30):
            accesses.append(dict(pick.one_of(accesses)))
        if accesses and pick.chance(30):
            other = pick.one_of([{"section": "beslut"}, {"at": self.moment()}, {"user_id": "u2", "case_id": "C1"}])
            accesses.append({**pick.one_of(accesses), **other})
        if accesses and pick.chance(15):
            accesses.append({**pick.one_of(accesses), "event_id": None})
        if pick.chance(20):
            row = {**self.event(), "event_id": "E-90", "at": None, "sequence": pick.one_of([3, 4, None])}
            self.builder.broken[id(row)] = {"at": pick.one_of(UNREADABLE_MOMENTS)}
            accesses.append(row)
        if pick.chance(15):
            key = pick.one_of(["case_id", "user_id", "valid_from"])
            row = {**self.assignment(), key: None}
            if key == "valid_from":
                self.builder.broken[id(row)] = {key: pick.one_of(UNREADABLE_MOMENTS[1:])}
            self.assignments.append(row)
