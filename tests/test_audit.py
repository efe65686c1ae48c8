"""``auditor audit`` from the command line to the files it writes: what stands in them adds up, and is the same every time."""

from __future__ import annotations

import ast
import csv
import functools
import hashlib
import json
import os
import random
import re
import shutil
import stat
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo

import auditor
import auditor.audit
import auditor.cli.auditing
from auditor.checks import CATALOGUE
from auditor.engine import Engine
from auditor.findings import FINDING_SCHEMA, TableWriter
from auditor.resources import shipped
from tests.exports import export, write_agreement
from tests.running import CHECKOUT, SAMPLE, SAMPLE_AGREEMENT, read_outputs

OUTPUTS = {
    "report.html",
    "findings.parquet",
    "findings.csv",
    "verdicts.parquet",
    "counts.csv",
    "quarantine.csv",
    "manifest.json",
    "accesses.parquet",
    "incidents.csv",
    "reconciliation.csv",
    "undetermined_accesses.csv",
}
ANSWERS = ("pass", "violation", "undetermined", "not_applicable")


def cells(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file as a Swedish spreadsheet reads it."""
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(content.decode("utf-8-sig").splitlines(), delimiter=";"))


def manifest_of(out: Path) -> dict[str, Any]:
    return json.loads((out / "manifest.json").read_text(encoding="utf-8"))


@pytest.fixture
def small(tmp_path, program):
    """Audits a small export with the agreement of small exports; options follow. Each run has its own folder."""
    agreement = write_agreement(tmp_path)
    runs = []

    def audit(source: Path, *options: str, agreement: Path = agreement):
        out = tmp_path / f"out-{len(runs)}"
        given = ("--agreement", agreement, "--out", out, "--key-file", tmp_path / "key", *options)
        ran = program("audit", source, *given)
        runs.append(out)
        return ran, out

    return audit


# ------------------------------------------------------------------------------------------------------ files and manifest


def test_the_manifest_lists_every_file_with_its_hash(sample):
    manifest = manifest_of(sample.out)
    assert {path.name for path in sample.out.iterdir()} == OUTPUTS
    assert {entry["file"] for entry in manifest["outputs"]} == OUTPUTS - {"manifest.json"}
    for entry in manifest["outputs"]:
        content = (sample.out / entry["file"]).read_bytes()
        assert (entry["sha256"], entry["bytes"]) == (hashlib.sha256(content).hexdigest(), len(content))
    for entry in manifest["inputs"]:
        content = (SAMPLE / "clean" / entry["file"]).read_bytes()
        assert (entry["sha256"], entry["bytes"]) == (hashlib.sha256(content).hexdigest(), len(content))
    assert manifest["agreement"]["sha256"] == hashlib.sha256(SAMPLE_AGREEMENT.read_bytes()).hexdigest()
    law = Path(auditor.__file__).parent / "law" / "grounds.csv"
    assert manifest["law_table"]["sha256"] == hashlib.sha256(law.read_bytes()).hexdigest()
    assert manifest["program"]["version"] == auditor.__version__
    assert manifest["period"] == {"from": "2026-10-01", "to": "2026-10-31"}


def test_the_rows_of_every_input_file_add_up(sample):
    for entry in manifest_of(sample.out)["inputs"]:
        rows = entry["rows"]
        assert rows["read"] == rows["audited"] + rows["context"] + rows["other_controller"] + rows["quarantined"] > 0
        assert rows["identical"] <= rows["audited"] + rows["context"]


def test_verdicts_and_counts_add_up(sample):
    outputs = read_outputs(sample.out)
    disclosures = next(entry["rows"] for entry in outputs.manifest["inputs"] if entry["table"] == "disclosures")
    audited = disclosures["audited"] - disclosures["identical"]
    assert Counter(outputs.verdicts.values()) == outputs.manifest["verdicts"]
    assert len(outputs.verdicts) == sum(outputs.manifest["verdicts"].values()) == audited
    assert all((verdict == "undetermined") == bool(outputs.because[id_]) for id_, verdict in outputs.verdicts.items())
    assert set(outputs.counts) == set(outputs.manifest["checks"]) == {check.id for check in CATALOGUE}
    per_check = Counter((row["check"], row["answer"]) for row in outputs.findings)
    for check in CATALOGUE:
        if outputs.manifest["checks"][check.id] != "run":  # without an access log
            continue
        row = {name: int(outputs.counts[check.id][name]) for name in ("rows", *ANSWERS)}
        assert sum(row[answer] for answer in ANSWERS) == row["rows"], check.id
        if check.of == "disclosure":
            assert row["rows"] == audited
        if check.of == "access":  # open answers are only counted
            assert per_check[check.id, "violation"] == row["violation"]
        elif check.of != "log":
            assert [per_check[check.id, answer] for answer in ("violation", "undetermined")] == [
                row["violation"],
                row["undetermined"],
            ]


def test_findings_say_the_same_in_parquet_and_csv(sample):
    table = pq.read_table(sample.out / "findings.parquet")
    assert table.schema.equals(FINDING_SCHEMA)
    exact = table.to_pylist()
    shown = cells(sample.out / "findings.csv")
    assert len(exact) == len(shown) > 100
    for one, other in zip(exact, shown, strict=True):
        at = one.pop("at")
        assert other.pop("at") == (at.isoformat(sep=" ", timespec="seconds") if at else "")
        assert {name: value or "" for name, value in one.items()} == other
    assert len({row["fingerprint"] for row in exact}) == len(exact)
    assert all(row["evidence"] and json.loads(row["evidence"]) is not None and row["law"] for row in exact)


def test_an_undetermined_answer_always_says_what_it_lacks(sample):
    findings = read_outputs(sample.out).findings
    silent = [row for row in findings if bool(row["missing"]) != (row["answer"] == "undetermined")]
    assert [(row["check"], row["entity"], row["missing"]) for row in silent] == []


def test_the_planted_faults_of_the_sample_month_are_found(sample):
    found = {(row["check"], row["entity_type"], row["entity"]): row["answer"] for row in read_outputs(sample.out).findings}
    shown = {
        (row["check"], f"{row['entity'].removesuffix('.csv')}.{column}" if column else row["entity"].removesuffix(".csv"))
        for row in read_outputs(sample.out).findings
        if row["entity_type"] == "log"
        for column in [json.loads(row["evidence"]).get("column")]
    }
    with (SAMPLE / "planted.csv").open(encoding="utf-8", newline="") as file:
        planted = list(csv.DictReader(file))
    assert len(planted) > 150
    wrong = []
    for row in planted:
        if row["entity_type"] == "log":
            right = (row["check"], row["entity"]) in shown
        else:
            answer = found.get((row["check"], row["entity_type"], row["entity"]))
            told = ("violation",) if row["entity_type"] == "access" else ("violation", "undetermined")  # open ones are counted
            right = answer == (row["answer"] if row["answer"] in told else None)
        if not right:
            wrong.append(row)
    assert wrong == []


def answers_apart_from_the_log(out: Path) -> tuple[list[dict[str, Any]], dict[str, str], list[list[str]]]:
    outputs = read_outputs(out)
    findings = [row for row in outputs.findings if row["entity_type"] != "log"]
    counts = [list(row.values()) for check, row in outputs.counts.items() if not check.startswith("L")]
    return findings, outputs.verdicts, counts


@pytest.mark.parametrize("dress", ["swedish", "parquet"])
def test_every_dress_of_the_sample_month_gives_the_same_findings(sample, program, tmp_path, dress):
    given = ("--agreement", SAMPLE_AGREEMENT, "--out", tmp_path / "out", "--key-file", sample.key, "--lang", "en", "--quiet")
    assert program("audit", SAMPLE / dress, *given).code == 0
    assert answers_apart_from_the_log(tmp_path / "out") == answers_apart_from_the_log(sample.out)


def test_csv_files_are_as_a_swedish_spreadsheet_wants_them(small, tmp_path):
    ids = ["=1+1", "+1", "-1", "@1", "1;2", '1"2', "'1"]
    source = export(tmp_path / "in", disclosures=[{"disclosure_id": id_, "channel": "email", "user_id": "=u1"} for id_ in ids])
    (source / "disclosures.csv").rename(source / "=1 disclosures.csv")
    cases = (source / "cases.csv").read_text(encoding="utf-8").replace("2012-05-05", "2012-02-30")
    (source / "cases.csv").rename(source / "+cases.csv").write_text(cases, encoding="utf-8")
    ran, out = small(source, "--lang", "en")
    assert ran.code == 0
    shown = {row["entity"] for row in cells(out / "findings.csv") if row["check"] == "P5"}
    assert shown == {"'=1+1", "'+1", "'-1", "'@1", "1;2", '1"2', "'1"}
    assert {row["user_id"] for row in cells(out / "findings.csv") if row["check"] == "P5"} == {"'=u1"}
    exact = [row for row in read_outputs(out).findings if row["check"] == "P5"]
    assert ({row["entity"] for row in exact}, {row["user_id"] for row in exact}) == (set(ids), {"=u1"})
    assert [list(row.values()) for row in cells(out / "quarantine.csv")] == [
        ["'+cases.csv", "2", "cases", "birth_date", "the cell does not fit its column and is read as missing"]
    ]
    for name in ("findings.csv", "counts.csv", "quarantine.csv"):
        assert not re.search(
            rb'(?:^|;|\n)"?[=+@\t\r-]', (out / name).read_bytes().removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")
        )


def test_a_cell_that_begins_with_a_tab_or_a_return_is_made_harmless(tmp_path):
    schema = pa.schema([("a", pa.string())])
    with TableWriter(schema, csv=tmp_path / "a.csv", parquet=tmp_path / "a.parquet") as writer:
        writer.write_rows([{"a": text} for text in ("\tx", "\rx", "=x", "x=", None)])
    assert (tmp_path / "a.csv").read_bytes().split(b"\n")[1:5] == [b'"\'\tx"', b'"\'\rx"', b'"\'=x"', b'"x="']
    assert pq.read_table(tmp_path / "a.parquet").column("a").to_pylist() == ["\tx", "\rx", "=x", "x=", None]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no modes")
def test_files_are_readable_by_their_owner_alone(tmp_path):
    """A real process with an open umask; the folders above DIR that it makes, and the key, too."""
    source, agreement = export(tmp_path / "in"), write_agreement(tmp_path)
    out, key = tmp_path / "new" / "out", tmp_path / "keys" / "key"
    arguments = ["audit", source, "--agreement", agreement, "--out", out, "--key-file", key, "--quiet"]
    (source / "disclosures.csv").write_text(
        (source / "disclosures.csv").read_text(encoding="utf-8").replace("U-2026-1", "20170101-9802"), encoding="utf-8"
    )
    subprocess.run(
        [sys.executable, "-m", "auditor", *map(str, arguments)], check=True, cwd=CHECKOUT, umask=0, stdout=subprocess.DEVNULL
    )
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in [out.parent, out, key.parent, key, *out.iterdir()]}
    assert modes == {"new": 0o700, "out": 0o700, "keys": 0o700, "key": 0o600} | dict.fromkeys(OUTPUTS, 0o600)


# ------------------------------------------------------------------------------------------------- the same bytes every time


def test_another_order_of_files_and_another_number_of_threads_give_the_same_bytes(sample, program, tmp_path, monkeypatch):
    def reversed_walk(*arguments, **options):
        for place, folders, names in list(walk(*arguments, **options)):
            yield place, folders, names[::-1]

    walk = os.walk
    monkeypatch.setattr(os, "walk", reversed_walk)
    monkeypatch.setattr(auditor.cli.auditing, "Engine", functools.partial(Engine, threads=1, memory="512MiB"))
    given = ("--agreement", SAMPLE_AGREEMENT, "--out", tmp_path / "out", "--key-file", sample.key, "--lang", "en", "--quiet")
    assert program("audit", SAMPLE / "clean", *given).code == 0
    differing = [name for name in OUTPUTS if (sample.out / name).read_bytes() != (tmp_path / "out" / name).read_bytes()]
    assert differing in ([], ["manifest.json"])
    once, again = manifest_of(sample.out), manifest_of(tmp_path / "out")
    assert once.pop("run_at") and again.pop("run_at")
    assert once == again


def without_lines(manifest: dict[str, Any]) -> dict[str, Any]:
    """A manifest without what may differ when the rows stand in another order."""
    del manifest["run_at"], manifest["outputs"]
    for entry in manifest["inputs"]:
        del entry["sha256"]
    return manifest


def test_rows_in_another_order_change_nothing_but_line_numbers_and_hashes(sample, program, tmp_path):
    source = tmp_path / "clean"
    source.mkdir()
    for path in (SAMPLE / "clean").iterdir():
        heading, *lines = path.read_bytes().splitlines(keepends=True)
        random.Random(7).shuffle(lines)
        (source / path.name).write_bytes(heading + b"".join(lines))
    given = ("--agreement", SAMPLE_AGREEMENT, "--out", tmp_path / "out", "--key-file", sample.key, "--lang", "en", "--quiet")
    assert program("audit", source, *given).code == 0
    for name in ("counts.csv", "verdicts.parquet"):
        assert (tmp_path / "out" / name).read_bytes() == (sample.out / name).read_bytes()
    told = []
    for out in (sample.out, tmp_path / "out"):
        findings = read_outputs(out).findings
        for row in findings:
            row["evidence"] = re.sub(r'"lines":\[[\d,]*\]', "", row["evidence"])
        quarantine = sorted([row["file"], row["table"], row["column"], row["reason"]] for row in cells(out / "quarantine.csv"))
        page = (out / "report.html").read_text(encoding="utf-8")
        page = re.sub(r"[0-9a-f]{64}|(?<=<td>)[\d, …]+(?=</td>)|(?<=: )\d+(, \d+)*(?=</td>|;)", "…", page)
        told.append((findings, quarantine, without_lines(manifest_of(out)), page))
    for once, again in zip(*told, strict=True):
        assert once == again


# ------------------------------------------------------------------------------------------------------- options and exit codes


def test_the_summary_ends_with_verdicts_findings_quarantine_and_report(sample):
    manifest = manifest_of(sample.out)
    lines = sample.ran.stdout.splitlines()
    assert lines[0] == f"Audited 1 October 2026 to 31 October 2026: {sum(manifest['verdicts'].values()):,} disclosures"
    assert [int(line.split()[0].replace(",", "")) for line in lines[1:4]] == [
        manifest["verdicts"][v] for v in ("within", "outside", "undetermined")
    ]
    assert "  outside the agreement" in lines[2]
    violations = Counter(
        (row["kind"], row["severity"]) for row in read_outputs(sample.out).findings if row["answer"] == "violation"
    )
    numbered = [line.split(None, 1) for line in lines[5:-2] if re.fullmatch(r" +\d+  [a-z ]+, [a-z]+", line)]
    shown = {tuple(words.split(", ")): int(n) for n, words in numbered}
    words = {"quality": "log quality"}
    assert shown == {(words.get(kind, kind), severity): n for (kind, severity), n in violations.items()}
    quarantined = sum(entry["rows"]["quarantined"] for entry in manifest["inputs"])
    assert lines[-2:] == [f"Quarantined rows: {quarantined}", f"Report: {sample.out / 'report.html'}"]
    assert sample.ran.stderr.splitlines()[0] == "Reading cases.csv"
    assert "\r" not in sample.ran.stderr and "\x1b" not in sample.ran.said


def swedish(catalogue: Path) -> Catalog:
    """The sentences of a room's catalogue."""
    with catalogue.open("rb") as file:
        return read_mo(file)


def test_every_sentence_of_the_program_has_a_swedish_one():
    marked = set()
    for path in Path(auditor.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "id", "") in ("_", "N_")
                and isinstance(node.args[0], ast.Constant)
            ):
                marked.add(node.args[0].value)
    for path in (shipped("reports") / "templates").rglob("*.j2"):
        marked |= {found[1] for found in re.findall(r"""\b_\((["'])(.+?)\1\)""", path.read_text(encoding="utf-8"))}
    assert len(marked) > 500
    folder = shipped("reports") / "locale" / "sv" / "LC_MESSAGES"
    said = {
        message.id
        for path in folder.glob("*.mo")
        for message in swedish(path)
        if message.string and isinstance(message.id, str)
    }
    assert marked - said == set()


FIELD_TOO_MANY = {"fields": "name;decision"}  # F1: scope, high
BY_EMAIL = {"channel": "email"}  # P5: conduct, medium
ADDRESS_OF_A_MARKED_CHILD = {"channel": "email", "fields": "name;address"}  # F5: a signal, high, which fails no run


@pytest.mark.parametrize(
    ("changes", "fail_on", "code"),
    [(FIELD_TOO_MANY, "high", 1), (BY_EMAIL, "medium", 1), (ADDRESS_OF_A_MARKED_CHILD, "high", 0)],
)
def test_fail_on_and_quiet_and_swedish(small, tmp_path, changes, fail_on, code):
    source = export(tmp_path / "in", cases=[{"protection": "marked"}], disclosures=[changes])
    ran, out = small(source, "--fail-on", fail_on, "--quiet")
    assert (ran.code, ran.stderr) == (code, "")
    assert "inom avtalet" in ran.stdout and "within" not in ran.stdout
    assert '<html lang="sv">' in (out / "report.html").read_text(encoding="utf-8")
    options = manifest_of(out)["options"]
    assert (options["lang"], options["fail_on"]) == ("sv", fail_on)


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--out", "x", "--period", "2026-13"],
        ["--out", "x", "--period", "oktober"],
        ["--out", "x", "--from", "2026-10-01"],
        ["--out", "x", "--from", "2026-10-02", "--to", "2026-10-01"],
        ["--out", "x", "--from", "2026-02-30", "--to", "2026-03-01"],
        ["--out", "x", "--period", "2026-10", "--from", "2026-10-01", "--to", "2026-10-31"],
        ["--out", "x", "--fail-on", "worst"],
        ["--out", "x", "--lang", "de"],
        ["--out", "x", "--no-such-option"],
        ["--out", "x", "another"],
    ],
)
def test_a_wrong_command_line_is_exit_code_2(program, tmp_path, monkeypatch, options):
    monkeypatch.chdir(tmp_path)
    ran = program("audit", "in", *options)
    assert (ran.code, ran.stdout) == (2, "") and "audit" in ran.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arguments", [["nothing"], ["explain"], ["explain", "R99"], ["explain", "R1", "--run", "x"], ["verify"], []]
)
def test_other_wrong_command_lines(program, arguments):
    assert program(*arguments).code == 2


def test_which_period_is_audited(small, tmp_path):
    days = ["2026-09-03", "2026-09-30 23:59:59", "2026-10-01 00:00:00", "2026-10-31 23:59:59", "2026-11-01 00:00:00"]
    source = export(tmp_path / "in", disclosures=[{"at": day} for day in days])

    def audited(*options: str) -> tuple[list[str], dict[str, str]]:
        ran, out = small(source, "--quiet", *options)
        assert ran.code == 0
        outputs = read_outputs(out)
        rows = next(entry["rows"] for entry in outputs.manifest["inputs"] if entry["table"] == "disclosures")
        assert (rows["audited"], rows["context"]) == (len(outputs.verdicts), 5 - len(outputs.verdicts))
        return sorted(outputs.verdicts), outputs.manifest["period"]

    # September and October have two each: of several the latest
    assert audited() == (["U-2026-3", "U-2026-4"], {"from": "2026-10-01", "to": "2026-10-31"})
    assert audited("--period", "2026-09") == (["U-2026-1", "U-2026-2"], {"from": "2026-09-01", "to": "2026-09-30"})
    both = audited("--from", "2026-09-30", "--to", "2026-10-01")
    assert both == (["U-2026-2", "U-2026-3"], {"from": "2026-09-30", "to": "2026-10-01"})


# --------------------------------------------------------------------------------------------- what is unconfirmed never passes


def test_under_the_shipped_agreement_nothing_passes_that_is_unconfirmed(program, tmp_path):
    source = export(
        tmp_path / "in",
        cases=[{}, {"home_municipality": "0180", "registered_municipality": "0180"}],
        disclosures=[
            {},
            {
                "case_id": "SN-2026-2",
                "sender": "police-roc",
                "recipient": "0180",
                "recipient_unit": "socialjouren",
                "purpose": "assessment",
            }
            | {"grounds": "SoL 19:1", "fields": "name;risk", "user_id": "polis01"},
        ],
    )
    ran = program("audit", source, "--out", tmp_path / "out", "--key-file", tmp_path / "key", "--lang", "en", "--quiet")
    assert ran.code == 0
    outputs = read_outputs(tmp_path / "out")
    assert outputs.manifest["agreement"]["id"] == "en-ingang"
    # the prolongation is unconfirmed, and so is Nacka; Stockholm is a confirmed party
    answers = {(row["check"], row["entity"]): row["answer"] for row in outputs.findings}
    assert {key: answer for key, answer in answers.items() if key[0] in ("P6", "T4", "R1")} == {
        ("P6", "U-2026-1"): "undetermined",
        ("P6", "U-2026-2"): "undetermined",
        ("T4", "U-2026-1"): "undetermined",
    }
    assert set(outputs.verdicts.values()) == {"undetermined"}
    assert "unconfirmed" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")


# ------------------------------------------------------------------------------------------------------------- nothing heavy


@pytest.mark.parametrize("arguments", [["--help"], ["audit", "--help"], ["checks"], ["explain", "R1"], ["--version"]])
def test_help_and_catalogue_import_nothing_heavy(arguments):
    heavy = ["duckdb", "pyarrow", "pandas", "numpy", "pydantic", "jinja2", "ruamel.yaml", "great_expectations", "openpyxl"]
    found = f"print([name for name in {heavy} if name in sys.modules])"
    code = f"import sys; from auditor.cli import run; code = run({arguments!r}); {found}; sys.exit(code)"
    ran = subprocess.run([sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, encoding="utf-8", check=True)
    assert ran.stdout.splitlines()[-1] == "[]"


def test_a_reader_that_goes_away_is_no_fault(tmp_path):
    """``auditor audit ... | head -1``: the report stands, and the exit code does not say that something was found."""
    source, agreement, out = export(tmp_path / "in"), write_agreement(tmp_path), tmp_path / "out"
    program = [sys.executable, "-m", "auditor", "audit", str(source), "--agreement", str(agreement), "--out", str(out)]
    reading, writing = os.pipe()
    os.close(reading)
    ran = subprocess.run(
        [*program, "--key-file", str(tmp_path / "key")], cwd=CHECKOUT, stdout=writing, stderr=writing, check=False
    )
    os.close(writing)
    assert ran.returncode == 0
    assert {path.name for path in out.iterdir()} == OUTPUTS
    assert shutil.which("head") is None or not list(tmp_path.glob(".auditor-*"))
