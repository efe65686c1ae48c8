"""The same answers from every dress, and the same bytes every time."""

from __future__ import annotations

import functools
import json
import os
import random
import re
from pathlib import Path
from typing import Any

import pytest

import auditor
import auditor.audit
import auditor.cli.auditing
import auditor.intake.enumeration
import auditor.intake.staging
from auditor.engine import Engine
from tests.audited import OUTPUTS, cells, manifest_of
from tests.exports import export
from tests.running import SAMPLE, SAMPLE_AGREEMENT, as_if_large, audited, read_outputs


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


def test_what_is_done_for_very_many_rows_gives_the_same_bytes(sample, program, tmp_path):
    given = ("--agreement", SAMPLE_AGREEMENT, "--out", tmp_path / "out", "--key-file", sample.key, "--lang", "en", "--quiet")
    with as_if_large():
        assert program("audit", SAMPLE / "clean", *given).code == 0
    differing = [name for name in OUTPUTS if (sample.out / name).read_bytes() != (tmp_path / "out" / name).read_bytes()]
    assert differing in ([], ["manifest.json"])


def test_texts_that_share_a_hash_are_looked_up_by_the_text(tmp_path, monkeypatch):
    rows = {"disclosures": [{}, {"recipient": "0120"}], "accesses": [{}, {"user_id": "other", "action": "print"}]}
    source = export(tmp_path, **rows)
    plain = audited(source, "--period", "2026-10")
    for module in (auditor.intake.enumeration, auditor.intake.staging):
        monkeypatch.setattr(module, "traced", lambda engine, look_up: look_up)
    with as_if_large():
        again = audited(source, "--period", "2026-10")
    assert plain.findings and (again.findings, again.verdicts, again.counts) == (plain.findings, plain.verdicts, plain.counts)


@pytest.mark.parametrize("others", [[], [{"decision": "no decision at all"}]], ids=["alone", "beside one that cannot be read"])
def test_a_text_that_was_not_looked_at_is_unreadable_and_no_empty_cell(tmp_path, monkeypatch, others):
    def all_but_one(*arguments):
        return ((place, found) for place, found in looked_at(*arguments) if found != "opened")

    looked_at = auditor.intake.staging._distinct_texts
    monkeypatch.setattr(auditor.intake.staging, "_distinct_texts", all_but_one)
    source = export(tmp_path, cases=[{}, *others])
    found = [json.loads(row["evidence"]) for row in audited(source, "--period", "2026-10").findings if row["check"] == "L7"]
    assert [(each["column"], each["cells"]) for each in found] == [("decision", 1 + len(others))]


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
