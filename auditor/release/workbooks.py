"""XLSX as its recipient could read it: every sheet, and everything that a sheet does not show. Whatever hides stops the release."""

from __future__ import annotations

import posixpath
import zipfile
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from auditor.intake.readers.cells import CellWriter, column_names
from auditor.release.containers import container_reasons, xml_comment_reasons
from auditor.release.literals import format_texts
from auditor.release.model import Opened, Passage, RawTable, Reason, Weight
from auditor.release.opening import Opening
from auditor.release.packed import Damaged, local, packed, parse_stream, parse_whole, safe_parser
from auditor.release.properties import part_reasons, property_reasons
from auditor.release.sheet_styles import Style, read_styles
from auditor.release.sheets import SheetReader
from auditor.words import N_, _

_KNOWN = frozenset(
    (
        "[content_types].xml",
        "_rels/.rels",
        "docprops/*",
        "xl/workbook.xml",
        "xl/_rels/*",
        "xl/worksheets/*",
        "xl/chartsheets/*",
        "xl/styles.xml",
        "xl/sharedstrings.xml",
        "xl/theme/*",
        "xl/calcchain.xml",
        "xl/tables/*",
        "xl/metadata.xml",
        "xl/printersettings/*",
        "docmetadata/labelinfo.xml",
        "xl/drawings/_rels/*",
        "xl/richdata/*",
    )
)
_BESIDE = (
    N_("Texts stand beside the cells: in heads or feet of pages, choices or prompts of lists, scenarios, or number formats."),
    N_("Remove them, or make a clean copy with --write-clean."),
)
_HIDDEN: dict[str, tuple[str, str]] = {
    "hidden-row": (N_("Rows are hidden."), N_("Show all rows, look at them, and remove those that are not to leave.")),
    "hidden-column": (N_("Columns are hidden."), N_("Show all columns, look at them, and remove those that are not to leave.")),
    "hidden-text": (
        N_("Cells hold text that cannot be seen: in the colour of their ground, too small, or formatted away."),
        N_("Show the text, look at it, and empty the cells."),
    ),
    "beside-text": _BESIDE,
    "formula": (N_("Cells hold formulas, which tell more than their value."), N_("Paste the values in their place.")),
    "formula-link": (N_("Formulas lead to other files or to the network."), N_("Paste the values in their place.")),
}
_BUILT_IN_NAMES = ("_xlnm.Print_Area", "_xlnm.Print_Titles", "_xlnm._FilterDatabase")


def read_workbook(path: Path, opened: Opened, opening: Opening) -> None:
    """Read every sheet of a workbook as a table, and say everything that hides. Raises UserError."""
    opened.form = "xlsx"
    with packed(path, opened.shown, "XLSX") as parts:
        names = {name.casefold(): name for name in parts.namelist()}
        if "xl/workbook.xml" not in names:
            raise Damaged
        container_reasons(parts, path, opened)
        xml_comment_reasons(parts, opened)
        part_reasons(parts.namelist(), opened, _KNOWN, "xl/")
        property_reasons(parts, opened)
        workbook = parse_whole(parts.read(names["xl/workbook.xml"]))
        strings, beside = _shared_strings(parts, names)
        looks = parse_whole(parts.read(names["xl/styles.xml"])) if "xl/styles.xml" in names else None
        styles = read_styles(looks)
        used = bytearray(len(strings))
        dates_1904 = any(local(e.tag) == "workbookPr" and e.get("date1904") in ("1", "true") for e in workbook)
        targets = _relations(parts, names, "xl/_rels/workbook.xml.rels", "xl")
        for number, (title, state, target) in enumerate(_sheets(workbook, targets), start=1):
            part = names.get(target.casefold())
            shown = _("{file}, sheet {sheet}").format(file=opened.shown, sheet=number)
            opened.passages.append(Passage(_("{file}, name of sheet {number}").format(file=opened.shown, number=number), title))
            if part is None:
                raise Damaged
            _read_sheet(
                parts, part, shown, title, state, opened, opening, SheetReaderNeeds(strings, styles, used, dates_1904, names)
            )
        _defined_names(workbook, opened)
        _left_strings(strings, used, beside, opened)
        _number_formats(looks, opened)


@dataclass(frozen=True)
class SheetReaderNeeds:
    """What every sheet of one workbook shares; ``used`` marks the shared texts that some cell holds."""

    strings: list[str]
    styles: list[Style]
    used: bytearray
    dates_1904: bool
    names: dict[str, str]


def _sheets(workbook: ElementTree.Element, targets: dict[str, tuple[str, bool]]) -> list[tuple[str, str, str]]:
    """Title, state and part of every worksheet, in their order."""
    found = []
    for element in workbook.iter():
        if local(element.tag) == "sheet":
            relation = next((value for key, value in element.attrib.items() if local(key) == "id"), "")
            target = targets.get(relation, ("", False))[0]
            if "chartsheets/" not in target:
                found.append((element.get("name", ""), element.get("state", "visible"), target))
    return found


def _relations(parts: zipfile.ZipFile, names: dict[str, str], part: str, folder: str) -> dict[str, tuple[str, bool]]:
    """Relation id -> target part, and whether it lies outside the file."""
    if part.casefold() not in names:
        return {}
    found = {}
    for element in parse_whole(parts.read(names[part.casefold()])):
        target, external = element.get("Target", ""), element.get("TargetMode") == "External"
        inside = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        found[element.get("Id", "")] = (target if external else inside, external)
    return found


def _read_sheet(
    parts: zipfile.ZipFile,
    part: str,
    shown: str,
    title: str,
    state: str,
    opened: Opened,
    opening: Opening,
    needs: SheetReaderNeeds,
) -> None:
    folder, number = opening.folder(), opening.next_table()
    with CellWriter(folder, "sheet") as cells:
        reader = SheetReader(needs.strings, needs.styles, needs.used, cells, dates_1904=needs.dates_1904)
        with parts.open(part) as file:
            reader.read(file)
        headings = tuple(reader.headings or ())
        if headings:
            path, _torn = cells.finish(len(headings))
            opened.tables.append(RawTable(number, shown, headings, column_names(len(headings)), path, reader.rows, sheet=title))
    if state != "visible":
        words = (
            _("The sheet is hidden.")
            if state == "hidden"
            else _("The sheet is hidden so that Excel does not offer to show it.")
        )
        opened.reasons.append(
            Reason(
                Weight.STOP,
                "hidden-sheet",
                words,
                _("Show the sheet, look at it, and remove it if it is not to leave."),
                [shown],
            )
        )
    for code, (count, places) in reader.hidden.items():
        words, remedy = _HIDDEN[code]
        opened.reasons.append(Reason(Weight.STOP, code, _(words), _(remedy), [f"{shown}, {place}" for place in places], count))
    opened.passages += [
        Passage(_("{table}, beside the cells").format(table=shown), text, hidden=True) for text in reader.texts if text.strip()
    ]
    links = [
        target
        for target, external in _relations(parts, needs.names, _relations_of(part), posixpath.dirname(part)).values()
        if external
    ]
    if links:
        opened.passages += [Passage(_("{table}, link").format(table=shown), target, hidden=True) for target in links]
        opened.reasons.append(
            Reason(
                Weight.STOP,
                "external-link",
                _("The sheet holds links to other files or to the network."),
                _("Remove the links."),
                [shown],
                len(links),
            )
        )


def _relations_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return f"{folder}/_rels/{name}.rels"


def _shared_strings(parts: zipfile.ZipFile, names: dict[str, str]) -> tuple[list[str], list[str]]:
    """The shared texts by number, and the readings (phonetic) that stand beside them."""
    strings: list[str] = []
    beside: list[str] = []
    if "xl/sharedstrings.xml" not in names:
        return strings, beside
    text: list[str] = []
    reading: list[str] = []
    where = {"t": False, "rPh": False}

    def start(tag: str, _attributes: dict[str, str]) -> None:
        name = local(tag)
        if name == "si":
            text.clear()
        elif name in where:
            where[name] = True

    def end(tag: str) -> None:
        name = local(tag)
        if name == "si":
            strings.append("".join(text))
        elif name in where:
            where[name] = False
            if name == "rPh" and reading:
                beside.append("".join(reading))
                reading.clear()

    def characters(data: str) -> None:
        if where["t"]:
            (reading if where["rPh"] else text).append(data)

    parser = safe_parser()
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, characters
    with parts.open(names["xl/sharedstrings.xml"]) as file:
        parse_stream(file, parser)
    return strings, beside


def _defined_names(workbook: ElementTree.Element, opened: Opened) -> None:
    own = []
    for element in workbook.iter():
        if local(element.tag) == "definedName" and element.get("name") not in _BUILT_IN_NAMES:
            own.append(element)
            text = f"{element.get('name', '')} {element.text or ''} {element.get('comment', '')}"
            opened.passages.append(Passage(_("{file}, defined name").format(file=opened.shown), text, hidden=True))
    if own:
        opened.reasons.append(
            Reason(
                Weight.STOP,
                "defined-name",
                _("The workbook has defined names, which may hold values of their own."),
                _("Remove them in Excel's name manager, or make a clean copy with --write-clean."),
                [opened.shown],
                len(own),
            )
        )


def _left_strings(strings: list[str], used: bytearray, beside: list[str], opened: Opened) -> None:
    """Texts that the workbook keeps although no cell shows them."""
    left = [text for number, text in enumerate(strings) if not used[number] and text.strip()] + beside
    if not left:
        return
    place = _("{file}, texts that no cell shows").format(file=opened.shown)
    opened.passages += [Passage(place, text, hidden=True) for text in left[:10_000]]
    opened.reasons.append(
        Reason(
            Weight.STOP,
            "left-text",
            _("The workbook keeps texts that no cell shows any more."),
            _("Save it anew in Excel, or make a clean copy with --write-clean."),
            [place],
            len(left),
        )
    )


def _number_formats(looks: ElementTree.Element | None, opened: Opened) -> None:
    """Texts in number formats, which are shown beside a number and are no part of it."""
    found = list(format_texts(looks)) if looks is not None else []
    if not found:
        return
    place = _("{file}, number formats").format(file=opened.shown)
    opened.passages += [Passage(place, text, hidden=True) for text in found]
    words, remedy = _BESIDE
    opened.reasons.append(Reason(Weight.STOP, "beside-text", _(words), _(remedy), [place], len(found)))
