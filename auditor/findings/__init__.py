"""What a finding is, and how findings are streamed to files: one row per violation, and per answer that cannot be given."""

from auditor.findings.log import log_findings
from auditor.findings.rows import FINDING_SCHEMA, finding_query, words_of_findings
from auditor.findings.writing import TableWriter

__all__ = ["FINDING_SCHEMA", "TableWriter", "finding_query", "log_findings", "words_of_findings"]
