"""The options by which a command names an earlier audit and what it was made of."""

from __future__ import annotations

import click

from auditor.cli.parameters import PATH, MappingFile
from auditor.words import _


def run_options() -> list[click.Parameter]:
    """``--run``, ``--input``, ``--agreement``, ``--mapping`` and ``--key-file``; the first two must be given."""
    return [
        click.Option(
            ["--run", "run_folder"], type=PATH, metavar=_("DIR"), required=True, help=_("The folder that the audit wrote.")
        ),
        click.Option(
            ["--input", "source"], type=PATH, metavar=_("INPUT"), required=True, help=_("The folder that was audited.")
        ),
        click.Option(
            ["--agreement"], type=PATH, metavar=_("FILE"), help=_("The agreement of that audit, unless it was the shipped one.")
        ),
        click.Option(["--mapping"], type=MappingFile(), metavar=_("FILE"), help=_("The mapping file of that audit.")),
        click.Option(["--key-file"], type=PATH, metavar=_("FILE"), help=_("The key for pseudonyms of that audit.")),
    ]
