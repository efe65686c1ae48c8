"""The access log of the month, day by day: sittings, a look at the case beside each disclosure, and the planted events.

The log is never whole in memory: ``AccessLog.to_batches`` makes a day at a time, the same every time it is asked.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from . import county
from .access_story import PlantedLog
from .period import Period
from .schema import WORKING, pick, working_table
from .sessions import Roster, Sittings, draw_sittings, missing_night, span
from .story import Expected

_ACTIONS = ("read", "write", "sign", "search", "print", "export", "delete", "emergency")
_READ, _WRITE, _SIGN, _SEARCH, _PRINT = range(5)
_SECTIONS = ("anmälan", "journal", "utredning", "beslut")
_REASONS = ("Handläggning", "Underlag till utlämnande", "Begärd kopia")
SOURCES = ("jour", "kontorstid")
JOUR, OFFICE = range(2)
_FIRST_NUMBERS = (418_233, 90_511)  # the running number of each source, which began long ago
_DAY = np.timedelta64(1, "D")
_CODES = ("user", "case", "action", "section", "reason", "desk", "source", "planted")


@dataclass
class Events:
    """Events as arrays of one length: the moment (datetime64[s]) and codes; -1 is NULL (``planted``: not planted)."""

    at: np.ndarray
    codes: dict[str, np.ndarray]

    @classmethod
    def of(cls, at: np.ndarray, **codes: Any) -> Events:
        """Events with these codes, each an array or one number for all; those not given are -1."""
        whole = {
            name: np.full(len(at), codes.get(name, -1)) if np.isscalar(codes.get(name, -1)) else codes[name] for name in _CODES
        }
        return cls(at, whole)

    @classmethod
    def together(cls, parts: list[Events]) -> Events:
        """All of them, in the order of time."""
        at = np.concatenate([part.at for part in parts])
        order = np.argsort(at, kind="stable")
        return cls(at[order], {name: np.concatenate([part.codes[name] for part in parts])[order] for name in _CODES})

    def part(self, which: Any) -> Events:
        """Some of them."""
        return Events(self.at[which], {name: values[which] for name, values in self.codes.items()})


@dataclass
class AccessLog:
    """``num_rows`` events of the month and the days around it. Tables are finished: they have their numbers."""

    seed: int
    num_rows: int
    tables: dict[str, pa.Table]
    period: Period
    planted: PlantedLog
    _ids: dict[int, str] = field(default_factory=dict)
    _found: list[tuple[str, str, str, str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        rows = self.planted.rows
        self.roster = Roster.of(self.tables, [row["user_id"] for row in rows if row["user_id"] is not None])
        self.cases = pa.concat_arrays([self.roster.cases, pa.array([row["case_id"] for row in rows], type=pa.string())])
        desks = [f"AD-{number:05}" for number in range(1, len(self.roster.users) + 1)]
        self.desks = pa.array([*desks, *(row["workstation"] for row in rows)], type=pa.string())
        rng = np.random.default_rng([self.seed, 40])
        spare = self.num_rows - len(rows)
        if spare < 1:
            raise ValueError(f"--accesses must be more than {len(rows)}, or 0")
        self._beside = self._look_beside(rng).part(slice(0, spare))
        self._sittings = self._sit_down(rng, spare - len(self._beside.at))
        self._events = self._planted_events()

    # -- what is in it -----------------------------------------------------------------------------------------------

    def _sit_down(self, rng: np.random.Generator, count: int) -> Sittings:
        if count < 1:
            nothing = np.zeros(0, dtype=np.int32)
            return Sittings(nothing, nothing, nothing.astype("datetime64[s]"), nothing)
        alone = [*self.planted.left_alone, *(row["user_id"] for row in self.planted.staff)]
        return draw_sittings(rng, count, self.tables, self.roster, self.period, alone)

    def _look_beside(self, rng: np.random.Generator) -> Events:
        """Whoever hands something over opens the case a little before; some print what they hand over."""
        rows = self.tables["disclosures"].select(["disclosure_id", "case_id", "user_id", "sender", "at"])
        silent = pa.array(self.planted.without_trace, type=pa.string())
        rows = rows.filter(pc.invert(pc.is_in(rows.column("disclosure_id"), silent)))
        whole = pc.and_(pc.is_in(rows.column("sender"), pa.array(list(county.BY_CODE))), rows.column("at").is_valid())
        rows = rows.filter(pc.and_(pc.and_(whole, rows.column("user_id").is_valid()), rows.column("case_id").is_valid()))
        at = rows.column("at").to_numpy().astype("datetime64[s]")
        first, last = span(self.period)
        inside = (at >= first + 3600) & (at < last)
        at = at[inside]
        user = self.roster.user_codes(rows.column("user_id"))[inside]
        case = self.roster.case_codes(rows.column("case_id"))[inside]
        source = np.where(self.roster.duty[user], JOUR, OFFICE)
        opened = Events.of(
            at - rng.integers(60, 1800, len(at)), user=user, case=case, action=_READ, section=1, desk=user, source=source
        )
        some = np.flatnonzero(rng.random(len(at)) < 0.08)
        reason = np.where(rng.random(len(some)) < 0.9, rng.integers(1, 3, len(some)), -1)
        printed = Events.of(
            at[some] - rng.integers(10, 55, len(some)),
            user=user[some], case=case[some], action=_PRINT, section=1, reason=reason, desk=user[some], source=source[some],
        )  # fmt: skip
        events = Events.together([opened, printed])
        night = missing_night(self.period)
        lost = (events.codes["source"] == JOUR) & (events.at > night[0]) & (events.at < night[1])
        return events.part(~lost)

    def _planted_events(self) -> Events:
        rows = [row for row in self.planted.rows if row["echo"] is None]
        places = {row["_serial"]: place for place, row in enumerate(self.planted.rows)}
        texts = pa.array([row["user_id"] for row in rows], type=pa.string())
        codes: dict[str, Any] = {
            "user": self.roster.user_codes(texts),
            "case": np.array([len(self.roster.cases) + places[row["_serial"]] for row in rows]),
            "desk": np.array([len(self.roster.users) + places[row["_serial"]] for row in rows]),
            "planted": np.array([places[row["_serial"]] for row in rows]),
            "source": np.array([SOURCES.index(row["source"]) for row in rows]),
        }
        for name, words in (("action", _ACTIONS), ("section", _SECTIONS), ("reason", _REASONS)):
            codes[name] = np.array([-1 if row[name] is None else words.index(row[name]) for row in rows])
        at = np.array([row["_order"] for row in rows], dtype="datetime64[s]")
        return Events.together([Events.of(at, **codes)])

    # -- day by day --------------------------------------------------------------------------------------------------

    def to_batches(self, max_chunksize: int | None = None) -> Iterator[pa.RecordBatch]:
        """The rows with the working schema, in the order of time; a batch is at most a day."""
        self._ids, self._found = {}, []
        numbers, next_event = list(_FIRST_NUMBERS), 1
        leaps = self._leaps()
        last_seen: dict[int, tuple[np.datetime64, int]] = {}
        first, last = (moment.astype("datetime64[D]") for moment in span(self.period))
        for day in np.arange(first, last):
            rng = np.random.default_rng([self.seed, 41, int((day - first).astype(np.int64))])
            events = self._events_of(day, rng)
            if not len(events.at):
                continue
            sequence = np.zeros(len(events.at), dtype=np.int64)
            for source in (JOUR, OFFICE):
                mine = np.flatnonzero(events.codes["source"] == source)
                if len(mine):
                    sequence[mine] = numbers[source] + np.arange(len(mine))
                    self._leap(source, leaps, events.at[mine], mine, sequence, last_seen)
                    numbers[source] = int(sequence[mine[-1]]) + 1
                    last_seen[source] = (events.at[mine[-1]], int(sequence[mine[-1]]))
            table = self._rows(events, sequence, next_event)
            next_event += len(events.at)
            yield from table.combine_chunks().to_batches(max_chunksize=max_chunksize)

    def _leaps(self) -> list[tuple[int, np.datetime64, int]]:
        """Where the running number of a source leaps ahead, and how far: the missing night, and some rows that were lost."""
        lost = np.datetime64(self.period.day(20, 13), "s")
        return [(JOUR, missing_night(self.period)[1], 17 + self.num_rows // 500), (OFFICE, lost, 7)]

    def _leap(
        self, source: int, leaps: list[tuple[int, np.datetime64, int]], at: np.ndarray, mine: np.ndarray, sequence: np.ndarray,
        last_seen: dict[int, tuple[np.datetime64, int]],
    ) -> None:  # fmt: skip
        """Carry out the leaps that fall on these events of a source, and note what the log's own checks should find."""
        for leap in [one for one in leaps if one[0] == source and at[-1] >= one[1]]:
            leaps.remove(leap)
            place = int(np.searchsorted(at, leap[1]))
            before_at, before = (
                (at[place - 1], int(sequence[mine[place - 1]])) if place else last_seen.get(source, (None, None))
            )
            sequence[mine[place:]] += leap[2]
            if before is None:
                continue
            name = SOURCES[source]
            self._found.append(("numbers_missing", "L2", "violation", "log", f"{name}:{before + 1}-{before + leap[2]}"))
            if source == JOUR:
                gap = "-".join(str(moment) for moment in (before_at, at[place]))
                self._found.append(("a_night_without_a_log", "L3", "violation", "log", f"{name}:{gap}"))

    def _events_of(self, day: np.datetime64, rng: np.random.Generator) -> Events:
        start, end = day.astype("datetime64[s]"), (day + _DAY).astype("datetime64[s]")
        parts = [self._sat(self._sittings, self._sittings.day(day), rng, end)]
        parts += [one.part(slice(*np.searchsorted(one.at, [start, end]))) for one in (self._beside, self._events)]
        return Events.together(parts)

    def _sat(self, sittings: Sittings, which: slice, rng: np.random.Generator, end: np.datetime64) -> Events:
        """The events of some sittings: a search now and then, then reading, writing, signing."""
        sizes = sittings.events[which].astype(np.int64)
        total = int(sizes.sum())
        user, case = np.repeat(sittings.user[which], sizes), np.repeat(sittings.case[which], sizes)
        firsts = np.cumsum(sizes) - sizes
        steps = np.cumsum(rng.integers(12, 230, total))
        at = np.repeat(sittings.begins[which], sizes) + (steps - np.repeat(steps[firsts], sizes) if total else steps)
        action = np.searchsorted([0.80, 0.95], rng.random(total), side="right")
        searched = rng.random(len(sizes)) < np.where(sizes > 1, 0.12, 0.01)
        action[firsts[searched]] = _SEARCH
        action[firsts[searched & (sizes > 1)] + 1] = _READ
        noise = rng.random(total)  # what the log forgets now and then
        return Events.of(
            np.minimum(at, end - 1),
            user=np.where(noise < 0.0003, -1, user),
            case=np.where((noise > 0.0003) & (noise < 0.0009), -1, case),
            action=action,
            section=rng.integers(-1, len(_SECTIONS), total),
            desk=np.where((noise > 0.001) & (noise < 0.01), -1, user),
            source=np.where(self.roster.duty[user], JOUR, OFFICE),
        )

    # -- rows --------------------------------------------------------------------------------------------------------

    def _rows(self, events: Events, sequence: np.ndarray, next_event: int) -> pa.Table:
        """The day's rows with their numbers, those of planted events put right, and their echoes at the end."""
        count = len(events.at)
        numbers = pa.array(np.arange(next_event, next_event + count)).cast(pa.string())
        codes = events.codes
        columns = {
            "event_id": pc.binary_join_element_wise("H-", pc.utf8_lpad(numbers, 9, "0"), ""),
            "_order": events.at,
            "at": events.at,
            "user_id": _texts(self.roster.users, codes["user"]),
            "case_id": _texts(self.cases, codes["case"]),
            "action": pick(_ACTIONS, codes["action"], pa.string()),
            "section": pick(_SECTIONS, codes["section"], pa.string()),
            "reason": pick(_REASONS, codes["reason"], pa.string()),
            "workstation": _texts(self.desks, codes["desk"]),
            "sequence": sequence,
            "source": pick(SOURCES, codes["source"], pa.string()),
        }
        table = working_table("accesses", columns, count)
        told = np.flatnonzero(codes["planted"] >= 0)
        return self._put_right(table, told, codes["planted"][told]) if len(told) else table

    def _put_right(self, table: pa.Table, places: np.ndarray, told: np.ndarray) -> pa.Table:
        """Planted rows as their story has them; what it says twice is added."""
        rows = table.take(places).to_pylist()
        by_serial = {}
        for row, number in zip(rows, told, strict=True):
            planted = self.planted.rows[number]
            by_serial[planted["_serial"]] = row
            self._ids[planted["_serial"]] = row["event_id"]
            row["at"] = None if planted["timeless"] else planted["at"]
            row["_raw"] = json.dumps(planted["_raw"]) if planted["_raw"] else None
        for row, number in zip(rows, told, strict=True):
            planted = self.planted.rows[number]
            if planted["same_id_as"] is not None:
                row["event_id"] = by_serial[planted["same_id_as"]]["event_id"]
            if planted["nameless"]:
                row["event_id"] = None
        rows += [dict(by_serial[row["echo"]]) for row in self.planted.rows if row["echo"] in by_serial]
        others = np.ones(table.num_rows, dtype=bool)
        others[places] = False
        mended = pa.concat_tables([table.filter(pa.array(others)), pa.Table.from_pylist(rows, schema=WORKING["accesses"])])
        return mended.sort_by([("_order", "ascending"), ("sequence", "ascending")])

    def expectations(self) -> list[tuple[str, str, str, str, str]]:
        """What the stories about accesses expect, once the rows have been made (planter, check, answer, type, entity)."""
        return [*(self._resolved(one) for one in self.planted.expected), *self._found]

    def _resolved(self, one: Expected) -> tuple[str, str, str, str, str]:
        if one.table == "accesses" and not one.place:
            entity_type, entity = ("log" if one.check == "L1" else "access"), self._ids[one.serial]
        else:
            entity_type, entity = one.table, one.place
        return one.planter, one.check, one.answer, entity_type, entity


def _texts(values: pa.Array, codes: np.ndarray) -> pa.Array:
    """The text of each code; a negative one is NULL."""
    return values.take(pa.array(codes, mask=codes < 0))
