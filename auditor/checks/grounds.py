"""Grounds: does the disclosure rest on a provision that lets data pass the limit of secrecy?

A recorded ground is *known* when the law table has it, *excluded* when it never breaks secrecy for the sender's kind of
authority, *usable* when it is known, in the flow's list, in force on the day and not excluded; a usable ground *holds* when
its conditions (age, a decision) are met. A ground that the law table does not know may be a good one: where the
answer would accuse for want of a ground, it then stays open.
"""

from __future__ import annotations

from auditor.checks.model import Check, Kind, Of, Page, Severity
from auditor.law.provisions import (
    GDPR_5_1_A,
    GDPR_5_2,
    GDPR_6_1,
    LAG_2025_170_8,
    OSL_8_1,
    OSL_10_1,
    OSL_10_2,
    OSL_10_15A,
    OSL_10_20,
    OSL_10_23,
    OSL_10_27,
    OSL_10_28,
    OSL_26_1,
    OSL_26_9_P1,
    OSL_26_9A,
    OSL_35_1,
    SOL_14_1,
    SOL_19_1,
)

RECORDED = "grounds IS NOT NULL"
SOME_USABLE = "coalesce(not_empty(grounds_usable), false)"

#: True when every recorded ground is known, else NULL: the unknown one may be the one that is sought.
ALL_KNOWN = "nullif(grounds_unknown = 0, false)"
NONE_USABLE = f"NOT not_empty(grounds_usable) AND {ALL_KNOWN}"

ground_missing = Check(
    "B1",
    "ground-missing",
    Of.DISCLOSURE,
    Kind.SCOPE,
    Severity.HIGH,
    law=(OSL_8_1, OSL_26_1, OSL_35_1, GDPR_6_1, GDPR_5_2),
    applies="true",
    violates="grounds IS NULL AND full_form",
    reads=("disclosures.grounds",),
    page=Page(
        question="Is a legal ground recorded?",
        finding="No legal ground is recorded for the disclosure.",
        why="""Between authorities the data are secret, and each disclosure needs a provision that lets them pass. The
        controller must be able to show which one it was (GDPR art. 5.2); a disclosure without any recorded ground cannot be
        shown to be lawful.""",
        limits="""It sees whether a ground is recorded in the log. One that stands elsewhere in the record is not seen, nor
        is a ground that was thought of but never written down.""",
        advice="Ask the sender for the ground and have it recorded. When it is missing often, have the form demand it.",
        examples="""
        violation     grounds= full_form=true
        pass          grounds=[SoL 19:1] full_form=true
        undetermined  grounds= full_form=
        """,
    ),
)

ground_unknown = Check(
    "B2",
    "ground-unknown",
    Of.DISCLOSURE,
    Kind.QUALITY,
    Severity.MEDIUM,
    law=(GDPR_5_2, GDPR_6_1),
    applies=RECORDED,
    violates="grounds_unknown > 0",
    reads=("disclosures.grounds",),
    evidence=("grounds_known", "grounds_unknown"),
    page=Page(
        question="Are all recorded grounds in the law table?",
        finding="A ground is recorded that the law table does not know.",
        why="""A ground that cannot be read as a provision can be neither accepted nor rejected, and leaves the other
        questions on grounds open. The controller must be able to show on what the disclosure rests.""",
        limits="It cannot tell a misspelt provision from one that does not exist, or from a good one that the table lacks.",
        advice="""Look at the wording in the source system. If it is a known ground in another spelling, add it to the
        mapping file and run the audit again; if the provision is missing in the law table, say so to those who keep the
        table.""",
        examples="""
        violation       grounds=[OSL 26:9 p1,samverkan] grounds_known=[OSL 26:9 p1] grounds_unknown=1
        pass            grounds=[OSL 26:9 p1] grounds_known=[OSL 26:9 p1] grounds_unknown=0
        not_applicable  grounds=
        """,
    ),
)

ground_not_in_force = Check(
    "B3",
    "ground-not-in-force",
    Of.DISCLOSURE,
    Kind.CONDUCT,
    Severity.HIGH,
    law=(GDPR_5_1_A, GDPR_6_1, GDPR_5_2),
    applies=RECORDED,
    violates="not_empty(grounds_not_in_force)",
    reads=("disclosures.grounds",),
    evidence=("grounds_not_in_force",),
    page=Page(
        question="Was every recorded ground in force on the day of the disclosure?",
        finding="A recorded ground is not in force on the day of the disclosure.",
        why="""The Social Services Act was replaced on 1 July 2025, and several provisions on secrecy are newer still. A
        repealed provision supports nothing, and one that has not yet come into force does not either.""",
        limits="""It goes by the days in the law table. Where the new act has the same rule under another number, the
        disclosure may well have been allowed; another check (B4) asks whether a good ground stands beside.""",
        advice="""Ask the unit to correct the ground, and have templates and drop-down lists with the old section numbers
        replaced.""",
        examples="""
        violation       grounds=[SoL 14:1] grounds_not_in_force=[SoL 14:1] at=2026-10-03T14:05:00
        pass            grounds=[SoL 19:1] grounds_not_in_force=[] at=2026-10-03T14:05:00
        not_applicable  grounds=
        """,
    ),
)

no_usable_ground = Check(
    "B4",
    "no-usable-ground",
    Of.DISCLOSURE,
    Kind.SCOPE,
    Severity.HIGH,
    law=(OSL_8_1, OSL_26_1, OSL_35_1, GDPR_6_1),
    applies=RECORDED,
    violates=NONE_USABLE,
    reads=("disclosures.grounds", "disclosures.purpose", "disclosures.sender"),
    evidence=("grounds_known", "grounds_unknown"),
    clause="flows.grounds",
    page=Page(
        question="Can any recorded ground support a disclosure in this flow?",
        finding="None of the recorded grounds can support a disclosure in this flow.",
        why="""Which provision lets data pass depends on who hands over what to whom. A rule that opens the way between two
        social-services authorities does not open it to the Police, and the other way round. With no usable ground, secrecy
        stands in the way.""",
        limits="""It goes by the list of grounds that the agreement file gives each flow. A ground that lawyers would accept
        but the file does not list counts as none. With a ground that could not be read, the answer is open.""",
        advice="""Ask the sender which provision was meant. If the ground is good and the list lacks it, have the agreement
        file amended; if there is none, have the controller judge whether it is a personal data breach.""",
        examples="""
        violation       grounds=[OSL 10:27] grounds_unknown=0 grounds_usable=[]
        pass            grounds=[OSL 26:9 p1] grounds_unknown=0 grounds_usable=[OSL 26:9 p1]
        pass            grounds=[OSL 26:9 p1,samverkan] grounds_unknown=1 grounds_usable=[OSL 26:9 p1]
        undetermined    grounds=[samverkan] grounds_unknown=1 grounds_usable=[]
        undetermined    grounds=[OSL 10:27] grounds_unknown=0 flow_known=false grounds_usable=
        not_applicable  grounds=
        """,
    ),
)

ground_condition_unmet = Check(
    "B5",
    "ground-condition-unmet",
    Of.DISCLOSURE,
    Kind.SCOPE,
    Severity.CRITICAL,
    law=(OSL_26_9_P1, OSL_26_9A, SOL_14_1, SOL_19_1, OSL_10_28, GDPR_6_1),
    applies=SOME_USABLE,
    violates=f"NOT usable_ground_holds AND {ALL_KNOWN}",
    reads=(
        "disclosures.grounds",
        "disclosures.purpose",
        "disclosures.sender",
        "disclosures.case_id",
        "cases.birth_date",
        "cases.decision",
        "cases.decided_at",
    ),
    evidence=("age", "decision", "decided_at", "grounds_usable"),
    clause="flows.grounds",
    page=Page(
        question="Does any ground that could support the disclosure have its conditions met?",
        finding="No ground that could support the disclosure has its conditions met.",
        why="""A provision opens the way only on its own conditions: that the person has not turned 18, that a decision on
        an enquiry has been made, that an enquiry is open. When they are not met, the ground is there in name only and
        secrecy stands in the way.""",
        limits="""It tries the conditions that can be read from the log: age and decision. Whether the data were needed, or
        whether something made the disclosure unsuitable, is for a person to judge.""",
        advice="""Compare the age, the decision and the times in the record with the log. If they are right, find out what
        the disclosure rests on and have the controller judge whether it is a personal data breach.""",
        examples="""
        violation       grounds=[OSL 26:9 p1] grounds_usable=[OSL 26:9 p1] grounds_unknown=0 usable_ground_holds=false age=18
        violation       grounds=[OSL 26:9a] grounds_usable=[OSL 26:9a] grounds_unknown=0 usable_ground_holds=false
                        decision=opened decided_at=2026-10-05T09:00:00 at=2026-10-03T14:05:00
        pass            grounds=[OSL 26:9 p1] grounds_usable=[OSL 26:9 p1] grounds_unknown=0 usable_ground_holds=true age=15
        undetermined    grounds=[OSL 26:9 p1] grounds_usable=[OSL 26:9 p1] grounds_unknown=0 usable_ground_holds= birth_date=
        undetermined    grounds=[OSL 26:9 p1,samverkan] grounds_usable=[OSL 26:9 p1] grounds_unknown=1
                        usable_ground_holds=false age=18
        not_applicable  grounds=[OSL 10:27] grounds_usable=[] grounds_unknown=0
        not_applicable  grounds=[OSL 26:9 p1] flow_known=false grounds_usable=
        not_applicable  grounds=
        """,
    ),
)

ground_needs_motivation = Check(
    "B6",
    "ground-needs-motivation",
    Of.DISCLOSURE,
    Kind.CONDUCT,
    Severity.MEDIUM,
    law=(OSL_10_2, OSL_10_1, OSL_10_28, GDPR_5_2),
    applies=SOME_USABLE,
    violates="usable_grounds_need_motivation AND motivation IS NULL",
    reads=("disclosures.grounds", "disclosures.purpose", "disclosures.sender", "disclosures.motivation"),
    evidence=("grounds_usable", "motivation"),
    clause="flows.grounds",
    page=Page(
        question="Is the judgement written down where the ground calls for one?",
        finding="Every ground that could support the disclosure calls for a motivation, and none is written down.",
        why="""A necessary disclosure (OSL 10:2), a consent or a duty in another act holds only after a judgement of the
        case at hand. Without a note of it, nobody can see afterwards that it was made.""",
        limits="""It sees whether there is a motivation, and never reads it. A judgement noted elsewhere in the record is
        not seen.""",
        advice="""Ask the unit to add the motivation while it is remembered, and to name the duty when the ground is OSL
        10:28.""",
        examples="""
        violation       grounds_usable=[OSL 10:2] usable_grounds_need_motivation=true motivation=
        pass            grounds_usable=[OSL 10:2] usable_grounds_need_motivation=true motivation=true
        pass            grounds_usable=[OSL 10:2,OSL 26:9 p1] usable_grounds_need_motivation=false motivation=
        not_applicable  grounds_usable=[] motivation=
        not_applicable  flow_known=false grounds_usable= motivation=
        """,
    ),
)

ground_needs_legal_review = Check(
    "B7",
    "ground-needs-legal-review",
    Of.DISCLOSURE,
    Kind.SIGNAL,
    Severity.MEDIUM,
    law=(OSL_10_15A, OSL_10_20, OSL_10_23, GDPR_6_1),
    applies=RECORDED,
    violates="not_empty(grounds_review)",
    reads=("disclosures.grounds",),
    evidence=("grounds_review",),
    page=Page(
        question="Does the disclosure do without grounds that a lawyer should look at each time?",
        finding="The disclosure rests on a ground that a lawyer should look at each time.",
        why="""Some provisions turn on a weighing of interests, on the gravity of a crime or on a situation on the spot, and
        one of them is so new that its limits are not settled. No log can show whether they held.""",
        limits="It says only that such a ground was used, not that it was used wrongly.",
        advice="""Have a lawyer read the record of the disclosure. Note the outcome, so that the next one of its kind can be
        judged alike.""",
        examples="""
        violation       grounds=[OSL 10:15a] grounds_review=[OSL 10:15a]
        pass            grounds=[OSL 26:9 p1] grounds_review=[]
        not_applicable  grounds=
        """,
    ),
)

ground_excluded = Check(
    "B8",
    "ground-excluded",
    Of.DISCLOSURE,
    Kind.SCOPE,
    Severity.CRITICAL,
    law=(OSL_10_27, OSL_26_1, LAG_2025_170_8, OSL_10_28),
    applies=RECORDED,
    violates=f"not_empty(grounds_excluded) AND {NONE_USABLE}",
    reads=("disclosures.grounds", "disclosures.purpose", "disclosures.sender"),
    evidence=("grounds_excluded",),
    clause="flows.grounds",
    page=Page(
        question="Does the disclosure rest on something other than grounds shut out for the sender?",
        finding="A ground is recorded that never breaks the sender's secrecy, and no other can support the disclosure.",
        why="""The general clause (OSL 10:27) and the duty of municipalities in the act of 2025 both except social-services
        secrecy, and an agreement is neither act nor ordinance and breaks no secrecy by itself. Secret data handed over on
        one of them alone are handed over without support in law.""",
        limits="""It goes by the kind of authority that the sender is, not by the data: data that are not secret at all
        could have been given without any ground. With a ground that could not be read beside it, the answer is open.""",
        advice="""Ask which other provision may have supported the disclosure. If there is none, have the controller handle
        it as a personal data breach, and tell the unit that the ground cannot be used.""",
        examples="""
        violation       grounds=[OSL 10:27] grounds_excluded=[OSL 10:27] grounds_usable=[] grounds_unknown=0
        pass            grounds=[OSL 10:27,OSL 26:9 p1] grounds_excluded=[OSL 10:27] grounds_usable=[OSL 26:9 p1]
                        grounds_unknown=0
        pass            grounds=[OSL 10:23] grounds_excluded=[] grounds_usable=[] grounds_unknown=0
        undetermined    grounds=[avtalet,samverkan] grounds_excluded=[avtalet] grounds_usable=[] grounds_unknown=1
        undetermined    grounds=[avtalet] grounds_excluded=[avtalet] flow_known=false grounds_usable= grounds_unknown=0
        not_applicable  grounds=
        """,
    ),
)
