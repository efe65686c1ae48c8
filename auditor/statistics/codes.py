"""Whether the numbers below a heading such as ``År`` or ``Kommun`` are its years or codes, or may be counts."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.intake.spelling import heading_key
from auditor.law.municipalities import municipalities
from auditor.statistics.numbers import Number

#: Years, the months of a year (``202610``), and its days.
_YEARS, _DATED = range(1900, 2101), (range(190_001, 210_099), range(19_000_101, 21_001_232))
_YEAR = frozenset(map(heading_key, ("år", "årtal", "läsår", "kalenderår", "födelseår", "year")))
_MUNICIPALITY = frozenset(map(heading_key, ("kommun", "kommunkod", "municipality")))
#: Headings that name what may itself be counted: how many classes, how many counties.
_COUNTABLE = frozenset(map(heading_key, ("klass", "län", "period")))
_PARTS_OF_YEARS = {
    **dict.fromkeys(map(heading_key, ("månad", "month")), range(1, 13)),
    **dict.fromkeys(map(heading_key, ("kvartal", "quarter")), range(1, 5)),
}


def is_year(one: Number) -> bool:
    """Whether a number can be a year of our time."""
    return not one.share and one.value in _YEARS


def may_be_counts(heading: str, numbers: Sequence[Number], *, after_numbers: bool, told_apart: bool) -> bool:
    """Whether numbers below a heading of years, ages or codes may be counts all the same.

    ``after_numbers``: counts stand to their left, where categories rarely do. ``told_apart``: the categories to their left name
    every row by themselves, so that the numbers need not.
    """
    key = heading_key(heading)
    if not numbers or _surely(key, numbers):
        return False
    return after_numbers or key in _YEAR | _MUNICIPALITY or (told_apart and key in _COUNTABLE)


def _surely(key: str, numbers: Sequence[Number]) -> bool:
    """Whether the numbers are no counts; a workbook drops the zero that a municipality code begins with."""
    if any(one.share or not one.value.is_integer() for one in numbers):
        return False
    if key in _MUNICIPALITY:
        return all(f"{int(one.value):04}" in municipalities() for one in numbers)
    spans = (_YEARS, *_DATED, _PARTS_OF_YEARS.get(key, range(0)))
    return all(any(one.value in span for span in spans) for one in numbers)
