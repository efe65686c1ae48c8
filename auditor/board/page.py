"""``namnd.html``: the report to the board as a page, made from what stands in ``namnd.json`` and from nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from auditor.board.document import Number, left_out_of
from auditor.board.wording import FAMILIES, stretch
from auditor.checks import by_id
from auditor.formats import day_text, number_text
from auditor.labels import VERDICTS
from auditor.outcomes import Verdict
from auditor.report.filling import self_contained
from auditor.report.formats import percent
from auditor.report.naming import FAMILIES as FAMILY_NAMES
from auditor.report.pictures import Segment, segments
from auditor.words import _, language, speak

_TEMPLATE, _STYLE = "namnd.html.j2", "namnd.css"


@dataclass(frozen=True)
class _Column:
    """A column of a picture, places and heights of 100; ``hidden`` where its number is left out."""

    start: float
    width: float
    height: float
    hidden: bool


def render(document: dict[str, Any]) -> str:
    """The page of a document, in the document's own language: the same document gives the same page."""
    before = language()
    speak(document["lang"])
    try:
        return self_contained(_TEMPLATE, _STYLE, {"view": _view(document)})
    finally:
        speak(before)


def _view(document: dict[str, Any]) -> dict[str, Any]:
    disclosures, findings, checks = (document[name] for name in ("disclosures", "findings", "checks"))
    totals = {row["verdict"]: row["total"] for row in disclosures["rows"]}
    out, every = left_out_of(document)
    period = stretch(document["period"]["from"], document["period"]["to"])
    partly = {row["family"] for row in checks["rows"] if row["months_not_run"]}
    heads = [stretch(column["from"], column["to"]) for column in disclosures["columns"]]
    return {
        "period": period,
        "date": day_text(date.fromisoformat(document["date"])),
        "dnr": document["dnr"],
        "controller": document["controller"]["name"] or document["controller"]["code"],
        "version": document["program"]["version"],
        "months": len(document["months"]),
        "threshold": document["threshold"],
        "left_out": out,
        "numbers": every,
        "all": disclosures["all"]["total"],
        "found": findings["all"]["total"],
        "without_rows": [head for head, n in zip(heads, disclosures["all"]["cells"], strict=True) if n == 0],
        "nothing": _nothing_found(disclosures["all"]["total"], partly),
        "verdicts": [
            {
                "code": verdict,
                "words": _(VERDICTS[Verdict(verdict)]),
                "n": totals[verdict],
                "share": percent(totals[verdict], disclosures["all"]["total"]) if _all_told([*totals.values()]) else "",
            }
            for verdict in totals
        ],
        "bar": _bar(list(totals), list(totals.values())),
        "trend": _trend(disclosures),
        "most": _most(findings),
        "something": _is_something(findings["all"]["total"]),
        "assessments": [_assessment(row) for row in findings["rows"] if _is_something(row["total"])],
        "clean": [
            _(FAMILY_NAMES[row["family"]]) for row in findings["rows"] if row["total"] == 0 and row["family"] not in partly
        ],
        "not_run": [
            {"id": row["check"], "words": _question(row["check"]), "months": row["months_not_run"]}
            for row in checks["rows"]
            if row["months_not_run"]
        ],
        "pictures": _pictures(disclosures),
        "tables": [
            _table(disclosures, "verdict", [_(VERDICTS[Verdict(row["verdict"])]) for row in disclosures["rows"]]),
            _table(findings, "family", [_(FAMILY_NAMES[row["family"]]) for row in findings["rows"]]),
            _table(_with_something(checks), "check", [_finding(row["check"]) for row in _with_something(checks)["rows"]]),
        ],
        "without": [row["check"] for row in checks["rows"] if row["total"] == 0 and not row["months_not_run"]],
    }


def _nothing_found(audited: Number, partly: set[str]) -> str:
    """What is said where nothing was found, no more than the checks could show."""
    if audited == 0:
        return _("No disclosure could be checked, and no other check that could be made found anything.")
    if partly:
        return _("No check that could be made found anything in the period.")
    return _("No check found anything in the period.")


def _is_something(number: Number) -> bool:
    """Whether a number says that something was found: it is left out, or not 0."""
    return number is None or (isinstance(number, int) and number > 0)


def _all_told(numbers: Sequence[Number]) -> bool:
    return all(isinstance(number, int) for number in numbers)


def _bar(codes: list[str], numbers: list[Number]) -> tuple[Segment, ...]:
    """The parts of a bar; none when a part is left out."""
    told = [number for number in numbers if isinstance(number, int)]
    return segments(codes, told, sum(told) or 1) if len(told) == len(numbers) else ()


def _question(check: str) -> str:
    return _(by_id(check).page.question)


def _finding(check: str) -> str:
    return _(by_id(check).page.finding)


def _trend(disclosures: dict[str, Any]) -> dict[str, str] | None:
    """The share outside the agreement in the first and the last column, where both can be told."""
    outside = next(row for row in disclosures["rows"] if row["verdict"] == Verdict.OUTSIDE)["cells"]
    every = disclosures["all"]["cells"]
    numbers = (outside[0], every[0], outside[-1], every[-1])
    if len(every) < 2 or not _all_told(numbers) or not every[0] or not every[-1]:
        return None
    first, last = disclosures["columns"][0], disclosures["columns"][-1]
    return {
        "first": stretch(first["from"], first["to"]),
        "last": stretch(last["from"], last["to"]),
        "first_share": percent(outside[0], every[0]),
        "last_share": percent(outside[-1], every[-1]),
    }


def _most(findings: dict[str, Any]) -> dict[str, Any] | None:
    """The family with most findings, when no family's number is left out."""
    rows = findings["rows"]
    if not _all_told([row["total"] for row in rows]):
        return None
    most = max(rows, key=lambda row: row["total"])
    return {"words": _(FAMILY_NAMES[most["family"]]), "n": most["total"]} if most["total"] else None


def _assessment(row: dict[str, Any]) -> dict[str, str]:
    found, assessed, recommended = FAMILIES[row["family"]]
    number = number_text(row["total"]) if row["total"] is not None else _("not told")
    return {
        "words": _(FAMILY_NAMES[row["family"]]),
        "found": _(found).format(n=number),
        "assessed": _(assessed),
        "recommended": _(recommended),
    }


def _pictures(disclosures: dict[str, Any]) -> list[dict[str, Any]]:
    """Disclosures over time in two panels, each with a scale of its own: all, and those outside the agreement."""
    columns = disclosures["columns"]
    outside = next(row for row in disclosures["rows"] if row["verdict"] == Verdict.OUTSIDE)["cells"]
    if len(columns) < 2:
        return []
    pictures = []
    for code, words, numbers in (
        ("all", _("Disclosures audited"), disclosures["all"]["cells"]),
        ("outside", _(VERDICTS[Verdict.OUTSIDE]), outside),
    ):
        told = [number for number in numbers if isinstance(number, int)]
        most, width = max(told, default=0), 100 / len(columns)
        pictures.append(
            {
                "code": code,
                "words": words,
                "scale": _scale(most, hidden=None in numbers),
                "columns": [
                    _Column(
                        round(n * width + width * 0.15, 3),
                        round(width * 0.7, 3),
                        round(100 * number / most, 2) if isinstance(number, int) and most else 0.0,
                        number is None,
                    )
                    for n, number in enumerate(numbers)
                ],
                "first": stretch(columns[0]["from"], columns[0]["to"]),
                "last": stretch(columns[-1]["from"], columns[-1]["to"]),
            }
        )
    return pictures


def _scale(most: int, *, hidden: bool) -> str:
    """What the highest column is, of those that are told."""
    if hidden:
        return _("the highest number told is {n}").format(n=number_text(most)) if most else ""
    return _("at most {n}").format(n=number_text(most))


def _with_something(checks: dict[str, Any]) -> dict[str, Any]:
    return {**checks, "rows": [row for row in checks["rows"] if row["total"] != 0]}


def _table(table: dict[str, Any], kind: str, words: list[str]) -> dict[str, Any]:
    """A table of the annex. Time runs down where that makes a narrow page of it: of checks there are too many."""
    heads = [stretch(column["from"], column["to"]) for column in table["columns"]]
    several = len(heads) > 1
    lines = [
        {"id": row[kind], "words": name, "cells": [*row["cells"], row["total"]] if several else [row["total"]]}
        for row, name in zip(table["rows"], words, strict=True)
    ]
    if "all" in table:
        whole = table["all"]
        lines.append(
            {"id": "all", "words": _("All"), "cells": [*whole["cells"], whole["total"]] if several else [whole["total"]]}
        )
    told = [line["cells"][-1] for line in lines if line["id"] != "all" and isinstance(line["cells"][-1], int)]
    most = max(told, default=0)
    for line in lines:
        n = line["cells"][-1]
        line["length"] = round(100 * n / most, 2) if isinstance(n, int) and most and line["id"] != "all" else 0
    return {"kind": kind, "heads": [*heads, _("The whole period")] if several else heads, "rows": lines}
