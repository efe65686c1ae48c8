"""The log itself: what could not be read, and what lies outside the audit period.

These are answered while the files are read, so they hold no SQL and no examples.
"""

from __future__ import annotations

from auditor.checks.model import Check, Kind, Of, Page, Severity, Together
from auditor.law.provisions import GDPR_5_1_D, GDPR_5_2

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
