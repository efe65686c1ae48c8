"""The journal: every change of the register, chained by hashes so that a changed, removed or cut-off entry is told.

An entry's hash is SHA-256 over the hash before it and its own content. Entries hold digests and codes, no case, user or
reason: so the journal can be kept, and checked, when what it tells of was weeded out (arkivlagen 1990:782, 10 §).
A journal that was rewritten from the beginning to its end is told by a hash kept elsewhere: each report's manifest has one.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from datetime import UTC, datetime
from typing import Any

from auditor.register.store import Register
from auditor.words import _


def canonical(value: Any) -> str:
    """A value as JSON with one spelling only."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(value: Any) -> str:
    """SHA-256 of a value's one spelling, as hexadecimal text."""
    return hashlib.sha256(canonical(value).encode("utf-8")).hexdigest()


def append(run: sqlite3.Connection, action: str, body: dict[str, Any]) -> str:
    """Add an entry within a transaction; returns its hash, the journal's newest."""
    entry, previous = run.execute("SELECT entry, hash FROM head").fetchone()
    written_at = datetime.now(UTC).isoformat(timespec="seconds")
    entry, text = entry + 1, canonical(body)
    newest = _hash(entry, written_at, action, text, previous)
    run.execute("INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?)", (entry, written_at, action, text, previous, newest))
    run.execute("UPDATE head SET entry = ?, hash = ?", (entry, newest))
    return newest


def newest(register: Register) -> tuple[int, str]:
    """Number and hash of the newest entry; (0, '') of an empty journal."""
    row = register.rows("SELECT entry, hash FROM head")[0]
    return int(row["entry"]), str(row["hash"])


def _hash(entry: int, written_at: str, action: str, body: str, previous: str) -> str:
    return digest([entry, written_at, action, body, previous])


def faults(register: Register, known: tuple[int, str] | None = None) -> list[str]:
    """A sentence for each thing that is not as the journal has it.

    ``known`` is the number and hash of an entry as they were kept elsewhere, in a report's manifest.
    """
    found: list[str] = []
    previous, wanted = "", 1
    for row in register.rows("SELECT * FROM journal ORDER BY entry"):
        if row["entry"] != wanted:
            found.append(_("Entry {number} of the journal is missing.").format(number=wanted))
            wanted = row["entry"]
        elif row["previous"] != previous:
            found.append(_("Entry {number} of the journal does not follow on the one before it.").format(number=wanted))
        if row["hash"] != _hash(row["entry"], row["written_at"], row["action"], row["body"], row["previous"]):
            found.append(_("Entry {number} of the journal has been changed.").format(number=wanted))
        if known and known[0] == row["entry"] and known[1] != row["hash"]:
            found.append(_("Entry {number} of the journal is not the one that the report knew.").format(number=wanted))
        previous, wanted = row["hash"], wanted + 1
    last, last_hash = newest(register)
    if (last, last_hash) != (wanted - 1, previous):
        found.append(_("The journal's end has been cut off or changed."))
    if known and known[0] >= wanted:
        found.append(_("The journal ends before the entry that the report knew."))
    return found + _facts(register)


def _facts(register: Register) -> list[str]:
    """Months and decisions compared with their newest digests in the journal; what was purged is not missed."""
    found: list[str] = []
    wanted: dict[tuple[str, int], str] = {}
    purged_months: set[int] = set()
    purged_decisions: set[int] = set()
    for row in register.rows(
        "SELECT action, body FROM journal WHERE action IN ('month', 'decision', 'report', 'purge') ORDER BY entry"
    ):
        body = json.loads(row["body"])
        if row["action"] == "purge":
            purged_months |= set(body["months"])
            purged_decisions |= set(body["decisions"])
            continue
        wanted[row["action"], body[row["action"]]] = body["digest"]
    months = {row["month"] for row in register.rows("SELECT month FROM months")}
    for (action, number), expected in wanted.items():
        if action == "month":
            if number in purged_months:
                continue
            if number not in months:
                found.append(_("A month that was added is missing from the register."))
            elif digest_of_month(register, number) != expected:
                found.append(_("The findings of a month have been changed since they were added."))
        elif action == "report":
            if digest_of_report(register, number) != expected:
                found.append(_("Published report {number} has been changed or removed.").format(number=number))
        elif number not in purged_decisions and digest_of_decision(register, number) != expected:
            found.append(_("Decision {number} has been changed or removed.").format(number=number))
    decisions = {row["decision"] for row in register.rows("SELECT decision FROM decisions")}
    found += [
        _("Decision {number} is not in the journal.").format(number=number)
        for number in sorted(decisions - {number for action, number in wanted if action == "decision"})
    ]
    return found


def digest_of_month(register: Register | sqlite3.Connection, month: int) -> str:
    """The digest of a month's facts: its row, every finding's fingerprint, check, entity, answer and severity, its counts, and
    which checks were run."""
    head = _list(
        register,
        "SELECT first, last, controller, manifest_sha256, within, outside, undetermined FROM months WHERE month = :n",
        month,
    )
    facts = _list(
        register,
        """SELECT f.fingerprint, f.check_id, f.entity_type, f.entity, s.answer, s.severity
        FROM sightings AS s JOIN findings AS f USING (finding) WHERE s.month = :n ORDER BY f.fingerprint""",
        month,
    )
    counts = _list(register, "SELECT party, way, item, n FROM tallies WHERE month = :n ORDER BY party, way, item", month)
    states = _list(register, "SELECT check_id, state FROM states WHERE month = :n ORDER BY check_id", month)
    return digest([head, facts, counts, states])


def is_as_added(run: sqlite3.Connection, month: int) -> bool:
    """Whether a month is as the journal's newest entry about it says."""
    bodies = (json.loads(row[0]) for row in run.execute("SELECT body FROM journal WHERE action = 'month' ORDER BY entry DESC"))
    return next((body["digest"] for body in bodies if body["month"] == month), None) == digest_of_month(run, month)


def digest_of_report(register: Register | sqlite3.Connection, report: int) -> str:
    """The digest of what a published report gave out."""
    columns = "given_on, controller, first, last, threshold, document, basis"
    return digest(_list(register, f"SELECT {columns} FROM published WHERE report = :n", report))


def next_number(run: sqlite3.Connection, action: str) -> int:
    """A number for a new month or decision that never was used before, also not by one that was purged."""
    # a decision has one entry, so the newest has the greatest number; a month has one for each time it was audited
    enough = "LIMIT 1" if action == "decision" else ""
    bodies = run.execute(f"SELECT body FROM journal WHERE action = ? ORDER BY entry DESC {enough}", (action,))
    return max((int(json.loads(row[0])[action]) for row in bodies), default=0) + 1


def digest_of_decision(register: Register | sqlite3.Connection, decision: int) -> str:
    """The digest of a decision with the finding it is about."""
    return digest(
        _list(
            register,
            """SELECT f.fingerprint, d.kind, d.capacity, d.decided_by, d.decided_on, d.reason, d.owner, d.expires, d.reference,
                d.reported_on, d.aware_at FROM decisions AS d JOIN findings AS f USING (finding) WHERE d.decision = :n""",
            decision,
        )
    )


def _list(register: Register | sqlite3.Connection, sql: str, number: int) -> list[list[Any]]:
    if isinstance(register, Register):
        return [list(row) for row in register.rows(sql, {"n": number})]
    return [list(row) for row in register.execute(sql, {"n": number})]
