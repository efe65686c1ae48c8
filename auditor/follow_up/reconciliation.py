"""The access log and the log of disclosures held against each other, day by day, and the access log's own hours.

One row a log, source and day of the audit period: rows audited, accesses to unknown cases (A13), prints and exports without a disclosure
(A10), disclosures without a trace in the access log (L5). A number is empty where its check was not run or asks of the other log.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa

from auditor.checks.model import Answer
from auditor.engine import Engine
from auditor.findings import TableWriter
from auditor.outcomes import Run, State

_ROWS = 1_000
_SOURCES = 12
_MARKS = 500

SCHEMA = pa.schema(
    [
        ("log", pa.string()),
        ("source", pa.string()),
        ("day", pa.date32()),
        ("rows", pa.int64()),
        ("unknown_cases", pa.int64()),
        ("exports_without_disclosure", pa.int64()),
        ("disclosures_without_access", pa.int64()),
    ]
)


@dataclass(frozen=True)
class DayOfSource:
    """A row of the reconciliation; None where the question was not asked. ``source`` is empty for events without one."""

    log: str
    source: str
    day: date
    rows: int
    unknown_cases: int | None
    exports_without_disclosure: int | None
    disclosures_without_access: int | None


@dataclass(frozen=True)
class SourceHours:
    """A source of the access log in the audit period: events by hour, times of silence (L3) with their ends, and missing running numbers
    (L2) with the time of the event before them; the longest gaps only."""

    name: str
    events: int
    hours: dict[datetime, int]
    silences: tuple[tuple[datetime, datetime], ...]
    missing_numbers: tuple[tuple[int, int, datetime | None], ...]


def write_reconciliation(engine: Engine, runs: Iterable[Run], out: Path) -> list[DayOfSource]:
    """Write ``reconciliation.csv``; returns its first rows, those with something to reconcile first."""
    ran = {run.check.id for run in runs if run.state is State.RUN}

    def violations(check: str, flagged: str) -> str:
        return f"count(*) FILTER ({flagged}.answer_{check} = {Answer.VIOLATION:d})" if check in ran else "NULL"

    sql = f"""WITH days AS (SELECT source, CAST(hour AS DATE) AS day, sum(events) AS rows FROM source_hours, terms
            WHERE hour >= period_start AND hour < period_end GROUP BY ALL),
        found AS (SELECT CAST(source AS VARCHAR) AS source, CAST("at" AS DATE) AS day, {violations("A13", "f")} AS unknown_cases,
            {violations("A10", "f")} AS exports FROM flagged_access AS f GROUP BY ALL),
        handed AS (SELECT CAST("at" AS DATE) AS day, count(*) AS rows FROM own_disclosures, terms
            WHERE "at" >= period_start AND "at" < period_end GROUP BY ALL),
        lost AS (SELECT CAST("at" AS DATE) AS day, {violations("L5", "f")} AS without_access FROM flagged_disclosure AS f GROUP BY ALL)
    SELECT 'accesses' AS log, coalesce(m.shown, CAST(d.source AS VARCHAR), '') AS source, d.day, CAST(d.rows AS BIGINT) AS rows,
        CAST({"coalesce(f.unknown_cases, 0)" if "A13" in ran else "NULL"} AS BIGINT) AS unknown_cases,
        CAST({"coalesce(f.exports, 0)" if "A10" in ran else "NULL"} AS BIGINT) AS exports_without_disclosure,
        CAST(NULL AS BIGINT) AS disclosures_without_access
    FROM days AS d LEFT JOIN found AS f ON coalesce(f.source, '') = coalesce(d.source, '') AND f.day = d.day
    LEFT JOIN masked_ids AS m ON m.kind = 'source' AND m.id = d.source
    UNION ALL SELECT 'disclosures', '', h.day, CAST(h.rows AS BIGINT), NULL, NULL,
        CAST({"coalesce(l.without_access, 0)" if "L5" in ran else "NULL"} AS BIGINT)
    FROM handed AS h LEFT JOIN lost AS l ON l.day = h.day"""
    engine.run(f"CREATE OR REPLACE TABLE reconciliation AS {sql}")
    with TableWriter(SCHEMA, csv=out / "reconciliation.csv") as writer:
        writer.write(engine.batches("SELECT * FROM reconciliation ORDER BY log, source, day"))
    return [DayOfSource(*row) for row in engine.rows(f"SELECT * FROM reconciliation ORDER BY log, source, day LIMIT {_ROWS}")]


def hours_of_sources(engine: Engine) -> list[SourceHours]:
    """The hours of the sources that wrote most, most first."""
    engine.run(
        f"""CREATE OR REPLACE TEMP TABLE dated_gaps AS
        WITH longest AS (SELECT * FROM missing_numbers QUALIFY row_number() OVER (PARTITION BY source ORDER BY last - first DESC, first) <= {_MARKS})
        SELECT g.source, g.first, g.last, max(a."at") AS after FROM longest AS g
        LEFT JOIN own_accesses AS a ON a.sequence = g.first - 1 AND coalesce(CAST(a.source AS VARCHAR), '') = coalesce(g.source, '')
        GROUP BY ALL"""
    )
    sources = engine.rows(
        f"""SELECT s.source, coalesce(m.shown, CAST(s.source AS VARCHAR), '') AS shown, sum(s.events) FILTER (s.hour >= t.period_start AND s.hour < t.period_end)
        FROM source_hours AS s CROSS JOIN terms AS t LEFT JOIN masked_ids AS m ON m.kind = 'source' AND m.id = s.source
        GROUP BY ALL ORDER BY 3 DESC NULLS LAST, 2 LIMIT {_SOURCES}"""
    )
    found = []
    for source, shown, events in sources:
        hours = engine.rows(
            """SELECT date_trunc('hour', hour) AS begun, sum(events) FROM source_hours, terms
            WHERE source IS NOT DISTINCT FROM ? AND hour >= period_start AND hour < period_end GROUP BY 1 ORDER BY 1""",
            [source],
        )
        silent = engine.rows(
            f"SELECT first, last FROM silences WHERE source IS NOT DISTINCT FROM ? ORDER BY first LIMIT {_MARKS}", [source]
        )
        missing = engine.rows(
            "SELECT first, last, after FROM dated_gaps WHERE source IS NOT DISTINCT FROM ? ORDER BY first",
            [source],
        )
        counts = {begun: int(n) for begun, n in hours}
        found.append(SourceHours(shown, int(events or 0), counts, tuple(silent), tuple(missing)))
    return found
