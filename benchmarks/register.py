"""A register of five years: ``python benchmarks/register.py [--folder DIR] [--out results.json]``.

60 runs, 200,000 findings and 20,000 decisions are put in by the program's own functions; then a month is added, a month is listed and a
report's account is made, each several times. Status 1 when adding takes more than 5 s or listing more than 1 s (the best of the runs, wall
clock). Findings are invented: half are about disclosures and belong to their month, half about cases and stand for one to five months.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from auditor.findings import FINDING_SCHEMA
from auditor.register import Capacity, Decision, DecisionKind, Register, add_month, months
from auditor.register.account import account_of
from auditor.register.deadlines import due
from auditor.register.decisions import decide
from auditor.register.journal import faults
from auditor.register.listing import listed
from auditor.register.months import Facts

ROOT = Path(__file__).resolve().parent.parent
RUNS, FINDINGS, DECISIONS = 60, 200_000, 20_000
MOST_ADDING, MOST_LISTING = 5.0, 1.0
_TIMES = 3
_EVIDENCE = json.dumps({"reported_at": "2024-01-03T09:00:00", "assessment_due": "2024-01-17", "decided_at": None})


def main() -> int:
    """Fill a register, measure, print; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, help="where the register lies; a temporary folder if left out")
    parser.add_argument(
        "--fill-in", type=Path, help="a fast folder to fill the register in, such as /dev/shm; it is then moved"
    )
    parser.add_argument("--filled", type=Path, help="a register that was filled before, to be measured only; it is copied")
    parser.add_argument("--keep", type=Path, help="where the filled register is kept, for --filled")
    parser.add_argument("--out", type=Path, help="a file for the figures as JSON")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.folder) as name, tempfile.TemporaryDirectory(dir=asked.fill_in) as fast:
        path, figures = Path(name) / "register.db", {}
        if asked.filled:
            shutil.copy(asked.filled, path)
        else:
            figures = filling(path, Path(fast))
        if asked.keep:
            shutil.copy(path, asked.keep)
        figures |= measured(path)
    print(json.dumps(figures, indent=2))
    if asked.out:
        asked.out.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    within = figures["add_month_s"] <= MOST_ADDING and max(figures["list_s"], figures["list_command_s"]) <= MOST_LISTING
    return 0 if within else 1


def filling(path: Path, fast: Path) -> dict[str, Any]:
    """Make the register, in the fast folder; what that took."""
    made = fast / "register.db"
    started = time.perf_counter()
    fingerprints = filled(made, fast)
    then = time.perf_counter()
    decided(made, fingerprints)
    deciding = time.perf_counter() - then
    shutil.move(made, path)
    return {"fill_60_months_s": round(then - started, 2), "decide_one_ms": round(deciding / DECISIONS * 1000, 2)}


def measured(path: Path) -> dict[str, Any]:
    """What everything takes, in seconds of wall clock, with what the register holds."""
    folder = path.parent
    report = run_folder(folder, RUNS)
    figures: dict[str, Any] = {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "load_at_start": os.getloadavg()[0],
        "register_mib": round(path.stat().st_size / 2**20, 1),
    }
    copies = iter([Path(shutil.copy(path, folder / f"copy{n}.db")) for n in range(_TIMES)])
    figures["add_month_s"] = best(lambda: added(next(copies), report))
    figures["add_month_again_s"] = best(lambda: added(folder / "copy0.db", report))
    with Register(path) as register:
        known = register.rows("SELECT fingerprint FROM findings ORDER BY finding DESC LIMIT 1")[0][0]
        figures["findings"] = register.rows("SELECT count(*) FROM findings")[0][0]
        figures["decisions"] = register.rows("SELECT count(*) FROM decisions")[0][0]
        last = months(register)[-1]
        figures["list_s"] = best(lambda: listed(register, last, date(2030, 1, 1)))
        figures["due_s"] = best(lambda: due(register, datetime(2030, 1, 1, 8)))
        facts = Facts(*last_days(RUNS), "", "", "", "", 0, 0, 0)
        found = report / "findings.parquet"
        figures["account_for_report_s"] = best(
            lambda: account_of(register, facts, found, folder, datetime(2030, 1, 1, 8)),
        )
        figures["verify_s"] = best(lambda: faults(register), times=1)
    figures["list_command_s"] = best(lambda: command("findings", "list", "--register", path))
    figures["decide_command_s"] = best(
        lambda: command("findings", "decide", known, "--as", "false-alarm", "--capacity", "controller", "--by", "N. N.",
                        "--reason", "x", "--register", path)
    )  # fmt: skip
    figures["peak_mib"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    return figures


def filled(path: Path, folder: Path) -> list[str]:
    """A register with every run but the last; returns the fingerprints it holds, oldest first."""
    fingerprints: dict[str, None] = {}
    for number in range(RUNS):
        report = run_folder(folder, number)
        with Register(path, create=True) as register:
            add_month(register, report)
        fingerprints |= dict.fromkeys(pq.read_table(report / "findings.parquet", columns=["fingerprint"])[0].to_pylist())
        shutil.rmtree(report)
    return list(fingerprints)


def decided(path: Path, fingerprints: list[str]) -> None:
    """Decisions about every tenth finding: false alarms, justified ones (half of them expired), breaches and reports."""
    with Register(path) as register:
        for number, fingerprint in enumerate(fingerprints[:: len(fingerprints) // DECISIONS][:DECISIONS]):
            decide(register, fingerprint, _decision(number))


def _decision(number: int) -> Decision:
    day = date(2026, 1, 15)
    if number % 10 == 0:
        return Decision(DecisionKind.BREACH, Capacity.CONTROLLER, "N. N.", day, aware_at=datetime(2026, 1, 14, 8))
    if number % 10 < 5:
        expires = day + timedelta(days=30 if number % 2 else 3650)
        return Decision(DecisionKind.JUSTIFIED, Capacity.CONTROLLER, "N. N.", day, "Väntar på tolk.", "N. N.", expires)
    return Decision(DecisionKind.FALSE_ALARM, Capacity(("controller", "officer")[number % 2]), "N. N.", day, "Fel datum.")


def added(path: Path, report: Path) -> None:
    """Add a month."""
    with Register(path) as register:
        add_month(register, report)


def command(*arguments: object) -> None:
    """The program as a process, with all that it says thrown away."""
    words = [sys.executable, "-m", "auditor", *map(str, arguments)]
    subprocess.run(words, cwd=ROOT, stdout=subprocess.DEVNULL, check=True)


def best(work: Callable[[], object], times: int = _TIMES) -> float:
    """The shortest of several runs, in seconds of wall clock; the least CPU, with that of processes started, is printed beside."""
    took, worked = [], []
    for _run in range(times):
        wall, cpu = time.perf_counter(), sum(os.times()[:4])
        work()
        took.append(time.perf_counter() - wall)
        worked.append(sum(os.times()[:4]) - cpu)
    print(f"  {min(took):.3f} s wall, {min(worked):.3f} s CPU", file=sys.stderr, flush=True)
    return round(min(took), 3)


def last_days(number: int) -> tuple[str, str]:
    """The first and the last day of a run's month; the first run is January 2021."""
    year, month = 2021 + number // 12, number % 12
    first, following = date(year, month + 1, 1), date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return first.isoformat(), (following - timedelta(days=1)).isoformat()


def run_folder(folder: Path, number: int) -> Path:
    """A report folder as an audit leaves it: findings and manifest."""
    report = folder / f"run{number}"
    report.mkdir()
    first, last = last_days(number)
    rows = list(_findings(number, datetime.fromisoformat(first)))
    pq.write_table(pa.Table.from_pylist(rows, schema=FINDING_SCHEMA), report / "findings.parquet")
    content = (report / "findings.parquet").read_bytes()
    manifest = {
        "manifest": 1,
        "program": {"name": "en-ingang-auditor", "version": "0.1.0"},
        "agreement": {"sha256": "0" * 64},
        "law_table": {"sha256": "0" * 64},
        "inputs": [],
        "period": {"from": first, "to": last},
        "controller": None,
        "options": {},
        "verdicts": {"within": 2000, "outside": 200, "undetermined": 300},
        "checks": {"P8": "run", "R1": "run", "A1": "table_absent"},
        "outputs": [{"file": "findings.parquet", "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}],
    }
    (report / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return report


def _findings(number: int, first: datetime) -> Iterator[dict[str, Any]]:
    """As many new findings as make 200,000 in all; those about cases stand for one to five months."""
    new = FINDINGS // RUNS + 1
    for place in range(new // 2):
        yield _finding("R1", "critical", "disclosure", f"U-{number}-{place}", first + timedelta(minutes=place))
    for age in range(min(5, number + 1)):
        for place in range(new - new // 2):
            if place % 5 >= age:
                yield _finding("P8", "medium", "case", f"SN-{number - age}-{place}", first - timedelta(days=30 * age))


def _finding(check: str, severity: str, entity_type: str, entity: str, at: datetime) -> dict[str, Any]:
    return {
        "check": check,
        "name": "invented",
        "kind": "scope" if check == "R1" else "conduct",
        "severity": severity,
        "answer": "violation",
        "entity_type": entity_type,
        "entity": entity,
        "case_id": entity,
        "at": at,
        "user_id": "sthlm01",
        "organisation": "0182",
        "controller": "0180",
        "evidence": _EVIDENCE,
        "missing": None,
        "law": "20 kap. 2 § socialtjänstlagen (2025:400)",
        "fingerprint": hashlib.sha256(f"{check}|{entity}".encode()).hexdigest()[:32],
    }


if __name__ == "__main__":
    raise SystemExit(main())
