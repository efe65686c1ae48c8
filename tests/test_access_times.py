"""Times of accesses that are easily misread: the nights when clocks change, and events that have not happened yet."""

from __future__ import annotations

from pathlib import Path

from tests.access_logs import run, told

SILENCE = "access: {max_silence: 2h}\n"


def silences(folder: Path, month: str, moments: list[str]) -> list[str]:
    """The silent spans of a source with these events, of its first and last event apart."""
    rows = [{"source": "jour", "sequence": None, "at": moment} for moment in moments]
    outputs = run(folder, rules=SILENCE, accesses=rows, options=("--period", month))
    spans = [entity.removeprefix("jour:") for entity in told(outputs, "L3")]
    return sorted(span for span in spans if not span.startswith(f"{month}-01T00") and "-01T00:00:00" not in span[10:])


def accesses_read(folder: Path, moments: list[str]) -> dict[str, int]:
    rows = [{"source": "jour", "sequence": None, "at": moment} for moment in moments]
    outputs = run(folder, accesses=rows)
    (read,) = [entry["rows"] for entry in outputs.manifest["inputs"] if entry["table"] == "accesses"]
    assert sum(read[name] for name in ("audited", "context", "quarantined", "identical")) == read["read"]
    return dict(read)


def test_the_hour_that_comes_twice_in_october_is_one_hour_of_the_clock(tmp_path: Path) -> None:
    # 02:30 summer time, 02:30 winter time an hour later, and a 02:30 without zone: three events, none lost, none made one
    twice = ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", "2026-10-25 02:30:00", "2026-10-25T02:30:00+02:00"]
    assert accesses_read(tmp_path / "read", twice)["audited"] == 4
    # 01:00, 02:30 (summer), 02:30 (winter), 03:30: never more than two hours by the clock
    spans = silences(
        tmp_path / "silent",
        "2026-10",
        ["2026-10-24T23:00:00Z", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", "2026-10-25T02:30:00Z", "2026-10-25 05:45:00"],
    )
    assert spans == ["2026-10-25T03:30:00-2026-10-25T05:45:00"]


def test_the_hour_that_never_comes_in_march_is_read_as_the_clock_shows_it(tmp_path: Path) -> None:
    # 00:59:59 and 01:00:00 UTC stand a second apart, at 01:59:59 and 03:00:00; the log's clock is what is compared
    spans = silences(
        tmp_path,
        "2026-03",
        ["2026-03-29T00:59:59Z", "2026-03-29T01:00:00Z", "2026-03-29 02:30:00", "2026-03-29 06:00:00"],
    )
    assert spans == ["2026-03-29T03:00:00-2026-03-29T06:00:00"]


def test_events_from_the_future_and_from_long_ago_are_context_and_counted(tmp_path: Path) -> None:
    read = accesses_read(tmp_path, ["2026-10-05 11:00:00", "2031-01-01 00:00:00", "9999-12-31 23:59:59", "1999-01-01 00:00:00"])
    assert (read["audited"], read["context"], read["quarantined"]) == (1, 3, 0)
