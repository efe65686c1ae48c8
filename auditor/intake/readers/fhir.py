"""FHIR AuditEvent as JSON: every event of a Bundle, a list, NDJSON or a single resource becomes a disclosure or an access."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from auditor.intake.readers.audit_event import access_cells, disclosure_cells, failed, is_disclosure
from auditor.intake.readers.json_records import Record, read_records
from auditor.intake.readers.model import SetAside, Torn
from auditor.intake.readers.source import Source
from auditor.intake.readers.table_rows import TableRows


def read_fhir(source: Source, tables: Mapping[str, TableRows]) -> Counter[SetAside]:
    """Read a file into the rows of ``disclosures`` and ``accesses``; returns how many records became no row, and why.

    Which table a torn record belongs to is not known: it stands in ``tables`` under the empty name. Raises UserError when the
    file cannot be read to its end.
    """
    set_aside: Counter[SetAside] = Counter()
    for record in read_records(source):
        reason = _take(record, tables)
        if reason:
            set_aside[reason] += 1
    return set_aside


def _take(record: Record, tables: Mapping[str, TableRows]) -> SetAside | None:
    event = record.value
    if record.torn:
        tables[""].tear(record.number, record.torn)
    elif event is None:
        return SetAside.OTHER_RESOURCE  # an entry of a Bundle without a resource
    elif not isinstance(event, dict) or not isinstance(event.get("resourceType"), str):
        tables[""].tear(record.number, Torn.NOT_A_RESOURCE)
    elif event["resourceType"] != "AuditEvent":
        return SetAside.OTHER_RESOURCE
    elif not is_disclosure(event):
        tables["accesses"].add(record.number, access_cells(event, record.full_url))
    elif failed(event):
        return SetAside.FAILED_DISCLOSURE
    else:
        tables["disclosures"].add(record.number, disclosure_cells(event, record.full_url))
    return None
