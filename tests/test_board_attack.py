"""An attack on the reports to the board: whoever holds them all, and one municipality's own report, learns no small number.

The attacker is an integer program over the count of every check and verdict in every month. It shares no code with the
suppression. What it knows: every number given out, in every report; that a number left out is not 0 where no sum above it is
left out; that as many disclosures are outside as violate any one scope check, and no more than all these violations; and what
concerns one municipality, exactly. What is left of a number when that is taken away must be able to be each of 1 to 4, if it
is one of them.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix, vstack

from auditor.checks import CATALOGUE
from tests.board_months import PARTIES, SCOPE, VERDICTS, Tallies, add, document, names, random_month, report

SMALL = (1, 2, 3, 4)
WAYS = ("children", "users", "either")
Part = dict[tuple[str, str], int]


@dataclass(frozen=True)
class Number:
    """A number of a report: what it sums, and its value as given out (None: left out)."""

    name: str
    items: frozenset[str]
    months: frozenset[str]
    given: int | None
    not_zero: bool = False

    def holds(self, other: Number) -> bool:
        """Whether this is a sum that the other is part of."""
        same = self.items == other.items and self.months == other.months
        return self.items >= other.items and self.months >= other.months and not same


def numbers(told: dict[str, Any]) -> Iterator[Number]:
    """Every number of a report, read from namnd.json alone."""
    checks = {row["check"]: row["family"] for row in told["checks"]["rows"]}
    for table, kind in (("disclosures", "verdict"), ("findings", "family"), ("checks", "check")):
        every = frozenset(VERDICTS) if kind == "verdict" else frozenset(checks)
        lines = [(row[kind], row) for row in told[table]["rows"]] + [("all", row) for row in [told[table].get("all")] if row]
        for name, line in lines:
            items = every if name == "all" else frozenset([name])
            if kind == "family" and name != "all":
                items = frozenset(check for check, family in checks.items() if family == name)
            for column, given in zip(told[table]["columns"], line["cells"], strict=True):
                months = frozenset(m for m in told["months"] if column["from"] <= m <= column["to"])
                yield Number(f"{name} {column['from']}", items, months, _worth(given))
            yield Number(f"{name} in all", items, frozenset(told["months"]), _worth(line["total"]))


def _worth(given: int | str | None) -> int | None:
    """What a reader knows of a number: what was not run found nothing."""
    return 0 if given == "not_run" else given


@dataclass
class Attacker:
    """What somebody knows who has read these reports and knows what concerns one municipality (``part``)."""

    reports: list[dict[str, Any]]
    part: Part = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.numbers: list[Number] = []
        for told in self.reports:
            every = list(numbers(told))
            gone = [number for number in every if number.given is None]
            self.numbers += [replace(n, not_zero=not any(sum_.holds(n) for sum_ in gone)) for n in every]
        self.numbers = list(dict.fromkeys(self.numbers))
        self.months = sorted({month for number in self.numbers for month in number.months})
        given_zero = {(item, month) for n in self.numbers if n.given == 0 for item in n.items for month in n.months}
        items = sorted({item for number in self.numbers for item in number.items})
        self.place = {key: n for n, key in enumerate((i, m) for i in items for m in self.months if (i, m) not in given_zero)}
        rows: list[tuple[dict[int, int], float, float]] = []
        for number in self.numbers:
            row = self._row(number)
            known = self.known(number)
            if row and number.given is None:
                rows.append((row, int(number.not_zero) - known, np.inf))
            elif row:
                rows.append((row, number.given - known, number.given - known))
        for month in self.months:
            outside, checks = self.place.get(("outside", month)), [self.place.get((check, month)) for check in SCOPE]
            for check in checks:
                if check is not None:
                    rows.append(({check: -1, **({outside: 1} if outside is not None else {})}, 0, np.inf))
            if outside is not None:
                rows.append(({outside: -1, **{check: 1 for check in checks if check is not None}}, 0, np.inf))
        self.matrix = self._matrix([row for row, _low, _high in rows])
        self.low, self.high = [low for _row, low, _high in rows], [high for _row, _low, high in rows]

    def _matrix(self, rows: list[dict[int, int]]) -> csr_matrix:
        at = [(n, place, sign) for n, row in enumerate(rows) for place, sign in row.items()]
        lines, places, signs = zip(*at, strict=True)
        return csr_matrix((signs, (lines, places)), shape=(len(rows), len(self.place)), dtype=float)

    def _row(self, number: Number) -> dict[int, int]:
        keys = ((item, month) for item in number.items for month in number.months)
        return {self.place[key]: 1 for key in keys if key in self.place}

    def known(self, number: Number) -> int:
        """What of a number concerns the municipality."""
        return sum(self.part.get((item, month), 0) for item in number.items for month in number.months)

    def could_be(self, number: Number, rest: int) -> bool:
        """Whether as much may be left of a number, without what concerns the municipality, as far as the attacker can tell."""
        matrix = vstack([self.matrix, self._matrix([self._row(number)])], format="csr")
        rows = LinearConstraint(matrix, [*self.low, rest], [*self.high, rest])
        for whole in (0, 1):  # numbers that need not be whole are tried first: that is quick, and mostly enough
            answer = milp(
                np.zeros(len(self.place)),
                integrality=np.full(len(self.place), whole),
                bounds=Bounds(0, np.inf),
                constraints=rows,
                options={"time_limit": 60},
            )
            if answer.status == 2:
                return False
            assert answer.status == 0, answer.message
            if whole or np.abs(answer.x - np.rint(answer.x)).max() < 1e-6:
                return True
        raise AssertionError("not decided")

    def narrowed(self, truth: Part, also: list[Number]) -> list[str]:
        """The small numbers that the attacker can tell to be less than all of 1 to 4; ``also`` are looked at too."""
        found = []
        for number in [*self.numbers, *also]:
            rest = sum(truth.get((i, m), 0) for i in number.items for m in number.months) - self.known(number)
            if rest in SMALL and not (number.given is None and all(self.could_be(number, guess) for guess in SMALL)):
                found.append(number.name)
        return found


@dataclass
class Story:
    """A register of random months, with the reports that were given out of it, one after the other."""

    tallies: dict[str, Tallies]
    reports: list[dict[str, Any]]

    @property
    def truth(self) -> Part:
        return {(item, month): n for month, told in self.tallies.items() for item, n in told["whole"].items()}

    def part(self, party: str, way: str, months: set[str]) -> Part:
        """One municipality's own report on these months."""
        return {
            (item, month): n
            for month in months
            for item, n in self.tallies[month]["parties"].get(party, {}).get(way, {}).items()
        }

    def differences(self) -> list[Number]:
        """What no report shows, but two reports differ by."""
        every = [number for told in self.reports for number in numbers(told)]
        stretches = {number.months for number in every}
        rests = {one - other for one in stretches for other in stretches} - stretches - {frozenset()}
        rows = {number.items for number in every}
        return [Number(f"{sorted(items)} {sorted(rest)}", items, rest, None) for items in rows for rest in rests]


def story(folder: Path, seed: int, *, gaps: bool = False) -> Story:
    """Months and reports by a die: the whole period at once, or parts of it first. With ``gaps`` some checks were not run, in a
    month or in all of them, which every report tells."""
    dice = random.Random(seed)
    register, months = folder / f"{seed}.db", names(dice.choice(("2026-01", "2025-11")), dice.choice((3, 4, 6)))
    tallies = {month: random_month(dice, dice.choice((100, 600, 1500))) for month in months}
    # without a scope check it would not be known which disclosures are outside
    others = [check.id for check in CATALOGUE if gaps and check.id not in SCOPE]
    never = {check for check in others if dice.random() < 0.3}
    for month, counts in tallies.items():
        lacking = sorted(never | {check for check in others if dice.random() < 0.2})
        for part in (counts["whole"], *(way for ways in counts["parties"].values() for way in ways.values())):
            for check in lacking:
                part.pop(check, None)
        add(register, folder / f"{seed}-{month}", month, counts, not_run=lacking)
    cut = dice.randrange(len(months))
    spans = dice.choice(([months], [months[: cut + 1], months], [months[cut:], months], [months[: cut + 1], months[cut:]]))
    reports = []
    for n, span in enumerate(spans):
        out = folder / f"{seed}-report-{n}"
        ran = report(register, out, span[0], span[-1])
        if ran.code == 0:
            reports.append(document(out))
        else:  # what was given out before can make it impossible to protect this one, which is then refused
            assert n and "gör att de små talen i denna inte kan skyddas" in ran.said and not out.exists(), ran.said
    return Story(tallies, reports)


def attack(told: Story, seed: int) -> list[str]:
    """What is learnt by somebody who knows nothing else, and by readers of one municipality's reports: all, or one month's."""
    dice, also = random.Random(seed), told.differences()
    found = Attacker(told.reports).narrowed(told.truth, also)
    party = dice.choice(PARTIES)
    for way in WAYS:
        months = dice.choice((set(told.tallies), {dice.choice(sorted(told.tallies))}))
        part = told.part(party, way, months)
        found += [f"{party} {way} {sorted(months)}: {n}" for n in Attacker(told.reports, part).narrowed(told.truth, also)]
    return found


@pytest.mark.parametrize("seed", range(14))
def test_no_small_number_can_be_worked_out(tmp_path, seed):
    assert attack(story(tmp_path, seed), seed) == []


@pytest.mark.parametrize("seed", range(4))
def test_no_small_number_can_be_worked_out_where_checks_were_not_run(tmp_path, seed):
    told = story(tmp_path, seed, gaps=True)
    assert any(row["total"] == "not_run" for row in told.reports[-1]["checks"]["rows"])
    assert attack(told, seed) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1000, 1100))
def test_no_small_number_can_be_worked_out_of_100_where_checks_were_not_run(tmp_path, seed):
    assert attack(story(tmp_path, seed, gaps=True), seed) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 600))
def test_no_small_number_can_be_worked_out_of_500(tmp_path, seed):
    assert attack(story(tmp_path, seed), seed) == []


def test_the_attack_succeeds_when_only_small_numbers_are_left_out(tmp_path, monkeypatch):
    def only_small(facts, cells, earlier, threshold):
        def value(cell):
            return sum(facts.counts[month]["whole"].get(item, 0) for month in cell.months for item in cell.row.items)

        return {cell for cell in cells if 1 <= value(cell) <= threshold}

    monkeypatch.setattr("auditor.board.making.suppressed", only_small)
    broken = [seed for seed in range(6) if Attacker((told := story(tmp_path, seed)).reports).narrowed(told.truth, [])]
    assert len(broken) >= 3


def test_reports_that_share_no_month_leave_each_other_alone(tmp_path):
    dice = random.Random(4)
    tallies = {month: random_month(dice, 600) for month in names("2026-01", 6)}
    told = []
    for name, spans in (("both", ("2026-01 2026-03", "2026-04 2026-06")), ("one", ("2026-04 2026-06",))):
        register = tmp_path / f"{name}.db"
        for month, counts in tallies.items():
            add(register, tmp_path / f"{name}-{month}", month, counts)
        for n, span in enumerate(spans):
            assert report(register, tmp_path / f"{name}-report-{n}", *span.split()).code == 0
        told.append(document(tmp_path / f"{name}-report-{len(spans) - 1}"))
    assert told[0] == told[1]
    assert any(number.given is None for number in numbers(told[0]))
