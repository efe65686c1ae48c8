"""``namnd.json``: what a report to the board holds, and nothing but what may be published.

A number is an integer, ``null`` where it is left out, or ``"not_run"`` where none of the checks that it
counts was run, or could judge anything, in the months.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from auditor import __version__
from auditor.board.facts import Facts
from auditor.board.grid import VERDICTS, Block, Cell, Row, Unit, columns, families, rows
from auditor.law.municipalities import municipalities
from auditor.output import PROGRAM
from auditor.words import language

FORM = 1
NOT_RUN = "not_run"
Number = int | str | None


def make_document(
    facts: Facts, units: dict[Block, Unit], left_out: Iterable[Cell], threshold: int, dnr: str, on: date
) -> dict[str, Any]:
    """The report as ``namnd.json`` has it."""
    gone = {(cell.row, cell.months) for cell in left_out}
    by_name = {(row.block, row.kind, row.name): row for row in rows(families())}

    def table(block: Block) -> dict[str, Any]:
        shape = columns(facts.months, units[block])

        def line(kind: str, name: str) -> dict[str, Any]:
            row = by_name[block, kind, name]
            whole = _number(facts, row, frozenset(facts.months), gone)
            cells = [_number(facts, row, frozenset(names), gone) for names in shape] if len(shape) > 1 else [whole]
            return {"cells": cells, "total": whole}

        head = {"unit": units[block].value, "columns": [{"from": names[0], "to": names[-1]} for names in shape]}
        if block is Block.DISCLOSURES:
            lines = [{"verdict": name, **line("verdict", name)} for name in VERDICTS]
        elif block is Block.FINDINGS:
            lines = [{"family": name, **line("family", name)} for name in families()]
        else:
            each = [(family, id_) for family, ids in families().items() for id_ in ids]
            lines = [
                {"check": id_, "family": family, "months_not_run": _gaps(facts, id_), **line("check", id_)}
                for family, id_ in each
            ]
            return {**head, "rows": lines}
        return {**head, "rows": lines, "all": line("all", "")}

    return {
        "namnd": FORM,
        "program": {"name": PROGRAM, "version": __version__},
        "lang": language(),
        "controller": {"code": facts.controller, "name": municipalities().get(facts.controller, "")},
        "dnr": dnr,
        "date": on.isoformat(),
        "period": {"from": facts.months[0], "to": facts.months[-1]},
        "months": list(facts.months),
        "threshold": threshold,
        **{block.value: table(block) for block in Block},
    }


def _gaps(facts: Facts, check: str) -> int:
    """In how many months the check was not run."""
    return sum(check in facts.not_run[month] for month in facts.months)


def _number(facts: Facts, row: Row, months: frozenset[str], gone: set[tuple[Row, frozenset[str]]]) -> Number:
    # before what is left out: which checks were not run is told anyway, and a number that is none can give nothing back
    if (
        row.kind != "verdict"
        and row.block is not Block.DISCLOSURES
        and all(row.items <= facts.not_run[month] for month in months)
    ):
        return NOT_RUN
    if (row, months) in gone:
        return None
    return sum(int(facts.counts[month]["whole"].get(item, 0)) for month in months for item in row.items)


def cells_of(document: dict[str, Any]) -> list[tuple[Cell, int | None]]:
    """The numbers of a report as cells, None where one was left out; for comparing a report with another."""
    found: list[tuple[Cell, int | None]] = []
    checks_of: dict[str, list[str]] = {}
    for entry in document["checks"]["rows"]:
        checks_of.setdefault(entry["family"], []).append(entry["check"])
    by_name = {(row.block, row.kind, row.name): row for row in rows(checks_of)}
    every = tuple(document["months"])
    for block, kind in ((Block.DISCLOSURES, "verdict"), (Block.FINDINGS, "family"), (Block.CHECKS, "check")):
        table = document[block.value]
        shape = [frozenset(month for month in every if one["from"] <= month <= one["to"]) for one in table["columns"]]
        lines = [(kind, entry[kind], entry) for entry in table["rows"]]
        if "all" in table:
            lines.append(("all", "", table["all"]))
        for row_kind, name, line in lines:
            row = by_name[block, row_kind, name]
            numbers = [(months, number, False) for months, number in zip(shape, line["cells"], strict=True)]
            if len(shape) > 1:
                numbers.append((frozenset(every), line["total"], True))
            found += [(Cell(row, months, total), 0 if n == NOT_RUN else n) for months, n, total in numbers]
    return found


def left_out_of(document: dict[str, Any]) -> tuple[int, int]:
    """How many numbers of a report are left out, and how many it has that are not 0."""
    numbers = [number for _cell, number in cells_of(document)]
    return sum(number is None for number in numbers), sum(number != 0 for number in numbers)
