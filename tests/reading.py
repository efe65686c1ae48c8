"""Reads files with the readers in short, for tests: raw cells and torn rows, and errors that hold nothing from a cell."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from auditor.errors import UserError
from auditor.intake.files import Form, InputFile
from auditor.intake.readers import RawFile, read_raw

MARK = "MARKÖR-20170101-9802"  # stands in cells, and may stand in no error
MIB = 1024 * 1024


def reader(tmp_path: Path) -> Callable[..., RawFile]:
    """A fixture's value: writes bytes to a file of a name and reads it."""

    def write_and_read(content: bytes | str, name: str = "cases.csv", **options) -> RawFile:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_path(path, **options)

    return write_and_read


def read_path(path: Path, **options) -> RawFile:
    into = path.parent / "into"
    into.mkdir(exist_ok=True)
    for left in into.iterdir():
        left.unlink()
    bare = path.name.removesuffix(".gz")
    return read_raw(InputFile(path, path.name, "cases", Form(bare.rpartition(".")[2]), path.suffix == ".gz"), into, **options)


def rows(raw: RawFile) -> list[tuple]:
    """The cells of all rows, each with its line at the end."""
    table = pq.read_table(raw.cells)
    return [tuple(row.values()) for row in table.to_pylist()]


def torn(raw: RawFile) -> list[tuple[int, str]]:
    return [(row["line"], row["reason"]) for row in pq.read_table(raw.torn).to_pylist()] if raw.torn else []


def refused(action, *arguments, **options) -> UserError:
    """The error of an action: it says what is wrong and what to do next, and holds nothing from a cell."""
    with pytest.raises(UserError) as caught:
        action(*arguments, **options)
    error = caught.value
    for part in [error, *getattr(error, "faults", [])]:
        assert part.message and part.hint and "{" not in part.message + part.hint
        assert "MARK" not in f"{part.message} {part.hint} {part.file} {part.column}"
    return error
