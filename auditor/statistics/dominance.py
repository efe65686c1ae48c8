"""Sums that one or two contributors make up: the (n, k)-rule and the p%-rule, where the contributions are known.

(n, k): the n greatest contributions are more than k per cent of the sum. p%: the sum without the two greatest is less than p
per cent of the greatest, so that the second greatest contributor can work the greatest out. Both as ACRO has them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum

from auditor.engine import Engine, quoted
from auditor.intake.spelling import heading_key, same
from auditor.release.columns import view_of
from auditor.release.model import RawTable
from auditor.statistics.model import Block, Cell, Found, Key, Measure, Settings, Spot, StatisticsTable
from auditor.statistics.numbers import Number, read_cell
from auditor.statistics.tables import ACROSS

#: What adding up floating numbers may cost, of the sum.
_NEAR = 1e-9


@dataclass(frozen=True)
class Contribution:
    """One row behind a table of sums: the category of each of its columns, and its amount."""

    categories: dict[str, str]
    amount: float


@dataclass
class Contributions:
    """The rows behind tables of sums, by the heading of their amounts. ``unread`` counts amounts that are no numbers."""

    columns: dict[str, set[str]]
    rows: dict[str, list[Contribution]]
    unread: int = 0


def read_contributions(engine: Engine, table: RawTable, settings: Settings) -> Contributions:
    """The contributions in a table whose view has been made; the amounts are in the columns of ``settings.magnitude``."""
    keys = [heading_key(heading) for heading in table.headings]
    amounts = [keys.index(key) for name in settings.magnitude if (key := heading_key(name)) in keys]
    others = [position for position in range(len(keys)) if position not in amounts]
    found = Contributions({keys[position]: set() for position in others}, {keys[position]: [] for position in amounts})
    cells = ", ".join(f"c{position}" for position in range(len(keys)))
    for row in engine.rows(f"SELECT {cells} FROM {quoted(view_of(table))} ORDER BY line"):
        categories = {keys[position]: same(row[position] or "") for position in others}
        for key, category in categories.items():
            found.columns[key].add(category)
        for position in amounts:
            read = read_cell(row[position])
            if isinstance(read, Number):
                found.rows[keys[position]].append(Contribution(categories, read.value))
            elif row[position]:
                found.unread += 1
    return found


def dominance_faults(table: StatisticsTable, settings: Settings, known: Contributions | None) -> list[Found]:
    """Cells of sums that few contributors make up; sums whose contributions are not known cannot be judged."""
    found: list[Found] = []
    for block in table.blocks:
        if block.kind is not Measure.MAGNITUDE:
            continue
        rows = _rows_behind(block, known)
        published = [(key, cell.spot) for key, cell in block.cells.items() if cell.value is not None]
        if rows is None:
            found.append(Found("sums-unknown", [spot for _key, spot in published]))
            continue
        found += _judged(block, rows, published, settings)
    return [one for one in found if one.spots]


def _rows_behind(block: Block, known: Contributions | None) -> list[Contribution] | None:
    """The contributions to a block with its own dimensions as their columns; None where they cannot be told."""
    if known is None or known.unread or not known.rows:
        return None
    named = known.rows.get(heading_key(block.name)) if block.name else None
    rows = named if named is not None else next(iter(known.rows.values())) if len(known.rows) == 1 else None
    if rows is None:
        return None
    columns: dict[str, str] = {}
    for dimension in block.dimensions:
        wanted = {category for key in block.cells for name, category in key if name == dimension}
        named_so = [dimension] if dimension != ACROSS else sorted(known.columns)
        column = next((name for name in named_so if wanted <= known.columns.get(name, set())), None)
        if column is None:
            return None
        columns[dimension] = column
    return [
        Contribution({dimension: row.categories[column] for dimension, column in columns.items()}, row.amount) for row in rows
    ]


def _judged(
    block: Block, rows: Sequence[Contribution], published: Sequence[tuple[Key, Spot]], settings: Settings
) -> list[Found]:
    amounts: dict[Key, list[float]] = {key: [] for key, _spot in published}
    shapes = {frozenset(dimension for dimension, _category in key) for key in amounts}
    for row in rows:
        for shape in shapes:
            key = frozenset((dimension, row.categories[dimension]) for dimension in shape)
            if key in amounts:
                amounts[key].append(row.amount)
    faults: dict[str, list[Spot]] = {}
    for key, spot in published:
        for code in cell_rules(amounts[key], block.cells[key], settings):
            faults.setdefault(code, []).append(spot)
    return [Found(code, spots) for code, spots in faults.items()]


def cell_rules(amounts: Sequence[float], published: Cell, settings: Settings) -> list[str]:
    """The rules that one published sum breaks, given the amounts behind it, of which it is the sum as it is rounded."""
    assert published.value is not None
    total = fsum(amounts)
    if any(amount < 0 for amount in amounts):
        return ["sums-negative"]
    if abs(total - published.value) > 0.5 * 10.0**-published.decimals + _NEAR * abs(total):
        return ["sums-of-others"]
    counted = [amount for amount in amounts if amount]
    faults = []
    if 0 < len(amounts) < settings.threshold:
        faults.append("sums-few")
    if not counted:
        return faults
    ordered = sorted(counted, reverse=True)
    if sum(ordered[: settings.dominance_n]) > settings.dominance_k / 100 * total:
        faults.append("dominance-nk")
    if total - sum(ordered[:2]) < settings.p_percent / 100 * ordered[0]:
        faults.append("dominance-p")
    return faults
