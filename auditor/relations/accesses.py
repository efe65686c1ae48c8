"""The prepared relation of accesses: the audited events of the access log, each joined with its case, authorisations and assignment.

Whatever is asked of a user, a case or a pair of them is worked out once for each of those that stand in the log, and joined by
equality; of the ten million events themselves nothing is copied. Windows in time are in ``auditor.relations.windows``.
"""

from __future__ import annotations

from auditor.checks.model import Together
from auditor.relations.cases import home_at
from auditor.relations.controllers import own
from auditor.relations.reference import all_terms, full_form, term
from auditor.relations.steps import Step, merged_intervals
from auditor.relations.windows import WINDOW_STEPS, export_bucket, nearby, opened_after


def three_valued_or(values: str) -> str:
    """SQL: OR over a group in three-valued logic; false for none."""
    return f"CASE WHEN bool_or({values}) THEN true WHEN count(*) > count({values}) THEN NULL ELSE false END"


_AUDITED = Step(
    "audited_access",
    Together.ROW,
    f"""SELECT a.number, a.event_id, a."at", CAST(a."at" AS DATE) AS day, a.user_id, a.case_id, a.action, a.reason, a.workstation, a.source, {full_form("a")} AS full_form
    FROM own_accesses AS a WHERE a."at" >= {term("period_start")} AND a."at" < {term("period_end")}""",
    view=True,
)

#: Everyone in the log. ``staff_unreadable``: a row of staff that could not be read may be theirs; likewise of assignments.
_USERS = Step(
    "log_users",
    Together.USER,
    """SELECT a.user_id, coalesce(m.shown, CAST(a.user_id AS VARCHAR)) AS user_shown, s.user_id IS NOT NULL AS service_account,
        u.user_id IS NOT NULL OR (SELECT count(*) FROM unreadable_staff WHERE user_id IS NULL) > 0 AS staff_unreadable,
        w.user_id IS NOT NULL AS assignment_unreadable
    FROM (SELECT DISTINCT user_id FROM accesses WHERE user_id IS NOT NULL) AS a
    LEFT JOIN service_accounts AS s ON s.user_id = a.user_id
    LEFT JOIN (SELECT DISTINCT user_id FROM unreadable_staff) AS u ON u.user_id = a.user_id
    LEFT JOIN (SELECT DISTINCT user_id FROM unreadable_assignments WHERE case_id IS NULL) AS w ON w.user_id = a.user_id
    LEFT JOIN masked_ids AS m ON m.kind = 'user' AND m.id = a.user_id""",
)

#: Who is concerned by a case, and who on the staff is one of them.
_FAMILY = Step(
    "family",
    Together.CASE,
    """SELECT case_id, person_id FROM cases WHERE person_id IS NOT NULL
    UNION SELECT case_id, unnest(related_person_ids) AS person_id FROM cases WHERE related_person_ids IS NOT NULL""",
)
_COLLEAGUES = Step(
    "colleagues",
    Together.ALL,
    """SELECT f.case_id, min(s.user_id) AS first, max(s.user_id) AS last
    FROM family AS f JOIN (SELECT DISTINCT person_id, user_id FROM staff WHERE person_id IS NOT NULL) AS s ON s.person_id = f.person_id
    GROUP BY f.case_id""",
)

#: Every case in the log, known or not.
_CASES = Step(
    "log_cases",
    Together.CASE,
    """SELECT a.case_id, coalesce(m.shown, CAST(a.case_id AS VARCHAR)) AS case_shown,
        CASE WHEN c.case_id IS NOT NULL THEN true
            WHEN u.case_id IS NOT NULL OR (SELECT count(*) FROM unreadable_cases WHERE case_id IS NULL) > 0 THEN NULL ELSE false END AS case_known,
        c.reported_at, c.closed_at, c.protection, c.has_residences, c.home_column, c.home_municipality_at_report,
        CASE WHEN p.person_id IS NOT NULL THEN true END AS person_id, k.first AS colleague_first, k.last AS colleague_last,
        w.case_id IS NOT NULL AS assignment_unreadable
    FROM (SELECT DISTINCT case_id FROM accesses WHERE case_id IS NOT NULL) AS a
    LEFT JOIN case_facts AS c ON c.case_id = a.case_id
    LEFT JOIN cases AS p ON p.case_id = a.case_id
    LEFT JOIN (SELECT DISTINCT case_id FROM unreadable_cases) AS u ON u.case_id = a.case_id
    LEFT JOIN (SELECT DISTINCT case_id FROM unreadable_assignments WHERE user_id IS NULL) AS w ON w.case_id = a.case_id
    LEFT JOIN colleagues AS k ON k.case_id = a.case_id
    LEFT JOIN masked_ids AS m ON m.kind = 'case' AND m.id = a.case_id""",
)
_RESIDENCES = Step(
    "log_residences",
    Together.CASE,
    "SELECT c.case_id, r.first, r.last, r.municipality FROM residence_days AS r JOIN log_cases AS c ON c.case_id = r.case_id",
)

_STAFF = Step(
    "staff_rows",
    Together.USER,
    """SELECT DISTINCT u.user_id, s.person_id, s.organisation, s.valid_from, coalesce(s.valid_to, DATE '9999-12-31') AS valid_to,
        coalesce(s.shared, false) AS shared, coalesce(s.protected_access, false) AS protected_access,
        coalesce(lower(s.role) IN (SELECT role FROM supervising_roles), false) AS supervising,
        CASE WHEN d.unit IS NOT NULL THEN true
            WHEN s.organisation IS NULL AND s.unit IS NULL THEN CASE WHEN (SELECT count(*) FROM duty_units) = 0 THEN false END
            WHEN s.organisation IS NULL THEN CASE WHEN s.unit NOT IN (SELECT unit FROM duty_units) THEN false END
            WHEN s.unit IS NULL THEN CASE WHEN s.organisation NOT IN (SELECT organisation FROM duty_units) THEN false END
            ELSE false END AS on_duty
    FROM staff AS s JOIN log_users AS u ON u.user_id = s.user_id
    LEFT JOIN duty_units AS d ON d.organisation = s.organisation AND d.unit = s.unit
    WHERE s.valid_from <= coalesce(s.valid_to, DATE '9999-12-31')""",
)

_EDGES = """SELECT user_id, valid_from AS edge FROM staff_rows
    UNION SELECT user_id, valid_to + 1 FROM staff_rows WHERE valid_to < DATE '9999-12-31'"""

#: A user's days, cut so that the same authorisations cover all days of a piece: what some of them says, joined by OR.
_USER_DAYS = Step(
    "authorised_days",
    Together.USER,
    f"""WITH pieces AS (
        SELECT user_id, edge AS first, coalesce(lead(edge) OVER (PARTITION BY user_id ORDER BY edge) - 1, DATE '9999-12-31') AS last
        FROM ({_EDGES}))
    SELECT p.user_id, p.first, p.last, min(s.organisation) AS organisation, count(DISTINCT s.organisation) > 1 AS several,
        as_codes(list_sort(coalesce(list(DISTINCT s.organisation) FILTER (s.organisation IS NOT NULL), []))) AS organisations,
        bool_or(s.organisation IS NULL) AS organisation_missing, bool_or(s.person_id IS NULL) AS person_missing,
        coalesce(bool_or(s.organisation = {term("entry_point")}), false) AS of_entry_point, {three_valued_or("s.on_duty")} AS on_duty,
        bool_or(s.shared) AS shared, bool_or(s.protected_access) AS protected_access, bool_or(s.supervising) AS supervising
    FROM pieces AS p JOIN staff_rows AS s ON s.user_id = p.user_id AND s.valid_from <= p.first AND p.first <= s.valid_to
    GROUP BY p.user_id, p.first, p.last""",
)

#: All days of everyone in the log, with what is known of the user and of the authorisations of those days, if there are any.
_ALL_DAYS = Step(
    "log_user_days",
    Together.USER,
    """WITH edges AS (SELECT user_id, DATE '0001-01-01' AS edge FROM log_users UNION SELECT user_id, first FROM authorised_days
            UNION SELECT user_id, last + 1 FROM authorised_days WHERE last < DATE '9999-12-31'),
        pieces AS (SELECT user_id, edge AS first, coalesce(lead(edge) OVER (PARTITION BY user_id ORDER BY edge) - 1, DATE '9999-12-31') AS last
            FROM edges)
    SELECT p.user_id, p.first, p.last, u.* EXCLUDE (user_id), s.user_id IS NOT NULL AS authorised, s.* EXCLUDE (user_id, first, last)
    FROM pieces AS p JOIN log_users AS u ON u.user_id = p.user_id
    LEFT JOIN authorised_days AS s ON s.user_id = p.user_id AND s.first = p.first""",
)

_ASSIGNED = merged_intervals(
    "assigned_days",
    Together.CASE,
    ("user_id", "case_id"),
    f"""SELECT u.user_id, c.case_id, s.valid_from AS first,
        coalesce(s.valid_to + {term("closing_grace")}, TIMESTAMP '9999-12-31') AS last
    FROM assignments AS s JOIN log_users AS u ON u.user_id = s.user_id JOIN log_cases AS c ON c.case_id = s.case_id""",
)
_RELATIVES = merged_intervals(
    "own_days",
    Together.ALL,
    ("user_id", "case_id"),
    """SELECT s.user_id, c.case_id, s.valid_from AS first, s.valid_to AS last
    FROM staff_rows AS s JOIN family AS f ON f.person_id = s.person_id JOIN log_cases AS c ON c.case_id = f.case_id""",
)

#: Narrow tables are joined first: every join makes anew what stands in a row so far.
_JOINED = f"""SELECT a.*, coalesce(m.shown, a.event_id) AS event_shown, c.case_shown, CASE WHEN a.case_id IS NULL THEN NOT a.full_form ELSE c.case_known END AS case_known,
        {home_at("a.day", "c", "r")} AS home_municipality, c.home_municipality_at_report,
        {own("c.home_municipality_at_report")} AS case_own, c.reported_at, c.closed_at, c.protection, c.person_id, u.user_shown, u.service_account,
        CASE WHEN u.authorised THEN true WHEN u.staff_unreadable THEN NULL ELSE false END AS authorised,
        u.organisation, u.several, u.organisations, u.organisation_missing, u.of_entry_point, u.on_duty, u.shared AS shared_account,
        u.protected_access, u.supervising,
        CASE WHEN w.user_id IS NOT NULL THEN true
            WHEN a.user_id IS NULL OR a.case_id IS NULL OR u.assignment_unreadable OR c.assignment_unreadable OR x.user_id IS NOT NULL
                OR (SELECT count(*) FROM unreadable_assignments WHERE user_id IS NULL AND case_id IS NULL) > 0 THEN NULL
            ELSE false END AS assigned,
        CASE WHEN u.authorised IS NOT TRUE THEN NULL WHEN o.user_id IS NOT NULL THEN true
            WHEN u.person_missing OR c.person_id IS NULL THEN NULL ELSE false END AS own_record,
        CASE WHEN c.colleague_first IS NULL THEN false ELSE c.colleague_first <> a.user_id OR c.colleague_last <> a.user_id END
            AS colleague_record,
        {nearby("a", "d")} AS disclosed_nearby, coalesce(n.elsewhere, false) AS elsewhere_nearby, {opened_after("a", "n")} AS opened_after
    FROM audited_access AS a
    LEFT JOIN noted_events AS n ON n.number = a.number
    LEFT JOIN (SELECT DISTINCT user_id, case_id FROM unreadable_assignments) AS x ON x.user_id = a.user_id AND x.case_id = a.case_id
    LEFT JOIN own_days AS o ON o.user_id = a.user_id AND o.case_id = a.case_id AND a.day BETWEEN o.first AND o.last
    LEFT JOIN assigned_days AS w ON w.user_id = a.user_id AND w.case_id = a.case_id AND a."at" BETWEEN w.first AND w.last
    LEFT JOIN disclosed_around AS d ON d.user_id = a.user_id AND d.case_id = a.case_id AND d.bucket = {export_bucket('a."at"')}
    LEFT JOIN log_residences AS r ON r.case_id = a.case_id AND a.day BETWEEN r.first AND r.last
    LEFT JOIN log_user_days AS u ON u.user_id = a.user_id AND a.day BETWEEN u.first AND u.last
    LEFT JOIN log_cases AS c ON c.case_id = a.case_id
    LEFT JOIN masked_ids AS m ON m.kind = 'event' AND m.id = a.event_id"""

_PREPARED = Step(
    "prepared_access",
    Together.ROW,
    f"""SELECT {all_terms()}, number, event_id, event_shown, case_id, case_shown, "at", user_id, user_shown, action, reason, workstation, source,
        case_known, case_own, home_municipality, home_municipality_at_report, reported_at, closed_at, protection, person_id, service_account,
        authorised, organisation, organisations,
        CASE WHEN of_entry_point THEN true ELSE
            CASE WHEN several THEN holds(organisations, home_municipality) OR holds(organisations, home_municipality_at_report)
                ELSE organisation = home_municipality OR organisation = home_municipality_at_report END
            OR CASE WHEN NOT organisation_missing THEN false END END AS responsible,
        on_duty, shared_account, protected_access, supervising, assigned, own_record, colleague_record,
        disclosed_nearby, elsewhere_nearby, opened_after
    FROM ({_JOINED})""",
    view=True,
)

#: Of everybody in the log, for what is usual is asked of all.
_USER_DAY = Step(
    "cases_a_day",
    Together.USER,
    f"""SELECT user_id, CAST("at" AS DATE) AS day, CAST(count(DISTINCT case_id) AS INTEGER) AS cases
    FROM accesses WHERE user_id IS NOT NULL AND "at" >= {term("period_start")} AND "at" < {term("period_end")} GROUP BY ALL""",
)
_DEVIATION = Step(
    "usual_cases",
    Together.ALL,
    """SELECT any_value(middle) AS middle, greatest(median(abs(cases - middle)), 1) AS deviation
    FROM (SELECT cases, (SELECT median(cases) FROM cases_a_day) AS middle FROM cases_a_day)""",
)
_PREPARED_USER_DAY = Step(
    "prepared_user_day",
    Together.ROW,
    f"""SELECT {all_terms()}, d.user_id, u.user_shown, d.day, d.cases, (SELECT middle FROM usual_cases) AS median_cases,
        (SELECT deviation FROM usual_cases) AS deviation, s.organisation
    FROM cases_a_day AS d JOIN log_users AS u ON u.user_id = d.user_id
    LEFT JOIN authorised_days AS s ON s.user_id = d.user_id AND d.day BETWEEN s.first AND s.last
    LEFT JOIN user_organisation AS o ON o.user_id = d.user_id AND d.day BETWEEN o.first AND o.last WHERE {own("o.organisation")}""",
    view=True,
)

#: The steps to ``prepared_access`` and ``prepared_user_day``, after those of cases.
ACCESS_STEPS: tuple[Step, ...] = (
    _AUDITED,
    _USERS,
    _FAMILY,
    _COLLEAGUES,
    _CASES,
    _RESIDENCES,
    _STAFF,
    _USER_DAYS,
    _ALL_DAYS,
    _ASSIGNED,
    _RELATIVES,
    *WINDOW_STEPS,
    _PREPARED,
    _USER_DAY,
    _DEVIATION,
    _PREPARED_USER_DAY,
)
