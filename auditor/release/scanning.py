"""Identifiers in the cells of an export: the engine picks the cells worth a look, the rules read them, batch by batch.

Engine table made here: ``found_N`` (cell column, line, kind, sure, key, mask) for table N.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pyarrow as pa

from auditor.engine import Engine, text
from auditor.release.columns import CASE, MAYBE_PERSON, Column, view_of
from auditor.release.identifiers import NUMBERS_OF_PEOPLE, Found, Identifier, find_identifiers
from auditor.release.model import RawTable
from auditor.release.name_search import FOUND_SCHEMA
from auditor.release.plain_text import made_plain
from auditor.release.prefilter import NUMBERS_ALONE, worth_a_look

#: The kinds of identifier that a column of a field is there for.
EXPECTED: dict[str, frozenset[Identifier]] = {
    "person_id": NUMBERS_OF_PEOPLE,
    "phone": frozenset({Identifier.PHONE}),
    "address": frozenset(
        {Identifier.ADDRESS, Identifier.POSTCODE, Identifier.PLATE, Identifier.COORDINATES, Identifier.IP_ADDRESS}
    ),
    "email": frozenset({Identifier.EMAIL}),
}
_KEPT_ROWS = 50_000


def masked(found: Found, written: str) -> str:
    """An identifier as a report may show it: ``20******-****`` for personal numbers, only its kind for the rest."""
    if found.kind not in NUMBERS_OF_PEOPLE:
        return ""
    characters = [character for character in written if character.isalnum()]
    century = "".join(characters[:2]) if len(characters) == 12 else ""
    return f"{century}{'*' * (len(characters) - 4 - len(century))}-****"


def scan(engine: Engine, table: RawTable, columns: Sequence[Column], names: Callable[[], Path]) -> None:
    """Make ``found_N``: every identifier in the table that is not what its column is there for, and the names, which
    ``name_search`` has begun to look for."""
    keeper = _Keeper()
    for column in columns:
        if not column.filled:
            continue
        expected = EXPECTED.get(column.field or "", frozenset())
        for line, cell in _cells(engine, table, column, expected):
            plain = made_plain(cell)
            for found in find_identifiers(plain):
                if found.kind not in expected:
                    keeper.keep(
                        column.cell, line, found.kind, found.sure, found.key, masked(found, plain[found.start : found.end])
                    )
    engine.load(f"found_{table.number}", keeper.table())
    engine.run(f"INSERT INTO found_{table.number} SELECT * FROM read_parquet({text(str(names()))})")


def _cells(engine: Engine, table: RawTable, column: Column, expected: frozenset[Identifier]) -> Iterator[tuple[int, str]]:
    """Line and text of the cells that may hold something that is not expected."""
    cell = column.cell
    pattern = NUMBERS_ALONE if column.field == CASE else worth_a_look(expected)
    condition = f"regexp_matches({cell}, {text(pattern)})"
    if column.field == "person_id":  # a cell that is one right number, and nothing else, is what the column is for
        condition += f" AND (strlen({cell}) > 20 OR NOT coalesce(is_right_number(person_of({cell}, CURRENT_DATE)), false))"
    if column.field == "phone":  # as a person's number may be written, only where it is a right one
        number = f"CASE WHEN regexp_matches({cell}, {text(MAYBE_PERSON)}) THEN is_right_number(person_of({cell}, CURRENT_DATE)) ELSE false END"
        condition += f" AND NOT (regexp_full_match({cell}, '[+0][0-9 ()/-]{{5,18}}') AND NOT coalesce({number}, false))"
    for batch in engine.batches(f"SELECT line, {cell} FROM {view_of(table)} WHERE {condition}"):
        yield from zip(batch.column(0).to_pylist(), batch.column(1).to_pylist(), strict=True)


class _Keeper:
    """Rows of ``found_N`` on their way to the engine, packed as they come."""

    def __init__(self) -> None:
        self._rows: list[tuple[str, int, str, bool, str, str]] = []
        self._packed: list[pa.RecordBatch] = []

    def keep(self, cell: str, line: int, kind: Identifier, sure: bool, key: str, mask: str) -> None:
        self._rows.append((cell, line, kind.value, sure, key, mask))
        if len(self._rows) >= _KEPT_ROWS:
            self._pack()

    def _pack(self) -> None:
        columns = list(zip(*self._rows, strict=True)) or [()] * len(FOUND_SCHEMA)
        arrays = [pa.array(column, field.type) for column, field in zip(columns, FOUND_SCHEMA, strict=True)]
        self._packed.append(pa.RecordBatch.from_arrays(arrays, schema=FOUND_SCHEMA))
        self._rows = []

    def table(self) -> pa.Table:
        self._pack()
        return pa.Table.from_batches(self._packed, schema=FOUND_SCHEMA)
