"""Speed and memory of the audit of an access log: as it grows, against a hand-written script, and with logs made to be awkward.

    python benchmarks/accesses.py [--data DIR] [--small DIR] [--only NAME ...] [--runs 1] [--out benchmarks/accesses-results.json]

Without --data an invented month of 10,000,000 accesses and 1,000,000 disclosures is made first, without --small one of a tenth of it
(sample_data/generate.py). The awkward logs are the small one with its accesses changed. Times are in seconds, of wall clock and of CPU;
memory is the peak resident set of the process in MiB. A run of the awkward logs that takes more than ten times the CPU of the small
month, or more than 4 GiB, ends the command with status 1.

The hand-written script (peer_month.sql) answers the whole catalogue from the same files, by turns with the audit, each as a whole process.
What is asserted to be the same, outside the timed processes: the counts of every check that ran; the verdict of every disclosure, and what
left it open; the pile of every access, and what explains it; and the findings, row by row with evidence and missing columns, in Parquet and
in CSV. Ratios are printed.

What the two do not do alike. The audit reads every column of whatever export it is given, understands it by a mapping or by itself and looks
for faults in it (the script reads the columns it needs of Parquet as the generator makes it, knows which cells can be wrong, and asserts
what it takes for granted). The audit takes the agreement, the law table and the period from files (the script has one of each in it as
literals). The audit gives each finding its name, the provisions in force and a fingerprint, looks for personal numbers in every id and puts
pseudonyms in their place, puts the data contract to the export, and writes incidents, the reconciliation of the logs, quarantine,
undetermined accesses, the officer's report and a manifest with the hash of every file; it sorts what it writes, so that the same input
gives the same bytes. It packs Parquet more tightly (zstd, the script leaves DuckDB's default), and its CSV is made safe for a spreadsheet.
The script does none of this. The ratio therefore tells what all of that costs beside the same answers in the same files.
"""

from __future__ import annotations

import argparse
import csv
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
from disclosures import ROOT, Run, figures, machine, ratio, whole_audit, whole_process

MOST_MEMORY = 4096
MOST_GROWTH = 10
#: What is compared of a finding; the audit's also have name, law and fingerprint.
FINDING = (
    *("check", "kind", "severity", "answer", "entity_type", "entity", "case_id", "at", "user_id", "organisation", "controller"),
    *("evidence", "missing"),
)
#: What the script writes as the audit does, and the columns that are compared.
SCRIPTED = {
    "verdicts.parquet": ("disclosure_id", "verdict", "undetermined_because"),
    "accesses.parquet": ("event_id", "pile", "explanation"),
    "findings.parquet": FINDING,
    "findings.csv": FINDING,
}
#: Name -> the columns of the accesses that are replaced.
AWKWARD = {
    "one user, all in a day": (
        "(SELECT mode(user_id) FROM source) AS user_id, TIMESTAMP '2026-10-07 00:00:00' + to_microseconds(86399000000 * number // rows) AS \"at\""
    ),
    "one case": "(SELECT mode(case_id) FROM source) AS case_id",
    "one moment": "TIMESTAMP '2026-10-07 12:00:00' AS \"at\"",
    "every access a violation": "'unknown' || number % 1000 AS user_id, 'export' AS action, NULL::VARCHAR AS reason",
}


def generate(folder: Path, accesses: int) -> Path:
    """Make an invented month as Parquet: for 100 accesses 10 disclosures, a case, 3 assignments; 500 accesses a user."""
    command = [sys.executable, ROOT / "sample_data" / "generate.py", "--out", folder, "--dress", "parquet"]
    command += ["--accesses", accesses, "--disclosures", accesses // 10, "--cases", accesses // 100]
    command += ["--staff", accesses // 500, "--assignments", accesses * 3 // 100]
    subprocess.run([str(part) for part in command], check=True, stdout=subprocess.DEVNULL)
    return folder


def make_awkward(small: Path, folder: Path, columns: str) -> Path:
    """The small month with some columns of its accesses replaced."""
    shutil.copytree(small, folder)
    source = str(small / "accesses.parquet").replace("'", "''")
    target = str(folder / "accesses.parquet").replace("'", "''")
    with duckdb.connect() as engine:
        engine.execute(
            f"CREATE TABLE source AS SELECT *, row_number() OVER () AS number, count(*) OVER () AS rows FROM '{source}'"
        )
        engine.execute(
            f"COPY (SELECT * EXCLUDE (number, rows) FROM (SELECT * REPLACE ({columns}) FROM source)) TO '{target}' (FORMAT parquet)"
        )
    return folder


def hand_written(data: Path, audited: Path) -> Run:
    """The hand-written script as a process; that it answers what the audit answered is asserted."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        run = whole_process([sys.executable, ROOT / "benchmarks" / "parts.py", "peer_month", data, out])
        theirs = json.loads((out / "counts.json").read_text(encoding="utf-8"))
        with (audited / "counts.csv").open(encoding="utf-8-sig", newline="") as file:
            rows = [row for row in csv.DictReader(file, delimiter=";") if row["state"] == "run"]
        answers = ("pass", "violation", "undetermined", "not_applicable")
        ours = {row["check"]: [int(row[answer]) for answer in answers] for row in rows}
        assert ours == theirs, {check: (ours.get(check), theirs.get(check)) for check in ours.keys() | theirs.keys()}
        for name, columns in SCRIPTED.items():
            assert_same_rows(audited / name, out / name, columns, Path(folder))
    return run


def assert_same_rows(ours: Path, theirs: Path, columns: Sequence[str], private: Path) -> None:
    """That two files hold the same rows, in whatever order and each as often; what lies in memory no longer goes to ``private``."""
    named = ", ".join(f'"{column}"' for column in columns)

    def rows(path: Path) -> str:
        quoted = "'" + str(path).replace("'", "''") + "'"
        read = f"read_csv({quoted}, delim=';', header=true, all_varchar=true)" if path.suffix == ".csv" else quoted
        return f"SELECT {named} FROM {read}"

    with duckdb.connect(config={"threads": 2, "memory_limit": "6GiB", "temp_directory": str(private)}) as engine:
        for one, other in ((ours, theirs), (theirs, ours)):
            alone = engine.execute(f"{rows(one)} EXCEPT ALL {rows(other)} LIMIT 5").fetchall()
            assert not alone, (f"only in {one}", alone)


def by_turns(data: Path, runs: int) -> tuple[list[Run], list[Run]]:
    """The whole audit and the hand-written script of the same month, one after the other."""
    audits, scripts = [], []
    for _turn in range(runs):
        with tempfile.TemporaryDirectory() as kept:
            audits.append(whole_audit(data, Path(kept) / "out"))
            scripts.append(hand_written(data, Path(kept) / "out"))
    return audits, scripts


def report(results: dict[str, Any]) -> dict[str, float]:
    """Print the table and the ratios; the ratios."""
    print(json.dumps(results["machine"]))
    print(f"{'seconds':<44}{'wall min':>8} {'median':>8} {'CPU min':>8} {'median':>8} {'MiB':>8}")
    audits, scripts, ratios = results["audits"], results["scripts"], {}
    for name, runs in audits.items():
        print(figures(name, runs))
        if name in scripts:
            print(figures(f"{name}, hand-written script", scripts[name]))
    small = audits.get("small")
    for name, runs in audits.items():
        if small and name != "small":
            ratios[name] = ratio(runs, small, "cpu")
            print(f"{name + ', CPU to that of the small month':<68}{ratios[name]:>8.2f}")
    for name in scripts:
        for figure in ("wall", "cpu"):
            ratios[f"{name}, audit to script, {figure}"] = ratio(audits[name], scripts[name], figure)
            words = f"{name}, the whole audit to the hand-written script, {figure}"
            print(f"{words:<68}{ratios[f'{name}, audit to script, {figure}']:>8.2f}")
    return ratios


def main() -> int:
    """Measure, print and write the results; 1 when an awkward log took too much."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="a folder with the large month")
    parser.add_argument("--small", type=Path, help="a folder with the small month")
    parser.add_argument("--accesses", type=int, default=10_000_000, help="accesses of the large month, if it is made")
    parser.add_argument("--only", nargs="+", choices=["small", "large", *AWKWARD], help="measure these alone")
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks" / "accesses-results.json")
    given = parser.parse_args()
    wanted = given.only or ["small", "large", *AWKWARD]
    audits: dict[str, list[Run]] = {}
    scripts: dict[str, list[Run]] = {}
    with tempfile.TemporaryDirectory() as made:
        small = given.small or generate(Path(made) / "small", given.accesses // 10)
        for name in wanted:
            if name == "small":
                data = small
            elif name == "large":
                data = given.data or generate(Path(made) / "large", given.accesses)
            else:
                data = make_awkward(small, Path(made) / "awkward", AWKWARD[name])
            if name in AWKWARD:
                audits[name] = [whole_audit(data) for _turn in range(given.runs)]
                shutil.rmtree(data)
            else:
                audits[name], scripts[name] = by_turns(data, given.runs)
                print(figures(f"{name}, hand-written script", scripts[name]), flush=True)
            print(figures(name, audits[name]), flush=True)
    results: dict[str, Any] = {"machine": machine(), "audits": audits, "scripts": scripts}
    results["ratios"] = report(results)
    given.out.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    awkward = [name for name in audits if name in AWKWARD]
    too_much = [name for name in awkward if max(run["memory"] for run in audits[name]) > MOST_MEMORY]
    too_slow = [name for name in awkward if results["ratios"].get(name, 0) > MOST_GROWTH]
    return 1 if too_much or too_slow else 0


if __name__ == "__main__":
    sys.exit(main())
