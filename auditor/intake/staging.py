"""One canonical table from the raw files that hold it: every row read, with the cells that did not fit marked.

The staged table of a canonical table T is ``staged_T``: ``file`` (number), ``line``, ``unfit`` (a bit per column, in the order
of tables.py), ``repaired`` (cells mended, such as a lost leading zero), ``told`` (a hash of the row's free texts), then the columns.
List columns ``fields`` and ``grounds`` hold the number of a set; the sets stand in ``fields_sets`` and ``grounds_sets``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

import pyarrow as pa

from auditor.checks.vocabulary import as_codes
from auditor.engine import Engine, quoted, text
from auditor.intake.conversion import FREE_TEXT, WHOLE_NUMBERS, as_text, raw_columns, value_sql
from auditor.intake.enumeration import LookUp, LookUps, RawSource, enumerate_texts, many, traced
from auditor.intake.mapping_model import TIME_TYPES, is_coded
from auditor.intake.readers.model import UNREADABLE
from auditor.intake.tables import Column, Table, Type

__all__ = ["RawSource", "stage"]

#: Lists that checks ask much of: kept as the number of a set.
SET_TYPES = {Type.FIELDS, Type.GROUNDS}
#: Columns that tell of a day on which the persons of their row were alive.
_SEEN = {"reported_at", "valid_from"}
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
    look_ups = _read_codes(engine, table, sources, types, vocabulary)
    enumerated = enumerate_texts(engine, table, sources, types, look_ups)
    columns = ", ".join(f"{quoted(column.name)} {enumerated.get(column.name) or sql_type(column)}" for column in table.columns)
    engine.run(
        f"CREATE OR REPLACE TABLE {staged} (file INTEGER, line BIGINT, unfit UINTEGER, repaired UTINYINT, told UBIGINT, {columns})"
    )
    for source in sources:
        engine.run(_insert(table, source, types[source.number], look_ups))
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
    sources: Sequence[RawSource],
    types: dict[int, dict[str, str]],
    vocabulary: ReadsValues,
) -> LookUps:
    """Read each distinct text of each coded column once; returns where the texts of the raw columns are looked up."""
    coded = {place: column for place, column in enumerate(table.columns) if is_coded(column)}
    texts: dict[int, set[str]] = {place: set() for place in coded}
    for source in sources:
        for place, found in _distinct_texts(engine, source, types[source.number], coded):
            texts[place].add(found)
    rows: dict[str, list[Any]] = {name: [] for name in _CODES.names}
    sound = dict.fromkeys(coded, True)
    for place, column in coded.items():
        sets: dict[tuple[str, ...], int] = {}
        for raw_text in sorted(texts[place]):
            value, readable, repaired = _meaning(vocabulary, table, column, raw_text)
            sound[place] &= value is not None and readable and not repaired
            if isinstance(value, tuple) and column.type in SET_TYPES:
                value = sets.setdefault(value, len(sets))
            entry = {"place": place, "word": raw_text, "readable": readable, "repaired": repaired, _held_as(column): value}
            for name, values in rows.items():
                values.append(entry.get(name))
        if column.type in SET_TYPES:
            _load_sets(engine, column, sets)
    if not coded:
        return {}
    codes = f"codes_{table.name}"
    engine.load(codes, pa.table(rows, schema=_CODES))
    look_ups = {
        place: LookUp(codes, place, f"{{entry}}.{quoted(_held_as(column))}", sound[place]) for place, column in coded.items()
    }
    if many(sources):
        engine.run(f"ALTER TABLE {codes} ADD COLUMN trace UBIGINT")
        engine.run(f"UPDATE {codes} SET trace = hash(word)")
        look_ups = {place: traced(engine, look_up) for place, look_up in look_ups.items()}
    return {
        (source.number, column.name): look_ups[place]
        for source in sources
        for place, column in coded.items()
        if column.name in source.columns
    }


#: What the look-ups of a table's coded columns hold of each text; its value stands in the column of its kind.
_CODES = pa.schema(
    [
        *(("place", pa.int32()), ("word", pa.string()), ("readable", pa.bool_()), ("repaired", pa.bool_())),
        *(("code", pa.string()), ("set", pa.int32()), ("members", pa.list_(pa.string())), ("truth", pa.bool_())),
    ]
)


def _held_as(column: Column) -> str:
    """The name in ``_CODES`` of the values of a coded column."""
    if column.type in SET_TYPES:
        return "set"
    return {Type.CONCERNS: "members", Type.BOOLEAN: "truth"}.get(column.type, "code")


def _distinct_texts(
    engine: Engine, source: RawSource, types: dict[str, str], coded: dict[int, Column]
) -> Iterator[tuple[int, str]]:
    """Each text of each coded column of a file, with the column's place."""
    cells = {
        place: as_text(quoted(raw), types[raw])
        for place, column in coded.items()
        if (raw := source.columns.get(column.name)) is not None
    }
    distinct = [
        f"SELECT {place} AS place, cell FROM (SELECT DISTINCT {cell} AS cell FROM {source.sql}) WHERE cell IS NOT NULL"
        for place, cell in cells.items()
    ]
    for batch in engine.batches(" UNION ALL ".join(distinct)) if distinct else ():
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _meaning(vocabulary: ReadsValues, table: Table, column: Column, raw_text: str) -> tuple[Any, bool, bool]:
    """The value of a text, whether it is readable, and whether it was repaired."""
    cell = raw_text.strip(" \t\r\n\u00a0\u2007\u202f\ufeff")
    if not cell or cell == UNREADABLE:
        return None, not cell, False
    reading = vocabulary.read(column.type, cell, table=table.name, column=column.name)
    return reading.value, reading.readable, reading.repaired


def _load_sets(engine: Engine, column: Column, sets: dict[tuple[str, ...], int]) -> None:
    """Make the table of a column's sets: what is kept of a list is its set's number."""
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


def _insert(table: Table, source: RawSource, types: dict[str, str], look_ups: LookUps) -> str:
    """SQL that appends a file's rows to the staged table: raw cells, then cleaned texts, then values, each worked out once."""
    cells: list[str] = []
    looked_up: list[str] = []
    values: list[str] = []
    read: list[str] = []
    read_first: list[str] = []
    # the persons of a row were alive when it was reported or began: the century of a ten-digit number follows from it
    dated = [place for place, column in enumerate(table.columns) if column.name in _SEEN and column.name in source.columns]
    seen = quoted(f"v{dated[0]}") if dated else "CAST(NULL AS DATE)"
    for position, column in enumerate(table.columns):
        raw = source.columns.get(column.name)
        if raw is None:
            values.append(f"CAST(NULL AS {sql_type(column)})")
            continue
        text, value = quoted(f"x{position}"), quoted(f"v{position}")
        look_up = look_ups.get((source.number, column.name))
        if look_up is not None:
            entry = quoted(f"k{position}")
            cells.append(f"{as_text(quoted(raw), types[raw])} AS {text}")
            looked_up.append(look_up.join(entry, text))
            values.append(look_up.value.format(entry=entry))
            continue
        form = source.date_forms.get(column.name)
        own = quoted(f"w{position}")
        cell = quoted(raw) if _already_typed(column, types[raw]) else f"clean({as_text(quoted(raw), types[raw])})"
        cells.append(f"{cell} AS {text}, {quoted(raw)} AS {own}")
        between = source.separators.get(column.name)
        whole = (
            f"free_text({text})"
            if column.name in FREE_TEXT
            else value_sql(column.type, text, own, types[raw], seen=seen, form=form, separator=between)
        )
        (read_first if position in dated else read).append(f"{whole} AS {value}")
        values.append(value)
    raw_cells = f"SELECT {source.line} AS line, {', '.join(cells)} FROM {source.sql}"
    rows = f"SELECT {', '.join(['*', *read])} FROM (SELECT {', '.join(['*', *read_first])} FROM ({raw_cells}))"
    return f"""INSERT INTO {quoted(f"staged_{table.name}")}
        SELECT {source.number}, line, {_unfit(table, source, look_ups)}, {_repaired(table, source, look_ups)},
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


def _unfit(table: Table, source: RawSource, look_ups: LookUps) -> str:
    """SQL: a bit for each column whose cell holds something that does not fit."""
    bits = ["0::UINTEGER"]
    for position, column in enumerate(table.columns):
        if column.name not in source.columns:
            continue
        cell, value = quoted(f"x{position}"), quoted(f"v{position}")
        look_up = look_ups.get((source.number, column.name))
        unread = look_up.unread(quoted(f"k{position}")) if look_up else f"{value} IS NULL"
        bits.append(f"CASE WHEN {cell} IS NOT NULL AND {unread} THEN {1 << position}::UINTEGER ELSE 0::UINTEGER END")
    return " | ".join(bits)


def _repaired(table: Table, source: RawSource, look_ups: LookUps) -> str:
    """SQL: how many cells of the row were repaired."""
    repairs = [
        f"CASE WHEN {quoted(f'k{position}')}.repaired THEN 1 ELSE 0 END"
        for position, column in enumerate(table.columns)
        if is_coded(column) and (look_up := look_ups.get((source.number, column.name))) and not look_up.sound
    ]
    return f"CAST({' + '.join(['0', *repairs])} AS UTINYINT)"
