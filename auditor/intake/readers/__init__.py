"""Readers: from a file on disk to raw cells, in bounded memory, whatever form and encoding the file is in.

Nothing is interpreted here: cells are text as it was written (or typed, from Parquet), under the file's own headings.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from auditor.engine import nameable
from auditor.intake.files import Form, InputFile
from auditor.intake.readers.cells import CellWriter, column_names
from auditor.intake.readers.columnar import read_parquet
from auditor.intake.readers.json_lines import read_json_lines
from auditor.intake.readers.limits import LIMITS, Limits
from auditor.intake.readers.model import LIST_SEPARATOR, UNREADABLE, RawFile, Torn
from auditor.intake.readers.separated import read_separated
from auditor.intake.readers.source import Source

__all__ = ["LIMITS", "LIST_SEPARATOR", "UNREADABLE", "Limits", "RawFile", "Torn", "read_raw"]


_PATTERN_SIGNS = frozenset("*?[]{}")


def read_raw(
    file: InputFile,
    into: Path,
    *,
    delimiter: str | None = None,
    sheet: str | None = None,
    heading_row: int | None = None,
    limits: Limits = LIMITS,
    heard: Callable[[int], None] = lambda size: None,
) -> RawFile:
    """Read a file into raw cells, in files of their own in the folder ``into``, which must exist and be private.

    ``delimiter`` (CSV) is one of ``;`` ``,`` tab ``|``, None to find it; ``sheet`` (XLSX) a sheet's name, None to find it.
    ``heading_row`` (both) is the row of the headings, from 1, None for the first that is not empty.
    ``heard`` is told of bytes as they are read.
    Memory does not grow with the number of rows, but for the distinct texts of a workbook.
    Raises UserError when the file cannot be read as what its name says, is over the limits, or changes meanwhile. Rows that
    cannot be read are no error: they stand in ``torn``.
    """
    source = Source(file, limits, heard)
    stem = hashlib.sha256(str(file.path).encode("utf-8", "surrogateescape")).hexdigest()[:24]
    if file.form is Form.PARQUET:
        raw = _read_native(source, into / f"{stem}.unpacked.parquet")
    else:
        raw = _read_cells(source, into, stem, delimiter, sheet, heading_row, heard)
    source.check_unchanged()
    return raw


def _read_native(source: Source, copy: Path) -> RawFile:
    path = source.plain_copy(copy)
    if path != copy and (_PATTERN_SIGNS.intersection(str(path)) or not nameable(path)):
        with copy.open("xb") as plain:  # an engine would take such a name for a pattern, and read other files
            for block in source.blocks():
                plain.write(block)
        path = copy
    names, rows, old_times = read_parquet(source, path)
    headings = tuple(name.strip() for name in names)
    return RawFile(source.file, source.sha256, headings, names, rows, path, native=True, times_without_zone=old_times)


def _read_cells(
    source: Source,
    into: Path,
    stem: str,
    delimiter: str | None,
    sheet: str | None,
    heading_row: int | None,
    heard: Callable[[int], None],
) -> RawFile:
    with CellWriter(into, stem, heard) as cells:
        if source.file.form is Form.CSV:
            headings = read_separated(source, cells, delimiter, heading_row)
        elif source.file.form is Form.JSON_LINES:
            headings = read_json_lines(source, cells)
        else:
            copy = into / f"{stem}.unpacked.xlsx"
            from auditor.intake.readers.workbook import read_workbook  # openpyxl takes a while, and few exports need it

            headings = read_workbook(source, cells, source.plain_copy(copy), sheet, heading_row)
            copy.unlink(missing_ok=True)
        path, torn = cells.finish(len(headings))
        rows = cells.rows + cells.torn_rows
        ends_torn = cells.ends_torn
    names = column_names(len(headings))
    return RawFile(source.file, source.sha256, headings, names, rows, path, torn, ends_torn=ends_torn)
