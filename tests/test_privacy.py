"""No personal number, name or free text comes out, in any file, message or log line; and nothing hostile acts."""

from __future__ import annotations

import json
import platform
import re
import signal
import subprocess
import sys
import tempfile
import unicodedata
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import auditor.cli.auditing
from auditor.engine import Engine, EngineError
from auditor.privacy import Pseudonyms, holds_personal_number, shown_path, without_personal_numbers
from tests.bundles import person_number
from tests.conftest import Ran, run_program
from tests.exports import export, write_agreement
from tests.running import CHECKOUT, read_outputs

#: Stands in every free cell; no word of any language holds it.
MARK = "Zqxw"
ESCAPES = ("\x1b", "\x07", "\x9b", "\u202e", "\r", "\x08", "\x00")
HOSTILE = "\x1b[31m\x1b]0;x\x07\x9b2J\u202e<script>alert(1)</script>"


def numbers() -> Iterator[str]:
    """Personal numbers of invented persons, each another, with birth numbers 980-999."""
    for year in range(2008, 2018):
        for month in range(1, 13):
            for serial in range(980, 1000):
                yield person_number(date(year, month, 1 + serial % 28), serial, coordination=serial % 5 == 0)


NUMBERS = numbers()


def spellings(number: str) -> list[str]:
    """The ways in which people and systems write a number of twelve digits, alone and inside an id."""
    century, year, month, day, rest = number[:2], number[2:4], number[4:6], number[6:8], number[8:]
    short, long = number[2:8], number[:8]
    wide = "".join(chr(ord(digit) - ord("0") + ord("\uff10")) for digit in number)
    parted = [f"{century}{year}{mark}{month}{mark}{day}{mark}{rest}" for mark in ("-", " ", ".", "/", "_", "\u2013", "\u00a0")]
    last = [
        f"{long}{mark}{rest}"
        for mark in ("-", " ", ".", "/", ":", "_", "#", "=", "--", " - ", "\u2013", "\u2212", "\u00ad", "\u200b")
    ]
    plain = [number, number[2:], f"{short}-{rest}", f"{short}+{rest}", f"{short} {rest}", wide, f"{year}\u200b{number[4:]}"]
    inside = [
        f"SN-{number}",
        f"SN{number}",
        f"{number}-1",
        f"pnr:{short}-{rest}",
        f"anna.{number}@example.org",
        f"2026/{long}-{rest}/7",
    ]
    return [*plain, *parted, *last, *inside]


def with_many_spellings() -> list[dict[str, str]]:
    """For each spelling a disclosure whose number, case and user are three different personal numbers so written."""
    kinds = len(spellings("201701019802"))
    return [
        {name: spellings(next(NUMBERS))[kind] for name in ("disclosure_id", "case_id", "user_id")}
        | {"channel": f"{MARK} e-post"}
        for kind in range(kinds)
    ]


def everything_in(folder: Path) -> str:
    """The text of every file of a folder, names and all; Parquet both as bytes and with its columns unpacked."""
    parts = []
    for path in sorted(folder.rglob("*")):
        parts.append(path.name)
        if path.is_file():
            parts.append(path.read_bytes().decode("utf-8", "replace"))
        if path.suffix == ".parquet":
            table = pq.read_table(path)
            parts += [
                str(table.schema),
                str(table.schema.metadata),
                json.dumps(table.to_pylist(), default=str, ensure_ascii=False),
            ]
    return "\n".join(parts)


def numbers_in(text: str) -> list[str]:
    """The personal numbers of ``numbers()`` that stand in a text, however they are written there."""
    text = unicodedata.normalize("NFKC", "".join(sign for sign in text if unicodedata.category(sign) != "Cf"))
    candidates = re.finditer(r"(?=((?:\d[\W_]{0,3}){9}\d))", text)
    return [digits for found in candidates if (digits := re.sub(r"\D", "", found[1])) in TEN_DIGITS]


TEN_DIGITS = {number[2:] for number in numbers()}


def assert_nothing_leaks(text: str) -> None:
    assert MARK.casefold() not in text.casefold()
    assert numbers_in(text) == []


def assert_nothing_acts(ran: Ran) -> None:
    """Nothing on the terminal that a terminal obeys."""
    assert [sign for sign in ran.said if not (sign.isprintable() or sign == "\n")] == []


def test_the_search_finds_what_it_looks_for():
    number = next(NUMBERS)
    for spelling in spellings(number):
        assert numbers_in(f"x {spelling} y") == [number[2:]], spelling
        assert holds_personal_number(spelling), spelling
        assert numbers_in(without_personal_numbers(spelling)) == []
        assert numbers_in(shown_path(f"in/disclosures {spelling}.csv".replace("/", "_"))) == []
    assert not holds_personal_number("SN-2026-01234") and without_personal_numbers("U-2026-000001") == "U-2026-000001"


# ------------------------------------------------------------------------------------------------------ a month full of markers


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


# ---------------------------------------------------------------------------------------------------------- errors and the key


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


# ------------------------------------------------------------------------------------------------------ no network, no way out

#: A process that ends at once when it opens a socket: by Python (an audit hook), or by any library (Linux, a seccomp filter).
WATCHED = """
import ctypes, os, platform, struct, sys
sys.addaudithook(lambda event, arguments: event.startswith("socket.") and os._exit(99))
number = {"x86_64": 41, "aarch64": 198}.get(platform.machine()) if sys.platform == "linux" else None
if number is not None:
    steps = [(0x20, 0, 0, 0), (0x15, 0, 1, number), (0x06, 0, 0, 0x80000000), (0x06, 0, 0, 0x7FFF0000)]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
    program = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(steps), ctypes.addressof(code)))
    system = ctypes.CDLL(None, use_errno=True)
    assert system.prctl(38, 1, 0, 0, 0) == 0 and system.prctl(22, 2, program, 0, 0) == 0, os.strerror(ctypes.get_errno())
"""


def watched(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", WATCHED + code], cwd=CHECKOUT, capture_output=True, encoding="utf-8", check=False
    )


def test_no_socket_is_opened_by_an_audit(tmp_path):
    source, agreement = export(tmp_path / "in"), write_agreement(tmp_path)
    arguments = [
        "audit",
        source,
        "--agreement",
        agreement,
        "--out",
        tmp_path / "out",
        "--key-file",
        tmp_path / "key",
        "--quiet",
    ]
    ran = watched(f"from auditor.cli import run\nsys.exit(run({[str(argument) for argument in arguments]!r}))")
    assert ran.returncode == 0, ran.stderr
    assert (tmp_path / "out" / "report.html").is_file()


def test_a_socket_would_be_seen():
    assert watched("import socket; socket.socket()").returncode == 99
    if sys.platform == "linux" and platform.machine() in ("x86_64", "aarch64"):
        assert watched("ctypes.CDLL(None).socket(2, 1, 0)").returncode == -signal.SIGSYS


@pytest.fixture
def engine(tmp_path):
    (tmp_path / "private").mkdir()
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.csv").write_text("x\n1\n")
    (tmp_path / "in-secret").mkdir()
    (tmp_path / "in-secret" / "b.csv").write_text(f"x\n{MARK}\n")
    with Engine(tmp_path / "private", [tmp_path / "in"]) as engine:
        yield engine


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('{folder}/in-secret/b.csv')",
        "SELECT * FROM read_text('{folder}/in/../in-secret/b.csv')",
        "SELECT * FROM read_blob('/etc/passwd')",
        "SELECT * FROM glob('{folder}/in-secret/*')",
        "SELECT * FROM '{folder}/in-secret/b.csv'",
        "SELECT * FROM read_csv('https://example.org/a.csv')",
        "SELECT * FROM read_parquet('s3://bucket/a.parquet')",
        "COPY (SELECT 1) TO '{folder}/in-secret/c.csv'",
        "COPY (SELECT 1) TO '{folder}/private/../c.parquet'",
        "EXPORT DATABASE '{folder}/in-secret/all'",
        "ATTACH '{folder}/in-secret/d.db'",
        "ATTACH 'https://example.org/d.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "LOAD '{folder}/in-secret/b.csv'",
        "SET enable_external_access=true",
        "SET allowed_directories=['/']",
        "SET lock_configuration=false",
        "RESET lock_configuration",
        "SET temp_directory='{folder}/in-secret'",
        "SET memory_limit='1TB'",
        "PRAGMA enable_profiling='json'",
        "SET home_directory='{folder}'",
    ],
)
def test_the_engine_reads_and_writes_nothing_else_and_cannot_be_unlocked(engine, tmp_path, sql):
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(EngineError) as caught:
        engine.rows(sql.format(folder=tmp_path))
    assert re.fullmatch(r"\w+", str(caught.value))  # the kind of fault alone
    assert sorted(tmp_path.rglob("*")) == before


def test_the_engine_reads_the_input_and_does_not_see_the_variables_of_the_program(engine, tmp_path):
    table = pq.read_table  # a name that a replacement scan would find
    assert engine.rows("SELECT * FROM read_csv(?)", [str(tmp_path / "in" / "a.csv")]) == [(1,)]
    with pytest.raises(EngineError):
        engine.rows("SELECT * FROM table_of_the_caller")
    assert callable(table)
