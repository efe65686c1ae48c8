"""When officers sit down with a case: days and shifts on which they work, for all sittings of a month at once, as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from . import county
from .period import OFFICE_HOURS, Period, draw_hours, is_weekend

#: The log begins and ends so many days outside the month: an export seldom is cut on the stroke.
CONTEXT_DAYS = 2
#: The night of which the duty office's log holds nothing: its day in the month, and its hours to the day after.
MISSING_NIGHT, NIGHT_BEGINS, NIGHT_ENDS = 14, 18.5, 7.5
#: Nobody sits with a case for longer than this without a break.
_LONGEST = 40 * 60
_SHIFT_BEGINS = np.array([7, 15, 23])
_DUTY_WEIGHT = 3.0
_EVENTS_IN_A_SITTING = 0.36  # of the geometric distribution: 2.8 events on average
MOST_EVENTS = 10
#: So many sittings are drawn at once, for the sake of memory.
_AT_ONCE = 400_000


@dataclass
class Roster:
    """Who opens which case: codes of cases and users, and what each user is.

    ``cases`` and ``users`` are the texts of the codes; ``duty`` says which users belong to the duty office.
    """

    cases: pa.Array
    users: pa.Array
    duty: np.ndarray

    @classmethod
    def of(cls, tables: dict[str, pa.Table], more_users: list[str]) -> Roster:
        """The cases and users of finished tables, and users who stand in no other table."""
        cases = _distinct([tables[name].column("case_id") for name in ("cases", "disclosures", "assignments")])
        named = [tables[name].column("user_id") for name in ("staff", "disclosures", "assignments")]
        users = _distinct([*named, pa.chunked_array([more_users], type=pa.string())])
        staff = tables["staff"]
        at_entry = staff.filter(pc.equal(staff.column("organisation"), county.ENTRY_POINT)).column("user_id")
        return cls(cases, users, pc.is_in(users, at_entry.combine_chunks()).to_numpy(zero_copy_only=False))

    def case_codes(self, texts: pa.ChunkedArray | pa.Array) -> np.ndarray:
        """The code of each case number; -1 for NULL."""
        return pc.fill_null(pc.index_in(texts, self.cases), -1).to_numpy()

    def user_codes(self, texts: pa.ChunkedArray | pa.Array) -> np.ndarray:
        """The code of each user; -1 for NULL."""
        return pc.fill_null(pc.index_in(texts, self.users), -1).to_numpy()


def _distinct(columns: list[pa.ChunkedArray]) -> pa.Array:
    chunks = [chunk for column in columns for chunk in column.chunks]
    return pc.drop_null(pc.unique(pa.chunked_array(chunks, type=pa.string())))


@dataclass
class Sittings:
    """Sittings in the order of their beginning: case and user codes, the second each begins, how many events each has."""

    case: np.ndarray
    user: np.ndarray
    begins: np.ndarray
    events: np.ndarray

    def day(self, day: np.datetime64) -> slice:
        """The sittings that begin on a day."""
        return slice(*np.searchsorted(self.begins, [day.astype("datetime64[s]"), (day + 1).astype("datetime64[s]")]))


def span(period: Period) -> tuple[np.datetime64, np.datetime64]:
    """The first moment of the log, and the first one after it."""
    around = timedelta(days=CONTEXT_DAYS)
    return np.datetime64(period.start - around, "s"), np.datetime64(period.end + around, "s")


def missing_night(period: Period) -> tuple[np.datetime64, np.datetime64]:
    """The first and last moment of the night without a duty office's log."""
    begins = period.day(MISSING_NIGHT) + timedelta(hours=NIGHT_BEGINS - 12)
    return np.datetime64(begins, "s"), np.datetime64(begins + timedelta(hours=24 + NIGHT_ENDS - NIGHT_BEGINS), "s")


def draw_sittings(
    rng: np.random.Generator, count: int, tables: dict[str, pa.Table], roster: Roster, period: Period, left_alone: list[str]
) -> Sittings:
    """Sittings with ``count`` events in all, by officers assigned to the case, in their working hours.

    Nobody opens a case closed two weeks ago, or one of those ``left_alone``; a user may be left alone too.
    """
    rows = tables["assignments"]
    alone = pa.array(left_alone, type=pa.string())
    told = pc.or_(pc.is_in(rows.column("case_id"), alone), pc.is_in(rows.column("user_id"), alone))
    known = pc.and_(rows.column("case_id").is_valid(), rows.column("user_id").is_valid())
    rows = rows.filter(pc.and_(known, pc.invert(told)))
    first, last = span(period)
    user, case = roster.user_codes(rows.column("user_id")), roster.case_codes(rows.column("case_id"))
    begins = np.maximum(rows.column("valid_from").to_numpy().astype("datetime64[s]"), first)
    ends = rows.column("valid_to").to_numpy().astype("datetime64[s]")
    ends = np.minimum(np.where(np.isnat(ends), last, ends), last)
    closed = _closings(tables["cases"], roster)[case] + 13 * 86400
    ends = np.where(closed < ends, closed, ends) - _LONGEST
    days = ((ends - begins).astype(np.int64) / 86400).clip(0, 12)
    weight = np.where(roster.duty[user], _DUTY_WEIGHT, 1.0) * np.where(ends > begins, 0.3 + days, 0.0)
    limits = np.cumsum(weight) / weight.sum()
    chosen, moments, sizes, enough = [], [], [], 0
    while enough < count:
        batch = min(int((count - enough) / 1.2) + 200, _AT_ONCE)
        picked = np.searchsorted(limits, rng.random(batch), side="right").clip(0, len(limits) - 1)
        at = _working_moments(rng, begins[picked], ends[picked], user[picked], roster.duty)
        good = _on_record(at, begins[picked], ends[picked], roster.duty[user[picked]], period)
        size = rng.geometric(_EVENTS_IN_A_SITTING, size=int(good.sum())).clip(1, MOST_EVENTS).astype(np.int8)
        chosen.append(picked[good].astype(np.int32))
        moments.append(at[good])
        sizes.append(size)
        enough += int(size.sum(dtype=np.int64))
    return _cut(np.concatenate(chosen), np.concatenate(moments), np.concatenate(sizes), count, case, user)


def _closings(cases: pa.Table, roster: Roster) -> np.ndarray:
    """When each case was closed (datetime64[s]), by its code; NaT where it is open."""
    closed = np.full(len(roster.cases), np.datetime64("NaT", "s"))
    known = cases.filter(cases.column("case_id").is_valid())
    closed[roster.case_codes(known.column("case_id"))] = known.column("closed_at").to_numpy().astype("datetime64[s]")
    return closed


def _cut(
    chosen: np.ndarray, moments: np.ndarray, sizes: np.ndarray, count: int, case: np.ndarray, user: np.ndarray
) -> Sittings:
    """Exactly so many events: the last sittings are left out, and one is cut short."""
    totals = np.cumsum(sizes, dtype=np.int64)
    kept = int(np.searchsorted(totals, count)) + 1
    sizes[kept - 1] -= totals[kept - 1] - count
    order = np.argsort(moments[:kept], kind="stable")
    chosen = chosen[:kept][order]
    return Sittings(case[chosen].astype(np.int32), user[chosen].astype(np.int32), moments[:kept][order], sizes[:kept][order])


def _working_moments(
    rng: np.random.Generator, begins: np.ndarray, ends: np.ndarray, user: np.ndarray, duty: np.ndarray
) -> np.ndarray:
    """A moment for each on a day between: office hours on weekdays, or the week's shift of a duty officer."""
    count = len(user)
    first = begins.astype("datetime64[D]")
    span_of_days = (ends.astype("datetime64[D]") - first).astype(np.int64) + 1
    on_duty = duty[user]
    day = first
    redraw = np.ones(count, dtype=bool)
    for _ in range(6):
        day = np.where(redraw, first + np.floor(rng.random(count) * span_of_days).astype(np.int64), day)
        off = (user + day.astype(np.int64)) % 7 >= 5
        redraw = np.where(on_duty, off, is_weekend(day))
    week = (day.astype(np.int64) + 3) // 7
    shift = _SHIFT_BEGINS[(user + week) % 3] * 3600 + np.floor(rng.random(count) * (8 * 3600 - _LONGEST)).astype(np.int64)
    office = draw_hours(rng, OFFICE_HOURS, count) * 3600 + rng.integers(0, 3600, size=count)
    return day.astype("datetime64[s]") + np.where(on_duty, shift, office)


def _on_record(at: np.ndarray, begins: np.ndarray, ends: np.ndarray, on_duty: np.ndarray, period: Period) -> np.ndarray:
    """Sittings while the officer is assigned, and not in the night that is missing."""
    night = missing_night(period)
    missing = on_duty & (at > night[0] - _LONGEST) & (at < night[1])
    return (at >= begins) & (at < ends) & ~missing
