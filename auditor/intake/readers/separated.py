"""CSV: a delimiter found in the heading, records that may span lines, and torn records that never swallow their neighbours."""

from __future__ import annotations

import codecs
import csv
import io
import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

import pyarrow as pa
import pyarrow.csv as arrow_csv

from auditor.errors import UserError
from auditor.intake.readers.cells import CellWriter, column_names
from auditor.intake.readers.limits import LIMITS, as_count
from auditor.intake.readers.model import Torn
from auditor.intake.readers.source import Source
from auditor.intake.readers.text import Encoding, Lines, TornLine, decide_encoding, read_lines, split_lines
from auditor.words import _

DELIMITERS = (";", ",", "\t", "|")
#: Reading a short line costs as much as reading so many characters.
_LINE_COST = 100
_DECLARED_DELIMITER = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
_QUOTED = re.compile(r'"[^"]*"')

csv.field_size_limit(max(csv.field_size_limit(), LIMITS.record_characters))


def read_separated(source: Source, cells: CellWriter, delimiter: str | None, heading_row: int | None = None) -> tuple[str, ...]:
    """Read a CSV file's rows into ``cells``; its headings.

    ``delimiter`` None: found in the file. ``heading_row`` is the line of the headings, from 1, and what stands above is passed
    over; None: the first line that is not blank.
    Raises UserError when there is no heading that can be read, or two headings are the same.
    """
    encoding = decide_encoding(source)
    pieces = read_lines(source, encoding)
    heading = _read_heading(source, encoding, pieces, delimiter, heading_row)
    reader = _Records(source, cells, encoding, heading.delimiter, len(heading.names))
    for piece in itertools.chain(heading.rest, pieces):
        if isinstance(piece, Lines):
            reader.read(piece)
        else:
            reader.pass_over(piece)
    reader.end()
    return heading.names


def declared_delimiter(line: str) -> str | None:
    """The delimiter that a line such as ``sep=;`` declares; None for any other line, and for one that is not read."""
    declared = _DECLARED_DELIMITER.fullmatch(line)
    return declared[1] if declared and declared[1] in DELIMITERS else None


def check_headings(source: Source, headings: Sequence[str], *, line: int | None = None) -> None:
    """Raise UserError when two headings are the same (in any case), or there are more columns than the limit.

    Empty headings are unnamed columns and may repeat.
    """
    if len(headings) > source.limits.columns:
        raise source.fault(
            _("The file has more than {limit} columns.").format(limit=as_count(source.limits.columns)),
            _("Check that it was exported with the right separator and holds the table alone."),
            line=line,
        )
    seen: dict[str, int] = {}
    for position, heading in enumerate(headings, start=1):
        name = unicodedata.normalize("NFC", heading).casefold()
        if name and name in seen:
            raise source.fault(
                _("The headings at positions {first} and {second} are the same.").format(first=seen[name], second=position),
                _("Give every column a heading of its own, or remove one of the columns."),
                line=line,
                column=position,
            )
        seen[name] = position


class _Heading:
    """The heading of a CSV file, the delimiter, and the lines of its group that come after it."""

    def __init__(self, names: tuple[str, ...], delimiter: str, rest: list[Lines]) -> None:
        self.names = names
        self.delimiter = delimiter
        self.rest = rest


def _read_heading(
    source: Source, encoding: Encoding, pieces: Iterator[Lines | TornLine], delimiter: str | None, heading_row: int | None
) -> _Heading:
    above = heading_row or 1
    lines, number = _first_written_line(source, encoding, pieces, torn_until=above)
    declared = _DECLARED_DELIMITER.fullmatch(lines[0])
    if declared:
        delimiter = delimiter or declared.group(1)
    if declared or number < above:
        rest = itertools.chain([Lines(number + 1, "".join(lines[1:]))], pieces)
        lines, number = _first_written_line(source, encoding, rest, at_least=above, torn_until=above)
    if heading_row is not None and number != heading_row:
        raise source.no_headings_at(heading_row)
    if delimiter is not None and delimiter not in DELIMITERS:
        raise source.fault(
            _("The declared separator is not one of those that are read."),
            _("Use semicolon, comma, tab or vertical bar."),
            line=number,
        )
    count = 1
    while "".join(lines[:count]).count('"') % 2:  # a heading with line breaks inside quotes
        if count == len(lines):
            piece = next(pieces, None)
            if not isinstance(piece, Lines):
                raise _unreadable_heading(source, number)
            lines += split_lines(piece.text, encoding)
        count += 1
        if count > source.limits.record_lines:
            raise _unreadable_heading(source, number)
    text = "".join(lines[:count])
    outside_quotes = _QUOTED.sub("", text)
    delimiter = delimiter or max(DELIMITERS, key=outside_quotes.count)
    try:
        (record,) = csv.reader(lines[:count], delimiter=delimiter, strict=True)
    except (csv.Error, ValueError) as error:
        raise _unreadable_heading(source, number) from error
    names = tuple(name.strip() for name in record)
    check_headings(source, names, line=number)
    return _Heading(names, delimiter, [Lines(number + count, "".join(lines[count:]))])


def _first_written_line(
    source: Source, encoding: Encoding, pieces: Iterable[Lines | TornLine], *, at_least: int = 1, torn_until: int = 1
) -> tuple[list[str], int]:
    """The lines of a group from the first that is not blank, and its number, which is no less than ``at_least``.

    A torn line before ``torn_until`` is passed over.
    """
    for piece in pieces:
        if isinstance(piece, TornLine):
            if piece.line < torn_until:
                continue
            raise _torn_heading(source, piece)
        lines = split_lines(piece.text, encoding)
        for index, line in enumerate(lines):
            if line.strip() and piece.first + index >= at_least:
                return lines[index:], piece.first + index
    if at_least > 1:
        raise source.no_headings_at(at_least)
    raise source.fault(_("The file is empty."), _("Export it again; it must at least hold the line of headings."))


def _torn_heading(source: Source, piece: TornLine) -> UserError:
    if piece.reason is Torn.NUL_BYTE:
        return source.fault(
            _("The line of headings holds NUL bytes; the file may be UTF-16 without a byte order mark."),
            _("Save it as UTF-8 (in Excel: CSV UTF-8) and run again."),
            line=piece.line,
        )
    if piece.reason is Torn.UNDECODABLE:
        return source.fault(
            _("The line of headings is not in the encoding of the rest of the file."),
            _("Save the file as UTF-8 (in Excel: CSV UTF-8) and run again."),
            line=piece.line,
        )
    return _unreadable_heading(source, piece.line)


def _unreadable_heading(source: Source, line: int) -> UserError:
    return source.fault(
        _("The line of headings cannot be read."),
        _("The first line must hold the columns' headings between separators, with every quotation mark closed."),
        line=line,
    )


class _Records:
    """Takes groups of lines apart into records of ``width`` cells.

    A record over several lines that is wrong in any way is given up as its first line only, and reading goes on at the next
    line, so that a quotation mark left open costs one row and not the rest of the file. How much may be read again for that
    is limited, since hostile quotes could make every line the beginning of a long broken record.
    """

    def __init__(self, source: Source, cells: CellWriter, encoding: Encoding, delimiter: str, width: int) -> None:
        self._source = source
        self._limits = source.limits
        self._cells = cells
        self._encoding = encoding
        self._delimiter = delimiter
        self._width = width
        self._open: list[str] = []  # the lines of a record that was not finished when its group ended
        self._open_first = 0
        self._rows: list[list[str]] = []
        self._numbers: list[int] = []
        self._read_again = 0

    def read(self, piece: Lines) -> None:
        """Read a group of lines that follows what was read before."""
        if not piece.text or (not self._open and self._read_plain(piece)):
            return
        lines = split_lines(piece.text, self._encoding)
        if self._open:
            self._read_carefully(self._open + lines, self._open_first, more=True)
        else:
            self._read_carefully(lines, piece.first, more=True)

    def pass_over(self, piece: TornLine) -> None:
        """A torn line: no record reaches across it."""
        self.end()
        self._cells.tear(piece.line, piece.reason)

    def end(self) -> None:
        """No line follows."""
        if self._open:
            self._read_carefully(self._open, self._open_first, more=False)

    def _read_plain(self, piece: Lines) -> bool:
        """Read a group in which every line is a whole record of the right width; False when it is not such a group."""
        if self._width == 1:  # blank lines must be told from empty cells
            return False
        if '"' not in piece.text:
            return self._read_bare(piece)
        end = self._encoding.line_end.decode("ascii")
        reader = csv.reader(io.StringIO(piece.text, newline=end), delimiter=self._delimiter, strict=True)
        try:
            columns = list(zip(*reader, strict=True))
        except (csv.Error, ValueError):  # a broken record, or rows of different widths
            return False
        if len(columns) != self._width or reader.line_num != len(columns[0]):
            return False
        self._cells.add_columns(columns, range(piece.first, piece.first + reader.line_num), self._width)
        return True

    def _read_bare(self, piece: Lines) -> bool:
        """The same for a group without any quotation mark, which needs no more than splitting and is much faster so."""
        data = piece.text.encode("utf-8")
        end = self._encoding.line_end
        lines = data.count(end) + (not data.endswith(end))
        if data.startswith(codecs.BOM_UTF8) or (end == b"\n" and b"\r" in data and data.count(b"\r") != data.count(b"\r\n")):
            return False  # would be taken for a mark, and for ends of lines
        names = column_names(self._width)
        try:
            table = arrow_csv.read_csv(
                io.BytesIO(data),
                arrow_csv.ReadOptions(column_names=names, block_size=len(data) + 1, use_threads=False),
                arrow_csv.ParseOptions(delimiter=self._delimiter, quote_char=False),
                arrow_csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False),
            )
        except pa.ArrowInvalid:  # rows of different widths
            return False
        if len(table) != lines:  # blank lines
            return False
        arrays = [column.combine_chunks() for column in table.columns]
        self._cells.add_arrays(arrays, range(piece.first, piece.first + lines), self._width)
        return True

    def _read_carefully(self, lines: list[str], first: int, *, more: bool) -> None:
        """Read record by record. ``first`` is the number of the first line; with ``more``, the last record may go on."""
        self._open = []
        start = 0
        while start < len(lines):
            base = start
            window = min(len(lines), base + self._limits.record_lines + 1)
            reader = csv.reader(map(lines.__getitem__, range(base, window)), delimiter=self._delimiter, strict=True)
            try:
                for row in reader:
                    end = base + reader.line_num
                    start = self._take(row, lines, first, start, end)
                    if start < end:
                        break
            except csv.Error:
                end = base + reader.line_num
                too_long = self._too_long(lines, start, end)
                if not too_long and end == window < len(lines):
                    continue  # cut by the window, not broken: read it again from its first line
                if not too_long and end == len(lines) and more:
                    self._open, self._open_first = lines[start:], first + start
                    break
                start = self._give_up(lines, first, start, end, Torn.TOO_LONG if too_long else Torn.BAD_QUOTING)
        self._cells.add(self._rows, self._numbers, self._width)
        self._rows, self._numbers = [], []

    def _take(self, row: list[str], lines: list[str], first: int, start: int, end: int) -> int:
        """Keep or tear the record on ``lines[start:end]``; where the next one starts."""
        if end - start == 1 and len(row) <= 1 and not lines[start].strip():
            return end  # a blank line
        if end - start > 1 and self._too_long(lines, start, end):
            return self._give_up(lines, first, start, end, Torn.TOO_LONG)
        if len(row) != self._width:
            return self._give_up(lines, first, start, end, Torn.WRONG_COLUMN_COUNT)
        self._rows.append(row)
        self._numbers.append(first + start)
        return end

    def _give_up(self, lines: list[str], first: int, start: int, end: int, reason: Torn) -> int:
        """Tear the first line of ``lines[start:end]``; where reading goes on. Counts what must be read again."""
        self._cells.tear(first + start, reason)
        self._read_again += sum(max(len(line), _LINE_COST) for line in lines[start + 1 : end])
        if self._read_again > self._limits.read_again_characters:
            raise self._source.fault(
                _("Too many quotation marks in the file are never closed."),
                _("Export it again with texts in quotation marks and each quotation mark inside them doubled."),
                line=first + start,
            )
        return start + 1

    def _too_long(self, lines: list[str], start: int, end: int) -> bool:
        return end - start > self._limits.record_lines or sum(map(len, lines[start:end])) > self._limits.record_characters
