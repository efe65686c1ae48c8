"""Taking in an export: find its files, read them, understand headings and values, and settle each canonical table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path

from auditor.agreement.model import Agreement
from auditor.engine import Engine, EngineError
from auditor.errors import UserError
from auditor.intake.conversion import define_macros
from auditor.intake.enumeration import raw_source
from auditor.intake.files import InputFile, find_files, table_missing
from auditor.intake.heading_rows import read_and_match
from auditor.intake.headings import Matched
from auditor.intake.mapping import Mapping, read_mapping, standard_mapping
from auditor.intake.readers import RawFile
from auditor.intake.reading_ahead import Heard, Turns, read_in_turn
from auditor.intake.settling import Piles, mask_ids, prepare_quarantine, quarantine_torn, settle
from auditor.intake.staging import RawSource, Reading, stage
from auditor.intake.standard_logs import Origin, Part, note_files, read_standard_log, unknowable
from auditor.intake.tables import TABLES, Table, Type
from auditor.intake.values import Vocabulary
from auditor.law.grounds import LawTable
from auditor.privacy import MASKED, Pseudonyms, is_plain_id, shown_path
from auditor.progress import SILENT, Progress
from auditor.words import _

Look = Callable[[Table], None]


@dataclass
class FileRecord:
    """An input file: what was read from it and where its rows went. ``headings`` gives each canonical column its heading.

    A log of a standard format has a record for each table that it holds rows of.
    """

    number: int
    file: InputFile
    shown: str
    sha256: str
    size: int
    rows_read: int
    ignored_columns: tuple[str, ...]
    headings: dict[str, str] = field(default_factory=dict)
    piles: Piles = field(default_factory=Piles)
    origin: Origin | None = None  # of a log of a standard format
    ends_torn: bool = False  # its last row could not be read
    times_without_zone: bool = False


@dataclass
class Intake:
    """An export, taken in: its files, the columns of each table that is there, and ids that are shown as pseudonyms.

    ``unverified`` names the case system whose layout the mapping only assumes; None for any other mapping.
    """

    files: list[FileRecord]
    present: dict[str, set[str]]
    ignored_files: tuple[str, ...]
    pseudonymised: int = 0
    unverified: str | None = None
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
    look: Look = lambda table: None,
    note_origins: bool = False,
) -> Intake:
    """Read every file of ``folder`` into the engine's canonical tables. ``note_origins`` is for the audit of one controller.

    ``look`` is called with each table that is there when it is staged (staging.py) and nothing has left it yet.
    Raises UserError for an export that cannot be audited.
    """
    mapping = read_mapping(mapping_file) if mapping_file else standard_mapping()
    found = find_files(folder, mapping.files)
    say.expect(sum(_size(file.path) for file in found.files))
    define_macros(engine)
    prepare_quarantine(engine)
    vocabulary = vocabulary_of(agreement, law, mapping)
    ignored = tuple(_shown_ignored(path, folder) for path in found.ignored)
    intake = Intake([], {}, ignored, unverified=mapping.unverified, note_origins=note_origins)
    parts = _read_standard_logs(found.standard, folder, private, intake, say)
    files = {name: [file for file in found.files if file.table == name] for name in TABLES}
    in_order = [file for name in TABLES for file in files[name]]
    readings = [partial(_read, file, private / f"raw-{place}", mapping) for place, file in enumerate(in_order)]
    with read_in_turn(readings) as turns:
        for table in TABLES.values():
            own_parts = [part for part in parts if part.table == table.name]
            if files[table.name] or own_parts:
                _take_in_table(engine, table, files[table.name], turns, own_parts, mapping, vocabulary, intake, say, look)
            elif table.required:
                raise table_missing(table.name)
            else:
                _make_absent(engine, table)
    note_files(engine, [record.number for record in intake.files if record.origin])
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


def _read_standard_logs(files: Sequence[InputFile], folder: Path, private: Path, intake: Intake, say: Progress) -> list[Part]:
    """The parts of all logs of a standard format. A file without any event is one more that was not read."""
    parts: list[Part] = []
    for number, file in enumerate(files):
        say(_("Reading {file}").format(file=shown_path(file.relative)))
        into = private / f"standard-{number}"
        into.mkdir()
        found = read_standard_log(file, into)
        parts += found
        if not found:
            intake.ignored_files = tuple(sorted((*intake.ignored_files, _shown_ignored(file.path, folder))))
    return parts


def _read(file: InputFile, into: Path, mapping: Mapping, heard: Heard) -> tuple[RawFile, Matched]:
    into.mkdir()
    return read_and_match(file, into, mapping, heard=heard)


def _take_in_table(
    engine: Engine,
    table: Table,
    files: list[InputFile],
    turns: Turns[tuple[RawFile, Matched]],
    parts: list[Part],
    mapping: Mapping,
    vocabulary: Vocabulary,
    intake: Intake,
    say: Progress,
    look: Look,
) -> None:
    sources: list[RawSource] = []
    records: list[FileRecord] = []
    first: tuple[str, frozenset[str]] | None = None
    for file in files:
        number = len(intake.files) + len(records)
        say(_("Reading {file}").format(file=shown_path(file.relative)))
        raw, matched = turns.next(say.read)
        say.rows(raw.rows_read)
        columns = frozenset(matched.columns)
        if first is None:
            first = (shown_path(file.relative), columns)
        elif differing := _told_apart(table, first[1] ^ columns):
            raise _different_columns(table, first[0], shown_path(file.relative), differing)
        sources.append(_source(number, raw, matched.columns, mapping, table))
        ignored = tuple(_shown_heading(raw.headings, position) for position in matched.ignored)
        shown, size = shown_path(file.relative), file.path.stat().st_size
        headings = {name: raw.headings[position] for name, position in matched.columns.items()}
        records.append(
            FileRecord(
                number, file, shown, raw.sha256, size, raw.rows_read, ignored, headings,
                ends_torn=raw.ends_torn, times_without_zone=raw.times_without_zone,
            )
        )  # fmt: skip
        if raw.torn:
            quarantine_torn(engine, table, number, str(raw.torn))
    for part in parts:
        number = len(intake.files) + len(records)
        columns_read = {name: position for position, name in enumerate(part.raw.headings)}
        sources.append(_source(number, part.raw, columns_read, mapping, table))
        records.append(_record_of(part, number))
        if part.raw.torn:
            quarantine_torn(engine, table, number, str(part.raw.torn))
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
    look(table)
    for number, piles in settle(engine, table, note_origins=intake.note_origins).items():
        next(record for record in records if record.number == number).piles = piles
    check_sums(records)
    intake.files.extend(records)
    # what a standard log has no place for is absent, not empty
    unknown = unknowable(table.name) if parts else frozenset()
    intake.present[table.name] = {name for source in sources for name in source.columns} - unknown


def _record_of(part: Part, number: int) -> FileRecord:
    file = part.raw.file
    shown, size = shown_path(file.relative), file.path.stat().st_size
    return FileRecord(number, file, shown, part.raw.sha256, size, part.raw.rows_read, (), origin=part.origin)


def check_sums(records: list[FileRecord]) -> None:
    """Every row read has ended in exactly one pile. A fault here is the program's own."""
    for record in records:
        piles = record.piles
        ended = sum(piles.kept.values()) + sum(piles.repeated.values()) + piles.quarantined + piles.others
        if ended != record.rows_read:
            raise RuntimeError(f"file {record.number}: {record.rows_read} rows were read but {ended} ended in a pile")


def _source(number: int, raw: RawFile, columns: dict[str, int], mapping: Mapping, table: Table) -> RawSource:
    names = {canonical: raw.columns[position] for canonical, position in columns.items()}
    forms = {column.name: form for column in table.columns if (form := mapping.date_form(table.name, column.name))}
    separators = {column.name: mark for column in table.columns if (mark := mapping.separator(table.name, column.name))}
    return raw_source(number, raw, names, forms, separators)


def _shown_heading(headings: tuple[str, ...], position: int) -> str:
    """An unknown heading as it may be shown: its text where it is one plain word, else its position alone."""
    heading = headings[position]
    if is_plain_id(heading, needs_digit=False) and " " not in heading:
        return heading
    return f"{MASKED} ({position + 1})"


def _told_apart(table: Table, columns: frozenset[str]) -> list[str]:
    """Of these columns those whose empty cell has a meaning of its own, so that absent and empty are not the same."""
    return sorted(name for name in columns if table.column(name).meaningful_empty)


def _different_columns(table: Table, first: str, shown: str, columns: list[str]) -> UserError:
    return UserError(
        _("Two files hold the table {table} with different columns: {first} and {second} differ in {columns}.").format(
            table=table.name, first=first, second=shown, columns=", ".join(columns)
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
