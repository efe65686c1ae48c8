"""What reading a file gives: its headings and raw cells, and the rows that could not be read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from auditor.intake.files import InputFile

#: Stands for a cell that is there but cannot be read (an error of a spreadsheet, an object inside JSON).
UNREADABLE = "\ufffd"
#: Goes before every element of a cell that was an explicit list (JSON Lines).
LIST_SEPARATOR = "\x1f"


class Torn(StrEnum):
    """Why a row could not be read."""

    WRONG_COLUMN_COUNT = "wrong_column_count"
    UNDECODABLE = "undecodable"
    NUL_BYTE = "nul_byte"
    TOO_LONG = "too_long"
    BAD_QUOTING = "bad_quoting"
    BAD_JSON = "bad_json"
    DUPLICATE_KEY = "duplicate_key"
    NOT_A_RESOURCE = "not_a_resource"


class SetAside(StrEnum):
    """Why a record of a standard log became no row of a table."""

    OTHER_RESOURCE = "other_resource"
    FAILED_DISCLOSURE = "failed_disclosure"


@dataclass(frozen=True)
class RawFile:
    """The raw cells of one file.

    ``cells`` is a Parquet file with the rows that could be read, in the order of the file. Unless ``native``, its columns are
    ``c0`` ... ``cN`` (text as written, empty is NULL; position is that of the heading) and ``line`` (BIGINT: the line where
    the record starts, counted from 1 with the heading, or the row of the sheet). When ``native``, the input was Parquet: the
    columns are its own, typed as they were, there is no ``line``, and a row's line is its number from 1.
    ``columns`` are the names of the columns in ``cells``, one for each heading; ``headings`` are trimmed and may be empty.
    ``torn`` is a Parquet file with ``line`` (BIGINT) and ``reason`` (a code of Torn) of the rows that could not be read, in the
    order of the file; None when there are none. ``rows_read`` counts them too. ``ends_torn`` says that the last row is one of
    them: the file may have been cut off there. ``times_without_zone``: a Parquet file holds times of the old form INT96.
    ``sha256`` is of the file as it lies on disk.
    """

    file: InputFile
    sha256: str
    headings: tuple[str, ...]
    columns: tuple[str, ...]
    rows_read: int
    cells: Path
    torn: Path | None = None
    native: bool = False
    ends_torn: bool = False
    times_without_zone: bool = False
