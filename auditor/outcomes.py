"""What comes of a check and of a disclosure: whether the check was run, how often it gave each answer, and the verdict."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from auditor.checks.model import Check


class Verdict(StrEnum):
    """What can be said of an audited disclosure; every one gets exactly one."""

    WITHIN = "within"
    OUTSIDE = "outside"
    UNDETERMINED = "undetermined"


class State(StrEnum):
    """Whether a check was run, and if not why."""

    RUN = "run"
    TABLE_ABSENT = "table_absent"
    COLUMN_ABSENT = "column_absent"
    SWITCHED_OFF = "switched_off"
    FAILED = "failed"


@dataclass(frozen=True)
class Run:
    """A check and what became of it: ``detail`` is the absent table or column, the agreement's reason, or the kind of fault."""

    check: Check
    state: State = State.RUN
    detail: str = ""


@dataclass(frozen=True)
class Counts:
    """How often a check gave each answer; the four add up to ``rows``."""

    rows: int = 0
    passed: int = 0
    violation: int = 0
    undetermined: int = 0
    not_applicable: int = 0

    @property
    def undecided(self) -> bool:
        """Whether there were rows to judge and none could be: that no violation was found then says nothing."""
        return bool(self.undetermined) and not self.passed and not self.violation
