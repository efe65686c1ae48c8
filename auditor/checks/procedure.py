"""Procedure: was it done in the right order, in the right time and the right way?

P1 to P6 and P9 are asked of disclosures; P7 (the report handed over to the home municipality) and P8 (the decision within
14 days) of cases. P7 and P8 are not asked where the time of the report is not known.
"""

from __future__ import annotations

from auditor.checks.model import Check, Kind, Of, Page, Severity
from auditor.law.provisions import (
    GDPR_5_1_A,
    GDPR_5_1_B,
    GDPR_5_1_C,
    GDPR_5_1_F,
    GDPR_5_2,
    GDPR_32,
    KL_9_37,
    LAG_1930_173_2,
    OSL_26_9A,
    SOL_2A,
    SOL_11_1A,
    SOL_11_5,
    SOL_14_1,
    SOL_14_1B,
    SOL_14_3,
    SOL_19_1,
    SOL_19_6,
    SOL_19_6_2026,
    SOL_20_1,
    SOL_20_2,
    SOL_29_1,
)

#: A reporter's request can be met once both the request and the decision are there (both are, where it is asked).
REQUEST_AND_DECISION = "greatest(requested_at, decided_at)"

case_unknown = Check(
    "P1",
    "case-unknown",
    Of.DISCLOSURE,
    Kind.SCOPE,
    Severity.HIGH,
    law=(GDPR_5_2, SOL_11_5, SOL_14_3),
    applies="true",
    violates="NOT case_known",
    reads=("disclosures.case_id",),
    page=Page(
        question="Does the disclosure belong to a case in the case log?",
        finding="The disclosure belongs to no case in the case log.",
        why="""Whether the child is in the target group, lives in the right municipality or is under 18 can only be seen
        from the case. A disclosure without one cannot be shown to be within the agreement, and cases are to be
        documented.""",
        limits="""It compares case numbers as they are written. A case left out of the export, or numbered otherwise in the
        two logs, looks the same as one that does not exist. Where a row of the case log could not be read, the answer is
        open.""",
        advice="""Look the number up in the case system. If the case is there, have the export completed and run the audit
        again; if not, ask the sender what the disclosure was about.""",
        examples="""
        violation     case_id=B-17 case_known=false
        violation     case_id= case_known=false
        pass          case_id=A-1001 case_known=true
        undetermined  case_id=A-1001 case_known=
        """,
    ),
)

before_report = Check(
    "P2",
    "before-report",
    Of.DISCLOSURE,
    Kind.CONDUCT,
    Severity.HIGH,
    law=(SOL_14_1, SOL_19_1, GDPR_5_1_B, GDPR_5_2),
    applies="case_known AND NOT holds(flow_from, 'counterpart')",
    violates='"at" < reported_at',
    reads=("disclosures.case_id", "disclosures.purpose", "cases.reported_at"),
    evidence=("reported_at",),
    clause="flows.from",
    page=Page(
        question="Was the report there before data were handed on?",
        finding="The disclosure is earlier than the report that the case rests on.",
        why="""What is handed on through the single entry starts from a report. Data that leave before there is one either
        come from somewhere else or were handed over for something else, or one of the times in the logs is wrong.""",
        limits="""It compares two clocks. A report that was telephoned in and registered later makes a right disclosure look
        too early. Flows in which the reporting authority itself may send are not asked about.""",
        advice="""Ask when the report really came in. If it was registered late, have that noted; if not, ask where the data
        came from.""",
        examples="""
        violation       case_known=true flow_from=[entry_point] at=2026-10-03T14:05:00 reported_at=2026-10-03T15:00:00
        pass            case_known=true flow_from=[entry_point] at=2026-10-03T14:05:00 reported_at=2026-10-03T14:05:00
        undetermined    case_known=true flow_from=[entry_point] at=2026-10-03T14:05:00 reported_at=
        undetermined    case_known=true flow_known=false at=2026-10-03T14:05:00 reported_at=2026-10-03T15:00:00
        not_applicable  case_known=true flow_from=[counterpart] at=2026-10-03T14:05:00 reported_at=2026-10-03T15:00:00
        not_applicable  case_known=false flow_from=[entry_point] at=2026-10-03T14:05:00
        """,
    ),
)

after_closing = Check(
    "P3",
    "after-closing",
    Of.DISCLOSURE,
    Kind.SIGNAL,
    Severity.MEDIUM,
    law=(GDPR_5_1_B, GDPR_5_1_C),
    applies="case_known",
    violates='closed_at IS NOT NULL AND "at" > closed_at + closing_grace',
    reads=("disclosures.case_id", "cases.closed_at"),
    evidence=("closed_at",),
    clause="closing_grace",
    page=Page(
        question="Was the case still open, or only just closed?",
        finding="The disclosure is made long after the case was closed.",
        why="""When a case is closed the purpose is as a rule fulfilled, and there is no longer a need to hand data over. A
        short time afterwards is left for what remains to be done; what comes later should have a reason.""",
        limits="A closed case may have been taken up again without the log showing it, and one may stay open by oversight.",
        advice="Ask why the data were handed over. If the case was taken up again, have the closing date corrected.",
        examples="""
        violation       case_known=true closed_at=2026-09-01T12:00:00 closing_grace=14d at=2026-09-15T12:00:01
        pass            case_known=true closed_at=2026-09-01T12:00:00 closing_grace=14d at=2026-09-15T12:00:00
        pass            case_known=true closed_at= closing_grace=14d at=2026-10-03T14:05:00
        undetermined    case_known= closed_at=2026-09-01T12:00:00 closing_grace=14d at=2026-10-03T14:05:00
        not_applicable  case_known=false closed_at= closing_grace=14d at=2026-10-03T14:05:00
        """,
    ),
)

repeated_disclosure = Check(
    "P4",
    "repeated-disclosure",
    Of.DISCLOSURE,
    Kind.SIGNAL,
    Severity.LOW,
    law=(GDPR_5_1_C,),
    applies="case_id IS NOT NULL AND recipient IS NOT NULL AND purpose IS NOT NULL AND fields IS NOT NULL",
    violates='earlier_same_at IS NOT NULL AND "at" <= earlier_same_at + duplicate_window',
    reads=("disclosures.case_id", "disclosures.recipient", "disclosures.purpose", "disclosures.fields"),
    evidence=("earlier_same_at",),
    clause="duplicate_window",
    page=Page(
        question="Were the same data handed over only once?",
        finding="The disclosure repeats one made shortly before, with the same case, recipient, purpose and fields.",
        why="""Handing the same thing over twice is more than is needed. It may also be a sign that the first one did not
        arrive, or went to somebody else.""",
        limits="""It compares which fields, not what stood in them: a correction or new facts under the same headings look
        like a repetition. One event that the system logs twice does too.""",
        advice="""Ask whether the first one arrived. When it happens often, have it looked into whether the system sends or
        logs twice.""",
        examples="""
        violation       case_id=A-1001 recipient=0120 purpose=handover fields=[name] duplicate_window=24h
                        at=2026-10-03T14:05:00 earlier_same_at=2026-10-02T14:05:00
        pass            case_id=A-1001 recipient=0120 purpose=handover fields=[name] duplicate_window=24h
                        at=2026-10-03T14:05:00 earlier_same_at=2026-10-02T14:04:59
        pass            case_id=A-1001 recipient=0120 purpose=handover fields=[name] duplicate_window=24h
                        at=2026-10-03T14:05:00 earlier_same_at=
        not_applicable  case_id=A-1001 recipient=0120 purpose=handover fields= duplicate_window=24h at=2026-10-03T14:05:00
        """,
    ),
)

channel_not_approved = Check(
    "P5",
    "channel-not-approved",
    Of.DISCLOSURE,
    Kind.CONDUCT,
    Severity.MEDIUM,
    law=(GDPR_32, GDPR_5_1_F),
    applies="approved_channels IS NOT NULL",
    violates="NOT list_contains(approved_channels, channel)",
    reads=("disclosures.channel",),
    evidence=("approved_channels",),
    clause="channels",
    page=Page(
        question="Were the data handed over through an approved channel?",
        finding="The channel of the disclosure is none of those that the agreement approves.",
        why="""Secret data must be sent in a way that is safe enough for the risk (GDPR art. 32). The agreement says which
        channels are; ordinary e-mail, for one, can be read and sent astray.""",
        limits="""It sees the name of the channel. Whether a telephone call was made to the right number, or a message was
        encrypted, is not seen.""",
        advice="""Ask why the channel was used. If the safe one was out of order, see that there is a way to do without; if
        not, have the unit reminded and the controller judge whether it is a personal data breach.""",
        examples="""
        violation       approved_channels=[sdk,phone] channel=email
        pass            approved_channels=[sdk,phone] channel=phone
        undetermined    approved_channels=[sdk,phone] channel=
        not_applicable  approved_channels= channel=email
        """,
    ),
)

outside_agreement_period = Check(
    "P6",
    "outside-agreement-period",
    Of.DISCLOSURE,
    Kind.SCOPE,
    Severity.CRITICAL,
    law=(KL_9_37, GDPR_5_1_A),
    applies="flow_scope = 'agreement'",
    violates="NOT agreement_in_force",
    reads=("disclosures.purpose",),
    evidence=("agreement_in_force",),
    clause="periods",
    page=Page(
        question="Was the agreement in force on the day of the disclosure?",
        finding="The agreement is not in force on the day of the disclosure.",
        why="""The agreement lets Stockholm do part of the other municipality's work. Outside its term nobody has agreed to
        that, and what is done through the single entry has no support in it.""",
        limits="""It goes by the periods in the agreement file. While only an unconfirmed period covers the day, the answer
        is undetermined: somebody must confirm the prolongation.""",
        advice="""Find the signed agreement or its prolongation and have the file say what it says. If there is none, tell
        the boards concerned without delay.""",
        examples="""
        violation       flow_scope=agreement agreement_in_force=false at=2023-10-15T14:05:00
        pass            flow_scope=agreement agreement_in_force=true at=2024-10-03T14:05:00
        undetermined    flow_scope=agreement agreement_in_force= at=2026-10-03T14:05:00
        undetermined    flow_known=false agreement_in_force=false at=2023-10-15T14:05:00
        not_applicable  flow_scope=other agreement_in_force=false at=2023-10-15T14:05:00
        """,
    ),
)

handover_late = Check(
    "P7",
    "handover-late",
    Of.CASE,
    Kind.SIGNAL,
    Severity.MEDIUM,
    law=(SOL_11_1A, SOL_20_1, SOL_2A, SOL_29_1),
    applies="""handover_due IS NOT NULL AND handover_due >= period_from AND handover_due < period_to + INTERVAL 1 DAY
        AND reporter = counterpart AND home_is_party_at_report AND home_municipality_at_report <> entry_point""",
    violates="NOT handed_over_in_time",
    reads=(
        "cases.reported_at",
        "cases.reporter",
        "cases.home_municipality",
        "disclosures.purpose",
        "disclosures.recipient",
    ),
    evidence=("reported_at", "handover_flow", "handover_due", "home_municipality_at_report"),
    clause="flows.deadline",
    moment="handover_due",
    page=Page(
        question="Was the report handed over to the home municipality in time?",
        finding="The report is not handed over to the home municipality within the agreement's time.",
        why="""The home municipality answers for the child, and whoever receives a report is to assess at once whether the
        child needs immediate protection. The single entry helps only if the report moves on quickly.""",
        limits="""It looks for a disclosure in the log to the home municipality of the day the report came in. A hand-over
        by telephone that nobody logged looks as if it had not been made.""",
        advice="""Ask the entry point when and how the report was handed over. If it was, have it logged; if not, see at
        once that the home municipality has it.""",
        examples="""
        violation       handover_due=2026-10-04T14:05:00 period_from=2026-10-01 period_to=2026-10-31 reporter=police-roc
                        counterpart=police-roc home_is_party_at_report=true home_municipality_at_report=0120 entry_point=0180
                        handed_over_in_time=false
        pass            handover_due=2026-10-31T23:59:59 period_from=2026-10-01 period_to=2026-10-31 reporter=police-roc
                        counterpart=police-roc home_is_party_at_report=true home_municipality_at_report=0120 entry_point=0180
                        handed_over_in_time=true
        undetermined    handover_due=2026-10-04T14:05:00 period_from=2026-10-01 period_to=2026-10-31 reporter=police-roc
                        counterpart=police-roc home_municipality_at_report= entry_point=0180 handed_over_in_time=
        not_applicable  handover_due=2026-11-01T00:00:00 period_from=2026-10-01 period_to=2026-10-31 reporter=police-roc
                        counterpart=police-roc home_is_party_at_report=true home_municipality_at_report=0120 entry_point=0180
                        handed_over_in_time=false
        not_applicable  handover_due=2026-10-04T14:05:00 period_from=2026-10-01 period_to=2026-10-31 reporter=police-roc
                        counterpart=police-roc home_is_party_at_report=true home_municipality_at_report=0180 entry_point=0180
                        handed_over_in_time=false
        not_applicable  reported_at= handover_due= period_from=2026-10-01 period_to=2026-10-31
        """,
    ),
)

assessment_late = Check(
    "P8",
    "assessment-late",
    Of.CASE,
    Kind.CONDUCT,
    Severity.MEDIUM,
    law=(SOL_11_1A, SOL_20_2, LAG_1930_173_2),
    applies="""assessment_due IS NOT NULL AND decision IS DISTINCT FROM 'already_open' AND assessment_extended IS NOT TRUE
        AND assessment_due <= period_to AND (assessment_due >= period_from OR decided_at IS NULL)""",
    violates="decided_at IS NULL OR CAST(decided_at AS DATE) > assessment_due",
    reads=("cases.reported_at", "cases.decided_at", "cases.decision", "cases.assessment_extended"),
    evidence=("reported_at", "assessment_due", "decided_at", "decision"),
    clause="assessment_days",
    moment="CAST(assessment_due AS TIMESTAMP)",
    page=Page(
        question="Was it decided in time whether to open an enquiry?",
        finding="The decision to open an enquiry or not is not made in time.",
        why="""The board decides within fourteen days of a report whether to open an enquiry about the child, and may take
        longer only for exceptional reasons. Until then the child waits.""",
        limits="""It knows the times that were registered. A decision made in time and registered late looks late. A time
        limit that ends on a Saturday, Sunday or holiday is taken to run to the next working day.""",
        advice="""Ask the home municipality how the case stands. If there is no decision, it must be made now; if the time
        was prolonged, have that registered.""",
        examples="""
        violation       assessment_due=2026-10-15 decided_at=2026-10-16T00:00:00 period_from=2026-10-01 period_to=2026-10-31
        violation       assessment_due=2026-09-15 decided_at= period_from=2026-10-01 period_to=2026-10-31
        pass            assessment_due=2026-10-15 decided_at=2026-10-15T23:59:59 period_from=2026-10-01 period_to=2026-10-31
        not_applicable  assessment_due=2026-09-15 decided_at=2026-10-16T09:00:00 period_from=2026-10-01 period_to=2026-10-31
        not_applicable  assessment_due=2026-11-02 decided_at= period_from=2026-10-01 period_to=2026-10-31
        not_applicable  assessment_due=2026-10-15 decided_at= decision=already_open period_from=2026-10-01
                        period_to=2026-10-31
        not_applicable  assessment_due=2026-10-15 decided_at= assessment_extended=true period_from=2026-10-01
                        period_to=2026-10-31
        not_applicable  reported_at= assessment_due= decided_at= period_from=2026-10-01 period_to=2026-10-31
        """,
    ),
)

feedback_late = Check(
    "P9",
    "feedback-late",
    Of.DISCLOSURE,
    Kind.CONDUCT,
    Severity.LOW,
    law=(SOL_14_1B, SOL_19_6, SOL_19_6_2026, OSL_26_9A),
    applies=f"""CASE WHEN flow_known THEN coalesce(flow_deadline_after = 'request', false) END
        AND requested_at IS NOT NULL AND decided_at IS NOT NULL
        AND (flow_deadline_from IS NULL OR CAST({REQUEST_AND_DECISION} AS DATE) >= flow_deadline_from)""",
    violates=f'"at" > {REQUEST_AND_DECISION} + flow_deadline_within',
    reads=("disclosures.purpose", "disclosures.requested_at", "disclosures.case_id", "cases.decided_at"),
    evidence=("requested_at", "decided_at"),
    clause="flows.deadline",
    page=Page(
        question="Did the reporter get the requested feedback in time?",
        finding="The feedback that the reporter asked for is given too late.",
        why="""Since 15 January 2026 a reporter who asks has a right to be told, within a week of the decision, whether an
        enquiry was opened, was not opened or is already open.""",
        limits="""It sees feedback that was given. Feedback that never came leaves no row in the log and is not found here,
        nor is feedback given by telephone without being logged.""",
        advice="Ask the unit what held it up. When it happens often, have a reminder tied to the decision.",
        examples="""
        violation       flow_known=true flow_deadline_after=request flow_deadline_within=7d flow_deadline_from=2026-01-15
                        requested_at=2026-10-01T09:00:00 decided_at=2026-10-05T09:00:00 at=2026-10-12T09:00:01
        pass            flow_known=true flow_deadline_after=request flow_deadline_within=7d flow_deadline_from=2026-01-15
                        requested_at=2026-10-01T09:00:00 decided_at=2026-10-05T09:00:00 at=2026-10-12T09:00:00
        undetermined    flow_known=false requested_at=2026-10-01T09:00:00 decided_at=2026-10-05T09:00:00 at=2026-10-12T09:00:01
        not_applicable  flow_known=true flow_deadline_after=request flow_deadline_within=7d flow_deadline_from=2026-01-15
                        requested_at=2026-01-02T09:00:00 decided_at=2026-01-05T09:00:00 at=2026-02-12T09:00:00
        not_applicable  flow_known=true flow_deadline_after= requested_at=2026-10-01T09:00:00
                        decided_at=2026-10-05T09:00:00 at=2026-10-12T09:00:01
        not_applicable  flow_known=true flow_deadline_after=request flow_deadline_within=7d requested_at=
                        decided_at=2026-10-05T09:00:00 at=2026-10-12T09:00:01
        """,
    ),
)
