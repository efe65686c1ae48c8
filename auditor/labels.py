"""The words for what the program's codes mean, declared once for terminal and report; show them through ``auditor.words._``."""

from __future__ import annotations

from auditor.checks.model import Kind, Severity
from auditor.outcomes import Run, State, Verdict
from auditor.words import N_, _

VERDICTS = {
    Verdict.WITHIN: N_("within the agreement"),
    Verdict.OUTSIDE: N_("outside the agreement"),
    Verdict.UNDETERMINED: N_("cannot be judged – information is missing"),
}
KINDS = {Kind.SCOPE: N_("scope"), Kind.CONDUCT: N_("conduct"), Kind.SIGNAL: N_("signal"), Kind.QUALITY: N_("log quality")}
SEVERITIES = {
    Severity.CRITICAL: N_("critical"),
    Severity.HIGH: N_("high"),
    Severity.MEDIUM: N_("medium"),
    Severity.LOW: N_("low"),
}
ANSWERS = {
    "violation": N_("violation"),
    "undetermined": N_("cannot be judged"),
    "pass": N_("pass"),
    "not_applicable": N_("not applicable"),
}
#: Why an answer cannot be given (``missing`` in the findings): a column with an empty cell, or what no empty cell tells.
CAUSES = {
    "case_id": N_("case number"),
    "birth_date": N_("birth date"),
    "home_municipality": N_("home municipality"),
    "registered_municipality": N_("registered municipality"),
    "found_in": N_("place where the child was found"),
    "concern": N_("concern"),
    "reporter": N_("reporter"),
    "reported_at": N_("time of the report"),
    "protection": N_("protection"),
    "sender": N_("sender"),
    "sender_unit": N_("unit of the sender"),
    "user_id": N_("user"),
    "recipient": N_("recipient"),
    "recipient_unit": N_("unit of the recipient"),
    "purpose": N_("purpose"),
    "fields": N_("disclosed fields"),
    "grounds": N_("grounds"),
    "channel": N_("channel"),
    "requested_at": N_("time of the request"),
    "assessment_extended": N_("assessment extended"),
    "case_unknown": N_("the case is not in the case log, or its row could not be read"),
    "flow_unknown": N_("the purpose names no flow of the agreement"),
    "birth_month": N_("only the month of birth is certain, since the birth date was taken from the personal number"),
    "party_unconfirmed": N_("it is not confirmed that the municipality was a party"),
    "period_unconfirmed": N_("it is not confirmed that the agreement was in force"),
    "ground_unknown": N_("a recorded ground is not in the law table"),
    "staff_unreadable": N_("a row of the staff list could not be read"),
    "action": N_("action"),
    "person_id": N_("personal number in the case"),
    "workstation": N_("workstation"),
    "staff_organisation": N_("organisation in the staff list"),
    "staff_unit": N_("unit or organisation in the staff list"),
    "staff_person_id": N_("personal number in the staff list"),
    "assignment_unreadable": N_("a row of the assignments could not be read"),
    "log_edge": N_("the window reaches outside the other log"),
    "child_moved": N_("the child belonged to another municipality for a time, whose rows are not here"),
}
#: What a purpose is for, where the agreement gives the flow no name of its own.
PURPOSES = {
    "report": N_("report of concern for a child"),
    "handover": N_("handing over to the child's home municipality"),
    "assessment": N_("risk assessment from the Police"),
    "request": N_("question to the Police"),
    "feedback": N_("feedback to the reporter"),
    "prevention": N_("preventing crime"),
    "other_channel": N_("other disclosure on a ground of its own"),
}
TABLES = {
    "cases": N_("cases"),
    "disclosures": N_("disclosures"),
    "accesses": N_("accesses"),
    "staff": N_("staff"),
    "assignments": N_("assignments"),
    "residences": N_("residences"),
}
#: The words of evidence (auditor.checks.vocabulary) as a report names them.
EVIDENCE = {
    "age": N_("age"),
    "age_below": N_("age limit"),
    "concern_matches": N_("concern is one of the agreement's"),
    "concern_known": N_("concern"),
    "target_concern": N_("concern of the agreement"),
    "target_county": N_("county of the agreement"),
    "target_reporter": N_("reporter of the agreement"),
    "counterpart": N_("counterpart"),
    "entry_point": N_("entry point"),
    "approved_channels": N_("approved channels"),
    "assessment_days": N_("days allowed"),
    "assessment_due": N_("due day"),
    "assessment_extended": N_("assessment extended"),
    "period_from": N_("first day"),
    "period_to": N_("last day"),
    "home_municipality": N_("home municipality"),
    "home_municipality_at_report": N_("home municipality at the report"),
    "home_is_party": N_("home municipality is a party"),
    "home_is_party_at_report": N_("home municipality is a party at the report"),
    "registered_municipality": N_("registered municipality"),
    "found_in": N_("found in"),
    "reporter": N_("reporter"),
    "reported_at": N_("reported"),
    "decided_at": N_("decided"),
    "decision": N_("decision"),
    "closed_at": N_("closed"),
    "protection": N_("protection"),
    "sender": N_("sender"),
    "recipient": N_("recipient"),
    "purpose": N_("purpose"),
    "channel": N_("channel"),
    "motivation": N_("motivation"),
    "requested_at": N_("requested"),
    "flow_scope": N_("scope of the flow"),
    "flow_target_group": N_("target group of the flow"),
    "flow_from": N_("who may send"),
    "flow_to": N_("who may receive"),
    "flow_deadline_after": N_("deadline runs from"),
    "sender_is_party": N_("sender is a party"),
    "recipient_is_party": N_("recipient is a party"),
    "sender_units": N_("units of the sender in the agreement"),
    "recipient_units": N_("units of the recipient in the agreement"),
    "fields_outside_flow": N_("fields too many"),
    "fields_unknown": N_("unknown fields"),
    "fields_location": N_("fields that show a location"),
    "fields_identity": N_("fields that show an identity"),
    "fields_sensitive": N_("sensitive fields"),
    "grounds_known": N_("grounds"),
    "grounds_unknown": N_("unknown grounds"),
    "grounds_not_in_force": N_("grounds not in force"),
    "grounds_review": N_("grounds that need legal review"),
    "grounds_excluded": N_("excluded grounds"),
    "grounds_usable": N_("usable grounds"),
    "earlier_same_at": N_("earlier disclosure"),
    "agreement_in_force": N_("agreement in force"),
    "handover_flow": N_("flow"),
    "handover_due": N_("due"),
    "action": N_("action"),
    "organisations": N_("organisations of the user"),
    "on_duty": N_("on duty"),
    "reason_required": N_("actions that demand a reason"),
    "volume_factor": N_("factor of the agreement"),
    "cases": N_("cases"),
    "median_cases": N_("median"),
    "deviation": N_("median deviation"),
    "source": N_("source"),
    "first_missing": N_("first missing number"),
    "last_missing": N_("last missing number"),
    "missing": N_("missing numbers"),
    "silent_from": N_("silent from"),
    "silent_to": N_("silent until"),
    "hours": N_("hours"),
    "rows": N_("rows"),
    "cells": N_("cells"),
    "lines": N_("lines"),
    "column": N_("column"),
    "reason": N_("reason"),
    "first": N_("first day"),
    "last": N_("last day"),
}
#: Codes that evidence may hold, in words; other codes are names of the agreement or stand as they are.
CODES = {
    "counterpart": N_("counterpart"),
    "entry_point": N_("entry point"),
    "home_municipality": N_("home municipality"),
    "party": N_("a municipality that is a party"),
    "opened": N_("enquiry opened"),
    "not_opened": N_("no enquiry opened"),
    "already_open": N_("enquiry already open"),
    "none": N_("no protection"),
    "marked": N_("secrecy marking"),
    "protected_registration": N_("protected population registration"),
    "assumed_identity": N_("assumed identity"),
    "read": N_("read"),
    "write": N_("write"),
    "search": N_("search"),
    "print": N_("print"),
    "export": N_("export"),
    "delete": N_("delete"),
    "sign": N_("sign"),
    "emergency": N_("emergency access"),
}
#: Why a row or a cell stands in quarantine.
REASONS = {
    "key_missing": N_("the key is missing"),
    "key_unreadable": N_("the key cannot be read"),
    "conflicting_rows": N_("several rows with the same key say different things"),
    "cell_unreadable": N_("the cell does not fit its column and is read as missing"),
    "not_a_row": N_("the line is a total, a remark or a repeated heading and not a row"),
    "wrong_column_count": N_("the row has another number of columns than the heading"),
    "undecodable": N_("the row is in another character encoding than the file"),
    "nul_byte": N_("the row holds a NUL byte"),
    "too_long": N_("the row is longer than the limit"),
    "bad_quoting": N_("the row's quotation marks do not match"),
    "bad_json": N_("the row is not valid JSON"),
    "duplicate_key": N_("the row names one column twice"),
    "not_a_resource": N_("the record is no FHIR resource"),
}
#: What a user did with a case, as a noun.
ACTIONS = {
    "read": N_("reading"),
    "write": N_("writing"),
    "search": N_("searching"),
    "print": N_("printing"),
    "export": N_("export"),
    "delete": N_("deletion"),
    "sign": N_("signing"),
    "emergency": N_("emergency opening"),
}
_STATES = {
    State.TABLE_ABSENT: N_("not run: the table {detail} is absent"),
    State.COLUMN_ABSENT: N_("not run: the column {detail} is absent"),
    State.SWITCHED_OFF: N_("not run: switched off by the agreement ({detail})"),
    State.FAILED: N_("not run: it failed ({detail})"),
}


def state_text(run: Run) -> str:
    """``run``, or in words why the check was not."""
    if run.state is State.RUN:
        return "run"
    words = _(TABLES[run.detail]) if run.detail in TABLES else run.detail
    detail = words if words == run.detail else f"{words} ({run.detail})"
    return _(_STATES[run.state]).format(detail=detail)
