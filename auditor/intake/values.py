"""What the texts in coded columns mean: municipalities, organisations, flows, fields, grounds, decisions and so on.

A text is looked up, in this order: in the user's mapping, among the ids, among the names that the agreement and the law table
give them, and in the shipped vocabulary. A spelling that could mean two things means neither.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from auditor.agreement.faults import Place, nearest_word, shown
from auditor.intake.citations import Citations
from auditor.intake.mapping_file import MappingFaults
from auditor.intake.mapping_model import CODED_TYPES, UNIT_COLUMNS, Mapping, Target
from auditor.intake.places import Places
from auditor.intake.readers.model import LIST_SEPARATOR, UNREADABLE
from auditor.intake.spelling import alike, same
from auditor.intake.tables import TABLES, Type
from auditor.law.grounds import Ground
from auditor.words import _

_SEPARATOR = re.compile("[;,|]")
_LISTS = frozenset({Type.CONCERNS, Type.FIELDS, Type.GROUNDS})
#: Kinds of column whose unknown texts are kept, for the checks to judge.
_KEPT = frozenset({Type.CONCERNS, Type.FIELDS, Type.GROUNDS, Type.FLOW, Type.CHANNEL})
#: Kinds of column for which a shipped word counts only where the agreement or the law table has its id.
_DECLARED = frozenset({Type.ORGANISATION, Type.FLOW, Type.FIELDS, Type.GROUNDS})
#: A known name is no longer than this; longer texts are not looked up.
_LONGEST_NAME = 500
_REMEMBERED = 50_000
#: A citation may hold commas: 26 kap. 9 §, första stycket 1, OSL.
_CITATION_PARTS = 4

Value = str | tuple[str, ...] | bool | None


@dataclass(slots=True)
class Reading:
    """What a text means. ``value`` is None when it says nothing, or when it is not ``readable``: it does not fit its column.

    A list is a sorted tuple without repeats. ``repaired``: a lost leading zero was put back.
    """

    value: Value
    readable: bool = True
    repaired: bool = False


class Meaning(NamedTuple):
    """The canonical value of one text (None: it says nothing)."""

    value: str | None
    repaired: bool = False


Names = dict[str, tuple[str, ...]]
Find = Callable[[str], Meaning | None]


class Vocabulary:
    """Reads the coded texts of an export, given what its agreement declares.

    ``organisations``, ``fields`` and ``flows`` give each id its names (label, aliases); ``channels`` (None: any), ``units``
    and ``concerns`` are the ids that the agreement uses; ``grounds`` is the law table.
    Raises UserErrors when the mapping gives a text an organisation, flow, field or ground that is not declared.
    """

    def __init__(
        self,
        *,
        organisations: Names,
        fields: Names,
        flows: Names,
        channels: tuple[str, ...] | None,
        units: tuple[str, ...],
        concerns: tuple[str, ...],
        grounds: dict[str, Ground],
        mapping: Mapping,
    ) -> None:
        self._mapping = mapping
        self._words = mapping.words
        self._places = Places(self._words)
        self._missing = {alike(text) for text in self._words.missing}
        self._units = {same(unit): unit for unit in reversed(units)}
        labels: Names = {id_: (ground.label_sv,) for id_, ground in grounds.items()}
        declared: dict[Type, Names] = {
            Type.ORGANISATION: organisations,
            Type.FIELDS: fields,
            Type.FLOW: flows,
            Type.GROUNDS: labels,
            Type.CHANNEL: dict.fromkeys(channels or (), ()),
            Type.CONCERNS: dict.fromkeys(concerns, ()),
        }
        self._named = {type_: self._layers(type_, declared.get(type_, {})) for type_ in CODED_TYPES}
        self._citations = Citations(grounds, self._words.by_type[Type.GROUNDS], self._words)
        self._own = self._users_words(declared)
        # the same elements come back in list after list
        self._meaning = lru_cache(maxsize=_REMEMBERED)(self._look_up)
        self._most_parts = lru_cache(maxsize=_REMEMBERED)(self._count_parts)

    def read(self, type_: Type, text: str, *, table: str, column: str) -> Reading:
        """What a text (trimmed, not empty) in a column of a coded type, or of units, means; other text is left as it is.

        Raises ValueError for the types that are not looked up: dates, personal numbers, integers.
        """
        if self._tells_nothing(text, table, column):
            return Reading(None, readable=False)
        if type_ in _LISTS:
            return self._list(type_, text, table, column)
        if text.startswith(LIST_SEPARATOR):
            elements = [element.strip() for element in text.split(LIST_SEPARATOR) if element.strip()]
            if len(elements) != 1:
                return Reading(None, readable=not elements)
            return self.read(type_, elements[0], table=table, column=column)
        if type_ is Type.TEXT:
            return self._unit(text, table, column) if column in UNIT_COLUMNS else Reading(text)
        if type_ not in CODED_TYPES:
            raise ValueError(f"texts of the type '{type_}' are not looked up")
        meaning = self._meaning(type_, text, table, column) if len(text) <= _LONGEST_NAME else None
        if meaning is None:
            return Reading(text) if type_ in _KEPT else Reading(None, readable=False)
        if type_ is Type.BOOLEAN and meaning.value is not None:
            return Reading(meaning.value == "true")
        return Reading(meaning.value, repaired=meaning.repaired)

    def knows(self, type_: Type, text: str, *, table: str, column: str, separator: str | None = None) -> bool:
        """Whether every word of a text in a coded column is known. ``separator`` is that of a list, None: the usual ones."""
        if self._tells_nothing(text, table, column):
            return True
        if type_ not in _LISTS:
            return len(text) <= _LONGEST_NAME and self._meaning(type_, text, table, column) is not None
        found = [self._meaning(type_, word, table, column) for word in self._words_of(type_, text, table, column, separator)]
        return bool(found) and None not in found

    def _words_of(self, type_: Type, text: str, table: str, column: str, separator: str | None) -> list[str]:
        pattern = re.compile(re.escape(separator)) if separator else _SEPARATOR

        def find(element: str) -> Meaning | None:
            return self._meaning(type_, element, table, column) if len(element) <= _LONGEST_NAME else None

        words = _elements(text[:_LONGEST_NAME], pattern, self._most_parts(type_, table, column, pattern), find)
        return [word for word in words if word]

    # --- one text -----------------------------------------------------------------------------------------------------

    def _look_up(self, type_: Type, text: str, table: str, column: str) -> Meaning | None:
        """What one text, not longer than a name, means; None when it is not understood."""
        key = alike(text)
        own = self._own.get((table, column), {})
        if key in own:
            return Meaning(own[key])
        for layer in self._named[type_]:
            if key in layer:
                known = layer[key]
                return None if known is None else Meaning(known)
        if type_ is Type.GROUNDS:
            ground = self._citations.ground(text)
            return Meaning(ground) if ground else None
        if type_ in (Type.MUNICIPALITY, Type.ORGANISATION, Type.PLACE):
            code = self._places.place(text) if type_ is Type.PLACE else self._places.municipality(text)
            if code:
                return Meaning(code.code, code.repaired)
        return None

    def _unit(self, text: str, table: str, column: str) -> Reading:
        if len(text) > _LONGEST_NAME:
            return Reading(text)
        own = self._own.get((table, column), {})
        if alike(text) in own:
            return Reading(own[alike(text)])
        return Reading(self._units.get(same(text), text))

    def _tells_nothing(self, text: str, table: str, column: str) -> bool:
        """Whether no reader could read the text, or it is how databases write an empty cell, which the user gave no meaning."""
        null = alike(text) in self._missing and alike(text) not in self._own.get((table, column), {})
        return null or not set(text) - {UNREADABLE, " "}

    # --- lists --------------------------------------------------------------------------------------------------------

    def _list(self, type_: Type, text: str, table: str, column: str) -> Reading:
        def find(element: str) -> Meaning | None:
            return self._meaning(type_, element, table, column) if len(element) <= _LONGEST_NAME else None

        if text.startswith(LIST_SEPARATOR):
            elements = [element.strip() for element in text.split(LIST_SEPARATOR)]
        else:
            separator = self._mapping.separator(table, column)
            pattern = re.compile(re.escape(separator)) if separator else _SEPARATOR
            elements = list(_elements(text, pattern, self._most_parts(type_, table, column, pattern), find))
        if any(element and self._tells_nothing(element, table, column) for element in elements):
            return Reading(None, readable=False)
        found = set()
        for element in filter(None, elements):
            meaning = find(element)
            found.add(element if meaning is None else meaning.value)
        values = sorted(value for value in found if value is not None)
        return Reading(tuple(values) or None)

    def _count_parts(self, type_: Type, table: str, column: str, separator: re.Pattern[str]) -> int:
        """Into how many parts the separator cuts the known name that holds the most of it."""
        names = [*self._own.get((table, column), {}), *(name for layer in self._named[type_] for name in layer)]
        most = max((len(separator.split(name)) for name in names), default=1)
        return max(most, _CITATION_PARTS) if type_ is Type.GROUNDS else most

    # --- what is known ------------------------------------------------------------------------------------------------

    def _layers(self, type_: Type, declared: Names) -> list[dict[str, str | None]]:
        """Spelling as compared -> value (None: it could mean several), the surest first."""
        words = self._words.by_type.get(type_, {}) if type_ not in (Type.MUNICIPALITY, Type.PLACE) else {}
        spelled = {alike(id_): id_ for id_ in declared}
        known = {value: spelled.get(alike(value), value) for value in words}
        if type_ in _DECLARED:
            known = {value: id_ for value, id_ in known.items() if id_ in declared}
        shipped = _index((text, id_) for value, id_ in known.items() for text in (value, *words[value]))
        names = _index((name, id_) for id_, texts in declared.items() for name in texts)
        ids = _index((id_, id_) for id_ in declared)
        return [ids, names, shipped]

    def _users_words(self, declared: dict[Type, Names]) -> dict[tuple[str, str], dict[str, str | None]]:
        """The user's words by table and column. Raises UserErrors for values that nothing declares."""
        faults = MappingFaults(self._mapping.file or "")
        found: dict[tuple[str, str], dict[str, str | None]] = {}
        for table, mapped in self._mapping.tables.items():
            for column, targets in mapped.values.items():
                type_ = TABLES[table].column(column).type
                found[table, column] = {
                    alike(text): self._declared(type_, target, declared.get(type_, {}), faults)
                    for text, target in targets.items()
                }
        if faults:
            raise faults.error()
        return found

    def _declared(self, type_: Type, target: Target, declared: Names, faults: MappingFaults) -> str | None:
        """The id as it is declared, whatever case the user wrote it in."""
        if target.value is None:
            return None
        if type_ is Type.TEXT:
            return self._units.get(same(target.value), target.value)
        id_ = self._named[type_][0].get(alike(target.value))
        if id_ is not None or type_ not in _DECLARED:
            return id_ or target.value
        code = self._places.municipality(target.value) if type_ is Type.ORGANISATION else None
        if code is not None:
            return code.code
        near = nearest_word(target.value, declared)
        hint = (
            _("Did you mean '{near}'?").format(near=near)
            if near
            else _("Possible here: {columns}.").format(columns=", ".join(declared))
        )
        faults.add(
            _("'{name}' is not known to the agreement or the law table.").format(name=shown(target.value)),
            hint,
            Place(target.line, target.column),
        )
        return None


def _index(pairs: Iterable[tuple[str, str]]) -> dict[str, str | None]:
    """Spelling as compared -> value; None for a spelling of several values."""
    found: dict[str, set[str]] = {}
    for text, value in pairs:
        found.setdefault(alike(text), set()).add(value)
    return {text: values.pop() if len(values) == 1 else None for text, values in found.items()}


def _elements(text: str, separator: re.Pattern[str], most: int, find: Find) -> Iterator[str]:
    """The elements of a list in one cell, trimmed. A known name that holds separators is one element, the longest first."""
    cuts = [(found.start(), found.end()) for found in separator.finditer(text)]
    parts: Sequence[tuple[int, int]] = list(
        zip([0, *(end for _, end in cuts)], [*(start for start, _ in cuts), len(text)], strict=True)
    )
    at = 0
    while at < len(parts):
        start = parts[at][0]
        until = at + 1
        for end in range(min(at + most, len(parts)), at + 1, -1):
            if text[start : parts[at][1]].strip() and find(text[start : parts[end - 1][1]].strip()):
                until = end
                break
        yield text[start : parts[until - 1][1]].strip()
        at = until
