"""``auditor check-export``: may these files leave?"""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Sequence
from datetime import datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from auditor.agreement import LoadedAgreement, load_agreement
from auditor.agreement.model import Agreement
from auditor.cli.full_disk import full_disk_told
from auditor.cli.interruption import past_stopping
from auditor.cli.progress import shown_progress
from auditor.cli.speaking import printable
from auditor.engine import Engine
from auditor.errors import ExitCode, UserError
from auditor.intake.files import size_of
from auditor.intake.tables import Type
from auditor.intake.values import Vocabulary
from auditor.law.grounds import LawTable, read_law_table
from auditor.output_folder import check_output, owner_only, private_folder, put_in_place
from auditor.privacy import shown_path
from auditor.progress import Progress
from auditor.release.model import Decision, FileAnswer, Request, decide
from auditor.release.wording import DECISIONS, WEIGHTS
from auditor.words import _

EXIT = {Decision.RELEASE: ExitCode.DONE, Decision.STOP: ExitCode.FOUND, Decision.UNSHOWN: ExitCode.INCOMPLETE}
_SHOWN_ON_TERMINAL = 3


def check_export_command(
    files: tuple[str, ...],
    recipient: str,
    purpose: str,
    sender: str | None,
    sender_unit: str | None,
    recipient_unit: str | None,
    grounds: str | None,
    at: str | None,
    motivation: str | None,
    cases: Path | None,
    out: Path | None,
    clean: Path | None,
    agreement: Path | None,
    force: bool,
    quiet: bool,
) -> int:
    """Check files before they are sent; returns the exit code (docs/command-line.md)."""
    from auditor.release.check import check_files
    from auditor.release.cleaning import write_clean
    from auditor.release.page import REPORT

    paths = paths_of(files)
    loaded = load_agreement(agreement)
    law = read_law_table()
    request = _request(loaded.agreement, law, recipient, purpose, sender, sender_unit, recipient_unit, grounds, at, motivation)
    inputs = (*paths, *((cases,) if cases else ()))
    for path in inputs:
        if out is not None:
            check_output(out, path, force=force)
    if clean is not None and (len(paths) != 1 or clean.exists()):
        raise UserError(
            _("A clean copy is made of one file, under a name that is not taken."),
            hint=_("Name one file, and another name for the copy."),
        )
    place = out or clean or Path(tempfile.gettempdir()) / "check-export"
    with shown_progress(quiet=quiet) as say, owner_only(), private_folder(place) as private:
        readable = {path.resolve().parent for path in inputs}
        with full_disk_told():
            with Engine(private, sorted(readable), size=size_of(*inputs)) as engine:
                checked = check_files(engine, paths, request, loaded, law, cases, private, say)
                copy = (
                    write_clean(engine, checked[0], checked[0].runs, request, loaded.agreement, _fresh(private), clean.name)
                    if clean
                    else None
                )
            cleaned = _check_again(copy, request, loaded, law, cases, private, say) if copy else None
        answers = [one.answer for one in checked]
        if clean is not None and copy is not None and cleaned is not None and cleaned.decision is Decision.RELEASE:
            _put_copy(copy, clean)
        if out is not None:
            put_report(out, private, answers, request, loaded, law)
    with contextlib.suppress(OSError):
        summarise(answers)
        if cleaned is not None:
            _say_copy(cleaned, clean)
        if out is not None:
            click.echo(_("Report: {path}").format(path=printable(str(out / REPORT))))
    return EXIT[decide(answers)]


def _fresh(private: Path) -> Path:
    folder = private / "copy"
    folder.mkdir()
    return folder


def _check_again(
    copy: Path,
    request: Request,
    loaded: LoadedAgreement,
    law: LawTable,
    cases: Path | None,
    private: Path,
    say: Progress,
) -> FileAnswer:
    """Check the clean copy as if it had been named on the command line."""
    from auditor.release.check import check_files

    again = private / "again"
    again.mkdir()
    inputs = [copy, *([cases] if cases else [])]
    with Engine(again, [path.resolve().parent for path in inputs], size=size_of(*inputs)) as engine:
        return check_files(engine, [copy], request, loaded, law, cases, again, say)[0].answer


def _put_copy(copy: Path, clean: Path) -> None:
    try:
        with copy.open("rb") as source, clean.open("xb") as target:
            shutil.copyfileobj(source, target)
    except OSError as error:
        raise UserError(
            _("The clean copy cannot be written."),
            hint=_("Check that you may write there, or name another file."),
            file=shown_path(clean.name),
        ) from error


def _say_copy(cleaned: FileAnswer, clean: Path | None) -> None:
    name = printable(shown_path(clean.name)) if clean else ""
    if cleaned.decision is Decision.RELEASE:
        click.echo(
            _(
                "Clean copy: {file}, {rows} rows; nothing was found that stops it. Check it by itself with --out before it is"
                " approved."
            ).format(file=name, rows=cleaned.rows)
        )
        return
    click.echo(_("No clean copy was written: a check of it did not end in a release, for these reasons."))
    summarise([cleaned])


def put_report(
    out: Path, private: Path, answers: Sequence[FileAnswer], request: Request, loaded: LoadedAgreement, law: LawTable
) -> None:
    """Write the report and put it in place, whole."""
    from auditor.release.page import write_report

    finished = private / "finished"
    finished.mkdir(mode=0o700)
    write_report(finished, answers, request, loaded, law)
    past_stopping()
    put_in_place(finished, out, private)


def paths_of(files: Sequence[str]) -> list[Path]:
    """The files named, those that a pattern names in order; each once."""
    found: list[Path] = []
    for name in files:
        path = Path(name)
        if not path.exists() and any(sign in name for sign in "*?["):
            matches = Path(path.anchor).glob(str(path.relative_to(path.anchor)))
            fitting = [match for match in sorted(matches) if match.is_file() and not match.name.startswith(".")]
            if not fitting:
                hint = _("Check the path and the pattern.")
                raise UserError(_("No file fits the pattern."), hint=hint, file=shown_path(name))
            found += fitting
        else:
            found.append(path)
    return list(dict.fromkeys(found))


def _request(
    agreement: Agreement,
    law: LawTable,
    recipient: str,
    purpose: str,
    sender: str | None,
    sender_unit: str | None,
    recipient_unit: str | None,
    grounds: str | None,
    at: str | None,
    motivation: str | None,
) -> Request:
    return Request(
        recipient=organisation_of(agreement, law, recipient, "--to"),
        purpose=purpose_of(agreement, law, purpose),
        at=moment_of(at),
        sender=organisation_of(agreement, law, sender, "--sender") if sender is not None else None,
        sender_unit=sender_unit,
        recipient_unit=recipient_unit,
        grounds=grounds,
        motivation=motivation,
    )


def _words(agreement: Agreement, law: LawTable) -> Vocabulary:
    from auditor.intake.mapping import standard_mapping
    from auditor.intake.taking_in import vocabulary_of

    return vocabulary_of(agreement, law, standard_mapping())


def purpose_of(agreement: Agreement, law: LawTable, written: str) -> str:
    """The id of the flow that a purpose names. Raises UserError."""
    words = _words(agreement, law)
    flow = words.read(Type.FLOW, written.strip() or "-", table="disclosures", column="purpose").value
    if flow not in {known.id for known in agreement.flows}:
        raise UserError(
            _("The purpose after --purpose is no flow of the agreement."),
            hint=_("Possible here: {columns}.").format(columns=", ".join(known.id for known in agreement.flows)),
        )
    return str(flow)


def organisation_of(agreement: Agreement, law: LawTable, written: str, option: str) -> str:
    """The organisation that a name or code after an option means. Raises UserError."""
    words = _words(agreement, law)
    value = words.read(Type.ORGANISATION, written.strip() or "-", table="disclosures", column="recipient").value
    if not isinstance(value, str):
        raise UserError(
            _("The organisation after {option} is neither a municipality nor known to the agreement.").format(option=option),
            hint=_("Write a municipality's code or name, or one of: {names}.").format(names=", ".join(agreement.organisations)),
        )
    return value


def moment_of(written: str | None) -> datetime:
    """The time of the release in Swedish wall-clock time; a day alone is its end, now when it is left out."""
    if written is None:
        return datetime.now(ZoneInfo("Europe/Stockholm")).replace(tzinfo=None, microsecond=0)
    try:
        moment = datetime.fromisoformat(written.strip())
    except ValueError:
        raise click.UsageError(_("A time is written 2026-10-03 14:30.")) from None
    if len(written.strip()) <= len("2026-10-03"):
        return datetime.combine(moment.date(), time(23, 59, 59))
    if moment.tzinfo is not None:
        moment = moment.astimezone(ZoneInfo("Europe/Stockholm")).replace(tzinfo=None)
    return moment.replace(microsecond=0)


def summarise(answers: Sequence[FileAnswer], *, tied: bool = True) -> None:
    """Say each file's answer with its reasons, and the answer for all of them. ``tied``: rows are tied to cases."""
    words = (
        _("{file}: {decision} ({rows} rows, of which {tied} tied to a case)") if tied else _("{file}: {decision} ({rows} rows)")
    )
    for answer in answers:
        click.echo(
            printable(
                words.format(
                    file=answer.shown, decision=_(DECISIONS[answer.decision]).upper(), rows=answer.rows, tied=answer.tied
                )
            )
        )
        for reason in answer.reasons:
            click.echo(printable(f"  {_(WEIGHTS[reason.weight])}: {reason.text} [{reason.code}, {reason.count}]"))
            for place in reason.places[:_SHOWN_ON_TERMINAL]:
                click.echo(printable(f"      {place}"))
            if reason.places and reason.count > min(len(reason.places), _SHOWN_ON_TERMINAL):
                click.echo("      …")
            click.echo(printable(f"    → {reason.remedy}"))
    if len(answers) > 1:
        click.echo(_("All files together: {decision}").format(decision=_(DECISIONS[decide(list(answers))]).upper()))
