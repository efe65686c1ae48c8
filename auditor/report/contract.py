"""The data contract as the report shows it: what is not met first, then what could not be judged, then the rest."""

from __future__ import annotations

from typing import Any

from auditor.contract.model import Answer, Contract
from auditor.contract.wording import ANSWERS, asks, basis
from auditor.labels import TABLES
from auditor.words import _

_FIRST = (Answer.NOT_MET, Answer.FAILED, Answer.CANNOT_BE_JUDGED, Answer.MET)


def contract_view(contract: Contract) -> dict[str, Any]:
    """``counts`` (words and number of each answer), ``notable`` and ``met`` rows, and the names of the user's own suites."""
    outcomes = sorted(contract.outcomes, key=lambda outcome: _FIRST.index(outcome.answer))
    rows = [
        {
            "table": _(TABLES[outcome.suite.table]),
            "asks": asks(outcome),
            "answer": _(ANSWERS[outcome.answer]),
            "code": outcome.answer.value,
            "basis": basis(outcome),
        }
        for outcome in outcomes
    ]
    met = Answer.MET.value
    return {
        "total": len(rows),
        "counts": [{"words": _(ANSWERS[answer]), "n": len(contract.of(answer))} for answer in _FIRST if contract.of(answer)],
        "parts": [
            {
                "id": "contract-notable",
                "title": _("Not met or not judged"),
                "rows": [row for row in rows if row["code"] != met],
            },
            {"id": "contract-met", "title": _("Met"), "rows": [row for row in rows if row["code"] == met]},
        ],
        "own": [suite.name for suite in contract.suites if not suite.shipped],
    }
