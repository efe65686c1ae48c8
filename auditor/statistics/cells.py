"""What single cells, rows and columns give away: small counts, shares of small counts, and groups that are all alike."""

from __future__ import annotations

from auditor.statistics.model import Block, Found, Key, Measure, Settings, Spot, StatisticsTable

#: A share is written with so few decimals; counts that it fits are looked for within half of the last.
_DECIMALS = (0, 1, 2, 3)


def cell_faults(table: StatisticsTable, settings: Settings) -> list[Found]:
    """Small counts, homogeneous and empty groups, and shares that give small counts back."""
    small: list[Spot] = []
    alike: list[Spot] = []
    empty: list[Spot] = []
    for block in table.blocks:
        if block.kind is Measure.COUNT:
            small += _small(block, settings.threshold)
            for group in (_one_alone, _none_at_all):
                (alike if group is _one_alone else empty).extend(group(block))
    found = [("small-cell", small), ("group-alike", alike), ("group-empty", empty), *_shares(table, settings.threshold)]
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


def _one_alone(block: Block) -> list[Spot]:
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


def _shares(table: StatisticsTable, threshold: int) -> list[tuple[str, list[Spot]]]:
    """Shares of a published number: small counts that they give back, and shares whose number is not in the table."""
    given: list[Spot] = []
    unknown: list[Spot] = []
    bases = _bases(table)
    for block in (block for block in table.blocks if block.kind is Measure.SHARE):
        for cell in block.cells.values():
            if not cell.value:
                continue
            there = bases.get(cell.spot.line, [])
            small = [_gives_small(cell.value, base, threshold) for base in there]
            if len(there) == 1 and small[0]:
                given.append(cell.spot)
            elif not there or any(small):
                unknown.append(cell.spot)
    return [("share-small", given), ("share-alone", unknown)]


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


def _gives_small(share: float, base: float, threshold: int) -> bool:
    """Whether a share in per cent of ``base`` can only be a count below the threshold, or all but such a count."""
    decimals = next((places for places in _DECIMALS if round(share, places) == share), _DECIMALS[-1])
    half = 0.5 * 10.0**-decimals
    low, high = (share - half) / 100 * base, (share + half) / 100 * base
    counts = [count for count in range(max(0, int(low) - 1), int(high) + 2) if low <= count <= high and count <= base]
    return bool(counts) and all(0 < count < threshold or 0 < base - count < threshold for count in counts)
