"""How like an unknown heading is to the known ones."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from functools import cache

#: How like a heading and a known one must be (difflib's ratio) to speak for a column.
SIMILAR = 0.7
#: How like what is left of them without common words must be.
_SIMILAR_REST = 0.68
#: What many headings hold, as headings are compared: it tells no column from another, but a time from a number.
_COMMON_WORDS = {
    "time": re.compile("datum|tidpunkt|tid"),
    "number": re.compile("nummer|number|nr$|id$"),
    "organisation": re.compile("organisation|organization|myndighet|kommun"),
    "unit": re.compile("enhet|namnd"),
    "": re.compile("kod|[0-9]+$"),
}
_LONG_ENOUGH = 5


def nearest(key: str, known: Iterable[str]) -> dict[str, float]:
    """The known headings that a heading is like, all as they are compared, with the likeness (below 1).

    What is left of the two without words that many headings hold must be alike too: 'till organisation' is not 'sending
    organisation', however much of it is the same.
    """
    found: dict[str, float] = {}
    own = _without_common_words(key)
    if not own:
        return found
    whole_matcher = difflib.SequenceMatcher(None, "", key, autojunk=False)
    rest_matcher = difflib.SequenceMatcher(None, "", own, autojunk=False)
    for other in known:
        rest = _without_common_words(other)
        if _kinds(key) and _kinds(other) and not _kinds(key) & _kinds(other):
            continue
        if rest == own:
            found[other] = 0.9
        elif len(rest) >= _LONG_ENOUGH and rest in own:
            found[other] = max(0.75, min(0.95, len(rest) / len(own)))
        elif rest and _ratio(rest_matcher, rest, _SIMILAR_REST) and (ratio := _ratio(whole_matcher, other, SIMILAR)):
            found[other] = min(ratio, 0.95)
    return found


def _ratio(matcher: difflib.SequenceMatcher[str], other: str, least: float) -> float:
    """How alike the matcher's second text and another are, 0 when that is less than ``least``."""
    matcher.set_seq1(other)
    if matcher.real_quick_ratio() < least or matcher.quick_ratio() < least:
        return 0.0
    ratio = matcher.ratio()
    return ratio if ratio >= least else 0.0


@cache
def _without_common_words(key: str) -> str:
    for words in _COMMON_WORDS.values():
        key = words.sub("", key)
    return key


@cache
def _kinds(key: str) -> frozenset[str]:
    """What the common words in a heading say that its column holds."""
    return frozenset(kind for kind, words in _COMMON_WORDS.items() if kind and words.search(key))
