"""``auditor report namnd``: from the command line's words to a finished folder."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from auditor.cli.speaking import printable
from auditor.cli.trusted_register import require_untouched
from auditor.cli.whole_folder import whole_folder
from auditor.errors import ExitCode, UserError
from auditor.output_folder import check_output
from auditor.privacy import may_hold_personal_number
from auditor.register import Register
from auditor.words import _


def namnd_command(
    register: Path,
    first: tuple[int, int],
    last: tuple[int, int],
    controller: str | None,
    threshold: int,
    dnr: str,
    out: Path,
    force: bool,
) -> int:
    """Write the report to the board; returns the exit code."""
    if may_hold_personal_number(dnr):
        raise UserError(
            _("The reference number holds a personal number, or what is written as one."),
            hint=_("Write it without; nothing was written."),
        )
    with Register(register) as opened:
        from auditor.board import make_report
        from auditor.board.making import DOCUMENT, PAGE

        check_output(out, register, force=force, known_by=DOCUMENT)
        require_untouched(opened, register, _("The register is not as it was written, so no report is made of it."))
        with whole_folder(out, register, force=force, known_by=DOCUMENT) as (_private, finished):
            document = make_report(
                opened,
                finished,
                first=first,
                last=last,
                controller=controller,
                threshold=threshold,
                dnr=dnr,
                on=date.today(),
            )
    _summarise(document)
    click.echo(_("Report: {path}").format(path=printable(str(out / PAGE))))
    return ExitCode.DONE


def _summarise(document: dict[str, Any]) -> None:
    from auditor.board.document import left_out_of
    from auditor.board.wording import stretch

    months = document["months"]
    click.echo(_("Report to the board for {period}.").format(period=stretch(months[0], months[-1])))
    out, every = left_out_of(document)
    click.echo(_("Numbers left out: {n} of {every}.").format(n=out, every=every))
