"""Small tidy exports for tests: sound rows, of which a test changes what it is about.

A case of a child in Nacka, reported by the Police and handed over by Stockholm: everything is in order, so that a change
alone decides an answer. All persons are invented; personal numbers have birth numbers 980-999 (Skatteverket's test range).
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

Row = Mapping[str, Any]

CASE: dict[str, Any] = {
    "case_id": "SN-2026-{n}",
    "person_id": None,
    "related_person_ids": None,
    "birth_date": "2012-05-05",
    "home_municipality": "0182",
    "registered_municipality": "0182",
    "found_in": "0180",
    "concern": "gang_crime",
    "reporter": "police-roc",
    "reported_at": "2026-10-05 09:00:00",
    "decided_at": "2026-10-07 10:00:00",
    "decision": "opened",
    "assessment_extended": None,
    "closed_at": None,
    "protection": "none",
}
DISCLOSURE: dict[str, Any] = {
    "disclosure_id": "U-2026-{n}",
    "case_id": "SN-2026-1",
    "at": "2026-10-05 12:00:00",
    "sender": "0180",
    "sender_unit": "socialjouren",
    "user_id": "sthlm01",
    "recipient": "0182",
    "recipient_unit": "mottagningen",
    "purpose": "handover",
    "fields": "name;person_id",
    "grounds": "OSL 26:9 p1",
    "channel": "sdk",
    "motivation": "Behövs för bedömningen.",
    "requested_at": None,
}
STAFF: dict[str, Any] = {
    "user_id": "sthlm0{n}",
    "person_id": None,
    "organisation": "0180",
    "unit": "socialjouren",
    "role": "socialsekreterare",
    "valid_from": "2020-01-01",
    "valid_to": None,
    "shared": "false",
    "protected_access": "false",
}
ASSIGNMENT: dict[str, Any] = {
    "case_id": "SN-2026-1",
    "user_id": "sthlm01",
    "valid_from": "2026-10-05 09:00:00",
    "valid_to": None,
}
RESIDENCE: dict[str, Any] = {"case_id": "SN-2026-1", "municipality": "0182", "valid_from": "2020-01-01", "valid_to": None}
ACCESS: dict[str, Any] = {
    "event_id": "E{n}",
    "at": "2026-10-05 11:00:00",
    "user_id": "sthlm01",
    "case_id": "SN-2026-1",
    "action": "read",
    "section": "journal",
    "reason": "handläggning",
    "workstation": "ws-1",
    "sequence": "{n}",
    "source": "jour",
}
SOUND = {
    "cases": CASE,
    "disclosures": DISCLOSURE,
    "staff": STAFF,
    "assignments": ASSIGNMENT,
    "residences": RESIDENCE,
    "accesses": ACCESS,
}

#: Everything in it is confirmed; a test that needs another agreement writes its own.
AGREEMENT = """\
agreement: 1
id: prov
title: Provavtal
source: Protokoll 2026-01-01
periods: [{valid_from: 2023-10-16}]
organisations: {police-roc: {name: Polismyndigheten (ROC), kind: police, aliases: [ROC]}}
counterpart: police-roc
entry_point: "0180"
units: {"0180": [socialjouren]}
parties:
  - {municipality: "0180", valid_from: 2023-10-16}
  - {municipality: "0182", valid_from: 2024-02-20}
  - {municipality: "0120", valid_from: 2023-12-14}
target_group: {concern: [gang_crime]}
fields:
  name: {label: Namn, category: identity}
  person_id: {label: Personnummer, category: identity}
  address: {label: Adress, category: location}
  risk: {label: Individuell riskbedömning, category: assessment}
  gang_link: {label: Koppling till gäng, category: crime}
  decision: {label: Beslut, category: decision}
flows:
  - id: handover
    from: entry_point
    to: home_municipality
    fields: [name, person_id, address, risk, gang_link]
    grounds: [OSL 26:9 p1, OSL 10:2]
    deadline: {after: reported_at, within: 24h}
  - id: feedback
    from: [entry_point, home_municipality]
    to: counterpart
    fields: [name, person_id, decision]
    grounds: [OSL 26:9a, SoL 19:6]
    deadline: {after: request, within: 7d, from: 2026-01-15}
  - id: other_channel
    from: [entry_point, home_municipality, counterpart]
    to: [entry_point, home_municipality, counterpart]
    scope: other
    target_group: none
    fields: all
    grounds: [OSL 10:21, OSL 10:28]
channels: [sdk, phone]
"""


def write_agreement(folder: Path, *changes: tuple[str, str]) -> Path:
    """Write the agreement of small exports, with some texts replaced by others; returns its path."""
    text = AGREEMENT
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} does not stand once in the agreement"
        text = text.replace(old, new)
    path = folder / "avtal.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def export(
    folder: Path,
    *,
    cases: Sequence[Row] = ({},),
    disclosures: Sequence[Row] = ({},),
    staff: Sequence[Row] | None = ({},),
    form: str = "csv",
    without: Sequence[str] = (),
    **more: Sequence[Row] | None,
) -> Path:
    """Write an export and return its folder.

    Each row is what differs from a sound one; ``{n}`` in its cells is the row's number, from 1. ``more`` are the tables
    ``assignments``, ``residences`` and ``accesses``, absent if not given (as is a table given as None). ``form`` is csv, xlsx,
    parquet or jsonl; ``without`` names columns that the files do not have (``cases.decision``).
    """
    folder.mkdir(parents=True, exist_ok=True)
    for table, given in {"cases": cases, "disclosures": disclosures, "staff": staff, **more}.items():
        if given is not None:
            rows = table_rows(table, given)
            headings = [name for name in headings_of(table, given) if f"{table}.{name}" not in without]
            write_table(folder / f"{table}.{form}", headings, [[row.get(name) for name in headings] for row in rows])
    return folder


def headings_of(table: str, given: Sequence[Row]) -> list[str]:
    """The columns of a table and then those that its rows alone name."""
    return list(dict.fromkeys([*SOUND[table], *(name for row in given for name in row)]))


def table_rows(table: str, given: Sequence[Row]) -> list[dict[str, Any]]:
    """Whole rows: the sound one with each row's changes, and its number filled in."""
    rows = []
    for number, changes in enumerate(given, start=1):
        row = {**SOUND[table], **changes}
        rows.append({name: cell.replace("{n}", str(number)) if isinstance(cell, str) else cell for name, cell in row.items()})
    return rows


def csv_text(headings: Sequence[str], rows: Sequence[Sequence[Any]], delimiter: str = ";") -> str:
    """A table as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    writer.writerow(headings)
    writer.writerows(["" if cell is None else cell for cell in row] for row in rows)
    return text.getvalue()


def write_table(path: Path, headings: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Write a table in the form that the path's ending names."""
    match path.suffix:
        case ".csv":
            path.write_text(csv_text(headings, rows), encoding="utf-8", newline="")
        case ".jsonl":
            lines = [json.dumps(dict(zip(headings, row, strict=True)), ensure_ascii=False) for row in rows]
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        case ".parquet":
            columns = {name: pa.array([row[place] for row in rows], pa.string()) for place, name in enumerate(headings)}
            pq.write_table(pa.table(columns), path)
        case ".xlsx":
            with xlsxwriter.Workbook(path) as book:
                sheet = book.add_worksheet(path.stem)
                for line, row in enumerate([headings, *rows]):
                    for place, cell in enumerate(row):
                        if cell is not None:
                            sheet.write_string(line, place, cell)
        case other:
            raise ValueError(other)
