"""When a time limit that ends on a day off is met: the next working day (lag 1930:173 om beräkning av lagstadgad tid, 2 §)."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import pyarrow as pa

from auditor.engine import Engine

_FIRST_YEAR, _LAST_YEAR = 1950, 2199


@cache
def _days_off(year: int) -> frozenset[date]:
    import holidays

    public = holidays.country_holidays("SE", years=year, include_sundays=False)
    midsummer = next(date(year, 6, day) for day in range(19, 26) if date(year, 6, day).weekday() == 4)
    return frozenset([*public, midsummer, date(year, 12, 24), date(year, 12, 31)])


def next_working_day(day: date) -> date:
    """The day itself, or the next that is no Saturday, Sunday, public holiday, midsommarafton, julafton or nyårsafton."""
    while day < date.max and (day.weekday() >= 5 or (_FIRST_YEAR <= day.year <= _LAST_YEAR and day in _days_off(day.year))):
        day += timedelta(days=1)
    return day


def load_working_days(engine: Engine) -> None:
    """Make ``working_days`` (day, working_day) for the day on which each case's assessment is due."""
    days = [
        row[0]
        for row in engine.rows(
            "SELECT DISTINCT CAST(reported_at AS DATE) + assessment_days FROM cases, terms WHERE reported_at IS NOT NULL ORDER BY 1"
        )
        if isinstance(row[0], date)
    ]
    schema = pa.schema([("day", pa.date32()), ("working_day", pa.date32())])
    engine.load("working_days", pa.table({"day": days, "working_day": [next_working_day(day) for day in days]}, schema=schema))
