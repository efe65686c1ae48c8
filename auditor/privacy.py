"""Masking and pseudonyms: what of an id or a name may be written anywhere outside the engine.

A *plain id* is shown as it is. Everything else - an id that holds a personal number, a name, free text - is replaced by a
pseudonym: a keyed hash (HMAC-SHA-256) of the id, so that the same id has the same pseudonym every month, and nobody without the
key can try all numbers. The key is made on first use and readable by its owner alone.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
import unicodedata
from datetime import date
from itertools import pairwise
from pathlib import Path

from auditor.errors import UserError
from auditor.words import _

MASKED = "***"
_KEY_BYTES = 32
_LONGEST_ID = 64
# ten or twelve digits, perhaps with up to three other characters between the parts of the date or before the last four, which
# may stand two by two
_NUMBER = re.compile(
    r"(?<!\d)(\d{2})?(\d{2})[\W_]{0,3}(\d{2})[\W_]{0,3}(\d{2})(?:[\W_]{0,3}(\d{4})|([ .-])(\d{2})\6(\d{2}))(?!\d)"
)
_MONTH, _DAY = r"(?:0[1-9]|1[0-2])", r"(?:0[1-9]|[12]\d|3[01]|6[1-9]|[78]\d|9[01])"
_NAME = re.compile(r"[A-ZÅÄÖ][\w'’.-]*[,]?( (av|af|von|de|van|[A-ZÅÄÖ][\w'’.-]*)){1,3}")
_SHAPE = re.compile(
    rf"(?<!\d)(?P<century>19|20)?(?P<year>\d\d)(?:{_MONTH}{_DAY}|[\W_]{{1,3}}{_MONTH}[\W_]{{1,3}}{_DAY})[\W_]{{0,3}}"
    r"(?:\d{4}|TF\d{2}|T\d{3})(?!\d)",
    re.IGNORECASE,
)
#: Letters and marks that take no room though their category does not say so (Unicode, default ignorable code points).
_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0") | {
    chr(n) for n in range(0xFE00, 0xFE10)
}


def luhn_ok(digits: str) -> bool:
    """Whether the last of ten digits is the check digit of the others (modulus 10; the century does not count)."""
    total = 0
    for place, digit in enumerate(digits):
        value = int(digit) * (2 - place % 2)
        total += value // 10 + value % 10
    return total % 10 == 0


def holds_personal_number(text: str) -> bool:
    """Whether a valid personnummer or samordningsnummer stands somewhere in the text, in any common spelling.

    Valid means a possible date (a samordningsnummer has 60 added to the day) and a right check digit (modulus 10).
    """
    return _next_number(_plainly_written(text)) is not None


def may_be_shown(text: str, longest: int) -> bool:
    """Whether a text that a person wrote may stand in what is written: short, printable, and without a personal number."""
    return len(text) <= longest and text.isprintable() and not may_hold_personal_number(text)


def without_personal_numbers(text: str) -> str:
    """The text with everything that is written as a personal number masked; one without any is left as it is."""
    if not may_hold_personal_number(text):
        return text
    text = _plainly_written(text)
    while found := _next_number(text) or _next_shaped_as_number(text):
        text = text[: found.start()] + MASKED + text[found.end() :]
    return text


def _next_number(text: str) -> re.Match[str] | None:
    return next((found for start in range(len(text)) if (found := _NUMBER.match(text, start)) and _is_number(found)), None)


def _plainly_written(text: str) -> str:
    """The text without characters that take no room, which would part digits unseen, and without the forms that only look
    otherwise (NFKC); the digits of every script as 0-9."""
    if text.isascii():
        return text
    plain = unicodedata.normalize("NFKC", text)
    seen = (one for one in plain if unicodedata.category(one) != "Cf" and one not in _UNSEEN)
    return "".join(one if (digit := unicodedata.digit(one, None)) is None else str(digit) for one in seen)


def _is_number(found: re.Match[str]) -> bool:
    century, year, month, day, last_four, _sign, third, fourth = found.groups()
    if century is not None and int(century) not in (18, 19, 20):
        return False
    return luhn_ok(year + month + day + (last_four or third + fourth)) and _possible_date(century or "20", year, month, day)


def _possible_date(century: str, year: str, month: str, day: str) -> bool:
    day_number = int(day) - 60 if int(day) > 60 else int(day)
    try:
        date(int(century + year), int(month), day_number)
    except ValueError:
        return False
    return True


def is_plain_id(text: str, *, needs_digit: bool) -> bool:
    """Whether an id may be shown: at most 64 printable characters, no personal number, nothing that reads as words.

    With spaces, every part but a short leading word such as ``SN`` or ``Dnr`` must hold a digit; a case or disclosure
    number must hold a digit somewhere (``needs_digit``), or it may be a name.
    """
    if not text or len(text) > _LONGEST_ID or not text.isprintable():
        return False
    parts = text.split(" ")
    if len(parts) > 1 and len(parts[0]) <= 3 and parts[0].isalpha():
        parts = parts[1:]
        if not any(_has_digit(part) for part in parts):
            return False
    if len(parts) > 1 and not all(_has_digit(part) for part in parts):
        return False
    if needs_digit and not _has_digit(text):
        return False
    return not may_hold_personal_number(text)


def may_hold_personal_number(text: str) -> bool:
    """Whether a personal number, or what is written as one is, stands somewhere in the text."""
    return holds_personal_number(text) or _next_shaped_as_number(_plainly_written(text)) is not None


def _next_shaped_as_number(text: str) -> re.Match[str] | None:
    """The first part of the text that is written as a personal number is. One with a wrong check digit is somebody's too.

    Ten or twelve digits, the date's parts joined or all of them apart, then the last four, or the letters and digits of a
    reserve number (T and three digits, TF and two); not a number by year (2026-101234), nor, within a longer id, a running
    number by day of this decade (U-20261003-0001).
    """
    for found in _SHAPE.finditer(text):
        alone = not any(character.isalnum() for character in text[: found.start()] + text[found.end() :])
        if alone or found["century"] == "19" or not "20" <= found["year"] <= "39":
            return found
    return None


def is_name(text: str) -> bool:
    """Whether the text reads as a person's name: two to four words with capitals, no digits."""
    return _NAME.fullmatch(text) is not None and len(text) <= 60


def holds_name(text: str) -> bool:
    """Whether the text, or two words with capitals beside each other in it, read as a person's name."""
    capitals = [(one, other) for one, other in pairwise(text.split()) if other[0].isupper() and not other.isupper()]
    return is_name(text) or any(is_name(f"{one} {other}") for one, other in capitals)


def _has_digit(text: str) -> bool:
    return any(character.isdigit() for character in text)


def default_key_file() -> Path:
    """Where the key lies when ``--key-file`` names no other: in the user's own configuration folder."""
    import click

    return Path(click.get_app_dir("en-ingang-auditor")) / "pseudonym.key"


class Pseudonyms:
    """Pseudonyms of ids. The key file is read or made only when the first pseudonym is asked for."""

    def __init__(self, key_file: Path | None = None) -> None:
        self._path = key_file or default_key_file()
        self._key: bytes | None = None

    def of(self, text: str) -> str:
        """The pseudonym of an id, such as ``pseudonym-4f0c1d2e3a4b5c6d``.

        Raises UserError when the key file cannot be read or made.
        """
        if self._key is None:
            self._key = self._read_or_make()
        digest = hmac.new(self._key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
        return f"pseudonym-{digest[:16]}"

    def _read_or_make(self) -> bytes:
        try:
            if not self._path.exists():
                self._path.parent.mkdir(parents=True, exist_ok=True)
                handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                with os.fdopen(handle, "w", encoding="ascii") as file:
                    file.write(secrets.token_hex(_KEY_BYTES) + "\n")
            key = bytes.fromhex(self._path.read_text(encoding="ascii").strip())
        except (OSError, ValueError) as error:
            raise UserError(
                _("The key file for pseudonyms cannot be read or made."),
                hint=_("Name a key file of this program, or a new one in a folder that you may write to, with --key-file."),
                file=shown_path(self._path.name),
            ) from error
        if len(key) < _KEY_BYTES:
            raise UserError(
                _("The key file for pseudonyms does not hold a whole key."),
                hint=_("Restore it from a backup, or name a new file with --key-file; pseudonyms then change."),
                file=shown_path(self._path.name),
            )
        return key


def shown_path(text: str) -> str:
    """A file's name or relative path as it may be shown: control characters escaped, parts with what is written as a
    personal number masked, and all parts where they hold one together."""
    parts = unicodedata.normalize("NFC", text).split("/")
    shown = []
    for part in parts:
        clean = "".join(character if character.isprintable() else "\ufffd" for character in part)
        shown.append(MASKED + _shown_suffix(clean) if may_hold_personal_number(part) else clean[:120])
    if MASKED not in "".join(shown) and holds_personal_number(text):
        shown = [MASKED] * (len(parts) - 1) + [MASKED + _shown_suffix(parts[-1])]
    return "/".join(shown).replace("\\", "/")


def _shown_suffix(name: str) -> str:
    """What follows the last dot of a name where that can be a form of files: letters, perhaps with a digit (``.csv``)."""
    suffix = Path(name).suffix
    return suffix if re.fullmatch(r"\.[A-Za-z]{1,7}\d?", suffix) else ""
