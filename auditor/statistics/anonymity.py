"""k-anonymity and l-diversity of microdata: how many rows look alike in what others may know, and whether they are of one kind.

A class is all rows with the same quasi-identifiers. k is the size of the smallest class; l the least number of distinct values
that a sensitive column has in a class (distinct l-diversity), as pycanon counts them - but that ``Ja`` and ``ja`` are one
sensitive value, and that a mark such as ``-`` is a missing one. Quasi-identifiers are held apart as they are written: that
makes more classes, which can only make the answer stricter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from auditor.engine import Engine, quoted, text
from auditor.intake.spelling import heading_key
from auditor.release.columns import view_of
from auditor.release.model import SHOWN_PLACES, RawTable
from auditor.statistics.model import Found, Settings, Spot

#: What people write where a value is missing.
_MISSING = (
    *("-", "--", "..", "...", ".", "*", "?", "n/a", "na", "nan", "null", "none", "missing", "unknown", "okänd", "okänt"),
    *("saknas", "uppgift saknas", "ej angivet", "ej angiven", "ej känt", "vet ej", "#n/a", "#saknas!"),
)


@dataclass(frozen=True)
class Named:
    """A column that the command named, with its position in the table."""

    position: int
    heading: str

    @property
    def cell(self) -> str:
        """The column's cells in the table's view."""
        return f"c{self.position}"


def columns_named(table: RawTable, names: Sequence[str]) -> list[Named]:
    """The table's columns of those names; fewer than ``names`` where the table lacks some."""
    keys = [heading_key(heading) for heading in table.headings]
    return [Named(keys.index(key), name) for name in names if (key := heading_key(name)) in keys]


def is_microdata(table: RawTable, settings: Settings) -> bool:
    """Whether a table has every quasi-identifier that was named."""
    return bool(settings.quasi) and len(columns_named(table, settings.quasi)) == len(settings.quasi)


def anonymity_faults(engine: Engine, table: RawTable, settings: Settings) -> list[Found]:
    """Rows in classes that are too small, classes without diversity, and columns that nothing was said about."""
    if not engine.value(f"SELECT count(*) FROM {view_of(table)}"):
        return [Found("microdata-empty", [Spot(1)])]
    quasi, sensitive = columns_named(table, settings.quasi), columns_named(table, settings.sensitive)
    _make_classes(engine, table, quasi, sensitive)
    found = []
    name = quoted(f"classes_{table.number}")
    for code, missing in (("class-small", False), ("class-small-missing", True)):
        condition = f"n < {settings.threshold} AND incomplete = {str(missing).lower()}"
        found += _rows_of(engine, name, condition, code, None, "")
    for number, column in enumerate(sensitive):
        few = f"distinct_{number} < {settings.diversity}"
        for code, missing in (("class-alike", False), ("class-alike-missing", True)):
            condition = f"{few} AND (missing_{number} > 0 OR incomplete) = {str(missing).lower()}"
            found += _rows_of(engine, name, condition, code, column.position, column.heading)
    named = {column.position for column in (*quasi, *sensitive)}
    unnamed = [Spot(1, position) for position, heading in enumerate(table.headings) if position not in named]
    return found + ([Found("column-unnamed", unnamed)] if unnamed else [])


def measured(engine: Engine, table: RawTable) -> tuple[int, list[int]]:
    """k, and l of each sensitive column, of the classes last made; for tests and for who wants the numbers."""
    name = quoted(f"classes_{table.number}")
    width = sum(column.startswith("distinct_") for column, _type in engine.columns(f"SELECT * FROM {name}"))
    numbers = ", ".join(["min(n)", *(f"min(distinct_{number})" for number in range(width))])
    k, *diversity = engine.rows(f"SELECT {numbers} FROM {name}")[0]
    return int(k), [int(one) for one in diversity]


def _make_classes(engine: Engine, table: RawTable, quasi: Sequence[Named], sensitive: Sequence[Named]) -> None:
    """Make ``classes_N``: a class a row, with its size, the first lines, and what its sensitive columns hold."""
    values = [f"nullif(trim({column.cell}), '') AS q{number}" for number, column in enumerate(quasi)]
    values += [f"{_value(column)} AS s{number}" for number, column in enumerate(sensitive)]
    lacking = " OR ".join(f"{_value(column)} IS NULL" for column in quasi)
    keys = ", ".join(f"q{number}" for number in range(len(quasi)))
    of_sensitive = "".join(
        f", count(DISTINCT s{number}) AS distinct_{number}, count(*) - count(s{number}) AS missing_{number}"
        for number in range(len(sensitive))
    )
    engine.run(
        f"""CREATE OR REPLACE TABLE {quoted(f"classes_{table.number}")} AS
        SELECT count(*) AS n, bool_or(lacking) AS incomplete, min(line, {SHOWN_PLACES}) AS lines{of_sensitive}
        FROM (SELECT line, {lacking} AS lacking, {", ".join(values)} FROM {view_of(table)}) GROUP BY {keys}"""
    )


def _value(column: Named) -> str:
    """SQL for a cell's value as ``auditor.intake.spelling.same`` compares texts; NULL where it is missing."""
    seen = f"regexp_replace(lower(nfc_normalize({column.cell})), '\\p{{Cf}}', '', 'g')"
    dashed = f"regexp_replace({seen}, '[\\x{{2010}}-\\x{{2015}}\\x{{2212}}]', '-', 'g')"
    plain = f"trim(regexp_replace({dashed}, '[\\s\\p{{Z}}]+', ' ', 'g'))"
    missing = ", ".join(text(word) for word in ("", *_MISSING))
    return f"CASE WHEN {plain} NOT IN ({missing}) THEN {plain} END"


def _rows_of(engine: Engine, name: str, condition: str, code: str, position: int | None, column: str) -> list[Found]:
    """The rows of the classes of which the condition is true, with the first lines."""
    count = engine.value(f"SELECT coalesce(sum(n), 0) FROM {name} WHERE {condition}")
    if not count:
        return []
    sql = f"SELECT DISTINCT unnest(lines) AS line FROM {name} WHERE {condition} ORDER BY line LIMIT {SHOWN_PLACES}"
    spots = [Spot(int(line), position) for (line,) in engine.rows(sql)]
    return [Found(code, spots, {"column": column}, int(count))]
