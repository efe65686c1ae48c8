"""Runs the real program in process and reads back what it wrote, for tests that look at its public outputs alone."""

from __future__ import annotations

import csv
import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pyarrow.parquet as pq

import auditor.audit
import auditor.judging
from auditor.cli import run
from auditor.engine import duck
from auditor.intake import enumeration, settling
from auditor.words import speak

CHECKOUT = Path(__file__).parents[1]
SAMPLE = CHECKOUT / "sample_data" / "2026-10"
SAMPLE_AGREEMENT = CHECKOUT / "sample_data" / "exempelavtal.yaml"


def in_english() -> Iterator[None]:
    """What an autouse fixture does in modules that read the program's sentences in English."""
    speak("en")
    yield
    speak("sv")


@contextmanager
def as_if_large() -> Iterator[None]:
    """What is done for exports of very many rows is done for those of few too."""
    with (
        patch.object(enumeration, "MANY_ROWS", 0),
        patch.object(settling, "MOST_SORTED", 100),
        patch.object(auditor.audit, "FEW_FINDINGS", 0),
        patch.object(auditor.judging, "FEW_ROWS", 0),
        patch.object(duck, "FEW_ROWS", -1),
    ):
        yield


@dataclass
class Outputs:
    """What an audit wrote: rows as dictionaries, counts by check, the manifest."""

    counts: dict[str, dict[str, str]]
    findings: list[dict[str, Any]]
    verdicts: dict[str, str]
    because: dict[str, str | None]
    manifest: dict[str, Any]


def audit(source: Path, out: Path, *options: str, agreement: Path = SAMPLE_AGREEMENT) -> int:
    """Audit a folder with the program's own command line; returns the exit code. The key lies beside ``out``."""
    key = out.with_name("pseudonym.key")
    given = ["--agreement", str(agreement), "--out", str(out), "--key-file", str(key), "--quiet", *options]
    return run(["audit", str(source), *given])


def read_outputs(out: Path) -> Outputs:
    """Read counts.csv, findings.parquet, verdicts.parquet and manifest.json of an audit."""
    with (out / "counts.csv").open(encoding="utf-8-sig", newline="") as file:
        counts = {row["check"]: row for row in csv.DictReader(file, delimiter=";")}
    verdicts = pq.read_table(out / "verdicts.parquet").to_pylist()
    return Outputs(
        counts=counts,
        findings=pq.read_table(out / "findings.parquet").to_pylist(),
        verdicts={row["disclosure_id"]: row["verdict"] for row in verdicts},
        because={row["disclosure_id"]: row["undetermined_because"] for row in verdicts},
        manifest=json.loads((out / "manifest.json").read_text(encoding="utf-8")),
    )


def audited(source: Path, *options: str, agreement: Path = SAMPLE_AGREEMENT) -> Outputs:
    """Audit a folder and read what was written, which is then thrown away. Fails unless the exit code is 0."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        code: Sequence[int] | int = audit(source, out, *options, agreement=agreement)
        assert code == 0, f"exit code {code}"
        return read_outputs(out)
