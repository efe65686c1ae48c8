"""What the dresses that are made of text have in common: going through rows, and writing CSV with its faults kept."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

from ..accesses import AccessLog
from ..schema import SCHEMAS

_BATCH = 20_000
_COLUMNS_BEFORE_THE_TEAR = 6

#: Turns a value of a column (table, column, value; never None) into what the cell says.
Wording = Callable[[str, str, Any], Any]


def cells(table: str, rows: pa.Table | AccessLog, say: Wording) -> Iterator[tuple[list[Any], bool]]:
    """Each row's cells in the order of the canonical columns, worded; and whether the line is torn. A missing value is None.

    An unreadable cell holds the same text in every dress.
    """
    columns = SCHEMAS[table].names
    for batch in rows.to_batches(max_chunksize=_BATCH):
        for row in batch.to_pylist():
            unreadable = json.loads(row["_raw"]) if row["_raw"] else {}
            worded = [None if row[column] is None else say(table, column, row[column]) for column in columns]
            yield [unreadable.get(column, cell) for column, cell in zip(columns, worded, strict=True)], bool(row["_torn"])


def write_csv(
    path: Path, headings: list[str], lines: Iterator[tuple[list[Any], bool]], *, encoding: str, separator: str, newline: str
) -> None:
    """Write a CSV file; a torn line ends in the middle of its sixth cell."""
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=separator, lineterminator=newline)
        writer.writerow(headings)
        for row, torn in lines:
            if torn:
                file.write(_torn(row, separator) + newline)
            else:
                writer.writerow(row)


def _torn(row: list[Any], separator: str) -> str:
    whole = io.StringIO()
    csv.writer(whole, delimiter=separator, lineterminator="").writerow(row[:_COLUMNS_BEFORE_THE_TEAR])
    return whole.getvalue()[:-2]
