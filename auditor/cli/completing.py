"""``auditor completion``: the script with which a shell completes commands, options and file names."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

_PROGRAM, _VARIABLE = "auditor", "_AUDITOR_COMPLETE"


def print_completion(shell: str, program: click.Command) -> None:
    """Print the script that click makes for a shell; the shell then asks the program itself what may follow."""
    made = get_completion_class(shell)
    if made is None:
        raise ValueError(f"click knows no completion for {shell}")
    click.echo(made(program, {}, _PROGRAM, _VARIABLE).source())
