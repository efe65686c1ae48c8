"""Remembers: findings through the months, what was decided about them, and a journal that tells when it was tampered with."""

from auditor.register.decisions import Capacity, Decision, DecisionKind, Standing
from auditor.register.months import Month, Movement, add_month, months
from auditor.register.store import Register

__all__ = ["Capacity", "Decision", "DecisionKind", "Month", "Movement", "Register", "Standing", "add_month", "months"]
