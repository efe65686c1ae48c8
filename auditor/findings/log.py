"""Findings about the log itself: rows outside the period, rows and cells that could not be read. One finding each."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from auditor.checks.model import Check, Of
from auditor.engine import Engine
from auditor.intake.tables import TABLES
from auditor.relations.reference import term

_LINES_SHOWN = 10


def log_findings(
    engine: Engine, check: Check, shown_files: dict[int, str], present: Sequence[str], last_day: date
) -> list[dict[str, Any]]:
    """The findings of L4, L6 or L7 as rows of FINDING_SCHEMA. ``shown_files`` are the files' names by number."""
    gather = {"L4": _outside_period, "L6": _rows, "L7": _cells}[check.id]
    found = gather(engine, shown_files, present)
    rows = [
        _row(check, entity, evidence, last_day) for entity, evidence in sorted(found, key=lambda f: (f[0], json.dumps(f[1])))
    ]
    seen: dict[str, int] = {}
    for row in rows:  # several alike are numbered in the order of their other columns
        base = row["fingerprint"]
        seen[base] = seen.get(base, 0) + 1
        if seen[base] > 1:
            row["fingerprint"] = _hash(f"{base}|{seen[base]}")
    return rows


def _hash(content: str) -> str:
    return hashlib.sha256(content.encode("utf-8")).hexdigest()[:32]


def _row(check: Check, entity: str, evidence: dict[str, Any], last_day: date) -> dict[str, Any]:
    return {
        "check": check.id,
        "name": check.name,
        "kind": str(check.kind),
        "severity": str(check.severity),
        "answer": "violation",
        "entity_type": str(Of.LOG),
        "entity": entity,
        "case_id": None,
        "at": None,
        "user_id": None,
        "organisation": None,
        "controller": None,
        "evidence": json.dumps(evidence, ensure_ascii=False, separators=(",", ":")),
        "missing": None,
        "law": check.law_on(last_day),
        "fingerprint": _hash(f"{check.id}|{Of.LOG}|{entity}|"),
    }


def _outside_period(engine: Engine, _shown: dict[int, str], present: Sequence[str]) -> list[tuple[str, dict[str, Any]]]:
    found = []
    for name in present:
        if not TABLES[name].dated:
            continue
        rows, first, last = engine.rows(
            f'SELECT count(*), min("at"), max("at") FROM own_{name} '
            f'WHERE "at" < {term("period_start")} OR "at" >= {term("period_end")}'
        )[0]
        if rows:
            evidence = {"rows": rows, "first": first.date().isoformat(), "last": last.date().isoformat()}
            found.append((name, evidence))
    return found


def _rows(engine: Engine, shown: dict[int, str], _present: Sequence[str]) -> list[tuple[str, dict[str, Any]]]:
    sql = f"""SELECT file, reason, count(*), list_slice(list(line ORDER BY line), 1, {_LINES_SHOWN})
        FROM quarantine WHERE whole_row GROUP BY file, reason ORDER BY file, reason"""
    return [(shown[file], {"reason": reason, "rows": n, "lines": lines}) for file, reason, n, lines in engine.rows(sql)]


def _cells(engine: Engine, shown: dict[int, str], _present: Sequence[str]) -> list[tuple[str, dict[str, Any]]]:
    sql = f"""SELECT file, canonical_column, count(*), list_slice(list(line ORDER BY line), 1, {_LINES_SHOWN})
        FROM quarantine WHERE NOT whole_row GROUP BY file, canonical_column ORDER BY file, canonical_column"""
    return [(shown[file], {"column": column, "cells": n, "lines": lines}) for file, column, n, lines in engine.rows(sql)]
