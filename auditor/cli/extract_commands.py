"""``auditor extract``, built in the language now spoken."""

from __future__ import annotations

from typing import Any

import click

from auditor.cli.parameters import PATH, command, lang
from auditor.cli.run_options import run_options
from auditor.words import _


def extract() -> click.Command:
    """``auditor extract``: what the logs hold about one child."""

    def write(**options: Any) -> int:
        from auditor.cli.extracting import extract_command

        return extract_command(**options)

    return command(
        "extract",
        callback=write,
        help=_(
            "Write what the logs hold about one child: every disclosure and every access (GDPR article 15)."
            " Name the case with --case, or be asked for the personal number with --person."
        ),
        params=[
            click.Option(["--case"], metavar="ID", help=_("The case number, or the pseudonym that the report shows.")),
            click.Option(
                ["--person"],
                is_flag=True,
                help=_("Ask for the child's personal number without showing it, or read it from standard input."),
            ),
            *run_options(),
            click.Option(["--out"], type=PATH, metavar=_("DIR"), required=True, help=_("The folder to write; new or empty.")),
            click.Option(
                ["--with-users"],
                is_flag=True,
                help=_("Show which users disclosed and looked. Normally nobody has a right to know it."),
            ),
            lang(),
        ],
    )
