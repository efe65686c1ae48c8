"""``auditor agreement check`` and ``auditor agreement show``."""

from __future__ import annotations

import textwrap
from pathlib import Path

import click

from auditor.words import _

_WIDTH = 100


def check_agreement(file: Path | None) -> None:
    """Say that an agreement file is without faults; its faults are raised as UserErrors."""
    from auditor.agreement import load_agreement

    loaded = load_agreement(file)
    click.echo(_("The agreement {id} has no faults. SHA-256: {sha256}").format(id=loaded.agreement.id, sha256=loaded.sha256))


def show_agreement(file: Path | None) -> None:
    """Say in plain sentences what an agreement file means."""
    from auditor.agreement import load_agreement
    from auditor.agreement.sentences import sentences

    for section in sentences(load_agreement(file)):
        click.echo(section.title)
        for sentence in section.sentences:
            click.echo(textwrap.fill(sentence, _WIDTH, initial_indent="  ", subsequent_indent="  "))
        click.echo()
