"""Logs of a standard format, read without a mapping: each file becomes a part for every canonical table that it holds rows of.

What a format has no place for is missing in its rows. Where an empty cell of other exports would be a fault of its own (no
ground, no case), it is none here: nobody knows whether it was recorded. Such rows are told by their file (``standard_files``).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

import pyarrow as pa

from auditor.engine import Engine
from auditor.errors import UserError
from auditor.intake.files import Form, InputFile
from auditor.intake.readers import LIMITS, Limits, RawFile, audit_event, riv_log
from auditor.intake.readers.cells import column_names
from auditor.intake.readers.fhir import read_fhir
from auditor.intake.readers.model import SetAside
from auditor.intake.readers.riv_log import read_riv_log
from auditor.intake.readers.source import Source
from auditor.intake.readers.table_rows import TableRows
from auditor.privacy import shown_path
from auditor.words import N_, _

FORMATS = {Form.FHIR: "FHIR AuditEvent", Form.RIV_LOG: "RIV-TA urn:riv:ehr:log"}

#: The columns that much turns on, and their names in the report. Those of which a log holds nothing are said to be missing.
_NEEDED = {
    "disclosures": {
        "case_id": N_("case number"),
        "sender": N_("sender"),
        "user_id": N_("user"),
        "recipient": N_("recipient"),
        "purpose": N_("purpose"),
        "fields": N_("disclosed fields"),
        "grounds": N_("grounds"),
        "motivation": N_("motivation"),
    },
    "accesses": {
        "case_id": N_("case number"),
        "user_id": N_("user"),
        "action": N_("what was done"),
        "reason": N_("reason for the access"),
    },
}
#: Columns whose empty cell accuses in other exports, and whose checks are not run when a log has no place for them. The
#: motivation of a disclosure is not among them: these logs hold no fields, no purpose and no grounds that would call for one.
_UNKNOWABLE = {"accesses": frozenset({"reason"})}


@dataclass(frozen=True)
class Origin:
    """The standard format of a file's rows, which needed columns they lack altogether, and how many records became no row.

    ``set_aside`` is told with one table of a file alone.
    """

    form: Form
    lacking: tuple[str, ...]
    set_aside: Counter[SetAside] = field(default_factory=Counter)


@dataclass(frozen=True)
class Part:
    """The rows of one table in a file. The headings of ``raw`` are names of canonical columns."""

    raw: RawFile
    origin: Origin

    @property
    def table(self) -> str:
        """The canonical table."""
        return self.raw.file.table


def read_standard_log(file: InputFile, into: Path, *, limits: Limits = LIMITS) -> list[Part]:
    """Read a log of a standard format; no part when it holds no audit events, and its name does not promise any.

    ``into`` is a private folder. Raises UserError when the file cannot be read to its end, or holds no event though its name
    promises some.
    """
    source = Source(file, limits)
    stem = hashlib.sha256(str(file.path).encode("utf-8", "surrogateescape")).hexdigest()[:24]
    columns = audit_event.COLUMNS if file.form is Form.FHIR else riv_log.COLUMNS
    read = read_fhir if file.form is Form.FHIR else read_riv_log
    with ExitStack() as stack:
        tables = {name: stack.enter_context(TableRows(into, stem, name, named)) for name, named in {**columns, "": ()}.items()}
        set_aside = read(source, tables)
        parts = _parts(source, tables, set_aside)
    source.check_unchanged()
    if not parts and (file.table or file.form is not Form.FHIR):
        raise _nothing_in(file)
    return parts


def _parts(source: Source, tables: dict[str, TableRows], set_aside: Counter[SetAside]) -> list[Part]:
    """A part for each table with rows. Records of which nothing is known stand with the accesses, if there are any."""
    unknown = tables.pop("")
    no_accesses = tables.keys() > {"accesses"} and not tables["accesses"].rows and tables["disclosures"].rows
    _cells, torn = unknown.finish()
    if torn:
        tables["disclosures" if no_accesses else "accesses"].tear_all(torn)
    parts: list[Part] = []
    for name, rows in tables.items():
        cells, torn = rows.finish()
        if rows.rows or torn:
            width = len(rows.columns)
            raw = RawFile(
                replace(source.file, table=name),
                source.sha256,
                rows.columns,
                column_names(width),
                rows.rows + rows.torn,
                cells,
                torn,
            )
            lacking = tuple(column for column in _NEEDED[name] if column not in rows.filled)
            parts.append(Part(raw, Origin(source.file.form, lacking, set_aside if not parts else Counter())))
    return parts


def _nothing_in(file: InputFile) -> UserError:
    return UserError(
        _("The file holds no event of a log."),
        hint=_("Export it again with the resources AuditEvent; an audit of nothing would look like a clean one."),
        file=shown_path(file.relative),
    )


def note_files(engine: Engine, numbers: list[int]) -> None:
    """Make the engine's table ``standard_files`` (file): the numbers of the files whose rows come from standard logs."""
    engine.load("standard_files", pa.table({"file": pa.array(numbers, pa.int32())}))


def unknowable(table: str) -> frozenset[str]:
    """The columns of which nobody can say that a cell is empty, once rows of the table come from a standard log."""
    return _UNKNOWABLE.get(table, frozenset())


def told(origin: Origin | None, table: str) -> list[str]:
    """What the report tells of a standard log, in sentences of the language now spoken; nothing of other files."""
    if origin is None:
        return []
    columns = ", ".join(_(_NEEDED[table][column]) for column in origin.lacking)
    sentences = [_("Read as {form}.").format(form=FORMATS[origin.form])]
    if columns:
        sentences.append(_("These rows do not say: {columns}. What turns on that cannot be judged.").format(columns=columns))
    if n := origin.set_aside[SetAside.OTHER_RESOURCE]:
        sentences.append(_("Records that are no audit events and were not read: {n}.").format(n=n))
    if n := origin.set_aside[SetAside.FAILED_DISCLOSURE]:
        sentences.append(_("Disclosures that failed by the log's own account, and are not audited: {n}.").format(n=n))
    return sentences


def recorded(origin: Origin | None) -> dict[str, object]:
    """What the manifest tells of a standard log; nothing of other files."""
    if origin is None:
        return {}
    return {
        "standard": origin.form.value,
        "lacking_columns": list(origin.lacking),
        "records_set_aside": {reason.value: origin.set_aside[reason] for reason in SetAside if origin.set_aside[reason]},
    }
