"""The log itself: is it whole, does it lie in the period, and could all of it be read?

L1 to L3 look at the access log's own numbers and times, L5 holds disclosures against it. All but L5 are answered of a log as
a whole, so they hold no SQL and no examples.
"""

from __future__ import annotations

from auditor.checks.model import Check, Kind, Of, Page, Severity, Together
from auditor.law.provisions import GDPR_5_1_D, GDPR_5_1_F, GDPR_5_2, GDPR_32, SOLPUL_10

event_id_reused = Check(
    "L1",
    "event-id-reused",
    Of.LOG,
    Kind.QUALITY,
    Severity.HIGH,
    law=(GDPR_5_2, GDPR_5_1_D, SOLPUL_10),
    reads=("accesses.event_id",),
    together=Together.ALL,
    page=Page(
        question="Does every event in the access log have a number of its own?",
        finding="One event number stands on several events that are not the same.",
        why="""A number that stands on two different events was given twice, or one of the events was changed afterwards. Then
        the log cannot be relied on to show what happened.""",
        limits="""Rows that are the same in every column count as one event and are not reported here. Which of several rows is
        the right one cannot be told; all of them are audited.""",
        advice="""Ask the supplier how events are numbered. If two systems count on their own, have their events told apart by
        source and prefix; if events can be changed, have that stopped.""",
    ),
)

sequence_gap = Check(
    "L2",
    "sequence-gap",
    Of.LOG,
    Kind.QUALITY,
    Severity.HIGH,
    law=(GDPR_5_2, SOLPUL_10, GDPR_32),
    reads=("accesses.event_id",),
    together=Together.SOURCE,
    page=Page(
        question="Are all running numbers of the access log there?",
        finding="Running numbers are missing in the access log.",
        why="""A log that counts its events shows by its gaps what is no longer there. Events that were taken out, or never
        exported, cannot be audited, and they may be just the ones that mattered.""",
        limits="""Numbers before the first and after the last cannot be missed. A counter that starts anew, or is shared with
        events that are not exported, leaves gaps that mean nothing.""",
        advice="""Ask for the missing numbers at the source. If they cannot be had, have it found out who could take events out
        of the log.""",
    ),
)

silent_log = Check(
    "L3",
    "silent-log",
    Of.LOG,
    Kind.QUALITY,
    Severity.MEDIUM,
    law=(GDPR_5_2, SOLPUL_10, GDPR_32),
    reads=("accesses.event_id",),
    together=Together.SOURCE,
    clause="access.max_silence",
    page=Page(
        question="Did every source of the access log write without long breaks?",
        finding="A source of the access log wrote nothing for longer than the agreement takes for possible.",
        why="""A source that always writes something and falls silent has stopped logging, or what it wrote is gone. What was
        opened in that time is not in any answer of this report.""",
        limits="""It cannot tell silence from rest: holidays and closed offices are silent too. How long is too long stands in
        the agreement, source by source. Where the clock changes, an hour is counted as the clock shows it.""",
        advice="""Ask those who run the system what happened in that time. If logging stood still, have it noted as an incident
        and the time taken in again, should the events exist elsewhere.""",
    ),
)

outside_period = Check(
    "L4",
    "outside-period",
    Of.LOG,
    Kind.QUALITY,
    Severity.LOW,
    law=(GDPR_5_2,),
    together=Together.ALL,
    page=Page(
        question="Do all rows of the log lie in the audit period?",
        finding="The log holds rows whose time lies outside the audit period.",
        why="""Rows outside the period are read and matched, but not answered. Whoever reads the report should know that
        they are there, so that nobody believes them to be audited.""",
        limits="""It cannot tell whether the rows were handed in on purpose, or whether rows of the period are missing
        instead.""",
        advice="""See that the rows are audited in the report of their own period. Dates far away suggest a wrong clock or a
        date read in the wrong form.""",
    ),
)

disclosure_not_in_access_log = Check(
    "L5",
    "disclosure-not-in-access-log",
    Of.DISCLOSURE,
    Kind.QUALITY,
    Severity.MEDIUM,
    law=(GDPR_5_2, SOLPUL_10, GDPR_5_1_F),
    applies="sender = entry_point",
    violates="NOT traced_in_log",
    reads=(
        "disclosures.sender",
        "disclosures.user_id",
        "disclosures.case_id",
        "accesses.user_id",
        "accesses.case_id",
    ),
    evidence=("sender",),
    clause="access.export_window",
    together=Together.USER,
    page=Page(
        question="Did the one who handed the data over also open the case?",
        finding="No access by the same user to the same case stands near the disclosure.",
        why="""Whoever hands data over has as a rule just read them. A disclosure without any trace in the access log means that
        the log is not whole, that the data were taken from elsewhere, or that somebody else recorded it.""",
        limits="""It pairs by user, case and time. A colleague's look, a paper file or a user who is called something else in
        the other system leaves no pair.""",
        advice="""See whether there are many from one time or one source: then the log is what fails. Else ask the user where
        the data came from.""",
        examples="""
        violation       sender=0180 entry_point=0180 traced_in_log=false
        pass            sender=0180 entry_point=0180 traced_in_log=true
        undetermined    sender=0180 entry_point=0180 traced_in_log=
        undetermined    sender= entry_point=0180 traced_in_log=false
        not_applicable  sender=police-roc entry_point=0180 traced_in_log=false
        """,
    ),
)

row_unreadable = Check(
    "L6",
    "row-unreadable",
    Of.LOG,
    Kind.QUALITY,
    Severity.HIGH,
    law=(GDPR_5_2, GDPR_5_1_D),
    together=Together.ALL,
    page=Page(
        question="Could every row of the log be read?",
        finding="The log holds rows that could not be read and are not audited.",
        why="""A row without its key or its time, or one that is torn, cannot be audited, and what it was about is not
        known. As long as it is there, nobody can say that everything was looked at.""",
        limits="It knows the file, the line and the reason, not what the row was about. The cell's content is never shown.",
        advice="Look up the lines in the file, have the export corrected and run the audit again.",
    ),
)

cell_unreadable = Check(
    "L7",
    "cell-unreadable",
    Of.LOG,
    Kind.QUALITY,
    Severity.MEDIUM,
    law=(GDPR_5_2, GDPR_5_1_D),
    together=Together.ALL,
    page=Page(
        question="Could every cell of the log be read?",
        finding="The log holds cells that do not fit their column and are read as missing.",
        why="""A cell that cannot be read counts as missing, and the questions that turn on it stay open. Many of them in
        one column can hide what the audit is there to find.""",
        limits="""It knows the file, the line and the column. Whether the cell was mistyped, or the column holds something
        else than it should, is for a person to see. The cell's content is never shown.""",
        advice="""Look up the lines in the file. If the values are right but written in a way of their own, add them to the
        mapping file; else have them corrected at the source. Then run the audit again.""",
    ),
)
