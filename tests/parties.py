"""Whose rows of an export are one party's, by the independent reading of where a child belonged; and a report of them."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.bundle_agreements import yaml_text
from tests.bundle_forms import KINDS
from tests.conftest import Ran, run_program
from tests.evaluator_words import Bundle, Log, Row, contains

Tables = dict[str, list[Row]]
#: Stands in every free cell of a row that is nobody else's business.
MARK = "Zqxw7"


@dataclass
class Split:
    """An export's rows: the party's own, and by the party they are about everybody else's ('' where nobody can tell)."""

    own: Tables
    others: dict[str, Tables]

    def without(self, *parties: str) -> Tables:
        """All rows but those of these others."""
        kept = [tables for party, tables in self.others.items() if party not in parties]
        return {table: [*rows, *(row for tables in kept for row in tables.get(table, []))] for table, rows in self.own.items()}

    def marked(self) -> Tables:
        """All rows, those of others with a mark in every cell that does not say whose they are."""
        changed = {
            party: {t: [_marked(t, row) for row in rows] for t, rows in tables.items()} for party, tables in self.others.items()
        }
        return replace(self, others=changed).without()


def _marked(table: str, row: Row) -> Row:
    if table == "staff":
        return {**row, "user_id": f"{MARK}{row['user_id']}", "unit": MARK, "role": MARK}
    told_by = {"case_id", "at", "municipality", "valid_from", "valid_to", "home_municipality", "reported_at"}
    numbered = {"disclosure_id", "event_id"} & row.keys()
    text = {
        name: MARK
        for name, kind in KINDS[table].items()
        if name in row and kind.startswith(("text", "code", "fields", "grounds"))
    }
    text |= {name: f"{MARK}{row[name]}" for name in numbered}
    lists = {name: [MARK] for name in ("fields", "grounds", "concern") if name in row}
    return {**row, **{name: cell for name, cell in {**text, **lists}.items() if name not in told_by}}


def split(bundle: Bundle, party: str) -> Split:
    """The rows of a bundle by the party that they are about; assignments and residences are those of the case."""
    log = Log(bundle)
    cases = {case["case_id"]: case for case in bundle.tables["cases"]}
    homes: dict[str, set[str]] = {case_id: _homes(log, case) for case_id, case in cases.items()}
    tables: dict[str, Tables] = {party: {table: [] for table in bundle.tables}}

    def put(whose: str, table: str, row: Row) -> None:
        tables.setdefault(whose, {}).setdefault(table, []).append(row)

    for table in ("disclosures", "accesses"):
        for row in bundle.tables.get(table, []):
            case = cases.get(row.get("case_id"))
            put((log.home(case, row["at"]) if case else None) or "", table, row)
    for table in ("cases", "residences", "assignments"):
        for row in bundle.tables.get(table, []):
            known = homes.get(row["case_id"], set())
            put(party if party in known else min(known, default=""), table, row)
    seen = {row.get("user_id") for table in ("disclosures", "accesses") for row in tables[party].get(table, [])}
    for row in bundle.tables.get("staff", []):
        put(party if row["user_id"] in seen else (row.get("organisation") or "-"), "staff", row)
    return Split(tables.pop(party), tables)


def _homes(log: Log, case: Row) -> set[str]:
    """Every municipality where the child belonged on some day."""
    residences = log.with_values("residences", case_id=case["case_id"])
    if not residences:
        return {case["home_municipality"]} - {None}
    days = {edge for row in residences for edge in (row["valid_from"], row.get("valid_to")) if edge}
    days |= {day + timedelta(days=step) for day in days for step in (-1, 1)}
    covered = [day for day in days if any(contains(row["valid_from"], row.get("valid_to"), day) for row in residences)]
    return {log.home(case, datetime.combine(day, datetime.min.time())) for day in covered} - {None}


def write_plainly(folder: Path, tables: Tables, columns: dict[str, Iterable[str]]) -> Path:
    """Write typed rows as tidy CSV; returns the folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for table, rows in tables.items():
        headings = [name for name in KINDS[table] if name in columns[table]]
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, delimiter="|", lineterminator="\n")
            writer.writerows([headings, *([_cell(row.get(name)) for name in headings] for row in rows)])
    return folder


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return ";".join(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    return "" if value is None else str(value)


def party_report(folder: Path, source: Path, party: str, *options: str | Path, agreement: Path) -> tuple[Ran, dict[str, str]]:
    """Audit an export and write a party's report; what was said, and the text of each file with hashes blotted out."""
    given = ("--agreement", agreement, "--key-file", folder / "key", "--lang", "en")
    for name in ("run", "out"):
        shutil.rmtree(folder / name, ignore_errors=True)
    ran = run_program("audit", source, "--out", folder / "run", "--quiet", *given, *options)
    assert ran.code == 0, ran.said
    ran = run_program("report", "party", party, "--run", folder / "run", "--input", source, "--out", folder / "out", *given)
    return ran, read_report(folder / "out")


def read_report(out: Path) -> dict[str, str]:
    """The text of every file of a report, with what names the audit's input and the moment blotted out."""
    if not out.exists():
        return {}
    varies = r'\b[0-9a-f]{64}\b|(?<="run_at": ")[^"]+'
    return {path.name: re.sub(varies, "#", path.read_text(encoding="utf-8-sig")) for path in sorted(out.iterdir())}


def bundle_options(bundle: Bundle, folder: Path) -> tuple[tuple[str, ...], Path]:
    """The period of a bundle as options, and its agreement as a file."""
    path = folder / "avtal.yaml"
    path.write_text(yaml_text(bundle.agreement), encoding="utf-8")
    first, last = (day.isoformat() if isinstance(day, date) else str(day) for day in bundle.period)
    return ("--from", first, "--to", last), path
