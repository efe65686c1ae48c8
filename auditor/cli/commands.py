"""The commands and their options, built anew for each run so that their help is in the language asked for."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import click

from auditor import __version__
from auditor.checks.model import Severity
from auditor.words import LANGUAGES, _


class _Month(click.ParamType[tuple[int, int]]):
    name = "YYYY-MM"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, int]:
        try:
            parsed = datetime.datetime.strptime(value, "%Y-%m")
        except ValueError:
            self.fail(_("A month is written 2026-10."), param, ctx)
        return parsed.year, parsed.month


class _Day(click.ParamType[datetime.date]):
    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime.date:
        try:
            return datetime.date.fromisoformat(value)
        except ValueError:
            self.fail(_("A day is written 2026-10-03."), param, ctx)


_PATH = click.Path(path_type=Path)


def _lang() -> click.Option:
    return click.Option(
        ["--lang"], type=click.Choice(LANGUAGES), default=LANGUAGES[0], help=_("Language: sv or en."), expose_value=False
    )


def build() -> click.Group:
    """The whole command line, with help in the language now spoken."""
    group = _group(
        "auditor",
        help=_("Checks disclosures of personal data through the single entry to social services in Stockholm County."),
        params=[_lang(), _version()],
    )
    for command in (_audit(), _checks(), _explain(), _agreement(), _verify(), _check_export(), _release()):
        group.add_command(command)
    return group


def _command(name: str, **words: Any) -> click.Command:
    """A command whose usage line is in the language now spoken."""
    return click.Command(name, options_metavar=_("[OPTIONS]"), **words)


def _group(name: str, **words: Any) -> click.Group:
    """A group of commands whose usage line is in the language now spoken."""
    return click.Group(name, options_metavar=_("[OPTIONS]"), subcommand_metavar=_("COMMAND [ARGS]..."), **words)


def _version() -> click.Option:
    def show(context: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
        if wanted:
            click.echo(f"auditor {__version__}")
            context.exit()

    return click.Option(
        ["--version"], is_flag=True, is_eager=True, expose_value=False, callback=show, help=_("Show the version and exit.")
    )


def _audit() -> click.Command:
    def audit(**options: Any) -> int:
        from auditor.cli.auditing import audit_command

        return audit_command(**options)

    return _command(
        "audit",
        callback=audit,
        help=_(
            "Audit the disclosures of a month and write a report. Every disclosure is put to the agreement."
            " INPUT is the folder with the exported logs."
        ),
        params=[
            click.Argument(["source"], metavar=_("INPUT"), type=_PATH),
            click.Option(["--agreement"], type=_PATH, metavar=_("FILE"), help=_("The agreement; the shipped one if left out.")),
            click.Option(["--out"], type=_PATH, metavar=_("DIR"), required=True, help=_("The folder to write; new or empty.")),
            click.Option(
                ["--period"],
                type=_Month(),
                metavar=_("YYYY-MM"),
                help=_("The month to audit; the month with most disclosures if left out."),
            ),
            click.Option(["--from", "first"], type=_Day(), metavar=_("YYYY-MM-DD"), help=_("First day to audit, with --to.")),
            click.Option(["--to", "last"], type=_Day(), metavar=_("YYYY-MM-DD"), help=_("Last day to audit, with --from.")),
            click.Option(
                ["--mapping"], type=_PATH, metavar=_("FILE"), help=_("A mapping file that says what files and columns mean.")
            ),
            click.Option(
                ["--fail-on"],
                type=click.Choice([severity.value for severity in Severity]),
                help=_("End with code 1 when a scope or conduct violation is at least this severe."),
            ),
            click.Option(
                ["--key-file"], type=_PATH, metavar=_("FILE"), help=_("The key for pseudonyms; made if it does not exist.")
            ),
            click.Option(["--force"], is_flag=True, help=_("Replace an earlier report of this program in DIR.")),
            click.Option(["--quiet"], is_flag=True, help=_("Say nothing while working.")),
            _lang(),
        ],
    )


def _checks() -> click.Command:
    def checks() -> None:
        from auditor.cli.catalogue import list_checks

        list_checks()

    return _command("checks", callback=checks, help=_("List the checks."), params=[_lang()])


def _explain() -> click.Command:
    def explain(**options: Any) -> int:
        from auditor.cli.catalogue import explain_command

        return explain_command(**options)

    return _command(
        "explain",
        callback=explain,
        help=_(
            "Explain a check (R1) or one audited disclosure. A disclosure needs --run and --input; then each check's answer is"
            " shown, and what it rests on."
        ),
        params=[
            click.Argument(["name"], metavar="ID"),
            click.Option(["--run", "run_folder"], type=_PATH, metavar=_("DIR"), help=_("The folder that the audit wrote.")),
            click.Option(["--input", "source"], type=_PATH, metavar=_("INPUT"), help=_("The folder that was audited.")),
            click.Option(
                ["--agreement"],
                type=_PATH,
                metavar=_("FILE"),
                help=_("The agreement of that audit, unless it was the shipped one."),
            ),
            click.Option(["--mapping"], type=_PATH, metavar=_("FILE"), help=_("The mapping file of that audit.")),
            click.Option(["--key-file"], type=_PATH, metavar=_("FILE"), help=_("The key for pseudonyms of that audit.")),
            _lang(),
        ],
    )


def _agreement() -> click.Group:
    def check(file: Path | None) -> None:
        from auditor.cli.agreements import check_agreement

        check_agreement(file)

    def show(file: Path | None) -> None:
        from auditor.cli.agreements import show_agreement

        show_agreement(file)

    group = _group("agreement", help=_("Check an agreement file, or say in sentences what it means."), params=[_lang()])
    file = click.Argument(["file"], metavar=f"[{_('FILE')}]", type=_PATH, required=False)
    group.add_command(
        _command("check", callback=check, help=_("Find every fault of an agreement file."), params=[file, _lang()])
    )
    group.add_command(
        _command(
            "show", callback=show, help=_("Say what an agreement file means, in sentences to sign."), params=[file, _lang()]
        )
    )
    return group


def _verify() -> click.Command:
    def verify(folder: Path) -> int:
        from auditor.cli.verifying import verify_command

        return verify_command(folder)

    return _command(
        "verify",
        callback=verify,
        help=_("Say whether a report was changed since it was written. Every hash in its folder is computed again."),
        params=[click.Argument(["folder"], metavar=_("DIR"), type=_PATH), _lang()],
    )


def _check_export() -> click.Command:
    def check_export(**options: Any) -> int:
        from auditor.cli.releasing import check_export_command

        return check_export_command(**options)

    return _command(
        "check-export",
        callback=check_export,
        help=_(
            "Check files before they are sent: may they leave, to this recipient, for this purpose? Ends with code 0 for yes,"
            " 1 for no, 4 where it cannot be judged."
        ),
        params=[
            click.Argument(["files"], metavar=_("FILE..."), nargs=-1, required=True),
            click.Option(
                ["--to", "recipient"],
                metavar=_("ORGANISATION"),
                required=True,
                help=_("Who is to receive the files, such as 0182."),
            ),
            click.Option(["--purpose"], metavar=_("FLOW"), required=True, help=_("The agreement's flow, such as handover.")),
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
            click.Option(["--cases"], type=_PATH, metavar=_("FILE"), help=_("The case file, to which the rows are tied.")),
            click.Option(["--out"], type=_PATH, metavar=_("DIR"), help=_("The folder to write the report to; new or empty.")),
            click.Option(
                ["--write-clean", "clean"],
                type=_PATH,
                metavar=_("FILE"),
                help=_("Write a copy with the allowed columns and rows alone, if a check of the copy ends in a release."),
            ),
            click.Option(["--agreement"], type=_PATH, metavar=_("FILE"), help=_("The agreement; the shipped one if left out.")),
            click.Option(["--force"], is_flag=True, help=_("Replace an earlier report of this program in DIR.")),
            click.Option(["--quiet"], is_flag=True, help=_("Say nothing while working.")),
            _lang(),
        ],
    )


def _release() -> click.Group:
    def approve(**options: Any) -> int:
        from auditor.cli.releasing import release_approve_command

        return release_approve_command(**options)

    group = _group("release", help=_("Decide on the release of a checked file."), params=[_lang()])
    group.add_command(
        _command(
            "approve",
            callback=approve,
            help=_("Approve a checked file for release. The decision is bound to the file as it is."),
            params=[
                click.Argument(["file"], metavar=_("FILE"), type=_PATH),
                click.Option(["--by"], metavar=_("NAME"), required=True, help=_("Who decides.")),
                click.Option(
                    ["--run", "run_folder"],
                    type=_PATH,
                    metavar=_("DIR"),
                    required=True,
                    help=_("The folder that check-export wrote."),
                ),
                _lang(),
            ],
        )
    )
    return group
