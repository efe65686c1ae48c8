"""The findings of a row check, as one query over its judged rows: evidence is read only for the rows that need it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
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
    (
        "usable_ground_holds",
        "birth_month",
        'usable_ground_holds IS NULL AND birth_date_derived AND month("at") = month(birth_date) '
        'AND year("at") - year(birth_date) IN (SELECT max_age FROM law_grounds)',
    ),
    # a role that the child's home holds at the time or at the report; that it is empty at the time is told by the column
    (
        "recipient_matches_to",
        "home_municipality",
        "holds(flow_to, 'home_municipality') AND home_municipality_at_report IS NULL",
    ),
    (
        "sender_matches_from",
        "home_municipality",
        "holds(flow_from, 'home_municipality') AND home_municipality_at_report IS NULL",
    ),
    ("responsible", "home_municipality", "home_municipality_at_report IS NULL"),
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
    ("authorised", "staff_unreadable", "authorised IS NULL"),
    (
        "responsible",
        "staff_organisation",
        "authorised AND responsible IS NULL AND home_municipality IS NOT NULL AND home_municipality_at_report IS NOT NULL",
    ),
    ("on_duty", "staff_unit", "authorised AND on_duty IS NULL"),
    ("own_record", "staff_person_id", "authorised AND own_record IS NULL AND person_id"),
    ("assigned", "assignment_unreadable", "assigned IS NULL AND user_id IS NOT NULL AND case_id IS NOT NULL"),
    ("disclosed_nearby", "log_edge", "disclosed_nearby IS NULL AND user_id IS NOT NULL AND case_id IS NOT NULL"),
    ("opened_after", "log_edge", "opened_after IS NULL AND user_id IS NOT NULL AND case_id IS NOT NULL"),
    # of one party's answers alone (auditor.parties): rows of the time when the child belonged elsewhere were taken away
    ("children_moved", "child_moved", "case_id IN (SELECT case_id FROM children_moved)"),
    ("traced_in_log", "log_edge", "traced_in_log IS NULL AND user_id IS NOT NULL AND case_id IS NOT NULL"),
)
#: The relations whose rows are those of a log, and the tables whose columns stand in them under their own names.
_OF_A_LOG = {Of.DISCLOSURE: ("cases", "disclosures"), Of.ACCESS: ("cases", "accesses")}
_STORED_ELSEWHERE = {"fields": "fields_unknown", "grounds": "grounds_unknown"}


@dataclass(frozen=True)
class _Shape:
    """How the findings of a relation are told: SQL over its flagged rows, and whether a finding's identity holds its time."""

    entity: str
    case_id: str
    at: str
    user_id: str
    organisation: str
    controller: str
    at_in_fingerprint: bool = False


# who answers for the processing: SoLPuF 2001:637, 11 §
_SHAPES = {
    Of.DISCLOSURE: _Shape(
        "disclosure_shown", "case_shown", '"at"', "user_shown", "recipient", "sender", at_in_fingerprint=True
    ),
    Of.ACCESS: _Shape(
        "event_shown", "case_shown", '"at"', "user_shown", "organisation", "organisation", at_in_fingerprint=True
    ),
    Of.CASE: _Shape("case_shown", "case_shown", "", "NULL", "NULL", "home_municipality_at_report"),
    Of.USER_DAY: _Shape("user_shown || '@' || day", "NULL", "", "user_shown", "organisation", "organisation"),
}


def finding_query(check: Check, last_day: date, *, least: Answer = Answer.UNDETERMINED, every_answer: bool = False) -> str:
    """SQL for the findings of a row check, columns as FINDING_SCHEMA, in the order of the id that is shown.

    ``last_day`` dates the law of a finding without a time; ``least`` is the answer from which there is a finding. ``every_answer`` asks
    for passes too (one disclosure explained).
    """
    shape = _SHAPES[check.of]
    answer = quoted(f"answer_{check.id}")
    moment = shape.at or f"CAST({check.moment} AS TIMESTAMP)"
    answers = {Answer.VIOLATION: "violation", Answer.UNDETERMINED: "undetermined"}
    if every_answer:
        answers |= {Answer.PASS: "pass", Answer.NOT_APPLICABLE: "not_applicable"}
    named = " ".join(f"WHEN {code:d} THEN '{name}'" for code, name in answers.items())
    wanted = "true" if every_answer else f"{answer} >= {least:d}"
    printed = f"strftime({moment}, '%Y-%m-%dT%H:%M:%S.%f')" if shape.at_in_fingerprint else "''"
    evidence = f"CAST(to_json({_evidence(check)}) AS VARCHAR)"
    fingerprint = f"left(sha256(concat_ws('|', {text(check.id)}, '{check.of}', entity, {printed})), 32)"
    rows, order = f"flagged_{check.of} CROSS JOIN terms", "entity"
    if check.of is Of.ACCESS:  # an event's number may stand on several rows (check L1): several alike are numbered
        alike = f"""SELECT number, row_number() OVER (PARTITION BY event_shown, "at" ORDER BY {answer} DESC, case_shown, user_shown,
            organisation, {evidence}) AS alike FROM flagged_access CROSS JOIN terms WHERE {wanted} AND event_id IN (SELECT event_id FROM reused_events)"""
        rows, order = f"{rows} LEFT JOIN ({alike}) AS n USING (number)", "entity, fingerprint"
        fingerprint = f"CASE WHEN alike > 1 THEN left(sha256({fingerprint} || '|' || alike), 32) ELSE {fingerprint} END"
    return f"""SELECT {text(check.id)} AS "check", {text(check.name)} AS name, '{check.kind}' AS kind, '{check.severity}' AS severity,
        CASE {answer} {named} END AS answer, '{check.of}' AS entity_type, {shape.entity} AS entity, {shape.case_id} AS case_id,
        {moment} AS "at", {shape.user_id} AS user_id, {shape.organisation} AS organisation, {shape.controller} AS controller,
        {evidence} AS evidence, CASE WHEN {answer} = {Answer.UNDETERMINED:d} THEN {_missing(check)} END AS missing,
        {_law(check, moment, last_day)} AS law, {fingerprint} AS fingerprint
    FROM {rows} WHERE {wanted} ORDER BY {order}"""


def words_of_findings(of: Of, checks: Iterable[Check], last_day: date) -> list[str]:
    """The words of a relation that the findings of these checks are made of, in the relation's order."""
    queries = " ".join(finding_query(check, last_day) for check in checks if check.of is of)
    named = set(re.findall(r"[a-z_]+", queries))
    return [word for word in RELATIONS[of] if word in named and word not in TERMS]


def _evidence(check: Check) -> str:
    words = RELATIONS[check.of]
    shown = ", ".join(f"{quoted(name)} := {words[name].shown}" for name in check.evidence)
    return f"struct_pack({shown})" if shown else "MAP {}"


def missing_parts(check: Check) -> dict[str, str]:
    """Why a check's answer may be open: each cause, with the SQL that tells it. First columns that are NULL, then what no empty
    column tells."""
    words = RELATIONS[check.of]
    parts: dict[str, list[str]] = {}
    for read in check.reads:
        table, column = read.split(".")
        word = _STORED_ELSEWHERE.get(column, column)
        if check.of is Of.CASE and column == "home_municipality":
            word = "home_municipality_at_report"
        empty_says_something = TABLES[table].column(column).meaningful_empty
        if word in words and table in _OF_A_LOG.get(check.of, ("cases", "disclosures")) and not empty_says_something:
            parts.setdefault(column, []).append(f"{quoted(word)} IS NULL")
    if check.of in _OF_A_LOG:
        if any(read.startswith("cases.") for read in check.reads) or "case_known" in f"{check.applies} {check.violates}":
            parts.setdefault("case_unknown", []).append("case_known IS NOT TRUE AND case_id IS NOT NULL")
        if "disclosures.purpose" in check.reads:
            parts.setdefault("flow_unknown", []).append("NOT flow_known")
    expressions = f"{check.applies} {check.violates}"
    for word, cause, sql in CAUSES:
        if re.search(rf"\b{word}\b", expressions):
            parts.setdefault(cause, []).append(sql)
    return {cause: " OR ".join(f"({sql})" for sql in tests) if len(tests) > 1 else tests[0] for cause, tests in parts.items()}


def _missing(check: Check) -> str:
    """SQL: the causes that hold, separated by commas."""
    parts = [f"CASE WHEN {sql} THEN {text(cause)} END" for cause, sql in missing_parts(check).items()]
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
