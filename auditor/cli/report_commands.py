"""``auditor report``: reports that leave the officer's desk, built in the language now spoken."""

from __future__ import annotations

from typing import Any

import click

from auditor.cli.parameters import PATH, Month, command, group, lang
from auditor.cli.party_commands import party
from auditor.words import _


def report() -> click.Group:
    """``auditor report``: one command for each kind of report."""
    commands = group("report", help=_("Reports made from the register or from an audit, for others to read."), params=[lang()])
    commands.add_command(_namnd())
    commands.add_command(party())
    return commands


def _namnd() -> click.Command:
    def namnd(**options: Any) -> int:
        from auditor.cli.board_reporting import namnd_command

        return namnd_command(**options)

    return command(
        "namnd",
        callback=namnd,
        help=_(
            "Write the public report to the board for some months of the register: namnd.html and namnd.json."
            " Small numbers are left out, and so is what would give them back."
        ),
        params=[
            click.Option(["--register"], type=PATH, metavar=_("FILE"), required=True, help=_("The register of findings.")),
            click.Option(["--from", "first"], type=Month(), metavar=_("YYYY-MM"), required=True, help=_("The first month.")),
            click.Option(["--to", "last"], type=Month(), metavar=_("YYYY-MM"), required=True, help=_("The last month.")),
            click.Option(["--controller"], metavar=_("ORGANISATION"), help=_("The controller whose months they are.")),
            click.Option(
                ["--threshold"],
                type=click.IntRange(3, 50),
                default=4,
                metavar="N",
                help=_("Numbers from 1 to this one are small and are left out; 4 if left out."),
            ),
            click.Option(
                ["--dnr"], default="", metavar=_("TEXT"), help=_("The reference number (diarienummer) of the matter.")
            ),
            click.Option(["--out"], type=PATH, metavar=_("DIR"), required=True, help=_("The folder to write; new or empty.")),
            click.Option(["--force"], is_flag=True, help=_("Replace an earlier report of this program in DIR.")),
            lang(),
        ],
    )
