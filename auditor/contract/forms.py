"""What a suite may ask: the expectations that are understood, their settings, and the columns that each may name.

Whatever is not listed here is refused. great-expectations evaluates some settings as code (``row_condition`` reaches
``DataFrame.query``), and other expectations read SQL or files; none of these may stand in a suite.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from auditor.contract.model import Aspect
from auditor.intake.conversion import FREE_TEXT
from auditor.intake.tables import Table, Type
from auditor.words import N_

_LONGEST = 500
_MOST_IN_SET = 10_000

#: Settings that are code, or name code, files or queries: refused with a sentence of their own.
CODE = frozenset(
    {"row_condition", "condition_parser", "ignore_row_if", "query", "unexpected_rows_query", "comparison_query"}
    | {"comparison_data_source_name", "template_dict", "module_name", "class_name", "path", "url", "$PARAMETER"}
)


@dataclass(frozen=True)
class Setting:
    """A setting of an expectation: whether its value is one that is understood, and in words what it must be."""

    fits: Callable[[Any], bool]
    must_be: str
    required: bool = False


@dataclass(frozen=True)
class Form:
    """An expectation that may be used: what it reads, its settings, and of which one at least must be given."""

    aspect: Aspect
    settings: dict[str, Setting]
    one_of: tuple[str, ...] = ()
    weighed: bool = True


def _count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 10**12


def _share(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= 1


def _day(value: Any) -> bool:
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _regular(value: Any) -> bool:
    if not isinstance(value, str) or not 0 < len(value) <= _LONGEST:
        return False
    try:
        re.compile(value)
    except (re.error, OverflowError, RecursionError):
        return False
    return True


def _values(value: Any) -> bool:
    if not isinstance(value, list) or not 0 < len(value) <= _MOST_IN_SET:
        return False
    return all(isinstance(part, bool) or (isinstance(part, str) and len(part) <= _LONGEST) for part in value)


def _names(value: Any) -> bool:
    return isinstance(value, list) and len(value) > 1 and all(isinstance(part, str) for part in value)


_TEXT = Setting(lambda value: isinstance(value, str), N_("the name of a column"), required=True)
_MOSTLY = Setting(_share, N_("a number above 0 and at most 1"))
_FLAG = Setting(lambda value: isinstance(value, bool), N_("true or false"))
_COUNT = Setting(_count, N_("a whole number, not below 0"))
_DAY = Setting(_day, N_("a day, written 2026-10-03"))
_SET = Setting(_values, N_("a list of texts, or of true and false"), required=True)
_PATTERN = Setting(_regular, N_("a regular expression of at most 500 characters"), required=True)
_COLUMN = {"column": _TEXT, "mostly": _MOSTLY}
_BOUNDS = ("min_value", "max_value")

FORMS: dict[str, Form] = {
    "expect_table_row_count_to_be_between": Form(Aspect.ROWS, dict.fromkeys(_BOUNDS, _COUNT), _BOUNDS, weighed=False),
    "expect_column_to_exist": Form(Aspect.COLUMNS, {"column": _TEXT}, weighed=False),
    "expect_column_values_to_not_be_null": Form(Aspect.FILLED, _COLUMN),
    "expect_column_values_to_be_in_set": Form(Aspect.VALUES, {**_COLUMN, "value_set": _SET}),
    "expect_column_values_to_not_be_in_set": Form(Aspect.VALUES, {**_COLUMN, "value_set": _SET}),
    "expect_column_distinct_values_to_contain_set": Form(Aspect.VALUES, {"column": _TEXT, "value_set": _SET}, weighed=False),
    "expect_column_unique_value_count_to_be_between": Form(
        Aspect.VALUES, {"column": _TEXT, **dict.fromkeys(_BOUNDS, _COUNT)}, _BOUNDS, weighed=False
    ),
    "expect_column_values_to_match_regex": Form(Aspect.SHAPE, {**_COLUMN, "regex": _PATTERN}),
    "expect_column_values_to_not_match_regex": Form(Aspect.SHAPE, {**_COLUMN, "regex": _PATTERN}),
    "expect_column_value_lengths_to_be_between": Form(Aspect.SHAPE, {**_COLUMN, **dict.fromkeys(_BOUNDS, _COUNT)}, _BOUNDS),
    "expect_column_values_to_be_between": Form(
        Aspect.DAYS,
        {**_COLUMN, **dict.fromkeys(_BOUNDS, _DAY), "strict_min": _FLAG, "strict_max": _FLAG},
        _BOUNDS,
    ),
    "expect_column_pair_values_a_to_be_greater_than_b": Form(
        Aspect.ORDER, {"column_A": _TEXT, "column_B": _TEXT, "or_equal": _FLAG, "mostly": _MOSTLY}
    ),
    "expect_column_values_to_be_unique": Form(Aspect.REPEATS, _COLUMN),
    "expect_compound_columns_to_be_unique": Form(
        Aspect.REPEATS, {"column_list": Setting(_names, N_("a list of at least two columns"), required=True), "mostly": _MOSTLY}
    ),
}

_TIMES = frozenset({Type.DATE, Type.START, Type.END, Type.INSTANT})
_PERSONS = frozenset({Type.PERSON, Type.PEOPLE})
#: What the program itself knows of a row or a cell, as columns: ``decided_at.state``, ``case_id.found``, ``user_id.shown``.
DERIVED: dict[str, tuple[str, str]] = {
    "state": ("readable", "unreadable"),
    "found": ("found", "not_found"),
    "shown": ("as_it_is", "pseudonym"),
}
ROW_STATE = "row.state"
ROW_STATES = ("kept", "identical", "quarantined")
#: Where the number in a column is to be found, for ``.found``.
REFERENCES = {"case_id": "cases", "user_id": "staff"}
#: What kind of id a column holds, for ``.shown``.
ID_KINDS = {"case_id": "case", "disclosure_id": "disclosure", "user_id": "user"}


def split(name: str) -> tuple[str, str]:
    """The column and the derived part of a name such as ``decided_at.state``; the part is empty for a plain column."""
    column, _dot, part = name.partition(".")
    return column, part


def derived_values(table: Table, name: str) -> tuple[str, ...] | None:
    """The values that a derived column can have; None when the table has no such derived column."""
    if name == ROW_STATE:
        return ROW_STATES
    column, part = split(name)
    if part not in DERIVED or column not in {known.name for known in table.columns}:
        return None
    if part == "found" and REFERENCES.get(column, table.name) == table.name:
        return None
    if part == "shown" and (column not in ID_KINDS or table.name not in ("cases", "disclosures")):
        return None
    return DERIVED[part]


def may_be_asked(table: Table, name: str, aspect: Aspect) -> bool:
    """Whether an expectation that reads this aspect may name this column, which the table has or can be derived from it."""
    _column, part = split(name)
    if part:
        return aspect is Aspect.VALUES
    column = table.column(name)
    match aspect:
        case Aspect.VALUES:
            return column.name not in FREE_TEXT and column.type not in _TIMES | _PERSONS | {Type.INTEGER}
        case Aspect.SHAPE:
            return column.name not in FREE_TEXT and column.type not in _TIMES | {Type.BOOLEAN, Type.INTEGER}
        case Aspect.DAYS | Aspect.ORDER:
            return column.type in _TIMES
        case Aspect.REPEATS:
            return column.name not in FREE_TEXT and column.type is not Type.BOOLEAN
        case _:
            return True
