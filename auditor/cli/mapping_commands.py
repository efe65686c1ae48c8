"""The commands about mapping files and their options, built in the language now spoken."""

from __future__ import annotations

from typing import Any

import click

from auditor.cli.parameters import PATH, MappingFile, command, group, lang
from auditor.words import _


def mapping() -> click.Group:
    """``auditor mapping``: suggest, check or show what files and columns mean."""

    def suggest(**options: Any) -> int:

        from auditor.cli.mappings import suggest_command

        return suggest_command(**options)

    def check(**options: Any) -> int:

        from auditor.cli.mapping_checks import check_command

        return check_command(**options)

    def show(name: str | None) -> int:

        from auditor.cli.mappings import show_command

        return show_command(name)

    agreement = click.Option(
        ["--agreement"], type=PATH, metavar=_("FILE"), help=_("The agreement; the shipped one if left out.")
    )
    commands = group(
        "mapping", help=_("Suggest, check or show a mapping file, which says what files and columns mean."), params=[lang()]
    )
    commands.add_command(
        command(
            "suggest",
            callback=suggest,
            help=_("Suggest a mapping for an unknown export. Only a sample is read, and no cell of it is written or shown."),
            params=[
                click.Argument(["source"], metavar=_("FILE_OR_FOLDER"), type=PATH),
                click.Option(["--out"], type=PATH, metavar=_("FILE"), help=_("The file to write; printed if left out.")),
                agreement,
                lang(),
            ],
        )
    )
    commands.add_command(
        command(
            "check",
            callback=check,
            help=_(
                "Show the first rows of an export as a mapping reads them, with personal data masked, and what cannot be read."
                " FILE may be the name of a ready mapping."
            ),
            params=[
                click.Argument(["file"], metavar=_("FILE"), type=MappingFile()),
                click.Option(
                    ["--input", "source"],
                    type=PATH,
                    metavar=_("DIR"),
                    required=True,
                    help=_("The folder with the exported logs."),
                ),
                agreement,
                lang(),
            ],
        )
    )
    commands.add_command(
        command(
            "show",
            callback=show,
            help=_("Print a ready mapping for a case system, to be copied and changed; without a name, list them."),
            params=[click.Argument(["name"], metavar=f"[{_('NAME')}]", required=False), lang()],
        )
    )
    return commands
