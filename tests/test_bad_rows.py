"""Rows that cannot be read are put in quarantine and counted, and accuse nobody."""

from __future__ import annotations

import csv
import datetime
import json

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.audited import cells, small_audits
from tests.exports import DISCLOSURE, csv_text, export, table_rows, write_agreement
from tests.running import read_outputs
from tests.spoiling import MARK


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


@pytest.fixture
def small(tmp_path, program):
    return small_audits(tmp_path, program)


def quarantined(out) -> list[dict[str, str]]:
    return cells(out / "quarantine.csv")


#: Odd times in each form of file: texts, or what Parquet holds of a moment, the time since 1970.
ODD_TIMES = {
    "csv": ["0000-01-01 00:00:00", "0001-01-01T00:00:00+02:00", "infinity"],
    "jsonl": ["0000-01-01 00:00:00", "00000101 000000"],
    "parquet": [
        datetime.timedelta(days=-800_000),
        datetime.timedelta(days=3_000_000),
        datetime.timedelta(microseconds=2**63 - 1),
    ],
}


@pytest.mark.parametrize("table", ["disclosures", "accesses"])
@pytest.mark.parametrize("form", ODD_TIMES)
def test_a_time_that_no_calendar_has_is_one_row_in_quarantine(small, tmp_path, form, table):
    odd = ODD_TIMES[form]
    other = "accesses" if table == "disclosures" else "disclosures"
    source = export(
        tmp_path / "in",
        form=form,
        **{table: [{"at": time} for time in odd] if form != "parquet" else [{}] * len(odd), other: [{}]},
    )
    sound = export(tmp_path / "sound", form=form, **{table: [{}], other: [{}]})
    file = source / f"{table}.{form}"
    if form == "parquet":
        rows = pq.read_table(file)
        moments = pa.array([time // datetime.timedelta(microseconds=1) for time in odd], pa.int64()).cast(pa.timestamp("us"))
        pq.write_table(rows.set_column(rows.schema.get_field_index("at"), "at", moments), file)
    (sound / file.name).rename(source / f"{table}-sound.{form}")
    ran, out = small(source, "--quiet", "--period", "2026-10")
    assert ran.code == 0, ran.stderr
    outputs = read_outputs(out)
    assert [(row["file"], row["column"]) for row in quarantined(out)] == [(file.name, "at")] * len(odd)
    rows = {entry["file"]: entry["rows"] for entry in outputs.manifest["inputs"] if entry["table"] == table}
    assert rows[file.name]["quarantined"] == rows[file.name]["read"] == len(odd)
    assert rows[f"{table}-sound.{form}"]["audited"] == 1


def test_the_word_null_is_a_cell_that_cannot_be_read_and_neither_passes_nor_accuses(small, tmp_path):
    said = {"fields": "name, NULL", "channel": "null", "motivation": "NULL", "sender_unit": "Null", "grounds": "OSL 10:2"}
    source = export(tmp_path / "in", cases=[{"home_municipality": "NULL"}], disclosures=[said, {"case_id": "NULL"}])
    ran, out = small(source, "--quiet")
    assert ran.code == 0, ran.stderr
    outputs = read_outputs(out)
    unfit = {(row["line"], row["column"]) for row in quarantined(out) if row["table"] == "disclosures"}
    assert unfit == {("2", column) for column in said if column != "grounds"} | {("3", "case_id")}
    assert [row["column"] for row in quarantined(out) if row["table"] == "cases"] == ["home_municipality"]
    answers = {(row["entity"], row["check"]): row["answer"] for row in outputs.findings}
    open_ones = {("U-2026-1", check) for check in ("F1", "F2", "P5", "R8")} | {("U-2026-2", "T1")}
    assert {key: answers.get(key) for key in open_ones} == dict.fromkeys(open_ones, "undetermined")
    assert answers["U-2026-1", "B6"] == "violation"  # the ground needs a motivation, and there is none


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#VALUE!"])
def test_an_error_in_a_cell_of_a_workbook_is_no_text(small, tmp_path, error):
    source = export(tmp_path / "in", disclosures=[{}, {}, {}], form="xlsx")
    book = openpyxl.load_workbook(source / "disclosures.xlsx")
    sheet = book.active
    headings = [cell.value for cell in sheet[1]]
    for line, column in ((2, "disclosure_id"), (3, "motivation"), (4, "user_id")):
        cell = sheet.cell(line, headings.index(column) + 1, error)
        cell.data_type = "e"
    book.save(source / "disclosures.xlsx")
    ran, out = small(source, "--quiet")
    assert ran.code == 0, ran.stderr
    outputs = read_outputs(out)
    assert [(row["line"], row["column"]) for row in quarantined(out)] == [
        ("2", "disclosure_id"),
        ("3", "motivation"),
        ("4", "user_id"),
    ]
    assert set(outputs.verdicts) == {"U-2026-2", "U-2026-3"}


def test_bytes_in_a_parquet_file_are_read_as_utf_8_and_as_nothing_else(small, tmp_path):
    source = export(tmp_path / "in", disclosures=[{}, {}, {}], form="parquet")
    rows = pq.read_table(source / "disclosures.parquet")
    bytes_ = {
        "channel": pa.array([b"sdk", "brevlåda".encode(), b"\xff"], pa.binary()),
        "fields": pa.array([[b"name"], ["nåt".encode()], [b"name", b"\xff"]], pa.list_(pa.binary())),
    }
    for name, column in bytes_.items():
        rows = rows.set_column(rows.schema.get_field_index(name), name, column)
    pq.write_table(rows, source / "disclosures.parquet")
    ran, out = small(source, "--quiet")
    assert ran.code == 0, ran.stderr
    outputs = read_outputs(out)
    told = {row["entity"]: row["answer"] for row in outputs.findings if row["check"] == "P5"}
    assert told == {"U-2026-2": "violation", "U-2026-3": "undetermined"}
    told = {row["entity"]: row["answer"] for row in outputs.findings if row["check"] == "F2"}
    assert told == {"U-2026-2": "violation", "U-2026-3": "undetermined"}
    assert sorted((row["line"], row["column"]) for row in quarantined(out)) == [("3", "channel"), ("3", "fields")]


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_the_last_moment_of_the_calendar_with_an_offset_means_for_ever(small, tmp_path, form):
    """As .NET and other systems write an open end: it is read, and lies in no year that a calendar lacks."""
    ever = ["9999-12-31T23:59:59.9999999+00:00", "9999-12-31 23:59:59Z", "9999-12-31T23:59-05:00"]
    source = export(
        tmp_path / "in",
        form=form,
        assignments=[{"valid_to": end} for end in ever],
        disclosures=[{}, {"at": ever[2]}],
        accesses=[{}],
    )
    if form == "parquet":
        rows = pq.read_table(source / "assignments.parquet")
        ends = pa.array([253_402_300_799_999_999] * 3, pa.int64()).cast(pa.timestamp("us", tz="UTC"))
        pq.write_table(
            rows.set_column(rows.schema.get_field_index("valid_to"), "valid_to", ends), source / "assignments.parquet"
        )
    ran, out = small(source, "--quiet", "--period", "2026-10")
    assert ran.code == 0, ran.stderr
    assert quarantined(out) == []
    (rows,) = (entry["rows"] for entry in read_outputs(out).manifest["inputs"] if entry["table"] == "disclosures")
    assert (rows["audited"], rows["context"]) == (1, 1)
