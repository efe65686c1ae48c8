"""From text to raw cells: encodings, delimiters, quotation marks, and rows that are torn."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import tracemalloc
from dataclasses import replace

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.intake.readers import LIMITS, Torn
from tests.reading import MARK, MIB, read_path, reader, refused, rows, torn
from tests.running import in_english

english = pytest.fixture(autouse=True)(in_english)
read = pytest.fixture(reader)

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


@pytest.mark.parametrize("other", [[], [b"5;\xe5"], [b"6;\x8d", b"5;s\xe5"]])
def test_a_line_with_a_byte_that_is_in_no_encoding_is_torn_and_no_other(read, other):
    raw = read(b"\n".join([b"a;b", b"1;2", b"3;MARK\x81", b"4;x", *other]))
    assert torn(raw) == [(line, Torn.UNDECODABLE) for line in (3, 5) if line == 3 or len(other) == 2]
    assert [row[0] for row in rows(raw)] == ["1", "4", "5"][: 2 + bool(other)]


@pytest.mark.parametrize(("encoding", "byte", "position"), [("cp850", "0x86", 14), ("mac-roman", "0x8C", 14)])
def test_another_code_page_is_told_by_signs_inside_words_and_refused_with_the_place(read, encoding, byte, position):
    error = refused(read, "a;b\n1;Åre\n2;gård\n3;Älta\n".encode(encoding))
    assert error.line == 3 and f"byte {byte} at position {position}" in error.message and "UTF-8" in error.hint


def test_a_slip_of_the_pen_is_no_other_code_page(read):
    lines = [f"{n};å" for n in range(40)]
    raw = read("\n".join(["a;b", *lines, "40;ord”och"]).encode("cp1252"))
    assert raw.torn is None and raw.rows_read == 41


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
