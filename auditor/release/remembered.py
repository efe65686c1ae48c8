"""Release decisions kept in the register: which file left, to whom and for what, and who decided.

The table ``releases`` is made when the first decision is kept. A decision is never changed and not weeded out by ``purge``: it
names a file by its hash, and no child.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from typing import Any

from auditor.register.journal import append, digest, next_number
from auditor.register.store import Register
from auditor.words import _

_SCHEMA = """CREATE TABLE IF NOT EXISTS releases (
    release INTEGER PRIMARY KEY, sha256 TEXT NOT NULL, file TEXT NOT NULL, recipient TEXT NOT NULL, purpose TEXT NOT NULL,
    released_at TEXT NOT NULL, released_by TEXT NOT NULL, record_sha256 TEXT NOT NULL)"""
_COLUMNS = ("sha256", "file", "recipient", "purpose", "released_at", "released_by", "record_sha256")


def remember_release(register: Register, decision: Mapping[str, Any]) -> int:
    """Keep a decision as ``auditor.release.approval.decide_on`` makes it; its number, or that of the same file and check."""
    with register.change() as run:
        run.execute(_SCHEMA)
        same = (decision["sha256"], decision["record_sha256"])
        known = run.execute("SELECT release FROM releases WHERE sha256 = ? AND record_sha256 = ?", same).fetchone()
        if known:
            return int(known[0])
        release, request = next_number(run, "release"), decision["request"]
        values = (
            *(decision["sha256"], decision["file"], request["to"], request["purpose"]),
            *(decision["at"], decision["by"], decision["record_sha256"]),
        )
        run.execute("INSERT INTO releases VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (release, *values))
        append(run, "release", {"release": release, "digest": digest(list(values)), "sha256": decision["sha256"]})
    return release


def releases_of(register: Register, sha256: str) -> list[sqlite3.Row]:
    """The decisions about the file with that SHA-256, in their order: columns release and those of the table."""
    if not _there(register):
        return []
    return register.rows("SELECT * FROM releases WHERE sha256 = :sha256 ORDER BY release", {"sha256": sha256})


def release_faults(register: Register) -> list[str]:
    """A sentence for each decision that is not as the journal has it."""
    rows = register.rows("SELECT body FROM journal WHERE action = 'release' ORDER BY entry")
    wanted = {body["release"]: body["digest"] for row in rows for body in [json.loads(row["body"])]}
    kept = register.rows("SELECT * FROM releases") if _there(register) else []
    there = {row["release"]: digest([row[name] for name in _COLUMNS]) for row in kept}
    return [
        _("The release decision {number} has been changed or removed.").format(number=number)
        for number in sorted(wanted.keys() | there.keys())
        if wanted.get(number) != there.get(number)
    ]


def _there(register: Register) -> bool:
    return bool(register.rows("SELECT 1 FROM sqlite_master WHERE name = 'releases'"))
