"""Registers of invented months for reports to the board: counts alone, written as an audit writes them, without auditing."""

from __future__ import annotations

import hashlib
import json
import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from auditor.checks import CATALOGUE
from auditor.findings import FINDING_SCHEMA
from tests.conftest import Ran, run_program

VERDICTS = ("within", "outside", "undetermined")
#: Scope checks of disclosures, others of disclosures, and checks of accesses and cases.
SCOPE, CONDUCT, OTHER = ("T1", "T2", "R1", "F1", "B4"), ("B6", "P5", "T6"), ("A2", "A3", "A7", "P8")
PARTIES = ("0180", "0182", "0120", "0115")

Tallies = dict[str, Any]


def counted(rows: Iterable[tuple[str, Sequence[str], Mapping[str, str]]]) -> Tallies:
    """The tallies of rows (verdict or '', checks violated, {'child': municipality, 'user': municipality})."""
    whole: Counter[str] = Counter()
    parties: dict[str, dict[str, Counter[str]]] = {}
    for verdict, checks, who in rows:
        items = [*([verdict] if verdict else []), *checks]
        whole.update(items)
        for party in set(who.values()):
            ways = parties.setdefault(party, {"children": Counter(), "users": Counter(), "either": Counter()})
            for way, told in (("children", who.get("child") == party), ("users", who.get("user") == party), ("either", True)):
                if told:
                    ways[way].update(items)
    return {"whole": dict(whole), "parties": {party: {w: dict(n) for w, n in ways.items()} for party, ways in parties.items()}}


def random_month(dice: random.Random, size: int) -> Tallies:
    """A month of some disclosures and accesses of four municipalities, few of which are at fault."""
    weights = [dice.random() ** 2 + 0.05 for _ in PARTIES]
    rates = {check: dice.choice((0, 0.01, 0.03, 0.1)) for check in (*SCOPE, *CONDUCT, *OTHER)}
    rows = []
    for _n in range(dice.randrange(size)):
        who = {"child": dice.choices(PARTIES, weights)[0], "user": dice.choice(("0180", dice.choices(PARTIES, weights)[0], ""))}
        who = {role: party for role, party in who.items() if party}
        checks = [check for check in (*SCOPE, *CONDUCT) if dice.random() < rates[check]]
        doubt = "undetermined" if dice.random() < 0.05 else "within"
        rows.append(("outside" if set(checks) & set(SCOPE) else doubt, checks, who))
        rows.append(("", [check for check in OTHER if dice.random() < rates[check]], who))
    return counted(rows)


def run_folder(
    folder: Path,
    month: str,
    tallies: Tallies,
    *,
    controller: str = "",
    not_run: Sequence[str] = (),
    off: Sequence[str] = (),
    unknown: Sequence[str] = (),
) -> Path:
    """A folder as an audit of the month writes it, as far as the register reads it."""
    folder.mkdir(parents=True)
    pq.write_table(FINDING_SCHEMA.empty_table(), folder / "findings.parquet")
    digest = hashlib.sha256((folder / "findings.parquet").read_bytes()).hexdigest()
    year, number = int(month[:4]), int(month[5:])
    last = (31, 29 if year % 4 == 0 else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[number - 1]
    manifest = {
        "manifest": 1,
        "program": {"name": "en-ingang-auditor", "version": "0.1.0"},
        "agreement": {"sha256": "0" * 64},
        "law_table": {"sha256": "0" * 64},
        "period": {"from": f"{month}-01", "to": f"{month}-{last}"},
        "options": {"controller": controller or None},
        "controller": controller or None,
        "inputs": [],
        "verdicts": {verdict: tallies["whole"].get(verdict, 0) for verdict in VERDICTS},
        "checks": {
            check.id: "table_absent" if check.id in not_run else "switched_off" if check.id in off else "run"
            for check in CATALOGUE
            if check.id not in unknown
        },
        "tallies": tallies,
        "outputs": [{"file": "findings.parquet", "sha256": digest}],
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


def add(register: Path, folder: Path, month: str, tallies: Tallies, **options: Any) -> None:
    """Add a month to a register with the program's own command."""
    ran = run_program("findings", "add", "--register", register, "--run", run_folder(folder, month, tallies, **options))
    assert ran.code == 0, ran.said


def names(first: str, count: int) -> list[str]:
    """So many months from the first."""
    year, month = int(first[:4]), int(first[5:]) - 1
    return [f"{year + (month + n) // 12}-{(month + n) % 12 + 1:02d}" for n in range(count)]


def report(register: Path, out: Path, first: str, last: str, *options: object) -> Ran:
    """``auditor report namnd``."""
    given = ("--register", register, "--from", first, "--to", last, "--out", out)
    return run_program("report", "namnd", *given, *options)


def document(out: Path) -> dict[str, Any]:
    """What a report gives out."""
    return json.loads((out / "namnd.json").read_text(encoding="utf-8"))
