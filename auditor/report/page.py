"""Fills the report's templates: one HTML file that asks for nothing from anywhere and runs no script but its own.

The style sheet and the two scripts (a table library and ours) stand in the page, each allowed by its SHA-256 in the page's
Content-Security-Policy; no other style or script can act, wherever it came from.
"""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from auditor.audit import Audit
from auditor.engine import Engine
from auditor.report import formats
from auditor.report.contract import contract_view
from auditor.report.view import view
from auditor.resources import shipped
from auditor.words import _, language

_SCRIPTS = ("vendor/dataTables.min.js", "report.js")


def write_report(engine: Engine, audit: Audit, out: Path) -> None:
    """Write ``report.html`` into ``out``."""
    folder = shipped("reports")
    shown = view(engine, audit)
    style = _text(folder, "report.css") + _page_margins(shown)
    scripts = [_text(folder, name) for name in _SCRIPTS]
    page = (
        _environment(folder)
        .get_template("report.html.j2")
        .render(
            view=shown,
            contract=contract_view(audit.contract),
            style=_as_it_stands(style),
            style_hash=_hash(style),
            scripts=[_as_it_stands(script) for script in scripts],
            script_hashes=[_hash(script) for script in scripts],
            lang=language(),
        )
    )
    (out / "report.html").write_text(page, encoding="utf-8", newline="\n")


def self_contained(template: str, style_sheet: str, values: dict[str, Any]) -> str:
    """A page without scripts from a template and one style sheet; ``values`` are what the template names."""
    folder = shipped("reports")
    style = _text(folder, style_sheet)
    page = _environment(folder).get_template(template)
    return page.render(**values, style=_as_it_stands(style), style_hash=_hash(style))


def _environment(folder: Path) -> jinja2.Environment:
    def source(name: str) -> str | None:
        template = folder.joinpath("templates", *name.split("/"))
        return template.read_text(encoding="utf-8") if template.is_file() else None

    environment = jinja2.Environment(
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        loader=jinja2.FunctionLoader(source),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["_"] = _
    environment.filters["number"] = formats.number
    return environment


def _text(folder: Path, name: str) -> str:
    """A file of the program's own, with the line ends that a browser hashes."""
    return folder.joinpath("static", *name.split("/")).read_text(encoding="utf-8").replace("\r\n", "\n")


def _as_it_stands(text: str) -> Markup:
    """The program's own style or script, which no escaping may change."""
    if "</script" in text.lower() or "</style" in text.lower() or "<!--" in text:
        raise ValueError("a style or script of the report would end its own element")
    return Markup(text)  # noqa: S704


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


def _page_margins(shown: dict[str, Any]) -> str:
    """The margins of a printed page: the marking and the period on every one. Words of the program alone stand in them."""
    marking = _("Secrecy under chapter 26, section 1 of the Public Access to Information and Secrecy Act (2009:400)")
    page = _("Page")
    content = {
        "top-left": _css_text(marking),
        "top-right": _css_text(shown["days"]),
        "bottom-right": f"{_css_text(page)} counter(page) {_css_text('/')} counter(pages)",
    }
    boxes = " ".join(f"@{place} {{ content: {text}; }}" for place, text in content.items())
    return f"@media print {{ @page {{ {boxes} }} }}\n"


def _css_text(text: str) -> str:
    return '" ' + "".join(c if c.isalnum() or c in " .,:()§/–" else f"\\{ord(c):x} " for c in text) + ' "'
