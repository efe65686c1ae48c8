"""``auditor agreement check``, ``auditor agreement show`` and ``auditor agreement compile``."""

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


def compile_agreement(file: Path | None, purpose: str, recipient: str, sender: str | None, headings: str) -> None:
    """Print a flow of an agreement as a suite of great-expectations."""
    from auditor.agreement import load_agreement
    from auditor.cli.releasing import organisation_of, purpose_of
    from auditor.law.grounds import read_law_table
    from auditor.pipelines.compiling import compile_suite

    loaded, law = load_agreement(file), read_law_table()
    flow = purpose_of(loaded.agreement, law, purpose)
    to = organisation_of(loaded.agreement, law, recipient, "--to")
    given = organisation_of(loaded.agreement, law, sender, "--sender") if sender is not None else None
    click.echo(compile_suite(loaded, flow, to, given, ids=headings == "ids"), nl=False)
