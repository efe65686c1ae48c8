"""The register's file: one SQLite database, changed only in whole transactions.

Tables: ``months`` (one row for each audited period and controller), ``findings`` (one for each fingerprint), ``sightings``
(the answer of a finding in a month), ``withdrawn`` (findings that a month audited again no longer has, with the answer they
had), ``tallies`` (a month's counts by check and verdict, whole and by municipality: party and way are '' for the whole),
``states`` (whether a month's checks were run and could judge; ``not_run`` are those that did not), ``published`` (what was
given out of the counts), ``decisions`` and ``journal``. Texts are UTF-8, days ISO 8601, times local wall-clock time without
zone unless a column says otherwise.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from auditor.errors import UserError
from auditor.privacy import shown_path
from auditor.words import _

FORM = 1
_APPLICATION = 0x45_49_4E_47  # 'EING'
_WAIT_SECONDS = 15.0

_SCHEMA = """
CREATE TABLE months (
    month INTEGER PRIMARY KEY, first TEXT NOT NULL, last TEXT NOT NULL, controller TEXT NOT NULL, added_at TEXT NOT NULL,
    program TEXT NOT NULL, agreement_sha256 TEXT NOT NULL, manifest_sha256 TEXT NOT NULL,
    within INTEGER NOT NULL, outside INTEGER NOT NULL, undetermined INTEGER NOT NULL, UNIQUE (first, last, controller));
CREATE TABLE findings (
    finding INTEGER PRIMARY KEY, fingerprint TEXT NOT NULL UNIQUE, check_id TEXT NOT NULL, name TEXT NOT NULL,
    kind TEXT NOT NULL, severity TEXT NOT NULL, entity_type TEXT NOT NULL, entity TEXT NOT NULL, case_id TEXT, at TEXT,
    user_id TEXT, organisation TEXT, controller TEXT, evidence TEXT NOT NULL, law TEXT NOT NULL);
CREATE TABLE sightings (
    month INTEGER NOT NULL REFERENCES months, finding INTEGER NOT NULL REFERENCES findings, answer TEXT NOT NULL,
    severity TEXT NOT NULL, missing TEXT, PRIMARY KEY (month, finding)) WITHOUT ROWID;
CREATE INDEX sightings_of_finding ON sightings (finding);
CREATE TABLE withdrawn (
    month INTEGER NOT NULL REFERENCES months, finding INTEGER NOT NULL REFERENCES findings, answer TEXT NOT NULL,
    PRIMARY KEY (month, finding)) WITHOUT ROWID;
CREATE INDEX withdrawn_of_finding ON withdrawn (finding);
CREATE TABLE decisions (
    decision INTEGER PRIMARY KEY, finding INTEGER NOT NULL REFERENCES findings, kind TEXT NOT NULL, capacity TEXT NOT NULL,
    decided_by TEXT NOT NULL, decided_on TEXT NOT NULL, reason TEXT NOT NULL, owner TEXT NOT NULL, expires TEXT,
    reference TEXT NOT NULL, reported_on TEXT, aware_at TEXT);
CREATE INDEX decisions_of_finding ON decisions (finding);
CREATE TABLE journal (
    entry INTEGER PRIMARY KEY, written_at TEXT NOT NULL, action TEXT NOT NULL, body TEXT NOT NULL,
    previous TEXT NOT NULL, hash TEXT NOT NULL);
CREATE INDEX journal_of_action ON journal (action, entry);
CREATE TABLE head (only INTEGER PRIMARY KEY CHECK (only = 1), entry INTEGER NOT NULL, hash TEXT NOT NULL);
CREATE TABLE tallies (
    month INTEGER NOT NULL REFERENCES months, party TEXT NOT NULL, way TEXT NOT NULL, item TEXT NOT NULL, n INTEGER NOT NULL,
    PRIMARY KEY (month, party, way, item)) WITHOUT ROWID;
CREATE TABLE states (
    month INTEGER NOT NULL REFERENCES months, check_id TEXT NOT NULL, state TEXT NOT NULL,
    PRIMARY KEY (month, check_id)) WITHOUT ROWID;
CREATE VIEW not_run AS SELECT month, check_id FROM states WHERE state <> 'run';
CREATE TABLE published (
    report INTEGER PRIMARY KEY, given_on TEXT NOT NULL, controller TEXT NOT NULL, first TEXT NOT NULL, last TEXT NOT NULL,
    threshold INTEGER NOT NULL, document TEXT NOT NULL, basis TEXT NOT NULL);
"""


class Register:
    """An open register, used as a context manager. Raises UserError for a file that is not a register, is damaged, is of a
    newer version, or cannot be written now."""

    def __init__(self, path: Path, *, create: bool = False) -> None:
        self.path = path
        self._shown = shown_path(path.name)
        if not path.exists() and not create:
            raise UserError(
                _("There is no register in this place."),
                hint=_("Name the register's file; an audit with --register makes a new one."),
                file=self._shown,
            )
        if path.is_dir() or path.is_symlink():
            raise UserError(
                _("The register must be a file, not a folder or a link."), hint=_("Name another file."), file=self._shown
            )
        with self._told():
            fresh = not path.exists() or path.stat().st_size == 0
            if fresh and not create:
                raise UserError(_("The register is empty."), hint=_("Fetch it from the latest backup copy."), file=self._shown)
            if fresh:
                path.touch(mode=0o600)
            # SQLite's own transactions are begun here by hand, so that a reader never waits for a writer it does not need
            self._connection = sqlite3.connect(path, timeout=_WAIT_SECONDS, isolation_level=None)
            try:
                self._prepare()
            except BaseException:
                self._connection.close()
                raise

    def _prepare(self) -> None:
        run = self._connection.execute
        run("PRAGMA foreign_keys = ON")
        run("PRAGMA synchronous = FULL")
        run("PRAGMA secure_delete = ON")
        (application,), (form,) = run("PRAGMA application_id").fetchone(), run("PRAGMA user_version").fetchone()
        if form == 0 and application == 0 and not run("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            self._make()
            return
        if application != _APPLICATION:
            raise UserError(
                _("The file is a database, but no register of this program."),
                hint=_("Name the register's file."),
                file=self._shown,
            )
        if form > FORM:
            raise UserError(
                _("The register was written by a newer version of the program."),
                hint=_("Install that version, or a newer one; nothing was changed."),
                file=self._shown,
            )

    def _make(self) -> None:
        with self.change() as run:
            if run.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                return  # another run made it in that very moment
            _execute(run, _SCHEMA)
            run.execute("INSERT INTO head VALUES (1, 0, '')")
            run.execute(f"PRAGMA application_id = {_APPLICATION}")
            run.execute(f"PRAGMA user_version = {FORM}")

    def __enter__(self) -> Register:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    @contextlib.contextmanager
    def change(self) -> Iterator[sqlite3.Connection]:
        """A transaction that alone may write: all of it is kept, or nothing. Raises UserError."""
        with self._told():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(sqlite3.Error):  # a full disk has rolled back already
                    self._connection.execute("ROLLBACK")
                raise

    def rows(self, sql: str, values: dict[str, object] | None = None) -> list[sqlite3.Row]:
        """The rows of a query; columns by name. Raises UserError."""
        with self._told():
            cursor = self._connection.cursor()
            cursor.row_factory = sqlite3.Row
            return cursor.execute(sql, values or {}).fetchall()

    def copy_to(self, path: Path) -> None:
        """Make a copy of the register as it stands, to be changed freely. It waits for nobody longer than a reader does.

        Raises UserError.
        """
        with self._told():
            path.touch(mode=0o600, exist_ok=False)
            self._connection.execute("BEGIN")
            try:
                self._connection.execute("SELECT entry FROM head").fetchone()  # from here on nobody changes what is copied
                with contextlib.closing(sqlite3.connect(path)) as copy:
                    self._connection.backup(copy)
            finally:
                self._connection.execute("ROLLBACK")

    def damage(self) -> bool:
        """Whether SQLite finds the file damaged."""
        with self._told():
            return bool(self._connection.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok")

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        """Faults of the file, told as a user's errors."""
        try:
            yield
        except sqlite3.OperationalError as error:
            raise self._cannot(error) from error
        except sqlite3.DatabaseError as error:
            raise UserError(
                _("The register is damaged, or is no register."),
                hint=_("Fetch it from the latest backup copy; nothing was changed."),
                file=self._shown,
            ) from error
        except OSError as error:
            raise self._cannot(error) from error

    def _cannot(self, error: Exception) -> UserError:
        code = getattr(error, "sqlite_errorcode", None)
        base = code & 0xFF if isinstance(code, int) else None
        if base in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return UserError(
                _("The register is in use by another run."),
                hint=_("Wait until that run has ended, then try again; nothing was changed."),
                file=self._shown,
            )
        if base == sqlite3.SQLITE_FULL:
            return UserError(
                _("The disk is full; the register was not changed."), hint=_("Free some space and try again."), file=self._shown
            )
        return UserError(
            _("The register cannot be read or written here."),
            hint=_(
                "Check that you may write the file and its folder, and that the network share is there; nothing was changed."
            ),
            file=self._shown,
        )


def _execute(run: sqlite3.Connection, statements: str) -> None:
    for statement in statements.split(";\n"):
        if statement.strip():
            run.execute(statement)
