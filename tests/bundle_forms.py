"""From a typed row to the text a system may have exported, from rows to what an intake must make of them, and the files."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from tests.bundle_agreements import Pick, pick_from, yaml_text
from tests.evaluator_words import Bundle, Row, read_law_table

STOCKHOLM, UTC = ZoneInfo("Europe/Stockholm"), ZoneInfo("UTC")
LAW_TABLE = read_law_table(Path(__file__).parents[1] / "auditor" / "law" / "grounds.csv")

# The kind of every column; a star: required in the file, two stars: a key.
KINDS: dict[str, dict[str, str]] = {
    "cases": {
        "case_id": "text **",
        "person_id": "person",
        "related_person_ids": "people",
        "birth_date": "date",
        "home_municipality": "municipality *",
        "registered_municipality": "municipality",
        "found_in": "municipality *",
        "concern": "concerns *",
        "reporter": "organisation *",
        "reported_at": "start *",
        "decided_at": "end",
        "decision": "code",
        "assessment_extended": "boolean",
        "closed_at": "end",
        "protection": "code",
    },
    "disclosures": {
        "disclosure_id": "text **",
        "case_id": "text *",
        "at": "end **",
        "sender": "organisation *",
        "sender_unit": "text",
        "user_id": "text *",
        "recipient": "organisation *",
        "recipient_unit": "text",
        "purpose": "code *",
        "fields": "fields *",
        "grounds": "grounds *",
        "channel": "code",
        "motivation": "text",
        "requested_at": "end",
    },
    "staff": {
        "user_id": "text **",
        "person_id": "person",
        "organisation": "organisation *",
        "unit": "text *",
        "role": "text",
        "valid_from": "date **",
        "valid_to": "date",
        "shared": "boolean",
        "protected_access": "boolean",
    },
    "accesses": {
        "event_id": "text **",
        "at": "instant **",
        "user_id": "text *",
        "case_id": "text *",
        "action": "action *",
        "section": "text",
        "reason": "text",
        "workstation": "text",
        "sequence": "integer",
        "source": "text",
    },
    "assignments": {"case_id": "text **", "user_id": "text **", "valid_from": "start **", "valid_to": "end"},
    "residences": {"case_id": "text **", "municipality": "municipality *", "valid_from": "date **", "valid_to": "date"},
}
KEYS = {table: [name for name, kind in columns.items() if "**" in kind] for table, columns in KINDS.items()}
OPTIONAL = {table: [name for name, kind in columns.items() if "*" not in kind] for table, columns in KINDS.items()}
MUNICIPALITY_NAMES = {
    "0180": ["Stockholm"],
    "0182": ["Nacka", "Nacka kommun"],
    "0120": ["Värmdö", "Värmdö kommun"],
    "0115": ["Vallentuna", "Vallentuna kommun"],
    "0380": ["Uppsala", "Uppsala kommun"],
}
GROUND_SPELLINGS = {
    "OSL 26:9 p1": ["26 kap. 9 § 1 OSL", "OSL 26:9 p. 1"],
    "OSL 10:18a": ["10 kap 18 a § offentlighets- och sekretesslagen"],
}

ACTION_SPELLINGS = {"read": ["Läsa"], "search": ["Sökning"], "print": ["Utskrift"], "emergency": ["Nödöppning"]}


@dataclass
class Drawn:
    """A drawn bundle: raw cells per table (text, None, or a list of texts), the same typed, and how lists are joined."""

    raw: dict[str, list[dict[str, Any]]]
    headers: dict[str, list[str]]
    bundle: Bundle
    list_separator: str

    @property
    def has_empty_table(self) -> bool:
        """Whether some file holds nothing but its headings."""
        return any(not rows for rows in self.raw.values())

    @property
    def period_options(self) -> list[str]:
        """The audit period as arguments of the command line."""
        first, last = self.bundle.period
        return ["--from", first.isoformat(), "--to", last.isoformat()]


class Forms:
    """Draws one of the spellings that mean the same. It changes no value, so it has its own source of chance."""

    def __init__(self, seed: int, agreement: dict[str, Any]) -> None:
        self.pick: Pick = pick_from(seed)
        self.fields = {name: field["label"] for name, field in agreement["fields"].items()}
        self.grounds = {row["ground"]: row["label_sv"] for row in LAW_TABLE}
        self.organisations = {
            name: [organisation["name"], *organisation.get("aliases", [])]
            for name, organisation in agreement.get("organisations", {}).items()
        }

    def shuffled(self, items: list[Any]) -> list[Any]:
        """The same items in another order."""
        places = [self.pick.number(0, 999) for _ in items]
        return [item for _, item in sorted(zip(places, items, strict=True), key=lambda pair: pair[0])]

    def spelling(self, plain: str, others: list[str]) -> str:
        """Mostly the plain spelling."""
        others = [other for other in others if "," not in other]  # a comma would split a list
        return self.pick.one_of(others) if others and self.pick.chance(25) else plain

    def item(self, value: str, kind: str) -> str:
        """One spelling of a code, an id or a text."""
        if kind in ("municipality", "organisation") and value in MUNICIPALITY_NAMES:
            return self.spelling(value, [value.lstrip("0"), *MUNICIPALITY_NAMES[value]])
        if kind == "organisation":
            return self.spelling(value, self.organisations.get(value, []))
        if kind == "fields":
            return self.spelling(value, [self.fields.get(value, value)])
        if kind == "action":
            return self.spelling(value, ACTION_SPELLINGS.get(value, []))
        if kind == "grounds":
            return self.spelling(value, [self.grounds.get(value, value), *GROUND_SPELLINGS.get(value, [])])
        if kind in ("person", "people"):
            return self.spelling(value, [f"{value[:8]}-{value[8:]}"])
        return self.spelling(value, [f" {value}", f"{value}  "]) if kind == "text" else value

    def moment(self, value: datetime, kind: str) -> str:
        """A timestamp with a blank or a T, without seconds, with an offset, or as a date where that means the same."""
        plain = value.isoformat(sep=self.pick.one_of(" T"))
        others = [value.isoformat(sep="T", timespec="minutes")] if value == value.replace(second=0, microsecond=0) else []
        if kind != "instant" and value.time() == (time(0, 0) if kind == "start" else time(23, 59, 59)):
            others += [value.date().isoformat()] * 3
        abroad = value.replace(tzinfo=STOCKHOLM).astimezone(UTC)
        if abroad.astimezone(STOCKHOLM).replace(tzinfo=None) == value:
            others += [abroad.replace(tzinfo=None).isoformat() + "Z", abroad.astimezone(STOCKHOLM).isoformat()]
        return self.spelling(plain, others)

    def cell(self, value: Any, kind: str) -> Any:
        """The raw cell of a typed value."""
        kind = kind.split()[0]
        if value is None:
            return self.pick.one_of([None, None, None, "", "  "])
        if isinstance(value, list):
            spelled = [self.item(part, kind) for part in value]
            spelled = self.shuffled(spelled)
            return spelled + spelled[:1] if self.pick.chance(10) else spelled
        if isinstance(value, bool):
            return self.pick.one_of(["true", "Ja"] if value else ["false", "Nej"])
        if isinstance(value, int):
            return self.spelling(str(value), [f" {value}", f"{value}.0"])
        if isinstance(value, datetime):
            return self.moment(value, kind)
        return self.spelling(value.isoformat(), [f"{value:%Y%m%d}"]) if isinstance(value, date) else self.item(value, kind)


def read_rows(table: str, rows: list[Row]) -> tuple[list[Row], list[Row]]:
    """The rows that stand and the keys of those in quarantine.

    A row without a key goes to quarantine. Of several cases or disclosures with one number identical ones are one row;
    if they differ, all of them go to quarantine. Identical accesses are one row too; others with one number all stand.
    """
    keys = KEYS[table]
    readable = [row for row in rows if all(row[key] is not None for key in keys)]
    quarantined = [row for row in rows if row not in readable]
    standing: list[Row] = []
    for row in readable:
        alike = [other for other in readable if other[keys[0]] == row[keys[0]]]
        if table not in ("cases", "disclosures", "accesses"):
            standing.append(row)
        elif table != "accesses" and any(other != row for other in alike):
            quarantined.append(row)
        elif row not in standing:
            standing.append(row)
    told = [*keys, "sequence", "source"] if table == "accesses" else keys
    return standing, [{name: row.get(name) for name in told} for row in quarantined]


def write(drawn: Drawn, folder: Path, form: str, native_lists: bool = False) -> None:
    """Writes the export (``form``: csv, jsonl, parquet or xlsx) and agreement.yaml into the folder.

    Lists are joined to text, except with ``native_lists`` in JSON Lines. A table without rows is written as CSV, since
    JSON Lines has no place for headings.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "agreement.yaml").write_text(yaml_text(drawn.bundle.agreement), encoding="utf-8")
    for table, headings in drawn.headers.items():
        native = native_lists and form == "jsonl"
        rows = [[_joined(row[name], drawn.list_separator, native) for name in headings] for row in drawn.raw[table]]
        path = folder / f"{table}.{form if rows or form != 'jsonl' else 'csv'}"
        if path.suffix == ".parquet":
            pq.write_table(
                pa.table({name: pa.array([row[i] for row in rows], pa.string()) for i, name in enumerate(headings)}), path
            )
        elif path.suffix == ".xlsx":
            with xlsxwriter.Workbook(path) as book:
                sheet = book.add_worksheet(table)
                for line, row in enumerate([headings, *rows]):
                    for place, cell in enumerate(row):
                        if cell is not None:
                            sheet.write_string(line, place, cell)
        elif path.suffix == ".jsonl":
            lines = [json.dumps(dict(zip(headings, row, strict=True)), ensure_ascii=False) for row in rows]
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        else:
            with path.open("w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file, delimiter=";", lineterminator="\n")
                writer.writerows([headings, *(["" if cell is None else cell for cell in row] for row in rows)])


def _joined(cell: Any, separator: str, native: bool) -> Any:
    return separator.join(cell) if isinstance(cell, list) and not native else cell
