"""Rows and cells that cannot be read, and rows of other months (checks L4, L6, L7)."""

from __future__ import annotations

from datetime import timedelta

from ..story import PASS, UNDETERMINED, Story, planter


@planter
def rows_of_the_months_around(story: Story) -> None:
    """The export begins a little early and ends a little late: those rows are context."""
    case = story.case()
    story.disclose(case, "request", at=story.period.day(0, 16, 20))
    story.disclose(case, "request", at=story.period.end + timedelta(hours=9))
    story.expect_in_log("L4", "disclosures")


@planter
def disclosure_without_a_number(story: Story) -> None:
    """One row lacks its number, another its time: neither can be audited."""
    nameless = story.disclose(story.case(), "request")
    nameless["_serial"] = None
    story.disclose(story.case(), "request", at=None)
    story.expect_in_log("L6", "disclosures")


@planter
def one_number_two_disclosures(story: Story) -> None:
    """One number on two different disclosures: both are put aside."""
    row = story.disclose(story.case(), "assessment")
    story.rows["disclosures"].append({**row, "recipient_unit": "stadsdelsförvaltningen", "channel": "email"})
    story.expect_in_log("L6", "disclosures")


@planter
def exported_twice(story: Story) -> None:
    """The same row came twice, word for word: it counts as one."""
    case = story.case()
    story.rows["cases"].append(dict(case))
    row = story.disclose(case, "assessment")
    story.rows["disclosures"].append(dict(row))
    story.expect(row, P4=PASS, P1=PASS)


@planter
def line_torn_off(story: Story) -> None:
    """The transfer broke off in the middle of a line (only text files have such lines)."""
    row = story.disclose(story.case(), "handover")
    row["_torn"] = True
    story.expect_in_log("L6", "disclosures")


@planter
def residence_of_nobody(story: Story) -> None:
    """A row of residences lacks its case number."""
    story.rows["residences"].append(
        {"_case": None, "_order": story.period.day(-40), "municipality": "0160", "valid_from": story.period.day(-40).date()}
    )
    story.expect_in_log("L6", "residences")


@planter
def thirtieth_of_february(story: Story) -> None:
    """The birth date is 2026-02-30 and there is no number: the age is unknown."""
    case = story.case(person_id=None)
    story.unreadable(case, "birth_date", "2026-02-30")
    story.expect(story.disclose(case, "assessment"), T1=UNDETERMINED)
    story.expect_in_log("L7", "cases", "birth_date")


@planter
def number_spoiled_by_excel(story: Story) -> None:
    """Excel made the number 2,01701E+11: it is not guessed at, but a birth date of its own still counts."""
    case = story.case()
    story.unreadable(case, "person_id", "2,01701E+11")
    story.expect(story.disclose(case, "assessment"), T1=PASS)
    nothing_else = story.case()
    story.unreadable(nothing_else, "person_id", "2,01105E+11")
    nothing_else["birth_date"] = None
    story.expect(story.disclose(nothing_else, "assessment"), T1=UNDETERMINED)
    story.expect_in_log("L7", "cases", "person_id")


@planter
def municipality_that_does_not_exist(story: Story) -> None:
    """The home municipality is 'Kungsberga kommun'. There is none."""
    case = story.case()
    story.unreadable(case, "home_municipality", "Kungsberga kommun")
    story.expect(story.disclose(case, "assessment"), T4=UNDETERMINED, T6=UNDETERMINED)
    story.expect_in_log("L7", "cases", "home_municipality")


@planter
def protection_in_a_secret_word(story: Story) -> None:
    """The protection reads 'kod 7', which only the old system understood."""
    case = story.case()
    story.unreadable(case, "protection", "kod 7")
    row = story.disclose(case, "handover", fields=["name", "person_id", "address", "concern"])
    story.expect(row, F3=UNDETERMINED, F5=UNDETERMINED)
    story.expect_in_log("L7", "cases", "protection")


@planter
def recipient_that_does_not_exist(story: Story) -> None:
    """The recipient is 'Fritidsgården Kronan', whom the agreement does not know."""
    row = story.disclose(story.case(), "feedback")
    story.unreadable(row, "recipient", "Fritidsgården Kronan")
    row["recipient_unit"] = None
    story.expect(row, R2=UNDETERMINED, R4=UNDETERMINED)
    story.expect_in_log("L7", "disclosures", "recipient")
