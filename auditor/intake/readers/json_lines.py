"""JSON Lines: one object a line; the headings are the keys of all lines in the order of their first appearance."""

from __future__ import annotations

import json
import re
from typing import Any

from auditor.intake.readers.cells import CellWriter
from auditor.intake.readers.model import LIST_SEPARATOR, UNREADABLE, Torn
from auditor.intake.readers.separated import check_headings
from auditor.intake.readers.source import Source
from auditor.intake.readers.text import Encoding, Lines, decide_encoding, read_lines, split_lines
from auditor.words import _

_WHOLE = re.compile(r"(-?\d{1,15})\.0+")


class _TornJsonError(ValueError):
    """A line that is no row; holds the reason."""

    def __init__(self, reason: Torn) -> None:
        super().__init__(reason.value)
        self.reason = reason


def read_json_lines(source: Source, cells: CellWriter) -> tuple[str, ...]:
    """Read the lines of a file into ``cells``; its headings.

    Text is kept as it is; numbers, true and false as they are written, whole ones without decimals; null and the empty text
    are NULL. A list of those is its elements, each after LIST_SEPARATOR; an object inside an object is UNREADABLE.
    Raises UserError when the file is empty, is one JSON list, or has no line that is an object.
    """
    encoding = decide_encoding(source, only_unicode=True)
    reader = _Objects(source, cells, encoding)
    for piece in read_lines(source, encoding):
        if isinstance(piece, Lines):
            reader.read(piece)
        else:
            cells.tear(piece.line, piece.reason)
    if not cells.rows and not cells.torn_rows:
        raise source.fault(_("The file is empty."), _("Export it again; it must hold one JSON object on each line."))
    if not reader.headings:
        raise source.fault(
            _("No line of the file is a JSON object with named values."),
            _("Save it as JSON Lines: one whole object on each line."),
        )
    headings = tuple(reader.headings)
    check_headings(source, headings)
    return headings


class _Objects:
    """Takes groups of lines apart into rows that grow wider as new keys appear."""

    def __init__(self, source: Source, cells: CellWriter, encoding: Encoding) -> None:
        self.headings: dict[str, int] = {}  # to position
        self._source = source
        self._cells = cells
        self._encoding = encoding
        self._at_start = True
        self._decoder = json.JSONDecoder(
            object_pairs_hook=_object, parse_float=_number, parse_int=str, parse_constant=_refuse_constant
        )

    def read(self, piece: Lines) -> None:
        """Read a group of lines."""
        rows: list[list[str | None]] = []
        numbers: list[int] = []
        for number, line in enumerate(split_lines(piece.text, self._encoding), piece.first):
            text = line.strip()
            if not text:
                continue
            if self._at_start and text.startswith("["):
                raise self._source.fault(
                    _("The file is one JSON list, not JSON Lines."),
                    _("Save it as JSON Lines: one whole object on each line."),
                    line=number,
                )
            self._at_start = False
            try:
                rows.append(self._row(text))
                numbers.append(number)
            except _TornJsonError as torn:
                self._cells.tear(number, torn.reason)
        width = len(self.headings)
        for row in rows:
            row.extend([None] * (width - len(row)))
        self._cells.add(rows, numbers, width)

    def _row(self, text: str) -> list[str | None]:
        try:
            found = self._decoder.decode(text)
        except _TornJsonError:
            raise
        except (ValueError, RecursionError) as error:
            raise _TornJsonError(Torn.BAD_JSON) from error
        if not isinstance(found, dict):
            raise _TornJsonError(Torn.BAD_JSON)
        cells = [value if type(value) is str else cell_text(value) for value in found.values()]
        if "\\u" in text:
            _check_escapes([*found, *cells])
        if len(found) == len(self.headings) and list(found) == list(self.headings):  # as most lines are
            return cells
        values = dict(zip((key.strip() for key in found), cells, strict=True))
        if len(values) != len(found):
            raise _TornJsonError(Torn.DUPLICATE_KEY)
        row: list[str | None] = [None] * len(self.headings)
        for key, cell in values.items():
            position = self.headings.get(key)
            if position is None:
                position = self._new_heading(key)
                row.append(cell)
            else:
                row[position] = cell
        return row

    def _new_heading(self, key: str) -> int:
        position = len(self.headings)
        self.headings[key] = position
        if position >= self._source.limits.columns:
            check_headings(self._source, tuple(self.headings))
        return position


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _TornJsonError(Torn.DUPLICATE_KEY)
    return found


def _number(text: str) -> str:
    """A number with a decimal point or an exponent, as it is written; ``182.0`` as ``182``.

    An exponent is kept: ``2.01701E+11`` has lost digits, and must not pass for a whole number that was written in full.
    """
    whole = _WHOLE.fullmatch(text)
    return whole.group(1) if whole else text


def _refuse_constant(text: str) -> None:
    """NaN and Infinity are no JSON."""
    raise _TornJsonError(Torn.BAD_JSON)


def cell_text(value: Any) -> str | None:
    """A value of JSON as the text of a cell; numbers must have been read as text."""
    if isinstance(value, str):
        return value
    if value is None:
        return None
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, list) and not any(isinstance(element, (list, dict)) for element in value):
        elements = [cell_text(element) or "" for element in value]
        if not any(LIST_SEPARATOR in element for element in elements):
            return "".join(LIST_SEPARATOR + element for element in elements)
    return UNREADABLE


def _check_escapes(texts: list[str | None]) -> None:
    """Tear a line whose escapes stand for NUL or for half a character. ``texts`` are its keys and cells."""
    text = "".join(text for text in texts if text)
    if "\0" in text:
        raise _TornJsonError(Torn.NUL_BYTE)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise _TornJsonError(Torn.BAD_JSON) from error
