"""What may leave and what may not: columns, cases, the audit's checks and personal data in text, through the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import run_program
from tests.releases import (
    CASES,
    CHILD,
    GUARDIAN,
    HEADINGS,
    OTHER_CHILD,
    REJECTED,
    RELEASED,
    ROW,
    STOPPED,
    UNSHOWN,
    check,
    with_text,
    write_csv,
)


def test_a_sound_export_is_released(tmp_path: Path) -> None:
    answer = check(tmp_path, write_csv(tmp_path))
    assert (answer.code, answer.stops, answer.unshown) == (RELEASED, [], [])
    assert answer.record["files"][0]["tied"] == 1
    assert answer.record["files"][0]["fields"] == ["name", "person_id", "risk"]


def test_the_report_folder_holds_what_its_manifest_says(tmp_path: Path) -> None:
    check(tmp_path, write_csv(tmp_path))
    assert run_program("verify", tmp_path / "out").code == 0
    (tmp_path / "out" / "release.json").write_text("{}", encoding="utf-8")
    assert run_program("verify", tmp_path / "out").code == 1


# Columns


@pytest.mark.parametrize(("heading", "code"), [("Skostorlek", "column-unknown"), ("Beslut", "column-outside-flow")])
def test_a_column_that_is_not_needed_stops(tmp_path: Path, heading: str, code: str) -> None:
    answer = check(tmp_path, write_csv(tmp_path, (*ROW, "40"), headings=(*HEADINGS, heading)))
    assert answer.code == STOPPED and answer.stops == [code]
    assert heading in answer.reason(code)["text"] and answer.reason(code)["remedy"]


def test_a_column_of_personal_numbers_is_known_by_what_it_holds(tmp_path: Path) -> None:
    headings = ("Ärendenummer", "Namn", "Kolumn X", "Individuell riskbedömning")
    answer = check(tmp_path, write_csv(tmp_path, headings=headings))
    assert answer.code == RELEASED
    assert "person_id" in answer.record["files"][0]["fields"]
    assert answer.reasons("note")[:1] == ["column-by-content"]


# Cases and the audit's checks


def test_a_row_is_tied_by_its_personal_number(tmp_path: Path) -> None:
    answer = check(tmp_path, write_csv(tmp_path, ROW[1:], headings=HEADINGS[1:]))
    assert (answer.code, answer.record["files"][0]["tied"]) == (RELEASED, 1)


def test_a_person_with_two_cases_ties_to_none_of_them(tmp_path: Path) -> None:
    answer = check(tmp_path, write_csv(tmp_path, ROW[1:], headings=HEADINGS[1:]), cases=(*CASES, {"person_id": CHILD}))
    assert answer.code == UNSHOWN and "row-several" in answer.unshown


@pytest.mark.parametrize(("row", "code"), [(("SN-2026-99", *ROW[1:]), "row-unknown"), (("", ROW[1], "", ROW[3]), "row-no_key")])
def test_a_row_without_a_case_cannot_be_shown(tmp_path: Path, row: tuple[str, ...], code: str) -> None:
    answer = check(tmp_path, write_csv(tmp_path, ROW, row))
    assert answer.code == UNSHOWN and code in answer.unshown and answer.stops == []
    assert answer.reason(code)["places"] == ["ut.csv, line 3"]


def test_without_a_case_file_nothing_is_released(tmp_path: Path) -> None:
    answer = check(tmp_path, write_csv(tmp_path), cases=None)
    assert answer.code == UNSHOWN and {"T1", "T4", "R1", "F3"} <= set(answer.unshown)


@pytest.mark.parametrize(
    ("case", "code"),
    [
        ({"birth_date": "2005-05-05"}, "T1"),
        ({"concern": "school_absence"}, "T2"),
        ({"home_municipality": "0160"}, "T4"),
        ({"home_municipality": "0120"}, "R1"),
        ({"protection": "assumed_identity"}, "F3"),
    ],
)
def test_a_row_that_the_audit_would_find_outside_stops(tmp_path: Path, case: dict[str, str], code: str) -> None:
    answer = check(tmp_path, write_csv(tmp_path), cases=({**CASES[0], **case}, CASES[1]))
    assert answer.code == STOPPED and code in answer.stops
    assert answer.reason(code)["places"] == ["ut.csv, line 2"] and answer.reason(code)["law"]


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"purpose": "feedback"}, "R4"),
        ({"sender": "0182", "sender_unit": None}, "R3"),
        ({"at": "2020-01-01"}, "P6"),
        ({"grounds": "OSL 10:21"}, "B4"),
    ],
)
def test_a_release_that_the_agreement_does_not_know_stops(tmp_path: Path, options: dict[str, str], code: str) -> None:
    answer = check(tmp_path, write_csv(tmp_path), **options)
    assert answer.code == STOPPED and code in answer.stops


@pytest.mark.parametrize(
    ("option", "code"), [("sender", "R3"), ("sender_unit", "R8"), ("grounds", "B1")], ids=["sender", "unit", "grounds"]
)
def test_what_the_command_was_not_told_is_missing(tmp_path: Path, option: str, code: str) -> None:
    answer = check(tmp_path, write_csv(tmp_path), **{option: None})
    assert answer.code == UNSHOWN and code in answer.unshown and answer.stops == []


def test_sensitive_fields_without_a_motivation(tmp_path: Path) -> None:
    headings = (*HEADINGS[:3], "Koppling till gäng")
    assert check(tmp_path, write_csv(tmp_path, headings=headings), motivation=None).code == UNSHOWN
    assert "F4" in check(tmp_path, write_csv(tmp_path, headings=headings), motivation="").stops
    assert check(tmp_path, write_csv(tmp_path, headings=headings)).code == RELEASED


def test_a_number_of_somebody_outside_the_case_stops(tmp_path: Path) -> None:
    answer = check(tmp_path, write_csv(tmp_path, (ROW[0], ROW[1], OTHER_CHILD, ROW[3])))
    assert "not-the-party" in answer.stops
    assert answer.reason("not-the-party")["places"] == ["ut.csv, column Personnummer, line 2"]


# Personal data in free text


@pytest.mark.parametrize("number", [CHILD, "120505-9814", "20120505 9814", "2012-05-05-9814", GUARDIAN])
def test_the_numbers_of_the_rows_own_case_may_stand_in_its_text(tmp_path: Path, number: str) -> None:
    assert check(tmp_path, write_csv(tmp_path, with_text(f"Se {number} i akten."))).code == RELEASED


@pytest.mark.parametrize("number", [OTHER_CHILD, "100505\u20119816", "2010-05-05-9816", "100505-\n9816", "201505659815"])
def test_any_other_number_in_a_text_stops_and_is_masked(tmp_path: Path, number: str) -> None:
    answer = check(tmp_path, write_csv(tmp_path, with_text(f"Umgås med {number}.")))
    assert answer.code == STOPPED
    (place,) = next(r for r in answer.record["files"][0]["reasons"] if r["weight"] == "stop")["places"]
    assert place.startswith("ut.csv, column Individuell riskbedömning, line 2 (") and "****" in place
    for said in (answer.page, answer.ran.said, json.dumps(answer.record)):
        assert "9816" not in said and "9815" not in said


def test_a_mistyped_number_cannot_be_judged(tmp_path: Path) -> None:
    answer = check(tmp_path, write_csv(tmp_path, with_text("Umgås med 100505-9817.")))
    assert (answer.code, answer.unshown) == (UNSHOWN, ["text-person_number"])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Ring 070-174 06 99.", "text-phone"),
        ("Skriv till prov@example.se.", "text-email"),
        ("Bilen BKD 12C stod där.", "text-plate"),
        ("Inloggad från 192.0.2.17.", "text-ip_address"),
        ("Sågs med Test Testdotter igår.", "text-name"),
        ("Testdotters, Test mobil hittades.", "text-name"),
    ],
)
def test_what_may_not_be_handed_over_stops_in_a_text(tmp_path: Path, text: str, code: str) -> None:
    answer = check(tmp_path, write_csv(tmp_path, with_text(text)))
    assert answer.code == STOPPED and code in answer.stops


@pytest.mark.parametrize("text", ["Prov Provssons mamma", "Bor på Provgatan 1.", "Provsson är lugn."])
def test_what_the_case_file_says_of_the_rows_own_child_may_stand(tmp_path: Path, text: str) -> None:
    assert check(tmp_path, write_csv(tmp_path, with_text(text))).code == RELEASED


@pytest.mark.parametrize(
    ("text", "code"),
    [("Bor på Ekvägen 12.", UNSHOWN), ("Bor på Testvägen 2.", STOPPED), ("Träffar ofta Erik Lindqvist.", UNSHOWN)],
)
def test_whose_it_is_decides_where_the_field_may_be_handed_over(tmp_path: Path, text: str, code: int) -> None:
    assert check(tmp_path, write_csv(tmp_path, with_text(text))).code == code


@pytest.mark.parametrize(
    "text", ["Dnr SN 2026/1234.", "Den 5 oktober 2026 kl 14.30.", "OSL 10 kap. 28 §.", "Kostade 12 500 kronor.", "556036-0793"]
)
def test_ordinary_numbers_in_a_text_are_left_alone(tmp_path: Path, text: str) -> None:
    assert check(tmp_path, write_csv(tmp_path, with_text(text))).code == RELEASED


def test_a_number_in_the_files_name_stops_and_is_never_printed(tmp_path: Path) -> None:
    answer = check(tmp_path, write_csv(tmp_path, name=f"barn_{OTHER_CHILD}.csv"))
    assert answer.code == STOPPED and "text-person_number" in answer.stops
    assert OTHER_CHILD not in answer.page + answer.ran.said + json.dumps(answer.record)


# Hostile and unusable input


def test_nothing_of_a_cell_reaches_a_report_or_the_terminal(tmp_path: Path) -> None:
    hostile = "<script>alert(1)</script> \x1b[31m =cmd|' /C calc'!A0 MARKERAD070-174 06 99"
    answer = check(tmp_path, write_csv(tmp_path, with_text(hostile), headings=(*HEADINGS[:3], "Risk<script>")))
    assert answer.code == STOPPED
    for said in (answer.page, answer.ran.said, json.dumps(answer.record)):
        assert "<script>" not in said.replace("Risk<script>", "") and "MARKERAD" not in said and "\x1b" not in said
    assert "Risk<script>" not in answer.page and "Risk&lt;script&gt;" in answer.page
    assert "default-src 'none'" in answer.page and "<script" not in answer.page


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("tom.csv", b""),
        ("saknas.csv", None),
        ("trasig.xlsx", b"PK\x03\x04nothing"),
        ("trasig.pdf", b"%PDF-1.7 nothing"),
        ("trasig.json", b"{"),
        ("gammal.xlsx", b"\xd0\xcf\x11\xe0" + b"0" * 600),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(tmp_path: Path, name: str, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    answer = check(tmp_path, tmp_path / name)
    assert answer.code == REJECTED and name in answer.ran.stderr and not (tmp_path / "out").exists()


def test_an_unknown_form_cannot_be_shown(tmp_path: Path) -> None:
    (tmp_path / "ut.sav").write_bytes(b"$FL2")
    answer = check(tmp_path, tmp_path / "ut.sav")
    assert answer.code == UNSHOWN and "form-unknown" in answer.unshown


def test_of_several_files_the_worst_decides(tmp_path: Path) -> None:
    write_csv(tmp_path, name="a-1.csv")
    write_csv(tmp_path, with_text("Ring 070-174 06 99."), name="a-2.csv")
    answer = check(tmp_path, str(tmp_path / "a-*.csv"))
    assert answer.code == STOPPED
    assert [file["decision"] for file in answer.record["files"]] == ["release", "stop"]


@pytest.mark.parametrize("options", [{"to": "Atlantis"}, {"purpose": "nonsense"}])
def test_an_unknown_recipient_or_purpose_is_refused(tmp_path: Path, options: dict[str, str]) -> None:
    assert check(tmp_path, write_csv(tmp_path), **options).code == REJECTED
