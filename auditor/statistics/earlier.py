"""Differences against what was released before: two tables that overlap give small numbers back that neither of them shows.

Periods are cut where any of them begins or ends. Each number of each table is then the sum of its pieces, and the pieces are
bounded as suppressed cells are (``system``): the first nine months and the first ten give the tenth back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import pairwise

from auditor.intake.spelling import same
from auditor.statistics.model import Block, Cell, Days, Earlier, Found, Key, Measure, Settings, Spot, StatisticsTable, parents
from auditor.statistics.suppression import add_block, narrower, sums_of
from auditor.statistics.system import ContradictionError, Name, System

Piece = tuple[date, date]
#: The days of tables that leave together when nobody said which; nothing released before is joined to them.
_UNTOLD = Days(date.min, date.min)


@dataclass
class _Told:
    """What is found of one block: spots by code and the file that they are held against. ``of``: those held against."""

    faults: dict[tuple[str, str], list[Spot]] = field(default_factory=dict)
    of: set[int] = field(default_factory=set)

    def is_told(self, earlier: Earlier) -> bool:
        """Whether anything was found of the block together with that one."""
        return id(earlier) in self.of

    def tell(self, code: str, spot: Spot, earlier: Earlier) -> None:
        place = f"{earlier.file} ({earlier.released_on})" if earlier.released_on else earlier.file
        code = code if earlier.released_on else f"linked-{code.rpartition('-')[2]}"
        self.faults.setdefault((code, place), []).append(spot)
        self.of.add(id(earlier))


def earlier_faults(
    table: StatisticsTable, settings: Settings, released: Sequence[Earlier], beside: Sequence[Earlier] = ()
) -> list[Found]:
    """What a table gives away together with those released before it, and with those that leave ``beside`` it."""
    found: list[Found] = []
    for block in table.blocks:
        if block.kind is not Measure.COUNT:
            continue
        told = _Told()
        related = [one for one in released if _comparable(settings, one) and _related(block.cells, one.cells)]
        joined = [earlier for earlier in related if _joins(block, settings, earlier, told)]
        _pieces_told(block, settings, [*joined, *(other for other in beside if _linked(block, other, settings))], told)
        found += [Found(code, list(dict.fromkeys(spots)), {"earlier": place}) for (code, place), spots in told.faults.items()]
    return found


def _joins(block: Block, settings: Settings, earlier: Earlier, told: _Told) -> bool:
    """Whether the two go into one system: it is known that both count the same, and no number of the same days differs.

    Where they do not, and something could be given back, that it was not worked out is told: it never passes in silence.
    """
    if not block.cells:
        return False
    first = next(iter(block.cells.values())).spot
    sure = _sure(settings, earlier)
    differs = _differs(block, settings, earlier, told, sure=sure)
    if sure and not differs:
        return True
    if not told.is_told(earlier) and not _nothing_new(block.cells, earlier.cells, differs=differs):
        told.tell("earlier-contradicts" if sure else "earlier-unsure", first, earlier)
    return False


def _nothing_new(mine: dict[Key, Cell], theirs: dict[Key, Cell], *, differs: bool) -> bool:
    """Whether the two tell nothing together: they are the same numbers, or corrected ones of which none is suppressed."""
    if differs:
        return mine.keys() == theirs.keys() and all(cell.value is not None for cell in (*mine.values(), *theirs.values()))
    return all(key in theirs and _published(cell) == _published(theirs[key]) for key, cell in mine.items())


def _published(cell: Cell) -> tuple[float | None, float, float | None]:
    return (cell.value, 0.0, None) if cell.value is not None else (None, cell.least, cell.greatest)


def _related(mine: dict[Key, Cell], theirs: dict[Key, Cell]) -> bool:
    """Whether two tables have a number in common, or one has a total of parts that the other has."""
    return any(key in theirs for key in mine) or bool(_shared_sums(mine, theirs))


def _shared_sums(mine: dict[Key, Cell], theirs: dict[Key, Cell]) -> list[tuple[Key, list[Key]]]:
    """Totals of one table with their parts, not all of which stand in that table."""
    return [
        (above, keys)
        for (above, _dimensions), keys in parents({*mine, *theirs}).items()
        if not any(table.keys() >= {above, *keys} for table in (mine, theirs))
    ]


def _linked(block: Block, other: Earlier, settings: Settings) -> bool:
    """Whether two tables that leave together are about the same: they share a total, or one has the parts of the other's,
    and no number or sum of both differs."""
    pairs = [(cell.value, other.cells[key].value) for key, cell in block.cells.items() if key in other.cells]
    both = [(mine, theirs) for mine, theirs in pairs if mine is not None and theirs is not None]
    if any(mine != theirs for mine, theirs in both):
        return False
    return any(mine >= settings.threshold for mine, _theirs in both) or _parts_agree(block.cells, other.cells)


def _parts_agree(mine: dict[Key, Cell], theirs: dict[Key, Cell]) -> bool:
    """Whether one table has the parts of the other's totals, and none of these differs from their sum."""
    shared = _shared_sums(mine, theirs)
    numbers = {key: cell.value for key, cell in (theirs | mine).items()}
    published = [(numbers[above], [numbers[key] for key in keys]) for above, keys in shared]
    return bool(shared) and all(
        total == sum(part for part in parts if part is not None) for total, parts in published if None not in (total, *parts)
    )


def _comparable(settings: Settings, earlier: Earlier) -> bool:
    """Whether the two may be about the same persons: what is not known may be so."""
    other_things = bool(settings.counting and earlier.counting and same(settings.counting) != same(earlier.counting))
    apart = settings.days is not None and earlier.days is not None and not settings.days.overlaps(earlier.days)
    return not other_things and not apart


def _sure(settings: Settings, earlier: Earlier) -> bool:
    """Whether it is known that both count the same, and for when."""
    counted = same(settings.counting)
    return bool(counted) and counted == same(earlier.counting) and None not in (settings.days, earlier.days)


def _differs(block: Block, settings: Settings, earlier: Earlier, told: _Told, *, sure: bool) -> bool:
    """Tell of numbers of the same days that differ by little; whether any differ: one of the tables was corrected, or counts
    something else."""
    if sure and settings.days != earlier.days:
        return False
    differs = False
    for key, cell in block.cells.items():
        before = earlier.cells.get(key)
        if before is None or before.value is None or cell.value is None or before.value == cell.value:
            continue
        differs = True
        if abs(cell.value - before.value) < settings.threshold:
            told.tell("difference-small" if sure else "difference-unsure", cell.spot, earlier)
    return differs


@dataclass
class _Dated:
    """The cells of a table with the days that they are about."""

    mark: object
    cells: dict[Key, Cell]
    days: Days


def _pieces_told(block: Block, settings: Settings, joined: Sequence[Earlier], told: _Told) -> None:
    """Put the block and those released before into one system, and tell of numbers and pieces of them that it gives away.

    What it gives away alone, and what those released before give away without it, is not told again.
    """
    if not joined:
        return
    settings = settings if settings.days else replace(settings, days=_UNTOLD)
    assert settings.days is not None
    joined = [earlier if earlier.released_on else replace(earlier, days=settings.days) for earlier in joined]
    before = [_Dated(number, earlier.cells, earlier.days) for number, earlier in enumerate(joined) if earlier.days]
    together = [_Dated("here", block.cells, settings.days), *before]
    pieces = _cut([dated.days for dated in together])
    asked = _asked(block, settings, joined, pieces)
    try:
        bounds = _bounds(together, pieces, asked, settings)
    except ContradictionError:
        for earlier in joined:
            told.tell("earlier-contradicts", next(iter(block.cells.values())).spot, earlier)
        return
    given = {name for name, ends in bounds.items() if ends is not None and narrower(ends, settings.threshold)}
    known: set[Name] = set()
    if given:
        for apart in (before, together[:1]):
            without = _bounds(apart, pieces, given, settings)
            known |= {name for name, ends in without.items() if ends is not None and narrower(ends, settings.threshold)}
    first = next(iter(block.cells.values())).spot
    for name, (key, earlier) in asked.items():
        spot = block.cells[key].spot if key in block.cells else first
        if name in given - known:
            told.tell("difference-given-back", spot, earlier)
        elif bounds.get(name) is None and name in bounds:
            told.tell("earlier-too-many", spot, earlier)


def _asked(
    block: Block, settings: Settings, joined: Sequence[Earlier], pieces: Sequence[Piece]
) -> dict[Name, tuple[Key, Earlier]]:
    """The numbers that nobody may work out: suppressed ones of any table, and pieces of numbers that several tables have."""
    asked: dict[Name, tuple[Key, Earlier]] = {}
    for number, earlier in enumerate(joined):
        for key, cell in earlier.cells.items():
            if cell.value is None:
                asked[number, key] = (key, earlier)
            if key in block.cells and earlier.days != settings.days:
                asked.update({(key, piece): (key, earlier) for piece in pieces})
        asked.update({("here", key): (key, earlier) for key in block.suppressed})
    return asked


def _bounds(
    tables: Sequence[_Dated], pieces: Sequence[Piece], asked: Iterable[Name], settings: Settings
) -> dict[Name, tuple[float, float] | None]:
    """The bounds of the numbers asked for that the tables have at all. Raises ContradictionError."""
    system = System()
    there: set[Name] = set()
    for dated in tables:
        sums = sums_of(dated.cells, settings.threshold)
        add_block(system, dated.cells, sums, dated.mark)
        inside = [piece for piece in pieces if dated.days.first <= piece[0] and piece[1] <= dated.days.last]
        for key in dated.cells:
            names = [(key, piece) for piece in inside]
            for name in names:
                system.unknown(name)
            system.equation({(dated.mark, key): -1.0, **dict.fromkeys(names, 1.0)})
            there.update([(dated.mark, key), *names])
        for above, keys in _totals_elsewhere(dated, tables, settings):
            for piece in inside:
                system.equation({(above, piece): -1.0, **{(key, piece): 1.0 for key in keys}})
    return system.covers([name for name in asked if name in there], 1.0, float(settings.threshold - 1))


def _totals_elsewhere(dated: _Dated, tables: Sequence[_Dated], settings: Settings) -> list[tuple[Key, list[Key]]]:
    """Totals of a table's cells that stand in another table of the same days, with those cells."""
    together = {key: cell for other in tables if other.days == dated.days for key, cell in other.cells.items()}
    sums = sums_of(together | dated.cells, settings.threshold)
    return [
        (above, keys)
        for (above, dimensions), keys in sums.equations.items()
        if above not in dated.cells and dimensions not in sums.more and dated.cells.keys() >= set(keys)
    ]


def _cut(spans: Sequence[Days]) -> list[Piece]:
    """The pieces of the days, cut where any span begins or has ended."""
    edges = sorted({span.first for span in spans} | {span.last + timedelta(days=1) for span in spans})
    pieces = [(first, after - timedelta(days=1)) for first, after in pairwise(edges)]
    return [piece for piece in pieces if any(span.first <= piece[0] and piece[1] <= span.last for span in spans)]
