"""The command line of ``auditor audit``: summary, options, periods and exit codes, and nothing heavy imported for nothing."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections import Counter

import pytest

from tests.audited import OUTPUTS, manifest_of, small_audits
from tests.exports import export, write_agreement
from tests.running import CHECKOUT, read_outputs

small = pytest.fixture(small_audits)

# ------------------------------------------------------------------------------------------------------- options and exit codes


def test_the_summary_ends_with_verdicts_findings_quarantine_and_report(sample):
    manifest = manifest_of(sample.out)
    lines = sample.ran.stdout.splitlines()
    assert lines[0] == f"Audited 1 October 2026 to 31 October 2026: {sum(manifest['verdicts'].values()):,} disclosures"
    assert lines.pop(1).startswith("Rows of the residences that could not be read: 1. ")
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
        ["--out", "x", "--from", "0001-01-01", "--to", "9999-11-30"],
        ["--out", "x", "--from", "9999-12-31", "--to", "9999-12-31"],
        ["--out", "x", "--period", "9999-12"],
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
    assert audited("--from", "1900-01-01", "--to", "2099-12-31")[0] == [f"U-2026-{n}" for n in range(1, 6)]
    assert audited("--period", "9999-11") == ([], {"from": "9999-11-01", "to": "9999-11-30"})
    assert audited("--period", "0001-01")[0] == []


# ------------------------------------------------------------------------------------------------------------- nothing heavy


@pytest.mark.parametrize("arguments", [["--help"], ["audit", "--help"], ["checks"], ["explain", "R1"], ["--version"]])
def test_help_and_catalogue_import_nothing_heavy(arguments):
    heavy = ["duckdb", "pyarrow", "pandas", "numpy", "pydantic", "jinja2", "ruamel.yaml", "great_expectations", "openpyxl"]
    found = f"print([name for name in {heavy} if name in sys.modules])"
    code = f"import sys; from auditor.cli import run; code = run({arguments!r}); {found}; sys.exit(code)"
    ran = subprocess.run([sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, encoding="utf-8", check=True)
    assert ran.stdout.splitlines()[-1] == "[]"


def test_an_audit_never_loads_pandas_into_the_programs_own_process(tmp_path):
    """pyarrow and duckdb would, in more than half a second; the data contract is judged in another process, and is."""
    source, agreement, out = export(tmp_path / "in"), write_agreement(tmp_path), tmp_path / "out"
    options = ["--agreement", str(agreement), "--out", str(out), "--key-file", str(tmp_path / "key"), "--quiet"]
    code = f"""
import sys
from auditor.__main__ import main
sys.argv = ["auditor", "audit", {str(source)!r}, *{options!r}]
try:
    main()
finally:
    print(*[name for name in ("duckdb", "pyarrow", "pandas") if name in sys.modules])"""
    ran = subprocess.run([sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, encoding="utf-8", check=True)
    assert ran.stdout.splitlines()[-1] == "duckdb pyarrow"
    answers = manifest_of(out)["contract"]["answers"]
    assert {"met", "could_not_be_run"} & {each["answer"] for each in answers} == {"met"}


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
