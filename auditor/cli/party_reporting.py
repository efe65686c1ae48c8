"""``auditor report party``: from the command line's words to a finished folder."""

from __future__ import annotations

from pathlib import Path

import click

from auditor.cli.run_options import refuse_inside
from auditor.cli.speaking import printable
from auditor.cli.whole_folder import whole_folder
from auditor.errors import ExitCode
from auditor.words import _


def party_command(
    name: str,
    run_folder: Path,
    source: Path,
    agreement: Path | None,
    mapping: Path | None,
    key_file: Path | None,
    out: Path,
) -> int:
    """Write one party's report, whole or not at all; returns the exit code."""
    from auditor.output import put_manifest
    from auditor.parties.answers import answer_for_party
    from auditor.replay import reopened
    from auditor.report.party import write_party_report

    refuse_inside(out, source, run_folder)
    with (
        whole_folder(out, source) as (private, finished),
        reopened(run_folder, source, agreement, mapping, key_file, private) as again,
    ):
        answers = answer_for_party(again, name)
        page = write_party_report(answers, again.manifest_sha256, finished)
        # without the input's hashes: other parties' rows stand in those files, and a small file can be guessed from its hash
        put_manifest(finished, {"report": "party", "party": answers.party, **again.rests_on()})
    click.echo(_("Report: {path}").format(path=printable(str(out / page.name))))
    return ExitCode.DONE
