"""Files that unpack without end, change or cannot be opened are refused; what is said of them is Swedish too."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import zipfile
import zlib
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from babel.messages.extract import extract

import auditor
from auditor.intake.readers import LIMITS, Limits
from auditor.words import _ as translated
from auditor.words import speak
from tests.reading import MARK, MIB, read_path, reader, refused
from tests.running import in_english
from tests.workbook_parts import MAIN, package, sheet_of

english = pytest.fixture(autouse=True)(in_english)
read = pytest.fixture(reader)

SMALL = Limits(
    ratio_from=MIB, gzip_bytes=8 * MIB, workbook_bytes=4 * MIB, workbook_parts=20, workbook_ratio_from=MIB, text_ratio_from=MIB
)


@pytest.mark.parametrize("name", ["cases.csv.gz", "cases.xlsx.gz", "cases.parquet.gz", "cases.jsonl.gz"])
def test_damaged_gzip_is_refused(read, name):
    whole = gzip.compress((f"a;b\n{MARK};2\n" * 50).encode(), mtime=0)
    for content in (
        whole[:-1],
        whole[:-8] + b"\0" * 8,
        whole[:15],
        whole + b"junk",
        b"a;b\n1;2\n",
        whole[:12] + b"\xff" + whole[13:],
    ):
        assert "gzipped file is damaged" in refused(read, content, name).message


@pytest.mark.parametrize("name", ["cases.csv.gz", "cases.xlsx.gz", "cases.parquet.gz", "cases.jsonl.gz"])
def test_gzip_that_unpacks_without_end_is_refused(read, name):
    error = refused(read, gzip.compress(b"a;b\n" + b"1;2\n" * MIB), name, limits=SMALL)
    assert "200 times its size and more than 1 MiB" in error.message and "docs/limits.md" in error.hint
    assert "more than 8 MiB" in refused(read, gzip.compress(os.urandom(9 * MIB), 1), name, limits=SMALL).message


def test_honest_repetitive_logs_pass(read):
    text = "event_id;at;user_id;action\n" + "".join(f"E{n:07d};2026-10-03 14:{n % 60:02d};u1;read\n" for n in range(60_000))
    assert read(gzip.compress(text.encode(), 9), "cases.csv.gz", limits=SMALL).rows_read == 60_000


def test_workbooks_that_unpack_without_end_are_refused(tmp_path, read):
    path = tmp_path / "cases.xlsx"

    def says(changed):
        return refused(read_path, package(path, changed), limits=SMALL).message

    assert "more than 4 MiB" in says({"xl/media/picture.png": os.urandom(5 * MIB)})
    assert "100 times its size and more than 1 MiB" in says({"xl/sheet.xml": sheet_of(" " * 2 * MIB)})
    assert "more than 20 parts" in says({f"xl/{n}.xml": "" for n in range(20)})
    shared = {"xl/strings.xml": f'<sst xmlns="{MAIN}"><si><t>{"x" * 30_000}</t></si></sst>'}
    shared["xl/sheet.xml"] = sheet_of('<c t="s"><v>0</v></c></row><row>' * 1_000)
    assert "written out" in says(shared)


def test_a_workbook_that_lies_about_its_size_is_refused(tmp_path, read):
    content = sheet_of(" " * 8 * MIB).encode()
    whole = package(tmp_path / "cases.xlsx", {"xl/sheet.xml": content}).read_bytes()
    lying = whole.replace(len(content).to_bytes(4, "little"), (1_000).to_bytes(4, "little"))
    assert lying != whole
    assert "damaged" in refused(read, lying, "cases.xlsx", limits=SMALL).message


def test_a_zip_with_a_directory_without_end_is_refused(tmp_path):
    path = tmp_path / "cases.xlsx"
    with zipfile.ZipFile(path, "w") as file:
        for n in range(100):
            file.writestr("x" * 1_000 + str(n), b"")
    assert "more than 20 parts" in refused(read_path, path, limits=SMALL).message


def test_parquet_that_unpacks_without_end_is_refused(tmp_path):
    path = tmp_path / "cases.parquet"
    many = pa.DictionaryArray.from_arrays(pa.array([0] * 100_000, pa.int32()), ["x" * 5_000])
    pq.write_table(pa.table({"a": many}), path)
    assert "written out" in refused(read_path, path, limits=SMALL).message
    assert "more than 1 KiB" in refused(read_path, path, limits=replace(LIMITS, parquet_cell_bytes=1_024)).message
    assert "next to no room" in refused(read_path, path, limits=replace(LIMITS, parquet_sparse_values_from=50_000)).message
    assert "more than 99\u00a0999 rows" in refused(read_path, path, limits=replace(LIMITS, parquet_rows=99_999)).message
    assert "takes more than" in refused(read_path, path, limits=replace(LIMITS, parquet_footer_bytes=100)).message
    pq.write_table(pa.table({"a": [["x"] * 1_000_000]}), path)
    assert "next to no room" in refused(read_path, path, limits=replace(LIMITS, parquet_sparse_values_from=500_000)).message
    pq.write_table(pa.table({"a": ["y" * 2 * MIB]}), path, compression="zstd", use_dictionary=False)
    assert "200 times" in refused(read_path, path, limits=SMALL).message


def test_one_long_text_among_many_short_ones_in_parquet_passes(tmp_path):
    path = tmp_path / "cases.parquet"
    pq.write_table(pa.table({"case_id": ["x" * 500_000] + [f"C{n}" for n in range(100_000)]}), path)
    assert 1000 * path.stat().st_size < 100_001 * 500_000  # as if every row had the longest text
    assert read_path(path, limits=SMALL).rows_read == 100_001
    assert "more than 1 MiB" in refused(read_path, path, limits=replace(SMALL, text_bytes=MIB)).message
    assert read_path(path, limits=replace(SMALL, text_bytes=2 * MIB)).rows_read == 100_001


@pytest.mark.parametrize("name", ["cases.csv", "cases.jsonl", "cases.parquet", "cases.xlsx"])
def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path, monkeypatch, name):
    path = tmp_path / name
    if name.endswith("parquet"):
        pq.write_table(pa.table({"a": ["x"]}), path)
    elif name.endswith("xlsx"):
        package(path)
    else:
        path.write_text('{"a": 1}\n')

    def hash_and_change(*arguments):
        with path.open("ab") as file:
            file.write(b"more")
        return hashlib.sha256(*arguments)

    monkeypatch.setattr("auditor.intake.readers.source.hashlib", SimpleNamespace(sha256=hash_and_change))
    assert "changed" in refused(read_path, path).message


def test_a_file_that_is_gone_or_locked_is_refused(tmp_path, monkeypatch):
    assert "cannot be read" in refused(read_path, tmp_path / "cases.csv").message
    path = tmp_path / "cases.csv"
    path.write_text("a;b\n")

    def no_permission(*_arguments, **_options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", no_permission)
    assert "cannot be read" in refused(read_path, path).message


def test_errors_speak_swedish(read):
    speak("sv")
    assert refused(read, b"").message == "Filen är tom."
    assert refused(read, zlib.compress(b"x"), "cases.csv.gz").message == "Den gzippade filen är skadad eller avbruten."


def test_every_sentence_has_a_swedish_one():
    home = Path(auditor.__file__).parent / "intake"
    speak("sv")
    for path in [home / "files.py", *(home / "readers").glob("*.py")]:
        for _line, _function, sentence, _comments in extract("python", io.BytesIO(path.read_bytes()), keywords={"_": None}):
            assert translated(sentence) != sentence, (path.name, sentence)
