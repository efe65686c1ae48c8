"""Numbers, days, time spans, lists and the agreement's own codes in plain words of the language now spoken."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from auditor.agreement.model import Agreement
from auditor.labels import ACTIONS
from auditor.law.municipalities import municipalities
from auditor.words import N_, _

_MONTHS = (
    N_("{day} January {year}"),
    N_("{day} February {year}"),
    N_("{day} March {year}"),
    N_("{day} April {year}"),
    N_("{day} May {year}"),
    N_("{day} June {year}"),
    N_("{day} July {year}"),
    N_("{day} August {year}"),
    N_("{day} September {year}"),
    N_("{day} October {year}"),
    N_("{day} November {year}"),
    N_("{day} December {year}"),
)

_COUNTIES = {
    "01": N_("Stockholm County"),
    "03": N_("Uppsala County"),
    "04": N_("Södermanland County"),
    "05": N_("Östergötland County"),
    "06": N_("Jönköping County"),
    "07": N_("Kronoberg County"),
    "08": N_("Kalmar County"),
    "09": N_("Gotland County"),
    "10": N_("Blekinge County"),
    "12": N_("Skåne County"),
    "13": N_("Halland County"),
    "14": N_("Västra Götaland County"),
    "17": N_("Värmland County"),
    "18": N_("Örebro County"),
    "19": N_("Västmanland County"),
    "20": N_("Dalarna County"),
    "21": N_("Gävleborg County"),
    "22": N_("Västernorrland County"),
    "23": N_("Jämtland County"),
    "24": N_("Västerbotten County"),
    "25": N_("Norrbotten County"),
}

_CODES = {
    "gang_crime": N_("gang-related crime"),
    "sdk": N_("secure digital communication"),
    "phone": N_("telephone"),
    "in_person": N_("a meeting in person"),
    "secure_portal": N_("a secure portal"),
    "email": N_("e-mail"),
    "post": N_("letter post"),
}


def all_of(words: Sequence[str]) -> str:
    """``a, b and c``."""
    return _join(words, _("{first} and {last}"))


def one_of(words: Sequence[str]) -> str:
    """``a, b or c``."""
    return _join(words, _("{first} or {last}"))


def _join(words: Sequence[str], pair: str) -> str:
    if len(words) < 2:
        return "".join(words)
    return pair.format(first=", ".join(words[:-1]), last=words[-1])


def number_ranges(numbers: Sequence[int]) -> list[str]:
    """Ascending numbers with neighbours drawn together: ``4`` and ``7–9``."""
    ranges: list[tuple[int, int]] = []
    for number in numbers:
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1] = (ranges[-1][0], number)
        else:
            ranges.append((number, number))
    return [str(first) if first == last else f"{first}–{last}" for first, last in ranges]


def quoted_if_needed(label: str) -> str:
    """A label as it may stand in a list: in quotes when it is itself a list."""
    alone = not any(mark in label for mark in (",", " och ", " eller ", " and ", " or "))
    return label if alone else _("“{words}”").format(words=label)


def sentence(text: str) -> str:
    """The text with its first letter large."""
    return text[:1].upper() + text[1:]


def day(value: date) -> str:
    """``7 March 2024``."""
    return _(_MONTHS[value.month - 1]).format(day=value.day, year=value.year)


def days(first: date, last: date | None) -> str:
    """``from and including 7 March 2024 until further notice``."""
    if last is None:
        return _("from and including {first} until further notice").format(first=day(first))
    return _("from and including {first} to and including {last}").format(first=day(first), last=day(last))


def time_span(value: timedelta) -> str:
    """``7 days`` of 24 hours each, or ``36 hours`` when it is not whole days."""
    hours = value // timedelta(hours=1)
    if hours and hours % 24 == 0:
        count = hours // 24
        return _("1 day") if count == 1 else _("{count} days").format(count=count)
    return _("1 hour") if hours == 1 else _("{count} hours").format(count=hours)


def calendar_days(count: int) -> str:
    """``14 calendar days``."""
    return _("1 calendar day") if count == 1 else _("{count} calendar days").format(count=count)


def county(code: str) -> str:
    """``Stockholm County (01)``."""
    return f"{_(_COUNTIES[code])} ({code})" if code in _COUNTIES else code


def code_in_words(code: str) -> str:
    """A concern or a channel in words with its code, or the code alone when it is not one of the usual."""
    return f"{_(_CODES[code])} ({code})" if code in _CODES else code


def action(code: str) -> str:
    """An action of the access log in words."""
    return _(ACTIONS[code])


def municipality(code: str) -> str:
    """``Nacka (0182)``."""
    return f"{municipalities()[code]} ({code})"


def organisation(agreement: Agreement, organisation_id: str) -> str:
    """A municipality with its code, another organisation by its name."""
    name = agreement.name_of(organisation_id)
    return f"{name} ({organisation_id})" if organisation_id in municipalities() else name


def role(agreement: Agreement, name: str) -> str:
    """Who holds a role, in the middle of a sentence."""
    if name == "counterpart":
        return organisation(agreement, agreement.counterpart)
    if name == "entry_point":
        return _("the single entry ({name})").format(name=agreement.name_of(agreement.entry_point))
    return _("the child's home municipality") if name == "home_municipality" else _("a municipality that is a party")
