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
    """``types``: the engine's type of each column that is enumerated. ``clean``: file number and column where every cell is
    already its own value, so that nothing has to be cut or spelled anew."""

    types: dict[str, str] = field(default_factory=dict)
    clean: set[tuple[int, str]] = field(default_factory=set)


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
        engine.run("CREATE OR REPLACE TEMP TABLE dictionary (word VARCHAR)")
        if is_coded(column):
            if any(name in source.columns for source in sources):
                engine.run(
                    f"INSERT INTO dictionary SELECT DISTINCT value FROM {codes_table(table, column)} WHERE value IS NOT NULL"
                )
            if column.type is Type.ACTION:  # checks name actions that no event may have
                engine.run(f"INSERT INTO dictionary VALUES {', '.join(f'({text(action)})' for action in get_args(Action))}")
        else:
            for source in sources:
                if name in source.columns:
                    _gather(engine, column, source, types[source.number], texts)
        distinct = "SELECT DISTINCT word FROM dictionary ORDER BY word"
        if 0 < engine.value(f"SELECT count(*) FROM ({distinct})") <= _MOST_TEXTS:
            type_ = quoted(f"{table.name}_{name}")
            engine.run(f"CREATE OR REPLACE TYPE {type_} AS ENUM ({distinct})")
            texts.types[name] = type_
    return texts


def _gather(engine: Engine, column: Column, source: RawSource, types: Mapping[str, str], texts: Texts) -> None:
    raw = source.columns[column.name]
    cell = as_text(quoted(raw), types[raw])
    engine.run(f"CREATE OR REPLACE TEMP TABLE raw_words AS SELECT DISTINCT {cell} AS word FROM {source.sql}")
    engine.run("CREATE OR REPLACE TEMP TABLE clean_words AS SELECT word, clean(word) AS cleaned FROM raw_words")
    value = value_sql(column.type, "cleaned", "word", "VARCHAR", seen="NULL", form=None)
    engine.run(f"CREATE OR REPLACE TEMP TABLE read_words AS SELECT word, {value} AS value FROM clean_words")
    if not engine.value("SELECT count(*) FROM read_words WHERE word IS DISTINCT FROM value"):
        texts.clean.add((source.number, column.name))
    engine.run("INSERT INTO dictionary SELECT DISTINCT value FROM read_words WHERE value IS NOT NULL")
