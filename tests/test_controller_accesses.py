"""One controller's audit of an access log that others write in too: nothing of their events comes out."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.conftest import Ran, run_program
from tests.exports import export, write_agreement
from tests.running import read_outputs
from tests.test_controller import MARK, THEIR_TIME, everything_in

#: Another organisation's users; one who changed to it; one who has two; one without any; an event of nobody.
STRANGERS = ("01", "moved", "both", "unknown", None)


def tables(mark: str) -> dict[str, list[dict[str, Any]]]:
    """The audited controller's few events, and around them others' on a source of their own and on the shared one."""
    note = f"{MARK}{mark}"

    def user(name: str | None) -> str | None:
        return name if name is None or name in ("moved", "both") else f"{note}{name}"

    theirs = [
        {
            "event_id": f"E{note}{number}{source}",
            "at": f"2026-10-{9 + number:02d} {THEIR_TIME}:09",
            "user_id": user(name),
            "case_id": "SN-2026-1" if number % 2 else f"SN-{note}-9",
            "action": "export",
            "section": note,
            "reason": note,
            "workstation": note,
            "source": source,
            "sequence": str(15 + 2 * number),
        }
        for number, name in enumerate(STRANGERS)
        for source in (note, "jour")
    ]
    first = theirs[0]
    mine = {"user_id": "nacka1", "source": "jour"}
    return {
        "cases": [{}, {"case_id": "SN-2026-2", "home_municipality": "0120", "reported_at": f"2026-10-08 {THEIR_TIME}:00"}],
        "disclosures": [{"sender": "0182", "user_id": "nacka1", "recipient": "police-roc", "purpose": "feedback"}],
        "staff": [
            {"user_id": "nacka1", "organisation": "0182", "unit": "mottagningen"},
            {"user_id": "moved", "organisation": "0182", "valid_to": "2026-10-06"},
            {"user_id": "moved", "organisation": "0120", "valid_from": "2026-10-07", "unit": note},
            {"user_id": "both", "organisation": "0182"},
            {"user_id": "both", "organisation": "0120", "unit": note},
            {"user_id": f"{note}01", "organisation": "0120", "unit": note, "role": note},
            {"user_id": "NACKA1", "organisation": "0120", "unit": note},
        ],
        "accesses": [
            {**mine, "sequence": "10"},
            {**mine, "sequence": "12", "at": "2026-10-05 12:00:00", "case_id": "SN-2026-2"},
            {**mine, "sequence": "30", "at": "2026-10-20 12:00:00", "event_id": "E-77"},
            {**mine, "user_id": "moved", "sequence": "31", "at": "2026-10-06 12:00:00"},
            *theirs,
            {**first, "event_id": "E-77"},  # a number that one of the audited controller's events has too
            {**first, "event_id": f"E{note}twice2", "workstation": "a"},
            {**first, "event_id": f"E{note}twice2", "workstation": "b"},
            {**first, "event_id": "201205059803", "user_id": "NACKA1"},
            {**first, "event_id": f"E{note}torn2", "at": note},
        ],
        "assignments": [{"user_id": "nacka1"}],
        "residences": [{}],
    }


def audit_own(folder: Path, mark: str) -> tuple[Ran, Path]:
    export(folder / "in", **tables(mark))
    given = ("--agreement", write_agreement(folder), "--key-file", folder / "key", "--lang", "en", "--period", "2026-10")
    options = ("--controller", "0182", "--undetermined-accesses")
    ran = run_program("audit", folder / "in", "--out", folder / "out", *options, *given)
    assert ran.code == 0, ran.said
    return ran, folder


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> tuple[Ran, Path]:
    return audit_own(tmp_path_factory.mktemp("own"), "A")


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def test_no_mark_and_no_moment_of_anothers_event_is_written_or_said(own: tuple[Ran, Path]) -> None:
    ran, folder = own
    planted = (folder / "in" / "accesses.csv").read_text(encoding="utf-8")
    assert len(re.findall(MARK, planted)) > 60 and planted.count(THEIR_TIME) > 10
    told = everything_in(folder / "out") + ran.said
    assert re.findall(rf"(?i){MARK}|{THEIR_TIME}|201205059803", told) == []
    assert "NACKA1" not in told


def test_the_bytes_are_the_same_whatever_others_rows_say(own: tuple[Ran, Path], tmp_path: Path) -> None:
    _ran, folder = own
    _again, other = audit_own(tmp_path, "B")
    for path in sorted((folder / "out").iterdir()):
        told = [(f / "out" / path.name).read_bytes() for f in (folder, other)]
        if path.suffix in (".html", ".json"):  # they name the hashes of the input, and when it was audited
            told = [re.sub(rb'[0-9a-f]{64}|"run_at": .*', b"", text) for text in told]
        assert told[0] == told[1], path.name


def test_own_events_alone_are_answered_and_counted(own: tuple[Ran, Path]) -> None:
    _ran, folder = own
    outputs = read_outputs(folder / "out")
    (rows,) = (entry["rows"] for entry in outputs.manifest["inputs"] if entry["table"] == "accesses")
    assert (rows["audited"], rows["context"], rows["other_controller"], rows["quarantined"]) == (4, 0, 14, 1)
    assert rows["controller_unknown"] == 6  # two of a user with two organisations, two without any, two of no user
    assert outputs.manifest["pseudonymised_ids"] == 0
    events = [row["event_id"] for row in pq.read_table(folder / "out" / "accesses.parquet").to_pylist()]
    assert sorted(events) == ["E-77", "E1", "E2", "E4"]
    days = rows_of(folder / "out" / "reconciliation.csv")
    reconciled = [(row["log"], row["source"], row["day"], row["rows"]) for row in days]
    assert reconciled == [
        ("accesses", "jour", "2026-10-05", "2"),
        ("accesses", "jour", "2026-10-06", "1"),
        ("accesses", "jour", "2026-10-20", "1"),
        ("disclosures", "", "2026-10-05", "1"),
    ]
    assert {row["user_id"] for row in rows_of(folder / "out" / "incidents.csv")} <= {"nacka1", "moved"}


def test_gaps_of_the_whole_log_are_told_of_shared_sources_without_anothers_moment(own: tuple[Ran, Path]) -> None:
    """Numbers that others' events have are not missing; a silence that begins or ends with one is told to the hour."""
    _ran, folder = own
    found = [row for row in read_outputs(folder / "out").findings if row["check"] in ("L1", "L2", "L3")]
    evidence = {check: [json.loads(row["evidence"]) for row in found if row["check"] == check] for check in ("L1", "L2", "L3")}
    assert evidence["L1"] == [{"rows": 1}]
    numbers = [(row["source"], row["first_missing"], row["last_missing"]) for row in evidence["L2"]]
    assert {source for source, *_numbers in numbers} == {"jour"}
    assert {(11, 11), (13, 14), (16, 16), (24, 29)} <= {(first, last) for _source, first, last in numbers}
    silent = {(row["silent_from"], row["silent_to"]) for row in evidence["L3"]}
    assert {row["source"] for row in evidence["L3"]} == {"jour"}
    assert ("2026-10-06T12:00:00", "2026-10-09T18:00:00") in silent
    assert ("2026-10-13T17:00:00", "2026-10-20T12:00:00") in silent


def test_of_anothers_case_an_access_shows_nothing(own: tuple[Ran, Path]) -> None:
    _ran, folder = own
    about = [json.loads(row["evidence"]) for row in read_outputs(folder / "out").findings if row["entity"] == "E2"]
    shown = {name for evidence in about for name, value in evidence.items() if value is not None}
    assert about and not shown & {"reported_at", "closed_at", "protection", "home_municipality", "home_municipality_at_report"}


def test_a_disclosure_is_explained_again(own: tuple[Ran, Path]) -> None:
    _ran, folder = own
    given = ("--run", folder / "out", "--input", folder / "in", "--agreement", folder / "avtal.yaml")
    ran = run_program("explain", "U-2026-1", *given, "--key-file", folder / "key", "--lang", "en")
    assert ran.code == 0 and re.findall(rf"{MARK}|{THEIR_TIME}", ran.said) == []
