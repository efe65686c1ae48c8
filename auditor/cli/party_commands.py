"""``auditor report party``, built in the language now spoken."""

from __future__ import annotations

from typing import Any

import click

from auditor.cli.parameters import PATH, command, lang
from auditor.cli.run_options import run_options
from auditor.words import _


def party() -> click.Command:
    """``auditor report party``: what concerns one party's children."""

    def write(**options: Any) -> int:
        from auditor.cli.party_reporting import party_command

        return party_command(**options)

    return command(
        "party",
        callback=write,
        help=_(
            "Write one party's report: what the logs show of its own children, and of nobody else's."
            " PARTY is a municipality's code or name."
        ),
        params=[
            click.Argument(["name"], metavar=_("PARTY")),
            *run_options(),
            click.Option(["--out"], type=PATH, metavar=_("DIR"), required=True, help=_("The folder to write; new or empty.")),
            lang(),
        ],
    )
