"""The provisions that checks cite: what a rule of the catalogue rests on, and the days each was in force.

The table is ``provisions.csv`` beside this module: ``provision`` (id), ``citation_sv``, ``says_sv`` and ``says_en`` (one line each),
``valid_from``, ``valid_to`` (dates, both ends included, empty = open), ``source``. Checks import a constant, never a string,
so that a provision that does not exist cannot be cited.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path

_TABLE = Path(__file__).with_name("provisions.csv")


@dataclass(frozen=True)
class Provision:
    """A provision of law: ``valid_from`` and ``valid_to`` are days in force, both included, None = open."""

    id: str
    citation_sv: str
    says_sv: str
    says_en: str
    valid_from: date | None
    valid_to: date | None
    source: str

    def in_force(self, day: date) -> bool:
        """Whether the provision was in force on ``day``."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


def _read() -> dict[str, Provision]:
    with _TABLE.open(encoding="utf-8", newline="") as file:
        return {
            row["provision"]: Provision(
                row["provision"],
                row["citation_sv"],
                row["says_sv"],
                row["says_en"],
                date.fromisoformat(row["valid_from"]) if row["valid_from"] else None,
                date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
                row["source"],
            )
            for row in csv.DictReader(file)
        }


PROVISIONS = _read()
