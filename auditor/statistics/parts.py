"""Columns of counts of which one may hold another: ``Antal barn`` and ``Antal flickor`` give the number of boys back.

Headings do not say so for certain, so what is found cannot be judged. Columns are no parts of each other where their headings
are known to have nothing in common (``apart``), and where together they are a third column.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise, permutations

from auditor.intake.spelling import same
from auditor.statistics.apart import accumulated, apart, is_time, nested
from auditor.statistics.model import Cell, Found, Key, Measure, Settings, Spot, StatisticsTable
from auditor.statistics.suppression import narrower, sums_of
from auditor.statistics.tables import ACROSS

#: A column's cells by line.
Cells = Mapping[int, Cell]
#: Positions of columns that are judged together already.
Pairs = set[tuple[int, int]]


def part_faults(table: StatisticsTable, settings: Settings) -> list[Found]:
    """Cells whose difference may be a small count, because the column of one may be a part of the other's."""
    columns, names = _columns(table)
    judged = _judged(table, settings)
    spots: list[Spot] = []
    for part, whole in permutations(columns, 2):
        small = _small_rests([columns[part]], columns[whole], settings.threshold)
        if small and not ((part, whole) in judged or apart(names[part], names[whole]) or _shown(part, whole, columns)):
            spots += small
    for parts in _groups_apart(names):
        for whole in columns.keys() - set(parts):
            if not all((part, whole) in judged for part in parts):
                spots += _small_rests([columns[part] for part in parts], columns[whole], settings.threshold)
    spots += _rows_within_each_other(table, settings)
    return [Found("part-unsure", list(dict.fromkeys(spots)))] if spots else []


def _rows_within_each_other(table: StatisticsTable, settings: Settings) -> list[Spot]:
    """Rows after each other of which one counts the other too, with a small difference: ``Inom 7 dagar``, ``Inom 14 dagar``; or
    months of a column of numbers that are accumulated."""
    accumulating = {place for place, heading in enumerate(table.raw.headings) if accumulated(same(heading))}
    spots: list[Spot] = []
    for block in (block for block in table.blocks if block.kind is Measure.COUNT):
        lines: dict[tuple[Key, str], list[tuple[str, Cell]]] = {}
        for key, cell in block.cells.items():
            for dimension, category in key - {pair for pair in key if pair[0] == ACROSS}:
                lines.setdefault((key - {(dimension, category)}, dimension), []).append((category, cell))
        for line in lines.values():
            for (before, one), (name, other) in pairwise(line):
                grows = _position(one) in accumulating and is_time(before) and is_time(name)
                if (grows or nested(before, name)) and _differ_by_little(one, other, settings):
                    spots += [one.spot, other.spot]
    return spots


def _differ_by_little(one: Cell, other: Cell, settings: Settings) -> bool:
    """Whether one of two cells may be the other and a small number besides."""
    rests = _rest([one], other), _rest([other], one)
    return any(high >= 0 and narrower((max(low, 0.0), high), settings.threshold) for low, high in rests)


def _columns(table: StatisticsTable) -> tuple[dict[int, dict[int, Cell]], dict[int, str]]:
    """The cells of each column of counts, and what its heading says; nothing for a total."""
    columns: dict[int, dict[int, Cell]] = {}
    names: dict[int, str] = {}
    for block in table.blocks:
        if block.kind is not Measure.COUNT:
            continue
        for cell in (*block.cells.values(), *block.again):
            columns.setdefault(_position(cell), {})[cell.spot.line] = cell
        for key, cell in block.cells.items():
            names[_position(cell)] = dict(key).get(ACROSS, "")
    return columns, {position: names.get(position, "") for position in columns}


def _judged(table: StatisticsTable, settings: Settings) -> Pairs:
    """Parts with their totals, where these are sums of theirs; and with each other, where the total holds nothing else."""
    judged: Pairs = set()
    for block in table.blocks:
        sums = sums_of(block.cells, settings.threshold)
        for (above, dimensions), keys in sums.equations.items():
            if ACROSS not in dimensions:
                continue
            cells = [block.cells[key] for key in keys]
            judged |= {(_position(cell), _position(block.cells[above])) for cell in cells}
            published = all(cell.value is not None for cell in (*cells, block.cells[above]))
            if published and dimensions not in sums.more:
                judged |= set(permutations(map(_position, cells), 2))
    return judged


def _position(cell: Cell) -> int:
    return cell.spot.position or 0


def _groups_apart(names: Mapping[int, str]) -> list[tuple[int, ...]]:
    """The greatest groups of columns, each begun by one, of which no two have anything in common."""
    groups: set[tuple[int, ...]] = set()
    for first in names:
        group = [first]
        for other in names:
            if other not in group and all(apart(names[other], names[one]) for one in group):
                group.append(other)
        groups.add(tuple(sorted(group)))
    return sorted(group for group in groups if len(group) > 1)


def _shown(part: int, whole: int, columns: Mapping[int, Cells]) -> bool:
    """Whether a third column is what the two differ by, or what they are together, in every row."""
    thirds = [columns[third] for third in columns if third not in (part, whole)]
    return any(
        _is_sum([columns[part], columns[whole]], third) or _is_sum([columns[part], third], columns[whole]) for third in thirds
    )


def _is_sum(parts: Sequence[Cells], whole: Cells) -> bool:
    """Whether a column is the sum of others in every row, all of which are published."""
    return all(
        cell.value is not None
        and all(line in part and part[line].value is not None for part in parts)
        and cell.value == sum(part[line].value or 0 for part in parts)
        for line, cell in whole.items()
    )


def _small_rests(parts: Sequence[Cells], whole: Cells, threshold: int) -> list[Spot]:
    """The cells of rows where the rest is small, if in every row the parts may be at most the whole."""
    spots: list[Spot] = []
    for line, cell in whole.items():
        if not all(line in part for part in parts):
            continue
        ends = _rest([part[line] for part in parts], cell)
        if ends[1] < 0:
            return []
        if narrower((max(ends[0], 0.0), ends[1]), threshold):
            spots += [*(part[line].spot for part in parts), cell.spot]
    return spots


def _rest(parts: Iterable[Cell], whole: Cell) -> tuple[float, float]:
    """The least and the greatest that a cell may be more than its parts together."""
    least, greatest = _ends(whole)
    ends = [_ends(part) for part in parts]
    return least - sum(high for _low, high in ends), greatest - sum(low for low, _high in ends)


def _ends(cell: Cell) -> tuple[float, float]:
    if cell.value is not None:
        return cell.value, cell.value
    return cell.least, float("inf") if cell.greatest is None else cell.greatest
