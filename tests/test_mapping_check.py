"""``auditor mapping check``: what a mapping makes of an export, with everything personal masked, and every fault at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Ran, run_program
from tests.exports import export, write_agreement
from tests.running import SAMPLE, SAMPLE_AGREEMENT

CASES = [
    {"person_id": "201205059809", "related_person_ids": "198001019804;198001019812", "concern": "gang_crime;MARKÖR oro"},
    {"case_id": "Anna MARKÖR", "person_id": None, "birth_date": "2011-03-04", "home_municipality": "MARKÖR"},
    {"case_id": "201205059809"},
]
DISCLOSURES = [
    {"user_id": "Bo MARKÖR", "recipient_unit": "MARKÖRs enhet", "motivation": "MARKÖR mår dåligt"},
    {"channel": "MARKÖR", "purpose": "MARKÖR ett ändamål", "fields": "name;MARKÖR", "motivation": None},
    {"at": "MARKÖR"},
]


@pytest.fixture
def check(tmp_path: Path) -> Callable[..., Ran]:
    """Checks the folder ``in`` with a mapping, in English."""
    agreement = write_agreement(tmp_path)

    def run(mapping: str = "mapping: 1\n", *options: str) -> Ran:
        (tmp_path / "map.yaml").write_text(mapping, encoding="utf-8")
        given = ("--input", tmp_path / "in", "--agreement", agreement, "--lang", "en")
        return run_program("mapping", "check", tmp_path / "map.yaml", *given, *options)

    return run


def cells(said: str, table: str, column: str) -> list[str]:
    """The heading and the first rows' cells of a column, as they are shown."""
    part = said.split(f"\n{table}: ")[1] if f"\n{table}: " in said else said.split(f"{table}: ", 1)[1]
    line = next(line for line in part.splitlines() if line.split()[:1] == [column])
    return [cell.strip() for cell in line.split("  ") if cell.strip()][1:]


def test_the_first_rows_are_shown_with_personal_data_masked(tmp_path: Path, check: Callable[..., Ran]) -> None:
    export(tmp_path / "in", cases=CASES, disclosures=DISCLOSURES)
    ran = check()
    assert ran.code == 0, ran.said
    assert "MARKÖR" not in ran.said and "9809" not in ran.said and "9804" not in ran.said and "2011-03-04" not in ran.said
    said = f"\n{ran.stdout}"
    assert cells(said, "cases", "case_id") == ["case_id", "SN-2026-1", "***", "***"]
    assert cells(said, "cases", "person_id") == ["person_id", "***", "–", "–"]
    assert cells(said, "cases", "related_person_ids") == ["related_person_ids", "*** (2)", "–", "–"]
    assert cells(said, "cases", "birth_date") == ["birth_date", "***", "***", "***"]
    assert cells(said, "cases", "home_municipality") == ["home_municipality", "0182", "–", "0182"]
    assert cells(said, "cases", "concern") == ["concern", "*** (not known), gang_crime", "gang_crime", "gang_crime"]
    assert cells(said, "cases", "reported_at")[1] == "2026-10-05 09:00:00"
    assert cells(said, "disclosures", "user_id") == ["user_id", "***", "sthlm01", "sthlm01"]
    assert cells(said, "disclosures", "sender_unit")[1] == "socialjouren"
    assert cells(said, "disclosures", "recipient_unit")[1:] == ["***", "***", "***"]
    assert cells(said, "disclosures", "motivation") == ["motivation", "(text)", "–", "(text)"]
    assert cells(said, "disclosures", "fields")[2] == "*** (not known), name"
    assert cells(said, "disclosures", "at")[1:] == ["2026-10-05 12:00:00", "2026-10-05 12:00:00", "–"]
    assert "1 different words in 'channel' are known to neither agreement nor law table" in said
    assert "cases: files 1, rows read 3, kept 3" in said and "disclosures: files 1, rows read 3, kept 2" in said


def test_what_could_not_be_read_has_its_place_and_what_is_absent_is_told(tmp_path: Path, check: Callable[..., Ran]) -> None:
    export(tmp_path / "in", cases=CASES, disclosures=DISCLOSURES, without=["cases.decision", "cases.protection"])
    ran = check()
    assert (
        "cases.csv, home_municipality: 1 times: the cell does not fit its column and is read as missing (line 3)" in ran.stdout
    )
    assert "disclosures.csv, at: 1 times: the key cannot be read (line 4)" in ran.stdout
    assert "  cases.decision +\n" in ran.stdout and "  cases.protection\n" in ran.stdout and "the table accesses" in ran.stdout


def test_headings_stand_beside_their_columns_and_unknown_ones_are_counted(tmp_path: Path, check: Callable[..., Ran]) -> None:
    export(tmp_path / "in", cases=[{"Anteckning": "MARKÖR"}])
    path = tmp_path / "in" / "disclosures.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("recipient;", "Motpart;"), encoding="utf-8")
    ran = check("mapping: 1\ntables: {disclosures: {columns: {recipient: Motpart}}}\n")
    assert ran.code == 0, ran.said
    assert cells(f"\n{ran.stdout}", "disclosures", "recipient")[0] == "Motpart"
    assert "Columns that no table knows, and that are not read: 1" in ran.stdout and "MARKÖR" not in ran.said
    assert "Everything could be read." in ran.stdout and "fit each other" in ran.stdout


def test_the_faults_of_all_files_are_told_at_once(tmp_path: Path, check: Callable[..., Ran]) -> None:
    export(tmp_path / "in", without=["cases.home_municipality", "cases.found_in"])
    ran = check("mapping: 1\ntables: {disclosures: {columns: {recipient: Motpart}}, staff: {ignore: [Xyz]}}\n")
    assert (ran.code, ran.stdout) == (3, "")
    for words in (
        "3 faults",
        "cases.csv, column home_municipality, found_in: Columns that 'cases' must have are missing",
        "disclosures.csv, column tables.disclosures.columns.recipient: The file has no column 'Motpart'",
        "staff.csv, column tables.staff.ignore: The file has no column 'Xyz'",
    ):
        assert words in ran.stderr, ran.stderr


@pytest.mark.parametrize(
    ("mapping", "says"),
    [
        (
            "mapping: 1\ntables: {cases: {columns: {reporter: Inkom, reported_at: Inkom}}}\n",
            "The heading 'Inkom' is used before",
        ),
        ("mapping: 1\ntables: {cases: {columns: {reporter: [A, B]}}}\n", "two headings cannot be one column"),
        ("mapping: 1\ntables: {disclosures: {values: {purpose: {Rapport: reporting}}}}\n", "'reporting' is not known"),
        ("mapping: 2\n", "This version of the form is not known"),
        ("", "The file is empty"),
    ],
)
def test_a_mapping_that_cannot_be_used_is_refused(tmp_path: Path, check: Callable[..., Ran], mapping: str, says: str) -> None:
    export(tmp_path / "in")
    ran = check(mapping)
    assert (ran.code, ran.stdout) == (3, "") and says in ran.stderr and "map.yaml" in ran.stderr


def test_an_export_of_which_no_row_can_be_read_is_refused_after_it_was_shown(tmp_path: Path, check: Callable[..., Ran]) -> None:
    export(tmp_path / "in", disclosures=[{"at": "05/10 2026"}, {"at": "06/10 2026"}])
    ran = check()
    assert ran.code == 3
    assert "disclosures.csv, at: 2 times: the key cannot be read (line 2, 3)" in ran.stdout
    assert "Not a single row could be read of: disclosures." in ran.stderr
    mended = check("mapping: 1\ntables: {disclosures: {dates: {at: '%d/%m %Y'}}}\n")
    assert mended.code == 0 and "2026-10-05 23:59:59" in mended.stdout


def test_an_input_that_is_none_is_refused(tmp_path: Path, check: Callable[..., Ran]) -> None:
    assert check().code == 3
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "cases.csv").write_text("case_id\nMARKÖR\n", encoding="utf-8")
    ran = check()
    assert ran.code == 3 and "'disclosures'" in ran.stderr and "MARKÖR" not in ran.said


def test_the_sample_month_in_every_dress_and_language(tmp_path: Path) -> None:
    (tmp_path / "map.yaml").write_text("mapping: 1\n", encoding="utf-8")
    for dress in ("clean", "swedish", "parquet"):
        given = ("--input", SAMPLE / dress, "--agreement", SAMPLE_AGREEMENT)
        ran = run_program("mapping", "check", tmp_path / "map.yaml", *given)
        assert ran.code == 0 and "Mappningsfilen och exporten passar ihop." in ran.stdout, ran.said
        assert "SN-2026-01001" in ran.stdout and "Lars" not in ran.stdout and "9845" not in ran.stdout
