"""XLSX: one sheet of a workbook as rows of text. openpyxl reads it, once every part has been unpacked under the limits."""

from __future__ import annotations

import itertools
import math
import re
import unicodedata
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO
from xml.parsers import expat

from openpyxl import load_workbook
from openpyxl.styles.numbers import STRIP_RE, is_datetime
from openpyxl.utils.escape import unescape

from auditor.errors import UserError
from auditor.intake.files import Form, InputFile, tables_named
from auditor.intake.readers.cells import CellWriter
from auditor.intake.readers.limits import KIB, MIB, Limits, as_count, as_size
from auditor.intake.readers.merged_cells import refuse_merged_headings
from auditor.intake.readers.model import UNREADABLE
from auditor.intake.readers.separated import check_headings
from auditor.intake.readers.source import Source
from auditor.words import _

_LAST_ROW = 1_048_576
_BATCH_ROWS = 5_000
_BATCH_CHARACTERS = 8 * MIB
_BLOCK_BYTES = 256 * KIB
_OLD_EXCEL_OR_PASSWORD = b"\xd0\xcf\x11\xe0"
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # the others cannot be unpacked in small blocks
# The end of a formula, and no result after it: <f>A1</f></c>, <f si="0"/><v/> or <f>A1</f><v></v>
_NO_RESULT = re.compile(rb"(</(\w+:)?f>|<(\w+:)?f\b[^<>]*/>)\s*(</(\w+:)?c>|<(\w+:)?v\s*(/>|></))")
_NO_RESULT_BYTES = 128  # of it may stand in the block before
_ROW_NUMBER = re.compile(rb"""<(?:\w+:)?row\s(?:[^<>]*?\s)?r=["'](\d{1,9})["']""")
_MOST_OF_A_TAG = 4_096  # of it may stand in the block before
_LARGEST_WHOLE = 1e15  # spreadsheets keep fifteen digits
_NO_CHARACTER = re.compile("[\0\ud800-\udfff]")


def read_workbook(
    source: Source, cells: CellWriter, path: Path, sheet: str | None, heading_row: int | None = None
) -> tuple[str, ...]:
    """Read the rows of one sheet into ``cells``; its headings.

    The headings stand in the row ``heading_row``, from 1, and what stands above is passed over; None: in the first row that
    is not empty.

    ``path`` is the unpacked workbook. ``sheet`` None: the only sheet that has cells, or the only one of those whose name names
    the file's table. Hidden sheets, rows and columns count like others.
    Raises UserError when the workbook is damaged, locked or over the limits, or when it is not clear which sheet is meant.
    """
    with _looked_through(source, path) as (file, unsaved):
        chosen = _choose(source, _open_sheets(source, file, with_formulas=unsaved), sheet)
        rows = _Rows(source, cells)
        for number, row in chosen.rows():
            if heading_row is None:
                heading_row = number
            if rows.before_headings and heading_row < number:
                raise source.no_headings_at(heading_row)
            if number >= heading_row:
                rows.take(number, row)
        if heading_row is not None and rows.before_headings:
            raise source.no_headings_at(heading_row)
        with _damage(source):
            refuse_merged_headings(source, file, chosen.values, heading_row or 1)
        return rows.finish()


def sample_workbook(source: Source, path: Path, sheet: str | None, most: int) -> Iterator[tuple[int, list[str | None]]]:
    """The first rows of the sheet that ``read_workbook`` would read, at most so many, with their numbers. Raises as it does."""
    with _looked_through(source, path) as (file, _unsaved):
        yield from itertools.islice(_choose(source, _open_sheets(source, file, with_formulas=False), sheet).rows(), most)


# ------------------------------------------------------------------------------------------- before the library sees the file


@contextmanager
def _looked_through(source: Source, path: Path) -> Iterator[tuple[BinaryIO, bool]]:
    """A workbook that was looked through and may be given to openpyxl, and whether a formula in it has no saved result."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise source.unreadable() from error
    with file, warnings.catch_warnings():
        # openpyxl warns of styles and links that it does not know, and of dates that are none, with the cell's value
        warnings.filterwarnings("ignore", module=r"openpyxl\.")
        yield file, _inspect(source, file)


@contextmanager
def _damage(source: Source) -> Iterator[None]:
    """Whatever the libraries raise inside is told as damage. Their own words are dropped: they may hold a cell's text."""
    try:
        yield
    except (UserError, MemoryError):
        raise
    except Exception:
        raise source.fault(
            _("The file is no workbook (XLSX), or is damaged."),
            _("Open it in Excel, save it as an Excel workbook (.xlsx) and run again."),
        ) from None


def _inspect(source: Source, file: BinaryIO) -> bool:
    """Unpack every part in small blocks, and refuse a workbook that is locked, a bomb, or defines entities of its own.

    The library unpacks parts whole and follows such definitions. Returns whether a formula may lack its saved result.
    """
    if file.read(len(_OLD_EXCEL_OR_PASSWORD)) == _OLD_EXCEL_OR_PASSWORD:
        raise source.fault(
            _("The workbook is protected by a password, or is of the old form (.xls)."),
            _("Open it in Excel, remove the password, save it as an Excel workbook (.xlsx) and run again."),
        )
    unpacked, unsaved = 0, False
    with _damage(source), zipfile.ZipFile(file) as parts:
        entries = parts.infolist()
        if len(entries) > source.limits.workbook_parts:
            raise source.bomb(
                _("The workbook has more than {limit} parts.").format(limit=as_count(source.limits.workbook_parts))
            )
        for entry in entries:
            if entry.flag_bits & 1:
                raise source.fault(
                    _("The workbook is protected by a password."),
                    _("Remove the password in Excel, save the workbook and run again."),
                )
            if entry.compress_type not in _METHODS:
                raise NotImplementedError
            parser = expat.ParserCreate()
            parser.StartDoctypeDeclHandler = _refuse  # without a document type no entity can be defined
            before, rows = b"", _RisingRows()
            with parts.open(entry) as part:
                while block := part.read(_BLOCK_BYTES):
                    unpacked += len(block)
                    _check_size(source, unpacked)
                    unsaved = unsaved or _NO_RESULT.search(before + block) is not None
                    before = block[-_NO_RESULT_BYTES:]
                    rows.read(block)
                    with suppress(expat.ExpatError):  # pictures, and what is no XML for the library either
                        parser.Parse(block)
    return unsaved


class _RisingRows:
    """Holds the numbers of a sheet's rows against each other: the library drops a row whose number is not above the last
    one's, and says nothing."""

    def __init__(self) -> None:
        self._rest = b""
        self._last = 0
        self._in_sheet: bool | None = None  # parts with other sheets' rows begin anew for each

    def read(self, block: bytes) -> None:
        """Read on. Raises ValueError for a row that would be dropped."""
        if self._in_sheet is None:
            self._in_sheet = b"worksheet" in block[:_MOST_OF_A_TAG]
        if not self._in_sheet:
            return
        block = self._rest + block
        end = block.rfind(b">") + 1
        for found in _ROW_NUMBER.finditer(block, 0, end):
            number = int(found[1])
            if number <= self._last:
                raise ValueError
            self._last = number
        self._rest = block[end:][-_MOST_OF_A_TAG:]


def _check_size(source: Source, unpacked: int) -> None:
    limits = source.limits
    if unpacked > limits.workbook_bytes:
        raise source.bomb(_("The file unpacks to more than {size}.").format(size=as_size(limits.workbook_bytes)))
    if unpacked > limits.workbook_ratio_from and unpacked > limits.workbook_ratio * source.size:
        raise source.bomb(
            _("The file unpacks to more than {ratio} times its size and more than {size}.").format(
                ratio=limits.workbook_ratio, size=as_size(limits.workbook_ratio_from)
            )
        )


def _refuse(*_declaration: object) -> None:
    raise ValueError


# -------------------------------------------------------------------------------------------------------- sheets and their rows


@dataclass(frozen=True)
class _Sheet:
    """A sheet as openpyxl reads it: with the saved results of formulas; where one is missing, once more with the formulas."""

    source: Source
    name: str
    values: Any
    formulas: Any

    def rows(self) -> Iterator[tuple[int, list[str | None]]]:
        """The rows that hold something, each with its number in the sheet, up to the last cell that does."""
        longest = self.source.limits.workbook_cell_characters
        with _damage(self.source):
            formulas = self.formulas.iter_rows() if self.formulas else itertools.repeat(())
            for number, (cells, computed) in enumerate(zip(self.values.iter_rows(), formulas, strict=False), start=1):
                if number > _LAST_ROW:
                    raise ValueError
                row = [_text(cell, longest) for cell in cells]
                for position, cell in enumerate(computed):
                    if cell.data_type == "f" and cells[position].value is None and cells[position].data_type != "str":
                        row[position] = UNREADABLE  # a formula whose result was never saved
                while row and not row[-1]:
                    row.pop()
                if any(cell and cell.strip() for cell in row):
                    yield number, row


def _open_sheets(source: Source, file: BinaryIO, *, with_formulas: bool) -> list[_Sheet]:
    with _damage(source):
        values = load_workbook(file, read_only=True, data_only=True, keep_links=False).worksheets
        written: list[Any] = [None] * len(values)
        if with_formulas:
            written = load_workbook(file, read_only=True, data_only=False, keep_links=False).worksheets
        for sheet in (*values, *filter(None, written)):
            sheet.reset_dimensions()  # what the sheet says of its own size may be wrong
        return [_Sheet(source, one.title, one, other) for one, other in zip(values, written, strict=True)]


def _choose(source: Source, sheets: list[_Sheet], wanted: str | None) -> _Sheet:
    """The sheet to read."""
    if wanted is not None:
        matching = [sheet for sheet in sheets if _same(sheet.name) == _same(wanted)]
        if len(matching) != 1:
            raise source.fault(
                _("The workbook has no sheet of the name that the mapping file gives; it has {count} sheets.").format(
                    count=len(sheets)
                ),
                _("Give the sheet's name in the mapping file as it stands in Excel."),
            )
        return matching[0]
    filled = [(position, sheet) for position, sheet in enumerate(sheets, start=1) if next(sheet.rows(), None)]
    if not filled:
        raise source.fault(
            _("The workbook has no sheet with cells."),
            _("Save it as an Excel workbook (.xlsx, not Strict Open XML); a sheet must at least hold the headings."),
        )
    named = [(position, sheet) for position, sheet in filled if tables_named(sheet.name) == {source.file.table}]
    for candidates in (filled, named):
        if len(candidates) == 1:
            return candidates[0][1]
    raise source.fault(
        _("The workbook has {count} sheets with cells, at positions {positions}, and it is not clear which to read.").format(
            count=len(filled), positions=", ".join(str(position) for position, _sheet in filled)
        ),
        _("Remove the others, name the sheet '{table}', or give the sheet's name in a mapping file.").format(
            table=source.file.table
        ),
    )


def _same(name: str) -> str:
    return unicodedata.normalize("NFC", name).strip().casefold()


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

    @property
    def before_headings(self) -> bool:
        """Whether no row was taken yet."""
        return self._headings is None

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


# ---------------------------------------------------------------------------------------------------------------- cells as text


def _text(cell: Any, longest: int) -> str | None:
    """A cell of openpyxl's as text.

    Whole numbers below 10^15 have no decimals. A day is ``2026-10-03`` where the cell's format shows no time and it has none,
    else ``2026-10-03 00:00:00`` with the fraction of a second when there is one; a time below a day is ``14:05:00``.
    UNREADABLE for errors, for what is no number or no day, and for texts longer than ``longest`` characters.
    """
    value = cell.value
    if value is None:
        return None
    if cell.data_type == "e":
        return UNREADABLE
    if isinstance(value, str):
        if len(value) > longest:
            return UNREADABLE
        if "_x" in value:  # as in _x000D_
            value = unescape(value)
            return UNREADABLE if _NO_CHARACTER.search(value) else str(value)
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if not math.isfinite(value):
            return UNREADABLE
        return str(int(value)) if value.is_integer() and abs(value) < _LARGEST_WHOLE else repr(value)
    if isinstance(value, datetime):
        if value.year < 1900:  # from a negative number
            return UNREADABLE
        return str(value).removesuffix(" 00:00:00") if _is_day(cell.number_format) else str(value)
    return str(value)


@lru_cache
def _is_day(number_format: str) -> bool:
    """Whether a cell's format shows a date and no time. Texts in quotation marks and languages in brackets say nothing."""
    return bool(is_datetime(STRIP_RE.sub("", number_format).lower()) == "date")


@contextmanager
def small_workbook(path: Path, limits: Limits) -> Iterator[Any]:
    """A workbook that is no log: opened by openpyxl for reading only, its formulas as text and nothing in it computed.

    Raises UserError when it is damaged, locked or over the limits; also for what goes wrong inside the block.
    """
    source = Source(InputFile(path, path.name, "", Form.XLSX, gzipped=False), limits)
    with _looked_through(source, path) as (file, _unsaved), _damage(source):
        book = load_workbook(file, read_only=True, data_only=False, keep_links=False)
        try:
            yield book
        finally:
            book.close()
