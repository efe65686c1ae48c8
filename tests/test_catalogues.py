"""The tests of the words do find what they are to find: a sentence without its Swedish, and a Swedish that nobody says."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from auditor.checks import CATALOGUE
from tests import catalogues, test_words
from tests.catalogues import ROOMS, SAID, read_room, translated

ROOMS_HERE = sorted(path.stem for path in ROOMS.glob("*.po") if path.stem != catalogues.CLICK)


@pytest.fixture
def rooms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the catalogues, to be spoiled; ``looked_at`` reads it as the tests of the words do."""
    copy = Path(shutil.copytree(ROOMS, tmp_path / "LC_MESSAGES"))
    monkeypatch.setattr(catalogues, "ROOMS", copy)
    return copy


def looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the tests of the words look at the spoiled catalogues."""
    found = translated()
    monkeypatch.setattr(catalogues, "TRANSLATED", found)
    pairs = [(room, message) for said in found.values() for room, message in said.items()]
    monkeypatch.setattr(catalogues, "MESSAGES", pairs)


def write(path: Path, catalogue: Catalog) -> None:
    with path.open("wb") as file:
        write_po(file, catalogue)


def only_here(room: str) -> str:
    """A sentence whose Swedish stands in one room alone."""
    found = translated()
    mine = (str(m.id) for m in read_room(ROOMS / f"{room}.po") if m.id)
    return next(message for message in mine if list(found[message]) == [room] and not message.startswith("{"))


@pytest.mark.parametrize("room", ROOMS_HERE)
def test_a_removed_translation_is_missed_in_every_room(rooms: Path, monkeypatch: pytest.MonkeyPatch, room: str) -> None:
    removed = only_here(room)
    catalogue = read_room(rooms / f"{room}.po")
    catalogue.delete(removed)
    write(rooms / f"{room}.po", catalogue)
    looked_at(monkeypatch)
    with pytest.raises(AssertionError) as missed:
        test_words.test_every_sentence_has_its_swedish()
    assert removed.split("{")[0].splitlines()[0][:30] in str(missed.value)
    test_words.test_no_translation_is_unused_or_said_twice_in_one_room()


@pytest.mark.parametrize("room", [*ROOMS_HERE, "a_room_made_today"])
def test_a_translation_that_nobody_says_is_found_in_every_room_and_in_new_ones(
    rooms: Path, monkeypatch: pytest.MonkeyPatch, room: str
) -> None:
    path = rooms / f"{room}.po"
    catalogue = read_room(path) if path.exists() else Catalog(locale="sv")
    catalogue.add("Nobody says this {word}.", "Det här säger ingen {word}.")
    write(path, catalogue)
    looked_at(monkeypatch)
    with pytest.raises(AssertionError, match="Nobody says this"):
        test_words.test_no_translation_is_unused_or_said_twice_in_one_room()


def test_a_new_room_is_read_like_the_others(rooms: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    moved = only_here("program")
    catalogue, new = read_room(rooms / "program.po"), Catalog(locale="sv")
    new.add(moved, catalogue[moved].string)
    catalogue.delete(moved)
    write(rooms / "program.po", catalogue)
    write(rooms / "a_room_made_today.po", new)
    looked_at(monkeypatch)
    test_words.test_every_sentence_has_its_swedish()
    test_words.test_no_translation_is_unused_or_said_twice_in_one_room()
    with pytest.raises(AssertionError):  # not compiled
        test_words.test_what_is_compiled_is_what_is_written()


def test_a_sentence_of_the_source_without_a_translation_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SAID, "Nobody translated this.", "auditor/x.py:1")
    with pytest.raises(AssertionError, match=r"Nobody translated this\."):
        test_words.test_every_sentence_has_its_swedish()


@pytest.mark.parametrize("check", CATALOGUE, ids=lambda check: check.id)
def test_every_check_has_a_lay_question_a_finding_and_an_advice(check) -> None:
    assert check.page.question.endswith("?") and len(check.page.question.split()) >= 4
    for text in (check.page.finding, check.page.advice, check.page.why, check.page.limits):
        assert text.endswith(".") and len(text.split()) >= 4
    for text in (check.page.question, check.page.finding, check.page.advice):
        swedish = str(next(iter(catalogues.TRANSLATED[text].values())).string)
        assert swedish[-1] == text[-1] and not {"kap.", "SQL", "NULL"} & set(check.page.question.split())
