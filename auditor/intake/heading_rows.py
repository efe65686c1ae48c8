"""Where a table's headings stand: in the first row, or below lines of another kind (a title, filters, a first row of groups).

A row is never taken for the headings by a guess. Where the first row cannot be the headings and another looks like them, the
error says which, so that a mapping can name it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from auditor.errors import UserError, UserErrors
from auditor.intake.files import Form, InputFile
from auditor.intake.headings import Matched, match_headings
from auditor.intake.mapping_model import Mapping
from auditor.intake.readers import RawFile, read_raw
from auditor.intake.readers.sampling import Sample, sample
from auditor.intake.spelling import heading_key
from auditor.intake.tables import TABLES
from auditor.privacy import shown_path
from auditor.words import _

#: With fewer known headings a row is not said to look like the headings.
_FEWEST = 3


def read_and_match(
    file: InputFile, into: Path, mapping: Mapping, *, heard: Callable[[int], None] = lambda size: None
) -> tuple[RawFile, Matched]:
    """Read a file of a canonical table into raw cells in the folder ``into``, and find its canonical columns.

    ``heard`` is told of bytes as they are read.
    Raises UserError as ``read_raw`` and ``match_headings`` do; when the headings seem to stand in another row than the one
    that was read, the error says so first.
    """
    try:
        raw = read_raw(
            file,
            into,
            delimiter=mapping.delimiter_of(file.table),
            sheet=mapping.sheet_of(file.table),
            heading_row=mapping.heading_row_of(file.table),
            heard=heard,
        )
        return raw, match_headings(file.table, raw.headings, mapping, file=shown_path(file.relative))
    except UserError as fault:
        elsewhere = _headings_elsewhere(file, into, mapping)
        if elsewhere is None:
            raise
        others = fault.faults if isinstance(fault, UserErrors) else [fault]
        raise UserErrors(
            _("The headings of the table '{table}' cannot be read.").format(table=file.table),
            [elsewhere, *others],
            hint=_("Mend the export, or say in a mapping which heading is which column."),
            file=shown_path(file.relative),
        ) from None


def _headings_elsewhere(file: InputFile, into: Path, mapping: Mapping) -> UserError | None:
    """The fault that a row further down looks like the headings, and the one that was read does not; else None."""
    if file.form in (Form.PARQUET, Form.JSON_LINES):
        return None
    try:
        seen = sample(file, into, delimiter=mapping.delimiter_of(file.table), sheet=mapping.sheet_of(file.table))
    except (UserError, OSError):
        return None
    row = likely_heading_row(seen, [file.table], mapping)
    if row is None or row == (mapping.heading_row_of(file.table) or seen.head[0][0]):
        return None
    given = mapping.heading_row_of(file.table)
    if given is not None:
        return UserError(
            _("The headings seem to stand in row {row}, and not in row {given} as the mapping says.").format(
                row=row, given=given
            ),
            hint=_("Correct 'heading_row' in the mapping; under a table of its own it is said of that table alone."),
            file=shown_path(file.relative),
            line=row,
        )
    return UserError(
        _("The headings seem to stand in row {row}, below other rows.").format(row=row),
        hint=_(
            "Remove the rows above, or have 'auditor mapping suggest' write a mapping; in one of your own, write 'heading_row:"
            " {row}' under 'tables' and '{table}'. The rows above are then passed over every time."
        ).format(row=row, table=file.table),
        file=shown_path(file.relative),
        line=row,
    )


def likely_heading_row(seen: Sample, tables: Iterable[str], mapping: Mapping) -> int | None:
    """The row of a file's beginning that holds the most known headings of one of the tables; None when none holds enough.

    Of several with the same number it is the first.
    """
    spellings = [known_spellings(table, mapping) for table in tables]
    best, most = None, _FEWEST - 1
    for number, cells in seen.head:
        known = max(len(known_columns(cells, table)) for table in spellings)
        if known > most:
            best, most = number, known
    return best


def known_spellings(table: str, mapping: Mapping) -> dict[str, str]:
    """Each known heading of a table as it is compared, with its canonical column."""
    return {
        heading_key(spelling): column.name
        for column in TABLES[table].columns
        for spelling in mapping.tables[table].spellings(column.name)
    }


def known_columns(cells: Sequence[str], spellings: dict[str, str]) -> set[str]:
    """The canonical columns that the cells of a row name."""
    return {spellings[key] for cell in cells if cell and (key := heading_key(cell)) in spellings}
