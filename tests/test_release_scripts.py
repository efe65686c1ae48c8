"""Checks before release as scripts use them: exit codes, patterns, many files at once, and what goes where."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import run_program
from tests.releases import REJECTED, STOPPED, check, write_csv
from tests.statistics_files import RELEASED, SOUND, UNSHOWN, write

OPTIONS = ("--statistics", "--lang", "en")


def test_the_worst_of_many_files_decides_and_all_are_told_in_order(tmp_path: Path) -> None:
    (tmp_path / "ut" / "mer").mkdir(parents=True)
    write(tmp_path / "ut", SOUND, "a.csv")
    write(tmp_path / "ut" / "mer", SOUND.replace("Totalt;29", "Täby;0;0;0\nTotalt;29"), "b.csv")
    ran = run_program("check-export", tmp_path / "ut" / "**" / "*.csv", *OPTIONS, "--quiet")
    assert ran.code == UNSHOWN and ran.stdout.index("a.csv: RELEASE") < ran.stdout.index("b.csv: CANNOT BE JUDGED")
    assert ran.stdout.rstrip().endswith("All files together: CANNOT BE JUDGED – INFORMATION IS MISSING")
    assert run_program("check-export", tmp_path / "ut" / "*.csv", *OPTIONS, "--quiet").code == RELEASED


def test_progress_and_answer_go_their_own_ways(tmp_path: Path) -> None:
    path = write(tmp_path, SOUND)
    ran = run_program("check-export", path, *OPTIONS)
    assert "Reading statistik.csv" in ran.stderr and "Reading" not in ran.stdout and "RELEASE" in ran.stdout
    assert run_program("check-export", path, *OPTIONS, "--quiet").stderr == ""


def test_a_pattern_that_fits_nothing_is_refused_among_others_too(tmp_path: Path) -> None:
    ran = run_program("check-export", write(tmp_path, SOUND), tmp_path / "finns-inte-*.csv", *OPTIONS)
    assert ran.code == REJECTED and "No file fits the pattern" in ran.stderr


def test_a_file_that_two_patterns_name_is_checked_once(tmp_path: Path) -> None:
    write_csv(tmp_path, name="a-1.csv")
    answer = check(tmp_path, str(tmp_path / "a-*.csv"), tmp_path / "a-1.csv", sender="0182", sender_unit=None)
    assert answer.code == STOPPED and len(answer.record["files"]) == 1
