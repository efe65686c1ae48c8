"""The options by which a command names an earlier audit and what it was made of."""

from __future__ import annotations

from pathlib import Path

import click

from auditor.cli.parameters import PATH, MappingFile
from auditor.errors import UserError
from auditor.output_folder import check_output
from auditor.privacy import shown_path
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


def refuse_inside(out: Path, source: Path, run_folder: Path) -> None:
    """Refuse an output folder that is not new or empty, or would change the input or the report. Raises UserError."""
    if out.is_dir() and not out.is_symlink() and any(out.iterdir()):
        raise UserError(
            _("The output folder is not empty."),
            hint=_("Name a new or empty folder with --out."),
            file=shown_path(out.name),
        )
    for folder in (source, run_folder):
        check_output(out, folder, force=False)
        if folder.resolve() in out.resolve().parents:
            raise UserError(
                _("The output folder would lie in the input or in the report, which would then be changed."),
                hint=_("Name a folder elsewhere with --out."),
                file=shown_path(out.name),
            )
