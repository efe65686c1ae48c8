"""How a case was opened, what came of it, and is the log itself whole? (checks A9-A15, L1, L4-L7)"""

from __future__ import annotations

from datetime import timedelta

from .. import county
from ..access_story import AccessStory, Row, access_planter
from ..story import PASS, UNDETERMINED, VIOLATION

_SECOND, _MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def _caseworker(story: AccessStory) -> tuple[str, Row]:
    """A new employee, and a case that is hers."""
    case = story.case()
    user = story.hire(case)
    story.assign(case, user)
    return user, case


@access_planter
def emergency_without_a_reason(story: AccessStory) -> None:
    """The case is broken open in an emergency without a word on why; another time there is one."""
    user, case = _caseworker(story)
    story.expect(story.open(user, case, story.workday(4, 16), "emergency"), A9=VIOLATION)
    story.expect(story.open(user, case, story.workday(4, 16, 30), "emergency", reason="Handläggning"), A9=PASS)
    story.expect(story.open(user, case, story.workday(4, 16, 40)), A9="not_applicable")


@access_planter
def action_in_a_secret_word(story: AccessStory) -> None:
    """The action reads 'kod 7', which only the old system understood."""
    user, case = _caseworker(story)
    row = story.open(user, case, story.workday(16, 9, 5), None, _raw={"action": "kod 7"})
    story.expect(row, A9=UNDETERMINED, A10=UNDETERMINED, A14=UNDETERMINED)
    story.expect_in_log("L7", "accesses", "action")


@access_planter
def printed_and_gone(story: AccessStory) -> None:
    """A whole case is printed, another exported, and nothing was handed over; in one event the user is missing."""
    user, case = _caseworker(story)
    printed = story.open(user, case, story.workday(8, 17, 40), "print", reason="Begärd kopia")
    exported = story.open(user, case, story.workday(8, 17, 55), "export", reason="Begärd kopia")
    for row in (printed, exported):
        story.expect(row, A10=VIOLATION, A9=PASS, A2=PASS)
    story.expect(story.open(None, case, story.workday(9, 8, 30), "print", reason="Begärd kopia"), A10=UNDETERMINED)


@access_planter
def printed_a_day_after_the_handover(story: AccessStory) -> None:
    """What was handed over is printed on the stroke of the day after."""
    row = story.disclosure(lambda row: row["sender"] in story.homes)
    printed = story.open(row["user_id"], row["case_id"], row["at"] + timedelta(hours=24), "print", reason="Begärd kopia")
    story.expect(printed, A10=PASS, A9=PASS)


@access_planter
def shared_account_of_the_duty_office(story: AccessStory) -> None:
    """Whoever is on duty opens cases with one account."""
    user = story.hire(county.ENTRY_POINT, user_id="sthlm-jour2", role="gemensamt konto", shared=True, person_id=None)
    case = story.case()
    story.assign(case, user)
    story.expect(story.open(user, case, story.workday(2, 21, 15)), A11=VIOLATION, A1=PASS)
    story.expect(story.open(user, case, story.workday(2, 21, 22), "write"), A11=VIOLATION, A6=UNDETERMINED)


@access_planter
def at_two_desks_at_once(story: AccessStory) -> None:
    """The same user reads at two desks within five minutes, to the second; a second more is a walk down the corridor."""
    user, case = _caseworker(story)
    at = story.workday(6, 13, 20)
    story.expect(story.open(user, case, at, workstation="AD-70011"), A12=VIOLATION)
    story.expect(story.open(user, case, at + 5 * _MINUTE, workstation="AD-70012"), A12=VIOLATION)
    other, case = _caseworker(story)
    story.expect(story.open(other, case, at, workstation="AD-70013"), A12=PASS)
    story.expect(story.open(other, case, at + 5 * _MINUTE + _SECOND, workstation="AD-70014"), A12=PASS)


@access_planter
def opened_a_case_nobody_finds(story: AccessStory) -> None:
    """The case number is in no list of cases; in another event it is missing; a third is of a case told in two ways."""
    user = story.hire(story.homes[0])
    unknown = f"SN-{story.period.start.year - 1}-00417"
    story.expect(story.open(user, unknown, story.workday(17, 11)), A13=VIOLATION, A2="not_applicable")
    story.expect(story.open(user, None, story.workday(17, 11, 10), "search"), A13=VIOLATION, A14="not_applicable")
    numbers = [case["case_id"] for case in story.cases]
    twice = story.told_case(lambda case: any(_differ(case, other) for other in story.cases))
    assert numbers.count(twice["case_id"]) > 1
    story.expect(story.open(user, twice, story.workday(17, 11, 20)), A13=UNDETERMINED)


def _differ(case: Row, other: Row) -> bool:
    return case["case_id"] == other["case_id"] and case != other


@access_planter
def searched_and_left(story: AccessStory) -> None:
    """Somebody searches for a case and does not open it, or opens it half an hour and a second later."""
    user, case = _caseworker(story)
    story.expect(story.open(user, case, story.workday(18, 9), "search"), A14=VIOLATION)
    story.expect(story.open(None, case, story.workday(18, 9, 10), "search"), A14=UNDETERMINED)
    in_time, case = _caseworker(story)
    story.expect(story.open(in_time, case, story.workday(18, 10), "search"), A14=PASS)
    story.open(in_time, case, story.workday(18, 10, 30))
    late, case = _caseworker(story)
    story.expect(story.open(late, case, story.workday(18, 11), "search"), A14=VIOLATION)
    story.open(late, case, story.workday(18, 11, 30, 1))


@access_planter
def forty_cases_in_a_day(story: AccessStory) -> None:
    """A substitute of the duty office goes through forty cases in an afternoon; a day later through three."""
    user = story.hire(county.ENTRY_POINT, role="vikarie", protected_access=True)
    cases = [case for case in story.cases if case["reported_at"] and case["reported_at"] < story.period.start][:40]
    at = story.workday(14, 13)
    for number, case in enumerate(cases):
        story.open(user, case, at + number * 4 * _MINUTE)
    story.expect_of("user_day", f"{user}@{at.date()}", A15=VIOLATION)
    for number, case in enumerate(cases[:3]):
        story.open(user, case, story.workday(15, 13, number))
    story.expect_of("user_day", f"{user}@{story.workday(15).date()}", A15=PASS)


@access_planter
def one_number_two_events(story: AccessStory) -> None:
    """One number on two different events: both are audited, and the log is at fault."""
    user, case = _caseworker(story)
    first = story.open(user, case, story.workday(19, 9))
    other = story.open(user, case, story.workday(19, 9, 30), "write", same_id_as=first["_serial"])
    assert other["same_id_as"] is not None
    story.expect(first, L1=VIOLATION)


@access_planter
def event_exported_twice(story: AccessStory) -> None:
    """The same event came twice, word for word: it counts as one."""
    user, case = _caseworker(story)
    row = story.open(user, case, story.workday(19, 15))
    story.open(user, case, row["at"], echo=row["_serial"])
    story.expect(row, A2=PASS)


@access_planter
def event_without_a_number(story: AccessStory) -> None:
    """One event lacks its number, another its time: neither can be audited, but their running numbers count."""
    user, case = _caseworker(story)
    story.open(user, case, story.workday(20, 9), nameless=True)
    story.open(user, case, story.workday(20, 9, 10), timeless=True)
    story.expect_in_log("L6", "accesses")


@access_planter
def days_around_the_month(story: AccessStory) -> None:
    """The log begins two days before the month and ends two days after it: those events are context."""
    user, case = _caseworker(story)
    story.open(user, case, story.period.day(0, 15, 20))
    story.expect_in_log("L4", "accesses")


@access_planter
def handed_over_without_a_trace(story: AccessStory) -> None:
    """The duty office hands something over, yet nobody of that name opened the case within a day."""
    row = story.disclosure(
        lambda row: (
            row["sender"] == county.ENTRY_POINT
            and story.rows_alike("assignments", row) == 0
            and story.rows_alike("disclosures", row) == 1
        )
    )
    story.log.without_trace.append(row["disclosure_id"])
    story.expect_of("disclosure", row["disclosure_id"], L5=VIOLATION)
    nobody = [one for one in story.disclosures if one["sender"] == county.ENTRY_POINT and one["user_id"] is None]
    for one in [one for one in nobody if one["disclosure_id"] and story.period.start <= one["at"] < story.period.end][:1]:
        story.expect_of("disclosure", one["disclosure_id"], L5=UNDETERMINED)


@access_planter
def a_little_every_few_days(story: AccessStory) -> None:
    """An officer looks, a little every few days and mostly towards evening: his own child, a colleague's, the neighbours'
    children, a search or two. Nothing is handed over, and no day stands out."""
    own, colleague = story.family_case(), story.family_case()
    user = story.hire(own, person_id=own["related_person_ids"][0])
    story.hire(own, person_id=colleague["related_person_ids"][0])
    for number, hour in ((2, 17), (9, 18), (16, 17)):
        story.expect(story.open(user, own, story.workday(number, hour, 12)), A6=VIOLATION, A2=VIOLATION)
    for number in (5, 13):
        story.expect(story.open(user, colleague, story.workday(number, 17, 31)), A7=VIOLATION, A2=VIOLATION)
    for number in (3, 6, 11, 12, 17):
        case = story.case()
        far = case["home_municipality"] != own["home_municipality"]
        row = story.open(user, case, story.workday(number, 17, 4))
        story.expect(row, A2=VIOLATION, A3=VIOLATION if far else PASS)
    for number in (4, 9, 18):
        row = story.open(user, story.case(), story.workday(number, 16, 48), "search")
        story.expect(row, A14=VIOLATION, A2=VIOLATION)
    mine = story.case()  # what he is there for
    story.assign(mine, user)
    for number in (7, 14):
        story.expect(story.open(user, mine, story.workday(number, 10, 15)), A2=PASS)
