"""Incidents: findings about accesses put together, so that a person reads a story once.

What one user did with one case on one day is one *incident*. It counts the accesses in the pile *flagged* and those in *unexplained* that
lack an assignment (A2); an unknown case (A13) is a fault of the log and no incident. Incidents of a user that are small each by itself -
nothing but A2, A6, A7 or A14 - are one *pattern* when there are at least three of them in the period.

The score is the sum, over the checks that were violated, of the severity's weight times (1 + the base-2 logarithm of the number of cases):
one critical fault weighs as much as two high ones, and twice as many cases add one weight. Rank 1 has the highest score.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa

from auditor.checks.model import Answer, Check, Kind, Of, Severity
from auditor.engine import Engine, quoted, text
from auditor.findings import TableWriter
from auditor.outcomes import Run, State
from auditor.words import N_, _

WEIGHTS = {Severity.CRITICAL: 16, Severity.HIGH: 8, Severity.MEDIUM: 4, Severity.LOW: 1}
#: Checks whose findings are small each by itself, and how many small incidents make a pattern.
SMALL = frozenset({"A2", "A6", "A7", "A14"})
PATTERN_OF = 3
#: At most so many incidents are held in memory for the report; all of them are in incidents.csv.
SHOWN = 300

#: What a violation says of one case, and of several.
FACTS = {
    "A1": (N_("opened a case without an authorisation"), N_("opened {n} cases without an authorisation")),
    "A2": (N_("opened a case without an assignment"), N_("opened {n} cases without an assignment")),
    "A3": (N_("opened a case of another municipality"), N_("opened {n} cases of other municipalities")),
    "A4": (N_("opened a case before its report"), N_("opened {n} cases before their reports")),
    "A5": (N_("opened a case long after it was closed"), N_("opened {n} cases long after they were closed")),
    "A6": (N_("opened a case about the user or the user's family"), N_("opened {n} cases about the user or the user's family")),
    "A7": (
        N_("opened a case about somebody on the staff or their family"),
        N_("opened {n} cases about somebody on the staff or their family"),
    ),
    "A8": (
        N_("opened a case with protected data without clearance"),
        N_("opened {n} cases with protected data without clearance"),
    ),
    "A9": (N_("gave no reason in a case where one is demanded"), N_("gave no reason in {n} cases where one is demanded")),
    "A10": (N_("printed or exported a case without a disclosure"), N_("printed or exported {n} cases without a disclosure")),
    "A11": (N_("opened a case under a shared account"), N_("opened {n} cases under a shared account")),
    "A12": (N_("was at two workstations at once in a case"), N_("was at two workstations at once in {n} cases")),
    "A14": (N_("searched out a case without opening it"), N_("searched out {n} cases without opening them")),
}
ON_DAYS = N_("on {days} days")
NO_DISCLOSURE = N_("no disclosure")
SOME_DISCLOSED = N_("disclosures recorded in {n} of the cases")

SCHEMA = pa.schema(
    [
        ("rank", pa.int64()),
        ("score", pa.float64()),
        ("form", pa.string()),
        ("severity", pa.string()),
        ("user_id", pa.string()),
        ("organisation", pa.string()),
        ("case_id", pa.string()),
        ("first_day", pa.date32()),
        ("last_day", pa.date32()),
        ("days", pa.int64()),
        ("cases", pa.int64()),
        ("events", pa.int64()),
        ("checks", pa.string()),
        ("facts", pa.string()),
    ]
)


@dataclass(frozen=True)
class Incident:
    """An incident (``form`` is ``incident``) or a pattern of several (``pattern``, without a case), with its facts as a plain sentence in
    the language spoken. Ids are as they may be shown."""

    rank: int
    score: float
    form: str
    severity: str
    user_id: str | None
    organisation: str | None
    case_id: str | None
    first_day: date
    last_day: date
    days: int
    cases: int
    events: int
    checks: str
    facts: str


def _told(runs: Iterable[Run]) -> list[Check]:
    return [r.check for r in runs if r.check.of is Of.ACCESS and r.state is State.RUN and r.check.kind is not Kind.QUALITY]


def write_incidents(engine: Engine, runs: Iterable[Run], out: Path) -> tuple[int, list[Incident]]:
    """Write ``incidents.csv``, the most pressing first; returns how many there are, and the first of them."""
    checks = _told(runs)
    _find_incidents(engine, checks)
    engine.run(f"CREATE OR REPLACE TABLE incidents AS {_stories(checks)}")
    with TableWriter(SCHEMA, csv=out / "incidents.csv") as writer:
        writer.write(engine.batches("SELECT * FROM incidents ORDER BY rank"))
    first = engine.rows(f"SELECT * FROM incidents WHERE rank <= {SHOWN} ORDER BY rank")
    return writer.rows, [Incident(*row) for row in first]


def _find_incidents(engine: Engine, checks: list[Check]) -> None:
    """Make ``incident_days``: one row per user, case and day, with a bit for each check that was violated."""
    bits = " | ".join(
        [
            "0",
            *(
                f"CASE WHEN f.{quoted(f'answer_{c.id}')} = {Answer.VIOLATION:d} THEN {1 << n} ELSE 0 END"
                for n, c in enumerate(checks)
            ),
        ]
    )
    large = sum(1 << n for n, check in enumerate(checks) if check.id not in SMALL)
    engine.run(
        f"""CREATE OR REPLACE TABLE incident_days AS
        WITH seen AS (SELECT f.user_id, f.case_id, f.user_shown, f.case_shown, f.organisation, CAST(f."at" AS DATE) AS day, {bits} AS bits
                FROM flagged_access AS f JOIN pile_of_pattern AS p USING (pattern) WHERE p.pile <> 'explained'),
            days AS (SELECT user_id, case_id, user_shown, case_shown, day, min(organisation) AS organisation, count(*) AS events,
                bit_or(bits) AS bits FROM seen WHERE bits <> 0 GROUP BY ALL)
        SELECT *, user_id IS NOT NULL AND bits & {large} = 0
            AND count(*) FILTER (bits & {large} = 0) OVER (PARTITION BY user_id) >= {PATTERN_OF} AS small FROM days"""
    )


def _stories(checks: list[Check]) -> str:
    """SQL: incidents and patterns with their facts, ranked."""
    several: list[str] = []
    facts: list[str] = []
    named: list[str] = []
    score = ["0"]
    worst = []
    for place, check in enumerate(checks):
        n = quoted(f"cases_{check.id}")
        several.append(f"count(DISTINCT coalesce(case_shown, '')) FILTER (bits & {1 << place} <> 0) AS {n}")
        one, many = (_(sentence) for sentence in FACTS[check.id])
        facts.append(
            f"CASE WHEN {n} = 1 THEN {text(one)} WHEN {n} > 1 THEN replace({text(many)}, '{{n}}', CAST({n} AS VARCHAR)) END"
        )
        named.append(f"CASE WHEN {n} > 0 THEN '{check.id}' END")
        score.append(f"CASE WHEN {n} > 0 THEN {WEIGHTS[check.severity]} * (1 + log2({n})) ELSE 0 END")
        worst.append(f"CASE WHEN {n} > 0 THEN {list(Severity).index(check.severity)} END")
    severities = " ".join(f"WHEN {place} THEN '{severity}'" for place, severity in enumerate(Severity))
    on_days = f"CASE WHEN days > 1 THEN ' ' || replace({text(_(ON_DAYS))}, '{{days}}', CAST(days AS VARCHAR)) ELSE '' END"
    handed_on = f"CASE WHEN disclosed = 0 THEN {text(_(NO_DISCLOSURE))} ELSE replace({text(_(SOME_DISCLOSED))}, '{{n}}', CAST(disclosed AS VARCHAR)) END"
    return f"""WITH pairs AS (SELECT DISTINCT user_id, case_id, true AS disclosed FROM disclosures, terms
            WHERE "at" >= period_start AND "at" < period_end AND user_id IS NOT NULL AND case_id IS NOT NULL),
        stories AS (SELECT i.small, i.user_shown, CASE WHEN NOT i.small THEN i.case_shown END AS case_id, min(i.organisation) AS organisation,
                min(i.day) AS first_day, max(i.day) AS last_day, count(DISTINCT i.day) AS days,
                count(DISTINCT coalesce(i.case_shown, '')) AS cases, CAST(sum(i.events) AS BIGINT) AS events,
                count(DISTINCT i.case_shown) FILTER (d.disclosed) AS disclosed, {", ".join(several) or "0 AS none"}
            FROM incident_days AS i LEFT JOIN pairs AS d ON d.user_id = i.user_id AND d.case_id = i.case_id
            GROUP BY i.small, i.user_shown, CASE WHEN NOT i.small THEN i.case_shown END, CASE WHEN NOT i.small THEN i.day END),
        scored AS (SELECT *, round({" + ".join(score)}, 3) AS score, least({", ".join([*worst, "9"])}) AS severity FROM stories)
    SELECT row_number() OVER (ORDER BY score DESC, severity, user_shown, first_day, case_id) AS rank, CAST(score AS DOUBLE) AS score,
        CASE WHEN small THEN 'pattern' ELSE 'incident' END AS form, CASE severity {severities} END AS severity, user_shown AS user_id,
        organisation, case_id, first_day, last_day, days, cases, events, concat_ws(',', {", ".join(named) or "NULL"}) AS checks,
        concat_ws(', ', {", ".join(facts) or "NULL"}) || {on_days} || '; ' || {handed_on} AS facts
    FROM scored"""
