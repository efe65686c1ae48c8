"""What may leave and what may not: columns, cases, the audit's checks and personal data in text, through the command line."""

from __future__ import annotations

import json
import re
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
    Answer,
    agreement_and_cases,
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


def test_a_column_that_is_not_needed_stops(tmp_path: Path) -> None:
    answer = check(tmp_path, write_csv(tmp_path, (*ROW, "40", "inleds"), headings=(*HEADINGS, "Skostorlek", "Beslut")))
    assert answer.code == STOPPED and sorted(set(answer.stops)) == ["F1", "column-outside-flow", "column-unknown"]
    assert "Skostorlek" in answer.reason("column-unknown")["text"] and answer.reason("column-unknown")["remedy"]
    assert "Beslut" in answer.reason("column-outside-flow")["text"]


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


def test_a_row_without_a_case_cannot_be_shown(tmp_path: Path) -> None:
    answer = check(tmp_path, write_csv(tmp_path, ROW, ("SN-2026-99", *ROW[1:]), ("", ROW[1], "", ROW[3])))
    assert answer.code == UNSHOWN and answer.stops == []
    assert answer.reason("row-unknown")["places"] == ["ut.csv, line 3"]
    assert answer.reason("row-no_key")["places"] == ["ut.csv, line 4"]


def test_without_a_case_file_nothing_is_released(tmp_path: Path) -> None:
    answer = check(tmp_path, write_csv(tmp_path), cases=None)
    assert answer.code == UNSHOWN and {"T1", "T4", "R1", "F3"} <= set(answer.unshown)


OUTSIDE = (
    ({"birth_date": "2005-05-05"}, "T1"),
    ({"concern": "school_absence"}, "T2"),
    ({"home_municipality": "0160"}, "T4"),
    ({"home_municipality": "0120"}, "R1"),
    ({"protection": "assumed_identity"}, "F3"),
)


def test_a_row_that_the_audit_would_find_outside_stops(tmp_path: Path) -> None:
    cases = [{**case, "person_id": None} for case, _code in OUTSIDE]
    rows = [(f"SN-2026-{number}", "Prov Provsson", "", "Risken är låg.") for number in range(1, len(cases) + 1)]
    answer = check(tmp_path, write_csv(tmp_path, *rows), cases=cases)
    assert answer.code == STOPPED
    for line, (_case, code) in enumerate(OUTSIDE, start=2):
        reason = next(r for r in answer.record["files"][0]["reasons"] if r["code"] == code and r["weight"] == "stop")
        assert f"ut.csv, line {line}" in reason["places"] and reason["law"] and reason["remedy"]


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


MAY_STAND = (
    *(f"Se {number} i akten." for number in (CHILD, "120505-9817", "20120505 9817", "2012-05-05-9817", GUARDIAN)),
    *("Prov Provssons mamma", "Bor på Provgatan 1.", "Provsson är lugn."),
    *("Dnr SN 2026/1234.", "Den 5 oktober 2026 kl 14.30.", "OSL 10 kap. 28 §.", "Kostade 12 500 kronor.", "556036-0793"),
)
STOP = (
    *(
        (f"Umgås med {number}.", "text-person_number")
        for number in (OTHER_CHILD, "100505\u20119819", "2010-05-05-9819", "100505-\n9819")
    ),
    ("Umgås med 20150565-9811.", "text-coordination_number"),
    ("Ring 070-174 06 99.", "text-phone"),
    ("Skriv till prov@example.se.", "text-email"),
    ("Bilen BKD 12C stod där.", "text-plate"),
    ("Inloggad från 192.0.2.17.", "text-ip_address"),
    ("Sågs med Test Testdotter igår.", "text-name"),
    ("Testdotters, Test mobil hittades.", "text-name"),
    ("Bor på Testvägen 2.", "text-address"),
)
CANNOT_BE_JUDGED = (
    ("Umgås med 100505-9818.", "text-person_number"),
    ("Bor på Ekvägen 12.", "text-address"),
    ("Träffar ofta Erik Lindqvist.", "text-name"),
)


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> tuple[Answer, list[str]]:
    """All the texts above, each in a row of its own of one export; and the texts, the first of which stands in line 2."""
    folder = tmp_path_factory.mktemp("searched")
    texts = [*MAY_STAND, *(text for text, _code in (*STOP, *CANNOT_BE_JUDGED))]
    path = folder / "ut.jsonl"  # in which a row is a line, whatever its cells hold
    rows = [dict(zip(HEADINGS, with_text(text), strict=True)) for text in texts]
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return check(folder, path), texts


def said_of(answer: Answer, line: int, weight: str) -> set[str]:
    """The codes of the reasons of a weight that name a line."""
    pattern = re.compile(rf"line {line}(?!\d)")
    reasons = [reason for reason in answer.record["files"][0]["reasons"] if reason["weight"] == weight]
    return {reason["code"] for reason in reasons if any(pattern.search(place) for place in reason["places"])}


def test_what_the_rows_own_case_holds_may_stand_in_its_text(searched: tuple[Answer, list[str]]) -> None:
    answer, texts = searched
    found = {text: said_of(answer, texts.index(text) + 1, weight) for text in MAY_STAND for weight in ("stop", "unshown")}
    assert {text: codes for text, codes in found.items() if codes} == {}


def test_what_is_of_somebody_else_or_not_needed_stops(searched: tuple[Answer, list[str]]) -> None:
    answer, texts = searched
    assert answer.code == STOPPED
    assert {text: said_of(answer, texts.index(text) + 1, "stop") for text, _code in STOP} == {
        text: {code} for text, code in STOP
    }


def test_what_may_be_mistyped_or_anybodys_cannot_be_judged(searched: tuple[Answer, list[str]]) -> None:
    answer, texts = searched
    for text, code in CANNOT_BE_JUDGED:
        line = texts.index(text) + 1
        assert (said_of(answer, line, "stop"), said_of(answer, line, "unshown")) == (set(), {code}), text


def test_numbers_are_masked_everywhere(searched: tuple[Answer, list[str]]) -> None:
    answer, _texts = searched
    assert "20******-****" in answer.page and "20******-****" in answer.ran.said
    # hashes and colours hold any digits
    page = re.sub(r"(?s)sha256-[\w+/=]+|[0-9a-f]{64}|<style>.*?</style>", "", answer.page)
    record = re.sub("[0-9a-f]{64}", "", json.dumps(answer.record))
    for said in (page, answer.ran.said, record):
        assert not re.search("981[0-9]", said) and "Lindqvist" not in said and "Testdotter" not in said


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


# The decision


def test_an_approval_is_bound_to_the_file_as_it_was_checked(tmp_path: Path) -> None:
    path = write_csv(tmp_path)
    assert check(tmp_path, path).code == RELEASED
    approve = ("release", "approve", path, "--by", "Prov Beslutsfattare", "--run", tmp_path / "out", "--lang", "en")
    assert run_program(*approve).code == 0
    (decision,) = (tmp_path / "out").glob("approval-*.json")
    assert json.loads(decision.read_text(encoding="utf-8"))["by"] == "Prov Beslutsfattare"
    assert run_program("verify", tmp_path / "out").code == 0
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    ran = run_program(*approve)
    assert ran.code == REJECTED and "changed after the check" in ran.stderr


def test_what_was_not_released_cannot_be_approved(tmp_path: Path) -> None:
    path = write_csv(tmp_path, with_text("Ring 070-174 06 99."))
    assert check(tmp_path, path).code == STOPPED
    ran = run_program("release", "approve", path, "--by", "Prov", "--run", tmp_path / "out", "--lang", "en")
    assert ran.code == REJECTED and not list((tmp_path / "out").glob("approval-*"))


def test_a_first_row_of_data_is_searched_and_not_shown(tmp_path: Path) -> None:
    answer = check(tmp_path, write_csv(tmp_path, ROW, headings=("Kim", "Testsson", OTHER_CHILD, "Umgås med andra")))
    assert answer.code == STOPPED and {"text-person_number", "column-unknown"} <= set(answer.stops)
    said = answer.page + answer.ran.said + json.dumps(answer.record, ensure_ascii=False)
    assert not any(word in said for word in ("Kim", "Testsson", OTHER_CHILD, "Umgås"))


def test_what_is_advised_before_a_release_is_about_the_release(tmp_path: Path) -> None:
    wrong = check(tmp_path, write_csv(tmp_path), to="0120").reason("R1")
    assert wrong["weight"] == "stop" and wrong["remedy"].startswith("Do not send the file.")
    unconfirmed = tmp_path / "unconfirmed"
    unconfirmed.mkdir()
    agreement_and_cases(unconfirmed, CASES, ("2024-02-20}", "2024-02-20, status: unconfirmed}"))
    open_ = check(unconfirmed, write_csv(unconfirmed)).reason("R2")
    assert open_["weight"] == "unshown" and open_["remedy"].startswith(
        "Have a lawyer confirm it in a copy of the agreement file"
    )


def test_a_folder_is_not_called_a_file_that_is_not_there(tmp_path: Path) -> None:
    answer = check(tmp_path, tmp_path)
    assert answer.code == REJECTED and "It is a folder" in answer.ran.stderr and "FOLDER/*.csv" in answer.ran.stderr
