"""The first rows of an export as canonical columns, with everything personal masked, and what could not be read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from auditor.engine import Engine, quoted, text
from auditor.intake.conversion import FREE_TEXT
from auditor.intake.mapping_model import UNIT_COLUMNS
from auditor.intake.staging import SET_TYPES
from auditor.intake.tables import TABLES, Column, Table, Type
from auditor.intake.taking_in import Intake
from auditor.intake.values import Vocabulary
from auditor.privacy import MASKED, is_plain_id
from auditor.words import _

_LINES_SHOWN = 5
#: Kinds whose texts are kept though nothing knows them.
_KEPT = frozenset({Type.CONCERNS, Type.FLOW, Type.FIELDS, Type.GROUNDS, Type.CHANNEL})
_IDS = {"case_id": True, "disclosure_id": True, "event_id": True, "user_id": False}  # whether it must hold a digit


@dataclass(frozen=True)
class Preview:
    """A table: its columns with the first rows' cells as they may be shown, how many rows were read and kept, and of coded
    columns how many different words nothing knows."""

    table: str
    columns: list[str]
    rows: list[list[str]]
    read: int
    kept: int
    unknown: dict[str, int]


@dataclass(frozen=True)
class Unread:
    """Cells or rows that could not be read. ``column`` is None for whole rows; ``lines`` are the first of them."""

    file: str
    column: str | None
    reason: str
    count: int
    lines: tuple[int, ...]


FirstRows = dict[str, list[tuple[Any, ...]]]


def first_rows(engine: Engine, table: Table, most: int) -> list[tuple[Any, ...]]:
    """The first rows of a table that is staged, in the order of its files, all columns; for ``preview`` alone."""
    names = ", ".join(quoted(column.name) for column in table.columns)
    return engine.rows(f"SELECT {names} FROM {quoted(f'staged_{table.name}')} ORDER BY file, line LIMIT {most}")


def preview(
    engine: Engine, intake: Intake, table: str, rows: list[tuple[Any, ...]], vocabulary: Vocabulary, units: frozenset[str]
) -> Preview:
    """A canonical table that is there, with its ``first_rows``. ``units`` are the units that the agreement names."""
    columns = [column for column in TABLES[table].columns if column.name in intake.present[table]]
    shown = _Shown(engine, table, vocabulary, units)
    places = [TABLES[table].columns.index(column) for column in columns]
    return Preview(
        table,
        [column.name for column in columns],
        [[shown.cell(column, row[place]) for column, place in zip(columns, places, strict=True)] for row in rows],
        sum(record.rows_read for record in intake.files if record.file.table == table),
        engine.value(f"SELECT count(*) FROM {quoted(table)}"),
        {column.name: n for column in columns if column.type in _KEPT and (n := shown.unknown_words(column))},
    )


def unread(engine: Engine, intake: Intake) -> list[Unread]:
    """Everything in quarantine, by file, column and reason."""
    names = intake.shown_files()
    found = engine.rows(
        f"""SELECT file, canonical_column, reason, whole_row, count(*), list_slice(list(line ORDER BY line), 1, {_LINES_SHOWN})
        FROM quarantine GROUP BY ALL ORDER BY file, whole_row DESC, canonical_column, reason"""
    )
    return [Unread(names[file], column, reason, count, tuple(lines)) for file, column, reason, _whole, count, lines in found]


class _Shown:
    """Cells of one table as they may be shown."""

    def __init__(self, engine: Engine, table: str, vocabulary: Vocabulary, units: frozenset[str]) -> None:
        self._engine = engine
        self._table = table
        self._vocabulary = vocabulary
        self._units = units

    def cell(self, column: Column, value: Any) -> str:
        """A canonical value as it may be shown: codes and days as they are, ids that are plain, everything else masked."""
        if value is None:
            return "–"
        if column.type is Type.PEOPLE:
            return f"{MASKED} ({len(value)})"
        if column.type is Type.PERSON or column.name == "birth_date":
            return MASKED
        if column.name in FREE_TEXT:
            return _("(text)")
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, date):
            return value.isoformat(" ", "seconds") if isinstance(value, datetime) else value.isoformat()
        if column.type is Type.TEXT:
            return self._text(column.name, str(value))
        if column.type in SET_TYPES:
            value = self._members(column.name, value)
        return ", ".join(self._code(column, word) for word in (value if isinstance(value, list) else [str(value)]))

    def _text(self, name: str, value: str) -> str:
        if name in _IDS:
            masked = self._engine.value(f"SELECT count(*) FROM masked_ids WHERE id = {text(value)}")
            return MASKED if masked or not is_plain_id(value, needs_digit=_IDS[name]) else value
        known = name in UNIT_COLUMNS and value in self._units
        return value if known or is_plain_id(value, needs_digit=True) else MASKED

    def _members(self, name: str, number: int) -> list[str]:
        members = self._engine.value(f"SELECT members FROM {quoted(f'{name}_sets')} WHERE number = ?", [number])
        return [str(member) for member in members]

    def _code(self, column: Column, word: str) -> str:
        return (
            word if column.type not in _KEPT or self._knows(column, word) else _("{masked} (not known)").format(masked=MASKED)
        )

    def _knows(self, column: Column, word: str) -> bool:
        return self._vocabulary.knows(column.type, word, table=self._table, column=column.name)

    def unknown_words(self, column: Column) -> int:
        """How many different words of a coded column nothing knows."""
        name = quoted(column.name)
        if column.type in SET_TYPES:
            sql = f"SELECT DISTINCT unnest(members) FROM {quoted(f'{column.name}_sets')}"
        elif column.type is Type.CONCERNS:
            sql = f"SELECT DISTINCT unnest({name}) FROM {quoted(self._table)}"
        else:
            sql = f"SELECT DISTINCT {name} FROM {quoted(self._table)} WHERE {name} IS NOT NULL"
        return sum(1 for (word,) in self._engine.rows(sql) if not self._knows(column, word))
