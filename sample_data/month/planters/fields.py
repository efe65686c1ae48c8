"""Too much handed over, or about a child whose whereabouts are protected (checks F1-F5)."""

from __future__ import annotations

from ..story import PASS, UNDETERMINED, VIOLATION, Story, planter

_WHO = ["name", "person_id"]


@planter
def journal_sent_along(story: Story) -> None:
    """The whole journal goes with the handover: more than the flow needs."""
    row = story.disclose(story.case(), "handover", fields=[*_WHO, "concern", "record"])
    story.expect(row, F1=VIOLATION, F2=PASS)


@planter
def health_in_a_question(story: Story) -> None:
    """A question to the Police mentions the child's health; a motivation is there, but the flow has no such field."""
    row = story.disclose(story.case(), "request", fields=[*_WHO, "concern", "health"])
    story.expect(row, F1=VIOLATION, F4=PASS)


@planter
def field_nobody_knows(story: Story) -> None:
    """A description ('signalement') is handed over; the catalogue has no such field."""
    story.expect(story.disclose(story.case(), "report", fields=[*_WHO, "concern", "signalement"]), F1=PASS, F2=VIOLATION)


@planter
def fields_not_recorded(story: Story) -> None:
    """The log does not say what was handed over, and there is no motivation."""
    row = story.disclose(story.case(), "handover", fields=None, motivation=None)
    story.expect(row, F1=UNDETERMINED, F2=UNDETERMINED, F4=UNDETERMINED)


@planter
def address_of_a_protected_child(story: Story) -> None:
    """The child has protected registration and the address goes along; without the address all is well."""
    case = story.case(protection="protected_registration")
    story.expect(story.disclose(case, "handover", fields=[*_WHO, "address", "concern"]), F3=VIOLATION)
    story.expect(story.disclose(case, "handover", fields=[*_WHO, "concern"]), F3=PASS)


@planter
def name_of_a_child_with_assumed_identity(story: Story) -> None:
    """For a child with an assumed identity even the name points it out; the risk alone does not."""
    case = story.case(protection="assumed_identity")
    story.expect(story.disclose(case, "assessment", fields=[*_WHO, "risk"]), F3=VIOLATION)
    story.expect(story.disclose(case, "assessment", fields=["risk"]), F3=PASS)


@planter
def protection_not_recorded(story: Story) -> None:
    """The protection was not entered: an empty cell is not 'no protection'."""
    row = story.disclose(story.case(protection=None), "handover", fields=[*_WHO, "address", "concern"])
    story.expect(row, F3=UNDETERMINED, F5=UNDETERMINED)
    only_name = story.disclose(story.case(protection=None), "handover", fields=[*_WHO, "concern"])
    story.expect(only_name, F3=UNDETERMINED, F5=PASS)


@planter
def gang_link_without_motivation(story: Story) -> None:
    """A link to a gang is handed over without a word on why."""
    row = story.disclose(story.case(), "assessment", fields=[*_WHO, "risk", "gang_link"], motivation=None)
    story.expect(row, F4=VIOLATION)


@planter
def school_of_a_marked_child(story: Story) -> None:
    """The child's data is marked as secret: the school may be told, but somebody must look."""
    case = story.case(protection="marked")
    story.expect(story.disclose(case, "handover", fields=[*_WHO, "school", "concern"]), F5=VIOLATION, F3="not_applicable")
    story.expect(story.disclose(case, "handover", fields=[*_WHO, "concern"]), F5=PASS)
