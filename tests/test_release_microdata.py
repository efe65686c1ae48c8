"""Before microdata leave: ``auditor check-export --statistics --quasi ...`` through the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.exports import csv_text
from tests.statistics_files import RELEASED, STOPPED, UNSHOWN, check_statistics, places, write

HEADINGS = ("Kommun", "Ålder", "Beslut")
PEOPLE = [("Nacka", "15", "inledd"), ("Nacka", "15", "ej inledd")] * 3
NAMED = ("--quasi", "Kommun", "--quasi", "Ålder", "--sensitive", "Beslut")


def microdata(folder: Path, rows: list[tuple[str, ...]], headings: tuple[str, ...] = HEADINGS) -> Path:
    return write(folder, csv_text(headings, rows), "mikrodata.csv")


def test_microdata_whose_rows_are_alike_may_leave(tmp_path: Path) -> None:
    assert check_statistics(tmp_path, microdata(tmp_path, PEOPLE), options=NAMED).code == RELEASED


def test_rows_that_can_be_singled_out_stop(tmp_path: Path) -> None:
    answer = check_statistics(tmp_path, microdata(tmp_path, [*PEOPLE, ("Solna", "16", "inledd")]), options=NAMED)
    assert answer.code == STOPPED and places(answer, "class-small") == ["line 8"]
    assert places(answer, "class-alike") == ["column 3, line 8"]
    assert "Solna" not in answer.page and "Solna" not in answer.ran.said


def test_rows_that_are_alike_in_what_is_sensitive_stop(tmp_path: Path) -> None:
    answer = check_statistics(tmp_path, microdata(tmp_path, [("Nacka", "15", "inledd")] * 6), options=NAMED)
    assert answer.code == STOPPED and answer.stops == ["class-alike"]
    assert check_statistics(tmp_path, microdata(tmp_path, PEOPLE), options=(*NAMED, "--diversity", "3")).stops == [
        "class-alike"
    ]


def test_a_value_written_in_two_ways_is_one_value(tmp_path: Path) -> None:
    for other in ("ja", " JA ", "j\u00ada"):
        rows = [("Nacka", "15", "Ja")] * 5 + [("Nacka", "15", other)]
        answer = check_statistics(tmp_path, microdata(tmp_path, rows), options=NAMED)
        assert answer.code == STOPPED and answer.stops == ["class-alike"], other


@pytest.mark.parametrize("mark", ["-", "–", "..", "Uppgift saknas", "okänt"])
def test_a_mark_for_a_missing_value_is_no_value(tmp_path: Path, mark: str) -> None:
    rows = [("Nacka", "15", "Ja")] * 5 + [("Nacka", "15", mark)] * 5
    answer = check_statistics(tmp_path, microdata(tmp_path, rows), options=NAMED)
    assert answer.code == UNSHOWN and answer.unshown == ["class-alike-missing"]


def test_microdata_without_rows_cannot_be_judged(tmp_path: Path) -> None:
    answer = check_statistics(tmp_path, microdata(tmp_path, []), options=NAMED)
    assert answer.code == UNSHOWN and answer.unshown == ["microdata-empty"]


def test_missing_cells_of_microdata_cannot_be_judged(tmp_path: Path) -> None:
    rows = [*PEOPLE, ("Solna", "", "inledd")]
    answer = check_statistics(tmp_path, microdata(tmp_path, rows), options=NAMED)
    assert answer.code == UNSHOWN and set(answer.unshown) == {"class-small-missing", "class-alike-missing"}


def test_a_column_that_nothing_was_said_of_cannot_be_judged(tmp_path: Path) -> None:
    answer = check_statistics(tmp_path, microdata(tmp_path, PEOPLE), options=NAMED[:4])
    assert answer.unshown == ["column-unnamed"] and places(answer, "column-unnamed") == ["column 3, line 1"]


def test_a_personal_number_among_statistics_stops(tmp_path: Path) -> None:
    rows = [(*row, "201205059817") for row in PEOPLE]
    path = microdata(tmp_path, rows, (*HEADINGS, "Lopnr"))
    answer = check_statistics(tmp_path, path, options=(*NAMED, "--sensitive", "Lopnr"))
    assert answer.code == STOPPED and "text-person_number" in answer.stops and "201205059817" not in answer.page
