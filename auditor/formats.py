"""Numbers, days and spans of time as the language now spoken writes them, by Babel, imported when the first is needed."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from auditor.words import _, language

#: The places whose customs are followed: Sweden's, and for English those of Great Britain (day before month).
_LOCALES = {"sv": "sv_SE", "en": "en_GB"}


def locale() -> str:
    """The place, as Babel names it, whose customs the language now spoken follows."""
    return _LOCALES[language()]


def number_text(n: int) -> str:
    """A whole number with its thousands apart: 12 345 in Swedish (no-break space), 12,345 in English."""
    from babel.numbers import format_decimal

    return format_decimal(n, locale=locale())


def decimal_text(value: float) -> str:
    """A number with one decimal: 3,0 in Swedish, 3.0 in English."""
    from babel.numbers import format_decimal

    return format_decimal(value, format="#,##0.0", locale=locale())


def day_text(day: date) -> str:
    """A day in words: 3 oktober 2026, 3 October 2026."""
    from babel.dates import format_date

    return format_date(day, "long", locale=locale())


def moment_text(moment: datetime) -> str:
    """A day and a time of it: 3 oktober 2026 14:05:00."""
    from babel.dates import format_time

    return f"{day_text(moment.date())} {format_time(moment, 'medium', locale=locale())}"


def span_text(seconds: float) -> str:
    """A span of time in its greatest unit: 2 minuter, 2 minutes."""
    from babel.dates import format_timedelta

    return format_timedelta(timedelta(seconds=max(1, round(seconds))), threshold=1.5, locale=locale())


def left_text(left: timedelta) -> str:
    """How long is left until a time limit, or how late it is, in whole hours or, from three days on, in whole days."""
    from babel.units import format_unit

    hours = int(abs(left).total_seconds() // 3600)
    n, unit = (hours // 24, "duration-day") if hours > 72 else (hours, "duration-hour")
    time = format_unit(n, unit, length="long", locale=locale())
    return (_("{time} late") if left < timedelta() else _("{time} left")).format(time=time)
