"""Small counts in words: ``Nacka (3 barn)``, ``Flickor (n=3)``, ``varav tre flickor``. Ages, grades and classes are none."""

from __future__ import annotations

import re

from auditor.statistics.numbers import WORD_VALUES, plain

_ANY = rf"(?:\d{{1,3}}|{'|'.join(WORD_VALUES)})"
#: Without the articles: ``en flicka`` within a text need not be a count.
_SEVERAL = "|".join(word for word in WORD_VALUES if word not in ("en", "ett", "one"))
_SEX = r"(?:flick(?:a|or)|pojk(?:e|ar)|tjej(?:er)?|kill(?:e|ar)|kvinn(?:a|or)|män|man|girls?|boys?|women|woman|men)\b"
_PEOPLE = (
    rf"(?:{_SEX}|(?:barn|elev(?:er)?|person(?:er)?|ungdom(?:ar)?|individ(?:er)?|placerad(?:e)?|st|stycken|child(?:ren)?)\b)"
)
_NO_MORE = r"(?! eller (?:fler|färre|mer))"
#: A digit may follow the name of a grade or quarter (``Årskurs 3 flickor``), so it must begin the text or a part of it.
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\bn ?[=:] ?(\d{1,3})(?! ?\d)",
        rf"\bvarav (?:endast |bara |ca |cirka )?({_ANY}) {_PEOPLE}{_NO_MORE}",
        rf"\( ?(?:varav |endast |bara |ca |cirka )?({_ANY}) {_PEOPLE}{_NO_MORE}",
        rf"(?:^|[,:;] ?|\b(?:endast|bara) )(\d{{1,3}}) {_SEX}{_NO_MORE}",
        rf"\b({_SEVERAL}) {_SEX}{_NO_MORE}",
        rf"^({_ANY}) (?:st|stycken|{_SEX})$",
    )
)


def tells_small_count(written: str, threshold: int) -> bool:
    """Whether a heading or a category says how many there are, and that it is fewer than the threshold."""
    text = plain(written)
    return any(0 < _value(found) < threshold for pattern in _PATTERNS for found in pattern.findall(text))


def _value(written: str) -> int:
    return int(written) if written.isdigit() else WORD_VALUES[written.casefold()]
