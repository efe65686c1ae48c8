"""What a report to the board says beside its numbers: for each family of checks why it matters and what is recommended."""

from __future__ import annotations

from datetime import date

from babel.dates import format_date

from auditor.formats import locale
from auditor.words import N_

#: Of each family, by the first letter of its checks: what was found, how it is assessed, and what is recommended.
FAMILIES = {
    "T": (
        N_("Findings about whether the child belongs to the agreement's target group: {n}."),
        N_(
            "The agreement is for children at risk in gang crime, and for nobody else."
            " Outside it, data may have been shared without need."
        ),
        N_("See that age, concern and home municipality are checked before data are handed over."),
    ),
    "R": (
        N_("Findings about who sent and who received: {n}."),
        N_(
            "Data may go only to the recipient that the agreement names. If they reached another, secrecy may have been"
            " broken, and that cannot be undone."
        ),
        N_("See that the recipient is checked each time against the agreement and the child's home municipality."),
    ),
    "F": (
        N_("Findings about which data were handed over: {n}."),
        N_("Only the data that are needed may be shared. Most serious are data that show where a protected child is."),
        N_("See that forms and templates hold the agreed data and no others."),
    ),
    "B": (
        N_("Findings about the legal ground: {n}."),
        N_(
            "Secrecy may be broken only on a ground in law, and the ground must be recorded."
            " Else nobody can show that it was allowed."
        ),
        N_("See that the ground is recorded each time, and train staff in which grounds there are."),
    ),
    "P": (
        N_("Findings about procedure and time limits: {n}."),
        N_("Delays can leave a child without help in time. Unsafe channels can let data come into the wrong hands."),
        N_("See that deadlines are watched from day to day and that approved channels alone are used."),
    ),
    "A": (
        N_("Findings about who opened case files: {n}."),
        N_("Staff may open a file only when their work needs it. The board must check this regularly."),
        N_("See that managers follow up what was found, and that rights are taken away when a task ends."),
    ),
    "L": (
        N_("Findings about the logs themselves: {n}."),
        N_("With gaps in the logs it cannot be shown what happened. These findings are about systems and not about persons."),
        N_("Ask the suppliers of the systems to mend the logs."),
    ),
}


def stretch(first: str, last: str) -> str:
    """Months in words, from names such as 2026-01: ``January 2026``, ``January–March 2026``."""

    def written(name: str, form: str) -> str:
        return str(format_date(date(int(name[:4]), int(name[5:]), 1), form, locale=locale()))

    if first == last:
        return written(first, "LLLL y")
    return f"{written(first, 'LLLL' if first[:4] == last[:4] else 'LLLL y')}–{written(last, 'LLLL y')}"
