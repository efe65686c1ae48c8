"""Which numbers a share may be a share of: counts of its row, or of its column where a whole row is of shares."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import permutations

from auditor.statistics.model import Block, Cell, Key, Measure, StatisticsTable
from auditor.statistics.tables import ACROSS
from auditor.statistics.wording import bases_in, is_share, is_share_row, names, rated_by, subject_of, whole_of

_NEAR = 1e-9
#: Of every hundred; of what is no part of a number (an index, a mean) nothing can be worked out.
_PER_CENT = 100.0


@dataclass(frozen=True)
class Share:
    """A published share: how many all would be (None: not told), and every number that it may be a share of.

    ``known``: it is a rate of a count that stands beside it, and tells no more than the number of all.
    """

    cell: Cell
    whole: float | None
    bases: Sequence[float]
    of_all_rows: bool
    known: bool = False


@dataclass(frozen=True)
class _Count:
    """A count, and the heading or the category that says what it counts."""

    words: str
    key: Key
    cell: Cell


@dataclass
class _Counts:
    """The counts of a table, by line, and by what all but one dimension say of them."""

    table: StatisticsTable
    by_line: dict[int, list[_Count]] = field(default_factory=dict)
    by_rest: dict[str, dict[Key, list[_Count]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for key, cell in self._cells():
            self.by_line.setdefault(cell.spot.line, []).append(_Count(_heading(self.table, cell), key, cell))

    def _cells(self) -> Iterator[tuple[Key, Cell]]:
        return (item for block in self.table.blocks if block.kind is Measure.COUNT for item in block.cells.items())

    def beside(self, key: Key, dimension: str) -> list[_Count]:
        """The counts of which all but one dimension is the same."""
        if dimension not in self.by_rest:
            found = self.by_rest[dimension] = {}
            for other, cell in self._cells():
                words = dict(other).get(dimension, "")
                found.setdefault(_without(other, dimension), []).append(_Count(words, other, cell))
        return self.by_rest[dimension].get(_without(key, dimension), [])


def shares_of(table: StatisticsTable, block: Block) -> Iterator[Share]:
    """The shares of a block that may tell something: published, not zero, and not worked out from counts of the table."""
    counts = _Counts(table)
    worked_out = _worked_out(table, block, counts)
    for key, cell in (*block.cells.items(), *((frozenset[tuple[str, str]](), cell) for cell in block.again)):
        if cell.value and cell.spot.position not in worked_out:
            yield _share(table, counts, key, cell)


def _share(table: StatisticsTable, counts: _Counts, key: Key, cell: Cell) -> Share:
    words = _heading(table, cell)
    category = next((pair for pair in key if pair[0] != ACROSS and is_share_row(pair[1])), None)
    if category and not is_share(words):
        words, beside = category[1], counts.beside(key, category[0])
        of_all_rows = not _without(key, category[0])
    else:
        beside = _possible(words, counts.by_line.get(cell.spot.line, []))
        of_all_rows = not any(dimension for dimension, _category in key)
    whole = _PER_CENT if cell.per_cent else whole_of(words)
    after = rated_by(words)
    if after is not None:
        if _counted_beside(words, after, beside):
            return Share(cell, whole, (), of_all_rows, known=True)
        beside = _rated(after, beside)
    bases = [count.cell.value for count in beside if count.cell.value is not None]
    return Share(cell, whole, [*bases, *bases_in(words)], of_all_rows)


def _possible(words: str, row: Sequence[_Count]) -> list[_Count]:
    """The counts of a row that sum most of it, and those that the heading of the shares names."""
    fewest = min((len(count.key) for count in row), default=0)
    return [
        count
        for count in row
        if len(count.key) == fewest or (names(words, count.words) and subject_of(words) != subject_of(count.words))
    ]


def _counted_beside(words: str, after: str, row: Sequence[_Count]) -> bool:
    """Whether a rate is one of a count that is published beside it, not of whom the rate is so many per a thousand."""
    subject = subject_of(words)
    shown = [count for count in row if count.cell.value is not None]
    if not subject:
        return len(row) == len(shown) == 1 and not names(after, shown[0].words)
    return any(subject_of(count.words).endswith(subject) for count in shown)


def _rated(after: str, row: Sequence[_Count]) -> list[_Count]:
    """The counts that a rate may be of. ``Placerade barn`` alone may as well be how many of all ``barn`` there are."""
    named = [count for count in row if names(after, count.words)]
    first = subject_of(after).partition(" ")[0]
    return named if any(subject_of(count.words).startswith(first) for count in named) else []


def _worked_out(table: StatisticsTable, block: Block, counts: _Counts) -> set[int | None]:
    """The columns of shares that are the ratio of two published columns in every row: they tell nothing that these do not."""
    columns: dict[int | None, list[Cell]] = {}
    for cell in (*block.cells.values(), *block.again):
        columns.setdefault(cell.spot.position, []).append(cell)
    return {position for position, cells in columns.items() if _is_ratio(table, cells, counts)}


def _is_ratio(table: StatisticsTable, cells: Sequence[Cell], counts: _Counts) -> bool:
    """Whether shares are the ratio of the same two columns in all rows; where they hardly differ, these must name it."""
    words = _heading(table, cells[0])
    shown = [cell for cell in cells if cell.value is not None]
    differ = len({cell.value for cell in shown if cell.value}) > 1
    rows = [(cell, {count.cell.spot.position: count for count in counts.by_line.get(cell.spot.line, [])}) for cell in shown]
    first = rows[0][1] if rows else {}
    named = {position for position, count in first.items() if subject_of(words) == subject_of(count.words) != ""}
    times = (whole_of(words) or _PER_CENT, 1.0)
    return any(
        (differ or part in named) and all(_fits(cell, row.get(part), row.get(whole), times) for cell, row in rows)
        for part, whole in permutations(first, 2)
    )


def _fits(cell: Cell, part: _Count | None, whole: _Count | None, times: Sequence[float]) -> bool:
    """Whether a share is one published count of another, within half of its last decimal."""
    if part is None or whole is None or part.cell.value is None or not whole.cell.value or cell.value is None:
        return False
    ratio, half = part.cell.value / whole.cell.value, 0.5 * 10.0**-cell.decimals + _NEAR
    return any(abs(ratio * one - cell.value) <= half for one in times)


def _heading(table: StatisticsTable, cell: Cell) -> str:
    position = cell.spot.position
    return table.headings[position] if position is not None and position < len(table.headings) else ""


def _without(key: Key, dimension: str) -> Key:
    return frozenset(pair for pair in key if pair[0] != dimension)
