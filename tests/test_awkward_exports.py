"""Awkward exports give the findings of the sound one, or are refused with a sentence that says where and what to do."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from auditor.labels import REASONS
from tests import awkward_exports as awkward
from tests.conftest import Ran, run_program
from tests.exports import write_agreement
from tests.running import read_outputs

READ = [
    awkward.other_case_spaces_and_dots,
    awkward.declared_separator_for_excel,
    awkward.three_hundred_columns,
    awkward.dates_and_serials_in_one_column,
    awkward.weeks_in_all_forms,
    awkward.one_folder_a_system,
    awkward.texts_over_several_lines,
    awkward.unnamed_empty_columns_at_the_end,
    awkward.codes_without_zeros,
]
#: Read right once a mapping says where the headings stand; without it the error names the row.
WITH_HEADING_ROW = {
    awkward.merged_title_over_the_sheet: ("disclosures", 4),
    awkward.preamble_of_free_text: ("disclosures", 4),
    awkward.two_heading_rows: ("cases", 2),
}
#: The rows of quarantine.csv that an export adds: file, line, reason.
QUARANTINED = {
    awkward.totals_at_the_end: [
        ("cases.csv", "5", "not_a_row"),
        ("disclosures.csv", "7", "key_missing"),
        ("staff.csv", "4", "key_missing"),
        ("staff.csv", "4", "cell_unreadable"),
    ],
    awkward.totals_beside_the_key: [("cases.csv", "5", "not_a_row")],
    awkward.a_remark_below_the_rows: [("cases.csv", "6", "not_a_row")],
    awkward.headings_again_on_every_page: [("cases.csv", "3", "not_a_row")],
    awkward.a_second_row_of_headings: [("cases.csv", "2", "not_a_row")],
}
REFUSED = {
    awkward.merged_title_over_the_sheet: ["disclosures.xlsx", "row 4", "heading_row: 4", "one merged cell"],
    awkward.preamble_of_free_text: ["disclosures.csv", "row 4", "heading_row: 4"],
    awkward.two_heading_rows: ["cases.csv", "row 2", "heading_row: 2"],
    awkward.merged_headings: ["cases.xlsx", "line 1", "column 8", "columns 8 to 9", "one merged cell"],
    awkward.two_columns_of_one_meaning: ["disclosures.csv", "Columns 3, 14", "'at'", "tables.disclosures.columns.at"],
    awkward.the_same_heading_twice: ["disclosures.csv", "line 1", "positions 2 and 14"],
    awkward.only_free_text: ["disclosures.csv", "line 1", "headings"],
    awkward.one_file_lacks_a_column_with_meaning: ["disclosures-2.csv", "disclosures.csv", "motivation"],
}


def audit(room: Path, source: Path, out: Path, *options: str | Path) -> Ran:
    """Audit a folder in English, with the agreement and the key of ``room``."""
    given = ("--agreement", room / "avtal.yaml", "--out", out, "--key-file", room / "key", "--lang", "en", "--quiet")
    return run_program("audit", source, *given, *options)


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the agreement."""
    folder = tmp_path_factory.mktemp("awkward")
    assert write_agreement(folder) == folder / "avtal.yaml"
    return folder


@pytest.fixture
def audit_of(tmp_path: Path, room: Path) -> Callable[..., Ran]:
    """Audits a folder into ``tmp_path/out``."""

    def run(source: Path, *options: str | Path, out: str = "out") -> Ran:
        return audit(room, source, tmp_path / out, *options)

    return run


def findings(out: Path) -> tuple[list[dict[str, Any]], dict[str, str], dict[str, str | None]]:
    """Every finding but those about unreadable rows and cells, and the verdicts with their causes."""
    outputs = read_outputs(out)
    return [row for row in outputs.findings if row["check"] not in ("L6", "L7")], outputs.verdicts, outputs.because


def quarantined(out: Path) -> list[tuple[str, str, str]]:
    with (out / "quarantine.csv").open(encoding="utf-8-sig", newline="") as file:
        return [(row["file"], row["line"], row["reason"]) for row in csv.DictReader(file, delimiter=";")]


@pytest.fixture(scope="module")
def sound(room: Path) -> tuple[Any, ...]:
    """The findings of the sound export."""
    ran = audit(room, awkward.write_sound(room / "sound"), room / "out")
    assert ran.code == 0, ran.said
    assert quarantined(room / "out") == []
    found = findings(room / "out")
    assert {"R1", "F1"} <= {row["check"] for row in found[0]} and len(found[1]) == 5
    return found


@pytest.mark.parametrize("spoil", READ, ids=lambda spoil: spoil.__name__)
def test_read_as_the_sound_one(tmp_path: Path, audit_of: Callable[..., Ran], sound: tuple[Any, ...], spoil: Any) -> None:
    source = awkward.write_sound(tmp_path / "in")
    spoil(source)
    ran = audit_of(source)
    assert ran.code == 0, ran.said
    assert quarantined(tmp_path / "out") == []
    assert findings(tmp_path / "out") == sound


@pytest.mark.parametrize("spoil", WITH_HEADING_ROW, ids=lambda spoil: spoil.__name__)
def test_read_as_the_sound_one_when_the_mapping_says_where_the_headings_stand(
    tmp_path: Path, audit_of: Callable[..., Ran], sound: tuple[Any, ...], spoil: Any
) -> None:
    source = awkward.write_sound(tmp_path / "in")
    spoil(source)
    table, row = WITH_HEADING_ROW[spoil]
    (tmp_path / "map.yaml").write_text(f"mapping: 1\ntables: {{{table}: {{heading_row: {row}}}}}\n")
    ran = audit_of(source, "--mapping", tmp_path / "map.yaml")
    assert ran.code == 0, ran.said
    assert findings(tmp_path / "out") == sound


@pytest.mark.parametrize("spoil", QUARANTINED, ids=lambda spoil: spoil.__name__)
def test_what_is_no_row_is_quarantined_and_changes_no_answer(
    tmp_path: Path, audit_of: Callable[..., Ran], sound: tuple[Any, ...], spoil: Any
) -> None:
    source = awkward.write_sound(tmp_path / "in")
    spoil(source)
    ran = audit_of(source)
    assert ran.code == 0, ran.said
    expected = [(file, line, REASONS[reason]) for file, line, reason in QUARANTINED[spoil]]
    assert quarantined(tmp_path / "out") == expected
    assert findings(tmp_path / "out") == sound


@pytest.mark.parametrize("spoil", REFUSED, ids=lambda spoil: spoil.__name__)
def test_refused_with_place_and_next_step(tmp_path: Path, audit_of: Callable[..., Ran], spoil: Any) -> None:
    source = awkward.write_sound(tmp_path / "in")
    spoil(source)
    ran = audit_of(source)
    assert (ran.code, ran.stdout) == (3, "") and not (tmp_path / "out").exists()
    assert [words for words in REFUSED[spoil] if words not in ran.stderr] == [], ran.stderr
    assert "MARKÖR" not in ran.stderr and "Andersson" not in ran.stderr


def test_a_column_may_be_absent_from_one_of_two_files_when_empty_and_absent_are_the_same(
    tmp_path: Path, audit_of: Callable[..., Ran]
) -> None:
    awkward.an_optional_column_in_one_file_only(awkward.write_sound(tmp_path / "two"))
    headings, rows = awkward.table_of("disclosures")
    place = headings.index("Mottagande enhet")
    emptied = [[*row[:place], None, *row[place + 1 :]] for row in rows]
    awkward.write_table(awkward.write_sound(tmp_path / "one") / "disclosures.csv", headings, emptied)
    assert [audit_of(tmp_path / name, out=f"{name}-out").code for name in ("one", "two")] == [0, 0]
    assert findings(tmp_path / "two-out") == findings(tmp_path / "one-out")


def test_every_awkward_export_is_tested_and_has_its_story() -> None:
    stories = {
        name: function.__doc__
        for name, function in vars(awkward).items()
        if callable(function) and getattr(function, "__module__", "") == awkward.__name__
    }
    tested = {function.__name__ for function in (*READ, *WITH_HEADING_ROW, *QUARANTINED, *REFUSED)}
    helpers = {"table_of", "write_sound", "change_lines", "as_workbook", "put", "an_optional_column_in_one_file_only"}
    assert set(stories) == tested | helpers and all(stories.values())
    assert len(tested) >= 12


@pytest.mark.parametrize(
    ("row", "says"), [("0", "not the number of a row"), ("[1, 2]", "One value"), ("abc", "not the number")]
)
def test_a_heading_row_must_be_a_number(tmp_path: Path, audit_of: Callable[..., Ran], row: str, says: str) -> None:
    (tmp_path / "map.yaml").write_text(f"mapping: 1\nheading_row: {row}\n")
    ran = audit_of(awkward.write_sound(tmp_path / "in"), "--mapping", tmp_path / "map.yaml")
    assert ran.code == 3 and says in ran.stderr and "map.yaml, line 2, column 14" in ran.stderr


@pytest.mark.parametrize(("table", "row"), [("disclosures", 40), ("cases", 2)])
def test_headings_must_stand_where_the_mapping_says(tmp_path: Path, audit_of: Callable[..., Ran], table: str, row: int) -> None:
    source = awkward.write_sound(tmp_path / "in")
    awkward.change_lines(source / "cases.csv", lambda lines: [lines[0], "", *lines[1:]])
    (tmp_path / "map.yaml").write_text(f"mapping: 1\ntables: {{{table}: {{heading_row: {row}}}}}\n")
    ran = audit_of(source, "--mapping", tmp_path / "map.yaml")
    assert ran.code == 3 and f"{table}.csv, line {row}: There are no headings at row {row}" in ran.stderr
