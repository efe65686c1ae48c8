"""From staged rows to canonical tables: what goes to quarantine, which rows are one row, and which ids must not be shown.

Engine tables made here: each canonical table; ``quarantine`` (file, line, canonical_table, canonical_column, reason, whole_row),
``unreadable_T`` with the keys of T's quarantined rows (NULL where a key could not be read), ``unreadable_sequences`` with what could be read
of the running numbers of accesses among them; ``masked_ids`` (kind, id, shown).
Nothing is dropped in silence: every staged or torn row ends in exactly one of kept, repeated (identical to a kept row) and
quarantined.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from auditor.engine import Engine, quoted, text
from auditor.intake.mapping_model import TIME_TYPES
from auditor.intake.origins import note_lines, note_piles
from auditor.intake.staging import content, keyed_by_text, sql_type, totals_table
from auditor.intake.tables import TABLES, Table, Type
from auditor.privacy import Pseudonyms, holds_personal_number, is_plain_id


class Reason(StrEnum):
    """Why a row or a cell stands in quarantine, beside the reader's own reasons for torn rows."""

    KEY_MISSING = "key_missing"
    KEY_UNREADABLE = "key_unreadable"
    CONFLICTING_ROWS = "conflicting_rows"
    CELL_UNREADABLE = "cell_unreadable"
    NOT_A_ROW = "not_a_row"


@dataclass
class Piles:
    """Where a file's rows went. ``kept`` counts by local date of ``at`` (None for tables without one).

    In the audit of one controller ``others`` are all rows that are not surely its own, ``unknown`` those of them that may be.
    """

    kept: Counter[date | None] = field(default_factory=Counter)
    repeated: Counter[date | None] = field(default_factory=Counter)
    quarantined: int = 0
    repaired: int = 0
    others: int = 0
    unknown: int = 0


#: Traces that are sorted in memory at a time, of 8 bytes each.
MOST_SORTED = 10_000_000
_PLACE = "(CAST(file AS BIGINT) * 17179869184 + line)"


def prepare_quarantine(engine: Engine) -> None:
    """Make the empty tables of this module."""
    engine.run(
        "CREATE OR REPLACE TABLE quarantine (file INTEGER, line BIGINT, canonical_table VARCHAR, canonical_column VARCHAR, "
        "reason VARCHAR, whole_row BOOLEAN)"
    )
    engine.run("CREATE OR REPLACE TABLE masked_ids (kind VARCHAR, id VARCHAR, shown VARCHAR)")
    engine.run("CREATE OR REPLACE TABLE unreadable_sequences (source VARCHAR, sequence BIGINT)")
    for table in TABLES.values():
        keys = ", ".join(f"{quoted(name)} VARCHAR" for name in table.key)
        engine.run(f"CREATE OR REPLACE TABLE {quoted(f'unreadable_{table.name}')} ({keys})")


def quarantine_torn(engine: Engine, table: Table, file: int, torn: str) -> None:
    """Put the rows that a reader could not read (a Parquet file of line, reason) into quarantine."""
    engine.run("INSERT INTO quarantine SELECT ?, line, ?, NULL, reason, true FROM read_parquet(?)", [file, table.name, torn])
    nothing = ", ".join("NULL" for _ in table.key)
    engine.run(f"INSERT INTO {quoted(f'unreadable_{table.name}')} SELECT {nothing} FROM read_parquet(?)", [torn])


def settle(engine: Engine, table: Table, *, note_origins: bool = False) -> dict[int, Piles]:
    """Make the canonical table from its staged rows. Returns the piles of each file by its number.

    ``note_origins`` notes what tells whose each row is (``auditor.intake.origins``).
    """
    staged = quoted(f"staged_{table.name}")
    keys = [column.name for column in table.columns if column.key]
    readable = " AND ".join(f"s.{quoted(name)} IS NOT NULL" for name in keys)
    _quarantine_keyless(engine, table, staged, keys, readable)
    if keyed_by_text(table):
        _quarantine_remarks(engine, table, staged, keys[0])
    _quarantine_cells(engine, table, staged)
    piles: dict[int, Piles] = {}
    kept = f"FROM {staged} AS s WHERE {readable}"
    day = 'CAST("at" AS DATE)' if table.dated else "NULL"
    if table.merge_identical:
        _find_repeated(engine, table, staged, readable)
        if note_origins:
            note_lines(engine, table)
        _remove_conflicting(engine, table, staged)
        _set_repeated_aside(engine, table, staged, readable)
        for file, when, count, repaired in engine.rows(
            f"SELECT file, {day}, count(*), sum(repaired) FROM set_aside GROUP BY ALL"
        ):
            piles.setdefault(file, Piles()).repeated[when] += count
            piles[file].repaired += int(repaired)
        if note_origins:
            note_piles(engine, table, {"kept": kept, "repeated": "FROM set_aside AS s"})
    for file, when, count in engine.rows(f"SELECT file, {day}, count(*) {kept} GROUP BY ALL"):
        piles.setdefault(file, Piles()).kept[when] += count
    for file, count in engine.rows(f"SELECT file, sum(repaired) FROM {staged} GROUP BY ALL"):
        piles.setdefault(file, Piles()).repaired += int(count)
    quarantined = f"SELECT file, count(*) FROM quarantine WHERE whole_row AND canonical_table = {text(table.name)} GROUP BY ALL"
    for file, count in engine.rows(quarantined):
        piles.setdefault(file, Piles()).quarantined += count
    if table.dated:
        _keep_in_place(engine, table, staged, readable)
        return piles
    columns = ", ".join(f"s.{quoted(column.name)}" for column in table.columns)
    engine.run(f"CREATE OR REPLACE TABLE {quoted(table.name)} AS SELECT {columns} {kept}")
    engine.run(f"DROP TABLE {staged}")
    return piles


def _keep_in_place(engine: Engine, table: Table, staged: str, readable: str) -> None:
    """Make the staged table of a log of very many rows the canonical one, without copying it; ``file`` says which log a row stands in."""
    engine.run(f"DELETE FROM {staged} AS s WHERE NOT ({readable})")
    for name in ("line", "unfit", "repaired", "told"):
        engine.run(f"ALTER TABLE {staged} DROP COLUMN {name}")
    engine.run(f"DROP TABLE IF EXISTS {quoted(table.name)}")
    engine.run(f"ALTER TABLE {staged} RENAME TO {quoted(table.name)}")


def _quarantine_keyless(engine: Engine, table: Table, staged: str, keys: list[str], readable: str) -> None:
    names = [column.name for column in table.columns]
    first = "CASE " + " ".join(f"WHEN {quoted(name)} IS NULL THEN {text(name)}" for name in keys) + " END"
    unfit = "CASE " + " ".join(f"WHEN {quoted(name)} IS NULL THEN (unfit & {1 << names.index(name)}) <> 0" for name in keys)
    engine.run(
        f"INSERT INTO quarantine SELECT file, line, {text(table.name)}, {first}, "
        f"CASE WHEN {unfit} END THEN '{Reason.KEY_UNREADABLE}' ELSE '{Reason.KEY_MISSING}' END, true "
        f"FROM {staged} AS s WHERE NOT ({readable})"
    )
    # the part of the key that could be read still says which row it may have been
    parts = ", ".join(f"CAST({quoted(name)} AS VARCHAR)" for name in table.key)
    engine.run(f"INSERT INTO {quoted(f'unreadable_{table.name}')} SELECT {parts} FROM {staged} AS s WHERE NOT ({readable})")
    if table.name == "accesses":  # a number that can be read is not missing in the log (check L2)
        numbered = f"WHERE NOT ({readable}) AND sequence IS NOT NULL"
        engine.run(f"INSERT INTO unreadable_sequences SELECT source, sequence FROM {staged} AS s {numbered}")


#: Kinds of column that keep any text; the others hold something only where it could be read.
_KEEP_ANY_TEXT = frozenset({Type.TEXT, Type.CONCERNS, Type.FLOW, Type.FIELDS, Type.GROUNDS, Type.CHANNEL})


def _quarantine_remarks(engine: Engine, table: Table, staged: str, key: str) -> None:
    """Lines of totals, remarks and repeated headings, in a table whose key may be any text.

    Such a line holds nothing that could be read in any column that understands its cells, and its key reads as words and not as
    a number; or a cell says that it is a total, and there is no date. Quarantine says that the row is there.
    """
    read = [column for column in table.columns if column.type not in _KEEP_ANY_TEXT]
    nothing = " AND ".join(f"s.{quoted(column.name)} IS NULL" for column in read)
    no_date = " AND ".join(f"s.{quoted(column.name)} IS NULL" for column in read if column.type in TIME_TYPES)
    doubtful = engine.rows(
        f"SELECT DISTINCT {quoted(key)} FROM {staged} AS s WHERE {nothing} AND {quoted(key)} IS NOT NULL "
        f"AND NOT (regexp_full_match({quoted(key)}, {text(_SURELY_PLAIN)}) AND regexp_matches({quoted(key)}, '\\d'))"
    )
    words = [id_ for (id_,) in doubtful if not is_plain_id(id_, needs_digit=True) and not holds_personal_number(id_)]
    engine.load("remarks", pa.table({"key": words}, schema=pa.schema([("key", pa.string())])))
    remark = (
        f"({nothing} AND s.{quoted(key)} IN (SELECT key FROM remarks)) "
        f"OR ({no_date} AND (s.file, s.line) IN (SELECT (file, line) FROM {totals_table(table)}))"
    )
    found = f"FROM {staged} AS s WHERE s.{quoted(key)} IS NOT NULL AND ({remark})"
    engine.run(f"INSERT INTO quarantine SELECT file, line, {text(table.name)}, NULL, '{Reason.NOT_A_ROW}', true {found}")
    engine.run(f"INSERT INTO {quoted(f'unreadable_{table.name}')} SELECT s.{quoted(key)} {found}")
    engine.run(f"DELETE FROM {staged} AS s WHERE s.{quoted(key)} IS NOT NULL AND ({remark})")


def _quarantine_cells(engine: Engine, table: Table, staged: str) -> None:
    """Cells that were read as NULL because they do not fit; a key cell's fault is its row's fault."""
    total = engine.value(f"SELECT bit_or(unfit) FROM {staged}") or 0
    for position, column in enumerate(table.columns):
        if total & (1 << position) and not column.key:
            engine.run(
                f"INSERT INTO quarantine SELECT file, line, {text(table.name)}, {text(column.name)}, "
                f"'{Reason.CELL_UNREADABLE}', false FROM {staged} WHERE (unfit & {1 << position}) <> 0"
            )


def _same(table: Table) -> str:
    same = " AND ".join(f"r.{quoted(name)} = s.{quoted(name)}" for name in table.key)
    return same if table.conflicts_quarantined else f"{same} AND r.content = {content(table)}"


def _find_repeated(engine: Engine, table: Table, staged: str, readable: str) -> None:
    """The keys that stand on several rows; where these differ, all of them go to quarantine."""
    keys = ", ".join(quoted(name) for name in table.key)
    grouped = keys if table.conflicts_quarantined else f"{keys}, {content(table)} AS content"
    # most keys stand once; only the rows that share a trace with another one are looked at
    shared = _shared_traces(engine, f"hash({keys})", f"FROM {staged} AS s WHERE {readable}")
    engine.load(f"alike_{table.name}", pa.table({"trace": shared}, schema=pa.schema([("trace", pa.uint64())])))
    looked_at = f"{readable} AND {_may_be_repeated(table)}"
    engine.run(
        f"CREATE OR REPLACE TEMP TABLE repeated AS SELECT {grouped}, count(*) AS n, min({_PLACE}) AS keep, "
        f"count(DISTINCT {content(table) if table.conflicts_quarantined else '1'}) > 1 AS differ "
        f"FROM {staged} AS s WHERE {looked_at} GROUP BY {keys if table.conflicts_quarantined else 'ALL'} HAVING count(*) > 1"
    )
    if not table.conflicts_quarantined:
        return
    engine.run(
        f"INSERT INTO quarantine SELECT file, line, {text(table.name)}, NULL, '{Reason.CONFLICTING_ROWS}', true "
        f"FROM {staged} AS s JOIN repeated AS r ON {_same(table)} WHERE {readable} AND r.differ"
    )
    engine.run(f"INSERT INTO {quoted(f'unreadable_{table.name}')} SELECT {keys} FROM repeated WHERE differ")


def _shared_traces(engine: Engine, trace: str, rows: str) -> npt.NDArray[np.uint64]:
    """The traces that stand on several rows. They are sorted here, some millions at a time: grouping them costs the engine five times
    as much. ``trace`` is SQL for a row's trace, ``rows`` for where it is read (FROM ... WHERE ...)."""
    total = engine.value(f"SELECT count(*) {rows}")
    parts = total // MOST_SORTED + 1
    shared = [np.empty(0, dtype=np.uint64)]
    for part in range(parts):
        mine = "" if parts == 1 else f" AND {trace} % {parts} = {part}"
        batches = engine.batches(f"SELECT {trace} AS trace {rows}{mine}")
        traces = np.concatenate([shared[0], *(batch.column(0).to_numpy() for batch in batches)])
        traces.sort()
        shared.append(np.unique(traces[1:][traces[1:] == traces[:-1]]))
    return np.concatenate(shared)


def _may_be_repeated(table: Table) -> str:
    """SQL: whether another staged row shares the trace of the key of ``s``."""
    return f"hash({', '.join(f's.{quoted(name)}' for name in table.key)}) IN (SELECT trace FROM alike_{table.name})"


def _set_repeated_aside(engine: Engine, table: Table, staged: str, readable: str) -> None:
    """Move the rows that repeat an earlier one from the staged table to ``set_aside``."""
    engine.run(f"CREATE OR REPLACE TEMP TABLE set_aside AS SELECT *, rowid AS place FROM {staged} LIMIT 0")
    if engine.value("SELECT count(*) FROM repeated"):
        engine.run(
            f"INSERT INTO set_aside SELECT s.*, s.rowid FROM {staged} AS s JOIN repeated AS r ON {_same(table)} "
            f"WHERE {readable} AND {_may_be_repeated(table)} AND r.keep <> {_PLACE}"
        )
        engine.run(f"DELETE FROM {staged} WHERE rowid IN (SELECT place FROM set_aside)")


def _remove_conflicting(engine: Engine, table: Table, staged: str) -> None:
    if not table.conflicts_quarantined:
        return
    conditions = " AND ".join(f"r.{quoted(name)} = {staged}.{quoted(name)}" for name in table.key)
    engine.run(f"DELETE FROM {staged} USING repeated AS r WHERE {conditions} AND r.differ")
    engine.run("DELETE FROM repeated WHERE differ")


_SURELY_PLAIN = "[A-Za-zÅÄÖåäö0-9._:/#@+=-]{1,64}"
#: Lets in every id with a number of the registers as they write it (of the ten last characters: a date, then four others).
_MAYBE_OF_PERSON = (
    r"\d[^0-9A-Za-z]*\d[^0-9A-Za-z]*[01][^0-9A-Za-z]*\d[^0-9A-Za-z]*\d[^0-9A-Za-z]*\d([^0-9A-Za-z]*[0-9A-Za-z]){4}"
)
_OF_PERSON = r"\d{2}[01]\d{3}[0-9A-Z]{4}"
# lets in all that auditor.privacy may call a personal number, and little else
_MAYBE_NUMBER = r"\d{2}[\W_]{0,3}(0\d|1[0-2])[\W_]{0,3}([0-3]\d|[6-9]\d)[\W_]{0,3}(\d{2}[.-]?\d{2}|[Tt][Ff]?\d{2})"
#: Most running numbers, neither a name nor a person's: a number of fewer digits than a personal number has, or a year, which is no
#: year and month of birth, and a number.
_PLAIN_NUMBER = r"[A-Za-z]{0,8}[-_/]?(\d{1,9}|20(1[3-9]|[2-9]\d)[-_/]?\d{1,7})"
_IDS = (
    ("case", True, (("cases", "case_id"), ("disclosures", "case_id"), ("accesses", "case_id"))),
    ("disclosure", True, (("disclosures", "disclosure_id"),)),
    ("event", True, (("accesses", "event_id"),)),
    ("user", False, (("disclosures", "user_id"), ("accesses", "user_id"))),
    ("source", False, (("accesses", "source"),)),
)


def mask_ids(engine: Engine, present: set[str], pseudonyms: Pseudonyms) -> int:
    """Fill ``masked_ids`` with the pseudonym of every id that may not be shown: of how many ids is returned.

    An id may not be shown when it holds what is shaped as a personal number, or a number of a person in the registers, or reads
    as a name or free text (``auditor.privacy.is_plain_id``).
    """
    people = ["SELECT unnest(related_person_ids) AS person FROM cases", "SELECT person_id FROM cases"]
    if "staff" in present:
        people.append("SELECT person_id FROM staff")
    engine.run(
        f"CREATE OR REPLACE TEMP TABLE people AS SELECT DISTINCT person FROM ({' UNION ALL '.join(people)}) AS p(person) WHERE person IS NOT NULL"
    )
    engine.run("INSERT INTO people SELECT person[3:12] FROM people WHERE length(person) = 12")
    rows: dict[str, list[str]] = {"kind": [], "id": [], "shown": []}
    # a number of twelve characters holds its ten last, so ids are looked through for those alone
    engine.run("DELETE FROM people WHERE length(person) <> 10")
    usual = engine.value(f"SELECT coalesce(bool_and(regexp_full_match(person, {text(_OF_PERSON)})), true) FROM people")
    # where the registers hold other numbers than usual, an id of any shape may hold one
    long = f"NOT regexp_full_match(id, {text(_PLAIN_NUMBER)})" if usual else "true"
    shaped = f"regexp_matches(id, {text(_MAYBE_OF_PERSON)})" if usual else "true"
    for kind, needs_digit, places in _IDS:
        # ids of their own stand once each, so only those that come back in many rows are made distinct first, as they are kept
        distinct = "DISTINCT " if len(places) > 1 or kind == "source" else ""
        ids = " UNION ".join(
            f"SELECT CAST(id AS VARCHAR) AS id FROM (SELECT {distinct}{quoted(column)} AS id FROM {quoted(table)})"
            for table, column in places
        )
        if distinct:
            engine.run(f"CREATE OR REPLACE TEMP TABLE ids AS {ids}")
            ids = "SELECT id FROM ids"
        digit = r"regexp_matches(id, '\d')" if needs_digit else "true"
        doubtful = (
            f"NOT (regexp_full_match(id, {text(_SURELY_PLAIN)}) AND {digit}) OR regexp_matches(id, {text(_MAYBE_NUMBER)})"
        )
        engine.run(
            f"CREATE OR REPLACE TEMP TABLE looked_at AS SELECT * FROM (SELECT id, {doubtful} AS doubtful, "
            f"length(id) >= 10 AND {shaped} AS shaped FROM ({ids}) AS ids WHERE {long}) WHERE doubtful OR shaped"
        )
        doubtful_ones = engine.rows("SELECT id FROM looked_at WHERE doubtful")
        # a number of the registers, whole or as a part: also a reserve number, and one whose check digit is wrong
        of_people = engine.rows(
            "SELECT DISTINCT id FROM (SELECT id, substr(plain, start, 10) AS part "
            "FROM (SELECT id, plain, unnest(range(1, length(plain) - 8)) AS start "
            "FROM (SELECT id, upper(regexp_replace(id, '[^0-9A-Za-z]', '', 'g')) AS plain FROM looked_at WHERE shaped))) "
            "JOIN people ON person = part"
        )
        hidden = {id_ for (id_,) in of_people} | {
            id_ for (id_,) in doubtful_ones if not is_plain_id(id_, needs_digit=needs_digit)
        }
        for id_ in sorted(hidden):
            rows["kind"].append(kind)
            rows["id"].append(id_)
            rows["shown"].append(pseudonyms.of(id_))
    schema = pa.schema([("kind", pa.string()), ("id", pa.string()), ("shown", pa.string())])
    engine.load("masked_ids", pa.table(rows, schema=schema))
    return len(rows["id"])


__all__ = ["Piles", "Reason", "mask_ids", "prepare_quarantine", "quarantine_torn", "settle", "sql_type"]
