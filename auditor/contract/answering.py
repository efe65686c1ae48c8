"""Putting suites to an export: facts from the engine, judgement by great-expectations, answers as counts.

What is missing never counts as met, what could not be run never counts as anything, and an empty table is not fit because
nothing in it deviates.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any

from auditor.beside import NoAnswerError, Worker
from auditor.contract.forms import FORMS
from auditor.contract.model import Answer, Aspect, Cause, Contract, Expectation, Outcome, Suite
from auditor.contract.profile import Fact, Profile, Unjudged, columns_of
from auditor.contract.worker import WORKER
from auditor.engine import Engine
from auditor.intake.tables import TABLES
from auditor.intake.taking_in import Intake


def judge_contract(engine: Engine, intake: Intake, suites: Sequence[Suite], *, worker: Worker = WORKER) -> Contract:
    """The answers to all suites about an export that was taken in. Raises EngineError only when the disk or memory is full."""
    return put_contract(engine, intake, suites, worker=worker)()


def put_contract(engine: Engine, intake: Intake, suites: Sequence[Suite], *, worker: Worker = WORKER) -> Callable[[], Contract]:
    """As ``judge_contract``, but great-expectations works while the caller does: what is returned waits for its answers, the
    same however often it is asked."""
    profiles = {table: Profile(engine, intake, TABLES[table]) for table in dict.fromkeys(suite.table for suite in suites)}
    facts = [[profiles[suite.table].fact(expectation) for expectation in suite.expectations] for suite in suites]
    waiting = _ask(worker, intake, suites, facts)

    def answers() -> Contract:
        given = iter(waiting())
        outcomes = []
        for suite, found in zip(suites, facts, strict=True):
            for expectation, fact in zip(suite.expectations, found, strict=True):
                if isinstance(fact, Unjudged):
                    outcomes.append(_unjudged(suite, expectation, fact))
                else:
                    outcomes.append(_outcome(suite, expectation, fact, next(given)))
        return Contract(tuple(suites), tuple(outcomes))

    return cache(answers)


_Answers = list[dict[str, Any] | None]


def _ask(worker: Worker, intake: Intake, suites: Sequence[Suite], facts: list[list[Fact | Unjudged]]) -> Callable[[], _Answers]:
    """great-expectations' answers to all expectations that have a fact, in their order; None where there is none."""
    requests = []
    for suite, found in zip(suites, facts, strict=True):
        asked = [(one, fact) for one, fact in zip(suite.expectations, found, strict=True) if isinstance(fact, Fact)]
        requests.append(_request(columns_of(intake, suite.table), asked))
    expected = sum(len(request["expectations"]) for request in requests)
    if not expected:
        return list
    waiting = worker.put({"suites": requests})

    def answers() -> _Answers:
        try:
            return [answer for answers in waiting() for answer in answers]
        except NoAnswerError:
            return [None] * expected

    return answers


def _request(columns: Sequence[str], asked: Sequence[tuple[Expectation, Fact]]) -> dict[str, Any]:
    """One frame for all facts of a suite, and its expectations about the frame's columns.

    Columns with a plain name hold nothing: they are there to exist.
    """
    frame: dict[str, list[Any]] = {name: [] for name in columns}
    expectations = []
    for expectation, fact in asked:
        names = [f"{expectation.aspect}:{','.join(expectation.columns)}:{number}" for number in range(len(fact.columns))]
        frame.update(zip(names, fact.columns, strict=True))
        expectations.append(_about_frame(expectation, names))
    height = max((len(values) for values in frame.values()), default=0)
    for name, values in frame.items():
        if name.startswith(f"{Aspect.FILLED}:"):  # what pads it must not look like a missing cell
            frame[name] = [*values, *[True] * (height - len(values))]
    return {"frame": frame, "expectations": expectations}


def _about_frame(expectation: Expectation, names: Sequence[str]) -> dict[str, Any]:
    """An expectation about a table as one about the columns of its facts."""
    type_, kwargs = expectation.type, dict(expectation.kwargs)
    match expectation.aspect:
        case Aspect.ROWS:
            return {"type": "expect_column_values_to_be_between", "kwargs": {**kwargs, "column": names[0]}}
        case Aspect.COLUMNS:
            return {"type": type_, "kwargs": kwargs}
        case Aspect.ORDER:
            return {"type": type_, "kwargs": {**kwargs, "column_A": names[0], "column_B": names[1]}}
        case Aspect.REPEATS if "column_list" in kwargs:
            return {"type": type_, "kwargs": {"column_list": list(names)}}
        case Aspect.DAYS:
            for bound in {"min_value", "max_value"} & kwargs.keys():
                kwargs[bound] = date.fromisoformat(kwargs[bound]).toordinal()
    return {"type": type_, "kwargs": {**kwargs, "column": names[0]}}


def _unjudged(suite: Suite, expectation: Expectation, fact: Unjudged) -> Outcome:
    answer = Answer.FAILED if fact.cause is None else Answer.CANNOT_BE_JUDGED
    return Outcome(suite, expectation, answer, fact.cause)


def _outcome(suite: Suite, expectation: Expectation, fact: Fact, answer: dict[str, Any] | None) -> Outcome:
    if answer is None or not answer["ran"]:
        return Outcome(suite, expectation, Answer.FAILED)
    judged = sum(fact.weights)
    if not FORMS[expectation.type].weighed:
        met = bool(answer["success"])
        return Outcome(suite, expectation, Answer.MET if met else Answer.NOT_MET, judged=judged, missing=fact.missing)
    if answer["aggregated"]:
        return Outcome(suite, expectation, Answer.FAILED)
    deviating = sum(fact.weights[place] for place in answer["places"] if place < len(fact.weights))
    met = judged - deviating >= Fraction(str(expectation.mostly)) * judged
    return Outcome(
        suite, expectation, Answer.MET if met else Answer.NOT_MET, judged=judged, deviating=deviating, missing=fact.missing
    )


__all__ = ["Answer", "Cause", "judge_contract", "put_contract"]
