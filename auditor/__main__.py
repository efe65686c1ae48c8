"""The program's start: ``auditor`` and ``python -m auditor``."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType


class _WithoutPandas(MetaPathFinder):
    """Keeps pandas out of this process: pyarrow and duckdb would load it, in more than half a second, to see whether they
    are given a frame. Only great-expectations has any, and it works in a process of its own (``auditor.contract.worker``)."""

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        """None for every other module. Raises ModuleNotFoundError for pandas, which is then taken for missing."""
        if fullname == "pandas":
            raise ModuleNotFoundError(fullname, name=fullname)
        return None


def main() -> None:
    """Run the command line and exit with its code (docs/command-line.md)."""
    sys.meta_path.insert(0, _WithoutPandas())
    from auditor.cli import run
    from auditor.cli.interruption import listen, past_stopping

    listen()
    code = run(sys.argv[1:])
    with contextlib.suppress(KeyboardInterrupt):  # it has been answered
        past_stopping()
    sys.exit(code)


if __name__ == "__main__":
    main()
