"""What a browser printed, mended into PDF/UA-1 (ISO 14289-1): tags, artifacts, and what the document says of itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    BooleanObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    TextStringObject,
)

from auditor import __version__
from auditor.pdf.artifacts import mark_artifacts
from auditor.pdf.page import Page
from auditor.pdf.structure import Structure

#: The first Chromium that prints running heads (CSS page margin boxes).
OLDEST = 131

_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" \
xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfuaid:part>1</pdfuaid:part>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<xmp:CreatorTool>{tool}</xmp:CreatorTool>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""


class TooOld(Exception):
    """The PDF was printed by a browser older than ``OLDEST``."""


class Untagged(Exception):
    """The PDF that was printed has no tags."""


def mend(printed: Path, page: Page, out: Path) -> int:
    """Write the PDF ``printed`` of ``page`` to ``out`` as PDF/UA-1; returns the number of its pages.

    Raises TooOld or Untagged when the browser that printed it will not do.
    """
    reader = PdfReader(printed)
    _refuse_old(str(reader.metadata.producer) if reader.metadata else "")
    root: Any = reader.trailer["/Root"].get_object()
    if "/StructTreeRoot" not in root:
        raise Untagged
    writer = PdfWriter(clone_from=reader)
    structure = Structure(writer)
    structure.mend(page.links)
    for sheet in writer.pages:
        _mark(writer, sheet, structure)
    _say_what_it_is(writer, page)
    with out.open("wb") as file:
        writer.write(file)
    return len(writer.pages)


def _refuse_old(producer: str) -> None:
    """``Skia/PDF m156`` is what Chromium 156 and what is built of it write."""
    name, _space, version = producer.rpartition(" m")
    if name == "Skia/PDF" and version.isdigit() and int(version) < OLDEST:
        raise TooOld


def _mark(writer: PdfWriter, sheet: Any, structure: Structure) -> None:
    contents = sheet.get_contents()
    if contents is None:
        return
    forms = (sheet["/Resources"].get("/XObject") or {}).items()
    tagged = frozenset(name.encode("latin-1") for name, form in forms if _is_tagged(form.get_object()))
    beside = frozenset(structure.artifacts[int(sheet["/StructParents"])]) if "/StructParents" in sheet else frozenset()
    drawing = DecodedStreamObject()
    drawing.set_data(mark_artifacts(contents.get_data(), beside, tagged))
    sheet[NameObject("/Contents")] = writer._add_object(drawing.flate_encode())
    sheet[NameObject("/Tabs")] = NameObject("/S")


def _is_tagged(form: Any) -> bool:
    return form.get("/Subtype") == "/Form" and b"/MCID" in form.get_data()


def _say_what_it_is(writer: PdfWriter, page: Page) -> None:
    root = writer.root_object
    tool = f"en-ingang-auditor {__version__}"
    xmp = DecodedStreamObject()
    xmp.set_data(_XMP.format(title=escape(page.title), language=page.language, tool=tool).encode("utf-8"))
    xmp[NameObject("/Type")], xmp[NameObject("/Subtype")] = NameObject("/Metadata"), NameObject("/XML")
    root[NameObject("/Metadata")] = writer._add_object(xmp)
    root[NameObject("/Lang")] = TextStringObject(page.language)
    root[NameObject("/MarkInfo")] = DictionaryObject({NameObject("/Marked"): BooleanObject(True)})
    root[NameObject("/ViewerPreferences")] = DictionaryObject({NameObject("/DisplayDocTitle"): BooleanObject(True)})
    writer.metadata = {"/Title": page.title, "/Creator": tool}
    writer.pdf_header = "%PDF-1.7"
