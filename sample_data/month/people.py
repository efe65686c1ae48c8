"""Invented persons: numbers from the range of the Tax Agency's published test numbers, and sentences that may hold a name.

Personal numbers are never taken from Faker: its ``ssn()`` makes numbers that may belong to somebody alive.
"""

from __future__ import annotations

import numpy as np
from faker import Faker

#: The birth numbers (the three digits after the date) of Skatteverket's published test numbers.
FIRST_BIRTH_NUMBER, LAST_BIRTH_NUMBER = 980, 999

#: What an officer writes beside a disclosure, by flow. ``{name}`` is a relative with an invented name.
MOTIVATIONS: dict[str, tuple[str, ...]] = {
    "report": (
        "Barnet anträffades tillsammans med personer som förekommer i utredningar om grova brott.",
        "Kopplingen till gäng nämns därför att den är skälet till oron.",
        "{name} (mor) har underrättats om anmälan.",
    ),
    "handover": (
        "Uppgiften om gängkoppling behövs för att bosättningskommunen ska kunna bedöma barnets behov av skydd.",
        "Lämnas i sin helhet eftersom skyddsbedömningen måste göras samma dygn.",
        "Vårdnadshavaren {name} är uppringd och vet om att kommunen tar över.",
    ),
    "assessment": (
        "Uppgiften om grupperingen är nödvändig för riskbedömningen.",
        "Ny information efter samtal med {name}; bedömningen har ändrats.",
        "Uppgift om brott lämnas därför att hotbilden annars inte går att förstå.",
    ),
    "request": (
        "Frågan behövs för att nämnden ska kunna avgöra om utredning ska inledas.",
        "Nämnden kan inte bedöma risken utan svar; {name} har samtyckt till att frågan ställs.",
        "Konkreta omständigheter talar för att barnet dras in i brottslighet, se journalen.",
    ),
    "feedback": (
        "Anmälaren har frågat hur ärendet gick.",
        "Lämnas på begäran av {name} vid ROC.",
    ),
    "prevention": (
        "Konkreta omständigheter ger risk för att den unge begår brott; uppgiften kan bidra till att förebygga det.",
        "Bedömd i samråd med enhetschef {name}; inte olämpligt att lämna uppgiften.",
        "Den unge väntas till en känd samlingsplats i kväll.",
    ),
    "other_channel": (
        "Misstanke om brott mot barnet. Enskild bedömning gjord, se journalen.",
        "Uppgiften lämnas på egen grund efter samråd med jurist {name}.",
        "Barnet kan ha utsatts för våld hemma; polisanmälan görs samma dag.",
    ),
}
_VARIANTS = 12


def personal_numbers(births: np.ndarray, birth_numbers: np.ndarray, coordination: np.ndarray | bool = False) -> np.ndarray:
    """Twelve-digit numbers (text) for birth dates (datetime64[D]); ``coordination`` adds 60 to the day (samordningsnummer).

    The check digit is the Luhn sum over the nine digits without the century. ValueError for a birth number outside the range.
    """
    if ((birth_numbers < FIRST_BIRTH_NUMBER) | (birth_numbers > LAST_BIRTH_NUMBER)).any():
        raise ValueError("birth numbers of invented persons lie between 980 and 999")
    births = births.astype("datetime64[D]")
    months = births.astype("datetime64[M]")
    year = births.astype("datetime64[Y]").astype(np.int64) + 1970
    month = months.astype(np.int64) % 12 + 1
    day = (births - months).astype(np.int64) + 1 + np.where(coordination, 60, 0)
    nine = (((year % 100) * 100 + month) * 100 + day) * 1000 + birth_numbers
    total = np.zeros_like(nine)
    rest = nine.copy()
    for position in range(9):  # from the right; every other digit, beginning with the last of the nine, is doubled
        digit = rest % 10
        rest //= 10
        doubled = digit * 2
        total += np.where(position % 2 == 0, doubled // 10 + doubled % 10, digit)
    check = (10 - total % 10) % 10
    whole = (year // 100) * 10**10 + nine * 10 + check
    return whole.astype("U12")


def draw_numbers(rng: np.random.Generator, births: np.ndarray, coordination: np.ndarray | bool = False) -> np.ndarray:
    """A number for each birth date, with a birth number drawn from the range of test numbers."""
    numbers = rng.integers(FIRST_BIRTH_NUMBER, LAST_BIRTH_NUMBER + 1, size=len(births))
    return personal_numbers(births, numbers, coordination)


def draw_birth_dates(rng: np.random.Generator, count: int, first_year: int, last_year: int) -> np.ndarray:
    """Birth dates (datetime64[D]) spread evenly over the years, both included."""
    first = np.datetime64(f"{first_year}-01-01", "D")
    days = (np.datetime64(f"{last_year + 1}-01-01", "D") - first).astype(np.int64)
    return first + rng.integers(0, days, size=count)


class Pen:
    """Writes the short sentences that stand in ``motivation``; their names come from Faker's Swedish lists."""

    def __init__(self, seed: int) -> None:
        self._faker = Faker("sv_SE")
        self._faker.seed_instance(seed)

    def name(self) -> str:
        """An invented first and last name."""
        return f"{self._faker.first_name()} {self._faker.last_name()}"

    def sentences(self, flow: str) -> list[str]:
        """All sentences of a flow, those with a name in several variants."""
        written = []
        for sentence in MOTIVATIONS[flow]:
            variants = _VARIANTS if "{name}" in sentence else 1
            written += [sentence.format(name=self.name()) for _ in range(variants)]
        return written
