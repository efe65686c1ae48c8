"""An independent reading of all checks: plain Python, row by row, slow and obvious.

It shares no code with the program. The program's answers are held against these, check by check and row by row.
The checks stand in evaluator_checks.py (disclosures and cases), evaluator_accesses.py and evaluator_log.py, the words they
are written in in evaluator_words.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests import evaluator_accesses, evaluator_log
from tests.evaluator_accesses import Access
from tests.evaluator_checks import CHECKS
from tests.evaluator_words import Bundle, Disclosure, Log, Truth, all_of, read_law_table

__all__ = ["ANSWERS", "CHECKS", "Bundle", "Result", "evaluate", "evaluator_accesses", "evaluator_log", "read_law_table"]

ANSWERS = ("pass", "violation", "undetermined", "not_applicable")


@dataclass
class Result:
    """What the checks answer.

    ``answers``: by (check, entity), for disclosures, cases and user days. ``accesses``: (check, event_id, at, answer) of
    every audited access, for several may have one id. ``log``: by check, what L1-L3 found. ``not_run``: check to 'absent'
    or 'off'. ``verdicts``: by disclosure. ``counts``: of the four answers, by check.
    """

    answers: dict[tuple[str, str], str]
    accesses: list[tuple[str, str, datetime, str]]
    log: dict[str, list[Any]]
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
    """Every check's answer for every audited disclosure and access, every case and user day; the log's gaps; the verdicts."""
    log = Log(bundle)
    not_run = checks_not_run(log)
    audited = [Disclosure(log, row) for row in log.rows("disclosures") if log.in_period(row["at"].date())]
    accesses = [Access(log, row) for row in log.rows("accesses") if log.in_period(row["at"].date())]
    result = Result({}, [], {}, not_run, {}, {})
    for name, checked in CHECKS.items():
        if name in not_run:
            continue
        if checked.of == "log":
            result.log[name] = checked.ask(log)
            continue
        if checked.of == "access":
            given = [(name, one["event_id"], one.at, answer(*checked.ask(log, one))) for one in accesses]
            result.accesses += given
            result.counts[name] = counted([one[-1] for one in given])
            continue
        if checked.of == "case":
            by_entity = {case["case_id"]: strongest(checked.ask(log, case)) for case in log.rows("cases")}
        elif checked.of == "user_day":
            by_entity = {user_day: answer(*pair) for user_day, pair in checked.ask(log).items()}
        else:
            by_entity = {one["disclosure_id"]: answer(*checked.ask(log, one)) for one in audited}
        result.answers.update({(name, entity): given for entity, given in by_entity.items()})
        result.counts[name] = counted(list(by_entity.values()))
    result.verdicts = {one["disclosure_id"]: verdict(one["disclosure_id"], result.answers, not_run) for one in audited}
    return result


def strongest(pairs: list[tuple[Truth, Truth]]) -> str:
    """The answer of a case with several deadlines; not applicable where it has none."""
    given = {answer(*pair) for pair in pairs}
    return next((word for word in ("violation", "undetermined", "pass") if word in given), "not_applicable")


def counted(given: list[str]) -> dict[str, int]:
    """How often each answer was given."""
    return {word: given.count(word) for word in ANSWERS}
