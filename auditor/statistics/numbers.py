"""What stands in a cell of statistics: a number as Swedish and English tables write it, or a mark for one that is held back."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SPACES = dict.fromkeys((0xA0, 0x2007, 0x2009, 0x202F), " ")
_MARKS = frozenset({"..", "...", "…", "*", "**", "x", "xx", ".", "-", "–", "—", "s", "c", ":", "n/a", "•"})
_NUMBER = re.compile(r"[+−-]?\d+(?:[.,]\d+)?")
_GROUPED = re.compile(r"[+−-]?\d{1,3}(?: \d{3})+(?:,\d+)?")
_GROUPED_ENGLISH = re.compile(r"[+−-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_BELOW = re.compile(r"(?:<|färre än|mindre än|under|fewer than|less than) ?(\d{1,3})", re.IGNORECASE)
_AT_MOST = re.compile(r"(?:≤|<=|högst|at most) ?(\d{1,3})", re.IGNORECASE)
_RANGE = re.compile(r"(\d{1,3}) ?[-–—] ?(\d{1,3})")


@dataclass(frozen=True)
class Number:
    """A published number. ``share``: it was written with a sign for per cent."""

    value: float
    share: bool = False


@dataclass(frozen=True)
class HeldBack:
    """A mark for a suppressed number between ``least`` and ``greatest`` (None: any). ``span``: written like ages."""

    least: float = 0.0
    greatest: float | None = None
    span: bool = False


def read_cell(written: str | None) -> Number | HeldBack | None:
    """The number or the mark of a cell; an empty cell is a mark. None for anything else."""
    text = " ".join((written or "").translate(_SPACES).split())
    if not text or text.casefold() in _MARKS:
        return HeldBack()
    if match := _BELOW.fullmatch(text):
        return HeldBack(1.0, float(match[1]) - 1)
    if match := _AT_MOST.fullmatch(text):
        return HeldBack(1.0, float(match[1]))
    if (match := _RANGE.fullmatch(text)) and int(match[1]) <= int(match[2]):
        return HeldBack(float(match[1]), float(match[2]), span=True)
    share = text.endswith("%")
    value = _value(text.removesuffix("%").rstrip())
    return None if value is None else Number(value, share)


def _value(text: str) -> float | None:
    if _GROUPED_ENGLISH.fullmatch(text) and not re.fullmatch(r"[+−-]?\d{1,3},\d{3}", text):
        text = text.replace(",", "")
    elif _GROUPED.fullmatch(text):
        text = text.replace(" ", "")
    elif not _NUMBER.fullmatch(text):
        return None
    return float(text.replace(",", ".").replace("−", "-"))
