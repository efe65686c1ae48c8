"""What an identifier in free text is, and all of them in one text. Rules only: no model, no network.

The rules of each family stand in modules of their own: ``identifiers_people`` (personal numbers), ``identifiers_contact``
(phone, e-mail, addresses), ``identifiers_things`` (plates, accounts, addresses of computers, coordinates).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache


class Identifier(StrEnum):
    """The kinds of identifier that are looked for."""

    PERSON_NUMBER = "person_number"
    COORDINATION_NUMBER = "coordination_number"
    RESERVE_NUMBER = "reserve_number"
    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"
    POSTCODE = "postcode"
    PLATE = "plate"
    IBAN = "iban"
    BANKGIRO = "bankgiro"
    CARD = "card"
    IP_ADDRESS = "ip_address"
    COORDINATES = "coordinates"
    NAME = "name"


#: The kinds that are a number of one person.
NUMBERS_OF_PEOPLE = frozenset({Identifier.PERSON_NUMBER, Identifier.COORDINATION_NUMBER, Identifier.RESERVE_NUMBER})


@dataclass(frozen=True, slots=True)
class Found:
    """An identifier at ``start`` to ``end`` of a plain text. ``sure`` False: it may be one, and a person must look.

    ``key`` is the identifier in one spelling, to compare it with what is known: of personal numbers ten or twelve characters
    without marks. It is personal data and never leaves the program.
    """

    kind: Identifier
    start: int
    end: int
    sure: bool
    key: str


def find_identifiers(text: str) -> list[Found]:
    """Every identifier in a text that ``plain_text.made_plain`` has made plain, in the order they stand.

    Names are not looked for here (``names``). Where two rules claim the same characters, the first of personal numbers,
    accounts, phone numbers and the rest stands.
    """
    taken = Taken()
    for worth_it, finder in _finders():
        if worth_it(text):
            for found in finder(text):
                taken.take(found)
    return sorted(taken.found, key=lambda found: found.start)


@cache
def _finders() -> tuple[tuple[Callable[[str], object], Callable[[str], Iterator[Found]]], ...]:
    """The rules in their order, each behind the expression of what is worth its while (``prefilter``)."""
    from auditor.release.identifiers_contact import find_addresses, find_emails, find_phones
    from auditor.release.identifiers_people import find_personal_numbers
    from auditor.release.identifiers_things import find_accounts, find_places_and_machines
    from auditor.release.prefilter import FAMILIES

    machines = {Identifier.PLATE, Identifier.IP_ADDRESS, Identifier.COORDINATES}
    rules: tuple[tuple[set[Identifier], Callable[[str], Iterator[Found]]], ...] = (
        ({Identifier.IBAN}, find_accounts),
        ({Identifier.PERSON_NUMBER}, find_personal_numbers),
        ({Identifier.EMAIL}, find_emails),
        ({Identifier.PHONE}, find_phones),
        ({Identifier.ADDRESS, Identifier.POSTCODE}, find_addresses),
        (machines, find_places_and_machines),
    )
    return tuple(
        (re.compile("|".join(pattern for kinds, pattern in FAMILIES.items() if kinds & wanted)).search, finder)
        for wanted, finder in rules
    )


class Taken:
    """Identifiers that share no characters: what comes first stands, but a sure one takes the place of a doubtful one."""

    def __init__(self) -> None:
        self.found: list[Found] = []

    def take(self, new: Found) -> None:
        """Add an identifier unless another holds its place."""
        rivals = [old for old in self.found if old.start < new.end and new.start < old.end]
        if any(old.sure or not new.sure for old in rivals):
            return
        self.found = [old for old in self.found if old not in rivals]
        self.found.append(new)
