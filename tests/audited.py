"""What an audit writes, read back in tests: the names of its files, cells of CSV, the manifest."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.conftest import Ran
from tests.exports import write_agreement

OUTPUTS = {
    "report.html",
    "findings.parquet",
    "findings.csv",
    "verdicts.parquet",
    "counts.csv",
    "quarantine.csv",
    "manifest.json",
    "accesses.parquet",
    "incidents.csv",
    "reconciliation.csv",
    "undetermined_accesses.csv",
}


def cells(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file as a Swedish spreadsheet reads it."""
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(content.decode("utf-8-sig").splitlines(), delimiter=";"))


def manifest_of(out: Path) -> dict[str, Any]:
    return json.loads((out / "manifest.json").read_text(encoding="utf-8"))


def small_audits(tmp_path: Path, program: Callable[..., Ran]) -> Callable[..., tuple[Ran, Path]]:
    """A fixture's value: audits a small export with the agreement of small exports; each run has a folder of its own."""
    agreement = write_agreement(tmp_path)
    runs = []

    def audit(source: Path, *options: str, agreement: Path = agreement) -> tuple[Ran, Path]:
        out = tmp_path / f"out-{len(runs)}"
        given = ("--agreement", agreement, "--out", out, "--key-file", tmp_path / "key", *options)
        ran = program("audit", source, *given)
        runs.append(out)
        return ran, out

    return audit
