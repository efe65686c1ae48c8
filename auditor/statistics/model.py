"""What a table of statistics is, what its check is asked, and what it finds: places, never values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from auditor.release.model import RawTable

#: What a number is about: pairs of dimension and category. A dimension that is summed over is left out; that of all is empty.
Key = frozenset[tuple[str, str]]
#: Counts from 1 up to, and without, this one are small.
THRESHOLD = 5


@dataclass(frozen=True)
class Days:
    """The days that statistics are about, both included."""

    first: date
    last: date

    def overlaps(self, other: Days) -> bool:
        """Whether the two have a day in common."""
        return self.first <= other.last and other.first <= self.last


@dataclass(frozen=True)
class Settings:
    """What the command was told about the statistics, and how strict the rules are.

    ``threshold``: counts from 1 and below it are small, and so are classes of microdata with fewer rows. ``dominance_n`` and
    ``dominance_k`` are the (n, k)-rule (k in per cent), ``p_percent`` is the p%-rule. ``diversity`` is the least number of
    distinct sensitive values in a class. ``quasi`` and ``sensitive`` name columns of microdata, ``magnitude`` columns of sums,
    ``dimensions`` columns of categories that look like numbers. ``counting`` says what is counted, ``days`` for when; empty and
    None: not told.
    """

    threshold: int = THRESHOLD
    dominance_n: int = 2
    dominance_k: float = 90.0
    p_percent: float = 10.0
    diversity: int = 2
    quasi: tuple[str, ...] = ()
    sensitive: tuple[str, ...] = ()
    magnitude: tuple[str, ...] = ()
    dimensions: tuple[str, ...] = ()
    counting: str = ""
    days: Days | None = None


class Measure(StrEnum):
    """What kind of number a cell holds."""

    COUNT = "count"
    MAGNITUDE = "magnitude"
    SHARE = "share"


@dataclass(frozen=True)
class Spot:
    """Where a number stands: its line, and the position of its column from 0 (None: the whole line)."""

    line: int
    position: int | None = None


@dataclass(frozen=True)
class Cell:
    """A published number, or a suppressed one (``value`` None) with the least and the greatest that its mark allows."""

    spot: Spot
    value: float | None
    least: float = 0.0
    greatest: float | None = None


@dataclass
class Block:
    """The numbers of one measure in one table. ``name`` is the heading of a column of sums, else empty.

    ``again`` are cells whose categories an earlier one has too.
    """

    name: str
    kind: Measure
    cells: dict[Key, Cell] = field(default_factory=dict)
    again: list[Cell] = field(default_factory=list)

    @property
    def dimensions(self) -> list[str]:
        """Every dimension of which some cell has a category, in one order."""
        return sorted({dimension for key in self.cells for dimension, _category in key})

    @property
    def suppressed(self) -> list[Key]:
        """The keys of the suppressed cells."""
        return [key for key, cell in self.cells.items() if cell.value is None]


@dataclass
class StatisticsTable:
    """A table of statistics as it was understood.

    ``unread`` are cells that are neither numbers nor marks, ``repeated`` rows whose categories another row has too, ``bare``
    rows with categories and no numbers.
    """

    raw: RawTable
    blocks: list[Block] = field(default_factory=list)
    unread: list[Spot] = field(default_factory=list)
    repeated: list[Spot] = field(default_factory=list)
    bare: list[Spot] = field(default_factory=list)


@dataclass(frozen=True)
class Earlier:
    """A block that is held against: keys with their numbers, or with the bounds of what was suppressed.

    ``released_on`` is the day of its release, empty for a table of the files that are checked together.
    """

    file: str
    released_on: str
    counting: str
    days: Days | None
    cells: dict[Key, Cell]


@dataclass
class Found:
    """One thing that a rule found: a code of ``reasons.WORDS``, and where. ``names`` fill the words' placeholders."""

    code: str
    spots: list[Spot] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    count: int | None = None


def parents(cells: Iterable[Key]) -> dict[tuple[Key, str], list[Key]]:
    """For each cell that sums over a dimension, and that dimension: the cells that it is the sum of."""
    keys = set(cells)
    found: dict[tuple[Key, str], list[Key]] = {}
    for key in sorted(keys, key=sorted):
        for pair in key:
            above = key - {pair}
            if above in keys:
                found.setdefault((above, pair[0]), []).append(key)
    return found
