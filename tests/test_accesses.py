"""The checks of accesses: violation, pass, open answer and edges of each, through the program's own outputs."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.access_logs import Row, at, counts, missing, run, told
from tests.bundles import person_number


def test_a1_who_is_not_in_the_staff_list_on_the_day(tmp_path: Path) -> None:
    outputs = run(
        tmp_path,
        staff=[{"valid_from": "2026-10-05", "valid_to": "2026-10-06"}],
        accesses=[
            at("05 00:00:00"),
            at("06 23:59:59"),
            at("04 23:59:59"),
            at("07 00:00:00"),
            {"user_id": "nobody"},
            {"user_id": None},
            {"user_id": "batch"},
        ],
    )
    assert told(outputs, "A1") == {"E3": "violation", "E4": "violation", "E5": "violation", "E6": "undetermined"}
    assert counts(outputs, "A1") == (2, 3, 1, 1)
    assert missing(outputs, "A1") == {"E6": "user_id"}


@pytest.mark.parametrize(("row", "open_ones"), [({"valid_from": "soon"}, {"E1"}), ({"user_id": None}, {"E1", "E2"})])
def test_a1_a_staff_row_that_cannot_be_read_may_be_the_one(tmp_path: Path, row: Row, open_ones: set[str]) -> None:
    outputs = run(tmp_path, staff=[{}, {"user_id": "x1", **row}], accesses=[{"user_id": "x1"}, {"user_id": "x2"}, {}])
    answers = told(outputs, "A1")
    assert {entity for entity, answer in answers.items() if answer == "undetermined"} == open_ones
    assert {entity for entity, answer in answers.items() if answer == "violation"} == {"E1", "E2"} - open_ones


def test_a2_an_assignment_or_the_duty_explains_and_grace_is_counted(tmp_path: Path) -> None:
    late = {"organisation": "0182", "unit": "utredning"}
    outputs = run(
        tmp_path,
        cases=[{"reported_at": "2026-10-02 09:00:00"}, {"reported_at": None}],
        staff=[{}, {"user_id": "n1", **late}, {"user_id": "n2", **late, "unit": None}],
        assignments=[{"user_id": "n1", "valid_from": "2026-10-03 09:00:00", "valid_to": "2026-10-10 09:00:00"}],
        accesses=[
            {**at("05 09:00:00"), "user_id": "sthlm01"},  # on duty, 72 hours after the report
            {**at("05 09:00:01"), "user_id": "sthlm01"},
            {**at("03 09:00:00"), "user_id": "n1"},
            {**at("24 09:00:00"), "user_id": "n1"},  # closing_grace is 14 days
            {**at("24 09:00:01"), "user_id": "n1"},
            {**at("03 08:59:59"), "user_id": "n1"},
            {**at("05 09:00:00"), "user_id": "sthlm01", "case_id": "SN-2026-2"},  # no time of the report
            {**at("05 09:00:00"), "case_id": "none"},
            {**at("05 09:00:00"), "user_id": "n2"},  # of another organisation, whatever the unit
        ],
    )
    violated = {"E2", "E5", "E6", "E9"}
    assert told(outputs, "A2") == {**dict.fromkeys(violated, "violation"), "E7": "undetermined"}
    assert missing(outputs, "A2") == {"E7": "reported_at"}


def test_a2_an_assignment_that_cannot_be_read_may_be_the_one(tmp_path: Path) -> None:
    nacka = {"organisation": "0182", "unit": "utredning"}
    outputs = run(
        tmp_path,
        cases=[{}, {}],
        staff=[{"user_id": "n1", **nacka}, {"user_id": "n2", **nacka}],
        assignments=[{"user_id": "n1", "valid_from": "soon"}, {"case_id": None, "user_id": "n2"}],
        accesses=[{"user_id": user, "case_id": case} for user in ("n1", "n2") for case in ("SN-2026-1", "SN-2026-2")],
    )
    assert told(outputs, "A2") == {"E1": "undetermined", "E2": "violation", "E3": "undetermined", "E4": "undetermined"}
    assert missing(outputs, "A2")["E1"] == "assignment_unreadable"


def test_a3_the_entry_point_and_the_home_municipality_of_the_day_or_the_report(tmp_path: Path) -> None:
    staff = [
        {"user_id": "entry"},
        {"user_id": "nacka", "organisation": "0182"},
        {"user_id": "varmdo", "organisation": "0120"},
        {"user_id": "solna", "organisation": "0184"},
        {"user_id": "unknown", "organisation": None},
        {"user_id": "two", "organisation": "0184"},
        {"user_id": "two", "organisation": "0120"},
    ]
    outputs = run(
        tmp_path,
        cases=[{}, {"home_municipality": None}],
        staff=staff,
        residences=[{"municipality": "0120", "valid_to": "2026-10-05"}, {"municipality": "0182", "valid_from": "2026-10-06"}],
        accesses=[
            *({**at("08 09:00:00"), "user_id": user} for user in ("entry", "nacka", "varmdo", "solna", "unknown", "two")),
            {**at("08 09:00:00"), "user_id": "solna", "case_id": "SN-2026-2"},
            {**at("08 09:00:00"), "user_id": "entry", "case_id": "SN-2026-2"},
        ],
    )
    assert told(outputs, "A3") == {"E4": "violation", "E5": "undetermined", "E7": "undetermined"}
    assert missing(outputs, "A3") == {"E5": "staff_organisation", "E7": "home_municipality"}
    (row,) = (row for row in outputs.findings if row["check"] == "A3" and row["answer"] == "violation")
    assert (row["organisation"], row["controller"], row["user_id"], row["case_id"]) == ("0184", "0184", "solna", "SN-2026-1")


def test_a4_and_a5_before_the_report_and_long_after_the_closing(tmp_path: Path) -> None:
    outputs = run(
        tmp_path,
        cases=[
            {"reported_at": "2026-10-05 09:00:00", "closed_at": "2026-10-06 09:00:00"},
            {"reported_at": None, "closed_at": None},
        ],
        accesses=[
            at("05 09:00:00"),
            at("05 08:59:59"),
            at("20 09:00:00"),
            at("20 09:00:01"),
            {"case_id": "SN-2026-2"},
            {"case_id": "none"},
        ],
    )
    assert told(outputs, "A4") == {"E2": "violation", "E5": "undetermined"}
    assert told(outputs, "A5") == {"E4": "violation"}
    assert counts(outputs, "A4") == (3, 1, 1, 1) and counts(outputs, "A5") == (4, 1, 0, 1)


PERSONS = {"child": "201205059809", "parent": "198005059803", "other": "197906069805"}


def test_a6_and_a7_own_family_and_colleagues(tmp_path: Path) -> None:
    staff = [
        {"user_id": "parent", "person_id": PERSONS["parent"]},
        {"user_id": "other", "person_id": PERSONS["other"]},
        {"user_id": "unnumbered", "person_id": None},
    ]
    outputs = run(
        tmp_path,
        cases=[
            {"person_id": PERSONS["child"], "related_person_ids": PERSONS["parent"]},
            {"person_id": None, "related_person_ids": None},
            {"person_id": PERSONS["child"], "related_person_ids": None},
            {"person_id": None, "related_person_ids": PERSONS["parent"]},
        ],
        staff=staff,
        accesses=[
            {"user_id": user, "case_id": f"SN-2026-{case}"}
            for case in (1, 2, 3, 4)
            for user in ("parent", "other", "unnumbered", "nobody")
        ],
    )
    unknown = {"E3", "E5", "E6", "E7", "E11", "E14", "E15"}
    assert told(outputs, "A6") == {"E1": "violation", "E13": "violation", **dict.fromkeys(unknown, "undetermined")}
    assert missing(outputs, "A6")["E3"] == "staff_person_id" and missing(outputs, "A6")["E6"] == "person_id"
    # nobody is authorised, and yet opened a record of a colleague; the parent's own is A6's
    assert told(outputs, "A7") == dict.fromkeys(("E2", "E3", "E4", "E14", "E15", "E16"), "violation")
    assert counts(outputs, "A7") == (8, 6, 0, 2)


def test_a7_without_a_user_is_open_where_somebody_on_the_staff_is_concerned(tmp_path: Path) -> None:
    outputs = run(
        tmp_path,
        cases=[{"person_id": PERSONS["parent"]}, {"person_id": PERSONS["child"]}],
        staff=[{"person_id": PERSONS["parent"], "valid_from": "2020-01-01", "valid_to": "2020-12-31"}],
        accesses=[{"user_id": None}, {"user_id": None, "case_id": "SN-2026-2"}, {"user_id": "sthlm01"}],
    )
    assert told(outputs, "A7") == {"E1": "undetermined"}


def test_a7_is_asked_of_every_known_case_where_a6_is_switched_off_and_answers_nothing(tmp_path: Path) -> None:
    outputs = run(
        tmp_path,
        ("channels: [sdk, phone]\n", "channels: [sdk, phone]\nchecks_off: [{check: A6, reason: prövas i annan ordning}]\n"),
        cases=[{"person_id": PERSONS["child"], "related_person_ids": PERSONS["parent"]}],
        staff=[{"user_id": "parent", "person_id": PERSONS["parent"]}, {"user_id": "other", "person_id": PERSONS["other"]}],
        accesses=[{"user_id": "parent"}, {"user_id": "other"}, {"case_id": "none"}],
    )
    assert told(outputs, "A7") == {"E2": "violation"}
    assert counts(outputs, "A7") == (1, 1, 0, 1)


def test_a8_protected_data_need_clearance(tmp_path: Path) -> None:
    outputs = run(
        tmp_path,
        cases=[{"protection": "none"}, {"protection": "marked"}, {"protection": None}],
        staff=[
            {"user_id": "no"},
            {"user_id": "yes", "protected_access": "true"},
            {"user_id": "empty", "protected_access": None},
        ],
        accesses=[{"user_id": user, "case_id": f"SN-2026-{case}"} for case in (1, 2, 3) for user in ("no", "yes", "empty")],
    )
    assert told(outputs, "A8") == {"E4": "violation", "E6": "violation", "E7": "undetermined", "E9": "undetermined"}


def test_a9_a_reason_is_demanded_of_some_actions(tmp_path: Path) -> None:
    actions = [("print", None), ("export", "begärd"), ("emergency", None), ("read", None), (None, None), (None, "x")]
    outputs = run(tmp_path, accesses=[{"action": action, "reason": reason} for action, reason in actions])
    assert told(outputs, "A9") == {"E1": "violation", "E3": "violation", "E5": "undetermined"}
    assert missing(outputs, "A9") == {"E5": "action"}


def test_a10_a_print_belongs_to_a_disclosure_within_the_window(tmp_path: Path) -> None:
    outputs = run(
        tmp_path,
        disclosures=[at("10 12:00:00"), {**at("10 12:00:00"), "user_id": None}],
        accesses=[
            {**at(moment), "action": "print", **more}
            for moment, more in (
                ("09 12:00:00", {}),
                ("09 11:59:59", {}),
                ("11 12:00:00", {"action": "export"}),
                ("11 12:00:01", {}),
                ("10 12:00:00", {"user_id": "other"}),
                ("10 12:00:00", {"user_id": None}),
                ("10 12:00:00", {"case_id": "none"}),
                ("01 23:59:59", {}),  # the window reaches before the first of the month, where no disclosure is known
                ("02 00:00:00", {}),
                ("31 00:00:00", {}),
                ("31 00:00:01", {}),
                ("20 12:00:00", {"action": "read"}),
            )
        ],
    )
    violated = dict.fromkeys(("E2", "E4", "E5", "E9", "E10"), "violation")
    assert told(outputs, "A10") == {**violated, **dict.fromkeys(("E6", "E8", "E11"), "undetermined")}
    assert missing(outputs, "A10") == {"E6": "user_id", "E8": "log_edge", "E11": "log_edge"}


def test_a11_a_shared_account(tmp_path: Path) -> None:
    staff = [{"user_id": "one"}, {"user_id": "one", "shared": "true"}, {"user_id": "two", "shared": None}]
    outputs = run(tmp_path, staff=staff, accesses=[{"user_id": user} for user in ("one", "two", "three")])
    assert told(outputs, "A11") == {"E1": "violation"}
    assert counts(outputs, "A11") == (1, 1, 0, 1)


def test_a12_two_workstations_within_five_minutes(tmp_path: Path) -> None:
    events = [
        ("12:00:00", "a", "u"),
        ("12:05:00", "b", "u"),
        ("12:10:01", "a", "u"),
        ("12:10:02", "a", "u"),
        ("12:12:00", None, "u"),
        ("12:12:00", "b", None),
        ("14:00:00", "a", "v"),
        ("14:00:00", "b", "w"),
        ("15:00:00", "a", "v"),
        ("15:00:00", "b", "v"),
    ]
    outputs = run(
        tmp_path, accesses=[{**at(f"08 {time}"), "workstation": where, "user_id": who} for time, where, who in events]
    )
    assert told(outputs, "A12") == dict.fromkeys(("E1", "E2", "E9", "E10"), "violation")
    assert counts(outputs, "A12") == (4, 4, 0, 2)


def test_a12_an_event_just_outside_the_period_counts(tmp_path: Path) -> None:
    outputs = run(
        tmp_path,
        accesses=[
            {"at": "2026-09-30 23:58:00", "workstation": "b"},
            {"at": "2026-10-01 00:02:00", "workstation": "a"},
        ],
    )
    assert told(outputs, "A12") == {"E2": "violation"}


def test_a13_a_case_that_is_not_in_the_case_log(tmp_path: Path) -> None:
    outputs = run(tmp_path, accesses=[{}, {"case_id": "none"}, {"case_id": None}])
    assert told(outputs, "A13") == {"E2": "violation", "E3": "violation"}
    unreadable = [{}, {"case_id": "SN-2", "found_in": "0180"}, {"case_id": "SN-2", "found_in": "0182"}]
    outputs = run(tmp_path / "again", cases=unreadable, accesses=[{"case_id": "SN-2"}, {"case_id": "none"}])
    assert told(outputs, "A13") == {"E1": "undetermined", "E2": "violation"}


def test_a14_a_search_is_followed_by_an_opening(tmp_path: Path) -> None:
    events = [
        ("08 12:00:00", "search", "u"),
        ("08 12:30:00", "read", "u"),
        ("08 13:00:00", "search", "u"),
        ("08 13:30:01", "read", "u"),
        ("08 13:30:01", "search", "u"),
        ("08 15:00:00", "search", "v"),
        ("08 15:10:00", "search", "v"),
        ("08 15:10:00", None, "v"),
        ("08 15:10:00", "read", "w"),
        ("08 16:00:00", "search", None),
        ("31 23:30:00", "search", "u"),
        ("31 23:30:01", "search", "u"),
        ("09 12:00:00", None, "x"),  # followed by an opening, whatever it was
        ("09 12:10:00", "read", "x"),
    ]
    outputs = run(tmp_path, accesses=[{**at(time), "action": action, "user_id": who} for time, action, who in events])
    violated = dict.fromkeys(("E3", "E6", "E7", "E11"), "violation")
    assert told(outputs, "A14") == {**violated, **dict.fromkeys(("E8", "E10", "E12"), "undetermined")}
    assert missing(outputs, "A14") == {"E8": "action", "E10": "user_id", "E12": "log_edge"}


def test_a15_a_day_with_far_more_cases_than_usual(tmp_path: Path) -> None:
    def day(user: str, n: int) -> list[Row]:
        return [{**at("08 12:00:00"), "user_id": user, "case_id": f"C{k}", "workstation": user} for k in range(n)]

    usual = [row for user in ("a", "b", "c", "d") for row in day(user, 2)]
    outputs = run(tmp_path, accesses=[*usual, *day("eight", 8), *day("nine", 9), {"user_id": None}, *day("none", 0)])
    # the median is 2 and the deviation at least 1, so that 8 is the limit
    assert told(outputs, "A15") == {"nine@2026-10-08": "violation"}
    assert counts(outputs, "A15") == (5, 1, 0, 0)
    (row,) = (row for row in outputs.findings if row["check"] == "A15")
    assert (row["entity_type"], row["user_id"]) == ("user_day", "nine")
    assert row["evidence"] == '{"cases":9,"median_cases":2.0,"deviation":1.0,"volume_factor":6}'


def test_an_answer_that_turns_on_the_home_at_the_report_says_that_the_home_is_missing(tmp_path: Path) -> None:
    outputs = run(
        tmp_path,
        residences=[{"municipality": "0120", "valid_from": "2026-10-06"}],  # the day after the report
        staff=[{}, {"user_id": "solna", "organisation": "0184"}],
        disclosures=[
            {"recipient": "0182", "at": "2026-10-07 12:00:00"},
            {"sender": "0182", "recipient": "police-roc", "purpose": "feedback", "at": "2026-10-07 12:00:00"},
        ],
        accesses=[{**at("07 09:00:00"), "user_id": "solna"}],
    )
    assert missing(outputs, "R1") == {"U-2026-1": "home_municipality"}
    assert missing(outputs, "R3") == {"U-2026-2": "home_municipality"}
    assert missing(outputs, "A3") == {"E1": "home_municipality"}


@pytest.mark.parametrize(
    ("born", "ground", "told_of"),
    [
        (date(2008, 10, 10), "OSL 26:9 p1", "birth_month"),  # eighteen this month
        (date(2008, 11, 10), "OSL 26:9 p1", None),
        (date(2009, 10, 10), "OSL 26:9 p1", None),
    ],
)
def test_a_ground_that_turns_on_the_month_of_birth_says_so(
    tmp_path: Path, born: date, ground: str, told_of: str | None
) -> None:
    """A number may hold another day than that of birth (folkbokföringslagen 1991:481, 18 §)."""
    child = {"birth_date": None, "person_id": person_number(born, 980)}
    outputs = run(tmp_path, cases=[child], disclosures=[{"grounds": ground, "at": "2026-10-07 12:00:00"}], accesses=[{}])
    assert missing(outputs, "B5") == ({"U-2026-1": told_of} if told_of else {})
