"""An extract says of rows that nobody can tell whom they concern that they are there, and how many."""

from __future__ import annotations

from typing import Any

import pytest

from tests.extracts import GUARDIAN, NOTHING, NUMBER, UNKNOWN, Export, asked, row_names, rows, words


def with_rows_of_nobody() -> dict[str, list[dict[str, Any]]]:
    """The same export, with rows of the logs that may concern anybody's child, and one of another who is surely known."""
    given = rows()
    return {
        **given,
        "cases": [*given["cases"], {"case_id": "SN-2026-9", "person_id": None}],
        "disclosures": [
            *given["disclosures"],
            {"case_id": None, "at": "2026-10-07 12:00:00"},
            {"case_id": "SN-2026-9", "at": "2026-10-07 13:00:00"},
            {"case_id": "SN-2026-77", "at": "2026-10-07 14:00:00"},
            {"disclosure_id": None, "at": "2026-10-07 15:00:00"},
        ],
        "accesses": [*given["accesses"], {"case_id": None}, {"case_id": None}, {"case_id": "SN-2026-9"}],
    }


@pytest.fixture(scope="module")
def nobodys(tmp_path_factory: pytest.TempPathFactory) -> Export:
    return Export(tmp_path_factory.mktemp("nobodys"), with_rows_of_nobody())


NO_CASE = "Rows of the logs that do not say which case they concern: 3"
NO_PERSON = "Rows of the logs of cases of which it is not recorded whose they are: 3"
UNREADABLE = "Rows of the export that could not be read: 1"


def test_rows_that_may_concern_the_child_are_told_on_the_sheet_and_in_the_letter(nobodys):
    ran, out = nobodys.extract("--case", "SN-2026-1")
    sheet, letter = words(out).split("Authority:")
    assert ran.code == 0 and row_names(letter, "D") == {"D1", "D2"} and row_names(letter, "A") == {"A1"}
    for part in (sheet, letter):
        assert NO_CASE in part and UNREADABLE in part and "Rows of the logs of cases" not in part
    assert "may concern the child" in sheet and "Whether any of them concerns the child" in letter


def test_rows_of_cases_without_a_person_are_told_when_a_person_is_asked_for(nobodys, monkeypatch):
    asked(monkeypatch, NUMBER)
    ran, out = nobodys.extract("--person")
    sheet, letter = words(out).split("Authority:")
    assert ran.code == 0 and all(said in part for said in (NO_CASE, NO_PERSON, UNREADABLE) for part in (sheet, letter))


def test_where_nothing_is_found_it_is_told_how_many_rows_may_concern_the_child(nobodys, monkeypatch):
    answers = set()
    for number in ("201002029805", GUARDIAN, UNKNOWN):
        asked(monkeypatch, number)
        answers.add(nobodys.extract("--person")[0].said)
    assert len(answers) == 1 and f"{NOTHING}\n" in next(iter(answers))
    assert "do not tell whom they concern, or could not be read: 7." in answers.pop()


def test_rows_that_may_be_one_controllers_are_told_and_nobody_elses(tmp_path):
    given = rows()
    given["disclosures"] += [
        {"sender": None, "at": "2026-10-07 12:00:00"},
        {"sender": None, "case_id": "SN-2026-2", "at": "2026-10-07 13:00:00"},
        {"case_id": None, "at": "2026-10-07 14:00:00"},
        {"disclosure_id": None, "at": "2026-10-07 15:00:00"},
    ]
    ran, out = Export(tmp_path, given, "--controller", "0182").extract("--case", "SN-2026-3")
    text = words(out)
    assert (
        ran.code == 0 and text.count("Rows of the logs that do not say which authority is the controller: 3") == 2
    )  # one access is of nobody on the staff list
    assert NO_CASE[:-3] not in text
