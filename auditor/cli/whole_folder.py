"""A folder that a command writes: whole, or not at all."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from auditor.cli.full_disk import full_disk_told
from auditor.cli.interruption import past_stopping
from auditor.output_folder import MANIFEST, check_output, owner_only, private_folder, put_in_place


@contextlib.contextmanager
def whole_folder(out: Path, source: Path, *, force: bool = False, known_by: str = MANIFEST) -> Iterator[tuple[Path, Path]]:
    """A private folder for temporary data and the folder in it that becomes ``out`` when the block ends without a fault.

    ``force`` and ``known_by`` are those of ``check_output``, which looks again at the end, for ``out`` may have been filled
    meanwhile.
    Raises UserError, also for a full disk.
    """
    with owner_only(), private_folder(out) as private:
        finished = private / "finished"
        finished.mkdir(mode=0o700)
        with full_disk_told():
            yield private, finished
        check_output(out, source, force=force, known_by=known_by)
        past_stopping()
        put_in_place(finished, out, private)
