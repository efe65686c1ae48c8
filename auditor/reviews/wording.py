"""What the form and the record of a manual review are written with: codes, and their words for the reader."""

from __future__ import annotations

from auditor.words import N_, _

#: What a reviewer can find of an access.
ASSESSMENTS = {
    "justified": N_("Justified"),
    "not_justified": N_("Not justified"),
    "needs_inquiry": N_("Needs inquiry"),
}
UNFINISHED = "unfinished"

#: The columns of the form: what the program fills in, and what the reviewer does.
FIXED = {
    "row": N_("Row"),
    "drawn": N_("Drawn"),
    "event_id": N_("Event"),
    "at": N_("Time"),
    "user_id": N_("User"),
    "case_id": N_("Case"),
    "action": N_("What was done"),
    "source": N_("Source system"),
    "unit": N_("Unit"),
    "pile": N_("Pile"),
    "explanation": N_("What explains it"),
    "checks": N_("Checks with a finding"),
}
FILLED_IN = {
    "assessment": N_("Assessment"),
    "remark": N_("Remark"),
    "day": N_("Day of review"),
    "reviewer": N_("Reviewer"),
}

DRAWN = {True: N_("at random"), False: N_("most pressing")}
PILES = {"flagged": N_("flagged"), "explained": N_("explained"), "unexplained": N_("unexplained")}
BY = {"pile": N_("pile"), "unit": N_("unit"), "source": N_("source system"), "none": N_("not divided")}
ACTIONS = {
    "read": N_("read"),
    "write": N_("written"),
    "search": N_("searched"),
    "print": N_("printed"),
    "export": N_("exported"),
    "delete": N_("deleted"),
    "sign": N_("signed"),
    "emergency": N_("opened in an emergency"),
}


def stratum_words(by: str, name: str) -> str:
    """A stratum's name for the reader."""
    if by == "none":
        return _("all accesses")
    return _(PILES.get(name, "")) or name or _("not stated")
