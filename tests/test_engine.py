"""Tables handed to the embedded engine are the same whichever way they are handed over."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from auditor.engine import Engine, duck

OF_EVERY_TYPE = pa.table(
    {
        "text": pa.array(["Å\x00é", None, ""]),
        "flag": pa.array([True, None, False]),
        "number": pa.array([1, None, -(2**31)], pa.int32()),
        "large": pa.array([2**63 - 1, None, -(2**63)], pa.int64()),
        "hash": pa.array([2**64 - 1, None, 0], pa.uint64()),
        "day": pa.array([date(1, 1, 1), None, date(9999, 12, 31)]),
        "moment": pa.array([datetime(1, 1, 1), None, datetime(9999, 12, 31, 23, 59, 59, 999_999)], pa.timestamp("us")),
        "span": pa.array([timedelta(days=7), None, timedelta(microseconds=1)], pa.duration("us")),
        "words": pa.array([["a", None], None, []], pa.list_(pa.string())),
    }
)


@pytest.mark.parametrize("rows", [slice(0, 3), slice(1, 2), slice(0, 0)], ids=["of every type", "all missing", "no row"])
def test_a_small_table_is_the_table_that_a_large_one_would_be(
    rows: slice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = OF_EVERY_TYPE.slice(rows.start, rows.stop - rows.start)
    with Engine(tmp_path) as engine:
        engine.load("small", table)
        monkeypatch.setattr(duck, "FEW_ROWS", -1)
        engine.load("large", table)
        assert engine.columns("SELECT * FROM small") == engine.columns("SELECT * FROM large")
        small, large = (engine.rows(f"SELECT * FROM {name} ORDER BY rowid") for name in ("small", "large"))
    assert small == large == [tuple(row.values()) for row in table.to_pylist()]
