"""Weeding out: what is older than the nämnd's gallringsplan allows leaves the register, the journal stays verifiable."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from auditor.register.journal import append
from auditor.register.store import Register


@dataclass(frozen=True)
class Purged:
    """How much was weeded out."""

    months: int
    findings: int
    decisions: int


def purge(register: Register, before: date) -> Purged:
    """Remove months that ended before a day, findings that no remaining month has, and decisions about those findings."""
    with register.change() as run:
        gone = [row[0] for row in run.execute("SELECT month FROM months WHERE last < ? ORDER BY month", (before.isoformat(),))]
        for table in ("sightings", "withdrawn", "tallies", "states", "months"):
            run.executemany(f"DELETE FROM {table} WHERE month = ?", ((month,) for month in gone))
        unseen = """finding NOT IN (SELECT finding FROM sightings) AND finding NOT IN (SELECT finding FROM withdrawn)"""
        decisions = [row[0] for row in run.execute(f"SELECT decision FROM decisions WHERE {unseen} ORDER BY decision")]
        run.execute(f"DELETE FROM decisions WHERE {unseen}")
        findings = run.execute(f"DELETE FROM findings WHERE {unseen}").rowcount
        append(run, "purge", {"before": before.isoformat(), "months": gone, "decisions": decisions, "findings": findings})
    return Purged(len(gone), findings, len(decisions))
