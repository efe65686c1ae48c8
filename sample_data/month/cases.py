"""The children's cases: bulk rows that break no rule, with their residences and the officers assigned to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pyarrow as pa

from . import county, people
from .period import Period, draw_reports, is_weekend
from .schema import pick, working_table
from .staff import Staff

#: The share of cases reported before the month, and in the days between its end and the export.
_EARLIER, _LATER = 0.36, 0.03
_DAYS_BEFORE = 75
DECISIONS = ("opened", "not_opened", "already_open")
OPENED, NOT_OPENED, ALREADY_OPEN = range(3)
PROTECTIONS = ("none", "marked", "protected_registration", "assumed_identity")
NAT = np.datetime64("NaT", "s")


@dataclass
class Cases:
    """Bulk cases as arrays of one length; a case's serial is its place. Times are datetime64[s], NaT where there is none.

    ``home``, ``registered``, ``found_in`` and ``reporter`` index ``county.ORGANISATIONS``; ``decision`` indexes ``DECISIONS``,
    ``protection`` ``PROTECTIONS`` and ``concern`` ``county.CONCERNS``. A negative index is NULL.
    """

    reported_at: np.ndarray
    decided_at: np.ndarray
    decision: np.ndarray
    closed_at: np.ndarray
    extended: np.ndarray
    birth_date: np.ndarray
    birth_date_known: np.ndarray
    number_kind: np.ndarray  # 0 personnummer, 1 samordningsnummer, 2 none
    home: np.ndarray
    registered: np.ndarray
    found_in: np.ndarray
    concern: np.ndarray
    reporter: np.ndarray
    protection: np.ndarray

    def __len__(self) -> int:
        return len(self.reported_at)

    @property
    def handed_over(self) -> np.ndarray:
        """Which cases belong to another municipality than the entry point and must be handed over to it."""
        return (self.home >= 0) & (self.home != county.ORGANISATION_INDEX[county.ENTRY_POINT])


def build_cases(rng: np.random.Generator, count: int, period: Period) -> Cases:
    """``count`` innocent cases: children under 18, reported by the Police, at home in a confirmed party."""
    later = int(count * _LATER)
    earlier = int(count * _EARLIER)
    reported = np.sort(
        np.concatenate(
            [
                draw_reports(rng, earlier, period.start - timedelta(days=_DAYS_BEFORE), period.start),
                draw_reports(rng, count - earlier - later, period.start, period.end),
                draw_reports(rng, later, period.end, period.exported_at),
            ]
        )
    )
    decision, decided = _decisions(rng, reported, period)
    home = rng.choice([county.ORGANISATION_INDEX[code] for code in county.CONFIRMED], size=count, p=_weights(county.CONFIRMED))
    found = np.where(rng.random(count) < 0.6, home, county.ORGANISATION_INDEX[county.ENTRY_POINT])
    everywhere = [municipality.code for municipality in county.MUNICIPALITIES]
    strayed = rng.choice([county.ORGANISATION_INDEX[code] for code in everywhere], size=count, p=_weights(tuple(everywhere)))
    return Cases(
        reported_at=reported,
        decided_at=decided,
        decision=decision,
        closed_at=_closings(rng, reported, decided, decision, period),
        extended=rng.choice([0, 1, -1], size=count, p=(0.9, 0.02, 0.08)),
        birth_date=_birth_dates(rng, count, period),
        birth_date_known=rng.random(count) >= 0.08,
        number_kind=rng.choice(3, size=count, p=(0.955, 0.035, 0.01)),
        home=home,
        registered=home.copy(),
        found_in=np.where(rng.random(count) < 0.15, strayed, found),
        concern=rng.choice(county.INNOCENT_CONCERNS, size=count, p=(0.6, 0.25, 0.15)),
        reporter=np.full(count, county.ORGANISATION_INDEX[county.POLICE]),
        protection=rng.choice(4, size=count, p=(0.958, 0.026, 0.012, 0.004)),
    )


def _weights(codes: tuple[str, ...]) -> np.ndarray:
    weights = np.array([county.BY_CODE[code].weight for code in codes], dtype=float)
    return weights / weights.sum()


def _birth_dates(rng: np.random.Generator, count: int, period: Period) -> np.ndarray:
    """Most are 14 to 17, none turns 18 within two months of the month's end."""
    eighteen_at_the_end = np.datetime64(period.end.replace(year=period.end.year - 18), "D")
    return eighteen_at_the_end + 62 + np.floor(rng.beta(1.3, 2.6, size=count) * 2700).astype(np.int64)


def _decisions(rng: np.random.Generator, reported: np.ndarray, period: Period) -> tuple[np.ndarray, np.ndarray]:
    """Decisions in office hours within fourteen days; those that lie after the export are not there yet."""
    count = len(reported)
    decision = rng.choice(3, size=count, p=(0.55, 0.32, 0.13))
    days = reported.astype("datetime64[D]") + rng.integers(1, 12, size=count)
    for _ in range(2):
        days = np.where(is_weekend(days), days + 1, days)
    decided = days.astype("datetime64[s]") + rng.integers(9 * 3600, 16 * 3600, size=count)
    decided = np.where((decision == ALREADY_OPEN) & (rng.random(count) < 0.5), NAT, decided)
    pending = decided > np.datetime64(period.exported_at, "s")
    return np.where(pending, -1, decision), np.where(pending, NAT, decided)


def _closings(
    rng: np.random.Generator, reported: np.ndarray, decided: np.ndarray, decision: np.ndarray, period: Period
) -> np.ndarray:
    """Cases that were not opened close within days, one in eight of the opened within two months; in the late afternoon."""
    count = len(reported)
    wait = np.where(decision == NOT_OPENED, rng.integers(0, 5, size=count), rng.integers(28, 61, size=count))
    days = decided.astype("datetime64[D]") + wait
    for _ in range(2):
        days = np.where(is_weekend(days), days + 1, days)
    closed = days.astype("datetime64[s]") + rng.integers(16 * 3600, 17 * 3600, size=count)
    closes = (decision == NOT_OPENED) | ((decision == OPENED) & (rng.random(count) < 0.125))
    return np.where(closes & (closed <= np.datetime64(period.exported_at, "s")), closed, NAT)


def cases_to_arrow(rng: np.random.Generator, cases: Cases) -> pa.Table:
    """The rows of the table; numbers of the child and of relatives are drawn here."""
    count = len(cases)
    own = people.draw_numbers(rng, cases.birth_date, cases.number_kind == 1)
    return working_table(
        "cases",
        {
            "_serial": np.arange(count),
            "_order": cases.reported_at,
            "person_id": pa.array(own, mask=cases.number_kind == 2),
            "related_person_ids": _relatives(rng, count),
            "birth_date": pa.array(cases.birth_date, mask=~(cases.birth_date_known | (cases.number_kind == 2))),
            "home_municipality": pick(county.ORGANISATIONS, cases.home, pa.string()),
            "registered_municipality": pick(county.ORGANISATIONS, cases.registered, pa.string()),
            "found_in": pick(county.ORGANISATIONS, cases.found_in, pa.string()),
            "concern": pick(county.CONCERNS, cases.concern, pa.list_(pa.string())),
            "reporter": pick(county.ORGANISATIONS, cases.reporter, pa.string()),
            "reported_at": cases.reported_at,
            "decided_at": cases.decided_at,
            "decision": pick(DECISIONS, cases.decision, pa.string()),
            "assessment_extended": pick((False, True), cases.extended, pa.bool_()),
            "closed_at": cases.closed_at,
            "protection": pick(PROTECTIONS, cases.protection, pa.string()),
        },
        count,
    )


def _relatives(rng: np.random.Generator, count: int) -> pa.Array:
    """One to three relatives a case (two guardians, then a sibling), as a list column; one case in ten names none."""
    many = rng.choice([0, 1, 2, 3], size=count, p=(0.1, 0.3, 0.4, 0.2))
    guardians = people.draw_numbers(rng, people.draw_birth_dates(rng, 2 * count, 1970, 1992))
    siblings = people.draw_numbers(rng, people.draw_birth_dates(rng, count, 2007, 2022))
    lined_up = np.stack([guardians[:count], guardians[count:], siblings], axis=1)
    flat = lined_up[np.arange(3)[None, :] < many[:, None]]
    offsets = np.concatenate([[0], np.cumsum(many)])
    return pa.ListArray.from_arrays(
        pa.array(offsets, type=pa.int32(), mask=np.append(many == 0, False)), pa.array(flat, type=pa.string())
    )


def residences(rng: np.random.Generator, cases: Cases) -> pa.Table:
    """Where the child lived, for one case in four; one in six of those moved, well before the report."""
    serial = np.flatnonzero((rng.random(len(cases)) < 0.25) & (cases.home >= 0))
    reported = cases.reported_at[serial].astype("datetime64[D]")
    arrived = np.maximum(cases.birth_date[serial], reported - rng.integers(40, 3000, size=len(serial)))
    moved = (rng.random(len(serial)) < 1 / 6) & (arrived - 900 > cases.birth_date[serial])
    before = rng.choice([county.ORGANISATION_INDEX[code] for code in county.BY_CODE], size=int(moved.sum()))
    columns = {
        "_case": np.concatenate([serial, serial[moved]]),
        "_order": np.concatenate([arrived, arrived[moved] - 900]).astype("datetime64[s]"),
        "municipality": pick(county.ORGANISATIONS, np.concatenate([cases.home[serial], before]), pa.string()),
        "valid_from": np.concatenate([arrived, arrived[moved] - 900]),
        "valid_to": np.concatenate([np.full(len(serial), np.datetime64("NaT", "D")), arrived[moved] - 1]),
    }
    return working_table("residences", columns, len(serial) + len(before))


def assignments(rng: np.random.Generator, cases: Cases, staff: Staff) -> pa.Table:
    """One duty officer for the first days of every case, and one caseworker at home from then on."""
    count = len(cases)
    duty = staff.draw_active(rng, np.full(count, county.ORGANISATION_INDEX[county.ENTRY_POINT]))
    known = np.flatnonzero(cases.home >= 0)
    keeper = staff.draw_active(rng, cases.home[known])
    first_days = cases.reported_at + rng.integers(2 * 86400, 5 * 86400, size=count)
    begins = cases.reported_at[known] + rng.integers(3600, 2 * 86400, size=len(known))
    columns = {
        "_case": np.concatenate([np.arange(count), known]),
        "_order": np.concatenate([cases.reported_at, begins]),
        "user_id": pick(staff.users, np.concatenate([duty, keeper]), pa.string()),
        "valid_from": np.concatenate([cases.reported_at, begins]),
        "valid_to": np.concatenate([first_days, cases.closed_at[known]]),
    }
    return working_table("assignments", columns, count + len(known))
