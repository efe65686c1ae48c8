"""The program's answers are those of the independent reading (evaluator.py), from files on disk to files on disk."""

from __future__ import annotations

import csv
import json
import os
import tempfile
from collections import Counter
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from tests.bundle_forms import KEYS, KINDS, LAW_TABLE
from tests.bundles import Drawn, bundles, seeded, write
from tests.conftest import SampleAudit
from tests.evaluator import ANSWERS, CHECKS, Bundle, Result, evaluate
from tests.running import SAMPLE, SAMPLE_AGREEMENT, Outputs, audit, audited, read_outputs

FORMS = ("csv", "jsonl", "parquet")
REJECTED = 3
STATES = {"absent": {"table_absent", "column_absent"}, "off": {"switched_off"}}
DRESSES = ("clean", "swedish", "parquet")


def differences(outputs: Outputs, bundle: Bundle, expected: Result) -> list[str]:
    """Every place where the written outputs say something else than the independent reading, as sentences."""
    answers = [*_states_and_counts(outputs, expected), *_findings(outputs, expected)]
    return [*answers, *_verdicts(outputs, expected), *_log(outputs, bundle)]


def _states_and_counts(outputs: Outputs, expected: Result) -> list[str]:
    found = []
    for check in CHECKS:
        state, row = outputs.manifest["checks"][check], outputs.counts[check]
        wanted = STATES.get(expected.not_run.get(check, ""), {"run"})
        if state not in wanted or (row["state"] == "run") != (state == "run"):
            found.append(f"{check}: state {state} ({row['state']}), expected {sorted(wanted)}")
        elif state == "run":
            counts = {answer: int(row[answer]) for answer in ANSWERS}
            if counts != expected.counts[check] or sum(counts.values()) != int(row["rows"]):
                found.append(f"{check}: counts {counts} of {row['rows']}, expected {expected.counts[check]}")
        elif any(row[name] for name in ("rows", *ANSWERS)):
            found.append(f"{check}: was not run but has counts")
    return found


def _findings(outputs: Outputs, expected: Result) -> list[str]:
    rows = [row for row in outputs.findings if row["entity_type"] != "log"]
    given = Counter((row["check"], row["entity"], row["answer"]) for row in rows)
    wanted = Counter({(*key, answer): 1 for key, answer in expected.answers.items() if answer in ("violation", "undetermined")})
    extra = [f"{check} of {entity}: {answer}, expected none" for check, entity, answer in sorted((given - wanted).elements())]
    lacking = [f"{check} of {entity}: expected {answer}" for check, entity, answer in sorted((wanted - given).elements())]
    kinds = {row["check"]: row["entity_type"] for row in rows}
    wrong = [f"{check}: entity type {kind}" for check, kind in kinds.items() if (kind == "case") != CHECKS[check].of_cases]
    return [*extra, *lacking, *wrong]


def _verdicts(outputs: Outputs, expected: Result) -> list[str]:
    found = []
    for disclosure in sorted(outputs.verdicts.keys() | expected.verdicts.keys()):
        verdict, wanted = outputs.verdicts.get(disclosure), expected.verdicts.get(disclosure)
        if verdict != wanted:
            found.append(f"verdict of {disclosure}: {verdict}, expected {wanted}")
        elif (outputs.because[disclosure] or None) != (because := _because(disclosure, expected)):
            found.append(f"verdict of {disclosure} because of {outputs.because[disclosure]}, expected {because}")
    counted = Counter(outputs.verdicts.values())
    if any(outputs.manifest["verdicts"][verdict] != counted[verdict] for verdict in ("within", "outside", "undetermined")):
        found.append(f"the manifest counts {outputs.manifest['verdicts']}, the table {dict(counted)}")
    return found


def _because(disclosure: str, expected: Result) -> str | None:
    """The scope checks that an undetermined verdict rests on, in the order of the catalogue."""
    if expected.verdicts[disclosure] != "undetermined":
        return None
    scope = [name for name, check in CHECKS.items() if check.scope]
    unknown = [
        name
        for name in scope
        if expected.answers.get((name, disclosure)) == "undetermined" or expected.not_run.get(name) == "absent"
    ]
    return ",".join(unknown)


def _log(outputs: Outputs, bundle: Bundle) -> list[str]:
    """What was found about the log itself: rows outside the period (L4) and rows in quarantine (L6)."""
    first, last = bundle.period
    outside = [row["at"].date() for row in bundle.tables["disclosures"] if not first <= row["at"].date() <= last]
    wanted = {"rows": len(outside), "first": min(outside).isoformat(), "last": max(outside).isoformat()} if outside else None
    found = {row["entity"]: json.loads(row["evidence"]) for row in outputs.findings if row["check"] == "L4"}
    faults = [] if found.get("disclosures") == wanted else [f"L4: {found}, expected {wanted}"]
    unreadable = sum(len(rows) for rows in bundle.unreadable.values())
    quarantined = sum(json.loads(row["evidence"])["rows"] for row in outputs.findings if row["check"] == "L6")
    piles = sum(file["rows"]["quarantined"] for file in outputs.manifest["inputs"])
    if not quarantined == piles == unreadable:
        faults.append(f"L6: {quarantined} rows in quarantine, {piles} in the manifest, expected {unreadable}")
    return faults


def disagreements(drawn: Drawn, form: str, native_lists: bool = False) -> list[str]:
    """Audit a drawn export and compare. An export without a single readable case or disclosure must be refused."""
    with tempfile.TemporaryDirectory() as folder:
        source, out = Path(folder) / "export", Path(folder) / "out"
        write(drawn, source, form, native_lists)
        agreement = source / "agreement.yaml"
        agreement = agreement.rename(Path(folder) / "agreement.yaml")
        code = audit(source, out, "--lang", "en", *drawn.period_options, agreement=agreement)
        if not drawn.bundle.tables["cases"] or not drawn.bundle.tables["disclosures"]:
            return [] if code == REJECTED and not out.exists() else [f"an export of nothing: exit code {code}"]
        return differences(read_outputs(out), drawn.bundle, evaluate(drawn.bundle)) if code == 0 else [f"exit code {code}"]


@settings(
    max_examples=60,
    deadline=None,
    derandomize=bool({"CI", "AUDITOR_TESTS_NO_SKIP"} & os.environ.keys()),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(bundles(), st.sampled_from(FORMS), st.booleans())
def test_random_small_exports_are_answered_alike(drawn: Drawn, form: str, native_lists: bool) -> None:
    assert disagreements(drawn, form, native_lists) == []


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, 2000, 100))
def test_two_thousand_exports_are_answered_alike(first: int) -> None:
    found = {}
    for seed in range(first, first + 100):
        if faults := disagreements(seeded(seed), FORMS[seed % 3], native_lists=seed % 2 == 0):
            found[seed] = faults
    assert found == {}


# The sample month


def read_clean_month() -> Bundle:
    """The clean dress as sample_data/README.md describes it: CSV with codes, lists parted by semicolons, ISO times.

    Cells that nobody can read are None; rows without a key, torn or in conflict are put aside.
    """
    agreement = YAML(typ="safe").load(SAMPLE_AGREEMENT.read_text(encoding="utf-8"))
    organisations = agreement.get("organisations", {}).keys()
    tables: dict[str, list[dict[str, Any]]] = {}
    unreadable: dict[str, list[dict[str, Any]]] = {}
    columns: dict[str, set[str]] = {}
    for table, kinds in KINDS.items():
        with (SAMPLE / "clean" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            header, *lines = csv.reader(file)
        columns[table] = set(header)
        aside: list[dict[str, Any]] = [dict.fromkeys(KEYS[table]) for line in lines if len(line) != len(header)]
        rows: list[dict[str, Any]] = []
        for line in lines:
            if len(line) == len(header):
                cells = zip(header, line, strict=True)
                row = {name: _typed(cell, kinds[name].split()[0], organisations) for name, cell in cells}
                (rows if all(row[key] is not None for key in KEYS[table]) else aside).append(row)
        tables[table] = _settled(rows, KEYS[table][0], aside) if table in ("cases", "disclosures") else rows
        unreadable[table] = [{key: row[key] for key in KEYS[table]} for row in aside]
    return Bundle(tables, columns, unreadable, agreement, LAW_TABLE, (date(2026, 10, 1), date(2026, 10, 31)))


def _settled(rows: list[dict[str, Any]], key: str, aside: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Identical rows once; rows of one number that differ are put aside."""
    by_number: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_number.setdefault(row[key], []).append(row)
    for alike in by_number.values():
        if any(row != alike[0] for row in alike):
            aside.extend(alike)
    return [alike[0] for alike in by_number.values() if all(row == alike[0] for row in alike)]


def _typed(cell: str, kind: str, organisations: Any) -> Any:
    """The value of a cell; None for an empty one and for one of the planted unreadable ones."""
    cell = cell.strip()
    if not cell:
        return None
    if kind in ("concerns", "fields", "grounds", "people"):
        return sorted({part.strip() for part in cell.split(";")})
    if kind in ("date", "start", "end"):
        try:
            return date.fromisoformat(cell) if kind == "date" else datetime.fromisoformat(cell)
        except ValueError:
            return None
    if kind == "boolean":
        return cell == "true"
    if kind == "municipality" and not (cell.isdigit() and len(cell) in (2, 4)):
        return None
    if kind == "organisation" and cell not in organisations and not (cell.isdigit() and len(cell) == 4):
        return None
    if kind == "person" and not (cell.isdigit() and len(cell) == 12):
        return None
    return None if cell == "kod 7" else cell


@pytest.fixture(scope="module")
def month(sample: SampleAudit) -> dict[str, Outputs]:
    """The sample month audited in its three dresses."""
    others = {dress: audited(SAMPLE / dress, "--period", "2026-10") for dress in DRESSES if dress != "clean"}
    return {"clean": read_outputs(sample.out), **others}


def evaluate_in_parts(bundle: Bundle, parts: int = 12) -> Result:
    """As ``evaluate``, some cases at a time, for it is slow on a whole month: no check asks of two cases at once."""
    results = []
    for part in range(parts):

        def mine(row: dict[str, Any], part: int = part) -> bool:
            return sum(str(row["case_id"]).encode()) % parts == part

        tables = {name: rows if name == "staff" else [r for r in rows if mine(r)] for name, rows in bundle.tables.items()}
        results.append(evaluate(replace(bundle, tables=tables)))
    counts = {
        check: {answer: sum(r.counts[check][answer] for r in results) for answer in ANSWERS} for check in results[0].counts
    }
    return Result(
        answers={key: answer for result in results for key, answer in result.answers.items()},
        not_run=results[0].not_run,
        verdicts={disclosure: verdict for result in results for disclosure, verdict in result.verdicts.items()},
        counts=counts,
    )


def test_the_sample_month_is_answered_alike(month: dict[str, Outputs]) -> None:
    bundle = read_clean_month()
    assert differences(month["clean"], bundle, evaluate_in_parts(bundle)) == []


@pytest.mark.parametrize("dress", DRESSES)
def test_every_story_of_the_sample_month_is_found(month: dict[str, Outputs], dress: str) -> None:
    outputs = month[dress]
    given = {(row["check"], row["entity_type"], row["entity"]): row["answer"] for row in outputs.findings}
    with (SAMPLE / "planted.csv").open(encoding="utf-8", newline="") as file:
        planted = [row for row in csv.DictReader(file) if row["entity_type"] != "log"]
    assert len(planted) > 150
    for row in planted:  # only violations and undetermined answers are findings
        answer = given.get((row["check"], row["entity_type"], row["entity"]))
        assert answer == (row["answer"] if row["answer"] in ("violation", "undetermined") else None), row


@pytest.mark.parametrize("dress", ["swedish", "parquet"])
def test_each_dress_of_the_sample_month_is_answered_as_the_clean_one(month: dict[str, Outputs], dress: str) -> None:
    def told(outputs: Outputs) -> list[dict[str, Any]]:
        return [row for row in outputs.findings if row["entity_type"] != "log"]

    assert told(month[dress]) == told(month["clean"])
    assert (month[dress].verdicts, month[dress].because) == (month["clean"].verdicts, month["clean"].because)
    rows = {check: row for check, row in month["clean"].counts.items() if check in CHECKS}
    assert {check: row for check, row in month[dress].counts.items() if check in CHECKS} == rows
