"""What single cells, rows and columns give away: small counts, and groups that are all alike. Shares: ``shares``."""

from __future__ import annotations

from auditor.statistics.model import Block, Found, Key, Measure, Settings, Spot, StatisticsTable
from auditor.statistics.shares import share_faults


def cell_faults(table: StatisticsTable, settings: Settings) -> list[Found]:
    """Small counts, homogeneous and empty groups, and shares that give small counts back."""
    small: list[Spot] = []
    alike: list[Spot] = []
    empty: list[Spot] = []
    for block in table.blocks:
        if block.kind is Measure.COUNT:
            small += _small(block, settings.threshold)
            for group in (one_alone, _none_at_all):
                (alike if group is one_alone else empty).extend(group(block))
    found = [("small-cell", small), ("group-alike", alike), ("group-empty", empty), *share_faults(table, settings.threshold)]
    return [Found(code, list(dict.fromkeys(spots))) for code, spots in found if spots]


def _small(block: Block, threshold: int) -> list[Spot]:
    cells = (*block.cells.values(), *block.again)
    return [cell.spot for cell in cells if cell.value is not None and 0 < cell.value < threshold]


def _lines(block: Block) -> dict[tuple[Key, str], list[Key]]:
    """The cells that differ in one dimension alone, by what they share and that dimension; totals are no part of it."""
    lines: dict[tuple[Key, str], list[Key]] = {}
    for key in block.cells:
        for pair in key:
            lines.setdefault((key - {pair}, pair[0]), []).append(key)
    return {where: keys for where, keys in lines.items() if len(keys) > 1}


def _values(block: Block, keys: list[Key]) -> list[float] | None:
    values = [block.cells[key].value for key in keys]
    return None if None in values else [value for value in values if value is not None]


def one_alone(block: Block) -> list[Spot]:
    """The only cell of its group that is not zero: of everyone in the group it is known what they are."""
    found = []
    for keys in _lines(block).values():
        values = _values(block, keys)
        if values is not None and sum(value != 0 for value in values) == 1:
            found += [block.cells[key].spot for key, value in zip(keys, values, strict=True) if value]
    return found


def _none_at_all(block: Block) -> list[Spot]:
    """The first cell of a group of zeros alone."""
    found = []
    for keys in _lines(block).values():
        values = _values(block, keys)
        if values is not None and not any(values):
            found.append(block.cells[keys[0]].spot)
    return found
