"""Whose child a row is about, and everything that is about other children taken away before anything is answered.

By the agreement's own rule only the municipality where the child belonged at the time may know. A row whose child belonged elsewhere
then, or nobody can say where, is deleted from the tables: what is made of the rest cannot tell of it, whatever is asked.

Engine tables made here: ``own_days`` (case_id, first, last), the days on which a child belonged to the party, of those children who did
at the report or on a day of the period; ``children_moved``
(case_id), those of these children who did not belong there all the time around the period, so that a row which an answer looks for
may be one that was taken away.
"""

from __future__ import annotations

from auditor.agreement.faults import nearest_word
from auditor.agreement.model import Agreement
from auditor.engine import Engine, text
from auditor.errors import UserError
from auditor.intake.mapping import standard_mapping
from auditor.intake.tables import Type
from auditor.intake.taking_in import vocabulary_of
from auditor.law.grounds import LawTable
from auditor.law.municipalities import municipalities
from auditor.relations import CASE_STEPS, Period, run_steps
from auditor.words import _

_RESIDENCE_STEPS = tuple(step for step in CASE_STEPS if step.name in ("residence_rows", "residence_days"))


def find_party(name: str, agreement: Agreement, law: LawTable, period: Period) -> str:
    """The code of the municipality that a user names by code or name. Raises UserError unless it is a party on a day of the period."""
    words = vocabulary_of(agreement, law, standard_mapping())
    found = words.read(Type.ORGANISATION, name.strip(), table="disclosures", column="sender") if name.strip() else None
    code = found.value if found and found.readable and isinstance(found.value, str) else None
    places = municipalities()
    if code not in places:
        near = nearest_word(name.strip(), [*places.values(), *sorted({party.municipality for party in agreement.parties})])
        raise UserError(
            _("The municipality is not known."),
            hint=(_("Did you mean '{name}'?").format(name=near) + " " if near else "")
            + _("Write a municipality's code or name, such as 0182 or Nacka."),
        )
    spans = [party for party in agreement.parties if party.municipality == code]
    if not any(span.valid_from <= period.last and (span.valid_to or period.last) >= period.first for span in spans):
        raise UserError(
            _("The municipality is not a party to the agreement on any day of the audited period."),
            hint=_("'auditor agreement show' lists the parties and since when. Only a party is given such a report."),
        )
    return str(code)


def keep_own(engine: Engine, party: str, agreement: Agreement, period: Period, *, homes_told: bool) -> None:
    """Take every row away that is not about a child who belonged to the party at the time. Raises EngineError.

    Of a child who belonged there at the report or on a day of the period, case, residences and assignments are kept whole; disclosures and
    accesses only of the days on which it did; of the staff list those who stand in them. Nothing is, unless ``homes_told``
    (``auditor.relations.home_can_be_told``).
    """
    run_steps(engine, _RESIDENCE_STEPS)
    engine.run(
        f"""CREATE OR REPLACE TABLE own_days AS SELECT r.case_id, r.first, r.last FROM residence_days AS r
            WHERE r.municipality = {text(party)} AND r.case_id IN (SELECT case_id FROM cases)
        UNION ALL SELECT case_id, DATE '0001-01-01', DATE '9999-12-31' FROM cases
            WHERE home_municipality = {text(party)} AND case_id NOT IN (SELECT case_id FROM residences WHERE case_id IS NOT NULL)"""
    )
    at_the_report = "CAST(c.reported_at AS DATE) BETWEEN o.first AND o.last"
    in_the_period = f"o.first <= DATE '{period.last}' AND o.last >= DATE '{period.first}'"
    concerned = (
        f"SELECT c.case_id FROM cases AS c JOIN own_days AS o ON o.case_id = c.case_id WHERE {at_the_report} OR {in_the_period}"
    )
    engine.run(f"DELETE FROM own_days WHERE NOT {str(homes_told).lower()} OR case_id NOT IN ({concerned})")
    _note_moved(engine, party, agreement, period)
    for log in ("disclosures", "accesses"):
        own = f'SELECT a.rowid FROM {log} AS a JOIN own_days AS o ON o.case_id = a.case_id AND CAST(a."at" AS DATE) BETWEEN o.first AND o.last'
        engine.run(f"DELETE FROM {log} WHERE rowid NOT IN ({own})")
    for table in ("cases", "residences", "assignments"):
        engine.run(f"DELETE FROM {table} WHERE NOT coalesce(case_id IN (SELECT case_id FROM own_days), false)")
    users = " UNION ".join(
        f"SELECT CAST(user_id AS VARCHAR) AS user_id FROM {log} WHERE user_id IS NOT NULL"
        for log in ("disclosures", "accesses")
    )
    engine.run(f"DELETE FROM staff WHERE user_id NOT IN ({users})")


def _note_moved(engine: Engine, party: str, agreement: Agreement, period: Period) -> None:
    """The widest window in which an answer looks for another row of the case lies around the report and the period."""
    margin = max(agreement.duplicate_window, agreement.access.export_window).days + 2
    days = f"DATE '{period.first}' AS first, DATE '{period.last}' + {margin} AS last"
    engine.run(
        f"""CREATE OR REPLACE TABLE children_moved AS WITH around AS (
            SELECT c.case_id, least(p.first, coalesce(CAST(c.reported_at AS DATE), p.first)) - {margin} AS first, p.last
            FROM cases AS c CROSS JOIN (SELECT {days}) AS p),
        covered AS (SELECT a.case_id, any_value(a.last - a.first) + 1 AS wanted,
                sum(greatest(least(o.last, a.last) - greatest(o.first, a.first) + 1, 0)) AS own
            FROM around AS a JOIN own_days AS o ON o.case_id = a.case_id GROUP BY a.case_id)
        SELECT case_id FROM covered WHERE own < wanted
        UNION SELECT case_id FROM residence_days WHERE municipality IS DISTINCT FROM {text(party)}"""
    )
