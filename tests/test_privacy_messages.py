"""No error, whoever made it, tells anything of a person; and pseudonyms are the key's."""

from __future__ import annotations

import re
from pathlib import Path

import auditor.cli.auditing
from tests.conftest import Ran, run_program
from tests.exports import export, write_agreement
from tests.hostile import HOSTILE, MARK, NUMBERS, assert_nothing_acts, assert_nothing_leaks
from tests.running import read_outputs


def refused(folder: Path, *options: str | Path) -> Ran:
    given = ("--agreement", write_agreement(folder), "--out", folder / "out", "--key-file", folder / "key", "--lang", "en")
    ran = run_program("audit", folder / "in", *given, *options)
    assert ran.code == 3, ran.said
    assert_nothing_leaks(ran.said)
    assert_nothing_acts(ran)
    return ran


def test_errors_quote_headings_and_names_without_what_a_terminal_obeys(tmp_path):
    number = next(NUMBERS)
    source = export(tmp_path / "in", disclosures=[{"motivation": MARK}])
    path = source / "disclosures.csv"
    text = (
        path.read_text(encoding="utf-8").replace("recipient;", "recipi\x1b[31ment;").replace("user_id;", f"user_id {number};")
    )
    path.rename(source / f"disclosures \x1b[31m{number}.csv").write_text(text, encoding="utf-8", newline="")
    said = refused(tmp_path).stderr
    assert "recipi" in said and "***" in said
    for name in (f"staff {number}.xls", f"cases-staff \x07{number}.csv", f"cases \x9b{number}.xlsx"):
        (source / name).write_text(MARK)
        refused(tmp_path)


def test_a_wrong_command_line_quotes_nothing_of_a_person(tmp_path):
    """A shell fills in file names: ``auditor audit in/*``."""
    ran = run_program("audit", tmp_path, f"{tmp_path}/{next(NUMBERS)} \x1b[31m.csv", "--out", "x", f"--{next(NUMBERS)}")
    assert ran.code == 2
    assert_nothing_leaks(ran.said)
    assert_nothing_acts(ran)


def test_paths_with_a_number_are_masked_in_every_message(tmp_path):
    number = next(NUMBERS)
    folder = tmp_path / f"anna {number}"
    export(folder / "in")
    broken = folder / f"avtal {number}.yaml"
    broken.write_text("agreement: 2\n")
    mapping = folder / f"map {number}.yaml"
    for options in (
        ["audit", folder / "in", "--agreement", broken, "--out", folder / "out"],
        ["audit", folder / "in", "--mapping", mapping, "--out", folder / "out"],
        ["audit", folder / "in", "--out", folder / "in"],
        ["audit", folder / f"{number}", "--out", folder / "out"],
        ["agreement", "check", broken],
        ["verify", folder],
    ):
        ran = run_program(*options)
        assert ran.code == 3
        assert_nothing_leaks(ran.said)


def test_a_fault_of_the_program_itself_tells_its_place_and_no_data(tmp_path, monkeypatch):
    def fail(*_arguments, **_options):
        try:
            raise KeyError(f"{MARK} {next(NUMBERS)}")
        except KeyError as error:
            raise ValueError(f"{MARK} {HOSTILE}") from error

    monkeypatch.setattr(auditor.cli.auditing, "run_audit", fail)
    source = export(tmp_path / "in")
    ran = run_program("audit", source, "--out", tmp_path / "out", "--lang", "en", "--quiet")
    assert (ran.code, ran.stdout) == (70, "")
    assert re.fullmatch(
        r"A fault in the program itself \(ValueError at auditing.py:\d+\); nothing was written\. .*\n", ran.stderr
    )
    assert_nothing_leaks(ran.said)
    assert not (tmp_path / "out").exists() and not list(tmp_path.glob(".auditor-*"))


def test_the_same_key_gives_the_same_pseudonyms_and_another_key_others(tmp_path):
    number = next(NUMBERS)
    rows = [
        {"disclosure_id": number, "user_id": f"u-{number}", "channel": "email"},
        {"disclosure_id": "U-2", "channel": "email"},
    ]
    runs = []
    for name, key in (("a", "key"), ("b", "key"), ("c", "another")):
        source = export(tmp_path / name, disclosures=rows if name != "b" else [*rows, {"at": "2026-10-20"}])
        given = (
            "--agreement",
            write_agreement(tmp_path),
            "--out",
            tmp_path / f"out-{name}",
            "--key-file",
            tmp_path / key,
            "--quiet",
        )
        assert run_program("audit", source, *given).code == 0
        found = {row["entity"]: row for row in read_outputs(tmp_path / f"out-{name}").findings if row["check"] == "P5"}
        plain = found.pop("U-2")
        (shown,) = found.values()
        runs.append((plain["fingerprint"], shown["entity"], shown["user_id"], shown["fingerprint"]))
    first, same, other = runs
    assert first == same
    assert first[0] == other[0]  # an id that is shown needs no key
    assert not {*first[1:]} & {*other[1:]}
    # the fingerprint is made from what is shown: without the key nobody can try all numbers
    keys = [(tmp_path / name).read_text(encoding="ascii").strip() for name in ("key", "another")]
    assert len({*keys}) == 2 and all(re.fullmatch(r"[0-9a-f]{64}", key) for key in keys)
