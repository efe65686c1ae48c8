"""Names in free text: first those of the case file, exact and inflected, then pairs from a list of Swedish names.

Known names are looked for with Aho-Corasick on the folded text, in the order first name last name, last name first name, and with
a comma; a genitive s may follow. A known last name alone is doubtful. The list is that of the package Faker (sv_SE, from the
statistics of names): a first name before a last name, and a first name in the middle of a sentence, are doubtful always.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

_BETWEEN = "\x1e"
_WORD = re.compile(r"\w")
_CAPITALISED = re.compile(
    r"[A-ZÅÄÖÉ][a-zåäöéèü]+(?:-[A-ZÅÄÖÉ][a-zåäöéèü]+)?(?: [A-ZÅÄÖÉ][a-zåäöéèü]+(?:-[A-ZÅÄÖÉ][a-zåäöéèü]+)?)*"
)
_FIRST_WORD = re.compile(r"[A-ZÅÄÖÉ][a-zåäöéèü]+(?:-[A-ZÅÄÖÉ][a-zåäöéèü]+)?")
_LAST_ENDINGS = ("sson", "ström", "berg", "lund", "gren", "qvist", "kvist")
_SHORTEST_ALONE = 4
_FEW_WORDS = 60
#: First names that are so often something else that alone they say nothing.
_WORDS_TOO = frozenset(
    [
        "Per",
        "Bo",
        "Stig",
        "Maj",
        "Sten",
        "My",
        "Lo",
        "Liv",
        "Nova",
        "Saga",
        "Juni",
        "Rosa",
        "Alma",
        "Björn",
        "Ros",
        "Hope",
        "Max",
        "Nils",
        "Dag",
        "Ida",
        "Tyra",
        "Love",
        "Ture",
        "Bror",
        "Rut",
        "Siv",
    ]
)


@dataclass(frozen=True, slots=True)
class NameFound:
    """A name in the cell at ``place`` of a batch. ``key`` is the known name in folded form, empty for a name of the list."""

    place: int
    sure: bool
    key: str


@cache
def listed_names() -> tuple[frozenset[str], frozenset[str]]:
    """First and last names of the list."""
    from faker.providers.person.sv_SE import Provider

    return frozenset(Provider.first_names), frozenset(Provider.last_names)


def folded(text: str) -> str:
    """The text as names are compared: lower case, every space and line break a single space."""
    plain = text.casefold()
    for mark in "\u00a0\u202f\u2009\t\r\n":
        if mark in plain:
            plain = plain.replace(mark, " ")
    plain = plain.replace(", ", " ").replace(",", " ")
    while "  " in plain:
        plain = plain.replace("  ", " ")
    return plain


class KnownNames:
    """The names of the case file, ready to be looked for in many texts at once. ``names`` are pairs of first and last name."""

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        import ahocorasick

        self._automaton: Any = ahocorasick.Automaton()
        self.size = 0
        self.names = tuple(names)
        for first, last in self.names:
            key = key_of(first, last)
            if not key:
                continue
            self.size += 1
            one, other = folded(first).strip(), folded(last).strip()
            if one and other:
                for written in {f"{one} {other}", f"{other} {one}", f"{other}s {one}"}:
                    self._add(written, key, sure=True)
                called = one.split(" ")[0]
                if called != one:
                    self._add(f"{called} {other}", key, sure=True)
            if len(other) >= _SHORTEST_ALONE:
                self._add(other, key, sure=False)
        if self.size:
            self._automaton.make_automaton()

    def _add(self, written: str, key: str, *, sure: bool) -> None:
        keys = self._automaton.get(written, None)
        if keys is None:
            self._automaton.add_word(written, (len(written), sure, [key]))
        elif sure == keys[1] and key not in keys[2]:
            keys[2].append(key)

    def find(self, cells: Sequence[str]) -> Iterator[NameFound]:
        """Every known name in the cells, and pairs and lone first names of the list. Of one place in a cell the surest."""
        joined = _BETWEEN.join(cells)
        if self.size:
            yield from self._known(joined)
        yield from _listed(joined)

    def _known(self, joined: str) -> Iterator[NameFound]:
        text = folded(joined)
        starts: list[int] | None = None
        for last, (length, sure, keys) in self._automaton.iter(text):
            begin, end = last - length + 1, last + 1
            if begin and _WORD.match(text[begin - 1]):
                continue
            if text[end : end + 1] == "s":
                end += 1  # the genitive
            if end < len(text) and _WORD.match(text[end]):
                continue
            if starts is None:
                starts = [0, *(found.end() for found in re.finditer(_BETWEEN, text))]
            place = bisect_right(starts, begin) - 1
            for key in keys:
                yield NameFound(place, sure, key)


def key_of(first: str, last: str) -> str:
    """A known name in one spelling."""
    return f"{folded(first).strip()} {folded(last).strip()}".strip()


def split_name(whole: str) -> tuple[str, str]:
    """First and last name of a cell that holds both: ``Anna Karin Provsson`` or ``Provsson, Anna Karin``."""
    if "," in whole:
        last, _comma, first = whole.partition(",")
        return first.strip(), last.strip()
    first, _space, last = whole.strip().rpartition(" ")
    return (first, last) if first else ("", whole.strip())


def _listed(joined: str) -> Iterator[NameFound]:
    first_names, last_names = listed_names()
    words = set(_FIRST_WORD.findall(joined))
    there = [word for word in words if word in first_names or (word[-1] == "s" and word[:-1] in first_names)]
    if not there:
        return
    starts: list[int] | None = None
    for start in _places_of(there, joined):
        phrase = _CAPITALISED.match(joined, start)
        if phrase is None or not _is_name(phrase[0].split(" "), first_names, last_names, joined, start):
            continue
        if starts is None:
            starts = [0, *(mark.end() for mark in re.finditer(_BETWEEN, joined))]
        yield NameFound(bisect_right(starts, start) - 1, False, "")


def _places_of(words: list[str], joined: str) -> Iterator[int]:
    """Where some words with capitals begin. Few words are looked for one by one, which is faster than all at once."""
    if len(words) > _FEW_WORDS:
        either = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, sorted(words)))})(?![a-zåäöéèü])")
        yield from (found.start() for found in either.finditer(joined))
        return
    for word in words:
        start = joined.find(word)
        while start >= 0:
            end = start + len(word)
            before, after = joined[start - 1 : start], joined[end : end + 1]
            if not (_WORD.match(before) or before == "-" or (after.isalpha() and after.islower())):
                yield start
            start = joined.find(word, end)


def _is_name(words: list[str], first_names: frozenset[str], last_names: frozenset[str], joined: str, start: int) -> bool:
    """Whether words with capitals, of which the first may be a first name, are a name: before a last name, or alone within a sentence."""
    first = words[0]
    given = next((word for word in words[1:] if not _in(word, first_names)), "")
    if given and (_in(given, last_names) or given.removesuffix("s").endswith(_LAST_ENDINGS)):
        return True
    alone = len(words) == 1 and first not in _WORDS_TOO
    return alone and start > 1 and joined[start - 1] == " " and joined[start - 2] not in ".!?:\x1e–-•"


def _in(word: str, names: frozenset[str]) -> bool:
    return word in names or (word.endswith("s") and word[:-1] in names)
