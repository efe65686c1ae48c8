"""What commands are built of: their options' types, and commands whose usage line is in the language now spoken."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import click

from auditor.words import LANGUAGES, _

PATH = click.Path(path_type=Path)


class Month(click.ParamType[tuple[int, int]]):
    """A month such as 2026-10, as (year, month)."""

    name = "YYYY-MM"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, int]:
        """The month as two numbers."""
        try:
            parsed = datetime.datetime.strptime(value, "%Y-%m")
        except ValueError:
            self.fail(_("A month is written 2026-10."), param, ctx)
        return parsed.year, parsed.month


class Day(click.ParamType[datetime.date]):
    """A day such as 2026-10-03."""

    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime.date:
        """The day as a date."""
        try:
            return datetime.date.fromisoformat(value)
        except ValueError:
            self.fail(_("A day is written 2026-10-03."), param, ctx)


class MappingFile(click.ParamType[Path]):
    """A mapping file, or the name of a ready mapping, as the path of a file."""

    name = "mapping"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """The path of the mapping file."""
        from auditor.intake.mapping import mapping_file

        return mapping_file(str(value))


class Moment(click.ParamType[datetime.datetime]):
    """A local time such as 2026-10-03 14:05."""

    name = "YYYY-MM-DD HH:MM"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime.datetime:
        """The moment as a date and time without zone."""
        try:
            parsed = datetime.datetime.fromisoformat(value)
        except ValueError:
            self.fail(_("A moment is written '2026-10-03 14:05'."), param, ctx)
        if parsed.tzinfo is not None:
            self.fail(_("A moment is written '2026-10-03 14:05'."), param, ctx)
        return parsed


def lang() -> click.Option:
    """The option ``--lang``; it was read before anything else."""
    return click.Option(
        ["--lang"], type=click.Choice(LANGUAGES), default=LANGUAGES[0], help=_("Language: sv or en."), expose_value=False
    )


def command(name: str, **words: Any) -> click.Command:
    """A command whose usage line is in the language now spoken."""
    return click.Command(name, options_metavar=_("[OPTIONS]"), **words)


def group(name: str, **words: Any) -> click.Group:
    """A group of commands whose usage line is in the language now spoken."""
    return click.Group(name, options_metavar=_("[OPTIONS]"), subcommand_metavar=_("COMMAND [ARGS]..."), **words)
