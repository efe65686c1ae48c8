"""What a file of statistics holds beside its tables: hidden content stops, and other content is never passed over."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from openpyxl import Workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.scenario import InputCells, Scenario, ScenarioList

from auditor.statistics.model import Settings
from auditor.statistics.together import named_columns, together_faults
from tests.statistics_files import REJECTED, RELEASED, STOPPED, UNSHOWN, check_statistics, understood, write

ROWS = (("Kommun", "Antal"), ("Nacka", 20), ("Täby", 30), ("Solna", "<5"), ("Lidingö", "<5"))


def workbook(folder: Path, change: Callable[[Any], None] = lambda sheet: None) -> Path:
    """A workbook that may leave, with its sheet changed."""
    book = Workbook()
    for row in ROWS:
        book.active.append(row)
    change(book.active)
    book.save(folder / "t.xlsx")
    return folder / "t.xlsx"


def _scenario(sheet: Any) -> None:
    sheet.scenarios = ScenarioList(scenario=[Scenario(name="Riktiga", inputCells=[InputCells(r="B4", val="3")])])


def _validation(**given: Any) -> Callable[[Any], None]:
    def change(sheet: Any) -> None:
        validation = DataValidation(type="list", **given)
        validation.add("B2")
        sheet.add_data_validation(validation)

    return change


def _format(code: str) -> Callable[[Any], None]:
    def change(sheet: Any) -> None:
        sheet["B2"].number_format = code

    return change


def _footer(text: str) -> Callable[[Any], None]:
    def change(sheet: Any) -> None:
        sheet.oddFooter.center.text = text

    return change


HIDING = {
    "scenario": _scenario,
    "choices": _validation(formula1='"3,2,20"'),
    "prompt": _validation(formula1='"Ja,Nej"', prompt="Solna: 3 barn"),
    "format": _format('0" (varav 3 flickor)"'),
    "format in words": _format('0" varav tre"'),
    "escaped format": _format("0\\ \\(\\3\\)"),
    "currency": _format("0 [$varav 3-41D]"),
    "bare digit": _format("0 (3)"),
    "footer": _footer("Solna 3 barn"),
}


@pytest.mark.parametrize("name", HIDING)
def test_what_a_sheet_holds_beside_its_cells_stops_it(tmp_path: Path, name: str) -> None:
    answer = check_statistics(tmp_path, workbook(tmp_path, HIDING[name]))
    assert answer.code == STOPPED and "beside-text" in answer.stops


ORDINARY = {
    "nothing": lambda sheet: None,
    "choices": _validation(formula1='"Ja,Nej,Vet ej"', promptTitle="Antal"),
    "range of choices": _validation(formula1="$A$2:$A$5"),
    "page number": _footer("Sida &P av &N"),
    "sheet and date": _footer('&"Times New Roman,Regular"&12&A &D'),
    **{
        code: _format(code)
        for code in (
            *(
                '#,##0" kr"',
                '0"%"',
                "# ?/8",
                "# ??/100",
                "#,##0.00\\ [$kr-41D];[Red]-#,##0.00\\ [$kr-41D]",
                '0" st"',
                "[<100]0;0",
            ),
            *('_-* #,##0.00\\ "kr"_-;\\-* #,##0.00\\ "kr"_-;_-* "-"??\\ "kr"_-;_-@_-', "#,##0_);(#,##0)", "0.0E+00", "General"),
        )
    },
}


@pytest.mark.parametrize("name", ORDINARY)
def test_what_ordinary_workbooks_hold_does_not(tmp_path: Path, name: str) -> None:
    assert check_statistics(tmp_path, workbook(tmp_path, ORDINARY[name])).code == RELEASED


def test_a_workbook_of_another_program_may_leave(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "t.xlsx")
    sheet = book.add_worksheet()
    for line, row in enumerate(ROWS):
        sheet.write_row(line, 0, row, book.add_format({"num_format": '# ##0" barn"'}))
    sheet.set_footer("&CSida &P av &N")
    book.close()
    assert check_statistics(tmp_path, tmp_path / "t.xlsx").code == RELEASED


def _commented(path: Path) -> None:
    with zipfile.ZipFile(path, "a") as parts:
        parts.comment = b"Solna 3 barn"


def _entry_commented(path: Path) -> None:
    with zipfile.ZipFile(path, "a") as parts:
        parts.infolist()[0].comment = b"Solna 3 barn"
        parts.comment, parts._didModify = b"", True


def _begun(path: Path) -> None:
    path.write_bytes(b"Solna 3 barn" + path.read_bytes())


def _ended(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"Solna 3 barn")


CHANGES = {"comment": _commented, "comment of a part": _entry_commented, "before": _begun, "after": _ended}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("form", ["xlsx", "zip"])
def test_what_stands_around_the_parts_of_a_packed_file_stops_it(
    tmp_path: Path, form: str, change: Callable[[Path], None]
) -> None:
    path = workbook(tmp_path)
    if form == "zip":
        with zipfile.ZipFile(tmp_path / "t.zip", "w") as parts:
            parts.write(path, "t.xlsx")
        path = tmp_path / "t.zip"
        assert check_statistics(tmp_path, path).code == RELEASED
    change(path)
    assert check_statistics(tmp_path, path).code == STOPPED


def test_a_workbook_with_a_part_that_cannot_be_unpacked_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path)
    with zipfile.ZipFile(path) as parts:
        part = parts.getinfo("xl/worksheets/sheet1.xml")
    data = bytearray(path.read_bytes())
    begin = part.header_offset + 30 + len(part.filename)
    data[begin : begin + 8] = b"\xff" * 8
    path.write_bytes(data)
    assert check_statistics(tmp_path, path).code == REJECTED


def test_a_comment_in_the_xml_of_a_sheet_stops_it(tmp_path: Path) -> None:
    path = workbook(tmp_path)
    with zipfile.ZipFile(path) as parts:
        held = {name: parts.read(name) for name in parts.namelist()}
    with zipfile.ZipFile(path, "w") as parts:
        for name, data in held.items():
            parts.writestr(name, data.replace(b"<sheetData>", b"<!-- Solna 3 --><sheetData>"))
    assert check_statistics(tmp_path, path).stops == ["comments"]


@pytest.mark.parametrize("kept", ["nothing", "program", "column", "inner", "attributes"])
def test_notes_on_the_columns_of_a_parquet_file_stop_it(tmp_path: Path, kept: str) -> None:
    note = {"not": "varav 3 flickor"}
    counts = {"nothing": None, "program": {"PARQUET:field_id": "2"}}.get(kept, note if kept == "column" else None)
    fields = [pa.field("Kommun", pa.string()), pa.field("Antal", pa.int64(), metadata=counts)]
    if kept == "inner":
        fields.append(pa.field("Lista", pa.list_(pa.field("element", pa.int64(), metadata=note))))
    columns = {"Kommun": ["Nacka", "Täby"], "Antal": [20, 30], "Lista": [[], []]}
    table = pa.table({field.name: columns[field.name] for field in fields}, schema=pa.schema(fields))
    if kept == "attributes":
        table = table.replace_schema_metadata({"pandas": json.dumps({"attributes": note})})
    pq.write_table(table, tmp_path / "t.parquet")
    answer = check_statistics(tmp_path, tmp_path / "t.parquet")
    assert answer.stops == ([] if kept in ("nothing", "program") else ["properties"])
    assert kept == "inner" or answer.code == (STOPPED if answer.stops else RELEASED)


RECORDS = '[{"Kommun": "Nacka", "Antal": 20}, {"Kommun": "Täby", "Antal": 30}]'
JSON = {
    "list": (RECORDS, RELEASED),
    "only list": (f'{{"data": {RECORDS}}}', RELEASED),
    "number beside it": (f'{{"flickor": 3, "data": {RECORDS}}}', UNSHOWN),
    "object beside it": (f'{{"data": {RECORDS}, "varav": {{"flickor": 3}}}}', UNSHOWN),
    "empty list beside it": (f'{{"data": {RECORDS}, "varav 3 flickor": []}}', UNSHOWN),
    "key there twice": (RECORDS.replace('"Antal": 20', '"Antal": 3, "Antal": 20'), UNSHOWN),
    "list there twice": (f'{{"data": [3], "data": {RECORDS}}}', UNSHOWN),
    "small number in it": (f'{{"flickor": 3, "data": {RECORDS.replace("30", "2")}}}', STOPPED),
}


@pytest.mark.parametrize("name", JSON)
def test_json_is_a_table_where_nothing_stands_beside_its_list(tmp_path: Path, name: str) -> None:
    written, code = JSON[name]
    (tmp_path / "t.json").write_text(written, encoding="utf-8")
    assert check_statistics(tmp_path, tmp_path / "t.json").code == code


XML = "<r><rad><Kommun>Nacka</Kommun><Antal>20</Antal></rad><rad><Kommun>Täby</Kommun><Antal>30</Antal></rad></r>"


@pytest.mark.parametrize(
    ("found", "put", "code"),
    [
        ("", "", RELEASED),
        ("<r>", '<r xmlns:a="http://www.w3.org/2001/XMLSchema-instance" a:noNamespaceSchemaLocation="t.xsd">', RELEASED),
        ("<r>", '<r flickor="3">', UNSHOWN),
        ("<r>", "<r><!-- varav 3 flickor -->", UNSHOWN),
        ("<r>", "<?varav 3 flickor?><r>", UNSHOWN),
        ("</rad>", "</rad>varav 3 flickor", UNSHOWN),
        ("</Antal>", "</Antal>varav 3 flickor", UNSHOWN),
    ],
)
def test_xml_is_a_table_where_nothing_stands_beside_its_records(tmp_path: Path, found: str, put: str, code: int) -> None:
    (tmp_path / "t.xml").write_text(XML.replace(found, put, 1), encoding="utf-8")
    assert check_statistics(tmp_path, tmp_path / "t.xml").code == code


GIRLS = "Kommun;Antal\nNacka;20\nTäby;40\n"
ALL = "Kommun;Antal\nNacka;23\nTäby;75\n"
SPLIT = "Kommun;Flickor;Pojkar\nNacka;39;..\nTäby;40;35\n"
LONG = "Kommun;Kön;Antal\nNacka;Flickor;39\nNacka;Pojkar;..\nTäby;Flickor;40\nTäby;Pojkar;35\n"
WHOLE = "Kommun;{}\nNacka;42\nTäby;75\n"


def faults_together(*tables: tuple[str, str]) -> list[str]:
    """The codes of what the last table gives away with those before it, by the names of their files."""
    understood_tables = []
    for name, text in tables:
        table = understood(text)
        table.raw = replace(table.raw, place=f"{name}.csv")
        understood_tables.append(table)
    *others, last = understood_tables
    return [found.code for found in together_faults(last, Settings(), [named_columns(other) for other in others])]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Flickor", GIRLS), ("Totalt", ALL)),
        (("totalt", ALL), ("flickor", GIRLS)),
        (("Ärenden flickor 2025", GIRLS), ("Ärenden 2025", ALL)),
        (("statistik", GIRLS), ("statistik-2", ALL)),
        *((("Blad1", SPLIT), ("Blad2", WHOLE.format(heading))) for heading in ("Antal barn", "Barn", "2025", "Samtliga")),
        (("Blad1", SPLIT), ("Blad2", WHOLE.format("Antal barn").replace("Kommun;", "Hemkommun;"))),
        (("Blad1", SPLIT), ("Blad2", WHOLE.format("Antal barn").replace("Nacka", "Nacka kommun"))),
        (("Blad1", LONG), ("Blad2", WHOLE.format("Barn 0–17 år"))),
    ],
)
def test_a_table_that_may_hold_another_cannot_be_judged(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert faults_together(one, other) == ["linked-part"]


@pytest.mark.parametrize(
    "names",
    [
        *(
            ("2024", "2025"),
            ("statistik_2024", "statistik_2025"),
            ("Läsåret 2023/24", "Läsåret 2024/25"),
            ("Flickor", "Pojkar"),
        ),
        *(("Utredningar", "Orosanmälningar"), ("Inledda", "Ej inledda"), ("Kvartal 1", "Kvartal 2"), ("januari", "februari")),
        *(("2025-01", "2025-02"), ("Antal barn", "Antal ungdomar"), ("Nacka", "Solna"), ("Totalt", "Flickor")),
    ],
)
def test_tables_of_other_years_and_matters_are_no_parts(names: tuple[str, str]) -> None:
    assert faults_together((names[0], GIRLS), (names[1], ALL)) == []


def test_a_total_far_from_girls_and_boys_in_one_row_alone_may_still_hold_them() -> None:
    split, whole = "Kommun;Flickor;Pojkar\nNacka;20;33\nTäby;40;52\n", "Kommun;Antal barn\nNacka;55\nTäby;{}\n"
    assert faults_together(("Blad1", split), ("Blad2", whole.format(100))) == ["linked-part"]
    other_matter = whole.format(100).replace("55", "75")
    assert faults_together(("Blad1", split), ("Blad2", other_matter)) == []


def test_sheets_and_files_that_are_part_and_whole_are_told(tmp_path: Path) -> None:
    book = Workbook()
    book.active.title = "Flickor"
    total = book.create_sheet("Totalt")
    for sheet, text in ((book.active, GIRLS), (total, ALL)):
        for place, cells in enumerate(line.split(";") for line in text.splitlines()):
            sheet.append([int(cell) if place and number else cell for number, cell in enumerate(cells)])
    book.save(tmp_path / "t.xlsx")
    assert check_statistics(tmp_path, tmp_path / "t.xlsx").unshown == ["linked-part"]
    files = write(tmp_path, GIRLS, "flickor.csv"), write(tmp_path, ALL, "totalt.csv")
    assert check_statistics(tmp_path, *files).unshown == ["linked-part"]
    files = write(tmp_path, GIRLS, "barn 2024.csv"), write(tmp_path, ALL, "barn 2025.csv")
    assert check_statistics(tmp_path, *files).code == RELEASED


@pytest.mark.parametrize(
    "table",
    [
        "Kommun;Antal ärenden;Kön;Antal barn\nNacka;20;Flickor;..\nTäby;30;Pojkar;20\nSolna;40;Totalt;23\n",
        "Kommun;Antal;;Kön;Antal barn\nNacka;20;;Flickor;..\nTäby;30;;Pojkar;20\nSolna;40;;Totalt;23\n",
        "Kommun;Antal ärenden;År;Antal barn\nNacka;20;2023;..\nTäby;30;2024;20\nSolna;40;2025;23\n",
        "Kommun;2024;2025\nNacka;..;20\nTäby;20;30\nKön;2024;2025\nFlickor;10;20\nPojkar;13;30\n",
        "Kommun;2024;2025\nNacka;..;20\nTäby;20;30\nKön;2022;2023\nFlickor;10;20\nPojkar;13;30\n",
        "Kommun;0–5 år;6–12 år\nNacka;10;20\nTäby;20;30\nKön;0–5 år;6–12 år\nFlickor;10;20\nPojkar;13;30\n",
    ],
)
def test_tables_beside_and_below_each_other_cannot_be_judged_as_one(table: str) -> None:
    assert understood(table).joined


@pytest.mark.parametrize(
    "table",
    [
        "Kommun;Antal 2024;Kommentar;Antal 2025;Kommentar\nNacka;20;Ny enhet;30;\nTäby;30;;40;Rättad\n",
        "Kommun;Kön;Antal;Källa\nNacka;Flickor;20;Nämnden\nTäby;Pojkar;30;Nämnden\n",
        "Antal barn;Kommun;Antal ärenden\n20;Nacka;30\n30;Täby;40\n",
        "Kommun;År;2024;2025\nNacka;Alla;2020;2023\nTäby;Alla;2030;2015\n",
        "Kommun;Antal;;Antal barn\nNacka;20;;20\nTäby;30;;40\n",
    ],
)
def test_remarks_between_counts_and_counts_like_years_are_no_other_table(table: str) -> None:
    assert not understood(table).joined
