"""Use of the access: what was done with the case that was opened, and from where.

A9 and A10 hold emergencies, prints and exports against a reason and a disclosure, A11 and A12 ask whether an event can be
told to be one person's, A13 whether the case is known, A14 and A15 look for searching about and for days that stand out.
"""

from __future__ import annotations

from auditor.checks.model import Check, Kind, Of, Page, Severity, Together
from auditor.law.provisions import GDPR_5_1_B, GDPR_5_1_C, GDPR_5_1_D, GDPR_5_1_F, GDPR_5_2, GDPR_32, OSL_26_1, SOLPUL_10

reason_missing = Check(
    "A9",
    "reason-missing",
    Of.ACCESS,
    Kind.CONDUCT,
    Severity.MEDIUM,
    law=(GDPR_5_2, SOLPUL_10, GDPR_5_1_F),
    applies="list_contains(reason_required, action)",
    violates="reason IS NULL",
    reads=("accesses.action", "accesses.reason"),
    evidence=("action",),
    clause="access.reason_required",
    page=Page(
        question="Was a reason given where one is demanded?",
        finding="The action demands a reason, and none was given.",
        why="""Emergency access goes past the limits that otherwise hold, and prints and exports take the data out of the
        system. Afterwards only the reason that was written down can show that it was needed.""",
        limits="""It sees whether there is a reason, and never reads it. An empty phrase counts as one.""",
        advice="""Ask the user to add the reason while it is remembered. When it is missing often, have the system demand
        it.""",
        examples="""
        violation       reason_required=[emergency,print] action=print reason=
        pass            reason_required=[emergency,print] action=print reason=true
        pass            reason_required=[emergency,print] action= reason=true
        undetermined    reason_required=[emergency,print] action= reason=
        not_applicable  reason_required=[emergency,print] action=read reason=
        """,
    ),
)

export_without_disclosure = Check(
    "A10",
    "export-without-disclosure",
    Of.ACCESS,
    Kind.SIGNAL,
    Severity.HIGH,
    law=(GDPR_5_2, OSL_26_1, SOLPUL_10, GDPR_5_1_F),
    applies="action IN ('print', 'export') AND case_known",
    violates="NOT disclosed_nearby",
    reads=("accesses.action", "accesses.user_id", "accesses.case_id"),
    evidence=("action",),
    clause="access.export_window",
    together=Together.USER,
    page=Page(
        question="Does the print or export belong to a disclosure by the same user?",
        finding="A case was printed or exported, and no disclosure by the same user stands near it.",
        why="""What is printed or exported has left the system. If it was handed over, that should stand in the log of
        disclosures; if not, somebody should know where it is.""",
        limits="""It pairs by user, case and time. A print for a meeting, for the person concerned or for the file in the
        cabinet is no disclosure and looks the same, as does a disclosure that a colleague recorded.""",
        advice="""Ask the user what was printed or exported, and where it is now. If it was handed over, have the disclosure
        recorded; if it has gone astray, have the controller handle it as a personal data breach.""",
        examples="""
        violation       action=print case_known=true disclosed_nearby=false
        pass            action=export case_known=true disclosed_nearby=true
        undetermined    action=print case_known=true disclosed_nearby=
        undetermined    action= case_known=true disclosed_nearby=false
        not_applicable  action=read case_known=true disclosed_nearby=false
        not_applicable  action=print case_known=false disclosed_nearby=
        """,
    ),
)

shared_account = Check(
    "A11",
    "shared-account",
    Of.ACCESS,
    Kind.CONDUCT,
    Severity.MEDIUM,
    law=(GDPR_32, SOLPUL_10, GDPR_5_2),
    applies="authorised",
    violates="shared_account",
    reads=("accesses.user_id", "staff.valid_from", "staff.valid_to", "staff.shared"),
    evidence=("action",),
    page=Page(
        question="Was the case opened under a personal account?",
        finding="The case was opened under an account that several persons share.",
        why="""A log tells what was done by whom only where every account is one person's. Under a shared one nobody can be
        asked, and nobody can be cleared.""",
        limits="""It goes by the mark in the staff list. A personal account whose password is shared is not seen; see events on
        two workstations at once.""",
        advice="""Have the account closed or replaced by personal ones, and until then have it noted by hand who uses it.""",
        examples="""
        violation       authorised=true shared_account=true
        pass            authorised=true shared_account=false
        undetermined    authorised= shared_account=
        not_applicable  authorised=false shared_account=
        """,
    ),
)

concurrent_workstations = Check(
    "A12",
    "concurrent-workstations",
    Of.ACCESS,
    Kind.SIGNAL,
    Severity.MEDIUM,
    law=(GDPR_32, SOLPUL_10, GDPR_5_1_F),
    applies="user_id IS NOT NULL AND workstation IS NOT NULL",
    violates="elsewhere_nearby IS TRUE",
    reads=("accesses.user_id", "accesses.workstation"),
    evidence=("action",),
    together=Together.USER,
    page=Page(
        question="Was the account in use at one workstation at a time?",
        finding="The account was in use at two workstations within five minutes.",
        why="""A person is in one place. An account that is in two has been lent, or is used by somebody who came by its
        password.""",
        limits="""Remote desktops, two screens with names of their own and moving about with a card look the same.""",
        advice="""Ask the user about the workstations. If one of them is not the user's, have the password changed and the
        events there looked through.""",
        examples="""
        violation       user_id=abc1 workstation=ws-1 elsewhere_nearby=true
        pass            user_id=abc1 workstation=ws-1 elsewhere_nearby=false
        not_applicable  user_id=abc1 workstation= elsewhere_nearby=
        not_applicable  user_id= workstation=ws-1 elsewhere_nearby=
        """,
    ),
)

case_unknown = Check(
    "A13",
    "case-unknown",
    Of.ACCESS,
    Kind.QUALITY,
    Severity.MEDIUM,
    law=(GDPR_5_2, GDPR_5_1_D, SOLPUL_10),
    applies="true",
    violates="NOT case_known",
    reads=("accesses.case_id",),
    evidence=("action",),
    page=Page(
        question="Is the case that was opened in the case log?",
        finding="The case that was opened is not in the case log.",
        why="""For a case that nobody knows, no question about need can be answered. Either the export of cases is not whole, or
        something was opened that is no case of the single entry.""",
        limits="""It compares numbers as they are written. Events that concern no case at all, such as logging in, look the same
        if they are in the log.""",
        advice="""See whether the export of cases covers those that were opened in the month, and whether both logs write case
        numbers alike. Then run the audit again.""",
        examples="""
        violation     case_id= case_known=false
        pass          case_id=A-1001 case_known=true
        undetermined  case_id=A-1001 case_known=
        """,
    ),
)

search_without_opening = Check(
    "A14",
    "search-without-opening",
    Of.ACCESS,
    Kind.SIGNAL,
    Severity.LOW,
    law=(GDPR_5_1_B, GDPR_5_1_C, SOLPUL_10),
    applies="action = 'search' AND case_known",
    violates="NOT opened_after",
    reads=("accesses.action", "accesses.user_id", "accesses.case_id"),
    evidence=("action",),
    together=Together.USER,
    page=Page(
        question="Was the case opened after the user had searched it out?",
        finding="The user searched out the case and did nothing with it in the half hour that followed.",
        why="""A search alone shows that a child is known to the social services, and often why. Searching without opening is
        how one looks without leaving much behind; once is nothing, a habit is something.""",
        limits="""A mistyped number, a wrong hit and a call that ended at once look the same. Only a number of them is worth a
        question.""",
        advice="Look at users with many of these, and at searches for persons whom the user may know.",
        examples="""
        violation       action=search case_known=true opened_after=false
        pass            action=search case_known=true opened_after=true
        undetermined    action=search case_known=true opened_after=
        undetermined    action= case_known=true opened_after=false
        not_applicable  action=read case_known=true opened_after=
        """,
    ),
)

volume_outlier = Check(
    "A15",
    "volume-outlier",
    Of.USER_DAY,
    Kind.SIGNAL,
    Severity.MEDIUM,
    law=(SOLPUL_10, GDPR_32),
    applies="true",
    violates="cases > median_cases + volume_factor * deviation",
    reads=("accesses.user_id", "accesses.case_id"),
    evidence=("cases", "median_cases", "deviation", "volume_factor"),
    clause="access.volume_factor",
    moment="day",
    together=Together.ALL,
    page=Page(
        question="Did the user open about as many cases that day as users commonly do?",
        finding="The user had events on far more cases that day than users commonly have on a day.",
        why="""Whoever looks through the records for their own purposes, or copies them out, opens more cases than work gives
        reason to.""",
        limits="""It compares with the median of all users and all days. Some roles open many cases each day, and someone who
        looks at a few a day is not seen.""",
        advice="""Ask what the user worked with that day. If the role always opens many, have it noted, so that the next report
        can be read with that in mind.""",
        examples="""
        violation  cases=41 median_cases=10 deviation=5 volume_factor=6
        pass       cases=40 median_cases=10 deviation=5 volume_factor=6
        """,
    ),
)
