"""``auditor check-export --statistics``: may these tables of numbers, or this microdata, leave?"""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import click

from auditor.agreement import load_agreement
from auditor.cli.full_disk import full_disk_told
from auditor.cli.progress import shown_progress
from auditor.cli.releasing import EXIT, moment_of, organisation_of, paths_of, purpose_of, put_report, summarise
from auditor.cli.speaking import printable
from auditor.engine import Engine
from auditor.intake.files import size_of
from auditor.law.grounds import read_law_table
from auditor.output_folder import check_output, owner_only, private_folder
from auditor.privacy import may_be_shown, may_hold_personal_number
from auditor.release.model import Request, decide
from auditor.statistics.model import Days, Earlier, Settings
from auditor.words import _

_SETTINGS = frozenset(field.name for field in fields(Settings))
_LONGEST_COUNTING = 100
#: In the report's record, beside the settings: the hashes of the files that the register had, None where no register was given.
_KNOWN = "released_before"


def check_statistics_command(
    files: tuple[str, ...],
    recipient: str | None,
    purpose: str | None,
    at: str | None,
    cases: Path | None,
    contributions: Path | None,
    register: Path | None,
    out: Path | None,
    agreement: Path | None,
    force: bool,
    quiet: bool,
    told: Mapping[str, Any],
) -> int:
    """Check statistics before they leave; returns the exit code (docs/command-line.md). ``told`` are the settings' options."""
    from auditor.release.page import REPORT
    from auditor.statistics.check import check_statistics

    paths = paths_of(files)
    settings = settings_of(told)
    loaded, law = load_agreement(agreement), read_law_table()
    known, released = _released_before(register) if register is not None else (None, None)
    request = Request(
        recipient=organisation_of(loaded.agreement, law, recipient, "--to") if recipient else "",
        purpose=purpose_of(loaded.agreement, law, purpose) if purpose else "",
        at=moment_of(at),
        statistics=as_written(settings) | {_KNOWN: known},
    )
    beside = [path for path in (cases, contributions) if path is not None]
    for path in (*paths, *beside):
        if out is not None:
            check_output(out, path, force=force)
    place = out or Path(tempfile.gettempdir()) / "check-export"
    with shown_progress(quiet=quiet) as say, owner_only(), private_folder(place) as private, full_disk_told():
        readable = {path.resolve().parent for path in (*paths, *beside)}
        with Engine(private, sorted(readable), size=size_of(*paths, *beside)) as engine:
            checked = check_statistics(
                engine,
                paths,
                settings,
                loaded,
                law,
                private,
                cases=cases,
                contributions=contributions,
                released=released,
                say=say,
            )
        answers = [one.answer for one in checked]
        if out is not None:
            put_report(out, private, answers, request, loaded, law)
    with contextlib.suppress(OSError):
        summarise(answers, tied=False)
        if out is not None:
            click.echo(_("Report: {path}").format(path=printable(str(out / REPORT))))
    return EXIT[decide(answers)]


def _released_before(register: Path) -> tuple[list[str], list[Earlier]]:
    """What the register has of statistics released before: hashes of the files, and their numbers.

    Raises UserError for a register that is not as it was written.
    """
    from auditor.cli.trusted_register import require_untouched
    from auditor.register import Register
    from auditor.statistics.remembered import released_files, released_statistics

    with Register(register) as opened:
        refusal = _("The register is not as it was written, so what was released before is not known.")
        require_untouched(opened, register, refusal)
        return released_files(opened), released_statistics(opened)


def settings_of(told: Mapping[str, Any]) -> Settings:
    """The settings that the options say; what they leave out has its default. Raises click.UsageError."""
    given = {name: value for name, value in told.items() if name in _SETTINGS and value is not None}
    settings = replace(Settings(), **given)
    _refuse_personal_numbers(settings)
    if settings.sensitive and not settings.quasi:
        raise click.UsageError(_("--sensitive needs --quasi: the columns that others may know."))
    if told.get("dominance") is not None:
        settings = replace(settings, dominance_n=told["dominance"][0], dominance_k=told["dominance"][1])
    if told.get("period") is not None:
        settings = replace(settings, days=days_of(str(told["period"])))
    return settings


def _refuse_personal_numbers(settings: Settings) -> None:
    """Refuse words that would stand in the report and in the register. Raises click.UsageError."""
    if not may_be_shown(settings.counting, _LONGEST_COUNTING):
        raise click.UsageError(_("--counting takes at most 100 characters, and never a personal number."))
    columns = (*settings.quasi, *settings.sensitive, *settings.magnitude, *settings.dimensions)
    if any(may_hold_personal_number(name) for name in columns):
        raise click.UsageError(_("A column that an option names holds a personal number: give the column another heading."))


def days_of(written: str) -> Days:
    """The days of ``2026``, ``2026-10``, ``2026-10-03``, or of two of these with a slash between. Raises click.UsageError."""
    first, slash, last = written.strip().partition("/")
    try:
        days = Days(_span(first).first, _span(last if slash else first).last)
    except ValueError:
        days = None
    if days is None or days.last < days.first:
        raise click.UsageError(_("A period is written 2026-10, 2026-01/2026-10 or 2026-01-01/2026-10-15."))
    return days


def _span(written: str) -> Days:
    """All days of a year, a month or a day. Raises ValueError."""
    parts = [int(part) for part in written.split("-")]
    match parts:
        case [year]:
            return Days(date(year, 1, 1), date(year, 12, 31))
        case [year, month]:
            after = date(year + month // 12, month % 12 + 1, 1)
            return Days(date(year, month, 1), after - timedelta(days=1))
        case [year, month, day]:
            return Days(date(year, month, day), date(year, month, day))
    raise ValueError


def as_written(settings: Settings) -> dict[str, Any]:
    """The settings as the report's record has them."""
    written = asdict(settings)
    days = settings.days
    return written | {"days": [days.first.isoformat(), days.last.isoformat()] if days else None}


def as_read(written: Mapping[str, Any]) -> Settings:
    """The settings of a report's record."""
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in written.items()}
    days = values.pop("days")
    values.pop(_KNOWN, None)
    return Settings(**values, days=Days(*(date.fromisoformat(day) for day in days)) if days else None)


def remember(register: Path, file: Path, by: str, run_folder: Path) -> bool:
    """Keep the numbers of statistics that are about to be released in the register, which is made if it does not exist.

    Returns whether the check was made with a register. Raises UserError for a file that may not be released, for a register
    that is not as it was written, and for one with releases that the check did not know of.
    """
    from auditor.cli.trusted_register import require_untouched
    from auditor.register import Register
    from auditor.release.approval import may_be_approved
    from auditor.statistics.check import blocks_of
    from auditor.statistics.remembered import remember_statistics

    record, checked = may_be_approved(file, run_folder)
    written = record["request"]["statistics"]
    settings = as_read(written)
    place = Path(tempfile.gettempdir()) / "approve"
    with owner_only(), private_folder(place) as private, Engine(private, [file.resolve().parent], size=size_of(file)) as engine:
        blocks = blocks_of(engine, file, settings, private)
    known = written.get(_KNOWN)
    judged = {*(known or ()), *(one["sha256"] for one in record["files"])}
    with Register(register, create=True) as opened:
        require_untouched(opened, register, _("The register is not as it was written, so nothing is added to it."))
        remember_statistics(opened, checked["file"], checked["sha256"], by, blocks, settings, judged)
    return known is not None
