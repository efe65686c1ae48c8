"""``auditor report``: the reports that are made of finished audits, built in the language now spoken."""

from __future__ import annotations

import click

from auditor.cli.parameters import group, lang
from auditor.cli.party_commands import party
from auditor.words import _


def report() -> click.Group:
    """``auditor report`` and its commands."""
    commands = group("report", help=_("Make a report of a finished audit."), params=[lang()])
    commands.add_command(party())
    return commands
