"""The record of a manual review: who reviewed, when, which period, how it was drawn, and what came of it.

No access stands in it.

It is a JSON file whose form is ``Record``; remarks and ids stay in the form.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from auditor.privacy import may_be_shown
from auditor.reviews.allocation import CONFIDENCE, most_faults

RECORD: Literal[1] = 1
LONGEST_NAME = 100


def is_shown_text(text: str) -> bool:
    """Whether a name may be shown: short, printable, and without a personal number."""
    return may_be_shown(text, LONGEST_NAME)


def _shown(text: str) -> str:
    if not is_shown_text(text):
        raise ValueError
    return text


Shown = Annotated[str, AfterValidator(_shown)]
Count = Annotated[int, Field(ge=0)]
Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class RecordedPeriod(_Part):
    """The audited days, both counted."""

    first: date
    last: date


class RecordedStratum(_Part):
    """A stratum: its name, its accesses and how many were drawn at random."""

    name: Shown
    accesses: Count
    drawn: Count


class Results(_Part):
    """How many accesses got each assessment; ``unfinished`` got none."""

    justified: Count
    not_justified: Count
    needs_inquiry: Count
    unfinished: Count

    @property
    def total(self) -> int:
        """All of them."""
        return self.justified + self.not_justified + self.needs_inquiry + self.unfinished


class Bound(_Part):
    """With all accesses drawn at random found justified: so many of ``accesses`` at most are not, at that confidence."""

    confidence: float
    accesses: Count
    at_most: Count


class Record(_Part):
    """The record of one manual review."""

    record: Literal[1]
    period: RecordedPeriod
    controller: Shown | None
    seed: Count
    n: Count
    stratified_by: Literal["pile", "unit", "source", "none"]
    strata: tuple[RecordedStratum, ...]
    at_random: Results
    pressing: Results
    bound: Bound | None
    reviewers: tuple[Shown, ...]
    first_day: date | None
    last_day: date | None
    remarks: Count
    form_sha256: Sha256
    manifest_sha256: Sha256

    @model_validator(mode="after")
    def _adds_up(self) -> Record:
        if self.at_random.total != sum(stratum.drawn for stratum in self.strata):
            raise ValueError
        if (self.bound is not None) != (0 < self.at_random.total == self.at_random.justified):
            raise ValueError
        return self


def bound_of(at_random: Results, strata: tuple[RecordedStratum, ...]) -> Bound | None:
    """What the accesses drawn at random say of all; None unless every one of them was found justified."""
    if not at_random.total or at_random.justified != at_random.total:
        return None
    most = most_faults([(stratum.accesses, stratum.drawn) for stratum in strata])
    return Bound(confidence=CONFIDENCE, accesses=sum(stratum.accesses for stratum in strata), at_most=most)


@dataclass(frozen=True)
class Review:
    """A record that the report shows, with the SHA-256 of its file."""

    record: Record
    sha256: str
