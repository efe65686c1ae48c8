"""``auditor verify``, ``explain`` and ``checks``: what was written can be checked again, and every answer replayed."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from auditor.checks import CATALOGUE
from auditor.checks.model import Of
from auditor.labels import ANSWERS, VERDICTS
from tests.conftest import Ran, run_program
from tests.exports import export, write_agreement
from tests.running import read_outputs

# -------------------------------------------------------------------------------------------------------------------- verify

BESIDE = "Whether the manifest itself was changed, a signed package alone shows."


@pytest.fixture
def report(sample, tmp_path) -> Path:
    """A copy of a report, to be spoiled."""
    return sample.copy(tmp_path / "report")


def verify(folder: Path) -> Ran:
    return run_program("verify", folder, "--lang", "en")


def test_an_untouched_report_is_verified(report):
    ran = verify(report)
    assert (ran.code, ran.stdout, ran.stderr) == (0, f"Every file is as the manifest has it. {BESIDE}\n", "")


WRITTEN = ["report.html", "findings.csv", "findings.parquet", "verdicts.parquet", "counts.csv", "quarantine.csv"]


@pytest.mark.parametrize("name", WRITTEN)
def test_a_changed_byte_is_seen(report, name):
    content = bytearray((report / name).read_bytes())
    content[len(content) // 2] ^= 1
    (report / name).write_bytes(content)
    ran = verify(report)
    assert (ran.code, ran.stdout) == (1, f"{name} has been changed\nThe report is not as it was written.\n")


def test_a_missing_and_an_added_file_are_seen(report):
    (report / "quarantine.csv").unlink()
    (report / "more \x1b[31m.txt").write_text("x")
    (report / "om 20120626-9845.txt").write_text("x")
    ran = verify(report)
    assert ran.code == 1 and "***.txt is not in the manifest" in ran.stdout and "9845" not in ran.said
    assert ran.stdout.splitlines()[0] == "quarantine.csv is missing"
    assert re.fullmatch(r"more .\[31m\.txt is not in the manifest", ran.stdout.splitlines()[1]) and "\x1b" not in ran.stdout


def test_a_manifest_cannot_point_out_of_its_folder(report, tmp_path):
    (tmp_path / "outside.txt").write_text("x")
    manifest = json.loads((report / "manifest.json").read_text(encoding="utf-8"))
    manifest["outputs"].append({"file": "../outside.txt", "sha256": "", "bytes": 1})
    (report / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    ran = verify(report)
    assert (ran.code, ran.stdout.splitlines()[0]) == (1, "outside.txt is missing")


NOT_OURS = [None, "", "[]", "{}", '{"manifest": 1, "program": {"name": "x"}}', '{"manifest": 1, "program": 7}', "\x00"]


@pytest.mark.parametrize("content", NOT_OURS)
def test_a_folder_without_a_manifest_of_ours_is_refused(report, content):
    (report / "manifest.json").unlink()
    if content is not None:
        (report / "manifest.json").write_text(content)
    ran = verify(report)
    assert (ran.code, ran.stdout) == (3, "") and "manifest.json" in ran.stderr and "--out" in ran.stderr
    assert verify(report / "nowhere").code == 3


CHANGED = [
    ("outputs", "x"),
    ("outputs", ["x"]),
    ("outputs", []),
    ("inputs", None),
    ("period", {}),
    ("period", {"from": "x", "to": "2026-10-31"}),
    ("period", {"from": 5, "to": []}),
    ("agreement", {}),
    ("law_table", None),
    ("options", []),
    ("controller", 5),
    ("checks", None),
    ("tallies", []),
]


@pytest.mark.parametrize(("name", "value"), CHANGED)
def test_a_manifest_that_was_changed_is_refused_and_no_fault_of_the_program(report, tmp_path, name, value):
    manifest = json.loads((report / "manifest.json").read_text(encoding="utf-8"))
    (report / "manifest.json").write_text(json.dumps({**manifest, name: value}), encoding="utf-8")
    (tmp_path / "in").mkdir()
    commands = [
        ("explain", "R1-1", "--run", report, "--input", tmp_path / "in"),
        ("sample", tmp_path / "in", "--run", report, "--n", "5", "--seed", "7", "--out", tmp_path / "form.xlsx"),
        ("findings", "add", "--run", report, "--register", tmp_path / "r.db"),
    ]
    for arguments in commands:
        ran = run_program(*arguments, "--lang", "en")
        assert (ran.code, ran.stdout) == (3, "") and "no readable manifest" in ran.stderr, (arguments[0], ran.said)
    assert verify(report).code in (0, 3)


def test_a_manifest_without_end_is_refused(report):
    (report / "manifest.json").write_text("[" * 100_000)
    assert verify(report).code == 3
    (report / "manifest.json").unlink()
    (report / "manifest.json").mkdir()
    assert verify(report).code == 3


# ------------------------------------------------------------------------------------------------------------ the catalogue


@pytest.mark.parametrize(
    ("lang", "headings"),
    [("sv", ["Fråga", "Vad kontrollen inte kan visa", "Bestämmelser"]), ("en", ["Question", "What it cannot tell", "Law"])],
)
def test_every_check_is_listed_and_has_a_page(lang, headings):
    listed = run_program("checks", "--lang", lang)
    assert (listed.code, listed.stderr) == (0, "")
    for check in CATALOGUE:
        assert re.search(rf"^{check.id}\s+{check.name}\s", listed.stdout, re.MULTILINE)
        page = run_program("explain", check.id.lower(), "--lang", lang)
        assert (page.code, page.stderr) == (0, "")
        assert page.stdout.startswith(f"{check.id}  {check.name}  (")
        assert [heading for heading in headings if f"\n{heading}\n  " not in page.stdout] == []
        told = " ".join(page.stdout.split())
        assert [provision.id for provision in check.law if provision.citation_sv not in told] == []


def test_an_unknown_check_is_a_wrong_command_line():
    ran = run_program("explain", "X1\x1b[31m", "--lang", "en")
    assert (ran.code, ran.stdout) == (2, "") and "auditor checks" in ran.stderr and "\x1b" not in ran.stderr


# --------------------------------------------------------------------------------------------------------- a disclosure again


@pytest.fixture(scope="module")
def audited(tmp_path_factory):
    """An audit of three disclosures: one in order, one outside the agreement, one that cannot be judged."""
    folder = tmp_path_factory.mktemp("explained")
    source = export(
        folder / "in",
        cases=[{}, {"found_in": None, "birth_date": None}],
        disclosures=[
            {},
            {"fields": "name;decision", "channel": "email", "recipient": "0120", "at": "2026-10-06 12:00:00"},
            {"case_id": "SN-2026-2", "disclosure_id": "20170101-9802"},
            {"at": "2026-09-30 12:00:00", "disclosure_id": "U-before"},
        ],
    )
    switched_off = "channels: [sdk, phone]\nchecks_off: [{check: R5, reason: annat system}]"
    agreement = write_agreement(folder, ("channels: [sdk, phone]", switched_off))
    given = ("--agreement", agreement, "--key-file", folder / "key", "--lang", "en")
    ran = run_program("audit", source, "--out", folder / "out", "--quiet", *given)
    assert ran.code == 0, ran.said
    return folder, given


def explain(folder: Path, name: str, *options: str | Path) -> Ran:
    return run_program("explain", name, "--run", folder / "out", "--input", folder / "in", *options)


OF_DISCLOSURES = [check.id for check in CATALOGUE if check.of is Of.DISCLOSURE]


def test_every_answer_of_every_disclosure_is_replayed(audited):
    """What is told of each disclosure adds up to the counts of the audit, and agrees with its findings and verdicts."""
    folder, given = audited
    outputs = read_outputs(folder / "out")
    found = {(row["check"], row["entity"]): row for row in outputs.findings}
    told: Counter[tuple[str, str]] = Counter()
    assert set(outputs.verdicts.values()) == set(VERDICTS)
    for id_, verdict in outputs.verdicts.items():
        ran = explain(folder, id_, *given)
        assert ran.code == 0, ran.said
        first, second, rest = ran.stdout.split("\n", 2)
        assert first.startswith(f"Disclosure {id_}, ") and re.search(r", [56] October 2026 12:00:00$", first)
        assert second.startswith(f"Verdict: {VERDICTS[verdict]}")
        parts = {part.split()[0]: part for part in re.split(r"\n(?=[A-Z]\d+ )", rest.strip())}
        assert list(parts) == OF_DISCLOSURES
        assert parts.pop("R5").endswith("  not run: switched off by the agreement (annat system)")
        assert "  not run: " in parts.pop("L5")
        for check, part in parts.items():
            answer = next(name for name, words in ANSWERS.items() if part[4:].startswith(words + "  "))
            told[check, answer] += 1
            row = found.get((check, id_))
            assert (row["answer"] if row else None) == (answer if answer in ("violation", "undetermined") else None)
            if row:
                assert f"\n      Law: {row['law']}" in part
                evidence = json.loads(row["evidence"]).items()
                values = [f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in evidence if value is not None]
                assert [value for value in values if value not in part] == []
                assert ("\n      Missing: " in part) == (answer == "undetermined")
        assert re.search(r"\n      Agreement: flows\.fields \(line \d+\)\n", parts["F1"])
    for check in set(OF_DISCLOSURES) - {"R5", "L5"}:
        row = outputs.counts[check]
        assert {answer: told[check, answer] for answer in ANSWERS} == {answer: int(row[answer]) for answer in ANSWERS}, check


def test_a_disclosure_is_found_by_its_own_number_and_told_in_swedish(audited):
    folder, given = audited
    ran = explain(folder, "20170101-9802", *given[:-1], "sv")
    assert ran.code == 0
    assert re.match(r"Utlämnande pseudonym-[0-9a-f]{16}, 5 oktober 2026 12:00:00\n", ran.stdout)
    assert "9802" not in ran.said


@pytest.mark.parametrize("name", ["U-2026-99", "U-before"])
def test_a_disclosure_that_was_not_audited_cannot_be_explained(audited, name):
    folder, given = audited
    ran = explain(folder, name, *given)
    assert (ran.code, ran.stdout) == (3, "") and "no such disclosure in the audited period" in ran.stderr


def test_another_agreement_input_or_run_is_refused(audited, tmp_path):
    folder, given = audited
    another = write_agreement(tmp_path)
    ran = explain(folder, "U-2026-1", "--agreement", another, *given[2:])
    assert (ran.code, ran.stdout) == (3, "") and "not the one that the audit was made with" in ran.stderr
    changed = export(tmp_path / "in", disclosures=[{"channel": "phone"}])
    ran = run_program("explain", "U-2026-1", "--run", folder / "out", "--input", changed, *given)
    assert (ran.code, ran.stdout) == (3, "") and "not the one that was audited" in ran.stderr
    ran = run_program("explain", "U-2026-1", "--run", tmp_path, "--input", folder / "in", *given)
    assert (ran.code, ran.stdout) == (3, "") and "manifest" in ran.stderr
    ran = run_program("explain", "U-2026-1", "--run", folder / "out", "--input", tmp_path / "nowhere", *given)
    assert (ran.code, ran.stdout) == (3, "") and "does not exist" in ran.stderr
    for one in ("--run", "--input"):
        assert run_program("explain", "U-2026-1", one, folder / "out").code == 2


def test_another_mapping_or_law_table_is_refused(audited, tmp_path):
    folder, given = audited
    mapping, other = tmp_path / "map.yaml", tmp_path / "other.yaml"
    mapping.write_text("mapping: 1\ntables: {disclosures: {columns: {channel: channel}}}\n", encoding="utf-8")
    other.write_text(mapping.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    assert run_program("audit", folder / "in", "--out", tmp_path / "out", "--mapping", mapping, "--quiet", *given).code == 0
    again = ("--run", tmp_path / "out", "--input", folder / "in", *given)
    assert run_program("explain", "U-2026-1", "--mapping", mapping, *again).code == 0
    ran = run_program("explain", "U-2026-1", "--mapping", other, *again)
    assert (ran.code, ran.stdout) == (3, "") and "other.yaml: The mapping file is not the one" in ran.stderr
    ran = run_program("explain", "U-2026-1", *again)
    assert (ran.code, ran.stdout) == (3, "") and "made with a mapping file" in ran.stderr and "--mapping" in ran.stderr
    ran = explain(folder, "U-2026-1", "--mapping", mapping, *given)
    assert (ran.code, ran.stdout) == (3, "") and "The mapping file is not the one" in ran.stderr

    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    manifest["law_table"]["sha256"] = "0" * 64
    (tmp_path / "out" / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    ran = run_program("explain", "U-2026-1", "--mapping", mapping, *again)
    assert (ran.code, ran.stdout) == (3, "") and "The law table of this program is not the one" in ran.stderr


def test_explaining_leaves_nothing_behind(audited, tmp_path, monkeypatch):
    """What is read again lies in a private folder of the temporary folder, which a later run removes if this one is killed."""
    folder, given = audited
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    abandoned = tmp_path / ".auditor-killed"
    abandoned.mkdir()
    (abandoned / "lock").touch()
    (abandoned / "raw").write_text("of a person")
    assert explain(folder, "U-2026-99", *given).code == 3
    assert list(tmp_path.iterdir()) == []
