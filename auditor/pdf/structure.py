"""The tree of tags of a printed PDF, mended where the browser's falls short of PDF/UA-1 (ISO 14289-1).

What the browser does well is left alone: headings, paragraphs, tables with header cells and their scope, figures with their
words. Mended are: list items without a body, the heads of tables that are repeated on the next page, kinds of tags that
PDF 1.7 does not know, figures that are mere groups, and links without words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NullObject,
    NumberObject,
    TextStringObject,
)

#: Kinds of tags of PDF 2.0 that the browser uses, and what they are in PDF 1.7.
_NEWER = {
    "/Strong": "/Span", "/Em": "/Span", "/Title": "/P", "/Aside": "/Sect", "/Sub": "/Span", "/FENote": "/Note",
    "/DocumentFragment": "/Sect",
}  # fmt: skip
#: Tags that hold nothing but other tags.
_ONLY_OF_TAGS = frozenset(("/Table", "/THead", "/TBody", "/TFoot", "/TR", "/L"))


class Structure:
    """The tree of tags of a document that is being written."""

    def __init__(self, writer: PdfWriter) -> None:
        self._writer = writer
        catalogue: Any = writer.root_object
        self._root: Any = catalogue["/StructTreeRoot"].get_object()
        self._owners: dict[int, ArrayObject] = {}
        self._read_owners(self._root["/ParentTree"].get_object())
        #: page's number among the drawings' parents -> the MCIDs there that are no content: repeated heads, and lines
        self.artifacts: dict[int, set[int]] = defaultdict(set)

    def mend(self, links: dict[str, str]) -> None:
        """Mend the whole tree. ``links``: the words of the links within the page, by where they lead."""
        for element in list(self._elements(self._root["/K"])):
            kind = element["/S"]
            if kind == "/LI":
                self._give_body(element)
            elif kind == "/TH":
                self._say_once(element)
            elif kind in _ONLY_OF_TAGS:
                self._drop_lines(element)
            elif kind == "/Figure" and "/Alt" not in element and "/ActualText" not in element:
                element[NameObject("/S")] = NameObject("/Div")
        self._name_links(links)
        self._root[NameObject("/RoleMap")] = DictionaryObject({NameObject(k): NameObject(v) for k, v in _NEWER.items()})

    def _read_owners(self, node: Any) -> None:
        """Which list of owners belongs to which page: the number tree's arrays by their key."""
        for kid in node.get("/Kids", ()):
            self._read_owners(kid.get_object())
        numbers = node.get("/Nums", ())
        for place in range(0, len(numbers) - 1, 2):
            owner = numbers[place + 1].get_object()
            if isinstance(owner, ArrayObject):
                self._owners[int(numbers[place])] = owner

    def _elements(self, start: Any) -> Iterator[Any]:
        """Every element, in the order in which it is read."""
        waiting = [start]
        while waiting:
            thing = waiting.pop().get_object()
            if isinstance(thing, ArrayObject):
                waiting.extend(reversed(thing))
            elif isinstance(thing, DictionaryObject) and "/S" in thing:
                yield thing
                if "/K" in thing:
                    waiting.append(thing.raw_get("/K"))

    def _give_body(self, item: Any) -> None:
        """Put what stands in a list item, but its label, into one body."""
        kids = _kids(item)
        labels = [kid for kid in kids if _kind(kid) == "/Lbl"]
        inside = [kid for kid in kids if _kind(kid) not in ("/Lbl", "/LBody")]
        if not inside:
            return
        body = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/StructElem"),
                NameObject("/S"): NameObject("/LBody"),
                NameObject("/P"): item.indirect_reference,
                NameObject("/K"): ArrayObject(inside),
            }
        )
        if "/Pg" in item:
            body[NameObject("/Pg")] = item.raw_get("/Pg")
        reference = self._writer._add_object(body)
        for kid in inside:
            thing = kid.get_object()
            if _kind(kid):
                thing[NameObject("/P")] = reference
            else:
                self._move(thing, item, reference)
        bodies = [kid for kid in kids if _kind(kid) == "/LBody"]
        item[NameObject("/K")] = ArrayObject([*labels, *bodies, reference])

    def _move(self, piece: Any, holder: Any, owner: IndirectObject) -> None:
        """Let a marked piece of a page belong to another element."""
        place = _place_of(piece, holder)
        if place and place[0] in self._owners:
            self._owners[place[0]][place[1]] = owner

    def _say_once(self, head: Any) -> None:
        """Keep of a header cell what stands on its first page; what is repeated later is a running head."""
        pieces = []
        for element in self._elements(head):
            for kid in _kids(element):
                place = None if _kind(kid) else _place_of(kid.get_object(), element)
                if place is not None:
                    pieces.append((place, kid, element))
        if not pieces:
            return
        first = min(place[0] for place, _kid, _element in pieces)
        for place, kid, element in pieces:
            if place[0] != first:
                self._drop(element, kid, place)

    def _drop_lines(self, element: Any) -> None:
        """Let what is drawn of a table's row or a list itself, its lines and backgrounds, be an artifact."""
        for kid in _kids(element):
            place = None if _kind(kid) else _place_of(kid.get_object(), element)
            if place is not None:
                self._drop(element, kid, place)

    def _drop(self, element: Any, kid: Any, place: tuple[int, int]) -> None:
        self.artifacts[place[0]].add(place[1])
        if place[0] in self._owners:
            self._owners[place[0]][place[1]] = NullObject()
        element[NameObject("/K")] = ArrayObject([one for one in _kids(element) if one is not kid])

    def _name_links(self, links: dict[str, str]) -> None:
        """Give each link words to be told by: those that stand in the page, else where it leads."""
        for page in self._writer.pages:
            for reference in page.get("/Annots") or ():
                link = reference.get_object()
                if link.get("/Subtype") == "/Link":
                    target = str(link.get("/Dest", "")).lstrip("/")
                    link[NameObject("/Contents")] = TextStringObject(links.get(target) or target or "–")


def _kids(element: Any) -> list[Any]:
    if "/K" not in element:
        return []
    kids = element.raw_get("/K")
    inner = kids.get_object()
    return list(inner) if isinstance(inner, ArrayObject) else [kids]


def _kind(kid: Any) -> str | None:
    """An element's kind; None for a piece of a page or an annotation."""
    thing = kid.get_object()
    return str(thing["/S"]) if isinstance(thing, DictionaryObject) and "/S" in thing else None


def _place_of(piece: Any, holder: Any) -> tuple[int, int] | None:
    """Where a marked piece stands: the page's number among the drawings' parents, and its MCID there."""
    page: Any
    number: Any
    if isinstance(piece, NumberObject):
        page, number = holder.get("/Pg"), piece
    elif isinstance(piece, DictionaryObject) and piece.get("/Type") == "/MCR":
        page, number = piece.get("/Pg", holder.get("/Pg")), piece["/MCID"]
    else:
        return None
    page = page.get_object() if page is not None else None
    return (int(page["/StructParents"]), int(number)) if page is not None and "/StructParents" in page else None
