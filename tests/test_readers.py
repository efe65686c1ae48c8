"""From files on disk to raw cells: which file is which table, forms and encodings, torn rows, bombs; no value in an error."""

from __future__ import annotations

import base64
import csv
import datetime
import gzip
import hashlib
import io
import json
import os
import tracemalloc
import unicodedata
import zipfile
import zlib
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pyarrow as pa
import pyarrow.parquet as pq
import pyarrow.parquet.encryption as pe
import pytest
import xlsxwriter
from babel.messages.extract import extract
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import auditor
from auditor.errors import UserError, UserErrors
from auditor.intake.files import Form, InputFile, find_files, tables_named
from auditor.intake.readers import LIMITS, UNREADABLE, Limits, RawFile, Torn, read_raw
from auditor.words import _ as translated
from auditor.words import speak

MARK = "MARKÖR-20170101-9802"  # stands in cells, and may stand in no error
MIB = 1024 * 1024


@pytest.fixture(autouse=True)
def english():
    speak("en")
    yield
    speak("sv")


@pytest.fixture
def read(tmp_path):
    """Write bytes to a file of a name and read it."""

    def write_and_read(content: bytes | str, name: str = "cases.csv", **options) -> RawFile:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_path(path, **options)

    return write_and_read


def read_path(path: Path, **options) -> RawFile:
    into = path.parent / "into"
    into.mkdir(exist_ok=True)
    for left in into.iterdir():
        left.unlink()
    bare = path.name.removesuffix(".gz")
    return read_raw(InputFile(path, path.name, "cases", Form(bare.rpartition(".")[2]), path.suffix == ".gz"), into, **options)


def rows(raw: RawFile) -> list[tuple]:
    """The cells of all rows, each with its line at the end."""
    table = pq.read_table(raw.cells)
    return [tuple(row.values()) for row in table.to_pylist()]


def torn(raw: RawFile) -> list[tuple[int, str]]:
    return [(row["line"], row["reason"]) for row in pq.read_table(raw.torn).to_pylist()] if raw.torn else []


def refused(action, *arguments, **options) -> UserError:
    """The error of an action: it says what is wrong and what to do next, and holds nothing from a cell."""
    with pytest.raises(UserError) as caught:
        action(*arguments, **options)
    error = caught.value
    for part in [error, *getattr(error, "faults", [])]:
        assert part.message and part.hint and "{" not in part.message + part.hint
        assert "MARK" not in f"{part.message} {part.hint} {part.file} {part.column}"
    return error


# ---------------------------------------------------------------------------------------------------- which file is which table


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


# ------------------------------------------------------------------------------------------------------------ encodings of text

SWEDISH = "ärende;ort\r\n1;Åmål\r\n2;Öckerö\r\n"


@pytest.mark.parametrize(
    "content",
    [
        SWEDISH.encode(),
        SWEDISH.encode("utf-8-sig"),
        SWEDISH.encode("cp1252"),
        b"\xff\xfe" + SWEDISH.encode("utf-16-le"),
        b"\xfe\xff" + SWEDISH.encode("utf-16-be"),
        SWEDISH.replace("\r\n", "\n").encode(),
        SWEDISH.replace("\r\n", "\r").encode(),
        SWEDISH.removesuffix("\r\n").encode(),
        b"\n \r\n" + SWEDISH.encode(),
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_every_encoding_and_end_of_line_gives_the_same_cells(read, content, packed):
    raw = read(gzip.compress(content[:9]) + gzip.compress(content[9:]) if packed else content, "cases.csv" + ".gz" * packed)
    start = 3 if content.startswith(b"\n") else 1
    assert raw.headings == ("ärende", "ort") and raw.columns == ("c0", "c1")
    assert rows(raw) == [("1", "Åmål", start + 1), ("2", "Öckerö", start + 2)]
    assert (raw.rows_read, raw.torn, raw.native) == (2, None, False)
    assert raw.sha256 == hashlib.sha256(raw.file.path.read_bytes()).hexdigest()


def test_the_first_letter_beyond_ascii_may_come_late(read):
    text = "a;b\n" + "1;2\n" * 300_000 + "1;å\n"
    assert pq.read_table(read(text.encode("cp1252")).cells)["c1"][-1].as_py() == "å"


@pytest.mark.parametrize(
    ("lines", "bad"),
    [
        (["å;1", "ä;2", ("ö;3", "cp1252")], [4]),
        ([("å;1", "cp1252"), ("ä;2", "cp1252"), "ö;3"], [4]),
        (["å;1", ("ä;2", "cp1252")], [3]),  # even: UTF-8
        ([("å;1", "cp1252"), ("ä;2", "cp1252"), "ö;3", b"\x81;4"], [4, 5]),
    ],
)
def test_of_two_encodings_the_majority_counts_and_the_others_are_torn(read, lines, bad):
    coded = [
        line if isinstance(line, bytes) else line.encode() if isinstance(line, str) else line[0].encode(line[1])
        for line in lines
    ]
    raw = read(b"\n".join([b"a;b", *coded]))
    assert torn(raw) == [(line, Torn.UNDECODABLE) for line in bad]
    assert raw.rows_read == len(lines) and [row[-1] for row in rows(raw)] == [
        n for n in range(2, 2 + len(lines)) if n not in bad
    ]


def test_a_byte_that_is_in_no_encoding_is_named_with_its_place(read):
    error = refused(read, b"a;b\n1;2\n3;MARK\x81\n4;\xe5\n")
    assert error.line == 3 and "byte 0x81 at position 15" in error.message and "UTF-8" in error.hint
    error = refused(read, "a;b\n1;Åre\n".encode("cp850"))
    assert error.line == 2 and "byte 0x8F at position 7" in error.message


def test_with_a_mark_lines_that_do_not_decode_are_torn(read):
    assert torn(read("a;b\n1;å\n".encode("utf-8-sig") + b"2;\xe5\n")) == [(3, Torn.UNDECODABLE)]
    half = "\ufeffa;b\n1;\ud800\n2;x\n3;å".encode("utf-16-le", "surrogatepass")
    raw = read(half[:-1])
    assert torn(raw) == [(2, Torn.UNDECODABLE), (4, Torn.UNDECODABLE)] and rows(raw) == [("2", "x", 3)]


def test_a_heading_that_cannot_be_decoded_is_refused(read):
    error = refused(read, "\ufeffa;b\n".encode().replace(b"b", b"\xe5") + b"1;2\n")
    assert error.line == 1


def test_utf_16_without_a_mark_and_other_forms_in_disguise_are_refused(read):
    assert "UTF-16" in refused(read, f"a;b\n{MARK};2\n".encode("utf-16-le")).message
    for content in (gzip.compress(b"a;b\n"), b"PK\x03\x04....", b"PAR1....", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        assert "not text" in refused(read, content).message


# ------------------------------------------------------------------------------------------------------------------------- CSV


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_the_delimiter_is_found_in_the_heading(read, delimiter):
    raw = read(f'"a,;,b"{delimiter}b{delimiter}\n1{delimiter}{delimiter}"3"\n{delimiter}{delimiter}\n')
    assert raw.headings == ("a,;,b", "b", "")
    assert rows(raw) == [("1", None, "3", 2), (None, None, None, 3)]


def test_the_delimiter_may_be_declared(read):
    raw = read("sep=|\r\na;b|c\r\n1|2\r\n")
    assert (raw.headings, rows(raw)) == (("a;b", "c"), [("1", "2", 3)])
    assert read("a;b|c\n1;2\n", delimiter=";").headings == ("a", "b|c")
    assert "separator" in refused(read, "sep=:\na:b\n").message


def test_one_column_blank_lines_and_empty_cells(read):
    raw = read('a\n1\n\n  \n""\n"  "\n2,3\n')
    assert rows(raw) == [("1", 2), (None, 5), ("  ", 6), ("2,3", 7)]
    raw = read("a;b\n\n1;2\n \t \n;\n")
    assert rows(raw) == [("1", "2", 3), (None, None, 5)] and raw.rows_read == 2


def test_header_only_is_no_rows_and_an_empty_file_is_refused(read):
    raw = read("a;b\n")
    assert (raw.rows_read, rows(raw), pq.read_schema(raw.cells).names) == (0, [], ["c0", "c1", "line"])
    for content in (b"", b"\xef\xbb\xbf", b"\n \n\n", b"sep=;\n", b"\xff\xfe"):
        assert "empty" in refused(read, content).message
    assert "empty" in refused(read, gzip.compress(b""), "cases.csv.gz").message


def test_headings_that_cannot_be_used_are_refused(read):
    error = refused(read, f"{MARK};b;{MARK.lower()}\n")
    assert "positions 1 and 3" in error.message and error.line == 1
    assert "NUL" in refused(read, "a;\0b\n").message
    assert refused(read, f'\na;"{MARK}\n1;2\n').line == 2
    assert "more than 2\u00a0000 columns" in refused(read, ";" * 2_000 + "\n1\n").message
    assert "cannot be read" in refused(read, "a" * (MIB + 1)).message
    assert read("a;;\n1;2;3\n").headings == ("a", "", "")


def test_headings_may_hold_line_breaks(read):
    raw = read('"Datum\n(för; beslut)";b\n1;2\n')
    assert (raw.headings, rows(raw)) == (("Datum\n(för; beslut)", "b"), [("1", "2", 3)])


def test_rows_of_the_wrong_width_are_torn(read):
    raw = read("a;b\n1;2\n1\n1;2;\n1,2\n3;4")
    assert torn(raw) == [(line, Torn.WRONG_COLUMN_COUNT) for line in (3, 4, 5)]
    assert rows(raw) == [("1", "2", 2), ("3", "4", 6)] and raw.rows_read == 5


def test_an_open_quotation_mark_costs_one_row_only(read):
    lines = ["a;b", '1;"x', *(f"{n};y" for n in range(2, 3_000)), '3000;"ok"', "3001;z"]
    raw = read("\n".join(lines))
    assert torn(raw) == [(2, Torn.TOO_LONG)]
    assert raw.rows_read == 3_001 and [row[-1] for row in rows(raw)] == list(range(3, 3_003))
    raw = read('a;b\n1;"x\n2;y\n3;z\n4;"ok"\n')
    assert torn(raw) == [(2, Torn.BAD_QUOTING)] and len(rows(raw)) == 3
    raw = read('a;b\n1;2\n3;"half a ro')
    assert torn(raw) == [(3, Torn.BAD_QUOTING)] and rows(raw) == [("1", "2", 2)]
    raw = read('a;b\n1;"x\n2;y";z;\n3;4\n')  # a record that spans lines, and is too wide
    assert torn(raw) == [(2, Torn.WRONG_COLUMN_COUNT), (3, Torn.WRONG_COLUMN_COUNT)] and rows(raw) == [("3", "4", 4)]


def test_a_torn_line_ends_an_open_record(read):
    raw = read(b'a;b\n1;"x\n\0\ny"\n2;3\n')
    assert torn(raw) == [(2, Torn.BAD_QUOTING), (3, Torn.NUL_BYTE), (4, Torn.WRONG_COLUMN_COUNT)]
    assert rows(raw) == [("2", "3", 5)]


def test_what_is_torn_does_not_depend_on_where_blocks_end(read, monkeypatch):
    lines = ["a;b"]
    for n in range(400):
        lines += [f'{n};"å\nb"', f'{n};"open', f"{n};c;d", f'{n};"e"f', "", f'{n};"\n\n\n"']
    content = "\n".join(lines).encode()
    whole = read(content)
    for size in (1, 7, 64, 1_000):
        monkeypatch.setattr("auditor.intake.readers.source.BLOCK_BYTES", size)
        parts = read(content)
        assert (rows(parts), torn(parts), parts.rows_read) == (rows(whole), torn(whole), whole.rows_read)
        monkeypatch.undo()
    assert {reason for _line, reason in torn(whole)} == {Torn.BAD_QUOTING, Torn.WRONG_COLUMN_COUNT}


def test_hostile_quotation_marks_are_refused_before_they_cost_hours(read):
    limits = replace(LIMITS, read_again_characters=10_000_000)
    assert "quotation marks" in refused(read, "a;b\n" + 'a";"\n' * 300_000, limits=limits).message


def test_a_line_of_50_mb_is_torn_without_being_held(read, tmp_path):
    path = tmp_path / "cases.csv"
    path.write_bytes(b"a;b\n1;2\n3;" + b"x" * 50_000_000 + b"\n5;6\n")
    read("a;b\n1;2\n", "warm.csv")
    tracemalloc.start()
    raw = read_path(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert torn(raw) == [(3, Torn.TOO_LONG)] and rows(raw) == [("1", "2", 2), ("5", "6", 4)]
    assert peak < 16 * MIB


def test_the_limit_of_a_line_is_exact(read):
    limits = replace(LIMITS, line_bytes=10)
    raw = read("a;b\n12345;7890\n12345;78901\nå2345;789\nå2345;7890\n", limits=limits)
    assert torn(raw) == [(3, Torn.TOO_LONG), (5, Torn.TOO_LONG)]


def test_lone_returns_inside_a_file_with_line_feeds_are_not_ends_of_lines(read):
    raw = read(b'a;b\n1;"x\ry"\n2;z\rq\n3;4\n')
    assert rows(raw) == [("1", "x\ry", 2), ("3", "4", 4)] and torn(raw) == [(3, Torn.BAD_QUOTING)]


def test_no_other_character_ends_a_line(read):
    text = "x\x0b\x0c\x1c\x85\u2028y"
    assert rows(read(f"a;b\n1;{text}\n")) == [("1", text, 2)]


def test_a_mark_inside_a_file_is_part_of_its_cell(read, monkeypatch):
    monkeypatch.setattr("auditor.intake.readers.source.BLOCK_BYTES", 4)
    assert rows(read("a;b\n\ufeff1;2\n")) == [("\ufeff1", "2", 2)]


cells_of_csv = st.text(st.sampled_from("aå;,\"'\t|\n\r =Öx"), max_size=6)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(cells_of_csv, cells_of_csv, cells_of_csv), max_size=20),
    st.sampled_from(";,\t|"),
    st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16"]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_what_a_csv_writer_writes_is_read_back(tmp_path, table, delimiter, encoding, end):
    text = io.StringIO()
    quoting = csv.QUOTE_MINIMAL if end == "\r\n" else csv.QUOTE_ALL  # minimal leaves a lone return bare
    writer = csv.writer(text, delimiter=delimiter, lineterminator=end, quoting=quoting)
    writer.writerow(["a", "b", "c"])
    expected = []
    for row in table:
        expected.append((*(cell or None for cell in row), text.getvalue().count("\n") + 1))
        writer.writerow(row)
    path = tmp_path / "cases.csv"
    path.write_bytes(text.getvalue().encode(encoding))
    raw = read_path(path)
    assert rows(raw) == expected and torn(raw) == []


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from([b'"', b";", b"\n", b"\r", b"a", b"\xe5", b"\xc3\xa5", b"\0", b" "]), max_size=60))
def test_every_line_of_any_bytes_is_a_row_or_torn_or_blank(tmp_path, parts):
    path = tmp_path / "cases.csv"
    body = b"".join(parts)
    path.write_bytes(b"a;b\n" + body)
    raw = read_path(path)
    lines = body.split(b"\n")
    seen = [row[-1] for row in rows(raw)] + [line for line, _reason in torn(raw)]
    assert raw.rows_read == len(seen) == len(set(seen))
    covered = sum((cell or "").count("\n") for row in rows(raw) for cell in row[:-1])
    written = [number for number, line in enumerate(lines, 2) if line.strip()]
    assert len(written) - covered <= len(seen) <= len(lines) and set(seen) <= set(range(2, len(lines) + 2))


# ------------------------------------------------------------------------------------------------------------------ JSON Lines


def test_json_lines(read):
    lines = [
        {"a": "x", "b": 182, "c": 182.0, "d": True, "e": None, "f": "", "g": 0.5},
        {"h": ["p", 1, False, None], "a ": "\u00e5", "i": [], "k": {"deep": MARK}, "l": [["q"]]},
        {"a": 201701012393, "m": ["x\x1fy"]},
    ]
    raw = read("\n".join(json.dumps(line) for line in lines) + "\n\n", "cases.jsonl")
    assert raw.headings == ("a", "b", "c", "d", "e", "f", "g", "h", "i", "k", "l", "m")
    nothing = [None] * 5
    assert rows(raw) == [
        ("x", "182", "182", "true", None, None, "0.5", *nothing, 1),
        ("å", *[None] * 6, "\x1fp\x1f1\x1ffalse\x1f", None, UNREADABLE, UNREADABLE, None, 2),
        ("201701012393", *[None] * 10, UNREADABLE, 3),
    ]


def test_numbers_of_json_are_not_guessed(read):
    raw = read('{"a": 2.01701E+11, "b": 1e3, "c": 12345678901234567890, "d": -1.50, "e": 1E400}', "cases.jsonl")
    assert rows(raw) == [("2.01701E+11", "1e3", "12345678901234567890", "-1.50", "1E400", 1)]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"a": "MARK', Torn.BAD_JSON),
        (b'["MARK"]', Torn.BAD_JSON),
        (b'"MARK"', Torn.BAD_JSON),
        (b'{"a": NaN}', Torn.BAD_JSON),
        (b'{"a": -Infinity}', Torn.BAD_JSON),
        (b'{"a": 1} {"a": 2}', Torn.BAD_JSON),
        (b'{"a": ' + b"[" * 100_000, Torn.BAD_JSON),
        (b'{"a": "\\ud800"}', Torn.BAD_JSON),
        (b'{"a": "\\u0000"}', Torn.NUL_BYTE),
        (b'{"a": "\0"}', Torn.NUL_BYTE),
        (b'{"a": 1, "a": 1}', Torn.DUPLICATE_KEY),
        (b'{"a": 1, " a": 1}', Torn.DUPLICATE_KEY),
        (b'{"a": {"b": 1, "b": 2}}', Torn.DUPLICATE_KEY),
        ('{"a": "å"}'.encode("cp1252"), Torn.UNDECODABLE),
        (b'{"a": "' + b"x" * MIB + b'"}', Torn.TOO_LONG),
    ],
)
def test_torn_lines_of_json(read, line, reason):
    raw = read(b'{"a": 1}\n' + line + b'\n{"a": "\xc3\xa5"}', "cases.jsonl")
    assert torn(raw) == [(2, reason)] and rows(raw) == [("1", 1), ("å", 3)] and raw.rows_read == 3


def test_json_in_utf_16_and_later_keys_over_many_batches(read, monkeypatch):
    assert rows(read('{"å": "ö"}\n'.encode("utf-16"), "cases.jsonl")) == [("ö", 1)]
    monkeypatch.setattr("auditor.intake.readers.source.BLOCK_BYTES", 100)
    raw = read("".join(json.dumps({"a": n, f"k{n // 50}": n}) + "\n" for n in range(200)), "cases.jsonl")
    assert raw.headings == ("a", "k0", "k1", "k2", "k3")
    assert rows(raw)[130] == ("130", None, None, "130", None, 131) and len(rows(raw)) == 200
    assert len(list(raw.cells.parent.iterdir())) == 1


def test_files_that_are_no_json_lines_are_refused(read):
    assert "one JSON list" in refused(read, f'\n[{{"a": "{MARK}"}}]', "cases.json".replace("json", "jsonl")).message
    assert "No line" in refused(read, f'{{\n"a": "{MARK}"\n}}', "cases.jsonl").message
    assert "empty" in refused(read, "\n \n", "cases.jsonl").message
    assert "positions 1 and 2" in refused(read, '{"MARK": 1}\n{"mark": 2}', "cases.jsonl").message
    many = "".join(json.dumps({f"k{n}": 1}) + "\n" for n in range(2_001))
    assert "columns" in refused(read, many, "cases.jsonl").message


# ------------------------------------------------------------------------------------------------------------------------ XLSX


def workbook(path: Path, **sheets) -> Path:
    """A workbook with sheets of rows; a date or moment gets the style of its kind, and a function writes itself."""
    with xlsxwriter.Workbook(path) as book:
        day, moment = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        for name, content in sheets.items():
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(content):
                for column, cell in enumerate(cells):
                    if callable(cell):
                        cell(book, sheet, row, column)
                    elif isinstance(cell, datetime.datetime):
                        sheet.write_datetime(row, column, cell, moment)
                    elif isinstance(cell, datetime.date):
                        sheet.write_datetime(row, column, cell, day)
                    elif cell is not None:
                        sheet.write(row, column, cell)
    return path


def test_a_workbook(tmp_path):
    error = lambda _book, sheet, row, column: sheet.write_formula(row, column, "=NA()", None, "#N/A")  # noqa: E731
    time = lambda book, sheet, row, column: sheet.write(row, column, 0.25, book.add_format({"num_format": "hh:mm"}))  # noqa: E731
    rich = lambda book, sheet, row, column: sheet.write_rich_string(row, column, "a", book.add_format({"bold": True}), "b")  # noqa: E731
    path = workbook(
        tmp_path / "cases.xlsx",
        Blad1=[
            [],
            ["Ärende ", None, "Tid"],
            ["0182", 182, datetime.datetime(2026, 10, 3, 14, 5)],
            [],
            [201701012393, 0.1, datetime.datetime(2026, 10, 3), True],
            [datetime.date(2026, 10, 3), error, datetime.datetime(2026, 3, 1, 0, 0, 0, 500_000)],
            [" x\ny", time, rich],
            [" "],
        ],
    )
    raw = read_path(path)
    assert raw.headings == ("Ärende", "", "Tid", "")
    assert rows(raw) == [
        ("0182", "182", "2026-10-03 14:05:00", None, 3),
        ("201701012393", "0.1", "2026-10-03 00:00:00", "true", 5),
        ("2026-10-03", UNREADABLE, "2026-03-01 00:00:00.500000", None, 6),
        (" x\ny", "06:00:00", "ab", None, 7),
    ]
    assert raw.rows_read == 4 and raw.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    packed = tmp_path / "cases.xlsx.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert rows(read_path(packed)) == rows(read_path(path))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.datetimes(datetime.datetime(1900, 3, 1), datetime.datetime(9999, 12, 31)), min_size=1, max_size=20))
def test_moments_of_a_workbook_are_read_back_to_the_millisecond(tmp_path, moments):
    moments = [moment.replace(microsecond=moment.microsecond // 1000 * 1000) for moment in moments]
    path = workbook(tmp_path / "cases.xlsx", Blad=[["a"], *([moment] for moment in moments)])
    assert [row[0] for row in rows(read_path(path))] == [moment.isoformat(sep=" ") for moment in moments]


def test_which_sheet_is_read(tmp_path):
    table = [["a"], ["1"]]
    assert rows(read_path(workbook(tmp_path / "cases.xlsx", Tom=[], Blad=table))) == [("1", 2)]
    two = workbook(tmp_path / "cases.xlsx", MARK=[["x"]], Ärenden=table)
    assert read_path(two).headings == ("a",)
    assert read_path(two, sheet="mark").headings == ("x",)
    assert "2 sheets" in refused(read_path, two, sheet="other").message
    error = refused(read_path, workbook(tmp_path / "cases.xlsx", MARK1=table, MARK2=[], MARK3=table))
    assert "2 sheets with cells, at positions 1, 3" in error.message
    assert "no sheet with cells" in refused(read_path, workbook(tmp_path / "cases.xlsx", MARK=[])).message


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
PARTS = {
    "[Content_Types].xml": (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Override PartName="/xl/workbook.xml" ContentType="{TYPES}.sheet.main+xml"/>'
        f'<Override PartName="/xl/strings.xml" ContentType="{TYPES}.sharedStrings+xml"/></Types>'
    ),
    "xl/workbook.xml": (
        f'<x:workbook xmlns:x="{MAIN}" xmlns:q="{RELATED}"><x:sheets><x:sheet name="B" sheetId="1" q:id="r1"/></x:sheets>'
        "</x:workbook>"
    ),
    "xl/_rels/workbook.xml.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{RELATED}/worksheet" Target="/xl/sheet.xml"/></Relationships>'
    ),
    "xl/strings.xml": (
        f'<sst xmlns="{MAIN}"><si><t>a</t></si>'
        "<si><r><t>b_x000D_</t></r><r><t>c</t></r><rPh sb='0' eb='1'><t>no</t></rPh></si></sst>"
    ),
    "xl/styles.xml": (
        f'<styleSheet xmlns="{MAIN}"><numFmts><numFmt numFmtId="170" formatCode="[$-41D]D\\ MMMM\\ &quot;h&quot;"/>'
        '<numFmt numFmtId="171" formatCode="YYYY\\-MM\\-DD\\ HH:MM"/><numFmt numFmtId="172" formatCode="[h]:mm"/></numFmts>'
        '<cellXfs><xf/><xf numFmtId="14"/><xf numFmtId="22"/><xf numFmtId="170"/><xf numFmtId="171"/><xf numFmtId="172"/>'
        "</cellXfs></styleSheet>"
    ),
    "xl/sheet.xml": (
        f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData>'
        '<x:row r="2"><x:c r="B2" t="s"><x:v>0</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    ),
}


def sheet_of(cells: str) -> str:
    return (
        f'<worksheet xmlns="{MAIN}"><dimension ref="A1"/><sheetData><row><c t="str"><v>a</v></c></row>'
        f"<row>{cells}</row></sheetData></worksheet>"
    )


def package(path: Path, changed: dict[str, str | bytes] | None = None, method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as file:
        for name, content in {**PARTS, **(changed or {})}.items():
            file.writestr(name, content)
    return path


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('<c t="s"><v>1</v></c>', "b\rc"),
        ('<c t="inlineStr"><is><r><t>p</t></r><r><t>q</t></r></is></c>', "pq"),
        ('<c t="str"><f>x</f><v></v></c>', None),
        ('<c s="1"/>', None),
        ("<c><f>x</f></c>", UNREADABLE),
        ("<c><f>x</f><v/></c>", UNREADABLE),
        ('<c><f t="shared" si="0"/>\n<v></v></c>', UNREADABLE),
        ("<c><f>x</f><v>182</v></c>", "182"),
        ('<c t="str"><v>_x0000_</v></c>', UNREADABLE),
        ('<c t="str"><v>_xD800_</v></c>', UNREADABLE),
        ('<c t="str"><v>' + "x" * 32_768 + "</v></c>", UNREADABLE),
        ('<c t="e"><v>#REF!</v></c>', UNREADABLE),
        ('<c t="str"><v>#REF!</v></c>', "#REF!"),
        ('<c t="b"><v>0</v></c>', "false"),
        ('<c t="d" s="1"><v>2026-10-03T00:00:00</v></c>', "2026-10-03"),
        ('<c t="d" s="2"><v>2026-10-03T00:00:00</v></c>', "2026-10-03 00:00:00"),
        ('<c s="1"><v>46298</v></c>', "2026-10-03"),
        ('<c s="1"><v>46298.5</v></c>', "2026-10-03 12:00:00"),
        ('<c s="3"><v>46298</v></c>', "2026-10-03"),
        ('<c s="2"><v>46298</v></c>', "2026-10-03 00:00:00"),
        ('<c s="4"><v>46298</v></c>', "2026-10-03 00:00:00"),
        ('<c s="4"><v>46298.0000000116</v></c>', "2026-10-03 00:00:00.001000"),
        ('<c s="5"><v>1.25</v></c>', "1 day, 6:00:00"),
        ('<c s="1"><v>59</v></c>', "1900-02-28"),
        ('<c s="1"><v>61</v></c>', "1900-03-01"),
        ('<c s="2"><v>2958465.9999999999</v></c>', UNREADABLE),
        ('<c s="2"><v>-1</v></c>', UNREADABLE),
        ('<c s="2"><v>1e300</v></c>', UNREADABLE),
        ('<c s="99"><v>182.0</v></c>', "182"),
        ("<c><v>2.0170101239300000E+11</v></c>", "201701012393"),
        ("<c><v>1E+15</v></c>", "1000000000000000.0"),
        ("<c><v>1E+999</v></c>", UNREADABLE),
    ],
)
def test_cells_of_a_workbook(tmp_path, cell, text):
    path = package(tmp_path / "cases.xlsx", {"xl/sheet.xml": sheet_of(f'<c t="str"><v>kept</v></c>{cell}')})
    assert rows(read_path(path)) == [("kept", 2) if text is None else ("kept", text, 2)]


def test_days_counted_from_1904_and_names_with_prefixes(tmp_path):
    book = PARTS["xl/workbook.xml"].replace("<x:sheets>", '<x:workbookPr date1904="1"/><x:sheets>')
    path = package(tmp_path / "cases.xlsx", {"xl/workbook.xml": book, "xl/sheet.xml": sheet_of('<c s="1"><v>44836</v></c>')})
    assert rows(read_path(path)) == [("2026-10-03", 2)]
    assert read_path(package(tmp_path / "cases.xlsx")).headings == ("", "a")


ENTITY = '<!DOCTYPE x [<!ENTITY e "MARK">]>'


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"xl/sheet.xml": f'<worksheet xmlns="{MAIN}"><sheetData><row><c><v>MARK'}, "damaged"),
        ({"xl/sheet.xml": ENTITY + sheet_of('<c t="str"><v>&e;</v></c>')}, "damaged"),
        ({"xl/sheet.xml": (ENTITY + sheet_of('<c t="str"><v>&e;</v></c>')).encode("utf-16")}, "damaged"),
        ({"xl/workbook.xml": " " * 300_000 + ENTITY + PARTS["xl/workbook.xml"]}, "damaged"),
        ({"docProps/core.xml": b'<?xml version="1.0" encoding="cp037"?>' + ENTITY.encode("cp037")}, "damaged"),
        ({"xl/sheet.xml": f'<worksheet xmlns="{MAIN}">' + "<x>" * 200_000}, "damaged"),
        ({"xl/sheet.xml": sheet_of('<c t="s"><v>2</v></c>')}, "damaged"),
        ({"xl/sheet.xml": sheet_of("<c><v>NaN</v></c>")}, "damaged"),
        ({"xl/sheet.xml": sheet_of("<c><v>MARK</v></c>")}, "damaged"),
        ({"xl/sheet.xml": sheet_of('<c r="ZZZZ1"><v>1</v></c>')}, "damaged"),
        ({"xl/sheet.xml": sheet_of('<c r="XFD1"><v>1</v></c>')}, "columns"),
        ({"xl/sheet.xml": sheet_of('</row><row r="1048577"><c><v>1</v></c>')}, "damaged"),
        ({"xl/_rels/workbook.xml.rels": "<Relationships/>"}, "damaged"),
        ({"xl/workbook.xml": f'<workbook xmlns="{MAIN}"/>'}, "no sheet with cells"),
        ({"xl/sheet.xml": sheet_of("").replace(MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main")}, "no sheet with cells"),
    ],
)
def test_hostile_and_damaged_parts_are_refused(tmp_path, changed, says):
    assert says in refused(read_path, package(tmp_path / "cases.xlsx", changed)).message


def test_a_part_that_is_no_xml_is_passed_over(tmp_path):
    path = package(tmp_path / "cases.xlsx", {"xl/embeddings/letter.bin": b"\0<!DOCTYPE html>", "xl/media/empty.png": b""})
    assert read_path(path).headings == ("", "a")


def test_workbooks_that_are_none_are_refused(tmp_path, read):
    assert "password" in refused(read, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 4_000, "cases.xlsx").message
    assert "damaged" in refused(read, b"a;b\n1;2\n", "cases.xlsx").message
    assert "damaged" in refused(read, b"", "cases.xlsx").message
    whole = package(tmp_path / "cases.xlsx").read_bytes()
    assert "damaged" in refused(read, whole[:-200], "cases.xlsx").message
    assert "no sheet" in refused(read, whole.replace(b"xl/sheet.xml", b"xl/sheet.xmk"), "cases.xlsx").message
    assert "damaged" in refused(read_path, package(tmp_path / "cases.xlsx", method=zipfile.ZIP_LZMA)).message
    locked = bytearray(whole)
    locked[whole.rindex(b"PK\x01\x02") + 8] |= 1
    assert "password" in refused(read, bytes(locked), "cases.xlsx").message


# --------------------------------------------------------------------------------------------------------------------- Parquet


def test_parquet_is_used_where_it_lies(tmp_path):
    path = tmp_path / "cases.parquet"
    table = pa.table({" a": ["x", None], "b": [1, 2], "c": [["p", "q"], None], "d": [datetime.date(2026, 10, 3), None]})
    pq.write_table(table, path)
    raw = read_path(path)
    assert (raw.headings, raw.columns) == (("a", "b", "c", "d"), (" a", "b", "c", "d"))
    assert (raw.cells, raw.native, raw.rows_read, raw.torn) == (path, True, 2, None)
    assert raw.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    packed = tmp_path / "cases.parquet.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    raw = read_path(packed)
    assert raw.native and raw.cells != packed and pq.read_table(raw.cells) == table
    assert raw.sha256 == hashlib.sha256(packed.read_bytes()).hexdigest()


def test_parquet_under_a_name_that_is_a_pattern_is_read_from_a_copy(tmp_path):
    path = tmp_path / "cases [1].parquet"
    pq.write_table(pa.table({"a": ["x"]}), path)
    raw = read_path(path)
    assert raw.cells != path and raw.cells.read_bytes() == path.read_bytes() and raw.native


def test_parquet_without_rows_and_from_many_row_groups(tmp_path):
    path = tmp_path / "cases.parquet"
    pq.write_table(pa.table({"a": pa.array([], pa.string())}), path)
    assert read_path(path).rows_read == 0
    pq.write_table(
        pa.table({"a": [f"{n}" for n in range(10_000)], "l": [[f"{n}"] * (n % 3) for n in range(10_000)]}),
        path,
        row_group_size=99,
    )
    assert read_path(path).rows_read == 10_000


def test_damaged_parquet_is_refused(tmp_path, read):
    path = tmp_path / "whole.parquet"
    pq.write_table(pa.table({"a": [MARK, "y"] * 500, "b": [str(n) for n in range(1_000)]}), path)
    whole = path.read_bytes()
    for content in (whole[:-1], whole[: len(whole) // 2], whole[:8], b"a;b\n", whole[:20] + b"\xff" * 200 + whole[220:]):
        assert "damaged" in refused(read, content, "cases.parquet").message
    assert "empty" in refused(read, b"", "cases.parquet").message
    for position in range(len(whole) - 400, len(whole)):
        try:
            read(whole[:position] + bytes([whole[position] ^ 0x55]) + whole[position + 1 :], "cases.parquet")
        except UserError as error:
            assert "MARK" not in error.message


def test_columns_of_parquet_that_are_the_same_are_refused(tmp_path):
    path = tmp_path / "cases.parquet"
    pq.write_table(pa.Table.from_arrays([pa.array(["x"]), pa.array(["y"])], names=["MARK", "mark "]), path)
    assert "positions 1 and 2" in refused(read_path, path).message


def test_text_of_parquet_that_is_not_utf_8_is_refused(tmp_path):
    path = tmp_path / "cases.parquet"
    bad = pa.StringArray.from_buffers(1, pa.py_buffer(b"\0\0\0\0\1\0\0\0"), pa.py_buffer(b"\xe5"))
    pq.write_table(pa.table({"b": ["x"], "a": bad}), path)
    error = refused(read_path, path)
    assert "UTF-8" in error.message and error.column == 2


@pytest.mark.parametrize("plain_footer", [False, True])
def test_encrypted_parquet_is_refused(tmp_path, plain_footer):
    class Keys(pe.KmsClient):
        def wrap_key(self, key_bytes, master_key_identifier):
            return base64.b64encode(key_bytes)

        def unwrap_key(self, wrapped_key, master_key_identifier):
            return base64.b64decode(wrapped_key)

    factory = pe.CryptoFactory(lambda _configuration: Keys())
    configuration = pe.EncryptionConfiguration(footer_key="f", column_keys={"c": ["a"]}, plaintext_footer=plain_footer)
    properties = factory.file_encryption_properties(pe.KmsConnectionConfig(), configuration)
    path = tmp_path / "cases.parquet"
    table = pa.table({"a": [MARK], "b": ["x"]})
    with pq.ParquetWriter(path, table.schema, encryption_properties=properties) as writer:
        writer.write_table(table)
    assert "encrypted" in refused(read_path, path).message


# --------------------------------------------------------------------------------------------------- gzip, bombs, changed files

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
    says = lambda changed: refused(read_path, package(path, changed), limits=SMALL).message  # noqa: E731
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
