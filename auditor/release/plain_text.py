"""Text as the rules for identifiers read it: digits, dashes and spaces of every script as the plain ones.

Every character becomes one character or none, so that line breaks, and with them places, are kept.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from functools import cache

_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d\u2043\u00ad"
_LINE_BREAKS = "\u2028\u2029\u0085\x0b\x0c"
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
#: Letters of other alphabets are left as they are; only what may part or spell a number is made plain.
_SWEDISH_LETTERS = "åäöÅÄÖéÉüÜ"


@cache
def _table() -> dict[int, str | None]:
    table: dict[int, str | None] = {}
    for code in range(0x80, sys.maxunicode + 1):
        character = chr(code)
        category = unicodedata.category(character)
        if category == "Nd":
            table[code] = str(unicodedata.decimal(character))
        elif category == "Zs":
            table[code] = " "
        elif category == "Cf" or 0xFE00 <= code <= 0xFE0F:  # takes no room, as a zero-width space or a direction mark
            table[code] = None
        elif 0xFF01 <= code <= 0xFF5E:  # full width forms
            table[code] = chr(code - 0xFEE0)
    table.update(dict.fromkeys(map(ord, _DASHES), "-"))
    table[0xAD] = None  # a soft hyphen is not seen
    table.update(dict.fromkeys(map(ord, _LINE_BREAKS), "\n"))
    return table


def made_plain(text: str) -> str:
    """The text with every digit as 0-9, every dash as ``-``, every space as a space, and without characters that cannot be seen."""
    if text.isascii():
        return text
    if not set(_NOT_ASCII.findall(text)).difference(_SWEDISH_LETTERS):
        return text
    return text.translate(_table())
