"""The only module that knows where ``expectations/`` and ``reports/`` lie: inside an installed wheel, or beside the package."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).resolve().parent


def shipped(name: str) -> Path:
    """The folder of data files ``name`` (``expectations`` or ``reports``) that came with the program.

    Raises RuntimeError when the installation lacks it.
    """
    installed = _HERE / "_shipped" / name
    if installed.is_dir():
        return installed
    if (_HERE.parent / "pyproject.toml").is_file() and (_HERE.parent / name).is_dir():
        return _HERE.parent / name
    raise RuntimeError(f"the installation lacks its folder '{name}'; install the program again from its wheel")
