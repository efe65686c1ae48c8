"""Suites of one's own: what may stand in them, and how each fault is told with its place. A suite is code in disguise."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from auditor.contract.forms import FORMS
from auditor.contract.suites import read_suites
from auditor.contract.worker import WORKER
from auditor.intake.tables import TABLES
from tests.conftest import run_program
from tests.exports import export, write_agreement

REJECTED = 3
WHOLE = '{\n "meta": {"table": "cases"},\n "expectations": [\n  %s\n ]\n}\n'
ONE = '{"type": "%s",\n   "kwargs": {%s},\n   "meta": {"asks": "Fråga."}}'


def one(kwargs: str, type_: str = "expect_column_values_to_not_be_null") -> str:
    """A suite of one expectation on line 4, its settings on line 5."""
    return WHOLE % (ONE % (type_, kwargs))


IN_SET = "expect_column_values_to_be_in_set"
FAULTY = {
    "torn off": ('{"meta": {"table": "cases"},\n "expectations": [', ["bad.json, line 2, column 19: The suite is not JSON."]),
    "a comma too many": ('{"meta": {"table": "cases"},}', ["line 1, column 29: The suite is not JSON."]),
    "not JSON at all": ("expectations: []", ["line 1, column 1: The suite is not JSON."]),
    "nothing": ("", ["line 1, column 1: The suite is not JSON."]),
    "a number that is none": ('{"meta": NaN}', ["The suite is not JSON.", "Numbers are written with digits"]),
    "lists without end": ("[" * 100_000, ["The suite is not JSON.", "deep in lists"]),
    "a list": ("[]", ["line 1, column 1: The suite is not an object"]),
    "no table": ('{"expectations": []}', ["does not say which table", "cases, disclosures", "'expectations' must be a list"]),
    "an unknown table": (WHOLE.replace("cases", "case") % "1", ["line 2, column 20: There is no table 'case'.", "'cases'?"]),
    "no expectation": (WHOLE % "", ["line 3, column 18: 'expectations' must be a list of 1 to 500"]),
    "an expectation that is none": (WHOLE % "7", ["line 4, column 3: An expectation is an object"]),
    "an unknown expectation": (
        one('"column": "case_id"', "expect_column_values_to_not_be_nul"),
        ["line 4, column 12: The expectation 'expect_column_values_to_not_be_nul' is not known here.", "not_be_null'?"],
    ),
    "an expectation that runs SQL": (
        one('"unexpected_rows_query": "SELECT 1"', "unexpected_rows_expectation"),
        ["line 4, column 12: The expectation 'unexpected_rows_expectation' is not known here.", "Possible here: expect_"],
    ),
    "an unknown column": (
        one('"column": "decided"'),
        ["line 5, column 25: The table cases has no column 'decided'.", "Did you mean 'decided_at'?"],
    ),
    "a column of another table": (one('"column": "recipient"'), ["The table cases has no column 'recipient'."]),
    "a part that no column has": (
        one('"column": "case_id.found", "value_set": ["found"]', IN_SET),
        ["no column 'case_id.found'"],
    ),
    "code": (
        one('"column": "case_id", "row_condition": "__import__(\'os\').system(\'id\')", "condition_parser": "pandas"'),
        ["line 5, column 53: 'row_condition' is code", "'condition_parser' is code", "The suite has 2 faults."],
    ),
    "rows left out": (
        one(
            '"column_A": "closed_at", "column_B": "decided_at", "ignore_row_if": "never"',
            "expect_column_pair_values_a_to_be_greater_than_b",
        ),
        ["'ignore_row_if' is code"],
    ),
    "a setting worked out": (
        one('"column": "case_id", "mostly": {"$PARAMETER": "1+1"}'),
        ["line 5, column 46: 'mostly' does not fit."],
    ),
    "a file": (
        WHOLE % '{"type": "x", "path": "/etc/passwd", "meta": {"asks": "x"}}',
        ["'path' is code, or names code or files"],
    ),
    "an unknown setting": (
        one('"column": "case_id", "result_format": "COMPLETE"'),
        ["'result_format' is not understood here."],
    ),
    "a setting twice": (one('"column": "case_id", "column": "person_id"'), ["'column' stands twice."]),
    "a setting missing": (one(""), ["line 5, column 14: 'column' is missing. Write the name of a column."]),
    "no bound": (one("", "expect_table_row_count_to_be_between"), ["At least one of min_value, max_value is needed."]),
    "a share above one": (
        one('"column": "case_id", "mostly": 95'),
        ["'mostly' does not fit. Write a number above 0 and at most 1."],
    ),
    "a share that is a word": (one('"column": "case_id", "mostly": true'), ["'mostly' does not fit."]),
    "a torn pattern": (
        one('"column": "case_id", "regex": "("', "expect_column_values_to_match_regex"),
        ["'regex' does not fit. Write a regular expression"],
    ),
    "an impossible day": (
        one('"column": "reported_at", "min_value": "2026-02-30"', "expect_column_values_to_be_between"),
        ["'min_value' does not fit. Write a day, written 2026-10-03."],
    ),
    "numbers of persons": (
        one('"column": "person_id", "value_set": ["201701019802"]', IN_SET),
        ["The column 'person_id' cannot be asked about in this way."],
    ),
    "a code that is never there": (
        one('"column": "decided_at.state", "value_set": ["readible"]', IN_SET),
        ["The column 'decided_at.state' never has the value 'readible'. Possible here: readable, unreadable."],
    ),
    "nothing said": (
        WHOLE % '{"type": "expect_column_to_exist", "kwargs": {"column": "case_id"}}',
        ["does not say what it asks"],
    ),
    "blocking in words": (
        WHOLE % '{"type": "expect_column_to_exist", "kwargs": {"column": "case_id"}, "meta": {"asks": "x", "blocking": "yes"}}',
        ["line 4, column 105: 'blocking' must be true or false."],
    ),
    "an id twice": (
        WHOLE
        % ",".join(
            ['{"type": "expect_column_to_exist", "kwargs": {"column": "case_id"}, "meta": {"asks": "x", "id": "a"}}'] * 2
        ),
        ["Two expectations have the id 'a'."],
    ),
}


@pytest.mark.parametrize("name", FAULTY)
@pytest.mark.parametrize("command", ["validate", "audit"])
def test_a_faulty_suite_is_refused_with_its_place(command: str, name: str, tmp_path: Path) -> None:
    text, said = FAULTY[name]
    path = tmp_path / "bad.json"
    path.write_text(text, encoding="utf-8")
    out = ("--out", tmp_path / "out") if command == "audit" else ()
    # the input does not even exist: the suite is read before anything else is touched
    source = tmp_path / "in"
    ran = run_program(command, source, "--suite", path, "--lang", "en", *out)
    assert ran.code == REJECTED, ran.said
    for part in said:
        assert part in ran.stderr, ran.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b" " * (1024 * 1024 + 1)], ids=["not text", "too large"])
def test_a_file_that_is_no_suite_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_bytes(content)
    ran = run_program("validate", tmp_path, "--suite", tmp_path / "bad.json", "--lang", "en")
    assert ran.code == REJECTED and "bad.json: The suite " in ran.stderr
    ran = run_program("validate", tmp_path, "--suite", tmp_path / "absent.json", "--lang", "en")
    assert ran.code == REJECTED and "absent.json: The suite cannot be read." in ran.stderr


def test_several_faults_are_told_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "bad.json"
    bad = ",\n  ".join([ONE % ("expect_column_to_exist", '"column": "nope"'), ONE % ("nope", ""), "8"])
    path.write_text(WHOLE % bad, encoding="utf-8")
    ran = run_program("validate", tmp_path, "--suite", path)
    lines = [line.split(":")[0] for line in ran.stderr.splitlines() if line.startswith("  ")]
    assert lines == ["  bad.json, rad 5, kolumn 25", "  bad.json, rad 7, kolumn 12", "  bad.json, rad 10, kolumn 3"]


def test_there_is_one_shipped_suite_for_each_table() -> None:
    suites = read_suites()
    assert [suite.table for suite in suites] == list(TABLES)
    ids = [one.id for suite in suites for one in suite.expectations]
    assert len(ids) == len(set(ids))
    assert {one.aspect for suite in suites for one in suite.expectations} == {form.aspect for form in FORMS.values()}


def test_a_suite_that_great_expectations_wrote_is_read(tmp_path: Path) -> None:
    """Its own members (id, notes, severity, an empty meta of the suite beside the table) are left alone."""
    expectation = {
        "type": "expect_column_values_to_not_be_null",
        "kwargs": {"column": "case_id", "mostly": 1},
        "meta": {"asks": "Har alla ärenden ett nummer?", "great_expectations_version": "1.24.1"},
        "id": "8f0c",
        "notes": None,
        "severity": "critical",
    }
    whole = {"name": "mina krav", "id": None, "notes": None, "meta": {"table": "cases"}, "expectations": [expectation]}
    path = tmp_path / "own.json"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(whole, ensure_ascii=False, indent=1).encode("utf-8"))
    ran = run_program("validate", export(tmp_path / "in"), "--agreement", write_agreement(tmp_path), "--suite", path)
    assert ran.code == 0, ran.said
    assert "uppfyllt           Har alla ärenden ett nummer? – ingen av 1 avviker" in ran.stdout


def test_great_expectations_prints_nothing_while_it_works() -> None:
    """It counts its work with bars on the terminal unless it is told not to; what comes out is the answer alone."""
    expectation = {"type": "expect_column_values_to_be_between", "kwargs": {"column": "rows", "min_value": 1}}
    request = {"suites": [{"frame": {"rows": [0, 5]}, "expectations": [expectation]}]}
    process = [sys.executable, "-I", "-c", WORKER.code, *sys.path]
    ran = subprocess.run(process, input=json.dumps(request) + "\n", capture_output=True, text=True, check=True)
    assert ran.stderr == ""
    assert json.loads(ran.stdout) == [[{"ran": True, "success": False, "places": [0], "aggregated": False}]]
