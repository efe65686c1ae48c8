"""Exports whose reports are looked at in a browser: everything wrong, hostile text, and a hundred thousand findings."""

from __future__ import annotations

import csv
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tests.exports import export, write_agreement
from tests.running import SAMPLE

# Every one of them is a plain id by its form (no space, a digit), so it is shown as it stands
HOSTILE = {
    "script": "<script>window.ran=1</script>",
    "image": '"><img/src=x/onerror=window.ran=1>',
    "style": "</style><style>*{background:url(//evil.example/1)}</style>",
    "template": "{{7*7}}{%raw%}1",
    "comment": "--><svg/onload=window.ran=1><!--",
    "formula": "=cmd|'/C1'!A1",
    "url": "javascript:window.ran=1//",
    "entity": "&lt;b&gt;1&#60;script&#62;",
}
#: Columns of the sample month spoilt so that almost every check finds something.
WRONG = {
    "cases": {
        "birth_date": "1990-01-01",
        "home_municipality": "0380",
        "registered_municipality": "0381",
        "found_in": "03",
        "concern": "neglect",
        "reporter": "0184",
        "decided_at": "",
        "decision": "",
        "protection": "protected_registration",
        "closed_at": "2026-01-01",
    },
    "disclosures": {
        "sender": "0184",
        "recipient": "0381",
        "user_id": "nobody1",
        "fields": "name;address;health;record;signalement",
        "grounds": "avtalet;SoL 2001",
        "channel": "email",
        "motivation": "",
    },
}
#: How many disclosures, with everything wrong in each, make a hundred thousand findings.
MANY = 5400


def _spoilt(table: str) -> list[dict[str, str]]:
    with (SAMPLE / "clean" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return [{**row, **WRONG[table]} for row in list(csv.DictReader(file))[200:300]]


def everything_wrong(folder: Path) -> Path:
    """Some rows of the sample month with every column spoilt that a check asks about: findings of almost every check."""
    folder.mkdir()
    known = [row["case_id"] for row in _spoilt("cases")]
    for table in WRONG:
        rows = [{**row, "case_id": case} for row, case in zip(_spoilt(table), known, strict=True)]
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)
    return folder


def many_findings(folder: Path) -> Path:
    """The same faults in ``MANY`` disclosures of as many cases: more than a hundred thousand findings."""
    folder.mkdir()
    for table in WRONG:
        row = _spoilt(table)[0]
        columns = {name: pa.array([cell] * MANY, pa.string()) for name, cell in row.items()}
        columns["case_id"] = pa.array([f"SN-2026-{number:06}" for number in range(MANY)])
        if table == "disclosures":
            columns["disclosure_id"] = pa.array([f"U-2026-{number:06}" for number in range(MANY)])
            columns["at"] = pa.array([f"2026-10-{1 + number % 31:02} 12:00:00" for number in range(MANY)])
        pq.write_table(pa.table(columns), folder / f"{table}.parquet")
    return folder


def hostile_export(folder: Path) -> Path:
    """Hostile text in ids, headings, units, free text, codes and names of files."""
    texts = list(HOSTILE.values())
    cases = [{"case_id": text, "home_municipality": "0380", "protection": text} for text in texts]
    disclosures = [
        {
            "disclosure_id": text,
            "case_id": text,
            "user_id": text,
            "sender_unit": text,
            "channel": text,
            "fields": text,
            "grounds": text,
            "purpose": "handover" if place % 2 else text,
            "motivation": text,
            text: text,
        }
        for place, text in enumerate(texts)
    ]
    more = [
        {"disclosure_id": f"T-{place}", "case_id": f"\x1b[31m{text}\x07", "user_id": text} for place, text in enumerate(texts)
    ]
    export(folder, cases=cases, disclosures=[*disclosures, *more])
    for name in ('"><img src=x onerror=window.ran=1>.csv', "<script>window.ran=1<%2fscript>.txt", "\x1b[31mred.csv"):
        (folder / name).write_text("x\n1\n", encoding="utf-8")
    return folder


def hostile_agreement(folder: Path) -> Path:
    """An agreement whose names and labels are hostile too; they are shown in the report."""
    script, image = HOSTILE["script"], HOSTILE["image"].replace('"', '\\"')
    return write_agreement(
        folder,
        ("title: Provavtal", f'title: "{script} {image}"'),
        ("source: Protokoll 2026-01-01", f'source: "{image}"'),
        ("Polismyndigheten (ROC)", f'"{script}"'),
        ("label: Namn,", f'label: "{image}",'),
        (
            '- {municipality: "0120", valid_from: 2023-12-14}',
            f'- {{municipality: "0120", valid_from: 2023-12-14, status: unconfirmed, source: "{image}"}}',
        ),
    )
