"""Templates filled into pages that ask for nothing from anywhere; for every report that is HTML."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from auditor import __version__
from auditor.formats import number_text
from auditor.resources import shipped
from auditor.words import _, language

#: How a page of this program is known from others; its version follows.
GENERATOR = "en-ingang-auditor "
_CHARSET = '<meta charset="utf-8">\n'


def self_contained(template: str, style_sheet: str, values: dict[str, Any]) -> str:
    """A page without scripts from a template of ``reports/templates`` and a style sheet of ``reports/static``.

    ``values`` are what the template names, beside ``style``, ``style_hash`` and ``lang``.
    """
    style = own_text(style_sheet)
    return fill(template, {"style": as_it_stands(style), "style_hash": hash_of(style), **values})


def fill(template: str, values: dict[str, Any]) -> str:
    """A template filled with what it names, and with ``lang``. What is missing raises jinja2.UndefinedError.

    A whole page says after its ``<meta charset>`` which program made it.
    """
    page = _environment(shipped("reports")).get_template(template).render({"lang": language(), **values})
    return page.replace(_CHARSET, f'{_CHARSET}<meta name="generator" content="{GENERATOR}{__version__}">\n', 1)


def own_text(name: str) -> str:
    """A file of ``reports/static``, with the line ends that a browser hashes."""
    return shipped("reports").joinpath("static", *name.split("/")).read_text(encoding="utf-8").replace("\r\n", "\n")


def as_it_stands(text: str) -> Markup:
    """The program's own style or script, which no escaping may change. Raises ValueError when it would end its own element."""
    if "</script" in text.lower() or "</style" in text.lower() or "<!--" in text:
        raise ValueError("a style or script of the report would end its own element")
    return Markup(text)  # noqa: S704 - files and words of the program alone, looked through just above


def hash_of(text: str) -> str:
    """The SHA-256 by which a page's Content-Security-Policy allows a style or script."""
    return base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


@cache
def _environment(folder: Path) -> jinja2.Environment:
    """Kept for the process: several pages and parts of them are filled from the same templates."""

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
    environment.filters["number"] = number_text
    return environment
