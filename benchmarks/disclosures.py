"""Speed and memory of the audit of disclosures, against a hand-written script and against great-expectations, in one run.

    python benchmarks/disclosures.py [--data DIR] [--runs 3] [--out results.json]

Without --data an invented month of 1,000,000 disclosures, 100,000 cases and 20,000 staff is made first (sample_data/generate.py).
Times are in seconds of wall clock, memory is the peak resident set of the process in MiB. Equal answers are asserted, ratios printed.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
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
sys.path.insert(0, str(ROOT))


def generate(folder: Path, disclosures: int) -> Path:
    """Make an invented month as Parquet; 10 disclosures a case, 50 a user."""
    cases, staff = disclosures // 10, disclosures // 50
    command = [sys.executable, ROOT / "sample_data" / "generate.py", "--out", folder, "--dress", "parquet"]
    command += ["--disclosures", disclosures, "--cases", cases, "--staff", staff, "--accesses", 0]
    subprocess.run([str(part) for part in command], check=True, stdout=subprocess.DEVNULL)
    return folder


def whole_audit(data: Path) -> dict[str, float]:
    """The whole program as a process: everything read, answered and written."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "auditor", "audit", data, "--agreement", AGREEMENT, "--out", Path(folder) / "out"]
        command += ["--key-file", Path(folder) / "key", "--quiet"]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        start = time.perf_counter()
        subprocess.run([str(part) for part in command], check=True, stdout=subprocess.DEVNULL, cwd=ROOT)
        wall = time.perf_counter() - start
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"wall": wall, "cpu": cpu, "memory": after.ru_maxrss / 1024}


def evaluation(data: Path, with_expectations: bool) -> dict[str, Any]:
    """From canonical tables to counts and verdicts: the program's own pieces, then the hand-written script, on the same tables."""
    from auditor.agreement import load_agreement
    from auditor.audit import month_period, prepare
    from auditor.checks import CATALOGUE
    from auditor.checks.model import Of
    from auditor.engine import Engine
    from auditor.intake.taking_in import take_in
    from auditor.judging import count, give_verdicts, judge, plan
    from auditor.law.grounds import read_law_table
    from auditor.privacy import Pseudonyms

    loaded, law = load_agreement(AGREEMENT), read_law_table()
    with tempfile.TemporaryDirectory() as folder, Engine(Path(folder), [data], threads=2) as engine:
        intake = take_in(engine, data, loaded.agreement, law, Path(folder), pseudonyms=Pseudonyms(Path(folder) / "key"))
        start = time.perf_counter()
        prepare(engine, loaded, law, month_period(2026, 10))
        planned = plan(CATALOGUE, intake.present, {})
        runs = [run for of in (Of.DISCLOSURE, Of.CASE) for run in judge(engine, of, planned)]
        counts = count(engine, runs)
        verdicts = give_verdicts(engine, runs)
        ours = time.perf_counter() - start
        start = time.perf_counter()
        engine.run((ROOT / "benchmarks" / "peer.sql").read_text(encoding="utf-8"))
        peer = time.perf_counter() - start
        found = {
            row[0]: row[1:]
            for row in engine.rows('SELECT "check", pass, violation, undetermined, not_applicable FROM peer_counts')
        }
        for check, n in counts.items():
            theirs = tuple(int(value or 0) for value in found[check])
            assert theirs == (n.passed, n.violation, n.undetermined, n.not_applicable), (check, theirs, n)
        given = {row[0]: int(row[1]) for row in engine.rows("SELECT verdict, rows FROM peer_verdicts")}
        assert given == {verdict.value: n for verdict, n in verdicts.items() if n}, (given, verdicts)
        result: dict[str, Any] = {"ours": ours, "peer": peer}
        if with_expectations:
            result["great_expectations"] = expectations(engine, {check: n.violation for check, n in counts.items()})
    return result


def expectations(engine: Any, violations: dict[str, int]) -> float:
    """The row rules that great-expectations can express on one flat frame, with COMPLETE results; the same violations as ours.

    P5 channel, R6 purpose, B1 grounds, and on disclosures of the target group T3 found in, T5 reporter. Nulls count as success
    there, and as undetermined here, so violations are compared.
    """
    import great_expectations as gx
    import great_expectations.expectations as gxe

    frames = {
        "all": "SELECT number AS row_id, channel, purpose, grounds FROM with_case",
        "target": "SELECT d.number AS row_id, d.found_in, d.reporter FROM with_case AS d JOIN flows AS f "
        "ON f.flow = d.purpose WHERE f.target_group = 'required'",
    }
    channels = engine.value("SELECT approved_channels FROM terms")
    flows = [row[0] for row in engine.rows("SELECT flow FROM flows")]
    rules: dict[str, list[tuple[str, Any]]] = {
        "all": [
            ("P5", gxe.ExpectColumnValuesToBeInSet(column="channel", value_set=channels)),
            ("R6", gxe.ExpectColumnValuesToBeInSet(column="purpose", value_set=flows)),
            ("B1", gxe.ExpectColumnValuesToNotBeNull(column="grounds")),
        ],
        "target": [
            ("T3", gxe.ExpectColumnValuesToMatchRegex(column="found_in", regex="^01")),
            ("T5", gxe.ExpectColumnValuesToBeInSet(column="reporter", value_set=["police-roc"])),
        ],
    }
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    source = context.data_sources.add_pandas("frames")
    form = {"result_format": "COMPLETE", "unexpected_index_column_names": ["row_id"], "exclude_unexpected_values": True}
    spent = 0.0
    import pyarrow as pa

    for name, sql in frames.items():
        frame = pa.Table.from_batches(list(engine.batches(sql))).to_pandas()
        batch = source.add_dataframe_asset(name).add_batch_definition_whole_dataframe(name).get_batch({"dataframe": frame})
        suite = gx.ExpectationSuite(name=name, expectations=[rule for _check, rule in rules[name]])
        start = time.perf_counter()
        outcome = batch.validate(suite, result_format=form)
        spent += time.perf_counter() - start
        by_column = {(r.expectation_config.type, r.expectation_config.kwargs["column"]): r for r in outcome.results}
        for check, rule in rules[name]:
            result = by_column[rule.configuration.type, rule.column]
            assert result.exception_info.get("raised_exception") is False, check
            assert result.result["unexpected_count"] == violations[check], (check, result.result["unexpected_count"])
    return spent


def machine() -> dict[str, Any]:
    """What the numbers were measured on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    packages = {name: version(name) for name in ("duckdb", "pyarrow", "pandas", "great-expectations")}
    load = os.getloadavg()[0]
    return {
        "cores": os.cpu_count(),
        "memory_gib": round(memory, 1),
        "python": platform.python_version(),
        "load": load,
        **packages,
    }


def main() -> None:
    """Measure, compare, print and write the results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="a month of 1,000,000 disclosures as Parquet")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--out", type=Path, help="write the results as JSON")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        data = options.data or generate(Path(made) / "1000000", 1_000_000)
        tenth = generate(Path(made) / "100000", 100_000)
        results: dict[str, Any] = {"machine": machine()}
        for name, folder in (("audit_100000", tenth), ("audit_1000000", data)):
            results[name] = [whole_audit(folder) for _ in range(options.runs)]
        results["evaluation"] = [evaluation(data, with_expectations=run == 0) for run in range(options.runs)]
    report(results)
    if options.out:
        options.out.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


def report(results: dict[str, Any]) -> None:
    """Print the medians and the ratios."""

    def middle(name: str, figure: str) -> float:
        return statistics.median(run[figure] for run in results[name])

    print(json.dumps(results["machine"]))
    for name in ("audit_100000", "audit_1000000"):
        figures = f"{middle(name, 'wall'):6.1f} s wall  {middle(name, 'cpu'):6.1f} s CPU  {max(r['memory'] for r in results[name]):6.0f} MiB"
        print(f"{name:<16}{figures}")
    print(f"ten times the rows took {middle('audit_1000000', 'wall') / middle('audit_100000', 'wall'):.1f} times as long")
    ours, peer = middle("evaluation", "ours"), middle("evaluation", "peer")
    print(f"evaluating all checks: ours {ours:.2f} s, hand-written {peer:.2f} s, ratio {ours / peer:.2f}")
    theirs = results["evaluation"][0]["great_expectations"]
    print(f"great-expectations, five of the rules: {theirs:.2f} s, {theirs / ours:.1f} times ours (all rules)")


if __name__ == "__main__":
    main()
