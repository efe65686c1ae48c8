"""Shares, days and periods as the reports write them, by Babel."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from babel.dates import format_date, format_datetime
from babel.numbers import format_percent

from auditor.formats import day_text, locale
from auditor.words import language


def percent(part: int, whole: int) -> str:
    """A share with one decimal. A share that is not nothing never reads as 0, nor one that is not all as 100 per cent."""
    if not whole:
        return "–"
    share = part / whole
    if 0 < part < whole:
        share = min(max(share, 0.001), 0.999)
    return str(format_percent(share, format="#,##0.0\u00a0%" if language() == "sv" else "#,##0.0%", locale=locale()))


def short_day(value: date) -> str:
    """``7 Mar``."""
    return str(format_date(value, "d MMM", locale=locale()))


def month(value: date) -> str:
    """``March 2024``."""
    return str(format_date(value, "LLLL y", locale=locale()))


def moment(value: datetime) -> str:
    """``2024-03-07 14:05``: one width, and its order as text is its order in time."""
    return str(format_datetime(value, "yyyy-MM-dd HH:mm", locale=locale()))


def period(first: date, last: date) -> str:
    """A whole month by its name, else its first and last day."""
    whole_month = (
        first.day == 1 and (last + timedelta(days=1)).day == 1 and (first.year, first.month) == (last.year, last.month)
    )
    return month(first) if whole_month else days(first, last)


def days(first: date, last: date) -> str:
    """The first and the last day of a period, with nothing said twice: ``1–31 October 2026``."""
    if first == last:
        return day_text(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{day_text(last)}"
    if first.year == last.year:
        return f"{format_date(first, 'd MMMM', locale=locale())} – {day_text(last)}"
    return f"{day_text(first)} – {day_text(last)}"
