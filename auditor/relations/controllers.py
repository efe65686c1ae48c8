"""Who answers for the processing that a row tells of (förordning 2001:637, 11 §: each municipal board for its own).

The controller of a disclosure is its sender; of an access the user's organisation on that day; of a case the municipality where the
child belonged at the report. Where it cannot be told it is NULL, and the row is nobody's that is audited alone; spans without a column
until when tell it of no row, for an empty ``valid_to`` means that they last, and an absent one says nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

from auditor.checks.model import Together
from auditor.engine import Engine
from auditor.relations.reference import term
from auditor.relations.steps import Step

#: The one organisation of each user, day by day: disjoint intervals; NULL where it is empty, or where there are several.
USER_ORGANISATION = (
    Step(
        "organisation_rows",
        Together.USER,
        """SELECT user_id, organisation, valid_from, coalesce(valid_to, DATE '9999-12-31') AS valid_to FROM staff
        WHERE valid_from <= coalesce(valid_to, DATE '9999-12-31')""",
    ),
    Step(
        "user_organisation",
        Together.USER,
        """WITH edges AS (SELECT user_id, valid_from AS edge FROM organisation_rows
                UNION SELECT user_id, valid_to + 1 FROM organisation_rows WHERE valid_to < DATE '9999-12-31'),
            pieces AS (SELECT user_id, edge AS first,
                coalesce(lead(edge) OVER (PARTITION BY user_id ORDER BY edge) - 1, DATE '9999-12-31') AS last FROM edges)
        SELECT p.user_id, p.first, p.last,
            CASE WHEN count(s.organisation) = count(*) AND count(DISTINCT s.organisation) = 1
                AND p.user_id NOT IN (SELECT user_id FROM unreadable_staff WHERE user_id IS NOT NULL) THEN any_value(s.organisation) END
                AS organisation
        FROM pieces AS p JOIN organisation_rows AS s ON s.user_id = p.user_id AND s.valid_from <= p.first AND p.first <= s.valid_to
        GROUP BY p.user_id, p.first, p.last""",
    ),
)

#: The controller of a row that was noted (``auditor.intake.origins``): what is joined to the rows ``o``, and the SQL of it.
CONTROLLER_OF: dict[str, tuple[str, str]] = {
    "disclosures": ("", "o.sender"),
    "accesses": (
        "LEFT JOIN user_organisation AS u ON u.user_id = o.user_id AND o.day BETWEEN u.first AND u.last",
        "u.organisation",
    ),
    "cases": (
        "LEFT JOIN residence_days AS r ON r.case_id = o.case_id AND o.day BETWEEN r.first AND r.last "
        "LEFT JOIN (SELECT DISTINCT case_id FROM residences) AS lived ON lived.case_id = o.case_id",
        "CASE WHEN lived.case_id IS NOT NULL THEN r.municipality ELSE o.home END",
    ),
}


def home_can_be_told(present: Mapping[str, set[str]]) -> bool:
    """Whether the export can say where a child belonged: not if there are residences, and no column until when.

    ``present`` are the columns of each table that is there.
    """
    return "residences" not in present or "valid_to" in present["residences"]


def workplace_can_be_told(present: Mapping[str, set[str]]) -> bool:
    """Whether the export can say where a user worked on a day: not if there is a staff list, and no column until when."""
    return "staff" not in present or "valid_to" in present["staff"]


def controller_of(table: str, present: Mapping[str, set[str]]) -> tuple[str, str]:
    """As CONTROLLER_OF; where the export cannot tell, no row of the table is anybody's."""
    told = {"accesses": workplace_can_be_told, "cases": home_can_be_told}.get(table)
    return CONTROLLER_OF[table] if told is None or told(present) else ("", "CAST(NULL AS VARCHAR)")


def forget_untold_organisations(engine: Engine, present: Mapping[str, set[str]]) -> None:
    """Take the organisations out of a staff list that cannot tell where its users worked on a day. Raises EngineError."""
    if not workplace_can_be_told(present):
        engine.run("UPDATE staff SET organisation = NULL")


def forget_untold_homes(engine: Engine, present: Mapping[str, set[str]]) -> None:
    """Take the municipalities out of an export that cannot tell where a child belonged. Raises EngineError."""
    if not home_can_be_told(present):
        engine.run("UPDATE residences SET municipality = NULL")
        engine.run("UPDATE cases SET home_municipality = NULL")


def own(controller: str) -> str:
    """SQL: the row is to be answered, for every controller's are or this is the one. ``controller`` is SQL for the row's own."""
    return f"({term('controller')} IS NULL OR coalesce({controller} = {term('controller')}, false))"


def own_steps(controller: str | None) -> tuple[Step, ...]:
    """``own_disclosures`` and ``own_accesses``: the rows of those tables that the audit answers for, whatever their time.

    ``number`` is an access's place in ``accesses``.
    """
    if controller is None:
        return (
            *USER_ORGANISATION,
            Step("own_disclosures", Together.ROW, "SELECT * FROM disclosures", view=True),
            Step("own_accesses", Together.ROW, "SELECT rowid AS number, * FROM accesses", view=True),
        )
    return (
        *USER_ORGANISATION,
        Step("own_disclosures", Together.ROW, f"SELECT d.* FROM disclosures AS d WHERE {own('d.sender')}", view=True),
        Step(
            "own_accesses",
            Together.USER,
            f"""SELECT a.rowid AS number, a.* FROM accesses AS a JOIN user_organisation AS u
                ON u.user_id = a.user_id AND CAST(a."at" AS DATE) BETWEEN u.first AND u.last AND u.organisation = {term("controller")}""",
            view=True,
        ),
    )
