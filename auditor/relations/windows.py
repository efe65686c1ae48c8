"""Matches within a window in time, between accesses and disclosures and among accesses, by equality alone.

Time is cut into buckets as long as the window. Two moments of one bucket are always within it; for a neighbouring bucket it is enough
to know its latest or its earliest moment. So every match is a hash join on (user, case, bucket), however many events share a user,
a case or a moment: no event is ever compared with each of the others.

A match that is missing says nothing when the window reaches outside the other log: from the earlier of the period's start and the log's
first moment, to the later of the period's end and its last. The table ``spans`` tells from and until when it does not.
"""

from __future__ import annotations

from auditor.checks.model import Together
from auditor.relations.reference import term
from auditor.relations.steps import Step

_OPENING = "INTERVAL 30 MINUTE"
_CONCURRENT = "INTERVAL 5 MINUTE"
#: Microseconds from before any year that a log can name to 1970, so that buckets are counted from zero.
_BEFORE_ALL = 62_167_219_200_000_000
_WINDOW = term("export_window")


def _bucket(moment: str, width: str) -> str:
    return f"(epoch_us({moment}) + {_BEFORE_ALL}) // {width}"


def export_bucket(moment: str) -> str:
    """SQL: the bucket of a moment, as long as the agreement's export_window."""
    return _bucket(moment, f"greatest(epoch_us(TIMESTAMP '1970-01-01' + {_WINDOW}), 1)")


def opening_bucket(moment: str) -> str:
    """SQL: the bucket of a moment, half an hour long."""
    return _bucket(moment, str(30 * 60 * 1_000_000))


def _around(name: str, rows: str, asked: str = "") -> Step:
    """Per user, case and bucket, whether anything stands in it (``here``), and until when and from when what stands in its neighbours
    is near; ``rows`` gives user_id, case_id and at. ``asked`` (user_id, case_id, bucket) are the only ones that will be looked up."""
    looked_up = f"SEMI JOIN ({asked}) AS asked USING (user_id, case_id, bucket)" if asked else ""
    return Step(
        name,
        Together.USER,
        f"""SELECT user_id, case_id, bucket, bool_or(shift = 0) AS here,
            max(last) FILTER (shift = 1) + {_WINDOW} AS near_until, min(first) FILTER (shift = -1) - {_WINDOW} AS near_from
        FROM (SELECT user_id, case_id, bucket + shift AS bucket, shift, first, last
            FROM (SELECT *, unnest([-1, 0, 1]) AS shift
                FROM (SELECT user_id, case_id, {export_bucket('"at"')} AS bucket, min("at") AS first, max("at") AS last
                    FROM ({rows}) AS found GROUP BY ALL) AS inside) AS moved) AS beside {looked_up}
        GROUP BY ALL""",
    )


def nearby(row: str, around: str, log: str = "disclosures") -> str:
    """SQL: a row of ``log`` stands within export_window of the row; ``around`` is the joined row of a step of ``_around``."""
    return f"""CASE WHEN {row}.user_id IS NULL OR {row}.case_id IS NULL THEN NULL
        WHEN {around}.here OR {row}."at" <= {around}.near_until OR {row}."at" >= {around}.near_from THEN true
        WHEN {row}."at" < (SELECT {log}_from FROM spans) OR {row}."at" > (SELECT {log}_until FROM spans) THEN NULL
        ELSE false END"""


def opened_after(row: str, opened: str) -> str:
    """SQL: another action than search follows within half an hour, or is the event itself; ``opened`` is the joined row of ``noted_events``."""
    return f"""CASE WHEN {row}.user_id IS NULL OR {row}.case_id IS NULL THEN NULL
        WHEN {row}.action <> 'search' OR {opened}.opened THEN true
        WHEN {row}."at" > (SELECT accesses_opened_until FROM spans) THEN NULL ELSE false END"""


def _ends(log: str) -> str:
    first, last = f'(SELECT min("at") FROM {log})', f'(SELECT max("at") FROM {log})'
    return f"least({term('period_start')}, {first}) AS {log}_first, greatest({term('period_end')}, {last}) AS {log}_last"


_SPANS = Step(
    "spans",
    Together.ALL,
    f"""SELECT disclosures_first + {_WINDOW} AS disclosures_from, disclosures_last - {_WINDOW} AS disclosures_until,
        accesses_first + {_WINDOW} AS accesses_from, accesses_last - {_WINDOW} AS accesses_until,
        accesses_last - {_OPENING} AS accesses_opened_until
    FROM (SELECT {_ends("disclosures")}, {_ends("accesses")})""",
)

_DISCLOSED = _around(
    "disclosed_around",
    """SELECT u.user_id, c.case_id, d."at" FROM disclosures AS d
        JOIN log_users AS u ON u.user_id = d.user_id JOIN log_cases AS c ON c.case_id = d.case_id""",
)

#: The events that are searches or may be: only these are asked what followed (check A14).
_SEARCHES = Step(
    "searches",
    Together.USER,
    f"""SELECT a.number, a.user_id, a.case_id, a."at", {opening_bucket('a."at"')} AS bucket
    FROM audited_access AS a JOIN (SELECT DISTINCT user_id, case_id FROM audited_access
        WHERE coalesce(action = 'search', true) AND user_id IS NOT NULL AND case_id IS NOT NULL) AS s ON s.user_id = a.user_id AND s.case_id = a.case_id
    WHERE coalesce(a.action = 'search', true)""",
)

#: Those of them that another action follows, in the half hour's bucket or in the next.
_OPENED = Step(
    "opened",
    Together.USER,
    f"""WITH places AS (SELECT user_id, case_id, bucket FROM searches UNION SELECT user_id, case_id, bucket + 1 FROM searches),
        others AS (SELECT p.user_id, p.case_id, p.bucket, min(a."at") AS first, max(a."at") AS last
            FROM accesses AS a JOIN places AS p
                ON p.user_id = a.user_id AND p.case_id = a.case_id AND p.bucket = {opening_bucket('a."at"')}
            WHERE a.action <> 'search' GROUP BY ALL)
    SELECT s.number FROM searches AS s
    LEFT JOIN others AS h ON h.user_id = s.user_id AND h.case_id = s.case_id AND h.bucket = s.bucket
    LEFT JOIN others AS n ON n.user_id = s.user_id AND n.case_id = s.case_id AND n.bucket = s.bucket + 1
    WHERE h.last >= s."at" OR n.first <= s."at" + {_OPENING}""",
)

#: The audited events that have one of the same user on another workstation within five minutes. Where the smallest and the greatest name of a
#: workstation in the window are one, there is no other.
_ELSEWHERE = Step(
    "elsewhere",
    Together.USER,
    f"""WITH several AS (SELECT user_id FROM accesses WHERE user_id IS NOT NULL AND workstation IS NOT NULL
            GROUP BY user_id HAVING min(workstation) <> max(workstation)),
        seen AS (SELECT a.rowid AS number, a."at", min(a.workstation) OVER near <> max(a.workstation) OVER near AS elsewhere
            FROM accesses AS a JOIN several AS s ON s.user_id = a.user_id WHERE a.workstation IS NOT NULL
            WINDOW near AS (PARTITION BY a.user_id ORDER BY a."at" RANGE BETWEEN {_CONCURRENT} PRECEDING AND {_CONCURRENT} FOLLOWING))
    SELECT number FROM seen WHERE elsewhere AND "at" >= {term("period_start")} AND "at" < {term("period_end")}""",
)

#: Both of them, so that an event is looked up once.
_NOTED = Step(
    "noted_events",
    Together.USER,
    """SELECT number, bool_or(opened) AS opened, bool_or(NOT opened) AS elsewhere
    FROM (SELECT number, true AS opened FROM opened UNION ALL SELECT number, false FROM elsewhere) GROUP BY number""",
)

_ASKED = f"""SELECT u.user_id, c.case_id, {export_bucket('d."at"')} AS bucket FROM disclosures AS d
    JOIN log_users AS u ON u.user_id = d.user_id JOIN log_cases AS c ON c.case_id = d.case_id
    WHERE coalesce(d.sender = {term("entry_point")}, true)"""

#: The access log as the disclosures see it that are the entry point's, or may be (check L5).
_ACCESSED = _around(
    "accessed_around",
    f"""SELECT a.user_id, a.case_id, a."at" FROM accesses AS a
        JOIN (SELECT DISTINCT user_id, case_id FROM ({_ASKED})) AS p ON p.user_id = a.user_id AND p.case_id = a.case_id""",
    _ASKED,
)

WINDOW_STEPS = (_SPANS, _DISCLOSED, _SEARCHES, _OPENED, _ELSEWHERE, _NOTED, _ACCESSED)
