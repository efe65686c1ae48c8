"""Workbooks made part by part, to spoil any of them."""

from __future__ import annotations

import zipfile
from pathlib import Path

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
