"""Headings and words of an export: the shipped vocabulary, and a user's mapping file on top of it (docs/mapping.md)."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from auditor.errors import UserError
from auditor.intake.headings import Matched, match_headings
from auditor.intake.mapping_file import read_user_mapping
from auditor.intake.mapping_model import Mapping, TableMapping, Target
from auditor.intake.standard import read_standard
from auditor.resources import shipped
from auditor.words import _

__all__ = ["Mapping", "Matched", "TableMapping", "Target", "match_headings", "read_mapping", "standard_mapping"]

MAXIMUM_BYTES = 1024 * 1024
_STANDARD = "standard"


def ready_mappings() -> dict[str, Path]:
    """The mappings for case systems that come with the program, by name. They are assumed and not verified."""
    folder = shipped("expectations") / "mappings"
    return {path.stem: path for path in sorted(folder.glob("*.yaml")) if path.stem != _STANDARD}


def mapping_file(given: str) -> Path:
    """The file that a user names: a path, or the name of a ready mapping where there is no such file."""
    path = Path(given)
    return path if path.exists() else ready_mappings().get(given.casefold(), path)


def not_verified(system: str) -> str:
    """What must be said whenever a ready mapping is used."""
    return _(
        "The mapping for {system} is NOT VERIFIED: the supplier does not publish the form of its exports, and this one is "
        "assumed. Hold it against an export of your own with 'auditor mapping check' before you rely on it."
    ).format(system=system)


@cache
def standard_mapping() -> Mapping:
    """The vocabulary that comes with the program: ``expectations/mappings/standard.yaml``."""
    return read_standard(shipped("expectations") / "mappings" / "standard.yaml")


def read_mapping(path: Path) -> Mapping:
    """A user's mapping file on top of the shipped vocabulary.

    Raises UserError when the file cannot be opened or is larger than 1 MiB, and UserErrors with every fault of its
    contents, each with line and column.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAXIMUM_BYTES + 1)
    except OSError:
        raise UserError(
            _("The mapping file cannot be opened."), hint=_("Check the path after --mapping."), file=str(path)
        ) from None
    if len(data) > MAXIMUM_BYTES:
        raise UserError(
            _("The mapping file is larger than {limit} MiB.").format(limit=MAXIMUM_BYTES // 1024 // 1024),
            hint=_("Check that it is a mapping; a mapping is a few kilobytes."),
            file=str(path),
        )
    return read_user_mapping(data, str(path), standard_mapping())
