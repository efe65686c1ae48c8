"""``auditor sample``: from the command line's words to a form, and from a form to its record."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import click

from auditor.cli.full_disk import full_disk_told
from auditor.cli.speaking import printable
from auditor.errors import ExitCode, UserError
from auditor.formats import number_text
from auditor.output import sha256_of
from auditor.output_folder import MANIFEST, owner_only, private_folder
from auditor.privacy import shown_path
from auditor.words import _


def sample_command(
    source: Path,
    run_folder: Path,
    n: int,
    pressing: int,
    seed: int,
    stratify: str,
    out: Path | None,
    agreement: Path | None,
    mapping: Path | None,
    key_file: Path | None,
) -> int:
    """Draw accesses and write the form and its page; returns the exit code."""
    from auditor.replay import reopened
    from auditor.sampling.drawing import draw
    from auditor.sampling.form import write_form

    form = _new_file(out or Path("review.xlsx"), ".xlsx", source, run_folder)
    page = _new_file(form.with_suffix(".html"), ".html", source, run_folder)
    with owner_only(), private_folder(Path(tempfile.gettempdir()) / "sampled") as private:
        with (
            full_disk_told(_("Free some space.")),
            reopened(run_folder, source, agreement, mapping, key_file, private) as again,
        ):
            drawing = draw(again, n=n, pressing=pressing, seed=seed, by=stratify, key_file=key_file)
        made = private / form.name, private / page.name
        write_form(drawing, sha256_of(run_folder / MANIFEST), *made)
        _put(made[1], page)
        _put(made[0], form)
    at_random = sum(access.at_random for access in drawing.accesses)
    told = _("Accesses drawn at random: {n}. Most pressing ones beside them: {pressing}.")
    click.echo(told.format(n=number_text(at_random), pressing=number_text(len(drawing.accesses) - at_random)))
    click.echo(_("Form: {path}").format(path=printable(str(form))))
    return ExitCode.DONE


def record_command(form: Path, out: Path) -> int:
    """Read a form back and write the record of the review; returns the exit code."""
    from auditor.sampling.reading import read_form

    _new_file(out, ".json", None, None)
    record = read_form(form)
    with owner_only(), private_folder(Path(tempfile.gettempdir()) / "recorded") as private:
        made = private / "record.json"
        made.write_text(record.model_dump_json(indent=2) + "\n", encoding="utf-8")
        _put(made, out)
    unfinished = record.at_random.unfinished + record.pressing.unfinished
    reviewed = record.at_random.total + record.pressing.total - unfinished
    click.echo(_("Reviewed accesses: {n}. Unfinished rows: {unfinished}.").format(n=reviewed, unfinished=unfinished))
    click.echo(_("Record: {path}").format(path=printable(str(out))))
    return ExitCode.DONE


def _new_file(path: Path, ending: str, source: Path | None, run_folder: Path | None) -> Path:
    """Refuse a file that would overwrite another, or lie in the input or in the report. Raises UserError."""
    shown = shown_path(path.name)
    if path.suffix.lower() != ending:
        raise UserError(
            _("The file must end in {ending}.").format(ending=ending), hint=_("Name another file with --out."), file=shown
        )
    if path.exists() or path.is_symlink():
        raise UserError(
            _("There is such a file already; it may hold assessments."), hint=_("Name another file with --out."), file=shown
        )
    for folder in (source, run_folder):
        if folder is not None and folder.resolve() in path.resolve().parents:
            raise UserError(
                _("The file would lie in the input or in the report, which would then be changed."),
                hint=_("Name a file elsewhere with --out."),
                file=shown,
            )
    return path


def _put(made: Path, path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(made, path)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise UserError(
            _("The file cannot be written."), hint=_("Name a file that you may write with --out."), file=shown_path(path.name)
        ) from error
