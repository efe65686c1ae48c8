"""``parquet``: typed columns. A column with a cell that nobody can read is text instead: a typed one has no room for it."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ..accesses import AccessLog
from ..schema import SCHEMAS

_ROW_GROUP = 128 * 1024


def write(folder: Path, tables: dict[str, pa.Table | AccessLog]) -> None:
    """Write one Parquet file (zstd, row groups of 128k rows) for each table into an existing folder, without torn lines."""
    for name, table in tables.items():
        if not isinstance(table, pa.Table):
            _stream(folder / f"{name}.parquet", name, table)
            continue
        whole = table.filter(pc.invert(pc.fill_null(table.column("_torn"), False)))
        pq.write_table(_finished(name, whole), folder / f"{name}.parquet", compression="zstd", row_group_size=_ROW_GROUP)


def _stream(path: Path, name: str, log: AccessLog) -> None:
    """Write a log that is never whole in memory, some days to a row group."""
    waiting: list[pa.Table] = []
    with pq.ParquetWriter(path, SCHEMAS[name], compression="zstd") as file:
        for batch in log.to_batches():
            waiting.append(_finished(name, pa.Table.from_batches([batch])))
            if sum(table.num_rows for table in waiting) >= _ROW_GROUP:
                file.write_table(pa.concat_tables(waiting), row_group_size=_ROW_GROUP)
                waiting = []
        if waiting:
            file.write_table(pa.concat_tables(waiting), row_group_size=_ROW_GROUP)


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
