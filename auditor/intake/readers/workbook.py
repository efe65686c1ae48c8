"""XLSX: one sheet of a workbook as rows of text, read in a stream."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from auditor.intake.files import tables_named
from auditor.intake.readers.cells import CellWriter
from auditor.intake.readers.limits import MIB, as_count
from auditor.intake.readers.model import UNREADABLE
from auditor.intake.readers.separated import check_headings
from auditor.intake.readers.sheet_numbers import Shape, number_text, shape_of
from auditor.intake.readers.source import Source
from auditor.intake.readers.workbook_parts import DamagedError, Parts, Walk, relations
from auditor.words import _

_LAST_ROW = 1_048_576
_LAST_COLUMN = 16_384
_BATCH_ROWS = 5_000
_BATCH_CHARACTERS = 8 * MIB
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass
class _Book:
    """What the cells of every sheet refer to, and the sheets as names and parts, in their order."""

    sheets: list[tuple[str, str]]
    strings: list[str]
    shapes: list[Shape]
    from_1904: bool


def read_workbook(source: Source, cells: CellWriter, path: Path, sheet: str | None) -> tuple[str, ...]:
    """Read the rows of one sheet into ``cells``; its headings, which are the cells of the first row that is not empty.

    ``path`` is the unpacked workbook. ``sheet`` None: the only sheet that has cells, or the only one of those whose name names
    the file's table. Hidden sheets, rows and columns count like others.
    Raises UserError when the workbook is damaged, locked or over the limits, or when it is not clear which sheet is meant.
    """
    parts = Parts(path, source)
    try:
        book = _open_book(parts, source)
        part = _choose(parts, source, book, sheet)
        rows = _Rows(source, cells)
        parts.read(part, _Sheet(source, book, rows.take))
        return rows.finish()
    finally:
        parts.close()


def _open_book(parts: Parts, source: Source) -> _Book:
    start = [name for kind, name in relations(parts, "").values() if kind == "officeDocument"]
    if len(start) != 1 or not start[0].casefold().endswith(".xml"):
        raise parts.damaged()
    walk = _Workbook()
    parts.read(start[0], walk)
    related = relations(parts, start[0])
    sheets = [(name, related[key][1]) for name, key in walk.sheets if related.get(key, ("", ""))[0] == "worksheet"]
    styles = _Styles()
    strings = _Strings(source)
    for kind, name in related.values():
        if kind == "styles" and parts.has(name):
            parts.read(name, styles)
        elif kind == "sharedStrings" and parts.has(name):
            parts.read(name, strings)
    return _Book(sheets, strings.found, styles.shapes(), walk.from_1904)


def _choose(parts: Parts, source: Source, book: _Book, wanted: str | None) -> str:
    """The part of the sheet to read."""
    if wanted is not None:
        matching = [part for name, part in book.sheets if _same(name) == _same(wanted)]
        if len(matching) != 1:
            raise source.fault(
                _("The workbook has no sheet of the name that the mapping file gives; it has {count} sheets.").format(
                    count=len(book.sheets)
                ),
                _("Give the sheet's name in the mapping file as it stands in Excel."),
            )
        return matching[0]
    filled = [
        (position, name, part) for position, (name, part) in enumerate(book.sheets, 1) if _has_cells(parts, source, book, part)
    ]
    if not filled:
        raise source.fault(
            _("The workbook has no sheet with cells."), _("Export it again; a sheet must at least hold the headings.")
        )
    named = [(position, name, part) for position, name, part in filled if tables_named(name) == {source.file.table}]
    for candidates in (filled, named):
        if len(candidates) == 1:
            return candidates[0][2]
    raise source.fault(
        _("The workbook has {count} sheets with cells, at positions {positions}, and it is not clear which to read.").format(
            count=len(filled), positions=", ".join(str(position) for position, _name, _part in filled)
        ),
        _("Remove the others, name the sheet '{table}', or give the sheet's name in a mapping file.").format(
            table=source.file.table
        ),
    )


def _same(name: str) -> str:
    return unicodedata.normalize("NFC", name).strip().casefold()


def _has_cells(parts: Parts, source: Source, book: _Book, part: str) -> bool:
    walk: _Sheet

    def see(_row: int, _cells: list[str | None]) -> None:
        walk.enough = True

    walk = _Sheet(source, book, see)
    parts.read(part, walk)
    return walk.enough


class _Rows:
    """Rows of a sheet on their way to the cells: the first is the headings, and any may be wider than those before."""

    def __init__(self, source: Source, cells: CellWriter) -> None:
        self._source = source
        self._cells = cells
        self._headings: list[str] | None = None
        self._rows: list[list[str | None]] = []
        self._numbers: list[int] = []
        self._characters = 0  # of the rows that wait
        self._written_out = 0  # characters of all rows

    def take(self, number: int, row: list[str | None]) -> None:
        """A row of the sheet that is not empty; ``number`` is that of the sheet, from 1."""
        if self._headings is None:
            self._headings = [(cell or "").strip() for cell in row]
            check_headings(self._source, self._headings, line=number)
            return
        if len(row) > len(self._headings):
            self._headings.extend([""] * (len(row) - len(self._headings)))
            check_headings(self._source, self._headings, line=number)
        self._rows.append(row)
        self._numbers.append(number)
        characters = sum(len(cell) for cell in row if cell)
        self._characters += characters
        self._written_out += characters
        self._source.check_text(self._written_out)
        if len(self._rows) >= _BATCH_ROWS or self._characters >= _BATCH_CHARACTERS:
            self._write(len(self._headings))

    def _write(self, width: int) -> None:
        for row in self._rows:
            row.extend([None] * (width - len(row)))
        self._cells.add(self._rows, self._numbers, width)
        self._rows, self._numbers, self._characters = [], [], 0

    def finish(self) -> tuple[str, ...]:
        """Write what is left; the headings."""
        if self._headings is None:
            raise self._source.fault(_("The sheet is empty."), _("Export it again; it must at least hold the row of headings."))
        self._write(len(self._headings))
        return tuple(self._headings)


class _Workbook(Walk):
    """The names and relations of the sheets, and from when days are counted."""

    def __init__(self) -> None:
        super().__init__(0)
        self.sheets: list[tuple[str, str]] = []
        self.from_1904 = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            key = next((value for key, value in attributes.items() if key.rpartition(":")[2] == "id"), "")
            self.sheets.append((attributes.get("name", ""), key))
        elif name == "workbookPr":
            self.from_1904 = attributes.get("date1904") in ("1", "true", "on")


class _Styles(Walk):
    """What each style of cells makes of a number."""

    def __init__(self) -> None:
        super().__init__(0)
        self._codes: dict[str, str] = {}
        self._formats: list[str] = []
        self._in_cell_formats = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "numFmt":
            self._codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            self._in_cell_formats = True
        elif name == "xf" and self._in_cell_formats:
            self._formats.append(attributes.get("numFmtId", "0"))

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self._in_cell_formats = False

    def shapes(self) -> list[Shape]:
        """The shape of numbers for each style, in their order."""
        return [shape_of(number, self._codes.get(number)) for number in self._formats]


class _Strings(Walk):
    """The texts that cells refer to by number. Runs of rich text are joined; readings of Japanese are left out."""

    def __init__(self, source: Source) -> None:
        super().__init__(source.limits.workbook_cell_characters)
        self.found: list[str] = []
        self._source = source
        self._aside = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "t" and not self._aside:
            self.collect()
        elif name == "rPh":
            self._aside = True

    def end(self, name: str) -> None:
        if name == "t":
            self.pause()
        elif name == "rPh":
            self._aside = False
        elif name == "si":
            self.found.append(_plain(self.collected()))
            if len(self.found) > self._source.limits.workbook_strings:
                raise self._source.bomb(
                    _("The workbook has more than {limit} texts.").format(limit=as_count(self._source.limits.workbook_strings))
                )


def _plain(text: str | None) -> str:
    """A text with its escapes (``_x000D_``) read; UNREADABLE when it was too long or holds no characters."""
    if text is None:
        return UNREADABLE
    if "_x" in text:
        text = _ESCAPED.sub(lambda found: chr(int(found.group(1), 16)), text)
        if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
            return UNREADABLE
    return text


class _Sheet(Walk):
    """The rows of a sheet that hold something, each told to ``take`` with its number.

    Cells and their values are most of a workbook: they are met before the prefix of their names is taken off.
    """

    def __init__(self, source: Source, book: _Book, take: Callable[[int, list[str | None]], None]) -> None:
        super().__init__(source.limits.workbook_cell_characters)
        self._book = book
        self._take = take
        self._columns: dict[str, int] = {}  # from letters to position, from 1
        self._cell_name, self._value_name = "c", "v"
        self._row_number = 0
        self._row: list[str | None] = []
        self._column = 0
        self._type = ""
        self._style = ""
        self._in_cell = self._computed = self._valued = False
        self._aside = False

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == self._cell_name:
            if self._in_cell:
                raise DamagedError
            self._in_cell = True
            reference = attributes.get("r")
            self._column = self._position(reference.rstrip("0123456789")) if reference else self._column + 1
            if self._column > _LAST_COLUMN:
                raise DamagedError
            self._type = attributes.get("t", "")
            self._style = attributes.get("s", "")
            self._computed = self._valued = False
        elif name == self._value_name:
            if not self._in_cell or self._valued:
                raise DamagedError
            self._valued = self._collecting = True
        else:
            super()._start(name, attributes)

    def _end(self, name: str) -> None:
        if name == self._value_name:
            self._collecting = False
        elif name == self._cell_name:
            self._in_cell = False
            text = self.collected()
            if text != "":
                self._put(self._value(text))
            elif self._computed and not self._valued:  # a formula whose result was never saved
                self._put(UNREADABLE)
        else:
            super()._end(name)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "worksheet":
            self._cell_name, self._value_name = f"{self.prefix}c", f"{self.prefix}v"
        elif name == "row":
            number = attributes.get("r", "")
            self._row_number = int(number) if number.isdecimal() and len(number) <= 7 else self._row_number + 1
            if self._row_number > _LAST_ROW:
                raise DamagedError
            self._row, self._column = [], 0
        elif name == "t" and self._in_cell and not self._aside:
            self.collect()
        elif name == "f":
            self._computed = True
        elif name == "rPh":
            self._aside = True
        elif name in ("c", "v"):  # under another prefix than the sheet's own
            raise DamagedError

    def end(self, name: str) -> None:
        if name == "row":
            if not self.enough and any(cell is not None and cell.strip() for cell in self._row):
                self._take(self._row_number, self._row)
            self._row = []
        elif name == "t":
            self.pause()
        elif name == "rPh":
            self._aside = False

    def _put(self, cell: str) -> None:
        missing = self._column - len(self._row)
        if missing > 0:
            self._row.extend([None] * missing)
        self._row[self._column - 1] = cell

    def _position(self, letters: str) -> int:
        position = self._columns.get(letters, 0)
        if not position:
            for letter in letters:
                if not "A" <= letter <= "Z" or len(letters) > 3:
                    raise DamagedError
                position = position * 26 + ord(letter) - ord("A") + 1
            self._columns[letters] = position
        return position

    def _value(self, text: str | None) -> str:
        """A cell's text by its type: of numbers as they are written in full, of dates as the style says."""
        if text is None or self._type == "e":
            return UNREADABLE
        if self._type in ("str", "inlineStr"):
            return _plain(text)
        text = text.strip()
        if self._type == "s":
            number = int(text) if text.isdecimal() and len(text) < 10 else len(self._book.strings)
            return self._book.strings[number] if number < len(self._book.strings) else UNREADABLE
        if self._type == "b":
            return {"1": "true", "0": "false"}.get(text, text)
        style = int(self._style) if self._style.isdecimal() and len(self._style) < 10 else 0
        shape = self._book.shapes[style] if style < len(self._book.shapes) else Shape.NUMBER
        if self._type == "d":
            moment = text.replace("T", " ")
            return moment.removesuffix(" 00:00:00") if shape is Shape.DATE else moment
        return number_text(text, shape, from_1904=self._book.from_1904)
