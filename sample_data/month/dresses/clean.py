"""``clean``: UTF-8 CSV with canonical English headings, codes and ISO times; lists are parted by semicolons."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from ..accesses import AccessLog
from ..schema import SCHEMAS
from .rows import cells, write_csv


def write(folder: Path, tables: dict[str, pa.Table | AccessLog]) -> None:
    """Write one CSV file for each table into an existing folder."""
    for name, table in tables.items():
        lines = cells(name, table, _say)
        write_csv(folder / f"{name}.csv", SCHEMAS[name].names, lines, encoding="utf-8", separator=",", newline="\n")


def _say(table: str, column: str, value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return ";".join(value) if isinstance(value, list) else value
