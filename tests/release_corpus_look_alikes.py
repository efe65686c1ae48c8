"""Look-alikes of personal numbers for the first labelled corpus: registration numbers, days, amounts and the like."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta

from tests.release_corpus_numbers import luhn_digit, personal_number, random_digits

NEGATIVE: list[tuple[str, Callable[[random.Random], str]]] = []


def _negative(template: str) -> Callable[[Callable[[random.Random], str]], Callable[[random.Random], str]]:
    def keep(make: Callable[[random.Random], str]) -> Callable[[random.Random], str]:
        NEGATIVE.append((template, make))
        return make

    return keep


@_negative("Ärendet har dnr {} och är avslutat.")
def _registration(draw: random.Random) -> str:
    year = draw.randint(2019, 2026)
    forms = [
        f"SN {year}/{random_digits(draw, 4)}",
        f"SOCN-{year}-{random_digits(draw, 5)}",
        f"{year}-{random_digits(draw, 5)}",
        f"{year}/{random_digits(draw, 6)}-{draw.randint(1, 9)}",
    ]
    return draw.choice(forms)


@_negative("Diarienr {} ska anges vid kontakt.")
def _dated_registration(draw: random.Random) -> str:
    return f"{date(2026, 1, 1) + timedelta(days=draw.randrange(300)):%Y-%m-%d}:{random_digits(draw, 3)}"


@_negative("Ärendenummer {} registrerades.")
def _case_number(draw: random.Random) -> str:
    return draw.choice(["SN-2026-{}", "AK-{}", "B {}-26", "5000-K{}-26"]).format(random_digits(draw, draw.choice([3, 4, 5, 6])))


@_negative("Betala med OCR {} senast den sista.")
def _ocr(draw: random.Random) -> str:
    digits = random_digits(draw, draw.choice([7, 9, 10, 11, 13, 14, 15]))
    return digits + luhn_digit(digits)


@_negative("OCR-nummer: {}")
def _ocr_like_a_person(draw: random.Random) -> str:
    return personal_number(draw)[2:]


@_negative("Referensnr {} angavs på blanketten.")
def _reference(draw: random.Random) -> str:
    return personal_number(draw, oldest=1990)[2:] if draw.random() < 0.3 else random_digits(draw, draw.choice([8, 10, 12]))


@_negative("Fakturan {} är obetald.")
def _invoice(draw: random.Random) -> str:
    return "F" + random_digits(draw, draw.choice([6, 8]))


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
    nine = f"{draw.choice('2589')}{random_digits(draw, 1)}{draw.randint(20, 99)}{random_digits(draw, 5)}"
    ten = nine + luhn_digit(nine)
    return draw.choice([f"{ten[:6]}-{ten[6:]}", ten])


@_negative("Kostnaden uppgick till {} kronor.")
def _amount(draw: random.Random) -> str:
    return draw.choice(
        [
            f"{draw.randint(1, 999)} {random_digits(draw, 3)}",
            f"{draw.randint(1, 99)} {random_digits(draw, 3)} {random_digits(draw, 3)}",
            f"{random_digits(draw, 6)},{random_digits(draw, 2)}",
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
            random_digits(draw, 13),
            f"{random_digits(draw, 4)}-{random_digits(draw, 4)}-{random_digits(draw, 2)}",
            f"{random_digits(draw, 3)}.{random_digits(draw, 3)}.{random_digits(draw, 2)}",
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
            f"0,{random_digits(draw, 12)}",
            f"{random_digits(draw, 3)}.{random_digits(draw, 10)}",
            f"{draw.randint(1, 99)} %",
            f"{draw.randint(1, 400)},{random_digits(draw, 1)} mg",
        ]
    )
