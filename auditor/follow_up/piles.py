"""Where every audited access ends: *flagged*, *explained* or *unexplained*.

Flagged: some check of accesses but A2 says violation. Explained: not flagged, and one of ``EXPLANATIONS`` holds; the first that does is
named. Unexplained: the rest, so what A2 finds and nothing explains, and what cannot be judged. Flagged goes before explained, and the
three add up to the accesses audited. An explanation shows a likely need and takes no finding away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from auditor.checks.model import Answer, Check, Of
from auditor.engine import Engine, quoted, text
from auditor.intake.tables import TABLES
from auditor.law.provisions import GDPR_5_2, OSL_26_1, SOL_20_1, SOLPUL_10, Provision
from auditor.outcomes import Run, State
from auditor.words import N_

#: What A2 finds is what the piles sort; alone it flags nothing.
_SORTED = "A2"


class Pile(StrEnum):
    """The pile that an access ends in."""

    FLAGGED = "flagged"
    EXPLAINED = "explained"
    UNEXPLAINED = "unexplained"


PILES = {
    Pile.FLAGGED: N_("flagged: a check found a fault or a question"),
    Pile.EXPLAINED: N_("explained: the logs show a need"),
    Pile.UNEXPLAINED: N_("unexplained: nothing in the logs shows a need"),
}


@dataclass(frozen=True)
class Explanation:
    """Something in the logs that shows a need: ``holds`` is SQL over the prepared relation of accesses, ``words`` what it is called and
    ``why`` it explains an access; ``reads`` are the columns without which it cannot be seen (``table.column``)."""

    id: str
    words: str
    why: str
    law: tuple[Provision, ...]
    holds: str
    reads: tuple[str, ...] = ()


#: The explanations, the strongest first.
EXPLANATIONS: tuple[Explanation, ...] = (
    Explanation(
        "assignment",
        N_("the user was assigned to the case"),
        N_("An assignment is the decision that the user works on the case."),
        (SOLPUL_10, OSL_26_1),
        "assigned",
        ("assignments.valid_to",),
    ),
    Explanation(
        "duty_window",
        N_("the user's unit was on duty when the report was new"),
        N_("The units on duty receive every new report and make the first assessment of it."),
        (SOLPUL_10, SOL_20_1),
        'on_duty AND reported_at <= "at" AND "at" <= reported_at + duty_window',
        ("staff.unit", "staff.valid_to"),
    ),
    Explanation(
        "disclosure",
        N_("the user recorded a disclosure of the case near the access"),
        N_("Whoever hands data over must first read them; the disclosure itself is audited on its own."),
        (GDPR_5_2, SOLPUL_10),
        "disclosed_nearby",
    ),
    Explanation(
        "service_account",
        N_("the user is a service account that the agreement names"),
        N_("A service account does what the system was set to do; that it is one has been decided."),
        (SOLPUL_10,),
        "service_account",
    ),
    Explanation(
        "supervising_role",
        N_("the user leads the work of the unit and read or signed the case"),
        N_(
            "Those who lead the work distribute, follow and sign cases that others are assigned to; it is the weakest explanation."
        ),
        (SOLPUL_10,),
        "supervising AND action IN ('read', 'sign') AND responsible",
        ("staff.role", "staff.valid_to"),
    ),
)


def explanation_sql(present: Mapping[str, set[str]]) -> str:
    """SQL: the place in EXPLANATIONS, from 1, of the first that holds; 0 for none. ``present`` are the columns that the export has."""
    held = [
        f"WHEN {explanation.holds} THEN {place}"
        for place, explanation in enumerate(EXPLANATIONS, start=1)
        if all(_can_be_read(read, present) for read in explanation.reads)
    ]
    return f"CAST(CASE {' '.join(held)} ELSE 0 END AS UTINYINT)" if held else "0::UTINYINT"


def _can_be_read(read: str, present: Mapping[str, set[str]]) -> bool:
    table, column = read.split(".")
    return table in present and (column in present[table] or not TABLES[table].column(column).meaningful_empty)


def flagging(runs: Iterable[Run]) -> list[Check]:
    """The checks whose violation flags an access."""
    return [r.check for r in runs if r.check.of is Of.ACCESS and r.state is State.RUN and r.check.id != _SORTED]


def place_in_piles(engine: Engine, runs: Iterable[Run], audited: int) -> tuple[dict[Pile, int], dict[str, int]]:
    """Make ``pile_of_pattern`` (the patterns of accesses with ``pile`` and ``explained_by``); returns how many accesses ended in each
    pile, and how many of the explained each explanation explains.

    Raises RuntimeError when the piles do not add up to the ``audited`` accesses: a fault of the program.
    """
    flags = " OR ".join(f"{quoted(f'answer_{check.id}')} = {Answer.VIOLATION:d}" for check in flagging(runs)) or "false"
    names = " ".join(f"WHEN {place} THEN {text(e.id)}" for place, e in enumerate(EXPLANATIONS, start=1))
    engine.run(
        f"CREATE OR REPLACE TABLE pile_of_pattern AS SELECT *, CASE WHEN {flags} THEN '{Pile.FLAGGED}' WHEN explanation > 0 THEN "
        f"'{Pile.EXPLAINED}' ELSE '{Pile.UNEXPLAINED}' END AS pile, "
        f"CASE WHEN NOT ({flags}) THEN CASE explanation {names} END END AS explained_by FROM patterns_access"
    )
    found = {name: int(n) for name, n in engine.rows("SELECT pile, sum(n) FROM pile_of_pattern GROUP BY 1")}
    piles = {pile: found.get(pile.value, 0) for pile in Pile}
    if sum(piles.values()) != audited:
        raise RuntimeError(f"{audited} accesses were audited but {sum(piles.values())} ended in a pile")
    told = {
        name: int(n)
        for name, n in engine.rows("SELECT explained_by, sum(n) FROM pile_of_pattern WHERE pile = 'explained' GROUP BY 1")
    }
    return piles, {explanation.id: told.get(explanation.id, 0) for explanation in EXPLANATIONS}
