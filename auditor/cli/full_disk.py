"""A full disk, told as what it is: the user's to mend."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from auditor.engine import EngineError
from auditor.errors import UserError
from auditor.words import _


@contextlib.contextmanager
def full_disk_told(hint: str | None = None) -> Iterator[None]:
    """Raises UserError for an engine that finds no room for its work inside the block; its other faults pass on."""
    try:
        yield
    except EngineError as error:
        if not error.disk_full:
            raise
        raise UserError(
            _("There is not enough disk space or memory to finish; nothing was written."),
            hint=hint or _("Free some space, or name an output folder on another disk with --out."),
        ) from error
