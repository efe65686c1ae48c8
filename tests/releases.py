"""A sound export that may leave, for tests that change what they are about; and its check through the command line."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.conftest import Ran, run_program
from tests.exports import csv_text, export, write_agreement

CHILD = "201205059817"
OTHER_CHILD = "201005059819"
GUARDIAN = "198001019804"
HEADINGS = ("Ärendenummer", "Namn", "Personnummer", "Individuell riskbedömning")
ROW = ("SN-2026-1", "Prov Provsson", CHILD, "Risken bedöms som låg.")
CASES = (
    {
        "person_id": CHILD,
        "related_person_ids": GUARDIAN,
        "Namn": "Prov Provsson",
        "Telefon": "070-174 06 05",
        "Adress": "Provgatan 1",
    },
    {"person_id": OTHER_CHILD, "Namn": "Test Testdotter", "Telefon": "070-174 06 06", "Adress": "Testvägen 2"},
)
OPTIONS = {
    "--to": "0182",
    "--purpose": "handover",
    "--sender": "0180",
    "--sender-unit": "socialjouren",
    "--grounds": "OSL 26:9 p1",
    "--at": "2026-10-05 12:00",
    "--motivation": "Behövs för bedömningen.",
    "--lang": "en",
}
RELEASED, STOPPED, REJECTED, UNSHOWN = 0, 1, 3, 4


@dataclass
class Answer:
    """How a check ended, and the record that it wrote (empty when nothing was written)."""

    ran: Ran
    record: dict[str, Any]
    page: str

    @property
    def code(self) -> int:
        return self.ran.code

    def reasons(self, weight: str) -> list[str]:
        """The codes of the reasons of that weight, of all files."""
        return [r["code"] for f in self.record["files"] for r in f["reasons"] if r["weight"] == weight]

    def reason(self, code: str) -> dict[str, Any]:
        """The first reason of that code."""
        return next(r for f in self.record["files"] for r in f["reasons"] if r["code"] == code)

    @property
    def stops(self) -> list[str]:
        return self.reasons("stop")

    @property
    def unshown(self) -> list[str]:
        return self.reasons("unshown")


def agreement_and_cases(folder: Path, cases: Sequence[dict[str, Any]] = CASES, *changes: tuple[str, str]) -> tuple[Path, Path]:
    """Write the agreement and a case file; their paths."""
    path = folder / "avtal.yaml"
    if not path.exists():
        write_agreement(folder, *changes)
    export(folder / "register", cases=cases, disclosures=(), staff=None)
    return path, folder / "register" / "cases.csv"


def check(folder: Path, *files: Path | str, cases: Sequence[dict[str, Any]] | None = CASES, **options: str | None) -> Answer:
    """Check files; ``options`` replace those of OPTIONS (``sender_unit=None`` leaves one out)."""
    agreement, register = agreement_and_cases(folder, cases or CASES)
    given = dict(OPTIONS)
    for name, value in options.items():
        option = f"--{name.replace('_', '-')}"
        given.pop(option, None)
        if value is not None:
            given[option] = value
    out = folder / "out"
    arguments: list[str | Path] = ["check-export", *files, "--agreement", agreement, "--out", out, "--force"]
    if cases is not None:
        arguments += ["--cases", register]
    for option, value in given.items():
        arguments += [option, value]
    ran = run_program(*arguments)
    written = ran.code in (RELEASED, STOPPED, UNSHOWN)
    record = json.loads((out / "release.json").read_text(encoding="utf-8")) if written else {}
    return Answer(ran, record, (out / "release.html").read_text(encoding="utf-8") if written else "")


def write_csv(folder: Path, *rows: Sequence[Any], headings: Sequence[str] = HEADINGS, name: str = "ut.csv") -> Path:
    """Write a CSV export, with the sound row if no other is given."""
    path = folder / name
    path.write_text(csv_text(headings, rows or (ROW,)), encoding="utf-8")
    return path


def with_text(text: str) -> tuple[str, ...]:
    """The sound row with another free text."""
    return (*ROW[:3], text)
