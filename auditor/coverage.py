"""What an audit does not reach, in sentences for terminal and report: an assumed mapping, other controllers'
rows, a period that is not over, or is without disclosures or accesses, files that may be cut off, times without a zone, cells
that were taken as empty, homes that could not be read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from auditor.audit import Audit
from auditor.formats import day_text, number_text
from auditor.intake.mapping import not_verified
from auditor.law.municipalities import municipalities
from auditor.outcomes import State
from auditor.relations.controllers import home_can_be_told, workplace_can_be_told
from auditor.words import _

#: What residences tell: checks that turn on where the child belonged read this column of the case.
_HOME = "cases.home_municipality"


def organisation_text(audit: Audit, code: str) -> str:
    """An organisation's code and name, such as ``0182 Nacka``; one of the agreement's by its name."""
    name = municipalities().get(code)
    if name:
        return f"{code} {name}"
    organisation = audit.loaded.agreement.organisations.get(code)
    return organisation.name if organisation else code


def remarks(audit: Audit) -> list[str]:
    """What a reader must know before the figures; nothing when the mapping is no mere assumption, all controllers were audited,
    the period is over, disclosures and accesses were found, files end with a row that can be read, times tell their zone, and
    every home and every cell whose being empty says something could be read."""
    said = [*_of_mapping(audit), *_of_controller(audit), *_of_open_period(audit), *_of_empty_period(audit)]
    return [*said, *_of_empty_log(audit), *_of_files(audit), *_of_cells(audit), *_of_homes(audit)]


def _of_mapping(audit: Audit) -> list[str]:
    return [not_verified(audit.intake.unverified)] if audit.intake.unverified else []


def _of_controller(audit: Audit) -> list[str]:
    if audit.controller is None:
        return []
    others = sum(record.piles.others for record in audit.intake.files)
    unknown = sum(record.piles.unknown for record in audit.intake.files)
    said = [
        _("Only rows for which {organisation} is the controller were audited.").format(
            organisation=organisation_text(audit, audit.controller)
        ),
        _("Rows of other controllers, not audited and shown nowhere: {n}.").format(n=number_text(others - unknown)),
    ]
    if unknown:
        said.append(
            _(
                "Rows whose controller cannot be told, not audited either: {n}. Some of them may be this controller's own; "
                "have the sender, the user's organisation or the home municipality completed in the export."
            ).format(n=number_text(unknown))
        )
    if "accesses" in audit.intake.present and not workplace_can_be_told(audit.intake.present):
        said.append(
            _("The staff list has no column for the last day (valid_to), so of no access can be told who is the controller.")
        )
    if not home_can_be_told(audit.intake.present):
        said.append(
            _("The residences have no column for the last day (valid_to), so of no case can be told who is the controller.")
        )
    return said


def _of_open_period(audit: Audit) -> list[str]:
    if audit.period.last < date.today():
        return []
    return [_("The audit period is not over. Audit it again when it is: what happens until then is not in the export.")]


def _of_files(audit: Audit) -> list[str]:
    records = audit.intake.files
    cut = _(
        "The last row cannot be read in: {files}. The file may have been cut off, and then nobody can see here how much is "
        "missing. Compare it with the system, or fetch it again."
    )
    zoneless = _(
        "Times of the old form INT96 do not tell their time zone, and were taken as Swedish time: {files}. Some systems "
        "write them in UTC; compare a row with the system, or export the times as TIMESTAMP."
    )
    concerned = (
        (cut, {record.shown for record in records if record.ends_torn}),
        (zoneless, {record.shown for record in records if record.times_without_zone}),
    )
    return [said.format(files=", ".join(sorted(files))) for said, files in concerned if files]


def _of_empty_period(audit: Audit) -> list[str]:
    if sum(audit.verdicts.values()):
        return []
    days = sorted(audit.intake.days("disclosures"))
    if not days:
        return [_("No disclosure that could be audited is in the export. This report says nothing about whether all is well.")]
    return [
        _(
            "No disclosure lies in the audit period. The disclosures of the export are from {first} to {last}. "
            "This report says nothing about them."
        ).format(first=day_text(days[0]), last=day_text(days[-1]))
    ]


def _of_empty_log(audit: Audit) -> list[str]:
    period = audit.period
    if "accesses" not in audit.intake.present or any(
        period.first <= day <= period.last for day in audit.intake.days("accesses")
    ):
        return []
    return [
        _(
            "No access that could be audited lies in the audit period. This report says nothing about who looked, "
            "nor whether the log is whole."
        )
    ]


def _of_cells(audit: Audit) -> list[str]:
    if not audit.taken_as_empty:
        return []
    cells = ", ".join(f"{column} ({number_text(n)})" for column, n in audit.taken_as_empty.items())
    said = _(
        "Cells that could not be read were taken as empty in columns where an empty cell says something, "
        "such as 'until further notice': {cells}."
    ).format(cells=cells)
    columns = set(audit.taken_as_empty)
    if any(column.startswith("residences.") for column in columns):
        columns.add(_HOME)
    return [said + _that_rests_on(audit, columns)]


def _of_homes(audit: Audit) -> list[str]:
    unread = sum(record.piles.quarantined for record in audit.intake.files if record.file.table == "residences")
    if not unread:
        return []
    said = _(
        "Rows of the residences that could not be read: {n}. "
        "Where a child belonged was told by the other rows, or by the case log."
    ).format(n=number_text(unread))
    return [said + _that_rests_on(audit, [_HOME])]


def _that_rests_on(audit: Audit, columns: Iterable[str]) -> str:
    """What the checks that were run and read these columns are worth; nothing when there is none."""
    resting = [run.check.id for run in audit.runs if run.state is State.RUN and not set(run.check.reads).isdisjoint(columns)]
    if not resting:
        return ""
    said = _(
        "For what these rows are about, the answers of the checks {checks} may be wrong, also where nothing was found. "
        "The lines stand in quarantine.csv; have them mended in the export and audit it again."
    )
    return " " + said.format(checks=", ".join(resting))
