"""Puts bulk rows and planted rows together, in the order in which a register holds them, and gives them their numbers."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from itertools import count

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from . import cases, disclosures, faults, planters, staff, workload
from .access_story import tell_of_accesses
from .accesses import AccessLog
from .disclosures import Vocabulary
from .people import Pen
from .period import Period
from .schema import WORKING
from .story import PLANTERS, Expected, Story

assert planters.__all__  # importing the package registers the planters

#: Planted serials begin here, far above those of bulk rows.
_PLANTED = 10**9
_FIRST_CASE_NUMBER = 1001
_FIRST_DISCLOSURE_NUMBER = 1


@dataclass
class Month:
    """All rows of a month: each table with the working schema (``schema.WORKING``), and what the planters expect.

    ``expectations`` rows: planter, check, answer, entity_type (``disclosure``, ``case``, ``access``, ``user_day``, ``log``),
    entity (a disclosure's, case's or event's number, a user and a day, or a table, a column or a gap).
    """

    period: Period
    tables: dict[str, pa.Table]
    told: list[tuple[str, str, str, str, str]] = field(default_factory=list)
    accesses: AccessLog | None = None

    @property
    def exported(self) -> dict[str, pa.Table | AccessLog]:
        """Everything that has a file."""
        return {**self.tables, "accesses": self.accesses} if self.accesses else {**self.tables}

    @property
    def expectations(self) -> list[tuple[str, str, str, str, str]]:
        """What all planters expect, those of accesses once the log has been written."""
        return [*self.told, *(self.accesses.expectations() if self.accesses else [])]

    def row_counts(self) -> dict[str, int]:
        """How many whole rows each table has; torn lines are not counted."""
        counts = {name: table.num_rows - (pc.sum(table.column("_torn")).as_py() or 0) for name, table in self.tables.items()}
        return counts | ({"accesses": self.accesses.num_rows} if self.accesses else {})


def build_month(
    seed: int,
    period: Period,
    case_count: int,
    disclosure_count: int,
    staff_count: int,
    access_count: int = 0,
    assignment_count: int | None = None,
) -> Month:
    """A month with so many rows, planted ones counted in, a torn line not. ValueError when the numbers do not fit.

    ``staff_count`` employees, and those whom the stories need. Assignments: as many as it takes unless they are given.
    """
    people_rng, case_rng, fault_rng, disclosure_rng = (np.random.default_rng([seed, part]) for part in range(4))
    pen = Pen(seed)
    employees = staff.build_staff(people_rng, staff_count, period)
    story = tell_all(period, employees, pen)
    planted = {name: _planted(name, rows) for name, rows in story.rows.items()}

    bulk = cases.build_cases(case_rng, case_count - len(planted["cases"]), period)
    faults.spoil_cases(fault_rng, bulk, period)
    words = Vocabulary.written_by(pen)
    torn = sum(bool(row.get("_torn")) for row in story.rows["disclosures"])
    wanted = disclosure_count - len(planted["disclosures"]) + torn
    rows = disclosures.build_disclosures(disclosure_rng, bulk, employees, words, wanted, period)
    faults.spoil_disclosures(fault_rng, rows, bulk, employees, words, period)

    assert employees.rows is not None
    tables = {
        "cases": pa.concat_tables([cases.cases_to_arrow(case_rng, bulk), planted["cases"]]),
        "disclosures": pa.concat_tables([disclosures.to_arrow(rows, words, employees, 0), planted["disclosures"]]),
        "staff": pa.concat_tables([employees.rows, planted["staff"]]),
        "assignments": pa.concat_tables([cases.assignments(case_rng, bulk, employees), planted["assignments"]]),
        "residences": pa.concat_tables([cases.residences(case_rng, bulk), planted["residences"]]),
    }
    if not access_count:
        return _numbered(period, tables, story.expected)
    log_rng = np.random.default_rng([seed, 4])
    tables["assignments"] = workload.more_assignments(log_rng, tables, employees, period, assignment_count)
    tables["staff"] = workload.cleared(log_rng, tables)
    tables["staff"] = workload.strangers(log_rng, tables)
    month = _numbered(period, tables, story.expected)
    told = tell_of_accesses(period, month.tables)
    month.tables["staff"] = pa.concat_tables([month.tables["staff"], _planted("staff", told.staff)])
    assigned = pa.concat_tables([month.tables["assignments"], _planted("assignments", told.assignments)])
    month.tables["assignments"] = assigned.take(pc.sort_indices(assigned, sort_keys=[("_order", "ascending")]))
    month.accesses = AccessLog(seed, access_count, month.tables, period, told)
    return month


def tell_all(period: Period, employees: staff.Staff, pen: Pen) -> Story:
    """Run every planter."""
    story = Story(period, employees, pen, count(_PLANTED), count(_PLANTED))
    for one in PLANTERS:
        story.tell(one)
    return story


def _planted(table: str, rows: list[dict[str, object]]) -> pa.Table:
    ready = [{**row, "_raw": json.dumps(row["_raw"]) if row.get("_raw") else None} for row in rows]
    return pa.Table.from_pylist(ready, schema=WORKING[table])


class _Numbers:
    """The numbers that a register gives: in the order of time, one for each serial."""

    def __init__(self, serials: np.ndarray, moments: np.ndarray, prefix: str, first: int, width: int) -> None:
        self._serials, places = np.unique(serials, return_index=True)
        order = np.argsort(moments[places], kind="stable")
        numbers = np.empty(len(order), dtype=np.int64)
        numbers[order] = np.arange(first, first + len(order))
        width = _safe_width(max(width, len(str(first + len(order)))))
        self._ids = pa.array(np.char.add(prefix, np.char.zfill(numbers.astype("U"), width)))

    def of(self, serials: pa.ChunkedArray) -> pa.Array:
        """The number of each serial; NULL for NULL."""
        known = serials.combine_chunks()
        values = known.fill_null(-1).to_numpy(zero_copy_only=False)
        places = np.searchsorted(self._serials, values).clip(0, len(self._serials) - 1)
        return self._ids.take(pa.array(places, mask=values < 0))


def _safe_width(width: int) -> int:
    """After the year's four digits, eight more would look like a personal number's twelve."""
    return 9 if width == 8 else width


def _numbered(period: Period, tables: dict[str, pa.Table], expected: list[Expected]) -> Month:
    year = period.start.year
    known = [(tables[name].column(column), tables[name].column("_order")) for name, column in _CASE_COLUMNS]
    serials = np.concatenate([serial.fill_null(-1).to_numpy() for serial, _ in known])
    moments = np.concatenate([moment.to_numpy() for _, moment in known])
    case_ids = _Numbers(serials[serials >= 0], moments[serials >= 0], f"SN-{year}-", _FIRST_CASE_NUMBER, 5)
    rows = tables["disclosures"].filter(tables["disclosures"].column("_serial").is_valid())
    disclosure_ids = _Numbers(
        rows.column("_serial").to_numpy(), rows.column("_order").to_numpy(), f"U-{year}-", _FIRST_DISCLOSURE_NUMBER, 6
    )
    finished = {}
    for name, table in tables.items():
        numbered = table
        if "case_id" in table.column_names:
            serial = table.column("_serial" if name == "cases" else "_case")
            numbered = _with(numbered, "case_id", case_ids.of(serial))
        if name == "disclosures":
            numbered = _with(numbered, "disclosure_id", disclosure_ids.of(table.column("_serial")))
        finished[name] = numbered if name == "staff" else numbered.take(_in_order(table))
    return Month(period, finished, _resolve(expected, {"cases": case_ids, "disclosures": disclosure_ids}))


#: Where case serials stand. The register's own rows come first, so that their time decides the number.
_CASE_COLUMNS = (("cases", "_serial"), ("disclosures", "_case"))


def _with(table: pa.Table, column: str, values: pa.Array) -> pa.Table:
    return table.set_column(table.column_names.index(column), table.schema.field(column), values)


def _in_order(table: pa.Table) -> np.ndarray:
    """By time, then by serial, so that a row's place never depends on how the rows were made."""
    serial = table.column("_serial").fill_null(-1).to_numpy()
    return np.lexsort((table.column("_case").fill_null(-1).to_numpy(), serial, table.column("_order").to_numpy()))


def _resolve(expected: list[Expected], numbers: dict[str, _Numbers]) -> list[tuple[str, str, str, str, str]]:
    resolved = []
    for one in expected:
        if one.place:
            entity_type, entity = "log", one.place
        else:
            entity_type = {"cases": "case", "disclosures": "disclosure"}[one.table]
            entity = numbers[one.table].of(pa.chunked_array([[one.serial]], type=pa.int64()))[0].as_py()
        resolved.append((one.planter, one.check, one.answer, entity_type, entity))
    return resolved
