"""The built wheel holds the tracked files and nothing else, and audits on its own.

To run every test against an installed wheel, see docs/architecture.md.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.conftest import SampleAudit
from tests.running import CHECKOUT, SAMPLE, SAMPLE_AGREEMENT

#: Where folders of the checkout lie in the wheel.
PLACES = {
    "auditor": "auditor",
    "expectations/mappings": "auditor/_shipped/expectations/mappings",
    "expectations/suites": "auditor/_shipped/expectations/suites",
    "reports/templates": "auditor/_shipped/reports/templates",
    "reports/static": "auditor/_shipped/reports/static",
    "reports/locale": "auditor/_shipped/reports/locale",
}
#: Modules that only developers have: the program must not need them.
DEVELOPERS_ONLY = ["pytest", "hypothesis", "build", "editables", "hatchling", "mypy", "playwright"]
DEVELOPERS_ONLY += ["axe_playwright_python", "stdnum", "faker", "xlsxwriter", "ruff"]


def tracked_files() -> list[str]:
    """Every file that git tracks and that is still there. Skips where there is no git checkout."""
    if not (CHECKOUT / ".git").exists() or not shutil.which("git"):
        pytest.skip("no git checkout: which files belong in the wheel cannot be told")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=CHECKOUT, check=True, capture_output=True).stdout.decode()
    return [name for name in listed.split("\0") if name and (CHECKOUT / name).exists()]


def build(source: Path, out: Path) -> Path:
    """Build the wheel of a checkout, without network."""
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(source)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = out.glob("*.whl")
    return wheel


def names_in(wheel: Path) -> set[str]:
    """The files of a wheel but those that describe it."""
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if ".dist-info/" not in name}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(CHECKOUT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which the wheel was installed, without its dependencies: those of this environment serve."""
    folder = tmp_path_factory.mktemp("installed")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--no-index"]
    subprocess.run([*pip, "--target", str(folder), str(wheel)], check=True)
    return folder


def run(installed: Path, folder: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the installed program in a folder far from the checkout, as if no developer's library were there."""
    start = (
        f"import sys; sys.modules.update(dict.fromkeys({DEVELOPERS_ONLY!r})); "
        f"import auditor; assert auditor.__file__.startswith({str(installed)!r}), auditor.__file__; "
        "from auditor.__main__ import main; main()"
    )
    environment = {**os.environ, "PYTHONPATH": str(installed), "PYTHONWARNINGS": "error"}
    given = [str(argument) for argument in arguments]
    return subprocess.run(
        [sys.executable, "-c", start, *given],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def test_the_wheel_holds_the_tracked_files_and_nothing_else(wheel: Path) -> None:
    expected = {
        f"{place}{name.removeprefix(folder)}"
        for name in tracked_files()
        for folder, place in PLACES.items()
        if name.startswith(f"{folder}/") and not name.endswith((".po", ".pot", ".gitkeep"))
    }
    assert len(expected) > 80
    assert names_in(wheel) == expected, "add the files to git, or take them away: the wheel is built of what lies here"


def test_what_git_ignores_is_never_shipped(tmp_path: Path) -> None:
    source = tmp_path / "checkout"
    for name in tracked_files():
        if name.startswith(("auditor/", "expectations/", "reports/")) or "/" not in name:
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(CHECKOUT / name, source / name)
    before = names_in(build(source, tmp_path / "clean"))
    for name in (
        "reports/audit-2026-10/report.html",
        "reports/templates/audit-2026-10/report.html",
        "reports/findings.csv",
        "auditor/pseudonym.key",
        "auditor/audit-2026-10/findings.csv",
        "auditor/checks/__pycache__/model.cpython-311.pyc",
        "expectations/cases.csv",
        "expectations/mappings/pseudonym.key",
    ):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text("secret", encoding="utf-8")
    assert names_in(build(source, tmp_path / "spoilt")) == before


def test_the_wheel_says_what_it_is_and_needs(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        described = {Path(name).name: archive.read(name).decode() for name in names if ".dist-info/" in name}
    assert "auditor = auditor.__main__:main" in described["entry_points.txt"]
    assert "EUROPEAN UNION PUBLIC LICENCE" in described["LICENSE"]
    needed = [line for line in described["METADATA"].splitlines() if line.startswith("Requires-Dist:")]
    assert any("duckdb" in line for line in needed)
    assert all("extra == 'dev'" in line for line in needed if "pytest" in line or "playwright" in line)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--help",), "Checks disclosures"),
        (("checks",), "R1"),
        (("explain", "R1"), "recipient"),
        (("agreement", "check"), ""),
        (("agreement", "check", SAMPLE_AGREEMENT), ""),
        (("agreement", "show"), "26"),
    ],
)
def test_an_installed_wheel_answers(installed: Path, tmp_path: Path, arguments: tuple[str | Path, ...], said: str) -> None:
    english = run(installed, tmp_path, "--lang", "en", *arguments)
    assert (english.returncode, english.stderr) == (0, "")
    assert said in english.stdout
    swedish = run(installed, tmp_path, *arguments)
    assert (swedish.returncode, swedish.stderr) == (0, "")
    assert swedish.stdout != english.stdout, "the catalogues of Swedish are not in the wheel"


def test_the_command_of_the_wheel_starts(installed: Path, tmp_path: Path) -> None:
    command = shutil.which("auditor", path=str(installed / ("Scripts" if os.name == "nt" else "bin")))
    assert command
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    done = subprocess.run([command, "--version"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.split()[0]) == (0, "auditor")


def test_an_installed_wheel_audits_as_the_checkout_does(installed: Path, tmp_path: Path, sample: SampleAudit) -> None:
    out = tmp_path / "out"
    given = ("--agreement", SAMPLE_AGREEMENT, "--key-file", sample.key, "--lang", "en", "--out", out)
    done = run(installed, tmp_path, "audit", SAMPLE / "clean", *given)
    assert done.returncode == 0, done.stderr
    names = sorted(path.name for path in sample.out.iterdir())
    assert sorted(path.name for path in out.iterdir()) == names
    for name in names:
        if name != "manifest.json":  # it tells the time of the run
            assert (out / name).read_bytes() == (sample.out / name).read_bytes(), name
    verified = run(installed, tmp_path, "verify", out)
    assert verified.returncode == 0, verified.stdout
