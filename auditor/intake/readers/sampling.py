"""A few rows of a file, from its beginning and from places spread over it, without reading it whole.

Nothing is judged here and nothing is refused for being torn: a sample tells what a file looks like, and never what is in it.
"""

from __future__ import annotations

import codecs
import csv
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from auditor.errors import UserError
from auditor.intake.files import Form, InputFile
from auditor.intake.readers.columnar import sample_parquet
from auditor.intake.readers.json_lines import cell_text
from auditor.intake.readers.limits import KIB, LIMITS, MIB, Limits, as_size
from auditor.intake.readers.separated import DELIMITERS, declared_delimiter
from auditor.intake.readers.source import Source
from auditor.words import _

#: How many rows of the beginning may hold the headings.
HEAD_ROWS = 60
_HEAD_BYTES = 256 * KIB
_BLOCK_BYTES = 32 * KIB
_BLOCKS = 48
_ROWS_A_BLOCK = 60
_PACKED_BYTES = 16 * MIB  # of a gzipped file no more is unpacked
_WORKBOOK_ROWS = 2_000
_LARGEST_WORKBOOK = 48 * MIB
_LONGEST_CELL = 500
_UTF_16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}

Row = list[str]


@dataclass(frozen=True)
class Sample:
    """Some rows of a file, as text.

    ``head`` are its first rows that hold something, at most HEAD_ROWS of them, each with its line or row from 1; the headings
    are among them. ``rows`` are the rows after the first, from the beginning and from all over the file, with as many cells as
    they happen to have. When ``named`` (Parquet, JSON Lines), the first of ``head`` is the names of the columns.
    """

    file: InputFile
    head: list[tuple[int, Row]]
    rows: list[Row]
    delimiter: str | None = None
    named: bool = False


def sample(
    file: InputFile, private: Path, *, delimiter: str | None = None, sheet: str | None = None, limits: Limits = LIMITS
) -> Sample:
    """Look into a file. Takes seconds and some MiB, however large it is; ``private`` is a folder for what must be unpacked.

    Raises UserError when the file is empty, cannot be opened as what its name says, or is a workbook too large to look into.
    """
    source = Source(file, limits)
    if file.form is Form.PARQUET:
        head, rows = sample_parquet(source, source.plain_copy(private / "sample.parquet"), HEAD_ROWS * _ROWS_A_BLOCK)
        return Sample(file, [(1, head)], [[cell[:_LONGEST_CELL] for cell in row] for row in rows], named=True)
    if file.form is Form.XLSX:
        if source.size > _LARGEST_WORKBOOK:
            raise source.fault(
                _("The workbook is larger than {size}, too large to look into.").format(size=as_size(_LARGEST_WORKBOOK)),
                _("Save its first thousand rows as a workbook of its own, or export it as CSV or Parquet."),
            )
        copy = private / "sample.xlsx"
        from auditor.intake.readers.workbook import sample_workbook  # openpyxl takes a while, and few exports need it

        found = list(sample_workbook(source, source.plain_copy(copy), sheet, _WORKBOOK_ROWS))
        copy.unlink(missing_ok=True)
        width = max((len(row) for _number, row in found), default=0)
        cut = [
            (number, [(cell or "").strip()[:_LONGEST_CELL] for cell in [*row, *[None] * (width - len(row))]])
            for number, row in found
        ]
        return Sample(file, cut[:HEAD_ROWS], [row for _number, row in cut[1:]])
    blocks = [block for block in _text_blocks(source) if block]
    if not blocks or not any(line.strip() for line in blocks[0]):
        raise source.fault(_("The file is empty."), _("Export it again; it must at least hold the line of headings."))
    return _objects(source, blocks) if file.form is Form.JSON_LINES else _separated(source, blocks, delimiter)


# ------------------------------------------------------------------------------------------------------------- lines of text


def _text_blocks(source: Source) -> Iterator[list[str]]:
    """Groups of whole lines: the file's beginning first, then short stretches from places spread over it."""
    blocks = _packed_blocks(source) if source.file.gzipped else _plain_blocks(source)
    start = next(blocks, b"")
    encoding = next((name for mark, name in _UTF_16.items() if start.startswith(mark)), None)
    for position, block in enumerate([start, *blocks]):
        text = _decoded(block, encoding)
        lines = re.split(r"(?<=\n)" if "\n" in text else r"(?<=\r)", text.removeprefix("\ufeff"))
        whole_file = position == 0 and len(block) < _HEAD_BYTES
        yield lines[position > 0 : None if whole_file else -1]


def _plain_blocks(source: Source) -> Iterator[bytes]:
    try:
        with source.file.path.open("rb") as file:
            yield file.read(_HEAD_BYTES)
            rest = max(0, source.size - _HEAD_BYTES)
            blocks = min(_BLOCKS, -(-rest // _BLOCK_BYTES))  # of a short file none overlaps another
            for place in range(blocks):
                at = _HEAD_BYTES + rest * place // blocks
                file.seek(at - at % 2)  # characters of UTF-16 are two bytes
                yield file.read(_BLOCK_BYTES)
    except OSError as error:
        raise source.unreadable() from error


def _packed_blocks(source: Source) -> Iterator[bytes]:
    head, unpacked = b"", 0
    for block in source.blocks():
        unpacked += len(block)
        if len(head) < _HEAD_BYTES:
            head += block
            if len(head) >= _HEAD_BYTES:
                yield head
        else:
            yield block[:_BLOCK_BYTES]
        if unpacked >= _PACKED_BYTES:
            return
    if len(head) < _HEAD_BYTES:
        yield head


def _decoded(block: bytes, encoding: str | None) -> str:
    if encoding:
        return block.decode(encoding, "replace")
    lines = block.splitlines(keepends=True) if b"\n" not in block else block.split(b"\n")
    end = "\n" if b"\n" in block else ""
    return end.join(_decoded_line(line) for line in lines)


def _decoded_line(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace")


# ---------------------------------------------------------------------------------------------------------------------- CSV


def _separated(source: Source, blocks: list[list[str]], delimiter: str | None) -> Sample:
    head = blocks[0]
    first = next(line for line in head if line.strip())
    delimiter = delimiter or declared_delimiter(first) or _likely_delimiter(head[: 4 * HEAD_ROWS])
    numbered = [
        (number, row)
        for number, row in _records(head, delimiter)
        if any(cell.strip() for cell in row) and not (len(row) < 3 and declared_delimiter(delimiter.join(row)))
    ]
    rows = [row for _number, row in numbered[1 : HEAD_ROWS * _ROWS_A_BLOCK]]
    width = _usual_width(rows)
    for block in blocks[1:]:
        found = [row for _number, row in _records(block, delimiter) if len(row) == width]
        rows += found[:_ROWS_A_BLOCK]
    if not numbered:
        raise source.fault(_("The file is empty."), _("Export it again; it must at least hold the line of headings."))
    return Sample(source.file, numbered[:HEAD_ROWS], rows, delimiter)


def _records(lines: list[str], delimiter: str) -> Iterator[tuple[int, Row]]:
    """The records of some lines, each with the line where it starts, from 1. What cannot be read is passed over."""
    reader = csv.reader(lines, delimiter=delimiter)
    while True:
        start = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            continue
        yield start, [cell.strip()[:_LONGEST_CELL] for cell in row]


def _likely_delimiter(lines: list[str]) -> str:
    """The delimiter that cuts most lines into one and the same number of cells, of several the one that gives most cells."""

    def agreement(delimiter: str) -> tuple[int, int]:
        widths = Counter(len(row) for _number, row in _records(lines, delimiter) if len(row) > 1)
        width, count = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
        return count, width

    return max(DELIMITERS, key=agreement)


def _usual_width(rows: list[Row]) -> int:
    widths = Counter(map(len, rows))
    return max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))[0]


# ---------------------------------------------------------------------------------------------------------------- JSON Lines


def _objects(source: Source, blocks: list[list[str]]) -> Sample:
    keys: dict[str, int] = {}
    rows: list[Row] = []
    for position, block in enumerate(blocks):
        for line in block[: HEAD_ROWS * _ROWS_A_BLOCK if position == 0 else _ROWS_A_BLOCK]:
            found = _object(line)
            row = [""] * len(keys)
            for key, value in (found or {}).items():
                place = keys.setdefault(key.strip(), len(keys))
                row.extend([""] * (place + 1 - len(row)))
                row[place] = (cell_text(value) or "")[:_LONGEST_CELL]
            if found:
                rows.append(row)
    if not keys:
        raise _no_objects(source)
    return Sample(source.file, [(1, list(keys))], rows, named=True)


def _object(line: str) -> dict[str, object] | None:
    try:
        found = json.loads(line, parse_float=str, parse_int=str)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _no_objects(source: Source) -> UserError:
    return source.fault(
        _("No line of the file is a JSON object with named values."),
        _("Save it as JSON Lines: one whole object on each line."),
    )
