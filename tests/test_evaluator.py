"""The independent reading of the checks, held against examples worked by hand, and the bundles it is compared on."""

from __future__ import annotations

import csv
import json
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from ruamel.yaml import YAML

from tests.bundle_agreements import example
from tests.bundle_forms import KINDS, LAW_TABLE
from tests.bundles import Drawn, bundles, person_number, seeded, write
from tests.evaluator import ANSWERS, CHECKS, Bundle, Result, evaluate
from tests.evaluator_examples import CASE, DISCLOSURE, STAFF, Example
from tests.evaluator_examples import EXAMPLES as OF_WHO_AND_WHAT
from tests.evaluator_examples_accesses import ASSIGNMENT, EVENT
from tests.evaluator_examples_accesses import EXAMPLES as OF_ACCESSES
from tests.evaluator_examples_grounds import EXAMPLES as OF_GROUNDS_AND_PROCEDURE
from tests.evaluator_words import all_of, any_of, derived_birth_date, due_day, negate, reached

EXAMPLES = [*OF_WHO_AND_WHAT, *OF_GROUNDS_AND_PROCEDURE, *OF_ACCESSES]


def typed(row: dict[str, Any]) -> dict[str, Any]:
    """The row with ISO texts in date and time columns read."""
    read = dict(row)
    for column, value in row.items():
        if isinstance(value, str) and column in ("birth_date", "valid_from", "valid_to"):
            read[column] = date.fromisoformat(value) if len(value) == len("2026-10-05") else datetime.fromisoformat(value)
        elif isinstance(value, str) and (column == "at" or column.endswith("_at")):
            read[column] = datetime.fromisoformat(value)
    return read


def world(changes: dict[str, Any]) -> Bundle:
    """The sound month with changes.

    Besides columns: ``agreement`` and ``flow`` (keys to set; in the flow of the purpose), ``more`` (further disclosures,
    each the first one changed), ``event`` (columns of the access), ``events`` (further accesses, each the first one changed),
    ``staff``, ``assignments``, ``residences``, ``unreadable`` (table to keys), ``without`` (table.column, or a table),
    ``no_case``, ``period``.
    """
    case = {**CASE, **{name: value for name, value in changes.items() if name in KINDS["cases"] and name != "case_id"}}
    first = {**DISCLOSURE, **{name: value for name, value in changes.items() if name in KINDS["disclosures"]}}
    tables: dict[str, list[dict[str, Any]]] = {
        "cases": [] if changes.get("no_case") else [case],
        "disclosures": [first, *({**first, "disclosure_id": "D-01", **more} for more in changes.get("more", []))],
        "staff": [{**STAFF, **staff} for staff in changes.get("staff", [{}])],
        "assignments": [{**ASSIGNMENT, **assignment} for assignment in changes.get("assignments", [{}])],
        "accesses": [{**EVENT, **changes.get("event", {})}],
    }
    tables["accesses"] += [{**tables["accesses"][0], "event_id": "E-01", **more} for more in changes.get("events", [])]
    if "residences" in changes:
        tables["residences"] = [
            {"case_id": "C1", "valid_from": "2026-01-01", **residence} for residence in changes["residences"]
        ]
    columns = {table: set(KINDS[table]) for table in tables}
    for without in changes.get("without", []):
        table, _, column = without.partition(".")
        columns[table].discard(column)
        if not column:
            del columns[table], tables[table]
    agreement = {**example(), **changes.get("agreement", {})}
    next(flow for flow in agreement["flows"] if flow["id"] in (first["purpose"], "other_channel")).update(
        changes.get("flow", {})
    )
    read = {table: [typed({name: row.get(name) for name in columns[table]}) for row in rows] for table, rows in tables.items()}
    period = changes.get("period", (date(2026, 10, 1), date(2026, 10, 31)))
    return Bundle(read, columns, changes.get("unreadable", {}), agreement, LAW_TABLE, period)


def asked(check: str, result: Result) -> str:
    """The check's answer for the first disclosure, the case, the first access or its user's day."""
    if CHECKS[check].of == "access":
        return next(answer for name, event_id, _, answer in result.accesses if (name, event_id) == (check, EVENT["event_id"]))
    return result.answers[check, {"case": "C1", "user_day": "u1@2026-10-06"}.get(CHECKS[check].of, "D-05")]


@pytest.mark.parametrize("one", EXAMPLES, ids=[f"{one.check}-{one.expected}-{number}" for number, one in enumerate(EXAMPLES)])
def test_an_example(one: Example) -> None:
    assert asked(one.check, evaluate(world(one.changes))) == one.expected


# What the words of the catalogue cannot give: these checks are never in doubt, or always apply.
NEVER = {
    ("T6", "not_applicable"),
    ("R3", "not_applicable"),
    ("R6", "not_applicable"),
    ("F1", "not_applicable"),
    ("F2", "not_applicable"),
    ("B1", "not_applicable"),
    ("P1", "not_applicable"),
    ("A13", "not_applicable"),
    ("A15", "not_applicable"),
    *((check, "undetermined") for check in ("B1", "B2", "B3", "B6", "B7", "P3", "P4", "P8", "A5", "A12", "A15")),
}
ANSWERED = [check for check, checked in CHECKS.items() if checked.of != "log"]


def test_every_answer_that_a_check_can_give_has_an_example() -> None:
    expected = {(check, answer) for check in ANSWERED for answer in ANSWERS} - NEVER
    assert {(one.check, one.expected) for one in EXAMPLES} == expected


@pytest.mark.parametrize(
    ("truths", "conjunction", "disjunction"),
    [
        ([True, True], True, True),
        ([True, None], None, True),
        ([False, None], False, None),
        ([None, None], None, None),
        ([False, True], False, True),
        ([False, False], False, False),
    ],
)
def test_three_valued_logic(truths: list[bool | None], conjunction: bool | None, disjunction: bool | None) -> None:
    assert (all_of(*truths), any_of(*truths)) == (conjunction, disjunction)
    assert negate(all_of(*truths)) == any_of(*(negate(truth) for truth in truths))


def test_birthdays() -> None:
    leap = {"birth_date": date(2008, 2, 29)}
    assert not reached(leap, 18, date(2026, 2, 27))
    assert reached(leap, 18, date(2026, 2, 28))
    assert not reached(leap, 16, date(2024, 2, 28))
    assert reached(leap, 16, date(2024, 2, 29))
    derived = {"person_id": person_number(date(2008, 12, 15), 980)}
    months = [date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 31), date(2027, 1, 1)]
    assert [reached(derived, 18, day) for day in months] == [False, None, None, True]


def test_birth_dates_in_numbers() -> None:
    born = date(2017, 1, 1)
    assert person_number(born, 980) == "201701019802"
    assert derived_birth_date("201701019802") == born
    assert derived_birth_date(person_number(born, 999, coordination=True)) == born
    assert derived_birth_date(person_number(born, 980, wrong=True)) is None
    assert derived_birth_date("201702309801") is None
    assert derived_birth_date("20170101TF98") is None


@pytest.mark.parametrize(
    ("reported", "due"),
    [
        ("2026-10-05", "2026-10-19"),
        ("2026-10-17", "2026-11-02"),  # Saturday, All Saints' Day
        ("2026-06-05", "2026-06-22"),  # midsommarafton
        ("2026-12-10", "2026-12-28"),  # julafton, Christmas, and a weekend
        ("2025-12-17", "2026-01-02"),  # nyårsafton, New Year's Day
        ("2026-05-23", "2026-06-08"),  # the National Day on a Saturday
        ("2026-03-20", "2026-04-07"),  # Good Friday to Easter Monday
    ],
)
def test_due_day(reported: str, due: str) -> None:
    assert due_day(date.fromisoformat(reported), 14) == date.fromisoformat(due)


SOUND = {"agreement": {"periods": [{"valid_from": date(2023, 10, 16)}]}}


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, "within"),
        ({"channel": "email"}, "within"),  # a fault of conduct does not touch the verdict
        ({"found_in": "03"}, "outside"),
        ({"found_in": None}, "undetermined"),
        ({"found_in": None, "grounds": None}, "outside"),
        ({"without": ["cases.decision"]}, "undetermined"),  # B5 could not be run
        ({"without": ["cases.decision"], "found_in": "03"}, "outside"),
        ({"without": ["staff"]}, "within"),
    ],
)
def test_verdicts(changes: dict[str, Any], verdict: str) -> None:
    assert evaluate(world({**SOUND, **changes})).verdicts == {"D-05": verdict}


def test_a_check_switched_off_leaves_the_verdict_alone() -> None:
    off = [{"check": "B5", "reason": "prövas i annan ordning"}]
    result = evaluate(world({"agreement": {**SOUND["agreement"], "checks_off": off}, "without": ["cases.decision"]}))
    assert result.not_run == {"B5": "off", "P8": "absent"}
    assert result.verdicts == {"D-05": "within"}


@pytest.mark.parametrize(
    ("without", "not_run"),
    [
        ("cases.closed_at", "P3 A5"),
        ("cases.decided_at", "B5 P8 P9"),
        ("cases.decision", "B5 P8"),
        ("cases.protection", ""),
        ("disclosures.motivation", "F4 B6"),
        ("disclosures.channel", ""),
        ("staff", "R5 A1 A2 A3 A6 A7 A8 A11"),
        ("staff.valid_to", "R5 A1 A2 A3 A6 A7 A8 A11"),
        ("residences", ""),
        ("residences.valid_to", "T4 T6 T7 R1 R3 R4 P7 A3"),
        ("staff.shared", "A11"),
        ("staff.protected_access", "A8"),
        ("assignments", "A2"),
        ("assignments.valid_to", "A2"),
        ("accesses.reason", "A9"),
        ("accesses.sequence", ""),
        ("accesses", "A1 A2 A3 A4 A5 A6 A7 A8 A9 A10 A11 A12 A13 A14 A15 L1 L2 L3 L5"),
    ],
)
def test_checks_that_cannot_be_run(without: str, not_run: str) -> None:
    result = evaluate(world({"residences": [{"municipality": "0120"}], "without": [without]}))
    assert result.not_run == dict.fromkeys(not_run.split(), "absent")
    asked = {check for check, _ in result.answers} | {check for check, *_ in result.accesses} | result.log.keys()
    assert not asked & result.not_run.keys()


def test_rows_outside_the_period_are_matched_but_not_answered() -> None:
    result = evaluate(world({"more": [{"at": "2026-09-30 23:59:59"}, {"disclosure_id": "D-02", "at": "2026-10-31 23:59:59"}]}))
    assert set(result.verdicts) == {"D-05", "D-02"}
    rows = {"disclosure": 2, "case": 1, "access": 1, "user_day": 1}
    assert all(sum(counts.values()) == rows[CHECKS[check].of] for check, counts in result.counts.items())


def test_accesses_outside_the_period_are_matched_but_not_answered() -> None:
    search = {"action": "search", "at": "2026-10-31 23:50:00"}
    result = evaluate(world({"event": search, "events": [{"action": "read", "at": "2026-11-01 00:10:00"}]}))
    assert asked("A14", result) == "pass"
    assert {event_id for _, event_id, _, _ in result.accesses} == {"E-05"}
    assert [entity for check, entity in result.answers if check == "A15"] == ["u1@2026-10-31"]


def test_the_span_of_a_log_ends_with_its_last_row_or_the_period() -> None:
    last = {"user_id": "u2", "at": "2026-11-01 00:20:00"}
    for at, answer in (("2026-10-31 23:50:00", "violation"), ("2026-10-31 23:50:01", "undetermined")):
        assert asked("A14", evaluate(world({"event": {"action": "search", "at": at}, "events": [last]}))) == answer


# --- the log itself ---------------------------------------------------------------------------------------------------


def test_event_ids_reused() -> None:
    events = [
        {"event_id": "E-02"},
        {"event_id": "E-05", "section": "journal"},
        {"event_id": "E-02", "at": "2026-11-02 09:00:00"},
    ]
    assert evaluate(world({"events": events})).log["L1"] == ["E-02", "E-05"]


def test_sequence_gaps() -> None:
    numbers = [9, 2, 4, 4, None, 5, 10]
    events = [{"event_id": f"E-1{place}", "sequence": number} for place, number in enumerate(numbers)]
    events += [{"event_id": "E-21", "source": "kontorstid"}, {"event_id": "E-22", "source": None, "sequence": -1}]
    events += [{"event_id": "E-23", "source": None, "sequence": 2, "at": "2026-11-02 09:00:00"}]
    gaps = evaluate(world({"events": events})).log["L2"]
    assert gaps == [":0-1", "jour:3-3", "jour:6-8"]
    unread = [{"event_id": None, "at": None, "sequence": 7, "source": "jour"}, {"event_id": "E-3", "at": None}]
    gaps = evaluate(world({"events": events, "unreadable": {"accesses": unread}})).log["L2"]
    assert gaps == [":0-1", "jour:3-3", "jour:6-6", "jour:8-8"]


def test_silence() -> None:
    def silence(*moments: tuple[str | None, str], **access: Any) -> list[tuple[str, str, str]]:
        first, *others = [{"event_id": str(place), "source": one[0], "at": one[1]} for place, one in enumerate(moments)]
        changes = {"event": first, "events": others, "agreement": {"access": access}}
        found = evaluate(world({**changes, "period": (date(2026, 10, 5), date(2026, 10, 6))})).log["L3"]
        return [(source, begins.isoformat(" "), ends.isoformat(" ")) for source, begins, ends in found]

    start, noon, end = "2026-10-05 00:00:00", "2026-10-05 12:00:00", "2026-10-07 00:00:00"
    evening, late = "2026-10-06 00:00:01", "2026-10-06 12:00:01"
    assert silence(("jour", noon), ("jour", "2026-10-06 00:00:00"), ("jour", "2026-10-06 12:00:00")) == []
    assert silence(("jour", noon), ("jour", evening), ("jour", late)) == [("jour", noon, evening)]
    assert silence(("kontorstid", noon), ("jour", late)) == [("jour", start, late)]
    assert silence((None, noon), max_silence="1d") == [("", noon, end)]
    assert silence((None, noon), max_silence={"default": "36h"}) == []
    assert silence(("kontorstid", noon), ("jour", "2026-10-07 00:00:00"), max_silence="90h") == [("jour", start, end)]


def test_the_strongest_answer_of_several_deadlines_stands() -> None:
    flows = example()["flows"]
    flows[2]["deadline"] = {"after": "reported_at", "within": "48h"}  # assessment, to the home municipality too
    assert evaluate(world({"agreement": {"flows": flows}})).answers["P7", "C1"] == "violation"
    kept = [{"purpose": "assessment", "at": "2026-10-07 09:00:00"}]
    assert evaluate(world({"agreement": {"flows": flows}, "more": kept})).answers["P7", "C1"] == "pass"


# --- the drawn bundles ------------------------------------------------------------------------------------------------


def test_seeded_bundles_are_the_same_every_time_and_reach_every_answer() -> None:
    assert seeded(7) == seeded(7)
    given_answers: Counter[tuple[str, str]] = Counter()
    verdicts: Counter[str] = Counter()
    found_in_log: Counter[str] = Counter()
    for seed in range(250):
        result = evaluate(seeded(seed).bundle)
        given_answers.update((check, answer) for (check, _), answer in result.answers.items())
        given_answers.update((check, answer) for check, _, _, answer in result.accesses)
        found_in_log.update(check for check, found in result.log.items() if found)
        verdicts.update(result.verdicts.values())
    assert set(given_answers) == {(check, answer) for check in ANSWERED for answer in ANSWERS} - NEVER
    assert set(found_in_log) == {"L1", "L2", "L3"}
    assert set(verdicts) == {"within", "outside", "undetermined"}


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(bundles())
def test_drawn_bundles_can_be_evaluated(drawn: Drawn) -> None:
    result = evaluate(drawn.bundle)
    assert result.counts.keys() | result.log.keys() | result.not_run.keys() == CHECKS.keys()


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet"])
def test_every_form_holds_the_drawn_cells(form: str, tmp_path: Path) -> None:
    drawn = next(drawn for drawn in map(seeded, range(100)) if not drawn.has_empty_table)
    write(drawn, tmp_path, form)
    for table, headings in drawn.headers.items():
        path = tmp_path / f"{table}.{form}"
        if form == "csv":
            rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines(), delimiter=";"))
        elif form == "jsonl":
            rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        else:
            rows = pq.read_table(path).to_pylist()
        assert [list(row) for row in rows] == [headings] * len(drawn.raw[table])
        expected = [[row[name] for name in headings if not isinstance(row[name], list)] for row in drawn.raw[table]]
        singles = [
            [cell for cell, was in zip(row.values(), raw.values(), strict=True) if not isinstance(was, list)]
            for row, raw in zip(rows, drawn.raw[table], strict=True)
        ]
        assert [[cell or None for cell in row] for row in singles] == [[cell or None for cell in row] for row in expected]
    written = YAML(typ="safe", pure=True).load((tmp_path / "agreement.yaml").read_text(encoding="utf-8"))
    assert written == drawn.bundle.agreement
