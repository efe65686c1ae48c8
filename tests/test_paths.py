"""File names that are no text: a file system may hold any bytes, the engine takes UTF-8 alone."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.conftest import Ran, run_program
from tests.exports import export, write_agreement
from tests.running import read_outputs

pytestmark = pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="names of files are text there")
#: A name as an old system wrote it: å in Latin-1.
NO_TEXT = os.fsdecode(b"in-\xe5")


def audit(folder: Path, source: Path, out: Path | None = None) -> Ran:
    given = ("--agreement", write_agreement(folder), "--key-file", folder / "key", "--lang", "en", "--quiet")
    return run_program("audit", source, "--out", out or folder / "out", *given)


@pytest.mark.parametrize("form", ["csv", "parquet", "xlsx", "jsonl"])
def test_an_input_folder_and_a_file_are_read_whatever_bytes_their_names_hold(tmp_path, form):
    source = export(tmp_path / "in", form=form).rename(tmp_path / NO_TEXT)
    (source / f"disclosures.{form}").rename(source / f"disclosures-{NO_TEXT}.{form}")
    ran = audit(tmp_path, source)
    assert ran.code == 0, ran.said
    outputs = read_outputs(tmp_path / "out")
    assert outputs.verdicts == {"U-2026-1": "within"}
    assert all(entry["file"].isprintable() for entry in outputs.manifest["inputs"])
    again = ("--agreement", tmp_path / "avtal.yaml", "--key-file", tmp_path / "key", "--lang", "en")
    ran = run_program("explain", "U-2026-1", "--run", tmp_path / "out", "--input", source, *again)
    assert ran.code == 0, ran.said


def test_an_output_folder_where_the_engine_cannot_work_is_refused(tmp_path):
    ran = audit(tmp_path, export(tmp_path / "in"), tmp_path / NO_TEXT / "out")
    assert (ran.code, ran.stdout) == (3, "") and "not UTF-8" in ran.stderr and "--out" in ran.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["avtal.yaml", "in"]
