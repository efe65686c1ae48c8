"""Every fault of an agreement file with its place; and every file either loads or is told to be faulty."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.agreement import load_agreement
from auditor.errors import UserErrors
from tests.agreement_faults import FAULTS, PARTY, SMALLEST, changed, swap
from tests.agreements import faults_of, loader
from tests.running import in_english

english = pytest.fixture(autouse=True)(in_english)
load = pytest.fixture(loader)

# --- faults, each with line and column --------------------------------------------------------------------------------


@pytest.mark.parametrize("case", FAULTS)
def test_fault(load: Any, case: str) -> None:
    expected = FAULTS[case][2]
    found = faults_of(load, changed(case))
    assert [(fault.line, fault.column) for fault in found] == [(line, column) for line, column, _words in expected]
    assert all(words in fault.message for fault, (_line, _column, words) in zip(found, expected, strict=True)), found


@pytest.mark.parametrize(
    ("old", "new", "hint"),
    [
        ("title: Prov", "titel: Prov", "Did you mean 'title'?"),
        ("SoL 14:1", "SoL 14:01", "Did you mean 'SoL 14:1'?"),
        ('"0182"', "182", 'Write "0182" for Nacka.'),
        ('"0182"', "Upplands väsby kommun", 'Write "0114" for Upplands Väsby.'),
        ("counterpart: police-roc", "counterpart: Polismyndigheten", "Did you mean 'police-roc'?"),
        ("[name]", "[all]", "Write 'fields: all' without brackets for the whole catalogue."),
        ("agreement: 1", "agreement: 1.0", "This program reads version 1: write 'agreement: 1'."),
    ],
)
def test_hints_name_what_was_meant(load: Any, old: str, new: str, hint: str) -> None:
    assert hint in [fault.hint for fault in faults_of(load, swap(old, new))]


def test_many_faults_are_told_at_once_in_the_order_of_the_file(load: Any) -> None:
    text = swap("title: Prov", "titel: Prov", swap('"0182"', "182", swap(PARTY, "2024-01-01, valid_to: 2024-06-31")))
    text = swap("[name]", "[nam]", swap("SoL 14:1", "SoL 99:1", swap("from: counterpart", "from: police", text)))
    found = faults_of(load, text, check_ids={"T1"})
    assert [(fault.line, fault.column) for fault in found] == [(1, 1), (3, 1), (10, 20), (10, 59), (17, 11), (19, 14), (20, 15)]


def test_a_broken_value_is_told_once(load: Any) -> None:
    assert len(faults_of(load, swap("2024-06-30", "!a 2024-06-30"))) == 1
    assert len(faults_of(load, swap("[SoL 14:1]", "[xx, yy]"))) == 2


def test_checks_that_do_not_exist_are_faults_when_the_catalogue_is_given(load: Any) -> None:
    text = swap("{}", "{}\nchecks_off: [{check: R5, reason: a}, {check: R55, reason: b}]")
    assert len(load(text).agreement.checks_off) == 2
    assert ["'R55'" in fault.message for fault in faults_of(load, text, check_ids={"R5"})] == [True]


def test_values_in_messages_are_short_and_cannot_act_on_a_terminal(load: Any) -> None:
    (fault,) = faults_of(load, swap("SoL 14:1", "x" * 500))
    assert "x" * 59 + "…" in fault.message and len(fault.message) < 120
    found = faults_of(load, swap("title: Prov", 'title: "\\e]0;x\\a"\n"\\u009bk": v'))
    assert len(found) == 2 and all(fault.message.isprintable() for fault in found)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b"# only a comment\n", "does not hold keys"),
        (b"- a\n", "does not hold keys"),
        (SMALLEST.encode("latin-1"), "not UTF-8: byte 352"),
        (SMALLEST.encode("utf-16"), "not UTF-8: byte 1 "),
        (b"a" * 2_000_000, "larger than 1 MiB"),
    ],
)
def test_files_that_are_no_agreement(load: Any, data: bytes, words: str) -> None:
    (fault,) = faults_of(load, data)
    assert words in fault.message


def test_places_that_are_no_file(tmp_path: Path) -> None:
    for path, words in ((tmp_path / "none.yaml", "no such file"), (tmp_path, "a folder")):
        with pytest.raises(UserErrors) as caught:
            load_agreement(path)
        assert words in caught.value.faults[0].message


BOMBS = {
    "aliases": "a: &a [x, x]\n" + "".join(f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in pairwise("abcdefghi")),
    "nesting": "a: " + "[" * 9_000,
    "nesting by lines": "\n".join(" " * depth + "a:" for depth in range(1_300)),
    "many values": "a:\n" + "- x\n" * 60_000,
    "many faults": "".join(f"k{number}: x\n" for number in range(5_000)),
    "tags": "!" * 9_000 + "\n" + ("!" * 9_000 + " x\n") * 50,
    "one long text": "a: >\n" + "  x x x\n" * 120_000,
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_bombs_are_refused_in_seconds(load: Any, bomb: str) -> None:
    assert 1 <= len(faults_of(load, BOMBS[bomb])) <= 200


# --- every file either loads or is told to be faulty ------------------------------------------------------------------

SCRAPS = st.sampled_from([*"{}[]:,#&*!|>'\"%@`-?\n \t~=\\\x85å", "\n  ", ": ", "- ", "---\n", "<<: *a", "all", "0180"])


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(SMALLEST)), st.integers(0, 25), st.lists(SCRAPS | st.text(max_size=3), max_size=4))
def test_no_text_breaks_the_reader(tmp_path_factory: Any, at: int, removed: int, scraps: list[str]) -> None:
    path = tmp_path_factory.getbasetemp() / "scraps.yaml"
    path.write_bytes((SMALLEST[:at] + "".join(scraps) + SMALLEST[at + removed :]).encode("utf-8", "surrogatepass"))
    try:
        load_agreement(path)
    except UserErrors as error:
        assert error.faults


FIRST = date(2024, 2, 25)
PERIOD = st.tuples(st.integers(0, 12), st.none() | st.integers(0, 5), st.sampled_from(["0180", "0120"]))


@settings(max_examples=150, deadline=None)
@given(st.lists(PERIOD, min_size=1, max_size=5), st.sampled_from(["parties", "periods"]))
def test_overlap_is_found_exactly_when_a_day_lies_in_two_periods(tmp_path_factory: Any, drawn: Any, key: str) -> None:
    lines, days = [], []
    for start, length, code in drawn:
        first = FIRST + timedelta(days=start)
        last = "" if length is None else f", valid_to: {first + timedelta(days=length)}"
        owner = f'municipality: "{code}", ' if key == "parties" else ""
        lines.append(f"{{{owner}valid_from: {first}{last}}}")
        days += [(owner, day) for day in range(start, 40 if length is None else start + length + 1)]
    rest = [line for line in SMALLEST.split("\n") if not line.startswith(("parties", "  - {mun", "periods"))]
    other = (
        "periods: [{valid_from: 2020-01-01}]"
        if key == "parties"
        else 'parties: [{municipality: "0180", valid_from: 2020-01-01}]'
    )
    path = tmp_path_factory.getbasetemp() / "periods.yaml"
    path.write_text("\n".join([f"{key}: [{', '.join(lines)}]", other, *rest]), encoding="utf-8")
    try:
        load_agreement(path)
        overlaps = False
    except UserErrors as error:
        assert all("overlap" in fault.message for fault in error.faults)
        overlaps = True
    assert overlaps == (len(days) != len(set(days)))
