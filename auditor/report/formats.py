"""Numbers and dates in the language spoken, by Babel."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal, format_percent

from auditor.words import language

_LOCALES = {"sv": "sv_SE", "en": "en_GB"}


def _locale() -> str:
    return _LOCALES[language()]


def number(value: int) -> str:
    """A whole number, with its thousands set apart."""
    return str(format_decimal(value, locale=_locale()))


def decimal(value: float) -> str:
    """A number with one decimal."""
    return str(format_decimal(value, format="#,##0.0", locale=_locale()))


def percent(part: int, whole: int) -> str:
    """A share with one decimal. A share that is not nothing never reads as 0, nor one that is not all as 100 per cent."""
    if not whole:
        return "–"
    share = part / whole
    if 0 < part < whole:
        share = min(max(share, 0.001), 0.999)
    return str(format_percent(share, format="#,##0.#\u00a0%" if language() == "sv" else "#,##0.#%", locale=_locale()))


def day(value: date) -> str:
    """``7 March 2024``."""
    return str(format_date(value, "d MMMM y", locale=_locale()))


def short_day(value: date) -> str:
    """``7 Mar``."""
    return str(format_date(value, "d MMM", locale=_locale()))


def month(value: date) -> str:
    """``March 2024``."""
    return str(format_date(value, "LLLL y", locale=_locale()))


def moment(value: datetime) -> str:
    """``2024-03-07 14:05``: one width, and its order as text is its order in time."""
    return str(format_datetime(value, "yyyy-MM-dd HH:mm", locale=_locale()))


def period(first: date, last: date) -> str:
    """A whole month by its name, else its first and last day."""
    whole_month = (
        first.day == 1 and (last + timedelta(days=1)).day == 1 and (first.year, first.month) == (last.year, last.month)
    )
    return month(first) if whole_month else days(first, last)


def days(first: date, last: date) -> str:
    """The first and the last day of a period, with nothing said twice: ``1–31 October 2026``."""
    if first == last:
        return day(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{day(last)}"
    if first.year == last.year:
        return f"{format_date(first, 'd MMMM', locale=_locale())} – {day(last)}"
    return f"{day(first)} – {day(last)}"
