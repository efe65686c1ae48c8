"""Makes the second labelled corpus (``release_corpus_second.jsonl``), written after the rules were frozen: other sentences, other
spellings and other look-alikes than the first. Run from the checkout's root: ``python -m tests.release_corpus_second``.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tests.release_corpus_numbers import harmless, luhn_digit, personal_number, write

CORPUS = Path(__file__).with_name("release_corpus_second.jsonl")
SENTENCES = 2200

PERSONS = [
    "Vid kontroll kl 23.15 uppgav sig personen heta något annat men legitimerades som {}, varpå jouren ringdes.",
    "Syskon i hushållet ({}; ej aktuell).",
    "{} har skyddad adress",
    "Enl. skolan är det {} som varit frånvarande v. 38-41.",
    "Far: {}. Mor: okänd.",
    "*{}*",
    "Skickat till nämnden 2026-09-30 avseende {}",
    "Uppgiftslämnaren, {}, vill vara anonym.",
    "Klienten ({}) och 2 andra.",
    "Akt nr 7: {} - avslutad",
    "född {} i Sverige",
    "Samordningsnr/personnr {} kontrollerat mot folkbokföringen.",
    "<b>{}</b><br/>",
    '{{"id": "{}", "typ": "barn"}}',
    "Kamraten\u00a0{}\u00a0är 16 år.",
    "Barn A {}, barn B född 2018",
    "Handläggare SL120; gäller {}.",
    "Larm 112 kl 0215 om {}.",
    "Jfr {} s. 4",
    "id={}&typ=1",
]


def spellings(twelve: str) -> list[str]:
    """Spellings that the first corpus does not have, and the commonest ones."""
    year, month, day, last = twelve[:4], twelve[4:6], twelve[6:8], twelve[8:]
    eight, six = twelve[:8], twelve[2:8]
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in f"{eight}{last}")
    return [
        f"{six}-{last}",
        f"{eight}-{last}",
        twelve,
        twelve[2:],
        f"{year}/{month}/{day}-{last}",
        f"{twelve[:2]} {six}-{last}",
        f"{twelve[2:4]} {month} {day} {last}",
        f"{twelve[2:4]}-{month}-{day}-{last}",
        f"{six} -{last}",
        f"{six}- {last}",
        f"{eight}\u200b-{last}",
        f"{six}\u00ad-{last}",
        f"{six}\ufe63{last}",
        f"{six}\uff0d{last}",
        wide,
        f"{six}-\r\n{last}",
        f"{six}\u2009{last}",
        f"{year}\u2011{month}\u2011{day}\u2011{last}",
        f"{eight}\u2007{last}",
        f"{six}+{last}",
    ]


def _look_alike(draw: random.Random) -> tuple[str, str]:
    def digits(count: int) -> str:
        return "".join(str(draw.randint(0, 9)) for _ in range(count))

    day = date(2018, 1, 1) + timedelta(days=draw.randrange(3000))
    kinds: list[tuple[str, str]] = [
        ("mobile", f"Hon nås på 070-174 06 {draw.randint(5, 99):02}."),
        ("registration", f"Beslut SN {day.year}.{digits(3)} § {draw.randint(1, 200)} fattades."),
        ("registration", f"Dnr: {day.year}-{digits(6)}-{draw.randint(1, 40)}"),
        ("invoice", f"Fakturanr {personal_number(draw, oldest=2000)[2:]}"),
        ("ocr", f"Ange OCR: {(nine := digits(9)) + luhn_digit(nine)}"),
        ("parcel", f"Kollinr {digits(11)}SE har kommit."),
        ("isbn", f"ISBN 978-91-{digits(4)}-{digits(3)}-{digits(1)}"),
        ("moment", f"{day:%Y-%m-%d} {draw.randint(0, 23):02}:{draw.randint(0, 59):02} - larmet kvitterades"),
        ("moment", f"Filen export_{day:%Y%m%d}_{draw.randint(0, 23):02}{draw.randint(0, 59):02}.csv skapades."),
        ("period", f"Tiden {day:%y%m%d}-{day + timedelta(days=30):%y%m%d} avses."),
        ("organisation", f"Föreningen 802{draw.randint(400, 499)}-{digits(4)} bidrog."),
        ("property", f"Fastigheten Björknäs {draw.randint(1, 99)}:{draw.randint(100, 999)} inom {digits(4)}-{digits(2)}."),
        ("account", f"Clearingnr {draw.randint(5000, 5999)}, kontonr {digits(2)} {digits(3)} {digits(2)}."),
        ("amount", f"Ersättning {draw.randint(1, 9)} {digits(3)} {digits(3)},{digits(2)} kr."),
        ("statute", f"Prop. 20{draw.randint(10, 25)}/{draw.randint(11, 26)}:{draw.randint(1, 200)} s. {draw.randint(1, 900)}"),
        ("version", f"Programmet {draw.randint(1, 9)}.{draw.randint(0, 20)}.{digits(4)}.{digits(3)} kördes."),
        ("meter", f"Mätarställning {digits(8)} avläst {day:%Y-%m-%d}."),
        ("room", f"Rum {draw.randint(1000, 9999)}-{draw.randint(10, 99)}, plan {draw.randint(1, 9)}."),
        ("case", f"Polisens ärende 5000-K{digits(6)}-{draw.randint(20, 26)}"),
        ("hash", f"Kontrollsumma {draw.getrandbits(160):040x}"),
    ]
    return draw.choice(kinds)


def sentences(seed: int, count: int) -> Iterator[dict[str, Any]]:
    """The sentences of the second corpus, in a fixed order."""
    draw = random.Random(seed)
    made = 0
    while made < count:
        planted: list[tuple[str, str]] = []
        if draw.random() < 0.5:
            coordination = draw.random() < 0.25
            written = draw.choice(spellings(personal_number(draw, coordination=coordination)))
            text, about = draw.choice(PERSONS).format(written), "number"
            planted = [("coordination_number" if coordination else "person_number", written)]
        else:
            about, text = _look_alike(draw)
            if not harmless(text):
                continue
            if about == "mobile":
                planted = [("phone", text.removeprefix("Hon nås på ").rstrip("."))]
        made += 1
        yield {"text": text, "planted": planted, "about": about}


if __name__ == "__main__":
    write(CORPUS, sentences(seed=20261106, count=SENTENCES))
