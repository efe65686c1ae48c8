"""Streaming tables to files: Parquet with exact values, and CSV as a Swedish Excel wants it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

#: Batches made that still wait to be written to a file.
_MOST_UNDER_WAY = 6
_BOM = b"\xef\xbb\xbf"
#: A spreadsheet takes a cell that begins so for a formula (OWASP, CSV injection).
_FORMULA = r"^[=+\-@\t\r]"
#: Columns whose texts hardly ever come back: a dictionary of them would be made for nothing, and be larger than they are.
_OWN_TEXTS = frozenset({"entity", "event_id", "disclosure_id", "fingerprint"})
_CSV = pa_csv.WriteOptions(include_header=True, delimiter=";", quoting_style="needed")


class TableWriter:
    """Writes record batches of one schema to Parquet, to CSV, or to both, a bounded number of rows at a time.

    CSV is UTF-8 with BOM, ``;`` between cells; a cell that a spreadsheet would take for a formula gets an apostrophe there.
    Each file is written by a thread of its own, in order, while the next batch is made. What fails there
    (OSError, ArrowException) is raised by a later ``write`` or at the end of the ``with`` block.
    """

    def __init__(self, schema: pa.Schema, *, parquet: Path | None = None, csv: Path | None = None) -> None:
        self.schema = schema
        self.rows = 0
        self._files: list[_Behind] = []
        if parquet:
            dictionaries = [name for name in schema.names if name not in _OWN_TEXTS]
            # what a reader finds is text, also where it came as a dictionary: how it was held here is nobody's concern
            to_parquet = pq.ParquetWriter(
                parquet, schema, compression="zstd", write_statistics=False, use_dictionary=dictionaries, store_schema=False
            )
            self._files.append(_Behind(to_parquet.write_table, to_parquet.close))
        if csv:
            to_csv = _CsvWriter(csv, schema)
            self._files.append(_Behind(to_csv.write_table, to_csv.close))

    def __enter__(self) -> TableWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        with ExitStack() as stack:
            for file in self._files:
                stack.callback(file.end, whole=kind is None)

    def write(self, batches: Iterable[pa.RecordBatch]) -> int:
        """Append batches; returns how many rows they held."""
        before = self.rows
        for batch in batches:
            if batch.num_rows == 0:
                continue
            table = pa.Table.from_batches([batch]).cast(self.schema)
            for file in self._files:
                file.write(table)
            self.rows += batch.num_rows
        return self.rows - before

    def write_rows(self, rows: list[dict[str, object]]) -> int:
        """Append rows given as dictionaries; returns how many."""
        return self.write(pa.Table.from_pylist(rows, schema=self.schema).to_batches())


class _Behind:
    """Writes tables to one file behind the back of who makes them, a few at most."""

    def __init__(self, put: Callable[[pa.Table], None], close: Callable[[], None]) -> None:
        self._put, self._close = put, close
        self._thread = ThreadPoolExecutor(max_workers=1)
        self._under_way: deque[Future[None]] = deque()

    def write(self, table: pa.Table) -> None:
        while len(self._under_way) >= _MOST_UNDER_WAY:
            self._under_way.popleft().result()
        self._under_way.append(self._thread.submit(self._put, table))

    def end(self, *, whole: bool) -> None:
        """Write what is under way (``whole``) or give it up, and close the file."""
        try:
            while whole and self._under_way:
                self._under_way.popleft().result()
        finally:
            self._thread.shutdown(cancel_futures=True)
            self._close()


class _CsvWriter:
    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._file = path.open("wb")
        self._file.write(_BOM)
        self._csv = pa_csv.CSVWriter(self._file, _csv_schema(schema), write_options=_CSV)

    def write_table(self, table: pa.Table) -> None:
        self._csv.write_table(_for_spreadsheet(table))

    def close(self) -> None:
        with self._file:
            self._csv.close()


def _csv_schema(schema: pa.Schema) -> pa.Schema:
    return pa.schema([(field.name, pa.string() if pa.types.is_timestamp(field.type) else field.type) for field in schema])


def _for_spreadsheet(table: pa.Table) -> pa.Table:
    columns = []
    for field in table.schema:
        column = table.column(field.name)
        if pa.types.is_timestamp(field.type):
            column = pc.cast(pc.cast(column, pa.timestamp("s"), safe=False), pa.string())
        if pa.types.is_string(column.type):
            formula = pc.match_substring_regex(column, _FORMULA)
            if pc.any(formula).as_py():
                column = pc.if_else(pc.fill_null(formula, False), pc.binary_join_element_wise("'", column, ""), column)
        columns.append(column)
    return pa.table(columns, schema=_csv_schema(table.schema))
