"""What a check is: one question of one kind of row, as two SQL expressions that know nothing of where they run.

An answer is read from ``applies AND violates``, three-valued (Kleene): true is a violation, NULL is undetermined, false
is not applicable when *applies* is false, else a pass. The expressions are in DuckDB's dialect, over the columns of a
prepared relation and the macros of ``vocabulary.py``; nothing else may stand in them.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum

from auditor.law.provisions import Provision


class Kind(StrEnum):
    """What a violation means: outside the agreement, a fault in handling, a case for a person to look at, or a faulty log."""

    SCOPE = "scope"
    CONDUCT = "conduct"
    SIGNAL = "signal"
    QUALITY = "quality"


class Severity(StrEnum):
    """How serious a violation is, from worst to mildest."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    def at_least(self, other: Severity) -> bool:
        """Whether this severity is as bad as ``other`` or worse."""
        order = list(Severity)
        return order.index(self) <= order.index(other)


class Of(StrEnum):
    """What a check asks about; ``entity_type`` in the findings. LOG checks hold no SQL: they are answered of a log as a
    whole."""

    DISCLOSURE = "disclosure"
    ACCESS = "access"
    CASE = "case"
    USER_DAY = "user_day"
    LOG = "log"


class Together(StrEnum):
    """The rows that must lie in one place for a query to be answered: its contract with a cluster."""

    ROW = "row"
    CASE = "case"
    USER = "user"
    SOURCE = "source"
    ALL = "all"


class Answer(IntEnum):
    """An answer as it is stored. Of several answers for one entity the greatest stands."""

    NOT_APPLICABLE = 0
    PASS = 1
    UNDETERMINED = 2
    VIOLATION = 3


@dataclass(frozen=True)
class Page:
    """The page of a check in plain words (English here, Swedish in the catalogue). ``examples`` are run as tests."""

    question: str
    finding: str
    why: str
    limits: str
    advice: str
    examples: str = ""

    def __post_init__(self) -> None:
        for name in ("question", "finding", "why", "limits", "advice"):
            object.__setattr__(self, name, " ".join(getattr(self, name).split()))
        object.__setattr__(self, "examples", inspect.cleandoc(self.examples))


@dataclass(frozen=True)
class Check:
    """A check of the catalogue.

    ``applies`` and ``violates`` are SQL expressions over the prepared relation of ``of``; for LOG checks they are empty.
    ``reads`` are the canonical columns (``table.column``) the answer turns on: an undetermined answer names those that were
    NULL, and the check is not run when an optional table or a column marked + among them is absent.
    ``moment`` is SQL for the time a finding stands at; empty means the row's ``at``.
    ``after`` is the id of a check whose violation leaves this one nothing to answer, as ``applies`` says; where that check is
    not run it answers nothing, and ``applies_alone`` stands instead.
    ``evidence`` are names from the relation's vocabulary that may be shown. ``clause`` is the place in the agreement file
    (``flows.fields``), empty where the check does not read it.
    """

    id: str
    name: str
    of: Of
    kind: Kind
    severity: Severity
    law: tuple[Provision, ...]
    page: Page
    applies: str = ""
    violates: str = ""
    reads: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    clause: str = ""
    moment: str = ""
    together: Together = Together.ROW
    after: str = ""
    applies_alone: str = ""

    def law_on(self, day: date) -> str:
        """The cited provisions in force on ``day``, in Swedish, separated by '; '."""
        return "; ".join(provision.citation_sv for provision in self.law if provision.in_force(day))


def answer_sql(applies: str, violates: str, *, times: int = 1, type_: str = "INTEGER") -> str:
    """The SQL of an answer from the two expressions of a check: its number (``Answer``) multiplied by ``times``.

    ``type_`` is the engine's type of whole numbers that it gets.
    """
    given = {answer: f"CAST({answer * times} AS {type_})" for answer in Answer}
    # whether it is violated together with whether it applies is asked last, of the few rows that are left: that costs most
    return (
        f"CASE WHEN NOT ({applies}) THEN {given[Answer.NOT_APPLICABLE]} WHEN NOT ({violates}) THEN {given[Answer.PASS]} "
        f"WHEN ({applies}) AND ({violates}) THEN {given[Answer.VIOLATION]} ELSE {given[Answer.UNDETERMINED]} END"
    )
