"""One release check from end to end: read the files, understand their columns, find what stands in them, judge the rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from auditor.agreement import LoadedAgreement
from auditor.agreement.model import Flow
from auditor.engine import Engine, quoted
from auditor.intake.conversion import as_text, raw_columns
from auditor.intake.mapping import standard_mapping
from auditor.intake.taking_in import vocabulary_of
from auditor.law.grounds import LawTable
from auditor.outcomes import Run
from auditor.privacy import shown_path
from auditor.progress import SILENT, Progress
from auditor.release.columns import Column, fields_in, understand, view_of
from auditor.release.formulas import formula_reasons
from auditor.release.known import learn
from auditor.release.model import SHOWN_PLACES, FileAnswer, Opened, Passage, RawTable, Reason, Request, Weight
from auditor.release.name_search import NAMES, search_names
from auditor.release.names import KnownNames
from auditor.release.opening import Opening, open_file
from auditor.release.passages import passage_reasons
from auditor.release.reasons import (
    check_reasons,
    column_reasons,
    found_reasons,
    person_number_reasons,
    run_reasons,
    tie_reasons,
)
from auditor.release.scanning import scan
from auditor.release.tying import Register, answers_of, judge_rows, take_in_cases, tie
from auditor.words import _


@dataclass
class Checked:
    """A file with its answer, and the columns of each of its tables, which a clean copy is made from."""

    opened: Opened
    answer: FileAnswer
    columns: dict[int, list[Column]]
    names: dict[int, Callable[[], Path]] = field(default_factory=dict)
    runs: list[Run] = field(default_factory=list)


def check_files(
    engine: Engine,
    files: Sequence[Path],
    request: Request,
    loaded: LoadedAgreement,
    law: LawTable,
    cases: Path | None,
    private: Path,
    say: Progress = SILENT,
) -> list[Checked]:
    """Check files that would leave together. The engine may read ``private`` and the files' own folders.

    Raises UserError for a file that cannot be read as what it says it is, or a case file that cannot be used.
    """
    agreement = loaded.agreement
    flow = agreement.flow(request.purpose)
    vocabulary = vocabulary_of(agreement, law, standard_mapping())
    register = take_in_cases(engine, cases, vocabulary, private)
    known = learn(engine, register, agreement, vocabulary)
    opening = Opening(private)
    checked: list[Checked] = []
    say.expect(size_of(files))
    for path in files:
        say(_("Reading {file}").format(file=shown_path(path.name)))
        opened = open_file(path, opening)
        say.read(size_of([path]))
        say.rows(sum(table.rows for table in opened.tables))
        answer = FileAnswer(opened.shown, opened.sha256, opened.form, sum(table.rows for table in opened.tables), 0, ())
        columns: dict[int, list[Column]] = {}
        for table in opened.tables:
            make_view(engine, table)
            headings = "\n".join(table.headings)
            opened.passages.insert(0, Passage(_("{table}, headings").format(table=table.place), headings))
            columns[table.number] = understand(engine, table, agreement, vocabulary)
            tie(engine, table, columns[table.number], request)
        checked.append(Checked(opened, answer, columns))
    with NAMES.held():
        for one in checked:
            for table in one.opened.tables:  # a large one is searched while its rows are judged
                one.names[table.number] = search_names(engine, table, one.columns[table.number], known, private)
        say(_("Putting the rows to the checks"))
        runs = _judge(engine, checked, request, loaded, law, private, register)
        for one in checked:
            one.runs = runs
            say(_("Looking for personal data in {file}").format(file=one.opened.shown))
            _answer(engine, one, request, loaded, flow, known, runs, cases_given=cases is not None)
    return checked


def size_of(files: Sequence[Path]) -> int:
    """How many bytes files hold, for the progress; a file that is not there holds none, and is told of when it is opened."""
    return sum(path.stat().st_size for path in files if path.is_file())


def make_view(engine: Engine, table: RawTable) -> None:
    """The cells as text under the names c0, c1 ..., each with its line; empty texts are NULL."""
    path = str(table.cells).replace("'", "''")
    source = (
        f"read_parquet('{path}', file_row_number = true, hive_partitioning = false)"
        if table.native
        else f"read_parquet('{path}')"
    )
    types = raw_columns(engine, source)
    cells = [f"nullif({as_text(quoted(name), types[name])}, '') AS c{position}" for position, name in enumerate(table.columns)]
    line = "file_row_number + 1" if table.native else "line"
    engine.run(f"CREATE OR REPLACE VIEW {view_of(table)} AS SELECT {', '.join([f'{line} AS line', *cells])} FROM {source}")


def _judge(
    engine: Engine,
    checked: Sequence[Checked],
    request: Request,
    loaded: LoadedAgreement,
    law: LawTable,
    private: Path,
    register: Register,
) -> list[Run]:
    agreement = loaded.agreement
    vocabulary = vocabulary_of(agreement, law, standard_mapping())
    tables = [(table, fields_in(one.columns[table.number], agreement)) for one in checked for table in one.opened.tables]
    return judge_rows(engine, tables, request, loaded, law, vocabulary, register, private)


def _answer(
    engine: Engine,
    one: Checked,
    request: Request,
    loaded: LoadedAgreement,
    flow: Flow,
    known: KnownNames,
    runs: Sequence[Run],
    *,
    cases_given: bool,
) -> None:
    agreement, answer = loaded.agreement, one.answer
    answer.reasons += one.opened.reasons
    fields: set[str] = set()
    for table in one.opened.tables:
        columns = one.columns[table.number]
        fields.update(fields_in(columns, agreement))
        answer.reasons += column_reasons(table, columns, agreement, flow)
        answer.reasons += person_number_reasons(engine, table, columns)
        answer.reasons += formula_reasons(engine, table, columns)
        answer.reasons += tie_reasons(engine, table, columns, cases_given=cases_given)
        answer.reasons += check_reasons(table, answers_of(engine, table, SHOWN_PLACES), request)
        scan(engine, table, columns, one.names[table.number])
        answer.reasons += found_reasons(engine, table, columns, agreement, flow)
        answer.tied += int(engine.value(f"SELECT count(*) FROM tied_{table.number} WHERE why = ''"))
    answer.fields = tuple(field for field in agreement.fields if field in fields)
    answer.reasons += passage_reasons(one.opened, known, set(flow.field_ids(agreement)))
    answer.reasons += run_reasons(runs)
    if answer.form and not answer.rows and one.opened.tables:
        answer.reasons.append(
            Reason(
                Weight.UNSHOWN,
                "no-rows",
                _("The file has headings but no rows."),
                _("Make the export again."),
                [one.opened.shown],
            )
        )
    order = list(Weight)
    answer.reasons.sort(key=lambda reason: order.index(reason.weight))
