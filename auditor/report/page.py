"""Fills the report's templates: one HTML file that asks for nothing from anywhere and runs no script but its own.

The style sheet and the two scripts (a table library and ours) stand in the page, each allowed by its SHA-256 in the page's
Content-Security-Policy; no other style or script can act, wherever it came from.
"""

from __future__ import annotations

from pathlib import Path

from auditor.audit import Audit
from auditor.engine import Engine
from auditor.register.account import Account
from auditor.report.contract import contract_view
from auditor.report.filling import as_it_stands, fill, hash_of, own_text
from auditor.report.view import view
from auditor.words import _

_SCRIPTS = ("vendor/dataTables.min.js", "report.js")


def write_report(engine: Engine, audit: Audit, out: Path, account: Account | None = None) -> None:
    """Write ``report.html`` into ``out``. ``account`` is what the register tells of the month, with a register."""
    shown = view(engine, audit, account)
    style = own_text("report.css") + page_margins(shown["days"])
    scripts = [own_text(name) for name in _SCRIPTS]
    page = fill(
        "report.html.j2",
        {
            "view": shown,
            "contract": contract_view(audit.contract),
            "style": as_it_stands(style),
            "style_hash": hash_of(style),
            "scripts": [as_it_stands(script) for script in scripts],
            "script_hashes": [hash_of(script) for script in scripts],
        },
    )
    (out / "report.html").write_text(page, encoding="utf-8", newline="\n")


def page_margins(days: str) -> str:
    """Style for the margins of printed pages: the marking and ``days``, the period; words of the program alone."""
    marking = _("Secrecy under chapter 26, section 1 of the Public Access to Information and Secrecy Act (2009:400)")
    page = _("Page")
    content = {
        "top-left": _css_text(marking),
        "top-right": _css_text(days),
        "bottom-right": f"{_css_text(page)} counter(page) {_css_text('/')} counter(pages)",
    }
    boxes = " ".join(f"@{place} {{ content: {text}; }}" for place, text in content.items())
    return f"@media print {{ @page {{ {boxes} }} }}\n"


def _css_text(text: str) -> str:
    return '" ' + "".join(c if c.isalnum() or c in " .,:()§/–" else f"\\{ord(c):x} " for c in text) + ' "'
