"""What stands in a cell of statistics: a number as Swedish and English tables write it, or a mark for one that is held back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

_SPACES = dict.fromkeys((0xA0, 0x2007, 0x2009, 0x202F), " ")
_MARKS = frozenset({"..", "...", "…", "*", "**", "x", "xx", ".", "-", "–", "—", "s", "c", ":", "n/a", "•"})
_DASHES = frozenset({"-", "–", "—"})
_NUMBER = re.compile(r"[+−-]?\d+(?:[.,]\d+)?")
_GROUPED = re.compile(r"[+−-]?\d{1,3}(?: \d{3})+(?:,\d+)?")
_GROUPED_ENGLISH = re.compile(r"[+−-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_BELOW = re.compile(r"(?:<|färre än|mindre än|under|fewer than|less than) ?(\d{1,3})", re.IGNORECASE)
_AT_MOST = re.compile(r"(?:≤|<=|högst|at most) ?(\d{1,3})", re.IGNORECASE)
#: A number with a unit, a note or a word before it: ``3 st``, ``ca 10``, ``3*``, ``3 (15 %)``.
_NUMBER_LIKE = re.compile(r"[^\w]*(?:(?:ca|cirka|circa|c:a|about|approx)\b[. ]*)?[^\w]*\d.*", re.IGNORECASE)
#: Categories that begin with a digit: ages, days, months, quarters, school years, and codes or places in a list with a name.
_CATEGORY = re.compile(
    r"\d{1,3}(?: ?[-–—] ?\d{1,3})? ?(?:år|mån|months|years)\b.*|\d{1,3} ?\+"
    r"|\d{4}[-/]\d{2,4}(?:-\d{2})?|\d{4} ?(?:kv|kvartal|k|q)\.? ?[1-4]|0\d+ .*|\d{4} [^\W\d]{3,}.*|\d{1,2}[.)] [^\W\d]{3,}.*",
    re.IGNORECASE,
)
_SWEDISH = ("ett", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio")
_ENGLISH = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
#: Numbers of one digit in words.
WORD_VALUES = {"en": 1} | {word: value for words in (_SWEDISH, _ENGLISH) for value, word in enumerate(words, start=1)}
_WORDED = frozenset({*WORD_VALUES, *("noll", "tio", "enstaka", "några", "få", "fåtal"), *("none", "ten", "few")})
_RANGE = re.compile(r"(\d{1,3}) ?[-–—] ?(\d{1,3})")


class Mark(StrEnum):
    """What a suppressed number is marked with. A dash and an empty cell are often a zero."""

    DASH = "dash"
    EMPTY = "empty"
    OTHER = "other"


@dataclass(frozen=True)
class Number:
    """A published number. ``share``: it was written with a sign for per cent; ``decimals``: with so many, zeros and all."""

    value: float
    share: bool = False
    decimals: int = 0


@dataclass(frozen=True)
class HeldBack:
    """A mark for a suppressed number between ``least`` and ``greatest`` (None: any). ``span``: written like ages."""

    least: float = 0.0
    greatest: float | None = None
    span: bool = False


def read_cell(written: str | None) -> Number | HeldBack | None:
    """The number or the mark of a cell; an empty cell is a mark. None for anything else."""
    text = plain(written or "")
    if not text or text.casefold() in _MARKS:
        return HeldBack()
    if match := _BELOW.fullmatch(text):
        return HeldBack(1.0, float(match[1]) - 1)
    if match := _AT_MOST.fullmatch(text):
        return HeldBack(1.0, float(match[1]))
    if (match := _RANGE.fullmatch(text)) and int(match[1]) <= int(match[2]):
        return HeldBack(float(match[1]), float(match[2]), span=True)
    share = text.endswith("%")
    return _number(text.removesuffix("%").rstrip(), share=share)


def mark_of(written: str | None) -> Mark:
    """What kind of mark a cell is that holds no number."""
    text = plain(written or "")
    if not text:
        return Mark.EMPTY
    return Mark.DASH if text in _DASHES else Mark.OTHER


def looks_like_number(written: str) -> bool:
    """Whether a text that is no number as it stands may be meant as one: with a unit, a note, or in words."""
    text = plain(written)
    if text.casefold().strip(".,:;()") in _WORDED:
        return True
    return bool(_NUMBER_LIKE.fullmatch(text)) and not _CATEGORY.fullmatch(text) and not isinstance(read_cell(text), HeldBack)


def plain(written: str) -> str:
    """A cell's text with every space plain and single."""
    return " ".join(written.translate(_SPACES).split())


def _number(text: str, *, share: bool) -> Number | None:
    if _GROUPED_ENGLISH.fullmatch(text) and not re.fullmatch(r"[+−-]?\d{1,3},\d{3}", text):
        text = text.replace(",", "")
    elif _GROUPED.fullmatch(text):
        text = text.replace(" ", "")
    elif not _NUMBER.fullmatch(text):
        return None
    text = text.replace(",", ".").replace("−", "-")
    return Number(float(text), share, len(text.partition(".")[2]))
