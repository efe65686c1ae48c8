"""Files are read one after the other beside the work on them: their order, their faults, and the end of it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from auditor.intake.files import find_files
from auditor.intake.readers import read_raw
from auditor.intake.reading_ahead import Heard, read_in_turn
from auditor.words import _, speak
from tests.conftest import Ran
from tests.exports import export, write_agreement

SOON = 30.0


def _tell(name: str, size: int, heard: Heard) -> str:
    for _byte in range(size):
        heard(1)
    return name


def test_results_come_in_order_and_the_bytes_of_each_are_told_while_it_is_waited_for() -> None:
    sizes = {"first": 3, "second": 0, "third": 40}
    told: dict[str, int] = {}
    with read_in_turn(partial(_tell, name, size) for name, size in sizes.items()) as turns:
        for expected in sizes:
            heard: list[int] = []
            assert turns.next(heard.append) == expected
            told[expected] = sum(heard)
    assert told == sizes


def test_a_fault_is_raised_when_its_file_is_waited_for_and_not_before() -> None:
    def fail(_heard: Heard) -> str:
        raise ValueError("second")

    with read_in_turn([partial(_tell, "first", 1), fail, partial(_tell, "third", 1)]) as turns:
        assert turns.next(lambda size: None) == "first"
        with pytest.raises(ValueError, match="second"):
            turns.next(lambda size: None)
        assert turns.next(lambda size: None) == "third"


def test_who_gives_up_ends_the_reading_that_is_under_way_and_begins_no_other() -> None:
    reading, ended, begun = threading.Event(), threading.Event(), threading.Event()

    def endless(heard: Heard) -> str:
        try:
            while True:
                heard(1)
                reading.set()
        finally:
            ended.set()

    def later(_heard: Heard) -> str:
        begun.set()
        return "later"

    with pytest.raises(RuntimeError, match="enough"), read_in_turn([endless, later]):
        assert reading.wait(SOON)
        raise RuntimeError("enough")
    assert ended.is_set() and not begun.is_set()


def test_what_is_said_of_a_file_that_was_read_ahead_is_in_the_language_spoken() -> None:
    speak("en")
    english = _("Reading {file}")
    speak("sv")
    swedish = _("Reading {file}")
    with read_in_turn([lambda heard: _("Reading {file}")]) as turns:
        assert turns.next(lambda size: None) == swedish != english


def test_of_two_files_that_cannot_be_read_the_one_is_told_that_is_read_first(
    tmp_path: Path, program: Callable[..., Ran]
) -> None:
    source = export(tmp_path / "in")
    for name in ("disclosures.csv", "staff.csv"):
        (source / name).write_bytes(b"")
    ran = program("audit", source, "--agreement", write_agreement(tmp_path), "--out", tmp_path / "out", "--lang", "en")
    assert ran.code == 3
    assert "disclosures.csv" in ran.stderr and "staff.csv" not in ran.stderr
    assert not (tmp_path / "out").exists()


class EnoughError(Exception):
    """Who listens has had enough."""


@pytest.mark.parametrize("form", ["csv", "xlsx", "jsonl", "parquet"])
def test_a_reading_of_any_form_can_be_given_up_after_its_last_byte_too(tmp_path: Path, form: str) -> None:
    """A workbook is unpacked and read for long after all its bytes were heard: whoever listens is asked on, with no bytes."""

    def enough(size: int) -> None:
        if size == 0:
            raise EnoughError

    for file in find_files(export(tmp_path / "in", form=form)).files:
        into = tmp_path / file.path.name
        into.mkdir()
        with pytest.raises(EnoughError):
            read_raw(file, into, heard=enough)
