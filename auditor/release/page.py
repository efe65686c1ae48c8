"""The report of a release check as one HTML file, and as data: places, never what stands there."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from auditor import __version__
from auditor.agreement import LoadedAgreement
from auditor.agreement.model import Agreement
from auditor.law.grounds import LawTable
from auditor.output import put_manifest
from auditor.release.model import FileAnswer, Request, decide
from auditor.release.wording import DECISIONS, MEANINGS, WEIGHTS, label_of
from auditor.report.filling import self_contained
from auditor.report.naming import flow_in_words
from auditor.words import _

REPORT = "release.html"
RECORD = "release.json"
RECORD_FORM = 1


def write_report(out: Path, answers: Sequence[FileAnswer], request: Request, loaded: LoadedAgreement, law: LawTable) -> None:
    """Write ``release.html``, ``release.json`` and, last, ``manifest.json`` into ``out``."""
    _write_record(out, answers, request)
    _write_page(out, answers, request, loaded, law)
    _write_manifest(out, answers, loaded, law)


def _write_record(out: Path, answers: Sequence[FileAnswer], request: Request) -> None:
    record = {
        "release": RECORD_FORM,
        "decision": decide(list(answers)).value,
        "request": {
            "to": request.recipient,
            "to_unit": request.recipient_unit,
            "sender": request.sender,
            "sender_unit": request.sender_unit,
            "purpose": request.purpose,
            "grounds": request.grounds,
            "motivated": bool(request.motivation),
            "at": request.at.isoformat(sep=" ", timespec="seconds"),
            **({"statistics": dict(request.statistics)} if request.statistics is not None else {}),
        },
        "files": [
            {
                "file": answer.shown,
                "sha256": answer.sha256,
                "form": answer.form,
                "rows": answer.rows,
                "tied": answer.tied,
                "fields": list(answer.fields),
                "decision": answer.decision.value,
                "reasons": [
                    {
                        "weight": reason.weight.value,
                        "code": reason.code,
                        "text": reason.text,
                        "remedy": reason.remedy,
                        "count": reason.count,
                        "places": reason.places,
                        "law": reason.law,
                    }
                    for reason in answer.reasons
                ],
            }
            for answer in answers
        ],
    }
    (out / RECORD).write_text(json.dumps(record, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _write_page(out: Path, answers: Sequence[FileAnswer], request: Request, loaded: LoadedAgreement, law: LawTable) -> None:
    page = self_contained("release.html.j2", "release.css", {"view": _view(answers, request, loaded, law)})
    (out / REPORT).write_text(page, encoding="utf-8", newline="\n")


def _view(answers: Sequence[FileAnswer], request: Request, loaded: LoadedAgreement, law: LawTable) -> dict[str, Any]:
    agreement = loaded.agreement
    flow = agreement.flow(request.purpose) if request.purpose else None
    decision = decide(list(answers))
    return {
        "agreement": agreement,
        "authority": agreement.name_of(agreement.entry_point),
        "sha256": loaded.sha256,
        "law_sha256": law.sha256,
        "version": __version__,
        "decision": _(DECISIONS[decision]),
        "decision_code": decision.value,
        "meaning": _(MEANINGS[decision]),
        "statistics": request.statistics,
        "recipient": named(agreement, request.recipient) if request.recipient else _("not stated"),
        "sender": named(agreement, request.sender) if request.sender else _("not stated"),
        "purpose": flow_in_words(agreement, flow.id) if flow else _("not stated"),
        "grounds": request.grounds or _("not stated"),
        "at": request.at.strftime("%Y-%m-%d %H:%M"),
        "allowed": ", ".join(label_of(agreement, field) for field in flow.field_ids(agreement)) if flow else "",
        "files": [
            {
                "shown": answer.shown,
                "sha256": answer.sha256,
                "rows": answer.rows,
                "tied": answer.tied,
                "fields": ", ".join(label_of(agreement, field) for field in answer.fields),
                "decision": _(DECISIONS[answer.decision]),
                "reasons": [
                    {"weight": _(WEIGHTS[reason.weight]), "code": reason.weight.value, "reason": reason}
                    for reason in answer.reasons
                ],
            }
            for answer in answers
        ],
        "assumptions": loaded.assumptions,
    }


def named(agreement: Agreement, organisation: str) -> str:
    """An organisation with its code, as reports name it."""
    name = agreement.name_of(organisation)
    return f"{organisation} {name}" if organisation.isdigit() else name


def _write_manifest(out: Path, answers: Sequence[FileAnswer], loaded: LoadedAgreement, law: LawTable) -> None:
    told = {
        "agreement": {"id": loaded.agreement.id, "title": loaded.agreement.title, "sha256": loaded.sha256},
        "law_table": {"version": __version__, "sha256": law.sha256},
        "inputs": [{"file": answer.shown, "sha256": answer.sha256} for answer in answers],
    }
    put_manifest(out, told)
