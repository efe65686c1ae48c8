"""What a page shows: the officer's report as one self-contained HTML file."""

from auditor.report.page import write_report

__all__ = ["write_report"]
