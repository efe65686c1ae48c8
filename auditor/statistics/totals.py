"""Which categories are the totals of their dimension, however they are spelled and whatever notes hang on them."""

from __future__ import annotations

import re
import unicodedata

from auditor.intake.spelling import same

#: A heading with one of these words is a total, whatever else it says.
_WORDS = frozenset(
    {
        *("totalt", "totala", "totalen", "total", "totals", "totalsumma", "totalsumman", "totalantal", "totalantalet", "tot"),
        *("summa", "summan", "slutsumma", "slutsumman", "s:a", "σ", "∑", "sum"),
        *("samtliga", "sammanlagt", "sammanlagda", "sammantaget"),
    }
)
_WHOLE = frozenset({"alla", "all", "båda", "båda könen", "hela länet", "länet", "alla kommuner", "both", "everyone"})
#: Headings that may be totals, where nothing else in their dimension is one.
_PERHAPS = frozenset(
    {
        *("delsumma", "tillsammans", "riket", "landet", "helår", "bägge könen", "subtotal", "together"),
        *("flickor och pojkar", "pojkar och flickor", "kvinnor och män", "män och kvinnor"),
        *("girls and boys", "boys and girls", "women and men", "men and women"),
    }
)
_PERHAPS_ALL = re.compile(r"(?:alla|hela|all|whole) [^\W\d].*")
_STARS = re.compile(r"[*†‡§#^]+")
#: The number of a note: ``Totalt1``, ``Totalt1)``, ``Totalt (1)``, ``Totalt [1]``, ``Totalt a)``.
_NOTE = re.compile(r"(?<=[^\W\d])\d{1,2}\b[)\]]?|[\[(]?\b\d{1,2}[)\]]|\b[a-z]\)")
#: Characters that show nothing though Unicode does not count them among those of format.
_UNSEEN = re.compile("[\u034f\u115f\u1160\u2800\u3164\ufe00-\ufe0f\uffa0]")


def is_total(words: str) -> bool:
    """Whether a category is the total of its dimension."""
    plain = _plain(words)
    return " ".join(plain) in _WHOLE or any(word in _WORDS for word in plain)


def may_be_total(words: str) -> bool:
    """Whether a category may be the total of its dimension, where no other one is: ``Riket``, ``Alla åldrar``."""
    text = " ".join(_plain(words))
    return text in _PERHAPS or bool(_PERHAPS_ALL.fullmatch(text))


def _plain(words: str) -> list[str]:
    """The words as they are compared: without marks of notes, raised characters, and what cannot be seen."""
    level = "".join(one for one in words if not unicodedata.decomposition(one).startswith("<super>"))
    text = _NOTE.sub(" ", _STARS.sub(" ", same(_UNSEEN.sub("", level))))
    return [stripped for word in text.split() if (stripped := word.strip(":.,;=()[]"))]
