"""Other ways to read a table, which a reader may well choose: each is put to the rules as the table itself is.

A total need not be called one: ``Riket`` is the total where nothing else is, and a column that is the sum of all others in
every row that shows all of them is a total whatever its heading says. And where a table has two kinds of marks, a dash or an
empty cell may be a zero, as in tables of Statistics Sweden and pivot tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import replace

from auditor.statistics.cells import one_alone
from auditor.statistics.model import Block, Cell, Found, Key, Measure, Settings, Spot, StatisticsTable
from auditor.statistics.numbers import Mark
from auditor.statistics.suppression import suppressed_cells
from auditor.statistics.totals import may_be_total

#: What the faults of a table that is read with another total are called: that a rest is left out is then not certain.
_READ_WITH_TOTAL = {
    "suppressed-given-back": "suppressed-given-back",
    "suppressed-too-many": "suppressed-too-many",
    "rest-small": "part-unsure",
}

#: What is told of single cells that are given back.
_GIVEN = ("suppressed-given-back", "group-alike")


def with_other_readings(table: StatisticsTable, settings: Settings, found: Sequence[Found]) -> list[Found]:
    """What was found of a table, and what its other readings give away besides."""
    spots: dict[str, list[Spot]] = {}
    for block in (block for block in table.blocks if block.kind is Measure.COUNT):
        readings = list(_with_totals(block))
        for reading in readings:
            spots.setdefault("group-alike", []).extend(one_alone(reading))
            for fault in suppressed_cells(replace(table, blocks=[reading]), settings):
                if fault.code in _READ_WITH_TOTAL:
                    spots.setdefault(_READ_WITH_TOTAL[fault.code], []).extend(fault.spots)
        known = {spot for fault in found if fault.code in _GIVEN for spot in fault.spots}
        known.update(spot for code in _GIVEN for spot in spots.get(code, ()))
        for reading in (block, *readings):
            told = _told_by_zeros(reading, table, settings)
            spots.setdefault("mark-unsure", []).extend(spot for spot in told if spot not in known)
    return _joined(found, spots)


def _told_by_zeros(block: Block, table: StatisticsTable, settings: Settings) -> list[Spot]:
    """What is given back where some of several kinds of marks are zeros; what contradicts the totals is no such reading."""
    marks = {cell.mark for cell in block.cells.values() if cell.value is None}
    spots: list[Spot] = []
    for zeros in ({Mark.DASH}, {Mark.EMPTY}, {Mark.DASH, Mark.EMPTY}):
        if not zeros < marks:
            continue
        cells = {key: _with_zero(cell, zeros) for key, cell in block.cells.items()}
        faults = suppressed_cells(replace(table, blocks=[replace(block, cells=cells)]), settings)
        if not any(fault.code == "totals-overlap" for fault in faults):
            spots += [spot for fault in faults if fault.code in _GIVEN for spot in fault.spots]
            spots += one_alone(replace(block, cells=cells)) if Mark.EMPTY not in zeros else []
    return spots


def _with_zero(cell: Cell, zeros: Set[Mark]) -> Cell:
    """The cell as a zero where its mark is one; who writes zeros so says of other marks that they are none."""
    if cell.value is not None:
        return cell
    return replace(cell, value=0.0) if cell.mark in zeros else replace(cell, least=max(cell.least, 1.0))


def _joined(found: Sequence[Found], spots: dict[str, list[Spot]]) -> list[Found]:
    """What was found, each code once with all of its spots."""
    joined: dict[str, Found] = {}
    for fault in (*found, *(Found(code, more) for code, more in spots.items() if more)):
        told = joined[fault.code].spots if fault.code in joined else []
        joined[fault.code] = replace(fault, spots=list(dict.fromkeys([*told, *fault.spots])))
    return list(joined.values())


def _with_totals(block: Block) -> Iterator[Block]:
    """The block with categories read as totals, in dimensions without one: each that may be, beside the first of others."""
    candidates = {dimension: names for dimension in block.dimensions if (names := _candidates(block.cells, dimension))}
    for dimension, names in candidates.items():
        for name in names:
            chosen = {other: others[0] for other, others in candidates.items()} | {dimension: name}
            yield replace(block, cells=_summed(block.cells, chosen, candidates))


def _summed(cells: dict[Key, Cell], chosen: dict[str, str], candidates: dict[str, list[str]]) -> dict[Key, Cell]:
    """The cells with the chosen categories as totals, without those of other candidates: these are no parts."""
    left_out = {(dimension, name) for dimension, names in candidates.items() for name in names if name != chosen[dimension]}
    totals = set(chosen.items())
    return {key - totals: cell for key, cell in cells.items() if not key & left_out}


def _candidates(cells: dict[Key, Cell], dimension: str) -> list[str]:
    """The categories that may be the total of a dimension: by name, else by numbers. None where the dimension has a total."""
    lines: dict[Key, dict[str, Cell]] = {}
    for key, cell in cells.items():
        category = dict(key).get(dimension)
        if category is None:
            return []
        lines.setdefault(key - {(dimension, category)}, {})[category] = cell
    names = list(dict.fromkeys(name for line in lines.values() for name in line))
    named = [name for name in names if may_be_total(name)]
    if len(names) == len(named):
        return []
    return named or _sums_of_others(names, lines.values())


def _sums_of_others(names: Sequence[str], lines: Iterable[dict[str, Cell]]) -> list[str]:
    """The categories that are the sum of all others in every line that shows all; in one of them they sum several numbers."""
    left, several = list(names), False
    for line in lines:
        values = {name: cell.value for name, cell in line.items() if cell.value is not None}
        if len(values) == len(names):
            both = sum(values.values())
            left = [name for name in left if 2 * values[name] == both]
            several = several or sum(value > 0 for value in values.values()) > 2
    return left if several else []
