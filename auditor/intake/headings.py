"""Which column of a file is which canonical column, by the headings in its first row."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from auditor.agreement.faults import shown
from auditor.errors import UserError, UserErrors
from auditor.intake.mapping_model import Mapping, TableMapping
from auditor.intake.spelling import heading_key
from auditor.intake.tables import TABLES
from auditor.privacy import MASKED, holds_name, may_hold_personal_number
from auditor.words import _

#: How alike a heading and a known spelling must be (difflib's ratio) for the heading to be printed.
SIMILAR = 0.6
_SHOWN_NEAREST = 3
# With fewer understood headings the first row may be data, and nothing of it is printed.
_SURELY_HEADINGS = 2


@dataclass(frozen=True)
class Matched:
    """Canonical column -> position in the file (from 0), and the positions of the columns that no table knows."""

    columns: dict[str, int]
    ignored: tuple[int, ...]


def shown_heading(heading: str) -> str:
    """A heading as it may stand in a message: at most 60 characters, control characters escaped, no personal number, also
    none with a wrong check digit."""
    return MASKED if may_hold_personal_number(heading) else shown(heading)


def _shown_likeness(heading: str, place: int) -> str:
    """A heading that is not understood, as it may stand in a message: its position where somebody's name may stand in it."""
    return f"({place + 1})" if holds_name(heading) else shown_heading(heading)


def match_headings(table: str, headings: Sequence[str], mapping: Mapping, *, file: str) -> Matched:
    """Find the canonical columns of ``table`` among the headings of ``file``, in the file's order.

    Raises UserError (several faults: UserErrors) when two headings mean one column, when a heading that the mapping names
    is not there, when required columns are missing (all in one error, each with the nearest headings), and when no
    heading is understood at all.
    """
    return _Matching(table, headings, mapping, file).matched()


class _Matching:
    def __init__(self, table: str, headings: Sequence[str], mapping: Mapping, file: str) -> None:
        self._table = table
        self._headings = headings
        self._keys = [heading_key(heading) for heading in headings]
        self._mapped: TableMapping = mapping.tables[table]
        self._mapping_file = mapping.file
        self._file = file
        self._columns: dict[str, int] = {}
        self._left_out: set[int] = set()
        self._settled: set[str] = set()
        self._absent: list[tuple[str, str]] = []
        self._faults: list[UserError] = []

    def matched(self) -> Matched:
        self._leave_out()
        self._take_named()
        self._take_known()
        if not self._columns and not self._faults:
            raise self._no_headings()
        for heading, clause in self._absent:
            self._not_there(heading, clause)
        self._require()
        if len(self._faults) == 1:
            raise self._faults[0]
        if self._faults:
            message = _("The headings of the table '{table}' have {count} faults.").format(
                table=self._table, count=len(self._faults)
            )
            raise UserErrors(
                message,
                self._faults,
                hint=_("Mend the export, or say in a mapping which heading is which column."),
                file=self._file,
            )
        used = set(self._columns.values())
        return Matched(dict(self._columns), tuple(place for place in range(len(self._headings)) if place not in used))

    def _leave_out(self) -> None:
        for heading in self._mapped.ignored:
            places = self._places(heading)
            self._left_out.update(places)
            if not places:
                self._absent.append((heading, f"tables.{self._table}.ignore"))

    def _take_named(self) -> None:
        for column, heading in self._mapped.named.items():
            self._settled.add(column)
            places = [place for place in self._places(heading) if place not in self._left_out]
            if not places:
                self._absent.append((heading, f"tables.{self._table}.columns.{column}"))
            else:
                self._take(column, places)

    def _take_known(self) -> None:
        taken = set(self._columns.values()) | self._left_out
        named = {heading_key(heading) for heading in self._mapped.named.values()}
        for column in TABLES[self._table].columns:
            if column.name in self._mapped.named:
                continue
            spellings = {heading_key(spelling) for spelling in self._mapped.spellings(column.name)} - named
            places = [place for place, key in enumerate(self._keys) if key in spellings and place not in taken]
            if places:
                self._take(column.name, places)

    def _take(self, column: str, places: list[int]) -> None:
        self._settled.add(column)
        if len(places) == 1:
            self._columns[column] = places[0]
            return
        self._faults.append(
            UserError(
                _("Columns {positions} are all read as '{column}'.").format(
                    positions=", ".join(str(place + 1) for place in places), column=column
                ),
                hint=_("Say in a mapping which one it is: tables.{table}.columns.{column}.").format(
                    table=self._table, column=column
                ),
                file=self._file,
                column=column,
            )
        )

    def _places(self, heading: str) -> list[int]:
        """Where a heading stands; exactly as written, if it does, else in any spelling."""
        written = unicodedata.normalize("NFC", heading).strip()
        exact = [place for place, other in enumerate(self._headings) if unicodedata.normalize("NFC", other).strip() == written]
        return exact or [place for place, key in enumerate(self._keys) if key == heading_key(heading)]

    def _not_there(self, heading: str, clause: str) -> None:
        near = self._nearest([heading])
        message = _("The file has no column '{heading}', which the mapping names.").format(heading=shown_heading(heading))
        hint = _("Correct {clause} in the mapping to a heading of the file.").format(clause=clause)
        if near:
            message = _("The file has no column '{heading}', which the mapping names; the nearest is {nearest}.").format(
                heading=shown_heading(heading), nearest=near
            )
        self._faults.append(UserError(message, hint=hint, file=self._file, column=clause))

    def _require(self) -> None:
        missing = [
            column.name for column in TABLES[self._table].columns if column.required and column.name not in self._settled
        ]
        if not missing:
            return
        named = []
        for column in missing:
            near = self._nearest(list(self._mapped.spellings(column)))
            usual = next(self._mapped.spellings(column))
            if near:
                named.append(
                    _("{column} (usually '{usual}'; nearest here: {nearest})").format(column=column, usual=usual, nearest=near)
                )
            else:
                named.append(_("{column} (usually '{usual}')").format(column=column, usual=usual))
        self._faults.append(
            UserError(
                _("Columns that '{table}' must have are missing: {columns}.").format(
                    table=self._table, columns=", ".join(named)
                ),
                hint=_("Add them to the export, or say in a mapping which headings they have: tables.{table}.columns.").format(
                    table=self._table
                ),
                file=self._file,
                column=", ".join(missing),
            )
        )

    def _nearest(self, spellings: list[str]) -> str:
        """The headings not yet understood that are most like one of the spellings, as they may be shown; '' when none is."""
        if len(self._columns) < _SURELY_HEADINGS:
            return ""
        keys = [heading_key(spelling) for spelling in spellings]
        taken = set(self._columns.values()) | self._left_out
        ranked = []
        for place, key in enumerate(self._keys):
            if place not in taken and key and len(key) <= 60:
                likeness = max(difflib.SequenceMatcher(None, key, known).ratio() for known in keys)
                if likeness >= SIMILAR:
                    ranked.append((-likeness, place))
        nearest = [_shown_likeness(self._headings[place], place) for _likeness, place in sorted(ranked)[:_SHOWN_NEAREST]]
        return ", ".join(_("'{heading}'").format(heading=heading) for heading in nearest)

    def _no_headings(self) -> UserError:
        return UserError(
            _("The first row does not look like headings: none of them is known for the table '{table}'.").format(
                table=self._table
            ),
            hint=_("Export the file with a row of headings, or say in a mapping which heading is which column."),
            file=self._file,
            line=1,
        )
