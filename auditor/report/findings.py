"""The page part of a check: its question, its counts, and as many of its findings as the page has room for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from auditor.audit import Audit, Sample
from auditor.checks.model import Kind, Severity
from auditor.labels import ANSWERS, KINDS, SEVERITIES, state_text
from auditor.outcomes import Counts, Run, State
from auditor.register.account import Account
from auditor.report import formats
from auditor.report.naming import ENTITIES, ORGANISATIONS, evidence_in_words, missing_in_words, organisation
from auditor.report.register import known_in_words
from auditor.words import N_, _

#: Rows of findings in the page in all; findings.csv holds the rest.
ROWS_IN_PAGE = 3000
#: Rows that every check gets before the most severe get more: (violations, undetermined answers).
_FIRST_SHARE = (20, 5)


@dataclass(frozen=True)
class Column:
    """A column of a table of findings: ``form`` is a class of the style sheet."""

    name: str
    form: str


@dataclass(frozen=True)
class Row:
    """A finding as the page shows it: one cell for each column; ``answer`` is its code."""

    answer: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class CheckPart:
    """What the page says of one check."""

    id: str
    kind: Kind
    severity_code: str
    kind_words: str
    severity: str
    ran: bool
    state: str
    question: str
    finding: str
    limits: str
    advice: str
    law: str
    clause: str
    counts: Counts
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    left_out: int


#: (key of a finding, heading, class of the style sheet); headings that depend on the kind of entity are made below.
_COLUMNS = (
    ("answer", N_("Answer"), "answer"),
    ("entity", "", "id"),
    ("case_id", N_("Case"), "id"),
    ("at", N_("Time"), "time"),
    ("user_id", N_("User"), "long"),
    ("organisation", "", "name"),
    ("register", N_("In the register"), "name"),
    ("evidence", N_("Rests on"), "evidence"),
)


def check_parts(audit: Audit, account: Account | None = None) -> list[CheckPart]:
    """Every check of the catalogue, in its order; its findings with what the register knows of them, where there is one."""
    room = rows_for(audit)
    return [_part(audit, run, account, *room.get(run.check.id, (0, 0))) for run in audit.runs]


def rows_for(audit: Audit, rows_in_page: int = ROWS_IN_PAGE) -> dict[str, tuple[int, int]]:
    """How many violations and undetermined answers of each check the page shows: some of all, then the most severe first."""
    wanted: list[tuple[tuple[int, int, int], str, int]] = []
    for run in audit.runs:
        sample = audit.samples.get(run.check.id, Sample())
        kind, severity = list(Kind).index(run.check.kind), list(Severity).index(run.check.severity)
        wanted.append(((0, kind, severity), run.check.id, len(sample.violations)))
        wanted.append(((1, kind, severity), run.check.id, len(sample.undetermined)))
    wanted.sort(key=lambda entry: entry[0])
    given = {(rank[0], id_): min(have, _FIRST_SHARE[rank[0]]) for rank, id_, have in wanted}
    left = rows_in_page - sum(given.values())
    for rank, id_, have in wanted:
        more = max(0, min(left, have - given[rank[0], id_]))
        given[rank[0], id_] += more
        left -= more
    return {run.check.id: (given[0, run.check.id], given[1, run.check.id]) for run in audit.runs}


def _part(audit: Audit, run: Run, account: Account | None, violations: int, undetermined: int) -> CheckPart:
    check = run.check
    counts = audit.counts.get(check.id, Counts())
    sample = audit.samples.get(check.id, Sample())
    shown = [*sample.violations[:violations], *sample.undetermined[:undetermined]]
    columns, rows = _table(audit, account, shown)
    return CheckPart(
        id=check.id,
        kind=check.kind,
        severity_code=check.severity.value,
        kind_words=_(KINDS[check.kind]),
        severity=_(SEVERITIES[check.severity]),
        ran=run.state is State.RUN,
        state=state_text(run),
        question=_(check.page.question),
        finding=_(check.page.finding),
        limits=_(check.page.limits),
        advice=_(check.page.advice),
        law=check.law_on(audit.period.last),
        clause=check.clause,
        counts=counts,
        columns=columns,
        rows=rows,
        left_out=sample.found - len(shown),
    )


def _table(
    audit: Audit, account: Account | None, findings: Sequence[dict[str, Any]]
) -> tuple[tuple[Column, ...], tuple[Row, ...]]:
    """The findings as rows, and the columns that say something in any of them."""
    if not findings:
        return (), ()
    cells = [
        {**_cells(audit, finding), "register": known_in_words(account, finding["fingerprint"]) if account else ""}
        for finding in findings
    ]
    kind = findings[0]["entity_type"]
    headings = {"entity": ENTITIES.get(kind, N_("Concerns")), "organisation": ORGANISATIONS.get(kind, N_("Organisation"))}
    kept = [
        (key, Column(_(headings.get(key, heading)), form))
        for key, heading, form in _COLUMNS
        if any(row[key] for row in cells) and not (key == "case_id" and kind == "case")
    ]
    rows = tuple(
        Row(finding["answer"], tuple(row[key] for key, _column in kept)) for finding, row in zip(findings, cells, strict=True)
    )
    return tuple(column for _key, column in kept), rows


def _cells(audit: Audit, finding: dict[str, Any]) -> dict[str, str]:
    agreement = audit.loaded.agreement
    at = finding["at"]
    missing = missing_in_words(finding["missing"] or "")
    evidence = evidence_in_words(agreement, json.loads(finding["evidence"]))
    return {
        "answer": _(ANSWERS[finding["answer"]]),
        "entity": finding["entity"] or "",
        "case_id": finding["case_id"] or "",
        "at": formats.moment(at) if at else "",
        "user_id": finding["user_id"] or "",
        "organisation": organisation(agreement, finding["organisation"]) if finding["organisation"] else "",
        "evidence": "; ".join(part for part in (missing, evidence) if part),
    }
