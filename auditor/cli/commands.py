"""The commands and their options, built anew for each run so that their help is in the language asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from auditor import __version__
from auditor.checks.model import Severity
from auditor.cli.parameters import PATH as _PATH
from auditor.cli.parameters import Day as _Day
from auditor.cli.parameters import MappingFile as _MappingFile
from auditor.cli.parameters import Month as _Month
from auditor.cli.parameters import command as _command
from auditor.cli.parameters import group as _group
from auditor.cli.parameters import lang as _lang
from auditor.cli.register_commands import findings as _findings
from auditor.cli.register_commands import purge as _purge
from auditor.cli.sample_commands import review_option as _review
from auditor.cli.sample_commands import sample as _sample
from auditor.words import _


def build() -> click.Group:
    """The whole command line, with help in the language now spoken."""
    group = _group(
        "auditor",
        help=_("Checks disclosures of personal data through the single entry to social services in Stockholm County."),
        params=[_lang(), _version()],
    )
    own = (_audit(), _validate(), _checks(), _explain(), _agreement(), _mapping(), _verify(), _findings(), _purge())
    for command in (*own, _sample(), _doctor(), _completion(group)):
        group.add_command(command)
    return group


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
                ["--mapping"],
                type=_MappingFile(),
                metavar=_("FILE"),
                help=_("A mapping file that says what files and columns mean."),
            ),
            _suite(),
            click.Option(
                ["--controller"],
                metavar=_("ORGANISATION"),
                help=_("Audit this controller's rows alone, such as 0182; what others answer for is shown nowhere."),
            ),
            click.Option(
                ["--fail-on"],
                type=click.Choice([severity.value for severity in Severity]),
                help=_("End with code 1 when a scope or conduct violation is at least this severe."),
            ),
            click.Option(
                ["--key-file"], type=_PATH, metavar=_("FILE"), help=_("The key for pseudonyms; made if it does not exist.")
            ),
            click.Option(
                ["--register"],
                type=_PATH,
                metavar=_("FILE"),
                help=_("The register that keeps findings through the months; made if it does not exist."),
            ),
            _review(),
            click.Option(
                ["--undetermined-accesses"],
                is_flag=True,
                help=_("Write open answers about accesses among the findings too, and not only their number."),
            ),
            click.Option(["--force"], is_flag=True, help=_("Replace an earlier report of this program in DIR.")),
            click.Option(["--quiet"], is_flag=True, help=_("Say nothing while working.")),
            _lang(),
        ],
    )


def _suite() -> click.Option:
    return click.Option(
        ["--suite"],
        type=_PATH,
        metavar=_("FILE"),
        multiple=True,
        help=_("A suite of your own with expectations on the export, beside the shipped ones."),
    )


def _validate() -> click.Command:
    def validate(**options: Any) -> int:
        from auditor.cli.validating import validate_command

        return validate_command(**options)

    return _command(
        "validate",
        callback=validate,
        help=_(
            "Say whether an export is fit to be audited: the data contract alone. INPUT is the folder with the exported logs."
        ),
        params=[
            click.Argument(["source"], metavar=_("INPUT"), type=_PATH),
            click.Option(["--agreement"], type=_PATH, metavar=_("FILE"), help=_("The agreement; the shipped one if left out.")),
            click.Option(
                ["--mapping"], type=_PATH, metavar=_("FILE"), help=_("A mapping file that says what files and columns mean.")
            ),
            _suite(),
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
            click.Option(["--mapping"], type=_MappingFile(), metavar=_("FILE"), help=_("The mapping file of that audit.")),
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


def _mapping() -> click.Group:
    def suggest(**options: Any) -> int:
        from auditor.cli.mappings import suggest_command

        return suggest_command(**options)

    def check(**options: Any) -> int:
        from auditor.cli.mapping_checks import check_command

        return check_command(**options)

    def show(name: str | None) -> int:
        from auditor.cli.mappings import show_command

        return show_command(name)

    agreement = click.Option(
        ["--agreement"], type=_PATH, metavar=_("FILE"), help=_("The agreement; the shipped one if left out.")
    )
    group = _group(
        "mapping", help=_("Suggest, check or show a mapping file, which says what files and columns mean."), params=[_lang()]
    )
    group.add_command(
        _command(
            "suggest",
            callback=suggest,
            help=_("Suggest a mapping for an unknown export. Only a sample is read, and no cell of it is written or shown."),
            params=[
                click.Argument(["source"], metavar=_("FILE_OR_FOLDER"), type=_PATH),
                click.Option(["--out"], type=_PATH, metavar=_("FILE"), help=_("The file to write; printed if left out.")),
                agreement,
                _lang(),
            ],
        )
    )
    group.add_command(
        _command(
            "check",
            callback=check,
            help=_(
                "Show the first rows of an export as a mapping reads them, with personal data masked, and what cannot be read."
                " FILE may be the name of a ready mapping."
            ),
            params=[
                click.Argument(["file"], metavar=_("FILE"), type=_MappingFile()),
                click.Option(
                    ["--input", "source"],
                    type=_PATH,
                    metavar=_("DIR"),
                    required=True,
                    help=_("The folder with the exported logs."),
                ),
                agreement,
                _lang(),
            ],
        )
    )
    group.add_command(
        _command(
            "show",
            callback=show,
            help=_("Print a ready mapping for a case system, to be copied and changed; without a name, list them."),
            params=[click.Argument(["name"], metavar=f"[{_('NAME')}]", required=False), _lang()],
        )
    )
    return group


def _verify() -> click.Command:
    def verify(folder: Path | None, register: Path | None) -> int:
        from auditor.cli.verifying import verify_command

        return verify_command(folder, register)

    return _command(
        "verify",
        callback=verify,
        help=_(
            "Say whether a report was changed since it was written. Every hash in its folder is computed again."
            " With --register the register's journal too."
        ),
        params=[
            click.Argument(["folder"], metavar=f"[{_('DIR')}]", type=_PATH, required=False),
            click.Option(["--register"], type=_PATH, metavar=_("FILE"), help=_("The register of findings.")),
            _lang(),
        ],
    )


def _doctor() -> click.Command:
    def doctor() -> int:
        from auditor.cli.doctoring import doctor_command

        return doctor_command()

    return _command(
        "doctor",
        callback=doctor,
        help=_("Say what is missing on this machine, and which version, agreement and law table are installed."),
        params=[_lang()],
    )


def _completion(program: click.Group) -> click.Command:
    def completion(shell: str) -> None:
        from auditor.cli.completing import print_completion

        print_completion(shell, program)

    return _command(
        "completion",
        callback=completion,
        help=_("Print the script with which a shell (bash, zsh, fish) completes what is written after 'auditor'."),
        params=[click.Argument(["shell"], metavar=_("SHELL"), type=click.Choice(("bash", "zsh", "fish"))), _lang()],
    )
