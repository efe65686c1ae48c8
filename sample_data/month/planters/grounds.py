"""Legal grounds: missing, unknown, repealed, unmet, unfit (checks B1-B8)."""

from __future__ import annotations

from datetime import date

from .. import county
from ..story import PASS, UNDETERMINED, VIOLATION, Story, planter


@planter
def ground_forgotten(story: Story) -> None:
    """No legal ground was recorded."""
    story.expect(story.disclose(story.case(), "handover", grounds=None), B1=VIOLATION, B4="not_applicable")


@planter
def ground_nobody_knows(story: Story) -> None:
    """The ground is the act on municipalities, which breaks no secrecy; alone, and beside one that does."""
    alone = story.disclose(story.case(), "handover", grounds=["KL 9:37"])
    story.expect(alone, B2=VIOLATION, B4=UNDETERMINED)
    beside = story.disclose(story.case(), "handover", grounds=["OSL 26:9 p1", "KL 9:37"])
    story.expect(beside, B2=VIOLATION, B4=PASS)


@planter
def old_act_still_cited(story: Story) -> None:
    """The form still cites the Social Services Act of 2001, repealed on 1 July 2025."""
    alone = story.disclose(story.case(), "assessment", grounds=["SoL 14:1"])
    story.expect(alone, B3=VIOLATION, B4=VIOLATION)
    beside = story.disclose(story.case(), "assessment", grounds=["SoL 14:1", "SoL 19:1"])
    story.expect(beside, B3=VIOLATION, B4=PASS)


@planter
def ground_of_another_flow(story: Story) -> None:
    """The handover rests on the rule for feedback to a reporter."""
    story.expect(story.disclose(story.case(), "handover", grounds=["OSL 26:9a"]), B4=VIOLATION, B5="not_applicable")


@planter
def feedback_before_the_decision(story: Story) -> None:
    """The reporter is told before there is a decision; of an enquiry already open one may tell at once."""
    early = story.fresh_case(13, decided_at=story.period.day(22, 15, 0))
    story.expect(story.disclose(early, "feedback", at=story.period.day(19, 10, 0)), B5=VIOLATION, B4=PASS)
    ongoing = story.fresh_case(13, decision="already_open", decided_at=None)
    story.expect(story.disclose(ongoing, "feedback", at=story.period.day(19, 10, 30)), B5=PASS)


@planter
def enquiry_was_not_opened(story: Story) -> None:
    """The Police rest on the duty towards an opened enquiry, but none was opened."""
    case = story.case(decision="not_opened")
    story.expect(story.disclose(case, "assessment", grounds=["SoL 20:6"]), B5=VIOLATION)


@planter
def ground_of_a_case_nobody_finds(story: Story) -> None:
    """Feedback in a case that is not in the export: whether there was a decision cannot be shown."""
    story.expect(story.disclose(None, "feedback"), B5=UNDETERMINED, P1=VIOLATION)


@planter
def past_twenty_one(story: Story) -> None:
    """Data to prevent crime by somebody who has turned 21: the provision is for the young."""
    case = story.case(birth_date=date(story.period.start.year - 22, 2, 29 if (story.period.start.year - 22) % 4 == 0 else 28))
    story.expect(story.disclose(case, "prevention"), T1=VIOLATION, B5=VIOLATION)


@planter
def necessity_without_a_word(story: Story) -> None:
    """Necessary disclosure is an exception and is to be motivated; the motivation is empty."""
    row = story.disclose(story.case(), "request", grounds=["OSL 10:2"], motivation=None)
    story.expect(row, B6=VIOLATION, F4="not_applicable")


@planter
def ground_for_a_lawyer(story: Story) -> None:
    """The new rule on counteracting crime takes a balancing that a lawyer should see."""
    row = story.disclose(story.case(), "prevention", grounds=["OSL 10:15a"])
    story.expect(row, B7=VIOLATION, B4=PASS)


@planter
def agreement_taken_for_a_law(story: Story) -> None:
    """Only the agreement is cited: it is no act of law, and breaks no secrecy for social services."""
    row = story.disclose(story.case(), "handover", grounds=["avtalet"])
    story.expect(row, B8=VIOLATION, B4=VIOLATION)
    beside = story.disclose(story.case(), "handover", grounds=["avtalet", "OSL 26:9 p1"])
    story.expect(beside, B8=PASS, B4=PASS)


@planter
def general_clause_of_a_municipality(story: Story) -> None:
    """Solna cites the general clause, which never holds for social services; for the Police it merely does not fit."""
    solna = story.disclose(story.case(home_municipality="0184"), "request", sender="0184", grounds=["OSL 10:27"])
    story.expect(solna, B8=VIOLATION, B4=VIOLATION)
    police = story.disclose(story.case(), "assessment", grounds=["OSL 10:27"])
    story.expect(police, B8=PASS, B4=VIOLATION)


@planter
def excluded_beside_an_unknown_ground(story: Story) -> None:
    """The agreement and an unknown provision: perhaps the unknown one would have carried it."""
    row = story.disclose(story.case(), "handover", grounds=["avtalet", "KL 9:37"])
    story.expect(row, B8=UNDETERMINED, B4=UNDETERMINED)


@planter
def consent_is_noted(story: Story) -> None:
    """A guardian consented and that is noted: nothing is wrong."""
    row = story.disclose(
        story.case(), "request", grounds=["consent"], motivation=f"Samtycke från {story.pen.name()} (vårdnadshavare) noterat."
    )
    story.expect(row, B1=PASS, B4=PASS, B5=PASS, B6=PASS)


@planter
def contact_data_on_request(story: Story) -> None:
    """Haninge gives contact data on request, outside the agreement but on a ground of its own: nothing is wrong."""
    row = story.disclose(
        story.case(home_municipality="0136"),
        "other_channel",
        sender="0136",
        recipient=county.POLICE,
        fields=["name", "person_id", "address", "phone"],
        grounds=["2025:170 4 §"],
        motivation=None,
    )
    story.expect(row, R3=PASS, R4=PASS, B4=PASS, B6=PASS, F1=PASS)
