"""``auditor mapping check``: an export as a mapping reads it, with everything personal masked, and what it cannot read."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from auditor.agreement import load_agreement
from auditor.cli.speaking import printable
from auditor.engine import Engine
from auditor.errors import ExitCode, UserError, UserErrors
from auditor.intake.files import find_files, size_of
from auditor.intake.heading_rows import read_and_match
from auditor.intake.headings import shown_heading
from auditor.intake.mapping import Mapping, not_verified, read_mapping
from auditor.intake.preview import FirstRows, Preview, Unread, first_rows, preview, unread
from auditor.intake.tables import TABLES, Table
from auditor.intake.taking_in import Intake, take_in, vocabulary_of
from auditor.labels import REASONS
from auditor.law.grounds import read_law_table
from auditor.output_folder import owner_only, private_folder
from auditor.privacy import Pseudonyms
from auditor.words import _

_ROWS_SHOWN = 3
_WIDEST = 32


def check_command(file: Path, source: Path, agreement: Path | None) -> int:
    """Show the first rows as canonical columns, what could not be read, and what is missing.

    Raises UserError when the mapping or the export cannot be used, with the faults of all files.
    """
    mapping = read_mapping(file)
    loaded, law = load_agreement(agreement).agreement, read_law_table()
    if mapping.unverified:
        click.echo(printable(not_verified(mapping.unverified)))
        click.echo()
    with (
        owner_only(),
        private_folder(Path(tempfile.gettempdir()) / "checked") as private,
        Engine(private, [source], size=size_of(source)) as engine,
    ):
        first: FirstRows = {}

        def look(table: Table) -> None:
            first[table.name] = first_rows(engine, table, _ROWS_SHOWN)

        pseudonyms = Pseudonyms(private / "pseudonym.key")  # thrown away: no pseudonym is shown
        try:
            intake = take_in(engine, source, loaded, law, private, mapping_file=file, pseudonyms=pseudonyms, look=look)
        except UserError as fault:
            raise _with_all_headings(fault, source, mapping, private) from None
        vocabulary = vocabulary_of(loaded, law, mapping)
        units = frozenset(unit for units in loaded.units.values() for unit in units)
        shown = [preview(engine, intake, table, rows, vocabulary, units) for table, rows in first.items()]
        lines = [line for one in shown for line in _table(one, intake)]
        lines += _unread(unread(engine, intake)) + _not_there(intake)
    click.echo(printable("\n".join(lines)))
    empty = [one.table for one in shown if not one.kept and (TABLES[one.table].required or one.read)]
    if empty:
        raise UserError(
            _("Not a single row could be read of: {tables}.").format(tables=", ".join(empty)),
            hint=_("Look above at what could not be read, and correct the mapping or the export."),
        )
    click.echo(_("The mapping and the export fit each other."))
    return ExitCode.DONE


def _with_all_headings(fault: UserError, source: Path, mapping: Mapping, private: Path) -> UserError:
    """The fault that stopped the reading; if it is about a file, with the faults of the headings of all the other files."""
    try:
        files = find_files(source, mapping.files).files
    except UserError:
        return fault
    faults: list[UserError] = []
    for number, one in enumerate(files):
        into = private / f"again-{number}"
        into.mkdir()
        try:
            read_and_match(one, into, mapping)
        except UserErrors as several:
            faults += several.faults
        except UserError as single:
            faults.append(single)
    if len(faults) < 2:
        return fault
    return UserErrors(
        _("The export cannot be read with this mapping: {count} faults.").format(count=len(faults)),
        faults,
        hint=_("Mend the export, or say in a mapping which heading is which column."),
    )


def _table(shown: Preview, intake: Intake) -> list[str]:
    records = [record for record in intake.files if record.file.table == shown.table]
    numbers = {"table": shown.table, "files": len(records), "read": shown.read, "kept": shown.kept}
    lines = [_("{table}: files {files}, rows read {read}, kept {kept}").format(**numbers)]
    headings = [_heading(intake, shown.table, column) for column in shown.columns]
    cells = [
        [column, heading, *(row[place] for row in shown.rows)]
        for place, (column, heading) in enumerate(zip(shown.columns, headings, strict=True))
    ]
    titles = [_("column"), _("heading"), *(_("row {number}").format(number=n) for n in range(1, len(shown.rows) + 1))]
    widths = [min(_WIDEST, max(len(row[place]) for row in (titles, *cells))) for place in range(len(titles))]
    for row in (titles, *cells):
        lines.append("  " + "  ".join(_cut(cell).ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    for column, count in shown.unknown.items():
        lines.append(
            "  "
            + _("{count} different words in '{column}' are known to neither agreement nor law table").format(
                count=count, column=column
            )
        )
    return [*lines, ""]


def _heading(intake: Intake, table: str, column: str) -> str:
    found = {
        shown_heading(record.headings[column])
        for record in intake.files
        if record.file.table == table and column in record.headings
    }
    return " / ".join(sorted(found))


def _cut(cell: str) -> str:
    return cell if len(cell) <= _WIDEST else f"{cell[: _WIDEST - 1]}…"


def _unread(found: list[Unread]) -> list[str]:
    if not found:
        return [_("Everything could be read."), ""]
    lines = [_("What could not be read:")]
    for one in found:
        place = one.file if one.column is None else f"{one.file}, {one.column}"
        lines.append(
            "  "
            + _("{place}: {count} times: {reason} (line {lines})").format(
                place=place, count=one.count, reason=_(REASONS[one.reason]), lines=", ".join(map(str, one.lines))
            )
        )
    return [*lines, ""]


def _not_there(intake: Intake) -> list[str]:
    """Tables and columns that the export does not have; checks that need a table, or a column marked +, are not run."""
    lines = []
    for name, table in TABLES.items():
        if name not in intake.present:
            lines.append("  " + _("the table {table}").format(table=name))
            continue
        for column in table.columns:
            if column.name not in intake.present[name]:
                lines.append(f"  {name}.{column.name}{' +' if column.meaningful_empty else ''}")
    ignored = sum(len(record.ignored_columns) for record in intake.files)
    title = [_("What the export does not have (checks that need a table, or a column with +, are not run):")] if lines else []
    told = [_("Columns that no table knows, and that are not read: {count}").format(count=ignored)] if ignored else []
    return [*title, *lines, *([""] if lines else []), *told, *([""] if told else [])]
