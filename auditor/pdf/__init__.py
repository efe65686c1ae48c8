"""A report as PDF: printed by the browser that stands on the machine, then mended into PDF/UA-1 (ISO 14289-1)."""

from auditor.pdf.browser import find_browser
from auditor.pdf.making import make_pdf
from auditor.pdf.page import Page, read_page

__all__ = ["Page", "find_browser", "make_pdf", "read_page"]
