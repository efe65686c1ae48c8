"""Examples of every check of the access log and of L5, worked by hand: the answer after a change.

In the sound month of evaluator_examples.py the officer of socialjouren, assigned to the case since the report, opens it five
minutes before the handover. ``event`` changes the access, ``events`` adds others that are like it but for what they say.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.bundles import person_number
from tests.evaluator_examples import answers

EVENT = {
    "event_id": "E-05",
    "at": "2026-10-06 08:55:00",
    "user_id": "u1",
    "case_id": "C1",
    "action": "read",
    "workstation": "w1",
    "sequence": 1,
    "source": "jour",
}
ASSIGNMENT = {"case_id": "C1", "user_id": "u1", "valid_from": "2026-10-05 09:00:00"}
CHILD, MOTHER, OTHER = (person_number(date(year, 5, 5), 981) for year in (2012, 1980, 1985))
NOBODY: dict[str, Any] = {"event": {"user_id": "u2"}}
NO_USER: dict[str, Any] = {"event": {"user_id": None}}
NO_CASE_ID: dict[str, Any] = {"event": {"case_id": None}}
PERHAPS_STAFF = {**NOBODY, "unreadable": {"staff": [{"user_id": "u2", "valid_from": None}]}}
PERHAPS_CASE = {"no_case": True, "unreadable": {"cases": [{"case_id": None}]}}
OFFICE = {"staff": [{"organisation": "0120", "unit": "enhet_a"}]}


def on(**event: Any) -> dict[str, Any]:
    """A change of the access alone."""
    return {"event": event}


WHO = [
    *answers(
        "A1",
        violation=[NOBODY, on(at="2023-12-31 23:59:59") | {"period": (date(2023, 12, 1), date(2023, 12, 31))}],
        passing=[{}, {"staff": [{"valid_from": "2026-10-06", "valid_to": "2026-10-06"}]}],
        undetermined=[NO_USER, PERHAPS_STAFF, NO_USER | {"agreement": {"access": {"service_accounts": ["u2"]}}}],
        not_applicable=[{**NOBODY, "agreement": {"access": {"service_accounts": ["robot", "u2"]}}}],
    ),
    *answers(
        "A2",
        violation=[
            {**OFFICE, "assignments": []},
            {**OFFICE, "assignments": [{"user_id": "u2"}, {"case_id": "C2"}]},
            {**OFFICE, "assignments": [{"valid_from": "2026-10-06 08:55:01"}]},
            {**OFFICE, "assignments": [{"valid_from": "2026-09-01 08:00:00", "valid_to": "2026-09-22 08:54:59"}]},
            {"assignments": [], "reported_at": "2026-10-03 08:54:59"},
            {"assignments": [], "reported_at": "2026-10-06 08:55:01"},
            {"assignments": [], "agreement": {"access": {"duty_units": []}}},
            {**OFFICE, "assignments": [], "unreadable": {"assignments": [{"case_id": "C1", "user_id": "u2"}]}},
        ],
        passing=[
            {},
            {**OFFICE, "assignments": [{"valid_from": "2026-09-01 08:00:00", "valid_to": "2026-09-22 08:55:00"}]},
            {"assignments": [], "reported_at": "2026-10-03 08:55:00"},
            {"assignments": [], "staff": [{"unit": "enhet_a"}, {}]},
        ],
        undetermined=[
            {"assignments": [], "reported_at": None},
            {"assignments": [], "staff": [{"unit": None}]},
            {**OFFICE, "assignments": [], "unreadable": {"assignments": [{"case_id": None, "user_id": "u1"}]}},
            {**PERHAPS_STAFF, "assignments": []},
        ],
        not_applicable=[NOBODY, NO_USER, NO_CASE_ID, {"no_case": True, "assignments": []}],
    ),
    *answers(
        "A3",
        violation=[{"staff": [{"organisation": "0182"}]}, {"staff": [{"organisation": "0182"}, {"organisation": "0115"}]}],
        passing=[
            {},
            OFFICE,
            {"staff": [{"organisation": "0182"}, {"organisation": "0120"}]},
            {"home_municipality": None},
            # the child moved on the sixth: the home at the report still fits
            {**OFFICE, "residences": [{"municipality": "0120"}, {"municipality": "0182", "valid_from": "2026-10-06"}]},
        ],
        undetermined=[
            {**OFFICE, "home_municipality": None},
            {"staff": [{"organisation": None}]},
            PERHAPS_STAFF,
            {**OFFICE, **PERHAPS_CASE},
        ],
        not_applicable=[NOBODY, NO_CASE_ID, {"no_case": True, "staff": [{"organisation": "0182"}]}],
    ),
    *answers(
        "A6",
        violation=[
            {"person_id": CHILD, "staff": [{"person_id": CHILD}]},
            {"person_id": CHILD, "related_person_ids": [MOTHER], "staff": [{"person_id": OTHER}, {"person_id": MOTHER}]},
            {"related_person_ids": [MOTHER], "staff": [{"person_id": MOTHER}]},
        ],
        passing=[
            {"person_id": CHILD, "staff": [{"person_id": OTHER}]},
            {"person_id": CHILD, "related_person_ids": [MOTHER], "staff": [{"person_id": OTHER}]},
        ],
        undetermined=[
            {"staff": [{"person_id": OTHER}]},
            {"person_id": CHILD},
            {"person_id": CHILD, "staff": [{"person_id": OTHER}, {}]},
            {"related_person_ids": [MOTHER], "staff": [{"person_id": OTHER}]},
            {**PERHAPS_STAFF, "person_id": CHILD},
        ],
        not_applicable=[{**NOBODY, "person_id": CHILD}, {"no_case": True}],
    ),
    *answers(
        "A7",
        violation=[
            {"person_id": CHILD, "staff": [{}, {"user_id": "u2", "person_id": CHILD, "valid_to": "2024-02-01"}]},
            {"related_person_ids": [MOTHER], "staff": [{}, {"user_id": "u2", "person_id": MOTHER}]},
            {
                "person_id": CHILD,
                "staff": [{"person_id": CHILD}, {"user_id": "u2", "person_id": CHILD}],
                "agreement": {"checks_off": [{"check": "A6", "reason": "prövas i annan ordning"}]},
            },
        ],
        passing=[{}, {"person_id": CHILD, "staff": [{}, {"user_id": "u2", "person_id": OTHER}]}, PERHAPS_CASE],
        undetermined=[{**NO_USER, "person_id": CHILD, "staff": [{"user_id": "u2", "person_id": CHILD}]}],
        not_applicable=[
            {"no_case": True},
            {"person_id": CHILD, "staff": [{"person_id": CHILD}, {"user_id": "u2", "person_id": CHILD}]},
        ],
    ),
    *answers(
        "A8",
        violation=[
            {"protection": "marked"},
            {"protection": "assumed_identity", "staff": [{"protected_access": False}]},
        ],
        passing=[
            {"protection": "marked", "staff": [{"protected_access": True}]},
            {"protection": "protected_registration", "staff": [{}, {"protected_access": True}]},
        ],
        undetermined=[{"protection": None}, {"no_case": True}, {**PERHAPS_STAFF, "protection": "marked"}],
        not_applicable=[{}, {**NOBODY, "protection": "marked"}, {**NO_USER, "protection": None}],
    ),
    *answers(
        "A11",
        violation=[{"staff": [{"shared": True}]}, {"staff": [{"shared": False}, {"shared": True}]}],
        passing=[{}, {"staff": [{"shared": True, "valid_to": "2026-10-05"}, {}]}],
        undetermined=[PERHAPS_STAFF],
        not_applicable=[NOBODY, NO_USER],
    ),
]
WHEN = [
    *answers(
        "A4",
        violation=[on(at="2026-10-05 08:59:59")],
        passing=[{}, on(at="2026-10-05 09:00:00")],
        undetermined=[{"reported_at": None}, PERHAPS_CASE],
        not_applicable=[{"no_case": True}, NO_CASE_ID],
    ),
    *answers(
        "A5",
        violation=[{"closed_at": "2026-09-22 08:54:59"}],
        passing=[{}, {"closed_at": "2026-09-22 08:55:00"}, PERHAPS_CASE],
        not_applicable=[{"no_case": True}],
    ),
    *answers(
        "A12",
        violation=[
            {"events": [{"workstation": "w2", "at": "2026-10-06 09:00:00"}]},
            {"events": [{"workstation": "w2", "at": "2026-10-06 08:50:00", "case_id": None}]},
        ],
        passing=[
            {},
            {"events": [{"workstation": "w2", "at": "2026-10-06 09:00:01"}]},
            {"events": [{"workstation": None}, {"workstation": "w2", "user_id": "u2"}]},
        ],
        not_applicable=[on(workstation=None), {**NO_USER, "events": [{"workstation": "w2"}]}],
    ),
    *answers(
        "A14",
        violation=[
            on(action="search"),
            {**on(action="search"), "events": [{"action": "read", "at": "2026-10-06 09:25:01"}]},
            {**on(action="search"), "events": [{"action": "read", "at": "2026-10-06 08:54:59"}]},
            {**on(action="search"), "events": [{"action": None}, {}, {"action": "read", "user_id": "u2"}]},
        ],
        passing=[
            {**on(action="search"), "events": [{"action": "write", "at": "2026-10-06 09:25:00"}]},
            {**on(action="search"), "events": [{"action": "print"}]},
        ],
        undetermined=[
            {**on(action="search", at="2026-10-31 23:30:01")},
            {**on(action=None)},
            on(action="search", user_id=None),
            {**on(action="search"), **PERHAPS_CASE},
        ],
        not_applicable=[{}, {**on(action="search"), "no_case": True}, {**on(action=None), "no_case": True}],
    ),
    *answers(
        "A15",
        violation=[
            {"events": [{"case_id": f"C{number}"} for number in range(2, 9)] + [{"user_id": f"v{n}"} for n in range(9)]},
            {
                "events": [{"case_id": "C2"}, {"case_id": "C3"}, {"user_id": "u2"}, {"user_id": "u3", "case_id": None}],
                "agreement": {"access": {"volume_factor": 1}},
            },
        ],
        passing=[
            {},
            {"events": [{"case_id": f"C{number}"} for number in range(2, 8)] + [{"user_id": f"v{n}"} for n in range(9)]},
            {
                "events": [{"case_id": "C2"}, {"case_id": None}, {"user_id": "u2"}],
                "agreement": {"access": {"volume_factor": 1}},
            },
        ],
    ),
]
HOW = [
    *answers(
        "A9",
        violation=[on(action="emergency"), {"agreement": {"access": {"reason_required": ["read"]}}}],
        passing=[on(action="print", reason="Begärd kopia"), on(action=None, reason="Begärd kopia")],
        undetermined=[on(action=None)],
        not_applicable=[{}, {**on(action="export"), "agreement": {"access": {"reason_required": ["emergency"]}}}],
    ),
    *answers(
        "A10",
        violation=[
            on(action="print", at="2026-10-05 08:59:59"),
            on(action="export", at="2026-10-07 09:00:01"),
            on(action="print", user_id="u2"),
            {**on(action="print", at="2026-10-30 00:00:00")},
            {**on(action="print", at="2026-10-31 00:00:00")},
        ],
        passing=[
            on(action="print"),
            on(action="export", at="2026-10-07 09:00:00"),
            on(action="print", at="2026-10-05 09:00:00"),
        ],
        undetermined=[
            on(action="print", user_id=None),
            {**on(action=None), "user_id": "u2"},
            on(action="print", at="2026-10-31 00:00:01"),
            on(action="print", at="2026-10-01 23:59:59"),
            {**on(action="print"), **PERHAPS_CASE, "user_id": "u2"},
        ],
        not_applicable=[{}, on(action="print", case_id=None), {**on(action="print"), "no_case": True}],
    ),
    *answers(
        "A13",
        violation=[{"no_case": True}, NO_CASE_ID, {**NO_CASE_ID, "unreadable": {"cases": [{"case_id": None}]}}],
        passing=[{}],
        undetermined=[PERHAPS_CASE],
    ),
    *answers(
        "L5",
        violation=[
            on(user_id="u2"),
            on(case_id=None),
            on(at="2026-10-07 09:00:01"),
            {"user_id": "u3", "event": {"user_id": "u1"}},
        ],
        passing=[{}, on(at="2026-10-07 09:00:00", action="search"), on(at="2026-10-05 09:00:00", action=None)],
        undetermined=[
            {"user_id": None},
            {"case_id": None},
            {**on(user_id="u2"), "sender": None},
            {**on(user_id="u2"), "at": "2026-10-31 00:00:01"},
        ],
        not_applicable=[{"sender": "0120"}, {"sender": "police-roc", "user_id": None}],
    ),
]
EXAMPLES = [*WHO, *WHEN, *HOW]
