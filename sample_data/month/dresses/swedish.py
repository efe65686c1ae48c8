"""``swedish``: Windows-1252 CSV parted by semicolons, the cases as an Excel workbook, in the words of a Swedish case system.

Excel has left its marks on the workbook: dates are dates, and some municipality codes have become numbers and lost their zero.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import xlsxwriter

from ..accesses import AccessLog
from ..people import Pen
from .rows import cells, write_csv
from .swedish_words import FILES, HEADINGS, VALUES

_NUMBERS = ("person_id", "related_person_ids")
_FIXED_DATE = datetime(2026, 1, 1)  # written into the workbook, so that the same seed gives the same bytes
_NOTE = "Anteckning"
_WITHOUT_ZERO, _WITH_NOTE = 37, 29  # one case in so many


def write(folder: Path, tables: dict[str, pa.Table | AccessLog], pen: Pen) -> None:
    """Write one file for each table into an existing folder. ``pen`` writes the notes that nobody asked for."""
    for name, table in tables.items():
        path = folder / FILES[name]
        headings = list(HEADINGS[name].values())
        if path.suffix == ".xlsx":
            whole = table.filter(pc.invert(pc.fill_null(table.column("_torn"), False)))
            _write_workbook(path, headings, cells(name, whole, _say_in_excel), pen)
        else:
            write_csv(path, headings, cells(name, table, _say), encoding="cp1252", separator=";", newline="\r\n")


def _say(table: str, column: str, value: Any) -> Any:
    """The cell of a text file."""
    if isinstance(value, bool):
        return "Ja" if value else "Nej"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return ", ".join(_word(column, one) for one in value)
    return _word(column, value) if isinstance(value, str) else value


def _say_in_excel(table: str, column: str, value: Any) -> Any:
    """The cell of a workbook, where dates are dates."""
    return value if isinstance(value, date) else _say(table, column, value)


def _word(column: str, value: str) -> str:
    if column in _NUMBERS:
        return f"{value[:8]}-{value[8:]}"
    return VALUES.get(column, {}).get(value, value)


def _write_workbook(path: Path, headings: list[str], lines: Iterator[tuple[list[Any], bool]], pen: Pen) -> None:
    workbook = xlsxwriter.Workbook(path, {"constant_memory": True, "strings_to_numbers": False, "strings_to_formulas": False})
    workbook.set_properties({"title": "Ärenden (påhittade)", "created": _FIXED_DATE})
    moment = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    day = workbook.add_format({"num_format": "yyyy-mm-dd"})
    bold = workbook.add_format({"bold": True})
    sheet = workbook.add_worksheet("Ärenden")
    sheet.write_row(0, 0, [*headings, _NOTE], bold)
    registered = headings.index(HEADINGS["cases"]["registered_municipality"])
    codes = {name: code for code, name in VALUES["registered_municipality"].items()}
    for number, (row, _) in enumerate(lines, start=1):
        if number % _WITHOUT_ZERO == 0 and row[registered] in codes:
            row[registered] = int(codes[row[registered]])
        row.append(f"Ringt {pen.name()}, ingen svarade." if number % _WITH_NOTE == 0 else None)
        for place, cell in enumerate(row):
            if isinstance(cell, datetime):
                sheet.write_datetime(number, place, cell, moment)
            elif isinstance(cell, date):
                sheet.write_datetime(number, place, datetime(cell.year, cell.month, cell.day), day)
            elif isinstance(cell, int):
                sheet.write_number(number, place, cell)
            elif cell is not None:
                sheet.write_string(number, place, cell)
    workbook.close()
