"""The columns of every table, and how arrays of small numbers become Arrow columns.

Columns that begin with ``_`` are the generator's own and are never written: ``_serial`` (which record this is), ``_case`` (the
serial of its case), ``_order`` (when the row entered the log), ``_raw`` (JSON: what stands in a cell that nobody can read) and
``_torn`` (the line breaks off in the middle; only text files have such lines).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

_TIME = pa.timestamp("us")
_TEXTS = pa.list_(pa.string())


def _table(**columns: pa.DataType) -> pa.Schema:
    return pa.schema(list(columns.items()))


SCHEMAS: dict[str, pa.Schema] = {
    "cases": _table(
        case_id=pa.string(), person_id=pa.string(), related_person_ids=_TEXTS, birth_date=pa.date32(),
        home_municipality=pa.string(), registered_municipality=pa.string(), found_in=pa.string(), concern=_TEXTS,
        reporter=pa.string(), reported_at=_TIME, decided_at=_TIME, decision=pa.string(), assessment_extended=pa.bool_(),
        closed_at=_TIME, protection=pa.string(),
    ),
    "disclosures": _table(
        disclosure_id=pa.string(), case_id=pa.string(), at=_TIME, sender=pa.string(), sender_unit=pa.string(),
        user_id=pa.string(), recipient=pa.string(), recipient_unit=pa.string(), purpose=pa.string(), fields=_TEXTS,
        grounds=_TEXTS, channel=pa.string(), motivation=pa.string(), requested_at=_TIME,
    ),
    "accesses": _table(
        event_id=pa.string(), at=_TIME, user_id=pa.string(), case_id=pa.string(), action=pa.string(), section=pa.string(),
        reason=pa.string(), workstation=pa.string(), sequence=pa.int64(), source=pa.string(),
    ),
    "staff": _table(
        user_id=pa.string(), person_id=pa.string(), organisation=pa.string(), unit=pa.string(), role=pa.string(),
        valid_from=pa.date32(), valid_to=pa.date32(), shared=pa.bool_(), protected_access=pa.bool_(),
    ),
    "assignments": _table(case_id=pa.string(), user_id=pa.string(), valid_from=_TIME, valid_to=_TIME),
    "residences": _table(case_id=pa.string(), municipality=pa.string(), valid_from=pa.date32(), valid_to=pa.date32()),
}  # fmt: skip

_HIDDEN = (
    ("_serial", pa.int64()), ("_case", pa.int64()), ("_order", _TIME), ("_raw", pa.string()), ("_torn", pa.bool_()),
)  # fmt: skip
#: The same with the generator's own columns.
WORKING: dict[str, pa.Schema] = {
    table: pa.schema([*schema, *(pa.field(name, type_) for name, type_ in _HIDDEN)]) for table, schema in SCHEMAS.items()
}


def pick(values: Sequence[object] | np.ndarray, index: np.ndarray, type_: pa.DataType) -> pa.Array:
    """The value at each index as an Arrow array; a negative index is NULL."""
    return pa.array(values, type=type_).take(pa.array(index, mask=index < 0))


def working_table(table: str, columns: dict[str, pa.Array | np.ndarray], rows: int) -> pa.Table:
    """A table with every column of the working schema; those that are not given are NULL throughout."""
    schema = WORKING[table]
    unknown = set(columns) - set(schema.names)
    if unknown:
        raise KeyError(f"no such columns in {table}: {sorted(unknown)}")
    arrays = [
        pa.array(columns[field.name]).cast(field.type) if field.name in columns else pa.nulls(rows, field.type)
        for field in schema
    ]
    return pa.Table.from_arrays(arrays, schema=schema)
