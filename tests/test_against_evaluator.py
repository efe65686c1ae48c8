"""The program's answers are those of the independent reading (evaluator.py), from files on disk to files on disk."""

from __future__ import annotations

import csv
import json
import os
import re
import tempfile
from collections import Counter
from contextlib import nullcontext
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from tests.bundle_forms import KEYS, KINDS, LAW_TABLE
from tests.bundles import Drawn, bundles, seeded, write
from tests.conftest import run_program
from tests.evaluator import ANSWERS, CHECKS, Bundle, Result, evaluate
from tests.running import SAMPLE, SAMPLE_AGREEMENT, Outputs, as_if_large, audit, audited, read_outputs

FORMS = ("csv", "jsonl", "parquet", "xlsx")
REJECTED = 3
STATES = {"absent": {"table_absent", "column_absent"}, "off": {"switched_off"}}
DRESSES = ("clean", "swedish", "parquet")


def differences(outputs: Outputs, bundle: Bundle, expected: Result) -> list[str]:
    """Every place where the written outputs say something else than the independent reading, as sentences."""
    answers = [*_states_and_counts(outputs, expected), *_findings(outputs, expected), *_found_in_log(outputs, expected)]
    return [*answers, *_verdicts(outputs, expected), *_log(outputs, bundle)]


@cache
def compared() -> list[str]:
    """The checks that are compared: those of the independent reading that stand in the program's catalogue."""
    catalogue = {line.split()[0] for line in run_program("checks", "--lang", "en").stdout.splitlines() if line.strip()}
    return [check for check in CHECKS if check in catalogue]


def open_answers() -> list[str]:
    """The option without which open answers of accesses are counted and not told."""
    return ["--undetermined-accesses"] if "A1" in compared() else []


def _states_and_counts(outputs: Outputs, expected: Result) -> list[str]:
    found = []
    for check in compared():
        state, row = outputs.manifest["checks"][check], outputs.counts[check]
        wanted = STATES.get(expected.not_run.get(check, ""), {"run"})
        if state not in wanted or (row["state"] == "run") != (state == "run"):
            found.append(f"{check}: state {state} ({row['state']}), expected {sorted(wanted)}")
        elif state == "run" and CHECKS[check].of == "log":
            if int(row["violation"]) != len(expected.log[check]):
                found.append(f"{check}: {row['violation']} violations, expected {len(expected.log[check])}")
        elif state == "run":
            counts = {answer: int(row[answer]) for answer in ANSWERS}
            if counts != expected.counts[check] or sum(counts.values()) != int(row["rows"]):
                found.append(f"{check}: counts {counts} of {row['rows']}, expected {expected.counts[check]}")
        elif any(row[name] for name in ("rows", *ANSWERS)):
            found.append(f"{check}: was not run but has counts")
    return found


def _findings(outputs: Outputs, expected: Result) -> list[str]:
    rows = [row for row in outputs.findings if row["entity_type"] != "log"]
    given = Counter((row["check"], _told(row), row["answer"]) for row in rows)
    answers = [(check, entity, answer) for (check, entity), answer in expected.answers.items()]
    answers += [(check, f"{event_id} at {at}", answer) for check, event_id, at, answer in expected.accesses]
    wanted = Counter(one for one in answers if one[0] in compared() and one[-1] in ("violation", "undetermined"))
    extra = [f"{check} of {entity}: {answer}, expected none" for check, entity, answer in sorted((given - wanted).elements())]
    lacking = [f"{check} of {entity}: expected {answer}" for check, entity, answer in sorted((wanted - given).elements())]
    kinds = {row["check"]: row["entity_type"] for row in rows}
    wrong = [f"{check}: entity type {kind}" for check, kind in kinds.items() if kind != CHECKS[check].of]
    return [*extra, *lacking, *wrong]


def _told(row: dict[str, Any]) -> str:
    """What a finding is about; several accesses may have one number."""
    return f"{row['entity']} at {row['at']}" if row["entity_type"] == "access" else str(row["entity"])


MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)")


def _found_in_log(outputs: Outputs, expected: Result) -> list[str]:
    """Ids used twice (L1), gaps in the numbers (L2) and in time (L3)."""
    found = []
    for check, wanted in expected.log.items():
        given = [_gap(row["entity"]) if check == "L3" else row["entity"] for row in outputs.findings if row["check"] == check]
        told = [f"{one[0]}:{one[1]:%Y-%m-%d %H:%M:%S}-{one[2]:%Y-%m-%d %H:%M:%S}" if check == "L3" else one for one in wanted]
        if check in compared() and sorted(given) != sorted(told):
            found.append(f"{check}: {sorted(given)}, expected {sorted(told)}")
    return found


def _gap(entity: str) -> str:
    """A source, and the first and last moment of its silence, to the second, however they are written."""
    moments = list(MOMENT.finditer(entity))
    source = entity[: moments[0].start()].removesuffix(":") if moments else entity
    return f"{source}:{'-'.join(f'{moment[1]} {moment[2]}' for moment in moments)}"


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
    faults = []
    for table in ("disclosures", "accesses"):
        outside = [row["at"].date() for row in bundle.tables.get(table, []) if not first <= row["at"].date() <= last]
        wanted = (
            {"rows": len(outside), "first": min(outside).isoformat(), "last": max(outside).isoformat()} if outside else None
        )
        found = {row["entity"]: json.loads(row["evidence"]) for row in outputs.findings if row["check"] == "L4"}
        if found.get(table) != wanted:
            faults.append(f"L4: {found}, expected {wanted} of {table}")
    unreadable = sum(len(rows) for rows in bundle.unreadable.values())
    quarantined = sum(json.loads(row["evidence"])["rows"] for row in outputs.findings if row["check"] == "L6")
    piles = sum(file["rows"]["quarantined"] for file in outputs.manifest["inputs"])
    if not quarantined == piles == unreadable:
        faults.append(f"L6: {quarantined} rows in quarantine, {piles} in the manifest, expected {unreadable}")
    return faults


def disagreements(drawn: Drawn, form: str, native_lists: bool = False, large: bool = False) -> list[str]:
    """Audit a drawn export and compare. An export without a single case or disclosure must be refused."""
    with tempfile.TemporaryDirectory() as folder, as_if_large() if large else nullcontext():
        source, out = Path(folder) / "export", Path(folder) / "out"
        write(drawn, source, form, native_lists)
        agreement = source / "agreement.yaml"
        agreement = agreement.rename(Path(folder) / "agreement.yaml")
        code = audit(source, out, "--lang", "en", *open_answers(), *drawn.period_options, agreement=agreement)
        if not drawn.raw["cases"] or not drawn.raw["disclosures"]:
            return [] if code == REJECTED and not out.exists() else [f"an export of nothing: exit code {code}"]
        return differences(read_outputs(out), drawn.bundle, evaluate(drawn.bundle)) if code == 0 else [f"exit code {code}"]


@settings(
    max_examples=30,
    deadline=None,
    derandomize=bool({"CI", "AUDITOR_TESTS_NO_SKIP"} & os.environ.keys()),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(bundles(), st.sampled_from(FORMS), st.booleans(), st.booleans())
def test_random_small_exports_are_answered_alike(drawn: Drawn, form: str, native_lists: bool, large: bool) -> None:
    assert disagreements(drawn, form, native_lists, large) == []


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, 2000, 100))
def test_two_thousand_exports_are_answered_alike(first: int) -> None:
    found = {}
    for seed in range(first, first + 100):
        if faults := disagreements(seeded(seed), FORMS[seed % 4], native_lists=seed % 2 == 0, large=seed % 3 == 0):
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
        told = [*KEYS[table], "sequence", "source"] if table == "accesses" else KEYS[table]
        tables[table] = _settled(table, rows, aside)
        unreadable[table] = [{name: row.get(name) for name in told} for row in aside]
    return Bundle(tables, columns, unreadable, agreement, LAW_TABLE, (date(2026, 10, 1), date(2026, 10, 31)))


def _settled(table: str, rows: list[dict[str, Any]], aside: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Identical rows once; rows of one number that differ are put aside, but for accesses."""
    if table not in ("cases", "disclosures", "accesses"):
        return rows
    by_number: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        alike = by_number.setdefault(row[KEYS[table][0]], [])
        if row not in alike:
            alike.append(row)
    standing = []
    for alike in by_number.values():
        if table == "accesses" or len(alike) == 1:
            standing += alike
        else:
            aside += [row for row in rows if row in alike]
    return standing


def _typed(cell: str, kind: str, organisations: Any) -> Any:
    """The value of a cell; None for an empty one and for one of the planted unreadable ones."""
    cell = cell.strip()
    if not cell:
        return None
    if kind in ("concerns", "fields", "grounds", "people"):
        return sorted({part.strip() for part in cell.split(";")})
    if kind == "integer":
        return int(cell) if cell.isdigit() else None
    if kind in ("date", "start", "end", "instant"):
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
def month() -> dict[str, Outputs]:
    """The sample month audited in its three dresses."""
    return {dress: audited(SAMPLE / dress, "--period", "2026-10", "--lang", "en", *open_answers()) for dress in DRESSES}


def test_the_sample_month_is_answered_alike(month: dict[str, Outputs]) -> None:
    bundle = read_clean_month()
    assert differences(month["clean"], bundle, evaluate(bundle)) == []


@pytest.mark.parametrize("dress", DRESSES)
def test_every_story_of_the_sample_month_is_found(month: dict[str, Outputs], dress: str) -> None:
    outputs = month[dress]
    given = {(row["check"], row["entity_type"], row["entity"]): row["answer"] for row in outputs.findings}
    with (SAMPLE / "planted.csv").open(encoding="utf-8", newline="") as file:
        planted = [row for row in csv.DictReader(file) if row["entity_type"] != "log" and row["check"] in compared()]
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
