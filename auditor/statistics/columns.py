"""What the columns of a table of statistics are: categories, numbers of one kind, or remarks. What cannot be told is said."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from auditor.intake.readers import UNREADABLE
from auditor.intake.spelling import heading_key, same
from auditor.statistics.codes import is_year, may_be_counts
from auditor.statistics.model import Measure, Settings, Spot
from auditor.statistics.numbers import HeldBack, Number, looks_like_number, read_cell
from auditor.statistics.wording import AVERAGE, COUNTED, is_share, whole_of

Row = tuple[int, Sequence[str | None]]

#: Rows above the headings that hold a title.
_MOST_TITLES = 6
_DIMENSIONS = frozenset(
    map(
        heading_key,
        (
            *("år", "årtal", "läsår", "kalenderår", "månad", "kvartal", "vecka", "datum", "period", "ålder", "åldersgrupp"),
            *("kommun", "kommunkod", "kod", "län", "klass", "årskurs", "födelseår"),
            *("year", "month", "quarter", "week", "age", "code", "municipality"),
        ),
    )
)
#: Headings of categories that are never written as numbers.
_CATEGORIES = frozenset(map(heading_key, ("kön", "kategori", "insats", "område", "enhet", "nämnd", "region", "sex")))
#: Headings of remarks, which may stand to the left of the numbers as well.
_REMARKS = frozenset(
    map(
        heading_key,
        (
            *("anmärkning", "anmärkningar", "kommentar", "kommentarer", "not", "noter", "fotnot", "notering", "upplysning"),
            *("förklaring", "beskrivning", "källa", "note", "notes", "remark", "remarks", "comment", "comments", "source"),
        ),
    )
)
COUNT = re.compile(r"(?:antalet|antal|number of|number|count|frekvens|frequency|värde|value|n)\b *", re.IGNORECASE)


@dataclass(frozen=True)
class Column:
    """A column and what its numbers are (``kind`` None: it holds categories, or remarks)."""

    position: int
    heading: str
    kind: Measure | None


@dataclass
class Columns:
    """The columns of a table. ``unread`` are cells outside the numbers that may be numbers all the same; ``unsure`` are
    columns of which it cannot be told whether they hold counts or categories; ``joined`` are where another table begins."""

    labels: list[Column] = field(default_factory=list)
    numbers: list[Column] = field(default_factory=list)
    unread: list[Spot] = field(default_factory=list)
    unsure: list[Spot] = field(default_factory=list)
    joined: list[Spot] = field(default_factory=list)


def headings_of(headings: list[str], rows: list[Row]) -> tuple[list[str], list[Row]]:
    """The row of headings and the rows below it; titles above it are left out."""
    for _attempt in range(_MOST_TITLES):
        if not rows or not _is_title(headings, rows[0][1]):
            break
        headings, rows = [cell or "" for cell in rows[0][1]], rows[1:]
    return headings, rows


def _is_title(headings: Sequence[str], below: Sequence[str | None]) -> bool:
    """Whether a row is a title: one text alone above a row of several. Over a number it is that column's heading."""
    filled = [position for position, heading in enumerate(headings) if heading.strip()]
    if len(filled) > 1 or sum(bool(cell) for cell in below) <= 1:
        return False
    return all(position == 0 or read_cell(below[position]) is None for position in filled)


def headings_may_be_numbers(headings: Sequence[str], settings: Settings) -> bool:
    """Whether the row of headings may be the first row of numbers, in a file without headings. Years are headings."""
    filled = [(position, heading, read_cell(heading)) for position, heading in enumerate(headings) if heading.strip()]
    numbers = [one for _position, _heading, one in filled if isinstance(one, Number)]
    if numbers:
        several = len({one.value for one in numbers}) == len(numbers) > 1
        named = not headings[0].strip() or heading_key(headings[0]) in _DIMENSIONS | _CATEGORIES
        return not (all(map(is_year, numbers)) and (several or named))
    if any(one is not None and not any(map(str.isalnum, heading)) for _position, heading, one in filled):
        return True
    right = [one for position, _heading, one in filled if position]
    spans = {(one.least, one.greatest) for one in right if isinstance(one, HeldBack) and one.span}
    ages = 1 < len(spans) == len(right)
    return bool(right) and not ages and all(_is_mark(one, settings.threshold) for one in right)


def _is_mark(one: Number | HeldBack | None, threshold: int) -> bool:
    """Whether a heading can be a suppressed number: ``under 18`` is not, where 5 is the least that is shown."""
    return isinstance(one, HeldBack) and (one.greatest is None or one.greatest < threshold)


def columns_of(headings: Sequence[str], rows: Sequence[Row], settings: Settings) -> Columns:
    """What each column is. Text to the right of numbers is a remark, where categories stand to their left; so is what is
    called one."""
    asked = {heading_key(name) for name in settings.dimensions}
    found = Columns()
    beside: list[Spot] = []
    for position, heading in enumerate(headings):
        column = Column(position, " ".join(heading.split()), None)
        cells = [row[1][position] for row in rows]
        key = heading_key(heading)
        remarks = bool(found.labels and (found.numbers or key in _REMARKS)) and key not in asked
        of_number = len(found.numbers)
        if key in asked:
            found.labels.append(column)
        elif _holds_numbers(heading, cells, first=position == 0, after_numbers=bool(found.numbers)):
            told_apart = _told_apart([row[1] for row in rows], found.labels)
            _place_numbers(column, cells, found, alone=len(headings) == 1, told_apart=told_apart)
        else:
            if not remarks:
                found.labels.append(column)
            if position and key not in _DIMENSIONS:
                found.unread += [
                    Spot(row[0], position)
                    for row, cell in zip(rows, cells, strict=True)
                    if _may_be_number(cell, inside=remarks)
                ]
        if len(found.numbers) > of_number:
            found.joined, beside = found.joined + beside, []
        elif remarks and any(cells) and key not in _REMARKS:
            beside.append(Spot(1, position))
    _name_magnitudes(found, headings, settings)
    found.joined += [Spot(line) for line, cells in rows if _is_headings(headings, cells, found.numbers)]
    return found


def _is_headings(headings: Sequence[str], cells: Sequence[str | None], numbers: Sequence[Column]) -> bool:
    """Whether a row is the headings of another table: what the columns of numbers are called, or as many other years."""
    written = [same(cells[column.position] or "") for column in numbers]
    named = [same(headings[column.position]) for column in numbers]
    if not all(written):
        return False
    if written == named:
        return True
    years = [[read_cell(text) for text in texts] for texts in (named, written)]
    if len(numbers) < 2 or not all(isinstance(one, Number) and is_year(one) for row in years for one in row):
        return False
    first, other = ([one.value for one in row if isinstance(one, Number)] for row in years)
    return len({later - earlier for earlier, later in zip(first, other, strict=True)}) == 1


def _place_numbers(column: Column, cells: Sequence[str | None], found: Columns, *, alone: bool, told_apart: bool) -> None:
    """Put a column of numbers where it belongs: years, ages and codes are categories, and a first column may be."""
    numbers = [one for one in map(read_cell, cells) if isinstance(one, Number)]
    says_number = is_share(column.heading) or AVERAGE.search(column.heading) or COUNT.match(column.heading)
    if alone or (column.position and heading_key(column.heading) not in _DIMENSIONS) or (not column.position and says_number):
        found.numbers.append(Column(column.position, column.heading, _kind(column.heading, numbers)))
        return
    found.labels.append(column)
    if heading_key(column.heading) in _DIMENSIONS:
        unread = any(cell and read_cell(cell) is None and looks_like_number(cell) for cell in cells)
        unsure = (unread and bool(found.numbers)) or may_be_counts(
            column.heading, numbers, after_numbers=bool(found.numbers), told_apart=told_apart
        )
    else:
        unsure = bool(column.heading) or not numbers or not all(map(is_year, numbers))
    if unsure:
        found.unsure.append(Spot(1, column.position))


def _told_apart(rows: Sequence[Sequence[str | None]], labels: Sequence[Column]) -> bool:
    """Whether the categories so far name each of several rows by themselves."""
    named = {tuple(cells[column.position] for column in labels) for cells in rows}
    return bool(labels) and len(named) == len(rows) > 1


def _name_magnitudes(found: Columns, headings: Sequence[str], settings: Settings) -> None:
    """Columns of numbers that ``--magnitude`` names are sums; all counts are, where it names none of the table's columns."""
    magnitudes = {heading_key(name) for name in settings.magnitude}
    none_here = bool(magnitudes) and not any(heading_key(heading) in magnitudes for heading in headings)
    for place, column in enumerate(found.numbers):
        if column.kind is Measure.COUNT and (none_here or heading_key(column.heading) in magnitudes):
            found.numbers[place] = Column(column.position, column.heading, Measure.MAGNITUDE)


def _holds_numbers(heading: str, cells: Sequence[str | None], *, first: bool, after_numbers: bool) -> bool:
    """Whether a column is one of numbers and marks, or of what may be numbers: those cells are then told as unread.

    One that is empty is wholly suppressed, unless it is the first.
    """
    filled = [cell for cell in cells if cell]
    if not filled:
        return not first and bool(cells)
    if COUNTED.match(heading):
        return True
    read = [read_cell(cell) for cell in filled]
    likely = [one is not None or looks_like_number(cell) for cell, one in zip(filled, read, strict=True)]
    categories = [isinstance(one, HeldBack) and one.span and not after_numbers for one in read]  # ages are written like 1–4
    sure = any(is_likely and not category for is_likely, category in zip(likely, categories, strict=True))
    return sure and 2 * sum(likely) > len(filled)


def _may_be_number(cell: str | None, *, inside: bool) -> bool:
    """Whether a cell outside the numbers may be one; ``inside``: also one inside a text."""
    if not cell:
        return False
    written_out = inside and (any(map(str.isdigit, cell)) or any(map(looks_like_number, cell.split())))
    return cell == UNREADABLE or written_out or looks_like_number(cell) or isinstance(read_cell(cell), Number)


def _kind(heading: str, numbers: Sequence[Number]) -> Measure:
    if numbers and all(one.share for one in numbers):
        return Measure.SHARE
    fractions = any(not one.value.is_integer() or one.value < 0 for one in numbers)
    if is_share(heading) and not (fractions and whole_of(heading) is None):
        return Measure.SHARE
    return Measure.MAGNITUDE if fractions or AVERAGE.search(heading) else Measure.COUNT
