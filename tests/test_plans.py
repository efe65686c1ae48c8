"""How queries are carried out, what becomes of a check that fails, and which room may name what."""

from __future__ import annotations

import ast
import csv
import json
import re
import shutil
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import auditor
import auditor.audit
from auditor.checks import CATALOGUE, by_id
from auditor.checks.model import Check, Kind, Of, Together
from auditor.engine import Engine
from auditor.findings.events import EVENT_STEPS
from auditor.law.grounds import read_law_table
from auditor.relations import ACCESS_STEPS, CASE_STEPS, disclosure_steps
from tests.exports import write_table
from tests.running import SAMPLE, Outputs, as_if_large, audit, read_outputs

PACKAGE = Path(auditor.__file__).parent
STEPS = (*EVENT_STEPS, *CASE_STEPS, *ACCESS_STEPS, *disclosure_steps(tuple(read_law_table().grounds.values())))
INCOMPLETE = 4


# Plans: every look-up is a hash join, so that cost grows with the rows and not with their square

PLANNED = re.compile(r"\s*(CREATE (OR REPLACE )?(TEMP )?TABLE\s[^(]*?\sAS\s|SELECT|WITH|INSERT|UPDATE|DELETE)", re.DOTALL)
LOOPS = {"BLOCKWISE_NL_JOIN", "NESTED_LOOP_JOIN", "CROSS_PRODUCT"}


def with_access_log(folder: Path) -> Path:
    """The sample month beside an access log of its disclosures, so that every query has something to do."""
    source = folder / "in"
    shutil.copytree(SAMPLE / "clean", source)
    if not any(path.stem.startswith("accesses") for path in source.iterdir()):
        with next(source.glob("disclosures*.csv")).open(encoding="utf-8-sig", newline="") as file:
            rows = [row for row in csv.DictReader(file) if row["at"]]
        events = [
            {"event_id": f"E{n}", "at": row["at"], "user_id": row["user_id"], "case_id": row["case_id"], "sequence": str(n * 2)}
            for n, row in enumerate(rows)
        ]
        headings = ["event_id", "at", "user_id", "case_id", "action", "reason", "workstation", "sequence", "source"]
        cells = [[event.get(name, "search" if name == "action" else "w") for name in headings] for event in events]
        write_table(source / "accesses.csv", headings, cells)
    return source


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    """The plan of every query of an audit of the sample month, by its SQL, as the engine explains it just before it runs."""
    found: dict[str, list[dict[str, Any]]] = {}
    run = Engine.run

    def explain_first(engine: Engine, sql: str, values: Sequence[Any] = ()) -> None:
        if PLANNED.match(sql):
            run(engine, f"EXPLAIN (FORMAT JSON) {sql}", values)
            found[sql] = json.loads(engine._connection.fetchall()[-1][1])
        run(engine, sql, values)

    with pytest.MonkeyPatch.context() as patch, as_if_large():
        patch.setattr(Engine, "run", explain_first)
        assert audit(with_access_log(tmp_path_factory.mktemp("plans")), tmp_path_factory.mktemp("plans") / "out") == 0
        assert audit(SAMPLE / "clean", tmp_path_factory.mktemp("own") / "out", "--controller", "0180") == 0
    return found


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan["children"]:
        yield from nodes(child)


def has_one_row(plan: dict[str, Any]) -> bool:
    """The plan's result is one row: the terms of the agreement, a total over everything, or two of those side by side."""
    name = plan["name"].strip()
    if name in ("SEQ_SCAN", "TABLE_SCAN"):
        return str(plan["extra_info"].get("Table", "")).split(".")[-1] == "terms"
    if name == "PROJECTION":
        return has_one_row(plan["children"][0])
    if name == "CROSS_PRODUCT":
        return all(has_one_row(child) for child in plan["children"])
    return name == "UNGROUPED_AGGREGATE"


def quadratic(plan: dict[str, Any]) -> list[str]:
    """The nested loops of a plan, save over a single row, which cost no more than reading the other side once."""
    loops = [node for node in nodes(plan) if node["name"].strip() in LOOPS]
    return [node["name"] for node in loops if not any(has_one_row(child) for child in node["children"])]


def test_no_query_of_an_audit_holds_a_nested_loop_join(plans: dict[str, list[dict[str, Any]]]) -> None:
    assert {sql: loops for sql, roots in plans.items() if (loops := [loop for root in roots for loop in quadratic(root)])} == {}


def test_every_preparing_judging_and_finding_query_was_looked_at(plans: dict[str, list[dict[str, Any]]]) -> None:
    made = {match[1] for sql in plans if (match := re.match(r'CREATE OR REPLACE TABLE "?(\w+)', sql))}
    assert {step.name for step in STEPS if not step.view} <= made
    assert {
        "flagged_disclosure",
        "flagged_access",
        "pile_of_pattern",
        "incident_days",
        "incidents",
        "reconciliation",
    } <= made
    assert {
        "judged_disclosure",
        "judged_case",
        "judged_access",
        "judged_user_day",
        "patterns_disclosure",
        "patterns_access",
        "verdict_of_pattern",
    } <= made
    for check in CATALOGUE:
        if check.of is not Of.LOG:
            assert any(f" AS SELECT '{check.id}' AS" in sql for sql in plans), check.id


def test_rows_outside_the_period_are_counted_without_any_join(plans: dict[str, list[dict[str, Any]]]) -> None:
    asked = 'SELECT count(*), min("at"), max("at") FROM own_disclosures'
    (plan,) = (roots for sql, roots in plans.items() if sql.startswith(asked))
    assert [node["name"] for root in plan for node in nodes(root) if node["name"].strip() in LOOPS] == []


def test_a_nested_loop_join_would_be_seen(tmp_path: Path) -> None:
    with Engine(tmp_path) as engine:
        engine.run("CREATE TABLE one AS SELECT range AS a, range + 5 AS b FROM range(100)")
        condition = "b.b IS NULL OR a.a < b.b"  # the open end of an interval, left as it came
        engine.run(f"EXPLAIN (FORMAT JSON) SELECT * FROM one AS a LEFT JOIN one AS b ON a.a = b.a OR {condition}")
        (plan,) = json.loads(engine._connection.fetchall()[-1][1])
        assert quadratic(plan) != []
        engine.run("EXPLAIN (FORMAT JSON) SELECT * FROM one AS a CROSS JOIN (SELECT count(*) FROM one)")
        (plan,) = json.loads(engine._connection.fetchall()[-1][1])
        assert quadratic(plan) == []


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_every_step_says_what_must_lie_together(step: Any) -> None:
    assert isinstance(step.together, Together)
    if step.together is Together.ROW:  # a row alone knows nothing of other rows
        assert not re.search(r"\bOVER\b|\bGROUP BY\b|\bQUALIFY\b", step.sql)


# A check that fails


@dataclass(frozen=True)
class Month:
    """A part of the sample month, and what it is answered with the catalogue as it is."""

    source: Path
    sound: Outputs

    def with_broken(self, monkeypatch: pytest.MonkeyPatch, out: Path, *broken: Check) -> Outputs:
        """What it is answered with some checks replaced by broken ones."""
        instead = {check.id: check for check in broken}
        monkeypatch.setattr(auditor.audit, "CATALOGUE", tuple(instead.get(check.id, check) for check in CATALOGUE))
        assert audit(self.source, out, "--lang", "en", "--fail-on", "low") == INCOMPLETE
        return read_outputs(out)


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Month:
    """The sample month with every fifth disclosure and every twentieth access."""
    folder = tmp_path_factory.mktemp("month")
    source = Path(shutil.copytree(SAMPLE / "clean", folder / "in"))
    for table, step in (("disclosures", 5), ("accesses", 20)):
        path = source / f"{table}.csv"
        headings, *lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        path.write_text("".join([headings, *lines[::step]]), encoding="utf-8")
    assert audit(source, folder / "out", "--lang", "en") == 0
    sound = read_outputs(folder / "out")
    assert {"violation", "undetermined"} == {row["answer"] for row in sound.findings}
    assert {"outside", "undetermined", "within"} == set(sound.verdicts.values())
    return Month(source, sound)


@pytest.mark.parametrize(
    "violates",
    [
        pytest.param("no_such_word > 1", id="SQL that cannot be understood"),
        pytest.param("violated AND (", id="SQL that is torn off"),
        pytest.param("CAST(disclosure_id AS INTEGER) > 1", id="SQL that fails while it runs"),
    ],
)
def test_a_scope_check_that_fails_leaves_no_verdict_within(
    violates: str, month: Month, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    outputs = month.with_broken(monkeypatch, tmp_path / "out", replace(by_id("R3"), violates=violates))
    row = outputs.counts["R3"]
    assert row["state"].startswith("not run: it failed (")
    assert not any(row[name] for name in ("rows", "pass", "violation", "undetermined", "not_applicable"))
    assert outputs.manifest["checks"]["R3"] == "failed"

    outside = {row["entity"] for row in outputs.findings if row["kind"] == Kind.SCOPE and row["answer"] == "violation"}
    assert {id_ for id_, verdict in outputs.verdicts.items() if verdict == "outside"} == outside
    assert all(outputs.verdicts[id_] == "undetermined" for id_ in outputs.verdicts.keys() - outside)
    assert all("R3" in (outputs.because[id_] or "").split(",") for id_ in outputs.verdicts.keys() - outside)

    others = {check: counts for check, counts in month.sound.counts.items() if check != "R3"}
    assert {check: counts for check, counts in outputs.counts.items() if check != "R3"} == others
    assert outputs.findings == [row for row in month.sound.findings if row["check"] != "R3"]
    assert "R3: not run: it failed" in (said := capfd.readouterr().out)
    assert "U-2026" not in said  # the engine's own message quotes data
    report = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert re.search(r"<strong>R3</strong>.*not run: it failed", report)


def test_other_checks_that_fail_are_reported_and_change_no_verdict(
    month: Month, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = [replace(by_id(id_), applies="CAST(case_id AS INTEGER) > 1") for id_ in ("P5", "T6", "P7")]
    outputs = month.with_broken(monkeypatch, tmp_path / "out", *broken)
    failed = {check for check, state in outputs.manifest["checks"].items() if state == "failed"}
    assert failed == {"P5", "T6", "P7"}
    assert (outputs.verdicts, outputs.because) == (month.sound.verdicts, month.sound.because)
    assert outputs.findings == [row for row in month.sound.findings if row["check"] not in failed]
    assert {c: row for c, row in outputs.counts.items() if c not in failed} == {
        c: row for c, row in month.sound.counts.items() if c not in failed
    }


def test_checks_that_all_fail_are_all_reported(month: Month, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = [replace(check, violates="no_such_word") for check in CATALOGUE if check.of is not Of.LOG]
    outputs = month.with_broken(monkeypatch, tmp_path / "out", *broken)
    assert {id_ for id_, state in outputs.manifest["checks"].items() if state == "failed"} == {c.id for c in broken}
    assert set(outputs.verdicts.values()) == {"undetermined"}


def test_a_check_whose_findings_cannot_be_told_was_not_run(
    month: Month, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A finding query that fails while it runs, of a scope check and of a case's: no verdict rests on what cannot be shown."""
    query = auditor.audit.finding_query

    def broken(check: Check, last_day: date, **how: Any) -> str:
        made = query(check, last_day, **how)
        return f"SELECT * FROM ({made}) WHERE CAST(entity AS INTEGER) > 1" if check.id in ("T4", "P7") else made

    monkeypatch.setattr(auditor.audit, "finding_query", broken)
    outputs = month.with_broken(monkeypatch, tmp_path / "out")
    assert {check for check, state in outputs.manifest["checks"].items() if state == "failed"} == {"T4", "P7"}
    assert outputs.findings == [row for row in month.sound.findings if row["check"] not in ("T4", "P7")]
    for check in ("T4", "P7"):
        assert outputs.counts[check]["state"].startswith("not run: it failed (") and not outputs.counts[check]["rows"]
    outside = {row["entity"] for row in outputs.findings if row["kind"] == Kind.SCOPE and row["answer"] == "violation"}
    assert {id_ for id_, verdict in outputs.verdicts.items() if verdict == "outside"} == outside
    assert all("T4" in (outputs.because[id_] or "").split(",") for id_ in outputs.verdicts.keys() - outside)
    assert "within" not in outputs.verdicts.values() and outputs.manifest["verdicts"]["within"] == 0


@pytest.mark.parametrize("error", [LookupError("20170101-9802"), ValueError("20170101-9802")])
def test_a_check_of_the_log_that_fails_was_not_run(
    error: Exception, month: Month, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    found = auditor.audit.log_findings

    def broken(engine: Engine, check: Check, *given: Any) -> list[dict[str, Any]]:
        if check.id == "L7":
            raise error
        return found(engine, check, *given)

    monkeypatch.setattr(auditor.audit, "log_findings", broken)
    outputs = month.with_broken(monkeypatch, tmp_path / "out")
    assert {check for check, state in outputs.manifest["checks"].items() if state == "failed"} == {"L7"}
    assert outputs.findings == [row for row in month.sound.findings if row["check"] != "L7"]
    assert (outputs.verdicts, outputs.because) == (month.sound.verdicts, month.sound.because)
    assert "20170101" not in str(capfd.readouterr()) + (tmp_path / "out" / "report.html").read_text(encoding="utf-8")


# The rooms


def imports(path: Path) -> Iterator[str]:
    """The modules that a source file names, whether at its top or inside a function."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: imports are written in full"
            yield from (
                (f"{node.module}.{name.name}" for name in node.names) if node.module == "auditor" else (node.module or "",)
            )


def room_of(module: str) -> str:
    return ".".join(module.split(".")[:2])


@pytest.fixture(scope="module")
def arrows() -> dict[str, set[str]]:
    """What each room imports: other rooms (``auditor.law``) and libraries (``duckdb``)."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in sorted(PACKAGE.rglob("*.py")):
        room = room_of(".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts))
        for module in imports(path):
            found[room].add(room_of(module) if module.startswith("auditor.") else module.split(".")[0])
    return {room: modules - {room} for room, modules in found.items()}


@pytest.mark.parametrize(
    ("library", "rooms"),
    [
        ("duckdb", {"auditor.engine"}),
        ("great_expectations", {"auditor.contract", "auditor.pipelines"}),
        ("jinja2", {"auditor.report"}),
    ],
)
def test_a_library_is_named_in_its_own_room_alone(arrows: dict[str, set[str]], library: str, rooms: set[str]) -> None:
    assert {room for room, modules in arrows.items() if library in modules} <= rooms


def test_checks_know_nothing_but_the_law(arrows: dict[str, set[str]]) -> None:
    assert {module for module in arrows["auditor.checks"] if module.startswith("auditor.")} <= {"auditor.law"}


def test_nothing_imports_the_command_line_but_the_start(arrows: dict[str, set[str]]) -> None:
    assert {room for room, modules in arrows.items() if "auditor.cli" in modules} == {"auditor.__main__"}


def test_arrows_between_rooms_point_one_way(arrows: dict[str, set[str]]) -> None:
    left = {room: {module for module in modules if module in arrows} for room, modules in arrows.items()}
    while ends := {room for room, modules in left.items() if not modules}:
        left = {room: modules - ends for room, modules in left.items() if room not in ends}
    assert left == {}, "these rooms import each other in a circle"
