"""The program's start: ``auditor`` and ``python -m auditor``."""

from __future__ import annotations

import contextlib
import sys


def main() -> None:
    """Run the command line and exit with its code (docs/command-line.md)."""
    from auditor.cli import run
    from auditor.cli.interruption import listen, past_stopping

    listen()
    code = run(sys.argv[1:])
    with contextlib.suppress(KeyboardInterrupt):  # it has been answered
        past_stopping()
    sys.exit(code)


if __name__ == "__main__":
    main()
