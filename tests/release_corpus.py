"""Makes the labelled corpus of Swedish sentences for the rules of free text (``release_corpus.jsonl``): seeded, all persons invented.

Run from the checkout's root to make it anew: ``python -m tests.release_corpus``. Each line holds ``text``, ``planted`` (pairs of kind
and the very characters) and ``about``, which sort of sentence it is. Personal numbers have birth numbers 980-999 (Skatteverket's test
range); a look-alike that is a right number by chance is drawn again unless its birth number lies there too.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.release_corpus_look_alikes import NEGATIVE
from tests.release_corpus_numbers import harmless, luhn_digit, personal_number, random_digits, spellings, write

CORPUS = Path(__file__).with_name("release_corpus.jsonl")
SENTENCES = 2600

PERSONS = [
    "Barnet har personnummer {}.",
    "Pojken ({}) påträffades vid torget.",
    "Flickan, {}, bor hos sin mormor.",
    "Vårdnadshavare 1: {}, vårdnadshavare 2 okänd.",
    "Anmälan avser {} och hans äldre bror.",
    "Enligt folkbokföringen är {} skriven i kommunen.",
    "Se även ärendet om {} från i våras.",
    "pnr {} enligt polisen",
    "Personnummer:{}",
    "Kontrollerad person\t{}\tsaknade legitimation.",
    "{} uppger att han varit på platsen.",
    "Tre ungdomar stoppades, bland dem {}; de övriga är okända.",
    "Mamman (född {}) kontaktades kl. 14.30.",
    "År 2019 gjordes en anmälan om {} av skolan.",
    "Familjen har 3 barn: {}, samt två yngre.",
    "Uppgifterna om {}/syskon lämnades muntligt.",
    "Patienten {} är känd sedan 2021-03-04.",
    'Id: "{}" i bilagan.',
    "Brodern={} enligt registret",
    "Samtal med {} den 5 oktober 2026 kl 13:45.",
    "I huset mittemot bor {}.",
    "Utbetalning till konto 3300-{} gjordes.",
    "1. {} 2. okänd 3. okänd",
    "Hans nummer är {}!",
    "<td>{}</td>",
    "Personen – {} – är inte folkbokförd i länet.",
]


STREETS = [
    "Storgatan",
    "Björkvägen",
    "Ekstigen",
    "Norra Strandvägen",
    "Kungsbacken",
    "Rådmansgatan",
    "Skolgränd",
    "Lilla torget",
    "Värmdövägen",
    "Östra Parkgatan",
]
TOWNS = ["Nacka", "Värmdö", "Vallentuna", "Stockholm", "Huddinge", "Täby", "Gustavsberg"]


def _iban(draw: random.Random) -> str:
    account = random_digits(draw, 20)
    check = 98 - int(account + "281400") % 97  # SE00 moved to the end
    whole = f"SE{check:02}{account}"
    return draw.choice([whole, " ".join(whole[start : start + 4] for start in range(0, 24, 4))])


def _phone(draw: random.Random) -> str:
    # Post- och telestyrelsen's numbers for books and films: 070-174 06 05 to 99, 08-465 004 00 to 99, 031-390 06 00 to 50
    mobile, fixed, third = f"{draw.randint(5, 99):02}", f"{draw.randint(0, 99):02}", f"{draw.randint(0, 50):02}"
    return draw.choice(
        [
            f"070-174 06 {mobile}",
            f"0701740 6{mobile}".replace(" ", ""),
            f"+46 70 174 06 {mobile}",
            f"+4670174 06{mobile}",
            f"08-465 004 {fixed}",
            f"08-46500 4{fixed}",
            f"031-390 06 {third}",
            f"0046 8 465 004 {fixed}",
            f"(08) 465 004 {fixed}",
        ]
    )


OTHER: list[tuple[str, str, Callable[[random.Random], str]]] = [
    ("phone", "Mamman nås på {} efter arbetstid.", _phone),
    ("phone", "Telefon {}.", _phone),
    (
        "email",
        "Skriv till {} om mötet.",
        lambda draw: (
            f"{draw.choice(['anna.prov', 'k_test', 'vh1', 'a.b-c'])}@{draw.choice(['example.se', 'exempel.example.com', 'skola.example.org'])}"
        ),
    ),
    ("email", "E-post: {}", lambda draw: f"prov{draw.randint(1, 99)} (at) example.se"),
    (
        "address",
        "Han bor på {} sedan i somras.",
        lambda draw: f"{draw.choice(STREETS)} {draw.randint(1, 180)}{draw.choice(['', ' A', 'b', ''])}",
    ),
    (
        "postcode",
        "Adressen är okänd men postadressen är {}{town}.",
        lambda draw: f"{draw.randint(100, 199)} {draw.randint(10, 99)} ",
    ),
    (
        "plate",
        "Bilen {} stod parkerad utanför.",
        lambda draw: (
            f"{''.join(draw.choice('BCDFGHJKLMNPRSTXZ') for _ in range(3))}{draw.choice([' ', ''])}{random_digits(draw, 2)}{draw.choice('0123456789ABCDEFGHJKLMN')}"
        ),
    ),
    ("iban", "Insättning gjordes till {} i går.", _iban),
    (
        "bankgiro",
        "Betalas till bankgiro {}.",
        lambda draw: (lambda d: f"{d[:3]}-{d[3:]}{luhn_digit(d)}")(random_digits(draw, 6)),
    ),
    (
        "ip_address",
        "Inloggning skedde från {}.",
        lambda draw: draw.choice(
            [f"192.0.2.{draw.randint(1, 254)}", f"198.51.100.{draw.randint(1, 254)}", f"2001:db8::{draw.randint(1, 9999):x}"]
        ),
    ),
    (
        "coordinates",
        "Telefonen fanns vid {} klockan tolv.",
        lambda draw: draw.choice(
            [
                f"59.{random_digits(draw, 5)}, 18.{random_digits(draw, 5)}",
                f"59,{random_digits(draw, 4)}; 18,{random_digits(draw, 4)}",
                f"N 65{random_digits(draw, 5)} E 6{random_digits(draw, 5)}",
            ]
        ),
    ),
    (
        "reserve_number",
        "Hon har reservnummer {}.",
        lambda draw: draw.choice(
            [
                f"{draw.randint(1990, 2015)}0{draw.randint(1, 9)}1{draw.randint(0, 9)}-T{random_digits(draw, 3)}",
                f"{draw.randint(1990, 2015)}0{draw.randint(1, 9)}1{draw.randint(0, 9)}-TF{random_digits(draw, 2)}",
                (lambda d: f"99{d}{luhn_digit(d[2:])}")(f"20{draw.randint(10, 26)}{random_digits(draw, 5)}"),
            ]
        ),
    ),
]


def sentences(seed: int, count: int) -> Iterator[dict[str, Any]]:
    """The sentences of a corpus, in a fixed order."""
    draw = random.Random(seed)
    made = 0
    while made < count:
        share = draw.random()
        planted: list[tuple[str, str]] = []
        if share < 0.42:
            coordination = draw.random() < 0.3
            twelve = personal_number(draw, coordination=coordination)
            written = draw.choice(spellings(twelve))
            text, about = draw.choice(PERSONS).format(written), "number"
            planted = [("coordination_number" if coordination else "person_number", written)]
            if draw.random() < 0.15:
                other = draw.choice(spellings(personal_number(draw)))
                text += f" Syskon: {other}."
                planted.append(("person_number", other))
        elif share < 0.82:
            template, make = draw.choice(NEGATIVE)
            text, about = template.format(make(draw)), f"look-alike {make.__name__.strip('_')}"
            if not harmless(text):
                continue
        else:
            kind, template, make = draw.choice(OTHER)
            written = make(draw)
            text, about = template.format(written, town=draw.choice(TOWNS)), kind
            planted = [(kind, written.strip())]
            if not harmless(text):
                continue
        made += 1
        yield {"text": text, "planted": planted, "about": about}


if __name__ == "__main__":
    write(CORPUS, sentences(seed=20261005, count=SENTENCES))
