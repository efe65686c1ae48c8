"""From workbooks to raw cells: moments, kinds of cells, sheets, and parts that are hostile or damaged."""

from __future__ import annotations

import datetime
import gzip
import hashlib
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.intake.readers import UNREADABLE
from tests.reading import read_path, reader, refused, rows
from tests.running import in_english
from tests.workbook_parts import MAIN, PARTS, package, sheet_of

english = pytest.fixture(autouse=True)(in_english)
read = pytest.fixture(reader)


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
    def error(_book, sheet, row, column):
        sheet.write_formula(row, column, "=NA()", None, "#N/A")

    def time(book, sheet, row, column):
        sheet.write(row, column, 0.25, book.add_format({"num_format": "hh:mm"}))

    def rich(book, sheet, row, column):
        sheet.write_rich_string(row, column, "a", book.add_format({"bold": True}), "b")

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
        ({"xl/sheet.xml": sheet_of('<c><v>1</v></c></row><row spans="1:2" r="2"/><row r="2"><c><v>2</v></c>')}, "damaged"),
        ({"xl/sheet.xml": sheet_of('<c><v>1</v></c></row><row r="9"/>' + "<row/>" * 90_000 + "<row r='7'>")}, "damaged"),
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
