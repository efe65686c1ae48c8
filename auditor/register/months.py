"""Months in the register: adding an audit's findings, and what became of findings from one month to the next."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from auditor.errors import UserError
from auditor.output_folder import MANIFEST
from auditor.register.journal import append, digest_of_month, is_as_added, next_number
from auditor.register.store import Register
from auditor.words import _

_BATCH = 20_000
_COLUMNS = (
    "fingerprint", "check", "name", "kind", "severity", "entity_type", "entity", "case_id", "at", "user_id", "organisation",
    "controller", "evidence", "law", "answer", "missing",
)  # fmt: skip
#: Checks of cases and logs that are asked in one month alone: a hand-over in the month in which it was due; numbers used
#: twice, missing numbers and silences of an access log in the month in which they stand.
OF_ONE_MONTH = ("L1", "L2", "L3", "P7")
#: SQL over a finding f: whether it can be there again in a later month. A disclosure, an access and a user's day belong to
#: their moment. Cases without a decision, and what is wrong with files and tables of one name, can last.
LASTING = f"(f.entity_type IN ('case', 'log') AND f.check_id NOT IN {OF_ONE_MONTH!r})"


class Movement(StrEnum):
    """What became of a finding, as seen from a month."""

    NEW = "new"
    REMAINS = "remains"
    RETURNED = "returned"
    GONE = "gone"
    NOT_LOOKED_FOR = "not-looked-for"


@dataclass(frozen=True)
class Month:
    """An audited period in the register; ``controller`` is empty when all controllers were audited."""

    number: int
    first: date
    last: date
    controller: str
    within: int
    outside: int
    undetermined: int


def months(register: Register, controller: str | None = None) -> list[Month]:
    """The months of the register, earliest first; of one controller ('' for all of them), if named."""
    return [
        Month(
            row["month"], date.fromisoformat(row["first"]), date.fromisoformat(row["last"]), row["controller"],
            row["within"], row["outside"], row["undetermined"],
        )
        for row in register.rows(
            "SELECT * FROM months WHERE :controller IS NULL OR controller = :controller ORDER BY first, last, controller",
            {"controller": controller},
        )
    ]  # fmt: skip


#: The item of a row that says that a month's counts are kept, though all may be nothing.
COUNTED = "counted"


#: The state of a check that was run and could judge nothing.
UNDECIDED = "undecided"


def states_of(checks: Mapping[str, str], tallies: Mapping[str, Any]) -> dict[str, str]:
    """What became of each check: its state in the manifest, or that it could judge nothing."""
    return {**checks, **dict.fromkeys(tallies.get("undecided", ()), UNDECIDED)}


@dataclass(frozen=True)
class Facts:
    """What a month is in the register, as its audit's manifest has it. ``tallies`` and ``checks`` are empty in manifests of
    versions that did not write them."""

    first: str
    last: str
    controller: str
    program: str
    agreement_sha256: str
    manifest_sha256: str
    within: int
    outside: int
    undetermined: int
    tallies: Mapping[str, Any] = field(default_factory=dict)
    checks: Mapping[str, str] = field(default_factory=dict)


def add_month(register: Register, run_folder: Path) -> Month:
    """Add the findings of a finished audit. The same period of the same controller is replaced, its decisions are kept.

    Raises UserError when the folder is not as the audit wrote it, or its period overlaps another one in the register.
    """
    # what reads reports and findings is imported when a month is added, and not to list one
    from auditor.output import read_audit_manifest, sha256_of, verify

    manifest = read_audit_manifest(run_folder)
    if faults := verify(run_folder):
        raise UserError(faults[0] + ".", hint=_("Run the audit again; nothing was changed in the register."))
    facts = Facts(
        first=manifest["period"]["from"],
        last=manifest["period"]["to"],
        controller=str(manifest.get("controller") or ""),
        program=manifest["program"]["version"],
        agreement_sha256=manifest["agreement"]["sha256"],
        manifest_sha256=sha256_of(run_folder / MANIFEST),
        **{verdict: int(manifest["verdicts"].get(verdict, 0)) for verdict in ("within", "outside", "undetermined")},
        tallies=manifest.get("tallies", {}),
        checks=states_of(manifest.get("checks", {}), manifest.get("tallies", {})),
    )
    with register.change() as run:
        number = _put(run, facts, run_folder / "findings.parquet")
    return next(month for month in months(register) if month.number == number)


@contextlib.contextmanager
def as_if_added(register: Register, facts: Facts, findings: Path) -> Iterator[Month]:
    """The register as it would be with a month that is not finished yet; nothing of it is kept. Raises UserError."""
    with contextlib.suppress(_NotKept), register.change() as run:
        number = _put(run, facts, findings)
        yield next(month for month in months(register) if month.number == number)
        raise _NotKept


class _NotKept(Exception):
    """Ends a transaction whose changes are not wanted."""


def _put(run: sqlite3.Connection, facts: Facts, findings: Path) -> int:
    month = _month_row(run, facts)
    before = dict(run.execute("SELECT finding, answer FROM sightings WHERE month = ?", (month,)))
    run.execute("DELETE FROM sightings WHERE month = ?", (month,))
    _add_findings(run, findings, month)
    now = {row[0] for row in run.execute("SELECT finding FROM sightings WHERE month = ?", (month,))}
    run.executemany(
        "INSERT OR REPLACE INTO withdrawn VALUES (?, ?, ?)",
        ((month, finding, before[finding]) for finding in sorted(before.keys() - now)),
    )
    run.execute(
        "DELETE FROM withdrawn WHERE month = ? AND finding IN (SELECT finding FROM sightings WHERE month = ?)", (month, month)
    )
    _put_tallies(run, facts, month)
    body = {"month": month, "first": facts.first, "last": facts.last, "findings": len(now)}
    append(run, "month", {**body, "digest": digest_of_month(run, month)})
    return month


def _put_tallies(run: sqlite3.Connection, facts: Facts, month: int) -> None:
    for table in ("tallies", "states"):
        run.execute(f"DELETE FROM {table} WHERE month = ?", (month,))
    run.executemany("INSERT INTO states VALUES (?, ?, ?)", ((month, check, state) for check, state in facts.checks.items()))
    if not facts.tallies:
        return
    rows = [("", "", COUNTED, 0), *(("", "", item, n) for item, n in facts.tallies["whole"].items())]
    for party, ways in facts.tallies["parties"].items():
        rows += [(party, way, item, n) for way, items in ways.items() for item, n in items.items()]
    run.executemany("INSERT INTO tallies VALUES (?, ?, ?, ?, ?)", ((month, *row) for row in rows))


def _month_row(run: sqlite3.Connection, facts: Facts) -> int:
    period = (facts.first, facts.last, facts.controller)
    overlapping = run.execute(
        "SELECT first, last FROM months WHERE controller = ? AND first <= ? AND last >= ? AND NOT (first = ? AND last = ?)",
        (facts.controller, facts.last, facts.first, facts.first, facts.last),
    ).fetchone()
    if overlapping:
        raise UserError(
            _("The period overlaps {first} – {last}, which is in the register.").format(
                first=overlapping[0], last=overlapping[1]
            ),
            hint=_("Audit whole months, each once; nothing was changed in the register."),
        )
    values = (
        datetime.now(UTC).isoformat(timespec="seconds"),
        facts.program,
        facts.agreement_sha256,
        facts.manifest_sha256,
        facts.within,
        facts.outside,
        facts.undetermined,
    )
    known = run.execute("SELECT month FROM months WHERE first = ? AND last = ? AND controller = ?", period).fetchone()
    if known:
        if not is_as_added(run, known[0]):  # after this it could not be seen any more
            raise UserError(
                _("What the register holds of this month has been changed since it was added."),
                hint=_("See what 'auditor verify --register FILE' says; nothing was changed."),
            )
        run.execute(
            """UPDATE months SET added_at = ?, program = ?, agreement_sha256 = ?, manifest_sha256 = ?, within = ?, outside = ?,
            undetermined = ? WHERE month = ?""",
            (*values, known[0]),
        )
        return int(known[0])
    number = next_number(run, "month")
    run.execute("INSERT INTO months VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", (number, *period, *values))
    return number


def _add_findings(run: sqlite3.Connection, parquet: Path, month: int) -> None:
    import pyarrow.parquet as pq

    with pq.ParquetFile(parquet) as file:
        for batch in file.iter_batches(_BATCH, columns=list(_COLUMNS)):
            rows = batch.to_pylist()
            for row in rows:
                row["at"] = row["at"].isoformat(sep=" ", timespec="seconds") if row["at"] else None
                row["month"] = month
            run.executemany(
                """INSERT INTO findings (fingerprint, check_id, name, kind, severity, entity_type, entity, case_id, at, user_id,
                    organisation, controller, evidence, law)
                VALUES (:fingerprint, :check, :name, :kind, :severity, :entity_type, :entity, :case_id, :at, :user_id,
                    :organisation, :controller, :evidence, :law)
                ON CONFLICT (fingerprint) DO UPDATE SET severity = excluded.severity, evidence = excluded.evidence,
                    law = excluded.law, at = excluded.at, organisation = excluded.organisation,
                    controller = excluded.controller, case_id = excluded.case_id,
                    user_id = excluded.user_id""",
                rows,
            )
            run.executemany(
                """INSERT OR REPLACE INTO sightings
                SELECT :month, finding, :answer, :severity, :missing FROM findings WHERE fingerprint = :fingerprint""",
                rows,
            )


def month_before(register: Register, month: Month) -> Month | None:
    """The latest earlier month of the same controller."""
    earlier = [other for other in months(register, month.controller) if other.last < month.first]
    return earlier[-1] if earlier else None


#: SQL: each finding of the months up to one (:month, :first, :controller), with what became of it. A finding that stands at
#: a moment of its own belongs to its month alone: later months do not call it gone. Where its check was not put in this
#: month, nobody knows whether it is gone.
MOVEMENTS = f"""
WITH earlier AS (SELECT month, last FROM months WHERE controller = :controller AND last < :first),
    previous AS (SELECT month FROM earlier ORDER BY last DESC LIMIT 1),
    here AS (SELECT finding, answer FROM sightings WHERE month = :month),
    missed AS (SELECT s.finding, s.answer FROM sightings AS s JOIN findings AS f USING (finding)
        WHERE s.month = (SELECT month FROM previous) AND {LASTING} AND s.finding NOT IN (SELECT finding FROM here)
        UNION SELECT finding, answer FROM withdrawn WHERE month = :month)
SELECT h.finding, h.answer, CASE
        WHEN EXISTS (SELECT 1 FROM sightings AS s WHERE s.finding = h.finding AND s.month = (SELECT month FROM previous))
            THEN 'remains'
        WHEN EXISTS (SELECT 1 FROM sightings AS s WHERE s.finding = h.finding AND s.month IN (SELECT month FROM earlier))
            THEN 'returned'
        ELSE 'new' END AS movement
FROM here AS h
UNION ALL
SELECT g.finding, min(g.answer), CASE WHEN f.check_id IN (SELECT check_id FROM not_run WHERE month = :month)
        THEN 'not-looked-for' ELSE 'gone' END
FROM missed AS g JOIN findings AS f USING (finding) GROUP BY g.finding
"""


def movements(register: Register, month: Month) -> dict[str, Movement]:
    """What became of each finding, by fingerprint, as seen from a month."""
    rows = register.rows(
        f"SELECT f.fingerprint, m.movement FROM ({MOVEMENTS}) AS m JOIN findings AS f USING (finding)",
        {"month": month.number, "first": month.first.isoformat(), "controller": month.controller},
    )
    return {row["fingerprint"]: Movement(row["movement"]) for row in rows}


def missing_months(register: Register, month: Month) -> list[str]:
    """Calendar months (2026-09) between this month and the one before it that the register does not hold."""
    before = month_before(register, month)
    if before is None:
        return []
    year, number = before.last.year, before.last.month
    missing: list[str] = []
    while True:
        year, number = (year + 1, 1) if number == 12 else (year, number + 1)
        if (year, number) >= (month.first.year, month.first.month):
            return missing
        missing.append(f"{year}-{number:02d}")
