"""The commands and their options, built anew for each run so that their help is in the language asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from auditor import __version__
from auditor.checks.model import Severity
from auditor.cli.extract_commands import extract
from auditor.cli.mapping_commands import mapping
from auditor.cli.package_commands import keys, package, pdf
from auditor.cli.parameters import PATH, Day, MappingFile, Month, command, group, lang
from auditor.cli.register_commands import at_option, findings, purge
from auditor.cli.release_commands import check_export, compile_command, release
from auditor.cli.report_commands import report
from auditor.cli.sample_commands import review_option, sample
from auditor.words import _


def build() -> click.Group:
    """The whole command line, with help in the language now spoken."""
    program = group(
        "auditor",
        help=_("Checks disclosures of personal data through the single entry to social services in Stockholm County."),
        params=[lang(), _version()],
    )
    own = (
        _audit(),
        _validate(),
        _checks(),
        _explain(),
        _agreement(),
        mapping(),
        _verify(),
        findings(),
        purge(),
        sample(),
        check_export(),
        release(),
        report(),
        pdf(),
        package(),
        keys(),
        extract(),
    )
    for each in (*own, _doctor(), _completion(program)):
        program.add_command(each)
    return program


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

    return command(
        "audit",
        callback=audit,
        help=_(
            "Audit the disclosures of a month and write a report. Every disclosure is put to the agreement."
            " INPUT is the folder with the exported logs."
        ),
        params=[
            click.Argument(["source"], metavar=_("INPUT"), type=PATH),
            click.Option(["--agreement"], type=PATH, metavar=_("FILE"), help=_("The agreement; the shipped one if left out.")),
            click.Option(["--out"], type=PATH, metavar=_("DIR"), required=True, help=_("The folder to write; new or empty.")),
            click.Option(
                ["--period"],
                type=Month(),
                metavar=_("YYYY-MM"),
                help=_("The month to audit; the month with most disclosures if left out."),
            ),
            click.Option(["--from", "first"], type=Day(), metavar=_("YYYY-MM-DD"), help=_("First day to audit, with --to.")),
            click.Option(["--to", "last"], type=Day(), metavar=_("YYYY-MM-DD"), help=_("Last day to audit, with --from.")),
            click.Option(
                ["--mapping"],
                type=MappingFile(),
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
                ["--key-file"], type=PATH, metavar=_("FILE"), help=_("The key for pseudonyms; made if it does not exist.")
            ),
            click.Option(
                ["--register"],
                type=PATH,
                metavar=_("FILE"),
                help=_("The register that keeps findings through the months; made if it does not exist."),
            ),
            at_option(),
            review_option(),
            click.Option(
                ["--undetermined-accesses"],
                is_flag=True,
                help=_("Write open answers about accesses among the findings too, and not only their number."),
            ),
            click.Option(["--force"], is_flag=True, help=_("Replace an earlier report of this program in DIR.")),
            click.Option(["--quiet"], is_flag=True, help=_("Say nothing while working.")),
            lang(),
        ],
    )


def _suite() -> click.Option:
    return click.Option(
        ["--suite"],
        type=PATH,
        metavar=_("FILE"),
        multiple=True,
        help=_("A suite of your own with expectations on the export, beside the shipped ones."),
    )


def _validate() -> click.Command:
    def validate(**options: Any) -> int:

        from auditor.cli.validating import validate_command

        return validate_command(**options)

    return command(
        "validate",
        callback=validate,
        help=_(
            "Say whether an export is fit to be audited: the data contract alone. INPUT is the folder with the exported logs."
        ),
        params=[
            click.Argument(["source"], metavar=_("INPUT"), type=PATH),
            click.Option(["--agreement"], type=PATH, metavar=_("FILE"), help=_("The agreement; the shipped one if left out.")),
            click.Option(
                ["--mapping"], type=PATH, metavar=_("FILE"), help=_("A mapping file that says what files and columns mean.")
            ),
            _suite(),
            lang(),
        ],
    )


def _checks() -> click.Command:
    def checks() -> None:
        from auditor.cli.catalogue import list_checks

        list_checks()

    return command("checks", callback=checks, help=_("List the checks."), params=[lang()])


def _explain() -> click.Command:
    def explain(**options: Any) -> int:

        from auditor.cli.catalogue import explain_command

        return explain_command(**options)

    return command(
        "explain",
        callback=explain,
        help=_(
            "Explain a check (R1) or one audited disclosure. A disclosure needs --run and --input; then each check's answer is"
            " shown, and what it rests on."
        ),
        params=[
            click.Argument(["name"], metavar="ID"),
            click.Option(["--run", "run_folder"], type=PATH, metavar=_("DIR"), help=_("The folder that the audit wrote.")),
            click.Option(["--input", "source"], type=PATH, metavar=_("INPUT"), help=_("The folder that was audited.")),
            click.Option(
                ["--agreement"],
                type=PATH,
                metavar=_("FILE"),
                help=_("The agreement of that audit, unless it was the shipped one."),
            ),
            click.Option(["--mapping"], type=MappingFile(), metavar=_("FILE"), help=_("The mapping file of that audit.")),
            click.Option(["--key-file"], type=PATH, metavar=_("FILE"), help=_("The key for pseudonyms of that audit.")),
            lang(),
        ],
    )


def _agreement() -> click.Group:
    def check(file: Path | None) -> None:
        from auditor.cli.agreements import check_agreement

        check_agreement(file)

    def show(file: Path | None) -> None:
        from auditor.cli.agreements import show_agreement

        show_agreement(file)

    commands = group("agreement", help=_("Check an agreement file, or say in sentences what it means."), params=[lang()])
    file = click.Argument(["file"], metavar=f"[{_('FILE')}]", type=PATH, required=False)
    commands.add_command(
        command("check", callback=check, help=_("Find every fault of an agreement file."), params=[file, lang()])
    )
    commands.add_command(
        command("show", callback=show, help=_("Say what an agreement file means, in sentences to sign."), params=[file, lang()])
    )
    commands.add_command(compile_command())
    return commands


def _verify() -> click.Command:
    def verify(**options: Any) -> int:

        from auditor.cli.verifying import verify_command

        return verify_command(**options)

    return command(
        "verify",
        callback=verify,
        help=_(
            "Say whether a report was changed since it was written. Every hash in its folder is computed again."
            " With --register the register's journal too."
        ),
        params=[
            click.Argument(["folder"], metavar=f"[{_('DIR|PACKAGE')}]", type=PATH, required=False),
            click.Option(["--register"], type=PATH, metavar=_("FILE"), help=_("The register of findings.")),
            click.Option(
                ["--key"],
                type=PATH,
                metavar=_("FILE"),
                help=_("The sender's public key, which you got another way than the package."),
            ),
            click.Option(
                ["--identity"], type=PATH, metavar=_("FILE"), help=_("Your private age key, when the package is encrypted.")
            ),
            lang(),
        ],
    )


def _doctor() -> click.Command:
    def doctor() -> int:

        from auditor.cli.doctoring import doctor_command

        return doctor_command()

    return command(
        "doctor",
        callback=doctor,
        help=_("Say what is missing on this machine, and which version, agreement and law table are installed."),
        params=[lang()],
    )


def _completion(program: click.Group) -> click.Command:
    def completion(shell: str) -> None:
        from auditor.cli.completing import print_completion

        print_completion(shell, program)

    return command(
        "completion",
        callback=completion,
        help=_("Print the script with which a shell (bash, zsh, fish) completes what is written after 'auditor'."),
        params=[click.Argument(["shell"], metavar=_("SHELL"), type=click.Choice(("bash", "zsh", "fish"))), lang()],
    )
