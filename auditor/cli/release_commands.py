"""The commands that check files before they leave and their options, built in the language now spoken."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from auditor.cli.parameters import PATH, command, group, lang
from auditor.words import _


def check_export() -> click.Command:
    """``auditor check-export``: may files leave?"""

    def check(**options: Any) -> int:

        statistics = options.pop("statistics")
        told = {name: options.pop(name) for name in STATISTICS}
        if statistics:
            from auditor.cli.releasing_statistics import check_statistics_command

            _refuse(options, _OF_ROWS, _("{option} is not used with --statistics."))
            given = {name: value for name, value in options.items() if name not in _OF_ROWS}
            return check_statistics_command(**given, told=told)
        _refuse(
            told | {name: options.pop(name) for name in _OF_FILES}, (*STATISTICS, *_OF_FILES), _("{option} needs --statistics.")
        )
        if not options["recipient"] or not options["purpose"]:
            raise click.UsageError(_("--to and --purpose are needed, except with --statistics."))
        from auditor.cli.releasing import check_export_command

        return check_export_command(**options)

    return command(
        "check-export",
        callback=check,
        help=_(
            "Check files before they are sent: may they leave, to this recipient, for this purpose? Ends with code 0 for yes,"
            " 1 for no, 4 where it cannot be judged."
        ),
        params=[
            click.Argument(["files"], metavar=_("FILE..."), nargs=-1, required=True),
            click.Option(
                ["--to", "recipient"],
                metavar=_("ORGANISATION"),
                help=_("Who is to receive the files, such as 0182."),
            ),
            click.Option(["--purpose"], metavar=_("FLOW"), help=_("The agreement's flow, such as handover.")),
            click.Option(["--sender"], metavar=_("ORGANISATION"), help=_("Who sends the files, such as 0180.")),
            click.Option(["--sender-unit"], metavar=_("UNIT"), help=_("The unit of the sender.")),
            click.Option(["--to-unit", "recipient_unit"], metavar=_("UNIT"), help=_("The unit of the recipient.")),
            click.Option(["--grounds"], metavar=_("LIST"), help=_("The legal grounds, separated by semicolons.")),
            click.Option(
                ["--at"], metavar=_("TIME"), help=_("When the files are to be sent (2026-10-03 14:30); now if left out.")
            ),
            click.Option(
                ["--motivation"], metavar=_("TEXT"), help=_("Why sensitive data are needed; only whether it is there is used.")
            ),
            click.Option(["--cases"], type=PATH, metavar=_("FILE"), help=_("The case file, to which the rows are tied.")),
            click.Option(["--out"], type=PATH, metavar=_("DIR"), help=_("The folder to write the report to; new or empty.")),
            click.Option(
                ["--write-clean", "clean"],
                type=PATH,
                metavar=_("FILE"),
                help=_("Write a copy with the allowed columns and rows alone, if a check of the copy ends in a release."),
            ),
            *_statistics_options(),
            click.Option(["--agreement"], type=PATH, metavar=_("FILE"), help=_("The agreement; the shipped one if left out.")),
            click.Option(["--force"], is_flag=True, help=_("Replace an earlier report of this program in DIR.")),
            click.Option(["--quiet"], is_flag=True, help=_("Say nothing while working.")),
            lang(),
        ],
    )


#: What the command is told of statistics, by the names of ``auditor.statistics.model.Settings`` where they are its own.
STATISTICS = (
    *("threshold", "dominance", "p_percent", "diversity", "quasi", "sensitive", "magnitude", "dimensions"),
    *("counting", "period"),
)
_OF_FILES = ("contributions", "register")
_OF_ROWS = ("sender", "sender_unit", "recipient_unit", "grounds", "motivation", "clean")
_WRITTEN = {"dimensions": "--dimension", "clean": "--write-clean", "recipient_unit": "--to-unit"}


def _refuse(options: dict[str, Any], names: Sequence[str], words: str) -> None:
    """Refuse options that do not go with the others. Raises click.UsageError."""
    for name in names:
        if options[name] not in (None, ()):
            raise click.UsageError(words.format(option=_WRITTEN.get(name, f"--{name.replace('_', '-')}")))


def _statistics_options() -> list[click.Parameter]:
    columns = {
        "--quasi": ("quasi", _("Microdata: a column that others may know of a person, such as age; may be repeated.")),
        "--sensitive": ("sensitive", _("Microdata: a column that nobody may learn; may be repeated.")),
        "--magnitude": ("magnitude", _("A column of sums, such as amounts; may be repeated.")),
        "--dimension": ("dimensions", _("A column of categories that look like numbers; may be repeated.")),
    }
    return [
        click.Option(
            ["--statistics"],
            is_flag=True,
            help=_("The files are statistics, or microdata without names: put them to the rules of disclosure control."),
        ),
        *(
            click.Option([option, name], multiple=True, metavar=_("COLUMN"), help=words)
            for option, (name, words) in columns.items()
        ),
        click.Option(
            ["--threshold"],
            type=click.IntRange(2, 1000),
            metavar=_("NUMBER"),
            help=_("Counts from 1 and below this are small; 5 if left out."),
        ),
        click.Option(
            ["--dominance"],
            type=(click.IntRange(1, 10), click.FloatRange(1, 100)),
            metavar=_("N K"),
            help=_("No N contributions may be more than K per cent of a sum; 2 and 90 if left out."),
        ),
        click.Option(
            ["--p-percent"],
            type=click.FloatRange(0, 100),
            metavar=_("P"),
            help=_("Nobody may work out a contribution to within P per cent; 10 if left out."),
        ),
        click.Option(
            ["--diversity"],
            type=click.IntRange(2, 100),
            metavar=_("NUMBER"),
            help=_("Rows that are alike have at least so many different sensitive values; 2 if left out."),
        ),
        click.Option(
            ["--contributions"], type=PATH, metavar=_("FILE"), help=_("The rows behind tables of sums; they do not leave.")
        ),
        click.Option(["--counting"], metavar=_("TEXT"), help=_("What the statistics count, such as cases.")),
        click.Option(["--period"], metavar=_("PERIOD"), help=_("What days they are about, such as 2026-01/2026-10.")),
        click.Option(
            ["--register"], type=PATH, metavar=_("FILE"), help=_("The register, with the statistics that were released before.")
        ),
    ]


def release() -> click.Group:
    """``auditor release``: decide on a checked file, and see what was decided."""

    def approve(**options: Any) -> int:

        from auditor.cli.approving import approve_command

        return approve_command(**options)

    def show(**options: Any) -> int:

        from auditor.cli.approving import show_command

        return show_command(**options)

    commands = group("release", help=_("Decide on the release of a checked file."), params=[lang()])
    commands.add_command(
        command(
            "approve",
            callback=approve,
            help=_("Approve a checked file for release. The decision is bound to the file as it is."),
            params=[
                click.Argument(["file"], metavar=_("FILE"), type=PATH),
                click.Option(["--by"], metavar=_("NAME"), required=True, help=_("Who decides.")),
                _run_folder(required=True),
                click.Option(
                    ["--register"],
                    type=PATH,
                    metavar=_("FILE"),
                    help=_(
                        "Keep the decision in this register, and of statistics the numbers, which later ones are held against."
                    ),
                ),
                lang(),
            ],
        )
    )
    commands.add_command(
        command(
            "show",
            callback=show,
            help=_("Say who let a file leave, as it is now. Exit code 1 when nobody did."),
            params=[
                click.Argument(["file"], metavar=_("FILE"), type=PATH),
                _run_folder(required=False),
                click.Option(["--register"], type=PATH, metavar=_("FILE"), help=_("The register in which decisions are kept.")),
                lang(),
            ],
        )
    )
    return commands


def _run_folder(*, required: bool) -> click.Option:
    return click.Option(
        ["--run", "run_folder"],
        type=PATH,
        metavar=_("DIR"),
        required=required,
        help=_("The folder that check-export wrote."),
    )


def compile_command() -> click.Command:
    """``auditor agreement compile``: a flow as a suite for pipelines."""

    def compile_(**options: Any) -> None:

        from auditor.cli.agreements import compile_agreement

        compile_agreement(**options)

    return command(
        "compile",
        callback=compile_,
        help=_("Print what files for a purpose may hold, as a suite of expectations for the pipelines that make them."),
        params=[
            click.Argument(["file"], metavar=f"[{_('FILE')}]", type=PATH, required=False),
            click.Option(["--purpose"], metavar=_("FLOW"), required=True, help=_("The agreement's flow, such as handover.")),
            click.Option(
                ["--to", "recipient"],
                metavar=_("ORGANISATION"),
                required=True,
                help=_("Who is to receive the files, such as 0182."),
            ),
            click.Option(["--sender"], metavar=_("ORGANISATION"), help=_("Who sends the files, such as 0180.")),
            click.Option(
                ["--headings"],
                type=click.Choice(["labels", "ids"]),
                default="labels",
                help=_("How the files name their columns: as the agreement's labels, or its ids."),
            ),
            lang(),
        ],
    )
