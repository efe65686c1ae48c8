"""How the cells of a workbook look: which styles show a date, and which show nothing (white on white, no size, ``;;;``)."""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree import ElementTree

from openpyxl.styles.numbers import BUILTIN_FORMATS, STRIP_RE, is_datetime

from auditor.release.packed import local

_WHITE = "FFFFFF"
_SMALLEST_READABLE = 3.0


@dataclass(frozen=True)
class Style:
    """What a style does to a cell: ``moment`` is ``date``, ``datetime``, ``time`` or None; ``unseen``: its text cannot be seen."""

    moment: str | None
    unseen: bool


def read_styles(root: ElementTree.Element | None) -> list[Style]:
    """The styles of a workbook by number."""
    if root is None:
        return []
    sections = {local(child.tag): child for child in root}
    formats = {
        int(one.get("numFmtId", "0")): one.get("formatCode", "") for one in sections.get("numFmts", ElementTree.Element("none"))
    }
    fonts = [_font(font) for font in sections.get("fonts", ())]
    fills = [_fill(fill) for fill in sections.get("fills", ())]
    styles = []
    for xf in sections.get("cellXfs", ()):
        number = int(xf.get("numFmtId", "0"))
        code = formats.get(number, BUILTIN_FORMATS.get(number, "General")) or "General"
        font, ground = int(xf.get("fontId", "0")), int(xf.get("fillId", "0"))
        colour, small = fonts[font] if 0 <= font < len(fonts) else (None, False)
        fill = fills[ground] if 0 <= ground < len(fills) else _WHITE
        same = colour is not None and colour == fill
        nothing = code.replace('"', "").strip() in (";;;", ";;") or code.strip('"') == ";;;"
        moment = is_datetime(STRIP_RE.sub("", code).lower())
        styles.append(Style(moment, same or small or nothing))
    return styles


def _font(font: ElementTree.Element) -> tuple[str | None, bool]:
    """The font's colour (None: the usual black) and whether it is too small to be read."""
    colour: str | None = None
    small = False
    for part in font:
        if local(part.tag) == "color":
            colour = _colour(part)
        elif local(part.tag) == "sz":
            small = float(part.get("val", "11")) < _SMALLEST_READABLE
    return colour, small


def _fill(fill: ElementTree.Element) -> str:
    """The colour behind a cell: white unless a solid pattern has another."""
    for pattern in fill:
        if local(pattern.tag) == "patternFill" and pattern.get("patternType") == "solid":
            for part in pattern:
                if local(part.tag) == "fgColor":
                    return _colour(part) or _WHITE
    return _WHITE


def _colour(element: ElementTree.Element) -> str | None:
    """Six hexadecimal digits; None for the usual black. Theme 0 and index 1, 9 and 65 are white."""
    if rgb := element.get("rgb"):
        return rgb[-6:].upper()
    if theme := element.get("theme"):
        return _WHITE if theme == "0" and float(element.get("tint", "0")) > -0.05 else f"theme{theme}{element.get('tint', '')}"
    if indexed := element.get("indexed"):
        return _WHITE if indexed in ("1", "9", "65") else f"index{indexed}"
    return None
