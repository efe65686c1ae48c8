"""An independent reading of the disclosure and case checks: plain Python, row by row, slow and obvious.

It shares no code with the program. The program's answers are held against these, check by check and row by row.
The checks stand in evaluator_checks.py, the words they are written in in evaluator_words.py.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.evaluator_checks import CHECKS
from tests.evaluator_words import Bundle, Disclosure, Log, Truth, all_of, read_law_table

__all__ = ["ANSWERS", "CHECKS", "Bundle", "Result", "evaluate", "read_law_table"]

ANSWERS = ("pass", "violation", "undetermined", "not_applicable")


@dataclass
class Result:
    """Answers by (check, entity), checks not run with 'absent' or 'off', verdicts by disclosure, counts by check."""

    answers: dict[tuple[str, str], str]
    not_run: dict[str, str]
    verdicts: dict[str, str]
    counts: dict[str, dict[str, int]]


def answer(applies: Truth, violates: Truth) -> str:
    """The answer read from 'applies AND violates'."""
    together = all_of(applies, violates)
    if together is True:
        return "violation"
    if together is None:
        return "undetermined"
    return "not_applicable" if applies is False else "pass"


def checks_not_run(log: Log) -> dict[str, str]:
    """Checks that the agreement switches off, and those that read a table or a column that was not exported."""
    not_run = {}
    columns = log.bundle.columns
    for name, checked in CHECKS.items():
        for read in checked.reads:
            table, column = read.split(".")
            if table == "residences" and table not in columns:
                continue
            if column not in columns.get(table, set()):
                not_run[name] = "absent"
        if any(off["check"] == name for off in log.agreement["checks_off"]):
            not_run[name] = "off"
    return not_run


def verdict(disclosure_id: str, answers: dict[tuple[str, str], str], not_run: dict[str, str]) -> str:
    """Outside on a scope violation; else undetermined on a scope check undetermined or not run (unless off); else within."""
    scope = [name for name, checked in CHECKS.items() if checked.scope]
    given = {answers.get((name, disclosure_id)) for name in scope}
    if "violation" in given:
        return "outside"
    absent = any(not_run.get(name) == "absent" for name in scope)
    return "undetermined" if "undetermined" in given or absent else "within"


def evaluate(bundle: Bundle) -> Result:
    """Every check's answer for every audited disclosure and every case, and the verdicts."""
    log = Log(bundle)
    not_run = checks_not_run(log)
    audited = [row for row in log.rows("disclosures") if log.in_period(row["at"].date())]
    answers: dict[tuple[str, str], str] = {}
    for name, checked in CHECKS.items():
        if name in not_run:
            continue
        if checked.of_cases:
            for case in log.rows("cases"):
                given = {answer(*pair) for pair in checked.ask(log, case)}
                strongest = [word for word in ("violation", "undetermined", "pass") if word in given]
                answers[name, case["case_id"]] = strongest[0] if strongest else "not_applicable"
        else:
            for row in audited:
                answers[name, row["disclosure_id"]] = answer(*checked.ask(log, Disclosure(log, row)))
    counts = {name: dict.fromkeys(ANSWERS, 0) for name in CHECKS if name not in not_run}
    for (name, _entity), given in answers.items():
        counts[name][given] += 1
    verdicts = {row["disclosure_id"]: verdict(row["disclosure_id"], answers, not_run) for row in audited}
    return Result(answers, not_run, verdicts, counts)
