"""ZIP: every file in it is checked as if it were sent alone, down to a bounded depth."""

from __future__ import annotations

import shutil
from pathlib import Path, PurePosixPath

from auditor.errors import UserError
from auditor.intake.readers.limits import LIMITS, as_size
from auditor.privacy import shown_path
from auditor.release.containers import container_reasons
from auditor.release.model import Opened, Passage
from auditor.release.opening import Opening, open_file
from auditor.release.packed import packed
from auditor.words import _

DEEPEST = 3


def read_archive(path: Path, opened: Opened, opening: Opening) -> None:
    """Read every file of an archive into the one answer. Raises UserError."""
    opened.form = "zip"
    if opening.depth >= DEEPEST:
        raise UserError(
            _("The archive lies more than {limit} archives deep.").format(limit=DEEPEST),
            hint=_("Unpack it, and check the files."),
            file=opened.shown,
        )
    folder = opening.folder()
    tabular = True
    with packed(path, opened.shown, "ZIP") as parts:
        container_reasons(parts, path, opened)
        for number, entry in enumerate(parts.infolist()):
            if entry.is_dir():
                opened.passages.append(Passage(_("{file}, name of a folder").format(file=opened.shown), entry.filename))
                continue
            opening.unpacked += entry.file_size
            if opening.unpacked > LIMITS.workbook_bytes:
                raise UserError(
                    _("The file unpacks to more than {size}.").format(size=as_size(LIMITS.workbook_bytes)),
                    hint=_("Ask for a file that holds the export alone; the limits stand in docs/limits.md."),
                    file=opened.shown,
                )
            # a name of ours, with the suffix alone kept: what the archive calls it may lead out of the folder
            suffixes = "".join(PurePosixPath(entry.filename.replace("\\", "/")).suffixes[-2:])[-16:]
            inner = folder / f"{number}{suffixes if suffixes.replace('.', '').isalnum() else ''}"
            with parts.open(entry) as source, inner.open("xb") as target:
                shutil.copyfileobj(source, target)
            opening.depth += 1
            one = open_file(inner, opening, shown=f"{opened.shown}/{shown_path(entry.filename)}"[:300])
            opening.depth -= 1
            tabular = tabular and one.tabular
            opened.tables += one.tables
            opened.reasons += one.reasons
            opened.passages += one.passages[:-1]
            opened.passages.append(Passage(one.passages[-1].place, entry.filename.replace("_", " ")))
    opened.tabular = tabular
