"""PDF as its recipient could read it: the text page by page, properties, notes, attachments, hidden and left-over content."""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import Any

from auditor.errors import UserError
from auditor.release.model import Opened, Passage, Reason, Weight
from auditor.release.opening import Opening
from auditor.words import N_, _

_MOST_BYTES = 256 * 1024 * 1024
_MOST_PAGES = 5_000
#: Properties that the format itself has: the name of any other is somebody's own words.
_USUAL = frozenset(("/Author", "/Title", "/Subject", "/Keywords", "/Creator"))
_HARMLESS = frozenset(("/Producer", "/CreationDate", "/ModDate", "/Trapped", "/PTEX.Fullbanner"))
_PROGRAMS = re.compile(
    r"(?i)microsoft|word|excel|libreoffice|writer|calc|chromium|skia|adobe|acrobat|latex|pypdf|reportlab|weasyprint|quartz|powerpoint|fpdf|mozilla"
)
_REASONS: dict[str, tuple[str, str]] = {
    "properties": (
        N_("The file's properties say more than its pages: author, title or properties of its own."),
        N_("Remove the properties and save it again."),
    ),
    "comments": (N_("The pages hold notes or form fields."), N_("Print it to a new PDF without notes.")),
    "attachment": (N_("The file holds attached files."), N_("Remove the attachments; send them as files of their own.")),
    "script": (N_("The file holds program code or actions."), N_("Print it to a new PDF.")),
    "hidden-text": (
        N_("The pages hold text that cannot be seen, or that lies outside the page."),
        N_("Print it to a new PDF and look at all of its text."),
    ),
    "hidden-layer": (
        N_("The file has layers that may be hidden."),
        N_("Show all layers, look at them, and print it to a new PDF."),
    ),
    "revisions": (N_("The file holds earlier versions of itself."), N_("Print it to a new PDF.")),
}


def read_portable(path: Path, opened: Opened, opening: Opening) -> None:
    """Read a PDF's texts as passages, and say everything that hides. Raises UserError."""
    del opening
    from pypdf import PdfReader

    opened.form, opened.tabular = "pdf", False
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # its words may hold data
    if path.stat().st_size > _MOST_BYTES:
        raise UserError(
            _("The file is larger than {limit} MiB.").format(limit=256),
            hint=_("Split it, and check the parts."),
            file=opened.shown,
        )
    found: dict[str, list[str]] = {}
    try:
        reader = PdfReader(path)
        if reader.is_encrypted:
            raise UserError(
                _("The file is protected by a password."), hint=_("Remove the password and run again."), file=opened.shown
            )
        if len(reader.pages) > _MOST_PAGES:
            raise UserError(
                _("The file has more than {limit} pages.").format(limit=_MOST_PAGES),
                hint=_("Split it, and check the parts."),
                file=opened.shown,
            )
        _read_properties(reader, opened, found)
        _read_whole(reader, path, opened, found)
        for number, page in enumerate(reader.pages, start=1):
            _read_page(page, number, opened, found)
    except (UserError, MemoryError):
        raise
    except Exception as error:  # whatever the library raises on a damaged file is told as damage; its words may hold data
        raise UserError(
            _("The file is no {kind} file, or is damaged.").format(kind="PDF"),
            hint=_("Open it in the program that made it, save it again, and run again."),
            file=opened.shown,
        ) from error
    for code, places in found.items():
        words, remedy = _REASONS[code]
        opened.reasons.append(Reason(Weight.STOP, code, _(words), _(remedy), list(dict.fromkeys(places))[:10], len(places)))


def _read_properties(reader: Any, opened: Opened, found: dict[str, list[str]]) -> None:
    for key, value in (reader.metadata or {}).items():
        text = str(value).strip()
        if not text or key in _HARMLESS or (key == "/Creator" and _PROGRAMS.search(text)):
            continue
        place = _("{file}, document property {name}").format(
            file=opened.shown, name=str(key).lstrip("/") if key in _USUAL else _("custom property")
        )
        opened.passages.append(Passage(place, text if key in _USUAL else f"{key} {text}", hidden=True))
        found.setdefault("properties", []).append(place)
    xmp = reader.root_object.get("/Metadata")
    if xmp is not None:
        text = re.sub(r"<[^>]*>", " ", xmp.get_object().get_data().decode("utf-8", "replace"))
        opened.passages.append(
            Passage(_("{file}, document property {name}").format(file=opened.shown, name="XMP"), text[:1_000_000], hidden=True)
        )


def _read_whole(reader: Any, path: Path, opened: Opened, found: dict[str, list[str]]) -> None:
    root = reader.root_object
    names = root.get("/Names", {}).get_object() if "/Names" in root else {}
    for name, contents in reader.attachments.items():
        place = _("{file}, attachment").format(file=opened.shown)
        opened.passages.append(Passage(place, name, hidden=True))
        for data in contents:
            opened.passages.append(Passage(place, data[:1_000_000].decode("utf-8", "replace"), hidden=True))
        found.setdefault("attachment", []).append(place)
    if "/JavaScript" in names or ("/OpenAction" in root and "/JS" in str(root["/OpenAction"])) or "/AA" in root:
        found.setdefault("script", []).append(opened.shown)
    if "/OCProperties" in root:
        found.setdefault("hidden-layer", []).append(opened.shown)
    if path.read_bytes().count(b"startxref") > 1 and not _is_linear(path):
        found.setdefault("revisions", []).append(opened.shown)
    for field, value in (reader.get_form_text_fields() or {}).items():
        place = _("{file}, form field").format(file=opened.shown)
        opened.passages.append(Passage(place, f"{field} {value or ''}", hidden=True))
        found.setdefault("comments", []).append(place)


def _is_linear(path: Path) -> bool:
    """A file made for the web has two cross-reference tables without any earlier version."""
    with path.open("rb") as file:
        return b"/Linearized" in file.read(2048) and path.read_bytes().count(b"startxref") == 2


def _read_page(page: Any, number: int, opened: Opened, found: dict[str, list[str]]) -> None:
    place = _("{file}, page {number}").format(file=opened.shown, number=number)
    box = page.cropbox
    left, bottom, right, top = float(box.left), float(box.bottom), float(box.right), float(box.top)
    outside: list[str] = []

    def visit(text: str, cm: list[float], tm: list[float], _font: Any, size: float) -> None:
        if not text.strip():
            return
        x, y = tm[4] * cm[0] + tm[5] * cm[2] + cm[4], tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
        if not (left - 1 <= x <= right + 1 and bottom - 1 <= y <= top + 1):
            outside.append(text)

    text = page.extract_text(visitor_text=visit)
    if text.strip():
        opened.passages.append(Passage(place, text, first_line=1))
    elif _has_pictures(page):
        opened.reasons.append(
            Reason(
                Weight.UNSHOWN,
                "picture",
                _("The page is a picture, whose text cannot be read."),
                _("Read it through, or send the text itself."),
                [place],
            )
        )
    contents = page.get_contents()
    invisible = contents is not None and re.search(rb"(?<![\d.])3\s+Tr\b", contents.get_data())
    if outside or invisible:
        found.setdefault("hidden-text", []).append(place)
    for reference in page.get("/Annots", None) or ():
        note = reference.get_object()
        if note.get("/Subtype") == "/Link":
            target = str(note.get("/A", {}).get_object().get("/URI", "")) if "/A" in note else ""
            opened.passages.append(Passage(_("{table}, link").format(table=place), target, hidden=True))
            continue
        opened.passages.append(Passage(place, f"{note.get('/Contents', '')} {note.get('/T', '')}", hidden=True))
        found.setdefault("comments", []).append(place)


def _has_pictures(page: Any) -> bool:
    resources = page.get("/Resources")
    objects = resources.get_object().get("/XObject") if resources is not None else None
    return objects is not None and len(objects.get_object()) > 0
