"""The ready mappings: each reads a small export in the layout that it assumes, and says every time that it is not verified."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from auditor.intake.mapping import read_mapping, ready_mappings
from tests.conftest import run_program
from tests.exports import export, write_agreement
from tests.ready_layouts import LAYOUTS, ROWS, WITHOUT, write_layout
from tests.running import CHECKOUT, read_outputs

NAMES = sorted(LAYOUTS)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The findings of the same rows in the program's own form, and the agreement."""
    folder = tmp_path_factory.mktemp("sound")
    agreement = write_agreement(folder)
    source = export(folder / "in", **ROWS, without=WITHOUT)
    ran = run_program("audit", source, "--agreement", agreement, "--out", folder / "out", "--key-file", folder / "key")
    assert ran.code == 0, ran.said
    found = read_outputs(folder / "out")
    assert {"within", "outside"} <= set(found.verdicts.values())
    return agreement, found


def test_there_are_three_and_each_says_that_it_is_unverified() -> None:
    assert sorted(ready_mappings()) == NAMES
    documented = (CHECKOUT / "docs" / "mapping.md").read_text(encoding="utf-8")
    for name, path in ready_mappings().items():
        text = path.read_text(encoding="utf-8")
        assert text.startswith("# UNVERIFIED - OVERIFIERAD\n") and "ASSUME" in text
        assert str(read_mapping(path).unverified).casefold() == name
        assert f"`{name}`" in documented
    assert "unverified" in documented.casefold()


@pytest.mark.parametrize("name", NAMES)
def test_a_ready_mapping_reads_the_layout_that_it_assumes(tmp_path: Path, sound: Any, name: str) -> None:
    agreement, expected = sound
    write_layout(name, tmp_path / "in")
    out = tmp_path / "out"
    options = ("--agreement", agreement, "--out", out, "--key-file", tmp_path / "key", "--lang", "en", "--mapping", name)
    ran = run_program("audit", tmp_path / "in", *options)
    assert ran.code == 0, ran.said
    assert "NOT VERIFIED" in ran.stdout and "NOT VERIFIED" in (out / "report.html").read_text(encoding="utf-8")
    found = read_outputs(out)
    assert (found.findings, found.verdicts, found.because) == (expected.findings, expected.verdicts, expected.because)
    assert re.search(r'"mapping_sha256": ?"[0-9a-f]{64}"', (out / "manifest.json").read_text(encoding="utf-8"))

    checked = run_program("mapping", "check", name, "--input", tmp_path / "in", "--agreement", agreement, "--lang", "en")
    assert checked.code == 0, checked.said
    assert "NOT VERIFIED" in checked.stdout and "fit each other" in checked.stdout
    assert "9809" not in checked.said and "bedömningen" not in checked.said


@pytest.mark.parametrize("name", NAMES)
def test_a_ready_mapping_is_shown_to_be_changed(tmp_path: Path, name: str) -> None:
    ran = run_program("mapping", "show", name, "--lang", "en")
    assert (ran.code, ran.stdout) == (0, ready_mappings()[name].read_text(encoding="utf-8"))
    assert "NOT VERIFIED" in ran.stderr


def test_ready_mappings_are_listed_and_others_are_not_there() -> None:
    listed = run_program("mapping", "show")
    assert listed.code == 0 and all(name in listed.stdout for name in NAMES) and listed.stdout.count("INTE VERIFIERAD") == 3
    missing = run_program("mapping", "show", "procapita", "--lang", "en")
    assert missing.code == 3 and "lifecare, treserva, viva" in missing.stderr


def test_a_file_wins_over_a_ready_mapping_of_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "viva").write_text("mapping: 1\nunverified: [a]\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    ran = run_program("mapping", "check", "viva", "--input", tmp_path, "--lang", "en")
    assert ran.code == 3 and "viva, line 2" in ran.stderr
