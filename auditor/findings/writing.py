"""Streaming tables to files: Parquet with exact values, and CSV as a Swedish Excel wants it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from types import TracebackType

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

_BOM = b"\xef\xbb\xbf"
#: A spreadsheet takes a cell that begins so for a formula (OWASP, CSV injection).
_FORMULA = r"^[=+\-@\t\r]"
_CSV = pa_csv.WriteOptions(include_header=True, delimiter=";", quoting_style="needed")


class TableWriter:
    """Writes record batches of one schema to Parquet, to CSV, or to both, a bounded number of rows at a time.

    CSV is UTF-8 with BOM, ``;`` between cells; a cell that a spreadsheet would take for a formula gets an apostrophe there.
    """

    def __init__(self, schema: pa.Schema, *, parquet: Path | None = None, csv: Path | None = None) -> None:
        self.schema = schema
        self.rows = 0
        self._parquet = pq.ParquetWriter(parquet, schema, compression="zstd", write_statistics=False) if parquet else None
        self._file = csv.open("wb") if csv else None
        self._csv = None
        if self._file:
            self._file.write(_BOM)
            self._csv = pa_csv.CSVWriter(self._file, _csv_schema(schema), write_options=_CSV)

    def __enter__(self) -> TableWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._parquet:
            self._parquet.close()
        if self._csv and self._file:
            self._csv.close()
            self._file.close()

    def write(self, batches: Iterable[pa.RecordBatch]) -> int:
        """Append batches; returns how many rows they held."""
        before = self.rows
        for batch in batches:
            if batch.num_rows == 0:
                continue
            table = pa.Table.from_batches([batch]).cast(self.schema)
            if self._parquet:
                self._parquet.write_table(table)
            if self._csv:
                self._csv.write_table(_for_spreadsheet(table))
            self.rows += batch.num_rows
        return self.rows - before

    def write_rows(self, rows: list[dict[str, object]]) -> int:
        """Append rows given as dictionaries; returns how many."""
        return self.write(pa.Table.from_pylist(rows, schema=self.schema).to_batches())


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
