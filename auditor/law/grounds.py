"""The law table: the legal grounds (rättslig grund, sekretessbrytande bestämmelse) that a disclosure may rest on.

``grounds.csv`` beside this module, one row per ground: ``ground`` (id), ``label_sv``, ``valid_from`` and ``valid_to`` (days,
both included, empty = open), ``max_age`` (the subject must be younger, years), ``requires`` (``decided``, ``opened``),
``needs_motivation``, ``legal_review``, ``excluded_for`` (kind of sender for whom it never breaks secrecy), ``note``.
Sources: docs/law.md.
"""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

_TABLE = Path(__file__).with_name("grounds.csv")


@dataclass(frozen=True)
class Ground:
    """A legal ground of the law table (see the module)."""

    id: str
    label_sv: str
    valid_from: date | None
    valid_to: date | None
    max_age: int | None
    requires: str | None
    needs_motivation: bool
    legal_review: bool
    excluded_for: str | None
    note: str


@dataclass(frozen=True)
class LawTable:
    """All grounds by id, and the SHA-256 of the file they were read from."""

    grounds: dict[str, Ground]
    sha256: str


def read_law_table(path: Path = _TABLE) -> LawTable:
    """Read the law table that came with the program."""
    data = path.read_bytes()

    def day(text: str) -> date | None:
        return date.fromisoformat(text) if text else None

    grounds = {
        row["ground"]: Ground(
            id=row["ground"],
            label_sv=row["label_sv"],
            valid_from=day(row["valid_from"]),
            valid_to=day(row["valid_to"]),
            max_age=int(row["max_age"]) if row["max_age"] else None,
            requires=row["requires"] or None,
            needs_motivation=row["needs_motivation"] == "true",
            legal_review=row["legal_review"] == "true",
            excluded_for=row["excluded_for"] or None,
            note=row["note"],
        )
        for row in csv.DictReader(data.decode("utf-8").splitlines())
    }
    return LawTable(grounds, hashlib.sha256(data).hexdigest())
