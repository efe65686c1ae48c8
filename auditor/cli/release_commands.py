"""The commands that check files before they leave and their options, built in the language now spoken."""

from __future__ import annotations

from typing import Any

import click

from auditor.cli.parameters import PATH, command, group, lang
from auditor.words import _


def check_export() -> click.Command:
    """``auditor check-export``: may files leave?"""

    def check(**options: Any) -> int:

        from auditor.cli.releasing import check_export_command

        return check_export_command(**options)

    return command(
        "check-export",
        callback=check,
        help=_(
            "Check files before they are sent: may they leave, to this recipient, for this purpose? Ends with code 0 for yes,"
            " 1 for no, 4 where it cannot be judged."
        ),
        params=[
            click.Argument(["files"], metavar=_("FILE..."), nargs=-1, required=True),
            click.Option(
                ["--to", "recipient"],
                metavar=_("ORGANISATION"),
                required=True,
                help=_("Who is to receive the files, such as 0182."),
            ),
            click.Option(["--purpose"], metavar=_("FLOW"), required=True, help=_("The agreement's flow, such as handover.")),
            click.Option(["--sender"], metavar=_("ORGANISATION"), help=_("Who sends the files, such as 0180.")),
            click.Option(["--sender-unit"], metavar=_("UNIT"), help=_("The unit of the sender.")),
            click.Option(["--to-unit", "recipient_unit"], metavar=_("UNIT"), help=_("The unit of the recipient.")),
            click.Option(["--grounds"], metavar=_("LIST"), help=_("The legal grounds, separated by semicolons.")),
            click.Option(
                ["--at"], metavar=_("TIME"), help=_("When the files are to be sent (2026-10-03 14:30); now if left out.")
            ),
            click.Option(
                ["--motivation"], metavar=_("TEXT"), help=_("Why sensitive data are needed; only whether it is there is used.")
            ),
            click.Option(["--cases"], type=PATH, metavar=_("FILE"), help=_("The case file, to which the rows are tied.")),
            click.Option(["--out"], type=PATH, metavar=_("DIR"), help=_("The folder to write the report to; new or empty.")),
            click.Option(
                ["--write-clean", "clean"],
                type=PATH,
                metavar=_("FILE"),
                help=_("Write a copy with the allowed columns and rows alone, if a check of the copy ends in a release."),
            ),
            click.Option(["--agreement"], type=PATH, metavar=_("FILE"), help=_("The agreement; the shipped one if left out.")),
            click.Option(["--force"], is_flag=True, help=_("Replace an earlier report of this program in DIR.")),
            click.Option(["--quiet"], is_flag=True, help=_("Say nothing while working.")),
            lang(),
        ],
    )


def release() -> click.Group:
    """``auditor release``: decide on a checked file."""

    def approve(**options: Any) -> int:

        from auditor.cli.releasing import release_approve_command

        return release_approve_command(**options)

    commands = group("release", help=_("Decide on the release of a checked file."), params=[lang()])
    commands.add_command(
        command(
            "approve",
            callback=approve,
            help=_("Approve a checked file for release. The decision is bound to the file as it is."),
            params=[
                click.Argument(["file"], metavar=_("FILE"), type=PATH),
                click.Option(["--by"], metavar=_("NAME"), required=True, help=_("Who decides.")),
                click.Option(
                    ["--run", "run_folder"],
                    type=PATH,
                    metavar=_("DIR"),
                    required=True,
                    help=_("The folder that check-export wrote."),
                ),
                lang(),
            ],
        )
    )
    return commands
