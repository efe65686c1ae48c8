"""The decision to let a file leave is kept beside the check and in the register, bound to the file as it is."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.conftest import Ran, SampleAudit, run_program
from tests.releases import REJECTED, RELEASED, check, with_text, write_csv

NOT_APPROVED = 1


def approve(folder: Path, path: Path, *options: str | Path, by: str = "Prov Beslutsfattare") -> Ran:
    given = ("--by", by, "--run", folder / "out", "--register", folder / "register.db", "--lang", "en")
    return run_program("release", "approve", path, *given, *options)


def show(folder: Path, path: Path, *places: str) -> Ran:
    options = {"run": folder / "out", "register": folder / "register.db"}
    given = [part for place in places for part in (f"--{place}", options[place])]
    return run_program("release", "show", path, *given, "--lang", "en")


def approved(folder: Path) -> Path:
    path = write_csv(folder)
    assert check(folder, path).code == RELEASED
    ran = approve(folder, path)
    assert ran.code == 0, ran.said
    return path


@pytest.mark.parametrize("places", [("run",), ("register",), ("run", "register")])
def test_a_decision_is_told_of_the_file_as_it_was_checked_alone(tmp_path: Path, places: tuple[str, ...]) -> None:
    path = approved(tmp_path)
    ran = show(tmp_path, path, *places)
    assert ran.code == 0 and ran.stdout.count("by Prov Beslutsfattare. Recipient: 0182. Purpose: handover.") == len(places)
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    ran = show(tmp_path, path, *places)
    assert ran.code == NOT_APPROVED and "Not approved as it is now: ut.csv" in ran.stdout


def test_the_register_tells_a_decision_that_was_changed(tmp_path: Path) -> None:
    path = approved(tmp_path)
    verify = ("verify", "--register", tmp_path / "register.db", "--lang", "en")
    assert run_program(*verify).code == 0
    with sqlite3.connect(tmp_path / "register.db") as register:
        register.execute("UPDATE releases SET recipient = '0120'")
    register.close()
    ran = run_program(*verify)
    assert ran.code == 1 and "The release decision 1 has been changed or removed." in ran.stdout
    assert show(tmp_path, path, "register").code == REJECTED
    other = write_csv(tmp_path, with_text("Risken bedöms som hög."), name="annan.csv")
    assert check(tmp_path, other).code == RELEASED
    ran = approve(tmp_path, other)
    assert ran.code == REJECTED and "nothing is added" in ran.stderr and not list((tmp_path / "out").glob("approval-*"))


def test_a_decision_removed_from_the_register_is_told(tmp_path: Path) -> None:
    approved(tmp_path)
    with sqlite3.connect(tmp_path / "register.db") as register:
        register.execute("DROP TABLE releases")
    register.close()
    assert run_program("verify", "--register", tmp_path / "register.db").code == 1


def test_the_same_decision_twice_is_one(tmp_path: Path) -> None:
    path = approved(tmp_path)
    assert approve(tmp_path, path).code == 0
    assert show(tmp_path, path, "register").stdout.count("Approved ") == 1


def test_what_was_stopped_is_kept_nowhere(tmp_path: Path) -> None:
    path = write_csv(tmp_path, with_text("Ring 070-174 06 99."))
    check(tmp_path, path)
    assert approve(tmp_path, path).code == REJECTED
    assert not (tmp_path / "register.db").exists() and show(tmp_path, path, "run").code == NOT_APPROVED


@pytest.mark.parametrize("by", ["", "  ", "20160101-9803", "x" * 101, "Prov\x1b[31m"])
def test_who_decides_is_a_name(tmp_path: Path, by: str) -> None:
    path = write_csv(tmp_path)
    check(tmp_path, path)
    ran = approve(tmp_path, path, by=by)
    assert ran.code == 2 and "9803" not in ran.said.replace("--by", "") and not (tmp_path / "register.db").exists()


def test_another_report_is_refused(tmp_path: Path, sample: SampleAudit) -> None:
    path = write_csv(tmp_path)
    for words in (("approve", path, "--by", "Prov"), ("show", path)):
        ran = run_program("release", *words, "--run", sample.out, "--lang", "en")
        assert ran.code == REJECTED and "no report of a release check" in ran.stderr


def test_a_place_is_named(tmp_path: Path) -> None:
    assert show(tmp_path, write_csv(tmp_path)).code == 2
