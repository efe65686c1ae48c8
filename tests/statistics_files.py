"""Tables of statistics for tests, written down as lines of text, and their check through the command line."""

from __future__ import annotations

import json
from pathlib import Path

from auditor.release.model import RawTable
from auditor.statistics.model import Settings, StatisticsTable
from auditor.statistics.tables import understand_table
from tests.conftest import run_program
from tests.exports import write_agreement
from tests.releases import Answer

RELEASED, STOPPED, REJECTED, UNSHOWN = 0, 1, 3, 4
#: A table that may leave.
SOUND = """Kommun;Flickor;Pojkar;Totalt
Nacka;17;25;42
Solna;12;31;43
Totalt;29;56;85
"""


def write(folder: Path, text: str, name: str = "statistik.csv") -> Path:
    """Write a table as a CSV file."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def check_statistics(folder: Path, *files: Path | str, options: tuple[str | Path, ...] = (), out: str = "out") -> Answer:
    """Check files of statistics; texts are written as ``statistik.csv``, ``statistik-2.csv`` ..."""
    names = ["statistik.csv", *(f"statistik-{number}.csv" for number in range(2, 10))]
    paths = [write(folder, file, name) if isinstance(file, str) else file for file, name in zip(files, names, strict=False)]
    if not (folder / "avtal.yaml").exists():
        write_agreement(folder)
    given = ("--statistics", "--agreement", folder / "avtal.yaml", "--out", folder / out, "--force", "--lang", "en")
    ran = run_program("check-export", *paths, *given, *options)
    written = ran.code in (RELEASED, STOPPED, UNSHOWN)
    record = json.loads((folder / out / "release.json").read_text(encoding="utf-8")) if written else {}
    return Answer(ran, record, (folder / out / "release.html").read_text(encoding="utf-8") if written else "")


def places(answer: Answer, code: str) -> list[str]:
    """The places of the first reason of that code, without the file's name; none where there is no such reason."""
    reasons = [r for f in answer.record["files"] for r in f["reasons"] if r["code"] == code]
    return [place.partition(", ")[2] for place in reasons[0]["places"]] if reasons else []


def understood(text: str, settings: Settings | None = None) -> StatisticsTable:
    """A table as the rules see it. Lines count from 2, as in a file."""
    headings, *rows = [line.split(";") for line in text.strip().splitlines()]
    raw = RawTable(1, "t.csv", tuple(headings), tuple(f"c{n}" for n in range(len(headings))), Path("t.csv"), len(rows))
    cells = [(line, [cell or None for cell in row]) for line, row in enumerate(rows, start=2)]
    return understand_table(raw, cells, settings or Settings())
