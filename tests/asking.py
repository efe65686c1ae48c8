"""Asks a check for its answer to one row of its prepared relation, for tests."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import duckdb

from auditor.checks import CATALOGUE
from auditor.checks.model import Answer, Check, Of, answer_sql
from auditor.checks.vocabulary import MACROS, RELATIONS, Word, as_codes

IN_SQL = [check for check in CATALOGUE if check.of is not Of.LOG]


def named(check: Check) -> str:
    return check.id


def engine_with_words() -> Iterator[duckdb.DuckDBPyConnection]:
    """What a fixture does: an engine that knows the words of the checks."""
    with duckdb.connect() as connection:
        for signature, (sql, _meaning) in MACROS.items():
            connection.execute(f"CREATE MACRO {signature} AS ({sql})")
        yield connection


def bound(text: str | None, word: Word) -> Any:
    """The value of an example, to be bound and cast to the word's type by the database."""
    if text is None or not (word.codes or word.type.endswith("[]")):
        return text
    items = [item.strip() for item in text.strip("[]").split(",") if item.strip()]
    return as_codes(items) if word.codes else items


def answer(engine: duckdb.DuckDBPyConnection, check: Check, values: dict[str, Any]) -> Answer:
    """The answer of a check for one row of its prepared relation; columns that are not named are NULL."""
    words = RELATIONS[check.of.value]
    assert values.keys() <= words.keys()
    row = ", ".join(f'CAST(? AS {word.type}) AS "{name}"' for name, word in words.items())
    sql = f"SELECT {answer_sql(check.applies, check.violates)} FROM (SELECT {row})"
    found = engine.execute(sql, [values.get(name) for name in words]).fetchone()
    assert found is not None
    return Answer(found[0])


def words_of(check: Check) -> set[str]:
    """The columns of the prepared relation that the SQL of a check names."""
    return set(re.findall(r"\b[a-z_]+\b", f"{check.applies} {check.violates}")) & RELATIONS[check.of.value].keys()
