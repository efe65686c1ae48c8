"""The access log as a whole: its own checks (L1-L3, L5), piles, incidents, reconciliation and facts."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pyarrow.parquet as pq

from tests.access_logs import IN_OCTOBER, Row, at, counts, run, told
from tests.exports import export, write_agreement
from tests.running import audit, read_outputs


def test_l1_one_number_on_several_events_and_rows_that_are_the_same(tmp_path: Path) -> None:
    twice = {"event_id": "E-1", "sequence": "1"}
    outputs = run(
        tmp_path,
        accesses=[
            twice,
            twice,
            {**twice, "action": "print", "reason": None},
            {**twice, "action": "export", "reason": None},
            {},
        ],
    )
    assert told(outputs, "L1") == {"E-1": "violation"}
    assert counts(outputs, "A13") == (4, 0, 0, 0)
    found = [row for row in outputs.findings if row["check"] == "A9"]
    assert [row["entity"] for row in found] == ["E-1", "E-1"]
    assert len({row["fingerprint"] for row in found}) == 2


def test_l2_missing_numbers_by_source_and_numbers_of_rows_in_quarantine(tmp_path: Path) -> None:
    numbers = [("a", 5), ("a", 1), ("a", 2), ("b", 7), ("b", 7), (None, 1), (None, 3), ("a", None)]
    rows: list[Row] = [{"source": source, "sequence": None if n is None else str(n)} for source, n in numbers]
    outputs = run(tmp_path, accesses=[*rows, {"source": "a", "sequence": "4", "at": "soon"}])
    assert told(outputs, "L2") == {"a:3-3": "violation", ":2-2": "violation"}


def test_l3_silence_between_events_and_at_both_ends(tmp_path: Path) -> None:
    hours = [("jour", f"2026-10-{day:02d} {hour:02d}:00:00") for day in range(1, 32) for hour in (0, 12)]
    events = [event for event in hours if event[1] != "2026-10-10 12:00:00"]
    outputs = run(
        tmp_path,
        rules="access: {max_silence: {default: 12h, kontor: 80h}}\n",
        accesses=[
            *({"source": source, "at": moment, "sequence": None} for source, moment in reversed(events)),
            {"source": "kontor", "at": "2026-10-04 08:00:00", "sequence": None},
            {"source": "kontor", "at": "2026-10-29 16:00:00", "sequence": None},
            {"source": "gone", "at": "2026-09-29 16:00:00", "sequence": None},
        ],
    )
    assert set(told(outputs, "L3")) == {
        "jour:2026-10-10T00:00:00-2026-10-11T00:00:00",
        "kontor:2026-10-04T08:00:00-2026-10-29T16:00:00",
        "gone:2026-10-01T00:00:00-2026-11-01T00:00:00",
    }


def test_l5_a_disclosure_of_the_entry_point_stands_in_the_access_log(tmp_path: Path) -> None:
    outputs = run(
        tmp_path,
        disclosures=[
            at("10 12:00:00"),
            at("09 11:59:59"),
            {**at("10 12:00:00"), "sender": "0182"},
            {**at("10 12:00:00"), "sender": None},
            {**at("10 12:00:00"), "user_id": None},
            {**at("10 12:00:00"), "user_id": "other"},
            at("01 12:00:00"),
            {**at("10 12:00:00"), "case_id": "none"},
            {**at("11 12:00:00"), "sender": None, "user_id": "alone"},  # found in the log, whoever the sender was
        ],
        accesses=[at("10 11:59:59"), at("11 12:00:00"), {**at("11 12:00:00"), "user_id": "alone"}],
    )
    violated = dict.fromkeys(("U-2026-6", "U-2026-8"), "violation")
    assert told(outputs, "L5") == {**violated, **dict.fromkeys(("U-2026-5", "U-2026-7"), "undetermined")}
    assert counts(outputs, "L5") == (4, 2, 2, 1)
    assert outputs.verdicts["U-2026-6"] != "undetermined"


def test_without_an_access_log_its_checks_are_not_run(tmp_path: Path) -> None:
    outputs = run(tmp_path, accesses=None)
    not_run = {check for check, row in outputs.counts.items() if row["state"] != "run"}
    assert not_run == {*(f"A{n}" for n in range(1, 16)), "L1", "L2", "L3", "L5"}


def test_a_column_whose_empty_cell_has_a_meaning_stops_the_checks_that_read_it(tmp_path: Path) -> None:
    outputs = run(tmp_path, accesses=[{}], without=("accesses.reason", "staff.shared", "assignments.valid_to"))
    assert {check for check, row in outputs.counts.items() if row["state"] != "run"} == {"A2", "A9", "A11"}


def test_every_access_ends_in_one_pile(tmp_path: Path) -> None:
    nacka = {"organisation": "0182", "unit": "utredning"}
    outputs = run(
        tmp_path,
        staff=[
            {},
            *({"user_id": user, **nacka} for user in ("handler", "writer", "none")),
            {"user_id": "boss", **nacka, "role": "Enhetschef"},
        ],
        assignments=[{"user_id": "handler"}],
        disclosures=[{**at("20 12:00:00"), "user_id": "writer"}],
        accesses=[
            {**at("20 12:00:00"), "user_id": "handler", "action": "print", "reason": None},
            {**at("20 12:00:00"), "user_id": "handler"},
            {**at("06 12:00:00"), "user_id": "sthlm01"},
            {**at("20 18:00:00"), "user_id": "writer"},
            {**at("20 12:00:00"), "user_id": "boss"},
            {**at("20 12:00:00"), "user_id": "boss", "action": "write"},
            {**at("20 12:00:00"), "user_id": "none"},
            {**at("20 12:00:00"), "user_id": "batch"},
        ],
    )
    rows = pq.read_table(tmp_path / "out" / "accesses.parquet").to_pylist()
    assert {row["event_id"]: (row["pile"], row["explanation"]) for row in rows} == {
        "E1": ("flagged", None),
        "E2": ("explained", "assignment"),
        "E3": ("explained", "duty_window"),
        "E4": ("explained", "disclosure"),
        "E5": ("explained", "supervising_role"),
        "E6": ("unexplained", None),
        "E7": ("unexplained", None),
        "E8": ("explained", "service_account"),
    }
    assert set(told(outputs, "A2")) == {"E4", "E5", "E6", "E7"}


def test_undetermined_answers_are_counted_and_written_only_when_asked_for(tmp_path: Path) -> None:
    agreement = write_agreement(tmp_path)
    rows = [{"case_id": "SN-2026-1"}, {"user_id": None}, {"user_id": None, "action": None, "reason": None}]
    source = export(tmp_path / "in", accesses=rows, assignments=[{}])
    assert audit(source, tmp_path / "out", *IN_OCTOBER, agreement=agreement) == 0
    found = read_outputs(tmp_path / "out")
    assert not [row for row in found.findings if row["entity_type"] == "access" and row["answer"] == "undetermined"]
    text = (tmp_path / "out" / "undetermined_accesses.csv").read_text(encoding="utf-8-sig")
    assert "A1;user_id;2\n" in text.replace("\r", "") and "A9;action;1\n" in text.replace("\r", "")
    assert counts(found, "A1") == (1, 0, 2, 0)


def test_the_order_of_the_rows_changes_nothing(tmp_path: Path) -> None:
    rows = [
        {**at(f"{8 + n % 3:02d} {n % 24:02d}:{n % 6}0:00"), "event_id": f"E{n}", "sequence": str(n), "workstation": f"w{n % 2}"}
        for n in range(60)
    ]
    found = [run(tmp_path / name, accesses=given) for name, given in (("one", rows), ("other", rows[::-1]))]
    assert found[0].findings == found[1].findings and found[0].counts == found[1].counts


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def test_small_incidents_of_one_user_are_one_pattern_with_its_facts(tmp_path: Path) -> None:
    nacka = {"organisation": "0182", "unit": "utredning"}
    run(
        tmp_path,
        cases=[{} for _ in range(5)],
        staff=[{"user_id": "snoop", **nacka}, {"user_id": "once", **nacka}],
        accesses=[
            *({**at(f"{12 + n} 12:00:00"), "user_id": "snoop", "case_id": f"SN-2026-{n}"} for n in (1, 2, 3, 4)),
            {**at("14 13:00:00"), "user_id": "snoop", "case_id": "SN-2026-2"},
            {**at("14 13:00:00"), "user_id": "once", "case_id": "SN-2026-2"},
        ],
    )
    first, second = rows_of(tmp_path / "out" / "incidents.csv")
    assert (first["rank"], first["form"], first["user_id"], first["case_id"], first["checks"]) == (
        "1",
        "pattern",
        "snoop",
        "",
        "A2",
    )
    assert first["facts"] == "öppnade 4 ärenden utan tilldelning under 4 dagar; inget utlämnande"
    assert float(first["score"]) == 8 * (1 + 2)
    assert (second["form"], second["user_id"], second["case_id"], second["severity"]) == (
        "incident",
        "once",
        "SN-2026-2",
        "high",
    )


def test_the_two_logs_are_held_against_each_other_by_source_and_day(tmp_path: Path) -> None:
    run(
        tmp_path,
        disclosures=[{**at("10 12:00:00"), "user_id": "other"}],
        accesses=[
            {**at("08 12:00:00"), "case_id": "none"},
            {**at("08 13:00:00"), "action": "print"},
            {**at("09 13:00:00"), "source": "kontor"},
        ],
    )
    found = {
        (row["log"], row["source"], row["day"]): list(row.values())[3:]
        for row in rows_of(tmp_path / "out" / "reconciliation.csv")
    }
    assert found == {
        ("accesses", "jour", "2026-10-08"): ["2", "1", "1", ""],
        ("accesses", "kontor", "2026-10-09"): ["1", "0", "0", ""],
        ("disclosures", "", "2026-10-10"): ["1", "", "", "1"],
    }


def test_users_spelled_alike_and_a_clock_that_is_off_are_told(tmp_path: Path) -> None:
    pairs = [{**at(f"{8 + n % 20:02d} 10:00:00"), "user_id": f"u{n}", "source": "a", "sequence": None} for n in range(25)]
    later = [{**row, "at": row["at"].replace("10:00:00", "13:00:00"), "source": "b"} for row in pairs]
    run(tmp_path, accesses=[*pairs, *later, {"user_id": "Sthlm 01", "sequence": "5"}, {**at("20 11:00:00"), "sequence": "2"}])
    report = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert re.search(r"Antal sådana grupper: 1, till exempel (Sthlm|pseudonym)", report)
    assert "Klockan i källan b tycks gå 3,0 timmar före, enligt 25 par" in report
    assert "Löpnumret i källan jour är lägre i slutet än i början" in report
