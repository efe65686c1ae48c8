"""``auditor pdf``: reports of this program as accessible PDF."""

from __future__ import annotations

from pathlib import Path

import click

from auditor.cli.speaking import printable
from auditor.cli.targets import refuse_target
from auditor.errors import ExitCode
from auditor.output_folder import MANIFEST
from auditor.privacy import may_be_shown, shown_path
from auditor.words import _

_LONGEST_DNR = 60


def pdf_command(pages: tuple[Path, ...], dnr: str, out: Path | None, browser: Path | None, force: bool) -> int:
    """Print pages of this program into PDF files, each whole or not at all. All are looked at before one is written."""
    dnr = " ".join(dnr.split())
    if not may_be_shown(dnr, _LONGEST_DNR):
        raise click.UsageError(_("--dnr takes a case number of at most 60 characters, and never a personal number."))
    from auditor.pdf import find_browser, make_pdf, read_page

    targets = [_target(page, out, several=len(pages) > 1) for page in pages]
    if len(set(targets)) < len(targets):
        raise click.UsageError(_("Two pages would become the same PDF. Name one page at a time."))
    for page, target in zip(pages, targets, strict=True):
        read_page(page)
        refuse_target(target, force=force)
    printer = find_browser(browser)
    for page, target in zip(pages, targets, strict=True):
        n = make_pdf(page, target, dnr=dnr, browser=printer)
        click.echo(printable(_("{file}: {n} pages").format(file=shown_path(str(target)), n=n)))
    return ExitCode.DONE


def _target(page: Path, out: Path | None, *, several: bool) -> Path:
    """Where the PDF goes: never into the folder of a report, which holds what its manifest names and nothing else."""
    if out is not None and out.is_dir():
        return out / page.with_suffix(".pdf").name
    if out is not None:
        if several:
            raise click.UsageError(_("With several pages --out is a folder that exists."))
        return out
    folder = page.resolve().parent
    if (folder / MANIFEST).exists():
        return folder.parent / f"{folder.name}-{page.stem}.pdf"
    return page.with_suffix(".pdf")
