"""The words that checks are written in: the columns of each prepared relation, and the SQL macros.

A prepared relation is a disclosure (or an access, a case, a user's day) already joined with everything that a check may ask of it. How it is
prepared is the engine's business; what it holds is said here, once. Every boolean is three-valued: NULL means that the log
does not say. ``shown`` is the SQL of what evidence may show of a column; a column without it never leaves the engine.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Word:
    """A column of a prepared relation: its SQL type, what it means, and what may be shown of it (SQL; empty = nothing).

    ``codes`` marks a set of codes kept as one text (``as_codes``): a million rows of lists are slow to carry about.
    """

    type: str
    meaning: str
    shown: str = ""
    codes: bool = False


_BETWEEN = "\x1f"


def as_codes(codes: Iterable[str]) -> str:
    """A set of codes as the one text that stands in a column of codes; the SQL macro of that name does the same."""
    return _BETWEEN + "".join(f"{code}{_BETWEEN}" for code in codes)


def _set(meaning: str, shown: str = "") -> Word:
    return Word("VARCHAR", meaning, f"codes_list({shown})" if shown else "", codes=True)


_CODE = "VARCHAR"
_CODES = "VARCHAR[]"

#: Roles in the staff list (lower case) whose work it is to lead that of others: they distribute, follow and sign cases.
SUPERVISING_ROLES = (
    "1:e socialsekreterare",
    "arbetsledare",
    "biträdande enhetschef",
    "enhetschef",
    "förste socialsekreterare",
    "gruppledare",
)

#: Terms of the agreement, the same for every row.
TERMS: dict[str, Word] = {
    "counterpart": Word(_CODE, "the organisation that holds the role counterpart", "counterpart"),
    "entry_point": Word(_CODE, "the organisation that holds the role entry_point", "entry_point"),
    "age_below": Word("INTEGER", "target_group.age_below, years", "age_below"),
    "target_concern": Word(_CODES, "target_group.concern", "target_concern"),
    "target_county": Word(_CODE, "target_group.found_in_county, two digits", "target_county"),
    "target_reporter": Word(_CODE, "the organisation that holds the role target_group.reported_by", "target_reporter"),
    "approved_channels": Word(_CODES, "channels; NULL when the agreement lists none (any)", "approved_channels"),
    "duplicate_window": Word("INTERVAL", "duplicate_window"),
    "closing_grace": Word("INTERVAL", "closing_grace"),
    "assessment_days": Word("INTEGER", "assessment_days", "assessment_days"),
    "duty_window": Word("INTERVAL", "access.duty_window"),
    "export_window": Word("INTERVAL", "access.export_window"),
    "reason_required": Word(_CODES, "access.reason_required", "reason_required"),
    "volume_factor": Word("INTEGER", "access.volume_factor", "volume_factor"),
    "period_from": Word("DATE", "first day of the audit period", "period_from"),
    "period_to": Word("DATE", "last day of the audit period", "period_to"),
}

_CASE_WORDS: dict[str, Word] = {
    "case_known": Word(
        "BOOLEAN",
        "a row of cases has this case_id; NULL when an unreadable row of cases may be it; without case_id false, or NULL where the log has no place for one",
    ),
    "birth_date": Word("DATE", "cases.birth_date, or derived from a valid number"),
    "birth_date_derived": Word("BOOLEAN", "birth_date was derived from a number, so only its month is certain"),
    "home_municipality": Word(_CODE, "C.home_municipality at t (residences, else cases)", "home_municipality"),
    "home_municipality_at_report": Word(_CODE, "C.home_municipality at reported_at", "home_municipality_at_report"),
    "home_is_party": Word("BOOLEAN", "is_party(C.home_municipality, t)", "home_is_party"),
    "registered_municipality": Word(_CODE, "cases.registered_municipality", "registered_municipality"),
    "found_in": Word(_CODE, "cases.found_in: a municipality code or a two-digit county code", "found_in"),
    "concern": _set("cases.concern"),
    "concern_matches": Word("BOOLEAN", "concern shares a value with target_group.concern", "concern_matches"),
    "concern_known": _set("the values of concern that target_group.concern names; others may be free text", "concern_known"),
    "reporter": Word(_CODE, "cases.reporter", "reporter"),
    "reported_at": Word("TIMESTAMP", "cases.reported_at", "strftime(reported_at, '%Y-%m-%d %H:%M:%S')"),
    "decided_at": Word("TIMESTAMP", "cases.decided_at; NULL = not yet", "strftime(decided_at, '%Y-%m-%d %H:%M:%S')"),
    "decision": Word(_CODE, "cases.decision: opened, not_opened, already_open", "decision"),
    "closed_at": Word("TIMESTAMP", "cases.closed_at; NULL = still open", "strftime(closed_at, '%Y-%m-%d %H:%M:%S')"),
    "protection": Word(_CODE, "cases.protection: none, marked, protected_registration, assumed_identity", "protection"),
}


def _of_own_case(word: Word) -> Word:
    """The evidence of a disclosure or an access shows nothing of a case that another controller answers for."""
    return replace(word, shown=f"CASE WHEN case_own THEN {word.shown} END") if word.shown else word


def _of_everybody(shown: str) -> str:
    """SQL: a number that others' rows are counted in, which the audit of one controller does not show."""
    return f"CASE WHEN terms.controller IS NULL THEN {shown} END"


_CASE_OWN = Word("BOOLEAN", "the case is that of the controller who is audited; true when all of them are")

#: The prepared relation of disclosures; ``at`` must be quoted in SQL, for it is a keyword of DuckDB's parser.
DISCLOSURE: dict[str, Word] = {
    **TERMS,
    "disclosure_id": Word(_CODE, "disclosures.disclosure_id"),
    "case_id": Word(_CODE, "disclosures.case_id"),
    "at": Word("TIMESTAMP", "disclosures.at (t)"),
    "sender": Word(_CODE, "disclosures.sender", "sender"),
    "sender_unit": Word(_CODE, "disclosures.sender_unit"),
    "user_id": Word(_CODE, "disclosures.user_id"),
    "recipient": Word(_CODE, "disclosures.recipient", "recipient"),
    "recipient_unit": Word(_CODE, "disclosures.recipient_unit"),
    "purpose": Word(_CODE, "disclosures.purpose", "CASE WHEN flow_known THEN purpose END"),
    "fields": _set("disclosures.fields, a set"),
    "grounds": _set("disclosures.grounds, a set"),
    "channel": Word(_CODE, "disclosures.channel", "CASE WHEN list_contains(approved_channels, channel) THEN channel END"),
    "motivation": Word(
        "BOOLEAN", "true when a motivation was written, else NULL; the text itself is never read", "motivation IS NOT NULL"
    ),
    "requested_at": Word("TIMESTAMP", "disclosures.requested_at", "strftime(requested_at, '%Y-%m-%d %H:%M:%S')"),
    "full_form": Word(
        "BOOLEAN", "true; NULL for a row of a standard log, which has no place for case, purpose, fields and grounds"
    ),
    **{name: _of_own_case(word) for name, word in _CASE_WORDS.items()},
    "case_own": _CASE_OWN,
    "age": _of_own_case(Word("INTEGER", "whole years on the local date of t", "age")),
    "flow_known": Word("BOOLEAN", "purpose names a flow of the agreement; NULL when purpose is NULL"),
    "flow_scope": Word(_CODE, "F.scope: agreement, other; NULL without a flow, as all of F", "flow_scope"),
    "flow_target_group": Word(_CODE, "F.target_group: required, noted, none", "flow_target_group"),
    "flow_from": _set("F.from, roles", "flow_from"),
    "flow_to": _set("F.to, roles", "flow_to"),
    "flow_protected_location": Word("BOOLEAN", "F.protected_location"),
    "flow_deadline_after": Word(
        _CODE, "F.deadline.after: reported_at, request; NULL without a deadline", "flow_deadline_after"
    ),
    "flow_deadline_within": Word("INTERVAL", "F.deadline.within"),
    "flow_deadline_from": Word("DATE", "F.deadline.from; NULL = always"),
    "sender_is_municipality": Word("BOOLEAN", "sender is a municipality code (four digits)"),
    "recipient_is_municipality": Word("BOOLEAN", "recipient is a municipality code (four digits)"),
    "sender_is_party": Word("BOOLEAN", "is_party(sender, t)", "sender_is_party"),
    "recipient_is_party": Word("BOOLEAN", "is_party(recipient, t)", "recipient_is_party"),
    "sender_matches_from": Word("BOOLEAN", "sender holds a role in F.from"),
    "recipient_matches_to": Word("BOOLEAN", "recipient holds a role in F.to"),
    "sender_units": _set("the units that the agreement lists for the sender; NULL when it lists none", "sender_units"),
    "recipient_units": _set("the units that the agreement lists for the recipient; NULL when it lists none", "recipient_units"),
    "sender_authorised": Word(
        "BOOLEAN",
        "a staff row of user_id with organisation = sender covers t; NULL when user_id or sender is NULL or an unreadable staff row may be it",
    ),
    "fields_outside_flow": _set(
        "fields in the catalogue that are not in F.fields; NULL when fields is NULL or there is no flow", "fields_outside_flow"
    ),
    "fields_unknown": Word("INTEGER", "how many fields are not in the catalogue; NULL when fields is NULL", "fields_unknown"),
    "fields_location": _set("fields with a category in `location`; NULL when fields is NULL", "fields_location"),
    "fields_identity": _set("fields with a category in `identity`; NULL when fields is NULL", "fields_identity"),
    "fields_sensitive": _set("fields with a category in `sensitive`; NULL when fields is NULL", "fields_sensitive"),
    "grounds_known": _set("grounds that are in the law table; NULL when grounds is NULL", "grounds_known"),
    "grounds_unknown": Word(
        "INTEGER", "how many grounds are not in the law table; NULL when grounds is NULL", "grounds_unknown"
    ),
    "grounds_not_in_force": _set("known grounds not in force on date(t); NULL when grounds is NULL", "grounds_not_in_force"),
    "grounds_review": _set("known grounds with legal_review; NULL when grounds is NULL", "grounds_review"),
    "grounds_excluded": _set("known grounds that are excluded for the sender; NULL when grounds is NULL", "grounds_excluded"),
    "grounds_usable": _set("usable grounds; NULL when grounds is NULL or there is no flow", "grounds_usable"),
    "usable_ground_holds": Word("BOOLEAN", "some usable ground holds (OR over them)"),
    "usable_grounds_need_motivation": Word("BOOLEAN", "every usable ground needs a motivation"),
    "earlier_same_at": Word(
        "TIMESTAMP",
        "time of the latest earlier disclosure with the same case, recipient, purpose and set of fields; NULL when there is none",
        "CASE WHEN earlier_same_own THEN strftime(earlier_same_at, '%Y-%m-%d %H:%M:%S') END",
    ),
    "traced_in_log": Word(
        "BOOLEAN",
        "an access by the same user to the same case within export_window; NULL when user or case is, or when there is none and the "
        "window reaches outside the access log",
    ),
    "earlier_same_own": Word("BOOLEAN", "that disclosure is of the controller who is audited; true when all of them are"),
    "agreement_in_force": Word(
        "BOOLEAN", "a period of the agreement contains date(t); NULL when only unconfirmed ones do", "agreement_in_force"
    ),
}

#: The prepared relation of cases: one row per case and per flow with a deadline after reported_at (or one without such a flow).
CASE: dict[str, Word] = {
    **TERMS,
    "case_id": Word(_CODE, "cases.case_id"),
    "reporter": _CASE_WORDS["reporter"],
    "reported_at": _CASE_WORDS["reported_at"],
    "home_municipality_at_report": _CASE_WORDS["home_municipality_at_report"],
    "home_is_party_at_report": Word(
        "BOOLEAN", "is_party(C.home_municipality at reported_at, reported_at)", "home_is_party_at_report"
    ),
    "decided_at": _CASE_WORDS["decided_at"],
    "decision": _CASE_WORDS["decision"],
    "assessment_extended": Word("BOOLEAN", "cases.assessment_extended; NULL = no", "assessment_extended"),
    "handover_flow": Word(
        _CODE,
        "a flow to home_municipality with a deadline after reported_at; NULL when the agreement has none",
        "handover_flow",
    ),
    "handover_due": Word(
        "TIMESTAMP", "reported_at + that flow's deadline; NULL when either is", "strftime(handover_due, '%Y-%m-%d %H:%M:%S')"
    ),
    "handed_over_in_time": Word(
        "BOOLEAN",
        "a disclosure of the case for that flow went to the home municipality at or before handover_due; NULL when the home municipality is NULL",
    ),
    "assessment_due": Word(
        "DATE",
        "date(reported_at) + assessment_days, moved to the next working day (lag 1930:173, 2 §); NULL without reported_at",
        "assessment_due",
    ),
}

#: The prepared relation of accesses. ``S`` is a row of staff of the user that covers t; of several, a property holds when some has it.
ACCESS: dict[str, Word] = {
    **TERMS,
    "event_id": Word(_CODE, "accesses.event_id"),
    "case_id": Word(_CODE, "accesses.case_id"),
    "at": Word("TIMESTAMP", "accesses.at (t)"),
    "user_id": Word(_CODE, "accesses.user_id"),
    "action": Word(_CODE, "accesses.action: read, write, search, print, export, delete, sign, emergency", "action"),
    "reason": Word("BOOLEAN", "true when a reason was given, else NULL; the text itself is never read"),
    "workstation": Word(_CODE, "accesses.workstation"),
    "case_own": _CASE_OWN,
    **{
        name: _of_own_case(_CASE_WORDS[name])
        for name in ("case_known", "home_municipality", "home_municipality_at_report", "reported_at", "closed_at", "protection")
    },
    "person_id": Word("BOOLEAN", "true when the case has a person_id, else NULL; the number itself is never read"),
    "service_account": Word("BOOLEAN", "user_id is among access.service_accounts; NULL when user_id is NULL"),
    "authorised": Word("BOOLEAN", "an S exists; NULL when an unreadable staff row may be one; false without user_id"),
    "organisations": _set("the organisations of every S", "organisations"),
    "responsible": Word("BOOLEAN", "some S.organisation is the entry point or holds the role home_municipality"),
    "on_duty": Word("BOOLEAN", "some (S.organisation, S.unit) is among access.duty_units", "on_duty"),
    "shared_account": Word("BOOLEAN", "some S.shared; empty = no"),
    "protected_access": Word("BOOLEAN", "some S.protected_access; empty = no"),
    "supervising": Word("BOOLEAN", "some S.role is one of SUPERVISING_ROLES"),
    "assigned": Word(
        "BOOLEAN",
        "an assignment of (case_id, user_id) with valid_from <= t <= valid_to + closing_grace; NULL when an unreadable one may be it",
    ),
    "own_record": Word(
        "BOOLEAN",
        "some S.person_id is C.person_id or among C.related_person_ids; NULL for an S without a person_id, or a case without",
    ),
    "colleague_record": Word(
        "BOOLEAN",
        "a staff row, of any period, of another user has a person_id that is C.person_id or among C.related_person_ids",
    ),
    "disclosed_nearby": Word(
        "BOOLEAN",
        "a disclosure by the same user of the same case within export_window; NULL when user or case is, or when there is none and "
        "the window reaches outside the log of disclosures",
    ),
    "elsewhere_nearby": Word("BOOLEAN", "another event of the same user on a different workstation, at most 5 minutes away"),
    "opened_after": Word(
        "BOOLEAN",
        "an event of the same user on the same case with another action than search, at t to t + 30 minutes; NULL when user or case "
        "is, or when there is none and the window reaches outside the access log",
    ),
}

#: The prepared relation of a user's days: one row per user and local date with an event in the audit period.
USER_DAY: dict[str, Word] = {
    **TERMS,
    "user_id": Word(_CODE, "accesses.user_id, never NULL"),
    "day": Word("DATE", "the local date"),
    "cases": Word("INTEGER", "how many different cases the user had events on that day", "cases"),
    "median_cases": Word("DOUBLE", "the median of cases over all user-days of the audit period", _of_everybody("median_cases")),
    "deviation": Word("DOUBLE", "the median absolute deviation from that median, at least 1", _of_everybody("deviation")),
}

#: Macros that may stand in a check: name(parameters) -> SQL, with what they mean.
MACROS: dict[str, tuple[str, str]] = {
    "reached(years, birth_date, derived, t)": (
        """CASE WHEN coalesce(derived, false) THEN
            CASE WHEN date_diff('month', birth_date, CAST(t AS DATE)) > years * 12 THEN true
            WHEN date_diff('month', birth_date, CAST(t AS DATE)) < years * 12 THEN false END
        ELSE date_sub('year', birth_date, CAST(t AS DATE)) >= years END""",
        "The subject has turned so many years on the local date of t; NULL within the month when the birth date was derived "
        "(folkbokföringslagen 1991:481, 18 §). 29 February falls on 28 February in a common year (lag 1930:173, 1 §).",
    ),
    "as_codes(list)": (
        "CASE WHEN list IS NOT NULL THEN chr(31) || array_to_string(list_transform(list, lambda code: code || chr(31)), '') END",
        "A list of codes as a set of codes in one text.",
    ),
    "codes_list(codes)": (
        "list_filter(string_split(codes, chr(31)), lambda code: code <> '')",
        "A set of codes as a list, to be shown.",
    ),
    "not_empty(codes)": ("codes <> chr(31)", "The set holds something; NULL when the set is NULL."),
    "holds(codes, code)": ("contains(codes, chr(31) || code || chr(31))", "The set holds the code; NULL when either is NULL."),
    "holds_any(codes, list)": (
        "list_has_any(string_split(codes, chr(31)), list)",
        "The set holds some code of the list; NULL when either is NULL.",
    ),
}

RELATIONS = {"disclosure": DISCLOSURE, "access": ACCESS, "case": CASE, "user_day": USER_DAY}
