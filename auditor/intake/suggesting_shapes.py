"""What the texts of a column look like: a person's number, a time, a code, a name, free text. No text comes out of here."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property

from auditor.law.municipalities import municipalities
from auditor.privacy import holds_personal_number, is_name, is_plain_id

#: So many different texts of a column are looked at, the most frequent first.
MOST_TEXTS = 150
#: So large a part of a column's texts makes its shape.
MOSTLY = 0.8
_FREE_TEXT_WORDS = 5
_FREE_TEXT_CHARACTERS = 60
_SERIALS = range(25_000, 60_000)  # Excel's days from 1968 to 2064

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}|\d{8}")
_MOMENT = re.compile(
    r"\d{4}-\d{2}-\d{2}[ T]\d{1,2}:\d{2}(:\d{2}([.,]\d{1,9})?)?( ?(Z|[+-]\d{2}(:?\d{2})?))?"
    r"|\d{8}[ T]?\d{1,2}:\d{2}(:\d{2})?|\d{8}[ T]?\d{4}(\d{2}Z?)?"
)
_SERIAL = re.compile(r"(\d{5})([.,]\d+)?")
_PERSON = re.compile(r"(\d{2})?\d{6}[-+]?\d{4}|\d{4}-\d{2}-\d{2}-\d{4}|(\d{2})?\d{6}[-+]?[A-Z0-9]{4}")
_UUID = re.compile(r"\{?[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}\}?", re.IGNORECASE)
_ADDRESS = re.compile(r"(\d{1,3}\.){3}\d{1,3}")
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.\w+")
_PHONE = re.compile(r"(\+46|0)\d{1,3}[-\s/]?[\d\s]{5,10}")
_NUMBER = re.compile(r"-?\d+([.,]\d+)?")
_SWITCH = {"ja", "nej", "j", "n", "yes", "no", "y", "true", "false", "sant", "falskt", "0", "1", "x"}
#: Forms of days that need a mapping to be read, and what may follow them.
_DAY_FORMS = (
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d.%m.%Y",
    "%d-%m-%Y",
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%y-%m-%d",
    "%d/%m/%y",
    "%m/%d/%y",
    "%d/%m-%Y",
)
_CLOCK_FORMS = ("", " %H:%M", " %H:%M:%S", " %H.%M", " kl. %H:%M", " kl %H:%M", "T%H:%M:%S")


class Shape(StrEnum):
    """What most texts of a column look like."""

    EMPTY = "empty"
    PERSON = "person"
    MOMENT = "moment"
    DAY = "day"
    SERIAL = "serial"
    OTHER_DATE = "other_date"
    UUID = "uuid"
    ADDRESS = "address"
    MAIL = "mail"
    PHONE = "phone"
    MUNICIPALITY = "municipality"
    SWITCH = "switch"
    NUMBER = "number"
    NAME = "name"
    ID = "id"
    FREE_TEXT = "free_text"
    WORDS = "words"
    MIXED = "mixed"


@dataclass(frozen=True)
class Texts:
    """The texts of a column in a sample: how often each stands there, and how many cells were looked at, empty ones too."""

    counts: Counter[str]
    cells: int

    @cached_property
    def common(self) -> list[tuple[str, int]]:
        """The most frequent texts with their counts."""
        return self.counts.most_common(MOST_TEXTS)

    @property
    def filled(self) -> int:
        """How many cells hold a text."""
        return self.counts.total()

    def share(self, fits: Callable[[str], bool]) -> float:
        """Which part of the filled cells fits, going by the frequent texts; 0 for an empty column."""
        total = sum(count for _text, count in self.common)
        return sum(count for text, count in self.common if fits(text)) / total if total else 0.0

    @property
    def unlike(self) -> float:
        """Which part of the filled cells is different from every other: 1 for a column of keys."""
        return len(self.counts) / self.filled if self.filled else 0.0


def is_person(text: str) -> bool:
    """Whether the whole text is a valid personal or coordination number."""
    return len(text) <= 16 and _PERSON.fullmatch(text) is not None and holds_personal_number(text)


def looks_like_person(text: str) -> bool:
    """Whether the text has the form of such a number, or of a reserve number."""
    return _PERSON.fullmatch(text.strip().upper().replace(" ", "")) is not None


def _day_of_person(text: str) -> bool:
    """Whether the first digits are a day of a birth (60 more for a coordination number), whatever the check digit says."""
    digits = re.sub(r"[-+ ]", "", text)
    year, month, day = digits[-10:-8], digits[-8:-6], digits[-6:-4]
    return day.isdigit() and month.isdigit() and _real_day(f"20{year}{month}{int(day) % 60:02}")


def is_day(text: str) -> bool:
    """Whether the text is a day that is read without a mapping."""
    return _DAY.fullmatch(text) is not None and _real_day(text.replace("-", ""))


def is_moment(text: str) -> bool:
    """Whether the text is a time of a day that is read without a mapping."""
    return _MOMENT.fullmatch(text) is not None and _real_day(text[:10].replace("-", "")[:8]) and not is_person(text)


def is_serial(text: str) -> bool:
    """Whether the text may be a day (or a time) as a spreadsheet counts it."""
    found = _SERIAL.fullmatch(text)
    return found is not None and int(found[1]) in _SERIALS


def _real_day(digits: str) -> bool:
    try:
        return 1900 <= date(int(digits[:4]), int(digits[4:6]), int(digits[6:8])).year <= 2100
    except ValueError:
        return False


def is_free_text(text: str) -> bool:
    """Whether the text is longer than a code or a name."""
    return len(text) > _FREE_TEXT_CHARACTERS or len(text.split()) >= _FREE_TEXT_WORDS


_TESTS: tuple[tuple[Shape, Callable[[str], bool]], ...] = (
    (Shape.PERSON, is_person),
    (Shape.MOMENT, is_moment),
    (Shape.DAY, is_day),
    (Shape.PERSON, lambda text: looks_like_person(text) and _day_of_person(text)),
    (Shape.UUID, lambda text: _UUID.fullmatch(text) is not None),
    (Shape.ADDRESS, lambda text: _ADDRESS.fullmatch(text) is not None),
    (Shape.MAIL, lambda text: _MAIL.fullmatch(text) is not None),
    (Shape.MUNICIPALITY, lambda text: text in municipalities()),
    (Shape.SWITCH, lambda text: text.casefold() in _SWITCH),
    (Shape.SERIAL, is_serial),
    (Shape.NUMBER, lambda text: _NUMBER.fullmatch(text) is not None),
    (Shape.PHONE, lambda text: _PHONE.fullmatch(text) is not None),
    (Shape.NAME, is_name),
    (Shape.ID, lambda text: is_plain_id(text, needs_digit=True)),
    (Shape.FREE_TEXT, is_free_text),
    (Shape.WORDS, lambda text: len(text) <= _FREE_TEXT_CHARACTERS),
)


def shape_of(texts: Texts) -> Shape:
    """What most texts look like."""
    if not texts.filled:
        return Shape.EMPTY
    for shape, fits in _TESTS:
        if texts.share(fits) >= MOSTLY:
            return Shape.OTHER_DATE if shape in (Shape.WORDS, Shape.ID, Shape.PHONE) and date_forms(texts) else shape
    # long reasons stand beside short ones
    return Shape.FREE_TEXT if texts.share(lambda text: is_free_text(text) or " " in text) >= MOSTLY / 2 else Shape.MIXED


def date_forms(texts: Texts) -> list[str]:
    """The forms of dates, none of those read without a mapping, that fit all texts.

    Several when day and month cannot be told apart.
    """
    shown = [text for text, _count in texts.common]
    if not shown or not all(_may_be_date(text) for text in shown[:5]):
        return []
    forms = [day + clock for day in _DAY_FORMS for clock in _CLOCK_FORMS]
    return [form for form in forms if all(_has_form(text, form) for text in shown)]


def _may_be_date(text: str) -> bool:
    return 6 <= len(text) <= 25 and text[0].isdigit() and sum(map(str.isdigit, text)) >= 5


def _has_form(text: str, form: str) -> bool:
    try:
        found = datetime.strptime(text, form)
    except ValueError:
        return False
    return 1900 <= found.year <= 2100


def texts_of(cells: Iterable[str]) -> Texts:
    """The texts of a column from its cells."""
    given = [cell.strip() for cell in cells]
    return Texts(Counter(filter(None, given)), len(given))
