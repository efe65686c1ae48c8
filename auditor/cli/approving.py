"""``auditor release approve`` and ``show``: the decision to let a checked file leave, bound to the file as it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from auditor.cli.speaking import printable
from auditor.cli.trusted_register import require_untouched
from auditor.errors import ExitCode
from auditor.output_folder import owner_only
from auditor.privacy import may_be_shown, shown_path
from auditor.register import Register
from auditor.release.approval import approval_of, decide_on, hash_of_file, write_decision
from auditor.release.remembered import releases_of, remember_release
from auditor.words import _

_LONGEST_NAME = 100


def approve_command(file: Path, by: str, run_folder: Path, register: Path | None) -> int:
    """Bind a release decision to a checked file, and keep it in the register; of statistics their numbers too."""
    by = " ".join(by.split())
    if not by or not may_be_shown(by, _LONGEST_NAME):
        raise click.UsageError(_("--by takes a name of at most 100 characters, and never a personal number."))
    decision = decide_on(file, by, run_folder)
    knew = True
    if register is not None:
        if "statistics" in decision["request"]:
            from auditor.cli.releasing_statistics import remember

            knew = remember(register, file, by, run_folder)
        with owner_only(), Register(register, create=True) as opened:
            require_untouched(opened, register, _("The register is not as it was written, so nothing is added to it."))
            remember_release(opened, decision)
    with owner_only():
        write_decision(decision, run_folder)
    click.echo(
        printable(
            _("Approved: {file}, SHA-256 {sha256}. A changed file is no longer approved.").format(
                file=decision["file"], sha256=decision["sha256"]
            )
        )
    )
    if not knew:
        click.echo(
            _("The check was made without the register, which had nothing to hold the file against, or had the file already.")
        )
    return ExitCode.DONE


def show_command(file: Path, run_folder: Path | None, register: Path | None) -> int:
    """Say who let the file leave as it is now; exit code 1 when nobody did."""
    if run_folder is None and register is None:
        raise click.UsageError(_("Name --run, --register or both: the places where decisions are kept."))
    digest = hash_of_file(file)
    found: list[Mapping[str, Any]] = []
    if run_folder is not None and (decision := approval_of(file, run_folder)):
        request = decision["request"]
        found.append(
            {
                "released_at": decision["at"],
                "released_by": decision["by"],
                "recipient": request["to"],
                "purpose": request["purpose"],
            }
        )
    if register is not None:
        with Register(register) as opened:
            require_untouched(opened, register, _("The register is not as it was written, so it says nothing of the file."))
            found += [dict(row) for row in releases_of(opened, digest)]
    for one in found:
        words = _("Approved {at} by {name}. Recipient: {recipient}. Purpose: {purpose}.").format(
            at=_local(one["released_at"]),
            name=one["released_by"],
            recipient=one["recipient"] or _("not stated"),
            purpose=one["purpose"] or _("not stated"),
        )
        click.echo(printable(words))
    if not found:
        click.echo(
            printable(
                _("Not approved as it is now: {file}, SHA-256 {sha256}.").format(file=shown_path(file.name), sha256=digest)
            )
        )
    return ExitCode.DONE if found else ExitCode.FOUND


def _local(moment: str) -> str:
    """A moment that was kept in UTC, in Swedish wall-clock time."""
    return f"{datetime.fromisoformat(moment).astimezone(ZoneInfo('Europe/Stockholm')):%Y-%m-%d %H:%M:%S}"
