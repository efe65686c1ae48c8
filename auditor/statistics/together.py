"""Tables that leave together of which one may hold the other: a sheet of girls and a sheet of all children give the boys back.

Names of sheets, files and columns do not say so for certain, so what is found cannot be judged. It is asked only where the
words of the whole all stand in the part's name too (``Totalt``, ``Antal barn`` or ``Ärenden`` beside ``Ärenden flickor``),
and the two are not of different years.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import permutations
from pathlib import PurePosixPath

from auditor.intake.spelling import same
from auditor.statistics.apart import apart, opposite
from auditor.statistics.model import Cell, Found, Key, Measure, Settings, StatisticsTable
from auditor.statistics.suppression import narrower
from auditor.statistics.tables import ACROSS
from auditor.statistics.totals import is_total

#: What a row is about, however its columns are headed.
Row = frozenset[str]
#: With more names, sums of several are not tried.
_MOST_SUMMED = 40
_NUMBERED = re.compile(
    r"\b(?:blad|ark|flik|sheet|tabell|table|statistik|statistics|fil|file|export|data)(?:[ -]*\(?\d{1,2}\)?)?(?![\w-])"
)
_TOKEN = re.compile(r"\d+-\d+|\d+|[^\W\d_]+")
_PERIOD = re.compile(r"(?:19|20)\d\d(?:-\d+)?")
#: Words that do not tell one table from another.
_FILLING = frozenset(
    {
        *("antal", "antalet", "frekvens", "värde", "n", "varav", "därav", "i", "per", "av", "och", "för", "efter", "år"),
        *("kommun", "kommuner", "municipality", "number", "count", "value", "in", "by", "of", "for", "and", "the"),
        *("xlsx", "csv"),
    }
)
#: Who is counted where nothing more is said; children are those of the ages that everybody has.
_EVERYBODY = frozenset(
    {
        *("barn", "barnen", "unga", "ungdomar", "personer", "individer", "elever", "invånare", "0-17", "0-18", "0-20"),
        *("children", "persons", "people", "pupils", "alla", "all", "båda", "both"),
    }
)
_PLACE_WORDS = frozenset({"kommun", "kommuns", "kommunen", "stad", "stads", "län", "region", "municipality"})


@dataclass(frozen=True, eq=False)
class Named:
    """A column of counts, or those of its numbers that are of one category, under all words that name it."""

    words: str
    cells: Mapping[Row, Cell]

    @cached_property
    def _tokens(self) -> list[str]:
        return _TOKEN.findall(_NUMBERED.sub(" ", same(self.words.replace("_", " "))))

    @cached_property
    def periods(self) -> frozenset[str]:
        """The years in the name."""
        return frozenset(token for token in self._tokens if _PERIOD.fullmatch(token))

    @cached_property
    def everybody(self) -> frozenset[str]:
        """The words for all who are counted."""
        return _EVERYBODY.intersection(self._tokens)

    @cached_property
    def own(self) -> tuple[str, ...]:
        """The words that tell the column from others."""
        plain = _FILLING | _EVERYBODY | self.periods
        return tuple(dict.fromkeys(token for token in self._tokens if token not in plain and not is_total(token)))


@dataclass(frozen=True)
class Beside:
    """A table that leaves together with others."""

    place: str
    columns: Sequence[Named]


def named_columns(table: StatisticsTable) -> Beside:
    """The columns of counts of a table, and their numbers of one category each."""
    raw, found = table.raw, dict[str, dict[Row, Cell]]()
    file = raw.place if raw.sheet is None else raw.place.rpartition(", ")[0]
    titles = [heading for heading in raw.headings if heading.strip()]
    name = f"{PurePosixPath(file).stem} {raw.sheet or ''} {titles[0] if len(titles) == 1 else ''}"
    for block in table.blocks:
        if block.kind is Measure.COUNT:
            for key, cell in block.cells.items():
                for words, row in _readings(key):
                    if row:
                        found.setdefault(f"{name} {words}", {}).setdefault(row, cell)
    return Beside(raw.place, [Named(words, cells) for words, cells in found.items()])


def _readings(key: Key) -> Iterator[tuple[str, Row]]:
    """What a number may be called, and the rest of what it is about: by its heading, and by a category of its row too."""
    heading = dict(key).get(ACROSS, "")
    row = {dimension: _plain(category) for dimension, category in key if dimension != ACROSS}
    yield heading, frozenset(row.values())
    if len(row) > 1:
        for dimension, category in row.items():
            yield f"{heading} {category}", frozenset(row[other] for other in row if other != dimension)


def _plain(category: str) -> str:
    """A category without the words and endings around the name of a place: ``0182 Nackas kommun`` is Nacka."""
    words = [word for word in category.split() if word not in _PLACE_WORDS]
    if len(words) > 1 and re.fullmatch(r"\d{2,4}", words[0]):
        words = words[1:]
    return " ".join(words).removesuffix("s") or category


def together_faults(table: StatisticsTable, settings: Settings, beside: Sequence[Beside]) -> list[Found]:
    """Numbers whose difference from those of a table that leaves with them may be a small count."""
    found, here = [], named_columns(table)
    for other in beside:
        mine = {id(cell) for column in here.columns for cell in column.cells.values()}
        cells = [*_may_give_back(here, other, settings.threshold), *_may_give_back(other, here, settings.threshold)]
        spots = dict.fromkeys(cell.spot for cell in cells if id(cell) in mine)
        if spots:
            found.append(Found("linked-part", list(spots), {"earlier": other.place}))
    return found


def _may_give_back(parts: Beside, wholes: Beside, threshold: int) -> Iterator[Cell]:
    """The numbers of one table's columns, and of the other's that may hold them, where the rest is small."""
    for whole in wholes.columns:
        named = [part for part in parts.columns if _may_hold(whole, part)]
        candidates = [part for part in named if not any(_differ([part, other], whole, threshold) for other in named)]
        for part in candidates:
            yield from _small_rests([part], whole, threshold)
        if 1 < len(candidates) <= _MOST_SUMMED:
            for group in _groups_apart(candidates):
                yield from _small_rests(group, whole, threshold)


def _may_hold(whole: Named, part: Named) -> bool:
    """Whether the names allow that one column holds the other, and both have the same rows."""
    if not set(whole.own) <= set(part.own) or apart(" ".join(whole.own), " ".join(part.own)):
        return False
    for one, other in ((whole.periods, part.periods), (whole.everybody, part.everybody)):
        if one and other and not one & other:
            return False
    return 2 * len(whole.cells.keys() & part.cells.keys()) >= min(len(whole.cells), len(part.cells))


def _differ(pair: Sequence[Named], whole: Named, threshold: int) -> bool:
    """Whether two columns share everybody between them and yet are far from the whole: it counts something else.

    One row far from it is not enough, for those whose sex is not known may be many in one row and few in another.
    """
    one, other = pair
    if not opposite(" ".join(one.own), " ".join(other.own)):
        return False
    rests = []
    for row, cell in whole.cells.items():
        values = [column.cells[row].value if row in column.cells else None for column in pair]
        if cell.value is not None and None not in values:
            rests.append(cell.value - sum(value for value in values if value is not None))
    return any(rest <= -threshold for rest in rests) or (bool(rests) and all(rest >= threshold for rest in rests))


def _groups_apart(columns: Sequence[Named]) -> set[tuple[Named, ...]]:
    """The greatest groups of columns, each begun by one, of which no two have anything in common."""
    names = [" ".join(column.own) for column in columns]
    pairs = {(one, other) for one, other in permutations(range(len(names)), 2) if apart(names[one], names[other])}
    groups = set()
    for first in range(len(names)):
        group = [first]
        for other in range(len(names)):
            if all((one, other) in pairs for one in group):
                group.append(other)
        groups.add(tuple(sorted(group)))
    return {tuple(columns[place] for place in group) for group in groups if len(group) > 1}


def _small_rests(parts: Sequence[Named], whole: Named, threshold: int) -> list[Cell]:
    """The cells of rows where the rest is small, if in every row that all have the parts may be at most the whole."""
    found: list[Cell] = []
    for row, cell in whole.cells.items():
        if all(row in part.cells for part in parts):
            of_row = [part.cells[row] for part in parts]
            low, high = _least(cell) - sum(map(_greatest, of_row)), _greatest(cell) - sum(map(_least, of_row))
            if high < 0:
                return []
            if narrower((max(low, 0.0), high), threshold):
                found += [cell, *of_row]
    return found


def _least(cell: Cell) -> float:
    return cell.least if cell.value is None else cell.value


def _greatest(cell: Cell) -> float:
    if cell.value is not None:
        return cell.value
    return float("inf") if cell.greatest is None else cell.greatest
