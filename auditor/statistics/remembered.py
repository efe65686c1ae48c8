"""Statistics that were released, kept so that later ones can be held against them.

Only what was published is kept: the numbers and categories of each table, and the bounds of the marks of suppressed numbers.
The tables ``released_statistics`` and ``released_cells`` are made when the first file is released.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import UTC, date, datetime

from auditor.errors import UserError
from auditor.register.journal import append, digest, next_number
from auditor.register.store import Register
from auditor.statistics.model import Block, Cell, Days, Earlier, Key, Measure, Settings, Spot
from auditor.words import _

_SCHEMA = (
    """CREATE TABLE IF NOT EXISTS released_statistics (
    release INTEGER PRIMARY KEY, sha256 TEXT NOT NULL, file TEXT NOT NULL, released_at TEXT NOT NULL, released_by TEXT NOT NULL,
    first TEXT, last TEXT)""",
    """CREATE TABLE IF NOT EXISTS released_cells (
    release INTEGER NOT NULL REFERENCES released_statistics, block INTEGER NOT NULL, counting TEXT NOT NULL, key TEXT NOT NULL,
    value REAL, least REAL NOT NULL, greatest REAL, PRIMARY KEY (release, block, key)) WITHOUT ROWID""",
)


def remember_statistics(
    register: Register, file: str, sha256: str, by: str, blocks: Sequence[Block], settings: Settings, judged: set[str]
) -> int:
    """Keep the counts of a file that is released; the release's number, or the earlier one's of the very same file.

    ``judged`` are the hashes of the files that it was held against. Raises UserError when the register has others.
    """
    with register.change() as run:
        for statement in _SCHEMA:
            run.execute(statement)
        known = run.execute("SELECT release FROM released_statistics WHERE sha256 = ?", (sha256,)).fetchone()
        if known:
            return int(known[0])
        if {row[0] for row in run.execute("SELECT sha256 FROM released_statistics")} - judged:
            raise UserError(
                _("The register has statistics released before that the file was not held against."),
                hint=_("Check the file again with --register and --out, and approve that."),
                file=file,
            )
        release = next_number(run, "statistics")
        days = settings.days
        run.execute(
            "INSERT INTO released_statistics VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                *(release, sha256, file, datetime.now(UTC).isoformat(timespec="seconds"), by),
                *((days.first.isoformat(), days.last.isoformat()) if days else (None, None)),
            ),
        )
        for number, block in enumerate(block for block in blocks if block.kind is Measure.COUNT):
            run.executemany(
                "INSERT INTO released_cells VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    (release, number, settings.counting, _written(key), cell.value, cell.least, cell.greatest)
                    for key, cell in block.cells.items()
                ],
            )
        append(run, "statistics", {"statistics": release, "digest": _digest_of(run, release), "sha256": sha256})
    return release


def released_statistics(register: Register) -> list[Earlier]:
    """Every block of counts released before, in the order of their release."""
    if not _there(register):
        return []
    blocks: dict[tuple[int, int], Earlier] = {}
    rows = register.rows(
        "SELECT * FROM released_cells JOIN released_statistics USING (release) ORDER BY release, block, key",
    )
    for row in rows:
        days = Days(date.fromisoformat(row["first"]), date.fromisoformat(row["last"])) if row["first"] else None
        block = blocks.setdefault(
            (row["release"], row["block"]), Earlier(row["file"], row["released_at"][:10], row["counting"], days, {})
        )
        block.cells[_read(row["key"])] = Cell(Spot(0), row["value"], row["least"], row["greatest"])
    return list(blocks.values())


def released_files(register: Register) -> list[str]:
    """SHA-256 of every file released before, in the order of their release."""
    if not _there(register):
        return []
    return [str(row["sha256"]) for row in register.rows("SELECT sha256 FROM released_statistics ORDER BY release")]


def statistics_faults(register: Register) -> list[str]:
    """A sentence for each release whose numbers are not as the journal has them."""
    wanted = {
        body["statistics"]: body["digest"]
        for row in register.rows("SELECT body FROM journal WHERE action = 'statistics' ORDER BY entry")
        for body in [json.loads(row["body"])]
    }
    there = {row["release"] for row in register.rows("SELECT release FROM released_statistics")} if _there(register) else set()
    changed = [number for number, expected in wanted.items() if number not in there or _digest_of(register, number) != expected]
    return [
        _("The released statistics {number} have been changed or removed.").format(number=number)
        for number in sorted({*changed, *(there - set(wanted))})
    ]


def _there(register: Register) -> bool:
    return bool(register.rows("SELECT 1 FROM sqlite_master WHERE name = 'released_cells'"))


def _digest_of(source: Register | sqlite3.Connection, release: int) -> str:
    head = "SELECT sha256, file, released_at, released_by, first, last FROM released_statistics WHERE release = :n"
    cells = "SELECT block, counting, key, value, least, greatest FROM released_cells WHERE release = :n ORDER BY block, key"
    values = {"n": release}
    if isinstance(source, Register):
        return digest([[list(row) for row in source.rows(sql, dict(values))] for sql in (head, cells)])
    return digest([[list(row) for row in source.execute(sql, values)] for sql in (head, cells)])


def _written(key: Key) -> str:
    return json.dumps(sorted(key), ensure_ascii=False)


def _read(written: str) -> Key:
    return frozenset((dimension, category) for dimension, category in json.loads(written))
