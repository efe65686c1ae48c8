"""The provisions that checks cite: what a rule of the catalogue rests on, and the days each was in force.

The table is ``provisions.csv`` beside this module: ``provision`` (id), ``citation_sv``, ``says_sv`` and ``says_en`` (one line
each), ``valid_from``, ``valid_to`` (dates, both ends included, empty = open), ``source``. Checks import a constant, never a
string, so that a provision that does not exist cannot be cited; every row has one, named after its id. Sources: docs/law.md.
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

GDPR_5_1_A = PROVISIONS["GDPR 5.1 a"]
GDPR_5_1_B = PROVISIONS["GDPR 5.1 b"]
GDPR_5_1_C = PROVISIONS["GDPR 5.1 c"]
GDPR_5_1_D = PROVISIONS["GDPR 5.1 d"]
GDPR_5_1_F = PROVISIONS["GDPR 5.1 f"]
GDPR_5_2 = PROVISIONS["GDPR 5.2"]
GDPR_6_1 = PROVISIONS["GDPR 6.1"]
GDPR_9 = PROVISIONS["GDPR 9"]
GDPR_10 = PROVISIONS["GDPR 10"]
GDPR_12_3 = PROVISIONS["GDPR 12.3"]
GDPR_15_1 = PROVISIONS["GDPR 15.1"]
GDPR_15_1_E = PROVISIONS["GDPR 15.1 e"]
GDPR_15_4 = PROVISIONS["GDPR 15.4"]
GDPR_16 = PROVISIONS["GDPR 16"]
GDPR_32 = PROVISIONS["GDPR 32"]
GDPR_33_1 = PROVISIONS["GDPR 33.1"]
GDPR_33_5 = PROVISIONS["GDPR 33.5"]
GDPR_34_1 = PROVISIONS["GDPR 34.1"]
GDPR_77_1 = PROVISIONS["GDPR 77.1"]
DSL_5_1 = PROVISIONS["DSL 5:1"]
OSL_8_1 = PROVISIONS["OSL 8:1"]
OSL_8_2 = PROVISIONS["OSL 8:2"]
OSL_10_1 = PROVISIONS["OSL 10:1"]
OSL_10_2 = PROVISIONS["OSL 10:2"]
OSL_10_15A = PROVISIONS["OSL 10:15a"]
OSL_10_20 = PROVISIONS["OSL 10:20"]
OSL_10_23 = PROVISIONS["OSL 10:23"]
OSL_10_27 = PROVISIONS["OSL 10:27"]
OSL_10_28 = PROVISIONS["OSL 10:28"]
OSL_12_3 = PROVISIONS["OSL 12:3"]
OSL_21_3 = PROVISIONS["OSL 21:3"]
OSL_21_3A = PROVISIONS["OSL 21:3a"]
OSL_22_2 = PROVISIONS["OSL 22:2"]
OSL_26_1 = PROVISIONS["OSL 26:1"]
OSL_26_2 = PROVISIONS["OSL 26:2"]
OSL_26_9_P1 = PROVISIONS["OSL 26:9 p1"]
OSL_26_9A = PROVISIONS["OSL 26:9a"]
OSL_35_1 = PROVISIONS["OSL 35:1"]
SOL_1_2 = PROVISIONS["SoL 1:2"]
SOL_2A = PROVISIONS["SoL 2a"]
SOL_11_1A = PROVISIONS["SoL 11:1a"]
SOL_11_5 = PROVISIONS["SoL 11:5"]
SOL_14_1 = PROVISIONS["SoL 14:1"]
SOL_14_1B = PROVISIONS["SoL 14:1b"]
SOL_3_1 = PROVISIONS["SoL 3:1"]
SOL_14_3 = PROVISIONS["SoL 14:3"]
SOL_19_1 = PROVISIONS["SoL 19:1"]
SOL_19_6 = PROVISIONS["SoL 19:6"]
SOL_19_6_2026 = PROVISIONS["SoL 19:6 2026"]
SOL_20_1 = PROVISIONS["SoL 20:1"]
SOL_20_2 = PROVISIONS["SoL 20:2"]
SOL_29_1 = PROVISIONS["SoL 29:1"]
SOL_29_9 = PROVISIONS["SoL 29:9"]
SOLPUL_7 = PROVISIONS["SoLPuL 7"]
SOLPUL_10 = PROVISIONS["SoLPuL 10"]
SOLPUF_11 = PROVISIONS["SoLPuF 11"]
KL_9_37 = PROVISIONS["KL 9:37"]
LAG_2025_170_8 = PROVISIONS["Lag 2025:170 8"]
LAG_1930_173_1 = PROVISIONS["Lag 1930:173 1"]
LAG_1930_173_2 = PROVISIONS["Lag 1930:173 2"]
FOL_18 = PROVISIONS["FOL 18"]
