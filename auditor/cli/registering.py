"""``auditor findings`` and ``auditor purge``: the register on the command line."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from auditor.checks import CATALOGUE
from auditor.checks.model import Severity
from auditor.cli.speaking import printable
from auditor.errors import ExitCode
from auditor.formats import left_text
from auditor.labels import ANSWERS, CODES, EVIDENCE, PURPOSES, SEVERITIES
from auditor.register import Capacity, Decision, DecisionKind, Movement, Register, Standing, add_month, months
from auditor.register.labels import CAPACITIES, DECISIONS, MOVEMENTS, STANDINGS
from auditor.words import _


def add_command(register: Path, run_folder: Path) -> int:
    """Add a finished audit to the register; a new register is made where there is none."""
    with Register(register, create=True) as opened:
        month = add_month(opened, run_folder)
    click.echo(_("Added to the register: {first} – {last}.").format(first=month.first.isoformat(), last=month.last.isoformat()))
    return ExitCode.DONE


def months_command(register: Path) -> int:
    """Say which months the register holds, with their verdicts."""
    with Register(register) as opened:
        for month in months(opened):
            click.echo(
                printable(
                    _(
                        "{first} – {last} {controller}: {within} within, {outside} outside, {undetermined} cannot be shown"
                    ).format(
                        first=month.first.isoformat(),
                        last=month.last.isoformat(),
                        controller=month.controller or _("all controllers"),
                        within=month.within,
                        outside=month.outside,
                        undetermined=month.undetermined,
                    )
                )
            )
    return ExitCode.DONE


def list_command(
    register: Path,
    month: tuple[int, int] | None,
    controller: str | None,
    check: str | None,
    standing: str | None,
    on: date | None,
) -> int:
    """List the findings of a month; what was decided is listed too, or at least counted."""
    from auditor.register.listing import chosen_month, listed
    from auditor.register.months import missing_months

    with Register(register) as opened:
        chosen = chosen_month(months(opened), month, controller)
        every = listed(opened, chosen, on or date.today(), check=check)
        missing = missing_months(opened, chosen)
    if standing:
        every = [one for one in every if one.standing is Standing(standing)]
    lines = []
    for one in every:
        words = [
            one.fingerprint[:12], one.check, _(SEVERITIES[Severity(one.severity)]), one.entity, one.at[:16],
            _(ANSWERS[one.answer]), _(MOVEMENTS[one.movement]), _(STANDINGS[one.standing]),
        ]  # fmt: skip
        lines.append(printable("  ".join(word for word in words if word)))
    if lines:  # at once: thousands of lines said one by one take as long as finding them
        click.echo("\n".join(lines))
    click.echo(_("{first} – {last}: {n} findings").format(first=chosen.first, last=chosen.last, n=len(every)))
    if missing:
        said = _("Missing in the register between these periods: {months}. What came and went in that time is not known.")
        click.echo(said.format(months=", ".join(missing)))
    for movement in Movement:
        click.echo(f"  {sum(one.movement is movement for one in every):>9}  {_(MOVEMENTS[movement])}")
    for one_standing in Standing:
        n = sum(one.standing is one_standing for one in every)
        if n:
            click.echo(f"  {n:>9}  {_(STANDINGS[one_standing])}")
    return ExitCode.DONE


def show_command(register: Path, fingerprint: str, on: date | None) -> int:
    """Show one finding with its months and decisions."""
    from auditor.register.listing import shown

    with Register(register) as opened:
        one = shown(opened, fingerprint, on or date.today())
    facts = one.facts
    lines = [
        f"{facts['check_id']}, {_(SEVERITIES[Severity(facts['severity'])])}: {_finding_of(facts['check_id'], facts['name'])}",
        f"{facts['entity']}  {facts['at'] or ''}",
        _("Fingerprint: {fingerprint}").format(fingerprint=facts["fingerprint"]),
        *(_("Case: {case}").format(case=facts["case_id"]) for case in [facts["case_id"]] if case),
        *(
            f"{_(EVIDENCE[name]) if name in EVIDENCE else name}: {_plainly(value)}"
            for name, value in one.evidence.items()
            if value
        ),
        _("Law: {law}").format(law=facts["law"]),
        *(f"{first} – {last}: {_(ANSWERS.get(answer, MOVEMENTS[Movement.GONE]))}" for first, last, answer in one.months),
    ]
    for decision in one.decisions:
        lines.append(
            f"{decision['decided_on']} {_(DECISIONS[DecisionKind(decision['kind'])])} – {decision['decided_by']}, "
            f"{_(CAPACITIES[Capacity(decision['capacity'])])}"
        )
        lines += [
            f"  {words}: {decision[name]}"
            for name, words in (
                ("reason", _("Reason given")),
                ("owner", _("Owner")),
                ("expires", _("Stands until")),
                ("aware_at", _("Aware of it")),
                ("reported_on", _("Reported")),
                ("reference", _("Reference")),
            )
            if decision[name]
        ]
    lines.append(_("Stands as: {standing}").format(standing=_(STANDINGS[one.standing])))
    for line in lines:
        click.echo(printable(line))
    return ExitCode.DONE


def _finding_of(check: str, name: str) -> str:
    """What a check found, in words; its name where a later version no longer has it."""
    return next((_(one.page.finding) for one in CATALOGUE if one.id == check), name)


def _plainly(value: object) -> str:
    """A piece of evidence in words where these are known without the agreement, else as it is."""
    if isinstance(value, list):
        return ", ".join(map(_plainly, value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    code = str(value)
    return _(CODES[code]) if code in CODES else _(PURPOSES[code]) if code in PURPOSES else code


def decide_command(
    register: Path,
    fingerprint: str,
    kind: str,
    capacity: str,
    by: str,
    reason: str,
    owner: str,
    expires: date | None,
    reference: str,
    reported_on: date | None,
    aware_at: datetime | None,
) -> int:
    """Keep a decision, or a recommendation, about a finding."""
    from auditor.register.deadlines import NOTIFICATION
    from auditor.register.decisions import decide

    decision = Decision(
        DecisionKind(kind), Capacity(capacity), by, date.today(), reason, owner, expires, reference, reported_on, aware_at
    )
    with Register(register) as opened:
        number = decide(opened, fingerprint, decision)
    if decision.capacity is Capacity.OFFICER:
        click.echo(
            _("Kept as recommendation {number}. The finding stays open until the controller decides.").format(number=number)
        )
    else:
        click.echo(_("Kept as decision {number}.").format(number=number))
        if decision.kind is DecisionKind.BREACH and aware_at is not None:
            until = f"{aware_at + NOTIFICATION:%Y-%m-%d %H:%M}"
            click.echo(_("To be reported to IMY by {until} (GDPR art. 33.1), unless a risk is unlikely.").format(until=until))
    return ExitCode.DONE


def due_command(register: Path, at: datetime | None) -> int:
    """Say what must be done by when; exit code 1 when something is overdue."""
    from auditor.register.deadlines import due

    now = at or datetime.now().replace(microsecond=0)
    with Register(register) as opened:
        found = due(opened, now)
    for one in found:
        left = left_text(one.left)
        click.echo(printable(f"{one.at:%Y-%m-%d %H:%M}  {left}  {one.law}  {one.check}  {one.entity}  {one.fingerprint[:12]}"))
    if not found:
        click.echo(_("Nothing is due."))
    return ExitCode.FOUND if any(one.left.total_seconds() < 0 for one in found) else ExitCode.DONE


def purge_command(register: Path, before: date) -> int:
    """Weed out what ended before a day."""
    from auditor.register.purging import purge

    with Register(register) as opened:
        purged = purge(opened, before)
    click.echo(
        _("Weeded out: {months} months, {findings} findings, {decisions} decisions. The journal is kept.").format(
            months=purged.months, findings=purged.findings, decisions=purged.decisions
        )
    )
    return ExitCode.DONE


def verify_register(register: Path, run_folder: Path | None) -> int:
    """Say whether the register is as its journal has it, and as a report knew it; exit code 1 when not."""
    from auditor.cli.trusted_register import register_faults
    from auditor.output import read_manifest

    known = None
    if run_folder is not None:
        head = read_manifest(run_folder).get("register")
        known = (int(head["entry"]), str(head["hash"])) if head else None
    with Register(register) as opened:
        found = register_faults(opened, known)
    for fault in found:
        click.echo(printable(fault))
    click.echo(_("The register is not as it was written.") if found else _("The register is as it was written."))
    return ExitCode.FOUND if found else ExitCode.DONE
