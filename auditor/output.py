"""The files beside findings and report: counts, quarantine and the manifest that holds it all together."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from auditor import __version__, manifests
from auditor.audit import Audit
from auditor.contract.model import Contract
from auditor.engine import Engine
from auditor.errors import UserError
from auditor.findings import TableWriter
from auditor.intake.settling import Piles
from auditor.intake.standard_logs import recorded
from auditor.intake.taking_in import FileRecord
from auditor.labels import REASONS, state_text
from auditor.outcomes import Counts, State
from auditor.output_folder import MANIFEST
from auditor.privacy import shown_path
from auditor.words import _, language

MANIFEST_FORM = 1
PROGRAM = "en-ingang-auditor"


def write_counts(audit: Audit, out: Path) -> None:
    """Write ``counts.csv``: each check's state and its answers."""
    with (out / "counts.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["check", "state", "rows", "pass", "violation", "undetermined", "not_applicable"])
        for run in audit.runs:
            n = audit.counts.get(run.check.id, Counts())
            numbers = [n.rows, n.passed, n.violation, n.undetermined, n.not_applicable] if run.state is State.RUN else [""] * 5
            writer.writerow([run.check.id, state_text(run), *numbers])


def write_quarantine(engine: Engine, audit: Audit, out: Path) -> None:
    """Write ``quarantine.csv``: where each row and cell stands that could not be read, and why; never the cell's value."""
    shown = audit.intake.shown_files()
    engine.load(
        "shown_files", pa.table({"number": pa.array(shown.keys(), pa.int32()), "shown": pa.array(shown.values(), pa.string())})
    )
    reasons = {code: _(text) for code, text in REASONS.items()}
    engine.load("reasons", pa.table({"code": list(reasons), "words": list(reasons.values())}))
    names = ("file", "line", "table", "column", "reason")
    schema = pa.schema([(name, pa.int64() if name == "line" else pa.string()) for name in names])
    with TableWriter(schema, csv=out / "quarantine.csv") as writer:
        writer.write(
            engine.batches(
                """SELECT f.shown AS file, q.line, q.canonical_table AS "table", q.canonical_column AS "column",
                    coalesce(r.words, q.reason) AS reason
                FROM quarantine AS q JOIN shown_files AS f ON f.number = q.file LEFT JOIN reasons AS r ON r.code = q.reason
                ORDER BY f.shown, q.line, q.whole_row DESC, q.canonical_column, q.reason"""
            )
        )


def piles_of(record: FileRecord, audit: Audit) -> dict[str, int]:
    """Where a file's rows went: ``audited``, ``context``, ``other_controller`` and ``quarantined`` add up to ``read``.

    ``controller_unknown`` is how many of ``other_controller`` may be anybody's: what tells whose they are is missing.
    ``identical`` is how many of these rows were identical to another with the same key and became one row with it.
    """
    piles: Piles = record.piles
    ended = piles.kept + piles.repeated
    table = record.file.table
    if table == "cases":
        audited = sum(ended.values())
    else:
        audited = sum(n for day, n in ended.items() if day is not None and audit.period.first <= day <= audit.period.last)
    return {
        "read": record.rows_read,
        "audited": audited,
        "context": sum(ended.values()) - audited,
        "other_controller": piles.others,
        "controller_unknown": piles.unknown,
        "quarantined": piles.quarantined,
        "identical": sum(piles.repeated.values()),
    }


def write_manifest(audit: Audit, out: Path, options: dict[str, Any], register: dict[str, Any] | None = None) -> None:
    """Write an audit's ``manifest.json``: what was read, under what rules, and what came of it."""
    agreement = audit.loaded.agreement
    told = {
        "agreement": {
            "id": agreement.id,
            "title": agreement.title,
            "source": agreement.source,
            "form": agreement.form,
            "sha256": audit.loaded.sha256,
        },
        "law_table": {"version": __version__, "sha256": audit.law.sha256},
        "period": {"from": audit.period.first.isoformat(), "to": audit.period.last.isoformat()},
        "controller": audit.controller,
        "options": {**options, "lang": language()},
        "inputs": [
            {
                "file": record.shown,
                "table": record.file.table,
                "sha256": record.sha256,
                "bytes": record.size,
                "rows": piles_of(record, audit),
                "repaired_cells": record.piles.repaired,
                "ignored_columns": list(record.ignored_columns),
                **recorded(record.origin),
            }
            for record in audit.intake.files
        ],
        "ignored_files": list(audit.intake.ignored_files),
        "pseudonymised_ids": audit.intake.pseudonymised,
        "verdicts": {verdict.value: n for verdict, n in audit.verdicts.items()},
        "checks": {run.check.id: run.state.value for run in audit.runs},
        "tallies": audit.tallies.as_json(),
        "register": register,
        "contract": _contract(audit.contract),
        "reviews": [{"sha256": review.sha256, **review.record.model_dump(mode="json")} for review in audit.reviews],
    }
    put_manifest(out, told)


def put_manifest(out: Path, told: Mapping[str, Any]) -> None:
    """Write ``manifest.json``, last of all files: ``told``, the SHA-256 of every file written, and the moment."""
    manifest = {
        "manifest": MANIFEST_FORM,
        "program": {"name": PROGRAM, "version": __version__},
        **told,
        "outputs": [
            {"file": path.name, "sha256": sha256_of(path), "bytes": path.stat().st_size}
            for path in sorted(out.iterdir())
            if path.name != MANIFEST
        ],
        "run_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    (out / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _contract(contract: Contract) -> dict[str, Any]:
    """The suites that the export was put to, and the answer to each expectation."""
    return {
        "suites": [{"name": suite.name, "table": suite.table, "sha256": suite.sha256} for suite in contract.suites],
        "answers": [
            {"suite": outcome.suite.name, "id": outcome.expectation.id, "answer": outcome.answer.value}
            for outcome in contract.outcomes
        ],
    }


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's bytes, as hexadecimal text."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a report folder. Raises UserError when there is none of ours."""
    path = folder / MANIFEST
    if not path.is_file():  # a pipe, for one, would be waited for
        raise _no_manifest()
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        if manifest["program"]["name"] != PROGRAM or manifest["manifest"] != MANIFEST_FORM:
            raise ValueError
        manifests.of_any_report(manifest)
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise _no_manifest() from error
    return dict(manifest)


def _no_manifest() -> UserError:
    return UserError(
        _("The folder holds no readable manifest of this program."),
        hint=_("Name the folder that an audit wrote (its --out)."),
        file=MANIFEST,
    )


def read_audit_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of an audit. Raises UserError when there is none of ours, or that of a report of another kind."""
    manifest = read_manifest(folder)
    if not {"period", "inputs", "verdicts"} <= manifest.keys():
        raise UserError(
            _("The folder holds another report than an audit's."),
            hint=_("Name the folder that an audit wrote (its --out)."),
            file=MANIFEST,
        )
    try:
        manifests.of_audit(manifest)
    except ValueError as error:
        raise _no_manifest() from error
    return manifest


def verify(folder: Path) -> list[str]:
    """Recompute every hash of a manifest. Returns a sentence for each file that is missing, changed or not in the manifest."""
    manifest = read_manifest(folder)
    faults: list[str] = []
    listed = {MANIFEST}
    for entry in manifest.get("outputs", []):
        name = str(entry.get("file"))
        listed.add(name)
        path = folder / name
        if Path(name).name != name or not path.is_file():
            faults.append(_("{file} is missing").format(file=shown_path(Path(name).name)))
        elif sha256_of(path) != entry.get("sha256"):
            faults.append(_("{file} has been changed").format(file=shown_path(name)))
    faults += [
        _("{file} is not in the manifest").format(file=shown_path(path.name))
        for path in sorted(folder.iterdir())
        if path.name not in listed
    ]
    return faults
