"""A release decision bound to a file: it names who decided and when, the check's record, and the file's SHA-256.

The decision is kept as ``approval-<first characters of the hash>.json`` beside the check's report, and in the register
(``remembered``) where one is named.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from auditor.errors import UserError
from auditor.output import read_manifest, sha256_of, verify
from auditor.output_folder import MANIFEST
from auditor.privacy import shown_path
from auditor.release.model import Decision
from auditor.release.page import RECORD
from auditor.words import _

APPROVAL_FORM = 1


def decide_on(file: Path, by: str, run: Path) -> dict[str, Any]:
    """The decision of ``by`` to let the checked file leave, which is not written yet.

    Raises UserError as ``may_be_approved`` does.
    """
    record, checked = may_be_approved(file, run)
    return {
        "approval": APPROVAL_FORM,
        "sha256": checked["sha256"],
        "file": checked["file"],
        "by": by,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "request": record["request"],
        "record_sha256": sha256_of(run / RECORD),
    }


def write_decision(decision: dict[str, Any], run: Path) -> None:
    """Write a decision beside the check's report, and name it in the manifest."""
    manifest, path = read_manifest(run), _path(run, decision["sha256"])
    path.write_text(json.dumps(decision, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    manifest["outputs"] = [entry for entry in manifest["outputs"] if entry["file"] != path.name]
    manifest["outputs"].append({"file": path.name, "sha256": sha256_of(path), "bytes": path.stat().st_size})
    (run / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def may_be_approved(file: Path, run: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """The check's record, and its entry for the file.

    Raises UserError when the report was changed, the file is not one of those that it checked, or the check did not end in *release*.
    """
    shown = shown_path(file.name)
    _require_report(run, shown)
    record = json.loads((run / RECORD).read_text(encoding="utf-8"))
    digest = hash_of_file(file)
    checked = next((one for one in record["files"] if one["sha256"] == digest), None)
    if checked is None:
        raise UserError(
            _("The file is not one of those that the report is about, or it was changed after the check."),
            hint=_("Check the file again with --out, and approve that."),
            file=shown,
        )
    if checked["decision"] != Decision.RELEASE or record["decision"] != Decision.RELEASE:
        raise UserError(
            _("The check did not end in a release, so the file cannot be approved."),
            hint=_("Mend what the report says, check the file again, and approve that."),
            file=shown,
        )
    return record, checked


def approval_of(file: Path, run: Path) -> dict[str, Any] | None:
    """The decision that lets this very file leave; None where there is none, or the file was changed since.

    Raises UserError when the report was changed, or the file is not there.
    """
    digest = hash_of_file(file)
    _require_report(run, shown_path(file.name))
    path = _path(run, digest)
    if not path.is_file():
        return None
    decision = json.loads(path.read_text(encoding="utf-8"))
    return dict(decision) if decision.get("sha256") == digest else None


def _path(run: Path, digest: str) -> Path:
    return run / f"approval-{digest[:16]}.json"


def _require_report(run: Path, shown: str) -> None:
    """Refuse a folder that is no release check's report, or was changed. Raises UserError."""
    read_manifest(run)
    if not (run / RECORD).is_file():
        raise UserError(
            _("The folder holds no report of a release check."),
            hint=_("Name the folder that check-export wrote (its --out)."),
            file=shown_path(run.name),
        )
    if verify(run):
        raise UserError(
            _("The report is not as it was written."), hint=_("Check the file again with --out, and approve that."), file=shown
        )


def hash_of_file(file: Path) -> str:
    """The SHA-256 of a file. Raises UserError when it is not there."""
    try:
        return sha256_of(file)
    except OSError as error:
        raise UserError(_("The file does not exist."), hint=_("Check the path."), file=shown_path(file.name)) from error
