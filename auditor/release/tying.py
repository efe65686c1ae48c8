"""Rows of an export tied to their cases, and put to the audit's own checks as one disclosure for each case.

The disclosures are made in the engine as an export's would be (``auditor.intake.staging``), so that the checks and everything
they rest on are those of the audit. Tables made here: ``tied_N`` (line, case_id, person, disclosure, why) for table N.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from auditor.agreement import LoadedAgreement
from auditor.audit import prepare
from auditor.checks import CATALOGUE, by_id
from auditor.checks.model import Check, Kind, Of
from auditor.engine import Engine, quoted, text
from auditor.errors import UserError
from auditor.findings import finding_query, words_of_findings
from auditor.intake.conversion import define_macros
from auditor.intake.enumeration import RawSource, raw_source
from auditor.intake.files import Form, InputFile
from auditor.intake.headings import match_headings
from auditor.intake.mapping import standard_mapping
from auditor.intake.readers import RawFile, read_raw
from auditor.intake.settling import mask_ids, prepare_quarantine, quarantine_torn, settle
from auditor.intake.staging import stage
from auditor.intake.standard_logs import note_files
from auditor.intake.tables import TABLES
from auditor.intake.values import Vocabulary
from auditor.judging import count, judge, keep_flagged, plan
from auditor.law.grounds import LawTable
from auditor.outcomes import Run, State
from auditor.privacy import Pseudonyms, shown_path
from auditor.relations import Period
from auditor.release.columns import CASE, Column, define_release_words, view_of
from auditor.release.model import RawTable, Request
from auditor.words import _

_FORMS = {".csv": Form.CSV, ".txt": Form.CSV, ".tsv": Form.CSV, ".xlsx": Form.XLSX, ".parquet": Form.PARQUET} | {
    ".jsonl": Form.JSON_LINES,
    ".ndjson": Form.JSON_LINES,
}
#: The checks a release is put to: target group, parties, fields, grounds, and whether the agreement is in force.
FAMILIES = ("T", "R", "B", "F")
_DISCLOSURE_COLUMNS = (
    *("disclosure_id", "case_id", "at", "sender", "sender_unit", "user_id", "recipient", "recipient_unit"),
    *("purpose", "fields", "grounds", "channel", "motivation", "requested_at"),
)


@dataclass(frozen=True)
class Register:
    """The case file, taken in: the columns of ``cases`` that are there (None: no case file), and its raw cells."""

    present: dict[str, set[str]]
    raw: RawFile | None = None
    source: RawSource | None = None


def release_checks() -> tuple[Check, ...]:
    """The checks that a release is put to, in the catalogue's order."""
    return tuple(check for check in CATALOGUE if check.of is Of.DISCLOSURE and (check.id[0] in FAMILIES or check.id == "P6"))


def take_in_cases(engine: Engine, file: Path | None, vocabulary: Vocabulary, private: Path) -> Register:
    """Read the case file into the canonical table ``cases``; every other table is empty, and is said to be absent.

    Raises UserError for a case file that cannot be used.
    """
    define_macros(engine)
    define_release_words(engine)
    prepare_quarantine(engine)
    register = Register({})
    for table in TABLES.values():
        sources: list[RawSource] = []
        if table.name == "cases" and file is not None:
            register = _read_cases(engine, file, private)
            sources = [register.source] if register.source else []
        if table.name != "disclosures":
            stage(engine, table, sources, vocabulary)
            settle(engine, table)
    return register


def _read_cases(engine: Engine, file: Path, private: Path) -> Register:
    gzipped = file.suffix.casefold() == ".gz"
    form = _FORMS.get(Path(file.stem if gzipped else file.name).suffix.casefold())
    shown = shown_path(file.name)
    if form is None:
        raise UserError(
            _("The case file is in a form that is not read."),
            hint=_("Save it as CSV, XLSX, Parquet or JSON Lines (.csv, .xlsx, .parquet, .jsonl; each may be gzipped, .gz)."),
            file=shown,
        )
    into = private / "cases"
    into.mkdir()
    raw = read_raw(InputFile(file, file.name, "cases", form, gzipped), into)
    matched = match_headings("cases", raw.headings, standard_mapping(), file=shown)
    names = {canonical: raw.columns[position] for canonical, position in matched.columns.items()}
    source = raw_source(0, raw, names, {}, {})
    if raw.torn:
        quarantine_torn(engine, TABLES["cases"], 0, str(raw.torn))
    return Register({"cases": set(names)}, raw, source)


# ------------------------------------------------------------------------------------------------------------ rows and cases


def tie(engine: Engine, table: RawTable, columns: Sequence[Column], request: Request) -> None:
    """Make ``tied_N``: for each row its case, its own person's number, the disclosure it stands for, and why it has no case.

    ``why`` is empty where the row is tied; else ``no_key`` (no case number and no personal number), ``unknown`` (not in the
    case file) or ``several`` (the person has more than one case).
    """
    case = next((column for column in columns if column.field == CASE), None)
    person = next((column for column in columns if column.field == "person_id"), None)
    seen = f"DATE {text(request.at.date().isoformat())}"
    number = f"person_of({person.cell}, {seen})" if person else "CAST(NULL AS VARCHAR)"
    written = f"clean({case.cell})" if case else "CAST(NULL AS VARCHAR)"
    engine.run(
        "CREATE OR REPLACE TABLE person_cases AS SELECT person_id, min(case_id) AS case_id, count(*) AS n FROM cases "
        "WHERE person_id IS NOT NULL GROUP BY person_id"
    )
    engine.run(
        f"""CREATE OR REPLACE TABLE tied_{table.number} AS SELECT r.line, r.person,
            coalesce(r.written, CASE WHEN p.n = 1 THEN p.case_id END) AS case_id,
            CASE WHEN r.written IS NOT NULL THEN CASE WHEN c.case_id IS NULL THEN 'unknown' ELSE '' END
                WHEN r.person IS NULL THEN 'no_key' WHEN p.n IS NULL THEN 'unknown' WHEN p.n > 1 THEN 'several' ELSE '' END AS why
        FROM (SELECT line, {written} AS written, {number} AS person FROM {view_of(table)}) AS r
        LEFT JOIN cases AS c ON c.case_id = r.written LEFT JOIN person_cases AS p ON p.person_id = r.person"""
    )
    engine.run(
        f"""CREATE OR REPLACE TABLE ties_{table.number} AS SELECT case_id, {text(f"{table.number}-")} ||
            row_number() OVER (ORDER BY case_id NULLS FIRST) AS disclosure, count(*) AS n FROM tied_{table.number} GROUP BY case_id"""
    )


def judge_rows(
    engine: Engine,
    tables: Iterable[tuple[RawTable, tuple[str, ...]]],
    request: Request,
    loaded: LoadedAgreement,
    law: LawTable,
    vocabulary: Vocabulary,
    register: Register,
    private: Path,
) -> list[Run]:
    """Put every tied table to the checks. ``tables`` come with the fields that they hold. Returns what became of each check.

    The violations and undetermined answers lie in ``release_answers`` (check, entity, answer, missing, law); ``answers_of`` reads them.
    """
    engine.run(
        f"CREATE OR REPLACE TABLE release_rows ({', '.join(f'{quoted(name)} VARCHAR' for name in _DISCLOSURE_COLUMNS)}, line BIGINT)"
    )
    for table, fields in tables:
        given = (
            request.at.strftime("%Y-%m-%d %H:%M:%S"),
            *(request.sender, request.sender_unit, request.recipient, request.recipient_unit),
            *(request.purpose, ";".join(fields) or None, request.grounds or None, request.motivation or None),
        )
        engine.run(
            f"""INSERT INTO release_rows SELECT disclosure, case_id, ?, ?, ?, NULL, ?, ?, ?, ?, ?, NULL, ?, NULL,
                row_number() OVER () FROM ties_{table.number}""",
            given,
        )
    disclosures = TABLES["disclosures"]
    rows = int(engine.value("SELECT count(*) FROM release_rows"))
    source = RawSource(1, "release_rows", rows, "line", {name: name for name in _DISCLOSURE_COLUMNS}, {}, {})
    stage(engine, disclosures, [source], vocabulary)
    settle(engine, disclosures)
    present = {**register.present, "disclosures": {column.name for column in disclosures.columns}}
    mask_ids(engine, set(present), Pseudonyms(private / "pseudonym.key"))
    day = request.at.date()
    note_files(engine, [])
    prepare(engine, loaded, law, Period(day, day), None, present)
    off = {entry.check: entry.reason for entry in loaded.agreement.checks_off}
    runs = judge(engine, Of.DISCLOSURE, plan(release_checks(), present, off))
    ran = [run.check for run in runs if run.state is State.RUN]
    keep_flagged(engine, Of.DISCLOSURE, runs, words_of_findings(Of.DISCLOSURE, ran, day))
    engine.run(
        "CREATE OR REPLACE TABLE release_answers (id VARCHAR, entity VARCHAR, answer VARCHAR, missing VARCHAR, law VARCHAR)"
    )
    counts = count(engine, runs)
    for check in ran:
        if counts[check.id].violation or counts[check.id].undetermined:
            engine.run(
                f'INSERT INTO release_answers SELECT "check", entity, answer, missing, law FROM ({finding_query(check, day)})'
            )
    return runs


@dataclass(frozen=True)
class RowAnswers:
    """The rows of one table to which a check gave one answer, for one cause: how many, and the first lines."""

    check: Check
    answer: str
    missing: tuple[str, ...]
    law: str
    rows: int
    lines: tuple[int, ...]


def answers_of(engine: Engine, table: RawTable, most: int) -> list[RowAnswers]:
    """Every violation and undetermined answer of a table's rows, by check and cause, in the catalogue's order."""
    found = engine.rows(
        f"""SELECT f.id, f.answer, f.missing, any_value(f.law), count(t.line), min(t.line, {most})
        FROM release_answers AS f JOIN ties_{table.number} AS d ON d.disclosure = f.entity
        JOIN tied_{table.number} AS t ON t.case_id IS NOT DISTINCT FROM d.case_id
        GROUP BY f.id, f.answer, f.missing ORDER BY f.answer DESC, f.missing"""
    )
    answers = [
        RowAnswers(by_id(check), answer, tuple(filter(None, (missing or "").split(","))), law, int(rows), tuple(lines))
        for check, answer, missing, law, rows, lines in found
    ]
    return sorted(answers, key=lambda one: CATALOGUE.index(one.check))


def decides(check: Check, answer: str) -> bool:
    """Whether an answer of a check changes the decision: violations of scope and conduct, and what they leave open."""
    return check.kind in (Kind.SCOPE, Kind.CONDUCT) and (answer == "violation" or not asks_of_the_user(check))


def asks_of_the_user(check: Check) -> bool:
    """Whether a check asks who handed over: a file has no such column, and no command says it. A person judges the question."""
    return "disclosures.user_id" in check.reads
