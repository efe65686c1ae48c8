"""What a finding is, and how findings are streamed to files: one row per violation, and per answer that cannot be given."""

from auditor.findings.events import EVENT_CHECKS, event_finding_query, keep_own_events, note_events, passed_events
from auditor.findings.log import log_findings
from auditor.findings.rows import FINDING_SCHEMA, finding_query, missing_parts, words_of_findings
from auditor.findings.writing import TableWriter

__all__ = [
    "EVENT_CHECKS",
    "FINDING_SCHEMA",
    "TableWriter",
    "event_finding_query",
    "finding_query",
    "keep_own_events",
    "log_findings",
    "missing_parts",
    "note_events",
    "passed_events",
    "words_of_findings",
]
