"""One disclosure of an audit answered again from the same input, to show what each answer rests on."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from auditor.agreement import LoadedAgreement, load_agreement
from auditor.audit import prepare
from auditor.checks import CATALOGUE
from auditor.checks.model import Of
from auditor.engine import Engine
from auditor.errors import UserError
from auditor.findings import finding_query, words_of_findings
from auditor.intake.files import size_of
from auditor.intake.taking_in import Intake, take_in
from auditor.judging import give_verdicts, judge, keep_flagged, plan
from auditor.law.grounds import LawTable, read_law_table
from auditor.outcomes import Run, State, Verdict
from auditor.output import read_audit_manifest, sha256_of
from auditor.output_folder import MANIFEST
from auditor.privacy import Pseudonyms, shown_path
from auditor.relations import Period
from auditor.words import _


@dataclass(frozen=True)
class ExplainedAnswer:
    """A check's answer for the disclosure; ``answer`` is None where the check was not run."""

    run: Run
    answer: str | None = None
    evidence: dict[str, Any] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    law: str = ""
    clause_line: int = 0


@dataclass(frozen=True)
class Explained:
    """A disclosure with its verdict and every check's answer. ``at`` is local wall-clock time."""

    disclosure: str
    at: datetime
    verdict: Verdict
    answers: tuple[ExplainedAnswer, ...]


def replay(
    name: str,
    run_folder: Path,
    source: Path,
    agreement: Path | None,
    mapping: Path | None,
    key_file: Path | None,
    private: Path,
) -> Explained:
    """Answer one disclosure again. ``name`` is its number, or the pseudonym under which the report shows it.

    Raises UserError when input, agreement, mapping or law table is not that of the audit, or there is no such disclosure in it.
    """
    with reopened(run_folder, source, agreement, mapping, key_file, private) as again:
        engine, intake, loaded, law, period = again.engine, again.intake, again.loaded, again.law, again.period
        # the others stay as context: only this one is answered
        prepare(engine, loaded, law, period, again.manifest.get("controller"), intake.present)
        engine.run(
            "CREATE OR REPLACE TABLE audited AS SELECT * FROM audited WHERE disclosure_shown = ? OR disclosure_id = ?",
            [name, name],
        )
        if not engine.value("SELECT count(*) FROM audited"):
            raise UserError(
                _("There is no such disclosure in the audited period."),
                hint=_("Write the number as in the report's findings; disclosures in quarantine cannot be explained."),
            )
        off = {entry.check: entry.reason for entry in loaded.agreement.checks_off}
        runs = judge(engine, Of.DISCLOSURE, plan(CATALOGUE, intake.present, off))
        verdicts = give_verdicts(engine, runs)
        ran = (run.check for run in runs if run.state is State.RUN)
        keep_flagged(engine, Of.DISCLOSURE, runs, words_of_findings(Of.DISCLOSURE, ran, period.last), every_row=True)
        purpose = engine.value("SELECT purpose FROM audited")
        answers = tuple(_answer(engine, run, period, loaded, purpose) for run in runs)
        shown, moment = engine.rows('SELECT disclosure_shown, "at" FROM flagged_disclosure')[0]
    return Explained(shown, moment, next(verdict for verdict, n in verdicts.items() if n), answers)


@dataclass(frozen=True)
class Reopened:
    """An export taken in again under the rules of an earlier audit; its relations are not prepared yet.

    ``manifest_sha256`` is that of the audit's manifest, which names the input and the rules.
    """

    engine: Engine
    intake: Intake
    loaded: LoadedAgreement
    law: LawTable
    period: Period
    manifest: dict[str, Any]
    manifest_sha256: str

    def rests_on(self) -> dict[str, Any]:
        """What a report made of it rests on, for that report's manifest."""
        rules, audit = (
            {name: self.manifest[name] for name in names} for names in (("agreement", "law_table"), ("period", "controller"))
        )
        return {**rules, "audit": {**audit, "manifest_sha256": self.manifest_sha256}}


@contextlib.contextmanager
def reopened(
    run_folder: Path, source: Path, agreement: Path | None, mapping: Path | None, key_file: Path | None, private: Path
) -> Iterator[Reopened]:
    """Take in the input of an audit again. ``run_folder`` is what the audit wrote, ``private`` a folder for temporary data.

    Raises UserError when input, agreement, mapping or law table is not that of the audit.
    """
    manifest = read_audit_manifest(run_folder)
    loaded = load_agreement(agreement)
    if loaded.sha256 != manifest["agreement"]["sha256"]:
        raise UserError(
            _("The agreement is not the one that the audit was made with."), hint=_("Name that agreement with --agreement.")
        )
    law = read_law_table()
    _same_rules(mapping, law, manifest)
    period = Period(date.fromisoformat(manifest["period"]["from"]), date.fromisoformat(manifest["period"]["to"]))
    with Engine(private, [source], size=size_of(source)) as engine:
        intake = take_in(engine, source, loaded.agreement, law, private, mapping_file=mapping, pseudonyms=Pseudonyms(key_file))
        _same_input(intake, manifest)
        yield Reopened(engine, intake, loaded, law, period, manifest, sha256_of(run_folder / MANIFEST))


def _same_rules(mapping: Path | None, law: LawTable, manifest: dict[str, Any]) -> None:
    if law.sha256 != manifest["law_table"]["sha256"]:
        raise UserError(
            _("The law table of this program is not the one that the audit was made with."),
            hint=_("Use the version of the program that the manifest names, or run the audit again."),
        )
    then = manifest["options"].get("mapping_sha256")
    if mapping is None and then is not None:
        raise UserError(_("The audit was made with a mapping file."), hint=_("Name that mapping file with --mapping."))
    if mapping is not None and (not mapping.is_file() or sha256_of(mapping) != then):
        raise UserError(
            _("The mapping file is not the one that the audit was made with."),
            hint=_("Name the mapping file of that audit with --mapping, and none if it was made without one."),
            file=shown_path(mapping.name),
        )


def _same_input(intake: Intake, manifest: dict[str, Any]) -> None:
    then = sorted((entry["table"], entry["sha256"]) for entry in manifest["inputs"])
    now = sorted((record.file.table, record.sha256) for record in intake.files)
    if then != now:
        raise UserError(
            _("The input is not the one that was audited: a file has been changed, added or removed."),
            hint=_("Name the folder as it was when the audit was made, or run the audit again."),
        )


def _answer(engine: Engine, run: Run, period: Period, loaded: LoadedAgreement, purpose: str | None) -> ExplainedAnswer:
    if run.state is not State.RUN:
        return ExplainedAnswer(run)
    sql = finding_query(run.check, period.last, every_answer=True)
    answer, evidence, missing, law = engine.rows(f"SELECT answer, evidence, missing, law FROM ({sql})")[0]
    line = _clause_line(run.check.clause, loaded, purpose)
    return ExplainedAnswer(run, answer, json.loads(evidence), tuple(filter(None, (missing or "").split(","))), law, line)


def _clause_line(clause: str, loaded: LoadedAgreement, purpose: str | None) -> int:
    """The line of a clause in the agreement file; a flow's clause stands in the flow that the purpose names."""
    if not clause:
        return 0
    path = clause.split(".")
    if path[0] == "flows" and any(flow.id == purpose for flow in loaded.agreement.flows):
        path[1:1] = [str(purpose)]
    elif path[0] == "flows":
        path = ["flows"]
    return loaded.line_of(tuple(path))
