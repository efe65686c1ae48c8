"""What the report shows, as plain values for its template. Every sentence is in the language spoken."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import Any

from auditor import __version__
from auditor.agreement.wording import code_in_words, county
from auditor.audit import Audit, Sample
from auditor.checks.model import Check, Kind, Severity
from auditor.coverage import organisation_text, remarks
from auditor.engine import Engine
from auditor.labels import ANSWERS, CAUSES, CODES, EVIDENCE, KINDS, REASONS, SEVERITIES, TABLES, VERDICTS, state_text
from auditor.outcomes import Counts, State, Verdict
from auditor.output import piles_of
from auditor.words import _

_QUARANTINE_LINES = 10


@dataclass(frozen=True)
class Row:
    """A finding as the page shows it."""

    entity: str
    case_id: str
    at: str
    user_id: str
    organisation: str
    evidence: str
    missing: str
    answer: str
    law: str


def view(engine: Engine, audit: Audit) -> dict[str, Any]:
    """Everything that the report's template names."""
    agreement = audit.loaded.agreement
    total = sum(audit.verdicts.values())
    return {
        "agreement": agreement,
        "authority": organisation_text(audit, audit.controller or agreement.entry_point),
        "controller": organisation_text(audit, audit.controller) if audit.controller else "",
        "remarks": remarks(audit),
        "sha256": audit.loaded.sha256,
        "law_sha256": audit.law.sha256,
        "version": __version__,
        "first": audit.period.first.isoformat(),
        "last": audit.period.last.isoformat(),
        "total": total,
        "verdicts": [
            {
                "code": verdict.value,
                "words": _(VERDICTS[verdict]),
                "n": audit.verdicts[verdict],
                "share": _share(audit.verdicts[verdict], total),
            }
            for verdict in (Verdict.OUTSIDE, Verdict.UNDETERMINED, Verdict.WITHIN)
        ],
        "kinds": [_(KINDS[kind]) for kind in Kind],
        "severities": [
            {
                "words": _(SEVERITIES[severity]),
                "code": severity.value,
                "counts": [audit.violations[kind, severity] for kind in Kind],
            }
            for severity in Severity
        ],
        "assumptions": audit.loaded.assumptions,
        "not_run": [
            {"id": run.check.id, "question": _(run.check.page.question), "why": state_text(run)}
            for run in audit.runs
            if run.state is not State.RUN
        ],
        "checks": [_check(audit, run.check, run.state, state_text(run)) for run in audit.runs],
        "causes": _causes(audit),
        "files": [_file(audit, record) for record in audit.intake.files],
        "ignored_files": audit.intake.ignored_files,
        "pseudonymised": audit.intake.pseudonymised,
        "quarantine": _quarantine(engine, audit),
        "accesses_read": "accesses" in audit.intake.present,
    }


def _share(n: int, total: int) -> float:
    return round(100 * n / total, 2) if total else 0.0


def _check(audit: Audit, check: Check, state: State, state_words: str) -> dict[str, Any]:
    counts = audit.counts.get(check.id, Counts())
    sample = audit.samples.get(check.id, Sample())
    shown = [*sample.violations, *sample.undetermined]
    return {
        "id": check.id,
        "name": check.name,
        "kind": _(KINDS[check.kind]),
        "severity": _(SEVERITIES[check.severity]),
        "severity_code": check.severity.value,
        "ran": state is State.RUN,
        "state": state_words,
        "question": _(check.page.question),
        "finding": _(check.page.finding),
        "limits": _(check.page.limits),
        "advice": _(check.page.advice),
        "law": check.law_on(audit.period.last),
        "clause": check.clause,
        "counts": counts,
        "rows": [_row(audit, row) for row in shown],
        "left_out": counts.violation + counts.undetermined - len(shown) if check.applies else 0,
    }


def _row(audit: Audit, finding: dict[str, Any]) -> Row:
    at = finding["at"]
    return Row(
        entity=finding["entity"],
        case_id=finding["case_id"] or "",
        at=at.strftime("%Y-%m-%d %H:%M") if at else "",
        user_id=finding["user_id"] or "",
        organisation=organisation_text(audit, finding["organisation"]) if finding["organisation"] else "",
        evidence=_evidence(audit, json.loads(finding["evidence"])),
        missing=_missing(finding["missing"] or ""),
        answer=_(ANSWERS[finding["answer"]]),
        law=finding["law"],
    )


def _evidence(audit: Audit, evidence: dict[str, Any]) -> str:
    parts = []
    for name, value in evidence.items():
        if value is None or value == []:
            continue
        label = _(EVIDENCE[name]) if name in EVIDENCE else name
        parts.append(f"{label}: {_value(audit, name, value)}")
    return "; ".join(parts)


def _value(audit: Audit, name: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(_value(audit, name, part) for part in value)
    if not isinstance(value, str) or name == "column":
        return str(value)
    agreement = audit.loaded.agreement
    if name.startswith("fields") and value in agreement.fields:
        return agreement.fields[value].label
    if name in ("purpose", "handover_flow"):
        return next((flow.label for flow in agreement.flows if flow.id == value and flow.label), value)
    if name in ("concern_known", "target_concern", "approved_channels", "channel"):
        return code_in_words(value)
    if name in ("target_county", "found_in") and len(value) == 2:
        return county(value)
    if name == "reason":
        return _(REASONS.get(value, value))
    return _(CODES[value]) if value in CODES else organisation_text(audit, value)


def _missing(missing: str) -> str:
    return "; ".join(_(CAUSES[part]) if part in CAUSES else part for part in missing.split(",") if part)


def _causes(audit: Audit) -> list[dict[str, Any]]:
    """Undetermined answers by what is missing: one missing column must not read as a thousand faults."""
    answers: Counter[str] = Counter()
    checks: dict[str, set[str]] = {}
    for id_, sample in audit.samples.items():
        for missing, n in sample.missing.items():
            root = _root_cause(missing)
            answers[root] += n
            checks.setdefault(root, set()).add(id_)
    return [
        {"cause": _missing(missing) or _("other"), "n": n, "checks": ", ".join(sorted(checks[missing]))}
        for missing, n in sorted(answers.items(), key=lambda item: (-item[1], item[0]))
    ]


def _root_cause(missing: str) -> str:
    """Without a case, or a flow, everything read from it is missing too: that is one cause, not many."""
    parts = missing.split(",")
    for root in ("case_id", "case_unknown", "purpose", "flow_unknown"):
        if root in parts:
            return root
    return missing


def _file(audit: Audit, record: Any) -> dict[str, Any]:
    return {
        "name": record.shown,
        "table": _(TABLES[record.file.table]),
        "sha256": record.sha256,
        "rows": piles_of(record, audit),
        "repaired": record.piles.repaired,
        "ignored": ", ".join(record.ignored_columns),
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
