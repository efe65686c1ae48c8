"""Statistics held against those that were released before, and against those that leave with them."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.conftest import Ran, run_program
from tests.statistics_files import REJECTED, RELEASED, SOUND, STOPPED, UNSHOWN, check_statistics, places, write

COUNTED = ("--counting", "barn")
YEAR_TO_SEPTEMBER = (*COUNTED, "--period", "2026-01/2026-09")
YEAR_TO_OCTOBER = (*COUNTED, "--period", "2026-01/2026-10")


def release(folder: Path, table: str, *options: str, name: str = "tidigare.csv") -> Path:
    """Check and approve a table, so that the register has it; the register."""
    path, register = write(folder, table, name), folder / "register.db"
    beside = ("--register", register) if register.exists() else ()
    answer = check_statistics(folder, path, options=(*options, *beside), out="out-before")
    assert answer.code == RELEASED, answer.ran.said
    ran = approve(path, folder / "out-before", register)
    assert ran.code == 0, ran.said
    return register


def approve(path: Path, run: Path, register: Path) -> Ran:
    given = ("--by", "Prov Beslutsfattare", "--run", run, "--register", register, "--lang", "en")
    return run_program("release", "approve", path, *given)


def test_the_same_table_again_may_leave(tmp_path: Path) -> None:
    register = release(tmp_path, SOUND, *YEAR_TO_OCTOBER)
    answer = check_statistics(tmp_path, SOUND, options=(*YEAR_TO_OCTOBER, "--register", register))
    assert answer.code == RELEASED and answer.reasons("note") == []


def test_a_month_more_gives_that_month_back(tmp_path: Path) -> None:
    register = release(tmp_path, SOUND, *YEAR_TO_SEPTEMBER)
    later = SOUND.replace("Nacka;17;25;42", "Nacka;17;28;45").replace("Totalt;29;56;85", "Totalt;29;59;88")
    answer = check_statistics(tmp_path, later, options=(*YEAR_TO_OCTOBER, "--register", register))
    assert answer.code == STOPPED and answer.stops == ["difference-given-back"]
    assert places(answer, "difference-given-back") == [
        "column 3, line 2",
        "column 4, line 2",
        "column 3, line 4",
        "column 4, line 4",
    ]
    assert "tidigare.csv" in answer.reason("difference-given-back")["text"]


def test_a_month_more_of_many_or_of_nobody_may_leave(tmp_path: Path) -> None:
    register = release(tmp_path, SOUND, *YEAR_TO_SEPTEMBER)
    later = SOUND.replace("Nacka;17;25;42", "Nacka;17;35;52").replace("Totalt;29;56;85", "Totalt;29;66;95")
    assert check_statistics(tmp_path, later, options=(*YEAR_TO_OCTOBER, "--register", register)).code == RELEASED


def test_days_apart_and_other_things_are_not_held_against_each_other(tmp_path: Path) -> None:
    register = release(tmp_path, SOUND, *YEAR_TO_SEPTEMBER)
    later = SOUND.replace("17;25;42", "17;28;45").replace("29;56;85", "29;59;88")
    for options in ((*COUNTED, "--period", "2026-10"), ("--counting", "ärenden", "--period", "2026-01/2026-10")):
        assert check_statistics(tmp_path, later, options=(*options, "--register", register)).code == RELEASED


def test_what_nobody_said_cannot_be_judged(tmp_path: Path) -> None:
    register = release(tmp_path, SOUND)
    later = SOUND.replace("17;25;42", "17;28;45").replace("29;56;85", "29;59;88")
    answer = check_statistics(tmp_path, later, options=("--register", register))
    assert answer.code == UNSHOWN and answer.unshown == ["difference-unsure"]


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ((), ()),
        (YEAR_TO_OCTOBER, ()),
        (YEAR_TO_OCTOBER, COUNTED),
        (YEAR_TO_OCTOBER, ("--period", "2026")),
        ((), YEAR_TO_OCTOBER),
    ],
)
def test_what_is_given_back_is_not_passed_over_where_nobody_said_what_is_counted(
    tmp_path: Path, before: tuple[str, ...], now: tuple[str, ...]
) -> None:
    register = release(tmp_path, "Kommun;Antal\nNacka;20\nTäby;36\n", *before)
    later = "Kommun;Antal\nNacka;20\nTäby;..\nSolna;..\nTotalt;60\n"
    answer = check_statistics(tmp_path, later, options=(*now, "--register", register))
    assert answer.code == UNSHOWN and answer.unshown == ["earlier-unsure"]
    assert "tidigare.csv" in answer.reason("earlier-unsure")["text"]


def test_the_same_numbers_again_tell_nothing_new_whatever_they_count(tmp_path: Path) -> None:
    register = release(tmp_path, SOUND)
    assert check_statistics(tmp_path, SOUND, options=("--register", register)).code == RELEASED


def test_a_total_alone_gives_back_a_part_that_was_suppressed_before(tmp_path: Path) -> None:
    register = release(tmp_path, "Kommun;Antal\nNacka;20\nTäby;..\n", *YEAR_TO_OCTOBER)
    answer = check_statistics(tmp_path, "Antal\n22\n", options=(*YEAR_TO_OCTOBER, "--register", register))
    assert answer.code == STOPPED and answer.stops == ["difference-given-back"]
    assert check_statistics(tmp_path, "Antal\n40\n", options=(*YEAR_TO_OCTOBER, "--register", register)).code == RELEASED


def test_a_great_correction_of_a_table_with_suppressed_cells_cannot_be_judged(tmp_path: Path) -> None:
    register = release(tmp_path, "Kommun;Antal\nNacka;..\nTäby;..\nSolna;30\nTotalt;60\n", *YEAR_TO_OCTOBER)
    later = "Kommun;Antal\nNacka;27\nSolna;40\n"
    answer = check_statistics(tmp_path, later, options=(*YEAR_TO_OCTOBER, "--register", register))
    assert answer.code == UNSHOWN and answer.unshown == ["earlier-contradicts"]


def test_a_great_correction_of_a_whole_table_may_leave(tmp_path: Path) -> None:
    register = release(tmp_path, SOUND, *YEAR_TO_OCTOBER)
    later = SOUND.replace("17;25;42", "17;35;52").replace("29;56;85", "29;66;95")
    assert check_statistics(tmp_path, later, options=(*YEAR_TO_OCTOBER, "--register", register)).code == RELEASED


def test_what_is_counted_is_the_same_however_it_is_written(tmp_path: Path) -> None:
    register = release(tmp_path, SOUND, *YEAR_TO_OCTOBER)
    later = SOUND.replace("17;25;42", "17;26;43").replace("29;56;85", "29;57;86")
    options = ("--counting", " Barn ", "--period", "2026-01/2026-10", "--register", register)
    assert check_statistics(tmp_path, later, options=options).stops == ["difference-small"]


def test_parts_and_their_totals_that_leave_together_give_each_other_back(tmp_path: Path) -> None:
    by_sex = "Kommun;Kön;Antal\nNacka;Flickor;39\nNacka;Pojkar;..\nSolna;Flickor;12\nSolna;Pojkar;31\n"
    answer = check_statistics(tmp_path, by_sex, "Kommun;Antal\nNacka;42\nSolna;43\n")
    assert answer.code == STOPPED and answer.stops == ["linked-back"]
    assert check_statistics(tmp_path, by_sex, "Kommun;Antal\nNacka;42\nSolna;90\n").code == RELEASED


def test_a_small_correction_points_at_individuals(tmp_path: Path) -> None:
    register = release(tmp_path, SOUND, *YEAR_TO_OCTOBER)
    later = SOUND.replace("17;25;42", "17;26;43").replace("29;56;85", "29;57;86")
    answer = check_statistics(tmp_path, later, options=(*YEAR_TO_OCTOBER, "--register", register))
    assert answer.code == STOPPED and answer.stops == ["difference-small"]


def test_another_table_gives_back_what_the_earlier_one_suppressed(tmp_path: Path) -> None:
    earlier = "Kommun;Flickor;Pojkar;Totalt\nNacka;..;..;42\nSolna;..;..;43\nTäby;20;22;42\nTotalt;63;64;127\n"
    register = release(tmp_path, earlier, *YEAR_TO_OCTOBER)
    later = "Kommun;Antal flickor\nNacka;39\nTäby;20\n"
    answer = check_statistics(tmp_path, later, options=(*YEAR_TO_OCTOBER, "--register", register))
    assert answer.code == STOPPED and answer.stops == ["difference-given-back"]
    later = "Kommun;Antal flickor\nNacka;30\nTäby;20\n"
    assert check_statistics(tmp_path, later, options=(*YEAR_TO_OCTOBER, "--register", register)).code == RELEASED


def test_tables_that_leave_together_give_each_other_back(tmp_path: Path) -> None:
    rows = "Nacka;Flickor;..\nNacka;Pojkar;..\nSolna;Flickor;12\nSolna;Pojkar;31\nTäby;Flickor;..\nTäby;Pojkar;20\n"
    by_sex = f"Kommun;Kön;Antal\n{rows}Totalt;Totalt;125\n"
    of_all = "Kommun;Antal\nNacka;42\nSolna;43\nTäby;40\nTotalt;125\n"
    assert check_statistics(tmp_path, by_sex, of_all).code == RELEASED
    by_sex = by_sex.replace("Nacka;Flickor;..", "Nacka;Flickor;39")
    answer = check_statistics(tmp_path, by_sex, of_all)
    assert answer.code == STOPPED and answer.stops == ["linked-back"]
    assert "statistik.csv" in answer.reason("linked-back")["text"]


def test_what_was_released_is_told_when_it_is_changed(tmp_path: Path) -> None:
    register = release(tmp_path, SOUND, *YEAR_TO_OCTOBER)
    assert run_program("verify", "--register", register).code == 0
    with sqlite3.connect(register) as connection:
        connection.execute("UPDATE released_cells SET value = value + 1 WHERE value = 17")
    connection.close()
    ran = run_program("verify", "--register", register, "--lang", "en")
    assert ran.code == 1 and "released statistics 1" in ran.stdout


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE released_cells SET value = value + 9 WHERE value = 17",
        "DELETE FROM released_cells",
        "DROP TABLE released_cells",
        "DELETE FROM journal",
    ],
)
def test_a_register_that_was_changed_is_not_relied_on(tmp_path: Path, change: str) -> None:
    register = release(tmp_path, SOUND, *YEAR_TO_OCTOBER)
    with sqlite3.connect(register) as connection:
        connection.execute(change)
    connection.close()
    answer = check_statistics(tmp_path, SOUND, options=(*YEAR_TO_OCTOBER, "--register", register))
    assert answer.code == REJECTED and "register is not as it was written" in answer.ran.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("change", ["UPDATE released_cells SET value = value + 9 WHERE value = 17", "DELETE FROM journal"])
def test_nothing_is_added_to_a_register_that_was_changed(tmp_path: Path, change: str) -> None:
    register = release(tmp_path, SOUND, *YEAR_TO_SEPTEMBER)
    path = write(tmp_path, SOUND.replace("Nacka", "Täby"), "senare.csv")
    assert check_statistics(tmp_path, path, options=("--counting", "ärenden", "--register", register)).code == RELEASED
    with sqlite3.connect(register) as connection:
        connection.execute(change)
    connection.close()
    before = register.read_bytes()
    ran = approve(path, tmp_path / "out", register)
    assert ran.code == REJECTED and "nothing is added to it" in ran.stderr
    assert register.read_bytes() == before and not list((tmp_path / "out").glob("approval-*"))


def test_what_was_not_held_against_the_register_is_not_kept_in_it(tmp_path: Path) -> None:
    """It would look as if the differences had been judged. Nor what was checked before another file was released."""
    register = release(tmp_path, SOUND, *YEAR_TO_SEPTEMBER)
    later = write(tmp_path, SOUND.replace("17;25;42", "17;28;45").replace("29;56;85", "29;59;88"), "senare.csv")
    assert check_statistics(tmp_path, later, options=YEAR_TO_OCTOBER).code == RELEASED
    ran = approve(later, tmp_path / "out", register)
    assert ran.code == REJECTED and "was not held against" in ran.stderr and "--register" in ran.stderr
    other = write(tmp_path, SOUND.replace("Nacka", "Täby"), "annan.csv")
    for path, out in ((later, "out-later"), (other, "out-other")):
        options = ("--counting", path.stem, "--period", "2026-01/2026-10", "--register", register)
        assert check_statistics(tmp_path, path, options=options, out=out).code == RELEASED
    assert approve(other, tmp_path / "out-other", register).code == RELEASED
    assert approve(later, tmp_path / "out-later", register).code == REJECTED
    assert run_program("verify", "--register", register).code == 0


def test_files_of_one_check_are_kept_one_after_another_and_the_first_without_the_register(tmp_path: Path) -> None:
    paths = [write(tmp_path, SOUND, "a.csv"), write(tmp_path, SOUND.replace("Solna", "Täby"), "b.csv")]
    assert check_statistics(tmp_path, *paths, options=YEAR_TO_OCTOBER).code == RELEASED
    for path in paths:
        ran = approve(path, tmp_path / "out", tmp_path / "register.db")
        assert ran.code == RELEASED and "without the register" in ran.stdout


def test_only_statistics_that_may_leave_are_kept(tmp_path: Path) -> None:
    path = write(tmp_path, SOUND.replace("17", "3"))
    assert check_statistics(tmp_path, path).code == STOPPED
    assert approve(path, tmp_path / "out", tmp_path / "register.db").code == REJECTED
    assert not (tmp_path / "register.db").exists()


@pytest.mark.parametrize("period", ["2026", "2026-10", "2026-10-01", "2026-01/2026-10", "2026-01-01/2026-10-31"])
def test_periods_are_written_as_years_months_or_days(tmp_path: Path, period: str) -> None:
    answer = check_statistics(tmp_path, SOUND, options=("--period", period))
    first, last = answer.record["request"]["statistics"]["days"]
    assert first.startswith("2026") and last.startswith("2026") and first <= last
