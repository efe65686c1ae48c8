"""Citations of Swedish law: ``26 kap. 9 § första stycket 1 OSL``, ``OSL 26:9 p1`` and their kin are one and the same.

A citation is understood as a whole or not at all: each part at most once, nothing left over, and the act named. The words
(``kap``, ``stycke``, the acts' names) come from the shipped vocabulary.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from auditor.intake.mapping_model import Act, ActNumber, Words
from auditor.intake.spelling import same
from auditor.law.grounds import Ground

LONGEST = 300
# brackets and commas carry no meaning inside one citation; a hyphen after a letter only joins words
_NEUTRAL = re.compile(r"[(),]|(?<=[^\W\d])-")
_ACT_NUMBER = r"(?P<year>\d{4}):(?P<serial>\d{1,4})(?!\d)"
_FIRST_PARAGRAPH = "1"

#: Act (its place among the acts), chapter, section with letter, point: what a ground is cited by.
Provision = tuple[int, str | None, str, str | None]


@dataclass(frozen=True)
class Citation:
    """A citation: the provision, and the act's number where it was given."""

    provision: Provision
    number: str | None


class Citations:
    """Finds the ground that a citation means. ``aliases`` are more citations of a ground, by its id."""

    def __init__(self, grounds: Mapping[str, Ground], aliases: Mapping[str, Iterable[str]], words: Words) -> None:
        self._acts = words.acts
        self._names = _act_names(words.acts)
        self._token = _token_pattern(words.citation, [name for name, _act, _number in self._names])
        self._grounds: dict[Provision, list[tuple[str, str | None]]] = {}
        for ground in grounds.values():
            for text in (ground.id, *aliases.get(ground.id, ())):
                citation = self.parse(text)
                if citation is not None:
                    act = words.acts[citation.provision[0]]
                    self._grounds.setdefault(citation.provision, []).append((ground.id, _number_of(ground, act)))

    def ground(self, text: str) -> str | None:
        """The id of the ground that the text cites; None when it cites none, another act's, or could mean two."""
        citation = self.parse(text)
        if citation is None:
            return None
        known = self._grounds.get(citation.provision, [])
        fitting = {id_ for id_, number in known if None in (number, citation.number) or number == citation.number}
        return fitting.pop() if len(fitting) == 1 else None

    def parse(self, text: str) -> Citation | None:
        """The citation that the whole text is; None when it is none, or names no act or no section."""
        if len(text) > LONGEST:
            return None
        parts: dict[str, str] = {}
        acts: set[tuple[int, str | None]] = set()
        for kind, value in self._tokens(_prepared(text)):
            if kind == "act":
                acts.update((act, number) for name, act, number in self._names if name == value)
            elif kind == "number":
                acts.update(self._acts_numbered(value))
            elif kind == "unknown" or kind in parts:
                return None
            else:
                parts[kind] = value
        numbers = {number for _act, number in acts if number is not None}
        if len({act for act, _number in acts}) != 1 or len(numbers) > 1 or "section" not in parts:
            return None
        if parts.get("paragraph", _FIRST_PARAGRAPH) != _FIRST_PARAGRAPH:
            return None
        act = next(iter(acts))[0]
        provision = (act, parts.get("chapter"), parts["section"], parts.get("point"))
        return Citation(provision, next(iter(numbers), None))

    def _acts_numbered(self, number: str) -> set[tuple[int, str | None]]:
        """The act of a number; an unknown number belongs to no act that could be meant."""
        numbers = [[each.number for each in act.numbers] for act in self._acts]
        place = next((place for place, known in enumerate(numbers) if number in known), -1)
        return {(place, number)}

    def _tokens(self, text: str) -> Iterator[tuple[str, str]]:
        place, before = 0, ""
        while place < len(text):
            found = self._token.match(text, place)
            if found is None or (found["bare"] and before not in ("section", "paragraph")):
                yield "unknown", ""
                return
            place = found.end()
            for kind, value in _meaning(found):
                yield kind, value
                before = "compact" if found["compact"] else kind


def _meaning(found: re.Match[str]) -> Iterator[tuple[str, str]]:
    """The parts that one token states, each as (kind, value); a filler states none."""
    said = {name: value for name, value in found.groupdict().items() if value is not None}
    if "act" in said:
        yield "act", said["act"]
    elif "year" in said:
        yield "number", f"{said['year']}:{said['serial']}"
    if "compact" in said or "chapter" in said or "kap" in said:
        yield "chapter", said.get("compact") or said.get("chapter") or said["kap"]
    section = said.get("of") or said.get("section") or said.get("sign")
    if section:
        yield "section", section + (said.get("of_letter") or said.get("section_letter") or said.get("sign_letter") or "")
    for kind, names in (("paragraph", ("st", "paragraph", "first_st")), ("point", ("p", "point", "first_p", "bare"))):
        for name in names:
            if name in said:
                yield kind, "1" if name.startswith("first") else said[name]


def _prepared(text: str) -> str:
    return " ".join(_NEUTRAL.sub(" ", same(text)).replace("§§", "§").split())


def _act_names(acts: tuple[Act, ...]) -> list[tuple[str, int, str | None]]:
    """Every name as compared, the place of its act, and the number when the name means that one alone."""
    names: list[tuple[str, int, str | None]] = []
    for place, act in enumerate(acts):
        names += [(_prepared(name), place, None) for name in act.names]
        names += [(_prepared(name), place, number.number) for number in act.numbers for name in number.names]
    return names


def _number_of(ground: Ground, act: Act) -> str | None:
    """The number of the act that the ground stands in: as its label says, else the one in force when the ground began."""
    for each in act.numbers:
        if each.number in ground.label_sv or ground.id.startswith(each.number):
            return each.number
    fitting = [each.number for each in act.numbers if ground.valid_from is None or _in_force(each, ground)]
    return fitting[0] if len(fitting) == 1 else None


def _in_force(number: ActNumber, ground: Ground) -> bool:
    day = ground.valid_from
    return day is None or (
        (number.valid_from is None or number.valid_from <= day) and (number.valid_to is None or day <= number.valid_to)
    )


def _any_of(words: Iterable[str]) -> str:
    ordered = sorted({_prepared(word) for word in words}, key=len, reverse=True)
    return "(?:" + "|".join(re.escape(word) for word in ordered) + ")"


def _token_pattern(words: dict[str, tuple[str, ...]], names: list[str]) -> re.Pattern[str]:
    """One token of a citation. A marker (kap, §, st, p) stands after its number, or before it."""
    whole = r"(?:(?<!\w)|(?!\w))\.?"  # a word ends here; a sign always does
    before_number = r"(?![^\W\d])\.? ?"  # p1, p. 1, p 1
    chapter, section, paragraph, point = (_any_of(words[kind]) for kind in ("chapter", "section", "paragraph", "point"))
    markers = {word for kind in ("paragraph", "point", "fillers") for word in words[kind] if len(word) == 1}
    letters = "".join(letter for letter in "abcdefghijklmnopqrstuvwxyz" if letter not in markers)

    def letter(name: str) -> str:
        return rf"(?: ?(?P<{name}>[{letters}])(?!\w))?"

    first = _any_of(words["first"])
    tokens = (
        rf"(?P<act>{_any_of(names)})(?!\w)",
        _ACT_NUMBER,
        rf"(?P<compact>\d{{1,2}}):(?P<of>\d{{1,3}})(?!\d){letter('of_letter')}(?: ?{section})?",
        rf"(?P<chapter>\d{{1,2}}) ?{chapter}{whole}",
        rf"{chapter}{before_number}(?P<kap>\d{{1,2}})(?!\d)",
        rf"(?P<section>\d{{1,3}}){letter('section_letter')} ?{section}{whole}",
        rf"{section}{before_number}(?P<sign>\d{{1,3}})(?!\d){letter('sign_letter')}",
        rf"(?P<st>\d) ?{paragraph}{whole}",
        rf"(?P<first_st>{first}) {paragraph}{whole}",
        rf"{paragraph}{before_number}(?P<paragraph>\d)(?!\d)",
        rf"(?P<p>\d{{1,2}}) ?{point}{whole}",
        rf"(?P<first_p>{first}) {point}{whole}",
        rf"{point}{before_number}(?P<point>\d{{1,2}})(?!\d)",
        rf"{_any_of(words['fillers'])}{whole}",
        r"(?P<bare>\d{1,2})(?!\w)\.?",
    )
    return re.compile("(?:" + "|".join(tokens) + ") ?")
