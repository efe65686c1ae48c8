"""The words: every sentence has one Swedish, in step with what is compiled, and nobody is answered in the wrong language."""

from __future__ import annotations

import ast
import gettext
import html
import re
import string
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from auditor.checks import CATALOGUE
from auditor.cli import run
from auditor.cli.commands import build
from auditor.contract.suites import read_suites
from auditor.findings import rows
from auditor.intake.mapping import standard_mapping
from auditor.intake.readers.model import Torn
from auditor.intake.settling import Reason
from auditor.intake.tables import TABLES, Column, Type
from auditor.labels import CAUSES, EVIDENCE, REASONS, VERDICTS
from auditor.resources import shipped
from auditor.words import _, speak

CHECKOUT = Path(__file__).parents[1]
ROOMS = CHECKOUT / "reports" / "locale" / "sv" / "LC_MESSAGES"
CLICK = "click"
MARKING = "Sekretess enligt 26 kap. 1 § offentlighets- och sekretesslagen (2009:400)"
#: One word for one notion: what is not written, and what is written instead.
AVOIDED = {
    r"\buttag": "exporten",
    r"mappning(en|ar|arna)?\b": "mappningsfilen",
    r"orosgrund": "anledning till oro",
    r"gängrelaterad": "gängkriminalitet",
    r"\bträff(ar|en|arna)?\b": "iakttagelse",
}


@pytest.fixture(autouse=True)
def _spoken(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Swedish before and after each test; what the program sets for click is set back."""
    monkeypatch.setenv("LANGUAGE", "")
    domain = gettext.textdomain()
    speak("sv")
    yield
    speak("sv")
    gettext.textdomain(domain)


# --- what is said, and what is translated ------------------------------------------------------------------------------


def _calls(path: Path) -> Iterator[tuple[int, ast.expr]]:
    """Line and argument of every ``_()`` and ``N_()`` of a source file, those inside f-strings too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "N_") and node.args:
            yield node.lineno, node.args[0]


def _sources() -> list[Path]:
    return sorted((CHECKOUT / "auditor").rglob("*.py"))


def said() -> dict[str, str]:
    """Every sentence of source, templates and the checks' pages, with the place where it stands."""
    found: dict[str, str] = {}
    for path in _sources():
        for line, argument in _calls(path):
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
#: English words that are also Swedish words.
SAME = {"export", "incident", "Program", "cell", "Organisation", "Stratum"}


def test_every_sentence_has_its_swedish() -> None:
    assert {sentence: place for sentence, place in SAID.items() if sentence not in TRANSLATED} == {}
    assert [message.id for _room, message in MESSAGES if not message.string or message.fuzzy] == []
    same = {str(message.id) for _room, message in MESSAGES if message.string == message.id}
    assert {sentence for sentence in same if re.search("[a-z]{3}", re.sub(r"\{.*?\}", "", sentence))} == SAME


def test_no_translation_is_unused_or_said_twice_in_one_room() -> None:
    assert {sentence: list(rooms) for sentence, rooms in TRANSLATED.items() if sentence not in SAID} == {}
    for path in ROOMS.glob("*.po"):
        text = path.read_text(encoding="utf-8")
        assert "\n#~ " not in text, f"{path.name} keeps old entries"
        assert len(re.findall("^msgid ", text, re.MULTILINE)) == len(read_room(path)) + 1, f"{path.name} holds an id twice"


def test_a_sentence_has_one_swedish_in_all_rooms() -> None:
    several = {
        sentence: {room: message.string for room, message in rooms.items()}
        for sentence, rooms in TRANSLATED.items()
        if len({message.string for message in rooms.values()}) > 1
    }
    assert several == {}


def test_sentences_are_marked_so_that_they_can_be_found() -> None:
    """No sentence is put together before it is translated."""
    for path in _sources():
        for line, argument in _calls(path):
            named = isinstance(argument, (ast.Constant, ast.Name, ast.Attribute, ast.Subscript))
            looked_up = isinstance(argument, ast.Call) and ast.unparse(argument.func).endswith(".get")
            assert named or looked_up, f"{path}:{line}: {ast.unparse(argument)}"


def _placeholders(text: str) -> list[str]:
    fields = [f"{{{name}:{form}!{how}}}" for _text, name, form, how in string.Formatter().parse(text) if name is not None]
    return sorted(fields + re.findall(r"%[A-Za-z]", text) + re.findall(r"(?<![\w-])--[a-z-]+", text))


def test_placeholders_and_options_are_the_same_in_both_languages() -> None:
    for room, message in MESSAGES:
        assert sorted(set(_placeholders(str(message.id)))) == sorted(set(_placeholders(str(message.string)))), (
            room,
            message.id,
        )


def test_the_swedish_is_whole_and_clean() -> None:
    for room, message in MESSAGES:
        english, swedish = str(message.id), str(message.string)
        assert swedish == " ".join(swedish.split()), (room, swedish)
        assert swedish[-1] not in ".?:" or english[-1] in ".?:", (room, swedish)
        assert english[-1] not in ".?:" or swedish[-1] in ".?:", (room, english, swedish)
        assert "'" not in swedish and "“" not in swedish and "..." not in swedish.replace("]...", ""), (room, swedish)
        for avoided, better in AVOIDED.items():
            found = re.search(avoided, swedish, re.IGNORECASE)
            assert not found, f"{room}: '{found and found[0]}' in '{swedish}' (better: {better})"


def test_what_is_compiled_is_what_is_written() -> None:
    rooms = sorted(path.stem for path in ROOMS.glob("*.po"))
    folder = shipped("reports") / "locale" / "sv" / "LC_MESSAGES"
    assert rooms == sorted(path.stem for path in folder.glob("*.mo"))
    for room in rooms:
        with (folder / f"{room}.mo").open("rb") as file:
            compiled = {_both(message.id): _both(message.string) for message in read_mo(file) if message.id}
        written = {_both(message.id): _both(message.string) for message in read_room(ROOMS / f"{room}.po") if message.id}
        assert compiled == written, f"compile {room}.po: pybabel compile -i {room}.po -o {room}.mo"


def test_the_words_that_law_and_agreement_fix() -> None:
    assert _("Secrecy under chapter 26, section 1 of the Public Access to Information and Secrecy Act (2009:400)") == MARKING
    assert [_(words) for words in VERDICTS.values()] == [
        "inom avtalet",
        "utanför avtalet",
        "kan inte bedömas – underlag saknas",
    ]


def test_what_a_finding_rests_on_and_lacks_has_a_name() -> None:
    assert {name for check in CATALOGUE for name in check.evidence} <= EVIDENCE.keys()
    columns = {tuple(read.split(".")) for check in CATALOGUE for read in check.reads}
    may_lack = {
        column
        for table, column in columns
        if table in ("cases", "disclosures", "accesses") and not TABLES[table].column(column).meaningful_empty
    }
    assert may_lack - {"disclosure_id", "event_id", "related_person_ids"} <= CAUSES.keys()
    assert {cause for _word, cause, _sql in rows.CAUSES} <= CAUSES.keys()
    assert {*Reason, *Torn} == REASONS.keys()


# --- the command line --------------------------------------------------------------------------------------------------


def _plain(text: str) -> str:
    """The text on one line: what the terminal's width broke is whole again."""
    return " ".join(text.split())


def _fragments(sentence: str) -> list[str]:
    """The literal parts of a sentence that are long enough to be nothing but itself."""
    parts = (part.strip(" .,:;()'\"") for part in re.split(r"\{[^}]*\}|%\([a-z]+\)s|\n", sentence))
    return [part for part in parts if len(part) > 5 and " " in part]


ENGLISH = sorted({part for sentence, rooms in TRANSLATED.items() for part in _fragments(sentence)})


def english_in(text: str) -> list[str]:
    """The English words of the program that stand in a text."""
    plain = _plain(text)
    return [part for part in ENGLISH if part in plain and re.search(rf"(?<!\w){re.escape(part)}(?!\w)", plain)]


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
        assert text in swedish_texts and text in _plain(swedish)
    assert english_in(swedish) == []
    assert "Användning: auditor" in swedish and "Flaggor:" in swedish and "Visa denna hjälp och avsluta." in swedish
    assert not re.search(r"Usage|Options|Commands|Show this|\[required\]|\bFILE\b|\bDIR\b|\bINPUT\b|YYYY", swedish)

    assert run([*path, "--lang", "en", "--help"]) == 0
    english = capsys.readouterr().out
    for text in _helps(_commands()[path]):
        assert text in SAID and text in _plain(english)
    assert "Usage: auditor" in english and "Options:" in english and not re.search("[åäöÅÄÖ]", english)


@pytest.mark.parametrize("arguments", [["checks"], *(["explain", check.id] for check in CATALOGUE)], ids=" ".join)
def test_checks_and_their_pages_in_both_languages(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments) == 0
    swedish = capsys.readouterr().out
    assert english_in(swedish) == []
    questions = {check.page.question: _(check.page.question) for check in CATALOGUE if arguments[1:] in ([], [check.id])}
    assert all(question in _plain(swedish) for question in questions.values())

    assert run([*arguments, "--lang", "en"]) == 0
    english = capsys.readouterr().out
    assert all(question in _plain(english) for question in questions)
    assert not any(question in _plain(english) for question in questions.values())


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
    assert "Fel: " in swedish and WRONG[line] in _plain(swedish)
    own = [part for message in _click_messages() for text in _both(message.id) for part in _fragments(text)]
    assert [part for part in own if part in _plain(swedish)] == []
    assert english_in(swedish) == []
    if "--lang" not in line:
        assert run([*line.split(), "--lang", "en"] if line != "audit x --out" else ["--lang", "en", *line.split()]) == 2
        english = capsys.readouterr().err
        assert "Error: " in english and not re.search("[åäöÅÄÖ]", english)


def _both(text: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    """Singular and plural, or the one text there is."""
    return (text,) if isinstance(text, str) else tuple(text)


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
        english, swedish = _both(message.id), _both(message.string)
        assert set(english) <= installed, english
        assert len(english) == len(swedish) and not message.fuzzy
        for one, other in zip(english, swedish, strict=True):
            assert other and _placeholders(one) == _placeholders(other)


def test_the_users_own_locale_does_not_choose_clicks_language(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.setenv(name, "de_DE.UTF-8")
    assert run(["--help"]) == 0
    assert "Användning:" in capsys.readouterr().out
    assert run(["--lang=en", "--help"]) == 0
    assert "Usage:" in capsys.readouterr().out


# --- the report --------------------------------------------------------------------------------------------------------


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


# --- docs/tables.md ----------------------------------------------------------------------------------------------------

KINDS_IN_DOCS = {
    Type.TEXT: "text",
    Type.PERSON: "person",
    Type.PEOPLE: "list of person",
    Type.DATE: "date",
    Type.START: "time, start",
    Type.END: "time, end",
    Type.INSTANT: "time",
    Type.MUNICIPALITY: "municipality",
    Type.PLACE: "place",
    Type.ORGANISATION: "organisation",
    Type.CONCERNS: "list of concern",
    Type.FLOW: "flow",
    Type.FIELDS: "list of field",
    Type.GROUNDS: "list of ground",
    Type.CHANNEL: "channel",
    Type.BOOLEAN: "yes/no",
    Type.INTEGER: "number",
}


@dataclass(frozen=True)
class Described:
    """A column as the documentation describes it."""

    name: str
    kind: str
    needed: str


def _described(column: Column) -> Described:
    kind = KINDS_IN_DOCS.get(column.type) or " ".join(f"`{code}`" for code in standard_mapping().words.by_type[column.type])
    needed = "key" if column.key else "column" if column.required else "no, +" if column.meaningful_empty else "no"
    return Described(column.name, kind, needed)


def test_the_documentation_of_the_tables_is_that_of_the_program() -> None:
    text = (CHECKOUT / "docs" / "tables.md").read_text(encoding="utf-8")
    sections = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL))
    for table in TABLES.values():
        rows = [line.split(" | ") for line in sections[table.name].splitlines() if line.startswith("| `")]
        documented = [Described(name.strip("|` "), kind.strip(), needed.strip()) for name, kind, needed, *_meaning in rows]
        assert documented == [_described(column) for column in table.columns], table.name
        assert f"| [`{table.name}`](#{table.name}) |" in text
    assert [table.name for table in TABLES.values() if table.required] == re.findall(r"\| \[`(\w+)`\].*\| needed \|", text)
