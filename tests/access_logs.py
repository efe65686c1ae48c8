"""Audits of small exports with an access log, for tests that look at its findings and counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.exports import export, write_agreement
from tests.running import Outputs, audit, read_outputs

Row = Mapping[str, Any]
IN_OCTOBER = ("--period", "2026-10")
FIELDS = ("pass", "violation", "undetermined", "not_applicable")
#: The access rules of the agreement, beside the sound export's own.
RULES = """\
access:
  duty_units: [{organisation: "0180", unit: socialjouren}]
  max_silence: 40d
  service_accounts: [batch]
"""


def run(folder: Path, *changes: tuple[str, str], options: Sequence[str] = (), rules: str = RULES, **tables: Any) -> Outputs:
    """Audit a small export with an access log; every open answer is written too."""
    folder.mkdir(exist_ok=True)
    agreement = write_agreement(folder, ("channels: [sdk, phone]\n", "channels: [sdk, phone]\n" + rules), *changes)
    source = export(folder / "in", assignments=tables.pop("assignments", [{}]), **tables)
    assert audit(source, folder / "out", *IN_OCTOBER, "--undetermined-accesses", *options, agreement=agreement) == 0
    return read_outputs(folder / "out")


def told(outputs: Outputs, check: str) -> dict[str, str]:
    """What each finding of a check is about, with its answer."""
    return {row["entity"]: row["answer"] for row in outputs.findings if row["check"] == check}


def missing(outputs: Outputs, check: str) -> dict[str, str]:
    return {row["entity"]: row["missing"] for row in outputs.findings if row["check"] == check and row["missing"]}


def counts(outputs: Outputs, check: str) -> tuple[int, ...]:
    """How many passes, violations, open answers and rows to which it does not apply."""
    row = outputs.counts[check]
    found = tuple(int(row[name]) for name in FIELDS)
    assert sum(found) == int(row["rows"])
    return found


def at(time: str) -> dict[str, str]:
    return {"at": f"2026-10-{time}"}
