"""What is timed, each in a process of its own: ``python benchmarks/parts.py PART FOLDER`` prints its measurements as one line of JSON.

The folder holds canonical tables as Parquet (``store_canonical``), which every part first loads into the same engine with the same settings;
only what comes after is timed. Times are seconds of wall clock and of CPU (all threads). One part is timed from without, as a whole process:
``peer_month FOLDER OUT`` runs the hand-written script of the whole catalogue on a folder with a month as Parquet and writes into the folder
OUT, which it makes: findings.parquet, findings.csv, verdicts.parquet, accesses.parquet and counts.json.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

AGREEMENT = ROOT / "sample_data" / "exempelavtal.yaml"
MONTH = (2026, 10)
THREADS = 2


def store_canonical(data: Path, folder: Path) -> None:
    """Take in an export and write its canonical tables to the folder, with the columns that were there (``present.json``)."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from auditor.agreement import load_agreement
    from auditor.engine import Engine
    from auditor.intake.taking_in import take_in
    from auditor.law.grounds import read_law_table
    from auditor.privacy import Pseudonyms

    with tempfile.TemporaryDirectory() as private, Engine(Path(private), [data]) as engine:
        agreement, law = load_agreement(AGREEMENT).agreement, read_law_table()
        intake = take_in(engine, data, agreement, law, Path(private), pseudonyms=Pseudonyms(Path(private) / "key"))
        # all that taking in made, but what it looked texts up in
        made = engine.rows("SELECT table_name FROM duckdb_tables() WHERE NOT temporary ORDER BY table_name")
        for (name,) in made:
            if name.startswith(("codes_", "totals_")):
                continue
            batches = list(engine.batches(f"SELECT * FROM {name}"))
            if batches:
                pq.write_table(pa.Table.from_batches(batches), folder / f"{name}.parquet")
            else:
                (folder / f"{name}.json").write_text(json.dumps(engine.columns(f"SELECT * FROM {name}")))
    present = {table: sorted(columns) for table, columns in intake.present.items()}
    (folder / "present.json").write_text(json.dumps(present))


def open_engine(private: Path, folder: Path) -> Any:
    """An engine that holds the canonical tables."""
    from auditor.engine import Engine
    from auditor.intake.conversion import define_macros

    engine = Engine(private, [folder], threads=THREADS)
    define_macros(engine)
    for stored in sorted(folder.glob("*.parquet")):
        engine.run(f"CREATE TABLE {stored.stem} AS SELECT * FROM read_parquet(?)", [str(stored)])
    for empty in sorted(folder.glob("*.json")):
        if empty.stem != "present":
            columns = ", ".join(f'"{column}" {kind}' for column, kind in json.loads(empty.read_text(encoding="utf-8")))
            engine.run(f"CREATE TABLE {empty.stem} ({columns})")
    return engine


def timed(work: Callable[[], Any]) -> tuple[dict[str, float], Any]:
    """How long the work took, and what it gave."""
    cpu, wall = time.process_time(), time.perf_counter()
    result = work()
    return {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}, result


def ours(engine: Any, folder: Path, only: frozenset[str] = frozenset()) -> dict[str, Any]:
    """The program's own pieces, from canonical tables to counts and verdicts; of some checks only, if named."""
    from auditor.agreement import load_agreement
    from auditor.audit import month_period, prepare
    from auditor.checks import CATALOGUE
    from auditor.checks.model import Of
    from auditor.judging import count, give_verdicts, judge, plan
    from auditor.law.grounds import read_law_table

    loaded, law = load_agreement(AGREEMENT), read_law_table()
    present = {table: set(columns) for table, columns in json.loads((folder / "present.json").read_text()).items()}
    catalogue = [check for check in CATALOGUE if not only or check.id in only]

    def judge_all() -> tuple[Any, Any]:
        planned = plan(catalogue, present, {})
        runs = [run for of in (Of.DISCLOSURE, Of.CASE) for run in judge(engine, of, planned)]
        return count(engine, runs), give_verdicts(engine, runs)

    preparing, _nothing = timed(lambda: prepare(engine, loaded, law, month_period(*MONTH), None, present))
    judging, (counts, verdicts) = timed(judge_all)
    return {
        "wall": preparing["wall"] + judging["wall"],
        "cpu": preparing["cpu"] + judging["cpu"],
        "judging": judging,
        "counts": {id_: [n.passed, n.violation, n.undetermined, n.not_applicable] for id_, n in counts.items()},
        "verdicts": {verdict.value: n for verdict, n in verdicts.items() if n},
    }


def hand_written(name: str) -> str:
    """A hand-written script, with the terms that both begin with."""
    return "".join((ROOT / "benchmarks" / file).read_text(encoding="utf-8") for file in ("peer_terms.sql", name))


def peer(engine: Any) -> dict[str, Any]:
    """The hand-written script, from the same tables to the same counts and verdicts."""
    script = hand_written("peer.sql")
    times, _nothing = timed(lambda: engine.run(script))
    answers = engine.rows('SELECT "check", pass, violation, undetermined, not_applicable FROM peer_counts')
    verdicts = engine.rows("SELECT verdict, rows FROM peer_verdicts")
    return {
        **times,
        "counts": {row[0]: [int(value or 0) for value in row[1:]] for row in answers},
        "verdicts": {row[0]: int(row[1]) for row in verdicts},
    }


def peer_month(folder: Path, out: Path) -> None:
    """The hand-written script of the whole catalogue, from the files of a month to its answers; nothing of the program is imported."""
    script = hand_written("peer_month.sql")
    out.mkdir()
    target = out.resolve()
    os.chdir(folder)
    with duckdb.connect(config={"threads": THREADS, "memory_limit": "3GiB"}) as engine:
        engine.execute("SET VARIABLE out = '" + str(target).replace("'", "''") + "'")
        engine.execute(script)
        answers = engine.execute('SELECT "check", pass, violation, undetermined, not_applicable FROM peer_counts').fetchall()
    counts = {row[0]: [int(value) for value in row[1:]] for row in answers}
    (target / "counts.json").write_text(json.dumps(counts), encoding="utf-8")


def main() -> None:
    """Run the part that the command line names."""
    part, folder = sys.argv[1], Path(sys.argv[2])
    if part == "peer_month":
        peer_month(folder, Path(sys.argv[3]))
        return
    if part == "canonical":
        store_canonical(Path(sys.argv[3]), folder)
        return
    with tempfile.TemporaryDirectory() as private, open_engine(Path(private), folder) as engine:
        if part == "ours":
            result = ours(engine, folder)
        elif part == "peer":
            result = peer(engine)
        else:
            import expectations

            result = expectations.compare(engine, folder)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
