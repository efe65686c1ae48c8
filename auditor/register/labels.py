"""Texts for what the register tells."""

from __future__ import annotations

from auditor.register.decisions import Capacity, DecisionKind, Standing
from auditor.register.months import Movement
from auditor.words import N_

MOVEMENTS = {
    Movement.NEW: N_("new"),
    Movement.REMAINS: N_("still there"),
    Movement.RETURNED: N_("back again"),
    Movement.GONE: N_("gone"),
    Movement.NOT_LOOKED_FOR: N_("not looked for"),
}
DECISIONS = {
    DecisionKind.BREACH: N_("confirmed breach"),
    DecisionKind.JUSTIFIED: N_("justified"),
    DecisionKind.FALSE_ALARM: N_("false alarm"),
    DecisionKind.REPORTED: N_("reported to IMY"),
}
CAPACITIES = {
    Capacity.CONTROLLER: N_("for the controller"),
    Capacity.OFFICER: N_("as data-protection officer (recommendation)"),
}
STANDINGS = {
    Standing.OPEN: N_("not decided"),
    Standing.REOPENED: N_("open again: the decision has expired"),
    Standing.BREACH: DECISIONS[DecisionKind.BREACH],
    Standing.JUSTIFIED: DECISIONS[DecisionKind.JUSTIFIED],
    Standing.FALSE_ALARM: DECISIONS[DecisionKind.FALSE_ALARM],
    Standing.REPORTED: DECISIONS[DecisionKind.REPORTED],
}
