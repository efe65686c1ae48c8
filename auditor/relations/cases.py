"""The prepared relation of cases, and what disclosures need to know of them.

Where the child belonged is asked of residences, else of cases (socialtjänstlagen 2025:400, 29 kap. 1 §): ``residence_days`` holds
disjoint intervals, of several rows on one day the one with the latest valid_from, of those the greatest code.
"""

from __future__ import annotations

from auditor.checks.model import Together
from auditor.relations.controllers import own
from auditor.relations.reference import all_terms, term
from auditor.relations.steps import Step


def tri_party(name: str, organisation: str, alias: str) -> str:
    """SQL: whether an organisation is a party (a row of party_periods joined as ``alias``); NULL when only an unconfirmed period says so."""
    return (
        f"CASE WHEN {organisation} IS NULL THEN NULL WHEN {alias}.municipality IS NULL THEN false "
        f"WHEN {alias}.confirmed THEN true END AS {name}"
    )


def home_at(day: str, case: str, residence: str) -> str:
    """SQL: C.home_municipality on a day; ``residence`` is a row of residence_days joined on that day."""
    return f"CASE WHEN {case}.has_residences THEN CASE WHEN {day} IS NOT NULL THEN {residence}.municipality END ELSE {case}.home_column END"


_EDGES = """SELECT case_id, valid_from AS edge FROM residence_rows
    UNION SELECT case_id, valid_to + 1 FROM residence_rows WHERE valid_to < DATE '9999-12-31'"""

CASE_STEPS: tuple[Step, ...] = (
    Step(
        "residence_rows",
        Together.CASE,
        """SELECT case_id, municipality, valid_from, coalesce(valid_to, DATE '9999-12-31') AS valid_to FROM residences
        WHERE valid_from <= coalesce(valid_to, DATE '9999-12-31')""",
    ),
    Step(
        "residence_days",
        Together.CASE,
        f"""WITH pieces AS (
            SELECT case_id, edge AS first,
                coalesce(lead(edge) OVER (PARTITION BY case_id ORDER BY edge) - 1, DATE '9999-12-31') AS last
            FROM ({_EDGES}))
        SELECT p.case_id, p.first, p.last, r.municipality
        FROM pieces AS p JOIN residence_rows AS r ON r.case_id = p.case_id AND r.valid_from <= p.first AND p.first <= r.valid_to
        QUALIFY row_number() OVER (PARTITION BY p.case_id, p.first ORDER BY r.valid_from DESC, r.municipality DESC NULLS LAST) = 1""",
    ),
    Step(
        "case_facts",
        Together.CASE,
        f"""SELECT c.case_id, coalesce(c.birth_date, birth_date_in(c.person_id)) AS birth_date, c.birth_date IS NULL AS birth_date_derived,
            c.registered_municipality, c.found_in, as_codes(c.concern) AS concern, c.reporter, c.reported_at, c.decided_at, c.decision, c.assessment_extended,
            c.closed_at, c.protection, c.has_residences, c.home_column,
            {home_at("c.reported_at", "c", "r")} AS home_municipality_at_report
        FROM (SELECT *, home_municipality AS home_column, case_id IN (SELECT case_id FROM residences) AS has_residences FROM cases) AS c
        LEFT JOIN residence_days AS r
            ON r.case_id = c.case_id AND CAST(c.reported_at AS DATE) BETWEEN r.first AND r.last""",
    ),
    Step(
        "handover_flows",
        Together.ALL,
        """SELECT 1 AS always, flow, deadline_within, deadline_from FROM flows
        WHERE to_home_municipality AND deadline_after = 'reported_at'""",
    ),
    Step(
        "handed_over",
        Together.CASE,
        """SELECT d.case_id, d.purpose, d.recipient, min(d."at") AS first_at FROM disclosures AS d
        WHERE d.case_id IS NOT NULL AND d.recipient IS NOT NULL
            AND d.purpose IN (SELECT flow FROM handover_flows)
        GROUP BY ALL""",
    ),
    Step(
        "prepared_case",
        Together.CASE,
        f"""SELECT {all_terms()}, c.case_id, c.reporter, c.reported_at, c.home_municipality_at_report,
            {tri_party("home_is_party_at_report", "c.home_municipality_at_report", "p")},
            c.decided_at, c.decision, c.assessment_extended, f.flow AS handover_flow,
            CASE WHEN f.deadline_from IS NULL OR CAST(c.reported_at AS DATE) >= f.deadline_from THEN c.reported_at + f.deadline_within END
                AS handover_due,
            CASE WHEN c.home_municipality_at_report IS NOT NULL THEN coalesce(h.first_at <= c.reported_at + f.deadline_within, false) END
                AS handed_over_in_time,
            w.working_day AS assessment_due, coalesce(m.shown, c.case_id) AS case_shown
        FROM (SELECT *, 1 AS always FROM case_facts) AS c
        LEFT JOIN handover_flows AS f ON f.always = c.always
        LEFT JOIN party_periods AS p
            ON p.municipality = c.home_municipality_at_report AND CAST(c.reported_at AS DATE) BETWEEN p.first AND p.last
        LEFT JOIN handed_over AS h
            ON h.case_id = c.case_id AND h.purpose = f.flow AND h.recipient = c.home_municipality_at_report
        LEFT JOIN working_days AS w ON w.day = CAST(c.reported_at AS DATE) + {term("assessment_days")}
        LEFT JOIN masked_ids AS m ON m.kind = 'case' AND m.id = c.case_id
        WHERE {own("c.home_municipality_at_report")}""",
        view=True,
    ),
)
