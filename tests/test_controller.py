"""One controller's audit: its own rows are answered, and nothing of anybody else's comes out."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.conftest import Ran, SampleAudit, run_program
from tests.exports import export, write_agreement
from tests.running import SAMPLE, SAMPLE_AGREEMENT, Outputs, read_outputs

#: Stands in every free cell of another controller's rows, with a letter after it that changes from run to run.
MARK = "Zqxw"
#: The moment of everything that others did; nothing of the audited controller's happened then.
THEIR_TIME = "17:17"


def others_rows(mark: str) -> dict[str, list[dict[str, Any]]]:
    """Rows that others answer for, and rows whose controller nobody can tell, with a mark in every column that takes one."""
    note = f"{MARK}{mark}"
    disclosure = {
        "disclosure_id": f"U-{note}-9",
        "case_id": f"SN-{note}-9",
        "at": f"2026-10-09 {THEIR_TIME}:09",
        "sender_unit": note,
        "user_id": f"{note}01",
        "recipient": "0120",
        "recipient_unit": note,
        "purpose": note,
        "fields": f"name;{note}",
        "grounds": note,
        "channel": note,
        "motivation": note,
        "requested_at": f"2026-10-08 {THEIR_TIME}:08",
    }
    case = {
        "person_id": "201205059803",
        "home_municipality": "0120",
        "registered_municipality": "0114",
        "found_in": "0380",
        "concern": note,
        "reporter": "0125",
        "reported_at": f"2026-10-02 {THEIR_TIME}:02",
        "decided_at": f"2026-10-03 {THEIR_TIME}:03",
        "closed_at": f"2026-09-04 {THEIR_TIME}:04",
        "protection": "assumed_identity",
        "assessment_extended": "true",
    }
    access = {"user_id": f"{note}01", "case_id": f"SN-{note}-9", "section": note, "reason": note, "workstation": note}
    return {
        "cases": [
            {**case, "case_id": f"SN-{note}-9"},
            {
                **case,
                "case_id": "SN-2026-77",
                "home_municipality": "0114",
                "registered_municipality": "0120",
            },  # one that the audited controller made a disclosure about
            {**case, "case_id": f"SN-{note}-8", "home_municipality": None},
            {**case, "case_id": f"SN-{note}-7", "concern": "a"},
            {**case, "case_id": f"SN-{note}-7", "concern": "b"},
        ],
        "disclosures": [
            {**disclosure, "sender": "0120"},
            {**disclosure, "sender": None, "disclosure_id": f"U-{note}-8"},
            {**disclosure, "sender": note, "disclosure_id": f"U-{note}-7"},
            {**disclosure, "sender": "0120", "disclosure_id": f"U-{note}-6", "at": f"2026-09-06 {THEIR_TIME}:06"},
            {**disclosure, "sender": "0120", "disclosure_id": "201205059803", "requested_at": note},
            {**disclosure, "sender": "0120", "disclosure_id": f"U-{note}-5", "at": note},
            {**disclosure, "sender": "0120", "disclosure_id": f"U-{note}-4", "channel": "a"},
            {**disclosure, "sender": "0120", "disclosure_id": f"U-{note}-4", "channel": "b"},
            # the same as one of the audited controller's, a little earlier
            {"disclosure_id": f"U-{note}-3", "sender": "0180", "at": f"2026-10-05 {THEIR_TIME}:05", "user_id": f"{note}02"},
        ],
        "staff": [{"user_id": f"{note}01", "organisation": "0120", "unit": note, "role": note}],
        "accesses": [
            {**access, "event_id": f"E{note}", "at": f"2026-10-09 {THEIR_TIME}:09", "source": note},
            {**access, "event_id": f"E{note}2", "user_id": None, "at": f"2026-08-08 {THEIR_TIME}:08", "source": note},
            {**access, "event_id": f"E{note}3", "at": note, "source": note},
        ],
        "assignments": [{"case_id": f"SN-{note}-9", "user_id": f"{note}01", "valid_from": f"2026-10-03 {THEIR_TIME}:03"}],
        "residences": [{"case_id": f"SN-{note}-9", "municipality": "0120", "valid_from": "2021-12-21"}],
    }


OWN: dict[str, list[dict[str, Any]]] = {
    "cases": [{}, {"case_id": "SN-2026-2", "found_in": "0180", "birth_date": None}],
    "disclosures": [
        {"sender": "0182", "user_id": "nacka1", "recipient": "police-roc", "purpose": "feedback"},
        {"sender": "0182", "user_id": "nacka1", "recipient": "0182", "channel": "brev"},
        {"sender": "0182", "user_id": "nacka1", "case_id": "SN-2026-77", "recipient": "police-roc", "fields": "name"},
        {"sender": "0182", "user_id": "nacka1", "case_id": "SN-2026-2", "recipient_unit": None, "fields": "name"},
        {"sender": "0182", "user_id": "nacka1", "at": "2026-11-02 12:00:00"},
        {"sender": "0182", "user_id": "nacka1", "at": "2026-10-05 18:00:00", "motivation": None},
    ],
    "staff": [{"user_id": "nacka1", "organisation": "0182", "unit": "mottagningen"}],
    "accesses": [{"user_id": "nacka1"}, {"user_id": "nacka1", "at": "2026-11-02 11:00:00"}],
    "assignments": [{"user_id": "nacka1"}],
    "residences": [{"case_id": "SN-2026-2"}],
}


def audit_own(folder: Path, mark: str, *options: str | Path) -> tuple[Ran, Path]:
    """The audit of 0182 in an export whose other rows carry a mark; what was said, and the folder of everything."""
    others = others_rows(mark)
    export(folder / "in", **{table: [*rows, *others[table]] for table, rows in OWN.items()})
    given = ("--agreement", write_agreement(folder), "--key-file", folder / "key", "--lang", "en", "--period", "2026-10")
    ran = run_program("audit", folder / "in", "--out", folder / "out", "--controller", "0182", *given, *options)
    assert ran.code == 0, ran.said
    return ran, folder


@pytest.fixture(scope="module")
def own(tmp_path_factory) -> tuple[Ran, Path]:
    return audit_own(tmp_path_factory.mktemp("own"), "A")


def everything_in(folder: Path) -> str:
    """The text of every file of a folder; Parquet both as bytes and unpacked."""
    parts = [path.read_bytes().decode("utf-8", "replace") for path in sorted(folder.iterdir())]
    parts += [json.dumps(pq.read_table(path).to_pylist(), default=str) for path in sorted(folder.glob("*.parquet"))]
    return "\n".join(parts)


#: What others' rows alone hold: marks, times, codes, a number; and the names that belong to the codes.
THEIRS = (
    rf"(?i){MARK}|{THEIR_TIME}|\b(?:0120|0114|0125|0380)\b|Värmdö|Upplands Väsby|Ekerö|201205059803|assumed_identity|2021-12-21"
)
THEIR_DAYS = r"2026-(?:10-0[239]|09-0[46]|08-08)"


def test_the_marks_would_be_seen(own):
    _ran, folder = own
    inputs = "\n".join(path.read_text(encoding="utf-8") for path in (folder / "in").iterdir())
    assert len(re.findall(THEIRS, inputs)) > 100 and len(re.findall(THEIR_DAYS, inputs)) > 20


def test_nothing_of_another_controller_is_written_or_said(own):
    ran, folder = own
    written = everything_in(folder / "out")
    assert re.findall(THEIRS, written + ran.said) == []
    assert re.findall(THEIR_DAYS, written + ran.said) == []


def test_nothing_of_another_controller_is_told_when_a_disclosure_is_explained(own):
    _ran, folder = own
    again = (
        "--run",
        folder / "out",
        "--input",
        folder / "in",
        "--agreement",
        folder / "avtal.yaml",
        "--key-file",
        folder / "key",
    )
    for id_ in read_outputs(folder / "out").verdicts:
        ran = run_program("explain", id_, *again, "--lang", "en")
        assert ran.code == 0 and re.findall(f"{THEIRS}|{THEIR_DAYS}", ran.said) == []
    for other in (f"U-{MARK}A-9", f"U-{MARK}A-8", "201205059803"):
        ran = run_program("explain", other, *again, "--lang", "en")
        assert (ran.code, ran.stdout) == (3, "") and "no such disclosure" in ran.stderr


def test_what_others_rows_say_changes_no_byte(own, tmp_path):
    """The same audit again, where every free cell of the others says something else: only hashes of the input differ."""
    _ran, folder = own
    _again, other = audit_own(tmp_path, "B")
    for name in ("findings.csv", "findings.parquet", "verdicts.parquet", "counts.csv", "quarantine.csv"):
        assert (folder / "out" / name).read_bytes() == (other / "out" / name).read_bytes(), name
    for name in ("report.html", "manifest.json"):
        told = [
            re.sub(r'[0-9a-f]{64}|"run_at": .*', "…", (f / "out" / name).read_text(encoding="utf-8")) for f in (folder, other)
        ]
        assert told[0] == told[1], name


def test_every_row_ends_in_one_pile_and_only_own_rows_are_answered(own):
    _ran, folder = own
    outputs = read_outputs(folder / "out")
    piles = {entry["table"]: entry["rows"] for entry in outputs.manifest["inputs"]}
    for rows in piles.values():
        assert rows["read"] == rows["audited"] + rows["context"] + rows["other_controller"] + rows["quarantined"]
    told = {
        table: [piles[table][name] for name in ("audited", "context", "other_controller", "controller_unknown")]
        for table in piles
    }
    assert told["disclosures"] == [5, 1, 9, 2]
    assert told["cases"] == [2, 0, 5, 1]
    assert told["accesses"] == [1, 1, 2, 1]
    assert all(piles[table]["other_controller"] == 0 for table in ("staff", "assignments", "residences"))
    assert sorted(outputs.verdicts) == ["U-2026-1", "U-2026-2", "U-2026-3", "U-2026-4", "U-2026-6"]
    assert {row["controller"] for row in outputs.findings} == {"0182", None}
    assert outputs.manifest["pseudonymised_ids"] == 0


def test_lines_known_to_be_of_others_are_in_no_quarantine_and_lines_of_nobody_are(own):
    _ran, folder = own
    with (folder / "out" / "quarantine.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [(row["table"], row["column"]) for row in csv.DictReader(file, delimiter=";")]
    assert rows == [("accesses", "at"), ("disclosures", "sender")]  # whose they are nobody can tell
    found = [row for row in read_outputs(folder / "out").findings if row["check"] in ("L4", "L6", "L7")]
    told = sorted((row["check"], row["entity"], json.loads(row["evidence"]).get("rows", 1)) for row in found)
    assert told == [
        ("L4", "accesses", 1),
        ("L4", "disclosures", 1),
        ("L6", "accesses.csv", 1),
        ("L7", "disclosures.csv", 1),
    ]


def test_answers_may_rest_on_others_rows_but_show_none_of_them(own):
    """A disclosure again after another's (P4), and one about another's case: answered, without the values."""
    _ran, folder = own
    found = {(row["check"], row["entity"]): json.loads(row["evidence"]) for row in read_outputs(folder / "out").findings}
    about_another = {check: evidence for (check, entity), evidence in found.items() if entity == "U-2026-3"}
    assert about_another["T3"] == {"found_in": None, "target_county": "01"}
    assert about_another["T4"] == {"home_municipality": None, "home_is_party": None}
    assert about_another["T6"] == {"home_municipality": None, "registered_municipality": None}
    assert about_another["F3"] == {"protection": None, "fields_location": [], "fields_identity": ["name"]}
    assert found["P4", "U-2026-6"] == {"earlier_same_at": None}
    assert about_another["P3"] == {"closed_at": None}


def test_terminal_report_and_manifest_say_whose_rows_were_audited(own):
    ran, folder = own
    report = (folder / "out" / "report.html").read_text(encoding="utf-8")
    for said in (ran.stdout, report):
        assert "Only rows for which 0182 Nacka is the controller were audited." in said
        assert "Rows of other controllers, not audited and shown nowhere: 12." in said
        assert "Rows whose controller cannot be told, not audited either: 4." in said
    assert read_outputs(folder / "out").manifest["controller"] == "0182"


@pytest.mark.parametrize("controller", ["0180", "Polisen"])
def test_the_answers_are_those_of_the_audit_of_everybody(sample: SampleAudit, tmp_path, controller):
    everybody = read_outputs(sample.out)
    given = ("--agreement", SAMPLE_AGREEMENT, "--key-file", sample.key, "--lang", "en", "--quiet", "--controller", controller)
    assert run_program("audit", SAMPLE / "clean", "--out", tmp_path / "out", *given).code == 0
    outputs = read_outputs(tmp_path / "out")
    code = outputs.manifest["controller"]

    def own(found: Outputs) -> Counter[tuple[str | None, ...]]:
        rows = (row for row in found.findings if row["controller"] == code)
        return Counter((row["check"], row["entity"], row["answer"], row["missing"], row["fingerprint"]) for row in rows)

    assert own(outputs) == own(everybody)
    assert outputs.verdicts.items() <= everybody.verdicts.items() and 0 < len(outputs.verdicts) < len(everybody.verdicts)
    assert {row["controller"] for row in outputs.findings} <= {code, None}
    assert {id_ for _check, id_, *_rest in own(everybody) if id_ in everybody.verdicts} <= outputs.verdicts.keys()


@pytest.mark.parametrize("name", ["182", "Nacka kommun", " nacka ", "0182 Nacka"])
def test_an_organisation_is_named_as_in_the_logs(tmp_path, name):
    source, agreement = export(tmp_path / "in", disclosures=[{"sender": "0182"}]), write_agreement(tmp_path)
    given = ("--agreement", agreement, "--key-file", tmp_path / "key", "--quiet")
    assert run_program("audit", source, "--out", tmp_path / "out", "--controller", name, *given).code == 0
    assert read_outputs(tmp_path / "out").manifest["controller"] == "0182"


@pytest.mark.parametrize(
    ("name", "near"), [("Naca", "'Nacka'"), ("polis-rok", "'police-roc'"), ("", ""), ("\x1b[31m", ""), ("9999", "")]
)
def test_an_unknown_organisation_is_refused_with_the_nearest_name(tmp_path, name, near):
    given = ("--agreement", write_agreement(tmp_path), "--key-file", tmp_path / "key", "--lang", "en")
    ran = run_program("audit", export(tmp_path / "in"), "--out", tmp_path / "out", "--controller", name, *given)
    assert (ran.code, ran.stdout) == (3, "")
    assert "--controller is not known" in ran.stderr and "police-roc" in ran.stderr and "\x1b" not in ran.stderr
    assert near in ran.stderr and ("Did you mean" in ran.stderr) == bool(near)
    assert not (tmp_path / "out").exists()


def test_a_controller_without_a_disclosure_gets_no_clean_bill(tmp_path):
    given = ("--agreement", write_agreement(tmp_path), "--key-file", tmp_path / "key", "--lang", "en", "--controller", "0120")
    ran = run_program("audit", export(tmp_path / "in"), "--out", tmp_path / "out", *given)
    assert (ran.code, ran.stdout) == (3, "") and "holds no disclosure of the controller" in ran.stderr
    ran = run_program("audit", tmp_path / "in", "--out", tmp_path / "out", *given, "--period", "2026-10")
    assert ran.code == 0 and "No disclosure that could be audited is in the export." in ran.stdout
    assert "2026-10-05" not in everything_in(tmp_path / "out")


def audit_untold(folder: Path, without: str) -> tuple[str, Outputs, str]:
    """The audit of 0182 of an export whose files lack a column: what was said, the outputs, and the text of every file."""
    given = {
        **OWN,
        "disclosures": OWN["disclosures"][:1],
        "cases": [{}, {"case_id": "SN-2026-2", "decided_at": None}],
        "residences": [{"case_id": "SN-2026-1"}],
    }
    export(folder / "in", **given, without=[without])
    given_too = ("--agreement", write_agreement(folder), "--key-file", folder / "key", "--lang", "en", "--period", "2026-10")
    ran = run_program("audit", folder / "in", "--out", folder / "out", "--controller", "0182", *given_too)
    assert ran.code == 0, ran.said
    return ran.stdout, read_outputs(folder / "out"), everything_in(folder / "out")


def piles_of(outputs: Outputs, table: str) -> tuple[int, int, int]:
    (rows,) = (entry["rows"] for entry in outputs.manifest["inputs"] if entry["table"] == table)
    return rows["audited"] + rows["context"], rows["other_controller"], rows["controller_unknown"]


def test_without_the_last_day_of_staff_no_access_is_surely_anybodys(tmp_path):
    """Who worked for this controller some day may have worked for another on the day of the access."""
    said, outputs, _written = audit_untold(tmp_path, "staff.valid_to")
    assert piles_of(outputs, "accesses") == (0, 2, 2) and piles_of(outputs, "cases") == (2, 0, 0)
    assert pq.read_table(tmp_path / "out" / "accesses.parquet").num_rows == 0
    report = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert all("The staff list has no column for the last day (valid_to)" in told for told in (said, report))


def test_without_the_last_day_of_residences_no_case_is_surely_anybodys(tmp_path):
    """Not even one that no residence tells of; and nothing of a case stands in evidence."""
    said, outputs, written = audit_untold(tmp_path, "residences.valid_to")
    assert piles_of(outputs, "cases") == (0, 2, 2) and piles_of(outputs, "accesses") == (2, 0, 0)
    assert not [row for row in outputs.findings if row["check"] == "P8"] and "SN-2026-2" not in written
    of_cases = ("reported_at", "closed_at", "found_in")
    shown = [json.loads(row["evidence"]).get(name) for row in outputs.findings for name in of_cases]
    assert len(outputs.verdicts) == 1 and set(shown) <= {None}
    assert "The residences have no column for the last day (valid_to)" in said
    again = ("--run", tmp_path / "out", "--input", tmp_path / "in", "--agreement", tmp_path / "avtal.yaml", "--lang", "en")
    ran = run_program("explain", "U-2026-1", *again, "--key-file", tmp_path / "key")
    assert ran.code == 0 and "2026-10-05T09:00" not in ran.said
