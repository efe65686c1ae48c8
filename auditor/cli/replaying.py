"""``auditor explain DISCLOSURE``: one disclosure of an audit answered again, check by check."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import click

from auditor.cli.full_disk import full_disk_told
from auditor.cli.speaking import printable
from auditor.errors import ExitCode
from auditor.formats import moment_text
from auditor.labels import ANSWERS, CAUSES, VERDICTS, state_text
from auditor.output_folder import owner_only, private_folder
from auditor.replay import Explained, replay
from auditor.words import _


def replay_command(
    name: str, run_folder: Path, source: Path, agreement: Path | None, mapping: Path | None, key_file: Path | None
) -> int:
    """Print every check's answer for a disclosure, the values it rests on, the clause and the provision of that day."""
    with (
        full_disk_told(_("Free some space.")),
        owner_only(),
        private_folder(Path(tempfile.gettempdir()) / "explained") as private,
    ):
        explained = replay(name, run_folder, source, agreement, mapping, key_file, private)
    click.echo(printable(_text(explained)))
    return ExitCode.DONE


def _text(explained: Explained) -> str:
    lines = [
        _("Disclosure {id}, {at}").format(id=explained.disclosure, at=moment_text(explained.at)),
        _("Verdict: {verdict}").format(verdict=_(VERDICTS[explained.verdict])),
        "",
    ]
    for answer in explained.answers:
        check = answer.run.check
        if answer.answer is None:
            lines.append(f"{check.id:<4}{state_text(answer.run)}")
            continue
        lines.append(f"{check.id:<4}{_(ANSWERS[answer.answer])}  {_(check.page.question)}")
        values = ", ".join(f"{key}={_shown(value)}" for key, value in answer.evidence.items())
        if values:
            lines.append(f"      {_('Values')}: {values}")
        if answer.missing:
            causes = ", ".join(_(CAUSES[cause]) if cause in CAUSES else cause for cause in answer.missing)
            lines.append(f"      {_('Missing')}: {causes}")
        if check.clause:
            lines.append(f"      {_('Agreement')}: {check.clause} ({_('line {line}').format(line=answer.clause_line)})")
        lines.append(f"      {_('Law')}: {answer.law}")
    return "\n".join(lines)


def _shown(value: object) -> str:
    return "–" if value is None else json.dumps(value, ensure_ascii=False)
