"""Other ways to read a table, which a reader may well choose: each is put to the rules as the table itself is.

A total need not be called one: ``Riket`` is the total where nothing else is, and a column that is the sum of all others in
every row that shows all of them is a total whatever its heading says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from auditor.statistics.cells import one_alone
from auditor.statistics.model import Block, Cell, Found, Key, Measure, Settings, Spot, StatisticsTable
from auditor.statistics.suppression import suppressed_cells
from auditor.statistics.totals import may_be_total

#: What the faults of a table that is read with another total are called: that a rest is left out is then not certain.
_READ_WITH_TOTAL = {
    "suppressed-given-back": "suppressed-given-back",
    "suppressed-too-many": "suppressed-too-many",
    "rest-small": "part-unsure",
}


def with_other_readings(table: StatisticsTable, settings: Settings, found: Sequence[Found]) -> list[Found]:
    """What was found of a table, and what its other readings give away besides."""
    spots: dict[str, list[Spot]] = {}
    for block in (block for block in table.blocks if block.kind is Measure.COUNT):
        for reading in _with_totals(block):
            spots.setdefault("group-alike", []).extend(one_alone(reading))
            for fault in suppressed_cells(replace(table, blocks=[reading]), settings):
                if fault.code in _READ_WITH_TOTAL:
                    spots.setdefault(_READ_WITH_TOTAL[fault.code], []).extend(fault.spots)
    return _joined(found, spots)


def _joined(found: Sequence[Found], spots: dict[str, list[Spot]]) -> list[Found]:
    """What was found, with more spots, each told once of each code."""
    joined = list(found)
    for code, more in spots.items():
        same_code = next((fault for fault in joined if fault.code == code), None)
        told = same_code.spots if same_code else []
        new = [spot for spot in dict.fromkeys(more) if spot not in told]
        if new and same_code:
            joined[joined.index(same_code)] = replace(same_code, spots=[*told, *new])
        elif new:
            joined.append(Found(code, new))
    return joined


def _with_totals(block: Block) -> Iterator[Block]:
    """The block with categories read as totals, in dimensions without one: each that may be, beside the first of others."""
    candidates = {dimension: names for dimension in block.dimensions if (names := _candidates(block.cells, dimension))}
    for dimension, names in candidates.items():
        for name in names:
            chosen = {other: others[0] for other, others in candidates.items()} | {dimension: name}
            yield replace(block, cells=_summed(block.cells, chosen, candidates))


def _summed(cells: dict[Key, Cell], chosen: dict[str, str], candidates: dict[str, list[str]]) -> dict[Key, Cell]:
    """The cells with the chosen categories as totals, without those of other candidates: these are no parts."""
    left_out = {(dimension, name) for dimension, names in candidates.items() for name in names if name != chosen[dimension]}
    totals = set(chosen.items())
    return {key - totals: cell for key, cell in cells.items() if not key & left_out}


def _candidates(cells: dict[Key, Cell], dimension: str) -> list[str]:
    """The categories that may be the total of a dimension: by name, else by numbers. None where the dimension has a total."""
    lines: dict[Key, dict[str, Cell]] = {}
    for key, cell in cells.items():
        category = dict(key).get(dimension)
        if category is None:
            return []
        lines.setdefault(key - {(dimension, category)}, {})[category] = cell
    names = list(dict.fromkeys(name for line in lines.values() for name in line))
    named = [name for name in names if may_be_total(name)]
    if len(names) == len(named):
        return []
    return named or [name for name in names if _is_sum_of_others(name, names, lines.values())]


def _is_sum_of_others(name: str, names: Sequence[str], lines: Iterable[dict[str, Cell]]) -> bool:
    """Whether a category is the sum of all others in every line that shows all; in one of them it sums several numbers."""
    sums_several = False
    for line in lines:
        values = [line[one].value for one in names if one in line]
        total = line[name].value if name in line else None
        if len(values) < len(names) or total is None or None in values:
            continue
        parts = [value for value in values if value is not None]
        if sum(parts) != 2 * total:
            return False
        sums_several = sums_several or sum(part > 0 for part in parts) > 2
    return sums_several
