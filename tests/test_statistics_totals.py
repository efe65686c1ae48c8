"""Statistics: totals by other names, dashes that are zeros, rests that are not shown, and headings within each other."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.release.model import Weight
from auditor.statistics.cells import cell_faults
from auditor.statistics.model import Settings
from auditor.statistics.parts import part_faults
from auditor.statistics.readings import with_other_readings
from auditor.statistics.reasons import WORDS
from auditor.statistics.suppression import suppressed_cells
from tests.statistics_files import RELEASED, STOPPED, UNSHOWN, check_statistics, places, understood


def judged(text: str) -> tuple[int, set[str]]:
    """The exit code and the faults of a table (`` / `` between rows), by the rules alone: without the program around them."""
    settings = Settings()
    table = understood(text.replace(" / ", "\n"))
    faults = [rule(table, settings) for rule in (cell_faults, suppressed_cells, part_faults)]
    found = with_other_readings(table, settings, [fault for some in faults for fault in some])
    codes = {fault.code for fault in found if WORDS[fault.code].weight is not Weight.NOTE}
    codes |= {"rows-repeated"} if table.repeated else set()
    stops = any(WORDS[code].weight is Weight.STOP for code in codes)
    return (STOPPED if stops else UNSHOWN if codes else RELEASED), codes


# Totals by other names

NAMES_OF_TOTALS = (
    *(
        "Totalt*",
        "Totalt¹",
        "Totalt1)",
        "Totalt1",
        "Totalt (1)",
        "Totalt\u200b",
        "\ufeffTotalt",
        "Tot\u00adalt",
        "Totalt\ufe0f",
    ),
    *("Totala", "S:a", "Delsumma", "Totalantal", "Slutsumma", "Tillsammans", "Σ", "Alla barn", "Alla barn*", "Alla åldrar²"),
    *("Hela kommunen", "Hela staden", "Riket", "Alla åldrar", "Alla kön", "Flickor och pojkar"),
)


@pytest.mark.parametrize("total", NAMES_OF_TOTALS)
def test_a_total_gives_a_suppressed_cell_back_whatever_it_is_called(total: str) -> None:
    assert judged(f"Grupp;Antal / Norr;.. / Söder;20 / Väster;30 / {total};53") == (STOPPED, {"suppressed-given-back"})
    assert judged(f"Kommun;Norr;Söder;{total} / Nacka;..;30;33 / Täby;15;20;60")[0] in (STOPPED, UNSHOWN)
    assert judged(f"Grupp;Antal / Norr;.. / Söder;20 / Väster;.. / {total};53") == (RELEASED, set())


def test_a_column_that_is_the_sum_of_all_others_is_a_total(tmp_path: Path) -> None:
    table = "Kommun;Familjehem;HVB;SiS;Placerade barn\nNacka;20;..;30;53\nTäby;40;15;20;75\n"
    answer = check_statistics(tmp_path, table)
    assert answer.code == STOPPED and places(answer, "suppressed-given-back") == ["column 3, line 2"]


@pytest.mark.parametrize(
    ("table", "codes"),
    [
        ("Insats;Nacka;Täby / Familjehem;20;40 / HVB;..;15 / SiS;30;20 / Placerade barn;53;75", {"suppressed-given-back"}),
        ("Kommun;Placerade barn;Familjehem;HVB;SiS / Nacka;53;20;..;30 / Täby;75;40;15;20", {"suppressed-given-back"}),
        (
            "Kommun;Kön;Antal / Nacka;F;.. / Nacka;P;30 / Nacka;A;33 / Täby;F;15 / Täby;P;20 / Täby;A;35",
            {"suppressed-given-back"},
        ),
        ("Kommun;Norr;Söder;Alla barn / Nacka;17;0;17 / Täby;20;30;50", {"group-alike"}),
        ("Grupp;Antal / Norr;20 / Söder;30 / Hela kommunen;53", {"part-unsure"}),
    ],
)
def test_totals_without_the_word_are_put_to_the_rules(table: str, codes: set[str]) -> None:
    assert judged(table)[1] == codes


@pytest.mark.parametrize(
    "table",
    [
        "Kommun;Familjehem;HVB;SiS;Placerade barn / Nacka;20;..;..;53 / Täby;40;15;20;75",
        "Kommun;Familjehem;HVB;SiS;Jourhem / Nacka;20;..;30;53 / Täby;40;15;20;90",
        "Grupp;Antal / Nacka;20 / Täby;30 / Totalt;50 / Riket;9000",
        "Grupp;Antal / Norr;20 / Söder;30 / Delsumma;50 / Övriga;40 / Totalt;90",
        "Kommun;Alla barn;Alla vuxna / Nacka;200;400 / Täby;150;90",
        "Boende;Antal / Bor tillsammans;40 / Bor isär;30 / Alla 13 år;90",
        "Kommun;Våld;Hot;Båda slagen / Nacka;20;17;37 / Täby;40;18;58",
    ],
)
def test_ordinary_tables_with_words_like_totals_may_leave(table: str) -> None:
    assert judged(table) == (RELEASED, set())


# Dashes and empty cells that are zeros


@pytest.mark.parametrize("zero", ["–", "-", "—", ""])
def test_a_dash_or_an_empty_cell_beside_another_mark_is_also_judged_as_a_zero(zero: str) -> None:
    table = f"Kommun;0–6 år;7–12 år;13–17 år;Totalt / Nacka;..;{zero};40;44 / Solna;20;30;25;75 / Täby;20;30;25;75"
    assert judged(table) == (STOPPED, {"mark-unsure", "rest-small"})
    assert "mark-unsure" in judged(table.replace("Totalt", "Barn"))[1]
    assert judged(table.replace("44", "64")) == (RELEASED, set())


def test_the_answer_says_how_to_write_zeros(tmp_path: Path) -> None:
    table = "Kommun;0–6 år;7–12 år;13–17 år;Totalt\nNacka;..;–;40;44\nSolna;20;30;25;75\nTäby;20;30;25;75\n"
    answer = check_statistics(tmp_path, table)
    assert answer.unshown == ["mark-unsure"] and places(answer, "mark-unsure") == ["column 2, line 2"]
    assert "Write 0" in answer.reason("mark-unsure")["remedy"]


@pytest.mark.parametrize("mark", ["–", "", "..", "0"])
def test_a_group_is_alike_where_the_total_tells_that_the_rest_is_zero(mark: str) -> None:
    table = f"Kommun;Inledd;Ej inledd;Totalt / Nacka;17;{mark};17 / Solna;12;31;43"
    assert "group-alike" in judged(table)[1] and judged(table)[0] == STOPPED


def test_a_group_may_be_alike_where_a_dash_is_a_zero() -> None:
    assert judged("Kommun;Inledd;Ej inledd / Nacka;17;– / Solna;..;31") == (UNSHOWN, {"mark-unsure"})


@pytest.mark.parametrize(
    "table",
    [
        "Kommun;Inledd;Ej inledd / Nacka;17;– / Solna;12;31",
        "Kommun;Inledd;Ej inledd / Nacka;17; / Solna;..;31",
        "Kommun;0–6 år;7–12 år;13–17 år;Totalt / Nacka;–;–;40;50 / Solna;20;30;25;75",
        "Kommun;0–6 år;7–12 år;13–17 år;Totalt / Nacka;..;..;40;50 / Solna;20;30;–;50 / Täby;..;..;30;45",
        "Kommun;0–6 år;7–12 år;13–17 år;Totalt / Nacka;x;–;40;70 / Solna;20;30;25;75 / Täby;–;..;30;60",
    ],
)
def test_ordinary_tables_with_dashes_may_leave(table: str) -> None:
    assert judged(table) == (RELEASED, set())


# Rests and suppressed cells that are a small number together


def test_a_rest_that_is_not_shown_is_worked_out_in_a_row_with_a_suppressed_cell(tmp_path: Path) -> None:
    table = "Kommun;Flickor;Pojkar;Totalt\nNacka;..;20;30\nSolna;15;20;50\nTotalt;23;40;80\n"
    answer = check_statistics(tmp_path, table)
    assert answer.stops == ["rest-small"] and places(answer, "rest-small") == ["column 4, line 2"]
    assert check_statistics(tmp_path, table.replace("20;30", "20;40").replace("40;80", "40;90")).code == RELEASED


@pytest.mark.parametrize("mark", ["..", "–", "", "*"])
@pytest.mark.parametrize(
    "table",
    [
        "Kommun;Antal / Nacka;.. / Solna;.. / Täby;40 / Totalt;44",
        "Kommun;Antal / Nacka;.. / Solna;.. / Salem;.. / Täby;40 / Totalt;44",
        "Kommun;Flickor;Pojkar;Annat;Totalt / Nacka;..;..;40;44 / Solna;15;20;30;65",
        "Kommun;Flickor;Pojkar;Totalt / Nacka;..;20;24 / Solna;15;20;50",
    ],
)
def test_suppressed_cells_that_are_a_small_number_together_stop(table: str, mark: str) -> None:
    assert judged(table.replace("..", mark)) == (STOPPED, {"rest-small"})


@pytest.mark.parametrize(
    "table",
    [
        "Kommun;Antal / Nacka;.. / Solna;.. / Täby;40 / Totalt;45",
        "Kommun;Antal / Nacka;<5 / Solna;<5 / Täby;40 / Totalt;45",
        "Kommun;Flickor;Pojkar;Totalt / Nacka;..;20;30 / Solna;15;20;50",
        "Kommun;Flickor;Pojkar;Totalt / Nacka;<5;20;25 / Solna;15;20;50",
        "Kommun;Flickor;Pojkar;Totalt / Nacka;..;..;42 / Solna;..;..;43 / Täby;20;22;42 / Totalt;50;77;127",
    ],
)
def test_suppressed_cells_and_rests_that_are_many_together_may_leave(table: str) -> None:
    assert judged(table) == (RELEASED, set())


# Headings within each other


@pytest.mark.parametrize(
    "table",
    [
        "Kommun;Inledda inom 7 dagar;Inledda inom 14 dagar / Nacka;20;23 / Täby;40;60",
        "Kommun;Under 13 år;Under 18 år / Nacka;20;23 / Täby;40;60",
        "Kommun;Över 18 år;Över 13 år / Nacka;20;23 / Täby;40;60",
        "Kommun;13 år och äldre;16 år och äldre / Nacka;23;20 / Täby;60;40",
        "Kommun;Barn under 13 år;Barn under 18 år / Nacka;20;23 / Täby;40;60",
        "Kommun;Barn med minst 2 anmälningar;Barn med minst 3 anmälningar / Nacka;23;20 / Täby;60;40",
        "Kommun;2 anmälningar eller fler;3 anmälningar eller fler / Nacka;23;20 / Täby;60;40",
        "Kommun;Ackumulerat januari;Ackumulerat februari / Nacka;20;23 / Täby;30;50",
        "Kommun;Ack. jan;Ack. feb / Nacka;20;23 / Täby;30;50",
        "Kommun;t.o.m. januari;t.o.m. februari / Nacka;20;23 / Täby;30;50",
        "Kommun;T o m 2025;T o m 2026 / Nacka;20;23 / Täby;30;50",
        "Månad;Ackumulerat antal / Januari;20 / Februari;23 / Mars;40",
        "Månad;Antal t.o.m. månaden;Antal / 2026-01;20;20 / 2026-02;23;30 / 2026-03;40;30",
        "Kommun;Månad;Ack. antal / Nacka;jan;20 / Nacka;feb;23 / Täby;jan;40 / Täby;feb;60",
        "Tid;Antal / Inom 7 dagar;20 / Inom 14 dagar;23 / Inom 28 dagar;60",
        "Period;Antal / T.o.m. januari;20 / T.o.m. februari;23",
    ],
)
def test_headings_and_rows_within_each_other_cannot_be_judged(table: str) -> None:
    assert judged(table) == (UNSHOWN, {"part-unsure"})


@pytest.mark.parametrize(
    "table",
    [
        "Kommun;Inledda inom 7 dagar;Inledda inom 14 dagar / Nacka;20;33 / Täby;40;60",
        "Kommun;Under 13 år;Över 18 år / Nacka;20;23 / Täby;40;60",
        "Kommun;Inledda under 2025;Inledda under 2026 / Nacka;20;23 / Täby;40;60",
        "Kommun;Inledda under januari;Inledda under februari / Nacka;20;23 / Täby;40;60",
        "Kommun;Inom kommunen;Utanför kommunen / Nacka;20;17 / Täby;40;18",
        "Kommun;Flickor under 18 år;Pojkar under 18 år / Nacka;20;23 / Täby;40;60",
        "Kommun;Inledd inom 14 dagar;Ej inledd inom 14 dagar / Nacka;20;17 / Täby;40;18",
        "Månad;Antal / Januari;20 / Februari;23 / Mars;40",
        "Kommun;Ackumulerat antal / Nacka;20 / Täby;23 / Solna;40",
        "Månad;Ackumulerat antal / Januari;20 / Februari;33 / Mars;40",
        "Ålder;Antal / 0–6 år;20 / 7–12 år;23 / 13–17 år;40",
    ],
)
def test_headings_and_rows_apart_may_leave(table: str) -> None:
    assert judged(table) == (RELEASED, set())
