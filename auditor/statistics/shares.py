"""What shares give back: with the number that it is a share of, a share is a count, or one of a few."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from math import ceil, floor, isfinite

from auditor.statistics.bases import Share, shares_of
from auditor.statistics.model import Block, Cell, Measure, Spot, StatisticsTable

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
    for block in (block for block in table.blocks if block.kind is Measure.SHARE):
        finest = _finest(block)
        for share in shares_of(table, block):
            code = _code(share, finest[share.cell.spot.position], threshold)
            if code:
                found[code].append(share.cell.spot)
    return list(found.items())


def _finest(block: Block) -> dict[int | None, int]:
    """The most decimals of each column: who writes one share so tells that the others end in zeros that were left out."""
    found: dict[int | None, int] = {}
    for cell in (*block.cells.values(), *block.again):
        found[cell.spot.position] = max(cell.decimals, found.get(cell.spot.position, 0))
    return found


def _code(share: Share, finest: int, threshold: int) -> str:
    """The fault of one share; empty where there is none."""
    if share.known:
        return ""
    if not share.bases or share.whole is None:
        return "share-alone"
    told = {one for base in set(share.bases) for one in _readings(share.cell, share.whole, finest, base, threshold)} - {
        _Told.UNFIT
    }
    if share.of_all_rows:
        told = {_Told.NOTHING if one is _Told.ALL else one for one in told}
    if not told:
        return "share-unfit"
    if told == {_Told.NOTHING}:
        return ""
    if len(told) > 1 or len(share.bases) > 1:
        return "share-alone"
    return "share-small" if told == {_Told.SMALL} else "group-alike"


def _readings(cell: Cell, whole: float, finest: int, base: float, threshold: int) -> Iterable[_Told]:
    """What a share tells of a base as it is written, and as a part of one where it can be such; with its own decimals and the
    column's. The worst of those decimals that fit counts."""
    assert cell.value is not None
    of_one = whole == _PER_CENT and cell.value <= 1 and not cell.per_cent
    for all_of_it in (whole, _OF_ONE) if of_one else (whole,):
        told = {_told(cell.value, decimals, all_of_it, base, threshold) for decimals in {cell.decimals, finest}}
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
