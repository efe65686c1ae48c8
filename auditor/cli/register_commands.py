"""The commands of the register and their options, built in the language now spoken."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from auditor.checks import CATALOGUE
from auditor.cli.parameters import PATH, Day, Moment, Month, command, group, lang
from auditor.words import _


def _lazily(name: str) -> Callable[..., int]:
    """A function of ``registering``, imported when it is called."""

    def call(**options: Any) -> int:
        from auditor.cli import registering

        return int(getattr(registering, name)(**options))

    return call


def _register() -> click.Option:
    return click.Option(["--register"], type=PATH, metavar=_("FILE"), required=True, help=_("The register of findings."))


def findings() -> click.Group:
    """``auditor findings``: what the register holds, and what is decided about it."""
    fingerprint = click.Argument(["fingerprint"], metavar=_("FINGERPRINT"))
    commands = group("findings", help=_("Findings through the months, and what was decided about them."), params=[lang()])
    run = click.Option(
        ["--run", "run_folder"], type=PATH, metavar=_("DIR"), required=True, help=_("The folder that the audit wrote.")
    )
    commands.add_command(
        command(
            "add",
            callback=_lazily("add_command"),
            help=_("Add a finished audit to the register."),
            params=[_register(), run, lang()],
        )
    )
    commands.add_command(
        command(
            "months", callback=_lazily("months_command"), help=_("The months in the register."), params=[_register(), lang()]
        )
    )
    commands.add_command(
        command("list", callback=_lazily("list_command"), help=_("List the findings of a month."), params=_list_options())
    )
    commands.add_command(
        command(
            "show",
            callback=_lazily("show_command"),
            help=_("Show a finding with its months and decisions."),
            params=[fingerprint, _register(), _on(), lang()],
        )
    )
    commands.add_command(
        command(
            "decide",
            callback=_lazily("decide_command"),
            help=_("Keep a decision about a finding. The controller decides, the officer recommends."),
            params=[fingerprint, *_decide_options()],
        )
    )
    commands.add_command(
        command(
            "due",
            callback=_lazily("due_command"),
            help=_("Say what must be done by when."),
            params=[_register(), _at(), lang()],
        )
    )
    return commands


def _list_options() -> list[click.Parameter]:
    standings = ["open", "reopened", "confirmed-breach", "justified", "false-alarm", "reported-to-imy"]
    return [
        _register(),
        click.Option(["--month"], type=Month(), metavar=_("YYYY-MM"), help=_("The month; the latest if left out.")),
        click.Option(["--controller"], metavar=_("ORGANISATION"), help=_("The controller whose month it is.")),
        click.Option(
            ["--check"],
            type=click.Choice([check.id for check in CATALOGUE], case_sensitive=False),
            metavar="ID",
            help=_("Findings of this check only."),
        ),
        click.Option(["--standing"], type=click.Choice(standings), help=_("Findings that stand so only.")),
        _on(),
        lang(),
    ]


def _at() -> click.Option:
    words = _("What is due at this moment; now if left out.")
    return click.Option(["--at"], type=Moment(), metavar=_("YYYY-MM-DD HH:MM"), help=words)


def at_option() -> click.Option:
    """The option ``--at`` of an audit: the moment at which its report tells how decisions and time limits stand."""
    words = _("With --register: tell decisions and time limits as they stand at this moment; the hour that is now if left out.")
    return click.Option(["--at"], type=Moment(), metavar=_("YYYY-MM-DD HH:MM"), help=words)


def _on() -> click.Option:
    return click.Option(
        ["--on"], type=Day(), metavar=_("YYYY-MM-DD"), help=_("How things stand on this day; today if left out.")
    )


def _decide_options() -> list[click.Parameter]:
    kinds = ["confirmed-breach", "justified", "false-alarm", "reported-to-imy"]
    return [
        _register(),
        click.Option(["--as", "kind"], type=click.Choice(kinds), required=True, help=_("What is decided.")),
        click.Option(
            ["--capacity"],
            type=click.Choice(["controller", "officer"]),
            required=True,
            help=_("In what capacity: decision or advice."),
        ),
        click.Option(["--by"], metavar=_("NAME"), required=True, help=_("Who decides.")),
        click.Option(["--reason"], default="", metavar=_("TEXT"), help=_("Why; no personal data.")),
        click.Option(["--owner"], default="", metavar=_("NAME"), help=_("Who answers for a justified finding.")),
        click.Option(["--expires"], type=Day(), metavar=_("YYYY-MM-DD"), help=_("The last day that a justification stands.")),
        click.Option(["--reference"], default="", metavar=_("TEXT"), help=_("The reference of a report to IMY.")),
        click.Option(["--reported-on"], type=Day(), metavar=_("YYYY-MM-DD"), help=_("The day of a report to IMY.")),
        click.Option(
            ["--aware-at"],
            type=Moment(),
            metavar=_("YYYY-MM-DD HH:MM"),
            help=_("When the controller became aware of a breach."),
        ),
        lang(),
    ]


def purge() -> click.Command:
    """``auditor purge``: weed out what the gallringsplan no longer allows."""
    before = click.Option(
        ["--before"], type=Day(), metavar=_("YYYY-MM-DD"), required=True, help=_("What ended before this day is weeded out.")
    )
    return command(
        "purge",
        callback=_lazily("purge_command"),
        help=_("Weed out old months from the register. Its journal is kept and can still be verified."),
        params=[_register(), before, lang()],
    )
