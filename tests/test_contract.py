"""The data contract: is this export fit to be audited? No crash, empty table or gap can fake an answer."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from auditor.beside import NoAnswerError, Worker
from auditor.contract.suites import read_suites
from auditor.contract.worker import WORKER
from tests.conftest import Ran, run_program
from tests.exports import export, write_agreement
from tests.running import SAMPLE, SAMPLE_AGREEMENT, read_outputs

REJECTED, INCOMPLETE = 3, 4
MET, NOT_MET, UNJUDGED, FAILED = "met", "not met", "cannot be judged", "could not be run"
SHIPPED = {one.id: one for suite in read_suites() for one in suite.expectations}
#: A personal number of the published test range (birth numbers 980-999).
NUMBER, DASHED = "201701019802", "20170101-9802"


def validate(source: Path, *options: str | Path, lang: str = "en") -> Ran:
    """``auditor validate`` with the agreement of small exports."""
    agreement = write_agreement(source.parent)
    return run_program("validate", source, "--agreement", agreement, "--lang", lang, *options)


def answers(ran: Ran) -> dict[str, str]:
    """The answer to each sentence that validate printed."""
    found = re.findall(
        rf"^  ({MET}|{NOT_MET}|{UNJUDGED}|{FAILED}) +(.*?)(?: \[blocking\])?(?: – .*)?$", ran.stdout, re.MULTILINE
    )
    return {sentence: answer for answer, sentence in found}


def basis(ran: Ran, sentence: str) -> str:
    """What validate says that an answer rests on."""
    (line,) = [line for line in ran.stdout.splitlines() if sentence in line]
    return line.partition(" – ")[2]


def suite(folder: Path, *expectations: dict[str, Any], table: str = "cases", name: str = "own.json") -> Path:
    """A user's suite: each expectation as its type, its settings, and perhaps what it asks and whether it is blocking."""
    listed = []
    for number, one in enumerate(expectations, 1):
        kwargs = {key: value for key, value in one.items() if key not in ("type", "asks", "blocking")}
        meta = {"asks": one.get("asks", f"Own question {number}."), "blocking": one.get("blocking", False)}
        listed.append({"type": one["type"], "kwargs": kwargs, "meta": meta})
    path = folder / name
    path.write_text(json.dumps({"meta": {"table": table}, "expectations": listed}), encoding="utf-8")
    return path


# ----------------------------------------------------------------------------------- each shipped expectation, met and not met

TABLES = ("cases", "disclosures", "accesses", "staff", "assignments", "residences")
SOUND: dict[str, dict[str, Any]] = {
    "cases": {"person_id": NUMBER, "birth_date": "2017-01-01", "closed_at": "2026-10-20 10:00:00"},
    "disclosures": {"requested_at": "2026-10-05 09:00:00"},
    "accesses": {},
    "staff": {"valid_to": "2027-01-01"},
    "assignments": {"valid_to": "2026-12-31 12:00:00"},
    "residences": {"valid_to": "2026-12-31"},
}
#: What is changed in every row of the sound export; a list gives several rows of a table.
SPOILED: dict[str, dict[str, Any]] = {
    "sound": {},
    "empty cells": {
        "cases": dict.fromkeys(["home_municipality", "found_in", "concern", "reporter", "reported_at", "protection"]),
        "disclosures": dict.fromkeys(["case_id", "sender", "recipient", "user_id", "purpose", "fields", "grounds", "channel"]),
        "accesses": dict.fromkeys(["user_id", "case_id", "action", "source", "sequence"]),
        "staff": dict.fromkeys(["organisation", "unit"]),
        "residences": dict.fromkeys(["municipality"]),
    },
    "wrong values": {
        "cases": {
            "case_id": DASHED,
            "person_id": "20170101TF12",
            "birth_date": "1850-01-01",
            "home_municipality": "0380",
            "concern": "en annan oro",
            "reported_at": "1999-10-05 09:00:00",
            "decided_at": "1999-10-01 09:00:00",
            "closed_at": "1999-10-01 09:00:00",
        },
        "disclosures": {
            "disclosure_id": DASHED,
            "case_id": "SN-2026-99",
            "user_id": "Anna Andersson",
            "at": "1999-10-05 09:00:00",
            "purpose": "något helt annat",
            "requested_at": "1999-10-06 09:00:00",
        },
        "accesses": {"case_id": "SN-2026-99", "user_id": "x99", "at": "1999-10-05 09:00:00"},
        "staff": [{"user_id": "u1", "role": role, "valid_from": "1900-01-01", "valid_to": "1899-12-31"} for role in "ab"],
        "assignments": [
            {"case_id": "x9", "user_id": "x99", "valid_from": "1999-01-01 00:00:00", "valid_to": f"1998-01-0{day} 00:00:00"}
            for day in (1, 2)
        ],
        "residences": [
            {"case_id": "x9", "municipality": code, "valid_from": "1850-01-01", "valid_to": "1849-01-01"}
            for code in ("0182", "0120")
        ],
    },
    "unreadable cells": {
        "cases": dict.fromkeys(["reported_at", "decided_at", "decision", "protection"], "oläsligt"),
        "accesses": {"action": "oläsligt"},
        "staff": {"valid_to": "oläsligt"},
        "assignments": {"valid_to": "oläsligt"},
        "residences": {"municipality": "oläsligt"},
    },
    "unreadable keys": {
        "cases": {"case_id": None},
        "disclosures": {"at": "oläsligt"},
        "accesses": {"at": "oläsligt"},
        **{table: {"valid_from": "oläsligt"} for table in ("staff", "assignments", "residences")},
    },
    "absent columns": {},
}
ABSENT = [
    *("cases.decided_at", "cases.decision", "cases.closed_at", "disclosures.motivation", "accesses.reason"),
    *("staff.valid_to", "staff.shared", "staff.protected_access", "assignments.valid_to", "residences.valid_to"),
]


def spoiled_by(id_: str) -> str:
    """In which export an expectation is not met: by what it asks. A new kind of expectation needs an export of its own."""
    return {
        "rows": "unreadable keys",
        "quarantine": "unreadable keys",
        "filled": "empty cells",
        "readable": "unreadable cells",
        "exists": "absent columns",
        **dict.fromkeys(["plain", "form", "days", "county", "found", "unique", "reported_at", "valid_from"], "wrong values"),
        "requested_at": "wrong values",
    }[id_.rpartition("-")[2]]


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Ran]:
    """The exports of SPOILED, each validated once."""
    done: dict[str, Ran] = {}

    def validated(name: str) -> Ran:
        if name not in done:
            tables = {}
            for table in TABLES:
                changes = SPOILED[name].get(table, {})
                rows = changes if isinstance(changes, list) else [changes]
                tables[table] = [{**SOUND[table], **row} for row in rows]
            without = ABSENT if name == "absent columns" else ()
            done[name] = validate(export(tmp_path_factory.mktemp("spoiled") / "in", without=without, **tables))
        return done[name]

    return validated


@pytest.mark.parametrize("id_", SHIPPED)
def test_every_shipped_expectation_is_met_by_a_sound_export_and_not_by_a_spoiled_one(
    id_: str, judged: Callable[[str], Ran]
) -> None:
    sentence = SHIPPED[id_].asks
    assert answers(judged("sound"))[sentence] == MET
    assert answers(judged(spoiled_by(id_)))[sentence] == NOT_MET


def test_a_sound_export_is_fit(judged: Callable[[str], Ran]) -> None:
    assert judged("sound").code == 0
    assert set(answers(judged("sound")).values()) == {MET}
    assert len(answers(judged("sound"))) == len(SHIPPED)


def test_what_is_not_met_leaves_the_exit_code_alone_unless_it_is_blocking(judged: Callable[[str], Ran]) -> None:
    """The shipped contract blocks nothing; a suite that does is put to the audit below."""
    ways = ("wrong values", "empty cells", "absent columns", "unreadable keys")
    assert [judged(way).code for way in ways] == [0, 0, 0, 0]
    assert re.search(rf"{NOT_MET} +There is at least one case\. – 0 rows", judged("unreadable keys").stdout)


def test_the_shares_in_the_sentences_are_those_that_are_judged() -> None:
    for one in SHIPPED.values():
        said = re.search(r"At least (?:(\d+) per cent|(half))", one.asks)
        share = 1.0 if said is None else 0.5 if said[2] else int(said[1]) / 100
        assert one.mostly == share, one.id


# ------------------------------------------------------------------------------------------- what is missing is never a success


def test_a_gap_is_neither_met_nor_not_met(tmp_path: Path) -> None:
    source = export(tmp_path / "in", cases=[{"decided_at": None, "decision": None}], staff=None, without=["cases.closed_at"])
    ran = validate(source)
    assert ran.code == 0
    decided = "At least 99 per cent of the decisions were taken after the report came in."
    assert (answers(ran)[decided], basis(ran, decided)) == (UNJUDGED, "every cell is empty")
    closed = "At least 99 per cent of the closed cases were closed after the report came in."
    assert (answers(ran)[closed], basis(ran, closed)) == (UNJUDGED, "the column is absent")
    users = "At least 90 per cent of the users of the disclosures are in the staff list."
    assert (answers(ran)[users], basis(ran, users)) == (UNJUDGED, "the table to compare with is absent")
    assert (answers(ran)["All 11 expectations on the table"], basis(ran, "All 11")) == (UNJUDGED, "the table is absent")
    assert "What cannot be judged counts neither for nor against the export." in ran.stdout


def test_an_empty_table_passes_nothing(tmp_path: Path) -> None:
    ran = validate(export(tmp_path / "in", staff=[]))
    found = answers(ran)
    assert found["There is at least one authorisation."] == NOT_MET
    unit = "At least 95 per cent of the authorisations say at which unit."
    assert (found[unit], basis(ran, unit)) == (UNJUDGED, "the table has no rows that could be read")


def test_missing_cells_are_told_and_not_counted(tmp_path: Path) -> None:
    source = export(tmp_path / "in", cases=[{"home_municipality": code} for code in ("0182", "0380", None, None)])
    own = suite(tmp_path, {"type": "expect_column_values_to_be_in_set", "column": "home_municipality", "value_set": ["0182"]})
    ran = validate(source, "--suite", own)
    assert basis(ran, "Own question 1.") == "1 of 2 deviate (50%); 2 without a value not counted"


def test_shares_are_those_of_rows_and_not_of_distinct_values(tmp_path: Path) -> None:
    source = export(tmp_path / "in", cases=[{"home_municipality": "0120" if n == 9 else "0182"} for n in range(10)])
    one = {"type": "expect_column_values_to_be_in_set", "column": "home_municipality", "value_set": ["0182"]}
    ran = validate(source, "--suite", suite(tmp_path, {**one, "mostly": 0.9}, {**one, "mostly": 0.91}))
    assert [answers(ran)[f"Own question {n}."] for n in (1, 2)] == [MET, NOT_MET]
    assert basis(ran, "Own question 1.") == "1 of 10 deviate (10%)"


# --------------------------------------------------------------------------------------------------------- a suite of one's own


def test_every_kind_of_expectation_answers_both_ways(tmp_path: Path) -> None:
    cases = [{"home_municipality": code, "assessment_extended": flag} for code, flag in (("0182", "ja"), ("0180", "nej"))]
    disclosures = [{"fields": "name;person_id", "recipient_unit": "Enhet 12"}, {"fields": "name", "recipient_unit": "Enhet 7"}]
    source = export(tmp_path / "in", cases=cases, disclosures=disclosures)
    column = {"column": "home_municipality"}
    days = {"type": "expect_column_values_to_be_between", "column": "reported_at", "min_value": "2026-10-05"}
    asked = {
        "cases": [
            ({"type": "expect_column_values_to_not_be_in_set", **column, "value_set": ["0126"]}, MET),
            ({"type": "expect_column_values_to_not_be_in_set", **column, "value_set": ["0180"]}, NOT_MET),
            ({"type": "expect_column_distinct_values_to_contain_set", **column, "value_set": ["0180", "0182"]}, MET),
            ({"type": "expect_column_distinct_values_to_contain_set", **column, "value_set": ["0126"]}, NOT_MET),
            ({"type": "expect_column_unique_value_count_to_be_between", **column, "min_value": 2}, MET),
            ({"type": "expect_column_unique_value_count_to_be_between", **column, "max_value": 1}, NOT_MET),
            ({"type": "expect_column_values_to_be_unique", **column}, MET),
            ({"type": "expect_column_values_to_be_unique", "column": "found_in"}, NOT_MET),
            ({"type": "expect_column_values_to_be_in_set", "column": "assessment_extended", "value_set": [True, False]}, MET),
            ({"type": "expect_column_values_to_be_in_set", "column": "assessment_extended", "value_set": [True]}, NOT_MET),
            (days, MET),
            ({**days, "strict_min": True}, NOT_MET),
            ({"type": "expect_table_row_count_to_be_between", "min_value": 2, "max_value": 2}, MET),
            ({"type": "expect_table_row_count_to_be_between", "max_value": 1}, NOT_MET),
        ],
        "disclosures": [
            ({"type": "expect_column_values_to_be_in_set", "column": "fields", "value_set": ["name", "person_id"]}, MET),
            ({"type": "expect_column_values_to_be_in_set", "column": "fields", "value_set": ["name"]}, NOT_MET),
            ({"type": "expect_column_values_to_match_regex", "column": "recipient_unit", "regex": "^Aaaaa 9{1,2}$"}, MET),
            ({"type": "expect_column_values_to_match_regex", "column": "recipient_unit", "regex": "^Aaaaa 9$"}, NOT_MET),
            ({"type": "expect_column_value_lengths_to_be_between", "column": "recipient_unit", "max_value": 8}, MET),
            ({"type": "expect_column_value_lengths_to_be_between", "column": "recipient_unit", "min_value": 8}, NOT_MET),
        ],
    }
    wanted: list[str] = []
    given: list[str | Path] = []
    for table, pairs in asked.items():
        named = [{**one, "asks": f"{table} {n}"} for n, (one, _answer) in enumerate(pairs)]
        given += ["--suite", suite(tmp_path, *named, table=table, name=f"{table}-own.json")]
        wanted += [f"{table} {n}: {answer}" for n, (_one, answer) in enumerate(pairs)]
    found = answers(validate(source, *given))
    assert [f"{name}: {found[name]}" for name in (line.partition(":")[0] for line in wanted)] == wanted


def test_a_blocking_expectation_stops_the_audit_before_it_begins(tmp_path: Path) -> None:
    source, agreement = export(tmp_path / "in"), write_agreement(tmp_path)
    rows = {"type": "expect_table_row_count_to_be_between", "min_value": 5, "blocking": True, "asks": "Minst fem ärenden."}
    given = (
        "--agreement",
        agreement,
        "--out",
        tmp_path / "out",
        "--key-file",
        tmp_path / "key",
        "--suite",
        suite(tmp_path, rows),
    )
    ran = run_program("audit", source, *given)
    assert ran.code == REJECTED and not (tmp_path / "out").exists()
    assert "Exporten går inte att granska; ingenting har granskats." in ran.stderr
    assert "  Inte uppfyllt: Minst fem ärenden. (1 rader)" in ran.stderr


def test_the_answers_stand_in_report_and_manifest(tmp_path: Path) -> None:
    source, agreement = export(tmp_path / "in", cases=[{"protection": None}]), write_agreement(tmp_path)
    own = suite(tmp_path, {"type": "expect_column_to_exist", "column": "case_id", "asks": f"<script>x</script> {DASHED}"})
    given = ("--agreement", agreement, "--out", tmp_path / "out", "--key-file", tmp_path / "key", "--suite", own, "--quiet")
    ran = run_program("audit", source, *given)
    assert ran.code == 0, ran.said
    contract = read_outputs(tmp_path / "out").manifest["contract"]
    assert [entry["name"] for entry in contract["suites"]] == [*TABLES, "own"]
    found = {entry["id"]: entry["answer"] for entry in contract["answers"]}
    assert found.keys() == SHIPPED.keys() | {"cases-1"}
    assert (found["cases-protection-filled"], found["cases-rows"], found["accesses-rows"]) == (
        "not_met",
        "met",
        "cannot_be_judged",
    )
    report = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "Går exporten att granska?" in report and "anger om personen har skyddade personuppgifter" in report
    assert "&lt;script&gt;x&lt;/script&gt; ***" in report


# -------------------------------------------------------------------------------------------------- what breaks is not the data


def test_an_expectation_that_raises_says_nothing_of_the_data() -> None:
    asked = [
        {"type": "expect_column_values_to_be_in_set", "kwargs": {"column": "absent", "value_set": ["a"]}},
        {"type": "expect_column_values_to_be_between", "kwargs": {"column": "a", "min_value": 1}},
        {"type": "expect_column_values_to_be_in_set", "kwargs": {"column": "a", "value_set": ["x"]}},
    ]
    (found,) = WORKER.ask({"suites": [{"frame": {"a": ["x", "y"]}, "expectations": asked}]})
    assert [(one["ran"], one["places"]) for one in found] == [(False, []), (False, []), (True, [1])]


@pytest.mark.parametrize("start", ["raise SystemExit(1)", "print('no JSON')", "import sys; sys.stdin.readline(); print('{')"])
def test_without_great_expectations_nothing_is_judged_and_the_audit_says_so(
    start: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    WORKER.end()
    monkeypatch.setattr(WORKER, "code", start)
    source, agreement = export(tmp_path / "in"), write_agreement(tmp_path)
    ran = validate(source)
    assert ran.code == INCOMPLETE and set(answers(ran).values()) == {FAILED, UNJUDGED}
    given = ("--agreement", agreement, "--out", tmp_path / "out", "--key-file", tmp_path / "key", "--lang", "en", "--quiet")
    ran = run_program("audit", source, *given)
    WORKER.end()
    assert ran.code == INCOMPLETE
    assert "Expectations of the data contract that could not be run:" in ran.stdout
    assert "could not be run" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")


def test_who_does_not_answer_in_time_is_ended() -> None:
    own = Worker("no.module", patience=600)
    own.code = "import time; time.sleep(600)"
    with own.held(), pytest.raises(NoAnswerError):
        own.ask({"suites": []}, patience=0.1)
    assert own._process is None


# ------------------------------------------------------------------------------------------------------------ nothing comes out


def test_planted_markers_never_leave_great_expectations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mark = "MARKÖR<script>"
    columns = {
        "cases": ["case_id", "concern"],
        "disclosures": ["disclosure_id", "case_id", "sender_unit", "user_id", "recipient_unit", "purpose", "fields", "channel"],
        "accesses": ["event_id", "user_id", "case_id", "section", "workstation", "source"],
        "staff": ["user_id", "unit", "role"],
        "assignments": ["case_id", "user_id"],
        "residences": ["case_id"],
    }
    source = export(tmp_path / "in", **{table: [dict.fromkeys(names, f"{mark} {table}")] for table, names in columns.items()})
    given: list[str | Path] = []
    for table, names in columns.items():
        asked = [{"type": "expect_column_values_to_be_in_set", "column": name, "value_set": ["x"]} for name in names]
        asked += [{"type": "expect_column_values_to_match_regex", "column": name, "regex": "^x$"} for name in names]
        given += ["--suite", suite(tmp_path, *asked, table=table, name=f"{table}-own.json")]
    sent, came = [], []
    put = WORKER.put

    def watched(request: dict[str, Any]) -> Callable[[], Any]:
        sent.append(json.dumps(request, ensure_ascii=False))
        waiting = put(request)

        def wait() -> Any:
            came.append(waiting())
            return came[-1]

        return wait

    monkeypatch.setattr(WORKER, "put", watched)
    ran = validate(source, *given)
    assert ran.code == 0, ran.said
    assert list(answers(ran).values()).count(NOT_MET) > 6
    assert all(f"{mark} {table}" in sent[0] for table in columns)  # it was there to be told
    assert "MARK" not in json.dumps(came, ensure_ascii=False) and "MARK" not in ran.said
    assert all(part.keys() == {"ran", "success", "places", "aggregated"} for found in came[0] for part in found)


def test_the_sample_month_is_fit_in_every_dress() -> None:
    dresses = [run_program("validate", SAMPLE / dress, "--agreement", SAMPLE_AGREEMENT) for dress in ("clean", "swedish")]
    assert [ran.code for ran in dresses] == [0, 0]
    answered = [re.sub(" – .*", "", ran.stdout) for ran in dresses]  # unknown words are spelled otherwise
    assert answered[0] == answered[1]
    assert "Det finns minst ett ärende. – 397 rader" in dresses[0].stdout
