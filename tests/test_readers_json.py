"""From JSON Lines to raw cells: numbers as they stand, lists, and lines that are torn."""

from __future__ import annotations

import json

import pytest

from auditor.intake.readers import UNREADABLE, Torn
from tests.reading import MARK, MIB, reader, refused, rows, torn
from tests.running import in_english

english = pytest.fixture(autouse=True)(in_english)
read = pytest.fixture(reader)


def test_json_lines(read):
    lines = [
        {"a": "x", "b": 182, "c": 182.0, "d": True, "e": None, "f": "", "g": 0.5},
        {"h": ["p", 1, False, None], "a ": "\u00e5", "i": [], "k": {"deep": MARK}, "l": [["q"]]},
        {"a": 201701012393, "m": ["x\x1fy"]},
    ]
    raw = read("\n".join(json.dumps(line) for line in lines) + "\n\n", "cases.jsonl")
    assert raw.headings == ("a", "b", "c", "d", "e", "f", "g", "h", "i", "k", "l", "m")
    nothing = [None] * 5
    assert rows(raw) == [
        ("x", "182", "182", "true", None, None, "0.5", *nothing, 1),
        ("å", *[None] * 6, "\x1fp\x1f1\x1ffalse\x1f", None, UNREADABLE, UNREADABLE, None, 2),
        ("201701012393", *[None] * 10, UNREADABLE, 3),
    ]


def test_numbers_of_json_are_not_guessed(read):
    raw = read('{"a": 2.01701E+11, "b": 1e3, "c": 12345678901234567890, "d": -1.50, "e": 1E400}', "cases.jsonl")
    assert rows(raw) == [("2.01701E+11", "1e3", "12345678901234567890", "-1.50", "1E400", 1)]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"a": "MARK', Torn.BAD_JSON),
        (b'["MARK"]', Torn.BAD_JSON),
        (b'"MARK"', Torn.BAD_JSON),
        (b'{"a": NaN}', Torn.BAD_JSON),
        (b'{"a": -Infinity}', Torn.BAD_JSON),
        (b'{"a": 1} {"a": 2}', Torn.BAD_JSON),
        (b'{"a": ' + b"[" * 100_000, Torn.BAD_JSON),
        (b'{"a": "\\ud800"}', Torn.BAD_JSON),
        (b'{"a": "\\u0000"}', Torn.NUL_BYTE),
        (b'{"a": "\0"}', Torn.NUL_BYTE),
        (b'{"a": 1, "a": 1}', Torn.DUPLICATE_KEY),
        (b'{"a": 1, " a": 1}', Torn.DUPLICATE_KEY),
        (b'{"a": {"b": 1, "b": 2}}', Torn.DUPLICATE_KEY),
        ('{"a": "å"}'.encode("cp1252"), Torn.UNDECODABLE),
        (b'{"a": "' + b"x" * MIB + b'"}', Torn.TOO_LONG),
    ],
)
def test_torn_lines_of_json(read, line, reason):
    raw = read(b'{"a": 1}\n' + line + b'\n{"a": "\xc3\xa5"}', "cases.jsonl")
    assert torn(raw) == [(2, reason)] and rows(raw) == [("1", 1), ("å", 3)] and raw.rows_read == 3


def test_json_in_utf_16_and_later_keys_over_many_batches(read, monkeypatch):
    assert rows(read('{"å": "ö"}\n'.encode("utf-16"), "cases.jsonl")) == [("ö", 1)]
    monkeypatch.setattr("auditor.intake.readers.source.BLOCK_BYTES", 100)
    raw = read("".join(json.dumps({"a": n, f"k{n // 50}": n}) + "\n" for n in range(200)), "cases.jsonl")
    assert raw.headings == ("a", "k0", "k1", "k2", "k3")
    assert rows(raw)[130] == ("130", None, None, "130", None, 131) and len(rows(raw)) == 200
    assert len(list(raw.cells.parent.iterdir())) == 1


def test_files_that_are_no_json_lines_are_refused(read):
    assert "one JSON list" in refused(read, f'\n[{{"a": "{MARK}"}}]', "cases.json".replace("json", "jsonl")).message
    assert "No line" in refused(read, f'{{\n"a": "{MARK}"\n}}', "cases.jsonl").message
    assert "empty" in refused(read, "\n \n", "cases.jsonl").message
    assert "positions 1 and 2" in refused(read, '{"MARK": 1}\n{"mark": 2}', "cases.jsonl").message
    many = "".join(json.dumps({f"k{n}": 1}) + "\n" for n in range(2_001))
    assert "columns" in refused(read, many, "cases.jsonl").message
