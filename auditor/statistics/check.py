"""One check of statistics from end to end: read files, understand tables, put each to the rules, look for personal data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from auditor.agreement import LoadedAgreement
from auditor.engine import Engine
from auditor.errors import UserError
from auditor.intake.mapping import standard_mapping
from auditor.intake.taking_in import vocabulary_of
from auditor.law.grounds import LawTable
from auditor.privacy import shown_path
from auditor.progress import SILENT, Progress
from auditor.release.check import make_view, size_of
from auditor.release.columns import understand, view_of
from auditor.release.formulas import formula_reasons
from auditor.release.identifiers import Identifier
from auditor.release.known import learn
from auditor.release.model import SHOWN_PLACES, FileAnswer, Opened, Passage, RawTable, Reason, Weight
from auditor.release.name_search import NAMES, search_names
from auditor.release.opening import Opening, open_file
from auditor.release.passages import passage_reasons
from auditor.release.reasons import identifier_reason
from auditor.release.scanning import scan
from auditor.release.tying import take_in_cases
from auditor.release.wording import place_of
from auditor.statistics.anonymity import anonymity_faults, columns_named, is_microdata
from auditor.statistics.cells import cell_faults
from auditor.statistics.dominance import Contributions, dominance_faults, read_contributions
from auditor.statistics.earlier import earlier_faults
from auditor.statistics.model import Block, Earlier, Found, Measure, Settings, Spot, StatisticsTable
from auditor.statistics.parts import part_faults
from auditor.statistics.readings import with_other_readings
from auditor.statistics.reasons import reasons_of
from auditor.statistics.suppression import suppressed_cells
from auditor.statistics.tables import understand_table
from auditor.statistics.together import Beside, named_columns, together_faults
from auditor.words import _

#: More rows than a table for people to read has.
_MOST_ROWS = 20_000


@dataclass
class CheckedStatistics:
    """A file of statistics with its answer, and the blocks of numbers that it publishes."""

    answer: FileAnswer
    blocks: list[Block] = field(default_factory=list)


def check_statistics(
    engine: Engine,
    files: Sequence[Path],
    settings: Settings,
    loaded: LoadedAgreement,
    law: LawTable,
    private: Path,
    cases: Path | None = None,
    contributions: Path | None = None,
    *,
    released: Sequence[Earlier] | None = None,
    say: Progress = SILENT,
) -> list[CheckedStatistics]:
    """Check files of statistics, each by itself, with the others, and against those ``released`` before (None: not known).

    Raises UserError for a file that cannot be read, or a column that was named and is in none of the files.
    """
    vocabulary = vocabulary_of(loaded.agreement, law, standard_mapping())
    known = learn(engine, take_in_cases(engine, cases, vocabulary, private), loaded.agreement, vocabulary)
    opening = Opening(private)
    behind = _contributions(engine, contributions, opening, settings) if contributions is not None else None
    opened_files: list[Opened] = []
    say.expect(size_of(files))
    for path in files:
        say(_("Reading {file}").format(file=shown_path(path.name)))
        opened_files.append(open_file(path, opening))
        say.read(size_of([path]))
    tables = [table for opened in opened_files for table in opened.tables]
    _require(settings, tables)
    checked: list[CheckedStatistics] = []
    beside: list[Earlier] = []
    with_it: list[Beside] = []
    for opened in opened_files:
        say(_("Putting {file} to the rules of statistics").format(file=opened.shown))
        answer = FileAnswer(opened.shown, opened.sha256, opened.form, sum(table.rows for table in opened.tables), 0, ())
        one = CheckedStatistics(answer)
        answer.reasons += opened.reasons
        if not opened.tables:
            answer.reasons += reasons_of(_nowhere(opened), [Found("nothing-counted")], settings)
        for table in opened.tables:
            make_view(engine, table)
            headings = Passage(_("{table}, headings").format(table=table.place), "\n".join(table.headings))
            opened.passages.insert(0, headings)
            found, blocks = _table_faults(engine, table, settings, behind, released, beside, with_it)
            one.blocks += blocks
            beside += [Earlier(table.place, "", "", None, block.cells) for block in blocks if block.kind is Measure.COUNT]
            answer.reasons += reasons_of(table, found, settings)
            columns = understand(engine, table, loaded.agreement, vocabulary)
            answer.reasons += formula_reasons(engine, table, columns)
            texts = [replace(column, field=None) for column in columns]
            with NAMES.held():
                scan(engine, table, texts, search_names(engine, table, texts, known, private))
            answer.reasons += _personal_data(engine, table)
        answer.reasons += passage_reasons(opened, known, set())
        order = list(Weight)
        answer.reasons.sort(key=lambda reason: order.index(reason.weight))
        checked.append(one)
    return checked


def _table_faults(
    engine: Engine,
    table: RawTable,
    settings: Settings,
    behind: Contributions | None,
    released: Sequence[Earlier] | None,
    beside: Sequence[Earlier],
    with_it: list[Beside],
) -> tuple[list[Found], list[Block]]:
    if is_microdata(table, settings):
        return anonymity_faults(engine, table, settings), []
    if table.rows > _MOST_ROWS:
        return [Found("rows-many", [Spot(1)])], []
    understood = statistics_in(engine, table, settings)
    if not understood.blocks:
        return [Found("no-statistics", [Spot(1)])], []
    found = _not_understood(understood)
    found += cell_faults(understood, settings)
    found += suppressed_cells(understood, settings)
    found += part_faults(understood, settings)
    found = with_other_readings(understood, settings, found)
    found += dominance_faults(understood, settings, behind)
    found += earlier_faults(understood, settings, released or (), beside)
    found += together_faults(understood, settings, with_it)
    with_it.append(named_columns(understood))
    if released is None:
        found.append(Found("earlier-not-judged"))
    return found, understood.blocks


def _not_understood(table: StatisticsTable) -> list[Found]:
    """What could not be told of a table, and so was not judged."""
    spots = {
        "headings-unsure": table.unheaded,
        "column-unsure": table.unsure,
        "count-in-text": table.told,
        "tables-joined": table.joined,
        "cell-not-number": table.unread,
        "rows-repeated": table.repeated,
        "row-bare": table.bare,
        "nothing-shown": [] if table.shows_numbers else [Spot(1)],
    }
    return [Found(code, places) for code, places in spots.items() if places]


def statistics_in(engine: Engine, table: RawTable, settings: Settings) -> StatisticsTable:
    """The statistics in a table whose view has been made."""
    rows = engine.rows(f"SELECT * FROM {view_of(table)} ORDER BY line")
    return understand_table(table, [(int(line), cells) for line, *cells in rows], settings)


def blocks_of(engine: Engine, path: Path, settings: Settings, private: Path) -> list[Block]:
    """The numbers that a file publishes, read anew; for the register, when the file is released. Raises UserError."""
    blocks = []
    for table in open_file(path, Opening(private)).tables:
        if not is_microdata(table, settings) and table.rows <= _MOST_ROWS:
            make_view(engine, table)
            blocks += statistics_in(engine, table, settings).blocks
    return blocks


def _contributions(engine: Engine, path: Path, opening: Opening, settings: Settings) -> Contributions:
    opened = open_file(path, opening)
    table = opened.tables[0] if len(opened.tables) == 1 else None
    if table is None or len(columns_named(table, settings.magnitude)) != len(settings.magnitude) or not settings.magnitude:
        raise UserError(
            _("The contributions must be one table with a column of amounts that --magnitude names."),
            hint=_("Name the column as the file's heading has it."),
            file=opened.shown,
        )
    make_view(engine, table)
    return read_contributions(engine, table, settings)


def _require(settings: Settings, tables: Sequence[RawTable]) -> None:
    """Refuse names of columns that no table has. Raises UserError."""
    if settings.quasi and not any(is_microdata(table, settings) for table in tables):
        raise UserError(
            _("No table has all columns that --quasi names."), hint=_("Name the columns as the file's headings have them.")
        )
    microdata = [table for table in tables if is_microdata(table, settings)]
    if any(len(columns_named(table, settings.sensitive)) < len(settings.sensitive) for table in microdata):
        raise UserError(
            _("A table lacks a column that --sensitive names."), hint=_("Name the columns as the file's headings have them.")
        )
    for name in settings.dimensions:
        if not any(columns_named(table, [name]) for table in tables):
            raise UserError(
                _("No table has a column that --dimension names."), hint=_("Name the columns as the file's headings have them.")
            )


def _nowhere(opened: Opened) -> RawTable:
    return RawTable(0, opened.shown, (), (), opened.path, 0)


def _personal_data(engine: Engine, table: RawTable) -> list[Reason]:
    """Identifiers in the cells: statistics have none."""
    sql = f"""SELECT cell, kind, sure, count(DISTINCT line),
            list({{'line': line, 'mask': mask}} ORDER BY line)[1:{SHOWN_PLACES}]
        FROM found_{table.number} GROUP BY ALL ORDER BY cell, kind, sure DESC"""
    reasons = []
    for cell, kind, sure, count, spots in engine.rows(sql):
        position = int(cell.removeprefix("c"))
        places = [place_of(table, position, str(position + 1), spot["line"], spot["mask"]) for spot in spots]
        reason = identifier_reason(
            Identifier(kind), sure=sure, whose="unknown", allowed=set(), places=list(dict.fromkeys(places)), count=count
        )
        if reason:
            reasons.append(reason)
    return reasons
