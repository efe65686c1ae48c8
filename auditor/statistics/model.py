"""What a table of statistics is, what its check is asked, and what it finds: places, never values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import permutations

from auditor.release.model import RawTable
from auditor.statistics.numbers import Mark

#: What a number is about: pairs of dimension and category. A dimension that is summed over is left out; that of all is empty.
Key = frozenset[tuple[str, str]]
#: Dimensions that a total sums over.
Dimensions = frozenset[str]
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
    """A published number, or a suppressed one (``value`` None) with the least and the greatest that its mark allows.

    ``decimals``: with how many it is written; ``per_cent``: with a sign for it. ``mark``: what a suppressed one is marked with.
    """

    spot: Spot
    value: float | None
    least: float = 0.0
    greatest: float | None = None
    decimals: int = 0
    per_cent: bool = False
    mark: Mark | None = None


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
    """A table of statistics as it was understood, with the headings below its title.

    ``unread`` are cells that are neither numbers nor marks, ``repeated`` rows whose categories another row has too, ``bare``
    rows with categories and no numbers, ``unheaded`` the row of headings where it may be one of numbers, ``unsure`` columns
    that may be counts or categories, ``told`` headings and categories with small counts in words, ``joined`` columns and rows
    where another table seems to begin.
    """

    raw: RawTable
    headings: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    unread: list[Spot] = field(default_factory=list)
    repeated: list[Spot] = field(default_factory=list)
    bare: list[Spot] = field(default_factory=list)
    unheaded: list[Spot] = field(default_factory=list)
    unsure: list[Spot] = field(default_factory=list)
    told: list[Spot] = field(default_factory=list)
    joined: list[Spot] = field(default_factory=list)

    @property
    def shows_numbers(self) -> bool:
        """Whether any number is published, so that there is something to judge."""
        return any(cell.value is not None for block in self.blocks for cell in (*block.cells.values(), *block.again))


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


def parents(cells: Iterable[Key]) -> dict[tuple[Key, Dimensions], list[Key]]:
    """For each cell that sums over dimensions, and those dimensions: the cells that it is the sum of.

    A sum over several dimensions at once counts where its parts are not summed over one of them first: a grand total alone
    gives a cell back as well as the totals of rows and columns do.
    """
    keys = set(cells)
    shapes: dict[Dimensions, list[Key]] = {}
    for key in sorted(keys, key=sorted):
        shapes.setdefault(frozenset(dimension for dimension, _category in key), []).append(key)
    found: dict[tuple[Key, Dimensions], list[Key]] = {}
    for below, above in permutations(shapes, 2):
        if above < below:
            for total, parts in _sums_over(below - above, shapes[below], keys).items():
                found[total, below - above] = parts
    return found


def _sums_over(dimensions: Dimensions, parts: Sequence[Key], keys: set[Key]) -> dict[Key, list[Key]]:
    """The totals of parts over all of the dimensions, without those that sums over some of these already tell."""
    sums: dict[Key, list[Key]] = {}
    for key in parts:
        total = _without(key, dimensions)
        if total in keys:
            sums.setdefault(total, []).append(key)
    if len(dimensions) == 1:
        return sums
    return {total: of for total, of in sums.items() if not any(_summed_first(one, of, dimensions, keys) for one in dimensions)}


def _summed_first(one: str, parts: Sequence[Key], dimensions: Dimensions, keys: set[Key]) -> bool:
    """Whether all parts are summed over every dimension but one, in cells of their own."""
    return all(_without(key, dimensions - {one}) in keys for key in parts)


def _without(key: Key, dimensions: Dimensions) -> Key:
    return frozenset(pair for pair in key if pair[0] not in dimensions)
