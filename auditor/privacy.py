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
from pathlib import Path

from auditor.errors import UserError
from auditor.words import _

MASKED = "***"
_KEY_BYTES = 32
_LONGEST_ID = 64
# ten or twelve digits, perhaps with up to three other characters between the parts of the date or before the last four
_NUMBER = re.compile(r"(?<!\d)(\d{2})?(\d{2})[\W_]{0,3}(\d{2})[\W_]{0,3}(\d{2})[\W_]{0,3}(\d{4})(?!\d)")
_MONTH, _DAY = r"(?:0[1-9]|1[0-2])", r"(?:0[1-9]|[12]\d|3[01]|6[1-9]|[78]\d|9[01])"
_SHAPE = re.compile(
    rf"(?<!\d)(?P<century>19|20)?(?P<year>\d\d)(?:{_MONTH}{_DAY}|[\W_]{{1,3}}{_MONTH}[\W_]{{1,3}}{_DAY})[\W_]{{0,3}}\d{{4}}(?!\d)"
)


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
    return _next_number(_without_invisible(text)) is not None


def may_be_shown(text: str, longest: int) -> bool:
    """Whether a text that a person wrote may stand in what is written: short, printable, and without a personal number."""
    return len(text) <= longest and text.isprintable() and not holds_personal_number(text)


def without_personal_numbers(text: str) -> str:
    """The text with each valid personal number masked."""
    text = _without_invisible(text)
    while found := _next_number(text):
        text = text[: found.start()] + MASKED + text[found.end() :]
    return text


def _next_number(text: str) -> re.Match[str] | None:
    return next((found for start in range(len(text)) if (found := _NUMBER.match(text, start)) and _is_number(found)), None)


def _without_invisible(text: str) -> str:
    """The text without characters that take no room (category Cf), which would part digits unseen."""
    return text if text.isascii() else "".join(character for character in text if unicodedata.category(character) != "Cf")


def _is_number(found: re.Match[str]) -> bool:
    century, year, month, day, rest = found.groups()
    if century is not None and int(century) not in (18, 19, 20):
        return False
    return luhn_ok(year + month + day + rest) and _possible_date(century or "20", year, month, day)


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
    return holds_personal_number(text) or _is_shaped_as_number(text)


def _is_shaped_as_number(text: str) -> bool:
    """Whether a part of the text is written as a personal number is, whatever its check digit: one mistyped is somebody's too.

    Ten or twelve digits, the date's parts joined or all of them apart, then the last four; not a number by year (2026-101234),
    nor, within a longer id, a running number by day of this decade (U-20261003-0001).
    """
    plain = unicodedata.normalize("NFKC", _without_invisible(text))
    for found in _SHAPE.finditer(plain):
        alone = not any(character.isalnum() for character in plain[: found.start()] + plain[found.end() :])
        if alone or found["century"] == "19" or not "20" <= found["year"] <= "39":
            return True
    return False


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
    personal number masked."""
    shown = []
    for part in unicodedata.normalize("NFC", text).split("/"):
        clean = "".join(character if character.isprintable() else "\ufffd" for character in part)
        shown.append(MASKED + Path(clean).suffix[:8] if may_hold_personal_number(part) else clean[:120])
    return "/".join(shown).replace("\\", "/")
