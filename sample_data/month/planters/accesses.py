"""Who opened which case, and was it theirs to open? (checks A1-A8)"""

from __future__ import annotations

from datetime import timedelta

from .. import county
from ..access_story import AccessStory, access_planter
from ..story import PASS, UNDETERMINED, VIOLATION

NOT_APPLICABLE = "not_applicable"
_SECOND, _GRACE = timedelta(seconds=1), timedelta(days=14)


@access_planter
def account_of_a_former_employee(story: AccessStory) -> None:
    """The officer left three weeks before the month, yet the account opens a case."""
    case = story.case()
    user = story.hire(case, valid_to=story.period.day(-20).date())
    story.expect(story.open(user, case, story.workday(8)), A1=VIOLATION, A2=NOT_APPLICABLE, A11=NOT_APPLICABLE)


@access_planter
def user_forgotten_by_the_log(story: AccessStory) -> None:
    """The log does not say who opened the case."""
    row = story.open(None, story.case(), story.workday(9), workstation="AD-70001")
    story.expect(row, A1=UNDETERMINED, A2=NOT_APPLICABLE, A12=NOT_APPLICABLE)


@access_planter
def robot_of_the_case_system(story: AccessStory) -> None:
    """A service account that the agreement names needs no authorisation."""
    row = story.open("journalrobot", story.case(), story.workday(5, 2, 15), source="jour", workstation=None)
    story.expect(row, A1=NOT_APPLICABLE, A3=NOT_APPLICABLE, A12=NOT_APPLICABLE)


@access_planter
def user_in_capitals(story: AccessStory) -> None:
    """One system writes the user id in capitals: it is another id, and nobody authorised it."""
    case = story.case()
    user = story.hire(case)
    story.assign(case, user)
    story.expect(story.open(user, case, story.workday(10, 9)), A1=PASS, A2=PASS)
    story.expect(story.open(user.upper(), case, story.workday(10, 14)), A1=VIOLATION)


@access_planter
def authorisation_without_a_first_day(story: AccessStory) -> None:
    """The user's only authorisation lacks its first day and is put aside: whether it covers the day cannot be shown."""
    case = story.case()
    user = story.hire(case, valid_from=None)
    story.expect(story.open(user, case, story.workday(11)), A1=UNDETERMINED, A2=UNDETERMINED, A11=UNDETERMINED)
    story.expect_in_log("L6", "staff")


@access_planter
def case_of_somebody_else(story: AccessStory) -> None:
    """A colleague who does not work on the case opens it, beside the one who does."""
    case = story.case()
    mine, other = story.hire(case), story.hire(case)
    story.assign(case, mine)
    story.expect(story.open(mine, case, story.workday(3, 9, 40)), A1=PASS, A2=PASS, A3=PASS, A6=PASS, A8=NOT_APPLICABLE)
    story.expect(story.open(other, case, story.workday(3, 9, 50)), A1=PASS, A2=VIOLATION, A3=PASS)


@access_planter
def assignment_had_ended(story: AccessStory) -> None:
    """The case went to a colleague: fourteen days are allowed to the second, and not a second more."""
    case = story.case()
    user = story.hire(case)
    at = story.workday(12, 11, 30)
    story.assign(case, user, until=at - _GRACE)
    story.expect(story.open(user, case, at), A2=PASS)
    story.expect(story.open(user, case, at + _SECOND), A2=VIOLATION)


@access_planter
def first_days_of_the_duty_office(story: AccessStory) -> None:
    """The duty office may open any case for 72 hours from the report; then only those who work on it."""
    first, last = story.period.day(3, 0), story.period.day(6, 0)
    case = story.any_case(lambda case: first <= case["reported_at"] < last and case["protection"] == "none")
    user = story.hire(county.ENTRY_POINT)
    border = case["reported_at"] + timedelta(hours=72)
    story.expect(story.open(user, case, border), A2=PASS, A3=PASS, A4=PASS)
    story.expect(story.open(user, case, border + _SECOND), A2=VIOLATION)


@access_planter
def report_without_a_date(story: AccessStory) -> None:
    """Nobody noted when the report came: whether the duty office was in time cannot be shown."""
    case = story.told_case(lambda case: case["reported_at"] is None)
    row = story.open(story.hire(county.ENTRY_POINT), case, story.workday(6, 13))
    story.expect(row, A2=UNDETERMINED, A4=UNDETERMINED, A3=PASS)


@access_planter
def case_of_another_municipality(story: AccessStory) -> None:
    """Somebody noted an officer of the wrong municipality on the case; in another the home is unknown."""
    case = story.case()
    user = story.hire(next(code for code in story.homes if code != case["home_municipality"]))
    story.assign(case, user)
    story.expect(story.open(user, case, story.workday(7, 15)), A2=PASS, A3=VIOLATION)
    homeless = story.told_case(lambda case: case["home_municipality"] is None and case["case_id"] not in story.moved)
    story.expect(story.open(user, homeless, story.workday(7, 15, 20)), A3=UNDETERMINED)


@access_planter
def opened_before_the_report(story: AccessStory) -> None:
    """The duty office opens the case an hour before the report came: somebody knew already."""
    first = story.period.day(16, 12)
    case = story.any_case(lambda case: case["reported_at"] >= first and case["protection"] == "none")
    row = story.open(story.hire(county.ENTRY_POINT), case, case["reported_at"] - timedelta(hours=1))
    story.expect(row, A4=VIOLATION, A2=VIOLATION)


@access_planter
def opened_long_after_closing(story: AccessStory) -> None:
    """The case is closed: fourteen days are allowed to the second."""
    first, last = story.period.day(1, 0), story.period.day(16, 0)
    case = story.any_case(lambda case: case["closed_at"] and first <= case["closed_at"] < last)
    user = story.hire(case)
    border = case["closed_at"] + _GRACE
    story.expect(story.open(user, case, border), A5=PASS)
    story.expect(story.open(user, case, border + _SECOND), A5=VIOLATION)


@access_planter
def record_of_ones_own_family(story: AccessStory) -> None:
    """An officer opens her nephew's case. Another opens one whose child has no number: nobody can say whose it is."""
    case = story.family_case()
    user = story.hire(case, person_id=case["related_person_ids"][0])
    story.assign(case, user)
    story.expect(story.open(user, case, story.workday(13, 16, 10)), A6=VIOLATION, A7=NOT_APPLICABLE, A2=PASS)
    nameless = story.any_case(lambda case: case["person_id"] is None)
    row = story.open(story.hire(county.ENTRY_POINT), nameless, max(story.workday(13), nameless["reported_at"]))
    story.expect(row, A6=UNDETERMINED)


@access_planter
def record_of_a_colleagues_child(story: AccessStory) -> None:
    """The child of a colleague who has left; in one event the user is missing."""
    case = story.family_case()
    story.hire(case, person_id=case["related_person_ids"][-1], valid_to=story.period.day(-100).date())
    user = story.hire(case)
    story.assign(case, user)
    story.expect(story.open(user, case, story.workday(14, 8, 30)), A6=PASS, A7=VIOLATION, A2=PASS)
    story.expect(story.open(None, case, story.workday(14, 8, 45)), A7=UNDETERMINED)


@access_planter
def protected_child_without_clearance(story: AccessStory) -> None:
    """Two officers work on the case of a protected child, one of them without the clearance; and a protection nobody noted."""
    case = story.any_case(lambda case: case["protection"] in ("protected_registration", "assumed_identity"))
    without, cleared = story.hire(county.ENTRY_POINT), story.hire(county.ENTRY_POINT, protected_access=True)
    moment = max(story.workday(15, 10), case["reported_at"] + timedelta(minutes=30))
    for user in (without, cleared):
        story.assign(case, user, since=case["reported_at"])
    story.expect(story.open(without, case, moment), A8=VIOLATION, A2=PASS)
    story.expect(story.open(cleared, case, moment + timedelta(minutes=10)), A8=PASS)
    unknown = story.any_case(lambda case: case["protection"] is None)
    story.expect(story.open(without, unknown, moment + timedelta(minutes=20)), A8=UNDETERMINED)
