"""One audit from end to end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from auditor.agreement import LoadedAgreement
from auditor.checks import CATALOGUE
from auditor.checks.model import Kind, Of, Severity
from auditor.controller import find_controller, set_apart
from auditor.engine import Engine, EngineError
from auditor.errors import UserError
from auditor.findings import FINDING_SCHEMA, TableWriter, finding_query, log_findings, words_of_findings
from auditor.intake.taking_in import Intake, take_in
from auditor.judging import count, define_words, give_verdicts, judge, keep_flagged, plan
from auditor.law.grounds import LawTable
from auditor.outcomes import Counts, Run, State, Verdict
from auditor.privacy import Pseudonyms
from auditor.progress import Progress
from auditor.relations import CASE_STEPS, Period, disclosure_steps, load_reference, own_steps, run_steps
from auditor.relations.working_days import load_working_days
from auditor.words import _


@dataclass
class Sample:
    """What the report shows of a check's findings: the first of each answer, and how many rest on each cause."""

    violations: list[dict[str, Any]] = field(default_factory=list)
    undetermined: list[dict[str, Any]] = field(default_factory=list)
    missing: Counter[str] = field(default_factory=Counter)

    def passing(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """The batches as they are, noted in passing."""
        for batch in batches:
            for answer, rows, most in (("violation", self.violations, 200), ("undetermined", self.undetermined, 50)):
                chosen = batch.filter(pc.equal(batch.column("answer"), answer))
                rows.extend(chosen.slice(0, most - len(rows)).to_pylist())
                if answer == "undetermined" and chosen.num_rows:
                    for entry in pc.value_counts(chosen.column("missing")).to_pylist():
                        self.missing[entry["values"] or ""] += entry["counts"]
            yield batch


@dataclass
class Audit:
    """The result of an audit: what the reports, the manifest and the terminal tell. Findings themselves are in files."""

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

    @property
    def complete(self) -> bool:
        """Whether no check failed to run."""
        return all(run.state is not State.FAILED for run in self.runs)

    def worst(self) -> Severity | None:
        """The worst severity among violations of scope and conduct checks, None without any."""
        found = {severity for (kind, severity), n in self.violations.items() if n and kind in (Kind.SCOPE, Kind.CONDUCT)}
        return next((severity for severity in Severity if severity in found), None)


def choose_period(intake: Intake) -> Period:
    """The month with most disclosures to answer, of several the latest. Raises UserError when there is none."""
    months: Counter[tuple[int, int]] = Counter()
    for day, rows in intake.days("disclosures").items():
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
    following = date(year + month // 12, month % 12 + 1, 1)
    return Period(date(year, month, 1), date.fromordinal(following.toordinal() - 1))


def prepare(engine: Engine, loaded: LoadedAgreement, law: LawTable, period: Period, controller: str | None) -> None:
    """Make the prepared relations of an export that was taken in. ``controller`` alone is audited; None: all are."""
    define_words(engine)
    load_reference(engine, loaded.agreement, law, period, controller)
    load_working_days(engine)
    run_steps(engine, (*CASE_STEPS, *own_steps(controller), *disclosure_steps(tuple(law.grounds.values()))))


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
    controller: str | None = None,
) -> Audit:
    """Take in an export, answer every check and write findings, verdicts, counts and quarantine into ``out``.

    ``controller`` is the organisation whose rows alone are answered, as the user names it; None: everybody's are.
    Raises UserError for an export that cannot be audited; a check that fails is left out and marked in ``runs``.
    """
    chosen = find_controller(controller, loaded.agreement, law) if controller is not None else None
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
    say(_("Preparing disclosures and cases"))
    prepare(engine, loaded, law, period, chosen)
    say(_("Answering the checks"))
    off = {entry.check: entry.reason for entry in loaded.agreement.checks_off}
    planned = plan(CATALOGUE, intake.present, off)
    judged = {run.check.id: run for of in (Of.DISCLOSURE, Of.CASE) for run in judge(engine, of, planned)}
    runs = [judged.get(run.check.id, run) for run in planned]
    audit = Audit(loaded, law, period, chosen, intake, runs, count(engine, runs), give_verdicts(engine, runs))
    _check_totals(audit)
    say.rows(sum(audit.verdicts.values()))
    say(_("Writing findings"))
    keep_flagged(engine, runs, words_of_findings((run.check for run in runs if run.state is State.RUN), period.last))
    _write_findings(engine, audit, out)
    say.rows(sum(audit.findings.values()))
    _write_verdicts(engine, out)
    return audit


def _check_totals(audit: Audit) -> None:
    """Answers and verdicts add up to the rows audited. A fault here is the program's own."""
    audited = sum(n for day, n in audit.intake.days("disclosures").items() if audit.period.first <= day <= audit.period.last)
    if sum(audit.verdicts.values()) != audited:
        raise RuntimeError(f"{audited} disclosures were audited but {sum(audit.verdicts.values())} verdicts were given")
    cases = audit.intake.rows("cases")
    for run in audit.runs:
        if run.check.id in audit.counts:
            rows = audited if run.check.of is Of.DISCLOSURE else cases
            if audit.counts[run.check.id].rows != rows:
                raise RuntimeError(f"check {run.check.id} answered {audit.counts[run.check.id].rows} of {rows} rows")


def _write_findings(engine: Engine, audit: Audit, out: Path) -> None:
    with TableWriter(FINDING_SCHEMA, parquet=out / "findings.parquet", csv=out / "findings.csv") as writer:
        for run in audit.runs:
            if run.state is not State.RUN:
                continue
            key = (run.check.kind, run.check.severity)
            try:
                if run.check.of is Of.LOG:
                    rows = _log_rows(engine, audit, run)
                else:  # made whole before any of it is written, so that a query that fails leaves nothing half written
                    made = finding_query(run.check, audit.period.last)
                    engine.run(f"CREATE OR REPLACE TEMP TABLE found AS {made}")
            except (EngineError, ArithmeticError, LookupError, TypeError, ValueError) as error:
                _mark_failed(engine, audit, run, error)
                continue
            if run.check.of is Of.LOG:
                audit.samples[run.check.id] = Sample(violations=rows[:200])
                audit.findings[key] += writer.write_rows(rows)
                audit.violations[key] += len(rows)
            else:
                sample = audit.samples[run.check.id] = Sample()
                audit.findings[key] += writer.write(sample.passing(engine.batches("SELECT * FROM found")))
                audit.violations[key] += audit.counts[run.check.id].violation


def _mark_failed(engine: Engine, audit: Audit, run: Run, error: Exception) -> None:
    """A check whose findings cannot be told was not run, and no verdict rests on it."""
    if isinstance(error, EngineError) and error.disk_full:
        raise error
    failed = Run(run.check, State.FAILED, error.kind if isinstance(error, EngineError) else type(error).__name__)
    audit.runs = [failed if other is run else other for other in audit.runs]
    audit.counts.pop(run.check.id, None)
    audit.verdicts = give_verdicts(engine, audit.runs)


def _log_rows(engine: Engine, audit: Audit, run: Run) -> list[dict[str, Any]]:
    present = list(audit.intake.present)
    rows = log_findings(engine, run.check, audit.intake.shown_files(), present, audit.period.last)
    looked_at = (
        sum(table in ("disclosures", "accesses") for table in present) if run.check.id == "L4" else len(audit.intake.files)
    )
    found = len({row["entity"] for row in rows})
    audit.counts[run.check.id] = Counts(rows=looked_at, passed=looked_at - found, violation=found)
    return rows


def _write_verdicts(engine: Engine, out: Path) -> None:
    schema = pa.schema([("disclosure_id", pa.string()), ("verdict", pa.string()), ("undetermined_because", pa.string())])
    with TableWriter(schema, parquet=out / "verdicts.parquet") as writer:
        writer.write(
            engine.batches(
                "SELECT disclosure_shown AS disclosure_id, verdict, undetermined_because FROM verdicts ORDER BY disclosure_shown"
            )
        )
