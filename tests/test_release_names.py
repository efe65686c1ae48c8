"""Names in running text are found alike, whether a process of its own looks for them or this one does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from auditor.release import name_search
from auditor.release.name_search import NAMES
from tests.releases import HEADINGS, STOPPED, Answer, check, with_text, write_csv

TEXTS = (
    "Sågs med Test Testdotter igår.",
    "Testdotters, Test mobil hittades.",
    "Träffar ofta Erik Lindqvist.",
    "Prov Provssons mamma ringde.",
    "",
    "Var i skolan hela dagen.",
)


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[bool]]:
    """Every text is worth a process; whether each that was asked answered."""
    answered: list[bool] = []
    put = NAMES.put

    def watched(request):
        waiting = put(request)

        def wait(*, patience=60.0):
            answered.append(False)
            answer = waiting(patience=patience)
            answered[-1] = True
            return answer

        return wait

    monkeypatch.setattr(name_search, "WORTH_A_PROCESS", 0)
    monkeypatch.setattr(NAMES, "put", watched)
    yield answered
    assert NAMES._process is None, "the process outlives the check"


def checked(folder: Path, form: str = "csv") -> Answer:
    path = write_csv(folder, *(with_text(text) for text in TEXTS))
    if form == "parquet":
        from pyarrow import csv

        table = csv.read_csv(path, parse_options=csv.ParseOptions(delimiter=";"))
        path = folder / "ut.parquet"
        pq.write_table(table.set_column(2, HEADINGS[2], table[HEADINGS[2]].cast("string")), path)
    return check(folder, path)


def told(answer: Answer) -> list[tuple[str, str, int, list[str]]]:
    return [
        (reason["weight"], reason["code"], reason["count"], [re.sub(r"^ut\.\w+", "", place) for place in reason["places"]])
        for file in answer.record["files"]
        for reason in file["reasons"]
    ]


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_process_of_its_own_finds_the_same_names(tmp_path: Path, processes: list[bool], form: str) -> None:
    beside = checked(tmp_path, form)
    assert processes == [True]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(name_search, "WORTH_A_PROCESS", 10**9)
        here = checked(tmp_path, form)
    assert processes == [True]
    assert told(beside) == told(here)
    assert beside.code == STOPPED
    names = {weight: count for weight, code, count, _places in told(beside) if code == "text-name"}
    assert names == {"stop": 2, "unshown": 1}


def test_several_tables_searched_at_once_are_each_answered(tmp_path: Path, processes: list[bool]) -> None:
    texts = ("Sågs med Test Testdotter igår.", "Var i skolan.", "Sågs med Test Testdotter och Test Testdotter.")
    files = [write_csv(tmp_path, with_text(text), name=f"{n}.csv") for n, text in enumerate(texts * 3)]
    answer = check(tmp_path, *files)
    assert processes == [True] * len(files)
    named = ["text-name" in {reason["code"] for reason in file["reasons"]} for file in answer.record["files"]]
    assert named == [True, False, True] * 3


@pytest.mark.parametrize("code", ["raise SystemExit(1)", "print('no JSON')", "import sys; sys.stdin.readline(); print('{')"])
def test_a_process_that_fails_leaves_no_name_unfound(
    tmp_path: Path, processes: list[bool], monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    monkeypatch.setattr(NAMES, "code", code)
    answer = checked(tmp_path)
    assert processes == [False]
    assert answer.code == STOPPED and answer.reason("text-name")["count"] == 2
