"""``auditor audit`` from the command line to the files it writes: what stands in them adds up."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import re
import stat
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import auditor
import auditor.audit
import auditor.cli.auditing
from auditor.checks import CATALOGUE
from auditor.findings import FINDING_SCHEMA, TableWriter
from tests.audited import OUTPUTS, cells, manifest_of, small_audits
from tests.exports import export, write_agreement
from tests.running import CHECKOUT, SAMPLE, SAMPLE_AGREEMENT, read_outputs

small = pytest.fixture(small_audits)

ANSWERS = ("pass", "violation", "undetermined", "not_applicable")


# ------------------------------------------------------------------------------------------------------ files and manifest


def test_the_report_names_the_checks_whose_table_counts_files_and_the_register_gets_the_same_numbers(sample):
    page, manifest = (sample.out / "report.html").read_text(encoding="utf-8"), manifest_of(sample.out)
    assert re.findall(r"([A-Z0-9, ]+): this table counts files", page) == ["L6, L7"]
    counted = {check: int(row["violation"] or 0) for check, row in read_outputs(sample.out).counts.items()}
    found = Counter(row["check"] for row in read_outputs(sample.out).findings if row["answer"] == "violation")
    assert {check for check in counted if found[check] != counted[check]} == {"L6", "L7"}
    assert {check: n for check, n in counted.items() if n} == {
        check: n for check, n in manifest["tallies"]["whole"].items() if check in counted
    }


def test_a_column_that_is_empty_in_the_staff_list_is_told_as_missing(sample):
    page = (sample.out / "report.html").read_text(encoding="utf-8")
    assert page.count("personal number in the staff list") == page.count("personal number in the staff list is missing") > 0


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
