"""``auditor verify``: has a report, a package or the register been changed since it was written?"""

from __future__ import annotations

from pathlib import Path

import click

from auditor.cli.speaking import printable
from auditor.errors import ExitCode, UserError
from auditor.privacy import shown_path
from auditor.words import _


def verify_command(folder: Path | None, register: Path | None, key: Path | None = None, identity: Path | None = None) -> int:
    """Recompute the hashes of a report folder or package and of a register's journal; exit code 1 when one does not agree."""
    if folder is not None and folder.is_file():
        return _verify_package(folder, register, key, identity)
    if folder is not None and not folder.exists():
        raise UserError(
            _("There is no such file or folder."),
            hint=_("Name a package, or the folder that an audit wrote."),
            file=shown_path(folder.name),
        )
    if key is not None or identity is not None:
        raise click.UsageError(_("--key and --identity go with a package, the file that 'auditor package' wrote."))
    if folder is None and register is None:
        raise click.UsageError(_("Name the folder of a report, or a register with --register."))
    codes = []
    if folder is not None:
        codes.append(_verify_folder(folder))
    if register is not None:
        from auditor.cli.registering import verify_register

        codes.append(verify_register(register, folder))
    return max(codes)


def _verify_folder(folder: Path) -> int:
    from auditor.output import verify

    faults = verify(folder)
    for fault in faults:
        click.echo(printable(fault))
    if faults:
        click.echo(_("The report is not as it was written."))
        return ExitCode.FOUND
    click.echo(
        _("Every file is as the manifest has it. Whether the manifest itself was changed, a signed package alone shows.")
    )
    return ExitCode.DONE


def _verify_package(package: Path, register: Path | None, key: Path | None, identity: Path | None) -> int:
    """Check a package with a key that came another way, and a register with the entry that the package knows."""
    from auditor.package.checking import check_package
    from auditor.package.keys import fingerprint, read_identities, read_public_key

    public = read_public_key(key) if key is not None else None
    found = check_package(package, public, read_identities(identity) if identity is not None else [])
    for fault in found.faults:
        click.echo(printable(fault))
    if found.faults or public is None:
        click.echo(_("The package cannot be relied on."))
        return ExitCode.FOUND
    click.echo(
        _("The package is as it was signed: {n} files, by the key {fingerprint}.").format(
            n=found.files, fingerprint=fingerprint(public)
        )
    )
    return _compare_register(register, found.journal) if register is not None else ExitCode.DONE


def _compare_register(register: Path, known: tuple[int, str] | None) -> int:
    """Hold the register's journal against the entry that a package knows, which nobody can rewrite afterwards."""
    from auditor.register import Register
    from auditor.register.journal import faults

    if known is None:
        click.echo(_("The package knows no entry of the register's journal, so the register cannot be held against it."))
        return ExitCode.FOUND
    with Register(register) as opened:
        found = [_("The register's file is damaged.")] if opened.damage() else faults(opened, known)
    for fault in found:
        click.echo(printable(fault))
    click.echo(_("The register is not as it was written.") if found else _("The register is as it was written."))
    return ExitCode.FOUND if found else ExitCode.DONE
