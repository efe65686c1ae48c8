"""Files that a command writes: never over another file unasked, and never into the folder of a report."""

from __future__ import annotations

from pathlib import Path

from auditor.errors import UserError
from auditor.output_folder import MANIFEST
from auditor.privacy import shown_path
from auditor.words import _


def refuse_target(target: Path, *, force: bool) -> None:
    """Raises UserError for a file that may not be written: one that exists (without ``force``), or in a report's folder."""
    shown = shown_path(target.name)
    if target.is_dir() or target.is_symlink() or (target.exists() and not force):
        raise UserError(
            _("The file exists already, and is not replaced."), hint=_("Name another with --out, or add --force."), file=shown
        )
    if not target.resolve().parent.is_dir():
        raise UserError(
            _("The folder for the file does not exist."), hint=_("Make it, or name another with --out."), file=shown
        )
    if (target.resolve().parent / MANIFEST).exists():
        raise UserError(
            _("The file would lie in the folder of a report."),
            hint=_("Name a file elsewhere with --out: the folder holds what its manifest names, and nothing else."),
            file=shown,
        )
