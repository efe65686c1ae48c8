"""Accesses: was the one who opened the case allowed to, and was there a need?

A1 asks whether the user is authorised at all, A2 and A3 whether the case was the user's or their municipality's, A4 and A5
whether there was anything to work with on that day, A6 and A7 whether the record is of someone close, A8 whether protected data
were opened with clearance. What the user then did is asked in ``auditor.checks.use``.
"""

from __future__ import annotations

from auditor.checks.model import Check, Kind, Of, Page, Severity
from auditor.law.provisions import (
    GDPR_5_1_B,
    GDPR_5_1_F,
    GDPR_5_2,
    GDPR_32,
    OSL_8_1,
    OSL_8_2,
    OSL_22_2,
    OSL_26_1,
    SOL_29_1,
    SOLPUL_10,
)

user_not_authorised = Check(
    "A1",
    "user-not-authorised",
    Of.ACCESS,
    Kind.CONDUCT,
    Severity.CRITICAL,
    law=(SOLPUL_10, GDPR_32, GDPR_5_1_F),
    applies="NOT service_account",
    violates="NOT authorised",
    reads=("accesses.user_id", "staff.valid_from", "staff.valid_to"),
    evidence=("action",),
    clause="access.service_accounts",
    page=Page(
        question="Was the user authorised on the day of the access?",
        finding="The user had no authorisation in the staff list on the day of the access.",
        why="""Only those who need the data for their work may have access to them, and access is given and taken away by
        decision. An account that works without an authorisation belongs to somebody who has left, to nobody, or to somebody
        whom no one has decided about.""",
        limits="""It goes by the staff list. An authorisation that was registered late, or in another system, looks the same as
        none.""",
        advice="""Close the account today if nobody can say whose it is. Else find out who used it, and have the list corrected
        or the access looked into.""",
        examples="""
        violation       user_id=abc1 service_account=false authorised=false
        pass            user_id=abc1 service_account=false authorised=true
        undetermined    user_id=abc1 service_account=false authorised=
        undetermined    user_id= service_account= authorised=false
        not_applicable  user_id=batch service_account=true authorised=false
        """,
    ),
)

no_assignment = Check(
    "A2",
    "no-assignment",
    Of.ACCESS,
    Kind.CONDUCT,
    Severity.HIGH,
    law=(SOLPUL_10, OSL_26_1, GDPR_5_1_F),
    applies="case_known AND authorised",
    violates='NOT assigned AND NOT (on_duty AND reported_at <= "at" AND "at" <= reported_at + duty_window)',
    reads=(
        "accesses.user_id",
        "accesses.case_id",
        "cases.reported_at",
        "staff.organisation",
        "staff.unit",
        "staff.valid_from",
        "staff.valid_to",
        "assignments.valid_from",
        "assignments.valid_to",
    ),
    evidence=("action", "on_duty", "reported_at"),
    clause="access.duty_window",
    page=Page(
        question="Did the user work on the case, or receive it on duty?",
        finding="The user was neither assigned to the case nor on duty when its report was new.",
        why="""Secrecy also holds within the social services: a case may be opened by those who work on it, not by all who are
        able to. An assignment, or the duty of receiving a new report, is what shows the need.""",
        limits="""It sees assignments, not errands. Substitutes, managers, reception and controllers may have had a need that
        stands nowhere in the logs; what explains an access is therefore told beside it.""",
        advice="""Ask the user's manager whether there was a need. If there often is one that is not recorded, have it
        recorded; look first at those with many such cases.""",
        examples="""
        violation       case_known=true authorised=true assigned=false on_duty=false
        violation       case_known=true authorised=true assigned=false on_duty=true duty_window=72h
                        reported_at=2026-10-03T12:00:00 at=2026-10-06T12:00:01
        pass            case_known=true authorised=true assigned=true on_duty=false
        pass            case_known=true authorised=true assigned=false on_duty=true duty_window=72h
                        reported_at=2026-10-03T12:00:00 at=2026-10-06T12:00:00
        undetermined    case_known=true authorised=true assigned= on_duty=false
        undetermined    case_known=true authorised=true assigned=false on_duty=true duty_window=72h reported_at=
                        at=2026-10-06T12:00:00
        undetermined    case_known=true authorised=true assigned=false on_duty= duty_window=72h
                        reported_at=2026-10-03T12:00:00 at=2026-10-04T12:00:00
        not_applicable  case_known=false authorised=true assigned=false on_duty=false
        not_applicable  case_known=true authorised=false assigned=false
        """,
    ),
)

other_municipality = Check(
    "A3",
    "other-municipality",
    Of.ACCESS,
    Kind.CONDUCT,
    Severity.CRITICAL,
    law=(OSL_8_1, OSL_26_1, SOL_29_1, SOLPUL_10, GDPR_5_1_F),
    applies="case_known AND authorised",
    violates="NOT responsible",
    reads=(
        "accesses.user_id",
        "accesses.case_id",
        "cases.home_municipality",
        "cases.reported_at",
        "staff.organisation",
        "staff.valid_from",
        "staff.valid_to",
    ),
    evidence=("action", "organisations", "home_municipality", "home_municipality_at_report"),
    clause="entry_point",
    page=Page(
        question="Does the user work for the entry point or for the child's home municipality?",
        finding="The user works neither for the entry point nor for the child's home municipality.",
        why="""Secrecy holds between municipalities as it does towards anyone else. Through a common system a case can be within
        reach of those whom it does not concern, and an access from there is a disclosure that no one decided about.""",
        limits="""It goes by the organisation in the staff list and by the home municipality of the day and of the report. A
        child who moved without the log showing it looks the same.""",
        advice="""Find out what was seen and why it could be. Have the controller judge whether it is a personal data breach
        (GDPR art. 33), and have access limited to the own municipality's cases.""",
        examples="""
        violation       case_known=true authorised=true responsible=false organisations=[0120] home_municipality=0182
        pass            case_known=true authorised=true responsible=true organisations=[0182] home_municipality=0182
        undetermined    case_known=true authorised=true responsible= organisations=[0182] home_municipality=
        not_applicable  case_known=false authorised=true
        """,
    ),
)

before_report = Check(
    "A4",
    "before-report",
    Of.ACCESS,
    Kind.SIGNAL,
    Severity.HIGH,
    law=(GDPR_5_1_B, GDPR_5_2, SOLPUL_10),
    applies="case_known",
    violates='"at" < reported_at',
    reads=("accesses.case_id", "cases.reported_at"),
    evidence=("action", "reported_at"),
    page=Page(
        question="Was there a report when the case was opened?",
        finding="The access is earlier than the report that the case rests on.",
        why="""A case begins with a report. Somebody who opens it before there is one has either looked for the child for
        another reason, or one of the times in the logs is wrong.""",
        limits="""It compares two clocks. A case that was prepared by telephone and registered later looks the same.""",
        advice="""Ask when the report really came in. If it was registered late, have that noted; if not, ask the user what the
        access was for.""",
        examples="""
        violation       case_known=true at=2026-10-03T11:59:59 reported_at=2026-10-03T12:00:00
        pass            case_known=true at=2026-10-03T12:00:00 reported_at=2026-10-03T12:00:00
        undetermined    case_known=true at=2026-10-03T12:00:00 reported_at=
        undetermined    case_known= at=2026-10-03T12:00:00 reported_at=
        not_applicable  case_known=false at=2026-10-03T12:00:00
        """,
    ),
)

after_closing = Check(
    "A5",
    "after-closing",
    Of.ACCESS,
    Kind.SIGNAL,
    Severity.MEDIUM,
    law=(GDPR_5_1_B, GDPR_5_1_F, SOLPUL_10),
    applies="case_known",
    violates='closed_at IS NOT NULL AND "at" > closed_at + closing_grace',
    reads=("accesses.case_id", "cases.closed_at"),
    evidence=("action", "closed_at"),
    clause="closing_grace",
    page=Page(
        question="Was the case still open, or only just closed, when it was opened by the user?",
        finding="The access is made long after the case was closed.",
        why="""When a case is closed there is as a rule no work left that needs it. A short time afterwards is left for what
        remains to be done; what comes later should have a reason.""",
        limits="""A new report about the same child, a request for documents or a follow-up are good reasons that the log may
        not show.""",
        advice="Ask the user's unit why the case was opened, first where the same user does so often.",
        examples="""
        violation       case_known=true closed_at=2026-09-01T12:00:00 closing_grace=14d at=2026-09-15T12:00:01
        pass            case_known=true closed_at=2026-09-01T12:00:00 closing_grace=14d at=2026-09-15T12:00:00
        pass            case_known=true closed_at= closing_grace=14d at=2026-09-15T12:00:00
        undetermined    case_known= closed_at=2026-09-01T12:00:00 closing_grace=14d at=2026-10-03T12:00:00
        not_applicable  case_known=false closed_at= closing_grace=14d at=2026-10-03T12:00:00
        """,
    ),
)

own_or_family_record = Check(
    "A6",
    "own-or-family-record",
    Of.ACCESS,
    Kind.CONDUCT,
    Severity.CRITICAL,
    law=(SOLPUL_10, OSL_26_1, GDPR_5_1_F),
    applies="case_known AND authorised",
    violates="own_record",
    reads=(
        "accesses.user_id",
        "accesses.case_id",
        "cases.person_id",
        "cases.related_person_ids",
        "staff.person_id",
        "staff.valid_from",
        "staff.valid_to",
    ),
    evidence=("action",),
    page=Page(
        question="Is the case about somebody other than the user and the user's family?",
        finding="The user opened a case in which the user is a person concerned.",
        why="""Nobody handles their own case or that of their child, and curiosity or worry is no need. Who is concerned by a
        case is told what is in it by the one who handles it, after a test of secrecy.""",
        limits="""It compares the personal numbers of the case and of the staff list. Relatives who do not stand in the case are
        not seen. Where the case or the staff row has no number, the answer is undetermined.""",
        advice="""Speak with the user's manager and the human resources unit before the user is asked. Have the controller judge
        whether it is a personal data breach, and whether it is to be reported to the Police (dataintrång).""",
        examples="""
        violation       case_known=true authorised=true own_record=true person_id=true
        pass            case_known=true authorised=true own_record=false person_id=true
        undetermined    case_known=true authorised=true own_record= person_id=
        not_applicable  case_known=true authorised=false own_record=
        """,
    ),
)

colleague_record = Check(
    "A7",
    "colleague-record",
    Of.ACCESS,
    Kind.SIGNAL,
    Severity.HIGH,
    law=(SOLPUL_10, OSL_26_1, GDPR_5_1_F),
    applies=f"case_known AND NOT coalesce(({own_or_family_record.applies}) AND ({own_or_family_record.violates}), false)",
    violates="colleague_record",
    after=own_or_family_record.id,
    applies_alone="case_known",
    reads=own_or_family_record.reads,
    evidence=("action",),
    page=Page(
        question="Is the case about somebody other than a colleague and a colleague's family?",
        finding="The user opened a case in which somebody else on the staff is a person concerned.",
        why="""Cases about those one works with are the ones that draw most looks without need. They should be handled by as few
        as possible, and opened by nobody else.""",
        limits="""It does not know whether the user handles the case; see the assignment. Staff without a personal number in the
        list match nobody, and those who left long ago match too.""",
        advice="""See whether the user was assigned to the case. If not, ask the user's manager; if so, consider whether the
        case should be handled elsewhere and be marked.""",
        examples="""
        violation       case_known=true authorised=true own_record=false colleague_record=true
        violation       case_known=true authorised=true own_record= colleague_record=true
        pass            case_known=true authorised=true own_record=false colleague_record=false
        undetermined    case_known=true authorised=false colleague_record=
        not_applicable  case_known=true authorised=true own_record=true colleague_record=true
        """,
    ),
)

protected_without_clearance = Check(
    "A8",
    "protected-without-clearance",
    Of.ACCESS,
    Kind.CONDUCT,
    Severity.CRITICAL,
    law=(OSL_22_2, SOLPUL_10, OSL_8_2, GDPR_32),
    applies="protection <> 'none' AND authorised",
    violates="NOT protected_access",
    reads=(
        "accesses.user_id",
        "accesses.case_id",
        "cases.protection",
        "staff.valid_from",
        "staff.valid_to",
        "staff.protected_access",
    ),
    evidence=("action", "protection"),
    page=Page(
        question="Did the user have clearance for protected personal data?",
        finding="The user opened a case with protected personal data without clearance for it.",
        why="""A person with protected data may be under threat, and whoever threatens may work in, or know somebody in, any
        office. Such cases are kept to a few who are named in advance.""",
        limits="""It goes by the clearance in the staff list and the protection in the case log as they stand at the time of the
        export. A protection that was registered after the access counts too.""",
        advice="""Have the system keep such cases from all without clearance, and find out today why it did not. Have the
        controller judge whether it is a personal data breach.""",
        examples="""
        violation       protection=marked authorised=true protected_access=false
        pass            protection=protected_registration authorised=true protected_access=true
        undetermined    protection= authorised=true protected_access=false
        undetermined    protection=marked authorised= protected_access=false
        not_applicable  protection=none authorised=true protected_access=false
        not_applicable  protection=marked authorised=false
        """,
    ),
)
