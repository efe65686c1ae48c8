"""No personal number, name or free text comes out of a month full of them, and nothing hostile acts."""

from __future__ import annotations

import re
import tempfile
import unicodedata
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.privacy import Pseudonyms, holds_personal_number, shown_path, without_personal_numbers
from tests.conftest import run_program
from tests.exports import export, write_agreement
from tests.hostile import (
    ESCAPES,
    HOSTILE,
    MARK,
    NUMBERS,
    assert_nothing_acts,
    assert_nothing_leaks,
    everything_in,
    numbers_in,
    spellings,
    with_many_spellings,
)
from tests.running import read_outputs


def test_the_search_finds_what_it_looks_for():
    number = next(NUMBERS)
    for spelling in spellings(number):
        assert numbers_in(f"x {spelling} y") == [number[2:]], spelling
        assert holds_personal_number(spelling), spelling
        assert numbers_in(without_personal_numbers(spelling)) == []
        assert numbers_in(shown_path(f"in/disclosures {spelling}.csv".replace("/", "_"))) == []
    assert not holds_personal_number("SN-2026-01234") and without_personal_numbers("U-2026-000001") == "U-2026-000001"
    assert without_personal_numbers("10 m\u00b2 \u2460") == "10 m\u00b2 \u2460", "what holds no number stays as it was written"
    assert without_personal_numbers("om 20170101-2390 m\u00b2") == "om *** m2"


def test_the_end_of_a_masked_name_and_a_number_over_two_folders_tell_nothing():
    assert shown_path("in/barn.0907219869") == "in/***" and shown_path("barn 20120626-9845.csv") == "***.csv"
    assert shown_path("20120626/9845.csv") == "***/***.csv"
    assert shown_path("in/2026-10/disclosures.csv.gz") == "in/2026-10/disclosures.csv.gz"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """An export with a marker or a personal number wherever one can stand, and its audit in Swedish, aloud."""
    folder = tmp_path_factory.mktemp("hostile")
    note = f"Anna {MARK} {next(NUMBERS)} {HOSTILE}"
    unknown = {"Anteckning": note, f"rubrik {next(NUMBERS)}": note, "rubrik \x1b[31m": note, f"=cmd|{MARK} x": note}
    spelled = with_many_spellings()
    free = {
        "sender_unit": note,
        "recipient_unit": note,
        "channel": note,
        "purpose": note,
        "fields": f"name;{note.replace(';', '')};{next(NUMBERS)}",
        "grounds": f"OSL 26:9 p1;{note}",
        "motivation": note,
        "recipient": note,
        "requested_at": note,
    }
    named = {"disclosure_id": f"{MARK} Lundqvist", "case_id": f"{MARK}", "user_id": f"Lars {MARK} Lundqvist"}
    escaped = {"disclosure_id": f"U-9{HOSTILE}", "case_id": f"SN-9{HOSTILE}", "user_id": f"u9{HOSTILE}"}
    cases = [
        {"person_id": next(NUMBERS), "related_person_ids": f"{next(NUMBERS)};{next(NUMBERS)}", **unknown},
        *({"case_id": row["case_id"], "person_id": next(NUMBERS), "birth_date": None} for row in spelled),
        {
            "case_id": named["case_id"],
            "concern": note,
            "reporter": note,
            "protection": note,
            "decision": note,
            "found_in": note,
        },
        {"case_id": "SN-3", "home_municipality": note, "registered_municipality": note, "birth_date": note, "closed_at": note},
        {"case_id": escaped["case_id"], "person_id": f"{MARK}", "related_person_ids": note, "assessment_extended": note},
    ]
    disclosures = [
        {**free, **unknown},
        *spelled,
        {**named, **free},
        {**escaped, **free},
        {"case_id": "SN-3", "sender": note},
        {"disclosure_id": "<script>1</script>", "user_id": "<img/src=x/onerror=1>", "channel": note},
        {"disclosure_id": next(NUMBERS), "at": note},
    ]
    staff = [
        {
            "user_id": spelled[0]["user_id"],
            "person_id": next(NUMBERS),
            "unit": note,
            "role": note,
            "organisation": note,
            **unknown,
        },
        {"user_id": named["user_id"], "valid_to": note, "shared": note},
    ]
    access = {"section": note, "reason": note, "workstation": note, "source": note, "action": note, "sequence": note}
    source = export(
        folder / "in",
        cases=cases,
        disclosures=disclosures,
        staff=staff,
        assignments=[{"case_id": named["case_id"], "user_id": named["user_id"], "valid_to": note, **unknown}],
        residences=[{"case_id": spelled[3]["case_id"], "municipality": note, **unknown}],
        accesses=[{**access, **spelled[4], "event_id": next(NUMBERS), "at": "2026-10-05 12:00:00", **unknown}],
        form="jsonl",
    )
    (source / "cases.jsonl").rename(source / f"cases {next(NUMBERS)}.jsonl")
    (source / "staff.jsonl").rename(source / "staff \x1b[31m\x07\u202e\r\n.jsonl")
    (source / f"övrigt {spellings(next(NUMBERS))[11]}.docx").write_text(note)
    (source / f"{next(NUMBERS)[2:]}.docx").write_text(note)
    (source / f"bilaga \x1b[2J {next(NUMBERS)}").mkdir()
    (source / f"bilaga \x1b[2J {next(NUMBERS)}").mkdir()
    agreement = write_agreement(folder)
    given = (
        "--agreement",
        agreement,
        "--out",
        folder / "out",
        "--key-file",
        folder / "key",
        "--lang",
        "sv",
        "--period",
        "2026-10",
    )
    ran = run_program("audit", source, *given)
    assert ran.code == 0, ran.said
    return folder, ran, spelled


def test_nothing_of_a_person_is_written_or_said(hostile):
    folder, ran, _spelled = hostile
    assert_nothing_leaks(everything_in(folder / "out"))
    assert_nothing_leaks(ran.said)


def test_files_that_fit_no_table_are_named_by_their_place_in_the_input_not_on_the_disk(hostile):
    folder, ran, _spelled = hostile
    manifest = read_outputs(folder / "out").manifest
    assert sorted(manifest["ignored_files"]) == ["***.docx", "***.docx"]
    assert str(folder) not in everything_in(folder / "out")
    assert "2" in ran.stdout.splitlines()[-2]


def test_nothing_hostile_reaches_the_terminal_or_the_files(hostile):
    folder, ran, _spelled = hostile
    assert_nothing_acts(ran)
    written = "".join(path.read_text(encoding="utf-8") for path in (folder / "out").iterdir() if path.suffix != ".parquet")
    assert [sign for sign in ESCAPES if sign in written] == []
    report = (folder / "out" / "report.html").read_text(encoding="utf-8")
    shown = report[: report.index("<script>/*! DataTables")]  # after it stand the report's own two scripts alone
    assert "<script" not in shown and "<img" not in shown
    assert "&lt;script&gt;1&lt;/script&gt;" in report and "&lt;img/src=x/onerror=1&gt;" in report


def test_every_id_with_a_number_a_name_or_an_escape_has_a_pseudonym(hostile):
    folder, _ran, spelled = hostile
    outputs = read_outputs(folder / "out")
    found = [row for row in outputs.findings if row["check"] == "P5"]
    assert len(found) >= len(spelled) + 3
    plain = {"U-2026-1", "SN-2026-1", "sthlm01", "SN-3", "<script>1</script>", "<img/src=x/onerror=1>"}
    for row in found:
        for shown in (row["entity"], row["case_id"], row["user_id"]):
            assert re.fullmatch(r"pseudonym-[0-9a-f]{16}", shown) or shown in plain or shown.startswith("U-2026-"), shown
    known = Pseudonyms(folder / "key")
    for row in spelled:
        trimmed = row["disclosure_id"].strip()
        assert known.of(unicodedata.normalize("NFC", trimmed)) in outputs.verdicts
    pseudonyms = {row[name] for row in found for name in ("entity", "case_id", "user_id") if row[name].startswith("pseudonym-")}
    assert outputs.manifest["pseudonymised_ids"] >= len(pseudonyms) >= 3 * len(spelled)


def test_explaining_a_disclosure_tells_nothing_of_a_person(hostile):
    folder, _ran, spelled = hostile
    given = (
        "--run",
        folder / "out",
        "--input",
        folder / "in",
        "--agreement",
        folder / "avtal.yaml",
        "--key-file",
        folder / "key",
    )
    ran = run_program("explain", spelled[1]["disclosure_id"], *given, "--lang", "en")
    assert ran.code == 0, ran.said
    assert Pseudonyms(folder / "key").of(spelled[1]["disclosure_id"]) in ran.stdout
    assert_nothing_leaks(ran.said)
    assert_nothing_acts(ran)
    unknown = run_program("explain", f"{next(NUMBERS)}{HOSTILE}", *given, "--lang", "en")
    assert unknown.code == 3
    assert_nothing_leaks(unknown.said)
    assert_nothing_acts(unknown)


FREE = {
    "cases": ("concern", "reporter", "protection", "decision", "found_in", "Anteckning"),
    "disclosures": ("sender_unit", "recipient_unit", "purpose", "fields", "grounds", "channel", "motivation", "Anteckning"),
    "staff": ("unit", "role", "organisation"),
    "accesses": ("section", "reason", "workstation", "action"),
}
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
marked = st.builds(lambda before, after: f"{before}{MARK}{after}", words, words)


@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.data())
def test_random_text_in_free_columns_never_comes_out(data):
    tables = {table: [{name: data.draw(marked) for name in names} for _ in range(4)] for table, names in FREE.items()}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = export(folder / "in", form="jsonl", **tables)
        given = (
            "--agreement",
            write_agreement(folder),
            "--out",
            folder / "out",
            "--key-file",
            folder / "key",
            "--period",
            "2026-10",
        )
        ran = run_program("audit", source, *given)
        assert ran.code == 0, ran.said
        assert_nothing_leaks(everything_in(folder / "out") + ran.said)
        assert_nothing_acts(ran)
