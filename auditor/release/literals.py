"""Texts of a workbook that stand in no cell: in number formats, heads and feet of pages, lists of choices and their prompts.

Units and single words (``kr``, ``Ja,Nej``) are there in ordinary workbooks and say nothing; digits and sentences may say anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree

from auditor.release.packed import local

#: Pieces of a number format: quoted text, one character taken as it is, and the name of a currency or language.
_LITERAL = re.compile(r'"([^"]*)"|\\(.)|\[\$([^\]-]*)[^\]]*\]|( )|[_*].|\[[^\]]*\]')
#: A digit that is shown as it stands: none but 0 is a placeholder. One of a fraction (``# ?/8``) is none.
_DIGIT = re.compile(r"(?<![/\d])[1-9]\d*")
#: Codes of heads and feet: fonts, colours, sizes, places, fields.
_PAGE_CODE = re.compile(r'&(?:"[^"]*"|K[0-9A-Fa-f]{6}|K\d\d[+-]\d{3}|\d+|.)')
#: What stands around the number of a page.
_PAGE_WORDS = re.compile(r"\b(?:page|sida|sidan|sid|blad|of|av)\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{2,}")
_QUOTED = re.compile(r'"((?:[^"]|"")*)"')


def says_more(text: str) -> bool:
    """Whether a text is more than a unit or a single word: it has digits, or several words."""
    return any(map(str.isdigit, text)) or len(_WORD.findall(text)) > 1


def format_texts(root: ElementTree.Element) -> Iterator[str]:
    """The texts in the number formats of a workbook's styles that say more than a unit."""
    for one in root.iter():
        if local(one.tag) == "numFmt":
            yield from (text for text in _literals(one.get("formatCode", "")) if says_more(text))


def _literals(code: str) -> Iterator[str]:
    """The texts that a number format shows beside the number; those that stand together as one."""
    text, reached = "", 0
    for match in _LITERAL.finditer(code):
        if match.start() > reached:
            yield text
            text = ""
            yield from _DIGIT.findall(code[reached : match.start()])
        text += next(piece for piece in (*match.groups(), "") if piece is not None)
        reached = match.end()
    yield text
    yield from _DIGIT.findall(code[reached:])


def page_text(written: str) -> str:
    """What a head or foot of a page says beside fonts, fields and the words around the page's number."""
    return " ".join(_PAGE_WORDS.sub(" ", _PAGE_CODE.sub(" ", written)).split())


def list_says_more(formula: str) -> bool:
    """Whether the choices of a list stand in it, and are more than single words: ``"3,2,20"``."""
    return any(
        any(map(str.isdigit, choice)) or len(_WORD.findall(choice)) > 3  # a choice may be a few words: "Vet ej än"
        for quoted in _QUOTED.findall(formula)
        for choice in quoted.split(",")
    )
