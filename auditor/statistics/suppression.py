"""Suppressed cells that the rest of a table gives back: totals and parts make equations, which bound each cell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from auditor.statistics.cells import one_alone
from auditor.statistics.model import Block, Cell, Dimensions, Found, Key, Measure, Settings, Spot, StatisticsTable, parents
from auditor.statistics.system import ContradictionError, Name, System

_NEAR = 0.5


@dataclass
class Sums:
    """Which totals of a block are the sums of their parts.

    ``more``: dimensions in which the total may also hold what is not shown. ``apart``: totals that are less than their parts
    together, so that the parts overlap; ``rests``: totals of which a small part is not shown.
    """

    equations: dict[tuple[Key, Dimensions], list[Key]] = field(default_factory=dict)
    more: set[Dimensions] = field(default_factory=set)
    apart: list[Key] = field(default_factory=list)
    rests: list[Key] = field(default_factory=list)


def sums_of(cells: dict[Key, Cell], threshold: int, near: float = _NEAR) -> Sums:
    """Hold every total against its parts, where all of them are published."""
    sums, all_sums = Sums(), parents(cells)
    apart: set[Dimensions] = set()
    for (above, dimensions), keys in all_sums.items():
        values = [cells[key].value for key in (above, *keys)]
        if any(value is None for value in values):
            continue
        total, *parts = (value for value in values if value is not None)
        rest = total - sum(parts)
        if rest < -near:
            apart.add(dimensions)
            sums.apart.append(above)
        elif rest > near:
            sums.more.add(dimensions)
            if rest < threshold:
                sums.rests.append(above)
    sums.equations = {where: keys for where, keys in all_sums.items() if not _among(where[1], apart)}
    sound = {above for above, _dimensions in sums.equations}
    sums.rests = [above for above in sums.rests if above in sound]
    sums.more = {dimensions for _above, dimensions in sums.equations if _among(dimensions, sums.more)}
    return sums


def _among(dimensions: Dimensions, found: Iterable[Dimensions]) -> bool:
    """Whether what was found of some dimensions is true of these: what is true of sums over one is so over it and others."""
    return any(one <= dimensions for one in found)


def add_block(system: System, cells: dict[Key, Cell], sums: Sums, mark: object) -> None:
    """The numbers of a block as ``(mark, key)``, and what its totals say of them."""
    for key, cell in cells.items():
        if cell.value is None:
            system.unknown((mark, key), cell.least, cell.greatest)
        else:
            system.known((mark, key), cell.value)
    for (above, dimensions), keys in sums.equations.items():
        terms: dict[Name, float] = {(mark, above): -1.0, **{(mark, key): 1.0 for key in keys}}
        if dimensions in sums.more:
            rest = _rest(mark, above, dimensions)
            system.unknown(rest)
            terms[rest] = 1.0
        system.equation(terms)


def _rest(mark: object, above: Key, dimensions: Dimensions) -> Name:
    """The unknown number of what a total holds besides the parts that are shown."""
    return (mark, above, dimensions, "rest")


def narrower(ends: tuple[float, float], threshold: int) -> bool:
    """Whether bounds give a small number away: some of 1 to threshold - 1 is possible, and not all of them."""
    low, high = ends[0] - 1e-6, ends[1] + 1e-6
    return high >= 1 and low <= threshold - 1 and not (low <= 1 and high >= threshold - 1)


def suppressed_cells(table: StatisticsTable, settings: Settings) -> list[Found]:
    """Suppressed cells that can be worked out, and totals that do not agree with their parts."""
    found: list[Found] = []
    for block in table.blocks:
        if block.kind is Measure.SHARE:
            continue
        sums = sums_of(block.cells, settings.threshold if block.kind is Measure.COUNT else 0)
        spots = [block.cells[key].spot for key in sums.rests]
        if spots:
            found.append(Found("rest-small", spots))
        hidden = block.suppressed
        if sums.apart:
            code = "totals-overlap" if hidden else "totals-differ"
            found.append(Found(code, [block.cells[key].spot for key in dict.fromkeys(sums.apart)]))
        if hidden:
            found += _worked_out(block, sums, hidden, settings)
    return found


def _given_back(kind: Measure, ends: tuple[float, float], settings: Settings) -> bool:
    """Whether bounds give a suppressed number away: a count by ``narrower``, a sum when known to within p per cent."""
    if kind is Measure.COUNT:
        return narrower(ends, settings.threshold)
    return ends[1] > 0 and ends[1] - ends[0] <= settings.p_percent / 100 * ends[1]


def _alone_beside_zeros(block: Block, zeros: Sequence[Key]) -> list[Found]:
    """The only cells of their groups that are not zero, where the totals tell that the suppressed ones are."""
    cells = block.cells | {key: replace(block.cells[key], value=0.0) for key in zeros}
    told = one_alone(block)
    spots = [spot for spot in one_alone(replace(block, cells=cells)) if spot not in told]
    return [Found("group-alike", spots)] if spots else []


def _small_rests(system: System, block: Block, sums: Sums, settings: Settings) -> list[Spot]:
    """Totals that hold a small number of others than their parts, some of which are suppressed. Raises ContradictionError."""
    asked = {
        _rest("here", above, dimensions): block.cells[above].spot
        for (above, dimensions), keys in sums.equations.items()
        if dimensions in sums.more and any(block.cells[key].value is None for key in (above, *keys))
    }
    bounds = system.covers(asked, 0.0, float(settings.threshold - 1)) if asked else {}
    return [asked[name] for name, ends in bounds.items() if ends and ends[0] >= 1 and narrower(ends, settings.threshold)]


def _small_together(block: Block, sums: Sums, given: set[Spot], settings: Settings) -> list[Spot]:
    """Totals whose suppressed parts, and what they hold besides, are a small number together; none of them given back alone."""
    spots: list[Spot] = []
    for (above, dimensions), keys in sums.equations.items():
        total, parts = block.cells[above], [block.cells[key] for key in keys]
        hidden = [part.spot for part in parts if part.value is None]
        if total.value is None or not hidden or given.intersection(hidden):
            continue
        several = len(hidden) > 1 or dimensions in sums.more
        if several and 1 <= total.value - sum(part.value or 0 for part in parts) < settings.threshold:
            spots.append(total.spot)
    return spots


def _worked_out(block: Block, sums: Sums, hidden: list[Key], settings: Settings) -> list[Found]:
    system = System(whole=block.kind is Measure.COUNT)
    add_block(system, block.cells, sums, "here")
    names = [("here", key) for key in hidden]
    try:
        bounds = system.covers(names, 1.0, float(settings.threshold - 1))
        rests = _small_rests(system, block, sums, settings) if block.kind is Measure.COUNT else []
    except ContradictionError:
        return [Found("totals-overlap", [block.cells[key].spot for key in hidden])]
    given: list[Spot] = []
    unsolved: list[Spot] = []
    for key in hidden:
        ends, spot = bounds["here", key], block.cells[key].spot
        if ends is None:
            unsolved.append(spot)
        elif _given_back(block.kind, ends, settings):
            given.append(spot)
    found = [Found("suppressed-given-back", given)] if given else []
    if block.kind is Measure.COUNT:
        rests += _small_together(block, sums, set(given), settings)
        found += [Found("rest-small", list(dict.fromkeys(rests)))] if rests else []
        found += _alone_beside_zeros(block, [key for key in hidden if (ends := bounds["here", key]) and ends[1] < _NEAR])
    return found + ([Found("suppressed-too-many", unsolved)] if unsolved else [])
