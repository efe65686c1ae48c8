"""The register: findings through the months, decisions, deadlines, a journal that tells, and faults that change nothing."""

from __future__ import annotations

import re
import shutil
import sqlite3
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.exports import write_agreement
from tests.months import MONTHS, audit, decide, decided_in, fingerprint, listed, run


@pytest.fixture(scope="module")
def three_months(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a register of three months and their reports."""
    folder = tmp_path_factory.mktemp("months")
    for month, cases in MONTHS.items():
        audit(folder, month, folder / "register.db", cases)
    return folder


@pytest.fixture
def register(three_months: Path, tmp_path: Path) -> Path:
    """A copy of the register of three months, to be changed."""
    return Path(shutil.copy(three_months / "register.db", tmp_path / "register.db"))


# ------------------------------------------------------------------------------------------------------- through the months


def test_what_became_of_a_finding_is_told_month_by_month(three_months):
    register = three_months / "register.db"
    assert listed(register, "--month", "2026-08") == {
        "SN-2026-1": ("new", "not decided"), "SN-2026-2": ("new", "not decided"), "SN-2026-3": ("new", "not decided"),
    }  # fmt: skip
    assert {case: word for case, (word, _standing) in listed(register, "--month", "2026-09").items()} == {
        "SN-2026-1": "still there", "SN-2026-2": "gone", "SN-2026-3": "gone",
    }  # fmt: skip
    assert {case: word for case, (word, _standing) in listed(register).items()} == {
        "SN-2026-1": "still there", "SN-2026-3": "back again", "SN-2026-4": "new",
    }  # fmt: skip


def test_a_month_audited_again_is_replaced_and_keeps_its_decisions(three_months, register, tmp_path):
    finding = fingerprint(register, "SN-2026-1")
    assert decide(register, finding, "--as", "false-alarm", "--reason", "Beslutet finns på papper.").code == 0
    mended = [case for case in MONTHS["2026-10"] if case["case_id"] != "SN-2026-4"]
    write_agreement(tmp_path)
    audit(tmp_path, "2026-10", register, [*mended, {"case_id": "SN-2026-4", **decided_in("2026-10")}])
    assert listed(register) == {
        "SN-2026-1": ("still there", "false alarm"),
        "SN-2026-3": ("back again", "not decided"),
        "SN-2026-4": ("gone", "not decided"),
    }
    held = run("findings", "months", "--register", register).stdout.splitlines()
    assert [line[:10] for line in held] == ["2026-08-01", "2026-09-01", "2026-10-01"]
    assert run("verify", "--register", register).code == 0


def test_a_month_that_was_changed_is_not_replaced_unseen(three_months, register):
    with sqlite3.connect(register) as opened:
        opened.execute("UPDATE tallies SET n = n + 1 WHERE month = 3 AND item = 'within'")
    opened.close()
    before = register.read_bytes()
    again = run("findings", "add", "--run", three_months / "2026-10", "--register", register)
    assert again.code == 3 and "has been changed since it was added" in again.stderr and register.read_bytes() == before
    assert run("findings", "add", "--run", three_months / "2026-09", "--register", register).code == 0


def test_a_period_that_overlaps_is_refused_and_nothing_is_changed(three_months, register, tmp_path):
    before = register.read_bytes()
    report = shutil.copytree(three_months / "2026-10", tmp_path / "report")
    source = three_months / "in-2026-10"
    ran = run(
        "audit", source, "--agreement", three_months / "avtal.yaml", "--from", "2026-10-02", "--to", "2026-11-01",
        "--out", report, "--force", "--key-file", tmp_path / "key", "--register", register, "--quiet",
    )  # fmt: skip
    assert ran.code == 3 and "overlaps 2026-10-01 – 2026-10-31" in ran.stderr
    assert register.read_bytes() == before
    kept, written = ((folder / "report.html").read_bytes() for folder in (three_months / "2026-10", report))
    assert kept == written, "an audit that was refused wrote a report"


# -------------------------------------------------------------------------------------------------------------- decisions


def test_only_the_controller_closes_a_finding(register):
    finding = fingerprint(register, "SN-2026-1")
    advised = decide(register, finding, "--as", "false-alarm", "--reason", "Fel datum.", capacity="officer")
    assert advised.code == 0 and "stays open" in advised.stdout
    assert listed(register)["SN-2026-1"][1] == "not decided"
    assert decide(register, finding, "--as", "false-alarm", "--reason", "Fel datum.").code == 0
    assert listed(register)["SN-2026-1"][1] == "false alarm"
    shown = run("findings", "show", finding, "--register", register).stdout
    assert "as data-protection officer (recommendation)" in shown and "for the controller" in shown


def test_a_justification_that_expires_opens_its_finding_again(register):
    finding, today = fingerprint(register, "SN-2026-1"), date.today()
    options = ("--as", "justified", "--reason", "Väntar på tolk.", "--owner", "B. Chef", "--expires", today)
    assert decide(register, finding, *options).code == 0
    assert listed(register)["SN-2026-1"][1] == "justified"
    ran = run("findings", "list", "--register", register, "--check", "P8", "--on", today + timedelta(days=1))
    assert "open again: the decision has expired" in ran.stdout


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--as", "justified", "--reason", "x"), "needs a reason, an owner and a day"),
        (("--as", "false-alarm"), "needs a reason"),
        (("--as", "reported-to-imy", "--reference", "IMY-1"), "needs its day and its reference"),
        (("--as", "confirmed-breach"), "the moment when the controller became aware"),
        (("--as", "confirmed-breach", "--aware-at", "2999-01-01 08:00"), "lies in the future"),
        (("--as", "reported-to-imy", "--reference", "IMY-1", "--reported-on", "2999-01-01"), "lies in the future"),
        (("--as", "justified", "--reason", "x", "--owner", "y", "--expires", "2020-01-01"), "expired before it was made"),
        (("--as", "false-alarm", "--reason", "Gäller 20120505-9809"), "holds a personal number"),
        (("--as", "false-alarm", "--reason", "Gäller 20120505-9800"), "or what is written as one"),
        (("--as", "false-alarm", "--reason", "Fel \udcff datum"), "bytes that are no characters"),
    ],
)
def test_a_decision_that_lacks_something_is_refused(register, options, said):
    before = register.read_bytes()
    ran = decide(register, fingerprint(register, "SN-2026-1"), *options)
    assert (ran.code, register.read_bytes()) == (3, before)
    assert said in ran.stderr and "20120505" not in ran.stderr


def test_only_checks_that_there_are_can_be_asked_for_and_the_sums_are_of_what_is_listed(register):
    assert run("findings", "list", "--register", register, "--check", "R99").code == 2
    whole, small = (run("findings", "list", "--register", register, "--check", id_).stdout for id_ in ("P8", "p8"))
    assert whole == small and len(whole.splitlines()) > 3
    ran = run("findings", "list", "--register", register, "--standing", "justified")
    assert ran.code == 0 and ran.stdout.splitlines()[0].endswith(": 0 findings")


def test_a_finding_is_shown_in_words(register):
    shown = run("findings", "show", fingerprint(register, "SN-2026-1"), "--register", register).stdout
    assert shown.startswith("P8, ") and "assessment-deadline" not in shown.splitlines()[0]


@pytest.mark.parametrize("finding", ["0" * 32, "abc", "*?[a-f]*************"])
def test_a_decision_on_an_unknown_finding_is_refused(register, finding):
    before = register.read_bytes()
    ran = decide(register, finding, "--as", "false-alarm", "--reason", "x")
    assert ran.code == 3 and register.read_bytes() == before


# -------------------------------------------------------------------------------------------------------------- deadlines


def test_a_confirmed_breach_has_72_hours_until_it_is_reported(register):
    finding = fingerprint(register, "SN-2026-1")
    today = date.today()
    aware = f"{today - timedelta(days=1)} 08:00"
    assert decide(register, finding, "--as", "confirmed-breach", "--aware-at", aware).code == 0
    due = run("findings", "due", "--register", register, "--at", f"{today} 08:00")
    left = f"{today + timedelta(days=2)} 08:00  48 hours left  GDPR art. 33.1  P8  SN-2026-1  {finding}"
    assert left in due.stdout.splitlines()
    reported = ("--as", "reported-to-imy", "--reported-on", today, "--reference", "IMY-2026-1")
    assert decide(register, finding, *reported).code == 0
    assert "GDPR" not in run("findings", "due", "--register", register).stdout
    corrected = decide(register, finding, "--as", "confirmed-breach", "--aware-at", f"{today - timedelta(days=1)} 09:00")
    assert f"To be reported to IMY by {today + timedelta(days=2)} 09:00" in corrected.stdout
    assert "GDPR" not in run("findings", "due", "--register", register).stdout, "what was reported stays reported"
    assert listed(register)["SN-2026-1"][1] == "reported to IMY"
    assert decide(register, finding, "--as", "false-alarm", "--reason", "x").code == 0
    assert decide(register, finding, "--as", "confirmed-breach", "--aware-at", aware).code == 0
    assert "GDPR" in run("findings", "due", "--register", register).stdout, "another breach than the one reported"


def test_the_fourteen_days_of_an_assessment_are_due_until_somebody_decides(register):
    due = run("findings", "due", "--register", register, "--at", "2026-10-05 00:00")
    assert (
        due.code == 1
        and "SN-2026-2" not in due.stdout
        and "2026-10-05 23:59  23 hours left  SoL 20:2  P8  SN-2026-4" in due.stdout
    )
    for case in ("SN-2026-1", "SN-2026-3", "SN-2026-4"):
        assert decide(register, fingerprint(register, case), "--as", "false-alarm", "--reason", "x").code == 0
    assert "SN-2026-4" not in run("findings", "due", "--register", register).stdout


# -------------------------------------------------------------------------------------------------------------- the journal


def tampered(register: Path, *statements: str) -> list[str]:
    """Change the file behind the program's back; what ``verify`` then says."""
    with sqlite3.connect(register) as connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()
    ran = run("verify", "--register", register)
    assert ran.code == 1
    return ran.stdout.splitlines()[:-1]


@pytest.fixture
def decided(register: Path) -> Path:
    """The register with one decision."""
    assert decide(register, fingerprint(register, "SN-2026-1"), "--as", "false-alarm", "--reason", "Fel datum.").code == 0
    assert run("verify", "--register", register).stdout == "The register is as it was written.\n"
    return register


def test_a_changed_decision_is_told(decided):
    assert tampered(decided, "UPDATE decisions SET reason = 'Annat'") == ["Decision 1 has been changed or removed."]


def test_a_decision_put_in_by_hand_is_told(decided):
    columns = "finding, kind, capacity, decided_by, decided_on, reason, owner, expires, reference, reported_on, aware_at"
    added = f"INSERT INTO decisions SELECT 7, {columns} FROM decisions"
    assert tampered(decided, added) == ["Decision 7 is not in the journal."]


def test_a_changed_answer_of_a_month_is_told(decided):
    said = tampered(decided, "UPDATE sightings SET answer = 'undetermined' WHERE month = 1")
    assert said == ["The findings of a month have been changed since they were added."]


def test_a_changed_entry_of_the_journal_is_told(decided):
    said = tampered(decided, "UPDATE journal SET written_at = '2020-01-01T00:00:00+00:00' WHERE entry = 2")
    assert said == ["Entry 2 of the journal has been changed."]


def test_a_removed_entry_of_the_journal_is_told(decided):
    assert "Entry 2 of the journal is missing." in tampered(decided, "DELETE FROM journal WHERE entry = 2")


def test_a_journal_that_was_cut_off_is_told(decided):
    assert "The journal's end has been cut off or changed." in tampered(decided, "DELETE FROM journal WHERE entry = 4")


def test_a_register_that_was_written_anew_does_not_fit_the_report_that_knew_it(three_months, tmp_path):
    anew = tmp_path / "register.db"
    audit(tmp_path, "2026-08", anew, MONTHS["2026-08"][:1])
    audit(tmp_path, "2026-09", anew, MONTHS["2026-09"][:1])
    assert run("verify", "--register", anew).code == 0
    ran = run("verify", three_months / "2026-10", "--register", anew)
    assert ran.code == 1 and "not the one that the report knew" in ran.stdout
    assert run("verify", three_months / "2026-10", "--register", three_months / "register.db").code == 0


def test_purging_removes_old_months_and_keeps_the_journal_verifiable(decided):
    ran = run("purge", "--before", "2026-10-01", "--register", decided)
    assert re.fullmatch(r"Weeded out: 2 months, \d findings, 0 decisions\. The journal is kept\.\n", ran.stdout)
    assert run("verify", "--register", decided).code == 0
    assert set(listed(decided)) == {"SN-2026-1", "SN-2026-3", "SN-2026-4"}
    ran = run("purge", "--before", "2027-01-01", "--register", decided)
    assert "1 decisions" in ran.stdout and run("verify", "--register", decided).code == 0
    assert b"Fel datum" not in decided.read_bytes()


# ----------------------------------------------------------------------------------------------------------- faulty files


def test_a_register_of_a_newer_version_is_refused(register):
    with sqlite3.connect(register) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = register.read_bytes()
    ran = run("findings", "list", "--register", register)
    assert ran.code == 3 and "newer version" in ran.stderr and register.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"not a database at all" * 100], ids=["empty", "text"])
def test_a_file_that_is_no_register_is_refused(tmp_path, content):
    path = tmp_path / "register.db"
    path.write_bytes(content)
    ran = run("findings", "list", "--register", path)
    assert ran.code == 3 and path.read_bytes() == content


def test_a_register_that_cannot_be_used_ends_an_audit_before_it_begins(tmp_path, three_months):
    path = tmp_path / "register.db"
    path.write_text("not a register")
    given = ("--agreement", three_months / "avtal.yaml", "--out", tmp_path / "out", "--key-file", tmp_path / "key")
    ran = run("audit", three_months / "in-2026-10", *given, "--register", path)
    assert ran.code == 3 and "damaged, or is no register" in ran.stderr and "Reading" not in ran.stderr
    assert not (tmp_path / "out").exists() and not (tmp_path / "key").exists()


def test_another_programs_database_is_refused(tmp_path, three_months):
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE other (x)")
    connection.close()
    before = path.read_bytes()
    ran = run("findings", "add", "--register", path, "--run", three_months / "2026-10")
    assert ran.code == 3 and "no register of this program" in ran.stderr and path.read_bytes() == before


def test_a_damaged_register_is_told(register):
    content = bytearray(register.read_bytes())
    content[len(content) // 2 :] = bytes(len(content) - len(content) // 2)
    register.write_bytes(content)
    ran = run("verify", "--register", register)
    assert ran.code in (1, 3) and "damaged" in ran.stdout + ran.stderr


def test_a_missing_register_is_not_made_by_reading(tmp_path):
    ran = run("findings", "list", "--register", tmp_path / "none.db")
    assert ran.code == 3 and not (tmp_path / "none.db").exists()


def test_a_report_that_was_changed_is_not_added(three_months, tmp_path):
    report = shutil.copytree(three_months / "2026-10", tmp_path / "report")
    (report / "counts.csv").write_text("x")
    ran = run("findings", "add", "--register", tmp_path / "register.db", "--run", report)
    assert ran.code == 3 and "counts.csv has been changed." in ran.stderr


def test_a_register_in_use_is_left_alone(register, monkeypatch):
    monkeypatch.setattr("auditor.register.store._WAIT_SECONDS", 0.1)
    finding = fingerprint(register, "SN-2026-1")
    holder = sqlite3.connect(register, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    ran = decide(register, finding, "--as", "false-alarm", "--reason", "x")
    holder.execute("ROLLBACK")
    holder.close()
    assert ran.code == 3 and "in use by another run" in ran.stderr
