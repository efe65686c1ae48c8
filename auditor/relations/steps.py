"""A step on the way to a prepared relation: a table or view made by one query."""

from __future__ import annotations

from collections.abc import Iterable
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
