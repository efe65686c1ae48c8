"""What shares give back: with the number that it is a share of, a share is a count, or one of a few."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from math import ceil, floor, isfinite

from auditor.statistics.model import Block, Cell, Key, Measure, Spot, StatisticsTable

_NEAR = 1e-9
#: A share is written in per cent, or as a part of one.
_PER_CENT, _OF_ONE = 100.0, 1.0


class _Told(Enum):
    """What one reading of a share tells. ``NOTHING``: enough counts are possible; ``ALL``: of everyone in the group;
    ``UNFIT``: no count is possible, so it is no such share."""

    NOTHING = 0
    SMALL = 1
    ALL = 2
    UNFIT = 3


def share_faults(table: StatisticsTable, threshold: int) -> list[tuple[str, list[Spot]]]:
    """Shares of a published number that give back a small count, or that all of a group are alike; and shares that cannot be
    judged, since their number is not in the table or no count of it is such a share."""
    found: dict[str, list[Spot]] = {"share-small": [], "group-alike": [], "share-alone": [], "share-unfit": []}
    bases = _bases(table)
    for block in (block for block in table.blocks if block.kind is Measure.SHARE):
        finest = _finest(block)
        for key, cell in _cells(block):
            if cell.value:
                finer = finest[cell.spot.position]
                code = _code(cell, finer, bases.get(cell.spot.line, []), threshold, total=_is_of_all(key))
                if code:
                    found[code].append(cell.spot)
    return list(found.items())


def _cells(block: Block) -> list[tuple[Key, Cell]]:
    return [*block.cells.items(), *((frozenset(), cell) for cell in block.again)]


def _finest(block: Block) -> dict[int | None, int]:
    """The most decimals of each column: who writes one share so tells that the others end in zeros that were left out."""
    found: dict[int | None, int] = {}
    for _key, cell in _cells(block):
        found[cell.spot.position] = max(cell.decimals, found.get(cell.spot.position, 0))
    return found


def _is_of_all(key: Key) -> bool:
    """Whether a share is that of a total over the rows, of which 100 per cent tells nothing."""
    return not any(dimension for dimension, _category in key)


def _code(cell: Cell, finest: int, bases: list[float], threshold: int, *, total: bool) -> str:
    """The fault of one share; empty where there is none."""
    if not bases:
        return "share-alone"
    told = {one for base in bases for one in _readings(cell, finest, base, threshold)} - {_Told.UNFIT}
    if total:
        told = {_Told.NOTHING if one is _Told.ALL else one for one in told}
    if not told:
        return "share-unfit"
    if told == {_Told.NOTHING}:
        return ""
    if len(told) > 1 or len(bases) > 1:
        return "share-alone"
    return "share-small" if told == {_Told.SMALL} else "group-alike"


def _readings(cell: Cell, finest: int, base: float, threshold: int) -> Iterable[_Told]:
    """What a share tells of a base as per cent, and as a part of one where it can be such; with its own decimals and the
    column's. The worst of those decimals that fit counts."""
    assert cell.value is not None
    for whole in (_PER_CENT, _OF_ONE) if cell.value <= 1 and not cell.per_cent else (_PER_CENT,):
        told = {_told(cell.value, decimals, whole, base, threshold) for decimals in (cell.decimals, finest)}
        yield next(one for one in (_Told.SMALL, _Told.ALL, _Told.NOTHING, _Told.UNFIT) if one in told)


def _told(share: float, decimals: int, whole: float, base: float, threshold: int) -> _Told:
    """What the counts tell that a share can be, within half of its last decimal.

    Only the first and the last of them are worked out: a share of a great number has more than a memory holds.
    """
    half = 0.5 * 10.0**-decimals
    low, high = (share - half) / whole * base - _NEAR, (share + half) / whole * base + _NEAR
    if not (isfinite(low) and isfinite(high)):
        return _Told.UNFIT
    first, last = max(0, ceil(low)), floor(min(high, base))
    if first > last:
        return _Told.UNFIT
    none_is_possible = first == 0 and base >= threshold
    if none_is_possible or max(first, threshold) <= min(last, base - threshold):
        return _Told.NOTHING
    return _Told.ALL if last == base else _Told.SMALL


def _bases(table: StatisticsTable) -> dict[int, list[float]]:
    """The counts that the shares of each line may be shares of: those that sum over most dimensions."""
    cells = [item for block in table.blocks if block.kind is Measure.COUNT for item in block.cells.items()]
    fewest: dict[int, int] = {}
    for key, cell in cells:
        fewest[cell.spot.line] = min(len(key), fewest.get(cell.spot.line, len(key)))
    found: dict[int, list[float]] = {}
    for key, cell in cells:
        if len(key) == fewest[cell.spot.line] and cell.value is not None:
            found.setdefault(cell.spot.line, []).append(cell.value)
    return found
