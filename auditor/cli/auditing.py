"""``auditor audit``: the monthly audit, from the command line's words to a finished folder."""

from __future__ import annotations

import contextlib
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from auditor.audit import LAST_AUDITED, Audit, month_period, run_audit
from auditor.checks.model import Kind, Severity
from auditor.cli.progress import shown_progress
from auditor.cli.speaking import printable
from auditor.cli.whole_folder import whole_folder
from auditor.contract.model import Answer
from auditor.contract.suites import read_suites
from auditor.coverage import remarks
from auditor.engine import Engine
from auditor.errors import ExitCode, UserError
from auditor.follow_up.piles import PILES
from auditor.formats import day_text, number_text
from auditor.intake.files import size_of
from auditor.labels import KINDS, SEVERITIES, VERDICTS, state_text
from auditor.law.grounds import read_law_table
from auditor.outcomes import State, Verdict
from auditor.output import write_counts, write_manifest, write_quarantine
from auditor.output_folder import check_key_file, check_output, owner_only
from auditor.privacy import Pseudonyms, default_key_file
from auditor.relations import Period
from auditor.words import _

if TYPE_CHECKING:
    from auditor.register.account import Account

#: The report tells of every hour of the period: of thousands of years it would be larger than any machine.
_MOST_YEARS = 200


def audit_command(
    source: Path,
    agreement: Path | None,
    out: Path,
    period: tuple[int, int] | None,
    first: date | None,
    last: date | None,
    mapping: Path | None,
    controller: str | None,
    fail_on: str | None,
    key_file: Path | None,
    register: Path | None,
    at: datetime | None,
    undetermined_accesses: bool,
    force: bool,
    quiet: bool,
    suite: tuple[Path, ...] = (),
    review: tuple[Path, ...] = (),
) -> int:
    """Run an audit and write its folder whole; returns the exit code."""
    from auditor.agreement import load_agreement
    from auditor.report import write_report
    from auditor.sampling.record import read_reviews

    chosen = _period(period, first, last)
    check_output(out, source, force=force)
    check_key_file(key_file or default_key_file(), out)
    loaded = load_agreement(agreement)
    law = read_law_table()
    suites = read_suites(suite)
    reviews = read_reviews(review)
    head = _head_of(register, at)
    with shown_progress(quiet=quiet) as say, whole_folder(out, source, force=force) as (private, finished):
        with Engine(private, [source], size=size_of(source)) as engine:
            audit = run_audit(
                engine,
                source,
                loaded,
                law,
                private,
                finished,
                period=chosen,
                mapping_file=mapping,
                pseudonyms=Pseudonyms(key_file),
                say=say,
                undetermined_accesses=undetermined_accesses,
                suites=suites,
                controller=controller,
            )
            audit.reviews = reviews
            write_counts(audit, finished)
            write_quarantine(engine, audit, finished)
            say(_("Writing the report"))
            account = _account_of(register, head, audit, finished, private)
            write_report(engine, audit, finished, account)
        write_manifest(audit, finished, _options(chosen, mapping, fail_on, undetermined_accesses), head)
    if register is not None:
        with owner_only():
            _remember(register, out)
    with contextlib.suppress(OSError):  # the report stands, whether or not anybody reads the summary
        _summarise(audit, out)
    return _exit_code(audit, fail_on)


def _head_of(register: Path | None, at: datetime | None) -> dict[str, Any] | None:
    """The newest entry of the register's journal before this audit, by which the report knows the register, and the moment
    (local time) at which the report tells how its findings stand.

    Raises UserError for a register that cannot be used, before any work is done.
    """
    if register is None:
        if at is not None:
            raise click.UsageError(_("--at belongs to --register."))
        return None
    moment = (at or datetime.now().replace(minute=0)).replace(second=0, microsecond=0).isoformat(sep=" ", timespec="minutes")
    if not register.exists():
        return {"entry": 0, "hash": "", "at": moment}
    from auditor.register import Register
    from auditor.register.journal import newest

    with Register(register) as opened:
        entry, digest = newest(opened)
    return {"entry": entry, "hash": digest, "at": moment}


def _account_of(
    register: Path | None, head: dict[str, Any] | None, audit: Audit, finished: Path, private: Path
) -> Account | None:
    """What the register tells of the month that is being audited; None without a register. Raises UserError."""
    if register is None or head is None:
        return None
    from auditor.register import Register
    from auditor.register.account import account_of
    from auditor.register.months import Facts, states_of

    facts = Facts(
        first=audit.period.first.isoformat(),
        last=audit.period.last.isoformat(),
        controller=audit.controller or "",
        program="",
        agreement_sha256=audit.loaded.sha256,
        manifest_sha256="",
        within=audit.verdicts[Verdict.WITHIN],
        outside=audit.verdicts[Verdict.OUTSIDE],
        undetermined=audit.verdicts[Verdict.UNDETERMINED],
        checks=states_of({run.check.id: run.state.value for run in audit.runs}, audit.tallies.as_json()),
    )
    at, findings = datetime.fromisoformat(head["at"]), finished / "findings.parquet"
    if not register.exists():
        return account_of(None, facts, findings, private, at)
    with Register(register) as opened:
        return account_of(opened, facts, findings, private, at)


def _remember(register: Path, out: Path) -> None:
    from auditor.register import Register, add_month

    try:
        with Register(register, create=True) as opened:
            add_month(opened, out)
    except UserError as error:
        error.hint = _("The report stands. When that is mended, add it with 'auditor findings add'.") + " " + error.hint
        raise


def _period(month: tuple[int, int] | None, first: date | None, last: date | None) -> Period | None:
    if month and (first or last):
        raise click.UsageError(_("Name either --period or --from and --to."))
    if (first is None) != (last is None):
        raise click.UsageError(_("--from and --to belong together."))
    chosen = month_period(*month) if month else None
    if first and last:
        if last < first:
            raise click.UsageError(_("--to is before --from."))
        if last.year - first.year > _MOST_YEARS:
            raise click.UsageError(_("An audit covers {years} years at most; name a shorter period.").format(years=_MOST_YEARS))
        chosen = Period(first, last)
    if chosen and chosen.last > LAST_AUDITED:
        raise click.UsageError(_("The last day that can be audited is {day}.").format(day=day_text(LAST_AUDITED)))
    return chosen


def _options(period: Period | None, mapping: Path | None, fail_on: str | None, undetermined_accesses: bool) -> dict[str, Any]:
    from auditor.output import sha256_of

    return {
        "period_given": period is not None,
        "mapping_sha256": sha256_of(mapping) if mapping else None,
        "fail_on": fail_on,
        "undetermined_accesses": undetermined_accesses,
    }


def _exit_code(audit: Audit, fail_on: str | None) -> int:
    if not audit.complete:
        return ExitCode.INCOMPLETE
    worst = audit.worst()
    if fail_on and worst is not None and worst.at_least(Severity(fail_on)):
        return ExitCode.FOUND
    return ExitCode.DONE


def _summarise(audit: Audit, out: Path) -> None:
    click.echo(
        _("Audited {first} to {last}: {n} disclosures").format(
            first=day_text(audit.period.first), last=day_text(audit.period.last), n=number_text(sum(audit.verdicts.values()))
        )
    )
    for remark in remarks(audit):
        click.echo(printable(remark))
    for verdict, words in VERDICTS.items():
        click.echo(f"  {number_text(audit.verdicts[verdict]):>9}  {_(words)}")
    if any(audit.violations.values()):
        click.echo(_("Violations by kind and severity"))
    for (kind, severity), n in sorted(
        audit.violations.items(), key=lambda item: (list(Kind).index(item[0][0]), list(Severity).index(item[0][1]))
    ):
        if n:
            click.echo(f"  {number_text(n):>9}  {_(KINDS[kind])}, {_(SEVERITIES[severity])}")
    if "accesses" in audit.intake.present:
        click.echo(_("Accesses audited: {n}").format(n=number_text(sum(audit.accesses.piles.values()))))
        for pile, words in PILES.items():
            click.echo(f"  {number_text(audit.accesses.piles[pile]):>9}  {_(words)}")
    for run in audit.runs:
        if run.state is not State.RUN:
            click.echo(printable(f"  {run.check.id}: {state_text(run)}"))
    if failed := audit.contract.of(Answer.FAILED):
        click.echo(_("Expectations of the data contract that could not be run: {n}").format(n=len(failed)))
    quarantined = sum(record.piles.quarantined for record in audit.intake.files)
    click.echo(_("Quarantined rows: {n}").format(n=number_text(quarantined)))
    if audit.intake.ignored_files:
        click.echo(_("Files that fit no table and were not read: {n}").format(n=number_text(len(audit.intake.ignored_files))))
    click.echo(_("Report: {path}").format(path=printable(str(out / "report.html"))))
