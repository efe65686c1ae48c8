"""Templates filled into pages that ask for nothing from anywhere and run no script; for every report that is HTML."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import jinja2
from markupsafe import Markup

from auditor.resources import shipped
from auditor.words import _, language


def fill(template: str, **values: Any) -> str:
    """The page that a template of ``reports/templates`` makes of some values, beside ``style``, ``style_hash`` and ``lang``."""
    folder = shipped("reports")
    style = folder.joinpath("static", "report.css").read_text(encoding="utf-8")
    environment = jinja2.Environment(
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        loader=jinja2.FunctionLoader(lambda name: folder.joinpath("templates", name).read_text(encoding="utf-8")),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["_"] = _
    return environment.get_template(template).render(
        **values,
        style=Markup(style),  # noqa: S704 - the program's own style sheet
        style_hash=base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii"),
        lang=language(),
    )
