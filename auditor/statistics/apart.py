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
_UNIT = re.compile(r"\s*(?:år|years?)$")
_ABOVE = re.compile(r"(?:över|over|above) (\d+)")
_FROM = re.compile(r"(?:minst |at least )(\d+)|(\d+) ?(?:\+|(?:år )?och (?:äldre|uppåt)|and (?:older|over))")


def apart(one: str, other: str) -> bool:
    """Whether nobody counted under one heading can be counted under the other. Headings are spelled as ``same`` does."""
    if _words_apart(one, other):
        return True
    words, others = one.removeprefix("varav ").split(), other.removeprefix("varav ").split()
    if len(words) == len(others):
        differing = [pair for pair in zip(words, others, strict=True) if pair[0] != pair[1]]
        return len(differing) == 1 and _words_apart(*differing[0])
    shorter, longer = sorted((words, others), key=len)
    return shorter == [word for word in longer if word not in _NOT]


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
