"""``auditor sample`` and ``auditor sample record``, built in the language now spoken."""

from __future__ import annotations

from typing import Any

import click

from auditor.cli.parameters import PATH, MappingFile, command, lang
from auditor.words import _

_RECORD = "record"


class _Sample(click.Group):
    """A command with an argument of its own and one command inside: the word ``record`` first chooses that one."""

    allow_interspersed_args = True

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """The context of the drawing, or of ``record`` when that is the first word."""
        before = _words_of_lang(args)
        if args[before : before + 1] == [_RECORD]:
            inner = self.commands[_RECORD]
            return inner.make_context(f"{info_name} {_RECORD}", [*args[:before], *args[before + 1 :]], parent=parent)
        return super().make_context(info_name, args, parent=parent, **extra)


def _words_of_lang(args: list[str]) -> int:
    """How many words at the beginning are the option ``--lang``."""
    if args[:1] == ["--lang"]:
        return 2
    return 1 if args and args[0].startswith("--lang=") else 0


def sample() -> click.Group:
    """``auditor sample``: a sample of accesses for people to review, and the record of what they found."""

    def draw(**options: Any) -> int:
        from auditor.cli.sampling import sample_command

        return sample_command(**options)

    def record(**options: Any) -> int:
        from auditor.cli.sampling import record_command

        return record_command(**options)

    group = _Sample(
        "sample",
        callback=draw,
        invoke_without_command=True,
        no_args_is_help=False,
        options_metavar=_("[OPTIONS]"),
        subcommand_metavar="",
        help=_(
            "Draw accesses of an audit for people to review, and write a form to fill in."
            " INPUT is the folder that was audited; the word 'record' instead reads a form back."
        ),
        params=_draw_options(),
    )
    group.add_command(
        command(
            _RECORD,
            callback=record,
            help=_("Read a filled-in form back, and write the record of the review for 'auditor audit --review'."),
            params=[
                click.Argument(["form"], metavar=_("FORM"), type=PATH),
                click.Option(["--out"], type=PATH, metavar=_("FILE"), required=True, help=_("The record to write (.json).")),
                lang(),
            ],
        )
    )
    return group


def _draw_options() -> list[click.Parameter]:
    return [
        click.Argument(["source"], metavar=_("INPUT"), type=PATH),
        click.Option(
            ["--run", "run_folder"], type=PATH, metavar=_("DIR"), required=True, help=_("The folder that the audit wrote.")
        ),
        click.Option(
            ["--n"],
            type=click.IntRange(1, 10_000),
            default=20,
            metavar="N",
            help=_("How many to draw at random; 20 if left out."),
        ),
        click.Option(
            ["--pressing"],
            type=click.IntRange(0, 10_000),
            default=10,
            metavar="N",
            help=_("How many of the most pressing flagged accesses to add at most; 10 if left out."),
        ),
        click.Option(
            ["--seed"],
            type=click.IntRange(0, 2**31 - 1),
            metavar="N",
            required=True,
            help=_("A number of your choice; the same number draws the same accesses."),
        ),
        click.Option(
            ["--stratify"],
            type=click.Choice(("pile", "unit", "source", "none")),
            default="pile",
            help=_("What accesses are put in strata by; their pile if left out."),
        ),
        click.Option(["--out"], type=PATH, metavar=_("FILE"), help=_("The form to write (.xlsx); review.xlsx if left out.")),
        click.Option(
            ["--agreement"], type=PATH, metavar=_("FILE"), help=_("The agreement of that audit, unless it was the shipped one.")
        ),
        click.Option(["--mapping"], type=MappingFile(), metavar=_("FILE"), help=_("The mapping file of that audit.")),
        click.Option(["--key-file"], type=PATH, metavar=_("FILE"), help=_("The key for pseudonyms of that audit.")),
        lang(),
    ]


def review_option() -> click.Option:
    """``--review`` of ``auditor audit``."""
    words = _("The record of a manual review, shown in the report. May be given several times.")
    return click.Option(["--review"], type=PATH, metavar=_("FILE"), multiple=True, help=words)
