"""Where a person can be reached: phone numbers, e-mail, street addresses and postcodes in free text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from auditor.release.identifiers import Found, Identifier

_EMAIL = re.compile(
    r"[\w.+%'-]{1,64}\s?(?:@|[\[(]\s?(?:at|snabel-?a)\s?[\])])\s?(?:[^\W_](?:[\w-]{0,62})(?:\.|\s?[\[(]\s?(?:dot|punkt)\s?[\])]\s?)){1,6}[^\W\d_]{2,24}(?![\w@])",
    re.IGNORECASE,
)
_PHONE = re.compile(
    r"(?<![\w.:/-])(?<![\d][ ])(?:(?:\+|00)[1-9]\d{0,2}[ ()/.-]{0,3}(?:\(0\)[ ]?)?|\(?0)[1-9](?:[ ()/-]{0,2}\d){5,11}(?![\d:]|[.,]\d|-\d)"
)
_SHORT_NUMBER = re.compile(
    r"(?i)(?:tel(?:efon)?(?:nr|nummer)?|tfn|mobil(?:nr|nummer)?|anknytning|ankn)[ .:]{1,3}(\d(?:[ -]?\d){4,9})(?!\d)"
)
#: Words directly before ten digits in a row that are no phone number.
_NO_PHONE = re.compile(
    r"(?i)(?:\bocr|\bdnr|diarie|ref(?:erens)?|faktura|order|kvitto|ärende|kund|artikel|konto)[- ]?(?:nr|nummer)?[ .:]{0,3}$"
)
_DATE_LIKE = re.compile(r"0\d[-/ ]\d\d[-/ ](?:19|20)\d\d$")

STREET_ENDS = (
    "gatan|gata|vägen|väg|gränd|gränden|torget|torg|stigen|stig|backen|backe|allén|allé|plan|plats|platsen|liden|slingan|slinga|ringen|ring"
    "|esplanaden|leden|kajen|kaj|stråket|strand|stranden|terrassen|bron|parken|hamnen|berget|höjden|dalen|kroken|vreten|gärdet|hagen|ängen|udden|svängen|stranden|trappan|trappor|passagen|promenaden|hörnet|tunet|lunden|hult"
)
_BIG_AND_SMALL = "Lilla|Stora|Norra|Södra|Östra|Västra|Gamla|Nya|Övre|Nedre|Nordöstra|Mellersta|Inre|Yttre"
_STREET = re.compile(
    rf"(?<![\w])((?:[A-ZÅÄÖÉ][a-zåäöéü]{{1,24}}[ ]){{0,2}}[A-ZÅÄÖÉ][a-zåäöéüA-ZÅÄÖ-]{{0,24}}(?:{STREET_ENDS})|(?:[A-ZÅÄÖ][a-zåäöé]{{1,24}}s|{_BIG_AND_SMALL})[ ](?:{STREET_ENDS}))"
    r"[ ]{1,2}(\d{1,3}(?:[ ]?[A-Za-z])?)(?![\w:]|[.,]\d)(?:[,]?[ ]{1,2}(?:lgh|lägenhet)\.?[ ]?\d{1,4})?"
)
_BOX = re.compile(r"(?<!\w)(?:Box|BOX|Postbox|Fack)[ ](\d{1,5})(?!\w)|(?<!\w)[Cc]/[Oo][ ]+[A-ZÅÄÖ][\wåäöé-]+")
_FLAT = re.compile(r"(?<!\w)(?:lgh|lägenhet|lägenhetsnummer)[ .:]{1,3}\d{4}(?!\d)", re.IGNORECASE)
_POSTCODE = re.compile(
    r"(?<![\w-])(?:(?:SE|S)[- ]?([1-9]\d{2}[ ]?\d{2})(?![\d-])|([1-9]\d{2}[ ]?\d{2})[ ]{1,2}(?=([A-ZÅÄÖ][a-zåäöéA-ZÅÄÖ]+)))(?!\d)"
)
_NAMED_POSTCODE = re.compile(r"(?i)(?:postnummer|postnr|postadress|post)[ .:]{1,3}([1-9]\d{2}[ ]?\d{2})(?!\d)")
#: Words with a capital that follow a number of five digits and are no town.
_NO_TOWN = frozenset(
    ("Kronor", "Kr", "SEK", "EUR", "Personer", "Kvadratmeter", "Barn", "Ungdomar", "Stycken", "Timmar", "Invånare")
)


def find_emails(text: str) -> Iterator[Found]:
    """E-mail addresses, those with ``(at)`` too."""
    if "@" not in text and "(" not in text and "[" not in text:
        return
    for match in _EMAIL.finditer(text):
        yield Found(Identifier.EMAIL, match.start(), match.end(), True, match[0].casefold().replace(" ", ""))


def find_phones(text: str) -> Iterator[Found]:
    """Phone numbers that a numbering plan knows: Swedish ones, and others behind ``+`` or ``00``."""
    for match in _PHONE.finditer(text):
        written = match[0].rstrip(" ()/-")
        if _DATE_LIKE.search(written) or (
            written.isdigit() and _NO_PHONE.search(text, max(0, match.start() - 24), match.start())
        ):
            continue
        if key := phone_key(written):
            yield Found(Identifier.PHONE, match.start(), match.start() + len(written), True, key)
    for match in _SHORT_NUMBER.finditer(text):
        yield Found(Identifier.PHONE, match.start(1), match.end(1), False, re.sub(r"\D", "", match[1]))


@lru_cache(maxsize=50_000)
def phone_key(written: str) -> str | None:
    """A phone number in one spelling (``+46701234567``); None when no numbering plan has it."""
    import phonenumbers

    number = re.sub(r"\(0\)", "", written)
    if number.startswith("00"):
        number = "+" + number[2:]
    try:
        parsed = phonenumbers.parse(number, "SE")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(parsed):
        return None
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))


def find_addresses(text: str) -> Iterator[Found]:
    """Street addresses with a number, boxes, flats, and postcodes with a town or a word that says what they are."""
    for match in _STREET.finditer(text):
        yield Found(Identifier.ADDRESS, match.start(), match.end(), True, f"{match[1]} {match[2]}".casefold())
    for pattern in (_BOX, _FLAT):
        for match in pattern.finditer(text):
            yield Found(Identifier.ADDRESS, match.start(), match.end(), True, match[0].casefold())
    for match in _POSTCODE.finditer(text):
        if match[3] not in _NO_TOWN:
            yield Found(Identifier.POSTCODE, match.start(), match.end(), True, (match[1] or match[2]).replace(" ", ""))
    for match in _NAMED_POSTCODE.finditer(text):
        yield Found(Identifier.POSTCODE, match.start(1), match.end(1), True, match[1].replace(" ", ""))
