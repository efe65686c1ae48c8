"""From a file's raw cells to tables of statistics: which columns are categories, which are numbers, and what is a total."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from auditor.intake.spelling import heading_key, same
from auditor.release.model import RawTable
from auditor.statistics.columns import COUNT, Column, Row, columns_of, headings_may_be_numbers, headings_of
from auditor.statistics.model import Block, Cell, Key, Measure, Settings, Spot, StatisticsTable
from auditor.statistics.numbers import Number, mark_of, read_cell
from auditor.statistics.texts import tells_small_count
from auditor.statistics.totals import is_total
from auditor.statistics.wording import is_share_row

#: The dimension of the headings, which have no name of their own.
ACROSS = ""
_NONE: Key = frozenset()


def understand_table(raw: RawTable, rows: Sequence[Row], settings: Settings) -> StatisticsTable:
    """The statistics in a table's raw rows (line and cells). A table without numbers has no blocks."""
    headings, rows = headings_of(list(raw.headings), list(rows))
    columns = columns_of(headings, rows, settings)
    labels, numbers = columns.labels, columns.numbers
    table = StatisticsTable(
        raw,
        unread=columns.unread,
        unsure=columns.unsure,
        joined=columns.joined,
        headings=[" ".join(one.split()) for one in headings],
    )
    if not numbers:
        return table
    if headings_may_be_numbers(headings, settings):
        table.unheaded.append(Spot(1))
    kept = _without_notes(rows, numbers)
    shares, counts = _share_rows(kept, labels)
    for kind in Measure:
        of_kind = [column for column in numbers if column.kind is kind]
        for name, group in _groups(of_kind, kind, settings):
            table.blocks.append(_block(name, kind, group, labels, counts if kind is Measure.COUNT else kept, table))
            if kind is Measure.COUNT and shares:
                table.blocks.append(_block(name, Measure.SHARE, group, labels, shares, table))
    table.told = [Spot(1, place) for place, heading in enumerate(headings) if tells_small_count(heading, settings.threshold)]
    for line, cells in kept:
        written = [(column.position, cells[column.position] or "") for column in labels]
        table.told += [Spot(line, place) for place, cell in written if tells_small_count(cell, settings.threshold)]
        if all(not cells[column.position] for column in numbers):
            table.bare.append(Spot(line))
    table.repeated = list(dict.fromkeys(table.repeated))
    return table


def _without_notes(rows: Sequence[Row], numbers: Sequence[Column]) -> list[Row]:
    """The rows without those above the first and below the last that have something among the numbers: notes and sources.

    A number without categories is no note: it is kept, and judged.
    """
    there = [place for place, row in enumerate(rows) if any(row[1][column.position] for column in numbers)]
    return list(rows[there[0] : there[-1] + 1]) if there else []


def _share_rows(rows: Sequence[Row], labels: Sequence[Column]) -> tuple[list[Row], list[Row]]:
    """The rows that say of themselves that they hold shares, and the others."""
    found: tuple[list[Row], list[Row]] = ([], [])
    for row in rows:
        found[not any(is_share_row(row[1][column.position] or "") for column in labels)].append(row)
    return found


def _groups(columns: Sequence[Column], kind: Measure, settings: Settings) -> list[tuple[str, list[Column]]]:
    """The columns of one kind that are categories of one dimension, under the name of what they count."""
    if not columns:
        return []
    magnitudes = {heading_key(name) for name in settings.magnitude}
    if kind is Measure.MAGNITUDE and (len(columns) == 1 or all(heading_key(one.heading) in magnitudes for one in columns)):
        return [(same(column.heading), [column]) for column in columns]
    totals = [column for column in columns if is_total(column.heading)]
    if not totals and all(COUNT.match(column.heading) for column in columns):
        return [("", [column]) for column in columns]
    return [("", list(columns))]


def _category(heading: str) -> Key:
    """The category that the heading of a column is: none for a total, and for a word that says no more than 'number'."""
    words = COUNT.sub("", heading, count=1) if COUNT.match(heading) else heading
    return frozenset() if not words or is_total(heading) else frozenset({(ACROSS, same(words))})


def _block(
    name: str,
    kind: Measure,
    columns: Sequence[Column],
    labels: Sequence[Column],
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
            if read is None or (isinstance(read, Number) and read.share and kind is not Measure.SHARE):
                table.unread.append(spot)
                continue
            key: Key = categories | across[column.position]
            if isinstance(read, Number):
                cell = Cell(spot, read.value, decimals=read.decimals, per_cent=read.share)
            else:  # who shows zeros says of a mark that it is none
                least = max(read.least, 1.0 if shows_zeros else 0.0)
                cell = Cell(spot, None, least, read.greatest, mark=mark_of(cells[column.position]))
            if key in block.cells:
                table.repeated.append(Spot(line))
                block.again.append(cell)
            else:
                block.cells[key] = cell
    return block


def _is_zero(cell: str | None) -> bool:
    read = read_cell(cell)
    return isinstance(read, Number) and read.value == 0


def _filler(labels: Sequence[Column]) -> Callable[[Sequence[str | None]], Key]:
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
