"""What a mapping holds: which file is which table, which heading is which column, and what the words in the cells mean."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from auditor.intake.tables import TABLES, Column, Type

#: Text columns that name a board or unit; their spelling follows the agreement's.
UNIT_COLUMNS = frozenset({"sender_unit", "recipient_unit", "unit"})
#: Columns that hold several values in one cell.
LIST_TYPES = frozenset({Type.PEOPLE, Type.CONCERNS, Type.FIELDS, Type.GROUNDS})
#: Columns that hold a day or a moment.
TIME_TYPES = frozenset({Type.DATE, Type.START, Type.END, Type.INSTANT})
#: Columns whose cells hold codes, so that words can be mapped to them.
CODED_TYPES = frozenset(Type) - TIME_TYPES - {Type.TEXT, Type.PERSON, Type.PEOPLE, Type.INTEGER}


def is_coded(column: Column) -> bool:
    """Whether the texts of a column are looked up in the vocabulary, and so may be mapped."""
    return column.type in CODED_TYPES or column.name in UNIT_COLUMNS


class Target(NamedTuple):
    """The canonical value that a mapping gives a text (None: the cell says nothing), and where that stands in its file."""

    value: str | None
    line: int
    column: int


@dataclass(frozen=True)
class TableMapping:
    """One table's part of a mapping.

    ``headings`` are the known spellings of each canonical column; ``named`` the one heading that the user gave instead.
    ``ignored`` are headings that the user wants left out. ``values`` are the user's: column -> text as written -> target.
    ``separators`` and ``date_forms`` (strptime) are by column; ``delimiter``, ``sheet`` and ``heading_row`` are of this table's
    files.
    """

    headings: dict[str, tuple[str, ...]] = field(default_factory=dict)
    named: dict[str, str] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    values: dict[str, dict[str, Target]] = field(default_factory=dict)
    separators: dict[str, str] = field(default_factory=dict)
    date_forms: dict[str, str] = field(default_factory=dict)
    delimiter: str | None = None
    sheet: str | None = None
    heading_row: int | None = None

    def spellings(self, column: str) -> Iterator[str]:
        """Every heading that is read as the canonical column: the user's own alone, else all that are known."""
        if column in self.named:
            yield self.named[column]
            return
        yield from self.headings.get(column, ())
        yield column


@dataclass(frozen=True)
class ActNumber:
    """An act's number in the statute book (SFS), the days it was in force (None = open), and names that mean it alone."""

    number: str
    valid_from: date | None
    valid_to: date | None
    names: tuple[str, ...]


@dataclass(frozen=True)
class Act:
    """An act that grounds are cited from: its names, and its numbers (several when a new act took over the name)."""

    names: tuple[str, ...]
    numbers: tuple[ActNumber, ...]


@dataclass(frozen=True)
class Words:
    """The shipped words: by kind of column, canonical value -> spellings; and how places and citations are written."""

    by_type: dict[Type, dict[str, tuple[str, ...]]]
    missing: tuple[str, ...]
    municipality_forms: tuple[str, ...]
    county_forms: tuple[str, ...]
    acts: tuple[Act, ...]
    citation: dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Mapping:
    """The shipped vocabulary, with a user's mapping file on top when there is one (``file`` is its path).

    ``files`` are the user's patterns with the table each means, in the order of the file. ``delimiter`` (between the cells of
    text files), ``sheet`` (of workbooks) and ``heading_row`` (of both, from 1) are those of the whole export; None: found out
    from each file. ``unverified`` names the case system whose layout was only assumed; None: the user's own mapping.
    """

    tables: dict[str, TableMapping]
    words: Words
    files: tuple[tuple[str, str], ...] = ()
    delimiter: str | None = None
    sheet: str | None = None
    heading_row: int | None = None
    file: str | None = None
    unverified: str | None = None

    def separator(self, table: str, column: str) -> str | None:
        """What stands between the elements of a list in this column; None: any of ``;``, ``,`` and ``|``."""
        return self.tables[table].separators.get(column)

    def date_form(self, table: str, column: str) -> str | None:
        """The strptime form of this column's dates that the user gave; None: the usual forms alone."""
        return self.tables[table].date_forms.get(column)

    def delimiter_of(self, table: str) -> str | None:
        """The character between the cells of this table's text files; None: found out from the file."""
        return self.tables[table].delimiter or self.delimiter

    def sheet_of(self, table: str) -> str | None:
        """The worksheet that holds this table; None: found out from the file."""
        return self.tables[table].sheet or self.sheet

    def heading_row_of(self, table: str) -> int | None:
        """The line or row of this table's headings, from 1; None: the first that is not empty."""
        return self.tables[table].heading_row or self.heading_row


def columns_of(table: str, types: frozenset[Type]) -> list[str]:
    """The names of a table's columns of the given types."""
    return [column.name for column in TABLES[table].columns if column.type in types]
