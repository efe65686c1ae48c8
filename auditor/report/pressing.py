"""The three most pressing findings: what was found, what to do, and by when.

Only one of the times is law: a personal data breach is reported where feasible within 72 hours of the controller's becoming
aware of it (GDPR art. 33.1). Whether a finding is such a breach the controller decides; the officer recommends. The other
times are the officer's recommendation.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from auditor.audit import Audit
from auditor.checks.model import Kind, Severity
from auditor.formats import number_text
from auditor.law.provisions import GDPR_33_1, GDPR_33_5, GDPR_34_1
from auditor.report.findings import CheckPart
from auditor.report.naming import organisation
from auditor.words import N_, _

#: What is cited where a disclosure may be a personal data breach.
BREACH_LAW = (GDPR_33_1, GDPR_33_5, GDPR_34_1)
_MOST = 3
_EXAMPLES = 2
#: The first sentences of a check's advice, so many characters at most, stand on the first page: of nearly every check all of
#: it. What is left out of the longest stands in the check's part.
_ADVICE = 240


class Urgency(StrEnum):
    """By when something is to be done."""

    NOW = "now"
    WEEK = "week"
    MONTH = "month"


_WHEN = {
    Urgency.NOW: N_("At once: decide today whether the 72 hours apply"),
    Urgency.WEEK: N_("Within a week"),
    Urgency.MONTH: N_("Before the next audit"),
}


@dataclass(frozen=True)
class Pressing:
    """A check whose violations are pressing. ``own`` says for how many the report's authority is the controller."""

    part: CheckPart
    urgency: Urgency
    when: str
    advice: str
    own: str
    examples: str


def authority(audit: Audit) -> str:
    """The organisation that the report is for: the controller who alone was audited, else who holds the single entry."""
    return audit.controller or audit.loaded.agreement.entry_point


def most_pressing(audit: Audit, parts: Sequence[CheckPart]) -> list[Pressing]:
    """At most three checks with violations, the most severe first, of the same severity the gravest kind, then the most."""
    found = [part for part in parts if part.ran and part.counts.violation]
    found.sort(key=lambda part: (_severity(part), list(Kind).index(part.kind), -part.counts.violation))
    return [_pressing(audit, part) for part in found[:_MOST]]


def breach_may_be(pressing: Sequence[Pressing]) -> bool:
    """Whether any of these may be a personal data breach, so that the 72 hours are to be spoken of."""
    return any(entry.urgency is Urgency.NOW for entry in pressing)


def breach_law(audit: Audit) -> str:
    """The provisions on personal data breaches, in Swedish."""
    return "; ".join(provision.citation_sv for provision in BREACH_LAW if provision.in_force(audit.period.last))


def _severity(part: CheckPart) -> int:
    return list(Severity).index(Severity(part.severity_code))


def _pressing(audit: Audit, part: CheckPart) -> Pressing:
    sample = audit.samples[part.id]
    urgency = _urgency(part)
    entities = list(dict.fromkeys(finding["entity"] for finding in sample.violations))
    shown = entities[: _EXAMPLES if part.counts.violation > _EXAMPLES + 1 else _EXAMPLES + 1]
    more = part.counts.violation - len(shown)
    examples = ", ".join(shown)
    if more > 0:
        examples = _("{some} and {n} more").format(some=examples, n=number_text(more))
    own = _whose(audit, part) if urgency is Urgency.NOW else ""
    return Pressing(part, urgency, _(_WHEN[urgency]), _first_sentences(part.advice), own, examples)


def _urgency(part: CheckPart) -> Urgency:
    severity = Severity(part.severity_code)
    if part.kind is Kind.SCOPE and severity.at_least(Severity.HIGH):
        return Urgency.NOW
    to_be_mended = part.kind in (Kind.SCOPE, Kind.CONDUCT) and severity.at_least(Severity.MEDIUM)
    return Urgency.WEEK if to_be_mended or severity.at_least(Severity.HIGH) else Urgency.MONTH


def _first_sentences(advice: str) -> str:
    """As many whole sentences as there is room for, at least one."""
    sentences = re.split(r"(?<=[.?!]) (?=[A-ZÅÄÖ])", advice)
    kept = sentences[0]
    for sentence in sentences[1:]:
        if len(kept) + len(sentence) >= _ADVICE:
            break
        kept = f"{kept} {sentence}"
    return kept


def _whose(audit: Audit, part: CheckPart) -> str:
    """For how many of these disclosures the report's own authority is the controller."""
    controllers, mine = audit.samples[part.id].controllers, authority(audit)
    own, whole = controllers[mine], controllers.total()
    said = _("{name} is the controller of {n} of {whole}.").format(
        name=organisation(audit.loaded.agreement, mine), n=number_text(own), whole=number_text(whole)
    )
    return said if own == whole else said + " " + _("For the others, whoever is the controller decides.")
