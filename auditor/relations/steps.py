"""A step on the way to a prepared relation: a table or view made by one query."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from auditor.checks.model import Together
from auditor.engine import Engine, quoted


@dataclass(frozen=True)
class Step:
    """``name`` is the table or view that ``sql`` makes; ``together`` says which rows must lie in one place for it.

    A ``view`` is not stored: it is read by one later query only.
    """

    name: str
    together: Together
    sql: str
    view: bool = False


def run_steps(engine: Engine, steps: Iterable[Step]) -> None:
    """Make each step's table or view in turn. Raises EngineError."""
    for step in steps:
        kind = "VIEW" if step.view else "TABLE"
        engine.run(f"CREATE OR REPLACE {kind} {quoted(step.name)} AS {step.sql}")


def merged_intervals(name: str, together: Together, keys: Sequence[str], rows: str) -> Step:
    """Intervals (first, last; both inside) of the same keys, merged where they overlap, so that a moment lies in one at most.

    ``rows`` is SQL for the keys, ``first`` and ``last``; an interval that ends before it begins is none.
    """
    by = ", ".join(keys)
    return Step(
        name,
        together,
        f"""WITH ordered AS (
            SELECT *, max(last) OVER (PARTITION BY {by} ORDER BY first, last ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS so_far
            FROM ({rows}) WHERE first <= last),
        islands AS (SELECT *, sum(CASE WHEN so_far IS NULL OR first > so_far THEN 1 ELSE 0 END)
            OVER (PARTITION BY {by} ORDER BY first, last) AS island FROM ordered)
        SELECT {by}, min(first) AS first, max(last) AS last FROM islands GROUP BY {by}, island""",
    )
