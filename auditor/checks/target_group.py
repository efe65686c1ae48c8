"""Target group: is this a child that the agreement is about?

The agreement covers children at risk in connection with gang-related crime, found in the county, whose home municipality
is a party, reported by the authority it names. T1 to T5 ask one of these each, of disclosures in flows whose target group
is required; T7 asks all five of flows that take any child (the report itself) and only notes the answer.
"""

from __future__ import annotations

from auditor.checks.model import Check, Kind, Of, Page, Severity
from auditor.law.provisions import (
    FOL_18,
    GDPR_5_1_B,
    GDPR_5_1_D,
    KL_9_37,
    LAG_1930_173_1,
    OSL_26_9_P1,
    SOL_1_2,
    SOL_2A,
    SOL_3_1,
    SOL_14_1,
    SOL_19_1,
    SOL_29_1,
)

REQUIRED = "flow_target_group = 'required'"

subject_not_a_child = Check(
    "T1",
    "subject-not-a-child",
    Of.DISCLOSURE,
    Kind.SCOPE,
    Severity.CRITICAL,
    law=(OSL_26_9_P1, SOL_1_2, SOL_3_1, LAG_1930_173_1, FOL_18),
    applies=REQUIRED,
    violates='reached(age_below, birth_date, birth_date_derived, "at")',
    reads=("disclosures.purpose", "disclosures.case_id", "cases.birth_date"),
    evidence=("age", "age_below"),
    clause="target_group.age_below",
    page=Page(
        question="Was the person below the agreement's age limit on the day of the disclosure?",
        finding="The person whom the data are about has reached the agreement's age limit.",
        why="""The single entry is for children. On the 18th birthday a person leaves its target group, and on the same day
        the rule that lets one social-services authority give data to another about someone who has not turned 18 (OSL 26:9
        p. 1) falls away.""",
        limits="""A birth date derived from a personal number may be some days off, so within the month of the birthday the
        answer is undetermined. Whether some ground outside the agreement supports the disclosure is not seen here.""",
        advice="""Ask the unit which ground the disclosure rests on. If there is none, have the controller handle it as a
        personal data breach (GDPR art. 33), and see that the case leaves the single entry.""",
        examples="""
        violation       flow_target_group=required age_below=18 birth_date=2008-10-03 at=2026-10-03T00:00:00
        violation       flow_target_group=required age_below=18 birth_date=2008-02-29 at=2026-02-28T09:30:00
        pass            flow_target_group=required age_below=18 birth_date=2008-10-04 at=2026-10-03T23:59:59
        undetermined    flow_target_group=required age_below=18 birth_date= at=2026-10-03T14:05:00
        undetermined    flow_target_group=required age_below=18 birth_date=2008-10-20 birth_date_derived=true
                        at=2026-10-03T14:05:00
        pass            flow_target_group=required age_below=18 birth_date=2008-11-01 birth_date_derived=true
                        at=2026-10-31T14:05:00
        not_applicable  flow_target_group=noted age_below=18 birth_date=1999-01-01 at=2026-10-03T14:05:00
        """,
    ),
)

concern_outside_agreement = Check(
    "T2",
    "concern-outside-agreement",
    Of.DISCLOSURE,
    Kind.SCOPE,
    Severity.HIGH,
    law=(GDPR_5_1_B, KL_9_37),
    applies=REQUIRED,
    violates="NOT holds_any(concern, target_concern)",
    reads=("disclosures.purpose", "disclosures.case_id", "cases.concern"),
    evidence=("concern_matches", "concern_known", "target_concern"),
    clause="target_group.concern",
    page=Page(
        question="Is the concern of the case one that the agreement covers?",
        finding="None of the concerns recorded in the case is one that the agreement covers.",
        why="""The agreement covers children at risk in connection with gang-related crime. Data collected for that purpose
        may not be handed over through the single entry for another one (GDPR art. 5.1 b); other concerns go the
        municipalities' ordinary ways.""",
        limits="""It compares recorded categories and does not know what the report says. A concern recorded under the wrong
        heading looks the same as one outside the agreement.""",
        advice="""Ask the unit whether the category is right. If it is not, have the case record corrected; if it is, ask
        why the case went through the single entry.""",
        examples="""
        violation       flow_target_group=required target_concern=[gang_crime] concern=[neglect,violence]
        pass            flow_target_group=required target_concern=[gang_crime] concern=[neglect,gang_crime]
        undetermined    flow_target_group=required target_concern=[gang_crime] concern=
        not_applicable  flow_target_group=none target_concern=[gang_crime] concern=[neglect]
        """,
    ),
)

found_outside_county = Check(
    "T3",
    "found-outside-county",
    Of.DISCLOSURE,
    Kind.SCOPE,
    Severity.HIGH,
    law=(GDPR_5_1_B, KL_9_37),
    applies=REQUIRED,
    violates="left(found_in, 2) <> target_county",
    reads=("disclosures.purpose", "disclosures.case_id", "cases.found_in"),
    evidence=("found_in", "target_county"),
    clause="target_group.found_in_county",
    page=Page(
        question="Was the child found in the county of the agreement?",
        finding="The place where the child was found lies outside the county of the agreement.",
        why="""The agreement covers children who are found (påträffas) in the county. A child found elsewhere goes the
        ordinary way, even when the home municipality is a party, and the agreement gives the disclosure no support.""",
        limits="""It turns on the code recorded in the case. Where the child really was is not known, and a home address
        recorded as the place of finding looks right.""",
        advice="""Compare with the report. If the place is wrong, have it corrected; if it is right, ask which ground of its
        own the disclosure rests on.""",
        examples="""
        violation       flow_target_group=required target_county=01 found_in=0380
        violation       flow_target_group=required target_county=01 found_in=03
        pass            flow_target_group=required target_county=01 found_in=0182
        pass            flow_target_group=required target_county=01 found_in=01
        undetermined    flow_target_group=required target_county=01 found_in=
        not_applicable  flow_target_group=noted target_county=01 found_in=0380
        """,
    ),
)

home_municipality_not_party = Check(
    "T4",
    "home-municipality-not-party",
    Of.DISCLOSURE,
    Kind.SCOPE,
    Severity.CRITICAL,
    law=(KL_9_37, SOL_2A, SOL_29_1, GDPR_5_1_B),
    applies=REQUIRED,
    violates="NOT home_is_party",
    reads=("disclosures.purpose", "disclosures.case_id", "cases.home_municipality"),
    evidence=("home_municipality", "home_is_party"),
    clause="parties",
    page=Page(
        question="Was the child's home municipality a party to the agreement on the day of the disclosure?",
        finding="The child's home municipality is not a party to the agreement on the day of the disclosure.",
        why="""The agreement binds Stockholm and each municipality that has joined it, and no other. It turns on the home
        municipality of the Social Services Act (where the child permanently lives or has its strongest link), not on the
        population register. For a child from elsewhere nobody has agreed to this handling.""",
        limits="""The home municipality is as it was recorded and may have been an estimate. While the agreement file marks
        the party's period as unconfirmed, the answer is undetermined.""",
        advice="""Compare the list of parties with the signed agreements. If the municipality had not joined, ask on which
        ground the data were handed over and see that the case goes to that municipality's own duty service.""",
        examples="""
        violation       flow_target_group=required home_municipality=0380 home_is_party=false
        pass            flow_target_group=required home_municipality=0120 home_is_party=true
        undetermined    flow_target_group=required home_municipality=0182 home_is_party=
        undetermined    flow_target_group=required home_municipality= home_is_party=
        not_applicable  flow_target_group=none home_municipality=0380 home_is_party=false
        """,
    ),
)

not_reported_by_counterpart = Check(
    "T5",
    "not-reported-by-counterpart",
    Of.DISCLOSURE,
    Kind.SCOPE,
    Severity.HIGH,
    law=(SOL_14_1, SOL_19_1, GDPR_5_1_B, KL_9_37),
    applies=REQUIRED,
    violates="reporter <> target_reporter",
    reads=("disclosures.purpose", "disclosures.case_id", "cases.reporter"),
    evidence=("reporter", "target_reporter"),
    clause="target_group.reported_by",
    page=Page(
        question="Was the case reported by the authority that the agreement names?",
        finding="The reporter of the case is another than the authority that the agreement names.",
        why="""The single entry exists for reports that the Police make under their duty in the Social Services Act. A
        report from anyone else goes the ordinary way, and the agreement gives its handling no support.""",
        limits="""It knows who is recorded as the reporter. A report that the Police passed on for somebody else looks like
        their own, and one recorded on the wrong line looks like a fault.""",
        advice="""Compare with the report. If the reporter is wrong, have it corrected; if it is right, see that the case is
        handled in the ordinary way from now on.""",
        examples="""
        violation       flow_target_group=required target_reporter=police-roc reporter=0182
        pass            flow_target_group=required target_reporter=police-roc reporter=police-roc
        undetermined    flow_target_group=required target_reporter=police-roc reporter=
        not_applicable  flow_target_group=noted target_reporter=police-roc reporter=0182
        """,
    ),
)

home_differs_from_registration = Check(
    "T6",
    "home-differs-from-registration",
    Of.DISCLOSURE,
    Kind.SIGNAL,
    Severity.LOW,
    law=(SOL_2A, SOL_29_1, GDPR_5_1_D),
    applies="true",
    violates="home_municipality <> registered_municipality",
    reads=("disclosures.case_id", "cases.home_municipality", "cases.registered_municipality"),
    evidence=("home_municipality", "registered_municipality"),
    page=Page(
        question="Is the child's home municipality also the one where the child is registered?",
        finding="The home municipality of the case is another than the municipality of registration.",
        why="""This is no fault in itself: the law asks where the child permanently lives or has its strongest link. But the
        recipient turns on it, and with the wrong home municipality the wrong authority gets the data. A difference should
        therefore be a considered one.""",
        limits="It cannot tell which of the two municipalities is right, nor whether anyone has considered it.",
        advice="""See that the case says why the home municipality is not the registered one. Many of these from one unit
        suggest that the field is filled by habit.""",
        examples="""
        violation       home_municipality=0120 registered_municipality=0180
        pass            home_municipality=0120 registered_municipality=0120
        undetermined    home_municipality=0120 registered_municipality=
        """,
    ),
)

report_outside_target_group = Check(
    "T7",
    "report-outside-target-group",
    Of.DISCLOSURE,
    Kind.SIGNAL,
    Severity.MEDIUM,
    law=(SOL_14_1, SOL_19_1, KL_9_37),
    applies="flow_target_group = 'noted'",
    violates=" OR ".join(
        f"({check.violates})"
        for check in (
            subject_not_a_child,
            concern_outside_agreement,
            found_outside_county,
            home_municipality_not_party,
            not_reported_by_counterpart,
        )
    ),
    reads=(
        "disclosures.purpose",
        "disclosures.case_id",
        "cases.birth_date",
        "cases.concern",
        "cases.found_in",
        "cases.home_municipality",
        "cases.reporter",
    ),
    evidence=(
        "age",
        "age_below",
        "concern_matches",
        "concern_known",
        "target_concern",
        "found_in",
        "target_county",
        "home_municipality",
        "home_is_party",
        "reporter",
        "target_reporter",
    ),
    clause="target_group",
    page=Page(
        question="Did the report concern a child of the agreement's target group?",
        finding="The report concerns someone outside the agreement's target group.",
        why="""The duty to report covers every child, so a report that comes through the single entry breaks no law. But the
        entry is made for the target group, and what follows on the report has no support in the agreement when the child is
        outside it.""",
        limits="""It says that at least one of the five conditions (age, concern, place, home municipality, reporter) is not
        met; which one is seen from the values. It says nothing about whether the report was called for.""",
        advice="""Check that the case went on the ordinary way. When such reports grow in number, raise it with the
        reporting authority.""",
        examples="""
        violation       flow_target_group=noted found_in=0380 target_county=01
        violation       flow_target_group=noted reporter=0182 target_reporter=police-roc home_is_party=true
        pass            flow_target_group=noted age_below=18 birth_date=2011-05-06 at=2026-10-03T14:05:00 concern=[gang_crime]
                        target_concern=[gang_crime] found_in=0182 target_county=01 home_is_party=true reporter=police-roc
                        target_reporter=police-roc
        undetermined    flow_target_group=noted found_in=0182 target_county=01 reporter=police-roc target_reporter=police-roc
        not_applicable  flow_target_group=required found_in=0380 target_county=01
        """,
    ),
)
