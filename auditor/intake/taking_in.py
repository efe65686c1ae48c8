"""Taking in an export: find its files, read them, understand headings and values, and settle each canonical table."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from auditor.agreement.model import Agreement
from auditor.engine import Engine, EngineError
from auditor.errors import UserError
from auditor.intake.conversion import define_macros
from auditor.intake.files import InputFile, find_files
from auditor.intake.mapping import Mapping, match_headings, read_mapping, standard_mapping
from auditor.intake.readers import RawFile, read_raw
from auditor.intake.settling import Piles, mask_ids, prepare_quarantine, quarantine_torn, settle
from auditor.intake.staging import RawSource, Reading, stage
from auditor.intake.tables import TABLES, Table, Type
from auditor.intake.values import Vocabulary
from auditor.law.grounds import LawTable
from auditor.privacy import MASKED, Pseudonyms, is_plain_id, shown_path
from auditor.progress import SILENT, Progress
from auditor.words import _


@dataclass
class FileRecord:
    """An input file: what was read from it and where its rows went."""

    number: int
    file: InputFile
    shown: str
    sha256: str
    size: int
    rows_read: int
    ignored_columns: tuple[str, ...]
    piles: Piles = field(default_factory=Piles)


@dataclass
class Intake:
    """An export, taken in: its files, the columns of each table that is there, and ids that are shown as pseudonyms."""

    files: list[FileRecord]
    present: dict[str, set[str]]
    ignored_files: tuple[str, ...]
    pseudonymised: int = 0
    note_origins: bool = False

    def shown_files(self) -> dict[int, str]:
        """The files' names as they may be shown, by number."""
        return {record.number: record.shown for record in self.files}

    def days(self, table: str) -> dict[date, int]:
        """How many rows of a dated table (identical ones counted once) stand at each local date."""
        found: dict[date, int] = {}
        for record in self.files:
            if record.file.table == table:
                for day, count in record.piles.kept.items():
                    if day is not None:
                        found[day] = found.get(day, 0) + count
        return found

    def rows(self, table: str) -> int:
        """How many rows of a table (identical ones counted once) there are to answer."""
        return sum(sum(record.piles.kept.values()) for record in self.files if record.file.table == table)


def vocabulary_of(agreement: Agreement, law: LawTable, mapping: Mapping) -> Vocabulary:
    """The words in which an export may name what the agreement knows."""
    units = {unit for units in agreement.units.values() for unit in units}
    units |= {duty.unit for duty in agreement.access.duty_units}
    return Vocabulary(
        organisations={name: (o.name, *o.aliases) for name, o in agreement.organisations.items()},
        fields={name: (f.label, *f.aliases) for name, f in agreement.fields.items()},
        flows={f.id: (*((f.label,) if f.label else ()), *f.aliases) for f in agreement.flows},
        channels=agreement.channels,
        units=tuple(sorted(units)),
        concerns=agreement.target_group.concern,
        grounds=law.grounds,
        mapping=mapping,
    )


def take_in(
    engine: Engine,
    folder: Path,
    agreement: Agreement,
    law: LawTable,
    private: Path,
    *,
    mapping_file: Path | None = None,
    pseudonyms: Pseudonyms,
    say: Progress = SILENT,
    note_origins: bool = False,
) -> Intake:
    """Read every file of ``folder`` into the engine's canonical tables. ``note_origins`` is for the audit of one controller.

    Raises UserError for an export that cannot be audited.
    """
    mapping = read_mapping(mapping_file) if mapping_file else standard_mapping()
    found = find_files(folder, mapping.files)
    say.expect(sum(_size(file.path) for file in found.files))
    define_macros(engine)
    prepare_quarantine(engine)
    vocabulary = vocabulary_of(agreement, law, mapping)
    intake = Intake([], {}, tuple(_shown_ignored(path, folder) for path in found.ignored), note_origins=note_origins)
    for table in TABLES.values():
        files = [file for file in found.files if file.table == table.name]
        if files:
            _take_in_table(engine, table, files, mapping, vocabulary, private, intake, say)
        else:
            _make_absent(engine, table)
    intake.pseudonymised = mask_ids(engine, set(intake.present), pseudonyms)
    return intake


def _size(path: Path) -> int:
    """A file's size in bytes; 0 when it went away, which reading it will tell."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _shown_ignored(path: Path, folder: Path) -> str:
    """A file that was not read, by its place in the input folder and not on the disk."""
    for root in (folder, folder.resolve()):
        if path.is_relative_to(root):
            return shown_path(path.relative_to(root).as_posix())
    return shown_path(path.name)


def _take_in_table(
    engine: Engine,
    table: Table,
    files: list[InputFile],
    mapping: Mapping,
    vocabulary: Vocabulary,
    private: Path,
    intake: Intake,
    say: Progress,
) -> None:
    sources: list[RawSource] = []
    records: list[FileRecord] = []
    first: tuple[str, frozenset[str]] | None = None
    for file in files:
        number = len(intake.files) + len(records)
        say(_("Reading {file}").format(file=shown_path(file.relative)))
        into = private / f"raw-{number}"
        into.mkdir()
        raw = read_raw(
            file, into, delimiter=mapping.delimiter_of(table.name), sheet=mapping.sheet_of(table.name), heard=say.read
        )
        say.rows(raw.rows_read)
        matched = match_headings(table.name, raw.headings, mapping, file=shown_path(file.relative))
        columns = frozenset(matched.columns)
        if first is None:
            first = (shown_path(file.relative), columns)
        elif first[1] != columns:
            raise _different_columns(table, first, shown_path(file.relative), columns)
        sources.append(_source(number, raw, matched.columns, mapping, table))
        ignored = tuple(_shown_heading(raw.headings, position) for position in matched.ignored)
        records.append(
            FileRecord(number, file, shown_path(file.relative), raw.sha256, file.path.stat().st_size, raw.rows_read, ignored)
        )
        if raw.torn:
            quarantine_torn(engine, table, number, str(raw.torn))
    if table.required and not any(record.rows_read for record in records):
        raise UserError(
            _("The table {table} has headings but no rows.").format(table=table.name),
            hint=_("Export the table again; an audit of nothing would look like a clean one."),
            file=records[0].shown,
        )
    try:
        stage(engine, table, sources, vocabulary)
    except EngineError as error:
        if error.disk_full:
            raise
        raise UserError(
            _("The table {table} cannot be read to its end: a file is damaged or not of the form that its name says.").format(
                table=table.name
            ),
            hint=_("Export the table again, or as CSV in UTF-8."),
            file=records[0].shown if len(records) == 1 else None,
        ) from error
    for number, piles in settle(engine, table, note_origins=intake.note_origins).items():
        next(record for record in records if record.number == number).piles = piles
    check_sums(records)
    intake.files.extend(records)
    intake.present[table.name] = set(first[1]) if first else set()


def check_sums(records: list[FileRecord]) -> None:
    """Every row read has ended in exactly one pile. A fault here is the program's own."""
    for record in records:
        piles = record.piles
        ended = sum(piles.kept.values()) + sum(piles.repeated.values()) + piles.quarantined + piles.others
        if ended != record.rows_read:
            raise RuntimeError(f"file {record.number}: {record.rows_read} rows were read but {ended} ended in a pile")


def _source(number: int, raw: RawFile, columns: dict[str, int], mapping: Mapping, table: Table) -> RawSource:
    names = {canonical: raw.columns[position] for canonical, position in columns.items()}
    sql = "read_parquet(?, file_row_number = true, hive_partitioning = false)" if raw.native else "read_parquet(?)"
    line = "file_row_number + 1" if raw.native else "line"
    forms = {column.name: form for column in table.columns if (form := mapping.date_form(table.name, column.name))}
    separators = {column.name: mark for column in table.columns if (mark := mapping.separator(table.name, column.name))}
    return RawSource(number, sql, (str(raw.cells),), line, names, forms, separators)


def _shown_heading(headings: tuple[str, ...], position: int) -> str:
    """An unknown heading as it may be shown: its text where it is one plain word, else its position alone."""
    heading = headings[position]
    if is_plain_id(heading, needs_digit=False) and " " not in heading:
        return heading
    return f"{MASKED} ({position + 1})"


def _different_columns(table: Table, first: tuple[str, frozenset[str]], shown: str, columns: frozenset[str]) -> UserError:
    return UserError(
        _("Two files hold the table {table} with different columns: {first} and {second} differ in {columns}.").format(
            table=table.name, first=first[0], second=shown, columns=", ".join(sorted(first[1] ^ columns))
        ),
        hint=_("Export them with the same columns, or take one of them out of the folder."),
        file=shown,
    )


def _make_absent(engine: Engine, table: Table) -> None:
    """An empty table in the place of one that the export does not hold, so that queries can name it."""
    stage(engine, table, [], _NoVocabulary())
    settle(engine, table)


class _NoVocabulary:
    def read(self, type_: Type, text: str, *, table: str, column: str) -> Reading:
        raise AssertionError("an absent table has no texts")
