"""Personal numbers, markers and hostile signs to plant in an export, and the search for them in what comes out."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq

from tests.bundles import person_number
from tests.conftest import Ran

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
