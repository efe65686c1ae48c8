"""The embedded engine: one DuckDB database in a private folder, locked down before it sees any data.

It may read the input folder and its own private folder, and nothing else: no network, no extensions, no other files.
Spilled data lies in the private folder, which the audit removes at its end.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from auditor.errors import UserError
from auditor.machine import memory_bytes
from auditor.words import _

BATCH_ROWS = 65_536
#: The engine's own memory, and what it gets for a large export where there is plenty: it then spills less to the disk.
USUAL_MEMORY, MORE_MEMORY, PLENTY = "1GiB", "2GiB", 6 * 1024**3
#: Bytes of files from which an export is large, and below which it is small: there threads cost more to wake than they save.
LARGE, SMALL = 100_000_000, 3_000_000
#: Rows up to which a table is handed to the engine as lists: it takes several times as long to begin to scan an Arrow table.
FEW_ROWS = 1_000
_SQL_TYPES = {
    pa.string(): "VARCHAR",
    pa.bool_(): "BOOLEAN",
    pa.int32(): "INTEGER",
    pa.int64(): "BIGINT",
    pa.uint64(): "UBIGINT",
    pa.date32(): "DATE",
    pa.timestamp("us"): "TIMESTAMP",
    pa.duration("us"): "INTERVAL",
    pa.list_(pa.string()): "VARCHAR[]",
}


class EngineError(RuntimeError):
    """A query failed. Holds the kind of fault only: the engine's own message may quote data."""

    def __init__(self, error: BaseException) -> None:
        super().__init__(type(error).__name__)
        self.kind = type(error).__name__
        self.disk_full = isinstance(error, duckdb.IOException | duckdb.OutOfMemoryException)


def quoted(name: str) -> str:
    """A quoted identifier, whatever is in the name."""
    return '"' + name.replace('"', '""') + '"'


def text(value: str) -> str:
    """A quoted text literal, whatever is in the value."""
    return "'" + value.replace("'", "''") + "'"


def unsigned(bits: int) -> str:
    """The engine's type of whole numbers that holds so many bits, at most 64."""
    return "UINTEGER" if bits <= 32 else "UBIGINT"


def nameable(path: Path) -> bool:
    """Whether the engine can be told of a path: it takes UTF-8 alone, while a file system may hold any bytes."""
    try:
        str(path.resolve()).encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


class Engine:
    """A connection of its own, closed by ``close()`` or at the end of a ``with`` block."""

    def __init__(
        self,
        private: Path,
        inputs: Sequence[Path] = (),
        *,
        size: int | None = None,
        memory: str | None = None,
        threads: int | None = None,
    ) -> None:
        """``private`` and ``inputs`` are the folders it may read, ``size`` the bytes of the files that will be read, if they
        are known. ``memory`` is what it may hold before it spills into ``private``, None to choose, and so with ``threads``."""
        if not nameable(private):
            raise UserError(
                _("The path of the folder for temporary data holds characters that are not UTF-8."),
                hint=_("Name an output folder on another path with --out."),
            )
        spill = private / "spill"
        spill.mkdir(mode=0o700, exist_ok=True)
        if threads is None and size is not None and size < SMALL:
            threads = 1
        more = size is not None and size > LARGE and (memory_bytes() or 0) >= PLENTY
        config: dict[str, str | bool | int | float | list[str]] = {"threads": threads} if threads else {}
        self._connection = duckdb.connect(":memory:", config=config)
        # an input that cannot be named to the engine is never read by it where it lies: it is copied first
        allowed = ", ".join(text(f"{folder.resolve()}/") for folder in (private, *inputs) if nameable(folder))
        for statement in (
            f"SET memory_limit={text(memory or (MORE_MEMORY if more else USUAL_MEMORY))}",
            f"SET temp_directory={text(str(spill))}",
            "SET autoinstall_known_extensions=false",
            "SET autoload_known_extensions=false",
            "SET allow_community_extensions=false",
            "SET python_enable_replacements=false",
            "SET enable_progress_bar=false",
            "SET checkpoint_threshold='1TB'",  # nothing here is to last, and a checkpoint goes through every table
            "SET timezone='Europe/Stockholm'",
            f"SET allowed_directories=[{allowed}]",
            "SET enable_external_access=false",
            "SET lock_configuration=true",
        ):
            self._connection.execute(statement)

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection; the private folder can then be removed."""
        self._connection.close()

    def interrupt(self) -> None:
        """Stop the query that runs now (Ctrl-C)."""
        self._connection.interrupt()

    def run(self, sql: str, values: Sequence[Any] = ()) -> None:
        """Run a statement. ``values`` are bound to its question marks. Raises EngineError."""
        try:
            self._connection.execute(sql, list(values)) if values else self._connection.execute(sql)
        except duckdb.InterruptException as error:
            raise KeyboardInterrupt from error
        except duckdb.Error as error:
            raise EngineError(error) from error

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query that is known to be small. Raises EngineError."""
        self.run(sql, values)
        try:
            return self._connection.fetchall()
        except duckdb.Error as error:
            raise EngineError(error) from error

    def value(self, sql: str, values: Sequence[Any] = ()) -> Any:
        """The one value of a query that gives one row. Raises EngineError."""
        return self.rows(sql, values)[0][0]

    def columns(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[str, str]]:
        """Name and type of each column that a query would give, without running it. Raises EngineError."""
        return [(row[0], row[1]) for row in self.rows(f"DESCRIBE {sql}", values)]

    def batches(self, sql: str, values: Sequence[Any] = ()) -> Iterator[pa.RecordBatch]:
        """The rows of a query as a stream of Arrow batches, in the query's order. Raises EngineError."""
        self.run(sql, values)
        try:
            reader = self._connection.to_arrow_reader(BATCH_ROWS)
            yield from reader
        except (duckdb.Error, pa.ArrowException) as error:
            raise EngineError(error) from error

    def load(self, name: str, table: pa.Table) -> None:
        """Make the table ``name`` from an Arrow table, replacing an earlier one. Raises EngineError."""
        if table.num_rows <= FEW_ROWS and all(type_ in _SQL_TYPES for type_ in table.schema.types):
            columns = ", ".join(
                f"unnest(CAST(? AS {_SQL_TYPES[column.type]}[])) AS {quoted(column.name)}" for column in table.schema
            )
            lists = [column.to_pylist() for column in table.columns]
            self.run(f"CREATE OR REPLACE TABLE {quoted(name)} AS SELECT {columns}", lists)
            return
        try:
            self._connection.register("incoming", table)
            self._connection.execute(f"CREATE OR REPLACE TABLE {quoted(name)} AS SELECT * FROM incoming")
            self._connection.unregister("incoming")
        except duckdb.Error as error:
            raise EngineError(error) from error
