"""Who may hand data over: duty officers in Stockholm, caseworkers in every municipality, and the Police's officers."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from . import county, people
from .period import Period
from .schema import pick, working_table

_POLICE_SHARE, _DUTY_SHARE = 0.12, 0.25
_FEWEST_IN_A_MUNICIPALITY = 4
FEWEST = 26 * _FEWEST_IN_A_MUNICIPALITY + 40
_ROLES = ("socialsekreterare", "utredare", "gruppledare", "polis")


@dataclass
class Staff:
    """Every employee with an authorisation, by organisation, and the rows of the table.

    ``users`` holds every user id; those of one organisation stand together, from ``offset`` on, first the ``active`` ones who
    are authorised throughout the month and the weeks around it, then those who have left.
    """

    users: np.ndarray
    offset: dict[str, int] = field(default_factory=dict)
    active: dict[str, int] = field(default_factory=dict)
    left: dict[str, int] = field(default_factory=dict)
    rows: pa.Table | None = None

    def active_user(self, organisation: str, number: int = 0) -> str:
        """An authorised user of the organisation; the same number gives the same user."""
        return str(self.users[self.offset[organisation] + number % self.active[organisation]])

    def former_user(self, organisation: str, number: int = 0) -> str:
        """A user whose authorisation in the organisation has ended before the month."""
        return str(self.users[self.offset[organisation] + self.active[organisation] + number % self.left[organisation]])

    def draw_active(self, rng: np.random.Generator, organisations: np.ndarray) -> np.ndarray:
        """The index of a random authorised user for each organisation (index into ``county.ORGANISATIONS``; -1 gives -1)."""
        offsets = np.array([self.offset.get(name, 0) for name in county.ORGANISATIONS])
        counts = np.array([self.active.get(name, 1) for name in county.ORGANISATIONS])
        drawn = offsets[organisations] + np.floor(rng.random(len(organisations)) * counts[organisations]).astype(np.int64)
        return np.where(organisations < 0, -1, drawn)


def build_staff(rng: np.random.Generator, count: int, period: Period) -> Staff:
    """``count`` employees, each with one authorisation, and an earlier one for those who have changed roles."""
    sizes = _sizes(count)
    width = max(4, len(str(max(sizes.values()))))
    staff = Staff(np.concatenate([_user_ids(county.STEMS[name], size, width) for name, size in sizes.items()]))
    position = 0
    for organisation, size in sizes.items():
        left = max(1, size // 25)
        staff.offset[organisation], staff.active[organisation], staff.left[organisation] = position, size - left, left
        position += size
    staff.rows = _rows(rng, staff, sizes, period)
    return staff


def _sizes(count: int) -> dict[str, int]:
    """How many employees each organisation has; the largest weights get the rest."""
    sizes = {county.POLICE: int(count * _POLICE_SHARE), county.ENTRY_POINT: int(count * _DUTY_SHARE)}
    others = [municipality for municipality in county.MUNICIPALITIES if municipality.code != county.ENTRY_POINT]
    spare = count - sum(sizes.values()) - _FEWEST_IN_A_MUNICIPALITY * len(others)
    weight = sum(municipality.weight for municipality in others)
    for municipality in others:
        sizes[municipality.code] = _FEWEST_IN_A_MUNICIPALITY + int(spare * municipality.weight / weight)
    sizes[county.ENTRY_POINT] += count - sum(sizes.values())
    return sizes


def _user_ids(stem: str, size: int, width: int) -> np.ndarray:
    return np.char.add(stem, np.char.zfill(np.arange(101, 101 + size).astype("U"), width)).astype(object)


def _rows(rng: np.random.Generator, staff: Staff, sizes: dict[str, int], period: Period) -> pa.Table:
    count = len(staff.users)
    organisation = np.repeat([county.ORGANISATION_INDEX[name] for name in sizes], list(sizes.values()))
    has_left = np.concatenate([np.arange(size) >= staff.active[name] for name, size in sizes.items()])
    month = np.datetime64(period.start, "D")
    begins = month - rng.integers(120, 2400, count)
    ends = np.where(has_left, month - rng.integers(10, 90, count), np.datetime64("NaT", "D"))
    later = ~has_left & (rng.random(count) < 0.15)  # a temporary employment that ends well after the export
    ends = np.where(later, np.datetime64(period.exported_at, "D") + rng.integers(30, 400, count), ends)
    is_police = organisation == county.ORGANISATION_INDEX[county.POLICE]
    role = np.where(is_police, 3, rng.choice(3, count, p=(0.7, 0.2, 0.1)))
    columns: dict[str, np.ndarray] = {
        "index": np.arange(count),
        "person": people.draw_numbers(rng, people.draw_birth_dates(rng, count, 1962, 2001)),
        "organisation": organisation,
        "role": role,
        "from": begins,
        "to": ends,
        "protected": rng.random(count) < 0.08,
    }
    promoted = np.flatnonzero(rng.random(count) < 0.05)  # an earlier row, ending the day before the present one begins
    earlier = {name: values[promoted] for name, values in columns.items()}
    earlier["to"] = earlier["from"] - 1
    earlier["from"] = earlier["from"] - rng.integers(200, 900, len(promoted))
    earlier["role"] = np.where(earlier["role"] == 3, 3, 0)
    both = {name: np.concatenate([earlier[name], columns[name]]) for name in columns}
    return _to_arrow(staff, {name: values[np.argsort(both["index"], kind="stable")] for name, values in both.items()})


def _to_arrow(staff: Staff, columns: dict[str, np.ndarray]) -> pa.Table:
    units = [county.UNITS.index(unit) if (unit := county.unit_of(name)) else -1 for name in county.ORGANISATIONS]
    rows = len(columns["index"])
    return working_table(
        "staff",
        {
            "user_id": pick(staff.users, columns["index"], pa.string()),
            "person_id": columns["person"],
            "organisation": pick(county.ORGANISATIONS, columns["organisation"], pa.string()),
            "unit": pick(county.UNITS, np.array(units)[columns["organisation"]], pa.string()),
            "role": pick(_ROLES, columns["role"], pa.string()),
            "valid_from": columns["from"],
            "valid_to": columns["to"],
            "shared": np.zeros(rows, dtype=bool),
            "protected_access": columns["protected"],
        },
        rows,
    )
