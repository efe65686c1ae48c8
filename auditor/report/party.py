"""The report to one party: what concerns its own children, as a page, and the same rows as two files."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from auditor.agreement.model import Agreement
from auditor.checks import CATALOGUE
from auditor.findings import FINDING_SCHEMA, TableWriter
from auditor.labels import VERDICTS
from auditor.parties.answers import COLUMNS, NOT_ANSWERED, OF_OWN_USERS, OwnDisclosure, PartyAnswers
from auditor.report import formats
from auditor.report.filling import as_it_stands, fill, hash_of, own_text
from auditor.report.findings import check_parts
from auditor.report.naming import flow_in_words, organisation
from auditor.report.page import page_margins
from auditor.report.view import of_audit
from auditor.words import _

#: Rows of disclosures and of users in the page; the files hold all.
_DISCLOSURES_IN_PAGE = 500
_USERS_IN_PAGE = 200
_DISCLOSURES = pa.schema(
    [("at", pa.timestamp("us"))]
    + [(name, pa.string()) for name in ("case_id", "sender", "recipient", "purpose", "verdict", "undetermined_because")]
)


def write_party_report(answers: PartyAnswers, manifest_sha256: str, out: Path) -> Path:
    """Write ``party-CODE.html``, ``findings.csv`` and ``disclosures.csv`` into ``out``; returns the page.

    ``manifest_sha256`` is the hash of the manifest of the audit that it was made of.
    """
    schema = pa.schema([FINDING_SCHEMA.field(name) for name in COLUMNS])
    with TableWriter(schema, csv=out / "findings.csv") as writer:
        writer.write_rows(answers.findings)
    with TableWriter(_DISCLOSURES, csv=out / "disclosures.csv") as writer:
        writer.write_rows([_as_row(disclosure) for disclosure in answers.disclosures])
    view = _view(answers, manifest_sha256)
    style = own_text("report.css") + page_margins(view["days"])
    page = out / f"party-{answers.party}.html"
    filled = fill("party.html.j2", {"view": view, "style": as_it_stands(style), "style_hash": hash_of(style)})
    page.write_text(filled, encoding="utf-8", newline="\n")
    return page


def _as_row(disclosure: OwnDisclosure) -> dict[str, Any]:
    return {**asdict(disclosure), "verdict": disclosure.verdict.value, "undetermined_because": ",".join(disclosure.because)}


def _view(answers: PartyAnswers, manifest_sha256: str) -> dict[str, Any]:
    audit = answers.audit
    agreement = audit.loaded.agreement
    parts = check_parts(audit)
    return {
        "party": organisation(agreement, answers.party),
        "code": answers.party,
        "empty": answers.empty,
        "homes_told": answers.homes_told,
        "unconfirmed": _unconfirmed(agreement, answers.party, audit.period.first, audit.period.last),
        **of_audit(audit, parts),
        "manifest_sha256": manifest_sha256,
        "not_answered": [
            {"id": check.id, "question": _(check.page.question)} for check in CATALOGUE if check.id in NOT_ANSWERED
        ],
        "of_own_users": " ".join(OF_OWN_USERS),
        "disclosures": [_shown(agreement, disclosure) for disclosure in answers.disclosures[:_DISCLOSURES_IN_PAGE]],
        "disclosures_left_out": max(0, len(answers.disclosures) - _DISCLOSURES_IN_PAGE),
        "accesses_read": "accesses" in audit.intake.present,
        "accesses": sum(looked.accesses for looked in answers.organisations),
        "organisations": [
            {**asdict(looked), "who": organisation(agreement, looked.who) if looked.who else _("The staff list does not say")}
            for looked in answers.organisations
        ],
        "users": [asdict(looked) for looked in answers.users[:_USERS_IN_PAGE]],
        "users_left_out": max(0, len(answers.users) - _USERS_IN_PAGE),
    }


def _unconfirmed(agreement: Agreement, party: str, first: date, last: date) -> bool:
    """Whether it is not confirmed on every day of the period that the municipality was a party."""
    spans = sorted(
        (max(span.valid_from, first), min(span.valid_to or last, last))
        for span in agreement.parties
        if span.municipality == party and span.confirmed and span.valid_from <= last and (span.valid_to or last) >= first
    )
    covered = sum((end - start).days + 1 for start, end in spans)
    return covered < (last - first).days + 1


def _shown(agreement: Agreement, disclosure: OwnDisclosure) -> dict[str, str]:
    unsaid = _("The log does not say")
    return {
        "at": formats.moment(disclosure.at),
        "case": disclosure.case_id,
        "sender": organisation(agreement, disclosure.sender) if disclosure.sender else unsaid,
        "recipient": organisation(agreement, disclosure.recipient) if disclosure.recipient else unsaid,
        "purpose": flow_in_words(agreement, disclosure.purpose) if disclosure.purpose else unsaid,
        "code": disclosure.verdict.value,
        "verdict": _(VERDICTS[disclosure.verdict]),
        "because": ", ".join(disclosure.because),
    }
