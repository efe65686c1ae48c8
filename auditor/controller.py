"""One controller's audit: who it is, and the rows of all others set apart before anything is answered.

Each board answers for its own processing; a report that shows one of them another's disclosures would itself be a disclosure.
What is not surely this controller's own is therefore context: counted, looked up in, and shown nowhere.
"""

from __future__ import annotations

from auditor.agreement.faults import nearest_word
from auditor.agreement.model import Agreement
from auditor.engine import Engine, text
from auditor.errors import UserError
from auditor.intake.mapping import standard_mapping
from auditor.intake.origins import TOLD_BY
from auditor.intake.settling import Piles
from auditor.intake.tables import Type
from auditor.intake.taking_in import Intake, check_sums, vocabulary_of
from auditor.law.grounds import LawTable
from auditor.law.municipalities import municipalities
from auditor.relations import CASE_STEPS, run_steps
from auditor.relations.controllers import USER_ORGANISATION, controller_of
from auditor.words import _

_RESIDENCE_STEPS = tuple(step for step in CASE_STEPS if step.name in ("residence_rows", "residence_days"))


def find_controller(name: str, agreement: Agreement, law: LawTable) -> str:
    """The organisation that a user names: by code, id, name or alias. Raises UserError with the nearest name."""
    words = vocabulary_of(agreement, law, standard_mapping())
    found = words.read(Type.ORGANISATION, name.strip(), table="disclosures", column="sender") if name.strip() else None
    if found and found.readable and isinstance(found.value, str):
        return found.value
    declared = [part for id_, o in agreement.organisations.items() for part in (id_, o.name, *o.aliases)]
    places = municipalities()
    near = nearest_word(name.strip(), [*declared, *places.values(), *sorted({p.municipality for p in agreement.parties})])
    raise UserError(
        _("The organisation named with --controller is not known."),
        hint=(_("Did you mean '{name}'?").format(name=near) + " " if near else "")
        + _("Write a municipality's code or name, or an organisation of the agreement: {names}.").format(
            names=", ".join(sorted(agreement.organisations))
        ),
    )


def set_apart(engine: Engine, intake: Intake, controller: str) -> None:
    """Count the rows that are not surely this controller's own, and take those known to be another's out of quarantine.

    Afterwards the piles of each file hold the controller's own rows, ``others`` all others; of ``unknown`` nobody can tell.
    Raises EngineError, or RuntimeError when the sums do not add up.
    """
    run_steps(engine, (*_RESIDENCE_STEPS, *USER_ORGANISATION))
    piles = {record.number: record.piles for record in intake.files}
    for table in TOLD_BY:
        if table in intake.present:
            whose = controller_of(table, intake.present)
            _count_others(engine, table, whose, controller, piles)
            _take_out_of_quarantine(engine, table, whose, controller, piles)
    check_sums(intake.files)
    intake.pseudonymised = _own_pseudonyms(engine, intake, controller)


def _count_others(engine: Engine, table: str, whose: tuple[str, str], controller: str, piles: dict[int, Piles]) -> None:
    joined, told = whose
    rows = engine.rows(
        f"SELECT o.pile, o.file, o.at_day, ({told}) IS NULL, sum(o.n), sum(o.repaired) FROM origin_{table} AS o {joined} "
        f"WHERE ({told}) IS DISTINCT FROM {text(controller)} GROUP BY ALL"
    )
    for pile, file, day, unknown, n, repaired in rows:
        mine = piles[file]
        (mine.kept if pile == "kept" else mine.repeated)[day] -= int(n)
        mine.others += int(n)
        mine.unknown += int(n) if unknown else 0
        mine.repaired -= int(repaired)
    for mine in piles.values():  # days without a row of this controller are not told
        mine.kept, mine.repeated = +mine.kept, +mine.repeated


def _take_out_of_quarantine(
    engine: Engine, table: str, whose: tuple[str, str], controller: str, piles: dict[int, Piles]
) -> None:
    """A line whose controller is not known stays, for it may be the controller's own; nothing but its place is shown."""
    joined, told = whose
    engine.run(
        "CREATE OR REPLACE TEMP TABLE lines_of_others AS SELECT DISTINCT o.file, o.line "
        f"FROM origin_lines_{table} AS o {joined} WHERE ({told}) <> {text(controller)}"
    )
    others = "EXISTS (SELECT 1 FROM lines_of_others AS o WHERE o.file = quarantine.file AND o.line = quarantine.line)"
    for file, n in engine.rows(f"SELECT file, count(*) FROM quarantine WHERE whole_row AND {others} GROUP BY file"):
        piles[file].quarantined -= int(n)
        piles[file].others += int(n)
    engine.run(f"DELETE FROM quarantine WHERE {others}")


def _own_pseudonyms(engine: Engine, intake: Intake, controller: str) -> int:
    """How many ids of this controller's own rows are shown as pseudonyms."""
    joined, told = controller_of("cases", intake.present)
    mine = f"(SELECT * FROM disclosures WHERE sender = {text(controller)})"
    joined_access, told_access = controller_of("accesses", intake.present)
    accesses = f"""(SELECT o.* FROM (SELECT *, CAST("at" AS DATE) AS day FROM accesses) AS o {joined_access}
        WHERE ({told_access}) = {text(controller)})"""
    of_accesses = " ".join(
        f"UNION SELECT '{kind}', CAST({kind if kind == 'source' else f'{kind}_id'} AS VARCHAR) FROM {accesses} AS a"
        for kind in ("event", "user", "case", "source")
    )
    ids = f"""SELECT 'disclosure' AS kind, disclosure_id AS id FROM {mine} AS d UNION SELECT 'user', user_id FROM {mine} AS d
        UNION SELECT 'case', case_id FROM {mine} AS d
        UNION SELECT 'case', o.case_id FROM origin_cases AS o {joined} WHERE ({told}) = {text(controller)} {of_accesses}"""
    return int(engine.value(f"SELECT count(*) FROM masked_ids JOIN ({ids}) AS own USING (kind, id)"))
