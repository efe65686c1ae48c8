"""Undetermined answers of accesses, counted by check and by what is missing: a thin log may hold millions of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from auditor.checks.model import Answer, Check, Of
from auditor.engine import Engine, quoted, unsigned
from auditor.findings import missing_parts
from auditor.outcomes import Run, State


@dataclass(frozen=True)
class Undetermined:
    """So many answers of a check are open for the same causes; ``missing`` as in the findings, separated by commas."""

    check: str
    missing: str
    accesses: int


def _conditions(checks: Iterable[Check]) -> list[str]:
    """The SQL of every cause that some check names, each once."""
    return list(dict.fromkeys(sql for check in checks for sql in missing_parts(check).values()))


def missing_sql(checks: Iterable[Check]) -> str:
    """SQL: a number with a bit for each cause that holds for an access, no wider than they need."""
    conditions = _conditions(checks)
    type_ = unsigned(len(conditions))
    bits = [f"CASE WHEN {sql} THEN {1 << place}::{type_} ELSE 0::{type_} END" for place, sql in enumerate(conditions)]
    return " | ".join([f"0::{type_}", *bits])


def count_undetermined(engine: Engine, planned: Iterable[Check], runs: Iterable[Run]) -> list[Undetermined]:
    """The counts, by check in the order of the catalogue, the most frequent cause first. ``planned`` are the checks that
    ``missing_sql`` was made of."""
    places = {sql: place for place, sql in enumerate(_conditions(planned))}
    counted: list[Undetermined] = []
    for run in runs:
        if run.check.of is not Of.ACCESS or run.state is not State.RUN:
            continue
        parts = {places[sql]: cause for cause, sql in missing_parts(run.check).items()}
        mask = sum(1 << place for place in parts)
        answer = quoted(f"answer_{run.check.id}")
        found: Mapping[int, int] = dict(
            engine.rows(
                f"SELECT missing & {mask}, sum(n) FROM patterns_access WHERE {answer} = {Answer.UNDETERMINED:d} GROUP BY 1"
            )
        )
        causes = {",".join(cause for place, cause in parts.items() if bits >> place & 1): int(n) for bits, n in found.items()}
        ordered = sorted(causes.items(), key=lambda item: (-item[1], item[0]))
        counted += [Undetermined(run.check.id, missing, n) for missing, n in ordered]
    return counted
