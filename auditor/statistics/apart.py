"""Headings known to name what has nothing in common: years, ages, months, municipalities, girls and boys, with and without."""

from __future__ import annotations

import re
from functools import cache

from auditor.intake.spelling import same
from auditor.law.municipalities import municipalities
from auditor.statistics.numbers import HeldBack, Number, read_cell

_PAIRS = frozenset(
    frozenset(pair.split("/"))
    for pair in (
        *("flickor/pojkar", "flicka/pojke", "kvinnor/män", "kvinna/man", "ja/nej", "med/utan", "inom/utanför"),
        *("girls/boys", "girl/boy", "women/men", "woman/man", "female/male", "yes/no", "with/without"),
    )
)
_NOT = frozenset({"ej", "inte", "icke", "not"})
_MONTHS = frozenset(
    {
        *("januari", "februari", "mars", "april", "maj", "juni", "juli"),
        *("augusti", "september", "oktober", "november", "december"),
        *("jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "okt", "nov", "dec"),
    }
)
#: Headings with these words hold each other, where they differ by a number or a month: within 7 days, within 14 days.
_NESTED = re.compile(
    r"(?<!\w)(?:inom|under|minst|högst|max|maximalt|över|upp till|hittills|senast|före|innan"
    r"|till och med|(?:upp )?t\.? ?o\.? ?m\.?|ack\.?|ackumulera\w*|kumulativ\w*"
    r"|(?:mer|mera|fler|flera|färre|mindre|längre|kortare|äldre|yngre) än"
    r"|(?:eller|och) (?:mer|mera|fler|flera|färre|mindre|längre|kortare|äldre|yngre|uppåt|nedåt)"
    r"|within|at least|at most|up to|(?:more|fewer|less|older|younger) than|so far|cumulative)(?!\w)"
)
#: Words that also say in which year or month something happened.
_DURING = re.compile(r"(?<!\w)(?:under|inom|within)(?!\w)")
_ACCUMULATED = re.compile(
    r"(?<!\w)(?:ack\.?|ackumulera\w*|kumulativ\w*|hittills|till och med|t\.? ?o\.? ?m\.?|so far|cumulative)(?!\w)"
)
_MONTH = re.compile(r"([^\W\d]+)\.?(?: \d{4})?")
_SPAN_OF_TIME = re.compile(
    r"(?:19|20)\d\d(?:[-/ ]?(?:\d{2}(?:-\d{2})?|kv?\.? ?[1-4]|q[1-4]))?"
    r"|(?:v|vecka|kv|kvartal|k|q|månad|dag|tertial|t)\.? ?\d{1,2}"
)
_UNIT = re.compile(r"\s*(?:år|years?)$")
_ABOVE = re.compile(r"(?:över|over|above) (\d+)")
_FROM = re.compile(r"(?:minst |at least )(\d+)|(\d+) ?(?:\+|(?:år )?och (?:äldre|uppåt)|and (?:older|over))")


def apart(one: str, other: str) -> bool:
    """Whether nobody counted under one heading can be counted under the other. Headings are spelled as ``same`` does."""
    if _words_apart(one, other):
        return True
    if nested(one, other):
        return False
    words, others = one.removeprefix("varav ").split(), other.removeprefix("varav ").split()
    if len(words) == len(others):
        differing = [pair for pair in zip(words, others, strict=True) if pair[0] != pair[1]]
        return len(differing) == 1 and _words_apart(*differing[0])
    shorter, longer = sorted((words, others), key=len)
    return shorter == [word for word in longer if word not in _NOT]


def nested(one: str, other: str) -> bool:
    """Whether one heading holds the other: both have a word such as ``within``, and they differ by a number or a month."""
    words, others = one.split(), other.split()
    differing = [pair for pair in zip(words, others, strict=False) if pair[0] != pair[1]]
    if len(words) != len(others) or len(differing) != 1 or not (_NESTED.search(one) and _NESTED.search(other)):
        return False
    (first, second) = (word.strip(".,:;()") for word in differing[0])
    if {first, second} <= _MONTHS or all(map(_is_year, (first, second))):
        return bool(_NESTED.search(_DURING.sub(" ", one)))
    return _span(first) is not None and _span(second) is not None


def accumulated(heading: str) -> bool:
    """Whether the heading says that its numbers count all that came before: ``Ackumulerat antal``."""
    return bool(_ACCUMULATED.search(heading))


def is_time(name: str) -> bool:
    """Whether a category is a month, a year, or another span of time that is written with a number: ``v. 3``, ``Kvartal 1``."""
    month = _MONTH.fullmatch(name)
    return bool(month and month[1] in _MONTHS) or bool(_SPAN_OF_TIME.fullmatch(name))


def _is_year(word: str) -> bool:
    return bool(re.fullmatch(r"(?:19|20)\d\d", word))


def opposite(one: str, other: str) -> bool:
    """Whether two headings are alike but for words that share everybody between them: girls and boys, with and without."""
    words, others = one.split(), other.split()
    differing = [frozenset(pair) for pair in zip(words, others, strict=False) if pair[0] != pair[1]]
    return len(words) == len(others) and len(differing) == 1 and differing[0] in _PAIRS


def _words_apart(one: str, other: str) -> bool:
    spans = _span(one), _span(other)
    if spans[0] is not None and spans[1] is not None:
        return spans[0][1] < spans[1][0] or spans[1][1] < spans[0][0]
    named = any({one, other} <= names for names in (_MONTHS, _municipalities()))
    return (named and one != other) or frozenset({one, other}) in _PAIRS


def _span(name: str) -> tuple[float, float] | None:
    """The year, number or ages that a heading is, as first and last."""
    text = _UNIT.sub("", name)
    if not any(map(str.isdigit, text)):
        return None
    if match := _ABOVE.fullmatch(text):
        return float(match[1]) + 1, float("inf")
    if match := _FROM.fullmatch(text):
        return float(match[1] or match[2]), float("inf")
    read = read_cell(text)
    if isinstance(read, Number):
        return read.value, read.value
    if isinstance(read, HeldBack) and read.greatest is not None:
        return read.least if read.span else 0.0, read.greatest
    return None


@cache
def _municipalities() -> frozenset[str]:
    return frozenset(same(name) for name in municipalities().values())
