"""Raw cells and torn rows on their way to Parquet, in batches, so that memory does not grow with the file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from auditor.intake.readers.limits import MIB
from auditor.intake.readers.model import Torn

_BATCH_ROWS = 50_000
_BATCH_BYTES = 32 * MIB
_TORN_SCHEMA = pa.schema([("line", pa.int64()), ("reason", pa.string())])


@cache
def column_names(width: int) -> tuple[str, ...]:
    """The names of the raw columns: ``c0``, ``c1`` ..."""
    return tuple(f"c{position}" for position in range(width))


def _numbers(lines: Sequence[int]) -> pa.Array:
    return pa.array(np.arange(lines.start, lines.stop) if isinstance(lines, range) else lines, pa.int64())


def _empty_as_null(table: pa.Table) -> pa.Table:
    """The table with NULL for every empty text."""
    nothing = pa.scalar(None, pa.string())
    *cells, lines = table.columns
    filled = [pc.if_else(pc.equal(column, ""), nothing, column) for column in cells]
    return pa.Table.from_arrays([*filled, lines], schema=table.schema)


def _write(part: pq.ParquetWriter, batches: list[pa.RecordBatch]) -> None:
    table = _empty_as_null(pa.Table.from_batches(batches))
    part.write_table(table, row_group_size=len(table))


@cache
def _cells_schema(width: int) -> pa.Schema:
    return pa.schema([*((name, pa.string()) for name in column_names(width)), ("line", pa.int64())])


def _writer(path: Path, schema: pa.Schema) -> pq.ParquetWriter:
    return pq.ParquetWriter(path, schema, compression="zstd", compression_level=1, write_statistics=False)


class CellWriter:
    """Writes the raw cells of one file to ``<stem>.cells.parquet`` and its torn rows to ``<stem>.torn.parquet`` in a folder.

    Rows may become wider as the file goes on (JSON Lines, sheets): earlier rows have NULL in the later columns. Each width
    is a Parquet file of its own until ``finish`` makes them one. ``heard`` is told of each batch and may end it.
    """

    def __init__(self, folder: Path, stem: str, heard: Callable[[int], None] = lambda size: None) -> None:
        self._heard = heard
        self.rows = 0
        self.torn_rows = 0
        self._last_line = self._last_torn = 0
        self._folder = folder
        self._stem = stem
        self._writer = ThreadPoolExecutor(max_workers=1)  # one batch is written while the next is read
        self._writing: Future[None] | None = None
        self._parts: list[Path] = []
        self._part: pq.ParquetWriter | None = None
        self._part_width = -1
        self._waiting: list[pa.RecordBatch] = []
        self._waiting_rows = 0
        self._waiting_bytes = 0
        self._torn_lines: list[int] = []
        self._torn_reasons: list[str] = []
        self._torn: pq.ParquetWriter | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._close()

    @property
    def _torn_path(self) -> Path:
        return self._folder / f"{self._stem}.torn.parquet"

    def add(self, rows: Sequence[Sequence[str | None]], lines: Sequence[int], width: int) -> None:
        """Add rows of ``width`` cells each, with the line where each starts. An empty text becomes NULL."""
        if rows:
            self.add_columns(list(zip(*rows, strict=True)), lines, width)

    def add_columns(self, columns: Sequence[Sequence[str | None]], lines: Sequence[int], width: int) -> None:
        """Add rows, given as ``width`` columns."""
        self.add_arrays([pa.array(cells, pa.string()) for cells in columns], lines, width)

    def add_arrays(self, arrays: Sequence[pa.Array], lines: Sequence[int], width: int) -> None:
        """Add rows, given as ``width`` columns of text."""
        self._heard(0)
        if width != self._part_width:
            self._start_part(width)
        batch = pa.RecordBatch.from_arrays([*arrays, _numbers(lines)], schema=_cells_schema(width))
        self.rows += len(lines)
        if batch.num_rows:
            self._last_line = max(self._last_line, int(lines[-1]))
        self._waiting.append(batch)
        self._waiting_rows += len(lines)
        self._waiting_bytes += batch.nbytes
        if self._waiting_rows >= _BATCH_ROWS or self._waiting_bytes >= _BATCH_BYTES:
            self._write_waiting()

    def tear(self, line: int, reason: Torn) -> None:
        """Record a row that could not be read."""
        self.torn_rows += 1
        self._last_torn = max(self._last_torn, line)
        self._torn_lines.append(line)
        self._torn_reasons.append(reason.value)
        if len(self._torn_lines) >= _BATCH_ROWS:
            self._write_torn()

    @property
    def ends_torn(self) -> bool:
        """Whether the last row could not be read: the file may have been cut off there."""
        return self._last_torn > self._last_line

    def finish(self, width: int) -> tuple[Path, Path | None]:
        """Write what is left; the paths of the cells, ``width`` columns wide, and of the torn rows (None without any)."""
        if self._part_width != width:
            self._start_part(width)
        self._write_waiting()
        self._await_writing()
        if self._torn_lines:
            self._write_torn()
        self._close()
        cells = self._folder / f"{self._stem}.cells.parquet"
        if len(self._parts) == 1:
            self._parts[0].replace(cells)
        else:
            self._join_parts(cells, width)
        return cells, self._torn_path if self.torn_rows else None

    def _start_part(self, width: int) -> None:
        self._write_waiting()
        self._await_writing()
        if self._part is not None:
            self._part.close()
        path = self._folder / f"{self._stem}.part{len(self._parts)}.parquet"
        self._part = _writer(path, _cells_schema(width))
        self._parts.append(path)
        self._part_width = width

    def _write_waiting(self) -> None:
        if self._waiting and self._part is not None:
            self._await_writing()
            self._writing = self._writer.submit(_write, self._part, self._waiting)
        self._waiting, self._waiting_rows, self._waiting_bytes = [], 0, 0

    def _await_writing(self) -> None:
        if self._writing is not None:
            self._writing.result()
            self._writing = None

    def _write_torn(self) -> None:
        if self._torn is None:
            self._torn = _writer(self._torn_path, _TORN_SCHEMA)
        self._torn.write_table(pa.table([self._torn_lines, self._torn_reasons], schema=_TORN_SCHEMA))
        self._torn_lines, self._torn_reasons = [], []

    def _join_parts(self, cells: Path, width: int) -> None:
        schema = _cells_schema(width)
        with _writer(cells, schema) as writer:
            for path in self._parts:
                with pq.ParquetFile(path) as part:
                    for group in range(part.num_row_groups):
                        table = part.read_row_group(group)
                        arrays = [
                            table[name] if name in table.column_names else pa.nulls(len(table), pa.string())
                            for name in schema.names
                        ]
                        writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
                path.unlink()

    def _close(self) -> None:
        self._writer.shutdown(wait=True)
        for writer in (self._part, self._torn):
            if writer is not None and writer.is_open:
                writer.close()
