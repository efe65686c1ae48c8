"""One canonical table from the raw files that hold it: every row read, with the cells that did not fit marked.

The staged table of a canonical table T is ``staged_T``: ``file`` (number), ``line``, ``unfit`` (a bit per column, in the order
of tables.py), ``repaired`` (cells mended, such as a lost leading zero), ``told`` (a hash of the row's free texts), then the columns.
List columns ``fields`` and ``grounds`` hold the number of a set; the sets stand in ``fields_sets`` and ``grounds_sets``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import pyarrow as pa

from auditor.checks.vocabulary import as_codes
from auditor.engine import Engine, quoted, text
from auditor.intake.conversion import FREE_TEXT, WHOLE_NUMBERS, as_text, raw_columns, value_sql
from auditor.intake.enumeration import RawSource, Texts, codes_table, enumerate_texts
from auditor.intake.mapping_model import TIME_TYPES, is_coded
from auditor.intake.readers.model import UNREADABLE
from auditor.intake.tables import Column, Table, Type

__all__ = ["RawSource", "stage"]

#: Lists that checks ask much of: kept as the number of a set.
SET_TYPES = {Type.FIELDS, Type.GROUNDS}
#: What a cell of a line of totals says (``Summa``, ``Totalt: 12``, ``Antal rader 12``), as a regular expression of the engine.
_TOTAL = (
    r"(?i)\s*(delsumma|totalsumma|summa|summering|totalt|total|sum|subtotal|grand total|count|antal"
    r"( (rader|poster|ärenden|träffar|anmälningar|orosanmälningar))?( totalt)?)\s*[:=]?\s*[\d\s.,]*( ?st\.?)?\s*"
)
_SQL_TYPE = {
    Type.DATE: "DATE",
    Type.START: "TIMESTAMP",
    Type.END: "TIMESTAMP",
    Type.INSTANT: "TIMESTAMP",
    Type.PEOPLE: "VARCHAR[]",
    Type.CONCERNS: "VARCHAR[]",
    Type.FIELDS: "INTEGER",
    Type.GROUNDS: "INTEGER",
    Type.BOOLEAN: "BOOLEAN",
    Type.INTEGER: "BIGINT",
}


class Reading(Protocol):
    """What a coded text means (values.py)."""

    value: str | tuple[str, ...] | bool | None
    readable: bool
    repaired: bool


class ReadsValues(Protocol):
    """A vocabulary: reads one distinct text of a coded column."""

    def read(self, type_: Type, text: str, *, table: str, column: str) -> Reading:
        """The canonical value of the text."""
        ...


def sql_type(column: Column) -> str:
    """The engine's type of a canonical column as it is staged."""
    return "BOOLEAN" if column.name in FREE_TEXT else _SQL_TYPE.get(column.type, "VARCHAR")


def stage(engine: Engine, table: Table, sources: Sequence[RawSource], vocabulary: ReadsValues) -> None:
    """Make ``staged_<table>`` from all its files. Raises EngineError when a file cannot be scanned."""
    staged = quoted(f"staged_{table.name}")
    types = {source.number: raw_columns(engine, source.sql) for source in sources}
    for column in table.columns:
        if is_coded(column) and (column.type in SET_TYPES or any(column.name in source.columns for source in sources)):
            _read_codes(engine, table, column, sources, types, vocabulary)
    texts = enumerate_texts(engine, table, sources, types)
    columns = ", ".join(f"{quoted(column.name)} {texts.types.get(column.name) or sql_type(column)}" for column in table.columns)
    engine.run(
        f"CREATE OR REPLACE TABLE {staged} (file INTEGER, line BIGINT, unfit UINTEGER, repaired UTINYINT, told UBIGINT, {columns})"
    )
    for source in sources:
        engine.run(_insert(table, source, types[source.number], texts))
    if keyed_by_text(table):
        _find_totals(engine, table, sources, types)


def keyed_by_text(table: Table) -> bool:
    """Whether any text makes a key, so that a line of totals or a remark below the rows could pass for a row."""
    return all(column.type is Type.TEXT for column in table.columns if column.key)


def totals_table(table: Table) -> str:
    """The staged table (file, line) of the rows in which a cell says that it is a total."""
    return quoted(f"totals_{table.name}")


def _find_totals(engine: Engine, table: Table, sources: Sequence[RawSource], types: dict[int, dict[str, str]]) -> None:
    engine.run(f"CREATE OR REPLACE TABLE {totals_table(table)} (file INTEGER, line BIGINT)")
    for source in sources:
        says = [
            f"regexp_full_match({quoted(name)}, {text(_TOTAL)})"
            for name, type_ in types[source.number].items()
            if type_ == "VARCHAR"
        ]
        if says:
            engine.run(
                f"INSERT INTO {totals_table(table)} SELECT {source.number}, {source.line} FROM {source.sql} WHERE {' OR '.join(says)}"
            )


def _read_codes(
    engine: Engine,
    table: Table,
    column: Column,
    sources: Sequence[RawSource],
    types: dict[int, dict[str, str]],
    vocabulary: ReadsValues,
) -> None:
    """Read each distinct text of a coded column once; make the look-up table from raw text to value."""
    texts: set[str] = set()
    for source in sources:
        if column.name in source.columns:
            raw = source.columns[column.name]
            cell = as_text(quoted(raw), types[source.number][raw])
            sql = f"SELECT DISTINCT {cell} AS cell FROM {source.sql}"
            for batch in engine.batches(sql):
                texts.update(value for value in batch.column(0).to_pylist() if value is not None)
    rows: dict[str, list[Any]] = {"raw": [], "value": [], "readable": [], "repaired": []}
    sets: dict[tuple[str, ...], int] = {}
    for raw_text in sorted(texts):
        cell = raw_text.strip(" \t\r\n\u00a0\u2007\u202f\ufeff")
        if not cell:
            continue
        if cell == UNREADABLE:
            value, readable, repaired = None, False, False
        else:
            reading = vocabulary.read(column.type, cell, table=table.name, column=column.name)
            value, readable, repaired = reading.value, reading.readable, reading.repaired
        if isinstance(value, tuple) and column.type in SET_TYPES:
            rows["value"].append(sets.setdefault(value, len(sets)))
        else:
            rows["value"].append(list(value) if isinstance(value, tuple) else value)
        rows["raw"].append(raw_text)
        rows["readable"].append(readable)
        rows["repaired"].append(repaired)
    engine.load(f"codes_{table.name}_{column.name}", pa.table(rows, schema=_codes_schema(column)))
    if column.type in SET_TYPES:
        engine.load(
            f"{column.name}_sets",
            pa.table(
                {
                    "number": list(sets.values()),
                    "members": [list(members) for members in sets],
                    "codes": [as_codes(members) for members in sets],
                },
                schema=pa.schema([("number", pa.int32()), ("members", pa.list_(pa.string())), ("codes", pa.string())]),
            ),
        )


def _codes_schema(column: Column) -> pa.Schema:
    value: pa.DataType = pa.string()
    if column.type in SET_TYPES:
        value = pa.int32()
    elif column.type is Type.CONCERNS:
        value = pa.list_(pa.string())
    elif column.type is Type.BOOLEAN:
        value = pa.bool_()
    return pa.schema([("raw", pa.string()), ("value", value), ("readable", pa.bool_()), ("repaired", pa.bool_())])


def _insert(table: Table, source: RawSource, types: dict[str, str], texts: Texts) -> str:
    """SQL that appends a file's rows to the staged table: raw cells, then cleaned texts, then values, each worked out once."""
    cells: list[str] = []
    looked_up: list[str] = []
    values: list[str] = []
    read: list[str] = []
    seen = "CAST(NULL AS DATE)"
    for position, column in enumerate(table.columns):
        raw = source.columns.get(column.name)
        if raw is None:
            values.append(f"CAST(NULL AS {sql_type(column)})")
            continue
        text, value = quoted(f"x{position}"), quoted(f"v{position}")
        if is_coded(column):
            codes = quoted(f"k{position}")
            cells.append(f"{as_text(quoted(raw), types[raw])} AS {text}")
            looked_up.append(f"LEFT JOIN {codes_table(table, column)} AS {codes} ON {codes}.raw = {text}")
            values.append(f"{codes}.value")
            continue
        form = source.date_forms.get(column.name)
        own = quoted(f"w{position}")
        if (source.number, column.name) in texts.words:
            words = quoted(f"k{position}")
            cells.append(f"{as_text(quoted(raw), types[raw])} AS {text}")
            looked_up.append(f"LEFT JOIN {texts.words[source.number, column.name]} AS {words} ON {words}.word = {text}")
            values.append(f"{words}.value")
            continue
        cell = quoted(raw) if _already_typed(column, types[raw]) else f"clean({as_text(quoted(raw), types[raw])})"
        cells.append(f"{cell} AS {text}, {quoted(raw)} AS {own}")
        if column.name in ("reported_at", "valid_from"):
            # the persons of the row were alive then: the century of a ten-digit number follows from it
            seen = value_sql(Type.DATE, text, own, types[raw], seen="NULL", form=form)
        between = source.separators.get(column.name)
        whole = (
            f"free_text({text})"
            if column.name in FREE_TEXT
            else value_sql(column.type, text, own, types[raw], seen="seen", form=form, separator=between)
        )
        read.append(f"{whole} AS {value}")
        values.append(value)
    raw_cells = f"SELECT {source.line} AS line, {', '.join(cells)} FROM {source.sql}"
    rows = f"SELECT {', '.join(['*', *read])} FROM (SELECT *, {seen} AS seen FROM ({raw_cells}))"
    return f"""INSERT INTO {quoted(f"staged_{table.name}")}
        SELECT {source.number}, line, {_unfit(table, source, texts)}, {_repaired(table, source)},
            {_told(table, values)}, {", ".join(_kept(table, values))}
        FROM ({rows}) AS cells {" ".join(looked_up)}"""


def _already_typed(column: Column, type_: str) -> bool:
    """Whether a file holds the column as what it is, so that no cell has to be read as text."""
    if column.type in TIME_TYPES:
        return type_.startswith(("TIMESTAMP", "DATE"))
    return column.type is Type.INTEGER and type_ in WHOLE_NUMBERS


def content(table: Table) -> str:
    """SQL: a hash of the canonical values and the free texts of a staged row ``s``; rows that say the same have the same."""
    return f"hash({', '.join(['s.told', *(f's.{quoted(column.name)}' for column in table.columns)])})"


def _told(table: Table, values: list[str]) -> str:
    """SQL: a hash of the free texts, which are not kept themselves; NULL where a table has none."""
    texts = [value for column, value in zip(table.columns, values, strict=True) if column.name in FREE_TEXT]
    return f"hash({', '.join(texts)})" if texts else "NULL"


def _kept(table: Table, values: list[str]) -> list[str]:
    """The values as they are kept: of free text only whether it is there."""
    return [
        f"CASE WHEN {value} IS NOT NULL THEN true END" if column.name in FREE_TEXT else value
        for column, value in zip(table.columns, values, strict=True)
    ]


def _unfit(table: Table, source: RawSource, texts: Texts) -> str:
    """SQL: a bit for each column whose cell holds something that does not fit."""
    bits = ["0"]
    for position, column in enumerate(table.columns):
        if column.name not in source.columns:
            continue
        if is_coded(column):
            bits.append(f"CASE WHEN NOT {quoted(f'k{position}')}.readable THEN {1 << position} ELSE 0 END")
        elif (source.number, column.name) in texts.words:
            bits.append(f"CASE WHEN {quoted(f'k{position}')}.unfit THEN {1 << position} ELSE 0 END")
        else:
            cell, value = quoted(f"x{position}"), quoted(f"v{position}")
            bits.append(f"CASE WHEN {cell} IS NOT NULL AND {value} IS NULL THEN {1 << position} ELSE 0 END")
    return f"CAST({' + '.join(bits)} AS UINTEGER)"


def _repaired(table: Table, source: RawSource) -> str:
    """SQL: how many cells of the row were repaired."""
    repairs = [
        f"CASE WHEN {quoted(f'k{position}')}.repaired THEN 1 ELSE 0 END"
        for position, column in enumerate(table.columns)
        if is_coded(column) and column.name in source.columns
    ]
    return f"CAST({' + '.join(['0', *repairs])} AS UTINYINT)"
