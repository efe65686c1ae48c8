"""Where the texts of a raw column are looked up, and the dictionaries of very large logs.

Texts that come back in row after row - users, cases, workstations - are kept once in a log of very many rows, in a dictionary
of the engine's (an enumeration). A log of ten million events is then as wide as its numbers, and look-ups by user or case
compare whole numbers. SQL reads such a column as text. A column of more than a million different texts, or of none, stays text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import get_args

from auditor.agreement.terms import Action
from auditor.engine import Engine, quoted, text
from auditor.intake.conversion import as_text, value_sql
from auditor.intake.mapping_model import is_coded
from auditor.intake.readers import RawFile
from auditor.intake.tables import Column, Table, Type

#: A table of fewer rows is read faster as it is.
MANY_ROWS = 500_000
_MOST_TEXTS = 1_000_000


@dataclass(frozen=True)
class RawSource:
    """A file's raw cells in the engine: SQL to scan it, its rows, line number, and the raw column of each canonical one."""

    number: int
    sql: str
    rows: int
    line: str
    columns: dict[str, str]
    date_forms: dict[str, str]
    separators: dict[str, str]


def raw_source(
    number: int, raw: RawFile, columns: dict[str, str], date_forms: dict[str, str], separators: dict[str, str]
) -> RawSource:
    """How the engine scans the raw cells of a file; ``columns`` gives each canonical column its raw one."""
    sql, line = f"read_parquet({text(str(raw.cells))})", "line"
    if raw.native:
        sql = f"read_parquet({text(str(raw.cells))}, file_row_number = true, hive_partitioning = false)"
        line = "file_row_number + 1"
    return RawSource(number, sql, raw.rows_read, line, columns, date_forms, separators)


def many(sources: Sequence[RawSource]) -> bool:
    """Whether a table has so many rows that it pays to keep its texts in dictionaries."""
    return sum(source.rows for source in sources) >= MANY_ROWS


@dataclass(frozen=True)
class LookUp:
    """Where each text of a raw column (``word``) stands once, with what it means: ``value``, SQL over ``{entry}``, and whether
    it is ``readable``. The ``table`` may hold those of several columns, told apart by ``place``.

    ``sound``: each of the texts has a value, and none was repaired. ``traced``: a text is found by its hash (``trace``), which
    no other text nor an empty cell has; worked out once for each text of a file's own dictionary, and numbers are compared.
    """

    table: str
    place: int
    value: str
    sound: bool
    traced: bool = False

    def unread(self, entry: str) -> str:
        """SQL: whether a text is not understood. One that was not looked at is not; it is no empty cell."""
        return f"{self.value.format(entry=entry)} IS NULL" if self.sound else f"{entry}.readable IS NOT TRUE"

    def join(self, entry: str, cell: str) -> str:
        """SQL that joins to each row the entry of its cell."""
        same = f"{entry}.trace = hash({cell})" if self.traced else f"{entry}.word = {cell}"
        return f"LEFT JOIN {self.table} AS {entry} ON {entry}.place = {self.place} AND {same}"


#: By file number and canonical column.
LookUps = dict[tuple[int, str], LookUp]


def traced(engine: Engine, look_up: LookUp) -> LookUp:
    """The look-up by traces, unless two of its texts have the same; the table has the column ``trace``."""
    traces = f"SELECT trace FROM {look_up.table} WHERE place = {look_up.place} UNION ALL SELECT hash(CAST(NULL AS VARCHAR))"
    return replace(look_up, traced=bool(engine.value(f"SELECT count(DISTINCT trace) = count(*) FROM ({traces})")))


def enumerate_texts(
    engine: Engine, table: Table, sources: Sequence[RawSource], types: Mapping[int, Mapping[str, str]], look_ups: LookUps
) -> dict[str, str]:
    """Make the dictionaries of a table's enumerated columns; returns the engine's type of each, and puts into ``look_ups`` how
    a text finds its place.

    ``types`` are the engine's types of each file's raw columns; ``look_ups`` has those of coded columns.
    """
    enumerated: dict[str, str] = {}
    for name in table.enumerated if many(sources) else ():
        column = table.column(name)
        holding = [source for source in sources if name in source.columns]
        gathered = {source.number: _gather(engine, table, column, source, types[source.number], look_ups) for source in holding}
        engine.run("CREATE OR REPLACE TEMP TABLE dictionary (word VARCHAR)")
        for words in gathered.values():
            engine.run(f"INSERT INTO dictionary SELECT DISTINCT value FROM {words} WHERE value IS NOT NULL")
        if column.type is Type.ACTION:  # checks name actions that no event may have
            engine.run(f"INSERT INTO dictionary VALUES {', '.join(f'({text(action)})' for action in get_args(Action))}")
        distinct = "SELECT DISTINCT word FROM dictionary ORDER BY word"
        if 0 < engine.value(f"SELECT count(*) FROM ({distinct})") <= _MOST_TEXTS:
            type_ = quoted(f"{table.name}_{name}")
            engine.run(f"CREATE OR REPLACE TYPE {type_} AS ENUM ({distinct})")
            enumerated[name] = type_
            # each text is found in the dictionary once; a row then finds its text's place by one look-up
            for number, words in gathered.items():
                engine.run(f"ALTER TABLE {words} ALTER value SET DATA TYPE {type_}")
                sound = engine.value(f"SELECT bool_and(value IS NOT NULL AND readable AND NOT repaired) FROM {words}")
                look_ups[number, name] = traced(engine, LookUp(words, 0, "{entry}.value", bool(sound)))
    return enumerated


def _gather(
    engine: Engine, table: Table, column: Column, source: RawSource, types: Mapping[str, str], look_ups: LookUps
) -> str:
    """Make the table of a file's distinct texts in a column and what they mean; returns its name."""
    words = quoted(f"words_{table.name}_{column.name}_{source.number}")
    if is_coded(column):
        coded = look_ups[source.number, column.name]
        value = coded.value.format(entry="c")
        read = f"SELECT word, {value} AS value, readable, repaired FROM {coded.table} AS c WHERE place = {coded.place}"
    else:
        raw = source.columns[column.name]
        cell = as_text(quoted(raw), types[raw])
        value = value_sql(column.type, "cleaned", "word", "VARCHAR", seen="NULL", form=None)
        read = f"""SELECT word, value, cleaned IS NULL OR value IS NOT NULL AS readable, false AS repaired
            FROM (SELECT *, {value} AS value
                FROM (SELECT *, clean(word) AS cleaned FROM (SELECT DISTINCT {cell} AS word FROM {source.sql})))
            WHERE word IS NOT NULL"""
    engine.run(f"CREATE OR REPLACE TEMP TABLE {words} AS SELECT 0 AS place, hash(word) AS trace, * FROM ({read})")
    return words
