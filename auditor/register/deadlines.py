"""What must be done by when: the time limits of law that run from findings and decisions."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta

from auditor.register.decisions import STANDINGS
from auditor.register.store import Register

#: To notify the supervisory authority after becoming aware of a personal data breach: GDPR art. 33.1.
NOTIFICATION = timedelta(hours=72)
#: To tell a reporter who asked what became of the report, from the decision: SoL 2025:400, 19 kap. 6 §.
FEEDBACK = timedelta(days=7)
#: The last minute of a day: a limit that is a day lasts until then.
END_OF_DAY = timedelta(hours=23, minutes=59)
#: Checks whose findings stand at a time limit of their own: the assessment's 14 days (SoL 2025:400, 20 kap. 2 §) and the
#: feedback's week (19 kap. 6 §).
LIMITS = {"P8": "SoL 20:2", "P9": "SoL 19:6"}


@dataclass(frozen=True)
class Due:
    """Something that is due. ``at`` is local time; ``left`` is negative when it is past."""

    fingerprint: str
    check: str
    entity: str
    case_id: str
    law: str
    at: datetime
    left: timedelta


#: SQL: breaches that stand so (:on), and findings past a limit of their own; of a case, only what the latest month that put the
#: check still has. What may be due is gathered first, so that few of the register's findings are asked how they stand.
_CANDIDATES = f"""
WITH own AS MATERIALIZED (SELECT * FROM months WHERE :controller IS NULL OR controller = :controller),
    asked AS (SELECT month, column1 AS check_id, rank() OVER (PARTITION BY column1, controller ORDER BY last DESC) AS age
        FROM own JOIN (VALUES {", ".join(f"('{check}')" for check in LIMITS)})
        WHERE NOT EXISTS (SELECT 1 FROM not_run AS n WHERE n.month = own.month AND n.check_id = column1)),
    latest AS MATERIALIZED (SELECT month, check_id FROM asked WHERE age = 1),
    candidates AS MATERIALIZED (
        SELECT DISTINCT d.finding, 1 AS breach FROM decisions AS d WHERE d.kind = 'confirmed-breach' AND (
            EXISTS (SELECT 1 FROM sightings AS g WHERE g.finding = d.finding AND g.month IN (SELECT month FROM own))
            OR EXISTS (SELECT 1 FROM withdrawn AS w WHERE w.finding = d.finding AND w.month IN (SELECT month FROM own)))
        UNION ALL
        SELECT DISTINCT g.finding, 0 FROM latest AS l CROSS JOIN sightings AS g ON g.month = l.month
            CROSS JOIN findings AS f ON f.finding = g.finding
        WHERE f.check_id = l.check_id AND f.entity_type = 'case' AND g.answer = 'violation'
        UNION ALL
        SELECT f.finding, 0 FROM findings AS f WHERE f.check_id IN {tuple(LIMITS)!r} AND f.entity_type <> 'case'
            AND EXISTS (SELECT 1 FROM sightings AS g WHERE g.finding = f.finding AND g.answer = 'violation'
                AND g.month IN (SELECT month FROM own)))
SELECT f.fingerprint, f.check_id, f.entity, f.case_id, f.at, f.evidence, c.breach, d.aware_at
FROM candidates AS c JOIN findings AS f USING (finding) JOIN ({STANDINGS}) AS s USING (finding)
    LEFT JOIN decisions AS d ON d.decision = s.decision
WHERE (c.breach AND s.standing = 'confirmed-breach')
    OR (NOT c.breach AND f.at IS NOT NULL AND s.standing IN ('open', 'reopened'))
"""


def due(register: Register, now: datetime, controller: str | None = None) -> list[Due]:
    """What is due and not yet done, most pressing first: confirmed breaches not reported, and limits of law that were passed
    in findings that nobody has decided about (of a case only while the latest month that put the check still has it).

    ``now`` is local time; ``controller`` leaves all but its own months' findings out ('' is the months where all were audited).
    """
    rows = register.rows(_CANDIDATES, {"on": now.date().isoformat(), "controller": controller})
    found = []
    for row in rows:
        breach = bool(row["breach"])
        at = datetime.fromisoformat(row["aware_at"]) + NOTIFICATION if breach else _limit(row)
        law = "GDPR art. 33.1" if breach else LIMITS[row["check_id"]]
        found.append(Due(row["fingerprint"], row["check_id"], row["entity"], row["case_id"] or "", law, at, at - now))
    return sorted(found, key=lambda one: (one.at, one.fingerprint))


def _limit(row: sqlite3.Row) -> datetime:
    """When the limit of a finding ended: an assessment's at the end of its due day, feedback's a week after the request and
    the decision. Where the finding does not show these, its own time is named."""
    at = datetime.fromisoformat(row["at"])
    if row["check_id"] == "P8":
        return at + END_OF_DAY
    evidence = json.loads(row["evidence"])
    known = [evidence.get(name) for name in ("requested_at", "decided_at")]
    return max(datetime.fromisoformat(time) for time in known if time) + FEEDBACK if all(known) else at
