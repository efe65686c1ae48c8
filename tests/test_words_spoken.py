"""Nobody is answered in the wrong language: the command line, click's own words, and the report."""

from __future__ import annotations

import ast
import html
import re
from pathlib import Path

import click
import pytest
from babel.messages.catalog import Message

from auditor.checks import CATALOGUE
from auditor.cli import run
from auditor.cli.commands import build
from auditor.labels import VERDICTS
from auditor.words import _
from tests.catalogues import (
    CLICK,
    MESSAGES,
    ROOMS,
    SAID,
    both,
    english_in,
    fragments,
    in_swedish,
    on_one_line,
    placeholders,
    read_room,
)
from tests.running import CHECKOUT

spoken = pytest.fixture(autouse=True)(in_swedish)

MARKING = "Sekretess enligt 26 kap. 1 § offentlighets- och sekretesslagen (2009:400)"


def test_the_words_that_law_and_agreement_fix() -> None:
    assert _("Secrecy under chapter 26, section 1 of the Public Access to Information and Secrecy Act (2009:400)") == MARKING
    assert [_(words) for words in VERDICTS.values()] == [
        "inom avtalet",
        "utanför avtalet",
        "kan inte bedömas – underlag saknas",
    ]


def _commands() -> dict[tuple[str, ...], click.Command]:
    """Every command of the program in the language now spoken."""
    found: dict[tuple[str, ...], click.Command] = {}
    open_ones: list[tuple[tuple[str, ...], click.Command]] = [((), build())]
    while open_ones:
        path, command = open_ones.pop()
        found[path] = command
        if isinstance(command, click.Group):
            open_ones += [((*path, name), inner) for name, inner in command.commands.items()]
    return found


def _helps(command: click.Command) -> list[str]:
    options = [param.help for param in command.params if isinstance(param, click.Option)]
    return [str(text) for text in (command.help, *options)]


@pytest.mark.parametrize("path", _commands(), ids=lambda path: " ".join(path) or "auditor")
def test_help_in_both_languages(path: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    swedish_texts = {str(message.string) for _room, message in MESSAGES}
    assert run([*path, "--help"]) == 0
    swedish = capsys.readouterr().out
    for text in _helps(_commands()[path]):
        assert text in swedish_texts and text in on_one_line(swedish)
    assert english_in(swedish) == []
    assert "Användning: auditor" in swedish and "Flaggor:" in swedish and "Visa denna hjälp och avsluta." in swedish
    assert not re.search(r"Usage|Options|Commands|Show this|\[required\]|\bFILE\b|\bDIR\b|\bINPUT\b|YYYY", swedish)

    assert run([*path, "--lang", "en", "--help"]) == 0
    english = capsys.readouterr().out
    for text in _helps(_commands()[path]):
        assert text in SAID and text in on_one_line(english)
    assert "Usage: auditor" in english and "Options:" in english and not re.search("[åäöÅÄÖ]", english)


@pytest.mark.parametrize("arguments", [["checks"], *(["explain", check.id] for check in CATALOGUE)], ids=" ".join)
def test_checks_and_their_pages_in_both_languages(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments) == 0
    swedish = capsys.readouterr().out
    assert english_in(swedish) == []
    questions = {check.page.question: _(check.page.question) for check in CATALOGUE if arguments[1:] in ([], [check.id])}
    assert all(question in on_one_line(swedish) for question in questions.values())

    assert run([*arguments, "--lang", "en"]) == 0
    english = capsys.readouterr().out
    assert all(question in on_one_line(english) for question in questions)
    assert not any(question in on_one_line(english) for question in questions.values())


WRONG = {
    "audit": "Följande argument saknas: 'INDATA'.",
    "audit x": "Följande flagga saknas: '--out'.",
    "audit x --out": "Flaggan '--out' kräver ett värde.",
    "audit x --out y --period 2026": "Ogiltigt värde för '--period': En månad skrivs 2026-10.",
    "audit x --out y --from 3/10": "Ogiltigt värde för '--from': En dag skrivs 2026-10-03.",
    "audit x --out y --from 2026-10-03": "--from och --to anges tillsammans.",
    "audit x --out y --fail-on worst": "'worst' är inte något av 'critical', 'high', 'medium', 'low'.",
    "verify --hepl": "Flaggan '--hepl' finns inte. Menade du '--help'?",
    "audit x --out y --f": "Flaggan '--f' finns inte. (Menade du någon av dessa: '--force', '--from'?)",
    "audit --force=1 x": "Flaggan '--force' tar inget värde.",
    "audti": "Kommandot 'audti' finns inte. Menade du 'audit'?",
    "verify a b": "Oväntat argument (b)",
    "verify a b c": "Oväntade argument (b c)",
    "explain R99": "Kontrollen finns inte.",
    "explain U-1 --run x": "--run och --input anges tillsammans.",
    "--lang fr checks": "Ogiltigt värde för '--lang': 'fr' är inte något av 'sv', 'en'.",
}


@pytest.mark.parametrize("line", WRONG)
def test_a_wrong_command_line_is_answered_in_the_language_asked_for(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(line.split()) == 2
    swedish = capsys.readouterr().err
    assert "Fel: " in swedish and WRONG[line] in on_one_line(swedish)
    own = [part for message in _click_messages() for text in both(message.id) for part in fragments(text)]
    assert [part for part in own if part in on_one_line(swedish)] == []
    assert english_in(swedish) == []
    if "--lang" not in line:
        assert run([*line.split(), "--lang", "en"] if line != "audit x --out" else ["--lang", "en", *line.split()]) == 2
        english = capsys.readouterr().err
        assert "Error: " in english and not re.search("[åäöÅÄÖ]", english)


def _click_messages() -> list[Message]:
    return [message for message in read_room(ROOMS / f"{CLICK}.po") if message.id]


def test_clicks_words_are_those_of_the_installed_click() -> None:
    """A new click may say other words; then click.po is to be brought up to date."""
    installed: set[str] = set()
    for path in Path(click.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                installed.add(node.value)
    for message in _click_messages():
        english, swedish = both(message.id), both(message.string)
        assert set(english) <= installed, english
        assert len(english) == len(swedish) and not message.fuzzy
        for one, other in zip(english, swedish, strict=True):
            assert other and placeholders(one) == placeholders(other)


def test_the_users_own_locale_does_not_choose_clicks_language(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.setenv(name, "de_DE.UTF-8")
    assert run(["--help"]) == 0
    assert "Användning:" in capsys.readouterr().out
    assert run(["--lang=en", "--help"]) == 0
    assert "Usage:" in capsys.readouterr().out


def test_the_report_of_the_sample_month_is_in_swedish(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sample = CHECKOUT / "sample_data"
    agreement = ["--agreement", str(sample / "exempelavtal.yaml"), "--key-file", str(tmp_path / "key")]
    assert run(["audit", str(sample / "2026-10" / "clean"), "--out", str(tmp_path / "out"), *agreement]) == 0
    spoken = capsys.readouterr()
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    text = html.unescape(re.sub(r"<(style|script)>.*?</\1>|<[^>]+>", " ", page, flags=re.DOTALL))
    assert '<html lang="sv">' in page and MARKING in text
    for said_ in (spoken.out, spoken.err, text, (tmp_path / "out" / "quarantine.csv").read_text(encoding="utf-8-sig")):
        assert english_in(said_) == []
