"""The findings of a row check, as one query over its judged rows: evidence is read only for the rows that need it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta

import pyarrow as pa

from auditor.checks.model import Answer, Check, Of
from auditor.checks.vocabulary import RELATIONS, TERMS
from auditor.engine import quoted, text
from auditor.intake.tables import TABLES

#: One row of the findings table. ``at`` is local wall-clock time; lists in ``missing`` are separated by commas.
FINDING_SCHEMA = pa.schema(
    [
        ("check", pa.string()),
        ("name", pa.string()),
        ("kind", pa.string()),
        ("severity", pa.string()),
        ("answer", pa.string()),
        ("entity_type", pa.string()),
        ("entity", pa.string()),
        ("case_id", pa.string()),
        ("at", pa.timestamp("us")),
        ("user_id", pa.string()),
        ("organisation", pa.string()),
        ("controller", pa.string()),
        ("evidence", pa.string()),
        ("missing", pa.string()),
        ("law", pa.string()),
        ("fingerprint", pa.string()),
    ]
)

#: Why an answer cannot be given although no column is empty: a word of the expressions, the cause, and the SQL that tells it.
CAUSES: tuple[tuple[str, str, str], ...] = (
    ("reached", "birth_month", "birth_date_derived AND birth_date IS NOT NULL"),
    ("home_is_party", "party_unconfirmed", "home_is_party IS NULL AND home_municipality IS NOT NULL"),
    (
        "home_is_party_at_report",
        "party_unconfirmed",
        "home_is_party_at_report IS NULL AND home_municipality_at_report IS NOT NULL",
    ),
    ("recipient_is_party", "party_unconfirmed", "recipient_is_party IS NULL AND recipient IS NOT NULL"),
    (
        "recipient_matches_to",
        "party_unconfirmed",
        "holds(flow_to, 'party') AND recipient_is_party IS NULL AND recipient IS NOT NULL",
    ),
    (
        "sender_matches_from",
        "party_unconfirmed",
        "holds(flow_from, 'party') AND sender_is_party IS NULL AND sender IS NOT NULL",
    ),
    ("agreement_in_force", "period_unconfirmed", "agreement_in_force IS NULL"),
    ("grounds_unknown", "ground_unknown", "grounds_unknown > 0"),
    ("sender_authorised", "staff_unreadable", "sender_authorised IS NULL AND user_id IS NOT NULL AND sender IS NOT NULL"),
)
_STORED_ELSEWHERE = {"fields": "fields_unknown", "grounds": "grounds_unknown"}


def finding_query(check: Check, last_day: date, *, every_answer: bool = False) -> str:
    """SQL for the findings of a row check, columns as FINDING_SCHEMA, in the order of the id that is shown.

    ``last_day`` dates the law of a finding without a time. ``every_answer`` asks for passes too (one disclosure explained).
    """
    answer = quoted(f"answer_{check.id}")
    entity, moment = _entity_columns(check)
    answers = {Answer.VIOLATION: "violation", Answer.UNDETERMINED: "undetermined"}
    if every_answer:
        answers |= {Answer.PASS: "pass", Answer.NOT_APPLICABLE: "not_applicable"}
    named = " ".join(f"WHEN {code:d} THEN '{name}'" for code, name in answers.items())
    wanted = "true" if every_answer else f"{answer} >= {Answer.UNDETERMINED:d}"
    printed = f"strftime({moment}, '%Y-%m-%dT%H:%M:%S.%f')" if check.of is Of.DISCLOSURE else "''"
    return f"""SELECT {text(check.id)} AS "check", {text(check.name)} AS name, '{check.kind}' AS kind, '{check.severity}' AS severity,
        CASE {answer} {named} END AS answer, '{check.of}' AS entity_type, {entity}, {moment} AS "at",
        {_people(check)}, CAST(to_json({_evidence(check)}) AS VARCHAR) AS evidence,
        CASE WHEN {answer} = {Answer.UNDETERMINED:d} THEN {_missing(check)} END AS missing,
        {_law(check, moment, last_day)} AS law,
        left(sha256(concat_ws('|', {text(check.id)}, '{check.of}', entity, {printed})), 32) AS fingerprint
    FROM flagged_{check.of} CROSS JOIN terms WHERE {wanted} ORDER BY entity"""


def words_of_findings(checks: Iterable[Check], last_day: date) -> list[str]:
    """The words of the disclosures' relation that the findings of these checks are made of, in the relation's order."""
    queries = " ".join(finding_query(check, last_day) for check in checks if check.of is Of.DISCLOSURE)
    named = set(re.findall(r"[a-z_]+", queries))
    return [word for word in RELATIONS[Of.DISCLOSURE] if word in named and word not in TERMS]


def _entity_columns(check: Check) -> tuple[str, str]:
    if check.of is Of.CASE:
        return "case_shown AS entity, case_shown AS case_id", f"CAST({check.moment} AS TIMESTAMP)"
    return "disclosure_shown AS entity, case_shown AS case_id", '"at"'


def _people(check: Check) -> str:
    """The user, the organisation at the other end, and who answers for the processing (SoLPuF 2001:637, 11 §)."""
    if check.of is Of.CASE:
        return "NULL AS user_id, NULL AS organisation, home_municipality_at_report AS controller"
    return "user_shown AS user_id, recipient AS organisation, sender AS controller"


def _evidence(check: Check) -> str:
    words = RELATIONS[check.of]
    shown = ", ".join(f"{quoted(name)} := {words[name].shown}" for name in check.evidence)
    return f"struct_pack({shown})" if shown else "MAP {}"


def _missing(check: Check) -> str:
    """SQL: the columns that were NULL, then causes that no empty column tells."""
    words = RELATIONS[check.of]
    parts: list[str] = []
    for read in check.reads:
        table, column = read.split(".")
        word = _STORED_ELSEWHERE.get(column, column)
        if check.of is Of.CASE and column == "home_municipality":
            word = "home_municipality_at_report"
        empty_says_something = TABLES[table].column(column).meaningful_empty
        if word in words and table in ("cases", "disclosures") and not empty_says_something:
            parts.append(f"CASE WHEN {quoted(word)} IS NULL THEN {text(column)} END")
    if check.of is Of.DISCLOSURE:
        if any(read.startswith("cases.") for read in check.reads) or "case_known" in f"{check.applies} {check.violates}":
            parts.append("CASE WHEN case_known IS NOT TRUE AND case_id IS NOT NULL THEN 'case_unknown' END")
        if "disclosures.purpose" in check.reads:
            parts.append("CASE WHEN NOT flow_known THEN 'flow_unknown' END")
    expressions = f"{check.applies} {check.violates}"
    for word, cause, sql in CAUSES:
        if re.search(rf"\b{word}\b", expressions):
            parts.append(f"CASE WHEN {sql} THEN '{cause}' END")
    return f"concat_ws(',', {', '.join(parts)})" if parts else "''"


def _law(check: Check, moment: str, last_day: date) -> str:
    """SQL: the provisions in force on the local date of the finding; they change only on a few days."""
    changes = {p.valid_from for p in check.law if p.valid_from} | {
        p.valid_to + timedelta(days=1) for p in check.law if p.valid_to
    }
    cases = " ".join(
        f"WHEN day >= DATE '{change.isoformat()}' THEN {text(check.law_on(change))}" for change in sorted(changes, reverse=True)
    )
    earliest = text(check.law_on(min(changes) - timedelta(days=1)) if changes else check.law_on(last_day))
    if not cases:
        return earliest
    day = f"coalesce(CAST({moment} AS DATE), DATE '{last_day.isoformat()}')"
    return f"CASE {cases.replace('day >=', f'{day} >=')} ELSE {earliest} END"
