"""Cells of a text file that a spreadsheet program takes for formulas: opened there, they may send away what stands beside them.

OWASP, CSV Injection (owasp.org/www-community/attacks/CSV_Injection): what begins with ``=``, ``+``, ``-`` or ``@``. Here a dash before
words, or a plus before a number, is none: there must be a call, another program (DDE) or another sheet in what follows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from auditor.engine import Engine, text
from auditor.release.columns import Column, view_of
from auditor.release.model import SHOWN_PLACES, RawTable, Reason, Weight
from auditor.release.wording import place_of
from auditor.words import _

_OPERAND = r"(?:[A-Za-zÅÄÖåäö0-9_.$]+|\"[^\"]*\")"
#: For the engine (RE2) and Python alike.
_ACTS = rf"^\s*(?:=|[-+@]\s*(?:'[^']+'!|{_OPERAND}(?:\s*[-+*/^&%]\s*{_OPERAND})*(?:\(|\s*\|\s*['A-Za-z]|![$A-Za-z])))"
_ACTING = re.compile(_ACTS)


def harmless(cell: str | None) -> str:
    """A cell as text that no spreadsheet program takes for a formula."""
    return "" if cell is None else f"'{cell}" if _ACTING.match(cell) else cell


def formula_reasons(engine: Engine, table: RawTable, columns: Sequence[Column]) -> list[Reason]:
    """Headings and cells that would act; none in a table that is no text file."""
    if not table.separated:
        return []
    places: list[str] = []
    count = 0
    for column in columns:
        if _ACTING.match(column.heading):
            count += 1
            places.append(_("{table}, headings").format(table=table.place))
        sql = f"SELECT count(*), min(line, {SHOWN_PLACES}) FROM {view_of(table)} WHERE regexp_matches({column.cell}, {text(_ACTS)})"
        cells, lines = engine.rows(sql)[0]
        count += cells
        places += [place_of(table, column.position, column.shown, line) for line in lines or ()]
    if not count:
        return []
    return [
        Reason(
            Weight.STOP,
            "formula-text",
            _("Cells begin as formulas do; a spreadsheet program may carry them out when the file is opened."),
            _("Write an apostrophe before them, or make a clean copy with --write-clean, which does so."),
            places[:SHOWN_PLACES],
            count,
        )
    ]
