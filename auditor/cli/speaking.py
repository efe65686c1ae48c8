"""How the program speaks on a terminal: errors with their place and next step, faults of its own without data."""

from __future__ import annotations

import gettext
import io
import os
import traceback
from pathlib import Path

import click

from auditor.errors import ExitCode, UserError, UserErrors, disk_is_full
from auditor.privacy import shown_path, without_personal_numbers
from auditor.resources import shipped
from auditor.words import _, language


def lend_words_to_click() -> None:
    """Let click say ``Usage:``, ``Options:`` and its errors in the language now spoken.

    click looks its words up with ``gettext.gettext``, which goes by the process's text domain and by the environment variable
    LANGUAGE, whatever the user's locale is. Both are set here, the interface that gettext gives for it; nothing of click is
    replaced. The words are in ``click.po`` beside the other catalogues; one that is missing there is said in English.
    """
    gettext.bindtextdomain("click", str(shipped("reports") / "locale"))
    gettext.textdomain("click")
    os.environ["LANGUAGE"] = language()


def printable(text: str) -> str:
    """The text without anything that a terminal would obey. The no-break space between thousands is no such thing."""
    return "".join(character if character.isprintable() or character in "\n\u00a0" else "\ufffd" for character in text)


def say_usage(error: click.UsageError) -> None:
    """Say what is wrong with the command line. It may quote names of files, which are made harmless."""
    said = io.StringIO()
    error.show(said)
    click.echo(printable(without_personal_numbers(said.getvalue())), err=True, nl=False)


def say_interrupted() -> ExitCode:
    """Say that the program was asked to stop and did."""
    click.echo(_("Interrupted; nothing was written."), err=True)
    return ExitCode.INTERRUPTED


def complain(error: UserError) -> None:
    """Say what is wrong, where, and what to do next, on standard error."""
    if isinstance(error, UserErrors):
        click.echo(printable(f"{_('Error')}: {error.message}"), err=True)
        for fault in error.faults:
            click.echo(printable(f"  {_place(fault)}{fault.message} {fault.hint}"), err=True)
    else:
        click.echo(printable(f"{_('Error')}: {_place(error)}{error.message}"), err=True)
    if error.hint:
        click.echo(printable(error.hint), err=True)


def _place(error: UserError) -> str:
    parts = [shown_path(error.file or "")]
    if error.line is not None:
        parts.append(_("line {line}").format(line=error.line))
    if error.column is not None:
        parts.append(_("column {column}").format(column=error.column))
    place = ", ".join(part for part in parts if part)
    return f"{place}: " if place else ""


def say_fault(error: Exception) -> ExitCode:
    """Say that the program itself is at fault, with the kind and place in the code but no data.

    A full disk is the user's to mend.
    """
    chain: BaseException | None = error
    while chain is not None:
        if disk_is_full(chain):
            complain(
                UserError(
                    _("The disk is full; nothing was written."),
                    hint=_("Free some space, or name an output folder on another disk with --out."),
                )
            )
            return ExitCode.REJECTED
        chain = chain.__cause__ or chain.__context__
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "auditor" in Path(frame.filename).parts] or list(frames)
    place = f"{Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else "?"
    click.echo(
        _(
            "A fault in the program itself ({kind} at {place}); nothing was written. "
            "Report it with these words; they hold no data."
        ).format(kind=type(error).__name__, place=place),
        err=True,
    )
    return ExitCode.FAULT
