"""Undetermined answers by what is missing: one missing column must not read as a thousand faults."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from auditor.audit import Audit
from auditor.formats import number_text
from auditor.report.formats import percent
from auditor.report.naming import missing_in_words
from auditor.words import _

#: Without a case, or a flow, everything read from it is missing too: that is one cause, not many.
_ROOTS = ("case_id", "case_unknown", "purpose", "flow_unknown")


@dataclass(frozen=True)
class Cause:
    """What is missing, how many answers rest on it, their share of all, and (check, answers), most first."""

    words: str
    n: int
    share: str
    part: float
    checks: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Causes:
    """All causes, most answers first; ``n`` answers in all and a sentence for the greatest cause."""

    n: int
    sentence: str
    causes: tuple[Cause, ...]


def causes_of(audit: Audit) -> Causes:
    """Why answers could not be given."""
    answers: dict[str, Counter[str]] = defaultdict(Counter)
    for id_, sample in audit.samples.items():
        for missing, n in sample.missing.items():
            answers[_root(missing)][id_] += n
    total = sum(checks.total() for checks in answers.values())
    causes = tuple(
        Cause(
            words=missing_in_words(missing) or _("other"),
            n=checks.total(),
            share=percent(checks.total(), total),
            part=round(100 * checks.total() / total, 2),
            checks=tuple(sorted(checks.items(), key=lambda entry: (-entry[1], entry[0]))),
        )
        for missing, checks in sorted(answers.items(), key=lambda entry: (-entry[1].total(), entry[0]))
    )
    return Causes(total, _sentence(causes, total), causes)


def _sentence(causes: tuple[Cause, ...], total: int) -> str:
    if not causes:
        return ""
    return _("The commonest cause: {cause}. It explains {n} of {total} answers that cannot be given.").format(
        cause=causes[0].words, n=number_text(causes[0].n), total=number_text(total)
    )


def _root(missing: str) -> str:
    parts = missing.split(",")
    return next((root for root in _ROOTS if root in parts), missing)
