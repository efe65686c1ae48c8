"""``auditor mapping suggest``: right about known and unknown exports, honest about its doubts, and silent about every cell."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from auditor.intake.mapping import Mapping, read_mapping
from tests.conftest import Ran, run_program
from tests.exports import csv_text, write_agreement, write_table
from tests.ready_layouts import write_layout
from tests.running import SAMPLE, SAMPLE_AGREEMENT, audited

Suggest = Callable[..., tuple[Ran, Mapping, str]]

HEADINGS = [
    "Utl.nr",
    "Dnr",
    "Utlämningstid",
    "Avsändande org",
    "Sändande handläggare",
    "Mottagande org.",
    "Uppgiftslista",
    "Stöd i lag",
    "Väg",
    "Kommentar",
    "Ansvarig",
    "Hemkommun",
    "Barnets pnr",
]
ROWS_OF_UNKNOWN = [
    f"U-{n}|SN-2026-{n % 3}|{n:02}/10/2026 12:15|0180|sthlm{n:02}|{place}|Namn/Adress|26 kap. 9 § 1 OSL|{way}|"
    f"MARKÖR {n} mår dåligt och behöver stöd|Markör Andersson|Nacka|2012050{n % 9 + 1}-98{n:02}".split("|")
    for n, place, way in [(1, "Nacka", "SDK"), (13, "Danderyd", "Telefon"), (14, "0182", "Rökpost"), (15, "Nacka", "SDK")]
]


@pytest.fixture
def suggest(tmp_path: Path) -> Suggest:
    """Suggests in English for a file or folder; what was said, the mapping file read back, and its text."""

    def run(source: Path, *options: str | Path) -> tuple[Ran, Mapping, str]:
        out = tmp_path / "suggested.yaml"
        ran = run_program("mapping", "suggest", source, "--out", out, "--lang", "en", *options)
        assert ran.code == 0, ran.said
        return ran, read_mapping(out), out.read_text(encoding="utf-8")

    return run


def line_of(text: str, column: str) -> str:
    """The line of a mapping file that names a canonical column."""
    return next(line.strip() for line in text.splitlines() if line.strip().startswith(f"{column}:"))


def test_a_known_export_is_understood_whole_and_the_mapping_changes_no_answer(tmp_path: Path, suggest: Suggest) -> None:
    ran, mapping, text = suggest(SAMPLE / "swedish", "--agreement", SAMPLE_AGREEMENT)
    assert "utlämnanden.csv: disclosures (sure); 14 columns connected, 0 not." in ran.stdout
    assert mapping.files == () and "must be there" not in text
    assert 'column 16 "Anteckning": looks like free text' in text
    assert len(mapping.tables["cases"].named) == 15 and "likely" not in text.split("mapping: 1")[1]
    plain, mapped = audited(SAMPLE / "swedish"), audited(SAMPLE / "swedish", "--mapping", str(tmp_path / "suggested.yaml"))
    assert (plain.findings, plain.verdicts) == (mapped.findings, mapped.verdicts)


def test_an_unknown_export_with_everything_against_it(tmp_path: Path, suggest: Suggest) -> None:
    lines = csv_text(HEADINGS, ROWS_OF_UNKNOWN)
    path = tmp_path / "logg_utl_2026-10.csv"
    path.write_bytes(f"Rapport; uppgifter\nUtskriven av MARKÖR Andersson\n\n{lines}".encode("cp1252"))
    ran, mapping, text = suggest(path)
    table = mapping.tables["disclosures"]
    assert mapping.files == (("logg_utl_*.csv", "disclosures"),)
    assert (table.heading_row, table.date_forms, table.separators) == (4, {"at": "%d/%m/%Y %H:%M"}, {"fields": "/"})
    assert table.named == {
        "disclosure_id": "Utl.nr",
        "case_id": "Dnr",
        "at": "Utlämningstid",
        "sender": "Avsändande org",
        "user_id": "Sändande handläggare",
        "recipient": "Mottagande org.",
        "fields": "Uppgiftslista",
        "grounds": "Stöd i lag",
    }
    assert "sure: the heading is known; 100 percent" in line_of(text, "case_id")
    assert "likely: the heading resembles 'Utlämnandetid'" in line_of(text, "at")
    assert "unsure: only the values speak for it" in line_of(text, "grounds") and "OSL 26:9 p1" in line_of(text, "grounds")
    assert '# purpose: ""  # must be there, and was not found' in text
    assert "Must be there, and was not found: purpose" in ran.stdout
    for position, looks in {
        9: "looks like words or codes",
        10: "looks like free text",
        11: "looks like names of persons",
    }.items():
        assert re.search(rf'#   column {position} "\w+": {looks}', text)
    assert re.search(r'column 12 "Hemkommun": .*choose yourself', text)
    assert re.search(r'column 13 "Barnets pnr": looks like personal numbers', text)


def test_no_cell_is_written_or_shown(tmp_path: Path, suggest: Suggest) -> None:
    write_table(tmp_path / "in.csv", HEADINGS, ROWS_OF_UNKNOWN)
    ran, _mapping, text = suggest(tmp_path / "in.csv")
    printed = run_program("mapping", "suggest", tmp_path / "in.csv", "--lang", "en")
    names_of_columns = " ".join(HEADINGS)
    cells = {cell for row in ROWS_OF_UNKNOWN for cell in row if cell not in names_of_columns} - {"SDK", "Telefon"}
    for cell in cells:
        for said in (text, ran.said, printed.said):
            assert cell not in said, cell
    assert "Rökpost" not in text and "9801" not in text and "Andersson" not in printed.said


def test_what_has_no_headings_is_not_shown(tmp_path: Path) -> None:
    (tmp_path / "namn.csv").write_text("Anna;Andersson;2026\nBo;Berg;2025\nKarin;Karlsson;2024\n", encoding="utf-8")
    (tmp_path / "data.csv").write_text("SN-1;2026-10-01;0182\nSN-2;2026-10-02;0180\n", encoding="utf-8")
    ran = run_program("mapping", "suggest", tmp_path, "--lang", "en")
    assert ran.code == 3
    assert ran.stderr.count("no row looks like headings") == 2
    assert not re.search("Anna|Berg|Karlsson|SN-1|0182", ran.said)


def test_headings_that_name_a_person_are_not_written(tmp_path: Path, suggest: Suggest) -> None:
    headings = [*HEADINGS[:9], "om Anna Andersson", "20170101-2390 antal", "anna@example.org", "Motivering"]
    write_table(tmp_path / "disclosures.csv", headings, ROWS_OF_UNKNOWN)
    ran, mapping, text = suggest(tmp_path / "disclosures.csv")
    assert not re.search("Anna|2390|anna@", text + ran.said)
    assert "column 10: looks like free text" in text and mapping.tables["disclosures"].named["motivation"] == "Motivering"


def test_hostile_headings_stay_text(tmp_path: Path, suggest: Suggest) -> None:
    hostile = 'Ärende"nr\n# x: \x1b[31m'
    write_table(
        tmp_path / "disclosures.csv",
        [HEADINGS[0], hostile, *HEADINGS[2:9], '"]\nmapping: 2'],
        [row[:10] for row in ROWS_OF_UNKNOWN],
    )
    ran, mapping, text = suggest(tmp_path / "disclosures.csv")
    assert "\x1b" not in text + ran.said and text.count("\nmapping:") == 1
    named = mapping.tables["disclosures"].named
    assert named["at"] == "Utlämningstid"
    assert named["case_id"] == 'Ärende"nr # x: [31m'


@pytest.mark.parametrize("form", ["cp1252", "utf-16", "csv.gz", "xlsx", "parquet", "jsonl", "cr"])
def test_every_form_gives_the_same_columns(tmp_path: Path, suggest: Suggest, form: str) -> None:
    text = csv_text(HEADINGS, ROWS_OF_UNKNOWN)
    path = tmp_path / f"logg.{form if form in ('csv.gz', 'xlsx', 'parquet', 'jsonl') else 'csv'}"
    if form in ("cp1252", "utf-16"):
        path.write_bytes(text.encode(form))
    elif form == "cr":
        path.write_bytes(text.replace("\n", "\r").encode())
    elif form == "csv.gz":
        path.write_bytes(gzip.compress(text.encode()))
    else:
        write_table(path, HEADINGS, ROWS_OF_UNKNOWN)
    _ran, mapping, _text = suggest(path)
    assert set(mapping.tables["disclosures"].named) == {
        "disclosure_id",
        "case_id",
        "at",
        "sender",
        "user_id",
        "recipient",
        "fields",
        "grounds",
    }


def test_a_large_file_is_sampled_to_its_end(tmp_path: Path, suggest: Suggest) -> None:
    """What stands only in the last tenth of 6 MB is seen: a form of dates that fits the beginning alone is not proposed."""
    early = csv_text(
        ["Dnr", "Utlämningstid", "Mottagare", "Lagrum", "Uppgifter"],
        [["SN-1", "03/10/2026", "Nacka", "OSL 10:2", "Namn"]] * 120_000,
    )
    late = "SN-2;2026-10-28;Danderyd;OSL 10:2;okänt fält\n" * 15_000
    (tmp_path / "disclosures.csv").write_text(early + late, encoding="utf-8")
    _ran, mapping, text = suggest(tmp_path / "disclosures.csv")
    assert mapping.tables["disclosures"].date_forms == {}
    assert "1 different words in it are not known" in line_of(text, "fields") and "okänt" not in text


def test_day_and_month_that_cannot_be_told_apart_are_asked_for(tmp_path: Path, suggest: Suggest) -> None:
    rows = [[*row[:2], f"0{n}/10/2026", *row[3:]] for n, row in enumerate(ROWS_OF_UNKNOWN, start=1)]
    write_table(tmp_path / "disclosures.csv", HEADINGS, rows)
    _ran, mapping, text = suggest(tmp_path / "disclosures.csv")
    assert mapping.tables["disclosures"].date_forms == {}
    assert "day and month cannot be told apart; choose: %d/%m/%Y / %m/%d/%Y" in text


def test_two_columns_that_fit_as_well_are_both_named(tmp_path: Path, suggest: Suggest) -> None:
    headings = [*HEADINGS[:2], "Utlämnandetid 1", "Utlämnandetid 2", *HEADINGS[3:9]]
    rows = [[*row[:3], row[2], *row[3:9]] for row in ROWS_OF_UNKNOWN]
    write_table(tmp_path / "disclosures.csv", headings, rows)
    _ran, _mapping, text = suggest(tmp_path / "disclosures.csv")
    assert re.search(r'unsure: .*it may also be column 4 "Utlämnandetid 2"', line_of(text, "at"))


def test_a_known_heading_over_other_values_is_doubted(tmp_path: Path, suggest: Suggest) -> None:
    headings = [*HEADINGS[:8], "Kanal", "Motivering"]
    rows = [[*row[:8], f"löpande text nummer {n}", "x"] for n, row in enumerate(ROWS_OF_UNKNOWN)]
    write_table(tmp_path / "disclosures.csv", headings, rows)
    _ran, _mapping, text = suggest(tmp_path / "disclosures.csv")
    assert "unsure: the heading is known; 0 percent of the values can be read so; 4 different words" in line_of(text, "channel")


def test_weeks_of_one_table_are_one_suggestion(tmp_path: Path, suggest: Suggest) -> None:
    (tmp_path / "in").mkdir()
    for week in (40, 41, 42):
        write_table(tmp_path / "in" / f"uttag v{week}.csv", HEADINGS, ROWS_OF_UNKNOWN)
    write_table(
        tmp_path / "in" / "annat.csv", ["Dnr", "Utlämnat", "Lagrum", "Mottagare"], [["SN-1", "2026-10-01", "OSL 10:2", "Nacka"]]
    )
    ran, mapping, text = suggest(tmp_path / "in")
    assert set(mapping.files) == {("uttag v*.csv", "disclosures"), ("annat.csv", "disclosures")}
    assert "uttag v40.csv and 2 more: disclosures" in ran.stdout
    assert "seems to be the table 'disclosures' too, with other headings" in text


def test_three_hundred_columns(tmp_path: Path, suggest: Suggest) -> None:
    more = [f"Fält {number}" for number in range(300 - len(HEADINGS))]
    write_table(tmp_path / "disclosures.csv", [*more, *HEADINGS], [[*(["x"] * len(more)), *row] for row in ROWS_OF_UNKNOWN])
    ran, mapping, text = suggest(tmp_path / "disclosures.csv")
    assert len(mapping.tables["disclosures"].named) == 8 and "#   and 232 more" in text
    assert "8 columns connected, 292 not" in ran.stdout


def test_a_suggestion_that_was_finished_by_hand_is_audited_as_the_same_rows(tmp_path: Path, suggest: Suggest) -> None:
    """The layout of viva.yaml, suggested from nothing but the export, with the missing lines filled in by a person."""
    write_layout("viva", tmp_path / "in")
    agreement = write_agreement(tmp_path)
    _ran, _mapping, text = suggest(tmp_path / "in", "--agreement", agreement)
    by_hand = {
        '# user_id: ""': ['user_id: "ANV_ID"'],
        '# concern: ""': ['concern: "ANM_TYP"', 'decision: "BESLUT_KOD"', 'protection: "SEKRETESS_KOD"'],
        '# reporter: ""': ['reporter: "ANM_FRAN"'],
        '# reported_at: ""': ['reported_at: "ANM_TID"'],
        '# organisation: ""': ['organisation: "ORG"', 'protected_access: "SKYDD_BEH"'],
        '# action: ""': ['action: "HIST_TYP"', 'section: "FLIK"'],
        'sender: "UTL_FRAN"': ['sender: "UTL_FRAN"', 'sender_unit: "UTL_FRAN_ENHET"'],
        'channel: "KANAL_KOD"': ['channel: "KANAL_KOD"', 'recipient_unit: "UTL_TILL_ENHET"', 'motivation: "ANTECKNING"'],
        'closed_at: "%d': ['closed_at: "%d.%m.%Y kl. %H:%M"', 'reported_at: "%d.%m.%Y kl. %H:%M"'],
    }
    for old, new in by_hand.items():
        text = re.sub(
            rf"(?m)^(\s*){re.escape(old)}.*$", lambda found, new=new: "\n".join(found[1] + line for line in new), text
        )
    values = {
        "cases": "{concern: {GK: gang_crime}, decision: {'1': opened, '2': not_opened}, protection: {A: none, B: marked}}",
        "disclosures": "{channel: {BES: in_person}}",
        "accesses": "{action: {L: read, S: write, U: print}}",
    }
    for table, meanings in values.items():
        text = text.replace(f"  {table}:  #", f"  {table}:\n    values: {meanings}  #")
    finished = tmp_path / "finished.yaml"
    finished.write_text(text, encoding="utf-8")
    found = audited(tmp_path / "in", "--mapping", str(finished), agreement=agreement)
    expected = audited(tmp_path / "in", "--mapping", "viva", agreement=agreement)
    assert (found.findings, found.verdicts) == (expected.findings, expected.verdicts)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("tom.csv", b"", "tom.csv: The file is empty."),
        ("blank.csv", b"\n \n\n", "blank.csv: The file is empty."),
        ("trasig.parquet", b"PAR1" + bytes(40) + b"PAR1", "trasig.parquet: The Parquet file is damaged"),
        ("trasig.xlsx", b"PK\x03\x04 nothing", "trasig.xlsx: The file is no workbook"),
        ("trasig.csv.gz", b"\x1f\x8b\x08 nothing", "trasig.csv.gz: The gzipped file is damaged"),
        ("lista.jsonl", b"[1, 2]\n", "lista.jsonl: No line of the file is a JSON object"),
        ("brev.docx", b"x", "There is no file in a form that is read"),
    ],
)
def test_what_cannot_be_looked_into_is_refused(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    (tmp_path / name).write_bytes(content)
    for source in (tmp_path / name, tmp_path):
        ran = run_program("mapping", "suggest", source, "--lang", "en", "--out", tmp_path / "new.yaml")
        assert ran.code == 3 and says in ran.stderr and not (tmp_path / "new.yaml").exists()


def test_an_existing_file_is_never_overwritten(tmp_path: Path) -> None:
    write_table(tmp_path / "disclosures.csv", HEADINGS, ROWS_OF_UNKNOWN)
    (tmp_path / "ours.yaml").write_text("mine")
    ran = run_program("mapping", "suggest", tmp_path / "disclosures.csv", "--out", tmp_path / "ours.yaml", "--lang", "en")
    assert ran.code == 3 and "never overwritten" in ran.stderr and (tmp_path / "ours.yaml").read_text() == "mine"
    nowhere = run_program(
        "mapping", "suggest", tmp_path / "disclosures.csv", "--out", tmp_path / "no" / "x.yaml", "--lang", "en"
    )
    assert nowhere.code == 3 and "cannot be written" in nowhere.stderr
    missing = run_program("mapping", "suggest", tmp_path / "nothing", "--lang", "en")
    assert missing.code == 3 and "does not exist" in missing.stderr


def test_the_comments_are_in_the_language_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "disclosures.jsonl"
    lines = [json.dumps(dict(zip(HEADINGS, row, strict=True)), ensure_ascii=False) for row in ROWS_OF_UNKNOWN]
    path.write_text("\n".join(lines), encoding="utf-8")
    ran = run_program("mapping", "suggest", path)
    assert (
        "säker: rubriken är känd" in ran.stdout
        and "ser ut som fritext" in ran.stdout
        and "krävs men hittades inte" in ran.stdout
    )
