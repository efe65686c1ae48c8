"""``auditor agreement compile``: a flow as a suite for pipelines, put to work by great-expectations in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import run_program
from tests.releases import CHILD, OTHER_CHILD
from tests.running import SAMPLE_AGREEMENT

CHECKOUT = Path(__file__).parents[1]
SOUND: dict[str, list[Any]] = {
    "Ärendenummer": ["SN-2026-1", "SN-2026-2"],
    "Personnummer": [CHILD, None],
    "Telefon": ["070-174 06 05", None],
    "Individuell riskbedömning": [f"Risken för {CHILD} är låg.", "Risken är låg."],
}
FEEDBACK: dict[str, list[Any]] = {"Ärendenummer": ["SN-2026-1"], "Beslut om att inleda utredning": ["Inleds inte"]}
#: What is changed in a sound file, and the one expectation that it then breaks.
BROKEN: tuple[tuple[str, dict[str, list[Any]], str], ...] = (
    ("handover", {name: [] for name in SOUND}, "rows"),
    ("handover", SOUND | {"Hälsa": ["", ""]}, "columns"),
    ("handover", {name: cells for name, cells in SOUND.items() if name != "Ärendenummer"}, "case-exists"),
    ("handover", SOUND | {"Ärendenummer": ["SN-2026-1", None]}, "case-filled"),
    ("handover", SOUND | {"Individuell riskbedömning": ["", f"Umgås med {OTHER_CHILD}."]}, "others-numbers"),
    ("handover", SOUND | {"Personnummer": [CHILD, CHILD[:-1] + "8"]}, "numbers"),
    ("handover", SOUND | {"Telefon": ["070-174 06 05", "fråga mamma"]}, "phones"),
    ("feedback", FEEDBACK | {"Beslut om att inleda utredning": ["Vet inte"]}, "decisions"),
)
FRAMES = [("handover", SOUND), ("handover", {"Ärendenummer": ["SN-2026-1"]}), ("feedback", FEEDBACK)]


def compiled(folder: Path, purpose: str, to: str, *options: str) -> Path:
    given = ("--purpose", purpose, "--to", to, "--lang", "en", *options)
    ran = run_program("agreement", "compile", SAMPLE_AGREEMENT, *given)
    assert ran.code == 0, ran.said
    path = folder / f"{purpose}.json"
    path.write_text(ran.stdout, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What a pipeline says of the sound files and of the broken ones, in their order."""
    folder = tmp_path_factory.mktemp("pipeline")
    suites = {"handover": compiled(folder, "handover", "0182"), "feedback": compiled(folder, "feedback", "police-roc")}
    frames = [*FRAMES, *((suite, columns) for suite, columns, _id in BROKEN)]
    asked = {
        "suites": {name: str(path) for name, path in suites.items()},
        "frames": [{"suite": suite, "columns": columns} for suite, columns in frames],
    }
    command = [sys.executable, "-c", "from tests.pipeline import main; main()"]
    ran = subprocess.run(command, input=json.dumps(asked), capture_output=True, text=True, cwd=CHECKOUT, check=False)
    assert ran.returncode == 0, ran.stderr
    return list(json.loads(ran.stdout))


def test_files_that_the_flow_allows_pass(answers: list[dict[str, Any]]) -> None:
    for answer in answers[: len(FRAMES)]:
        assert (answer["success"], answer["broken"], answer["raised"]) == (True, [], [])


@pytest.mark.parametrize("number", range(len(BROKEN)), ids=[id_ for _suite, _columns, id_ in BROKEN])
def test_each_expectation_fails_for_what_it_is_about(answers: list[dict[str, Any]], number: int) -> None:
    answer, expected = answers[len(FRAMES) + number], BROKEN[number][2]
    assert not answer["success"] and expected in answer["broken"]
    beside = {"case-filled"} if expected == "case-exists" else set()
    assert set(answer["broken"]) == {expected} | beside and set(answer["raised"]) <= beside


def test_places_are_told_and_values_are_not(answers: list[dict[str, Any]]) -> None:
    for answer, (_suite, _columns, id_) in zip(answers[len(FRAMES) :], BROKEN, strict=True):
        for value in (CHILD, OTHER_CHILD, "fråga mamma", "Vet inte"):
            assert value not in answer["text"]
        if id_ in ("numbers", "others-numbers", "phones"):
            assert answer["places"][id_] == [1]


def test_every_expectation_of_a_suite_says_what_it_asks(tmp_path: Path) -> None:
    suite = json.loads(compiled(tmp_path, "handover", "0182", "--sender", "0180").read_text(encoding="utf-8"))
    assert {one["meta"]["id"] for one in suite["expectations"]} == {
        id_ for suite, _columns, id_ in BROKEN if suite == "handover"
    }
    assert all(one["meta"]["asks"] for one in suite["expectations"])
    assert suite["meta"]["to"] == "0182" and suite["meta"]["agreement"]["sha256"]


def test_columns_can_be_named_by_ids(tmp_path: Path) -> None:
    suite = json.loads(compiled(tmp_path, "feedback", "police-roc", "--headings", "ids").read_text(encoding="utf-8"))
    allowed = next(one["kwargs"]["columns"] for one in suite["expectations"] if one["meta"]["id"] == "columns")
    assert allowed == ["case_id", "name", "person_id", "decision"]


@pytest.mark.parametrize(
    ("option", "value"), [("--to", "police-roc"), ("--to", "Atlantis"), ("--sender", "0182"), ("--purpose", "x")]
)
def test_who_has_no_part_in_the_flow_is_refused(option: str, value: str) -> None:
    given = {"--purpose": "handover", "--to": "0182", option: value}
    options = [part for pair in given.items() for part in pair]
    ran = run_program("agreement", "compile", SAMPLE_AGREEMENT, *options)
    assert ran.code == 3 and ran.stdout == ""


def test_the_command_line_does_not_load_great_expectations() -> None:
    code = (
        "import sys; from auditor.cli import run; "
        f"run(['agreement', 'compile', {str(SAMPLE_AGREEMENT)!r}, '--purpose', 'handover', '--to', '0182']); "
        "sys.exit('great_expectations' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, cwd=CHECKOUT, check=False).returncode == 0
