"""Agreements for drawn bundles: an example with every kind of flow, its adversarial variations, and their YAML text."""

from __future__ import annotations

import copy
import hashlib
import itertools
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeVar

Item = TypeVar("Item")
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Pick:
    """Draws, all made from one source of whole numbers: ``number(lowest, highest)``, both included."""

    number: Callable[[int, int], int]

    def one_of(self, items: Sequence[Item]) -> Item:
        """One of the items; the first is the plainest."""
        return items[self.number(0, len(items) - 1)]

    def chance(self, percent: int) -> bool:
        """True in so many cases of a hundred."""
        return self.number(0, 99) >= 100 - percent

    def some(self, items: Sequence[Item], most: int) -> list[Item]:
        """Up to so many of the items, at least one, repeats possible."""
        return [self.one_of(items) for _ in range(self.number(1, most))]


def pick_from(seed: int) -> Pick:
    """Draws that follow from the seed alone, the same everywhere and always."""
    steps = itertools.count()

    def number(lowest: int, highest: int) -> int:
        digest = hashlib.sha256(f"{seed}/{next(steps)}".encode()).digest()
        return lowest + int.from_bytes(digest[:8], "big") % (highest - lowest + 1)

    return Pick(number)


@dataclass(frozen=True)
class Focus:
    """The audit period of a bundle and the days on which rules change in or near it."""

    first: date
    last: date
    special: tuple[date, ...] = ()

    @property
    def days(self) -> list[date]:
        """Days worth trying: the borders, the days beside them, those from which 14 days lead to them, the special ones."""
        middle = self.first + (self.last - self.first) // 2
        steps = (0, -1, -14, -15, -16, 1)
        borders = [day + step * DAY for day in (self.first, self.last) for step in steps]
        return [middle, *self.special, *(day + step * DAY for day in self.special for step in (-1, 1, -14)), *borders]


FOCUSES = (
    Focus(date(2026, 10, 1), date(2026, 10, 31), (date(2026, 10, 25),)),  # daylight saving ends; All Saints' Day
    Focus(date(2025, 6, 1), date(2025, 6, 30), (date(2025, 6, 20), date(2025, 6, 6))),  # the old act's last month
    Focus(date(2025, 7, 1), date(2025, 7, 31), ()),  # the new act's first month
    Focus(date(2026, 1, 1), date(2026, 1, 31), (date(2026, 1, 15), date(2026, 1, 6))),  # feedback within a week
    Focus(date(2026, 3, 1), date(2026, 3, 31), (date(2026, 3, 29),)),  # daylight saving begins
    Focus(date(2024, 12, 1), date(2024, 12, 31), (date(2024, 12, 24), date(2024, 12, 31))),  # the agreement's term ends
    Focus(date(2026, 2, 1), date(2026, 2, 28), (date(2026, 2, 28),)),  # birthdays of 29 February
    Focus(date(2024, 2, 15), date(2024, 3, 10), (date(2024, 2, 20), date(2024, 2, 29), date(2024, 3, 7))),  # parties join
    Focus(date(2025, 11, 20), date(2025, 12, 10), (date(2025, 12, 1),)),  # OSL 10:15 a comes into force
    Focus(date(2025, 4, 1), date(2025, 4, 1), ()),  # a period of one day; lag 2025:170 comes into force
)

IDENTITY = ["name", "person_id"]
REPORTED = [*IDENTITY, "address", "phone", "school", "guardians", "concern", "risk", "gang_link"]
ANYONE = ["entry_point", "home_municipality", "counterpart"]
SOCIAL = ["entry_point", "home_municipality"]


def _field(label: str, category: str) -> dict[str, str]:
    return {"label": label, "category": category}


def _flow(name: str, sender: Any, recipient: Any, fields: Any, grounds: list[str], **rest: Any) -> dict[str, Any]:
    return {"id": name, "from": sender, "to": recipient, "fields": fields, "grounds": grounds, **rest}


_TRANSFER = ["OSL 26:9 p1", "OSL 10:2", "OSL 10:28", "SoL 29:12", "OSL 10:1", "consent"]
_QUESTION = ["OSL 10:2", "OSL 10:18a", "OSL 10:15a", "OSL 10:1", "consent"]
_OTHER = ["OSL 10:20", "OSL 10:21", "OSL 10:22", "OSL 10:23", "SoL 15:7", "SoL 29:12", "2025:170 4 §", "OSL 10:28"]
_EXAMPLE: dict[str, Any] = {
    "agreement": 1,
    "id": "en-ingang",
    "title": "Samverkansavtal – En ingång till socialtjänsten i Stockholms län",
    "source": "Socialnämnden i Nacka, SOCN-2024-00067, 2024-02-02",
    "periods": [
        {"valid_from": date(2023, 10, 16), "valid_to": date(2024, 12, 31)},
        {"valid_from": date(2025, 1, 1), "status": "unconfirmed"},
    ],
    "organisations": {"police-roc": {"name": "Polismyndigheten (ROC)", "kind": "police", "aliases": ["ROC", "Polisen"]}},
    "counterpart": "police-roc",
    "entry_point": "0180",
    "units": {"0180": ["socialjouren"]},
    "parties": [
        {"municipality": "0180", "valid_from": date(2023, 10, 16)},
        {"municipality": "0120", "valid_from": date(2023, 12, 14), "source": "Socialnämnden Värmdö 2023-12-14"},
        {"municipality": "0115", "valid_from": date(2024, 3, 7)},
        {"municipality": "0182", "valid_from": date(2024, 2, 20), "status": "unconfirmed"},
    ],
    "target_group": {
        "age_below": 18,
        "concern": ["gang_crime"],
        "found_in_county": "01",
        "resident_in": "party",
        "reported_by": "counterpart",
    },
    "fields": {
        "name": _field("Namn", "identity"),
        "person_id": _field("Personnummer", "identity"),
        "address": _field("Adress", "location"),
        "phone": _field("Telefon", "contact"),
        "school": _field("Skola", "location"),
        "guardians": _field("Vårdnadshavare", "third_party"),
        "concern": _field("Orosanmälans innehåll", "report"),
        "risk": _field("Individuell riskbedömning", "assessment"),
        "gang_link": _field("Koppling till gäng", "crime"),
        "groupings": _field("Insikter om kriminella grupperingar", "crime"),
        "health": _field("Hälsa", "health"),
        "decision": _field("Inletts, inte inletts eller pågår redan", "decision"),
        "record": _field("Journalanteckningar", "record"),
    },
    "categories": {"sensitive": ["health", "crime"], "location": ["location", "contact"], "identity": ["identity"]},
    "flows": [
        _flow("report", "counterpart", "entry_point", REPORTED, ["SoL 14:1", "SoL 19:1", "OSL 10:28"], target_group="noted"),
        _flow(
            "handover",
            "entry_point",
            "home_municipality",
            REPORTED,
            _TRANSFER,
            deadline={"after": "reported_at", "within": "24h"},
        ),
        _flow(
            "assessment",
            "counterpart",
            SOCIAL,
            [*IDENTITY, "risk", "gang_link", "groupings"],
            ["SoL 14:1", "SoL 19:1", "SoL 20:6", "OSL 10:28"],
        ),
        _flow("request", SOCIAL, "counterpart", [*IDENTITY, "concern"], _QUESTION),
        _flow(
            "feedback",
            SOCIAL,
            "counterpart",
            [*IDENTITY, "decision"],
            ["OSL 26:9a", "SoL 19:6", "SoL 14:1b"],
            deadline={"after": "request", "within": "7d", "from": date(2026, 1, 15)},
        ),
        _flow("prevention", SOCIAL, "counterpart", [*IDENTITY, "risk", "gang_link"], ["OSL 10:18a", "OSL 10:15a"]),
        _flow("other_channel", ANYONE, ANYONE, "all", _OTHER, scope="other", target_group="none"),
    ],
    "channels": ["sdk", "phone", "in_person", "secure_portal"],
    "duplicate_window": "24h",
    "assessment_days": 14,
    "closing_grace": "14d",
    "checks_off": [],
}


def example() -> dict[str, Any]:
    """A fresh copy of the example agreement, as parsed: dates as dates, durations as text, no defaults filled in."""
    return copy.deepcopy(_EXAMPLE)


def draw_agreement(pick: Pick, focus: Focus, calm: bool) -> dict[str, Any]:
    """A valid variation of the example: other periods, parties, roles, lists, deadlines and switches.

    A ``calm`` one has been in force all along, with three confirmed parties.
    """
    agreement = example()
    if calm:
        agreement["periods"] = [{"valid_from": date(2023, 10, 16)}]
        agreement["parties"] = [{"municipality": code, **agreement["periods"][0]} for code in ("0180", "0120", "0182")]
    if not calm and pick.chance(70):
        agreement["periods"] = _draw_periods(pick, focus)
    if not calm and pick.chance(80):
        agreement["parties"] = [
            {"municipality": municipality, **period}
            for municipality in ("0180", "0120", "0115", "0182")
            if pick.chance(85)
            for period in _draw_periods(pick, focus)
        ] or agreement["parties"]
    target = agreement["target_group"]
    target["age_below"] = pick.one_of([18, 18, 18, 21, 16])
    target["concern"] = pick.one_of([["gang_crime"], ["gang_crime"], ["gang_crime", "violence"]])
    target["found_in_county"] = pick.one_of(["01", "01", "01", "03"])
    target["reported_by"] = pick.one_of(["counterpart", "counterpart", "counterpart", "entry_point"])
    if pick.chance(40):
        agreement["organisations"]["school-1"] = {"name": "Exempelskolan", "kind": "other"}
        agreement["organisations"]["police-2"] = {"name": "Polisregion 2", "kind": "police", "aliases": ["P2"]}
        agreement["counterpart"] = pick.one_of(["police-roc", "police-roc", "police-2"])
    elif pick.chance(20):
        del agreement["organisations"]
    agreement["entry_point"] = pick.one_of(["0180", "0180", "0180", "0182"])
    units = pick.one_of([{"0180": ["socialjouren"]}, None, {"0182": ["enhet_a", "enhet_b"], "0180": ["socialjouren"]}])
    _set(agreement, "units", units)
    channels = [["sdk", "phone", "in_person", "secure_portal"], ["sdk", "phone", "in_person", "secure_portal"], None, ["sdk"]]
    _set(agreement, "channels", pick.one_of(channels))
    _set(agreement, "categories", pick.one_of([agreement["categories"], None]))
    _set(agreement, "duplicate_window", pick.one_of(["24h", None, "1h", "2d"]))
    _set(agreement, "closing_grace", pick.one_of(["14d", None, "1d", "36h"]))
    _set(agreement, "assessment_days", pick.one_of([14, None, 14, 7]))
    _vary_flows(pick, focus, agreement["flows"])
    off = [{"check": check, "reason": "granskas i annat system", "by": "dataskyddsombudet"} for check in _draw_off(pick)]
    _set(agreement, "checks_off", off or pick.one_of([[], None]))
    return agreement


def _set(agreement: dict[str, Any], key: str, value: Any) -> None:
    """Sets the key, or leaves it out of the file where the value is None."""
    agreement.pop(key, None)
    if value is not None:
        agreement[key] = value


def _draw_off(pick: Pick) -> list[str]:
    every = ["R5", "P5", "F1", "B4", "P1", "P7", "T1", "P8", "B5", "T4"]
    return sorted(set(pick.some(every, 2))) if pick.chance(12) else []


def _draw_periods(pick: Pick, focus: Focus) -> list[dict[str, Any]]:
    """One or two periods that do not overlap: open, ended or begun on a day of interest, with a gap, unconfirmed."""
    early, border = date(2023, 10, 16), pick.one_of(focus.days)
    unconfirmed = {"status": "unconfirmed"}
    shape = pick.number(0, 7)
    if shape <= 2:
        return [{"valid_from": early}]
    if shape == 3:
        return [{"valid_from": early, "valid_to": border, "status": "confirmed"}]
    if shape == 4:
        return [{"valid_from": border}]
    if shape == 5:
        return [{"valid_from": early, **unconfirmed}]
    if shape == 6:
        return [{"valid_from": early, "valid_to": border}, {"valid_from": border + DAY, **unconfirmed}]
    return [{"valid_from": early, "valid_to": border - 3 * DAY, **unconfirmed}, {"valid_from": border + DAY}]


def _vary_flows(pick: Pick, focus: Focus, flows: list[dict[str, Any]]) -> None:
    by_name = {flow["id"]: flow for flow in flows}
    for flow in flows:
        if pick.chance(15):
            flow["target_group"] = pick.one_of(["required", "noted", "none"])
        if pick.chance(8):
            flow["scope"] = pick.one_of(["agreement", "other"])
        if pick.chance(12):
            flow["protected_location"] = pick.one_of([True, False])
        if pick.chance(10):
            flow["grounds"] = [*flow["grounds"], *pick.one_of([["OSL 10:27"], ["2025:170 6 §", "avtalet"], ["SoL 20:6"]])]
        if pick.chance(10):
            flow["to"] = pick.one_of([["party"], ["party", "counterpart"], ["home_municipality", "party"], ["counterpart"]])
        if pick.chance(6):
            flow["from"] = pick.one_of([["party"], ["counterpart", "party"], "home_municipality"])
    handover, feedback = by_name["handover"], by_name["feedback"]
    if pick.chance(30):
        handover["deadline"] = {"after": "reported_at", "within": pick.one_of(["2d", "1h", "72h"])}
    if pick.chance(20):
        handover["deadline"]["from"] = pick.one_of(focus.days)
    if pick.chance(10):
        del handover["deadline"]
    if pick.chance(25):
        by_name["assessment"]["deadline"] = {"after": "reported_at", "within": pick.one_of(["48h", "24h"])}
    feedback["deadline"]["from"] = pick.one_of([date(2026, 1, 15), *focus.days])
    if pick.chance(30):
        del feedback["deadline"]["from"]
    if pick.chance(15):
        by_name["request"]["deadline"] = {"after": "request", "within": "24h"}


def yaml_text(agreement: dict[str, Any]) -> str:
    """The agreement as YAML: one top-level key a line, all text in double quotes, dates and numbers plain."""
    return "".join(f"{key}: {_inline(value)}\n" for key, value in agreement.items())


def _inline(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key, ensure_ascii=False)}: {_inline(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_inline(item) for item in value) + "]"
    return value.isoformat() if isinstance(value, date) else json.dumps(value, ensure_ascii=False)
