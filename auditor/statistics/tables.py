"""From a file's raw cells to tables of statistics: which columns are categories, which are numbers, and what is a total."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from auditor.intake.spelling import heading_key, same
from auditor.release.model import RawTable
from auditor.statistics.model import Block, Cell, Key, Measure, Settings, Spot, StatisticsTable
from auditor.statistics.numbers import HeldBack, Number, read_cell

#: The dimension of the headings, which have no name of their own.
ACROSS = ""
#: Rows above the headings that hold a title.
_MOST_TITLES = 6
_TOTAL_WORDS = frozenset({"totalt", "total", "totals", "summa", "samtliga", "sammanlagt", "totalsumma", "tot", "sum"})
_TOTALS = frozenset({"alla", "all", "båda", "båda könen", "hela länet", "länet", "alla kommuner", "both", "everyone"})
_DIMENSIONS = frozenset(
    map(
        heading_key,
        (
            *(
                "år",
                "månad",
                "kvartal",
                "vecka",
                "datum",
                "dag",
                "period",
                "ålder",
                "åldersgrupp",
                "kommun",
                "kommunkod",
                "kod",
            ),
            *("län", "klass", "årskurs", "födelseår", "year", "month", "quarter", "week", "age", "code", "municipality"),
        ),
    )
)
_COUNT = re.compile(r"(?:antalet|antal|number of|number|count|frekvens|frequency|värde|value|n)\b *", re.IGNORECASE)
_SHARE = re.compile(r"%|\bandel|\bprocent|\bper cent\b|\bpercent|\bshare\b", re.IGNORECASE)
_AVERAGE = re.compile(r"\bmedel|\bgenomsnitt|\bsnitt\b|\bmedian|\bmean\b|\baverage\b", re.IGNORECASE)

_NONE: Key = frozenset()

Row = tuple[int, Sequence[str | None]]


def is_total(words: str) -> bool:
    """Whether a category is the total of its dimension."""
    plain = " ".join(words.casefold().split())
    return plain in _TOTALS or any(word.strip(":.,()") in _TOTAL_WORDS for word in plain.split())


@dataclass(frozen=True)
class _Column:
    position: int
    heading: str
    kind: Measure | None  # None: categories


def understand_table(raw: RawTable, rows: Sequence[Row], settings: Settings) -> StatisticsTable:
    """The statistics in a table's raw rows (line and cells). A table without numbers has no blocks."""
    headings, rows = _headings(list(raw.headings), list(rows))
    columns = _columns(headings, rows, settings)
    table = StatisticsTable(raw)
    labels = [column for column in columns if column.kind is None]
    numbers = [column for column in columns if column.kind is not None]
    if not numbers:
        return table
    kept = _without_notes(rows, labels, numbers)
    for kind in Measure:
        of_kind = [column for column in numbers if column.kind is kind]
        for name, group in _groups(of_kind, kind, settings):
            table.blocks.append(_block(name, kind, group, labels, kept, table))
    for line, cells in kept:
        if all(not cells[column.position] for column in numbers):
            table.bare.append(Spot(line))
    table.repeated = list(dict.fromkeys(table.repeated))
    return table


def _headings(headings: list[str], rows: list[Row]) -> tuple[list[str], list[Row]]:
    """The row of headings, which a title may stand above."""
    for _attempt in range(_MOST_TITLES):
        filled = sum(bool(heading.strip()) for heading in headings)
        below = sum(bool(cell) for cell in rows[0][1]) if rows else 0
        if filled > 1 or below <= 1:
            break
        headings, rows = [cell or "" for cell in rows[0][1]], rows[1:]
    return headings, rows


def _columns(headings: Sequence[str], rows: Sequence[Row], settings: Settings) -> list[_Column]:
    asked = {heading_key(name) for name in settings.dimensions}
    magnitudes = {heading_key(name) for name in settings.magnitude}
    named = any(heading_key(heading) in magnitudes for heading in headings)
    found: list[_Column] = []
    for position, heading in enumerate(headings):
        cells = [row[1][position] for row in rows]
        read = [read_cell(cell) for cell in cells]
        kind: Measure | None = None
        if heading_key(heading) not in asked and _are_numbers(cells, read, first=position == 0):
            if position and heading_key(heading) not in _DIMENSIONS:
                kind = _kind(heading, read)
            elif len(headings) == 1:
                kind = Measure.COUNT
        if kind is Measure.COUNT and (heading_key(heading) in magnitudes or (magnitudes and not named)):
            kind = Measure.MAGNITUDE
        found.append(_Column(position, " ".join(heading.split()), kind))
    return found


def _are_numbers(cells: Sequence[str | None], read: Sequence[Number | HeldBack | None], *, first: bool) -> bool:
    """Whether a column is one of numbers and marks. One that is empty is wholly suppressed, unless it is the first."""
    if not any(cells):
        return not first and bool(cells)
    filled = [one for cell, one in zip(cells, read, strict=True) if cell]
    sure = [one for one in filled if isinstance(one, Number) or (isinstance(one, HeldBack) and not one.span)]
    return bool(sure) and 2 * sum(one is not None for one in filled) > len(filled)


def _kind(heading: str, read: Sequence[Number | HeldBack | None]) -> Measure:
    numbers = [one for one in read if isinstance(one, Number)]
    if _SHARE.search(heading) or (numbers and all(one.share for one in numbers)):
        return Measure.SHARE
    if _AVERAGE.search(heading) or any(not one.value.is_integer() or one.value < 0 for one in numbers):
        return Measure.MAGNITUDE
    return Measure.COUNT


def _without_notes(rows: Sequence[Row], labels: Sequence[_Column], numbers: Sequence[_Column]) -> list[Row]:
    """The rows without those above the first and below the last number or mark: notes, sources and titles."""

    def says_something(row: Row) -> bool:
        return any(row[1][column.position] for column in numbers) and (
            not labels or any(row[1][column.position] for column in labels)
        )

    there = [place for place, row in enumerate(rows) if says_something(row)]
    return list(rows[there[0] : there[-1] + 1]) if there else []


def _groups(columns: Sequence[_Column], kind: Measure, settings: Settings) -> list[tuple[str, list[_Column]]]:
    """The columns of one kind that are categories of one dimension, under the name of what they count."""
    if not columns:
        return []
    magnitudes = {heading_key(name) for name in settings.magnitude}
    if kind is Measure.MAGNITUDE and (len(columns) == 1 or all(heading_key(one.heading) in magnitudes for one in columns)):
        return [(same(column.heading), [column]) for column in columns]
    totals = [column for column in columns if is_total(column.heading)]
    if not totals and all(_COUNT.match(column.heading) for column in columns):
        return [("", [column]) for column in columns]
    return [("", list(columns))]


def _category(heading: str) -> Key:
    """The category that the heading of a column is: none for a total, and for a word that says no more than 'number'."""
    words = _COUNT.sub("", heading, count=1) if _COUNT.match(heading) else heading
    return frozenset() if not words or is_total(heading) else frozenset({(ACROSS, same(words))})


def _block(
    name: str,
    kind: Measure,
    columns: Sequence[_Column],
    labels: Sequence[_Column],
    rows: Sequence[Row],
    table: StatisticsTable,
) -> Block:
    block = Block(name, kind)
    across = {
        column.position: _category(column.heading) if kind is not Measure.MAGNITUDE or not name else _NONE for column in columns
    }
    shows_zeros = any(_is_zero(cells[column.position]) for _line, cells in rows for column in columns)
    fill = _filler(labels)
    for line, cells in rows:
        categories = fill(cells)
        for column in columns:
            spot = Spot(line, column.position)
            read = read_cell(cells[column.position])
            if read is None:
                table.unread.append(spot)
                continue
            key: Key = categories | across[column.position]
            if isinstance(read, Number):
                cell = Cell(spot, read.value)
            else:  # who shows zeros says of a mark that it is none
                cell = Cell(spot, None, max(read.least, 1.0 if shows_zeros else 0.0), read.greatest)
            if key in block.cells:
                table.repeated.append(Spot(line))
                block.again.append(cell)
            else:
                block.cells[key] = cell
    return block


def _is_zero(cell: str | None) -> bool:
    read = read_cell(cell)
    return isinstance(read, Number) and read.value == 0


def _filler(labels: Sequence[_Column]) -> Callable[[Sequence[str | None]], Key]:
    """What gives a row's categories. An empty one is that of the row above (merged cells), or of a total in the same row."""
    above: dict[int, str] = {}

    def fill(cells: Sequence[str | None]) -> Key:
        found: list[tuple[str, str]] = []
        in_total = False
        for place, column in enumerate(labels):
            written = " ".join((cells[column.position] or "").split())
            if not written and not in_total and any(cells[later.position] for later in labels[place + 1 :]):
                written = above.get(column.position, "")
            above[column.position] = written
            in_total = in_total or is_total(written)
            if written and not is_total(written):
                found.append((heading_key(column.heading) or f"#{place}", same(written)))
        return frozenset(found)

    return fill
