"""Parties: did the data go from one who may send to one who may receive?

Secrecy holds between authorities, between municipalities and between independent branches of one municipality. R1 asks for
the home municipality, R2 for the circle of the agreement, R3 and R4 for the roles of the flow, R5 for the user's
authorisation, R6 for a purpose that the agreement knows, R7 and R8 for the boards and units that are part of it.
"""

from __future__ import annotations

from auditor.checks.model import Check, Kind, Of, Page, Severity
from auditor.law.provisions import (
    GDPR_5_1_B,
    GDPR_5_1_F,
    GDPR_5_2,
    GDPR_32,
    KL_9_37,
    OSL_8_1,
    OSL_8_2,
    OSL_26_1,
    OSL_26_9_P1,
    OSL_35_1,
    SOL_2A,
    SOL_29_1,
    SOL_29_9,
    SOLPUL_10,
)

TO_HOME_MUNICIPALITY = "holds(flow_to, 'home_municipality') AND recipient_is_municipality"

recipient_not_home_municipality = Check(
    "R1",
    "recipient-not-home-municipality",
    Of.DISCLOSURE,
    Kind.SCOPE,
    Severity.CRITICAL,
    law=(OSL_26_9_P1, OSL_8_1, OSL_26_1, SOL_2A, SOL_29_1, SOL_29_9, GDPR_5_1_F),
    applies=TO_HOME_MUNICIPALITY,
    violates="NOT recipient_matches_to",
    reads=(
        "disclosures.recipient",
        "disclosures.purpose",
        "disclosures.case_id",
        "cases.home_municipality",
        "cases.reported_at",
    ),
    evidence=("recipient", "home_municipality", "home_municipality_at_report", "flow_to"),
    clause="flows.to",
    page=Page(
        question="Did the data go to the child's home municipality?",
        finding="The recipient is a municipality that is not the child's home municipality.",
        why="""Social-services data are secret between municipalities too. What lets them pass for someone under 18 is that
        the receiving municipality needs them to give support, and that is the municipality which answers for the child.
        Another municipality has no need of them.""",
        limits="""The home municipality of the day the report came in counts as right as well, for the one that opened an
        enquiry finishes it. A home municipality that was wrongly recorded is not seen.""",
        advice="""Contact the sender today. Have the recipient confirm that the data are erased or returned, and have the
        controller handle it as a personal data breach: documented always, reported to IMY within 72 hours of becoming aware
        unless a risk is unlikely (GDPR art. 33).""",
        examples="""
        violation       flow_to=[home_municipality] recipient=0182 recipient_is_municipality=true recipient_matches_to=false
                        home_municipality=0120
        pass            flow_to=[home_municipality] recipient=0120 recipient_is_municipality=true recipient_matches_to=true
                        home_municipality=0120
        pass            flow_to=[entry_point,home_municipality] recipient=0180 recipient_is_municipality=true
                        recipient_matches_to=true home_municipality=0120
        undetermined    flow_to=[home_municipality] recipient=0120 recipient_is_municipality=true home_municipality=
        undetermined    flow_to=[home_municipality] recipient=
        undetermined    flow_known=false recipient=0182 recipient_is_municipality=true
        not_applicable  flow_to=[counterpart] recipient=0182 recipient_is_municipality=true recipient_matches_to=false
        not_applicable  flow_known=false recipient=police-roc recipient_is_municipality=false
        """,
    ),
)

recipient_outside_agreement = Check(
    "R2",
    "recipient-outside-agreement",
    Of.DISCLOSURE,
    Kind.SCOPE,
    Severity.CRITICAL,
    law=(OSL_8_1, OSL_26_1, KL_9_37, GDPR_5_1_B),
    applies="flow_scope = 'agreement'",
    violates="recipient <> counterpart AND recipient <> entry_point AND NOT recipient_is_party",
    reads=("disclosures.recipient", "disclosures.purpose"),
    evidence=("recipient", "recipient_is_party", "counterpart", "entry_point"),
    clause="parties",
    page=Page(
        question="Is the recipient one of those whom the agreement binds?",
        finding="The recipient is neither a party to the agreement nor one of its two authorities.",
        why="""A flow of the agreement ends with the entry point, the other authority or a municipality that has joined. For
        anyone else there is no agreement on who handles the data and how, and secrecy holds as it does towards any other
        authority.""",
        limits="""It goes by the agreement's list of parties on the day. While a period is marked as unconfirmed, the answer
        is undetermined. Whether a party was the right one is asked by another check (R1).""",
        advice="""Compare the list of parties with the signed agreements. If the recipient had not joined, find out what was
        handed over and have the controller judge whether it is a personal data breach.""",
        examples="""
        violation       flow_scope=agreement recipient=0380 counterpart=police-roc entry_point=0180 recipient_is_party=false
        pass            flow_scope=agreement recipient=0120 counterpart=police-roc entry_point=0180 recipient_is_party=true
        pass            flow_scope=agreement recipient=police-roc counterpart=police-roc entry_point=0180
                        recipient_is_party=false
        undetermined    flow_scope=agreement recipient=0182 counterpart=police-roc entry_point=0180 recipient_is_party=
        undetermined    flow_scope=agreement recipient= counterpart=police-roc entry_point=0180
        undetermined    flow_known=false recipient=0380 counterpart=police-roc entry_point=0180 recipient_is_party=false
        not_applicable  flow_scope=other recipient=0380 counterpart=police-roc entry_point=0180 recipient_is_party=false
        """,
    ),
)

sender_outside_flow = Check(
    "R3",
    "sender-outside-flow",
    Of.DISCLOSURE,
    Kind.SCOPE,
    Severity.HIGH,
    law=(OSL_8_1, KL_9_37, GDPR_5_1_B),
    applies="true",
    violates="NOT sender_matches_from",
    reads=("disclosures.sender", "disclosures.purpose", "disclosures.case_id", "cases.home_municipality", "cases.reported_at"),
    evidence=("sender", "flow_from", "home_municipality", "home_municipality_at_report"),
    clause="flows.from",
    page=Page(
        question="Does the sender have a role that may send in this flow?",
        finding="The sender has none of the roles that may send in this flow.",
        why="""The agreement says for each flow who hands data over to whom. Someone else who sends has either taken part in
        what the agreement does not give them, or used the wrong name for what was done.""",
        limits="""It goes by the purpose that was recorded. A right disclosure under the wrong purpose looks like a fault.
        Where the role is the child's home municipality, a missing home municipality leaves the answer open.""",
        advice="""Ask the sender what the disclosure was for. If the purpose is wrong, have it corrected; if it is right,
        ask how the sender came to hold the data and on which ground they were handed over.""",
        examples="""
        violation       sender=0182 flow_from=[entry_point] sender_matches_from=false
        pass            sender=0180 flow_from=[entry_point] sender_matches_from=true
        undetermined    sender= flow_from=[entry_point] sender_matches_from=
        undetermined    sender=0182 flow_known=false sender_matches_from=
        """,
    ),
)

recipient_outside_flow = Check(
    "R4",
    "recipient-outside-flow",
    Of.DISCLOSURE,
    Kind.SCOPE,
    Severity.HIGH,
    law=(OSL_8_1, OSL_26_1, OSL_35_1, GDPR_5_1_B),
    applies=f"NOT ({TO_HOME_MUNICIPALITY})",
    violates=recipient_not_home_municipality.violates,
    reads=recipient_not_home_municipality.reads,
    evidence=recipient_not_home_municipality.evidence,
    clause="flows.to",
    page=Page(
        question="Does the recipient have a role that may receive in this flow?",
        finding="The recipient has none of the roles that may receive in this flow.",
        why="""The agreement says for each flow who receives. Data that go to another authority are used for something else
        than they were handed over for, and secrecy holds between the authorities.""",
        limits="""It goes by the purpose that was recorded. Where the flow goes to the home municipality and the recipient
        is a municipality, another check (R1) answers instead.""",
        advice="""Ask the sender who needed the data and why. If the purpose is wrong, have it corrected; if it is right,
        have the controller judge whether it is a personal data breach.""",
        examples="""
        violation       flow_to=[counterpart] recipient=0182 recipient_is_municipality=true recipient_matches_to=false
        violation       flow_to=[home_municipality] recipient=police-roc recipient_is_municipality=false
                        recipient_matches_to=false
        pass            flow_to=[counterpart] recipient=police-roc recipient_is_municipality=false recipient_matches_to=true
        undetermined    flow_to=[counterpart] recipient= recipient_matches_to=
        undetermined    flow_known=false recipient=police-roc recipient_is_municipality=false
        not_applicable  flow_to=[home_municipality] recipient=0182 recipient_is_municipality=true recipient_matches_to=false
        """,
    ),
)

sender_not_authorised = Check(
    "R5",
    "sender-not-authorised",
    Of.DISCLOSURE,
    Kind.CONDUCT,
    Severity.HIGH,
    law=(SOLPUL_10, GDPR_32, GDPR_5_1_F),
    applies="sender_is_municipality",
    violates="NOT sender_authorised",
    reads=("disclosures.sender", "disclosures.user_id", "staff.organisation", "staff.valid_from", "staff.valid_to"),
    evidence=("sender",),
    page=Page(
        question="Was the person who handed the data over authorised by the sender that day?",
        finding="The user who handed the data over has no authorisation with the sender on the day of the disclosure.",
        why="""The controller limits access to what each person needs for the work, and must be able to check it. Data
        handed over by someone without an authorisation have been in the wrong hands, or the list of authorisations cannot
        be trusted.""",
        limits="""It goes by the list of authorisations that was handed in. A colleague's account, or a list drawn up too
        late, is not seen. For senders that are not municipalities there is no such list.""",
        advice="""Ask the unit whether the user had left, had not yet begun or belongs elsewhere. Have the account closed or
        the list corrected, and see whether the user opened other cases.""",
        examples="""
        violation       sender=0180 sender_is_municipality=true sender_authorised=false
        pass            sender=0180 sender_is_municipality=true sender_authorised=true
        undetermined    sender=0180 sender_is_municipality=true user_id= sender_authorised=
        not_applicable  sender=police-roc sender_is_municipality=false sender_authorised=false
        """,
    ),
)

purpose_unknown = Check(
    "R6",
    "purpose-unknown",
    Of.DISCLOSURE,
    Kind.SCOPE,
    Severity.HIGH,
    law=(GDPR_5_1_B, GDPR_5_2),
    applies="true",
    violates="NOT flow_known",
    reads=("disclosures.purpose",),
    evidence=("purpose",),
    clause="flows",
    page=Page(
        question="Is the recorded purpose one of the agreement's flows?",
        finding="The recorded purpose is none of the agreement's flows.",
        why="""The purpose decides who may hand over what to whom, and on which ground. Without one that the agreement
        knows, none of that can be shown, and it is the controller who must show it (GDPR art. 5.2).""",
        limits="""It sees the word, not what was meant by it. A purpose that is merely spelled in a way no one has told the
        program of looks the same as one outside the agreement.""",
        advice="""If it is a matter of spelling, add the name to the mapping file and run the audit again. Else ask the
        sender what the disclosure was for.""",
        examples="""
        violation       purpose=newsletter flow_known=false
        pass            purpose=handover flow_known=true
        undetermined    purpose= flow_known=
        """,
    ),
)

recipient_unit_outside_agreement = Check(
    "R7",
    "recipient-unit-outside-agreement",
    Of.DISCLOSURE,
    Kind.SCOPE,
    Severity.HIGH,
    law=(OSL_8_2, GDPR_5_1_B),
    applies="recipient_units IS NOT NULL",
    violates="NOT holds(recipient_units, recipient_unit)",
    reads=("disclosures.recipient", "disclosures.recipient_unit"),
    evidence=("recipient", "recipient_units"),
    clause="units",
    page=Page(
        question="Did the data go to a board or unit that is part of the agreement?",
        finding="The receiving unit is none of those that the agreement lists for the recipient.",
        why="""Secrecy holds also between independent branches of one authority. Where the agreement lists the units that
        are part of it, another unit of the same municipality is an outsider.""",
        limits="""It goes by the unit's name as recorded. Organisations for which the agreement lists no units are not asked
        about, and no unit recorded leaves the answer open.""",
        advice="""Ask whether the unit has changed its name; if so, have the agreement file or the mapping say it. If not,
        have the data fetched back from the unit and the controller judge whether it is a personal data breach.""",
        examples="""
        violation       recipient=0180 recipient_units=[socialjouren] recipient_unit=skolkontoret
        pass            recipient=0180 recipient_units=[socialjouren] recipient_unit=socialjouren
        undetermined    recipient=0180 recipient_units=[socialjouren] recipient_unit=
        not_applicable  recipient=0120 recipient_units= recipient_unit=skolkontoret
        not_applicable  recipient= recipient_units=
        """,
    ),
)

sender_unit_outside_agreement = Check(
    "R8",
    "sender-unit-outside-agreement",
    Of.DISCLOSURE,
    Kind.SCOPE,
    Severity.HIGH,
    law=(OSL_8_2, GDPR_5_1_B),
    applies="sender_units IS NOT NULL",
    violates="NOT holds(sender_units, sender_unit)",
    reads=("disclosures.sender", "disclosures.sender_unit"),
    evidence=("sender", "sender_units"),
    clause="units",
    page=Page(
        question="Did the data come from a board or unit that is part of the agreement?",
        finding="The sending unit is none of those that the agreement lists for the sender.",
        why="""Secrecy holds also between independent branches of one authority. A unit that is not part of the agreement
        should not hold the data in the first place, and the agreement gives it no support for handing them on.""",
        limits="""It goes by the unit's name as recorded. Organisations for which the agreement lists no units are not asked
        about, and no unit recorded leaves the answer open.""",
        advice="""Ask whether the unit has changed its name; if so, have the agreement file or the mapping say it. If not,
        ask how the unit came to hold the data, and check its accesses to the case.""",
        examples="""
        violation       sender=0180 sender_units=[socialjouren] sender_unit=skolkontoret
        pass            sender=0180 sender_units=[socialjouren] sender_unit=socialjouren
        undetermined    sender=0180 sender_units=[socialjouren] sender_unit=
        not_applicable  sender=police-roc sender_units= sender_unit=utredning
        not_applicable  sender= sender_units=
        """,
    ),
)
