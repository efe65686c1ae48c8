"""The register when something goes wrong: a lock that is lost, a full disk, a kill, two runs at once, dates out of order."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest

from auditor.checks import CATALOGUE
from auditor.findings import EVENT_CHECKS
from auditor.register.months import OF_ONE_MONTH
from tests.exports import export, write_agreement
from tests.months import MONTHS, audit, decide, fingerprint, run
from tests.running import CHECKOUT

DECIDED = ("--as", "false-alarm", "--reason", "x")


@pytest.fixture(scope="module")
def two_months(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a register of one month, and the report of the next, which is not in it."""
    folder = tmp_path_factory.mktemp("months")
    audit(folder, "2026-08", folder / "register.db", MONTHS["2026-08"])
    audit(folder, "2026-09", folder / "other.db", MONTHS["2026-09"])
    return folder


@pytest.fixture
def register(two_months: Path, tmp_path: Path) -> Path:
    """A copy of the register of one month, to be changed."""
    return Path(shutil.copy(two_months / "register.db", tmp_path / "register.db"))


def months(register: Path) -> list[str]:
    return [line[:7] for line in run("findings", "months", "--register", register).stdout.splitlines()]


def test_what_belongs_to_one_month_is_what_the_checks_say():
    assert {check.id for check in CATALOGUE if check.id in EVENT_CHECKS or check.name == "handover-late"} == set(OF_ONE_MONTH)


# ------------------------------------------------------------------------------------------------- the file and its place


def losing(statement: str) -> type[sqlite3.Connection]:
    """Connections whose network share has lost the lock when they come to a statement."""

    class Losing(sqlite3.Connection):
        def execute(self, sql: str, *values: object) -> sqlite3.Cursor:
            if sql == statement:
                lost = sqlite3.OperationalError("disk I/O error")
                lost.sqlite_errorcode = sqlite3.SQLITE_IOERR_LOCK
                raise lost
            return super().execute(sql, *values)

    return Losing


class Full(sqlite3.Connection):
    """Connections to a file that has no room to grow."""

    def __init__(self, *arguments: object, **options: object) -> None:
        super().__init__(*arguments, **options)
        self.execute("PRAGMA max_page_count = 1")  # SQLite takes it for as many as there are


def connecting(monkeypatch: pytest.MonkeyPatch, factory: type[sqlite3.Connection]) -> None:
    monkeypatch.setattr("sqlite3.connect", partial(sqlite3.connect, factory=factory))


@pytest.mark.parametrize("statement", ["BEGIN IMMEDIATE", "COMMIT"])
def test_a_lock_that_is_lost_changes_nothing(register, monkeypatch, statement):
    finding, before = fingerprint(register, "SN-2026-1"), register.read_bytes()
    connecting(monkeypatch, losing(statement))
    ran = decide(register, finding, *DECIDED)
    assert ran.code == 3 and "cannot be read or written here" in ran.stderr and "network share" in ran.stderr
    assert register.read_bytes() == before


def test_when_the_lock_is_lost_after_an_audit_the_report_stands_and_is_added_later(register, two_months, tmp_path, monkeypatch):
    given = ("--agreement", two_months / "avtal.yaml", "--out", tmp_path / "out", "--key-file", tmp_path / "key", "--quiet")
    with monkeypatch.context() as lost:
        connecting(lost, losing("COMMIT"))
        ran = run("audit", two_months / "in-2026-09", *given, "--register", register)
    assert ran.code == 3 and "The report stands." in ran.stderr and "findings add" in ran.stderr
    assert run("verify", tmp_path / "out").code == 0 and months(register) == ["2026-08"]
    assert run("findings", "add", "--register", register, "--run", tmp_path / "out").code == 0
    assert months(register) == ["2026-08", "2026-09"]


def test_a_full_disk_changes_nothing(register, monkeypatch):
    finding, before = fingerprint(register, "SN-2026-1"), register.read_bytes()
    with monkeypatch.context() as full:
        connecting(full, Full)
        ran = decide(register, finding, "--as", "false-alarm", "--reason", "För stort. " * 20_000)
    assert ran.code == 3 and "The disk is full; the register was not changed." in ran.stderr
    assert register.read_bytes() == before
    assert decide(register, finding, *DECIDED).code == 0


def test_a_register_of_a_newer_version_is_refused_by_every_command(register, two_months):
    finding = fingerprint(register, "SN-2026-1")
    with sqlite3.connect(register) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = register.read_bytes()
    for command in (
        ("findings", "list"),
        ("findings", "months"),
        ("findings", "due"),
        ("findings", "show", finding),
        ("findings", "decide", finding, *DECIDED, "--capacity", "controller", "--by", "A. Chef"),
        ("findings", "add", "--run", two_months / "2026-09"),
        ("purge", "--before", "2026-12-01"),
        ("verify",),
        ("audit", two_months / "in-2026-09", "--out", register.with_name("out")),
    ):
        ran = run(*command, "--register", register)
        assert ran.code == 3 and "newer version" in ran.stderr, command
    assert register.read_bytes() == before and not register.with_name("out").exists()


# --------------------------------------------------------------------------------------------------------- other processes

#: Adds a month in a process that ends, as if killed, after so many steps of SQLite; says how many there were if it lives.
MORTAL = """
import os, sqlite3, sys
from functools import partial
from pathlib import Path
steps, last = 0, int(sys.argv[1])
def step():
    global steps
    steps += 1
    if steps == last:
        os._exit(9)
class Mortal(sqlite3.Connection):
    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.execute("PRAGMA cache_size = 1")  # what is changed goes to the file at once, long before it is kept
        self.set_progress_handler(step, 1)
sqlite3.connect = partial(sqlite3.connect, factory=Mortal)
from auditor.register import Register, add_month
with Register(Path(sys.argv[2])) as register:
    add_month(register, Path(sys.argv[3]))
print(steps)
"""

#: Decides ten times about a finding.
DECIDING = """
import sys
from datetime import date
from pathlib import Path
from auditor.register import Capacity, Decision, DecisionKind, Register
from auditor.register.decisions import decide
for turn in range(10):
    with Register(Path(sys.argv[1])) as register:
        decide(register, sys.argv[2], Decision(DecisionKind.FALSE_ALARM, Capacity.OFFICER, "N. N.", date.today(), f"{turn}"))
"""


def started(script: str, *arguments: object) -> subprocess.Popen[str]:
    words = [sys.executable, "-c", script, *map(str, arguments)]
    return subprocess.Popen(words, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True)


def test_a_kill_at_any_moment_leaves_the_register_whole(register, two_months, tmp_path):
    lived = started(MORTAL, 0, shutil.copy(register, tmp_path / "lived.db"), two_months / "2026-09")
    steps = int(lived.communicate()[0])
    assert lived.returncode == 0 and months(tmp_path / "lived.db") == ["2026-08", "2026-09"]
    for share in (0.2, 0.5, 0.7, 0.9, 0.97):
        killed = started(MORTAL, int(steps * share), register, two_months / "2026-09")
        killed.communicate()
        assert killed.returncode == 9
        assert run("verify", "--register", register).code == 0
        assert months(register) in (["2026-08"], ["2026-08", "2026-09"])
    assert run("findings", "add", "--register", register, "--run", two_months / "2026-09").code == 0
    assert run("verify", "--register", register).code == 0 and months(register) == ["2026-08", "2026-09"]


def test_of_two_runs_at_once_no_decision_is_lost(register):
    findings = [fingerprint(register, case) for case in ("SN-2026-1", "SN-2026-2")]
    both = [started(DECIDING, register, finding) for finding in findings]
    assert [one.wait() for one in both] == [0, 0]
    for one in both:
        one.communicate()
    for finding in findings:
        shown = run("findings", "show", finding, "--register", register).stdout
        assert [f"Reason given: {turn}" in shown for turn in range(10)] == [True] * 10
    assert run("verify", "--register", register).code == 0


# ------------------------------------------------------------------------------------------------------ dates out of order


def test_a_report_to_imy_before_anybody_was_aware_is_refused(register):
    finding, today = fingerprint(register, "SN-2026-1"), date.today()
    assert decide(register, finding, "--as", "confirmed-breach", "--aware-at", f"{today} 00:00").code == 0
    before = register.read_bytes()
    reported = ("--as", "reported-to-imy", "--reference", "IMY-1", "--reported-on")
    ran = decide(register, finding, *reported, today - timedelta(days=1))
    assert ran.code == 3 and "before the controller became aware" in ran.stderr and register.read_bytes() == before
    assert decide(register, finding, *reported, today).code == 0


@pytest.fixture(scope="module")
def disclosures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register with a disclosure through a channel that is not approved, and with late feedback."""
    folder = tmp_path_factory.mktemp("disclosures")
    late = {
        "recipient": "police-roc", "recipient_unit": None, "purpose": "feedback", "fields": "name;decision",
        "grounds": "OSL 26:9a;SoL 19:6", "requested_at": "2026-10-05 13:00:00", "at": "2026-10-20 12:00:00",
    }  # fmt: skip
    source = export(folder / "in", disclosures=[{"channel": "email"}, late])
    given = ("--agreement", write_agreement(folder), "--out", folder / "out", "--key-file", folder / "key", "--quiet")
    ran = run("audit", source, *given, "--register", folder / "register.db")
    assert ran.code == 0, ran.stderr
    return folder / "register.db"


def found(register: Path, check: str) -> str:
    """The beginning of the fingerprint of the only finding of a check."""
    [line, *_counts] = run("findings", "list", "--register", register, "--check", check).stdout.splitlines()
    return line.split("  ")[0]


def test_nobody_is_aware_of_a_disclosure_before_it_was_made(disclosures, tmp_path):
    register = Path(shutil.copy(disclosures, tmp_path / "register.db"))
    finding, before = found(register, "P5"), register.read_bytes()
    ran = decide(register, finding, "--as", "confirmed-breach", "--aware-at", "2026-10-05 11:59")
    assert ran.code == 3 and "before what was found had happened" in ran.stderr and register.read_bytes() == before
    assert decide(register, finding, "--as", "confirmed-breach", "--aware-at", "2026-10-05 12:00").code == 0


def test_feedback_was_due_a_week_after_the_request_and_the_decision(disclosures):
    due = run("findings", "due", "--register", disclosures, "--at", "2026-10-15 10:00")
    assert due.code == 1 and "2026-10-14 10:00  24 hours late  SoL 19:6  P9  U-2026-2" in due.stdout
