"""One report to the board from end to end: counts, what must be left out, how finely it can be divided, two files."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from auditor.board.document import make_document
from auditor.board.facts import Facts, read_facts, span
from auditor.board.grid import Block, Cell, Unit, cells, families, rows, units
from auditor.board.page import render
from auditor.board.protecting import Unprotectable
from auditor.board.published import keep_published, read_published
from auditor.board.suppressing import Earlier, suppressed
from auditor.errors import UserError
from auditor.register import Register
from auditor.register.journal import newest
from auditor.words import _

DOCUMENT = "namnd.json"
PAGE = "namnd.html"
#: A table is divided only so finely that at least this share of its own numbers (not sums, not 0) can be told.
_TOLD = 0.5


def make_report(
    register: Register,
    out: Path,
    *,
    first: tuple[int, int],
    last: tuple[int, int],
    controller: str | None = None,
    threshold: int = 4,
    dnr: str = "",
    on: date,
) -> dict[str, Any]:
    """Write ``namnd.json`` and ``namnd.html`` into a folder and keep in the register what they give out; returns the document.

    Counts of 1 to ``threshold`` are left out, and what would give them back. Raises UserError.
    """
    begun = newest(register)
    facts = read_facts(register, span(first, last), controller)
    earlier = read_published(register, facts.controller, threshold)
    chosen, gone = _choose(facts, earlier, threshold)
    document = make_document(facts, chosen, gone, threshold, dnr, on)
    text = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
    (out / DOCUMENT).write_text(text, encoding="utf-8", newline="\n")
    (out / PAGE).write_text(render(json.loads(text)), encoding="utf-8", newline="\n")
    keep_published(register, document, facts, begun)
    return document


def _choose(facts: Facts, earlier: Sequence[Earlier], threshold: int) -> tuple[dict[Block, Unit], set[Cell]]:
    """How finely each table is divided, and what is left out of them."""
    possible = units(facts.months)
    place = dict.fromkeys(Block, 0)
    while True:
        chosen = {block: possible[n] for block, n in place.items()}
        wanted = cells(rows(families()), facts.months, chosen)
        small = {cell for cell in wanted if _is_own(cell) and _is_small(facts, cell, threshold)}
        coarser = _too_fine(facts, wanted, small, chosen)
        gone: set[Cell] = set()
        if not coarser:
            try:
                gone = suppressed(facts, wanted, earlier, threshold)
            except Unprotectable:
                coarser = {block for block in Block if chosen[block] is not Unit.WHOLE}
                if not coarser:
                    raise UserError(
                        _("Earlier reports from this register leave no way to protect the small numbers of this one."),
                        hint=_("Make a report of other months, which no earlier report tells of."),
                    ) from None
            else:
                coarser = _too_fine(facts, wanted, gone, chosen)
        if not coarser:
            return chosen, gone
        for block in coarser:
            place[block] += 1


def _too_fine(facts: Facts, wanted: Sequence[Cell], gone: set[Cell], chosen: dict[Block, Unit]) -> set[Block]:
    """The tables of which too little is told, and that can be divided less finely."""
    found = set()
    for block in Block:
        inner = [cell for cell in wanted if cell.row.block is block and _is_own(cell) and _value(facts, cell)]
        told = sum(cell not in gone for cell in inner)
        if chosen[block] is not Unit.WHOLE and told < _TOLD * len(inner):
            found.add(block)
    return found


def _is_own(cell: Cell) -> bool:
    """Whether a number is no sum of others in its table."""
    return cell.row.kind != "all" and not cell.total


def _is_small(facts: Facts, cell: Cell, threshold: int) -> bool:
    """Whether a number, or what a municipality's own part leaves of it, is 1 to the threshold."""
    known: dict[tuple[str, str], int] = {("", ""): 0}
    for month in cell.months:
        for party, ways in facts.counts[month]["parties"].items():
            for way, numbers in ways.items():
                n = sum(numbers.get(item, 0) for item in cell.row.items)
                known[party, way] = known.get((party, way), 0) + n
    value = _value(facts, cell)
    return any(1 <= value - n <= threshold for n in known.values())


def _value(facts: Facts, cell: Cell) -> int:
    return sum(facts.counts[month]["whole"].get(item, 0) for month in cell.months for item in cell.row.items)
