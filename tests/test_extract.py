"""The extract for a person: all that the logs hold of one child, and nothing of anybody else."""

from __future__ import annotations

import csv
import hashlib
import html
import io
import json
import shutil
import sys
from pathlib import Path

import pytest

from tests.conftest import SampleAudit, run_program
from tests.extracts import GUARDIAN, MARK, NOTHING, NUMBER, SIBLING, UNKNOWN, Export, asked, row_names, rows, words
from tests.running import SAMPLE, SAMPLE_AGREEMENT


@pytest.fixture(scope="module")
def family(tmp_path_factory: pytest.TempPathFactory) -> Export:
    return Export(tmp_path_factory.mktemp("family"), rows())


def test_a_case_is_told_with_its_disclosures_and_accesses(family):
    ran, out = family.extract("--case", "SN-2026-1")
    assert ran.code == 0 and sorted(path.name for path in out.iterdir()) == ["extract.html", "manifest.json"]
    text = words(out)
    assert "from Stockholm (0180) to Nacka (0182)" in text and "handing over to the child's home municipality" in text
    assert "Namn, Personnummer" in text and "(OSL 26:9 p1)" in text
    assert "from Polismyndigheten (ROC) to Stockholm (0180)" in text
    assert row_names(text, "D") == {"D1", "D2"} and row_names(text, "A") == {"A1"}
    assert "SN-2026-2" not in text and "SN-2026-3" not in text
    assert "more persons than the child" in text
    assert "article 16" in text or "artikel 16" in text
    assert "artikel 77.1" in text and "C-579/21" in text


def test_a_person_is_told_of_all_cases(family, monkeypatch):
    asked(monkeypatch, "120505-9803")
    ran, out = family.extract("--person")
    text = words(out)
    assert ran.code == 0 and "SN-2026-1" in text and "SN-2026-3" in text and "SN-2026-2" not in text
    assert row_names(text, "D") == {"D1", "D2", "D3"} and row_names(text, "A") == {"A1", "A2"}


@pytest.mark.parametrize("spelled", [NUMBER, "1205059803", "20120505-9803", " 120505-9803 "])
def test_a_number_in_any_spelling_never_comes_out(family, monkeypatch, spelled):
    asked(monkeypatch, spelled)
    ran, out = family.extract("--person")
    assert ran.code == 0
    said = ran.said + (out / "extract.html").read_text(encoding="utf-8")
    for number in (NUMBER, SIBLING, GUARDIAN):
        assert number not in said and number[2:] not in said and f"{number[2:8]}-{number[8:]}" not in said


def test_unknown_is_answered_as_whoever_has_no_row_is(family, monkeypatch):
    answers = set()
    for number in ("201002029805", GUARDIAN, UNKNOWN):
        asked(monkeypatch, number)
        ran, out = family.extract("--person")
        answers.add((ran.code, ran.stdout, ran.stderr))
        assert not out.exists() and number not in ran.said
    for case in ("SN-2026-4", "SN-2026-99"):
        ran, out = family.extract("--case", case)
        answers.add((ran.code, ran.stdout, ran.stderr))
        assert not out.exists() and case not in ran.said
    assert len(answers) == 1
    code, stdout, stderr = answers.pop()
    assert code == 3 and stdout == "" and NOTHING in stderr


@pytest.mark.parametrize("given", ["not a number", UNKNOWN[:-1], f"{UNKNOWN}1"])
def test_what_is_no_number_is_not_answered_as_one_that_is_not_known(family, monkeypatch, given):
    asked(monkeypatch, given)
    ran, out = family.extract("--person")
    assert ran.code == 3 and "cannot be read as a personal number" in ran.stderr and NOTHING not in ran.stderr
    assert not out.exists() and given not in ran.said


def test_a_number_is_asked_for_and_not_shown(family, monkeypatch):
    shown: list[str] = []

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr("getpass.getpass", lambda prompt: shown.append(prompt) or NUMBER)
    ran, out = family.extract("--person")
    assert ran.code == 0 and shown == ["Personal number (not shown): "] and out.exists()
    assert NUMBER not in ran.said


@pytest.mark.parametrize("given", [(), ("--case", "SN-2026-1", "--person")])
def test_one_of_the_two_is_named(family, given):
    ran, out = family.extract(*given)
    assert ran.code == 2 and "Name either --case or --person." in ran.stderr and not out.exists()


def test_no_number_given_is_said(family, monkeypatch):
    asked(monkeypatch, "")
    ran, out = family.extract("--person")
    assert ran.code == 3 and "No personal number was given." in ran.stderr and not out.exists()


def test_employees_are_not_named_unless_asked_for(family):
    ran, out = family.extract("--case", "SN-2026-1")
    assert "sthlm01" not in words(out) and "polis01" not in words(out)
    ran, out = family.extract("--case", "SN-2026-1", "--with-users")
    assert ran.code == 0 and "sthlm01" in words(out) and "polis01" in words(out)
    assert "employees' user ids" in ran.stderr and "employees' user ids" in words(out)


def test_free_text_stays_in_the_log(family, monkeypatch):
    asked(monkeypatch, NUMBER)
    for given in (("--person",), ("--case", "SN-2026-2"), ("--case", "SN-2026-3", "--with-users")):
        ran, out = family.extract(*given)
        assert ran.code == 0 and MARK not in words(out).replace(f"{MARK}1", "") and MARK not in ran.said


def test_what_must_be_decided_is_asked_of_the_rows_that_call_for_it(family):
    sheet = words(family.extract("--case", "SN-2026-3")[1]).split("Authority:")[0]
    assert "Unknown or missing in the log" in sheet and "Rows: D1 " in sheet.split("Unknown or missing")[1]
    assert "The Police" not in sheet
    sheet = words(family.extract("--case", "SN-2026-1")[1]).split("Authority:")[0]
    assert "Unknown or missing in the log" not in sheet and "Rows: D1 " in sheet.split("The Police")[1]
    for law in ("12 kap. 3 §", "26 kap. 2 §", "26 kap. 1 §", "5 kap. 1 § lagen (2018:218)"):
        assert law in sheet


@pytest.mark.parametrize(
    ("disclosure", "access", "listed"),
    [
        ({"purpose": None}, {}, "D1"),
        ({"fields": None}, {}, "D1"),
        ({"grounds": None}, {}, "D1"),
        ({}, {"action": None}, "A1"),
        ({}, {"user_id": "nobody1"}, "A1"),
    ],
)
def test_a_row_of_which_the_log_does_not_say_all_is_one_to_look_up(tmp_path, disclosure, access, listed):
    made = Export(tmp_path, {"disclosures": [disclosure], "accesses": [access]})
    sheet, letter = words(made.extract("--case", "SN-2026-1")[1]).split("Authority:")
    assert letter.count("The log does not say") == 1
    assert f"Rows: {listed} " in sheet.split("Unknown or missing in the log")[1]


def test_nothing_is_said_of_rows_that_are_not_there(family, monkeypatch):
    asked(monkeypatch, NUMBER)
    text = words(family.extract("--person")[1])
    assert "Rows of the logs" not in text and "could not be read" not in text


def test_each_log_tells_which_days_were_searched(family, tmp_path):
    letter = words(family.extract("--case", "SN-2026-1")[1]).split("Authority:")[1]
    assert "The log of disclosures was searched from its first to its last day: 2 August – 6 October 2026." in letter
    assert "The access log was searched from its first to its last day: 3 August – 5 October 2026." in letter
    ran, out = Export(tmp_path, {"cases": [{}], "disclosures": [{}], "accesses": []}).extract("--case", "SN-2026-1")
    letter = words(out).split("Authority:")[1]
    assert ran.code == 0 and "was searched from its first to its last day: 5 October 2026." in letter
    assert "There was no row in the access log to search." in letter


def test_a_row_without_sender_recipient_or_action_is_to_be_looked_up(tmp_path):
    disclosures = [{}, {"sender": None}, {"recipient": None}]
    accesses = [{}, {"action": None, "at": "2026-10-05 11:30:00"}]
    ran, out = Export(tmp_path, {"cases": [{}], "disclosures": disclosures, "accesses": accesses}).extract(
        "--case", "SN-2026-1"
    )
    sheet = words(out).split("Authority:")[0]
    assert ran.code == 0 and "Rows: D2, D3, A2 " in sheet.split("Unknown or missing in the log")[1]
    assert "Rows: D2, D3 " in sheet.split("The Police")[1], "they may be the Police's"


@pytest.mark.parametrize("spelled", [NUMBER, f"{NUMBER[2:8]}-{NUMBER[8:]}", f"Barn {NUMBER}", "20160101-9803"])
def test_a_number_on_the_command_line_is_refused(family, spelled):
    ran, out = family.extract("--case", spelled)
    assert ran.code == 2 and "--case never takes a personal number" in ran.stderr and not out.exists()
    assert NUMBER not in ran.said and spelled not in ran.said


def test_an_id_that_holds_a_number_is_found_by_its_pseudonym(tmp_path):
    given = {
        "cases": [{"case_id": f"Barn {NUMBER}"}],
        "disclosures": [{"case_id": f"Barn {NUMBER}", "channel": "post"}],
        "staff": [{}],
    }
    made = Export(tmp_path, given)
    with (tmp_path / "run" / "findings.csv").open(encoding="utf-8-sig", newline="") as file:
        shown = {row["case_id"] for row in csv.DictReader(file, delimiter=";")} - {""}
    assert len(shown) == 1
    ran, out = made.extract("--case", shown.pop())
    assert ran.code == 0 and "pseudonym-" in words(out) and NUMBER not in words(out) + ran.said


def test_one_controllers_extract_holds_its_own_rows_alone(tmp_path):
    made = Export(tmp_path, rows(), "--controller", "0182")
    ran, out = made.extract("--case", "SN-2026-3")
    text = words(out)
    assert ran.code == 0 and row_names(text, "A") == {"A1"} and row_names(text, "D") == set()
    ran, out = made.extract("--case", "SN-2026-2")
    assert ran.code == 3 and NOTHING in ran.stderr


def test_its_manifest_names_what_it_rests_on_and_nobody(tmp_path, monkeypatch):
    given = rows()
    made = Export(tmp_path, given)
    numbered = made.source / f"accesses-{NUMBER}.csv"
    (made.source / "accesses.csv").rename(numbered)
    shutil.rmtree(tmp_path / "run")
    ran = run_program("audit", made.source, "--out", tmp_path / "run", "--period", "2026-10", "--quiet", *made.given)
    assert ran.code == 0, ran.said
    asked(monkeypatch, NUMBER)
    ran, out = made.extract("--person")
    text = (out / "manifest.json").read_text(encoding="utf-8")
    manifest = json.loads(text)
    assert ran.code == 0 and manifest["report"] == "extract" and NUMBER not in text and "SN-2026" not in text
    assert manifest["audit"]["manifest_sha256"] == sha256(tmp_path / "run" / "manifest.json")
    assert manifest["agreement"]["sha256"] == sha256(tmp_path / "avtal.yaml")
    assert [entry["sha256"] for entry in manifest["outputs"]] == [sha256(out / "extract.html")]
    assert {entry["sha256"] for entry in manifest["inputs"]} == {sha256(path) for path in made.source.iterdir()}
    assert run_program("verify", out).code == 0
    with (out / "extract.html").open("a", encoding="utf-8") as file:
        file.write(" ")
    assert run_program("verify", out).code == 1


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_an_extract_is_no_audit(family):
    ran, out = family.extract("--case", "SN-2026-1")
    given = ("--input", family.source, "--out", family.folder / "again", *family.given)
    ran = run_program("extract", "--case", "SN-2026-1", "--run", out, *given)
    assert ran.code == 3 and "holds another report than an audit's" in ran.stderr


def test_hostile_text_is_text(tmp_path):
    hostile = "<script>1</script>"
    given = {"cases": [{"case_id": hostile}], "disclosures": [{"case_id": hostile, "user_id": hostile}], "staff": [{}]}
    ran, out = Export(tmp_path, given).extract("--case", hostile, "--with-users")
    page = (out / "extract.html").read_text(encoding="utf-8")
    assert ran.code == 0 and hostile not in page and html.escape(hostile) in page


def test_the_folder_is_neither_the_input_nor_in_the_report(family):
    for out in (family.source / "out", family.folder / "run" / "out", family.folder / "run"):
        given = ("--run", family.folder / "run", "--input", family.source, "--out", out, *family.given)
        ran = run_program("extract", "--case", "SN-2026-1", *given)
        assert ran.code == 3 and "--out" in ran.stderr
    assert not (family.source / "out").exists()


def test_a_changed_input_is_refused(tmp_path):
    made = Export(tmp_path, rows())
    with (made.source / "accesses.csv").open("a", encoding="utf-8") as file:
        file.write("E9;2026-10-05 11:00:00;sthlm01;SN-2026-1;read;;;;9;jour\n")
    ran, out = made.extract("--case", "SN-2026-1")
    assert ran.code == 3 and "not the one that was audited" in ran.stderr and not out.exists()


def test_every_row_of_a_child_of_the_sample_month_is_in_it(sample: SampleAudit, tmp_path):
    def of_case(table: str) -> list[dict[str, str]]:
        with (SAMPLE / "clean" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            found = [row for row in csv.DictReader(file) if row.get("case_id") == "SN-2026-01142"]
        return [dict(row) for row in {tuple(row.items()): row for row in found}.values()]

    given = ("--agreement", SAMPLE_AGREEMENT, "--key-file", sample.key, "--lang", "en")
    out = tmp_path / "out"
    ran = run_program(
        "extract", "--case", "SN-2026-01142", "--run", sample.out, "--input", SAMPLE / "clean", "--out", out, *given
    )
    text = words(out)
    assert ran.code == 0
    assert len(row_names(text, "D")) == len(of_case("disclosures")) and len(row_names(text, "A")) == len(of_case("accesses"))
    for row in of_case("disclosures") + of_case("accesses"):
        assert row["at"][:16].replace("T", " ") in text and row["user_id"] not in text
