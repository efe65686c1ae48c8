"""Personal numbers of nobody for the labelled corpora, as people write them; and what is a right number by chance."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any


def luhn_digit(digits: str) -> str:
    """The check digit of the digits before it (modulus 10)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value // 10 + value % 10
    return str(-total % 10)


def _is_right(ten: str) -> bool:
    if luhn_digit(ten[:9]) != ten[9]:
        return False
    day = int(ten[4:6])
    try:
        date(2000 + int(ten[:2]), int(ten[2:4]), day - 60 if day > 60 else day)
    except ValueError:
        return False
    return True


def harmless(text: str) -> bool:
    """Whether no ten digits in a row of the text, marks left out, are a right number of somebody outside the test range."""
    digits = re.sub(r"\D", "", text)
    tens = (digits[start : start + 10] for start in range(len(digits) - 9))
    return all(not _is_right(ten) or int(ten[6:9]) >= 980 for ten in tens)


def personal_number(draw: random.Random, *, coordination: bool = False, oldest: int = 1935) -> str:
    """Twelve digits of nobody, with a birth number of the test range."""
    day = date(oldest, 1, 1) + timedelta(days=draw.randrange((date(2026, 9, 30) - date(oldest, 1, 1)).days))
    number = f"{day:%y%m}{day.day + 60 if coordination else day.day:02}{draw.randint(980, 999)}"
    return f"{day.year // 100}{number}{luhn_digit(number)}"


def spellings(twelve: str) -> list[str]:
    """One number as people write it."""
    year, month, day, last = twelve[:4], twelve[4:6], twelve[6:8], twelve[8:]
    eight, six = twelve[:8], twelve[2:8]
    dashes = ["\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\u2015", "\u2212"]
    return [
        twelve,
        twelve[2:],
        f"{eight}-{last}",
        f"{six}-{last}",
        f"{six}+{last}",
        f"{eight}+{last}",
        f"{eight} {last}",
        f"{six} {last}",
        f"{six}\u00a0{last}",
        f"{eight}\u202f{last}",
        f"{six} - {last}",
        f"{year}-{month}-{day}-{last}",
        f"{year}-{month}-{day} {last}",
        f"{year} {month} {day} {last}",
        f"{year}{month}{day}-\n{last}",
        f"{six}-\n{last}",
        f"{eight}\n{last}",
        *(f"{six}{dash}{last}" for dash in dashes),
        *(f"{eight}{dash}{last}" for dash in dashes[:3]),
        f"{year}.{month}.{day}-{last}",
        f"{six}-{last[:3]} {last[3]}",
    ]


def random_digits(draw: random.Random, count: int) -> str:
    """So many digits in a row."""
    return "".join(str(draw.randint(0, 9)) for _ in range(count))


def write(path: Path, made: Iterator[dict[str, Any]]) -> None:
    """Write a corpus as JSON Lines."""
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in made), encoding="utf-8")
