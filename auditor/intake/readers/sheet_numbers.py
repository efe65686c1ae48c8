"""Numbers of a spreadsheet as text: a date is a number of days, and only the style of its cell tells it from other numbers."""

from __future__ import annotations

import math
import re
from datetime import datetime, timedelta
from enum import Enum

from auditor.intake.readers.model import UNREADABLE


class Shape(Enum):
    """What a cell's style makes of a number."""

    NUMBER = "number"
    DATE = "date"
    TIME = "time"
    MOMENT = "date and time"


# Formats with numbers of their own (ECMA-376 part 1, 18.8.30), also those of East Asian languages
_BUILT_IN = {
    **dict.fromkeys((14, 15, 16, 17, *range(27, 32), 36, *range(50, 59)), Shape.DATE),
    **dict.fromkeys((18, 19, 20, 21, *range(32, 36), 45, 47), Shape.TIME),
    22: Shape.MOMENT,
}
# Texts in quotation marks, escaped characters, spaces of a width, fillings, and colours, conditions or languages in brackets
_NOT_CODE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_LARGEST_WHOLE = 1e15
_LAST_MOMENT = 2_958_466 - 1e-8  # 9999-12-31 to the millisecond
_DAYS_FROM_1900_TO_1904 = 1_462
_PHANTOM_DAY = 60  # 1900-02-29, which spreadsheets count although it never was


def shape_of(number: str, code: str | None) -> Shape:
    """The shape of numbers in a format: its number, and its code when it is not built in."""
    if code is None:
        return _BUILT_IN.get(int(number), Shape.NUMBER) if number.isdecimal() and len(number) < 10 else Shape.NUMBER
    plain = _NOT_CODE.sub("", code).split(";")[0].casefold()
    if plain.strip() == "general" or _ELAPSED.search(plain):
        return Shape.NUMBER  # an elapsed time is no time of a day
    has_time = "h" in plain or "s" in plain
    has_date = "y" in plain or "d" in plain or ("m" in plain and not has_time)
    if has_date:
        return Shape.MOMENT if has_time else Shape.DATE
    return Shape.TIME if has_time else Shape.NUMBER


def number_text(text: str, shape: Shape, *, from_1904: bool) -> str:
    """A number of a cell as text.

    Whole numbers below 10^15 have no decimals. Of a DATE ``2026-10-03``, or with the time when there is one; of a MOMENT always
    ``2026-10-03 00:00:00``, with the fraction of a second when there is one; of a TIME below a day ``14:05:00``. UNREADABLE for
    what is no number or no day. ``from_1904``: days are counted from 1904, as old workbooks of macOS do.
    """
    if shape is Shape.NUMBER and len(text) <= 15 and text.isascii() and text.isdecimal() and (text[0] != "0" or text == "0"):
        return text
    try:
        number = float(text)
    except ValueError:
        return UNREADABLE
    if not math.isfinite(number):
        return UNREADABLE
    if shape is Shape.NUMBER:
        return str(int(number)) if number.is_integer() and abs(number) < _LARGEST_WHOLE else repr(number)
    return _moment_text(number, shape, from_1904=from_1904)


def _moment_text(days: float, shape: Shape, *, from_1904: bool) -> str:
    if not 0 <= days < _LAST_MOMENT - (_DAYS_FROM_1900_TO_1904 if from_1904 else 0):
        return UNREADABLE
    if shape is Shape.TIME and days < 1:
        moment = _moment(datetime(1904, 1, 1), days)
        return moment.isoformat(sep=" ")[len("1904-01-01 ") :] if moment.day == 1 else UNREADABLE
    if from_1904:
        moment = _moment(datetime(1904, 1, 1), days)
    elif _PHANTOM_DAY <= days < _PHANTOM_DAY + 1:
        return UNREADABLE
    else:
        moment = _moment(datetime(1899, 12, 30 if days > _PHANTOM_DAY else 31), days)
    written = moment.isoformat(sep=" ")
    return written.removesuffix(" 00:00:00") if shape is Shape.DATE else written


def _moment(start: datetime, days: float) -> datetime:
    """Spreadsheets keep moments to the millisecond; what is finer is noise of the number."""
    return start + timedelta(milliseconds=round(days * 86_400_000))
