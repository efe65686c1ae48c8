"""What pycanon and ACRO say of shared examples, for ``tests/statistics_oracles.json``, which our own rules are tested against.

Both exclude pandas 3, so each runs in an environment of its own, and this module imports nothing of the program:

    python3.11 -m venv /tmp/pycanon && /tmp/pycanon/bin/pip install pycanon==1.3.6
    python3.11 -m venv /tmp/acro && /tmp/acro/bin/pip install acro==1.0.2
    /tmp/pycanon/bin/python benchmarks/statistics_oracles.py pycanon tests/statistics_oracles.json
    /tmp/acro/bin/python benchmarks/statistics_oracles.py acro tests/statistics_oracles.json

Each run replaces its own part of the file. All rows are invented; no row is about a person.
"""

from __future__ import annotations

import json
import logging
import random
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

#: ACRO's own default settings, under which it is asked: the least count, the (n, k)-rule and the p%-rule.
SETTINGS = {"threshold": 10, "n": 2, "k_percent": 90, "p_percent": 10}


def people(seed: int, rows: int) -> list[dict[str, str]]:
    """Rows of microdata: three quasi-identifiers and two sensitive columns."""
    draw = random.Random(seed)
    municipalities = ["0115", "0120", "0180", "0182"][: 1 + seed % 4]
    concerns = ["gang_crime", "violence", "neglect", "substance_abuse"][: 1 + seed % 3]
    return [
        {
            "kommun": draw.choice(municipalities),
            "kön": draw.choice(["F", "P"]),
            "ålder": str(draw.randint(12, 12 + seed % 5)),
            "oro": draw.choice(concerns),
            "beslut": draw.choice(["opened", "not_opened"]),
        }
        for _ in range(rows)
    ]


def payments(seed: int, rows: int) -> list[dict[str, Any]]:
    """Contributions to a table of sums: two dimensions, and amounts of which a few are far greater than the rest."""
    draw = random.Random(seed)
    return [
        {
            "kommun": draw.choice(["Nacka", "Solna", "Täby", "Värmdö"]),
            "insats": draw.choice(["stöd", "placering", "öppenvård"]),
            "kronor": int(draw.paretovariate(0.6 + 0.1 * (seed % 5)) * 100),
        }
        for _ in range(rows)
    ]


MICRODATA = {f"people-{seed}": people(seed, rows) for seed, rows in ((1, 40), (2, 60), (3, 80), (4, 150), (5, 400), (6, 30))}
MAGNITUDES = {f"payments-{seed}": payments(seed, rows) for seed, rows in ((1, 90), (2, 150), (3, 300), (4, 60), (5, 600))}
QUASI, SENSITIVE = ["kommun", "kön", "ålder"], ["oro", "beslut"]


def by_pycanon() -> dict[str, Any]:
    """k, and l for each sensitive column and for all of them, of every example of microdata."""
    import pandas as pd
    from pycanon import anonymity

    said = {}
    for name, rows in MICRODATA.items():
        for quasi in (QUASI, QUASI[:2], QUASI[:1]):
            frame = pd.DataFrame(rows)
            said[f"{name} {','.join(quasi)}"] = {
                "k": int(anonymity.k_anonymity(frame, quasi)),
                "l": {column: int(anonymity.l_diversity(frame, quasi, [column])) for column in SENSITIVE},
                "l_all": int(anonymity.l_diversity(frame, quasi, SENSITIVE)),
            }
    return {"versions": versions("pycanon"), "examples": said}


def by_acro() -> dict[str, Any]:
    """The rules that every cell of a table of sums, and of a table of counts, fails; margins are cells too."""
    logging.disable(logging.CRITICAL)
    import acro
    import pandas as pd

    rules = {"MinimumThresholdCheck": "threshold", "NKCheck": "nk", "PPercentCheck": "p_percent"}
    said = {}
    for name, rows in MAGNITUDES.items():
        frame = pd.DataFrame(rows)
        for table, values in (("sum", {"values": frame.kronor, "aggfunc": "sum"}), ("count", {})):
            session = acro.ACRO(suppress=False)
            session.crosstab(frame.kommun, frame.insats, margins=True, margins_name="Totalt", **values)
            (result,) = session.results.results.values()
            outcome = result.outcome
            said[f"{name} {table}"] = {
                f"{row}|{column}": sorted(word for rule, word in rules.items() if rule in str(outcome.loc[row, column]))
                for row in outcome.index
                for column in outcome.columns
            }
    return {"versions": versions("acro"), "settings": SETTINGS, "examples": said}


def versions(package: str) -> dict[str, str]:
    """The versions with which the examples were run."""
    return {name: version(name) for name in (package, "pandas", "numpy")}


def as_lines(rows: list[dict[str, Any]]) -> str:
    """Rows as the text of a file with ``;`` between its cells."""
    return "".join(";".join(map(str, cells)) + "\n" for cells in [list(rows[0]), *(row.values() for row in rows)])


def main() -> None:
    """Ask the package named and write down what it says."""
    package, path = sys.argv[1], Path(sys.argv[2]).resolve()
    said = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    with tempfile.TemporaryDirectory() as folder:
        import os

        os.chdir(folder)  # ACRO writes files where it stands
        said[package] = {"pycanon": by_pycanon, "acro": by_acro}[package]()
    said["microdata"] = {name: as_lines(rows) for name, rows in MICRODATA.items()}
    said["magnitudes"] = {name: as_lines(rows) for name, rows in MAGNITUDES.items()}
    text = json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
