"""The review form: a workbook to fill in, and the same as a page to read or print.

The first sheet holds the accesses; the second, ``auditor``, what the program needs to read the form back: how the sample was
drawn, the words of headings and assessments, and the SHA-256 of the fixed cells of each row. The same drawing gives the same
bytes.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from auditor.follow_up.piles import EXPLANATIONS
from auditor.report import formats
from auditor.report.filling import self_contained
from auditor.reviews.wording import ACTIONS, ASSESSMENTS, BY, DRAWN, FILLED_IN, FIXED, PILES, stratum_words
from auditor.sampling.drawing import Drawing, DrawnAccess
from auditor.words import _

FORM = 1
FACTS_SHEET = "auditor"
#: Rows of the first sheet: title, marking, headings, then the accesses.
HEADING_ROW = 3
_WIDTHS = (6, 14, 20, 19, 18, 18, 16, 16, 18, 13, 32, 14, 22, 40, 14, 24)
_NO_TIME = (1980, 1, 1, 0, 0, 0)


def write_form(drawing: Drawing, manifest_sha256: str, workbook: Path, page: Path) -> None:
    """Write the form as a workbook and as an HTML page."""
    rows = [_fixed_cells(number, access) for number, access in enumerate(drawing.accesses, start=1)]
    workbook.write_bytes(_workbook(drawing, manifest_sha256, rows))
    page.write_text(
        self_contained("sample_form.html.j2", "sample_form.css", _view(drawing, rows)), encoding="utf-8", newline="\n"
    )


def digest_of(cells: Iterable[str]) -> str:
    """The SHA-256 of some cells' texts, as hexadecimal text."""
    return hashlib.sha256(json.dumps(list(cells), ensure_ascii=False).encode("utf-8")).hexdigest()


def _fixed_cells(number: int, access: DrawnAccess) -> list[str]:
    explained = {explanation.id: explanation.words for explanation in EXPLANATIONS}
    return [
        str(number),
        _(DRAWN[access.at_random]),
        access.event_id,
        access.at.strftime("%Y-%m-%d %H:%M:%S"),
        access.user_id,
        access.case_id,
        _(ACTIONS.get(access.action, access.action)),
        access.source,
        access.unit,
        _(PILES[access.pile]),
        _(explained.get(access.explanation, "")),
        ", ".join(access.checks),
    ]


def _facts(drawing: Drawing, manifest_sha256: str) -> dict[str, Any]:
    return {
        "period": {"first": drawing.period.first.isoformat(), "last": drawing.period.last.isoformat()},
        "controller": drawing.controller,
        "manifest_sha256": manifest_sha256,
        "seed": drawing.seed,
        "n": drawing.n,
        "stratified_by": drawing.by,
        "at_random": sum(access.at_random for access in drawing.accesses),
        "pressing": sum(not access.at_random for access in drawing.accesses),
        "headings": [_(words) for words in (*FIXED.values(), *FILLED_IN.values())],
        "assessments": {code: _(words) for code, words in ASSESSMENTS.items()},
    }


def _workbook(drawing: Drawing, manifest_sha256: str, rows: list[list[str]]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = _("Review form")
    facts = _facts(drawing, manifest_sha256)
    _fill_sheet(sheet, drawing, facts, rows)
    lines = [
        ["form", str(FORM)],
        *([name, json.dumps(fact, ensure_ascii=False)] for name, fact in facts.items()),
        *(["stratum", json.dumps([s.name, s.accesses, s.drawn], ensure_ascii=False)] for s in drawing.strata),
        *(["row", digest_of(row)] for row in rows),
    ]
    lines.append(["whole", digest_of(cell for line in lines for cell in line)])
    told = book.create_sheet(FACTS_SHEET)
    for number, line in enumerate(lines, start=1):
        for place, content in enumerate(line, start=1):
            _write(told.cell(number, place), content)
    told.column_dimensions["A"].width, told.column_dimensions["B"].width = 18, 100
    told.protection.sheet = True
    return _without_time(book)


def _fill_sheet(sheet: Worksheet, drawing: Drawing, facts: dict[str, Any], rows: list[list[str]]) -> None:
    _write(sheet.cell(1, 1), _title(drawing)).font = Font(bold=True, size=14)
    _write(sheet.cell(2, 1), _marking()).font = Font(bold=True, color="98141E")
    filled = PatternFill("solid", fgColor="FFF6E0")
    for place, (heading, width) in enumerate(zip(facts["headings"], _WIDTHS, strict=True), start=1):
        cell = _write(sheet.cell(HEADING_ROW, place), heading)
        cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
        sheet.column_dimensions[get_column_letter(place)].width = width
    first, last = HEADING_ROW + 1, HEADING_ROW + len(rows)
    for line, row in enumerate(rows, start=first):
        for place, content in enumerate(row, start=1):
            _write(sheet.cell(line, place), content).alignment = Alignment(wrap_text=True, vertical="top")
        for place in range(len(FIXED) + 1, len(FIXED) + len(FILLED_IN) + 1):
            cell = sheet.cell(line, place)
            cell.fill, cell.alignment = filled, Alignment(wrap_text=True, vertical="top")
            cell.number_format = "yyyy-mm-dd" if place == len(FIXED) + 3 else "@"
    words = DataValidation(
        type="list", formula1='"' + ",".join(facts["assessments"].values()) + '"', allow_blank=True, showErrorMessage=True
    )
    words.error = _("Choose one of the words in the list.")
    words.add(f"{get_column_letter(len(FIXED) + 1)}{first}:{get_column_letter(len(FIXED) + 1)}{last}")
    sheet.add_data_validation(words)
    sheet.freeze_panes = sheet.cell(first, 4)
    sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = "landscape", 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"1:{HEADING_ROW}"


def _write(cell: Cell, content: str) -> Cell:
    """A cell of text: what begins as a formula does is text too."""
    cell.value = content
    cell.data_type = "s"
    cell.quotePrefix = True
    return cell


def _without_time(book: openpyxl.Workbook) -> bytes:
    """The workbook's bytes, with the moment of writing taken out."""
    book.properties.created = datetime(*_NO_TIME)
    written, again = io.BytesIO(), io.BytesIO()
    book.save(written)
    with zipfile.ZipFile(written) as old, zipfile.ZipFile(again, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>1980-01-01T00:00:00Z", content)
            new.writestr(zipfile.ZipInfo(name, _NO_TIME), content, zipfile.ZIP_DEFLATED)
    return again.getvalue()


def _title(drawing: Drawing) -> str:
    return _("Manual review of accesses, {period}").format(period=formats.period(drawing.period.first, drawing.period.last))


def _marking() -> str:
    return _("Secrecy under chapter 26, section 1 of the Public Access to Information and Secrecy Act (2009:400)")


def _view(drawing: Drawing, rows: list[list[str]]) -> dict[str, Any]:
    return {
        "title": _title(drawing),
        "marking": _marking(),
        "seed": drawing.seed,
        "by": _(BY[drawing.by]),
        "at_random": sum(access.at_random for access in drawing.accesses),
        "pressing": sum(not access.at_random for access in drawing.accesses),
        "strata": [
            {"name": stratum_words(drawing.by, s.name), "accesses": s.accesses, "drawn": s.drawn} for s in drawing.strata
        ],
        "headings": [_(words) for words in FIXED.values()],
        "fill_in": [_(words) for words in FILLED_IN.values()],
        "assessments": [_(words) for words in ASSESSMENTS.values()],
        "rows": rows,
    }
