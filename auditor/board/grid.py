"""Which numbers a report has: verdicts and checks, families and sums, by stretch of the period and for all of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from auditor.board.facts import MonthName
from auditor.checks import CATALOGUE
from auditor.outcomes import Verdict

#: The gravest first, as in the officer's report.
VERDICTS = (Verdict.OUTSIDE.value, Verdict.UNDETERMINED.value, Verdict.WITHIN.value)
#: How many columns a page holds: short names of months, or longer stretches.
MOST_MONTHS, MOST_STRETCHES = 12, 8


class Unit(StrEnum):
    """How finely a period is divided; ``WHOLE`` is not at all."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"
    WHOLE = "whole"


_MONTHS_IN = {Unit.MONTH: 1, Unit.QUARTER: 3, Unit.HALF_YEAR: 6, Unit.YEAR: 12}


class Block(StrEnum):
    """The tables of a report: disclosures by verdict, findings by family of checks, and findings by check."""

    DISCLOSURES = "disclosures"
    FINDINGS = "findings"
    CHECKS = "checks"


@dataclass(frozen=True)
class Row:
    """A row of a table: ``kind`` is all, family, check or verdict, ``name`` which one, ``items`` what is summed."""

    block: Block
    kind: str
    name: str
    items: frozenset[str]


@dataclass(frozen=True)
class Cell:
    """A number of a report: a row in some months. ``total``: it stands beside columns that it is the sum of."""

    row: Row
    months: frozenset[MonthName]
    total: bool = False


def columns(months: tuple[MonthName, ...], unit: Unit) -> list[tuple[MonthName, ...]]:
    """The months put together by calendar quarters, half-years or years; the first and the last may be cut by the period."""
    if unit is Unit.WHOLE:
        return [months]
    found: dict[tuple[int, int], list[MonthName]] = {}
    for name in months:
        year, month = int(name[:4]), int(name[5:])
        found.setdefault((year, (month - 1) // _MONTHS_IN[unit]), []).append(name)
    return [tuple(names) for names in found.values()]


def units(months: tuple[MonthName, ...]) -> list[Unit]:
    """The units in which a period can be shown, the finest first: no more columns than a page holds, and none twice."""
    found: list[Unit] = []
    shapes: list[list[tuple[MonthName, ...]]] = []
    for unit in Unit:
        shape = columns(months, unit)
        most = MOST_MONTHS if unit is Unit.MONTH else MOST_STRETCHES
        if unit is Unit.WHOLE or (1 < len(shape) <= most and shape not in shapes):
            found.append(unit)
            shapes.append(shape)
    return found


def families() -> dict[str, list[str]]:
    """The checks of each family, by the first letter of their ids, in the catalogue's order."""
    found: dict[str, list[str]] = {}
    for check in CATALOGUE:
        found.setdefault(check.id[0], []).append(check.id)
    return found


def rows(checks_of: dict[str, list[str]]) -> list[Row]:
    """The rows of all tables, each sum before what it sums."""
    found = [Row(Block.DISCLOSURES, "all", "", frozenset(VERDICTS))]
    found += [Row(Block.DISCLOSURES, "verdict", name, frozenset([name])) for name in VERDICTS]
    found.append(Row(Block.FINDINGS, "all", "", frozenset(id_ for ids in checks_of.values() for id_ in ids)))
    for family, ids in checks_of.items():
        found.append(Row(Block.FINDINGS, "family", family, frozenset(ids)))
        found += [Row(Block.CHECKS, "check", id_, frozenset([id_])) for id_ in ids]
    return found


def cells(of: Iterable[Row], months: tuple[MonthName, ...], unit: dict[Block, Unit]) -> list[Cell]:
    """The numbers of a report: each row by column and, where there are several, for the whole period."""
    found: list[Cell] = []
    for row in of:
        shape = columns(months, unit[row.block])
        found += [Cell(row, frozenset(names)) for names in shape]
        if len(shape) > 1:
            found.append(Cell(row, frozenset(months), total=True))
    return found
