"""The program's start: ``auditor`` and ``python -m auditor``."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and exit with its code (docs/command-line.md)."""
    from auditor.cli import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
