"""The catalogue of checks: one module a family. A check is in the catalogue by being there; nothing lists it again."""

from __future__ import annotations

from types import ModuleType

from auditor.checks import accesses, fields, grounds, log, parties, procedure, target_group, use
from auditor.checks.model import Check

_FAMILIES = (target_group, parties, fields, grounds, procedure, accesses, use, log)


def _checks(family: ModuleType) -> tuple[Check, ...]:
    return tuple(value for value in vars(family).values() if isinstance(value, Check))


#: Every check, in the order of the families and, within one, of their definition.
CATALOGUE: tuple[Check, ...] = tuple(check for family in _FAMILIES for check in _checks(family))

_BY_ID = {check.id: check for check in CATALOGUE}


def by_id(identifier: str) -> Check:
    """The check with that id, such as ``R1``. Raises KeyError when there is none."""
    return _BY_ID[identifier]
