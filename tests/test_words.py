"""The words: every sentence has one Swedish, in step with what is compiled."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo

import auditor
from auditor.checks import CATALOGUE
from auditor.findings import rows
from auditor.intake.readers.model import Torn
from auditor.intake.settling import Reason
from auditor.intake.tables import TABLES
from auditor.labels import CAUSES, EVIDENCE, REASONS
from auditor.resources import shipped
from tests import catalogues
from tests.catalogues import SAID, both, calls, in_swedish, placeholders, read_room, sources

spoken = pytest.fixture(autouse=True)(in_swedish)

#: One word for one notion: what is not written, and what is written instead.
AVOIDED = {
    r"\buttag": "exporten",
    r"mappning(en|ar|arna)?\b": "mappningsfilen",
    r"orosgrund": "anledning till oro",
    r"gängrelaterad": "gängkriminalitet",
    r"\bträff(ar|en|arna)?\b": "iakttagelse",
}
#: English words that are also Swedish words.
SAME = {"export", "incident", "Program", "cell", "Organisation", "Stratum"}


def test_every_sentence_has_its_swedish() -> None:
    assert {sentence: place for sentence, place in SAID.items() if sentence not in catalogues.TRANSLATED} == {}
    assert [message.id for _room, message in catalogues.MESSAGES if not message.string or message.fuzzy] == []
    same = {str(message.id) for _room, message in catalogues.MESSAGES if message.string == message.id}
    assert {sentence for sentence in same if re.search("[a-z]{3}", re.sub(r"\{.*?\}", "", sentence))} == SAME


def test_no_translation_is_unused_or_said_twice_in_one_room() -> None:
    assert {sentence: list(rooms) for sentence, rooms in catalogues.TRANSLATED.items() if sentence not in SAID} == {}
    for path in catalogues.ROOMS.glob("*.po"):
        text = path.read_text(encoding="utf-8")
        assert "\n#~ " not in text, f"{path.name} keeps old entries"
        assert len(re.findall("^msgid ", text, re.MULTILINE)) == len(read_room(path)) + 1, f"{path.name} holds an id twice"


def test_a_sentence_has_one_swedish_in_all_rooms() -> None:
    several = {
        sentence: {room: message.string for room, message in rooms.items()}
        for sentence, rooms in catalogues.TRANSLATED.items()
        if len({message.string for message in rooms.values()}) > 1
    }
    assert several == {}


def test_sentences_are_marked_so_that_they_can_be_found() -> None:
    """No sentence is put together before it is translated."""
    for path in sources():
        for line, argument in calls(path):
            named = isinstance(argument, (ast.Constant, ast.Name, ast.Attribute, ast.Subscript))
            looked_up = isinstance(argument, ast.Call) and ast.unparse(argument.func).endswith(".get")
            assert named or looked_up, f"{path}:{line}: {ast.unparse(argument)}"


def test_placeholders_and_options_are_the_same_in_both_languages() -> None:
    for room, message in catalogues.MESSAGES:
        assert sorted(set(placeholders(str(message.id)))) == sorted(set(placeholders(str(message.string)))), (
            room,
            message.id,
        )


def test_the_swedish_is_whole_and_clean() -> None:
    for room, message in catalogues.MESSAGES:
        english, swedish = str(message.id), str(message.string)
        assert swedish == " ".join(swedish.split()), (room, swedish)
        assert swedish[-1] not in ".?:" or english[-1] in ".?:", (room, swedish)
        assert english[-1] not in ".?:" or swedish[-1] in ".?:", (room, english, swedish)
        assert "'" not in swedish and "“" not in swedish and "..." not in swedish.replace("]...", ""), (room, swedish)
        for avoided, better in AVOIDED.items():
            found = re.search(avoided, swedish, re.IGNORECASE)
            assert not found, f"{room}: '{found and found[0]}' in '{swedish}' (better: {better})"


def test_what_is_compiled_is_what_is_written() -> None:
    rooms = sorted(path.stem for path in catalogues.ROOMS.glob("*.po"))
    folder = shipped("reports") / "locale" / "sv" / "LC_MESSAGES"
    assert rooms == sorted(path.stem for path in folder.glob("*.mo"))
    for room in rooms:
        with (folder / f"{room}.mo").open("rb") as file:
            compiled = {both(message.id): both(message.string) for message in read_mo(file) if message.id}
        written = {
            both(message.id): both(message.string) for message in read_room(catalogues.ROOMS / f"{room}.po") if message.id
        }
        assert compiled == written, f"compile {room}.po: pybabel compile -i {room}.po -o {room}.mo"


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


def swedish(catalogue: Path) -> Catalog:
    """The sentences of a room's catalogue."""
    with catalogue.open("rb") as file:
        return read_mo(file)


def test_every_sentence_of_the_program_has_a_swedish_one() -> None:
    marked: set[str] = set()
    for path in Path(auditor.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "id", "") in ("_", "N_")
                and isinstance(node.args[0], ast.Constant)
            ):
                marked.add(node.args[0].value)
    for path in (shipped("reports") / "templates").rglob("*.j2"):
        marked |= {found[1] for found in re.findall(r"""\b_\((["'])(.+?)\1\)""", path.read_text(encoding="utf-8"))}
    assert len(marked) > 500
    folder = shipped("reports") / "locale" / "sv" / "LC_MESSAGES"
    said = {
        message.id
        for path in folder.glob("*.mo")
        for message in swedish(path)
        if message.string and isinstance(message.id, str)
    }
    assert marked - said == set()
