"""What tells whose a row is, noted while its table is settled, so that another controller's rows can be set apart.

Engine tables made here, for each table whose rows have a controller: ``origin_T`` (pile, file, at_day, what the controller is
told by, n, repaired), one row for all alike, and ``origin_lines_T`` (file, line, what the controller is told by) for the lines
that stand in quarantine. They never leave the engine.
"""

from __future__ import annotations

from auditor.engine import Engine, quoted, text
from auditor.intake.tables import Table

#: What the controller of a row is told by: the sender; the user on that day; where the child belonged on the day of the report.
TOLD_BY: dict[str, dict[str, str]] = {
    "disclosures": {"sender": "s.sender"},
    "accesses": {"user_id": "s.user_id", "day": 'CAST(s."at" AS DATE)'},
    "cases": {"case_id": "s.case_id", "home": "s.home_municipality", "day": "CAST(s.reported_at AS DATE)"},
}


def note_lines(engine: Engine, table: Table) -> None:
    """Note whose the lines in quarantine are, before their rows are removed from the staged ones. Raises EngineError."""
    if table.name in TOLD_BY:
        engine.run(
            f"CREATE OR REPLACE TABLE {quoted(f'origin_lines_{table.name}')} AS SELECT s.file, s.line, {_told_by(table)} "
            f"FROM {quoted(f'staged_{table.name}')} AS s JOIN (SELECT DISTINCT file, line FROM quarantine "
            f"WHERE canonical_table = {text(table.name)}) AS q ON q.file = s.file AND q.line = s.line"
        )


def note_piles(engine: Engine, table: Table, piles: dict[str, str]) -> None:
    """Note whose the rows of each pile are. ``piles`` are ``FROM`` clauses over the staged rows ``s``. Raises EngineError."""
    if table.name in TOLD_BY:
        day = 'CAST(s."at" AS DATE)' if table.dated else "CAST(NULL AS DATE)"
        queries = (
            f"SELECT {text(pile)} AS pile, s.file, {day} AS at_day, {_told_by(table)}, count(*) AS n, "
            f"sum(s.repaired) AS repaired {rows} GROUP BY ALL"
            for pile, rows in piles.items()
        )
        engine.run(f"CREATE OR REPLACE TABLE {quoted(f'origin_{table.name}')} AS {' UNION ALL '.join(queries)}")


def _told_by(table: Table) -> str:
    return ", ".join(f"{sql} AS {quoted(name)}" for name, sql in TOLD_BY[table.name].items())
