"""Sweden's 290 municipalities by SCB kommunkod (four digits, leading zero kept), and the counties they lie in."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

_TABLE = Path(__file__).with_name("municipalities.csv")


@cache
def municipalities() -> dict[str, str]:
    """Code -> name, such as ``0182`` -> ``Nacka``. Source: SCB, koder för kommuner."""
    with _TABLE.open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["name"] for row in csv.DictReader(file)}


@cache
def county_codes() -> frozenset[str]:
    """The two-digit codes of the counties that hold a municipality; ``01`` is Stockholm County."""
    return frozenset(code[:2] for code in municipalities())
