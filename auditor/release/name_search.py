"""Names in the running text of a table: in a process beside where there is much of it, else here; the same search in both.

What is looked through lies in a Parquet file of the private folder, and so does what was found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from auditor.beside import NoAnswerError, Worker, answer_requests
from auditor.engine import Engine, text
from auditor.release.columns import CASE, Column, view_of
from auditor.release.identifiers import Identifier
from auditor.release.model import RawTable
from auditor.release.names import KnownNames

FOUND_SCHEMA = pa.schema(
    [
        ("cell", pa.string()),
        ("line", pa.int64()),
        ("kind", pa.string()),
        ("sure", pa.bool_()),
        ("key", pa.string()),
        ("mask", pa.string()),
    ]
)
#: Fields whose cells are names, or no running text.
_NO_RUNNING_TEXT = frozenset({"name", "guardians", "person_id", "phone", "address", "school", "email", CASE})
#: With so many cells of running text a process of its own, which takes a second to start, is worth its while.
WORTH_A_PROCESS = 200_000
_GROUP_ROWS = 16_384
#: The search of the largest file may take a day; a process that ends early is noticed at once.
_A_DAY = 24 * 3600.0
NAMES = Worker("auditor.release.name_search", patience=_A_DAY)


def search_names(
    engine: Engine, table: RawTable, columns: Sequence[Column], known: KnownNames, private: Path
) -> Callable[[], Path]:
    """Begin to look for names in the columns that hold running text. What is returned waits for the file of those found, a
    table of FOUND_SCHEMA. Who calls holds ``NAMES``."""
    cells = [column.cell for column in columns if column.filled and column.field not in _NO_RUNNING_TEXT]
    source, target = private / f"texts_{table.number}.parquet", private / f"names_{table.number}.parquet"
    wanted = ", ".join(["line", *cells])
    engine.run(
        f"COPY (SELECT {wanted} FROM {view_of(table)}) TO {text(str(source))} (FORMAT parquet, COMPRESSION uncompressed)"
    )

    def here() -> Path:
        look_for_names(source, cells, known, target)
        source.unlink()
        return target

    if table.rows * len(cells) < WORTH_A_PROCESS:
        return here
    waiting = NAMES.put({"source": str(source), "cells": cells, "names": known.names, "target": str(target)})

    def there() -> Path:
        try:
            waiting()
        except NoAnswerError:
            return here()
        source.unlink()
        return target

    return there


def look_for_names(source: Path, cells: Sequence[str], known: KnownNames, target: Path) -> None:
    """Look in the columns ``cells`` of a Parquet file with the column ``line``; ``target`` gets the names found."""
    with pq.ParquetWriter(target, FOUND_SCHEMA) as writer:
        for cell in cells:
            for batch in _batches(source, cell):
                lines, texts = (column.to_pylist() for column in batch.columns)
                found = [(lines[name.place], name.sure, name.key) for name in known.find(texts)]
                if found:
                    writer.write_batch(_as_batch(cell, found))


def _batches(source: Path, cell: str) -> Iterator[pa.RecordBatch]:
    with pq.ParquetFile(source, pre_buffer=False) as file:
        for batch in file.iter_batches(_GROUP_ROWS, columns=["line", cell]):
            yield batch.filter(batch.column(1).is_valid())


def _as_batch(cell: str, found: Sequence[tuple[int, bool, str]]) -> pa.RecordBatch:
    lines, sure, keys = zip(*found, strict=True)
    many = len(found)
    values = ([cell] * many, lines, [Identifier.NAME.value] * many, sure, keys, [""] * many)
    arrays = [pa.array(value, field.type) for value, field in zip(values, FOUND_SCHEMA, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=FOUND_SCHEMA)


def serve() -> None:
    """Look for names until nobody asks any more. This is the other process."""
    answer_requests(lambda: _answer)


def _answer(request: Any) -> bool:
    known = KnownNames([(first, last) for first, last in request["names"]])
    look_for_names(Path(request["source"]), request["cells"], known, Path(request["target"]))
    return True
