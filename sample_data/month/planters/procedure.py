"""Too early, too late, twice, or in a way nobody approved (checks P1-P9)."""

from __future__ import annotations

from datetime import timedelta

from ..period import DAY_UNCONFIRMED, DAY_WITHOUT_AGREEMENT
from ..story import PASS, UNDETERMINED, VIOLATION, Story, planter


@planter
def case_nobody_finds(story: Story) -> None:
    """The case number is not in the list of cases; in another row it is missing."""
    row = story.disclose(None, "handover")
    story.expect(row, P1=VIOLATION, T1=UNDETERMINED, R1=UNDETERMINED)
    nameless = story.disclose(None, "assessment", _case=None)
    story.expect(nameless, P1=VIOLATION)


@planter
def case_told_in_two_ways(story: Story) -> None:
    """Two rows of one case say different things: both are put aside, and the case cannot be judged."""
    case = story.case(home_municipality="0184")
    story.rows["cases"].append({**case, "home_municipality": "0183"})
    story.expect(story.disclose(case, "assessment"), P1=UNDETERMINED, T4=UNDETERMINED)
    story.expect_in_log("L6", "cases")


@planter
def asked_before_the_report(story: Story) -> None:
    """The duty office asks the Police the day before the report came; in another case nobody noted when it came."""
    case = story.fresh_case(15)
    story.expect(story.disclose(case, "request", at=story.period.day(14, 16, 0)), P2=VIOLATION)
    undated = story.case(reported_at=None, decided_at=story.period.day(-12, 14, 0))
    story.expect(story.disclose(undated, "request"), P2=UNDETERMINED)


@planter
def long_after_closing(story: Story) -> None:
    """The case was closed: fourteen days are allowed to the second, a day more is not."""
    closed = story.period.day(5, 15, 0)
    case = story.case(closed_at=closed)
    story.expect(story.disclose(case, "request", at=closed + timedelta(days=14)), P3=PASS)
    late = story.disclose(case, "request", at=closed + timedelta(days=15, hours=2))
    story.expect(late, P3=VIOLATION)


@planter
def sent_twice(story: Story) -> None:
    """The same handover goes out again: within a day it is a repeat, a second later it is not."""
    first = story.disclose(story.case(), "handover", at=story.period.day(13, 14, 0))
    story.expect(story.again(first, first["at"] + timedelta(minutes=12)), P4=VIOLATION)
    second = story.disclose(story.case(), "handover", at=story.period.day(14, 14, 0))
    edge = story.again(second, second["at"] + timedelta(hours=24), fields=list(reversed(second["fields"])))
    story.expect(edge, P4=VIOLATION)
    third = story.disclose(story.case(), "handover", at=story.period.day(15, 14, 0))
    story.expect(story.again(third, third["at"] + timedelta(hours=24, seconds=1)), P4=PASS)


@planter
def sent_by_e_mail(story: Story) -> None:
    """The data went by ordinary e-mail; in another row nobody noted how."""
    story.expect(story.disclose(story.case(), "handover", channel="email"), P5=VIOLATION)
    story.expect(story.disclose(story.case(), "handover", channel=None), P5=UNDETERMINED)


@planter
def agreement_had_lapsed(story: Story) -> None:
    """That Saturday no agreement was in force, and for the Sunday there is only an unconfirmed word (2026-10 only)."""
    if not story.period.has_lapse:
        return
    first, second = story.period.day(DAY_WITHOUT_AGREEMENT.day, 15, 30), story.period.day(DAY_UNCONFIRMED.day, 15, 30)
    story.expect(story.disclose(story.case(), "assessment", at=first), P6=VIOLATION)
    story.expect(story.disclose(story.case(), "assessment", at=second), P6=UNDETERMINED)
    story.expect(story.disclose(story.case(), "assessment", at=second + timedelta(days=1)), P6=PASS)
    story.expect(story.disclose(story.case(), "other_channel", at=first), P6="not_applicable")


@planter
def never_handed_over(story: Story) -> None:
    """The duty office forgets a handover; another goes a minute too late, a third on the stroke of the day."""
    story.expect(story.fresh_case(5, handed_over=False), P7=VIOLATION)
    late = story.fresh_case(6, handed_over=False)
    story.disclose(late, "handover", at=late["reported_at"] + timedelta(hours=24, minutes=1))
    story.expect(late, P7=VIOLATION)
    in_time = story.fresh_case(7, handed_over=False)
    story.disclose(in_time, "handover", at=in_time["reported_at"] + timedelta(hours=24))
    story.expect(in_time, P7=PASS)


@planter
def handed_over_before_midnight_of_the_month(story: Story) -> None:
    """Reported and handed over on the last evening before the month: the handover is context, yet it counts."""
    case = story.case(reported_at=story.period.day(0, 19, 0))
    story.disclose(case, "handover", at=story.period.day(0, 21, 30))
    story.expect(case, P7=PASS)


@planter
def handover_that_cannot_be_judged(story: Story) -> None:
    """Home unknown, reporter unknown, or party unconfirmed: nobody can say that a handover was due."""
    story.expect(story.fresh_case(13, handed_over=False, home_municipality=None), P7=UNDETERMINED)
    story.expect(story.fresh_case(13, handed_over=False, reporter=None), P7=UNDETERMINED)
    story.expect(story.fresh_case(14, handed_over=False, home_municipality="0188"), P7=UNDETERMINED)


@planter
def decided_too_late(story: Story) -> None:
    """The decision came on the seventeenth day; another case never got one; a third was prolonged."""
    late = story.fresh_case(1)
    late["decided_at"] = late["reported_at"] + timedelta(days=17)
    story.expect(late, P8=VIOLATION)
    story.expect(story.case(decided_at=None, decision=None), P8=VIOLATION)
    story.expect(story.fresh_case(2, decided_at=None, decision=None, assessment_extended=True), P8="not_applicable")


@planter
def fourteenth_day_is_a_saturday(story: Story) -> None:
    """The fourteenth day is a Saturday: the Monday after is in time, the Tuesday is not."""
    saturday = next(day for day in range(15, 23) if story.period.day(day).weekday() == 5)
    monday = story.fresh_case(saturday - 14, decided_at=story.period.day(saturday + 2, 16, 30))
    tuesday = story.fresh_case(saturday - 14, decided_at=story.period.day(saturday + 3, 8, 30))
    story.expect(monday, P8=PASS)
    story.expect(tuesday, P8=VIOLATION)


@planter
def reporter_waited_for_an_answer(story: Story) -> None:
    """The Police asked and waited eight days; in another case the answer came on the last second of the week."""
    case = story.case(decided_at=story.period.day(-5, 14, 0))
    asked = story.period.day(12, 9, 0)
    story.expect(story.disclose(case, "feedback", requested_at=asked, at=asked + timedelta(days=8)), P9=VIOLATION)
    other = story.case(decided_at=story.period.day(-5, 14, 0))
    story.expect(story.disclose(other, "feedback", requested_at=asked, at=asked + timedelta(days=7)), P9=PASS)
