"""The report to the board: what was not checked is no zero, and what an audit made again changes gives nothing back."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path
from typing import Any

from auditor.checks import CATALOGUE
from tests.board_months import Tallies, add, counted, document, report
from tests.conftest import run_program
from tests.running import SAMPLE, SAMPLE_AGREEMENT

ACCESS_CHECKS = [check.id for check in CATALOGUE if check.id.startswith("A")]


def whole(**counts: int) -> Tallies:
    """A month of counts that concern no municipality."""
    return {"whole": counts, "parties": {}}


def row(told: dict[str, Any], table: str, kind: str, name: str) -> dict[str, Any]:
    return next(entry for entry in told[table]["rows"] if entry[kind] == name)


def page(out: Path) -> str:
    return (out / "namnd.html").read_text(encoding="utf-8")


def test_an_area_that_was_not_checked_is_no_zero(tmp_path: Path) -> None:
    for month in ("2026-01", "2026-02"):
        add(tmp_path / "r.db", tmp_path / month, month, whole(within=500, outside=90, T1=90), not_run=ACCESS_CHECKS)
    assert report(tmp_path / "r.db", tmp_path / "out", "2026-01", "2026-02").code == 0
    told = document(tmp_path / "out")
    assert row(told, "findings", "family", "A")["total"] == "not_run"
    assert row(told, "findings", "family", "F")["total"] == 0
    nothing_in = page(tmp_path / "out").partition("Inga iakttagelser finns inom dessa områden: ")[2].partition("</p>")[0]
    assert "Åtkomst" not in nothing_in and "Utlämnade uppgifter" in nothing_in


def test_a_month_of_which_the_logs_hold_nothing_is_no_month_in_which_nothing_was_done(tmp_path: Path) -> None:
    add(tmp_path / "r.db", tmp_path / "full", "2026-01", whole(within=500, outside=90, T1=90))
    add(tmp_path / "r.db", tmp_path / "void", "2026-02", whole())
    assert report(tmp_path / "r.db", tmp_path / "out", "2026-01", "2026-02").code == 0
    told = "Loggarna innehåller inget utlämnande som kunde granskas för: februari 2026. Det visar inte att inga har gjorts."
    assert told in page(tmp_path / "out") and "Utlämnanden genom En ingång, januari–februari 2026" in page(tmp_path / "out")


def test_a_check_that_was_not_run_is_said_so_also_beneath_a_sum_that_is_left_out(tmp_path: Path) -> None:
    add(tmp_path / "r.db", tmp_path / "m", "2026-01", whole(within=500, outside=3, T1=3), not_run=["T2", *ACCESS_CHECKS])
    assert report(tmp_path / "r.db", tmp_path / "out", "2026-01", "2026-01").code == 0
    told = document(tmp_path / "out")
    found = {check: row(told, "checks", "check", check)["total"] for check in ("T1", "T2", "T3", "A1")}
    assert found == {"T1": None, "T2": "not_run", "T3": None, "A1": "not_run"}


def test_a_period_in_which_nothing_was_checked_does_not_read_as_one_without_faults(tmp_path: Path) -> None:
    add(tmp_path / "r.db", tmp_path / "m", "2026-01", counted([]), not_run=[check.id for check in CATALOGUE])
    assert report(tmp_path / "r.db", tmp_path / "out", "2026-01", "2026-01").code == 0
    text = page(tmp_path / "out")
    assert "inga iakttagelser finns" not in text and "Ingen kontroll gav någon iakttagelse" not in text
    assert "Kontroller utan iakttagelser" not in text and "En nolla där betyder inte att allt var i sin ordning." in text


def test_a_check_that_the_agreement_switches_off_or_that_is_new_is_no_zero(tmp_path: Path) -> None:
    add(tmp_path / "r.db", tmp_path / "m", "2026-01", whole(within=500), off=["A3"], unknown=["A2"])
    assert report(tmp_path / "r.db", tmp_path / "out", "2026-01", "2026-01").code == 0
    told = document(tmp_path / "out")
    assert [row(told, "checks", "check", check)["total"] for check in ("A2", "A3", "A4")] == ["not_run", "not_run", 0]


def test_a_check_that_could_judge_nothing_is_no_zero(tmp_path: Path) -> None:
    """The sample month, with an access log that tells who, but not of which case nor why."""
    source = Path(shutil.copytree(SAMPLE / "clean", tmp_path / "in"))
    with (source / "accesses.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with (source / "accesses.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows({**entry, "user_id": ""} for entry in rows if entry["event_id"])
    given = ("--agreement", SAMPLE_AGREEMENT, "--key-file", tmp_path / "key", "--register", tmp_path / "r.db")
    assert run_program("audit", source, "--out", tmp_path / "run", *given).code == 0
    assert report(tmp_path / "r.db", tmp_path / "out", "2026-10", "2026-10").code == 0
    assert row(document(tmp_path / "out"), "checks", "check", "A1")["total"] == "not_run"
    without = page(tmp_path / "out").partition("Kontroller utan iakttagelser: ")[2].partition("</p>")[0]
    assert "A1," not in without


def test_a_small_change_of_a_month_audited_again_is_not_told(tmp_path: Path) -> None:
    """The number falls to nothing in one month, so that the period's number is now another month's alone."""
    small = {"within": 500, "undetermined": 300, "outside": 100, "T1": 2, "B4": 3, "A2": 2, "A3": 3, "A7": 2, "P8": 3, "T6": 2}
    large = {name: max(50, n) for name, n in small.items()}
    for turn, counts, second in (("first", small, {"P5": 2}), ("again", large, {})):
        for month, own in (("2026-01", {"P5": 12}), ("2026-02", second)):
            add(tmp_path / "r.db", tmp_path / f"{turn}-{month}", month, whole(**counts, **own))
        assert report(tmp_path / "r.db", tmp_path / turn, "2026-01", "2026-02").code == 0
    assert row(document(tmp_path / "first"), "checks", "check", "P5")["total"] == 14
    assert row(document(tmp_path / "again"), "checks", "check", "P5")["total"] is None


def test_a_lower_threshold_than_an_earlier_reports_is_refused(tmp_path: Path) -> None:
    for month, outside in (("2026-01", 7), ("2026-02", 20)):
        add(tmp_path / "r.db", tmp_path / month, month, whole(within=500, outside=outside, T1=outside))
    assert report(tmp_path / "r.db", tmp_path / "one", "2026-01", "2026-02", "--threshold", "8").code == 0
    ran = report(tmp_path / "r.db", tmp_path / "two", "2026-02", "2026-02", "--lang", "en")
    assert ran.code == 3 and "left out numbers up to 8" in ran.stderr and not (tmp_path / "two").exists()


def test_a_picture_with_numbers_left_out_does_not_say_what_the_most_is(tmp_path: Path) -> None:
    for n, outside in enumerate((0, 0, 0, 2, 3, 0), start=1):
        counts = whole(within=500, undetermined=300, outside=outside, T1=outside)
        add(tmp_path / "r.db", tmp_path / str(n), f"2026-0{n}", counts)
    assert report(tmp_path / "r.db", tmp_path / "out", "2026-01", "2026-06").code == 0
    text = page(tmp_path / "out")
    assert None in row(document(tmp_path / "out"), "disclosures", "verdict", "outside")["cells"]
    assert "som mest 0" not in text and "utanför avtalet, från" in text
