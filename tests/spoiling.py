"""Exports to be spoiled, and the audit that must refuse them with nothing written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.conftest import Ran
from tests.exports import export, write_agreement

MARK = "MARKÖR"  # stands in cells all over, and may stand in no message
MIB = 1024 * 1024
REJECTED = 3


def marked(folder: Path, form: str = "csv", **tables) -> Path:
    """A sound export with the mark in its free text."""
    return export(folder, **{"disclosures": [{"motivation": f"{MARK} Anna"}], **tables}, form=form)


def spoil(path: Path, change: Callable[[bytes], bytes], name: str = "") -> None:
    """Change the bytes of a file, and perhaps its name."""
    content = change(path.read_bytes())
    path.unlink()
    path.with_name(name or path.name).write_bytes(content)


def refuser(tmp_path: Path, program: Callable[..., Ran]) -> Callable[..., str]:
    """A fixture's value: runs an audit that must be refused with nothing written; returns what it says in English."""
    agreement = write_agreement(tmp_path)

    def refuse(*options: str, source: Path = tmp_path / "in", agreement: Path = agreement) -> str:
        before = {path: path.read_bytes() if path.is_file() else b"" for path in sorted(tmp_path.rglob("*"))}
        out, key = tmp_path / "new" / "out", tmp_path / "key"
        ran = program(
            "audit", source, "--agreement", agreement, "--out", out, "--key-file", key, "--lang", "en", "--quiet", *options
        )
        assert {path: path.read_bytes() if path.is_file() else b"" for path in sorted(tmp_path.rglob("*"))} == before
        assert (ran.code, ran.stdout) == (REJECTED, ""), ran.stderr
        assert MARK not in ran.stderr and "Traceback" not in ran.stderr
        assert ran.stderr.startswith("Error: ") and len(ran.stderr.splitlines()) >= 2
        print(ran.stderr)
        return ran.stderr

    return refuse
