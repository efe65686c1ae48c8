"""Things that point at a person: registration plates, accounts, addresses of computers, coordinates."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from auditor.privacy import luhn_ok
from auditor.release.identifiers import Found, Identifier

# Transportstyrelsen: three letters without I, Q, V, Å, Ä, Ö; two digits; a digit or a letter that is not O either
_PLATE = re.compile(r"(?<![\w/:-])([A-HJ-PR-UW-Z]{3})[ -]?(\d\d[A-HJ-NPR-UW-Z0-9])(?![\w/:]|-\d|[.,]\d|[ ]\d)")
#: Three capitals before three digits that are no plate: laws, currencies, words for numbers.
_NO_PLATE = frozenset(
    [
        "OSL",
        "SOL",
        "LSS",
        "HSL",
        "PUL",
        "BRB",
        "LUL",
        "LSU",
        "LMA",
        "FBL",
        "UTL",
        "SOU",
        "DNR",
        "REF",
        "NUM",
        "TEL",
        "FAX",
        "SEK",
        "EUR",
        "USD",
        "NOK",
        "DKK",
        "GBP",
        "KRA",
        "LGH",
        "RUM",
        "DOK",
        "ART",
        "ISO",
        "DEL",
        "MOM",
        "KAP",
        "LAG",
        "KOD",
        "FOL",
        "SFS",
        "PBL",
        "FPL",
        "GBG",
        "STH",
        "ROC",
        "SDK",
        "UUA",
        "UTF",
        "SHA",
        "MAX",
        "MAJ",
        "JAN",
        "FEB",
        "MAR",
        "APR",
        "JUN",
        "JUL",
        "AUG",
        "SEP",
        "OKT",
        "NOV",
        "DEC",
    ]
)
_IBAN = re.compile(r"(?<![\w-])[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{4}){2,7}(?:[ ]?[A-Z0-9]{1,4})?(?!\w)")
_GIRO = re.compile(r"(?i)(?:bank-?giro(?:t|nummer|nr)?|\bbg(?:nr)?)[ .:]{0,4}(?:nr)?[ .:]{0,2}(\d{3,4}-?\d{4})(?!\d)")
_BARE_GIRO = re.compile(r"(?<![\d-])(\d{3,4}-\d{4})(?![\d-])")
_PLUSGIRO = re.compile(
    r"(?i)(?:plus-?giro(?:t|nummer|nr)?|post-?giro|\bpg)[ .:]{0,4}(?:nr)?[ .:]{0,2}(\d(?:[ ]?\d){1,6}-\d)(?!\d)"
)
_CARD = re.compile(r"(?<![\d-])(?:[2-6]\d{3}(?:([ -])?\d{4})(?:\1\d{4})(?:\1\d{4}))(?![\d-])")
_IP4 = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w]|\.\d)")
_IP6 = re.compile(r"(?<![\w:])(?:[0-9a-fA-F]{0,4}:){2,7}[0-9a-fA-F]{0,4}(?![\w:])")
_VERSION = re.compile(r"(?i)(?:\bv|ver(?:sion)?|build|release|utgåva|punkt|avsnitt)[ .:]{0,3}$")
_DEGREES = re.compile(
    r"(?<![\d.,])[+-]?(?:5[4-9]|6\d)[.,]\d{3,}[ ]?°?[ ]?N?[ ]?[,;/ ][ ]{0,2}[+-]?(?:1\d|2[0-4])[.,]\d{3,}(?![\d])"
)
_MINUTES = re.compile(r"(?<!\d)\d{1,2}[ ]?°[ ]?\d{1,2}(?:[.,]\d+)?[ ]?['′’][ ]?(?:\d{1,2}(?:[.,]\d+)?[ ]?[\"″”][ ]?)?[NSÖVEW]")
_SWEREF = re.compile(
    r"(?<!\d)(?:N[ :=]{0,2})?6[1-7]\d{5}(?:[.,]\d+)?[ ]?[,;/ ][ ]?(?:E[ :=]{0,2})?[2-9]\d{5}(?:[.,]\d+)?(?!\d)"
)


def find_accounts(text: str) -> Iterator[Found]:
    """IBAN (ISO 13616, modulus 97), cards (modulus 10), bankgiro (modulus 10) and plusgiro."""
    for match in _IBAN.finditer(text):
        compact = match[0].replace(" ", "")
        if _iban_ok(compact):
            yield Found(Identifier.IBAN, match.start(), match.end(), True, compact)
    for match in _CARD.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        if _modulus_10(digits):
            yield Found(Identifier.CARD, match.start(), match.end(), True, digits)
    for pattern in (_GIRO, _PLUSGIRO):
        for match in pattern.finditer(text):
            yield Found(Identifier.BANKGIRO, match.start(1), match.end(1), True, re.sub(r"\D", "", match[1]))
    for match in _BARE_GIRO.finditer(text):
        digits = match[1].replace("-", "")
        if _modulus_10(digits) and not re.fullmatch(r"(?:19|20)\d\d-(?:19|20)\d\d", match[1]):
            yield Found(Identifier.BANKGIRO, match.start(1), match.end(1), False, digits)


def _iban_ok(compact: str) -> bool:
    if not 15 <= len(compact) <= 34:
        return False
    turned = compact[4:] + compact[:4]
    return int("".join(str(int(character, 36)) for character in turned)) % 97 == 1


def _modulus_10(digits: str) -> bool:
    """The check digit's rule for any number of digits; leading zeros change no sum."""
    return luhn_ok(digits.zfill(len(digits) + len(digits) % 2))


def find_places_and_machines(text: str) -> Iterator[Found]:
    """Registration plates, addresses of computers and coordinates."""
    for match in _PLATE.finditer(text):
        if match[1] not in _NO_PLATE:
            yield Found(Identifier.PLATE, match.start(), match.end(), True, match[1] + match[2])
    for pattern in (_IP4, _IP6):
        for match in pattern.finditer(text):
            if not _VERSION.search(text, max(0, match.start() - 12), match.start()) and _is_ip(match[0]):
                yield Found(Identifier.IP_ADDRESS, match.start(), match.end(), True, match[0])
    for pattern in (_DEGREES, _MINUTES, _SWEREF):
        for match in pattern.finditer(text):
            yield Found(Identifier.COORDINATES, match.start(), match.end(), True, match[0])


def _is_ip(written: str) -> bool:
    try:
        address = ipaddress.ip_address(written)
    except ValueError:
        return False
    return address.version == 4 or len(written) > 4
