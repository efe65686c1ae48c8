"""Which file is which table: by its name, by patterns, and what cannot be decided."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

import pytest

from auditor.errors import UserErrors
from auditor.intake.files import find_files, tables_named
from tests.reading import refused
from tests.running import in_english

english = pytest.fixture(autouse=True)(in_english)


@pytest.mark.parametrize(
    ("name", "table", "form"),
    [
        ("cases.csv", "cases", "csv"),
        ("Ärenden 2026.XLSX", "cases", "xlsx"),
        (unicodedata.normalize("NFD", "ärenden.csv"), "cases", "csv"),
        ("arenden.tsv", "cases", "csv"),
        ("orosanmälningar_okt.txt", "cases", "csv"),
        ("2026-10_utlämnanden.csv", "disclosures", "csv"),
        ("UTLAMNANDE.json", "disclosures", "jsonl"),
        ("accesses-2026-10-w1.parquet", "accesses", "parquet"),
        ("åtkomstlogg.pq", "accesses", "parquet"),
        ("loggar_v40.ndjson", "accesses", "jsonl"),
        ("behörigheter.jsonl", "staff", "jsonl"),
        ("tilldelning.csv", "assignments", "csv"),
        ("bosättningar.csv", "residences", "csv"),
        ("åtkomster/2026/v40.csv", "accesses", "csv"),
        ("accesses/staff.csv", "staff", "csv"),
        ("utlämnanden loggar.csv", "disclosures", "csv"),
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_files_are_told_apart_by_name(tmp_path, name, table, form, packed):
    path = tmp_path / "in" / (name + ".gz" * packed)
    path.parent.mkdir(parents=True)
    for required in ("cases", "disclosures"):
        (tmp_path / "in" / f"{required}.csv").touch()
    path.touch()
    found = find_files(tmp_path / "in")
    (file,) = [file for file in found.files if file.path == path]
    assert (file.table, file.form, file.gzipped) == (table, form, packed)
    assert file.relative == unicodedata.normalize("NFC", path.relative_to(tmp_path / "in").as_posix())
    assert [file.relative for file in found.files] == sorted(file.relative for file in found.files)


def folder(tmp_path, *names) -> Path:
    for name in ("cases.csv", "disclosures.csv", *names):
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return tmp_path / "in"


def test_what_fits_no_table_is_listed_and_hidden_files_are_passed_over(tmp_path):
    place = folder(
        tmp_path, "README.txt", "caseload.csv", "ärenden.docx", ".cases.csv", "._cases.csv", "~$cases.xlsx", ".git/cases.csv"
    )
    found = find_files(place)
    assert [file.relative for file in found.files] == ["cases.csv", "disclosures.csv"]
    assert [path.name for path in found.ignored] == ["README.txt", "caseload.csv", "ärenden.docx"]


def test_an_earlier_report_in_a_subfolder_is_no_export_and_all_of_it_is_listed(tmp_path):
    place = folder(tmp_path, "report/accesses.parquet", "report/more/staff.csv", "other/accesses.csv", "other/manifest.json")
    (place / "report" / "manifest.json").write_text('{"program": {"name": "en-ingang-auditor"}}', encoding="utf-8")
    found = find_files(place)
    assert [file.relative for file in found.files] == ["cases.csv", "disclosures.csv", "other/accesses.csv"]
    ignored = [path.relative_to(place).as_posix() for path in found.ignored]
    assert ignored == ["other/manifest.json", "report/accesses.parquet", "report/manifest.json", "report/more/staff.csv"]


def test_patterns_win_over_names_and_stay_inside_their_folder(tmp_path):
    place = folder(tmp_path, "export/cases-7.csv", "export/deep/x[1].csv", "Logg_A.csv")
    patterns = [("export/*.csv", "staff"), ("**/x[1].csv", "accesses"), ("logg_?.csv", "accesses")]
    found = {file.relative: file.table for file in find_files(place, patterns).files}
    assert found["export/cases-7.csv"] == "staff"
    assert found["export/deep/x[1].csv"] == found["Logg_A.csv"] == "accesses"


@pytest.mark.parametrize(
    ("names", "patterns", "says"),
    [
        (["cases-disclosures.csv"], (), "several tables: cases, disclosures"),
        (["cases/disclosures/part.csv"], (), "several tables"),
        (["x.csv"], [("x.csv", "cases"), ("*.csv", "staff")], "several tables"),
        (["ärenden.xls"], (), "form that is not read"),
        (["accesses/old.zip.gz"], (), "form that is not read"),
        (["x.bin"], [("x.bin", "staff")], "form that is not read"),
    ],
)
def test_what_cannot_be_decided_is_refused_by_name(tmp_path, names, patterns, says):
    error = refused(find_files, folder(tmp_path, *names), patterns)
    assert any(says in part.message and part.file for part in [error, *getattr(error, "faults", [])])


def test_a_folder_that_cannot_be_audited_is_refused(tmp_path, monkeypatch):
    assert "does not exist" in refused(find_files, tmp_path / "nowhere").message
    (tmp_path / "file").touch()
    assert "not a folder" in refused(find_files, tmp_path / "file").message
    (tmp_path / "empty").mkdir()
    assert "no files" in refused(find_files, tmp_path / "empty").message
    (tmp_path / "empty" / "accesses.csv").touch()
    error = refused(find_files, tmp_path / "empty")
    assert isinstance(error, UserErrors) and len(error.faults) == 2
    (tmp_path / "empty" / "cases.csv").touch()
    assert "'disclosures'" in refused(find_files, tmp_path / "empty").message

    def no_permission(*_arguments):
        raise PermissionError(13, "Permission denied", str(tmp_path / "empty"))

    monkeypatch.setattr(os, "scandir", no_permission)
    assert "cannot be read" in refused(find_files, tmp_path / "empty").message


def test_links_may_not_lead_out(tmp_path):
    place = folder(tmp_path, "accesses.csv")
    (place / "staff.csv").symlink_to(place / "accesses.csv")
    found = find_files(place)
    assert [file.relative for file in found.files] == ["accesses.csv", "cases.csv", "disclosures.csv"]
    assert found.ignored == (place / "staff.csv",)
    (tmp_path / "outside.csv").touch()
    (place / "residences.csv").symlink_to(tmp_path / "outside.csv")
    assert refused(find_files, place).file == "residences.csv"
    (place / "residences.csv").unlink()
    (place / "loop").symlink_to(place / "loop")
    assert refused(find_files, place).file == "loop"
    (place / "loop").unlink()
    (place / "more").symlink_to(tmp_path)
    assert refused(find_files, place).file == "more"


def test_hostile_file_names_are_masked_in_errors(tmp_path):
    error = refused(find_files, folder(tmp_path, "cases-20170101-9802\x1b[31m.xls"))
    assert "9802" not in error.file and "\x1b" not in error.file


def test_names_of_sheets_and_files_are_words():
    assert tables_named("Blad Ärenden (2)") == {"cases"}
    assert tables_named("ärendelista") == set()
