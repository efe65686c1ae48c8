"""What the report shows, as plain values for its templates. Every sentence is in the language spoken.

A section of the report is a template of its own (``reports/templates/report/``) and, where it needs more than a few lines, a
module of its own here. A new section adds both, and its values to ``view``.
"""

from __future__ import annotations

from typing import Any

from auditor import __version__
from auditor.audit import Audit
from auditor.checks.model import Kind, Of, Severity
from auditor.coverage import remarks
from auditor.engine import Engine
from auditor.intake.standard_logs import told
from auditor.labels import KINDS, REASONS, SEVERITIES, TABLES, VERDICTS, state_text
from auditor.outcomes import State
from auditor.output import piles_of
from auditor.register.account import Account
from auditor.report import formats, pictures
from auditor.report.accesses import accesses_view
from auditor.report.causes import causes_of
from auditor.report.findings import ROWS_IN_PAGE, CheckPart, check_parts
from auditor.report.naming import missing_in_words, organisation
from auditor.report.pressing import authority, breach_law, breach_may_be, most_pressing
from auditor.report.register import register_view
from auditor.report.reviews import reviews_view
from auditor.words import N_, _

_QUARANTINE_LINES = 10

#: The parts of the report that hold checks: kind, id of the section, its heading, and what it means.
_SECTIONS = (
    (
        Kind.SCOPE,
        "scope",
        N_("Outside the agreement or without legal ground"),
        N_(
            "A violation here means that the disclosure is outside the agreement or has no ground in law. It decides the verdict."
        ),
    ),
    (
        Kind.CONDUCT,
        "conduct",
        N_("Faults in handling and documentation"),
        N_("A violation here is a fault in how the disclosure was made or written down. It does not change the verdict."),
    ),
    (
        Kind.SIGNAL,
        "signal",
        N_("To be looked at by a person"),
        N_("A violation here need not be a fault. Somebody must look at it and judge."),
    ),
)


def view(engine: Engine, audit: Audit, account: Account | None = None) -> dict[str, Any]:
    """Everything that the report's templates name."""
    parts = check_parts(audit, account)
    return {
        "controller": organisation(audit.loaded.agreement, audit.controller) if audit.controller else "",
        "remarks": remarks(audit),
        **of_audit(audit, parts),
        "matrix": pictures.matrix(audit, parts),
        "rows_in_page": sum(len(part.rows) for part in parts),
        "rows_most": ROWS_IN_PAGE,
        "rows_left_out": sum(part.left_out for part in parts),
        "reviews": reviews_view(audit),
        "register": register_view(account) if account else None,
        **_reading(engine, audit),
    }


def of_audit(audit: Audit, parts: list[CheckPart]) -> dict[str, Any]:
    """What the templates of every report on an audit name; ``parts`` is what it tells of the checks."""
    pressing = most_pressing(audit, parts)
    return {
        "version": __version__,
        "authority": organisation(audit.loaded.agreement, authority(audit)),
        "period": formats.period(audit.period.first, audit.period.last),
        "days": formats.days(audit.period.first, audit.period.last),
        "agreement": audit.loaded.agreement,
        "agreement_sha256": audit.loaded.sha256,
        "law_sha256": audit.law.sha256,
        "assumptions": audit.loaded.assumptions,
        "complete": audit.complete,
        "total": sum(audit.verdicts.values()),
        "verdicts": _verdict_rows(audit),
        "verdict_bar": pictures.verdict_bar(audit),
        "severities": [{"words": _(words), "code": severity.value} for severity, words in SEVERITIES.items()],
        "kinds": [
            {"words": _(words), "counts": [audit.violations[kind, severity] for severity in SEVERITIES]}
            for kind, words in KINDS.items()
        ],
        "pressing": pressing,
        "breach_may_be": breach_may_be(pressing),
        "breach_law": breach_law(audit),
        "not_run": [
            {"id": run.check.id, "question": _(run.check.page.question), "why": state_text(run)}
            for run in audit.runs
            if run.state is not State.RUN
        ],
        "causes": causes_of(audit),
        "time": pictures.over_time(audit),
        "verdict_words": pictures.verdict_words(),
        "families": pictures.family_bars(parts),
        "recipients": pictures.recipient_bars(audit),
        "checks": parts,
        "by_file": _by_file(audit),
        "sections": [
            {"id": id_, "heading": _(heading), "meaning": _(meaning), "checks": _of_kind(parts, kind)}
            for kind, id_, heading, meaning in _SECTIONS
        ],
        "log_checks": _of_kind(parts, Kind.QUALITY),
    }


def _by_file(audit: Audit) -> list[str]:
    """The checks of the log that count what can have several findings each: files."""
    asked = [run.check.id for run in audit.runs if run.state is State.RUN and run.check.of is Of.LOG]
    return [id_ for id_ in asked if audit.samples[id_].found > audit.counts[id_].violation]


def _verdict_rows(audit: Audit) -> list[dict[str, Any]]:
    """The three verdicts with their numbers and shares, the gravest first."""
    total = sum(audit.verdicts.values())
    return [
        {
            "code": verdict.value,
            "words": _(VERDICTS[verdict]),
            "n": audit.verdicts[verdict],
            "share": formats.percent(audit.verdicts[verdict], total),
        }
        for verdict in pictures.ORDER
    ]


def _of_kind(parts: list[CheckPart], kind: Kind) -> list[CheckPart]:
    """The checks of a kind that have findings, the most severe first."""
    order = [severity.value for severity in Severity]
    return sorted((part for part in parts if part.kind is kind and part.rows), key=lambda part: order.index(part.severity_code))


def _reading(engine: Engine, audit: Audit) -> dict[str, Any]:
    """What was read and what could not be."""
    return {
        "files": [_file(audit, record) for record in audit.intake.files],
        "ignored_files": audit.intake.ignored_files,
        "pseudonymised": audit.intake.pseudonymised,
        "quarantine": _quarantine(engine, audit),
        "quarantined_rows": sum(record.piles.quarantined for record in audit.intake.files),
        "unreadable_cells": engine.value("SELECT count(*) FROM quarantine WHERE NOT whole_row"),
        "accesses_read": "accesses" in audit.intake.present,
        "silences": sum(len(source.silences) for source in audit.accesses.sources),
        "accesses": accesses_view(audit, lambda code: organisation(audit.loaded.agreement, code), missing_in_words),
    }


def _file(audit: Audit, record: Any) -> dict[str, Any]:
    return {
        "name": record.shown,
        "table": _(TABLES[record.file.table]),
        "sha256": record.sha256,
        "rows": piles_of(record, audit),
        "repaired": record.piles.repaired,
        "ignored": ", ".join(record.ignored_columns),
        "told": " ".join(told(record.origin, record.file.table)),
    }


def _quarantine(engine: Engine, audit: Audit) -> list[dict[str, Any]]:
    shown = audit.intake.shown_files()
    sql = f"""SELECT file, canonical_column, reason, whole_row, count(*), list_slice(list(line ORDER BY line), 1, {_QUARANTINE_LINES})
        FROM quarantine GROUP BY file, canonical_column, reason, whole_row ORDER BY file, whole_row DESC, canonical_column, reason"""
    return [
        {
            "file": shown[file],
            "column": column or "",
            "reason": _(REASONS.get(reason, reason)),
            "whole_row": whole_row,
            "n": n,
            "lines": ", ".join(str(line) for line in lines) + (" …" if n > _QUARANTINE_LINES else ""),
        }
        for file, column, reason, whole_row, n, lines in engine.rows(sql)
    ]
