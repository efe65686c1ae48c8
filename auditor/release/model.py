"""What a release check is asked, what it reads, and what it answers: reasons, each with its places and how to mend it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

#: A reason names so many places; the rest are counted.
SHOWN_PLACES = 10


class Weight(StrEnum):
    """What a reason means for the release, from worst to mildest. A note changes nothing, but a person should read it."""

    STOP = "stop"
    UNSHOWN = "unshown"
    NOTE = "note"


class Decision(StrEnum):
    """The answer for a file, and for all files together."""

    RELEASE = "release"
    STOP = "stop"
    UNSHOWN = "unshown"


@dataclass(frozen=True)
class Request:
    """What the command was told. None: it was not told, which never counts as 'none'.

    ``recipient`` and ``sender`` are organisations, ``purpose`` a flow of the agreement; ``grounds`` is the list as it was written;
    ``at`` is Swedish wall-clock time. ``statistics`` are the settings of a check of statistics, for which ``recipient`` and
    ``purpose`` may be empty; None for any other check.
    """

    recipient: str
    purpose: str
    at: datetime
    sender: str | None = None
    sender_unit: str | None = None
    recipient_unit: str | None = None
    grounds: str | None = None
    motivation: str | None = None
    statistics: Mapping[str, Any] | None = None


@dataclass
class Reason:
    """One reason, in words that hold no data. ``places`` are the first of ``count``."""

    weight: Weight
    code: str
    text: str
    remedy: str
    places: list[str] = field(default_factory=list)
    count: int = 1
    law: str = ""


@dataclass(frozen=True)
class RawTable:
    """A table of a file: raw cells as ``auditor.intake.readers.RawFile`` has them.

    ``place`` is where it stands, as it may be shown (``fil.xlsx, blad Barn``); ``sheet`` is the title of the sheet that it is, which may hold data.
    ``separated``: it is a text file, whose cells a spreadsheet program may take for formulas.
    """

    number: int
    place: str
    headings: tuple[str, ...]
    columns: tuple[str, ...]
    cells: Path
    rows: int
    native: bool = False
    sheet: str | None = None
    separated: bool = False


@dataclass(frozen=True)
class Passage:
    """A text outside tables, with its place as it may be shown. ``hidden``: the reader of the file would not see it.

    ``first_line``: the text runs over several lines, which are counted from here on.
    """

    place: str
    text: str
    hidden: bool = False
    first_line: int | None = None


@dataclass
class Opened:
    """Everything a recipient could read in one file, and what its form alone already says about it.

    ``tabular``: the file is nothing but tables, so that its columns can be held against the agreement.
    """

    shown: str
    path: Path
    sha256: str
    form: str
    tables: list[RawTable] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    reasons: list[Reason] = field(default_factory=list)
    tabular: bool = True


@dataclass
class FileAnswer:
    """The answer for one file."""

    shown: str
    sha256: str
    form: str
    rows: int
    tied: int
    fields: tuple[str, ...]
    reasons: list[Reason] = field(default_factory=list)

    @property
    def decision(self) -> Decision:
        """Stop if any reason stops; else unshown if any says so; else release."""
        weights = {reason.weight for reason in self.reasons}
        if Weight.STOP in weights:
            return Decision.STOP
        return Decision.UNSHOWN if Weight.UNSHOWN in weights else Decision.RELEASE


def decide(answers: list[FileAnswer]) -> Decision:
    """The answer for several files that leave together: the worst of theirs."""
    decisions = {answer.decision for answer in answers}
    for decision in (Decision.STOP, Decision.UNSHOWN):
        if decision in decisions:
            return decision
    return Decision.RELEASE
