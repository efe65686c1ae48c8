"""The month, the days around it, and how moments are drawn within it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

#: The months for which the example agreement has its parties: Salem left before them, Sigtuna joins after them.
MONTHS = ("2026-07", "2026-08", "2026-09", "2026-10", "2026-11", "2026-12")

#: Saturday 10 October 2026: no period of the example agreement holds that day.
DAY_WITHOUT_AGREEMENT = date(2026, 10, 10)
#: Sunday 11 October 2026: only an unconfirmed period does.
DAY_UNCONFIRMED = date(2026, 10, 11)
LAPSED_DAYS = np.array([DAY_WITHOUT_AGREEMENT, DAY_UNCONFIRMED], dtype="datetime64[D]")

#: How busy each hour of the day is, for a duty office open round the clock and for an ordinary office.
DUTY_HOURS = np.array([7, 5, 4, 3, 2, 2, 2, 3, 4, 5, 5, 6, 6, 6, 7, 8, 10, 12, 14, 15, 15, 14, 12, 9], dtype=float)
OFFICE_HOURS = np.array([0, 0, 0, 0, 0, 0, 0, 1, 8, 12, 12, 8, 5, 10, 12, 11, 6, 1, 0, 0, 0, 0, 0, 0], dtype=float)
#: How busy each weekday is for the duty office, Monday first.
DUTY_WEEKDAYS = np.array([9, 9, 9, 10, 14, 15, 12], dtype=float)


@dataclass(frozen=True)
class Period:
    """The audited month: from ``start`` (its first midnight) to ``end`` (the next month's, not included)."""

    name: str
    start: datetime
    end: datetime

    @classmethod
    def of_month(cls, name: str) -> Period:
        """The period of a month such as ``2026-10``."""
        start = datetime.strptime(name, "%Y-%m")
        return cls(name, start, (start + timedelta(days=32)).replace(day=1))

    @property
    def exported_at(self) -> datetime:
        """When the logs were taken out of the systems; nothing in them is later."""
        return self.end + timedelta(days=3)

    @property
    def has_lapse(self) -> bool:
        """Whether the days without a confirmed agreement lie in this month."""
        return self.start.date() <= DAY_WITHOUT_AGREEMENT < self.end.date()

    def day(self, number: int, hour: int = 12, minute: int = 0, second: int = 0) -> datetime:
        """A moment of the month; day 0 is the last day before it, day -9 nine days before that."""
        return self.start + timedelta(days=number - 1, hours=hour, minutes=minute, seconds=second)


def is_lapsed(days: np.ndarray) -> np.ndarray:
    """Which of the days (datetime64[D]) have no confirmed agreement."""
    return np.isin(days, LAPSED_DAYS)


def is_weekend(days: np.ndarray) -> np.ndarray:
    """Which of the days (datetime64[D]) are a Saturday or a Sunday. Day 0 of numpy's calendar was a Thursday."""
    return (days.astype("datetime64[D]").astype(np.int64) + 3) % 7 >= 5


def draw_reports(rng: np.random.Generator, count: int, first: datetime, last: datetime) -> np.ndarray:
    """Moments (datetime64[s]) between two midnights, as reports reach a duty office.

    No report comes in the day before the lapse or during it, so that every innocent handover finds an agreement in force.
    """
    hours = np.arange(np.datetime64(first, "h"), np.datetime64(last, "h"))
    days = hours.astype("datetime64[D]")
    weekday = (days.astype(np.int64) + 3) % 7
    weights = DUTY_HOURS[(hours - days).astype(np.int64)] * DUTY_WEEKDAYS[weekday]
    weights[is_lapsed(days) | is_lapsed(days + 1)] = 0.0
    picked = rng.choice(hours, size=count, p=weights / weights.sum())
    return picked.astype("datetime64[s]") + rng.integers(0, 3600, size=count)


def draw_within(rng: np.random.Generator, first: np.ndarray, last: np.ndarray, office: np.ndarray) -> np.ndarray:
    """One moment (datetime64[s]) for each pair of days, both included (datetime64[D]).

    ``office`` says which rows keep office hours and avoid weekends where they can. Lapsed days are always avoided, for which
    each pair must span at least three days.
    """
    span = (last - first).astype(np.int64) + 1
    days = first + np.floor(rng.random(len(first)) * span).astype(np.int64)
    for _ in range(6):
        redraw = is_lapsed(days) | (office & is_weekend(days))
        days = np.where(redraw, first + np.floor(rng.random(len(first)) * span).astype(np.int64), days)
    days = np.where(is_lapsed(days), last, days)
    days = np.where(is_lapsed(days), first, days)
    at_office = draw_hours(rng, OFFICE_HOURS, len(first))
    on_duty = draw_hours(rng, DUTY_HOURS, len(first))
    return days.astype("datetime64[s]") + np.where(office, at_office, on_duty) * 3600 + rng.integers(0, 3600, len(first))


def draw_hours(rng: np.random.Generator, weights: np.ndarray, count: int) -> np.ndarray:
    """Hours of the day (0-23), as often as they are busy (``DUTY_HOURS``, ``OFFICE_HOURS``)."""
    return np.searchsorted(np.cumsum(weights / weights.sum()), rng.random(count), side="right").clip(0, 23)
