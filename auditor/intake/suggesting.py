"""Which canonical table and columns an unknown file may hold, how sure that is, and why: from a sample, to be finished by hand.

A pair of a heading and a canonical column is weighed by how like the heading is to the known ones, and by how many of the texts
below it can be read as that column. What only the texts speak for is suggested where no other kind of column holds such texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property, partial

from auditor.intake.files import InputFile
from auditor.intake.heading_rows import known_spellings, likely_heading_row
from auditor.intake.mapping_model import CODED_TYPES, TIME_TYPES, Mapping
from auditor.intake.readers.sampling import Sample
from auditor.intake.spelling import heading_key
from auditor.intake.suggesting_names import SIMILAR, nearest
from auditor.intake.suggesting_shapes import (
    MOSTLY,
    Shape,
    Texts,
    date_forms,
    is_day,
    is_free_text,
    is_moment,
    is_person,
    is_serial,
    looks_like_person,
    shape_of,
    texts_of,
)
from auditor.intake.tables import TABLES, Column, Type
from auditor.intake.values import Vocabulary
from auditor.law.municipalities import municipalities
from auditor.privacy import holds_name, is_plain_id, may_hold_personal_number

#: A suggestion must be this good to be made, and a table to be named.
_FEWEST_FIT = 0.5
_FEWEST_TABLE = 0.3
_LONGEST_HEADING = 200
#: What texts look like that could be headings as well.
_ANY_TEXT = frozenset({Shape.EMPTY, Shape.WORDS, Shape.NAME, Shape.MIXED, Shape.FREE_TEXT})
#: So many columns must be found before what is left over is given a meaning.
_FEWEST_CHOSEN = 3
#: Headings that are not known are looked for in so many rows that hold something.
_HIGHEST_HEADINGS = 15
#: Kinds whose known words hardly stand in any other column.
_TELLING = frozenset(
    {Type.PERSON, Type.FLOW, Type.FIELDS, Type.GROUNDS, Type.CHANNEL, Type.CONCERNS, Type.DECISION, Type.ACTION}
)
#: Kinds whose codes may be named: they are the agreement's or the law's, and say nothing of anybody.
_NAMED_CODES = _TELLING - {Type.PERSON} | {Type.ORGANISATION, Type.PROTECTION}
_FREE = frozenset({"motivation", "reason"})
_UNLIKE_IDS = frozenset({"disclosure_id", "event_id"})
_LIST_SEPARATORS = ("/", "+", "&", "\n")


class Surety(StrEnum):
    """How sure a suggestion is."""

    SURE = "sure"
    LIKELY = "likely"
    UNSURE = "unsure"


@dataclass(frozen=True)
class Candidate:
    """A column of a file: its heading, where it stands (from 0), and its texts."""

    heading: str
    place: int
    texts: Texts

    @cached_property
    def shape(self) -> Shape:
        """What most of its texts look like."""
        return shape_of(self.texts)

    @property
    def nameable(self) -> bool:
        """Whether the heading may be written: it is no person's name or number, and short."""
        return bool(self.heading) and may_be_written(self.heading)


def may_be_written(heading: str) -> bool:
    """Whether a heading may stand in a mapping file or on a terminal."""
    return (
        len(heading) <= _LONGEST_HEADING
        and not may_hold_personal_number(heading)
        and not holds_name(heading)
        and "@" not in heading
    )


@dataclass(frozen=True)
class Pair:
    """A canonical column and the column of the file that it may be.

    ``likeness`` of the heading is 1 when it is known; ``like`` is the known heading that it resembles, None when it does not.
    ``fit`` is the part of the texts that can be read so, None for an empty column. ``rival`` is another column that it might
    be as well. ``forms`` are the date forms that would be needed, ``separator`` that between the elements of a list, ``known``
    the codes of the agreement that stand in the texts and ``unknown`` how many different texts are not known.
    """

    column: Column
    candidate: Candidate
    likeness: float
    like: str | None
    fit: float | None
    score: float
    forms: tuple[str, ...] = ()
    separator: str | None = None
    known: tuple[str, ...] = ()
    unknown: int = 0
    rival: Candidate | None = None

    @property
    def surety(self) -> Surety:
        """How sure it is."""
        if self.score >= 0.9:
            return Surety.SURE
        return Surety.LIKELY if self.score >= 0.6 and self.rival is None else Surety.UNSURE


@dataclass(frozen=True)
class Suggestion:
    """What some files with the same headings may hold. ``table`` is None where nothing speaks for one.

    ``heading_row`` is None where the headings stand in the first row; ``headings_found`` is False where no row looks like
    headings, and then nothing of the file is told.
    """

    files: list[InputFile]
    table: str | None
    score: float
    pairs: list[Pair]
    unused: list[Candidate]
    heading_row: int | None = None
    delimiter: str | None = None
    headings_found: bool = True
    missing: list[Column] = field(default_factory=list)

    @property
    def surety(self) -> Surety:
        """How sure the table is."""
        return Surety.SURE if self.score >= 0.8 else Surety.LIKELY if self.score >= 0.5 else Surety.UNSURE


# ------------------------------------------------------------------------------------------------------- headings and columns


def heading_row(seen: Sample, mapping: Mapping) -> int | None:
    """The row of the headings; None when no row looks like headings.

    A row without known headings is taken only if it is unlike what stands below it: where most texts of a column are times,
    numbers, codes or the like, its own cell is not, and none of its cells stands in its column again.
    """
    if seen.named:
        return seen.head[0][0]
    known = likely_heading_row(seen, TABLES, mapping)
    if known is not None:
        return known
    for number, cells in seen.head[:_HIGHEST_HEADINGS]:
        filled = [cell for cell in cells if cell]
        below = [row for row in seen.rows if len(row) == len(cells) and row != cells]
        if len(filled) < 2 or not below or len({cell.casefold() for cell in filled}) < len(filled):
            continue
        typed = contrasting = 0
        for place, cell in enumerate(cells):
            texts = texts_of(row[place] for row in below)
            if cell and cell in texts.counts:
                break
            shape = shape_of(texts)
            if shape not in _ANY_TEXT:
                typed += 1
                contrasting += cell != "" and shape_of(texts_of([cell])) in _ANY_TEXT | {Shape.ID} - {shape}
        else:
            if contrasting >= 2 and contrasting >= MOSTLY * typed:
                return number
    return None


def columns_of_sample(seen: Sample, row: int) -> list[Candidate]:
    """The columns of a file whose headings stand in the given row."""
    above = next(place for place, (number, _cells) in enumerate(seen.head) if number == row)
    headings = seen.head[above][1]
    width = len(headings)
    rows = [
        cells
        for cells in (seen.rows if seen.named else seen.rows[above:])
        if cells != headings and (len(cells) == width or not seen.delimiter)
    ]
    return [
        Candidate(heading.strip(), place, texts_of(cells[place] if place < len(cells) else "" for cells in rows))
        for place, heading in enumerate(headings)
    ]


# -------------------------------------------------------------------------------------------------------- weighing and choosing


class Suggesting:
    """Suggests tables and columns, given the words that the agreement and the shipped vocabulary know."""

    def __init__(self, vocabulary: Vocabulary, mapping: Mapping) -> None:
        self._vocabulary = vocabulary
        self._spellings = {table: known_spellings(table, mapping) for table in TABLES}
        self._written = {
            heading_key(spelling): spelling
            for table in TABLES
            for column in TABLES[table].columns
            for spelling in mapping.tables[table].spellings(column.name)
        }
        self._near: dict[str, dict[str, float]] = {}
        self._fits: dict[tuple[int, Type, str], tuple[float, str | None, tuple[str, ...]]] = {}

    def suggest(self, files: list[InputFile], columns: list[Candidate]) -> Suggestion:
        """The table that the columns most likely make, with its columns."""
        self._fits = {}
        tries = []
        for name in TABLES:
            pairs = self._pairs(name, columns)
            required = [column for column in TABLES[name].columns if column.required]
            found = {pair.column.name: pair.score for pair in pairs}
            whole = sum(found.get(column.name, 0.0) for column in required) / len(required)
            explained = sum(found.values()) / max(1, sum(1 for column in columns if column.heading))
            named = 0.3 if any(file.table == name for file in files) else 0.0
            tries.append((whole * 0.6 + explained * 0.4 + named, whole, name, pairs))
        _score, whole, table, pairs = max(tries, key=lambda one: one[0])
        if whole < _FEWEST_TABLE:
            return Suggestion(files, None, 0.0, [], columns)
        used = {pair.candidate.place for pair in pairs}
        there = {pair.column.name for pair in pairs}
        return Suggestion(
            files,
            table,
            min(1.0, whole + (0.2 if any(file.table == table for file in files) else 0.0)),
            sorted(pairs, key=lambda pair: TABLES[table].columns.index(pair.column)),
            [column for column in columns if column.place not in used],
            missing=[column for column in TABLES[table].columns if column.required and column.name not in there],
        )

    def _pairs(self, table: str, columns: Sequence[Candidate]) -> list[Pair]:
        """The best pairs: a column of the file for each canonical column, and none twice."""
        weighed = [
            pair
            for candidate in columns
            if candidate.nameable
            for column in TABLES[table].columns
            if (pair := self._weigh(table, column, candidate)) is not None
        ]
        weighed.sort(key=lambda pair: (-pair.score, pair.candidate.place))
        taken: set[int] = set()
        chosen: dict[str, Pair] = {}
        for pair in weighed:
            if pair.column.name not in chosen and pair.candidate.place not in taken:
                chosen[pair.column.name] = pair
                taken.add(pair.candidate.place)
        left = [candidate for candidate in columns if candidate.nameable and candidate.place not in taken]
        return [
            *(_with_rival(pair, weighed, taken) for pair in chosen.values()),
            *(pair for column in TABLES[table].columns if (pair := _the_only_one_left(column, chosen, left)) is not None),
        ]

    def _weigh(self, table: str, column: Column, candidate: Candidate) -> Pair | None:
        likeness, like = self._likeness(table, column, candidate.heading)
        empty = not candidate.texts.filled
        telling = column.type in _TELLING and likeness < SIMILAR
        if likeness < SIMILAR and (not telling or empty):
            return None
        fit, separator, forms = self._fit(table, column, candidate)
        if likeness == 1.0:
            score = 0.8 if empty else 0.9 + 0.1 * fit if fit >= _FEWEST_FIT else 0.45
        elif likeness >= SIMILAR:
            if not empty and fit < _FEWEST_FIT:
                return None
            says_little = column.type is Type.TEXT and not column.name.endswith("_id")  # any short text fits
            score = 0.5 * likeness + (0.1 if empty or says_little else 0.4 * fit)
        else:
            if fit < MOSTLY:
                return None
            score = 0.5 * fit
        known, unknown = self._codes(table, column, candidate, separator) if column.type in CODED_TYPES else ((), 0)
        return Pair(column, candidate, likeness, like, None if empty else fit, score, tuple(forms), separator, known, unknown)

    def _likeness(self, table: str, column: Column, heading: str) -> tuple[float, str | None]:
        key = heading_key(heading)
        if self._spellings[table].get(key) == column.name:
            return 1.0, None
        # in other law this word means where one is registered; somebody who knows the system must choose
        if "hemkommun" in key:
            return 0.0, None
        if key not in self._near:
            self._near[key] = nearest(key, self._written)
        mine = [(ratio, near) for near, ratio in self._near[key].items() if self._spellings[table].get(near) == column.name]
        ratio, near = max(mine, default=(0.0, ""))
        return (ratio, self._written[near]) if ratio >= SIMILAR else (0.0, None)

    def _fit(self, table: str, column: Column, candidate: Candidate) -> tuple[float, str | None, tuple[str, ...]]:
        """The part of the texts that can be read as the column; the list separator and the date forms needed for that."""
        key = (candidate.place, column.type, column.name if column.type is Type.TEXT else "")
        if key not in self._fits:
            self._fits[key] = self._measure(table, column, candidate.texts)
        return self._fits[key]

    def _measure(self, table: str, column: Column, texts: Texts) -> tuple[float, str | None, tuple[str, ...]]:
        if column.type in TIME_TYPES:
            alone = column.type is not Type.INSTANT
            fit = texts.share(lambda text: is_moment(text) or is_serial(text) or (alone and is_day(text)))
            forms = date_forms(texts) if fit < _FEWEST_FIT else []
            return (1.0, None, tuple(forms)) if forms else (fit, None, ())
        if column.type is Type.PERSON:
            return texts.share(is_person), None, ()
        if column.type is Type.PEOPLE:
            return texts.share(lambda text: all(looks_like_person(part) for part in _parts(text))), None, ()
        if column.type is Type.INTEGER:
            return texts.share(lambda text: text.isdecimal()), None, ()
        if column.type is Type.TEXT:
            return _text_fit(column.name, texts), None, ()
        return self._coded_fit(table, column, texts)

    def _coded_fit(self, table: str, column: Column, texts: Texts) -> tuple[float, str | None, tuple[str, ...]]:
        def knows(text: str, separator: str | None = None) -> bool:
            return self._vocabulary.knows(column.type, text, table=table, column=column.name, separator=separator)

        fit = texts.share(knows)
        if column.type in (Type.CONCERNS, Type.FIELDS, Type.GROUNDS) and fit < MOSTLY:
            for separator in _LIST_SEPARATORS:
                if any(separator in text for text, _count in texts.common):
                    other = texts.share(partial(knows, separator=separator))
                    if other >= MOSTLY:
                        return other, separator, ()
        return fit, None, ()

    def _codes(self, table: str, column: Column, candidate: Candidate, separator: str | None) -> tuple[tuple[str, ...], int]:
        """The codes of agreement, law table and vocabulary among the texts, and how many different texts are not known."""
        found: set[str] = set()
        unknown = 0
        for text, _count in candidate.texts.common:
            if not self._vocabulary.knows(column.type, text, table=table, column=column.name, separator=separator):
                unknown += 1
            elif separator is None and column.type in _NAMED_CODES:
                value = self._vocabulary.read(column.type, text, table=table, column=column.name).value
                found.update([value] if isinstance(value, str) else value if isinstance(value, tuple) else [])
        return tuple(sorted(code for code in found if code not in municipalities())), unknown


def _with_rival(pair: Pair, weighed: list[Pair], taken: set[int]) -> Pair:
    """The pair, with the free column that is as likely, unless its heading is known."""
    if pair.likeness == 1.0:
        return pair
    for other in weighed:
        same = other.column.name == pair.column.name and other.candidate.place not in taken
        if same and other.score >= pair.score - 0.05:
            return Pair(**{**vars(pair), "rival": other.candidate})
    return pair


def _the_only_one_left(column: Column, chosen: dict[str, Pair], left: list[Candidate]) -> Pair | None:
    """A key that no heading speaks for, where a single free column holds what it must hold: times, or ids that never repeat."""
    if not column.key or column.name in chosen or len(chosen) < _FEWEST_CHOSEN:
        return None
    if column.type in TIME_TYPES:
        fitting = [one for one in left if one.shape in (Shape.MOMENT, Shape.DAY, Shape.OTHER_DATE)]
    else:
        fitting = [one for one in left if one.shape in (Shape.ID, Shape.UUID, Shape.NUMBER) and one.texts.unlike == 1.0]
    if len(fitting) != 1:
        return None
    forms = tuple(date_forms(fitting[0].texts)) if fitting[0].shape is Shape.OTHER_DATE else ()
    return Pair(column, fitting[0], 0.0, None, 1.0, 0.4, forms)


def _parts(text: str) -> list[str]:
    for mark in ",|\n":
        text = text.replace(mark, ";")
    return [part for part in text.split(";") if part.strip()]


def _text_fit(name: str, texts: Texts) -> float:
    if name in _FREE:
        return texts.share(lambda text: not is_day(text) and not is_moment(text) and not is_person(text))
    if name.endswith("_id"):
        if date_forms(texts):
            return 0.0
        fit = texts.share(
            lambda text: is_plain_id(text, needs_digit=name != "user_id") and not is_moment(text) and not is_day(text)
        )
        return fit * 0.6 if name in _UNLIKE_IDS and texts.unlike < MOSTLY else fit
    return texts.share(lambda text: not is_free_text(text) and not is_moment(text) and not is_day(text) and not is_person(text))
