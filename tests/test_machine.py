"""``auditor doctor`` and ``auditor completion``: what the machine has, and what a shell is told."""

from __future__ import annotations

import importlib
import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections import namedtuple
from pathlib import Path

import pytest

import auditor.doctor
from auditor import __version__
from auditor.agreement import load_agreement
from auditor.law.grounds import read_law_table
from auditor.resources import shipped
from tests.conftest import run_program
from tests.running import CHECKOUT

# -------------------------------------------------------------------------------------------------------------------- doctor


def test_a_fit_machine_is_said_to_be_fit_with_all_that_is_installed():
    ran = run_program("doctor", "--lang", "en")
    assert (ran.code, ran.stderr) == (0, "") and ran.stdout.endswith("This machine is fit for an audit.\n")
    told = " ".join(ran.stdout.split())
    for name in auditor.doctor.PACKAGES:
        assert f"{name}: {importlib.metadata.version(name)}" in told
    agreement = load_agreement(None)
    for part in (__version__, agreement.agreement.id, agreement.sha256, read_law_table().sha256, "Memory", "UTF-8".lower()):
        assert part in told
    assert all(" ".join(assumption.text.split()) in told for assumption in agreement.assumptions)
    assert "FAULT" not in told and str(Path.cwd()) in told


def test_the_packages_looked_at_are_those_that_the_program_needs():
    needed = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    bounds = {
        name: f">={first}" + (f",<{beyond}" if beyond else "") for name, (_m, first, beyond) in auditor.doctor.PACKAGES.items()
    }
    assert sorted(needed) == sorted(f"{name}{bound}" for name, bound in bounds.items())


def no_package(name: str) -> str:
    if name == "duckdb":
        raise importlib.metadata.PackageNotFoundError(name)
    return {"pyarrow": "23.9", "pydantic": "3.0rc1"}.get(name, "99") if name in ("pyarrow", "pydantic") else VERSION(name)


def no_module(name: str) -> object:
    if name == "openpyxl":
        raise ImportError("20170101-2390")
    return IMPORT(name)


def no_expectations(name: str) -> Path:
    if name == "expectations":
        raise RuntimeError(name)
    return shipped(name)


VERSION, IMPORT = importlib.metadata.version, importlib.import_module
Space = namedtuple("Space", "total used free")

UNFIT = [
    (
        "importlib.metadata.version",
        no_package,
        ["duckdb: missing", "pip install 'duckdb>=1.5,<2'", "pyarrow: 23.9, but", "pydantic: 3.0rc1, but"],
    ),
    ("importlib.import_module", no_module, ["openpyxl: 3", "cannot be loaded (ImportError)"]),
    ("auditor.doctor.memory_bytes", lambda: 1024**3, ["Memory: 1,024 MiB", "needs 2,048 MiB"]),
    ("shutil.disk_usage", lambda _folder: Space(1, 1, 1024**2), ["1 MiB free", "Free some space"]),
    ("sys.version_info", (3, 10, 4, "final", 0), ["Python: 3.10.4", "Python 3.11 or later"]),
    ("auditor.resources.shipped", no_expectations, ["Shipped files: damaged or missing", "Install the program again"]),
]


@pytest.mark.parametrize(("name", "instead", "told"), UNFIT, ids=[name for name, *_rest in UNFIT])
def test_what_is_missing_is_said_with_what_to_do(monkeypatch, name, instead, told):
    importlib.import_module("auditor.cli.doctoring")
    run_program("doctor")
    monkeypatch.setattr(name, instead)
    ran = run_program("doctor", "--lang", "en")
    assert ran.code == 3 and "FAULT" in ran.stdout and "This machine is not fit for an audit." in ran.stdout
    plain = " ".join(ran.stdout.split())
    assert [part for part in told if part not in plain] == []
    assert "20170101" not in ran.said


def test_a_folder_that_is_gone_is_seen(monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "gone"))
    ran = run_program("doctor", "--lang", "en")
    assert ran.code == 3 and "cannot be written" in " ".join(ran.stdout.split())


# ---------------------------------------------------------------------------------------------------------------- completion


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_each_shell_is_printed(shell):
    ran = run_program("completion", shell)
    assert (ran.code, ran.stderr) == (0, "")
    assert f"_AUDITOR_COMPLETE={shell}_complete" in ran.stdout


def test_a_shell_that_is_not_known_is_a_wrong_command_line():
    ran = run_program("completion", "tcsh", "--lang", "en")
    assert (ran.code, ran.stdout) == (2, "") and "'bash', 'zsh', 'fish'" in ran.stderr


ASKED = [
    ("bash", "auditor com", "1", "completion"),
    ("bash", "auditor audit in --con", "3", "--controller"),
    ("zsh", "auditor audit in --fail-on cr", "4", "critical"),
    ("fish", "auditor agreement ch", "ch", "check"),
    ("bash", "auditor completion f", "2", "fish"),
]


@pytest.mark.parametrize(("shell", "words", "place", "told"), ASKED)
def test_a_shell_is_told_what_may_follow(monkeypatch, shell, words, place, told):
    for name, value in (("_AUDITOR_COMPLETE", f"{shell}_complete"), ("COMP_WORDS", words), ("COMP_CWORD", place)):
        monkeypatch.setenv(name, value)
    ran = run_program()
    assert ran.code == 0 and re.search(rf"(?<![\w-]){told}\b", ran.stdout), ran.said


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_bash_itself_completes_with_the_script(tmp_path):
    """The script in a real bash, with the program on its path under its own name."""
    program = tmp_path / "auditor"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m auditor "$@"\n')
    program.chmod(0o755)
    asks = """
    eval "$(auditor completion bash)"
    COMP_WORDS=(auditor agreement s) COMP_CWORD=2
    _auditor_completion auditor s agreement
    printf '%s\\n' "${COMPREPLY[@]}"
    """
    environment = {**os.environ, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(CHECKOUT)}
    ran = subprocess.run(
        ["bash", "-c", asks], cwd=tmp_path, env=environment, capture_output=True, encoding="utf-8", check=False
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "show\n", "")
