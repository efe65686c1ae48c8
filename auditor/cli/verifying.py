"""``auditor verify``: has a report been changed since it was written?"""

from __future__ import annotations

from pathlib import Path

import click

from auditor.cli.speaking import printable
from auditor.errors import ExitCode
from auditor.words import _


def verify_command(folder: Path) -> int:
    """Recompute the hashes of a report folder; exit code 1 when one does not agree."""
    from auditor.output import verify

    faults = verify(folder)
    for fault in faults:
        click.echo(printable(fault))
    if faults:
        click.echo(_("The report is not as it was written."))
        return ExitCode.FOUND
    click.echo(_("Every file is as it was written."))
    return ExitCode.DONE
