"""What is said while the program works: on a terminal, in a pipe, and when it is asked to be quiet."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from auditor.cli.progress import remaining
from auditor.words import speak
from tests.conftest import run_program
from tests.exports import export, write_agreement
from tests.running import CHECKOUT

NOT_WINDOWS = pytest.mark.skipif(os.name == "nt", reason="a terminal as Unix has it")


def command(folder: Path, *options: str) -> list[str]:
    given = ["--agreement", write_agreement(folder), "--out", folder / "out", "--key-file", folder / "key", *options]
    return [str(part) for part in ("audit", folder / "in", *given)]


def test_in_a_pipe_each_step_and_its_rows_are_plain_lines(tmp_path):
    export(tmp_path / "in", disclosures=[{}] * 1200)
    ran = run_program(*command(tmp_path, "--lang", "en"))
    assert ran.code == 0
    assert ran.stderr.splitlines() == [
        *("Reading cases.csv", "  1 rows", "Reading disclosures.csv", "  1,200 rows", "Reading staff.csv", "  1 rows"),
        "Judging whether the export is fit to be audited",
        *("Preparing disclosures and cases", "Answering the checks", "  1,200 rows"),
        *("Writing findings", f"  {len((tmp_path / 'out' / 'findings.csv').read_text('utf-8').splitlines()) - 1:,} rows"),
        "Writing the report",
    ]
    assert [sign for sign in ran.said if not (sign.isprintable() or sign == "\n")] == []


def test_numbers_and_days_are_written_as_the_language_does(tmp_path):
    export(tmp_path / "in", disclosures=[{}] * 1200)
    swedish = run_program(*command(tmp_path)).said
    assert "Granskat 1 oktober 2026 till 31 oktober 2026: 1\u00a0200 utlämnanden" in swedish
    english = run_program(*command(tmp_path, "--force", "--lang", "en")).said
    assert "Audited 1 October 2026 to 31 October 2026: 1,200 disclosures" in english


def test_nothing_is_said_on_the_way_when_asked_to_be_quiet(tmp_path):
    export(tmp_path / "in")
    ran = run_program(*command(tmp_path, "--quiet"))
    assert (ran.code, ran.stderr) == (0, "")


def test_a_caller_that_closed_standard_error_gets_its_report(tmp_path):
    export(tmp_path / "in")
    arguments = [sys.executable, "-m", "auditor", *map(str, command(tmp_path))]
    ran = subprocess.run(["/bin/sh", "-c", 'exec "$@" 2>&-', "sh", *arguments], cwd=CHECKOUT, capture_output=True, check=False)
    assert ran.returncode == 0 and (tmp_path / "out" / "report.html").exists()


def on_a_terminal(arguments: list[str], **environment: str) -> str:
    """What the program writes to a terminal, which it has for its standard error and output alike."""
    import pty

    ours, theirs = pty.openpty()
    known = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "120", **environment}
    process = subprocess.Popen(
        [sys.executable, "-m", "auditor", *arguments], cwd=CHECKOUT, env=known, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    said = b""
    try:
        while part := os.read(ours, 65536):
            said += part
    except OSError:
        pass  # the end of a terminal, on Linux
    os.close(ours)
    assert process.wait() == 0, said
    return said.decode("utf-8")


@NOT_WINDOWS
def test_a_terminal_sees_step_and_rows_and_is_left_as_it_was(tmp_path):
    source = export(tmp_path / "in", disclosures=[{}] * 1200)
    (source / "staff.csv").rename(source / "staff \x1b[41m\x07[red].csv")
    said = on_a_terminal(command(tmp_path, "--lang", "en"))
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", said)
    for part in ("Reading disclosures.csv", "1,200 rows", "Answering the checks", "━"):
        assert part in plain
    assert "\x1b[41m" not in said and "\x07" not in said and "[red].csv" in plain
    assert said.rfind("\x1b[?25h") > said.rfind("\x1b[?25l")  # the cursor is shown again
    assert plain.splitlines()[-1] == f"Report: {tmp_path / 'out' / 'report.html'}"


@NOT_WINDOWS
def test_a_terminal_that_can_move_nothing_gets_plain_lines(tmp_path):
    export(tmp_path / "in")
    said = on_a_terminal(command(tmp_path, "--lang", "en"), TERM="dumb")
    assert "\x1b" not in said and "Reading cases.csv\r\n  1 rows" in said


def test_the_remaining_time_is_a_guess_in_words_once_there_is_something_to_go_by():
    assert remaining(1.0, 0.5) == remaining(60.0, 0.01) == remaining(60.0, 1.0) == ""
    assert remaining(60.0, 0.25) == "ungefär 3 minuter kvar"
    speak("en")
    assert (remaining(60.0, 0.25), remaining(10.0, 0.9)) == ("about 3 minutes left", "about 1 second left")
