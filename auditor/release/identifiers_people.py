"""Personal numbers in free text: personnummer, samordningsnummer and reserve numbers, in every spelling seen in the wild.

A personnummer is the birth date, a birth number of three digits and a check digit (folkbokföringslagen 1991:481, 18 §); a
samordningsnummer has 60 added to the day (lag 2022:1697). A number with the right check digit and a possible date is *sure*.
A wrong check digit or an impossible date is *possible* where it looks typed by hand: a mistyped number is still personal data.
A right number behind a word such as ``OCR`` or ``dnr``, without the mark of a personal number, is possible too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from auditor.privacy import luhn_ok
from auditor.release.identifiers import Found, Identifier

_MONTH = r"(?:0[1-9]|1[0-2])"
_DAY = r"(?:0[1-9]|[12]\d|3[01]|6[1-9]|[78]\d|9[01])"
# between the parts of a date: nothing, a mark, spaces, or a mark and a line break
_PART = r"(?:[-./_]\s?|[ \t]{0,2})"
# before the last four: the same, perhaps with a plus, and perhaps split by a line break
_LAST = r"(?:[ \t]{0,3}[-+/._:]?[ \t]{0,3}(?:-?\r?\n[ \t]{0,8}-?)?)"
_BEFORE = r"(?<!\d)(?<!\d[.,])"
_AFTER = r"(?!\d|[.,]\d{1,2}(?!\d))"
_TWELVE = re.compile(
    rf"{_BEFORE}(?=((1[89]|2[01]){_PART}(\d\d)({_PART})({_MONTH})({_PART})({_DAY})({_LAST})(\d{{3}})[ ]?(\d){_AFTER}))"
)
_TEN = re.compile(rf"{_BEFORE}(?=((\d\d)({_PART})({_MONTH})({_PART})({_DAY})({_LAST})(\d{{3}})[ ]?(\d){_AFTER}))")
#: As typed by hand: six or eight digits, a hyphen or plus, and four.
_TYPED = re.compile(r"(?<!\d)(?<!\d[-.,])(?=((?:1[89]|20)?(\d{6})[ ]?[-+][ ]?(\d{4})(?!\d|[-.,]\d)))")
#: Eight digits of a possible date of birth and four, without a mark.
_TYPED_WHOLE = re.compile(rf"(?<!\d)(?<!\d[-.,])(?=((?:19|20)(\d\d{_MONTH}{_DAY})[ ]?(\d{{4}})(?!\d|[-.,]\d)))")
#: Ten digits, and eight with four, anywhere behind a word that says what they are.
_NAMED = re.compile(
    r"(?i)(?:person(?:ligt?)?[- ]?(?:nummer|numret|nr)|pers\.?[- ]?nr|\bpnr|\bp\.?nr|samordnings?[- ]?(?:nummer|numret|nr)|\bsamnr)"
    r"(?:s|et|n)?[\s.:=(är]{0,6}(?:1[89]|20)?[ ]?(\d{2}[ .-]?\d{2}[ .-]?\d{2})[ .+-]{0,3}(\d{4})(?!\d)"
)
_RESERVE_T = re.compile(
    r"(?<!\d)((?:1[89]|20)?\d{2}[- ]?(?:0\d|1[0-2])[- ]?[0-3]\d[ ]?[-+]?[ ]?(?:T\d{3}|TF\d{2}))(?!\w)", re.IGNORECASE
)
_RESERVE_99 = re.compile(r"(?<!\d)(99[ -]?(?:19|20)\d{2}[ -]?\d{2}[ -]?\d{4})(?!\d)")
_RESERVE_NATIONAL = re.compile(r"(?<!\w)((?:2[1-3]|00)\d{2}(?:0[1-9]|1[0-2]|00)[0-3]\d[ -]?[A-HJ-NPR-UX-Z]{2}\d\d)(?!\w)")
#: Words that say a number is something else, directly before it.
_SOMETHING_ELSE = re.compile(
    r"(?i)(?:\bocr(?:[- ]?(?:nr|nummer))?|\bdnr|\bdiarie(?:nr|nummer)|ref(?:erens)?(?:\.?nr|nummer)?|faktura(?:nr|nummer)?|order(?:nr|nummer)?|kvitto(?:nr|nummer)?"
    r"|\bmål(?:nr|nummer)|ärende(?:nr|nummer)|kund(?:nr|nummer)|avtals?(?:nr|nummer)?|artikel(?:nr|nummer)|serie(?:nr|nummer)|\bimei|\bean"
    r"|löp(?:nr|nummer)|kolli(?:nr|nummer)?|paket(?:nr|nummer)?|bokning(?:s?nr|snummer)?|org\.?(?:anisations)?[ .-]?(?:nr|nummer)"
    r"|tel(?:efon)?(?:nr|nummer)?|\btfn|mobil(?:nr|nummer)?|\bsms(?:a)?|\bring(?:er|a)?|\bk-?nr|händelse(?:nr|nummer)?)[ .:#(-]{0,4}(?:nr|är)?[ .:#]{0,2}(?:[A-ZÅÄÖ]{1,4}[ -])?$"
)
_REGISTER_TOKEN = re.compile(r"[0-9a-fA-F-]{20,}")
_LONGEST_CONTEXT = 30
#: From this year of the century on, eight digits and a time of day may be a moment in a log.
_MOMENTS_FROM = 15


def find_personal_numbers(text: str) -> Iterator[Found]:
    """Every personal number in a plain text. They may overlap; of two at one place the longer comes first."""
    certain: list[Found] = []
    for pattern, twelve in ((_TWELVE, True), (_TEN, False)):
        for match in pattern.finditer(text):
            found = _read(text, match, twelve=twelve)
            if found is not None and not any(old.start < found.end and found.start < old.end for old in certain):
                certain.append(found)
    yield from certain
    yield from _reserve_numbers(text)
    yield from _possible_numbers(text)


def _read(text: str, match: re.Match[str], *, twelve: bool) -> Found | None:
    """A number whose date is possible and whose check digit is right, else None."""
    if twelve:
        whole, century, year, first, month, second, day, last, birth, check = match.groups()
    else:
        whole, year, first, month, second, day, last, birth, check = match.groups()
        century = None
    if birth == "000" or not luhn_ok(year + month + day + birth + check) or not possible_date(century, year, month, day):
        return None
    start, end = match.start(1), match.start(1) + len(whole)
    contiguous = not (first or second or last)
    if _inside_longer(text, start, end, whole, spaced=(first, second, last)):
        return None
    marked = ("-" in last or "+" in last) and not first and not second
    sure = marked or not is_something_else(text, start)
    if contiguous and _in_register_token(text, start, end):
        sure = False
    if twelve and not last.strip() and century == "20" and int(year) >= _MOMENTS_FROM and _is_clock(birth + check):
        sure = False  # 202610051430 is more likely a moment
    kind = Identifier.COORDINATION_NUMBER if int(day) > 60 else Identifier.PERSON_NUMBER
    return Found(kind, start, end, sure, (century or "") + year + month + day + birth + check)


def possible_date(century: str | None, year: str, month: str, day: str) -> bool:
    """Whether the parts name a day; without a century either of the last two may be meant."""
    number = int(day) - 60 if int(day) > 60 else int(day)
    for hundred in (century,) if century else ("19", "20"):
        try:
            date(int(hundred + year), int(month), number)
        except ValueError:
            continue
        return True
    return False


def _inside_longer(text: str, start: int, end: int, whole: str, *, spaced: tuple[str, ...]) -> bool:
    """Whether the digits are a part of a longer run of equal groups (a card, an account): 1234 2001 0902 2392."""
    if any(mark.strip() for mark in spaced) or " " not in whole:
        return False
    groups = whole.split(" ")
    before = re.search(r"(?<!\d)(\d{3,4}) $", text[max(0, start - 6) : start])
    after = re.match(r" (\d{3,4})(?!\d)", text[end : end + 6])
    beside = before or after
    return beside is not None and {len(group) for group in groups} == {len(beside[1])}


def is_something_else(text: str, start: int) -> bool:
    """Whether a word directly before the place says that a number is no number of a person: OCR, dnr, reference."""
    return _SOMETHING_ELSE.search(text, max(0, start - _LONGEST_CONTEXT), start) is not None


def _in_register_token(text: str, start: int, end: int) -> bool:
    """Whether the digits stand inside a long key of hexadecimal characters (a GUID, a hash)."""
    for token in _REGISTER_TOKEN.finditer(text, max(0, start - 64), min(len(text), end + 64)):
        if token.start() <= start and end <= token.end() and re.search("[a-fA-F]", token[0]):
            return True
    return False


def _reserve_numbers(text: str) -> Iterator[Found]:
    for match in _RESERVE_T.finditer(text):
        yield Found(Identifier.RESERVE_NUMBER, match.start(), match.end(), True, _bare(match[0]))
    for match in _RESERVE_99.finditer(text):
        digits = _bare(match[0])
        # Region Stockholm: the check digit covers the positions from the fifth on; leading zeros change no sum
        if luhn_ok(digits[4:].zfill(10)):
            yield Found(Identifier.RESERVE_NUMBER, match.start(), match.end(), True, digits)
    for match in _RESERVE_NATIONAL.finditer(text):
        yield Found(Identifier.RESERVE_NUMBER, match.start(), match.end(), True, _bare(match[0]))


def _bare(text: str) -> str:
    return re.sub(r"[^0-9A-Z]", "", text.upper())


def _possible_numbers(text: str) -> Iterator[Found]:
    """Numbers that are wrong, or stand behind a word that says they are personal numbers."""
    for pattern in (_TYPED, _TYPED_WHOLE):
        for match in pattern.finditer(text):
            whole, day, rest = match.groups()
            if _may_be_mistyped(text, match.start(1), whole, day, rest):
                yield Found(Identifier.PERSON_NUMBER, match.start(1), match.start(1) + len(whole), False, _bare(whole))
    for match in _NAMED.finditer(text):
        if match[2][:3] != "000":
            yield Found(Identifier.PERSON_NUMBER, match.start(1), match.end(2), False, _bare(match[1] + match[2]))


def _may_be_mistyped(text: str, start: int, whole: str, day: str, rest: str) -> bool:
    if rest[:3] == "000" or is_something_else(text, start):
        return False
    marked = "-" in whole or "+" in whole
    if len(_bare(whole)) == 10 and int(day[2]) >= 2 and luhn_ok(day + rest):
        return False  # an organisation's number has at least 20 in the place of the month
    return marked or not _is_clock(rest)


def _is_clock(rest: str) -> bool:
    return int(rest[:2]) < 24 and int(rest[2:]) < 60
