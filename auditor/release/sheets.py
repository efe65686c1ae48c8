"""The cells of one sheet of a workbook, in one pass over its XML: values as text, and everything that hides."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import IO

from auditor.intake.readers.cells import CellWriter
from auditor.intake.readers.limits import LIMITS
from auditor.intake.readers.model import UNREADABLE
from auditor.release.literals import list_says_more, page_text, says_more
from auditor.release.packed import Damaged, local, parse_stream, safe_parser
from auditor.release.sheet_styles import Style
from auditor.release.wording import column_letters
from auditor.words import N_, _

_BATCH_ROWS = 5_000
_LAST_ROW = 1_048_576
_LAST_COLUMN = 16_384
_SHOWN = 10
_LARGEST_WHOLE = 1e15
_PAGE_PARTS = ("oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter")
_RULE_PARTS = ("formula1", "formula2", "formula")
_SCENARIOS = ("scenario", "inputCells")
#: Elements with attributes that are texts or values of their own.
_PROMPTED = {
    "dataValidation": ("prompt", "error", "promptTitle", "errorTitle"),
    "hyperlink": ("tooltip",),
    "scenario": ("name", "comment", "user"),
    "inputCells": ("val",),
}
_BESIDE_PLACES = {
    **dict.fromkeys(_PAGE_PARTS, N_("head or foot of the page")),
    **dict.fromkeys((*_RULE_PARTS, "dataValidation"), N_("list of choices")),
    **dict.fromkeys(_SCENARIOS, N_("what-if scenario")),
    "hyperlink": N_("link"),
}


class SheetReader:
    """Reads a sheet into ``cells``: the first row that is not empty is the headings.

    ``hidden`` counts what hides, by code, with the first places. ``texts`` are texts beside the cells: heads and feet of
    pages, prompts of lists. ``strings`` are the workbook's shared texts, ``used`` which of them some cell showed.
    """

    def __init__(
        self, strings: Sequence[str], styles: Sequence[Style], used: bytearray, cells: CellWriter, *, dates_1904: bool
    ) -> None:
        self.headings: list[str] | None = None
        self.rows = 0
        self.hidden: dict[str, tuple[int, list[str]]] = {}
        self.texts: list[str] = []
        self._strings, self._styles, self._used, self._cells = strings, styles, used, cells
        self._epoch = datetime(1904, 1, 1) if dates_1904 else datetime(1899, 12, 30)
        self._row, self._column = 0, -1
        self._values: dict[int, str] = {}
        self._kind, self._style = "n", 0
        self._text: list[str] = []
        self._keep = False
        self._inside = ""
        self._waiting: list[list[str | None]] = []
        self._lines: list[int] = []

    def read(self, file: IO[bytes]) -> None:
        """Read the part. Raises Damaged, or expat's own error."""
        parser = safe_parser()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parse_stream(file, parser)
        if self.headings is not None:
            self._write()

    def _hide(self, code: str, place: str) -> None:
        count, places = self.hidden.get(code, (0, []))
        if len(places) < _SHOWN:
            places.append(place)
        self.hidden[code] = (count + 1, places)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local(tag)
        if name == "c":
            self._start_cell(attributes)
        elif name == "row":
            self._row = int(attributes.get("r", self._row + 1))
            self._column, self._values = -1, {}
            if self._row > _LAST_ROW:
                raise Damaged
            if attributes.get("hidden") in ("1", "true") or attributes.get("ht") in ("0", "0.0"):
                self._hide("hidden-row", str(self._row))
        elif name in ("v", "t", "f"):
            self._keep, self._text, self._inside = True, [], name
            if name == "f":
                self._hide("formula", f"{column_letters(self._column)}{self._row}")
        elif name == "rPh":
            self._keep = False
        elif name == "col" and (attributes.get("hidden") in ("1", "true") or attributes.get("width") in ("0", "0.0")):
            first, last = int(attributes.get("min", "1")), int(attributes.get("max", "1"))
            self._hide(
                "hidden-column",
                column_letters(first - 1)
                if first == last
                else f"{column_letters(first - 1)}–{column_letters(min(last, _LAST_COLUMN) - 1)}",
            )
        elif name in _PAGE_PARTS or name in _RULE_PARTS:
            self._keep, self._text, self._inside = True, [], f"beside {name}"
        elif name in _PROMPTED:
            for key in _PROMPTED[name]:
                if attributes.get(key):
                    self._note_beside(attributes[key], name)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r", "")
        column = 0
        for character in reference:
            if not character.isalpha():
                break
            column = column * 26 + ord(character.upper()) - 64
        self._column = column - 1 if column else self._column + 1
        if not 0 <= self._column < _LAST_COLUMN:
            raise Damaged
        self._kind = attributes.get("t", "n")
        self._style = int(attributes.get("s", "0"))
        self._parts: list[str] = []

    def _characters(self, data: str) -> None:
        if self._keep:
            self._text.append(data)

    def _end(self, tag: str) -> None:
        name = local(tag)
        if name in ("v", "t") and self._inside == name:
            self._parts.append("".join(self._text))
            self._keep = False
        elif name == "f":
            self._keep = False
            text = "".join(self._text)
            if "[" in text or "HYPERLINK" in text.upper() or "WEBSERVICE" in text.upper() or "://" in text:
                self._hide("formula-link", f"{column_letters(self._column)}{self._row}")
            self.texts.append(text)
        elif name == "c":
            self._end_cell()
        elif name == "row":
            self._end_row()
        elif self._inside == f"beside {name}" and self._keep:
            self._keep = False
            self._note_beside("".join(self._text), name)

    def _note_beside(self, text: str, name: str) -> None:
        """A text beside the cells, and whether it says more than ordinary workbooks do there."""
        self.texts.append(text)
        if name in _PAGE_PARTS:
            more = says_more(page_text(text))
        elif name in _RULE_PARTS:
            more = list_says_more(text)
        else:
            more = name in _SCENARIOS or says_more(text)
        if more:
            self._hide("beside-text", _(_BESIDE_PLACES[name]))

    def _end_cell(self) -> None:
        written = "".join(self._parts)
        if not written:
            return
        style = self._styles[self._style] if self._style < len(self._styles) else None
        value = self._value(written, style)
        if value:
            self._values[self._column] = value
            if style is not None and style.unseen:
                self._hide("hidden-text", f"{column_letters(self._column)}{self._row}")

    def _value(self, written: str, style: Style | None) -> str:
        match self._kind:
            case "s":
                number = int(written)
                if not 0 <= number < len(self._strings):
                    raise Damaged
                self._used[number] = 1
                text = self._strings[number]
                return text if len(text) <= LIMITS.workbook_cell_characters else UNREADABLE
            case "inlineStr" | "str":
                return written if len(written) <= LIMITS.workbook_cell_characters else UNREADABLE
            case "e":
                return UNREADABLE
            case "b":
                return "true" if written == "1" else "false"
            case "d":
                return written.replace("T", " ")
        return self._number(written, style)

    def _number(self, written: str, style: Style | None) -> str:
        value = float(written)
        if not math.isfinite(value):
            return UNREADABLE
        if style is not None and style.moment:
            try:
                moment = self._epoch + timedelta(days=value)
            except OverflowError:
                return UNREADABLE
            moment = moment.replace(microsecond=0) + timedelta(seconds=1 if moment.microsecond >= 500_000 else 0)
            if style.moment == "time" and value < 1:
                return moment.time().isoformat()
            return moment.date().isoformat() if moment.time() == time(0) else moment.isoformat(sep=" ")
        return str(int(value)) if value.is_integer() and abs(value) < _LARGEST_WHOLE else repr(value)

    def _end_row(self) -> None:
        if not self._values:
            return
        width = max(self._values) + 1
        row: list[str | None] = [self._values.get(position) for position in range(width)]
        if self.headings is None:
            self.headings = [(cell or "").strip() for cell in row]
            return
        if width > len(self.headings):
            self.headings.extend([""] * (width - len(self.headings)))
            if width > LIMITS.columns:
                raise Damaged
        self._waiting.append(row)
        self._lines.append(self._row)
        self.rows += 1
        if len(self._waiting) >= _BATCH_ROWS:
            self._write()

    def _write(self) -> None:
        assert self.headings is not None
        width = len(self.headings)
        for row in self._waiting:
            row.extend([None] * (width - len(row)))
        self._cells.add(self._waiting, self._lines, width)
        self._waiting, self._lines = [], []
