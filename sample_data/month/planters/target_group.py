"""Children outside the target group, and children of whom the log does not say enough (checks T1-T7)."""

from __future__ import annotations

from datetime import date, timedelta

from .. import county
from ..story import PASS, UNDETERMINED, VIOLATION, Story, planter


def _eighteen(story: Story, day: int) -> date:
    """The birth date of somebody who turns 18 on that day of the month."""
    turns = story.period.day(day).date()
    return turns.replace(year=turns.year - 18)


@planter
def eighteenth_birthday_was_yesterday(story: Story) -> None:
    """The child turned 18 the day before: the secrecy rule for children falls away with the target group."""
    case = story.case(birth_date=_eighteen(story, 14))
    row = story.disclose(case, "handover", at=story.period.day(15, 10, 12))
    story.expect(row, T1=VIOLATION, B5=VIOLATION)


@planter
def eighteenth_birthday_is_today(story: Story) -> None:
    """The day of the 18th birthday is outside, two minutes to midnight before it is still inside."""
    case = story.case(birth_date=_eighteen(story, 15))
    before = story.disclose(case, "assessment", at=story.period.day(14, 23, 58))
    on_the_day = story.disclose(
        case, "assessment", at=story.period.day(15, 0, 3), fields=["name", "person_id", "risk", "gang_link"]
    )
    story.expect(before, T1=PASS)
    story.expect(on_the_day, T1=VIOLATION)


@planter
def birth_date_unknown(story: Story) -> None:
    """Neither personal number nor birth date: nobody can say whether this is a child."""
    case = story.case(person_id=None)
    case["birth_date"] = None
    row = story.disclose(case, "handover")
    story.expect(row, T1=UNDETERMINED, B5=UNDETERMINED)


@planter
def eighteen_some_day_this_month(story: Story) -> None:
    """Only the number is known, and the person turns 18 this month: the number's day may be a nearby one."""
    birth = _eighteen(story, 9)
    case = story.case(person_id=story.number(birth, 3))
    case["birth_date"] = None
    row = story.disclose(case, "assessment", at=story.period.day(20, 13, 5))
    story.expect(row, T1=UNDETERMINED)


@planter
def coordination_number_of_a_child(story: Story) -> None:
    """The child has a samordningsnummer: the birth date follows from it, sixty taken from the day."""
    case = story.case(person_id=story.number(date(2011, 5, 17), 7, coordination=True))
    case["birth_date"] = None
    row = story.disclose(case, "assessment")
    story.expect(row, T1=PASS)


@planter
def concern_is_something_else(story: Story) -> None:
    """The concern is violence at home, not gang crime; and a case whose concern nobody recorded."""
    row = story.disclose(story.case(concern=["domestic_violence"]), "handover")
    story.expect(row, T2=VIOLATION)
    unsaid = story.disclose(story.case(concern=None), "handover")
    story.expect(unsaid, T2=UNDETERMINED)


@planter
def found_in_another_county(story: Story) -> None:
    """The child was found in Uppsala; another nobody wrote where, a third just 'in the county'."""
    story.expect(story.disclose(story.case(found_in="0380"), "assessment"), T3=VIOLATION)
    story.expect(story.disclose(story.case(found_in=None), "assessment"), T3=UNDETERMINED)
    story.expect(story.disclose(story.case(found_in="01"), "assessment"), T3=PASS)


@planter
def home_has_left_the_agreement(story: Story) -> None:
    """Salem left the agreement before the month: the handover goes home, but home is no party."""
    row = story.disclose(story.case(home_municipality=county.LEFT), "handover")
    story.expect(row, T4=VIOLATION, R1=PASS, R2=VIOLATION)


@planter
def home_has_not_joined_yet(story: Story) -> None:
    """Sigtuna joins next year, and Uppsala lies outside the county."""
    story.expect(story.disclose(story.case(home_municipality=county.NOT_YET_JOINED), "assessment"), T4=VIOLATION)
    story.expect(story.disclose(story.case(home_municipality="0380"), "assessment"), T4=VIOLATION)


@planter
def home_came_back(story: Story) -> None:
    """Ekerö left the agreement and came back: today it is a party like the others."""
    row = story.disclose(story.case(home_municipality="0125"), "handover")
    story.expect(row, T4=PASS, R1=PASS, R2=PASS)


@planter
def party_is_unconfirmed(story: Story) -> None:
    """That Nykvarn is a party is not confirmed: whether the child may be spoken of cannot be shown."""
    row = story.disclose(story.case(home_municipality="0140"), "handover")
    story.expect(row, T4=UNDETERMINED, R1=PASS, R2=UNDETERMINED)


@planter
def home_is_missing(story: Story) -> None:
    """The home municipality is empty when the Police send an assessment."""
    row = story.disclose(story.case(home_municipality=None), "assessment")
    story.expect(row, T4=UNDETERMINED, T6=UNDETERMINED)


@planter
def reported_by_somebody_else(story: Story) -> None:
    """The Region reported, not the Police; in another case the reporter was never entered."""
    story.expect(story.disclose(story.case(reporter=county.REGION), "handover"), T5=VIOLATION)
    story.expect(story.disclose(story.case(reporter=None), "handover"), T5=UNDETERMINED)


@planter
def registered_elsewhere(story: Story) -> None:
    """Registered with one parent in Täby, at home with the other in Haninge; and a child registered nowhere."""
    case = story.case(home_municipality="0136", registered_municipality="0160")
    story.expect(story.disclose(case, "handover"), T6=VIOLATION, T4=PASS, R1=PASS)
    unregistered = story.case(registered_municipality=None)
    story.expect(story.disclose(unregistered, "handover"), T6=UNDETERMINED)


@planter
def report_about_a_child_outside_the_target_group(story: Story) -> None:
    """A report of neglect: the duty to report covers the child, the single entry does not."""
    case = story.case(reported_at=story.period.day(7, 20, 40), concern=["neglect"])
    row = story.disclose(case, "report", at=case["reported_at"] + timedelta(minutes=3))
    story.disclose(case, "other_channel", at=case["reported_at"] + timedelta(hours=3))
    story.expect(row, T7=VIOLATION)
    story.expect(case, P7=VIOLATION)


@planter
def report_with_gaps(story: Story) -> None:
    """A report that does not say where the child was found: nobody can say whether the entry was the right one."""
    case = story.fresh_case(13, handed_over=True, found_in=None)
    report = next(row for row in story.rows["disclosures"] if row["_case"] == case["_serial"] and row["purpose"] == "report")
    story.expect(report, T7=UNDETERMINED)
