"""Before statistics leave: ``auditor check-export --statistics`` through the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.conftest import run_program
from tests.exports import csv_text
from tests.statistics_files import REJECTED, RELEASED, SOUND, STOPPED, UNSHOWN, check_statistics, places, write


def test_a_sound_table_may_leave(tmp_path: Path) -> None:
    answer = check_statistics(tmp_path, SOUND)
    assert answer.code == RELEASED and answer.stops == [] and answer.unshown == []
    assert answer.reasons("note") == ["earlier-not-judged"]
    assert "disclosure control" in answer.page and answer.record["request"]["statistics"]["threshold"] == 5


# Small counts, shares and groups


@pytest.mark.parametrize("written", ["1", "4", "4,0", "4 "])
def test_a_small_count_stops_and_is_not_shown(tmp_path: Path, written: str) -> None:
    answer = check_statistics(tmp_path, f"Kommun;Orosanmälningar\nNacka;{written}\nSolna;12 345\nTäby;0\n")
    assert answer.code == STOPPED and places(answer, "small-cell") == ["column 2, line 2"]
    assert "12 345" not in answer.page + answer.ran.said + json.dumps(answer.record)


def test_the_threshold_is_a_setting(tmp_path: Path) -> None:
    table = "Kommun;Antal\nNacka;4\nSolna;7\nTäby;12\n"
    assert places(check_statistics(tmp_path, table, options=("--threshold", "10")), "small-cell") == [
        "column 2, line 2",
        "column 2, line 3",
    ]
    assert check_statistics(tmp_path, table, options=("--threshold", "3")).code == RELEASED


def test_ages_years_and_codes_are_categories(tmp_path: Path) -> None:
    table = "Kommunkod;År;Ålder;Antal\n0182;2025;3;20\n0182;2026;4;21\n0184;2025;3;22\n0184;2026;4;23\n"
    assert check_statistics(tmp_path, table).code == RELEASED
    table = "Kommun;Steg;Antal\nNacka;1;20\nNacka;2;21\n"
    assert places(check_statistics(tmp_path, table), "small-cell") == ["column 2, line 2", "column 2, line 3"]
    assert check_statistics(tmp_path, table, options=("--dimension", "Steg")).code == RELEASED


def test_a_group_that_is_in_one_cell_stops(tmp_path: Path) -> None:
    answer = check_statistics(tmp_path, "Kommun;Inledd;Ej inledd\nNacka;17;0\nSolna;12;31\n")
    assert answer.code == STOPPED and places(answer, "group-alike") == ["column 2, line 2", "column 3, line 3"]


def test_a_group_of_zeros_alone_cannot_be_judged(tmp_path: Path) -> None:
    answer = check_statistics(tmp_path, "Kommun;Inledd;Ej inledd\nNacka;0;0\nSolna;12;31\nTäby;9;8\n")
    assert answer.code == UNSHOWN and places(answer, "group-empty") == ["column 2, line 2"]


def test_a_share_gives_a_small_count_back(tmp_path: Path) -> None:
    answer = check_statistics(tmp_path, "Kommun;Antal;Andel flickor\nNacka;20;15,0 %\nSolna;40;50,0 %\n")
    assert answer.code == STOPPED and places(answer, "share-small") == ["column 3, line 2"]


def test_shares_of_an_unknown_number_cannot_be_judged(tmp_path: Path) -> None:
    assert check_statistics(tmp_path, "Kommun;Andel flickor\nNacka;15,0\nSolna;50,0\n").unshown == ["share-alone"]


@pytest.mark.parametrize(
    "table",
    [
        "Kommun;Antal;Andel\nNacka;200;2,0\nTäby;300;40,0\n",  # the zero says that it is not 1,5 to 2,5
        "Kommun;Antal;Andel\nNacka;200;2\nTäby;300;40,5\n",  # the column has one decimal, and a program left the zero out
        "Kommun;Antal;Andel\nNacka;200;0,015\nTäby;300;0,4\n",
    ],
)
def test_shares_are_judged_as_precisely_as_they_are_written(tmp_path: Path, table: str) -> None:
    answer = check_statistics(tmp_path, table)
    assert answer.code == STOPPED and places(answer, "share-small") == ["column 3, line 2"]


def test_shares_without_decimals_of_a_large_number_may_leave(tmp_path: Path) -> None:
    assert check_statistics(tmp_path, "Kommun;Antal;Andel\nNacka;200;2\nTäby;300;40\n").code == RELEASED


@pytest.mark.parametrize("shares", [("12,345", "40,001"), ("1500", "4000"), ("120", "140")])
def test_shares_that_fit_no_count_cannot_be_judged(tmp_path: Path, shares: tuple[str, str]) -> None:
    answer = check_statistics(tmp_path, f"Kommun;Antal;Andel\nNacka;200;{shares[0]}\nTäby;300;{shares[1]}\n")
    assert answer.unshown == ["share-unfit"] and len(places(answer, "share-unfit")) == 2


def test_a_share_formatted_as_per_cent_in_a_workbook_is_judged(tmp_path: Path) -> None:
    book = Workbook()
    for row in (["Kommun", "Antal", "Andel %"], ["Nacka", 200, 0.015], ["Täby", 300, 0.4]):
        book.active.append(row)
    for line in (2, 3):
        book.active.cell(line, 3).number_format = "0.0%"
    book.save(tmp_path / "ut.xlsx")
    answer = check_statistics(tmp_path, tmp_path / "ut.xlsx")
    assert len(places(answer, "share-small")) == 1 and places(answer, "share-small")[0].endswith("C2")


def test_a_share_of_everyone_stops_but_for_the_total_of_all_rows(tmp_path: Path) -> None:
    answer = check_statistics(tmp_path, "Kommun;Antal;Andel\nNacka;200;100 %\nTäby;300;40 %\nTotalt;500;100 %\n")
    assert answer.code == STOPPED and places(answer, "group-alike") == ["column 3, line 2"]


def test_a_heading_that_only_begins_with_the_word_for_share_is_one_of_counts(tmp_path: Path) -> None:
    answer = check_statistics(tmp_path, "Kommun;Barn;Andelsboende\nNacka;200;3\nTäby;300;40\n")
    assert answer.code == STOPPED and places(answer, "small-cell") == ["column 3, line 2"]


# How tables are read


@pytest.mark.parametrize(
    ("table", "place"),
    [
        (";Antal\nNacka;3\nTäby;20\n", "column 2, line 2"),
        ("Antal;Kommun;Platser\n3;Nacka;20\n40;Täby;30\n", "column 1, line 2"),
        ("Kommun;Antal\nNacka;20\nTäby;30\n;3\n", "column 2, line 4"),
        ("Kommun;Dag;Natt\nNacka;3;20\nTäby;20;30\n", "column 2, line 2"),
    ],
)
def test_no_number_is_taken_for_a_heading_a_category_or_a_note(tmp_path: Path, table: str, place: str) -> None:
    answer = check_statistics(tmp_path, table)
    assert answer.code == STOPPED and places(answer, "small-cell") == [place]


@pytest.mark.parametrize("first", ["Nacka;3", "Nacka;..", "Nacka;<5", "Nacka;1–4", "Nacka;2019"])
def test_a_file_without_headings_cannot_be_judged(tmp_path: Path, first: str) -> None:
    answer = check_statistics(tmp_path, f"{first}\nTäby;20\nSolna;30\n")
    assert answer.code == UNSHOWN and answer.unshown == ["headings-unsure"]


@pytest.mark.parametrize("headings", ["Kommun;2025;2026", ";2025;2026", "Kommun;0–5;6–12", "Kommun;under 18;över 18"])
def test_years_and_ages_are_headings(tmp_path: Path, headings: str) -> None:
    assert check_statistics(tmp_path, f"{headings}\nNacka;20;30\nTäby;40;50\n").code == RELEASED


def test_a_first_column_of_numbers_that_may_be_counts_cannot_be_judged(tmp_path: Path) -> None:
    for table in ("Flickor;Pojkar\n3;20\n", "Steg;Antal\n1;20\n2;21\n"):
        answer = check_statistics(tmp_path, table)
        assert answer.unshown == ["column-unsure"] and places(answer, "column-unsure") == ["column 1, line 1"]
    assert check_statistics(tmp_path, "Steg;Antal\n1;20\n2;21\n", options=("--dimension", "Steg")).code == RELEASED


@pytest.mark.parametrize("cells", [("3 st", "2 st"), ("tre", "två"), ("ca 10", "3*"), ("3 (15 %)", "okänt"), ("20", "okänt")])
def test_numbers_that_cannot_be_read_are_no_categories(tmp_path: Path, cells: tuple[str, str]) -> None:
    answer = check_statistics(tmp_path, f"Kommun;Antal;Flickor\nNacka;20;{cells[0]}\nTäby;30;{cells[1]}\n")
    assert answer.code == UNSHOWN and "cell-not-number" in answer.unshown


def test_remarks_beside_the_numbers_are_no_categories(tmp_path: Path) -> None:
    table = "Kommun;Antal;Not\nNacka;..;\nTäby;30;\nTotalt;32;se bilagan\n"
    assert places(check_statistics(tmp_path, table), "suppressed-given-back") == ["column 2, line 2"]
    answer = check_statistics(tmp_path, "Kommun;Antal;Not\nNacka;20;varav tre flickor\nTäby;30;\n")
    assert answer.code == UNSHOWN and places(answer, "cell-not-number") == ["column 3, line 2"]


@pytest.mark.parametrize("mark", ["..", "<5", ""])
def test_a_table_without_a_single_number_cannot_be_judged(tmp_path: Path, mark: str) -> None:
    assert check_statistics(tmp_path, f"Kommun;Antal\nNacka;{mark}\nTäby;{mark}\n").unshown == ["nothing-shown"]


# What totals give back


def test_one_suppressed_cell_is_worked_out_from_its_total(tmp_path: Path) -> None:
    for mark in ("..", "*", "-", "", "<5", "1–4", "x", "färre än 5"):
        table = SOUND.replace("Nacka;17;25;42", f"Nacka;{mark};39;42").replace("Totalt;29;56;85", "Totalt;15;70;85")
        answer = check_statistics(tmp_path, table)
        assert answer.code == STOPPED and places(answer, "suppressed-given-back") == ["column 2, line 2"], mark


def test_suppressed_cells_that_cover_each_other_may_leave(tmp_path: Path) -> None:
    table = "Kommun;Flickor;Pojkar;Totalt\nNacka;..;..;42\nSolna;..;..;43\nTäby;20;22;42\nTotalt;50;77;127\n"
    assert check_statistics(tmp_path, table).code == RELEASED


def test_an_interval_that_is_narrower_than_all_small_counts_stops(tmp_path: Path) -> None:
    table = "Kommun;Flickor;Pojkar;Totalt\nNacka;..;..;3\nSolna;..;..;43\nTotalt;20;26;46\n"
    answer = check_statistics(tmp_path, table)
    assert {"column 2, line 2", "column 3, line 2"} <= set(places(answer, "suppressed-given-back"))


def test_a_part_that_is_not_shown_can_be_small(tmp_path: Path) -> None:
    answer = check_statistics(tmp_path, "Kommun;Varav flickor;Totalt\nNacka;17;20\nSolna;12;31\n")
    assert answer.code == STOPPED and places(answer, "rest-small") == ["column 3, line 2"]


def test_totals_that_do_not_agree_leave_suppressed_cells_open(tmp_path: Path) -> None:
    table = "Kommun;Våld;Missbruk;Totalt\nNacka;30;25;42\nSolna;..;..;43\nTäby;20;9;33\n"
    assert "totals-overlap" in check_statistics(tmp_path, table).unshown
    assert check_statistics(tmp_path, table.replace("..", "30")).code == RELEASED


def test_a_long_table_is_understood_as_a_wide_one(tmp_path: Path) -> None:
    rows = "Nacka;Flickor;..\nNacka;Pojkar;40\nNacka;Totalt;42\nSolna;Flickor;12\nSolna;Pojkar;30\nSolna;Totalt;42\n"
    answer = check_statistics(tmp_path, f"Kommun;Kön;Antal\n{rows}")
    assert answer.code == STOPPED and places(answer, "suppressed-given-back") == ["column 3, line 2"]


def test_a_grand_total_alone_gives_a_suppressed_cell_back(tmp_path: Path) -> None:
    rows = "Nacka;Flickor;10\nNacka;Pojkar;..\nSolna;Flickor;20\nSolna;Pojkar;30\nTotalt;;62\n"
    answer = check_statistics(tmp_path, f"Kommun;Kön;Antal\n{rows}")
    assert answer.code == STOPPED and places(answer, "suppressed-given-back") == ["column 3, line 3"]
    answer = check_statistics(tmp_path, f"Kommun;Kön;Antal\n{rows.replace('Pojkar;..', 'Pojkar;7', 1).replace('62', '70')}")
    assert answer.code == STOPPED and places(answer, "rest-small") == ["column 3, line 6"]
    assert check_statistics(tmp_path, f"Kommun;Kön;Antal\n{rows.replace('62', '90')}").code == RELEASED


# Columns that may hold each other


@pytest.mark.parametrize(
    ("table", "cells"),
    [
        ("Kommun;Antal barn;Antal flickor\nNacka;20;17\nTäby;40;18\n", ["column 2, line 2", "column 3, line 2"]),
        ("Kommun;Antal ärenden;varav med gängkoppling\nNacka;40;20\nTäby;31;30\n", ["column 2, line 3", "column 3, line 3"]),
        ("Kommun;Antal;Antal flickor\nNacka;20;17\nTäby;40;18\n", ["column 2, line 2", "column 3, line 2"]),
        ("Kommun;Flickor;Anmälda barn\nNacka;9;9\nTäby;18;22\n", ["column 2, line 3", "column 3, line 3"]),
        ("Kommun;Barn;Anmälda;Inledda\nNacka;90;50;48\nTäby;70;40;20\n", ["column 3, line 2", "column 4, line 2"]),
        ("Kommun;Våld;Missbruk;Totalt\nNacka;30;25;42\nTäby;20;9;23\n", ["column 2, line 3", "column 4, line 3"]),
        ("Kommun;Barn;Flickor;Pojkar\nNacka;20;10;8\nTäby;40;15;10\n", ["column 2, line 2", "column 3, line 2"]),
        ("Kommun;Barn;Inskrivna\nNacka;7;1–4\nTäby;40;20\n", ["column 2, line 2", "column 3, line 2"]),
        ("Kommun;Antal 0–12 år;Antal 0–17 år\nNacka;20;24\nTäby;30;60\n", ["column 2, line 2", "column 3, line 2"]),
    ],
)
def test_a_column_that_may_hold_another_cannot_be_judged(tmp_path: Path, table: str, cells: list[str]) -> None:
    answer = check_statistics(tmp_path, table)
    assert answer.code == UNSHOWN and answer.unshown == ["part-unsure"]
    assert places(answer, "part-unsure")[:2] == cells
    assert "leave one out or put rows together" in answer.reason("part-unsure")["remedy"]


@pytest.mark.parametrize(
    "table",
    [
        "Kommun;Antal barn;Antal flickor\nNacka;20;10\nTäby;40;18\n",  # nobody is singled out
        "Kommun;Antal barn;Antal ärenden\nNacka;20;20\nTäby;40;40\n",  # the same in all rows
        "Kommun;Ärenden;Platser\nNacka;20;18\nTäby;18;21\n",  # neither can hold the other
        "Kommun;Våld;Missbruk;Totalt\nNacka;20;17;37\nTäby;40;18;58\n",  # parts of a total that holds nothing else
        "Kommun;Våld;Missbruk;Båda slagen\nNacka;20;17;37\nTäby;40;18;58\n",  # the same without the word
        "Kommun;Våld;Hot;Oro;Totalt\nNacka;20;17;30;67\nTäby;40;18;50;108\n",
        "Kommun;Flickor;Pojkar\nNacka;20;17\nTäby;40;18\n",
        "Kommun;2025;2026\nNacka;17;20\nTäby;18;40\n",
        "Kommun;Flickor 2025;Flickor 2026\nNacka;17;20\nTäby;18;40\n",
        "Kommun;0–12 år;13–17 år;18+\nNacka;17;20;50\nTäby;18;40;60\n",
        "Kommun;Inledd;Ej inledd\nNacka;20;17\nTäby;40;18\n",
        "Insats;Nacka;Täby\nStöd;17;20\nKontakt;18;40\n",
    ],
)
def test_columns_that_are_no_parts_of_each_other_may_leave(tmp_path: Path, table: str) -> None:
    answer = check_statistics(tmp_path, table)
    assert answer.code == RELEASED, answer.ran.said


def test_the_threshold_says_how_small_the_difference_of_two_columns_may_be(tmp_path: Path) -> None:
    table = "Kommun;Antal barn;Antal flickor\nNacka;20;17\nTäby;40;18\n"
    assert check_statistics(tmp_path, table, options=("--threshold", "3")).code == RELEASED


# Sums


SUMS = "Kommun;Kronor\nNacka;1000\nSolna;990\n"
BEHIND = ("Kommun", "Kronor")
EVEN = [("Nacka", 100)] * 10 + [("Solna", 99)] * 10


def test_sums_without_their_contributions_cannot_be_judged(tmp_path: Path) -> None:
    assert check_statistics(tmp_path, SUMS, options=("--magnitude", "Kronor")).unshown == ["sums-unknown"]
    assert check_statistics(tmp_path, "Kommun;Snittålder\nNacka;13,5\nSolna;14,1\n").unshown == ["sums-unknown"]


def test_sums_of_few_and_great_contributions_stop(tmp_path: Path) -> None:
    def judged(rows: list[tuple[str, int]]) -> set[str]:
        behind = write(tmp_path, csv_text(BEHIND, rows), "underlag.csv")
        answer = check_statistics(tmp_path, SUMS, options=("--magnitude", "Kronor", "--contributions", behind))
        return {*answer.stops, *answer.unshown}

    assert judged(EVEN) == set()
    assert judged([("Nacka", 500), ("Nacka", 500), *EVEN[10:]]) == {"sums-few", "dominance-nk", "dominance-p"}
    assert judged([("Nacka", 910), *[("Nacka", 10)] * 9, *EVEN[10:]]) == {"dominance-nk", "dominance-p"}
    assert judged([("Nacka", 460), ("Nacka", 460), *[("Nacka", 10)] * 8, *EVEN[10:]]) == {"dominance-nk"}
    assert judged([("Nacka", 1100), ("Nacka", -100), *EVEN[10:]]) == {"sums-negative"}
    assert judged([*EVEN[1:]]) == {"sums-of-others"}


@pytest.mark.parametrize(("amount", "written"), [("0,01", "0,9"), ("0,01", "0,00"), ("166", "1000")])
def test_sums_of_other_contributions_cannot_be_judged_however_near(tmp_path: Path, amount: str, written: str) -> None:
    behind = write(tmp_path, csv_text(BEHIND, [("Nacka", amount)] * 6), "underlag.csv")
    table = f"Kommun;Kronor\nNacka;{written}\n"
    answer = check_statistics(tmp_path, table, options=("--magnitude", "Kronor", "--contributions", behind))
    assert answer.code == UNSHOWN and places(answer, "sums-of-others") == ["column 2, line 2"]


def test_sums_are_as_rounded_as_they_are_written(tmp_path: Path) -> None:
    behind = write(tmp_path, csv_text(BEHIND, [("Solna", "5,07")] * 6), "underlag.csv")  # 30,42
    for written, code in (("30,42", RELEASED), ("30,4", RELEASED), ("30", RELEASED), ("30,5", UNSHOWN), ("30,43", UNSHOWN)):
        table = f"Kommun;Kronor\nSolna;{written}\n"
        assert check_statistics(tmp_path, table, options=("--magnitude", "Kronor", "--contributions", behind)).code == code


# What cannot be understood, and what is refused


@pytest.mark.parametrize(
    ("table", "code"),
    [
        ("Kommun;Namn på enhet\nNacka;Norr\nSolna;Söder\n", "no-statistics"),
        ("Kommun;Antal\nNacka;20\nSolna;21\nSolna;många\nTäby;30\n", "cell-not-number"),
        ("Kommun;Antal\nNacka;20\nNacka;21\n", "rows-repeated"),
        ("Kommun;Flickor;Pojkar\nNorr;;\nNacka;20;21\nSolna;22;23\n".replace("Norr", "Alfa;9;9\nNorr"), "row-bare"),
    ],
)
def test_what_is_not_understood_cannot_be_judged(tmp_path: Path, table: str, code: str) -> None:
    answer = check_statistics(tmp_path, table)
    assert answer.code == UNSHOWN and code in answer.unshown


def test_sheets_titles_and_sources_are_understood_and_hidden_ones_stop(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    for row in (["Tabell 1. Ärenden per kommun"], [], ["Kommun", "Antal"], ["Nacka", 20], ["Solna", 3], [], ["Källa: egen"]):
        sheet.append(row)
    book.create_sheet("Underlag").sheet_state = "hidden"
    book["Underlag"].append(["Kommun", "Antal"])
    book["Underlag"].append(["Nacka", 20])
    book.save(tmp_path / "ut.xlsx")
    answer = check_statistics(tmp_path, tmp_path / "ut.xlsx")
    assert places(answer, "small-cell")[0].endswith("B5") and "hidden-sheet" in answer.stops


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--quasi", "Saknas"), REJECTED),
        (("--dimension", "Saknas"), REJECTED),
        (("--sensitive", "Kommun"), 2),
        (("--period", "oktober"), 2),
        (("--period", "2026-10/2026-01"), 2),
        (("--sender", "0180"), 2),
        (("--period", ""), 2),
        (("--register", "finns-inte.db"), REJECTED),
        (("--counting", "barn som 201205059817"), 2),
        (("--counting", "barn " * 30), 2),
        (("--magnitude", "20120505-9817"), 2),
    ],
)
def test_what_does_not_fit_is_refused(tmp_path: Path, options: tuple[str, ...], code: int) -> None:
    assert check_statistics(tmp_path, SOUND, options=options).code == code
    assert not (tmp_path / "out").exists()


def test_a_setting_of_nought_is_kept(tmp_path: Path) -> None:
    answer = check_statistics(tmp_path, SOUND, options=("--p-percent", "0"))
    assert answer.record["request"]["statistics"]["p_percent"] == 0
    path = write(tmp_path, SOUND)
    assert run_program("check-export", path, "--to", "0182", "--purpose", "handover", "--p-percent", "0").code == 2


def test_options_of_statistics_need_the_word(tmp_path: Path) -> None:
    path = write(tmp_path, SOUND)
    assert run_program("check-export", path, "--to", "0182", "--purpose", "handover", "--quasi", "Kommun").code == 2
    assert run_program("check-export", path).code == 2
