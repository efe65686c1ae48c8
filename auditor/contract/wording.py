"""The answers in words, for terminal and report. Counts and shares are shown, never a value."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.contract.model import Answer, Aspect, Cause, Contract, Outcome
from auditor.errors import UserError, UserErrors
from auditor.labels import TABLES
from auditor.words import N_, _, language

ANSWERS = {
    Answer.MET: N_("met"),
    Answer.NOT_MET: N_("not met"),
    Answer.CANNOT_BE_JUDGED: N_("cannot be judged"),
    Answer.FAILED: N_("could not be run"),
}
CAUSES = {
    Cause.TABLE_ABSENT: N_("the table is absent"),
    Cause.TABLE_EMPTY: N_("the table has no rows that could be read"),
    Cause.COLUMN_ABSENT: N_("the column is absent"),
    Cause.NO_VALUES: N_("every cell is empty"),
    Cause.TOO_MANY_VALUES: N_("there are too many different values to judge each"),
    Cause.REFERENCE_ABSENT: N_("the table to compare with is absent"),
}


def asks(outcome: Outcome) -> str:
    """What is asked, in one sentence; a user's own suite says it in its own words."""
    sentence = outcome.expectation.asks
    return _(sentence) if outcome.suite.shipped else sentence


def basis(outcome: Outcome) -> str:
    """What the answer rests on: how many deviate, how many have no value, or why it cannot be judged.

    Empty where nothing is counted.
    """
    if outcome.cause is not None:
        return _(CAUSES[outcome.cause])
    if outcome.answer is Answer.FAILED:
        return _("a fault in the program, not in the export")
    if outcome.expectation.aspect is Aspect.ROWS:
        return _("{n} rows").format(n=number(outcome.judged))
    if not outcome.judged or outcome.expectation.type in _WHOLE:
        return ""
    if outcome.deviating:
        said = _("{n} of {all} deviate ({share})").format(
            n=number(outcome.deviating), all=number(outcome.judged), share=share(outcome.deviating, outcome.judged)
        )
    else:
        said = _("none of {all} deviates").format(all=number(outcome.judged))
    if outcome.missing:
        said += "; " + _("{n} without a value not counted").format(n=number(outcome.missing))
    return said


#: Expectations about the set of values as a whole: no single row deviates.
_WHOLE = ("expect_column_distinct_values_to_contain_set", "expect_column_unique_value_count_to_be_between")


@dataclass(frozen=True)
class Line:
    """One line of a table of results; the expectations on a table that is absent are one line together."""

    table: str
    asks: str
    answer: Answer
    basis: str
    blocking: bool = False


def result_lines(contract: Contract) -> list[Line]:
    """All answers in the order of the suites, in the language now spoken."""
    found: list[Line] = []
    for suite in contract.suites:
        outcomes = [outcome for outcome in contract.outcomes if outcome.suite is suite]
        table = _(TABLES[suite.table])
        if outcomes and all(outcome.cause is Cause.TABLE_ABSENT for outcome in outcomes):
            together = _("All {n} expectations on the table").format(n=number(len(outcomes)))
            found.append(Line(table, together, Answer.CANNOT_BE_JUDGED, _(CAUSES[Cause.TABLE_ABSENT])))
        else:
            found += [Line(table, asks(one), one.answer, basis(one), one.expectation.blocking) for one in outcomes]
    return found


def number(n: int) -> str:
    """A whole number with a no-break space (Swedish) or a comma (English) between thousands."""
    return f"{n:,}".replace(",", "\u00a0" if language() == "sv" else ",")


def share(part: int, whole: int) -> str:
    """A share in per cent; what is not nothing never reads as 0, and what is not all never as 100."""
    percent = 100 * part / whole
    said = f"{percent:.1f}" if 0.1 <= percent <= 99.9 or part in (0, whole) else ("< 0.1" if percent < 50 else "> 99.9")
    said = said.removesuffix(".0")
    return f"{said.replace('.', ',')}\u00a0%" if language() == "sv" else f"{said}%"


def refuse_unfit(contract: Contract) -> None:
    """Raise UserErrors with one sentence for each blocking expectation that is not met."""
    faults = [
        UserError(
            _("Not met: {sentence}").format(sentence=asks(outcome)),
            hint=f"({said})" if (said := basis(outcome)) else "",
        )
        for outcome in contract.stopping
    ]
    if faults:
        raise UserErrors(
            _("The export is not fit to be audited; nothing was audited."),
            faults,
            hint=_("See all answers with 'auditor validate', mend the export and run the audit again."),
        )
