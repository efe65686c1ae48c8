"""The command line: arguments, exit codes, progress. It judges nothing, and imports nothing heavy before it is needed."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from auditor.cli.interruption import asked_to_stop
from auditor.cli.speaking import complain, lend_words_to_click, say_fault, say_interrupted, say_usage
from auditor.errors import ExitCode, UserError
from auditor.words import LANGUAGES, speak


def run(arguments: Sequence[str]) -> int:
    """Run the program with these arguments; returns its exit code (docs/command-line.md)."""
    speak(_language_in(arguments))
    lend_words_to_click()
    _use_utf8()
    from auditor.cli.commands import build

    try:
        result = build().main(list(arguments), prog_name="auditor", standalone_mode=False)
        return int(result) if isinstance(result, int) else ExitCode.DONE
    except click.exceptions.Exit as exit_:
        return exit_.exit_code
    except click.UsageError as error:
        say_usage(error)
        return ExitCode.USAGE
    except SystemExit:  # click's answer when nobody reads on what is printed
        return ExitCode.DONE
    except (KeyboardInterrupt, click.Abort):
        return say_interrupted()
    except Exception as error:
        if asked_to_stop():
            return say_interrupted()
        if isinstance(error, UserError):
            complain(error)
            return ExitCode.REJECTED
        return say_fault(error)


def _language_in(arguments: Sequence[str]) -> str:
    """The language asked for, found before anything is parsed so that even help and errors are in it."""
    for position, argument in enumerate(arguments):
        if argument == "--lang" and position + 1 < len(arguments) and arguments[position + 1] in LANGUAGES:
            return arguments[position + 1]
        if argument.startswith("--lang=") and argument[7:] in LANGUAGES:
            return argument[7:]
    return LANGUAGES[0]


def _use_utf8() -> None:
    """å, ä and ö on every terminal and in every pipe; what a terminal cannot show becomes a question mark, never an error."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            if stream.isatty():
                reconfigure(errors="replace")
            else:
                reconfigure(encoding="utf-8", errors="replace")
