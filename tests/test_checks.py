"""The checks' pages and answers: every example is run, and what is missing never passes for a fault."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.checks.examples import Example, parse
from auditor.checks.model import Answer, Check, Of
from auditor.checks.vocabulary import DISCLOSURE, RELATIONS, TERMS, as_codes
from auditor.law.grounds import read_law_table
from tests.asking import IN_SQL, answer, bound, engine_with_words, named, words_of

engine = pytest.fixture(scope="module")(engine_with_words)

# Where *applies* and *violates* are true or false whatever is missing.
NEVER_UNDETERMINED = {"B2", "B3", "B6", "B7", "P4", "P8", "A12", "A15"}


# The examples
@pytest.mark.parametrize(
    ("check", "example"),
    [
        pytest.param(check, example, id=f"{check.id}-{n}")
        for check in IN_SQL
        for n, example in enumerate(parse(check.page.examples))
    ],
)
def test_an_example_of_a_page_is_answered_as_it_says(engine: duckdb.DuckDBPyConnection, check: Check, example: Example) -> None:
    words = RELATIONS[check.of.value]
    assert answer(engine, check, {name: bound(text, words[name]) for name, text in example.values.items()}) is example.answer


@pytest.mark.parametrize("check", IN_SQL, ids=named)
def test_a_page_shows_every_answer_that_the_check_can_give(check: Check) -> None:
    possible = set(Answer)
    if check.applies == "true":
        possible.remove(Answer.NOT_APPLICABLE)
    if check.id in NEVER_UNDETERMINED:
        possible.remove(Answer.UNDETERMINED)
    assert {example.answer for example in parse(check.page.examples)} == possible


@pytest.mark.parametrize("check", IN_SQL, ids=named)
def test_examples_are_about_grounds_that_exist_or_one_that_plainly_does_not(check: Check) -> None:
    table = read_law_table().grounds
    for example in parse(check.page.examples):
        named_grounds = (example.values.get("grounds") or "").strip("[]").split(",")
        assert {ground for ground in named_grounds if ground and ground not in table} <= {"samverkan"}


def test_examples_are_read_with_lists_nulls_and_lines_that_go_on() -> None:
    assert parse("pass  a=1 b=[x y,z] c=\n      d=2026-10-03T14:05:00\nviolation") == [
        Example(Answer.PASS, {"a": "1", "b": "[x y,z]", "c": None, "d": "2026-10-03T14:05:00"}),
        Example(Answer.VIOLATION, {}),
    ]


@pytest.mark.parametrize("text", ["maybe  a=1", "pass  a", "pass  a=1 a=2", "pass  a=[x", "pass  a=1 and more", "=1"])
def test_a_line_that_is_no_example_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="an example"):
        parse(text)


# What is missing never passes for a fault
@pytest.mark.parametrize("check", IN_SQL, ids=named)
def test_a_row_of_which_nothing_is_known_accuses_nobody(engine: duckdb.DuckDBPyConnection, check: Check) -> None:
    terms = {
        "counterpart": "police-roc",
        "entry_point": "0180",
        "age_below": "18",
        "target_concern": ["gang_crime"],
        "target_county": "01",
        "target_reporter": "police-roc",
        "approved_channels": ["sdk"],
        "duplicate_window": "24h",
        "closing_grace": "14d",
        "assessment_days": "14",
        "duty_window": "72h",
        "export_window": "24h",
        "reason_required": ["print"],
        "volume_factor": "6",
        "period_from": "2026-10-01",
        "period_to": "2026-10-31",
    }
    assert terms.keys() == TERMS.keys()
    known = {Of.DISCLOSURE: {"case_known": "false", "full_form": "true"}, Of.ACCESS: {"case_known": "false"}}
    row = terms | known.get(check.of, {})
    found = answer(engine, check, row)
    # No ground and no case are faults in themselves; everything else is only unknown.
    assert (found is Answer.VIOLATION) == (check.id in {"B1", "P1", "A13"})


FROM_FLOW = {name for name in DISCLOSURE if name.startswith("flow_")} | {
    "sender_matches_from",
    "recipient_matches_to",
    "fields_outside_flow",
    "grounds_usable",
    "usable_ground_holds",
    "usable_grounds_need_motivation",
}
SOME_VALUES: dict[str, tuple[Any, ...]] = {
    "BOOLEAN": (None, "true", "false"),
    "INTEGER": (None, "0", "1", "18"),
    "VARCHAR": (None, "0180", "0120", "police-roc", "marked", "assumed_identity", "already_open"),
    "VARCHAR[]": (None, [], ["gang_crime"], ["OSL 26:9 p1"]),
    "codes": (None, as_codes([]), as_codes(["name"]), as_codes(["home_municipality", "OSL 26:9 p1"])),
    "TIMESTAMP": (None, "2026-10-01T00:00:00", "2026-10-20T12:00:00", "2008-01-01T00:00:00"),
    "DATE": (None, "2008-10-03", "2026-10-03"),
    "INTERVAL": (None, "24h"),
    "DOUBLE": (None, "0", "2.5"),
}


def some_row(data: st.DataObject, check: Check, without: set[str]) -> dict[str, Any]:
    """A row in which the columns that the check names hold anything at all, those of ``without`` nothing."""
    words = RELATIONS[check.of.value]
    kinds = {name: "codes" if words[name].codes else words[name].type for name in words_of(check) - without}
    return {name: data.draw(st.sampled_from(SOME_VALUES[kind]), name) for name, kind in sorted(kinds.items())}


@pytest.mark.parametrize("check", [check for check in IN_SQL if words_of(check) & (FROM_FLOW - {"flow_known"})], ids=named)
@settings(max_examples=60, deadline=None, derandomize=True)
@given(data=st.data())
def test_without_a_flow_no_check_that_turns_on_it_accuses(
    engine: duckdb.DuckDBPyConnection, check: Check, data: st.DataObject
) -> None:
    row = some_row(data, check, FROM_FLOW) | {"flow_known": data.draw(st.sampled_from((None, "false")))}
    assert answer(engine, check, row) is not Answer.VIOLATION


@pytest.mark.parametrize("check", [check for check in IN_SQL if check.id in NEVER_UNDETERMINED], ids=named)
@settings(max_examples=60, deadline=None, derandomize=True)
@given(data=st.data())
def test_a_check_that_says_so_is_never_undetermined(
    engine: duckdb.DuckDBPyConnection, check: Check, data: st.DataObject
) -> None:
    row = some_row(data, check, set())
    # What is never missing in a prepared relation, or only together with something else that is drawn.
    never_missing = {
        "at": "2026-10-20T12:00:00",
        "duplicate_window": "24h",
        "period_from": "2026-10-01",
        "period_to": "2026-10-31",
        "cases": "7",
        "median_cases": "2",
        "deviation": "1",
        "volume_factor": "6",
    }
    of_recorded_grounds = {"grounds_unknown": "0", "grounds_not_in_force": as_codes([]), "grounds_review": as_codes([])}
    of_usable_grounds = {"usable_grounds_need_motivation": "true"}
    row |= {name: value for name, value in never_missing.items() if name in row}
    if row.get("grounds") is not None:
        row |= {name: value for name, value in of_recorded_grounds.items() if name in row and row[name] is None}
    if row.get("grounds_usable") is not None:
        row |= {name: value for name, value in of_usable_grounds.items() if name in row and row[name] is None}
    assert answer(engine, check, row) is not Answer.UNDETERMINED
