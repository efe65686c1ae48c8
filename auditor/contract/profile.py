"""A profile of a table: what the expectations of a suite ask about, counted by the engine and no larger than its distinct
values.

A fact is a short list of values and how many rows (of a list column: elements) each stands for. A value may be a code or an id
as it stands in the log: facts are handed to the judge and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from auditor.contract.forms import ID_KINDS, REFERENCES, ROW_STATE, ROW_STATES, split
from auditor.contract.model import Aspect, Cause, Expectation
from auditor.engine import Engine, EngineError, quoted, text
from auditor.intake.settling import Reason
from auditor.intake.staging import SET_TYPES, sql_type
from auditor.intake.tables import TABLES, Table, Type
from auditor.intake.taking_in import Intake

#: More distinct values than this are not judged one by one.
MOST_VALUES = 20_000
_LONGEST_SHAPE = 200
_LISTS = frozenset({Type.PEOPLE, Type.CONCERNS})
_ALWAYS_THERE = (Aspect.ROWS, Aspect.COLUMNS)


def _is_of(wanted: str, kind: str | None) -> bool:
    """Whether a column is of its type. Texts of a large table may be kept as numbers of a list (ENUM) and read as texts."""
    return kind == wanted or (wanted == "VARCHAR" and kind is not None and kind.startswith("ENUM"))


@dataclass
class Fact:
    """Columns for the judge (one list of values each, of the same length), and how many rows each place stands for.

    ``missing`` rows have no value and stand in no place.
    """

    columns: tuple[list[Any], ...]
    weights: list[int]
    missing: int = 0


@dataclass(frozen=True)
class Unjudged:
    """Why there is no fact; ``cause`` is None when the engine could not count it."""

    cause: Cause | None = None


@dataclass
class Profile:
    """The facts of one table, each counted once, when it is first asked for."""

    engine: Engine
    intake: Intake
    table: Table
    _facts: dict[tuple[Aspect, tuple[str, ...]], Fact | Unjudged] = field(default_factory=dict)

    def fact(self, expectation: Expectation) -> Fact | Unjudged:
        """What an expectation asks about. Raises EngineError only when the disk or memory is full."""
        key = (expectation.aspect, expectation.columns)
        if key not in self._facts:
            try:
                self._facts[key] = self._count(*key)
            except EngineError as error:
                if error.disk_full:
                    raise
                self._facts[key] = Unjudged()
        return self._facts[key]

    @cached_property
    def rows(self) -> int:
        """How many rows the table has after the intake."""
        return int(self.engine.value(f"SELECT count(*) FROM {quoted(self.table.name)}"))

    @cached_property
    def kinds(self) -> dict[str, str]:
        """The table's columns with the types that the engine keeps them as."""
        return dict(self.engine.columns(f"SELECT * FROM {quoted(self.table.name)}"))

    @property
    def read(self) -> int:
        """How many rows its files have, those in quarantine too."""
        return sum(record.rows_read for record in self.intake.files if record.file.table == self.table.name)

    def _count(self, aspect: Aspect, names: tuple[str, ...]) -> Fact | Unjudged:
        present = self.intake.present.get(self.table.name)
        if present is None:
            return Unjudged(Cause.TABLE_ABSENT)
        if aspect is Aspect.ROWS:
            return Fact(([self.rows],), [self.rows])
        if aspect is Aspect.COLUMNS:
            return Fact((), [])
        if ROW_STATE in names:
            return self._row_state()
        if any(split(name)[0] not in present for name in names):
            return Unjudged(Cause.COLUMN_ABSENT)
        if names[0].endswith(".state"):
            return self._cell_state(split(names[0])[0])
        if not self.rows:
            return Unjudged(Cause.TABLE_EMPTY)
        if not all(
            _is_of(sql_type(self.table.column(name)), self.kinds.get(name)) for name in (split(each)[0] for each in names)
        ):
            return Unjudged()
        return self._counting(aspect, names)(*names)

    def _counting(self, aspect: Aspect, names: tuple[str, ...]) -> Callable[..., Fact | Unjudged]:
        if "." in names[0]:
            return self._found if names[0].endswith(".found") else self._shown
        counting: dict[Aspect, Callable[..., Fact | Unjudged]] = {
            Aspect.FILLED: self._filled,
            Aspect.VALUES: self._values,
            Aspect.SHAPE: self._shapes,
            Aspect.DAYS: self._days,
            Aspect.ORDER: self._order,
            Aspect.REPEATS: self._repeats,
        }
        return counting[aspect]

    # --- one aspect ---------------------------------------------------------------------------------------------------

    def _filled(self, name: str) -> Fact:
        filled = self.engine.value(f"SELECT count({quoted(name)}) FROM {quoted(self.table.name)}")
        return Fact(([True, None],), [filled, self.rows - filled])

    def _values(self, name: str) -> Fact | Unjudged:
        return self._distinct(f"SELECT v, n FROM ({self._each(name)})", name)

    def _shapes(self, name: str) -> Fact | Unjudged:
        shape = f"left(v, {_LONGEST_SHAPE})"
        for letters, sign in ((r"\p{Nd}", "9"), (r"\p{Lu}", "A"), (r"[\p{Ll}\p{Lt}\p{Lm}\p{Lo}]", "a")):
            shape = f"regexp_replace({shape}, {text(letters)}, {text(sign)}, 'g')"
        return self._distinct(f"SELECT {shape} AS v, sum(n) AS n FROM ({self._each(name)}) GROUP BY 1", name)

    def _days(self, name: str) -> Fact | Unjudged:
        # ordinals as Python counts them: 0001-01-01 is day 1
        days = f"SELECT CAST({quoted(name)} AS DATE) AS day, count(*) AS n FROM {self._filled_rows(name)} GROUP BY 1"
        ordinal = "date_diff('day', DATE '0001-01-01', greatest(least(day, DATE '9999-12-31'), DATE '0001-01-01')) + 1"
        sql = f"SELECT {ordinal} AS v, CAST(sum(n) AS BIGINT) AS n FROM ({days}) GROUP BY 1"
        return self._distinct(sql, name)

    def _order(self, one: str, other: str) -> Fact | Unjudged:
        a, b = (f"CAST({quoted(name)} AS TIMESTAMP)" for name in (one, other))
        sign = f"CASE WHEN {a} > {b} THEN 1 WHEN {a} = {b} THEN 0 ELSE -1 END"
        found = self.engine.rows(f"SELECT {sign}, count(*) FROM {self._filled_rows(one, other)} GROUP BY 1")
        weights = [count for _sign, count in found]
        return self._valued(Fact(([sign for sign, _count in found], [0] * len(found)), weights, self.rows - sum(weights)))

    def _repeats(self, *names: str) -> Fact | Unjudged:
        keys = ", ".join(map(quoted, names))
        sql = f"SELECT n > 1, sum(n) FROM (SELECT count(*) AS n FROM {self._filled_rows(*names)} GROUP BY {keys}) GROUP BY 1"
        counted = dict(self.engine.rows(sql))
        once, several = int(counted.get(False, 0)), int(counted.get(True, 0))
        places = ([1] if once else []) + ([2, 2] if several else [])
        weights = ([once] if once else []) + ([several, 0] if several else [])
        return self._valued(Fact(tuple(list(places) for _name in names), weights, self.rows - once - several))

    def _row_state(self) -> Fact | Unjudged:
        piles = [record.piles for record in self.intake.files if record.file.table == self.table.name]
        counts = [
            sum(sum(pile.kept.values()) for pile in piles),
            sum(sum(pile.repeated.values()) for pile in piles),
            sum(pile.quarantined for pile in piles),
        ]
        return self._classes(ROW_STATES, counts, Cause.TABLE_EMPTY)

    def _cell_state(self, name: str) -> Fact | Unjudged:
        reasons = f"({text(Reason.CELL_UNREADABLE)}, {text(Reason.KEY_UNREADABLE)})"
        of_column = f"canonical_table = {text(self.table.name)} AND canonical_column = {text(name)}"
        unreadable = self.engine.value(f"SELECT count(*) FROM quarantine WHERE {of_column} AND reason IN {reasons}")
        return self._classes(("readable", "unreadable"), [self.read - unreadable, unreadable], Cause.TABLE_EMPTY)

    def _found(self, name: str) -> Fact | Unjudged:
        column = split(name)[0]
        reference = REFERENCES[column]
        if reference not in self.intake.present:
            return Unjudged(Cause.REFERENCE_ABSENT)
        known = f"SELECT DISTINCT {quoted(column)} FROM {quoted(reference)} WHERE {quoted(column)} IS NOT NULL"
        # users and cases come back in many rows: each is looked for once
        sql = f"SELECT coalesce(sum(n), 0) FROM ({self._each(column)}) WHERE v IN ({known})"
        return self._one_of_two(column, ("found", "not_found"), int(self.engine.value(sql)))

    def _shown(self, name: str) -> Fact | Unjudged:
        column = split(name)[0]
        masked = f"SELECT id FROM masked_ids WHERE kind = {text(ID_KINDS[column])}"
        sql = f"SELECT count(*) FROM {self._filled_rows(column)} WHERE {quoted(column)} IN ({masked})"
        return self._one_of_two(column, ("pseudonym", "as_it_is"), self.engine.value(sql))

    # --- building stones ----------------------------------------------------------------------------------------------

    def _filled_rows(self, *names: str) -> str:
        """SQL for the rows in which these columns have a value, as something to select from."""
        filled = " AND ".join(f"{quoted(name)} IS NOT NULL" for name in names)
        return f"(SELECT {', '.join(map(quoted, names))} FROM {quoted(self.table.name)} WHERE {filled})"

    def _each(self, name: str) -> str:
        """SQL for the distinct values (v) of a column with their number (n); a list gives its elements."""
        column = self.table.column(name)
        grouped = f"SELECT {quoted(name)} AS v, count(*) AS n FROM {self._filled_rows(name)} GROUP BY 1"
        if column.type in SET_TYPES:
            sets = quoted(f"{name}_sets")
            grouped = f"SELECT unnest(s.members) AS v, g.n FROM ({grouped}) AS g JOIN {sets} AS s ON s.number = g.v"
        elif column.type in _LISTS:
            grouped = f"SELECT unnest(v) AS v, n FROM ({grouped})"
        else:
            return grouped
        return f"SELECT v, sum(n) AS n FROM ({grouped}) GROUP BY 1"

    def _distinct(self, sql: str, name: str) -> Fact | Unjudged:
        found = self.engine.rows(f"{sql} LIMIT {MOST_VALUES + 1}")
        if len(found) > MOST_VALUES:
            return Unjudged(Cause.TOO_MANY_VALUES)
        filled = self.engine.value(f"SELECT count({quoted(name)}) FROM {quoted(self.table.name)}")
        return self._valued(Fact(([value for value, _n in found],), [int(n) for _value, n in found], self.rows - filled))

    def _one_of_two(self, column: str, names: tuple[str, str], first: int) -> Fact | Unjudged:
        filled = self.engine.value(f"SELECT count({quoted(column)}) FROM {quoted(self.table.name)}")
        return self._classes(names, [first, filled - first], Cause.NO_VALUES, self.rows - filled)

    def _classes(self, names: tuple[str, ...], counts: list[int], cause: Cause, missing: int = 0) -> Fact | Unjudged:
        there = [(name, count) for name, count in zip(names, counts, strict=True) if count]
        if not there:
            return Unjudged(cause)
        return Fact(([name for name, _count in there],), [count for _name, count in there], missing)

    def _valued(self, fact: Fact) -> Fact | Unjudged:
        return fact if fact.weights else Unjudged(Cause.NO_VALUES)


def columns_of(intake: Intake, table: str) -> list[str]:
    """The columns that the export has of a table, in the order of the table."""
    present = intake.present.get(table, set())
    return [column.name for column in TABLES[table].columns if column.name in present]
