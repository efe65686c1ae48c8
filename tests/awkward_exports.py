"""Awkward exports: each function spoils a sound one as real systems and spreadsheets do; its docstring is its story.

The export is a folder with ``cases``, ``disclosures`` and ``staff`` in Swedish, in which several things are wrong on purpose,
so that a row that is lost, doubled or misread changes the findings.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from tests.exports import SOUND, csv_text, table_rows, write_table

HEADINGS = {
    "cases": {
        "case_id": "Ärendenummer",
        "birth_date": "Födelsedatum",
        "home_municipality": "Bosättningskommun",
        "found_in": "Påträffad i",
        "concern": "Orostyp",
        "reporter": "Anmälare",
        "reported_at": "Anmälan inkom",
        "decided_at": "Beslutsdatum",
        "decision": "Beslut",
        "closed_at": "Avslutat",
        "protection": "Skydd",
    },
    "disclosures": {
        "disclosure_id": "Utlämnandenummer",
        "case_id": "Ärendenummer",
        "at": "Tidpunkt",
        "sender": "Avsändare",
        "sender_unit": "Avsändande enhet",
        "user_id": "Handläggare",
        "recipient": "Mottagare",
        "recipient_unit": "Mottagande enhet",
        "purpose": "Ändamål",
        "fields": "Uppgifter",
        "grounds": "Rättslig grund",
        "channel": "Kanal",
        "motivation": "Motivering",
    },
    "staff": {
        "user_id": "Användare",
        "organisation": "Organisation",
        "unit": "Enhet",
        "role": "Befattning",
        "valid_from": "Giltig från",
        "valid_to": "Giltig till",
        "shared": "Gruppkonto",
        "protected_access": "Behörig till skyddade personuppgifter",
    },
}
ROWS: dict[str, list[dict[str, Any]]] = {
    "cases": [
        {},
        {
            "home_municipality": "0120",
            "found_in": "01",
            "reported_at": "2026-10-03 08:15:00",
            "decided_at": None,
            "decision": None,
        },
        {"birth_date": "2001-02-03", "protection": "marked", "decided_at": "2026-10-30 10:00:00"},
    ],
    "disclosures": [
        {},
        {"recipient": "0120"},
        {"case_id": "SN-2026-2", "recipient": "0120", "fields": "name;decision"},
        {"case_id": "SN-2026-3", "grounds": "OSL 10:27", "channel": "fax"},
        {"case_id": "SN-2026-9", "at": "2026-10-11 07:00:00", "motivation": None},
    ],
    "staff": [{}, {"valid_to": "2026-10-01"}],
}

Cells = list[list[str | None]]


def table_of(table: str) -> tuple[list[str], Cells]:
    """The Swedish headings of a table of the sound export, and its rows."""
    names = HEADINGS[table]
    rows = table_rows(table, ROWS[table])
    assert set(names) <= set(SOUND[table])
    return list(names.values()), [[row[name] for name in names] for row in rows]


def write_sound(folder: Path) -> Path:
    """Write the sound export."""
    folder.mkdir(parents=True)
    for table in ROWS:
        write_table(folder / f"{table}.csv", *table_of(table))
    return folder


def change_lines(path: Path, change: Callable[[list[str]], list[str]]) -> None:
    """Rewrite a text file by its lines."""
    lines = change(path.read_text(encoding="utf-8").splitlines())
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def as_workbook(folder: Path, table: str, fill: Callable[[Any, Any, list[str], Cells], None]) -> None:
    """Write a table as a workbook instead; ``fill`` gets the book, its sheet, headings and rows."""
    (folder / f"{table}.csv").unlink()
    with xlsxwriter.Workbook(folder / f"{table}.xlsx") as book:
        fill(book, book.add_worksheet(table), *table_of(table))


def put(sheet: Any, from_row: int, rows: Sequence[Sequence[str | None]]) -> None:
    """Write rows of text into a sheet, from a row (counted from 0) on."""
    for line, row in enumerate(rows, start=from_row):
        for place, cell in enumerate(row):
            if cell is not None:
                sheet.write_string(line, place, cell)


# --------------------------------------------------------------------------------------------------------------- read right


def other_case_spaces_and_dots(folder: Path) -> None:
    """One system shouts its headings, another sets dots and two spaces between the words."""
    change_lines(folder / "cases.csv", lambda lines: [lines[0].upper().replace(" ", "  "), *lines[1:]])
    dotted = {
        "Utlämnandenummer": "utlämnande. nummer",
        "Rättslig grund": "RÄTTSLIG.GRUND",
        "Avsändande enhet": " avsändande_enhet ",
    }
    for old, new in dotted.items():
        change_lines(folder / "disclosures.csv", lambda lines, old=old, new=new: [lines[0].replace(old, new), *lines[1:]])


def declared_separator_for_excel(folder: Path) -> None:
    """Written for Excel: a byte order mark, then ``sep=;`` above the headings."""
    for table in ROWS:
        path = folder / f"{table}.csv"
        path.write_bytes(b"\xef\xbb\xbfsep=;\r\n" + path.read_bytes().replace(b"\n", b"\r\n"))


def three_hundred_columns(folder: Path) -> None:
    """The whole view of the case system with every column it has, wanted or not, and the known ones among them."""
    for table in ROWS:
        headings, rows = table_of(table)
        extra = [f"Fält {number}" for number in range(300 - len(headings))]
        text = csv_text(
            [*extra[:150], *headings, *extra[150:]], [["x"] * 150 + row + ["y"] * (len(extra) - 150) for row in rows]
        )
        (folder / f"{table}.csv").write_text(text, encoding="utf-8")


def dates_and_serials_in_one_column(folder: Path) -> None:
    """Half of a sheet's column was pasted as text: there stand texts, dates, and bare serial numbers of days."""

    def fill(book: Any, sheet: Any, headings: list[str], rows: Cells) -> None:
        put(sheet, 0, [headings])
        put(sheet, 1, rows)
        place = headings.index("Anmälan inkom")
        moment = datetime.fromisoformat(str(rows[0][place]))
        sheet.write_datetime(1, place, moment, book.add_format({"num_format": "yyyy-mm-dd hh:mm"}))
        serial = datetime.fromisoformat(str(rows[1][place])) - datetime(1899, 12, 30)
        sheet.write_number(2, place, serial.total_seconds() / 86_400)
        sheet.write_number(3, headings.index("Födelsedatum"), (datetime(2001, 2, 3) - datetime(1899, 12, 30)).days)

    as_workbook(folder, "cases", fill)


def merged_title_over_the_sheet(folder: Path) -> None:
    """A title across the sheet in one merged cell, the day of printing, a blank row, and then the headings in row 4."""

    def fill(book: Any, sheet: Any, headings: list[str], rows: Cells) -> None:
        sheet.merge_range(0, 0, 0, len(headings) - 1, "Utlämnanden oktober 2026", book.add_format())
        sheet.write_string(1, 0, "Utskrivet 2026-11-02")
        put(sheet, 3, [headings])
        put(sheet, 4, rows)

    as_workbook(folder, "disclosures", fill)


def preamble_of_free_text(folder: Path) -> None:
    """A report generator sets title, filter and printing day above the headings."""
    above = ["Rapport: Utlämnanden via en ingång", "Urval: 2026-10-01 – 2026-10-31; alla enheter", "", ""]
    change_lines(folder / "disclosures.csv", lambda lines: [*above[:3], *lines])


def two_heading_rows(folder: Path) -> None:
    """A row of groups above the row of headings, as in a printed table."""
    groups = ";".join(["Ärende", "", "", "Anmälan", "", "", "", "Beslut", "", "", ""])
    change_lines(folder / "cases.csv", lambda lines: [groups, *lines])


def weeks_in_all_forms(folder: Path) -> None:
    """One file a week, in whatever form each week's substitute chose: CSV, gzipped CSV, JSON Lines, a workbook."""
    headings, rows = table_of("disclosures")
    (folder / "disclosures.csv").unlink()
    write_table(folder / "disclosures-2026-10-w1.csv", headings, rows[:1])
    (folder / "disclosures").mkdir()
    packed = gzip.compress(csv_text(headings, rows[1:2], ",").encode("cp1252"))
    (folder / "disclosures" / "w2.csv.gz").write_bytes(packed)
    lines = [json.dumps(dict(zip(headings, row, strict=True)), ensure_ascii=False) for row in rows[2:3]]
    (folder / "disclosures" / "w3.jsonl.gz").write_bytes(gzip.compress("\n".join(lines).encode()))
    write_table(folder / "utlämnanden_v4.xlsx", headings, rows[3:4])
    write_table(folder / "2026-10 utlämnanden v5.parquet", headings, rows[4:])


def one_folder_a_system(folder: Path) -> None:
    """Two systems, a folder each; one calls things by other names and has no column for the channel's neighbours."""
    headings, rows = table_of("disclosures")
    (folder / "disclosures.csv").unlink()
    for system, some, renamed in (
        ("viva", rows[:3], {}),
        ("lifecare", rows[3:], {"Tidpunkt": "Utlämnandetid", "Handläggare": "Användare"}),
    ):
        (folder / system).mkdir()
        write_table(folder / system / "utlämnanden.csv", [renamed.get(name, name) for name in headings], some)
    for table in ("cases", "staff"):
        (folder / f"{table}.csv").rename(folder / "viva" / f"{table}.csv")


def an_optional_column_in_one_file_only(folder: Path) -> None:
    """The second system does not know where the data went within the organisation, and has no such column."""
    headings, rows = table_of("disclosures")
    place = headings.index("Mottagande enhet")
    rows = [[*row[:place], None, *row[place + 1 :]] for row in rows]
    write_table(folder / "disclosures.csv", headings, rows[:2])
    without = [[cell for at, cell in enumerate(row) if at != place] for row in rows[2:]]
    write_table(folder / "disclosures-2.csv", [name for name in headings if name != "Mottagande enhet"], without)


def texts_over_several_lines(folder: Path) -> None:
    """Reasons are written with line breaks, quotation marks and semicolons in them."""
    text = io.StringIO()
    headings, rows = table_of("disclosures")
    place = headings.index("Motivering")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(headings)
    writer.writerows([*row[:place], row[place] and 'Rad ett;\r\n"rad två"\r\n\r\nSumma', *row[place + 1 :]] for row in rows)
    (folder / "disclosures.csv").write_bytes(text.getvalue().encode("cp1252"))


def unnamed_empty_columns_at_the_end(folder: Path) -> None:
    """Every line ends with separators too many, the heading's too."""
    for table in ROWS:
        change_lines(folder / f"{table}.csv", lambda lines: [f"{line};;;" for line in lines])


def codes_without_zeros(folder: Path) -> None:
    """The export went through a spreadsheet that took municipality codes for numbers."""
    for table in ROWS:
        change_lines(
            folder / f"{table}.csv", lambda lines: [line.replace(";0182;", ";182;").replace(";0120", ";120") for line in lines]
        )


# ------------------------------------------------------------------------------------------------ read right, with quarantine


def totals_at_the_end(folder: Path) -> None:
    """The spreadsheet ends in a line of totals; in the cases its word stands in the column of case numbers."""
    change_lines(folder / "cases.csv", lambda lines: [*lines, "Totalt: 3;;;;;;;;;;"])
    change_lines(folder / "disclosures.csv", lambda lines: [*lines, "Summa;5;;;;;;;;;;;"])
    change_lines(folder / "staff.csv", lambda lines: [*lines, "Antal;2;;;;;;"])


def totals_beside_the_key(folder: Path) -> None:
    """The word of the totals stands in another column, and the number of cases under the case numbers."""
    change_lines(
        folder / "cases.csv", lambda lines: [f"{label};{line}" for label, line in zip(["", "1", "2", "3"], lines, strict=True)]
    )
    change_lines(folder / "cases.csv", lambda lines: [*lines, "SUMMA;3;;;3;;;;;;;"])


def a_remark_below_the_rows(folder: Path) -> None:
    """Below the last case stands who printed the list."""
    change_lines(folder / "cases.csv", lambda lines: [*lines, "", "Utskriven av MARKÖR Andersson;;;;;;;;;;"])


def headings_again_on_every_page(folder: Path) -> None:
    """A printed list saved as CSV: after each page the headings come again."""
    change_lines(folder / "cases.csv", lambda lines: [*lines[:2], lines[0], *lines[2:]])


def a_second_row_of_headings(folder: Path) -> None:
    """Below the headings stands what each column holds."""
    kinds = "text;datum;kommun;plats;lista;organisation;tid;tid;kod;tid;kod"
    change_lines(folder / "cases.csv", lambda lines: [lines[0], kinds, *lines[1:]])


# ------------------------------------------------------------------------------------------------------------------ refused


def merged_headings(folder: Path) -> None:
    """'Beslut' is one cell over the columns of its day and its kind."""

    def fill(book: Any, sheet: Any, headings: list[str], rows: Cells) -> None:
        put(sheet, 0, [headings])
        sheet.merge_range(0, 7, 0, 8, "Beslut", book.add_format())
        put(sheet, 1, rows)

    as_workbook(folder, "cases", fill)


def two_columns_of_one_meaning(folder: Path) -> None:
    """Two columns are both the time of the disclosure."""
    change_lines(
        folder / "disclosures.csv", lambda lines: [f"{lines[0]};Utlämnat", *(f"{line};2026-10-01" for line in lines[1:])]
    )


def the_same_heading_twice(folder: Path) -> None:
    """A join of two views left one heading on two columns."""
    change_lines(
        folder / "disclosures.csv", lambda lines: [f"{lines[0]};Ärendenummer", *(f"{line};SN-2026-1" for line in lines[1:])]
    )


def only_free_text(folder: Path) -> None:
    """Somebody saved the covering letter under the name of the log."""
    (folder / "disclosures.csv").write_text("Hej!\nHär kommer MARKÖR Anna Anderssons logg.\nMvh\n", encoding="utf-8")


def one_file_lacks_a_column_with_meaning(folder: Path) -> None:
    """In the second file there is no column for the reason: nobody can tell absent from left empty."""
    headings, rows = table_of("disclosures")
    write_table(folder / "disclosures-2.csv", headings[:-1], [["U-9", *row[1:-1]] for row in rows[:1]])
