"""Which cells are worth a closer look, as regular expressions that the engine evaluates on millions of cells (RE2).

Each lets in everything that the rules of its family may find (``identifiers``) and little else. Cells that hold characters of
other scripts are always let in: digits and dashes may be spelled in them.
"""

from __future__ import annotations

from auditor.release.identifiers import Identifier
from auditor.release.identifiers_contact import STREET_ENDS

#: Seven digits with no letter between them: numbers of people, phones, cards, accounts, coordinates of SWEREF 99.
_MANY_DIGITS = "[0-9]([^0-9A-Za-z]*[0-9]){6}"
_RESERVE = "[0-9][ +-]{0,3}[tT][0-9fF][0-9]|[0-9]{8}[ -]?[A-Z]{2}[0-9]"
_EMAIL = r"@|[(\[] ?(?i:at|snabel)"
_STREET = rf"({STREET_ENDS}) {{1,2}}[0-9]|(?i:box|fack|lgh|lägenhet|lägenhetsnummer)[ .:]{{1,3}}[0-9]|[Cc]/[Oo] "
_POSTCODE = r"[1-9][0-9]{2} ?[0-9]{2} {1,2}[A-ZÅÄÖ]|S[E]?[- ]?[1-9][0-9]{2} ?[0-9]{2}|(?i:post[a-z]*)[ .:]{1,3}[1-9][0-9]{2}"
_PLATE = "[A-Z]{3}[ -]?[0-9]{2}"
_ACCOUNT = r"[A-Z]{2}[0-9]{2} ?[A-Z0-9]{4}|(?i:bg|pg|giro[a-z]*|bgnr)[ .:]{0,4}(nr)?[ .:]{0,2}[0-9]"
_SHORT_PHONE = "(?i:tel[a-z]*|tfn|mobil[a-z]*|ankn[a-z]*)[ .:]{1,3}[0-9]"
_MACHINE = r"[0-9]\.[0-9]{1,3}\.[0-9]|:[0-9a-fA-F]{0,4}:"
_COORDINATES = "[0-9]{2}[.,][0-9]{3}|°"
#: Characters beyond the Latin ones, and marks that may stand for others: digits of other scripts, full width forms.
_OTHER_SCRIPT = r"[\x{0600}-\x{1FFF}\x{3000}-\x{10FFFF}]"

#: What is worth a look, by the kinds of identifier of a family; read by the engine (RE2) and by Python alike.
FAMILIES: dict[frozenset[Identifier], str] = {
    frozenset(
        {Identifier.PERSON_NUMBER, Identifier.COORDINATION_NUMBER, Identifier.RESERVE_NUMBER}
    ): f"{_MANY_DIGITS}|{_RESERVE}",
    frozenset({Identifier.PHONE}): f"{_MANY_DIGITS}|{_SHORT_PHONE}",
    frozenset({Identifier.EMAIL}): _EMAIL,
    frozenset({Identifier.ADDRESS}): _STREET,
    frozenset({Identifier.POSTCODE}): _POSTCODE,
    frozenset({Identifier.PLATE}): _PLATE,
    frozenset({Identifier.IBAN, Identifier.BANKGIRO, Identifier.CARD}): f"{_MANY_DIGITS}|{_ACCOUNT}",
    frozenset({Identifier.IP_ADDRESS}): _MACHINE,
    frozenset({Identifier.COORDINATES}): f"{_MANY_DIGITS}|{_COORDINATES}",
}

#: Case numbers hold many digits; only a number of a person is looked for in them.
NUMBERS_ALONE = f"[0-9]([^0-9A-Za-z]*[0-9]){{9}}|{_RESERVE}|{_OTHER_SCRIPT}"


def worth_a_look(expected: frozenset[Identifier] = frozenset()) -> str:
    """The expression for cells that may hold an identifier of a kind that is not ``expected`` in their column."""
    parts: dict[str, None] = {}
    for kinds, pattern in FAMILIES.items():
        if not kinds <= expected:
            parts[pattern] = None
    return "|".join([*parts, _OTHER_SCRIPT])
