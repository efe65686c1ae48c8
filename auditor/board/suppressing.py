"""From counts and earlier reports to the numbers that must be left out: puts the question that ``protecting`` answers."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from math import log10
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

from auditor.board.facts import Counts, Facts, MonthName
from auditor.board.grid import Block, Cell, Row
from auditor.board.protecting import Problem, Standing, left_out
from auditor.checks import CATALOGUE
from auditor.checks.model import Kind, Of
from auditor.outcomes import Verdict

#: Which disclosure is outside follows from these: it has a violation of at least one of them.
_SCOPE = tuple(check.id for check in CATALOGUE if check.kind is Kind.SCOPE and check.of is Of.DISCLOSURE)
#: How much is lost with a number: (in a column, for the whole period).
_COSTS = {"check": (1.0, 5.0), "verdict": (3.0, 20.0), "family": (4.0, 15.0), "all": (20.0, 80.0)}


@dataclass(frozen=True)
class Earlier:
    """A report that was given out: its numbers (None where one was left out) and the counts that it was made of."""

    cells: tuple[tuple[Cell, int | None], ...]
    basis: dict[MonthName, Counts]


def suppressed(facts: Facts, cells: Sequence[Cell], earlier: Sequence[Earlier], threshold: int) -> set[Cell]:
    """The cells that must be left out. Raises protecting.Unprotectable."""
    earlier = _meeting(facts.months, earlier)
    points = _Points(facts, cells, earlier)
    found: dict[bytes, _Known] = {}
    for number, report in enumerate(earlier):
        gone = [cell for cell, value in report.cells if value is None]
        for cell, value in report.cells:
            standing = Standing.HIDDEN if value is None else Standing.GIVEN
            not_zero = value is None and not any(_is_above(other, cell) for other in gone)
            _note(found, points.of(cell, number), standing, not_zero=not_zero, reported=True)
    for cell in cells:
        _note(found, points.of(cell, len(earlier)), Standing.OPEN, cell=cell)
    for cell in _differences(cells, earlier):
        for number, basis in enumerate(points.reports):
            if cell.months <= basis.keys():
                _note(found, points.of(cell, number), Standing.HIDDEN)
    readers = csr_matrix(points.readers)  # of whom most know of one month alone
    wanted = [known for known in found.values() if known.matters(points.values, readers, threshold)]
    problem = Problem(
        atoms=points.values,
        cells=csr_matrix(np.array([known.atoms for known in wanted], np.int64).reshape(len(wanted), len(points.values))),
        standing=np.array([known.standing for known in wanted], np.int8),
        **_above(wanted),
        not_zero=np.array([known.not_zero for known in wanted], bool),
        costs=np.array([known.cost(points.values) for known in wanted], float),
        readers=points.readers,
        order=csr_matrix(points.order()),
        changed=np.array([points.changed(known.cells) for known in wanted], np.int64),
        threshold=threshold,
    )
    out = left_out(problem)
    left = {cell for known, gone in zip(wanted, out, strict=True) if gone or known.again for cell in known.cells}
    empty = [cell for cell in cells if not points.of(cell, len(earlier)).any()]
    return left | {cell for cell in empty if any(_is_above(other, cell) for other in left)}


def _meeting(wanted: Iterable[MonthName], earlier: Sequence[Earlier]) -> list[Earlier]:
    """The earlier reports from which something of the wanted months can be worked out: those that share a month with them, or
    with one that does, and so on."""
    months = set(wanted)
    met: set[int] = set()
    while more := {n for n, report in enumerate(earlier) if n not in met and months & report.basis.keys()}:
        met |= more
        months |= {month for n in more for month in earlier[n].basis}
    return [report for n, report in enumerate(earlier) if n in met]


def _is_above(one: Cell, other: Cell) -> bool:
    """Whether a number is a sum that holds the other."""
    return one.row.items >= other.row.items and one.months >= other.months and one != other


@dataclass
class _Known:
    """Cells of the same atoms are one number. ``reported``: it stands in an earlier report; ``not_zero``: which tells that it
    is not 0 although it was left out; ``again``: which left it out, so this one does too."""

    atoms: np.ndarray
    standing: Standing
    cells: list[Cell] = field(default_factory=list)
    reported: bool = False
    not_zero: bool = False
    again: bool = False

    def cost(self, values: np.ndarray) -> float:
        size = 1 + log10(max(1, int(self.atoms @ values)))
        return sum(_COSTS[cell.row.kind][cell.total] * size for cell in self.cells)

    def matters(self, values: np.ndarray, readers: csr_matrix, threshold: int) -> bool:
        """A hidden difference matters only while it is small for somebody."""
        if self.standing is not Standing.HIDDEN or self.reported:
            return True
        rests = self.atoms @ values - readers @ self.atoms.astype(np.int64)
        return bool(((rests >= 1) & (rests <= threshold)).any())


def _note(
    found: dict[bytes, _Known],
    atoms: np.ndarray,
    standing: Standing,
    *,
    not_zero: bool = False,
    reported: bool = False,
    cell: Cell | None = None,
) -> None:
    """Add a number. What was given out stays given; what was left out stays left out; what is 0 hides nothing."""
    if not atoms.any():
        return
    known = found.setdefault(atoms.tobytes(), _Known(atoms, standing))
    known.not_zero = known.not_zero or not_zero
    if cell:
        known.cells.append(cell)
        known.again = known.standing is Standing.HIDDEN
    elif standing is Standing.GIVEN:
        known.standing = Standing.GIVEN
    known.reported = known.reported or reported


def _above(wanted: Sequence[_Known]) -> dict[str, Any]:
    """Of every place in this report, the cells of the sums above it."""
    places = [(cell, number) for number, known in enumerate(wanted) for cell in known.cells]
    sums = [(cell, number) for cell, number in places if len(cell.row.items) > 1 or cell.total]
    above = np.zeros((len(places), len(wanted)), np.int64)
    for place, (cell, _number) in enumerate(places):
        for other, number in sums:
            if _is_above(other, cell):
                above[place, number] = 1
    return {
        "above": csr_matrix(above),
        "place_of": np.array([number for _cell, number in places], np.int64),
    }


def _differences(cells: Iterable[Cell], earlier: Iterable[Earlier]) -> list[Cell]:
    """What can be subtracted: for every row, the months that two stretches share, those in which they differ, and the smallest
    stretches that the reports divide time into."""
    rows = {cell.row for cell in cells}
    stretches = {cell.months for cell in cells} | {cell.months for report in earlier for cell, _value in report.cells}
    parts: set[frozenset[MonthName]] = set()
    for one, other in combinations(stretches, 2):
        if one & other:
            parts |= {one & other, one - other, other - one}
    classes: dict[frozenset[int], set[MonthName]] = {}
    ordered = sorted(stretches, key=sorted)
    for month in {month for stretch in ordered for month in stretch}:
        inside = frozenset(n for n, stretch in enumerate(ordered) if month in stretch)
        classes.setdefault(inside, set()).add(month)
    parts |= {frozenset(months) for months in classes.values()}
    return [
        Cell(row, part)
        for row in sorted(rows, key=lambda row: (row.block, row.kind, row.name))
        for part in sorted(parts - {frozenset()}, key=sorted)
    ]


class _Points:
    """The atoms: the count of an item in a stretch of months that no report divides, as some reports have it. A month that was
    audited again with other counts has other atoms in later reports."""

    def __init__(self, facts: Facts, cells: Sequence[Cell], earlier: Sequence[Earlier]) -> None:
        self.reports = [*(report.basis for report in earlier), facts.counts]
        self.classes = self._classes([cells, *([cell for cell, _value in report.cells] for report in earlier)])
        items = sorted({item for basis in self.reports for counts in basis.values() for item in counts["whole"]})
        self.key_of: dict[tuple[str, MonthName, int], tuple[str, int, frozenset[int]]] = {}
        for item in items:
            for month in self.classes:
                self._key(item, month)
        keys = sorted(set(self.key_of.values()), key=lambda key: (key[0], key[1], sorted(key[2])))
        self.number = {key: n for n, key in enumerate(keys)}
        self.values = np.zeros(len(keys), np.int64)
        counted: set[tuple[tuple[str, int, frozenset[int]], MonthName]] = set()
        known: dict[tuple[str, str, MonthName | None], np.ndarray] = {}
        for (item, month, report), key in self.key_of.items():
            if (key, month) in counted:
                continue
            counted.add((key, month))
            counts, place = self.reports[report][month], self.number[key]
            self.values[place] += counts["whole"][item]
            for party, ways in counts["parties"].items():
                for way, numbers in ways.items():
                    n = min(numbers.get(item, 0), counts["whole"][item])
                    for when in (None, month) if n else ():
                        row = known.setdefault((party, way, when), np.zeros(len(keys), np.int64))
                        row[place] += n
        nobody = np.zeros((1, len(keys)), np.int64)
        self.readers: np.ndarray = np.unique(np.vstack([nobody, *known.values()]), axis=0)

    @staticmethod
    def _classes(reports: Iterable[Iterable[Cell]]) -> dict[MonthName, int]:
        stretches = sorted({cell.months for cells in reports for cell in cells}, key=sorted)
        inside = {
            month: frozenset(n for n, stretch in enumerate(stretches) if month in stretch)
            for month in sorted({month for stretch in stretches for month in stretch})
        }
        numbers: dict[frozenset[int], int] = {}
        return {month: numbers.setdefault(signature, len(numbers)) for month, signature in inside.items()}

    def _key(self, item: str, month: MonthName) -> None:
        """Note which atom the item's count of a month belongs to, for every report that has the month."""
        alike: dict[str, set[int]] = {}
        for report, basis in enumerate(self.reports):
            if month in basis and basis[month]["whole"].get(item):
                alike.setdefault(_version(basis[month], item), set()).add(report)
        for users in alike.values():
            for report in users:
                self.key_of[item, month, report] = (item, self.classes[month], frozenset(users))

    def of(self, cell: Cell, report: int) -> np.ndarray:
        """The atoms of a cell, 1 for each, as a report has them."""
        atoms = np.zeros(len(self.values), np.int8)
        for item in cell.row.items:
            for month in cell.months:
                if (key := self.key_of.get((item, month, report))) is not None:
                    atoms[self.number[key]] = 1
        return atoms

    def order(self) -> np.ndarray:
        """What is known of every stretch: at least as many disclosures are outside as violate any one scope check, and no more
        than all of them together."""
        rows: dict[bytes, np.ndarray] = {}
        for report in range(len(self.reports)):
            for stretch in sorted(set(self.classes.values())):
                months = frozenset(month for month, number in self.classes.items() if number == stretch)
                outside = self.of(_summed([Verdict.OUTSIDE.value], months), report).astype(np.int64)
                checks = [self.of(_summed([id_], months), report).astype(np.int64) for id_ in _SCOPE]
                for row in (*(outside - check for check in checks if check.any()), sum(checks) - outside):
                    if row.any() and row @ self.values >= 0:
                        rows[row.tobytes()] = row
        return np.array(list(rows.values())).reshape(len(rows), len(self.values))

    def changed(self, cells: Iterable[Cell]) -> int:
        """The smallest change, but for none, by which one of these cells differs from the same months as the latest report
        before this one had them; a month that no report had does not count. Cells that are one number now need not have been
        one before."""
        return min((by for cell in cells if (by := self._changed(cell))), key=abs, default=0)

    def _changed(self, cell: Cell) -> int:
        now = len(self.reports) - 1
        by = 0
        for item in cell.row.items:
            for month in cell.months:
                older = next((basis[month] for basis in reversed(self.reports[:now]) if month in basis), None)
                if older is not None:
                    by += self.reports[now][month]["whole"].get(item, 0) - older["whole"].get(item, 0)
        return by


def _summed(items: Iterable[str], months: frozenset[MonthName]) -> Cell:
    return Cell(Row(Block.FINDINGS, "all", "", frozenset(items)), months)


def _version(counts: Counts, item: str) -> str:
    """The counts of an item in a month, whole and of each municipality, as one text."""
    parts = {party: {way: rows.get(item, 0) for way, rows in ways.items()} for party, ways in counts["parties"].items()}
    return json.dumps(
        [counts["whole"].get(item, 0), {party: n for party, n in parts.items() if any(n.values())}], sort_keys=True
    )
