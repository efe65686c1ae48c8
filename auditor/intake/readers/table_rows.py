"""The rows of one canonical table out of a standard log, written in batches, and which of its columns ever held anything."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow.parquet as pq

from auditor.intake.readers.cells import CellWriter
from auditor.intake.readers.model import Torn

_BATCH_ROWS = 5_000


class TableRows:
    """Takes rows of known columns, each with its number in the file; and records that could not be read."""

    def __init__(self, folder: Path, stem: str, table: str, columns: Sequence[str]) -> None:
        self.table = table
        self.columns = tuple(columns)
        self.rows = 0
        self.torn = 0
        self._filled = [False] * len(self.columns)
        self._writer = CellWriter(folder, f"{stem}-{table}")
        self._rows: list[Sequence[str | None]] = []
        self._numbers: list[int] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._writer.__exit__(kind, error, trace)

    @property
    def filled(self) -> frozenset[str]:
        """The columns of which some row held a value."""
        return frozenset(column for column, filled in zip(self.columns, self._filled, strict=True) if filled)

    def add(self, number: int, cells: Sequence[str | None]) -> None:
        """Add a row. A text that no file may hold (NUL, half a character) makes it a torn one."""
        reason = _why_torn("".join(cell for cell in cells if cell))
        if reason:
            self.tear(number, reason)
            return
        self.rows += 1
        self._filled = [filled or bool(cell) for filled, cell in zip(self._filled, cells, strict=True)]
        self._rows.append(cells)
        self._numbers.append(number)
        if len(self._rows) >= _BATCH_ROWS:
            self._write()

    def tear(self, number: int, reason: Torn) -> None:
        """Record a row that could not be read."""
        self.torn += 1
        self._writer.tear(number, reason)

    def tear_all(self, torn: Path) -> None:
        """Record the torn rows of a file written by ``finish``."""
        with pq.ParquetFile(torn) as file:
            for batch in file.iter_batches():
                for number, reason in zip(*(batch.column(name).to_pylist() for name in ("line", "reason")), strict=True):
                    self.tear(number, Torn(reason))

    def finish(self) -> tuple[Path, Path | None]:
        """Write what is left; the paths of the cells and of the torn rows (None without any)."""
        self._write()
        return self._writer.finish(len(self.columns))

    def _write(self) -> None:
        self._writer.add(self._rows, self._numbers, len(self.columns))
        self._rows, self._numbers = [], []


def _why_torn(texts: str) -> Torn | None:
    if not texts.isascii():
        try:
            texts.encode("utf-8")
        except UnicodeEncodeError:
            return Torn.BAD_JSON
    return Torn.NUL_BYTE if "\0" in texts else None
