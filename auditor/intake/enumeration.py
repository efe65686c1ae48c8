"""Texts that come back in row after row - users, cases, workstations - kept once, in a dictionary of the engine's (an
enumeration).

A log of ten million events is then as wide as its numbers, and look-ups by user or case compare whole numbers. SQL reads such
a column as text. A column of more than a million different texts, or of none, stays text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import get_args

from auditor.agreement.terms import Action
from auditor.engine import Engine, quoted, text
from auditor.intake.conversion import as_text, value_sql
from auditor.intake.mapping_model import is_coded
from auditor.intake.readers import RawFile
from auditor.intake.tables import Column, Table, Type

_MOST_TEXTS = 1_000_000


@dataclass(frozen=True)
class RawSource:
    """A file's raw cells in the engine: SQL to scan it, line number, and the raw column of each canonical one."""

    number: int
    sql: str
    line: str
    columns: dict[str, str]
    date_forms: dict[str, str]
    separators: dict[str, str]


def raw_source(
    number: int, raw: RawFile, columns: dict[str, str], date_forms: dict[str, str], separators: dict[str, str]
) -> RawSource:
    """How the engine scans the raw cells of a file; ``columns`` gives each canonical column its raw one."""
    if raw.native:
        sql = f"read_parquet({text(str(raw.cells))}, file_row_number = true, hive_partitioning = false)"
        return RawSource(number, sql, "file_row_number + 1", columns, date_forms, separators)
    return RawSource(number, f"read_parquet({text(str(raw.cells))})", "line", columns, date_forms, separators)


@dataclass
class Texts:
    """``types``: the engine's type of each column that is enumerated. ``words``: by file number and column, the table in which
    a text of the raw column is looked up (``word``): its ``value`` in the dictionary, and whether it is ``unfit`` (or NULL)."""

    types: dict[str, str] = field(default_factory=dict)
    words: dict[tuple[int, str], str] = field(default_factory=dict)


def codes_table(table: Table, column: Column) -> str:
    """The look-up table of a coded column, from raw text to value."""
    return quoted(f"codes_{table.name}_{column.name}")


def enumerate_texts(
    engine: Engine, table: Table, sources: Sequence[RawSource], types: Mapping[int, Mapping[str, str]]
) -> Texts:
    """Make the dictionaries of a table's enumerated columns. ``types`` are the engine's types of each file's raw columns."""
    texts = Texts()
    for name in table.enumerated:
        column = table.column(name)
        holding = [source for source in sources if name in source.columns]
        if is_coded(column):
            gathered = {codes_table(table, column)} if holding else set()
        else:
            gathered = {_gather(engine, table, column, source, types[source.number]) for source in holding}
        engine.run("CREATE OR REPLACE TEMP TABLE dictionary (word VARCHAR)")
        for words in sorted(gathered):
            engine.run(f"INSERT INTO dictionary SELECT DISTINCT value FROM {words} WHERE value IS NOT NULL")
        if column.type is Type.ACTION:  # checks name actions that no event may have
            engine.run(f"INSERT INTO dictionary VALUES {', '.join(f'({text(action)})' for action in get_args(Action))}")
        distinct = "SELECT DISTINCT word FROM dictionary ORDER BY word"
        if 0 < engine.value(f"SELECT count(*) FROM ({distinct})") <= _MOST_TEXTS:
            type_ = quoted(f"{table.name}_{name}")
            engine.run(f"CREATE OR REPLACE TYPE {type_} AS ENUM ({distinct})")
            texts.types[name] = type_
            # each text is found in the dictionary once; a row then finds its text's place by one look-up
            for words in sorted(gathered):
                engine.run(f"ALTER TABLE {words} ALTER value SET DATA TYPE {type_}")
            if not is_coded(column):
                texts.words.update({(source.number, name): _words_table(table, column, source) for source in holding})
    return texts


def _words_table(table: Table, column: Column, source: RawSource) -> str:
    return quoted(f"words_{table.name}_{column.name}_{source.number}")


def _gather(engine: Engine, table: Table, column: Column, source: RawSource, types: Mapping[str, str]) -> str:
    """The table of a file's distinct texts in a column and what they mean."""
    raw = source.columns[column.name]
    cell = as_text(quoted(raw), types[raw])
    words = _words_table(table, column, source)
    value = value_sql(column.type, "cleaned", "word", "VARCHAR", seen="NULL", form=None)
    engine.run(
        f"""CREATE OR REPLACE TEMP TABLE {words} AS
        SELECT word, value, CASE WHEN cleaned IS NOT NULL AND value IS NULL THEN true END AS unfit
        FROM (SELECT *, {value} AS value
            FROM (SELECT *, clean(word) AS cleaned FROM (SELECT DISTINCT {cell} AS word FROM {source.sql})))
        WHERE word IS NOT NULL"""
    )
    return words
