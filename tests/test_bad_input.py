"""Exports that cannot be audited: one clear error and nothing written. Never a cell's value."""

from __future__ import annotations

import base64
import functools
import gzip
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

import auditor.intake.heading_rows
from auditor.intake.readers import LIMITS, read_raw
from tests.exports import CASE, DISCLOSURE, csv_text, table_rows
from tests.spoiling import MARK, MIB, marked, refuser, spoil

refused = pytest.fixture(refuser)

# ----------------------------------------------------------------------------------------------------------- refused exports


def no_such_folder(folder: Path) -> None:
    (folder / "in").rmdir()


def a_file_instead_of_a_folder(folder: Path) -> None:
    (folder / "in").rmdir()
    (folder / "in").write_text(MARK)


def an_empty_folder(folder: Path) -> None:
    assert not any((folder / "in").iterdir())


def no_file_of_disclosures(folder: Path) -> None:
    (marked(folder / "in") / "disclosures.csv").unlink()


def no_file_that_fits_a_table(folder: Path) -> None:
    (folder / "in" / "lista.csv").write_text(f"a;b\n{MARK};2\n")


def a_form_that_is_not_read(folder: Path) -> None:
    spoil(marked(folder / "in") / "disclosures.csv", bytes, "disclosures.xls")


def a_file_that_fits_two_tables(folder: Path) -> None:
    spoil(marked(folder / "in") / "staff.csv", bytes, "staff-cases.csv")


def two_files_with_different_columns(folder: Path) -> None:
    rows = table_rows("disclosures", [{"channel": MARK}])
    headings = [name for name in DISCLOSURE if name != "motivation"]
    text = csv_text(headings, [[row[name] for name in headings] for row in rows])
    (marked(folder / "in") / "disclosures-2.csv").write_text(text, encoding="utf-8")


def a_required_column_is_missing(folder: Path) -> None:
    path = marked(folder / "in") / "disclosures.csv"
    spoil(path, lambda content: content.replace(b"recipient;", b"recipent;").replace(b"user_id;", b"zzz;"))


def an_empty_file(folder: Path) -> None:
    spoil(marked(folder / "in") / "cases.csv", lambda content: b"")


def headings_and_no_rows(folder: Path) -> None:
    spoil(marked(folder / "in") / "disclosures.csv", lambda content: content.splitlines(keepends=True)[0])


def rows_and_no_headings(folder: Path) -> None:
    spoil(marked(folder / "in") / "disclosures.csv", lambda content: content.splitlines(keepends=True)[1])


def no_disclosure_with_a_time(folder: Path) -> None:
    marked(folder / "in", disclosures=[{"at": MARK}])


def truncated_parquet(folder: Path) -> None:
    spoil(marked(folder / "in", form="parquet") / "cases.parquet", lambda content: content[:-20])


def parquet_torn_in_the_middle(folder: Path) -> None:
    spoil(
        marked(folder / "in", form="parquet") / "disclosures.parquet",
        lambda content: content[:4] + b"\xff" * 300 + content[304:],
    )


def truncated_gzip(folder: Path) -> None:
    spoil(marked(folder / "in") / "cases.csv", lambda content: gzip.compress(content)[:-9], "cases.csv.gz")


def truncated_workbook(folder: Path) -> None:
    spoil(marked(folder / "in", form="xlsx") / "cases.xlsx", lambda content: content[:-100])


def a_workbook_with_a_password(folder: Path) -> None:
    # a workbook that Excel encrypted is no zip: its first bytes are those of a compound file
    compound = base64.b64decode("0M8R4KGxGuEAAAAAAAAAAAAAAAAAAAAAPgADAP7/CQAGAAAA")
    spoil(marked(folder / "in") / "cases.csv", lambda content: compound + content, "cases.xlsx")


def a_workbook_with_several_sheets(folder: Path) -> None:
    (marked(folder / "in") / "cases.csv").unlink()
    with xlsxwriter.Workbook(folder / "in" / "cases.xlsx") as book:
        for name in ("Blad1", "Blad2"):
            book.add_worksheet(name).write_string(0, 0, MARK)


def a_link_that_leads_out(folder: Path) -> None:
    (folder / "elsewhere.csv").write_text(MARK)
    (marked(folder / "in") / "staff-2.csv").symlink_to(folder / "elsewhere.csv")


def text_in_another_encoding_than_any(folder: Path) -> None:
    spoil(marked(folder / "in") / "cases.csv", lambda content: content.decode().encode("utf-16")[2:])


REFUSED = {
    no_such_folder: ["in:", "does not exist", "INPUT is the folder"],
    a_file_instead_of_a_folder: ["in:", "not a folder"],
    an_empty_folder: ["holds no files"],
    no_file_of_disclosures: ["'disclosures'", "Name the file disclosures.csv or utlämnanden.csv"],
    no_file_that_fits_a_table: ["'cases'", "'disclosures'"],
    a_form_that_is_not_read: ["disclosures.xls:", "Save it as CSV"],
    a_file_that_fits_two_tables: ["staff-cases.csv:", "cases, staff"],
    two_files_with_different_columns: ["disclosures-2.csv", "disclosures.csv", "motivation"],
    a_required_column_is_missing: ["disclosures.csv", "recipient (usually 'Mottagare'; nearest here: 'recipent')", "user_id"],
    an_empty_file: ["cases.csv:", "empty"],
    headings_and_no_rows: ["disclosures.csv:", "no rows", "Export the table again"],
    rows_and_no_headings: ["disclosures.csv", "line 1", "headings"],
    no_disclosure_with_a_time: ["disclosure", "--period"],
    truncated_parquet: ["cases.parquet:", "damaged"],
    parquet_torn_in_the_middle: ["disclosures.parquet:", "damaged"],
    truncated_gzip: ["cases.csv.gz:", "damaged"],
    truncated_workbook: ["cases.xlsx:", "damaged"],
    a_workbook_with_a_password: ["cases.xlsx:", "password"],
    a_workbook_with_several_sheets: ["cases.xlsx:", "sheet", "mapping"],
    a_link_that_leads_out: ["staff-2.csv:", "link"],
    text_in_another_encoding_than_any: ["cases.csv", "UTF-16"],
}


@pytest.mark.parametrize("build", REFUSED, ids=lambda build: build.__name__)
def test_what_cannot_be_audited_is_refused_with_place_and_next_step(refused, tmp_path, build):
    (tmp_path / "in").mkdir()
    build(tmp_path)
    said = refused()
    assert [words for words in REFUSED[build] if words not in said] == [], said


# --------------------------------------------------------------------------------------------------------------------- bombs


def gzip_bomb(folder: Path) -> None:
    member = gzip.compress(bytes(MIB), mtime=0)
    spoil(marked(folder) / "cases.csv", lambda content: gzip.compress(content, mtime=0) + member * 300, "cases.csv.gz")


def workbook_bomb(folder: Path) -> None:
    path = marked(folder, form="xlsx") / "cases.xlsx"
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/media/picture.png", bytes(5 * MIB))


def parquet_bomb(folder: Path) -> None:
    path = marked(folder, form="parquet") / "cases.parquet"
    rows = 100_000
    names = pa.array([f"SN-{n}" for n in range(rows)])
    same = pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), ["x" * 5_000])
    pq.write_table(pa.table({name: names if name == "case_id" else same for name in CASE}), path)


@pytest.mark.parametrize(("build", "limits"), [(gzip_bomb, False), (workbook_bomb, True), (parquet_bomb, True)])
def test_bombs_are_refused_at_a_stated_limit(refused, tmp_path, monkeypatch, build, limits):
    if limits:
        small = replace(LIMITS, ratio_from=MIB, workbook_bytes=4 * MIB, text_ratio_from=MIB)
        monkeypatch.setattr(auditor.intake.heading_rows, "read_raw", functools.partial(read_raw, limits=small))
    build(tmp_path / "in")
    said = refused()
    assert "cases." in said and "docs/limits.md" in said
    assert re.search(r"more than (256|4|1) MiB|written out", said)
