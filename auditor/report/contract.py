"""The data contract as the report shows it: what is not met first, then what could not be judged, then the rest."""

from __future__ import annotations

from typing import Any

from auditor.contract.model import Answer, Contract
from auditor.contract.wording import ANSWERS, result_lines
from auditor.words import _

_FIRST = (Answer.NOT_MET, Answer.FAILED, Answer.CANNOT_BE_JUDGED, Answer.MET)


def contract_view(contract: Contract) -> dict[str, Any]:
    """``counts`` (words and number of each answer), ``parts`` with their rows, and the names of the user's own suites."""
    rows = sorted(result_lines(contract), key=lambda line: _FIRST.index(line.answer))
    shown = [{"table": row.table, "asks": row.asks, "answer": _(ANSWERS[row.answer]), "basis": row.basis} for row in rows]
    notable = sum(row.answer is not Answer.MET for row in rows)
    return {
        "counts": [{"words": _(ANSWERS[answer]), "n": len(contract.of(answer))} for answer in _FIRST if contract.of(answer)],
        "parts": [
            {"id": "contract-notable", "title": _("Not met or not judged"), "rows": shown[:notable]},
            {"id": "contract-met", "title": _("Met"), "rows": shown[notable:]},
        ],
        "own": [suite.name for suite in contract.suites if not suite.shipped],
    }
