"""Examples of every check on target group, parties and fields, worked by hand: the answer after a change.

Every example changes one sound month, October 2026: a child of 14 who belongs in Värmdö (0120), reported by the police on
5 October at 09:00; socialjouren in Stockholm (0180) hands the name over to Värmdö a day later, to the second within 24 hours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.bundle_agreements import example
from tests.bundles import person_number

CASE = {
    "case_id": "C1",
    "birth_date": "2012-05-05",
    "home_municipality": "0120",
    "registered_municipality": "0120",
    "found_in": "0180",
    "concern": ["gang_crime"],
    "reporter": "police-roc",
    "reported_at": "2026-10-05 09:00:00",
    "decided_at": "2026-10-12 10:00:00",
    "decision": "opened",
    "protection": "none",
}
DISCLOSURE = {
    "disclosure_id": "D-05",
    "case_id": "C1",
    "at": "2026-10-06 09:00:00",
    "sender": "0180",
    "sender_unit": "socialjouren",
    "user_id": "u1",
    "recipient": "0120",
    "recipient_unit": "enhet_a",
    "purpose": "handover",
    "fields": ["name"],
    "grounds": ["OSL 26:9 p1"],
    "channel": "sdk",
}
STAFF = {"user_id": "u1", "organisation": "0180", "unit": "socialjouren", "valid_from": "2024-01-01"}
TO_POLICE = {"recipient": "police-roc", "purpose": "request", "grounds": ["OSL 10:2"]}
FROM_POLICE = {"sender": "police-roc", "recipient": "0180", "recipient_unit": "socialjouren", "grounds": ["SoL 19:1"]}
REPORT = {**FROM_POLICE, "purpose": "report"}
FEEDBACK = {**TO_POLICE, "purpose": "feedback", "fields": ["decision"], "grounds": ["SoL 19:6"], "at": "2026-10-13 10:00:00"}
ASKED = {**FEEDBACK, "requested_at": "2026-10-06 10:00:00"}
OTHER = {"purpose": "other_channel", "grounds": ["OSL 10:21"]}
NO_FLOW = {"purpose": "unknown_flow"}
PERIOD_NOW = [{"valid_from": date(2023, 10, 16)}]
DERIVED = {"birth_date": None, "person_id": person_number(date(2008, 10, 20), 981)}


@dataclass(frozen=True)
class Example:
    """An answer of a check after changes: columns of the case or the disclosure, or one of the words of ``world``."""

    check: str
    expected: str
    changes: dict[str, Any]


Changes = Sequence[dict[str, Any]]


def answers(
    check: str, violation: Changes = (), passing: Changes = (), undetermined: Changes = (), not_applicable: Changes = ()
) -> list[Example]:
    """The examples of a check, by answer."""
    by_answer = {"violation": violation, "pass": passing, "undetermined": undetermined, "not_applicable": not_applicable}
    return [Example(check, answer, changes) for answer, several in by_answer.items() for changes in several]


TARGET_GROUP = [
    *answers(
        "T1",
        violation=[{"birth_date": "2008-10-06"}, {**DERIVED, "at": "2026-11-01 00:00:00", "period": (date(2026, 11, 1),) * 2}],
        passing=[
            {},
            {"birth_date": "2008-10-07"},
            {**DERIVED, "at": "2026-09-30 23:59:59", "period": (date(2026, 9, 1), date(2026, 9, 30))},
        ],
        undetermined=[{"birth_date": None}, DERIVED, {**NO_FLOW, "birth_date": "2008-10-06"}, {"no_case": True}],
        not_applicable=[{**REPORT, "birth_date": "2000-01-01"}, OTHER],
    ),
    *answers(
        "T2",
        violation=[{"concern": ["violence"]}],
        passing=[{"concern": ["violence", "gang_crime"]}],
        undetermined=[{"concern": None}],
        not_applicable=[{**REPORT, "concern": ["violence"]}],
    ),
    *answers(
        "T3",
        violation=[{"found_in": "0380"}, {"found_in": "03"}],
        passing=[{"found_in": "01"}, {"found_in": "0182"}],
        undetermined=[{"found_in": None}],
        not_applicable=[OTHER],
    ),
    *answers(
        "T4",
        violation=[{"home_municipality": "0380"}, {"residences": [{"municipality": "0380", "valid_from": "2026-10-06"}]}],
        passing=[{}, {"home_municipality": "0380", "residences": [{"municipality": "0120"}]}],
        undetermined=[
            {"home_municipality": None},
            {"home_municipality": "0182"},  # an unconfirmed party
            {"residences": [{"municipality": "0120", "valid_to": "2026-10-05"}]},
            {"residences": [{"municipality": "0120"}, {"municipality": None, "valid_from": "2026-10-06"}]},
        ],
        not_applicable=[{**REPORT, "home_municipality": "0380"}],
    ),
    *answers(
        "T5",
        violation=[{"reporter": "0180"}],
        passing=[
            {},
            {
                "reporter": "0180",
                "agreement": {"target_group": {**example()["target_group"], "reported_by": "entry_point"}},
            },
        ],
        undetermined=[{"reporter": None}],
        not_applicable=[REPORT],
    ),
    *answers(
        "T6",
        violation=[{"registered_municipality": "0182"}],
        passing=[{}],
        undetermined=[{"registered_municipality": None}, {"no_case": True}],
    ),
    *answers(
        "T7",
        violation=[{**REPORT, "found_in": "03"}, {**REPORT, "reporter": "0180", "concern": None}],
        passing=[REPORT],
        undetermined=[{**REPORT, "concern": None}, {**NO_FLOW, "found_in": "03"}],
        not_applicable=[{"found_in": "03"}],
    ),
]
PARTIES = [
    *answers(
        "R1",
        violation=[{"recipient": "0182"}],
        passing=[
            {},
            # the child moved on the sixth: the home at the report and the home now both fit
            {
                "residences": [
                    {"municipality": "0120", "valid_to": "2026-10-05"},
                    {"municipality": "0182", "valid_from": "2026-10-06"},
                ]
            },
            {
                "recipient": "0182",
                "residences": [{"municipality": "0120"}, {"municipality": "0182", "valid_from": "2026-10-06"}],
            },
        ],
        undetermined=[{"home_municipality": None}, {"recipient": None}, NO_FLOW],
        not_applicable=[{"recipient": "police-roc"}, TO_POLICE, {**NO_FLOW, "recipient": "police-roc"}],
    ),
    *answers(
        "R2",
        violation=[{"recipient": "0380"}],
        passing=[{}, TO_POLICE, {"recipient": "0180"}],
        undetermined=[{"recipient": None}, {"recipient": "0182"}, {**NO_FLOW, "recipient": "0380"}],
        not_applicable=[{**OTHER, "recipient": "0380"}],
    ),
    *answers(
        "R3",
        violation=[{"sender": "0120"}, {**TO_POLICE, "sender": "0182"}],
        passing=[{}, {**TO_POLICE, "sender": "0120"}, {**TO_POLICE, "sender": "0180", "home_municipality": None}],
        undetermined=[{"sender": None}, {**TO_POLICE, "sender": "0182", "home_municipality": None}, NO_FLOW],
    ),
    *answers(
        "R4",
        violation=[{"recipient": "police-roc"}, {**TO_POLICE, "recipient": "0120"}],
        passing=[
            TO_POLICE,
            {
                **TO_POLICE,
                "recipient": "0182",
                "flow": {"to": ["party", "counterpart"]},
                "agreement": {"parties": [{"municipality": "0182", **PERIOD_NOW[0]}]},
            },
        ],
        undetermined=[{"recipient": None}, {**TO_POLICE, "recipient": None}, NO_FLOW],
        not_applicable=[{}, {"recipient": "0182"}],
    ),
    *answers(
        "R5",
        violation=[
            {"user_id": "u2"},
            {"staff": [{"valid_to": "2026-10-05"}]},
            {"staff": [{"organisation": "0120"}]},
            {"staff": [{"organisation": None}]},
            {"user_id": "u2", "unreadable": {"staff": [{"user_id": "u3", "valid_from": None}]}},
        ],
        passing=[{}, {"staff": [{"valid_to": "2026-10-06"}]}, {"staff": [{"valid_from": "2026-10-06"}]}],
        undetermined=[
            {"user_id": None},
            {"sender": None},
            {"user_id": "u2", "unreadable": {"staff": [{"user_id": "u2", "valid_from": None}]}},
            {"user_id": "u2", "unreadable": {"staff": [{"user_id": None, "valid_from": date(2026, 1, 1)}]}},
        ],
        not_applicable=[REPORT],
    ),
    *answers("R6", violation=[NO_FLOW], passing=[{}], undetermined=[{"purpose": None}]),
    *answers(
        "R7",
        violation=[{**REPORT, "recipient_unit": "enhet_a"}],
        passing=[REPORT],
        undetermined=[{**REPORT, "recipient_unit": None}],
        not_applicable=[{}, {"recipient": None}],
    ),
    *answers(
        "R8",
        violation=[{"sender_unit": "enhet_a"}],
        passing=[{}],
        undetermined=[{"sender_unit": None}],
        not_applicable=[{"sender": None}, {"sender": "0120"}, {"agreement": {"units": {}}}],
    ),
]
FIELDS = [
    *answers(
        "F1",
        violation=[{"fields": ["name", "health"]}],
        passing=[{}, {"fields": ["unknown_field"]}, {**OTHER, "fields": ["health"]}],
        undetermined=[{"fields": None}, NO_FLOW, {**NO_FLOW, "fields": ["unknown_field"]}],
    ),
    *answers("F2", violation=[{"fields": ["unknown_field"]}], passing=[{}, NO_FLOW], undetermined=[{"fields": None}]),
    *answers(
        "F3",
        violation=[
            {"protection": "protected_registration", "fields": ["address"]},
            {"protection": "protected_registration", "fields": ["phone"]},
            {"protection": "assumed_identity", "fields": ["name"]},
        ],
        passing=[
            {"protection": "protected_registration"},
            {"protection": "assumed_identity", "fields": ["risk"]},
            {"protection": "assumed_identity", "flow": {"protected_location": True}},
            {"protection": None, "fields": ["risk"]},
            {**NO_FLOW, "protection": "protected_registration", "fields": ["risk"]},
        ],
        undetermined=[
            {"protection": None, "fields": ["address"]},
            {"protection": None, "fields": ["name"]},
            {"protection": "assumed_identity", "fields": None},
            {**NO_FLOW, "protection": "assumed_identity"},
        ],
        not_applicable=[{"fields": ["address"]}, {"protection": "marked", "fields": ["address"]}],
    ),
    *answers(
        "F4",
        violation=[{"fields": ["gang_link"]}],
        passing=[{"fields": ["gang_link"], "motivation": "Behövs"}, {"fields": None, "motivation": "Behövs"}],
        undetermined=[{"fields": None}],
        not_applicable=[{}],
    ),
    *answers(
        "F5",
        violation=[{"protection": "marked", "fields": ["school"]}],
        passing=[{"protection": "marked"}, {"protection": None}],
        undetermined=[{"protection": "marked", "fields": None}, {"protection": None, "fields": ["school"]}],
        not_applicable=[{"fields": ["school"]}, {"protection": "assumed_identity", "fields": ["school"]}],
    ),
]
EXAMPLES = [*TARGET_GROUP, *PARTIES, *FIELDS]
