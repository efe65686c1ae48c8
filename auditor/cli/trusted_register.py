"""A register that is relied on: found to be as it was written, file and journal and all that the journal has digests of."""

from __future__ import annotations

from pathlib import Path

from auditor.errors import UserError
from auditor.privacy import shown_path
from auditor.register import Register
from auditor.words import _


def register_faults(opened: Register, known: tuple[int, str] | None = None) -> list[str]:
    """A sentence for each thing that is not as it was written; ``known`` is the journal's entry that a report knew."""
    from auditor.register.journal import faults
    from auditor.release.remembered import release_faults
    from auditor.statistics.remembered import statistics_faults

    if opened.damage():
        return [_("The register's file is damaged.")]
    return [*faults(opened, known), *statistics_faults(opened), *release_faults(opened)]


def require_untouched(opened: Register, path: Path, refusal: str, known: tuple[int, str] | None = None) -> None:
    """Refuse, in the words of ``refusal``, a register that is not as it was written. Raises UserError."""
    if register_faults(opened, known):
        raise UserError(refusal, hint=_("See what 'auditor verify --register FILE' says."), file=shown_path(path.name))
