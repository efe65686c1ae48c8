"""One audit from end to end."""

from __future__ import annotations

import calendar
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from auditor.agreement import LoadedAgreement
from auditor.checks import CATALOGUE
from auditor.checks.model import Answer, Kind, Of, Severity
from auditor.contract.answering import put_contract
from auditor.contract.model import Answer as ContractAnswer
from auditor.contract.model import Contract, Suite
from auditor.contract.wording import refuse_unfit
from auditor.contract.worker import WORKER
from auditor.controller import find_controller, set_apart
from auditor.engine import Engine, EngineError
from auditor.errors import UserError
from auditor.figures import Figures, count_figures
from auditor.findings import (
    EVENT_CHECKS,
    FINDING_SCHEMA,
    TableWriter,
    event_finding_query,
    finding_query,
    keep_own_events,
    log_findings,
    note_events,
    passed_events,
    words_of_findings,
)
from auditor.follow_up import AccessReview, beside_accesses, review_accesses
from auditor.intake.tables import TABLES
from auditor.intake.taking_in import Intake, take_in
from auditor.judging import count, define_words, give_verdicts, judge, keep_flagged, plan
from auditor.law.grounds import LawTable
from auditor.outcomes import Counts, Run, State, Verdict
from auditor.privacy import Pseudonyms
from auditor.progress import Progress
from auditor.relations import ACCESS_STEPS, CASE_STEPS, Period, disclosure_steps, load_reference, own_steps, run_steps
from auditor.relations.controllers import forget_untold_homes, forget_untold_organisations
from auditor.relations.working_days import load_working_days
from auditor.reviews.model import Review
from auditor.tallies import Tallies, count_few, note_found, note_parties, tally_found, tally_verdicts
from auditor.words import _


@dataclass
class Sample:
    """What the report shows of a check's findings: the first of each answer, how many were found in all, how many violations
    each controller answers for ('' where the log does not say), and how many undetermined answers rest on each cause."""

    violations: list[dict[str, Any]] = field(default_factory=list)
    undetermined: list[dict[str, Any]] = field(default_factory=list)
    found: int = 0
    missing: Counter[str] = field(default_factory=Counter)
    controllers: Counter[str] = field(default_factory=Counter)

    def passing(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """The batches as they are, noted in passing."""
        for batch in batches:
            self.found += batch.num_rows
            for answer, rows, most in (("violation", self.violations, 200), ("undetermined", self.undetermined, 50)):
                chosen = batch.filter(pc.equal(batch.column("answer"), answer))
                rows.extend(chosen.slice(0, most - len(rows)).to_pylist())
                counted, by = (self.controllers, "controller") if answer == "violation" else (self.missing, "missing")
                for entry in pc.value_counts(chosen.column(by)).to_pylist():
                    counted[entry["values"] or ""] += entry["counts"]
            yield batch


@dataclass
class Audit:
    """The result of an audit: what the reports, the manifest and the terminal tell. Findings themselves are in files.

    ``taken_as_empty`` counts the cells that could not be read, by column (``staff.valid_to``), of columns whose empty cell says something.
    """

    loaded: LoadedAgreement
    law: LawTable
    period: Period
    controller: str | None
    intake: Intake
    runs: list[Run]
    counts: dict[str, Counts]
    verdicts: dict[Verdict, int]
    findings: Counter[tuple[Kind, Severity]] = field(default_factory=Counter)
    violations: Counter[tuple[Kind, Severity]] = field(default_factory=Counter)
    samples: dict[str, Sample] = field(default_factory=dict)
    accesses: AccessReview = field(default_factory=AccessReview)
    figures: Figures = field(default_factory=Figures)
    contract: Contract = field(default_factory=lambda: Contract((), ()))
    reviews: tuple[Review, ...] = ()
    tallies: Tallies = field(default_factory=Tallies)
    taken_as_empty: dict[str, int] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """Whether no check and no expectation of the data contract failed to run."""
        return all(run.state is not State.FAILED for run in self.runs) and self.contract.complete

    def worst(self) -> Severity | None:
        """The worst severity among violations of scope and conduct checks, None without any."""
        found = {severity for (kind, severity), n in self.violations.items() if n and kind in (Kind.SCOPE, Kind.CONDUCT)}
        return next((severity for severity in Severity if severity in found), None)


#: So many findings of a check are held in memory; more are made in the engine, which can spill.
FEW_FINDINGS = 50_000
#: After the month of a period there is another one: calendars end with the year 9999.
LAST_AUDITED = date(9999, 11, 30)


def choose_period(intake: Intake) -> Period:
    """The month with most disclosures to answer, of several the latest. Raises UserError when there is none."""
    months: Counter[tuple[int, int]] = Counter()
    for day, rows in intake.days("disclosures").items():
        if day <= LAST_AUDITED:
            months[day.year, day.month] += rows
    if not months and intake.note_origins:
        raise UserError(
            _("The export holds no disclosure of the controller named, so no month can be chosen to audit."),
            hint=_("Check the organisation named with --controller, or name the month with --period."),
        )
    if not months:
        raise UserError(
            _("There is no disclosure whose time can be read, so no month can be chosen to audit."),
            hint=_("Check the column of times in the disclosures, or name the month with --period."),
        )
    most = max(months.values())
    year, month = max(found for found, rows in months.items() if rows == most)
    return month_period(year, month)


def month_period(year: int, month: int) -> Period:
    """The audit period of a whole month."""
    return Period(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))


def prepare(
    engine: Engine,
    loaded: LoadedAgreement,
    law: LawTable,
    period: Period,
    controller: str | None,
    present: Mapping[str, set[str]],
) -> None:
    """Make the prepared relations of an export that was taken in. ``controller`` alone is audited; None: all are.

    ``present`` are the columns of each table that is there: what they leave untold is, for one controller, taken out of the tables.
    """
    define_words(engine)
    if controller is not None:
        forget_untold_organisations(engine, present)
        forget_untold_homes(engine, present)
    load_reference(engine, loaded.agreement, law, period, controller)
    load_working_days(engine)
    run_steps(engine, (*CASE_STEPS, *own_steps(controller)))
    note_events(engine)
    if controller is not None:
        keep_own_events(engine)
    run_steps(engine, (*ACCESS_STEPS, *disclosure_steps(tuple(law.grounds.values()))))


def run_audit(
    engine: Engine,
    folder: Path,
    loaded: LoadedAgreement,
    law: LawTable,
    private: Path,
    out: Path,
    *,
    period: Period | None,
    mapping_file: Path | None,
    pseudonyms: Pseudonyms,
    say: Progress,
    undetermined_accesses: bool = False,
    suites: Sequence[Suite] = (),
    controller: str | None = None,
) -> Audit:
    """Take in an export, answer every check and write findings, verdicts and what follows from them into ``out``.

    ``undetermined_accesses``: open answers of accesses are findings too, and not only counted.
    ``controller`` is the organisation whose rows alone are answered, as the user names it; None: everybody's are.
    Raises UserError for an export that cannot be audited or that fails a blocking expectation of ``suites``; a check that fails is left
    out and marked in ``runs``.
    """
    chosen = find_controller(controller, loaded.agreement, law) if controller is not None else None
    with WORKER.held() as worker:
        worker.start()  # it gets ready while the export is read
        intake = take_in(
            engine,
            folder,
            loaded.agreement,
            law,
            private,
            mapping_file=mapping_file,
            pseudonyms=pseudonyms,
            say=say,
            note_origins=chosen is not None,
        )
        if chosen is not None:
            set_apart(engine, intake, chosen)
        period = period or choose_period(intake)
        say(_("Judging whether the export is fit to be audited"))
        contract = put_contract(engine, intake, suites)
        if any(expectation.blocking for suite in suites for expectation in suite.expectations):
            refuse_unfit(contract())
        audit = _answer(engine, loaded, law, period, chosen, intake, say)
        _write(engine, audit, out, say, undetermined_accesses=undetermined_accesses)
        if chosen is not None:
            audit.tallies.parties.clear()  # in the audit of one controller no other municipality is named
        audit.contract = contract()
    if not_met := audit.contract.of(ContractAnswer.NOT_MET):
        say(_("Expectations of the data contract that are not met: {n}").format(n=len(not_met)))
    return audit


def _answer(
    engine: Engine,
    loaded: LoadedAgreement,
    law: LawTable,
    period: Period,
    controller: str | None,
    intake: Intake,
    say: Progress,
) -> Audit:
    """Every check answered for every row, and the verdicts; nothing is written."""
    say(_("Preparing disclosures and cases"))
    prepare(engine, loaded, law, period, controller, intake.present)
    say(_("Answering the checks"))
    planned = _planned(loaded, intake)
    beside = beside_accesses(planned, intake.present)
    judged = {
        run.check.id: run
        for of in (Of.DISCLOSURE, Of.ACCESS, Of.CASE, Of.USER_DAY)
        for run in judge(engine, of, planned, beside=beside if of is Of.ACCESS else None)
    }
    runs = [judged.get(run.check.id, run) for run in planned]
    audit = Audit(loaded, law, period, controller, intake, runs, count(engine, runs), give_verdicts(engine, runs))
    audit.figures = count_figures(engine, runs)
    audit.taken_as_empty = _taken_as_empty(engine)
    note_parties(engine)
    _check_totals(engine, audit)
    say.rows(sum(audit.verdicts.values()))
    return audit


def _taken_as_empty(engine: Engine) -> dict[str, int]:
    cells = engine.rows(
        "SELECT canonical_table, canonical_column, count(*) FROM quarantine WHERE NOT whole_row GROUP BY ALL ORDER BY ALL"
    )
    return {f"{table}.{column}": n for table, column, n in cells if TABLES[table].column(column).meaningful_empty}


def _planned(loaded: LoadedAgreement, intake: Intake) -> list[Run]:
    return plan(CATALOGUE, intake.present, {entry.check: entry.reason for entry in loaded.agreement.checks_off})


def _write(engine: Engine, audit: Audit, out: Path, say: Progress, *, undetermined_accesses: bool) -> None:
    """Findings, verdicts and what follows from the access log, written into ``out``."""
    say(_("Writing findings"))
    least = {Of.ACCESS: Answer.UNDETERMINED if undetermined_accesses else Answer.VIOLATION}
    for of in (Of.DISCLOSURE, Of.ACCESS):
        words = words_of_findings(of, (run.check for run in audit.runs if run.state is State.RUN), audit.period.last)
        keep_flagged(engine, of, audit.runs, words, least=least.get(of, Answer.UNDETERMINED))
    judged = list(audit.runs)
    _write_findings(engine, audit, out, least)
    say.rows(sum(audit.findings.values()))
    tally_verdicts(engine, audit.tallies, audit.verdicts)
    audit.tallies.undecided = sorted(check for check, answers in audit.counts.items() if answers.undecided)
    _write_verdicts(engine, out)
    audit.accesses = review_accesses(
        engine,
        _planned(audit.loaded, audit.intake),
        judged,
        _audited(audit, "accesses"),
        out,
        written_in_full=undetermined_accesses,
    )
    for entry in () if undetermined_accesses else audit.accesses.undetermined:
        audit.samples[entry.check].missing[entry.missing] += entry.accesses


def _audited(audit: Audit, table: str) -> int:
    """How many rows of a dated table lie in the audit period."""
    return sum(n for day, n in audit.intake.days(table).items() if audit.period.first <= day <= audit.period.last)


def _check_totals(engine: Engine, audit: Audit) -> None:
    """Answers and verdicts add up to the rows audited. A fault here is the program's own."""
    user_days = "cases_a_day"
    if audit.controller is not None:  # which are everybody's
        user_days = '(SELECT DISTINCT user_id, CAST("at" AS DATE) FROM audited_access WHERE user_id IS NOT NULL)'
    rows = {
        Of.DISCLOSURE: _audited(audit, "disclosures"),
        Of.ACCESS: _audited(audit, "accesses"),
        Of.CASE: audit.intake.rows("cases"),
        Of.USER_DAY: engine.value(f"SELECT count(*) FROM {user_days}"),
    }
    given = sum(audit.verdicts.values())
    if given != rows[Of.DISCLOSURE]:
        raise RuntimeError(f"{rows[Of.DISCLOSURE]} disclosures were audited but {given} verdicts were given")
    for run in audit.runs:
        if run.check.id in audit.counts and audit.counts[run.check.id].rows != rows[run.check.of]:
            raise RuntimeError(f"check {run.check.id} answered {audit.counts[run.check.id].rows} of {rows[run.check.of]} rows")


def _write_findings(engine: Engine, audit: Audit, out: Path, least: Mapping[Of, Answer]) -> None:
    few: list[pa.Table] = []
    with TableWriter(FINDING_SCHEMA, parquet=out / "findings.parquet", csv=out / "findings.csv") as writer:
        for run in audit.runs:
            if run.state is not State.RUN:
                continue
            key = (run.check.kind, run.check.severity)
            sample = audit.samples[run.check.id] = Sample()
            try:
                if run.check.of is Of.LOG:
                    _write_log_findings(engine, audit, run, writer)
                    continue
                lowest, answers = least.get(run.check.of, Answer.UNDETERMINED), audit.counts[run.check.id]
                if not answers.violation and (lowest is Answer.VIOLATION or not answers.undetermined):
                    continue
                query = finding_query(run.check, audit.period.last, least=lowest)
                made = _made_whole(engine, query, answers.violation + answers.undetermined, few)
            except (EngineError, ArithmeticError, LookupError, TypeError, ValueError) as error:
                _mark_failed(engine, audit, run, error)
                continue
            audit.findings[key] += writer.write(sample.passing(made))
            audit.violations[key] += audit.counts[run.check.id].violation
    tally_found(engine, audit.tallies, few)


def _made_whole(engine: Engine, query: str, rows: int, few: list[pa.Table]) -> Iterable[pa.RecordBatch]:
    """All findings of a query, of at most so many rows, made before any of them is written, so that one that fails leaves nothing
    half written. Their violations are noted by case: in ``few``, or of many in the engine."""
    if rows <= FEW_FINDINGS:
        findings = list(engine.batches(query))
        few.append(count_few(findings))
        return findings
    engine.run(f"CREATE OR REPLACE TEMP TABLE found AS {query}")
    note_found(engine)
    return engine.batches("SELECT * FROM found")


def _write_log_findings(engine: Engine, audit: Audit, run: Run, writer: TableWriter) -> None:
    key = (run.check.kind, run.check.severity)
    sample = audit.samples[run.check.id]
    if run.check.id in EVENT_CHECKS:
        engine.run(f"CREATE OR REPLACE TEMP TABLE found AS {event_finding_query(run.check, audit.period.last)}")
        found = writer.write(sample.passing(engine.batches("SELECT * FROM found")))
        passed = passed_events(engine, run.check)
        audit.counts[run.check.id] = Counts(rows=passed + found, passed=passed, violation=found)
    else:
        present = list(audit.intake.present)
        rows = log_findings(engine, run.check, audit.intake.shown_files(), present, audit.period.last)
        dated = sum(table in ("disclosures", "accesses") for table in present)
        looked_at = dated if run.check.id == "L4" else len(audit.intake.files)
        entities = len({row["entity"] for row in rows})
        audit.counts[run.check.id] = Counts(rows=looked_at, passed=looked_at - entities, violation=entities)
        sample.violations, sample.found = rows[:200], len(rows)
        found = writer.write_rows(rows)
    audit.tallies.whole[run.check.id] += audit.counts[run.check.id].violation
    audit.findings[key] += found
    audit.violations[key] += found


def _mark_failed(engine: Engine, audit: Audit, run: Run, error: Exception) -> None:
    """A check whose findings cannot be told was not run, and no verdict rests on it."""
    if isinstance(error, EngineError) and error.disk_full:
        raise error
    failed = Run(run.check, State.FAILED, error.kind if isinstance(error, EngineError) else type(error).__name__)
    audit.runs = [failed if other is run else other for other in audit.runs]
    audit.counts.pop(run.check.id, None)
    audit.verdicts = give_verdicts(engine, audit.runs)


def _write_verdicts(engine: Engine, out: Path) -> None:
    schema = pa.schema([("disclosure_id", pa.string()), ("verdict", pa.string()), ("undetermined_because", pa.string())])
    with TableWriter(schema, parquet=out / "verdicts.parquet") as writer:
        writer.write(
            engine.batches(
                "SELECT disclosure_shown AS disclosure_id, verdict, undetermined_because FROM verdicts ORDER BY disclosure_shown"
            )
        )
