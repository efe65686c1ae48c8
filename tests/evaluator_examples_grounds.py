"""Examples of every check on legal grounds and procedure, worked by hand; the month they change is in evaluator_examples.py."""

from __future__ import annotations

from datetime import date

from tests.bundle_agreements import example
from tests.evaluator_examples import ASKED, FEEDBACK, FROM_POLICE, NO_FLOW, OTHER, PERIOD_NOW, REPORT, TO_POLICE, answers

GROUNDS = [
    *answers("B1", violation=[{"grounds": None}], passing=[{}]),
    *answers("B2", violation=[{"grounds": ["okänd"]}], passing=[{}], not_applicable=[{"grounds": None}]),
    *answers(
        "B3",
        violation=[{**REPORT, "grounds": ["SoL 14:1", "SoL 19:1"]}],
        passing=[{}, {"grounds": ["okänd"]}],
        not_applicable=[{"grounds": None}],
    ),
    *answers(
        "B4",
        violation=[{"grounds": ["OSL 10:21"]}, {**REPORT, "grounds": ["SoL 14:1"]}],
        passing=[{}, {"grounds": ["OSL 26:9 p1", "okänd"]}],
        undetermined=[{"grounds": ["OSL 10:21", "okänd"]}, NO_FLOW],
        not_applicable=[{"grounds": None}, {**NO_FLOW, "grounds": None}],
    ),
    *answers(
        "B5",
        violation=[
            {"birth_date": "2008-10-06"},
            ASKED | {"decided_at": None},
            ASKED | {"decided_at": "2026-10-13 10:00:01"},
            {
                **FROM_POLICE,
                "purpose": "assessment",
                "grounds": ["SoL 20:6"],
                "decision": "not_opened",
                "at": "2026-10-13 10:00:00",
            },
            {**FROM_POLICE, "purpose": "assessment", "grounds": ["SoL 20:6"], "decision": None, "at": "2026-10-13 10:00:00"},
        ],
        passing=[
            {},
            {"birth_date": "2008-10-06", "grounds": ["OSL 26:9 p1", "OSL 10:2"]},
            {**TO_POLICE, "grounds": ["OSL 10:18a"], "birth_date": "2005-10-07"},
            ASKED | {"decided_at": "2026-10-13 10:00:00"},
            ASKED | {"decided_at": None, "decision": "already_open"},
            ASKED | {"decision": None},
            {"birth_date": None, "grounds": ["OSL 10:2"]},
        ],
        undetermined=[
            {"birth_date": None},
            {"birth_date": "2008-10-06", "grounds": ["OSL 26:9 p1", "okänd"]},
            ASKED | {"no_case": True},
        ],
        not_applicable=[{"grounds": None}, {"grounds": ["okänd"]}, NO_FLOW],
    ),
    *answers(
        "B6",
        violation=[{"grounds": ["OSL 10:2", "OSL 10:28"]}],
        passing=[{}, {"grounds": ["OSL 10:2", "OSL 26:9 p1"]}, {"grounds": ["OSL 10:2"], "motivation": "Behövs"}],
        not_applicable=[{"grounds": ["OSL 10:21"]}, NO_FLOW],
    ),
    *answers(
        "B7",
        violation=[{"grounds": ["OSL 10:23"]}, {**NO_FLOW, "grounds": ["OSL 10:23"]}],
        passing=[{}],
        not_applicable=[{"grounds": None}],
    ),
    *answers(
        "B8",
        violation=[{"grounds": ["avtalet"]}, {"grounds": ["OSL 10:27"], "flow": {"grounds": ["OSL 10:27"]}}],
        passing=[
            {"grounds": ["avtalet", "OSL 26:9 p1"]},
            {**REPORT, "grounds": ["avtalet"]},  # the police are not social services
            {"grounds": ["avtalet"], "sender": None},
            {**NO_FLOW},
        ],
        undetermined=[{"grounds": ["avtalet", "okänd"]}, {**NO_FLOW, "grounds": ["avtalet"]}],
        not_applicable=[{"grounds": None}],
    ),
]
PROCEDURE = [
    *answers(
        "P1",
        violation=[
            {"no_case": True},
            {"case_id": None},
            {"case_id": None, "unreadable": {"cases": [{"case_id": None}]}},
            {"no_case": True, "unreadable": {"cases": [{"case_id": "C2"}]}},
        ],
        passing=[{}],
        undetermined=[
            {"no_case": True, "unreadable": {"cases": [{"case_id": "C1"}]}},
            {"no_case": True, "unreadable": {"cases": [{"case_id": None}]}},
        ],
    ),
    *answers(
        "P2",
        violation=[{"at": "2026-10-05 08:59:59"}],
        passing=[{"at": "2026-10-05 09:00:00"}, {**NO_FLOW}],
        undetermined=[
            {"reported_at": None},
            {**NO_FLOW, "at": "2026-10-05 08:59:59"},
            {"no_case": True, "unreadable": {"cases": [{"case_id": "C1"}]}},
        ],
        not_applicable=[{**REPORT, "at": "2026-10-05 08:59:59"}, {"no_case": True}],
    ),
    *answers(
        "P3",
        violation=[{"closed_at": "2026-09-22 08:59:59"}],
        passing=[{}, {"closed_at": "2026-09-22 09:00:00"}, {"no_case": True, "unreadable": {"cases": [{"case_id": "C1"}]}}],
        not_applicable=[{"no_case": True}],
    ),
    *answers(
        "P4",
        violation=[
            {"more": [{"at": "2026-10-05 09:00:00"}]},
            {"more": [{}]},
            {"at": "2026-10-01 00:00:00", "more": [{"at": "2026-09-30 12:00:00"}]},
        ],
        passing=[
            {},
            {"more": [{"at": "2026-10-05 08:59:59"}]},
            {"more": [{"disclosure_id": "D-09"}]},
            {"more": [{"fields": ["name", "risk"]}]},
            {"more": [{"recipient": None}]},
        ],
        not_applicable=[{"fields": None, "more": [{}]}],
    ),
    *answers(
        "P5",
        violation=[{"channel": "email"}],
        passing=[{}],
        undetermined=[{"channel": None}],
        not_applicable=[{"channel": "email", "agreement": {"channels": None}}],
    ),
    *answers(
        "P6",
        violation=[{"agreement": {"periods": [{"valid_from": date(2023, 10, 16), "valid_to": date(2026, 10, 5)}]}}],
        passing=[{"agreement": {"periods": PERIOD_NOW}}],
        undetermined=[{}, NO_FLOW],
        not_applicable=[OTHER],
    ),
    *answers(
        "P7",
        violation=[{"at": "2026-10-06 09:00:01"}, {"recipient": "0182"}, {"recipient": None}, {"purpose": "request"}],
        passing=[{}, {"at": "2026-09-01 09:00:00"}, {"home_municipality": "0182", "recipient": "0182"}],
        undetermined=[
            {"home_municipality": None},
            {"reporter": None, "recipient": "0182"},
            {"home_municipality": "0182", "recipient": "0120"},
        ],
        not_applicable=[
            {"reported_at": None},
            {"reporter": "0180"},
            {"reported_at": "2026-10-31 00:00:00"},  # the day after lies outside the month
            {"home_municipality": "0180"},
            {"home_municipality": "0380"},
            {"agreement": {"flows": [flow for flow in example()["flows"] if flow["id"] != "handover"]}},
            {"recipient": "0182", "flow": {"deadline": {"after": "reported_at", "within": "24h", "from": date(2026, 10, 6)}}},
        ],
    ),
    *answers(
        "P8",
        violation=[
            {"decided_at": "2026-10-20 00:00:00"},
            {"decided_at": None},
            {"reported_at": "2026-01-05 09:00:00", "decided_at": None},
        ],
        passing=[{}, {"decided_at": "2026-10-19 23:59:59"}, {"decision": None}],
        not_applicable=[
            {"decided_at": None, "decision": "already_open"},
            {"decided_at": None, "assessment_extended": True},
            {"decided_at": None, "reported_at": None},
            {"decided_at": None, "reported_at": "2026-10-17 09:00:00"},  # due on Saturday 31 October, so on 2 November
            {"decided_at": "2026-02-01 00:00:00", "reported_at": "2026-01-05 09:00:00"},  # due and decided before the month
        ],
    ),
    *answers(
        "P9",
        violation=[
            ASKED | {"at": "2026-10-19 10:00:01"},
            ASKED | {"requested_at": "2026-10-14 10:00:00", "at": "2026-10-21 10:00:01"},
        ],
        passing=[ASKED, ASKED | {"at": "2026-10-19 10:00:00"}],
        undetermined=[{**NO_FLOW, "requested_at": "2026-10-06 10:00:00"}],
        not_applicable=[
            {},
            {"requested_at": "2026-10-06 10:00:00"},
            FEEDBACK,
            ASKED | {"decided_at": None},
            ASKED | {"flow": {"deadline": {"after": "request", "within": "1h", "from": date(2026, 10, 13)}}},
        ],
    ),
]
EXAMPLES = [*GROUNDS, *PROCEDURE]
