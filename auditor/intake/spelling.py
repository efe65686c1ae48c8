"""How texts are compared: without regard to case, to the kind of dash or space, and to how å, ä and ö are encoded."""

from __future__ import annotations

import re
import unicodedata

_DASHES = re.compile("[\u2010-\u2015\u2212]")
_JOINED_BY = re.compile(r"\s*([;,|])\s*")
_FOLDED = str.maketrans("åäö", "aao")


def same(text: str) -> str:
    """The text as it is compared where spelling matters: NFC, casefolded, every space plain and single, every dash a hyphen.

    ``å`` never becomes ``a``: Habo and Håbo are two municipalities. Characters that cannot be seen are left out.
    """
    composed = unicodedata.normalize("NFC", text).casefold()
    seen = "".join(character for character in composed if unicodedata.category(character) != "Cf")
    return _DASHES.sub("-", " ".join(unicodedata.normalize("NFC", seen).split()))


def alike(text: str) -> str:
    """The text as names and words are compared: as ``same``, with hyphens and underscores as spaces.

    Spaces beside a comma, semicolon or bar do not count. A text of nothing but hyphens stays as it is.
    """
    strict = same(text)
    joined = _JOINED_BY.sub(r"\1 ", strict)
    return " ".join(joined.replace("-", " ").replace("_", " ").split()) or strict


def heading_key(heading: str) -> str:
    """The heading as it is compared: letters and digits alone, casefolded, with å and ä as a, ö as o.

    A heading without letters and digits (``#``) is compared as ``same``.
    """
    strict = same(heading)
    return "".join(character for character in strict if character.isalnum()).translate(_FOLDED) or strict
