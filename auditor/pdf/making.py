"""One page of this program into one PDF, whole or not at all."""

from __future__ import annotations

from pathlib import Path

from auditor.errors import UserError
from auditor.output_folder import owner_only, private_folder
from auditor.pdf.browser import find_browser, print_page
from auditor.pdf.page import read_page
from auditor.privacy import shown_path
from auditor.words import _


def make_pdf(source: Path, out: Path, *, dnr: str = "", browser: Path | None = None) -> int:
    """Print ``source`` into ``out``, replacing what stands there; returns the number of pages. Raises UserError.

    Temporary data lies in a private folder beside ``out``, and ``out`` is readable by its owner alone.
    """
    page = read_page(source)
    printer = find_browser(browser)
    from auditor.pdf.mending import OLDEST, TooOld, Untagged, mend

    with owner_only(), private_folder(out) as private:
        copy, printed, mended = (private / name for name in ("page.html", "printed.pdf", "mended.pdf"))
        copy.write_text(page.for_print(dnr), encoding="utf-8", newline="\n")
        print_page(printer, copy, printed, private / "profile")
        try:
            pages = mend(printed, page, mended)
        except (TooOld, Untagged) as error:
            raise UserError(
                _("This browser is too old to make an accessible PDF."),
                hint=_("Use Chromium, Chrome or Edge {version} or later; name it with --browser.").format(version=OLDEST),
                file=shown_path(printer.name),
            ) from error
        try:
            mended.replace(out)
        except OSError as error:
            raise UserError(
                _("The PDF cannot be written."),
                hint=_(
                    "Check that you may write there and that it is not open in another program, or name another with --out."
                ),
                file=shown_path(out.name),
            ) from error
    return pages
