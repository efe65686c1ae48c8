"""Bad input: one clear error and nothing written, or quarantine with its count. Never a cell's value."""

from __future__ import annotations

import base64
import csv
import functools
import gzip
import json
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

import auditor.intake.heading_rows
from auditor.intake.readers import LIMITS, read_raw
from tests.exports import AGREEMENT, CASE, DISCLOSURE, csv_text, export, table_rows, write_agreement
from tests.running import read_outputs

MARK = "MARKÖR"  # stands in cells all over, and may stand in no message
MIB = 1024 * 1024
REJECTED = 3


def marked(folder: Path, form: str = "csv", **tables) -> Path:
    """A sound export with the mark in its free text."""
    return export(folder, **{"disclosures": [{"motivation": f"{MARK} Anna"}], **tables}, form=form)


def spoil(path: Path, change: Callable[[bytes], bytes], name: str = "") -> None:
    """Change the bytes of a file, and perhaps its name."""
    content = change(path.read_bytes())
    path.unlink()
    path.with_name(name or path.name).write_bytes(content)


# ----------------------------------------------------------------------------------------------------------- refused exports


def no_such_folder(folder: Path) -> None:
    (folder / "in").rmdir()


def a_file_instead_of_a_folder(folder: Path) -> None:
    (folder / "in").rmdir()
    (folder / "in").write_text(MARK)


def an_empty_folder(folder: Path) -> None:
    assert not any((folder / "in").iterdir())


def no_file_of_disclosures(folder: Path) -> None:
    (marked(folder / "in") / "disclosures.csv").unlink()


def no_file_that_fits_a_table(folder: Path) -> None:
    (folder / "in" / "lista.csv").write_text(f"a;b\n{MARK};2\n")


def a_form_that_is_not_read(folder: Path) -> None:
    spoil(marked(folder / "in") / "disclosures.csv", bytes, "disclosures.xls")


def a_file_that_fits_two_tables(folder: Path) -> None:
    spoil(marked(folder / "in") / "staff.csv", bytes, "staff-cases.csv")


def two_files_with_different_columns(folder: Path) -> None:
    rows = table_rows("disclosures", [{"channel": MARK}])
    headings = [name for name in DISCLOSURE if name != "motivation"]
    text = csv_text(headings, [[row[name] for name in headings] for row in rows])
    (marked(folder / "in") / "disclosures-2.csv").write_text(text, encoding="utf-8")


def a_required_column_is_missing(folder: Path) -> None:
    path = marked(folder / "in") / "disclosures.csv"
    spoil(path, lambda content: content.replace(b"recipient;", b"recipent;").replace(b"user_id;", b"zzz;"))


def an_empty_file(folder: Path) -> None:
    spoil(marked(folder / "in") / "cases.csv", lambda content: b"")


def headings_and_no_rows(folder: Path) -> None:
    spoil(marked(folder / "in") / "disclosures.csv", lambda content: content.splitlines(keepends=True)[0])


def rows_and_no_headings(folder: Path) -> None:
    spoil(marked(folder / "in") / "disclosures.csv", lambda content: content.splitlines(keepends=True)[1])


def no_disclosure_with_a_time(folder: Path) -> None:
    marked(folder / "in", disclosures=[{"at": MARK}])


def truncated_parquet(folder: Path) -> None:
    spoil(marked(folder / "in", form="parquet") / "cases.parquet", lambda content: content[:-20])


def parquet_torn_in_the_middle(folder: Path) -> None:
    spoil(
        marked(folder / "in", form="parquet") / "disclosures.parquet",
        lambda content: content[:4] + b"\xff" * 300 + content[304:],
    )


def truncated_gzip(folder: Path) -> None:
    spoil(marked(folder / "in") / "cases.csv", lambda content: gzip.compress(content)[:-9], "cases.csv.gz")


def truncated_workbook(folder: Path) -> None:
    spoil(marked(folder / "in", form="xlsx") / "cases.xlsx", lambda content: content[:-100])


def a_workbook_with_a_password(folder: Path) -> None:
    # a workbook that Excel encrypted is no zip: its first bytes are those of a compound file
    compound = base64.b64decode("0M8R4KGxGuEAAAAAAAAAAAAAAAAAAAAAPgADAP7/CQAGAAAA")
    spoil(marked(folder / "in") / "cases.csv", lambda content: compound + content, "cases.xlsx")


def a_workbook_with_several_sheets(folder: Path) -> None:
    (marked(folder / "in") / "cases.csv").unlink()
    with xlsxwriter.Workbook(folder / "in" / "cases.xlsx") as book:
        for name in ("Blad1", "Blad2"):
            book.add_worksheet(name).write_string(0, 0, MARK)


def a_link_that_leads_out(folder: Path) -> None:
    (folder / "elsewhere.csv").write_text(MARK)
    (marked(folder / "in") / "staff-2.csv").symlink_to(folder / "elsewhere.csv")


def text_in_another_encoding_than_any(folder: Path) -> None:
    spoil(marked(folder / "in") / "cases.csv", lambda content: content.decode().encode("utf-16")[2:])


REFUSED = {
    no_such_folder: ["in:", "does not exist", "INPUT is the folder"],
    a_file_instead_of_a_folder: ["in:", "not a folder"],
    an_empty_folder: ["holds no files"],
    no_file_of_disclosures: ["'disclosures'", "Name the file disclosures.csv or utlämnanden.csv"],
    no_file_that_fits_a_table: ["'cases'", "'disclosures'"],
    a_form_that_is_not_read: ["disclosures.xls:", "Save it as CSV"],
    a_file_that_fits_two_tables: ["staff-cases.csv:", "cases, staff"],
    two_files_with_different_columns: ["disclosures-2.csv", "disclosures.csv", "motivation"],
    a_required_column_is_missing: ["disclosures.csv", "recipient (usually 'Mottagare'; nearest here: 'recipent')", "user_id"],
    an_empty_file: ["cases.csv:", "empty"],
    headings_and_no_rows: ["disclosures.csv:", "no rows", "Export the table again"],
    rows_and_no_headings: ["disclosures.csv", "line 1", "headings"],
    no_disclosure_with_a_time: ["disclosure", "--period"],
    truncated_parquet: ["cases.parquet:", "damaged"],
    parquet_torn_in_the_middle: ["disclosures.parquet:", "damaged"],
    truncated_gzip: ["cases.csv.gz:", "damaged"],
    truncated_workbook: ["cases.xlsx:", "damaged"],
    a_workbook_with_a_password: ["cases.xlsx:", "password"],
    a_workbook_with_several_sheets: ["cases.xlsx:", "sheet", "mapping"],
    a_link_that_leads_out: ["staff-2.csv:", "link"],
    text_in_another_encoding_than_any: ["cases.csv", "UTF-16"],
}


@pytest.fixture
def refused(tmp_path, program):
    """Runs an audit that must be refused with nothing written; returns what it says in English."""
    agreement = write_agreement(tmp_path)

    def refuse(*options: str, source: Path = tmp_path / "in", agreement: Path = agreement) -> str:
        before = {path: path.read_bytes() if path.is_file() else b"" for path in sorted(tmp_path.rglob("*"))}
        out, key = tmp_path / "new" / "out", tmp_path / "key"
        ran = program(
            "audit", source, "--agreement", agreement, "--out", out, "--key-file", key, "--lang", "en", "--quiet", *options
        )
        assert {path: path.read_bytes() if path.is_file() else b"" for path in sorted(tmp_path.rglob("*"))} == before
        assert (ran.code, ran.stdout) == (REJECTED, ""), ran.stderr
        assert MARK not in ran.stderr and "Traceback" not in ran.stderr
        assert ran.stderr.startswith("Error: ") and len(ran.stderr.splitlines()) >= 2
        print(ran.stderr)
        return ran.stderr

    return refuse


@pytest.mark.parametrize("build", REFUSED, ids=lambda build: build.__name__)
def test_what_cannot_be_audited_is_refused_with_place_and_next_step(refused, tmp_path, build):
    (tmp_path / "in").mkdir()
    build(tmp_path)
    said = refused()
    assert [words for words in REFUSED[build] if words not in said] == [], said


# ------------------------------------------------------------------------------------------------ refused agreements, mappings

WRONG_AGREEMENTS = {
    "unknown key": ((("title: Provavtal", "title: Provavtal\ntitel: X"),), ["line 4", "'titel'"]),
    "overlapping party periods": (
        (('{municipality: "0120", valid_from: 2023-12-14}', '{municipality: "0182", valid_from: 2025-01-01}'),),
        ["line 13", "overlap", "line 12"],
    ),
    "valid_to before valid_from": (
        (('"0182", valid_from: 2024-02-20', '"0182", valid_from: 2024-02-20, valid_to: 2024-02-19'),),
        ["line 12", "2024-02-19", "before"],
    ),
    "an unknown role": ((("from: entry_point", "from: entrypoint"),), ["'entrypoint'"]),
    "several faults": (
        (("title: Provavtal", "titel: Provavtal"), ("channels: [sdk, phone]", "channels: [sdk, phone]\nkanaler: []")),
        ["'title'", "'titel'", "'kanaler'"],
    ),
    "no YAML": ((("title: Provavtal", "title: [Provavtal"),), ["line"]),
}


@pytest.mark.parametrize("name", WRONG_AGREEMENTS)
def test_a_faulty_agreement_is_refused_with_every_fault_and_its_line(refused, tmp_path, program, name):
    changes, words = WRONG_AGREEMENTS[name]
    agreement = write_agreement(tmp_path, *changes)
    said = refused(source=marked(tmp_path / "in"), agreement=agreement)
    assert [word for word in ["avtal.yaml", *words] if word not in said] == []
    checked = program("agreement", "check", agreement, "--lang", "en")
    assert (checked.code, checked.stderr) == (REJECTED, said)


def test_files_that_are_no_agreements_are_refused(refused, tmp_path):
    source = marked(tmp_path / "in")
    (tmp_path / "folder").mkdir()
    (tmp_path / "bytes.yaml").write_bytes(b"\x00\xff" * 50)
    (tmp_path / "empty.yaml").write_bytes(b"")
    for name in ("nothing.yaml", "folder", "bytes.yaml", "empty.yaml"):
        assert name in refused(source=source, agreement=tmp_path / name)


def test_aliases_without_end_are_refused(refused, tmp_path):
    levels = [f"  l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 12)]
    bomb = "agreement: 1\nx:\n  l0: &l0 [lol, lol, lol]\n" + "\n".join(levels) + "\n"
    (tmp_path / "bomb.yaml").write_text(bomb)
    assert "bomb.yaml" in refused(source=marked(tmp_path / "in"), agreement=tmp_path / "bomb.yaml")
    (tmp_path / "circle.yaml").write_text(AGREEMENT.replace("periods: [", "periods: &a [*a, "))
    assert "circle.yaml" in refused(source=tmp_path / "in", agreement=tmp_path / "circle.yaml")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, ["no.yaml"]),
        ("tables: {disclosures: {columns: {recipient: Motpart}}}", ["Motpart"]),
        ("mapping: 1\ntabels: {}", ["mapping.yaml", "tabels"]),
    ],
)
def test_a_faulty_mapping_is_refused(refused, tmp_path, text, words):
    path = tmp_path / ("mapping.yaml" if text else "no.yaml")
    if text:
        path.write_text(text if text.startswith("mapping") else f"mapping: 1\n{text}")
    said = refused("--mapping", str(path), source=marked(tmp_path / "in"))
    assert [word for word in words if word not in said] == []


def test_a_key_file_that_holds_no_key_is_refused(refused, tmp_path):
    source = marked(tmp_path / "in", disclosures=[{"disclosure_id": "20170101-9802"}])
    (tmp_path / "bad.key").write_text("not a key")
    (tmp_path / "short.key").write_text("00ff")
    for name in ("bad.key", "short.key", "in"):
        said = refused("--key-file", str(tmp_path / name), source=source)
        assert f"{name}:" in said and "--key-file" in said and "9802" not in said


# --------------------------------------------------------------------------------------------------------------------- bombs


def gzip_bomb(folder: Path) -> None:
    member = gzip.compress(bytes(MIB), mtime=0)
    spoil(marked(folder) / "cases.csv", lambda content: gzip.compress(content, mtime=0) + member * 300, "cases.csv.gz")


def workbook_bomb(folder: Path) -> None:
    path = marked(folder, form="xlsx") / "cases.xlsx"
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/media/picture.png", bytes(5 * MIB))


def parquet_bomb(folder: Path) -> None:
    path = marked(folder, form="parquet") / "cases.parquet"
    rows = 100_000
    names = pa.array([f"SN-{n}" for n in range(rows)])
    same = pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), ["x" * 5_000])
    pq.write_table(pa.table({name: names if name == "case_id" else same for name in CASE}), path)


@pytest.mark.parametrize(("build", "limits"), [(gzip_bomb, False), (workbook_bomb, True), (parquet_bomb, True)])
def test_bombs_are_refused_at_a_stated_limit(refused, tmp_path, monkeypatch, build, limits):
    if limits:
        small = replace(LIMITS, ratio_from=MIB, workbook_bytes=4 * MIB, text_ratio_from=MIB)
        monkeypatch.setattr(auditor.intake.heading_rows, "read_raw", functools.partial(read_raw, limits=small))
    build(tmp_path / "in")
    said = refused()
    assert "cases." in said and "docs/limits.md" in said
    assert re.search(r"more than (256|4|1) MiB|written out", said)


# ---------------------------------------------------------------------------------------------------------------- quarantine


def lines(*rows: dict[str, str]) -> list[bytes]:
    """The line of headings and the rows of disclosures, as lines of CSV."""
    text = csv_text(list(DISCLOSURE), [list(row.values()) for row in table_rows("disclosures", rows)])
    return text.encode().splitlines(keepends=True)


def torn_files() -> dict[str, bytes]:
    """Files of disclosures, each with a fault of its own and a sound row."""
    heading, first, second, third = lines(*({"disclosure_id": f"U-{n}", "motivation": f"{MARK} å"} for n in (1, 2, 3)))
    sound = [line.replace(b"U-1", b"U-%d" % n) for n in range(10, 20) for line in [first]]
    same, other = lines({"disclosure_id": "U-7", "motivation": MARK}, {"disclosure_id": "U-7", "channel": "phone"})[1:]
    wrong_day = lines({"disclosure_id": "U-6", "at": "2026-02-30"}, {"disclosure_id": "U-5", "requested_at": "2026-02-30"})[1:]
    return {
        "nul": heading + sound[0] + first.replace(b"sdk", b"s\0dk"),
        "line": heading + sound[1] + first.replace(MARK.encode(), b"x" * 50_000_000),
        "encodings": heading + sound[2] + second + first.decode().encode("cp1252"),
        "separators": heading + sound[3] + first.replace(b";", b","),
        "width": heading + sound[4] + first.rstrip() + b";x\n" + b"U-1;SN-2026-1\n",
        "duplicates": heading + sound[5] + sound[5] + same + other,
        "days": heading + sound[6] + b"".join(wrong_day),
        "keys": heading + sound[7] + third.replace(b"U-3", b""),
        "quotes": heading + sound[8] + first.replace(MARK.encode(), b'"' + MARK.encode()),
    }


WIDTH = "the row has another number of columns than the heading"
UNFIT = "the cell does not fit its column and is read as missing"
#: File -> what quarantine.csv says of it: line, column and reason.
TORN = {
    "nul": [("3", "", "the row holds a NUL byte")],
    "line": [("3", "", "the row is longer than the limit")],
    "encodings": [("4", "", "the row is in another character encoding than the file")],
    "separators": [("3", "", WIDTH)],
    "width": [(line, "", WIDTH) for line in ("3", "4")],
    "duplicates": [(line, "", "several rows with the same key say different things") for line in ("4", "5")],
    "days": [
        ("3", "at", "the key cannot be read"),
        ("4", "requested_at", UNFIT),
    ],
    "keys": [("3", "disclosure_id", "the key is missing")],
    "quotes": [("3", "", "the row's quotation marks do not match")],
}
CELLS_ALONE = {("days", "4")}


@pytest.fixture(scope="module")
def torn(tmp_path_factory, program):
    """An audit of files that each hold a fault of their own: the folder written, and what was said."""
    folder = tmp_path_factory.mktemp("torn")
    source = export(folder / "in", disclosures=[{}])
    (source / "disclosures.csv").unlink()
    for name, content in torn_files().items():
        (source / f"disclosures-{name}.csv").write_bytes(content)
    out = folder / "out"
    given = ("--agreement", write_agreement(folder), "--out", out, "--key-file", folder / "key", "--lang", "en", "--quiet")
    ran = program("audit", source, *given)
    assert ran.code == 0, ran.stderr
    return out, ran


@pytest.mark.parametrize("name", TORN)
def test_rows_that_cannot_be_read_are_quarantined_and_counted(torn, name):
    out, _ran = torn
    file = f"disclosures-{name}.csv"
    with (out / "quarantine.csv").open(encoding="utf-8-sig", newline="") as opened:
        rows = [row for row in csv.DictReader(opened, delimiter=";") if row["file"] == file]
    assert [(row["line"], row["column"], row["reason"]) for row in rows] == TORN[name]
    assert {row["table"] for row in rows} == {"disclosures"}
    whole = [line for line, _column, _reason in TORN[name] if (name, line) not in CELLS_ALONE]
    outputs = read_outputs(out)
    counted = next(entry["rows"] for entry in outputs.manifest["inputs"] if entry["file"] == file)
    assert counted["quarantined"] == len(whole)
    assert counted["read"] == torn_files()[name].count(b"\n") - 1
    assert counted["audited"] + counted["quarantined"] == counted["read"]
    found = [json.loads(row["evidence"]) for row in outputs.findings if (row["check"], row["entity"]) == ("L6", file)]
    assert [(evidence["rows"], [str(line) for line in evidence["lines"]]) for evidence in found] == [(len(whole), whole)]


def test_what_is_quarantined_is_in_the_summary_and_what_is_sound_is_audited(torn):
    out, ran = torn
    quarantined = sum(len(rows) for rows in TORN.values()) - len(CELLS_ALONE)
    assert f"Quarantined rows: {quarantined}\n" in ran.stdout
    assert sorted(read_outputs(out).verdicts) == [*(f"U-1{n}" for n in range(9)), "U-2", "U-5"]
    counted = {row["file"]: row["rows"]["identical"] for row in read_outputs(out).manifest["inputs"]}
    assert {file: n for file, n in counted.items() if n} == {"disclosures-duplicates.csv": 1}
    for path in out.iterdir():
        assert MARK.encode() not in path.read_bytes()


def test_a_row_that_may_be_the_missing_case_accuses_nobody(program, tmp_path):
    """A case told in two ways is put aside: what turns on it cannot be shown, and is no violation."""
    source = export(
        tmp_path / "in", cases=[{}, {"case_id": "SN-2026-1", "home_municipality": "0380"}, {"case_id": "SN-2026-9"}]
    )
    given = (
        "--agreement",
        write_agreement(tmp_path),
        "--out",
        tmp_path / "out",
        "--key-file",
        tmp_path / "key",
        "--lang",
        "en",
    )
    assert program("audit", source, *given, "--quiet").code == 0
    outputs = read_outputs(tmp_path / "out")
    answers = {row["check"]: row["answer"] for row in outputs.findings if row["entity"] == "U-2026-1"}
    assert {check: answers[check] for check in ("P1", "T1", "T4", "R1")} == dict.fromkeys(
        ("P1", "T1", "T4", "R1"), "undetermined"
    )
    assert outputs.verdicts == {"U-2026-1": "undetermined"}
