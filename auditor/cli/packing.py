"""``auditor package`` and ``auditor keys make``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from auditor.cli.speaking import printable
from auditor.cli.targets import refuse_target
from auditor.errors import ExitCode
from auditor.privacy import shown_path
from auditor.words import _

_AGE_KEY_OF_ONE_WHO_OPENS = "AGE-SECRET-KEY-"


def package_command(
    run: Path,
    out: Path,
    sign_key: Path | None,
    recipients: tuple[str, ...],
    plain: bool,
    register: Path | None,
    force: bool,
) -> int:
    """Pack a report's folder. Nothing is written unless the folder is as its manifest says."""
    readers = _recipients(recipients, plain=plain)
    refuse_target(out, force=force)
    from auditor.package.keys import read_private_key
    from auditor.package.making import write_package

    key = read_private_key(sign_key, lambda: ask_password(_("Password of the key"))) if sign_key is not None else None
    journal = _journal(register, run) if register is not None else None
    n = write_package(run, out, key=key, recipients=readers, journal=journal)
    if plain:
        click.echo(
            _(
                "The package is not encrypted. What it holds is secret under chapter 26, section 1 of the Public Access to"
                " Information and Secrecy Act: hand it over so that nobody else can open it."
            ),
            err=True,
        )
    if key is None:
        click.echo(_("The package is not signed: nobody can check who made it (--sign-key)."), err=True)
    click.echo(printable(_("{file}: {n} files").format(file=shown_path(str(out)), n=n)))
    return ExitCode.DONE


def _recipients(keys: tuple[str, ...], *, plain: bool) -> list[object]:
    if plain and keys:
        raise click.UsageError(_("--plain and --recipient exclude each other."))
    if not plain and not keys:
        raise click.UsageError(
            _(
                "Name who may open the package with --recipient. Findings are secret (chapter 26, section 1 of the Public"
                " Access to Information and Secrecy Act), so a package is encrypted unless --plain says otherwise."
            )
        )
    if any(key.strip().upper().startswith(_AGE_KEY_OF_ONE_WHO_OPENS) for key in keys):
        raise click.UsageError(
            _("--recipient takes a public age key (age1...). This is a private one: it has now been shown, so make a new one.")
        )
    if not keys:
        return []
    from auditor.package.keys import recipients_of

    try:
        return list(recipients_of(keys))
    except ValueError as error:
        raise click.UsageError(_("--recipient takes a public age key, which begins with age1.")) from error


def _journal(register: Path, run: Path) -> tuple[int, str]:
    """The newest entry of the register's journal, after the register was found to be as it was written."""
    from auditor.cli.trusted_register import require_untouched
    from auditor.output import read_manifest
    from auditor.register import Register
    from auditor.register.journal import newest

    head = read_manifest(run).get("register")
    known = (int(head["entry"]), str(head["hash"])) if head and head["entry"] else None
    with Register(register) as opened:
        refusal = _("The register is not as it was written, so its journal is not put into a package.")
        require_untouched(opened, register, refusal, known)
        return newest(opened)


def make_keys_command(out: Path, kind: str, password: bool) -> int:
    """Make a pair of keys, to sign with or to receive with."""
    from auditor.package.keys import make_receiving_keys, make_signing_keys

    if kind == "receiving":
        if password:
            raise click.UsageError(_("--password goes with a signing key alone."))
        public = make_receiving_keys(out)
        click.echo(_("Public key, for --recipient: {key}").format(key=public))
    else:
        locked = ask_password(_("New password"), twice=True) if password else ""
        if password and not locked:
            raise click.UsageError(_("The password is empty."))
        click.echo(_("Fingerprint: {fingerprint}").format(fingerprint=make_signing_keys(out, locked)))
    click.echo(
        printable(
            _("{private} is yours alone; {public} is for the others.").format(
                private=shown_path(out.name), public=shown_path(f"{out.name}.pub")
            )
        )
    )
    return ExitCode.DONE


def ask_password(words: str, *, twice: bool = False) -> str:
    """A password from the terminal, unseen; from the first line of standard input where there is none."""
    if sys.stdin.isatty():
        return str(click.prompt(words, hide_input=True, confirmation_prompt=twice, default="", show_default=False))
    return sys.stdin.readline().rstrip("\r\n")
