"""``auditor mapping suggest`` and ``show``."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from auditor.cli.speaking import printable
from auditor.errors import ExitCode, UserError
from auditor.output_folder import owner_only, private_folder
from auditor.privacy import shown_path
from auditor.words import _

if TYPE_CHECKING:
    from auditor.intake.suggesting import Suggestion


def suggest_command(source: Path, out: Path | None, agreement: Path | None) -> int:
    """Write a mapping file for an unknown export, or print it; what was found is summed up on the terminal."""
    from auditor.agreement import load_agreement
    from auditor.intake.mapping import standard_mapping
    from auditor.intake.suggesting_files import suggest_for
    from auditor.intake.suggesting_writing import mapping_text
    from auditor.intake.taking_in import vocabulary_of
    from auditor.law.grounds import read_law_table

    if out is not None:
        _refuse_existing(out)
    mapping = standard_mapping()
    vocabulary = vocabulary_of(load_agreement(agreement).agreement, read_law_table(), mapping)
    with owner_only(), private_folder(Path(tempfile.gettempdir()) / "suggested") as private:
        suggestions = suggest_for(source, vocabulary, mapping, private)
    text = mapping_text(suggestions, mapping)
    if out is None:
        click.echo(printable(text), nl=False)
    else:
        _write(out, text)
    for line in _summary(suggestions):
        click.echo(printable(line), err=out is None)
    if not any(suggestion.table for suggestion in suggestions):
        return ExitCode.REJECTED
    if out is not None:
        click.echo(_("Read it through and finish it: {path}").format(path=printable(str(out))))
    return ExitCode.DONE


def show_command(name: str | None) -> int:
    """Print a ready mapping, to be copied and changed; without a name, what ready mappings there are."""
    from auditor.intake.mapping import not_verified, read_mapping, ready_mappings

    ready = ready_mappings()
    if name is None:
        for known, path in ready.items():
            click.echo(f"{known:<12}{not_verified(str(read_mapping(path).unverified))}")
        return ExitCode.DONE
    if name.casefold() not in ready:
        raise UserError(
            _("There is no ready mapping of that name."), hint=_("Ready mappings: {names}.").format(names=", ".join(ready))
        )
    path = ready[name.casefold()]
    click.echo(path.read_text(encoding="utf-8"), nl=False)
    click.echo(not_verified(str(read_mapping(path).unverified)), err=True)
    return ExitCode.DONE


def _summary(suggestions: list[Suggestion]) -> list[str]:
    from auditor.intake.suggesting_writing import SURETIES, file_names

    lines = []
    for suggestion in suggestions:
        name = file_names(suggestion)
        if suggestion.table is None:
            lines.append(
                _("{file}: looks like none of the tables.").format(file=name)
                if suggestion.headings_found
                else _("{file}: no row looks like headings, so nothing of it is shown.").format(file=name)
            )
            continue
        lines.append(
            _("{file}: {table} ({surety}); {count} columns connected, {unused} not.").format(
                file=name,
                table=suggestion.table,
                surety=_(SURETIES[suggestion.surety]),
                count=len(suggestion.pairs),
                unused=len(suggestion.unused),
            )
        )
        if suggestion.missing:
            names = ", ".join(column.name for column in suggestion.missing)
            lines.append("  " + _("Must be there, and was not found: {columns}").format(columns=names))
    return lines


def _refuse_existing(out: Path) -> None:
    if os.path.lexists(out):
        raise UserError(
            _("There is a file of that name already."),
            hint=_("Name another file with --out; a mapping that was worked on by hand is never overwritten."),
            file=shown_path(out.name),
        )


def _write(out: Path, text: str) -> None:
    try:
        with out.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        raise UserError(
            _("The mapping file cannot be written."),
            hint=_("Name a file in a folder that you may write to with --out."),
            file=shown_path(out.name),
        ) from error
