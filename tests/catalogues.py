"""What the program says and its Swedish, read from source and catalogues, for tests of the words."""

from __future__ import annotations

import ast
import gettext
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

from auditor.checks import CATALOGUE
from auditor.contract.suites import read_suites
from auditor.words import speak
from tests.running import CHECKOUT

ROOMS = CHECKOUT / "reports" / "locale" / "sv" / "LC_MESSAGES"
CLICK = "click"


def in_swedish(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What an autouse fixture does: Swedish before and after each test; what the program sets for click is set back."""
    monkeypatch.setenv("LANGUAGE", "")
    domain = gettext.textdomain()
    speak("sv")
    yield
    speak("sv")
    gettext.textdomain(domain)


def calls(path: Path) -> Iterator[tuple[int, ast.expr]]:
    """Line and argument of every ``_()`` and ``N_()`` of a source file, those inside f-strings too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "N_") and node.args:
            yield node.lineno, node.args[0]


def sources() -> list[Path]:
    return sorted((CHECKOUT / "auditor").rglob("*.py"))


def said() -> dict[str, str]:
    """Every sentence of source, templates and the checks' pages, with the place where it stands."""
    found: dict[str, str] = {}
    for path in sources():
        for line, argument in calls(path):
            if isinstance(argument, ast.Constant):
                found.setdefault(argument.value, f"{path.relative_to(CHECKOUT)}:{line}")
    for path in sorted((CHECKOUT / "reports" / "templates").rglob("*.j2")):
        for line, message, *_rest in extract_from_file("jinja2.ext:babel_extract", path, keywords={"_": None}):
            assert isinstance(message, str), path
            found.setdefault(message, f"{path.relative_to(CHECKOUT)}:{line}")
    for check in CATALOGUE:
        for part in ("question", "finding", "why", "limits", "advice"):
            found.setdefault(getattr(check.page, part), f"{check.id} {part}")
    for suite in read_suites():
        for expectation in suite.expectations:
            found.setdefault(expectation.asks, f"{suite.name}.json {expectation.id}")
    return found


def read_room(path: Path) -> Catalog:
    """A catalogue; a malformed entry is an error."""
    with path.open("rb") as file:
        return read_po(file, abort_invalid=True)


def translated() -> dict[str, dict[str, Message]]:
    """Each English sentence with its message in every room that holds it; click's own words left out."""
    found: dict[str, dict[str, Message]] = {}
    for path in sorted(ROOMS.glob("*.po")):
        for message in read_room(path):
            if message.id and path.stem != CLICK:
                found.setdefault(str(message.id), {})[path.stem] = message
    return found


SAID = said()
TRANSLATED = translated()
MESSAGES = [(room, message) for rooms in TRANSLATED.values() for room, message in rooms.items()]


def placeholders(text: str) -> list[str]:
    fields = [f"{{{name}:{form}!{how}}}" for _text, name, form, how in string.Formatter().parse(text) if name is not None]
    return sorted(fields + re.findall(r"%[A-Za-z]", text) + re.findall(r"(?<![\w-])--[a-z-]+", text))


def on_one_line(text: str) -> str:
    """The text on one line: what the terminal's width broke is whole again."""
    return " ".join(text.split())


def fragments(sentence: str) -> list[str]:
    """The literal parts of a sentence that are long enough to be nothing but itself."""
    parts = (part.strip(" .,:;()'\"") for part in re.split(r"\{[^}]*\}|%\([a-z]+\)s|\n", sentence))
    return [part for part in parts if len(part) > 5 and " " in part]


ENGLISH = sorted({part for sentence, rooms in TRANSLATED.items() for part in fragments(sentence)})


def english_in(text: str) -> list[str]:
    """The English words of the program that stand in a text."""
    plain = on_one_line(text)
    return [part for part in ENGLISH if part in plain and re.search(rf"(?<!\w){re.escape(part)}(?!\w)", plain)]


def both(text: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    """Singular and plural, or the one text there is."""
    return (text,) if isinstance(text, str) else tuple(text)
