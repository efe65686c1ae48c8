"""``auditor checks`` and ``auditor explain``: the catalogue, a check's page, and one disclosure replayed."""

from __future__ import annotations

import textwrap
from datetime import date
from pathlib import Path

import click

from auditor.checks import CATALOGUE
from auditor.checks.model import Check
from auditor.cli.speaking import printable
from auditor.errors import ExitCode
from auditor.formats import day_text
from auditor.labels import KINDS, SEVERITIES
from auditor.law.provisions import Provision
from auditor.words import _, language

_WIDTH = 100


def list_checks() -> None:
    """Print a line for each check: id, name, kind, severity and its question."""
    for check in CATALOGUE:
        about = f"{_(KINDS[check.kind])}, {_(SEVERITIES[check.severity])}"
        click.echo(f"{check.id:<4}{check.name:<38}{about}")
        click.echo(f"    {_(check.page.question)}")


def explain_command(
    name: str, run_folder: Path | None, source: Path | None, agreement: Path | None, mapping: Path | None, key_file: Path | None
) -> int:
    """Print a check's page, or replay a disclosure of an audit."""
    if (run_folder is None) != (source is None):
        raise click.UsageError(_("--run and --input belong together."))
    if run_folder is not None and source is not None:
        from auditor.cli.replaying import replay_command

        return replay_command(name, run_folder, source, agreement, mapping, key_file)
    check = next((check for check in CATALOGUE if check.id == name.upper()), None)
    if check is None:
        raise click.UsageError(
            _("There is no such check. 'auditor checks' lists them; a disclosure is explained with --run and --input.")
        )
    click.echo(printable(page_text(check)))
    return ExitCode.DONE


def _days(provision: Provision) -> str:
    """The days on which a provision was or will be in force; an open end stays empty."""
    first, last = (day_text(day) if day else "" for day in (provision.valid_from, provision.valid_to))
    return f"{first} – {last}".strip()


def page_text(check: Check) -> str:
    """The page of a check as plain text."""
    today = date.today()
    page = check.page
    parts = [f"{check.id}  {check.name}  ({_(KINDS[check.kind])}, {_(SEVERITIES[check.severity])})", ""]
    for heading, text in (
        (_("Question"), _(page.question)),
        (_("What a finding says"), _(page.finding)),
        (_("Why it matters"), _(page.why)),
        (_("What it cannot tell"), _(page.limits)),
        (_("What to do"), _(page.advice)),
    ):
        parts += [heading, textwrap.fill(text, _WIDTH, initial_indent="  ", subsequent_indent="  "), ""]
    parts.append(_("Law"))
    for provision in check.law:
        days = "" if provision.in_force(today) else _days(provision)
        says = provision.says_sv if language() == "sv" else provision.says_en
        line = f"{provision.citation_sv}{f' ({days})' if days else ''}: {says}"
        parts.append(textwrap.fill(line, _WIDTH, initial_indent="  ", subsequent_indent="    "))
    if check.clause:
        parts += ["", _("Clause of the agreement"), f"  {check.clause}"]
    if check.applies:
        parts += [
            "",
            _("The rule"),
            f"  {_('applies')}:  {check.applies.strip()}",
            f"  {_('violates')}: {check.violates.strip()}",
        ]
    if page.examples:
        parts += ["", _("Examples"), textwrap.indent(page.examples, "  ")]
    return "\n".join(parts)
