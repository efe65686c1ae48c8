"""DOCX as its recipient could read it: the text by paragraph, and comments, tracked changes, hidden text and properties."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

from auditor.release.containers import container_reasons, xml_comment_reasons
from auditor.release.model import Opened, Passage, Reason, Weight
from auditor.release.opening import Opening
from auditor.release.packed import Damaged, local, packed, parse_whole
from auditor.release.properties import part_reasons, property_reasons
from auditor.words import N_, _

_KNOWN = frozenset(
    (
        "[content_types].xml",
        "_rels/.rels",
        "docprops/*",
        "word/document.xml",
        "word/_rels/*",
        "word/styles.xml",
        "word/settings.xml",
        "word/fonttable.xml",
        "word/websettings.xml",
        "word/numbering.xml",
        "word/theme/*",
        "word/footnotes.xml",
        "word/endnotes.xml",
        "word/header*",
        "word/footer*",
        "word/styleswitheffects.xml",
        "word/fonts/*",
        "docmetadata/labelinfo.xml",
    )
)
_TEXT_PARTS = (
    "word/document",
    "word/footnotes",
    "word/endnotes",
    "word/header",
    "word/footer",
    "word/comments",
    "word/glossary/document",
)
_SMALLEST_READABLE = 6  # half points
_REASONS: dict[str, tuple[str, str]] = {
    "hidden-text": (
        N_("The document holds text that cannot be seen: hidden, white or too small."),
        N_("Show all text, look at it, and remove what is not to leave."),
    ),
    "tracked-changes": (
        N_("The document holds tracked changes, with the text that was removed."),
        N_("Accept or reject all changes, and save it again."),
    ),
    "field-code": (N_("The document holds field codes or links."), N_("Turn them into plain text.")),
}


def read_document(path: Path, opened: Opened, opening: Opening) -> None:
    """Read a document's texts as passages, and say everything that hides. Raises UserError."""
    del opening
    opened.form, opened.tabular = "docx", False
    with packed(path, opened.shown, "DOCX") as parts:
        names = parts.namelist()
        if "word/document.xml" not in {name.casefold() for name in names}:
            raise Damaged
        container_reasons(parts, path, opened)
        xml_comment_reasons(parts, opened)
        part_reasons(names, opened, _KNOWN, "word/")
        property_reasons(parts, opened)
        found: dict[str, list[str]] = {}
        for name in names:
            lower = name.casefold()
            if lower.endswith(".xml") and lower.startswith(_TEXT_PARTS):
                _read_part(parse_whole(parts.read(name)), name, opened, found)
            elif lower.endswith(".rels") and lower.startswith("word/_rels/"):
                for relation in parse_whole(parts.read(name)):
                    if relation.get("TargetMode") == "External":
                        place = _("{file}, link").format(file=opened.shown)
                        opened.passages.append(Passage(place, relation.get("Target", ""), hidden=True))
                        found.setdefault("field-code", []).append(place)
            elif lower.startswith("customxml/") and lower.endswith(".xml"):
                text = " ".join(parse_whole(parts.read(name)).itertext())
                opened.passages.append(Passage(_("{file}, custom data").format(file=opened.shown), text, hidden=True))
        for code, places in found.items():
            words, remedy = _REASONS[code]
            opened.reasons.append(Reason(Weight.STOP, code, _(words), _(remedy), list(dict.fromkeys(places))[:10], len(places)))


def _read_part(root: ElementTree.Element, name: str, opened: Opened, found: dict[str, list[str]]) -> None:
    main = name.casefold() == "word/document.xml"
    for number, paragraph in enumerate((e for e in root.iter() if local(e.tag) == "p"), start=1):
        place = _("{file}, paragraph {number}").format(file=opened.shown, number=number)
        if not main:
            # the part's own name may be anybody's; its kind is the format's
            kind = next(start for start in _TEXT_PARTS if name.casefold().startswith(start)).rpartition("/")[2]
            place = _("{file}, {part}, paragraph {number}").format(file=opened.shown, part=kind, number=number)
        seen: list[str] = []
        unseen: list[str] = []
        _walk(paragraph, seen, unseen, place, found, top=True)
        if "".join(seen).strip():
            opened.passages.append(Passage(place, "".join(seen)))
        if "".join(unseen).strip():
            opened.passages.append(Passage(place, "".join(unseen), hidden=True))


def _walk(
    element: ElementTree.Element,
    seen: list[str],
    unseen: list[str],
    place: str,
    found: dict[str, list[str]],
    *,
    top: bool = False,
) -> None:
    name = local(element.tag)
    if name == "p" and not top:
        return  # a paragraph of its own, in a text box or a note
    if name in ("ins", "del", "moveFrom", "moveTo"):
        found.setdefault("tracked-changes", []).append(place)
    into = unseen if name in ("delText", "instrText") else seen
    if name == "instrText":
        found.setdefault("field-code", []).append(place)
    if name == "r" and _is_unseen(element):
        text = "".join(part.text or "" for part in element.iter() if local(part.tag) in ("t", "delText"))
        if text.strip():
            unseen.append(text)
            found.setdefault("hidden-text", []).append(place)
        return
    if name in ("t", "delText", "instrText"):
        into.append(element.text or "")
    elif name in ("br", "cr"):
        seen.append("\n")
    elif name == "tab":
        seen.append("\t")
    elif name == "noBreakHyphen":
        seen.append("-")
    for child in element:
        _walk(child, seen, unseen, place, found)


def _is_unseen(run: ElementTree.Element) -> bool:
    for properties in run:
        if local(properties.tag) != "rPr":
            continue
        for part in properties:
            value = next((v for k, v in part.attrib.items() if local(k) == "val"), None)
            name = local(part.tag)
            if name in ("vanish", "webHidden", "specVanish") and value not in ("0", "false"):
                return True
            if name == "color" and (value or "").upper() == "FFFFFF":
                return True
            if name == "sz" and (value or "").isdigit() and int(value or "0") < _SMALLEST_READABLE:
                return True
    return False
