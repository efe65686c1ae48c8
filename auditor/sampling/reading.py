"""Reads a filled-in form back: every fault with its row and column, no cell's value in any message, no formula computed."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from openpyxl.utils import get_column_letter

from auditor.errors import UserError, UserErrors
from auditor.intake.readers.limits import MIB, Limits
from auditor.intake.readers.workbook import small_workbook
from auditor.output import sha256_of
from auditor.privacy import shown_path
from auditor.reviews.model import RECORD, Record, RecordedPeriod, RecordedStratum, Results, bound_of, is_shown_text
from auditor.reviews.wording import ASSESSMENTS, FILLED_IN, FIXED, UNFINISHED
from auditor.sampling.form import FACTS_SHEET, FORM, HEADING_ROW, digest_of
from auditor.words import _

#: A form that people fill in by hand stays far below these.
_LIMITS = Limits(workbook_bytes=128 * MIB, workbook_ratio_from=16 * MIB, workbook_parts=1_000)
_MOST_ROWS = 25_000
_COLUMNS = len(FIXED) + len(FILLED_IN)
_PLACE = {name: place for place, name in enumerate((*FIXED, *FILLED_IN), start=1)}


@dataclass(frozen=True)
class _Cell:
    content: Any
    formula: bool

    @property
    def text(self) -> str:
        """The cell as text, whatever program saved it."""
        if isinstance(self.content, float) and self.content.is_integer():
            return str(int(self.content))
        return "" if self.content is None else str(self.content)


@dataclass
class _Facts:
    """The second sheet: facts by name, strata, and the hash of each row's fixed cells."""

    told: dict[str, Any] = field(default_factory=dict)
    strata: list[RecordedStratum] = field(default_factory=list)
    rows: list[str] = field(default_factory=list)


@dataclass
class _Filled:
    """What reviewers wrote, counted."""

    results: dict[bool, Counter[str]] = field(default_factory=lambda: {True: Counter(), False: Counter()})
    reviewers: set[str] = field(default_factory=set)
    days: set[date] = field(default_factory=set)
    remarks: int = 0


def read_form(path: Path) -> Record:
    """The record of the review that a form holds. Raises UserErrors with every fault of the form."""
    with small_workbook(path, _LIMITS) as book:
        if FACTS_SHEET not in book.sheetnames or len(book.sheetnames) < 2:
            raise _no_form(path)
        facts = _read_facts(_cells(book[FACTS_SHEET], 2), path)
        first = next(name for name in book.sheetnames if name != FACTS_SHEET)
        rows = _cells(book[first], _COLUMNS)
    filled, faults = _Filled(), _headings(rows, facts, path)
    seen: set[int] = set()
    for line, cells in enumerate(rows[HEADING_ROW:], start=HEADING_ROW + 1):
        if any(cell.text.strip() for cell in cells):
            faults += _take(line, cells, facts, filled, seen, path)
    missing = len(facts.rows) - len(seen)
    if missing:
        faults.append(_fault(path, _("Rows of the form are missing: {n}.").format(n=missing)))
    if faults:
        raise UserErrors(
            _("The form cannot be recorded. Faults: {n}").format(n=len(faults)),
            faults,
            hint=_("Correct the cells in the form, save it and run again."),
            file=shown_path(path.name),
        )
    return _record(facts, filled, path)


def _cells(sheet: Any, columns: int) -> list[list[_Cell]]:
    sheet.reset_dimensions()
    rows = []
    for row in sheet.iter_rows(max_row=_MOST_ROWS, max_col=columns):
        cells = [_Cell(cell.value, cell.data_type in ("f", "e")) for cell in row]
        rows.append(cells + [_Cell(None, False)] * (columns - len(cells)))
    return rows


def _no_form(path: Path) -> UserError:
    return UserError(
        _("The file is no review form of this program, or the sheet '{sheet}' has been changed.").format(sheet=FACTS_SHEET),
        hint=_("Write the assessments into a form that 'auditor sample' wrote, and change nothing else."),
        file=shown_path(path.name),
    )


def _fault(path: Path, message: str, line: int | None = None, place: int | None = None) -> UserError:
    hint = _("Correct the cell; the form's other cells must be as they were written.")
    return UserError(
        message, hint=hint, file=shown_path(path.name), line=line, column=get_column_letter(place) if place else None
    )


def _read_facts(rows: list[list[_Cell]], path: Path) -> _Facts:
    """The second sheet, whose last line is the hash of all before it."""
    lines = [[cell.text for cell in row] for row in rows if any(cell.text for cell in row)]
    facts = _Facts()
    try:
        if lines[0] != ["form", str(FORM)] or lines[-1] != ["whole", digest_of(cell for line in lines[:-1] for cell in line)]:
            raise ValueError
        for name, content in lines[1:-1]:
            if name == "row":
                facts.rows.append(content)
            elif name == "stratum":
                stratum, accesses, drawn = json.loads(content)
                facts.strata.append(RecordedStratum(name=stratum, accesses=accesses, drawn=drawn))
            else:
                facts.told[name] = json.loads(content)
        told = facts.told
        words = {told["assessments"][code] for code in ASSESSMENTS}
        counted = int(told["at_random"]) + int(told["pressing"])
        if counted != len(facts.rows) or len(told["headings"]) != _COLUMNS or len(words) != len(ASSESSMENTS):
            raise ValueError
    except (LookupError, TypeError, ValueError, RecursionError):
        raise _no_form(path) from None
    return facts


def _headings(rows: list[list[_Cell]], facts: _Facts, path: Path) -> list[UserError]:
    found = [cell.text for cell in rows[HEADING_ROW - 1]] if len(rows) >= HEADING_ROW else [""] * _COLUMNS
    message = _("The heading has been changed or moved.")
    return [
        _fault(path, message, HEADING_ROW, place)
        for place, (heading, written) in enumerate(zip(found, facts.told["headings"], strict=True), start=1)
        if heading != written
    ]


def _take(line: int, cells: list[_Cell], facts: _Facts, filled: _Filled, seen: set[int], path: Path) -> list[UserError]:
    """Count one row; its faults."""
    written = [cell.text for cell in cells[: len(FIXED)]]
    number = int(written[0]) if written[0].isascii() and written[0].isdigit() and len(written[0]) < 9 else 0
    if not 1 <= number <= len(facts.rows):
        return [_fault(path, _("The row is none of those that were drawn."), line, 1)]
    if number in seen:
        return [_fault(path, _("The row stands more than once."), line, 1)]
    seen.add(number)
    faults = []
    if digest_of(written) != facts.rows[number - 1] or any(cell.formula for cell in cells[: len(FIXED)]):
        faults.append(_fault(path, _("A cell that is not to be filled in has been changed in the row."), line, 1))
    cell = {name: cells[_PLACE[name] - 1] for name in FILLED_IN}
    for name in FILLED_IN:
        if cell[name].formula:
            faults.append(_fault(path, _("The cell holds a formula; write a value."), line, _PLACE[name]))
    if faults:
        return faults
    return _take_filled(line, cell, facts, filled, number <= int(facts.told["at_random"]), path)


def _take_filled(
    line: int, cell: dict[str, _Cell], facts: _Facts, filled: _Filled, at_random: bool, path: Path
) -> list[UserError]:
    codes = {facts.told["assessments"][code].casefold(): code for code in ASSESSMENTS}
    said, reviewer = cell["assessment"].text.strip().casefold(), cell["reviewer"].text.strip()
    day, faults = _day(cell["day"]), []
    if said and said not in codes:
        faults.append(_fault(path, _("The assessment is none of the words in the list."), line, _PLACE["assessment"]))
    if cell["day"].text.strip() and day is None:
        faults.append(_fault(path, _("The day cannot be read; write it as 2026-11-03."), line, _PLACE["day"]))
    elif day is not None and day < date.fromisoformat(facts.told["period"]["first"]):
        faults.append(_fault(path, _("The day of review is before the audited period."), line, _PLACE["day"]))
    elif day is not None and day > date.today():
        faults.append(_fault(path, _("The day of review lies in the future."), line, _PLACE["day"]))
    elif said and day is None:
        faults.append(_fault(path, _("The day of review is missing."), line, _PLACE["day"]))
    if said and not reviewer:
        faults.append(_fault(path, _("The reviewer is missing."), line, _PLACE["reviewer"]))
    if not is_shown_text(reviewer):
        message = _("The reviewer must be a short name or role without a personal number.")
        faults.append(_fault(path, message, line, _PLACE["reviewer"]))
    if faults:
        return faults
    filled.results[at_random][codes[said] if said else UNFINISHED] += 1
    filled.remarks += bool(cell["remark"].text.strip())
    if said and day is not None:
        filled.reviewers.add(reviewer)
        filled.days.add(day)
    return []


def _day(cell: _Cell) -> date | None:
    """A day, whether it was kept as a date or as text."""
    if isinstance(cell.content, datetime):
        return cell.content.date()
    if isinstance(cell.content, date):
        return cell.content
    try:
        return date.fromisoformat(cell.text.strip()) if isinstance(cell.content, str) else None
    except ValueError:
        return None


def _record(facts: _Facts, filled: _Filled, path: Path) -> Record:
    told = facts.told
    random, pressing = (
        Results(**{code: filled.results[at_random][code] for code in (*ASSESSMENTS, UNFINISHED)}) for at_random in (True, False)
    )
    strata = tuple(facts.strata)
    try:
        period = {name: date.fromisoformat(told["period"][name]) for name in ("first", "last")}
        return Record(
            record=RECORD,
            period=RecordedPeriod(**period),
            controller=told["controller"],
            seed=told["seed"],
            n=told["n"],
            stratified_by=told["stratified_by"],
            strata=strata,
            at_random=random,
            pressing=pressing,
            bound=bound_of(random, strata),
            reviewers=tuple(sorted(filled.reviewers)),
            first_day=min(filled.days, default=None),
            last_day=max(filled.days, default=None),
            remarks=filled.remarks,
            form_sha256=sha256_of(path),
            manifest_sha256=told["manifest_sha256"],
        )
    except (LookupError, TypeError, ValueError):
        raise _no_form(path) from None
