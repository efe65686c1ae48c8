"""Makes the labelled corpus of Swedish sentences for the rules of free text (``release_corpus.jsonl``): seeded, all persons invented.

Run from the checkout's root to make it anew: ``python -m tests.release_corpus``. Each line holds ``text``, ``planted`` (pairs of kind
and the very characters) and ``about``, which sort of sentence it is. Personal numbers have birth numbers 980-999 (Skatteverket's test
range); a look-alike that is a right number by chance is drawn again unless its birth number lies there too.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

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
NEGATIVE: list[tuple[str, Callable[[random.Random], str]]] = []


def luhn_digit(digits: str) -> str:
    """The check digit of the digits before it (modulus 10)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value // 10 + value % 10
    return str(-total % 10)


def _is_right(ten: str) -> bool:
    if luhn_digit(ten[:9]) != ten[9]:
        return False
    day = int(ten[4:6])
    try:
        date(2000 + int(ten[:2]), int(ten[2:4]), day - 60 if day > 60 else day)
    except ValueError:
        return False
    return True


def harmless(text: str) -> bool:
    """Whether no ten digits in a row of the text, marks left out, are a right number of somebody outside the test range."""
    digits = re.sub(r"\D", "", text)
    tens = (digits[start : start + 10] for start in range(len(digits) - 9))
    return all(not _is_right(ten) or int(ten[6:9]) >= 980 for ten in tens)


def personal_number(draw: random.Random, *, coordination: bool = False, oldest: int = 1935) -> str:
    """Twelve digits of nobody, with a birth number of the test range."""
    day = date(oldest, 1, 1) + timedelta(days=draw.randrange((date(2026, 9, 30) - date(oldest, 1, 1)).days))
    number = f"{day:%y%m}{day.day + 60 if coordination else day.day:02}{draw.randint(980, 999)}"
    return f"{day.year // 100}{number}{luhn_digit(number)}"


def spellings(twelve: str) -> list[str]:
    """One number as people write it."""
    year, month, day, last = twelve[:4], twelve[4:6], twelve[6:8], twelve[8:]
    eight, six = twelve[:8], twelve[2:8]
    dashes = ["\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\u2015", "\u2212"]
    return [
        twelve,
        twelve[2:],
        f"{eight}-{last}",
        f"{six}-{last}",
        f"{six}+{last}",
        f"{eight}+{last}",
        f"{eight} {last}",
        f"{six} {last}",
        f"{six}\u00a0{last}",
        f"{eight}\u202f{last}",
        f"{six} - {last}",
        f"{year}-{month}-{day}-{last}",
        f"{year}-{month}-{day} {last}",
        f"{year} {month} {day} {last}",
        f"{year}{month}{day}-\n{last}",
        f"{six}-\n{last}",
        f"{eight}\n{last}",
        *(f"{six}{dash}{last}" for dash in dashes),
        *(f"{eight}{dash}{last}" for dash in dashes[:3]),
        f"{year}.{month}.{day}-{last}",
        f"{six}-{last[:3]} {last[3]}",
    ]


def _negative(template: str) -> Callable[[Callable[[random.Random], str]], Callable[[random.Random], str]]:
    def keep(make: Callable[[random.Random], str]) -> Callable[[random.Random], str]:
        NEGATIVE.append((template, make))
        return make

    return keep


def _digits(draw: random.Random, count: int) -> str:
    return "".join(str(draw.randint(0, 9)) for _ in range(count))


@_negative("Ärendet har dnr {} och är avslutat.")
def _registration(draw: random.Random) -> str:
    year = draw.randint(2019, 2026)
    forms = [
        f"SN {year}/{_digits(draw, 4)}",
        f"SOCN-{year}-{_digits(draw, 5)}",
        f"{year}-{_digits(draw, 5)}",
        f"{year}/{_digits(draw, 6)}-{draw.randint(1, 9)}",
    ]
    return draw.choice(forms)


@_negative("Diarienr {} ska anges vid kontakt.")
def _dated_registration(draw: random.Random) -> str:
    return f"{date(2026, 1, 1) + timedelta(days=draw.randrange(300)):%Y-%m-%d}:{_digits(draw, 3)}"


@_negative("Ärendenummer {} registrerades.")
def _case_number(draw: random.Random) -> str:
    return draw.choice(["SN-2026-{}", "AK-{}", "B {}-26", "5000-K{}-26"]).format(_digits(draw, draw.choice([3, 4, 5, 6])))


@_negative("Betala med OCR {} senast den sista.")
def _ocr(draw: random.Random) -> str:
    digits = _digits(draw, draw.choice([7, 9, 10, 11, 13, 14, 15]))
    return digits + luhn_digit(digits)


@_negative("OCR-nummer: {}")
def _ocr_like_a_person(draw: random.Random) -> str:
    return personal_number(draw)[2:]


@_negative("Referensnr {} angavs på blanketten.")
def _reference(draw: random.Random) -> str:
    return personal_number(draw, oldest=1990)[2:] if draw.random() < 0.3 else _digits(draw, draw.choice([8, 10, 12]))


@_negative("Fakturan {} är obetald.")
def _invoice(draw: random.Random) -> str:
    return "F" + _digits(draw, draw.choice([6, 8]))


@_negative("Händelsen inträffade {} på kvällen.")
def _day(draw: random.Random) -> str:
    day = date(2015, 1, 1) + timedelta(days=draw.randrange(4200))
    return draw.choice(
        [
            f"{day:%Y-%m-%d}",
            f"{day:%Y%m%d}",
            f"{day:%d/%m %Y}",
            f"{day:%y%m%d}",
            f"{day.day}.{day.month}.{day.year}",
            f"{day:%Y-%m-%d} kl {draw.randint(0, 23):02}.{draw.randint(0, 59):02}",
        ]
    )


@_negative("Loggat {} av systemet.")
def _moment(draw: random.Random) -> str:
    day = date(2020, 1, 1) + timedelta(days=draw.randrange(2400))
    hour, minute, second = draw.randint(0, 23), draw.randint(0, 59), draw.randint(0, 59)
    return draw.choice(
        [
            f"{day:%Y-%m-%d} {hour:02}:{minute:02}:{second:02}",
            f"{day:%Y%m%d}{hour:02}{minute:02}{second:02}",
            f"{day:%Y-%m-%d}T{hour:02}:{minute:02}:{second:02}",
            f"{day:%Y%m%d%H%M}",
        ]
    )


@_negative("Bolaget (org.nr {}) äger fastigheten.")
def _organisation(draw: random.Random) -> str:
    nine = f"{draw.choice('2589')}{_digits(draw, 1)}{draw.randint(20, 99)}{_digits(draw, 5)}"
    ten = nine + luhn_digit(nine)
    return draw.choice([f"{ten[:6]}-{ten[6:]}", ten])


@_negative("Kostnaden uppgick till {} kronor.")
def _amount(draw: random.Random) -> str:
    return draw.choice(
        [
            f"{draw.randint(1, 999)} {_digits(draw, 3)}",
            f"{draw.randint(1, 99)} {_digits(draw, 3)} {_digits(draw, 3)}",
            f"{_digits(draw, 6)},{_digits(draw, 2)}",
        ]
    )


@_negative("Enligt {} får uppgiften lämnas.")
def _law(draw: random.Random) -> str:
    return draw.choice(
        [
            "10 kap. 28 § OSL",
            "lag (2001:453)",
            "26 kap. 9 § 1 offentlighets- och sekretesslagen (2009:400)",
            "SFS 2025:400",
            "19 kap. 1 § SoL",
            "prop. 2024/25:89 s. 312",
        ]
    )


@_negative("Nyckeln {} finns i systemet.")
def _register_key(draw: random.Random) -> str:
    hexadecimal = "".join(draw.choice("0123456789abcdef") for _ in range(32))
    return f"{hexadecimal[:8]}-{hexadecimal[8:12]}-{hexadecimal[12:16]}-{hexadecimal[16:20]}-{hexadecimal[20:]}"


@_negative("Artikelnummer {} beställdes.")
def _article(draw: random.Random) -> str:
    return draw.choice(
        [
            _digits(draw, 13),
            f"{_digits(draw, 4)}-{_digits(draw, 4)}-{_digits(draw, 2)}",
            f"{_digits(draw, 3)}.{_digits(draw, 3)}.{_digits(draw, 2)}",
        ]
    )


@_negative("Perioden {} granskades.")
def _span(draw: random.Random) -> str:
    year = draw.randint(2016, 2025)
    return draw.choice(
        [
            f"{year}-{year + 1}",
            f"{year}01-{year}06",
            f"{year}-01-01--{year}-06-30",
            f"v. {draw.randint(1, 52)}–{draw.randint(1, 52)}",
        ]
    )


@_negative("Mätaren visade {}.")
def _measure(draw: random.Random) -> str:
    return draw.choice(
        [
            f"0,{_digits(draw, 12)}",
            f"{_digits(draw, 3)}.{_digits(draw, 10)}",
            f"{draw.randint(1, 99)} %",
            f"{draw.randint(1, 400)},{_digits(draw, 1)} mg",
        ]
    )


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
    account = _digits(draw, 20)
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
            f"{''.join(draw.choice('BCDFGHJKLMNPRSTXZ') for _ in range(3))}{draw.choice([' ', ''])}{_digits(draw, 2)}{draw.choice('0123456789ABCDEFGHJKLMN')}"
        ),
    ),
    ("iban", "Insättning gjordes till {} i går.", _iban),
    ("bankgiro", "Betalas till bankgiro {}.", lambda draw: (lambda d: f"{d[:3]}-{d[3:]}{luhn_digit(d)}")(_digits(draw, 6))),
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
                f"59.{_digits(draw, 5)}, 18.{_digits(draw, 5)}",
                f"59,{_digits(draw, 4)}; 18,{_digits(draw, 4)}",
                f"N 65{_digits(draw, 5)} E 6{_digits(draw, 5)}",
            ]
        ),
    ),
    (
        "reserve_number",
        "Hon har reservnummer {}.",
        lambda draw: draw.choice(
            [
                f"{draw.randint(1990, 2015)}0{draw.randint(1, 9)}1{draw.randint(0, 9)}-T{_digits(draw, 3)}",
                f"{draw.randint(1990, 2015)}0{draw.randint(1, 9)}1{draw.randint(0, 9)}-TF{_digits(draw, 2)}",
                (lambda d: f"99{d}{luhn_digit(d[2:])}")(f"20{draw.randint(10, 26)}{_digits(draw, 5)}"),
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


def write(path: Path, made: Iterator[dict[str, Any]]) -> None:
    """Write a corpus as JSON Lines."""
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in made), encoding="utf-8")


if __name__ == "__main__":
    write(CORPUS, sentences(seed=20261005, count=SENTENCES))
