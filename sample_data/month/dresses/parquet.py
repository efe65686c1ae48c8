"""``parquet``: typed columns. A column with a cell that nobody can read is text instead: a typed one has no room for it."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ..schema import SCHEMAS

_ROW_GROUP = 128 * 1024


def write(folder: Path, tables: dict[str, pa.Table]) -> None:
    """Write one Parquet file (zstd, row groups of 128k rows) for each table into an existing folder, without torn lines."""
    for name, table in tables.items():
        whole = table.filter(pc.invert(pc.fill_null(table.column("_torn"), False)))
        pq.write_table(_finished(name, whole), folder / f"{name}.parquet", compression="zstd", row_group_size=_ROW_GROUP)


def _finished(name: str, table: pa.Table) -> pa.Table:
    """The canonical columns, with the unreadable cells put in."""
    finished = table.select(SCHEMAS[name].names)
    for column, texts in _unreadable(table).items():
        place = finished.column_names.index(column)
        values = finished.column(column).cast(pa.string()).to_pylist()
        for row, text in texts.items():
            values[row] = text
        finished = finished.set_column(place, column, pa.array(values, type=pa.string()))
    return finished


def _unreadable(table: pa.Table) -> dict[str, dict[int, str]]:
    """Column -> row -> what the cell says."""
    found: dict[str, dict[int, str]] = {}
    raw = table.column("_raw")
    for row in pc.indices_nonzero(pc.is_valid(raw)).to_pylist():
        for column, text in json.loads(raw[row].as_py()).items():
            found.setdefault(column, {})[row] = text
    return found
