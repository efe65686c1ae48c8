"""Municipalities and counties, however an export writes them: code, code without its zero, name, or both."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from auditor.intake.mapping_model import Words
from auditor.intake.spelling import alike, same
from auditor.intake.tables import Type
from auditor.law.municipalities import county_codes, municipalities

LONGEST = 200
#: Endings after which the Swedish genitive adds no s (Borås kommun).
_NO_GENITIVE = ("s", "x", "z")

# a code as a spreadsheet may have left it: 182, 182.0
_NUMBER = r"([0-9]{1,4})(?:[.,]0+)?"
_CODE_ALONE = re.compile(_NUMBER)
_CODE_FIRST = re.compile(rf"{_NUMBER} ?(?:\((.+)\)|[-:,]? ?([^\d\W].*))")
_CODE_LAST = re.compile(rf"(.*\w) ?(?:\({_NUMBER}\)|[-:,] ?{_NUMBER}| {_NUMBER})")


@dataclass(frozen=True)
class Code:
    """A municipality (four digits) or a county (two), and whether a lost leading zero had to be put back."""

    code: str
    repaired: bool = False


_Numbered = Callable[[str, str], Code | None]


class Places:
    """Reads municipalities (SCB kommunkod) and counties (its first two digits). ``words`` says how names are written."""

    def __init__(self, words: Words) -> None:
        self._municipalities = _spellings(
            {code: (name, *words.by_type[Type.MUNICIPALITY].get(code, ())) for code, name in municipalities().items()},
            words.municipality_forms,
        )
        self._counties = _spellings(words.by_type[Type.PLACE], words.county_forms)

    def municipality(self, text: str) -> Code | None:
        """The municipality that the text means; None when it means none, or when code and name contradict each other."""
        return self._read(text, _municipality_code, self._municipalities)

    def place(self, text: str) -> Code | None:
        """The municipality that the text means, else the county; plain Stockholm is the municipality."""
        return self.municipality(text) or self._read(text, _county_code, self._counties)

    def _read(self, text: str, numbered: _Numbered, named: Mapping[str, str]) -> Code | None:
        plain = same(text)
        if len(plain) > LONGEST:
            return None
        if alike(plain) in named:
            return Code(named[alike(plain)])
        alone = _CODE_ALONE.fullmatch(plain)
        if alone:
            return numbered(plain, alone[1])
        for pattern, number_first in ((_CODE_FIRST, True), (_CODE_LAST, False)):
            both = pattern.fullmatch(plain)
            if both:
                given = [group for group in both.groups() if group is not None]
                number, name = given if number_first else reversed(given)
                code = numbered(number, number)
                return code if code and named.get(alike(name)) == code.code else None
        return None


def _municipality_code(written: str, digits: str) -> Code | None:
    code = digits.zfill(4)
    return Code(code, repaired=written != code) if len(digits) >= 3 and code in municipalities() else None


def _county_code(written: str, digits: str) -> Code | None:
    code = digits.zfill(2)
    return Code(code, repaired=written != code) if len(digits) <= 2 and code in county_codes() else None


def _spellings(names: dict[str, tuple[str, ...]], forms: Iterable[str]) -> Mapping[str, str]:
    """Spelling as compared -> code; a spelling that could mean two places means none."""
    return _compared(tuple((code, tuple(written)) for code, written in names.items()), tuple(forms))


@lru_cache(maxsize=8)
def _compared(names: tuple[tuple[str, tuple[str, ...]], ...], forms: tuple[str, ...]) -> Mapping[str, str]:
    found: dict[str, set[str]] = {}
    for code, written in names:
        for name in written:
            genitive = name if name.casefold().endswith(_NO_GENITIVE) else name + "s"
            for form in forms:
                found.setdefault(alike(form.format(name=name, genitive=genitive)), set()).add(code)
    return MappingProxyType({spelling: codes.pop() for spelling, codes in found.items() if len(codes) == 1})
