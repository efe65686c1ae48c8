"""Modules that a library imports though it hardly ever needs them are loaded when something of them is used first.

great-expectations imports scipy and altair for expectations and pictures that no suite here asks for; without them it is ready
in half the time.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import LazyLoader
from types import ModuleType


class _Later(MetaPathFinder):
    """Finds the modules named, and no others, and has them loaded when they are used."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = frozenset(names)

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        """The module's specification, with a loader that waits; None for any other module."""
        spec = PathFinder.find_spec(fullname, path, target) if fullname in self._names else None
        if spec is not None and spec.loader is not None:
            spec.loader = LazyLoader(spec.loader)
        return spec


def put_off(*names: str) -> None:
    """Have modules loaded only when they are used, from now on and in this process. One that is not there stays missing."""
    sys.meta_path.insert(0, _Later(names))
