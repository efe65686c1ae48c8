"""``auditor validate``: is this export fit to be audited? The data contract alone, on the terminal."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from auditor.cli.full_disk import full_disk_told
from auditor.cli.speaking import printable
from auditor.contract.answering import judge_contract
from auditor.contract.model import Answer, Contract
from auditor.contract.suites import read_suites
from auditor.contract.wording import ANSWERS, refuse_unfit, result_lines
from auditor.contract.worker import WORKER
from auditor.engine import Engine
from auditor.errors import ExitCode
from auditor.intake.files import size_of
from auditor.intake.taking_in import take_in
from auditor.law.grounds import read_law_table
from auditor.output_folder import owner_only, private_folder
from auditor.privacy import Pseudonyms
from auditor.words import _


def validate_command(source: Path, agreement: Path | None, mapping: Path | None, suite: tuple[Path, ...]) -> int:
    """Print every expectation with its answer.

    The exit code is 3 when a blocking one is not met, 4 when one could not be run, else 0.
    """
    from auditor.agreement import load_agreement

    loaded = load_agreement(agreement)
    suites = read_suites(suite)
    with owner_only(), WORKER.held() as worker, private_folder(Path(tempfile.gettempdir()) / "validated") as private:
        worker.start()
        # no id is shown, so its pseudonyms need not be those of other runs
        pseudonyms = Pseudonyms(private / "key")
        with full_disk_told(_("Free some space.")), Engine(private, [source], size=size_of(source)) as engine:
            intake = take_in(
                engine, source, loaded.agreement, read_law_table(), private, mapping_file=mapping, pseudonyms=pseudonyms
            )
            contract = judge_contract(engine, intake, suites)
    click.echo(printable(_text(contract)))
    refuse_unfit(contract)
    if not contract.complete:
        return ExitCode.INCOMPLETE
    if contract.of(Answer.NOT_MET):
        click.echo(
            _("The export can be audited. What is not met above makes the answers less certain; have it mended if you can.")
        )
    else:
        click.echo(_("The export can be audited."))
    return ExitCode.DONE


def _text(contract: Contract) -> str:
    width = max(len(_(words)) for words in ANSWERS.values())
    lines: list[str] = []
    table = ""
    for line in result_lines(contract):
        if line.table != table:
            table = line.table
            lines += ["", table.capitalize()]
        blocking = f" [{_('blocking')}]" if line.blocking else ""
        lines.append(f"  {_(ANSWERS[line.answer]):<{width}}  {line.asks}{blocking}{f' – {line.basis}' if line.basis else ''}")
    lines.append("")
    lines += [f"{len(contract.of(answer)):>5}  {_(words)}" for answer, words in ANSWERS.items() if contract.of(answer)]
    if contract.of(Answer.CANNOT_BE_JUDGED):
        lines.append(_("What cannot be judged counts neither for nor against the export."))
    return "\n".join(lines).lstrip("\n")
