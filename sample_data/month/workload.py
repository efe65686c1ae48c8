"""What the access log needs of the rest of the month: who works on which case, and who may open protected ones."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from . import county
from .people import draw_numbers
from .period import Period
from .schema import WORKING, working_table
from .staff import Staff

#: So many of the officers who hand something over are noted on the case; the rest step in for a colleague.
_NOTED = 0.97
#: So many of those who work on a protected case have the clearance for it.
_CLEARED = 0.97


def more_assignments(
    rng: np.random.Generator, tables: dict[str, pa.Table], staff: Staff, period: Period, wanted: int | None
) -> pa.Table:
    """The assignments with those of the officers who hand over, up to ``wanted`` rows; then a second caseworker for some.

    Without ``wanted`` there is no second caseworker. ValueError when there are more rows already.
    """
    base = tables["assignments"]
    rows = tables["disclosures"].select(["_case", "user_id", "sender", "at"])
    sender = pc.is_in(rows.column("sender"), pa.array(list(county.BY_CODE)))
    employed = pc.is_in(rows.column("user_id"), pa.array(_active(staff), type=pa.string()))
    usable = pc.and_(pc.and_(sender, employed), rows.column("at").is_valid())
    known = np.flatnonzero(pc.fill_null(usable, False).to_numpy())
    serials = rows.column("_case").fill_null(-1).to_numpy()
    at = rows.column("at").fill_null(0).to_numpy().astype("datetime64[s]")
    reported, closed = (_of_case(tables["cases"], column, serials) for column in ("reported_at", "closed_at"))
    known = known[(reported <= at)[known] & ~(closed < at)[known] & (rng.random(len(known)) < _NOTED)]
    if wanted is not None:
        if wanted < base.num_rows:
            raise ValueError(f"--assignments must be at least {base.num_rows} for so many cases")
        known = np.sort(rng.permutation(known)[: wanted - base.num_rows])
    at, reported, closed = at[known], reported[known], closed[known]
    since = np.maximum(at.astype("datetime64[D]") - rng.integers(0, 4, len(known)), reported.astype("datetime64[D]"))
    begins = np.minimum(np.maximum(since.astype("datetime64[s]") + 8 * 3600, reported), at - 3600)
    until = at.astype("datetime64[D]").astype("datetime64[s]") + rng.integers(2, 15, len(known)) * 86400 + 17 * 3600
    until = np.where(closed < until, closed, until)
    taken = rows.take(known)
    columns = {
        "_case": taken.column("_case"),
        "_order": begins,
        "user_id": taken.column("user_id"),
        "valid_from": begins,
        "valid_to": until,
    }
    parts = [base, working_table("assignments", columns, len(known))]
    spare = 0 if wanted is None else wanted - base.num_rows - len(known)
    if spare:
        parts.append(_second_caseworkers(rng, base, staff, period, spare))
    return pa.concat_tables(parts)


def _of_case(cases: pa.Table, column: str, serials: np.ndarray) -> np.ndarray:
    """A time of the case of each serial (datetime64[s]); NaT where it has none or there is no such case."""
    known, places = np.unique(cases.column("_serial").to_numpy(), return_index=True)
    found = np.searchsorted(known, serials).clip(0, len(known) - 1)
    times = cases.column(column).to_numpy()[places][found].astype("datetime64[s]")
    return np.where(known[found] == serials, times, np.datetime64("NaT", "s"))


def _active(staff: Staff) -> np.ndarray:
    """The ids of all who are authorised throughout the month."""
    return np.concatenate([staff.users[first : first + staff.active[name]] for name, first in staff.offset.items()])


def _second_caseworkers(rng: np.random.Generator, base: pa.Table, staff: Staff, period: Period, count: int) -> pa.Table:
    """Another officer of the same organisation beside one who is assigned already."""
    chosen = base.take(rng.integers(0, base.num_rows, count))
    assert staff.rows is not None
    users = {user: place for place, user in enumerate(staff.users)}
    places = np.array([users.get(user, 0) for user in chosen.column("user_id").to_pylist()])
    ends = np.cumsum([staff.active[name] + staff.left[name] for name in staff.offset])
    names = list(staff.offset)
    organisation = np.searchsorted(ends, places, side="right")
    offsets = np.array([staff.offset[name] for name in names])[organisation]
    active = np.array([staff.active[name] for name in names])[organisation]
    others = offsets + np.floor(rng.random(count) * active).astype(np.int64)
    until = np.minimum(
        np.datetime64(period.exported_at, "s"), chosen.column("valid_from").to_numpy().astype("datetime64[s]") + 30 * 86400
    )
    columns = {
        "_case": chosen.column("_case"),
        "_order": chosen.column("_order"),
        "user_id": pa.array(staff.users[others], type=pa.string()),
        "valid_from": chosen.column("valid_from"),
        "valid_to": until,
    }
    return working_table("assignments", columns, count)


def cleared(rng: np.random.Generator, tables: dict[str, pa.Table]) -> pa.Table:
    """The staff, with the clearance for protected cases given to nearly all in social services who work on one."""
    cases = tables["cases"]
    protected = cases.filter(pc.not_equal(pc.fill_null(cases.column("protection"), "none"), "none")).column("_serial")
    users = [
        rows.column("user_id").filter(pc.is_in(rows.column("_case"), protected.combine_chunks()))
        for rows in (tables["assignments"], tables["disclosures"])
    ]
    named = pc.unique(pc.drop_null(pa.chunked_array([chunk for one in users for chunk in one.chunks], type=pa.string())))
    named = named.filter(pa.array(rng.random(len(named)) < _CLEARED))
    staff = tables["staff"]
    works = pc.and_(pc.is_in(staff.column("user_id"), named), pc.not_equal(staff.column("organisation"), county.POLICE))
    may = pc.or_(pc.fill_null(staff.column("protected_access"), False), works)
    place = staff.column_names.index("protected_access")
    return staff.set_column(place, WORKING["staff"].field("protected_access"), may)


def strangers(rng: np.random.Generator, tables: dict[str, pa.Table]) -> pa.Table:
    """The staff, with another number for whoever has one that stands in a case: test numbers are few, families many.

    Who really has a relative among the cases is told by a story.
    """
    cases, staff = tables["cases"], tables["staff"]
    related = pc.list_flatten(cases.column("related_person_ids"))
    taken = pc.unique(pa.chunked_array([*cases.column("person_id").chunks, *related.chunks], type=pa.string()))
    numbers = staff.column("person_id").combine_chunks()
    early, late = (np.datetime64(f"{year}-01-01", "D") for year in (1962, 1993))
    for _ in range(40):
        known = np.flatnonzero(pc.fill_null(pc.is_in(numbers, taken), False).to_numpy(zero_copy_only=False))
        if not len(known):
            break
        born = np.where(rng.random(len(known)) < 0.5, early, late) + rng.integers(0, 2900, len(known))
        mask = np.zeros(len(numbers), dtype=bool)
        mask[known] = True
        numbers = pc.replace_with_mask(numbers, mask, pa.array(draw_numbers(rng, born), type=pa.string()))
    return staff.set_column(staff.column_names.index("person_id"), WORKING["staff"].field("person_id"), numbers)
