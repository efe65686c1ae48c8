"""Make an invented month of the single entry to social services in Stockholm County.

Run it as ``python sample_data/generate.py --out FOLDER``; README.md beside this file tells what comes out.
"""

from __future__ import annotations

import argparse
import csv
import inspect
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from month.assemble import Month, build_month
from month.dresses import clean, parquet, swedish
from month.people import Pen
from month.period import MONTHS, Period
from month.staff import FEWEST

DRESSES = ("clean", "swedish", "parquet")
_FEWEST_CASES = 200
_CSV_OF_EXPECTATIONS = "planted.csv"


def main(arguments: list[str] | None = None) -> int:
    """Write the month that the command line asks for. Returns the exit code."""
    parser = _parser()
    asked = parser.parse_args(arguments)
    if asked.cases < _FEWEST_CASES:
        parser.error(f"--cases must be at least {_FEWEST_CASES}")
    if asked.staff < FEWEST:
        parser.error(f"--staff must be at least {FEWEST}")
    dresses = DRESSES if asked.dress == "all" else (asked.dress,)
    try:
        month = build_month(
            asked.seed,
            Period.of_month(asked.month),
            asked.cases,
            asked.disclosures,
            asked.staff,
            asked.accesses,
            asked.assignments,
        )
    except ValueError as error:
        parser.error(str(error))
    for dress in dresses:
        folder = asked.out / dress if asked.dress == "all" else asked.out
        folder.mkdir(parents=True, exist_ok=True)
        _put_on(dress, folder, month, asked.seed)
    if asked.dress == "all":
        _write_expectations(asked.out / _CSV_OF_EXPECTATIONS, month)
    for name, rows in month.row_counts().items():
        print(f"{name}: {rows} rows")
    if month.accesses and month.accesses.planted.left_out:
        print(f"no case for these stories: {', '.join(month.accesses.planted.left_out)}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=inspect.cleandoc(__doc__ or ""))
    parser.add_argument(
        "--out", type=Path, required=True, help="folder to write to; with --dress all one folder inside it for each dress"
    )
    parser.add_argument("--seed", type=int, default=2026, help="the same seed gives the same bytes (default 2026)")
    parser.add_argument("--month", choices=MONTHS, default="2026-10", help="the audited month (default 2026-10)")
    parser.add_argument("--cases", type=int, default=400, help="rows of cases (default 400)")
    parser.add_argument("--disclosures", type=int, default=2500, help="rows of disclosures (default 2500)")
    parser.add_argument("--staff", type=int, default=300, help="employees with an authorisation (default 300)")
    parser.add_argument("--accesses", type=int, default=20000, help="rows of the access log; 0 makes no log (default 20000)")
    parser.add_argument("--assignments", type=int, help="rows of assignments (default: as many as it takes)")
    parser.add_argument("--dress", choices=(*DRESSES, "all"), default="all", help="which export to imitate (default all three)")
    return parser


def _put_on(dress: str, folder: Path, month: Month, seed: int) -> None:
    if dress == "clean":
        clean.write(folder, month.exported)
    elif dress == "swedish":
        swedish.write(folder, month.exported, Pen(seed + 1))
    else:
        parquet.write(folder, month.exported)


def _write_expectations(path: Path, month: Month) -> None:
    """One row for each answer that a planter expects."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["planter", "check", "answer", "entity_type", "entity"])
        writer.writerows(month.expectations)


if __name__ == "__main__":
    raise SystemExit(main())
