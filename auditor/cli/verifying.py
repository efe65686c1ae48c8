"""``auditor verify``: has a report, or the register, been changed since it was written?"""

from __future__ import annotations

from pathlib import Path

import click

from auditor.cli.speaking import printable
from auditor.errors import ExitCode
from auditor.words import _


def verify_command(folder: Path | None, register: Path | None) -> int:
    """Recompute the hashes of a report folder and of a register's journal; exit code 1 when one does not agree."""
    if folder is None and register is None:
        raise click.UsageError(_("Name the folder of a report, or a register with --register."))
    codes = []
    if folder is not None:
        codes.append(_verify_folder(folder))
    if register is not None:
        from auditor.cli.registering import verify_register

        codes.append(verify_register(register, folder))
    return max(codes)


def _verify_folder(folder: Path) -> int:
    from auditor.output import verify

    faults = verify(folder)
    for fault in faults:
        click.echo(printable(fault))
    if faults:
        click.echo(_("The report is not as it was written."))
        return ExitCode.FOUND
    click.echo(_("Every file is as it was written."))
    return ExitCode.DONE
