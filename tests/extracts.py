"""An audited export about a family, and extracts of it, for tests."""

from __future__ import annotations

import html
import io
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Ran, run_program
from tests.exports import export, write_agreement

NUMBER, SIBLING, GUARDIAN, UNKNOWN = "201205059803", "201405059801", "198505059808", "201105059806"
MARK = "Zqxw"
NOTHING = "The export holds nothing that can be told to concern such a child."


def rows() -> dict[str, list[dict[str, Any]]]:
    """Two cases of one child, one of another child, and one of a child without a row in the logs."""
    return {
        "cases": [
            {"person_id": NUMBER, "birth_date": None, "related_person_ids": f"{GUARDIAN};{SIBLING}"},
            {"person_id": SIBLING, "birth_date": None, "concern": f"gang_crime;{MARK}"},
            {
                "person_id": NUMBER,
                "birth_date": None,
                "reported_at": "2026-08-01 08:00:00",
                "protection": "protected_registration",
            },
            {"person_id": UNKNOWN, "birth_date": None},
        ],
        "disclosures": [
            {"motivation": f"{MARK} motivering"},
            {"case_id": "SN-2026-2", "user_id": f"{MARK}1", "at": "2026-10-06 12:00:00"},
            {"case_id": "SN-2026-3", "at": "2026-08-02 10:00:00", "purpose": MARK, "fields": f"name;{MARK}", "grounds": MARK},
            {
                "sender": "police-roc",
                "user_id": "polis01",
                "recipient": "0180",
                "at": "2026-10-04 10:00:00",
                "purpose": "other_channel",
            },
        ],
        "accesses": [
            {"reason": f"{MARK} skäl"},
            {"case_id": "SN-2026-2", "user_id": f"{MARK}1"},
            {"case_id": "SN-2026-3", "user_id": "nacka1", "action": "print", "at": "2026-08-03 10:00:00"},
        ],
        "staff": [{}, {"user_id": "nacka1", "organisation": "0182"}],
    }


class Export:
    """An audited export, and extracts of it."""

    def __init__(self, folder: Path, given: dict[str, list[dict[str, Any]]], *options: str) -> None:
        self.folder, self.number = folder, 0
        self.source = export(folder / "in", **given)
        self.given = ("--agreement", write_agreement(folder), "--key-file", folder / "key", "--lang", "en")
        ran = run_program(
            "audit", self.source, "--out", folder / "run", "--period", "2026-10", "--quiet", *self.given, *options
        )
        assert ran.code == 0, ran.said

    def extract(self, *options: str | Path) -> tuple[Ran, Path]:
        self.number += 1
        out = self.folder / f"out{self.number}"
        ran = run_program("extract", *options, "--run", self.folder / "run", "--input", self.source, "--out", out, *self.given)
        return ran, out


def asked(monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
    """The answer lies on standard input, which is no terminal."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{answer}\n"))


def words(out: Path) -> str:
    page = (out / "extract.html").read_text(encoding="utf-8")
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<style>.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL)))


def row_names(text: str, letter: str) -> set[str]:
    return set(re.findall(rf"\b{letter}\d+\b", text))
