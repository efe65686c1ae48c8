"""``auditor doctor``: what is missing on this machine, and what is installed."""

from __future__ import annotations

import textwrap

import click

from auditor.cli.speaking import printable
from auditor.doctor import look
from auditor.errors import ExitCode
from auditor.words import _

_WIDTH = 100


def doctor_command() -> int:
    """Say thing by thing whether an audit can be made here; exit code 3 when it cannot."""
    faults = 0
    for looked in look():
        mark = "" if looked.note else _("ok") if looked.fit else _("FAULT")
        line = printable(f"{mark:<6}{looked.what}: {looked.found}")
        click.echo(textwrap.fill(line, _WIDTH, subsequent_indent=" " * 8, break_long_words=False, break_on_hyphens=False))
        if not looked.fit:
            faults += 1
            click.echo(f"      {printable(looked.remedy)}")
    if faults:
        click.echo(_("This machine is not fit for an audit. Faults: {n}").format(n=faults))
        return ExitCode.REJECTED
    click.echo(_("This machine is fit for an audit."))
    return ExitCode.DONE
