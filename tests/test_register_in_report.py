"""The officer's report with a register: what became of findings, how they stand, what is due, and what is not known."""

from __future__ import annotations

import shutil
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from tests.months import AUGUST, DECIDED, MONTHS, UNDECIDED, audit, decide, fingerprint, listed, run
from tests.register_reports import BREACH, EXPIRES, STAYS, TODAY, TOMORROW, Page, months_with_decisions, page

MOVED, GONE, BACK = "What became of the findings", "Findings that are gone", "Findings that came back"
BY_CHECK, STANDS, DUE = MOVED + ", by check", "How findings stand", "What must be done by when, the most pressing first"
EXPIRED, NOT_LOOKED_FOR = "Decisions that have expired", "Findings that were not looked for"
DECISIONS = "Decisions and recommendations about the findings of this period"


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The reports of three months with decisions between them."""
    return months_with_decisions(tmp_path_factory.mktemp("three"))


@pytest.fixture(scope="module")
def pages(three: Path) -> dict[str, Page]:
    return {month: page(three / month) for month in MONTHS}


def moved(read: Page, check: str = "P8") -> dict[str, int]:
    """How many findings of a check are new, still there, back again and gone."""
    heading, *rows = read.tables[BY_CHECK]
    row = next(row for row in rows if row[0] == check)
    return dict(zip(heading[1:], map(int, row[1:]), strict=True))


def standings(read: Page) -> dict[str, tuple[int, int]]:
    """How many findings of this period, and others, stand so."""
    return {row[0]: (int(row[1]), int(row[2])) for row in read.tables[STANDS][1:]}


def in_checks(read: Page) -> dict[str, str]:
    """What the table of P8 says of each case."""
    heading, *rows = read.tables["Findings of P8"]
    return {row[heading.index("Case")]: row[heading.index("In the register")] for row in rows}


def test_three_months_show_what_is_new_remains_is_gone_and_came_back(pages):
    assert [list(moved(pages[month]).values()) for month in MONTHS] == [[3, 0, 0, 0, 0], [0, 1, 0, 2, 1], [1, 1, 1, 0, 1]]
    assert moved(pages["2026-10"], "L7") == {
        "new": 0, "still there": 1, "back again": 0, "gone": 0, "closed by decision": 0,
    }  # fmt: skip
    assert [row[:2] + row[3:] for row in pages["2026-09"].tables[GONE][1:]] == [
        ["P8", "SN-2026-2", "2026-08", "2026-08", "confirmed breach"],
        ["P8", "SN-2026-3", "2026-08", "2026-08", "justified"],
    ]
    assert [row[1:] for row in pages["2026-10"].tables[BACK][1:]] == [
        [EXPIRES, "violation", "2026-08", "2026-08", "open again: the decision has expired"]
    ]
    assert "no earlier period" in pages["2026-08"].text
    assert "Compared with September 2026" in pages["2026-10"].text


def test_three_months_show_what_is_justified_and_what_has_expired(pages):
    assert in_checks(pages["2026-08"]) == {STAYS: "new", BREACH: "new", EXPIRES: "new"}
    assert in_checks(pages["2026-09"]) == {STAYS: "still there; justified"}
    assert in_checks(pages["2026-10"]) == {
        STAYS: "still there; justified",
        EXPIRES: "back again; open again: the decision has expired",
        "SN-2026-4": "new",
    }
    assert EXPIRED not in pages["2026-09"].tables
    [row] = pages["2026-10"].tables[EXPIRED][1:]
    assert row[1].startswith(EXPIRES) and "expired: open again" in row[2]
    assert "Decisions that have expired: 1" in pages["2026-10"].text


def test_what_is_closed_is_counted_and_not_hidden(pages):
    october = pages["2026-10"]
    assert "Findings closed by decisions: 1 (justified 1)." in october.text
    assert [row[3] for row in october.tables[MOVED][1:]] == ["1", "2", "1", "0"]
    stands = standings(october)
    assert stands["justified"] == (1, 0) and stands["confirmed breach"] == (0, 1)
    for month, read in pages.items():
        held = {"2026-08": 7, "2026-09": 7, "2026-10": 8}[month]
        assert sum(here + elsewhere for here, elsewhere in standings(read).values()) == held


def test_who_decided_in_what_capacity_and_why_stands_in_the_report(pages):
    rows = pages["2026-10"].tables[DECISIONS][1:]
    assert [(row[1].split(" | ")[0], row[2].split(" | ")[0], row[3]) for row in rows] == [
        (EXPIRES, "justified", "A. Chef | for the controller"),
        (STAYS, "justified", "A. Chef | for the controller"),
        (STAYS, "false alarm (recommended)", "A. Chef | as data-protection officer (recommendation)"),
    ]
    assert f"Stands until: {TODAY + timedelta(days=365)}" in rows[1][4]


def test_a_reason_is_shown_as_text_and_nothing_in_it_acts(three, pages):
    html = (three / "2026-10" / "report.html").read_text(encoding="utf-8")
    assert "<script>window.ran" not in html and "\x1b" not in html and "\u202e" not in html
    assert "<script>window.ran=1</script>" in pages["2026-10"].text and "B. <b>Chef</b>" in pages["2026-10"].text


def test_a_personal_number_that_was_put_into_the_register_by_hand_is_masked(three, tmp_path):
    register = shutil.copy(three / "register.db", tmp_path / "register.db")
    with sqlite3.connect(register) as connection:
        connection.execute("UPDATE decisions SET reason = 'Gäller 20120505-9809'")
    connection.close()
    again = audit(tmp_path, "2026-10", register, MONTHS["2026-10"])
    html = (again / "report.html").read_text(encoding="utf-8")
    assert "Gäller ***" in html and "20120505" not in html


def test_time_limits_stand_with_the_time_that_is_left(pages):
    rows = {row[3].split(" | ")[0]: row for row in pages["2026-10"].tables[DUE][1:]}
    assert rows[BREACH][:3] == [f"{TODAY + timedelta(days=2)} 08:00", "24 hours left", "P8"]
    assert rows[BREACH][4] == "artikel 33.1 i dataskyddsförordningen (EU) 2016/679"
    assert rows["SN-2026-4"][0] == "2026-10-05 23:59" and rows["SN-2026-4"][1].endswith(" days late")
    assert set(rows) == {BREACH, EXPIRES, "SN-2026-4"}, "what is justified is not due"


def test_the_same_input_register_and_moment_give_the_same_bytes(three, tmp_path):
    register = shutil.copy(three / "register.db", tmp_path / "register.db")
    again = tmp_path / "again"
    ran = run(
        "audit", three / "in-2026-10", "--agreement", three / "avtal.yaml", "--period", "2026-10", "--out", again,
        "--key-file", three / "key", "--register", register, "--quiet", "--at", f"{TOMORROW} 08:00",
    )  # fmt: skip
    assert ran.code == 0, ran.stderr
    first, second = ((folder / "report.html").read_bytes() for folder in (three / "2026-10", again))
    assert first == second


def test_without_a_register_the_report_says_nothing_of_one(three, tmp_path):
    given = ("--agreement", three / "avtal.yaml", "--out", tmp_path / "out", "--key-file", three / "key", "--quiet")
    assert run("audit", three / "in-2026-10", *given).code == 0
    html = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert 'id="register"' not in html and "In the register" not in html and "From month to month" not in html
    ran = run("audit", three / "in-2026-10", *given[:3], tmp_path / "new", *given[4:], "--at", "2026-11-01 08:00")
    assert ran.code == 2 and "--at belongs to --register" in ran.stderr


def test_months_that_are_missing_are_said(three, tmp_path):
    register = tmp_path / "register.db"
    audit(tmp_path, "2026-08", register, MONTHS["2026-08"])
    october = page(audit(tmp_path, "2026-10", register, MONTHS["2026-10"]))
    assert "Missing in the register between these periods: September 2026." in october.text
    assert "Compared with August 2026" in october.text
    assert moved(october)["still there"] == 2
    assert "Missing in the register between these periods: 2026-09" in run("findings", "list", "--register", register).stdout
    september = page(audit(tmp_path, "2026-09", register, MONTHS["2026-09"]))
    assert "The register holds later periods too." in september.text and "Missing in the register" not in september.text


def test_months_added_in_any_order_tell_the_same(three, tmp_path):
    register = tmp_path / "register.db"
    for month in reversed(MONTHS):
        ran = run("findings", "add", "--register", register, "--run", three / month)
        assert ran.code == 0, ran.stderr
    for month in MONTHS:
        words = {case: word for case, (word, _standing) in listed(register, "--month", month).items()}
        known = listed(three / "register.db", "--month", month).items()
        assert words == {case: word for case, (word, _standing) in known}


def test_a_check_that_was_not_put_does_not_call_its_findings_gone(tmp_path):
    register = tmp_path / "register.db"
    audit(tmp_path, "2026-08", register, MONTHS["2026-08"], "--at", "2026-09-20 08:00")
    september = page(
        audit(tmp_path, "2026-09", register, MONTHS["2026-09"], "--at", "2026-09-20 08:00", without=["cases.decided_at"])
    )
    assert moved(september)["gone"] == 0 and moved(september)["not looked for"] == 3
    assert [row[1] for row in september.tables[NOT_LOOKED_FOR][1:]] == ["SN-2026-1", "SN-2026-2", "SN-2026-3"]
    assert len(september.tables[DUE]) == 4, "a limit that nobody looked for this time still runs"
    assert {word for word, _standing in listed(register).values()} == {"not looked for"}
    october = page(audit(tmp_path, "2026-10", register, MONTHS["2026-10"]))
    assert moved(october)["back again"] == 2


def test_a_month_without_findings_is_a_month(tmp_path):
    register = tmp_path / "register.db"
    audit(tmp_path, "2026-08", register, MONTHS["2026-08"])
    nothing = page(audit(tmp_path, "2026-09", register, [{"case_id": "SN-2026-1", **AUGUST, **DECIDED}]))
    assert moved(nothing) == {"new": 0, "still there": 0, "back again": 0, "gone": 3, "closed by decision": 0}
    ran = run("findings", "list", "--register", register)
    assert ran.code == 0 and "3 findings" in ran.stdout and "3  gone" in ran.stdout
    empty = page(audit(tmp_path, "2026-10", register, []))
    assert BY_CHECK not in empty.tables and [row[3] for row in empty.tables[MOVED][1:]] == ["0"] * 4
    assert "2026-10-01 – 2026-10-31: 0 findings" in run("findings", "list", "--register", register).stdout


def test_a_finding_that_a_new_audit_of_the_month_no_longer_makes_is_gone_once(tmp_path):
    register = tmp_path / "register.db"
    late = [{"case_id": "SN-2026-1", **AUGUST, **UNDECIDED}]
    audit(tmp_path, "2026-08", register, late)
    audit(tmp_path, "2026-09", register, late)
    again = page(audit(tmp_path, "2026-09", register, [{**late[0], **DECIDED}]))
    assert moved(again)["gone"] == 1 and len(again.tables[GONE]) == 2
    assert listed(register)["SN-2026-1"][0] == "gone"


def test_one_controllers_report_tells_of_its_own_findings_alone(tmp_path):
    register = tmp_path / "register.db"
    others = {"home_municipality": "0120", "registered_municipality": "0120"}
    cases = [
        {"case_id": "SN-2026-1", **AUGUST, **UNDECIDED},
        {"case_id": "SN-2026-2", **AUGUST, **UNDECIDED, **others},
    ]
    reports = {}
    for controller in ("0182", "0120"):
        reports[controller] = audit(tmp_path, "2026-08", register, cases, "--controller", controller, name=controller)
        case = {"0182": "SN-2026-1", "0120": "SN-2026-2"}[controller]
        finding = fingerprint(register, case, "--controller", controller)
        ran = decide(register, finding, "--as", "confirmed-breach", "--aware-at", f"{TODAY - timedelta(days=1)} 08:00")
        assert ran.code == 0, ran.stderr
    held = run("findings", "months", "--register", register).stdout
    assert "2026-08-31 0120" in held and "2026-08-31 0182" in held
    nacka = page(audit(tmp_path, "2026-09", register, cases, "--controller", "0182"))
    assert [row[3].split(" | ")[0] for row in nacka.tables[DUE][1:]] == ["SN-2026-1"]
    assert "SN-2026-2" not in nacka.text and moved(nacka)["still there"] == 1
    assert sum(here + elsewhere for here, elsewhere in standings(nacka).values()) == sum(
        int(row[3]) for row in page(reports["0182"]).tables[MOVED][1:]
    )
