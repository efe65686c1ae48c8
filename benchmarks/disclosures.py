"""Speed and memory of the audit of disclosures, against a hand-written script and against great-expectations, in one run.

    python benchmarks/disclosures.py [--data DIR] [--runs 3] [--out benchmarks/results.json]

Without --data an invented month of 1,000,000 disclosures, 100,000 cases and 20,000 staff is made first (sample_data/generate.py). Times are
in seconds, of wall clock and of CPU; memory is the peak resident set of the process in MiB. Equal answers are asserted, ratios printed.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
AGREEMENT = ROOT / "sample_data" / "exempelavtal.yaml"
Run = dict[str, Any]


def generate(folder: Path, disclosures: int) -> Path:
    """Make an invented month as Parquet; 10 disclosures a case, 50 a user."""
    command = [sys.executable, ROOT / "sample_data" / "generate.py", "--out", folder, "--dress", "parquet"]
    command += ["--disclosures", disclosures, "--cases", disclosures // 10, "--staff", disclosures // 50]
    command += ["--accesses", 0]
    subprocess.run([str(part) for part in command], check=True, stdout=subprocess.DEVNULL)
    return folder


def whole_process(command: list[Any]) -> Run:
    """Run a command as a process; what it took from its start to its end."""
    start = time.perf_counter()
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL, cwd=ROOT)
    _pid, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    if status:
        raise SystemExit(f"{command[1:4]} ended with status {status}")
    return {"wall": wall, "cpu": usage.ru_utime + usage.ru_stime, "memory": usage.ru_maxrss / 1024}


def whole_audit(data: Path, out: Path | None = None) -> Run:
    """The whole program as a process: everything read, answered and written; kept in the folder `out`, if one is named."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "auditor", "audit", data, "--agreement", AGREEMENT, "--quiet"]
        return whole_process([*command, "--out", out or Path(folder) / "out", "--key-file", Path(folder) / "key"])


def part(name: str, *arguments: Path) -> Run:
    """Run a part of parts.py in a process of its own; what it measured."""
    command = [sys.executable, str(ROOT / "benchmarks" / "parts.py"), name, *map(str, arguments)]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return dict(json.loads(output.splitlines()[-1])) if output.strip() else {}


def evaluate(data: Path, runs: int) -> dict[str, list[Run]]:
    """Ours and the hand-written script by turns, from the same canonical tables; equal answers are asserted. Then great-expectations."""
    with tempfile.TemporaryDirectory() as made:
        canonical = Path(made)
        part("canonical", canonical, data)
        found: dict[str, list[Run]] = {"ours": [], "peer": [], "great_expectations": []}
        for _turn in range(runs):
            for name in ("ours", "peer"):
                found[name].append(part(name, canonical))
            mine, theirs = found["ours"][-1], found["peer"][-1]
            for figures in ("counts", "verdicts"):
                assert mine[figures] == theirs[figures], (figures, mine[figures], theirs[figures])
        found["great_expectations"].append(part("expectations", canonical))
    for run in found["ours"] + found["peer"]:
        del run["counts"], run["verdicts"]
    return found


def machine() -> dict[str, Any]:
    """What the numbers were measured on. ``load`` is how many processes wanted a core in the minute before."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "cores": os.cpu_count(),
        "memory_gib": round(memory, 1),
        "system": platform.platform(),
        "python": platform.python_version(),
        **{name: version(name) for name in ("duckdb", "pyarrow", "pandas", "great-expectations")},
        "load": round(os.getloadavg()[0], 2),
        "date": time.strftime("%Y-%m-%d"),
    }


def figures(name: str, runs: list[Run]) -> str:
    """A row of the table: least and median of each figure."""

    def pair(figure: str) -> str:
        values = [run[figure] for run in runs]
        return f"{min(values):8.2f} {statistics.median(values):8.2f}"

    memory = f"{max(run['memory'] for run in runs):8.0f}" if "memory" in runs[0] else ""
    return f"{name:<44}{pair('wall')} {pair('cpu')} {memory}"


def ratio(above: list[Run], below: list[Run], figure: str) -> float:
    """Median of the one by median of the other."""
    return statistics.median(run[figure] for run in above) / statistics.median(run[figure] for run in below)


def report(results: dict[str, Any]) -> dict[str, float]:
    """Print the table and the ratios; the ratios."""
    print(json.dumps(results["machine"]))
    print(f"{'seconds':<44}{'wall min':>8} {'median':>8} {'CPU min':>8} {'median':>8} {'MiB':>8}")
    expectations = results["great_expectations"]
    same_rules = [run["ours"]["judging"] for run in expectations]
    for name, runs in (
        ("whole audit, 100,000 disclosures", results["audit_100000"]),
        ("whole audit, 1,000,000 disclosures", results["audit_1000000"]),
        ("evaluating all checks: ours", results["ours"]),
        ("evaluating all checks: hand-written script", results["peer"]),
        (f"{len(expectations[0]['rules'])} row rules: great-expectations", expectations),
        ("the same rules: ours, judging alone", same_rules),
    ):
        print(figures(name, runs))
    ratios = {}
    for figure in ("wall", "cpu"):
        ratios |= {
            f"growth_{figure}": ratio(results["audit_1000000"], results["audit_100000"], figure),
            f"ours_to_peer_{figure}": ratio(results["ours"], results["peer"], figure),
            f"expectations_to_all_of_ours_{figure}": ratio(expectations, results["ours"], figure),
            f"expectations_to_same_rules_{figure}": ratio(expectations, same_rules, figure),
        }
    print(f"{'ratios':<68}{'wall':>8} {'CPU':>8}")
    for name, words in (
        ("growth", "ten times the disclosures, time of the whole audit (at most 11)"),
        ("ours_to_peer", "ours to the hand-written script (at most 2)"),
        ("expectations_to_all_of_ours", "great-expectations to ours, its rules to all our checks and joins"),
        ("expectations_to_same_rules", "great-expectations to ours, the same rules, joins made (at least 10)"),
    ):
        print(f"{words:<68}{ratios[f'{name}_wall']:8.2f} {ratios[f'{name}_cpu']:8.2f}")
    return ratios


def main() -> None:
    """Measure, compare, print and write the results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="a month of 1,000,000 disclosures as Parquet")
    parser.add_argument("--runs", type=int, default=3, help="how often each is measured (default 3; great-expectations once)")
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks" / "results.json", help="where the results go, as JSON")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        data = options.data or generate(Path(made) / "1000000", 1_000_000)
        tenth = generate(Path(made) / "100000", 100_000)
        results: dict[str, Any] = {"machine": machine()}
        for name, folder in (("audit_100000", tenth), ("audit_1000000", data)):
            results[name] = [whole_audit(folder) for _ in range(options.runs)]
        results |= evaluate(data, options.runs)
    results["ratios"] = report(results)
    options.out.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
