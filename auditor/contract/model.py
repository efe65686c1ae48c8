"""What an expectation is, and how it can be answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Answer(StrEnum):
    """The answers to an expectation.

    ``FAILED``: great-expectations or the engine could not do its work; nothing is said of the data.
    """

    MET = "met"
    NOT_MET = "not_met"
    CANNOT_BE_JUDGED = "cannot_be_judged"
    FAILED = "could_not_be_run"


class Cause(StrEnum):
    """Why an expectation cannot be judged."""

    TABLE_ABSENT = "table_absent"
    TABLE_EMPTY = "table_empty"
    COLUMN_ABSENT = "column_absent"
    NO_VALUES = "no_values"
    TOO_MANY_VALUES = "too_many_values"
    REFERENCE_ABSENT = "reference_absent"


class Aspect(StrEnum):
    """What of a table the engine counts, so that an expectation can be judged without its rows."""

    ROWS = "rows"  # how many rows there are
    COLUMNS = "columns"  # which columns the export has
    FILLED = "filled"  # whether a cell is filled or missing
    VALUES = "values"  # distinct values, elements of lists
    SHAPE = "shape"  # distinct forms of values: each digit 9, each capital A, each other letter a
    DAYS = "days"  # distinct local dates
    ORDER = "order"  # whether one time is before, at or after another
    REPEATS = "repeats"  # whether a key occurs once or several times


@dataclass(frozen=True)
class Expectation:
    """One expectation of a suite. ``asks`` says in one sentence what is asked; ``type`` and ``kwargs`` are great-expectations'
    own.

    ``columns`` are the columns that it reads, ``mostly`` the least share of what is judged that must be as expected, between 0
    and 1.
    """

    id: str
    asks: str
    type: str
    kwargs: Mapping[str, Any]
    aspect: Aspect
    columns: tuple[str, ...]
    mostly: float = 1.0
    blocking: bool = False


@dataclass(frozen=True)
class Suite:
    """The expectations of one canonical table. ``shipped`` suites came with the program; ``sha256`` is that of the file."""

    name: str
    table: str
    expectations: tuple[Expectation, ...]
    sha256: str
    shipped: bool = True


@dataclass(frozen=True)
class Outcome:
    """An expectation's answer. ``judged`` rows or elements were judged, of which ``deviating`` are not as expected;
    ``missing`` have no value.

    ``cause`` is there for what cannot be judged.
    """

    suite: Suite
    expectation: Expectation
    answer: Answer
    cause: Cause | None = None
    judged: int = 0
    deviating: int = 0
    missing: int = 0


@dataclass(frozen=True)
class Contract:
    """The answers to all suites, in their order."""

    suites: tuple[Suite, ...]
    outcomes: tuple[Outcome, ...]

    @property
    def complete(self) -> bool:
        """Whether every expectation could be put to its table."""
        return not self.of(Answer.FAILED)

    @property
    def stopping(self) -> tuple[Outcome, ...]:
        """The blocking expectations that are not met."""
        return tuple(outcome for outcome in self.of(Answer.NOT_MET) if outcome.expectation.blocking)

    def of(self, answer: Answer) -> tuple[Outcome, ...]:
        """The outcomes with that answer."""
        return tuple(outcome for outcome in self.outcomes if outcome.answer is answer)
