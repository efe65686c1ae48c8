"""Fills the report's template: one HTML file that asks for nothing from anywhere and runs no script."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import jinja2
from markupsafe import Markup

from auditor.audit import Audit
from auditor.engine import Engine
from auditor.report.contract import contract_view
from auditor.report.view import view
from auditor.resources import shipped
from auditor.words import _, language


def write_report(engine: Engine, audit: Audit, out: Path) -> None:
    """Write ``report.html`` into ``out``."""
    folder = shipped("reports")
    style = folder.joinpath("static", "report.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii")
    environment = jinja2.Environment(
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        loader=jinja2.FunctionLoader(lambda name: folder.joinpath("templates", name).read_text(encoding="utf-8")),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["_"] = _
    environment.filters["number"] = _number
    page = environment.get_template("report.html.j2").render(
        view=view(engine, audit),
        contract=contract_view(audit.contract),
        style=Markup(style),  # noqa: S704 - the program's own style sheet
        style_hash=digest,
        lang=language(),
    )
    (out / "report.html").write_text(page, encoding="utf-8")


def _number(value: int) -> str:
    """A whole number with a no-break space (Swedish) or a comma (English) between thousands."""
    return f"{value:,}".replace(",", "\u00a0" if language() == "sv" else ",")
