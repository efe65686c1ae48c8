"""Findings about the access log as a whole, told from its events: numbers used twice (L1), missing numbers (L2), silence (L3).

Tables made here (``note_events``): ``reused_events`` (event_id, rows), ``source_hours`` (source, hour, events, first_at, last_at, of all
rows of the log; ``alike_accesses`` are the traces that more than one row had when the log was taken in), ``missing_numbers`` (source, first, last, of running numbers) and ``silences`` (source, first, last, moments).
``source`` is NULL for events without one; they form one unnamed source.
"""

from __future__ import annotations

from datetime import date

from auditor.checks.model import Check, Of, Together
from auditor.engine import Engine, text
from auditor.relations.reference import term
from auditor.relations.steps import Step, run_steps

EVENT_CHECKS = frozenset({"L1", "L2", "L3"})

_REUSED = Step(
    "reused_events",
    Together.ALL,
    """SELECT event_id, count(*) AS rows FROM accesses WHERE hash(event_id) IN (SELECT trace FROM alike_accesses)
    GROUP BY event_id HAVING count(*) > 1""",
)

#: Per source and hour, which is never longer than a silence that the agreement allows (or the moment, where it allows none).
_HOURS = Step(
    "source_hours",
    Together.SOURCE,
    f"""SELECT CAST(source AS VARCHAR) AS source, hour, events, first_at, last_at FROM (
        SELECT a.source, CASE WHEN coalesce(s.silence, {term("default_silence")}) > INTERVAL 0 SECOND THEN date_trunc('hour', a."at") ELSE a."at" END AS hour,
        count(*) AS events, min(a."at") AS first_at, max(a."at") AS last_at
    FROM accesses AS a LEFT JOIN max_silence AS s ON s.source = a.source
    GROUP BY ALL)""",
)

#: Numbers lie in blocks of 32. Of a block where all are there only the ends matter, so that a whole log of any length is told fast.
_NUMBERS = Step(
    "missing_numbers",
    Together.SOURCE,
    """WITH logged AS (SELECT source, sequence // 32 AS block, bit_or(1::BIGINT << CAST(abs(sequence % 32) AS INTEGER)) AS bits, sequence < 0 AS negative
            FROM accesses WHERE sequence IS NOT NULL GROUP BY ALL),
        known AS (SELECT CAST(source AS VARCHAR) AS source, block, negative, bits FROM logged
            UNION ALL SELECT source, sequence // 32, sequence < 0, 1::BIGINT << CAST(abs(sequence % 32) AS INTEGER) FROM unreadable_sequences),
        blocks AS (SELECT source, block, negative, bit_or(bits) AS bits FROM known GROUP BY ALL),
        runs AS (SELECT source, block * 32 AS first, block * 32 + 31 AS last FROM blocks WHERE bits = 4294967295 AND NOT negative
            UNION ALL SELECT source, number AS first, number AS last
                FROM (SELECT source, negative, bits, block, unnest(range(32)) AS place,
                        block * 32 + CASE WHEN negative THEN -place ELSE place END AS number
                    FROM blocks WHERE bits <> 4294967295 OR negative)
                WHERE bits & (1::BIGINT << CAST(place AS INTEGER)) <> 0),
        neighbours AS (SELECT source, last, lead(first) OVER (PARTITION BY source ORDER BY first) AS following FROM runs)
    SELECT source, last + 1 AS first, following - 1 AS last FROM neighbours WHERE following - last > 1""",
)

#: Between neighbours in time, from the start of the period to the first event and from the last to its end; a source without any
#: event in the period is silent for the whole of it.
_SILENCES = Step(
    "silences",
    Together.SOURCE,
    f"""WITH inside AS (SELECT source, first_at, last_at FROM source_hours
            WHERE hour >= {term("period_start")} AND hour < {term("period_end")}),
        edges AS (SELECT source, first_at, last_at, 1 AS inside FROM inside
            UNION ALL SELECT DISTINCT source, {term("period_start")}, {term("period_start")}, 0 FROM source_hours
            UNION ALL SELECT DISTINCT source, {term("period_end")}, {term("period_end")}, 0 FROM source_hours),
        gaps AS (SELECT source, last_at AS first, lead(first_at) OVER (PARTITION BY source ORDER BY first_at, last_at) AS last,
            sum(inside) OVER (PARTITION BY source) = 0 AS mute FROM edges)
    SELECT g.source, g.first, g.last FROM gaps AS g LEFT JOIN max_silence AS s ON s.source = g.source
    WHERE g.last - g.first > coalesce(s.silence, {term("default_silence")}) OR (g.mute AND g.last IS NOT NULL)""",
)

EVENT_STEPS = (_REUSED, _HOURS, _NUMBERS, _SILENCES)


def note_events(engine: Engine) -> None:
    """Make the tables of this module. Raises EngineError."""
    run_steps(engine, EVENT_STEPS)


def keep_own_events(engine: Engine) -> None:
    """Let the tables of this module tell of the audited controller's own events alone, after the whole log was looked at.

    Gaps and silences are those of the whole log, for no row of anybody's stands in them, but only of sources that the controller's own
    events name. Where a silence meets another's event, it is told to the whole hour. ``rows`` of a number used twice are the
    controller's own. ``accesses`` keeps every row, for the answers to look things up in. Raises EngineError.
    """
    reused = "SELECT event_id, count(*) AS rows FROM own_accesses WHERE event_id IN (SELECT event_id FROM reused_events) GROUP BY event_id"
    engine.run(f"CREATE OR REPLACE TABLE reused_events AS {reused}")
    hours = """SELECT CAST(source AS VARCHAR) AS source, date_trunc('hour', "at") AS hour, count(*) AS events, min("at") AS first_at,
        max("at") AS last_at FROM own_accesses GROUP BY ALL"""
    engine.run(f"CREATE OR REPLACE TABLE source_hours AS {hours}")
    named = "coalesce(g.source, '') IN (SELECT coalesce(source, '') FROM source_hours)"
    engine.run(f"CREATE OR REPLACE TABLE missing_numbers AS SELECT g.* FROM missing_numbers AS g WHERE {named}")
    known = f"""SELECT coalesce(CAST(source AS VARCHAR), '') AS source, "at" AS moment FROM own_accesses
        UNION SELECT DISTINCT coalesce(source, ''), unnest([{term("period_start")}, {term("period_end")}]) FROM source_hours"""
    engine.run(
        f"""CREATE OR REPLACE TABLE silences AS WITH known AS ({known})
        SELECT DISTINCT g.source, CASE WHEN b.moment IS NULL THEN date_trunc('hour', g.first) ELSE g.first END AS first,
            CASE WHEN e.moment IS NULL THEN date_trunc('hour', g.last) + INTERVAL 1 HOUR ELSE g.last END AS last
        FROM silences AS g LEFT JOIN known AS b ON b.source = coalesce(g.source, '') AND b.moment = g.first
        LEFT JOIN known AS e ON e.source = coalesce(g.source, '') AND e.moment = g.last WHERE {named}"""
    )


def _moment(name: str) -> str:
    whole = f"strftime({name}, '%Y-%m-%dT%H:%M:%S')"
    return f"CASE WHEN microsecond({name}) % 1000000 = 0 THEN {whole} ELSE strftime({name}, '%Y-%m-%dT%H:%M:%S.%f') END"


_SHOWN = "coalesce(m.shown, CAST(f.source AS VARCHAR), '')"
_MASKED = "LEFT JOIN masked_ids AS m ON m.kind = 'source' AND m.id = f.source"
#: Of each check: the rows, what is called the entity, when it is, and the evidence.
_FOUND = {
    "L1": (
        "reused_events AS f LEFT JOIN masked_ids AS m ON m.kind = 'event' AND m.id = f.event_id",
        "coalesce(m.shown, f.event_id)",
        "NULL",
        "struct_pack(rows := f.rows)",
    ),
    "L2": (
        f"missing_numbers AS f {_MASKED}",
        f"{_SHOWN} || ':' || f.first || '-' || f.last",
        "NULL",
        f"struct_pack(source := {_SHOWN}, first_missing := f.first, last_missing := f.last, missing := f.last - f.first + 1)",
    ),
    "L3": (
        f"silences AS f {_MASKED}",
        f"{_SHOWN} || ':' || {_moment('f.first')} || '-' || {_moment('f.last')}",
        "f.first",
        f"struct_pack(source := {_SHOWN}, silent_from := {_moment('f.first')}, silent_to := {_moment('f.last')}, "
        "hours := round(epoch(f.last - f.first) / 3600, 1))",
    ),
}


def event_finding_query(check: Check, last_day: date) -> str:
    """SQL for the findings of L1, L2 or L3, columns as FINDING_SCHEMA, in the order of what they are about."""
    rows, entity, moment, evidence = _FOUND[check.id]
    return f"""SELECT {text(check.id)} AS "check", {text(check.name)} AS name, '{check.kind}' AS kind, '{check.severity}' AS severity,
        'violation' AS answer, '{Of.LOG}' AS entity_type, {entity} AS entity, NULL AS case_id, CAST({moment} AS TIMESTAMP) AS "at",
        NULL AS user_id, NULL AS organisation, NULL AS controller, CAST(to_json({evidence}) AS VARCHAR) AS evidence, NULL AS missing,
        {text(check.law_on(last_day))} AS law,
        left(sha256(concat_ws('|', {text(check.id)}, '{Of.LOG}', entity, '')), 32) AS fingerprint
    FROM {rows} ORDER BY entity"""


def passed_events(engine: Engine, check: Check) -> int:
    """Of L1, how many event numbers stand on one row; of L2 and L3, how many sources have nothing missing."""
    if check.id == "L1":
        return int(engine.value("SELECT (SELECT count(*) FROM own_accesses) - coalesce(sum(rows), 0) FROM reused_events"))
    found = {"L2": "missing_numbers", "L3": "silences"}[check.id]
    return int(
        engine.value(
            "SELECT count(*) FROM (SELECT DISTINCT coalesce(source, '') AS source FROM source_hours) "
            f"WHERE source NOT IN (SELECT coalesce(source, '') FROM {found})"
        )
    )
