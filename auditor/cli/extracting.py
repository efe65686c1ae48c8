"""``auditor extract``: from the command line's words to a finished folder. A personal number is never on the command line."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path

import click

from auditor.cli.run_options import refuse_inside
from auditor.cli.speaking import printable
from auditor.cli.whole_folder import whole_folder
from auditor.errors import ExitCode, UserError
from auditor.privacy import may_hold_personal_number
from auditor.words import _

_LONGEST = 64


def extract_command(
    case: str | None,
    person: bool,
    run_folder: Path,
    source: Path,
    agreement: Path | None,
    mapping: Path | None,
    key_file: Path | None,
    out: Path,
    with_users: bool,
) -> int:
    """Write the extract, whole or not at all; returns the exit code."""
    if (case is None) is not person:
        raise click.UsageError(_("Name either --case or --person."))
    if case is not None and may_hold_personal_number(case):
        raise click.UsageError(
            _(
                "--case never takes a personal number, which others can read on the command line. Ask for the person with"
                " --person, or name the case by the pseudonym that the report shows."
            )
        )
    refuse_inside(out, source, run_folder)
    number = _ask_for_number() if person else ""

    from auditor.output import put_manifest
    from auditor.persons.extract import extract_of_case, extract_of_person
    from auditor.replay import reopened
    from auditor.report.extract import write_extract

    with (
        whole_folder(out, source) as (private, finished),
        reopened(run_folder, source, agreement, mapping, key_file, private) as again,
    ):
        found = extract_of_person(again, number) if case is None else extract_of_case(again, case)
        page = write_extract(found, again.loaded.agreement, again.law, finished, with_users=with_users)
        # nothing of who was asked for stands in it
        inputs = [{"file": record.shown, "sha256": record.sha256} for record in again.intake.files]
        put_manifest(finished, {"report": "extract", **again.rests_on(), "inputs": inputs})
    if with_users:
        click.echo(
            _("The extract shows employees' user ids. Do not hand it over so without a decision about each of them."), err=True
        )
    click.echo(_("Extract: {path}").format(path=printable(str(out / page.name))))
    click.echo(_("It is a draft: its first page says what must be decided by hand before it is handed over."))
    return ExitCode.DONE


def _ask_for_number() -> str:
    """The personal number from a prompt that does not show it, or the first line of standard input. Raises UserError."""
    try:
        if sys.stdin.isatty():
            number = getpass.getpass(_("Personal number (not shown):") + " ").strip()
        else:
            number = sys.stdin.readline(_LONGEST + 1).strip()
    except (EOFError, UnicodeDecodeError):
        number = ""
    if not number or len(number) > _LONGEST:
        raise UserError(
            _("No personal number was given."), hint=_("Write it at the prompt, or as the only line of standard input.")
        )
    return number
