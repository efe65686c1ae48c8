"""An access log to go with the month, when one is asked for: who opened which case, and when. It breaks no rule on purpose."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from . import county
from .period import OFFICE_HOURS, Period, draw_hours, is_weekend
from .schema import pick, working_table

_ACTIONS = ("read", "write", "sign", "search", "print")
_WEIGHTS = (0.78, 0.14, 0.05, 0.02, 0.01)
_SECTIONS = ("anmälan", "journal", "utredning", "beslut", None)
_REASONS = ("Handläggning", "Underlag till utlämnande", "Begärd kopia")
_SOURCES = ("jour", "kontorstid")
_JOUR, _OFFICE = range(2)
_PRINT = _ACTIONS.index("print")


def build_accesses(rng: np.random.Generator, count: int, tables: dict[str, pa.Table], period: Period) -> pa.Table:
    """``count`` events: one beside each disclosure of the entry point, as far as they go, the rest by those assigned."""
    beside = _beside_disclosures(rng, tables["disclosures"], count, period)
    own = _by_assigned(rng, tables["assignments"], count - len(beside[0]), period)
    case, user, at, source = (np.concatenate(pair) for pair in zip(beside, own, strict=True))
    order = np.argsort(at, kind="stable")
    case, user, at, source = case[order], user[order], at[order], source[order]
    action = rng.choice(len(_ACTIONS), size=count, p=_WEIGHTS)
    sequence = np.empty(count, dtype=np.int64)
    for number in (_JOUR, _OFFICE):
        mine = source == number
        sequence[mine] = np.arange(1, mine.sum() + 1)
    _, desk = np.unique(user.astype("U"), return_inverse=True)
    reasons = np.where(action == _PRINT, rng.integers(0, len(_REASONS), size=count), -1)
    columns = {
        "event_id": pa.array(np.char.add("H-", np.char.zfill(np.arange(1, count + 1).astype("U"), 9))),
        "_case": pa.array(case, mask=case < 0),
        "_order": at,
        "at": at,
        "user_id": pa.array(user, type=pa.string()),
        "action": pick(_ACTIONS, action, pa.string()),
        "section": pick(_SECTIONS, rng.integers(0, len(_SECTIONS), size=count), pa.string()),
        "reason": pick(_REASONS, reasons, pa.string()),
        "workstation": pa.array(np.char.add("AD-", np.char.zfill((desk + 1).astype("U"), 5))),
        "sequence": sequence,
        "source": pick(_SOURCES, source, pa.string()),
    }
    return working_table("accesses", columns, count)


Events = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def _beside_disclosures(rng: np.random.Generator, rows: pa.Table, count: int, period: Period) -> Events:
    """The officer of the entry point opens the case a little before handing anything over."""
    case = rows.column("_case").fill_null(-1).to_numpy()
    user = rows.column("user_id").to_numpy()
    at = rows.column("at").to_numpy().astype("datetime64[s]")
    sender = rows.column("sender").to_numpy()
    inside = (at >= np.datetime64(period.start, "s")) & (at < np.datetime64(period.end, "s"))
    known = np.flatnonzero(
        inside & (sender == county.ENTRY_POINT) & (case >= 0) & rows.column("user_id").is_valid().to_numpy()
    )[:count]
    moments = np.maximum(at[known] - rng.integers(60, 1800, size=len(known)), np.datetime64(period.start, "s"))
    return case[known], user[known], moments, np.full(len(known), _JOUR)


def _by_assigned(rng: np.random.Generator, rows: pa.Table, count: int, period: Period) -> Events:
    """Officers open the cases that they are assigned to, on days when they are."""
    first, last = np.datetime64(period.start, "s"), np.datetime64(period.end, "s")
    begins = np.maximum(rows.column("valid_from").to_numpy().astype("datetime64[s]"), first)
    ends = rows.column("valid_to").to_numpy().astype("datetime64[s]")
    ends = np.minimum(np.where(np.isnat(ends), last, ends), last)
    span = (ends - begins).astype(np.int64)
    open_rows = np.flatnonzero(span > 86400)
    chosen = rng.choice(open_rows, size=count, p=span[open_rows] / span[open_rows].sum())
    at = begins[chosen] + np.floor(rng.random(count) * span[chosen]).astype(np.int64)
    user = rows.column("user_id").to_numpy()[chosen]
    duty = np.char.startswith(user.astype("U"), county.BY_CODE[county.ENTRY_POINT].stem)
    day = at.astype("datetime64[D]")
    office = ~duty & ~is_weekend(day)
    working = day.astype("datetime64[s]") + draw_hours(rng, OFFICE_HOURS, count) * 3600 + rng.integers(0, 3600, size=count)
    at = np.where(office, np.clip(working, begins[chosen], ends[chosen] - 1), at)
    return rows.column("_case").to_numpy()[chosen], user, at, np.where(office, _OFFICE, _JOUR)
