"""The commands that make reports ready to be handed over: PDF, packages and the keys that sign them."""

from __future__ import annotations

from typing import Any

import click

from auditor.cli.parameters import PATH, command, group, lang
from auditor.words import _


def pdf() -> click.Command:
    """``auditor pdf``."""

    def printed(**options: Any) -> int:

        from auditor.cli.printing import pdf_command

        return pdf_command(**options)

    return command(
        "pdf",
        callback=printed,
        help=_("Make accessible PDF (PDF/UA) of reports of this program, with the browser that stands on the machine."),
        params=[
            click.Argument(["pages"], metavar=f"{_('PAGE')}...", type=PATH, nargs=-1, required=True),
            click.Option(["--dnr"], metavar=_("TEXT"), default="", help=_("The case number, in the head of every page.")),
            click.Option(
                ["--out"],
                type=PATH,
                metavar=_("FILE"),
                help=_("The PDF to write, or the folder for several; beside the report."),
            ),
            click.Option(["--browser"], type=PATH, metavar=_("FILE"), help=_("The browser to print with, if it is not found.")),
            _force(),
            lang(),
        ],
    )


def package() -> click.Command:
    """``auditor package``."""

    def packed(**options: Any) -> int:

        from auditor.cli.packing import package_command

        return package_command(**options)

    return command(
        "package",
        callback=packed,
        help=_(
            "Pack a report into one signed file for named recipients. RUN is the folder that an audit wrote; what was changed"
            " in it since is not packed."
        ),
        params=[
            click.Argument(["run"], metavar=_("RUN"), type=PATH),
            click.Option(["--out"], type=PATH, metavar=_("FILE"), required=True, help=_("The package to write.")),
            click.Option(
                ["--sign-key"], type=PATH, metavar=_("FILE"), help=_("The private key to sign with, of 'auditor keys make'.")
            ),
            click.Option(
                ["--recipient", "recipients"],
                metavar=_("AGE-KEY"),
                multiple=True,
                help=_("Who may open it: a public age key (age1...); may be given several times."),
            ),
            click.Option(["--plain"], is_flag=True, help=_("Do not encrypt. The findings are secret: know what you do.")),
            click.Option(
                ["--register"],
                type=PATH,
                metavar=_("FILE"),
                help=_("The register of findings: its journal's newest hash goes into the package."),
            ),
            _force(),
            lang(),
        ],
    )


def keys() -> click.Group:
    """``auditor keys``."""

    def make(**options: Any) -> int:

        from auditor.cli.packing import make_keys_command

        return make_keys_command(**options)

    commands = group("keys", help=_("Keys that packages are signed and checked with."), params=[lang()])
    commands.add_command(
        command(
            "make",
            callback=make,
            help=_("Make a pair of keys: FILE is the private one, FILE.pub the public one that others check with."),
            params=[
                click.Option(["--out"], type=PATH, metavar=_("FILE"), required=True, help=_("The private key to write.")),
                click.Option(
                    ["--kind"],
                    type=click.Choice(("signing", "receiving")),
                    default="signing",
                    help=_("A key to sign packages with, or an age key to receive encrypted ones."),
                ),
                click.Option(["--password"], is_flag=True, help=_("Ask for a password that the private key is locked with.")),
                lang(),
            ],
        )
    )
    return commands


def _force() -> click.Option:
    return click.Option(["--force"], is_flag=True, help=_("Replace a file that exists."))
