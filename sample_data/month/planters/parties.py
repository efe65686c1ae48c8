"""Wrong senders, wrong recipients, wrong units (checks R1-R8)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from .. import county
from ..story import PASS, UNDETERMINED, VIOLATION, Story, planter


def _duty_account(story: Story, user_id: str, **facts: Any) -> None:
    """One more authorisation at the entry point's duty office."""
    ordinary = {"organisation": county.ENTRY_POINT, "unit": county.DUTY_UNIT, "shared": False, "protected_access": False}
    story.rows["staff"].append({"user_id": user_id, **ordinary, **facts})


@planter
def handed_to_the_wrong_municipality(story: Story) -> None:
    """An officer picks the wrong line of the list: the child lives in Nacka, the data goes to Värmdö."""
    case = story.case(home_municipality="0182", registered_municipality="0182")
    story.expect(story.disclose(case, "handover", recipient="0120"), R1=VIOLATION, R2=PASS, R4="not_applicable")


@planter
def handed_over_without_knowing_home(story: Story) -> None:
    """Handed to Nacka while the home municipality is unknown: perhaps right, but nobody can show it."""
    row = story.disclose(story.case(home_municipality=None), "handover", recipient="0182")
    story.expect(row, R1=UNDETERMINED, R2=PASS, T4=UNDETERMINED)


@planter
def child_moved_during_the_enquiry(story: Story) -> None:
    """The child moves from Huddinge to Solna on the 12th: the old home may still be told, a third may not."""
    case = story.case(home_municipality="0126", registered_municipality="0126")
    story.lived(case, "0126", story.period.day(-400).date(), story.period.day(11).date())
    story.lived(case, "0184", story.period.day(12).date())
    new = story.disclose(case, "handover", recipient="0184", at=story.period.day(14, 9, 30))
    old = story.disclose(case, "handover", recipient="0126", at=story.period.day(14, 9, 45))
    third = story.disclose(case, "handover", recipient="0183", at=story.period.day(14, 10, 0))
    story.expect(new, R1=PASS, T6=VIOLATION)
    story.expect(old, R1=PASS)
    story.expect(third, R1=VIOLATION)


@planter
def home_unknown_for_some_days(story: Story) -> None:
    """Between two addresses the residence table is silent on the day, whatever the case says."""
    case = story.case(home_municipality="0163")
    story.lived(case, "0163", story.period.day(-700).date(), story.period.day(12).date())
    story.lived(case, None, story.period.day(13).date(), story.period.day(17).date())
    story.lived(case, "0163", story.period.day(22).date())
    empty_row = story.disclose(case, "assessment", at=story.period.day(15, 11, 0))
    no_row = story.disclose(case, "assessment", at=story.period.day(19, 11, 0))
    known = story.disclose(case, "assessment", at=story.period.day(23, 11, 0))
    story.expect(empty_row, T4=UNDETERMINED)
    story.expect(no_row, T4=UNDETERMINED)
    story.expect(known, T4=PASS)


@planter
def answer_to_a_municipality_outside(story: Story) -> None:
    """Uppsala gets the child's data, and is no party to the agreement."""
    row = story.disclose(story.case(), "handover", recipient="0380")
    story.expect(row, R1=VIOLATION, R2=VIOLATION)


@planter
def police_hand_over_themselves(story: Story) -> None:
    """The Police send the handover straight to the home municipality, past the duty office."""
    row = story.disclose(story.case(home_municipality="0184"), "handover", sender=county.POLICE)
    story.expect(row, R3=VIOLATION, R1=PASS)


@planter
def sender_not_recorded(story: Story) -> None:
    """The sender is missing; and a question from Solna about a child whose home is unknown."""
    unsaid = story.disclose(story.case(), "request", sender=None, motivation="Frågan behövs för förhandsbedömningen.")
    story.expect(unsaid, R3=UNDETERMINED, R5=UNDETERMINED)
    unknown_home = story.disclose(story.case(home_municipality=None), "request", sender="0184")
    story.expect(unknown_home, R3=UNDETERMINED, R5=PASS)


@planter
def neighbour_asks_the_police(story: Story) -> None:
    """Täby asks the Police about a child who lives in Botkyrka."""
    row = story.disclose(story.case(home_municipality="0127"), "request", sender="0160")
    story.expect(row, R3=VIOLATION, R4=PASS)


@planter
def handover_returned_to_the_police(story: Story) -> None:
    """The handover goes back to the Police; and feedback goes to the Region, which never reported."""
    row = story.disclose(story.case(), "handover", recipient=county.POLICE)
    story.expect(row, R1="not_applicable", R2=PASS, R4=VIOLATION)
    stray = story.disclose(story.case(), "feedback", recipient=county.REGION)
    story.expect(stray, R2=VIOLATION, R4=VIOLATION)


@planter
def recipient_not_recorded(story: Story) -> None:
    """The log does not say who got the answer."""
    row = story.disclose(story.case(), "feedback", recipient=None)
    story.expect(row, R2=UNDETERMINED, R4=UNDETERMINED)


@planter
def authorisation_has_ended(story: Story) -> None:
    """The officer has left, yet the account is used; another works in a different municipality altogether."""
    ended = story.disclose(story.case(), "request", user_id=story.staff.former_user(county.ENTRY_POINT, 1))
    story.expect(ended, R5=VIOLATION)
    elsewhere = story.disclose(
        story.case(home_municipality="0184"), "feedback", sender="0184", user_id=story.staff.active_user("0160", 2)
    )
    story.expect(elsewhere, R5=VIOLATION, R3=PASS)


@planter
def authorised_until_that_very_day(story: Story) -> None:
    """A substitute's last day of work still counts, the days after it do not."""
    user = "sthlm-vik1"
    last_day = story.period.day(16).date()
    _duty_account(story, user, role="vikarie", valid_from=story.period.day(-60).date(), valid_to=last_day)
    case = story.case()
    story.expect(story.disclose(case, "request", user_id=user, at=story.period.day(16, 23, 40)), R5=PASS)
    story.expect(story.disclose(case, "request", user_id=user, at=story.period.day(19, 8, 10)), R5=VIOLATION)


@planter
def user_not_recorded(story: Story) -> None:
    """Who handed the data over is not in the log."""
    story.expect(story.disclose(story.case(), "request", user_id=None), R5=UNDETERMINED)


@planter
def shared_duty_account(story: Story) -> None:
    """The duty office's shared account is authorised, though nobody knows who sat at it."""
    user = "sthlm-jour"
    _duty_account(story, user, role="gemensamt konto", valid_from=story.period.day(-900).date(), shared=True)
    story.expect(story.disclose(story.case(), "request", user_id=user), R5=PASS)


@planter
def purpose_nobody_knows(story: Story) -> None:
    """The purpose is 'statistik', which the agreement does not have; in another row it was left empty."""
    case = story.case()
    asked = case["decided_at"] + timedelta(days=1)
    row = story.disclose(case, "statistik", requested_at=asked)
    story.expect(row, R6=VIOLATION, F1=UNDETERMINED, B4=UNDETERMINED, P9=UNDETERMINED)
    story.expect(story.disclose(story.case(), None), R6=UNDETERMINED)


@planter
def wrong_unit_in_the_same_city(story: Story) -> None:
    """The assessment lands in a district office of the same city; and a row that does not say which unit."""
    story.expect(story.disclose(story.case(), "assessment", recipient_unit="stadsdelsförvaltningen"), R7=VIOLATION)
    story.expect(story.disclose(story.case(), "assessment", recipient_unit=None), R7=UNDETERMINED)


@planter
def wrong_unit_sends(story: Story) -> None:
    """A district office sends in the duty office's place; and a row that does not say which unit."""
    story.expect(story.disclose(story.case(), "handover", sender_unit="stadsdelsförvaltningen"), R8=VIOLATION)
    story.expect(story.disclose(story.case(), "handover", sender_unit=None), R8=UNDETERMINED)
