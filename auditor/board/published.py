"""What was given out before: kept in the register, so that a later report gives none of it back by a difference."""

from __future__ import annotations

import json
from typing import Any

from auditor.board.document import cells_of
from auditor.board.facts import Facts
from auditor.board.suppressing import Earlier
from auditor.errors import UserError
from auditor.register import Register
from auditor.register.journal import append, digest_of_report, newest, next_number
from auditor.words import _

#: Number and hash of the journal's newest entry: the register as it was when a report was begun.
Head = tuple[int, str]


def read_published(register: Register, controller: str, threshold: int) -> list[Earlier]:
    """The reports given out of this controller, earliest first. Raises UserError when there are any of another one, since the
    difference between two controllers' numbers would be published too, or any of a higher threshold."""
    rows = register.rows("SELECT controller, threshold, document, basis FROM published ORDER BY report")
    if any(row["controller"] != controller for row in rows):
        raise UserError(
            _("Reports of another controller were published from this register."),
            hint=_("Keep one register for each controller: the difference between their numbers could point at a child."),
        )
    if any(row["threshold"] > threshold for row in rows):
        raise UserError(
            _(
                "An earlier report from this register left out numbers up to {n}, and a lower threshold could give them back."
            ).format(n=max(row["threshold"] for row in rows)),
            hint=_("Name that threshold, or a higher one, with --threshold."),
        )
    return [Earlier(tuple(cells_of(json.loads(row["document"]))), json.loads(row["basis"])) for row in rows]


def keep_published(register: Register, document: dict[str, Any], facts: Facts, begun: Head) -> None:
    """Keep what a report gives out, unless the same was given out before. Raises UserError when the register was changed since
    the report was begun."""
    numbers = json.dumps(document, ensure_ascii=False, sort_keys=True)
    basis = json.dumps(facts.counts, ensure_ascii=False, sort_keys=True)
    with register.change() as run:
        if newest(register) != begun:
            raise UserError(
                _("The register was changed while the report was made."), hint=_("Make the report again; nothing was written.")
            )
        for old in run.execute("SELECT document, basis FROM published"):
            if cells_of(json.loads(old[0])) == cells_of(document) and old[1] == basis:
                return
        number = next_number(run, "report")
        period = document["period"]
        run.execute(
            "INSERT INTO published VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                number, document["date"], facts.controller, period["from"], period["to"], document["threshold"], numbers, basis,
            ),
        )  # fmt: skip
        append(run, "report", {"report": number, **period, "digest": digest_of_report(run, number)})
