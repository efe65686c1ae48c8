"""Reads the shipped vocabulary. It is part of the program: a fault in it is a ValueError or KeyError, and a test finds it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from auditor.agreement.faults import Faults
from auditor.agreement.yaml_tree import decode, plain, read_tree
from auditor.intake.mapping_model import Act, ActNumber, Mapping, TableMapping, Words
from auditor.intake.tables import TABLES, Type


def read_standard(path: Path) -> Mapping:
    """The vocabulary in the file: headings by table and column, words by kind of column, forms of places and citations."""
    faults = Faults(str(path))
    tree: Any = plain(read_tree(decode(path.read_bytes(), faults), faults).root)
    if faults or tree["mapping"] != "1":
        raise ValueError(f"{path} is not a vocabulary of form 1")
    words = dict(tree["words"])
    missing = words.pop("missing")
    return Mapping(
        tables={name: _table(name, tree["tables"][name]) for name in TABLES},
        words=Words(
            by_type={Type(kind): {value: texts or () for value, texts in meanings.items()} for kind, meanings in words.items()},
            missing=missing,
            municipality_forms=tree["forms"]["municipality"],
            county_forms=tree["forms"]["county"],
            acts=tuple(Act(act["names"], _numbers(act["numbers"])) for act in tree["acts"].values()),
            citation=tree["citation"],
        ),
    )


def _table(name: str, part: dict[str, Any]) -> TableMapping:
    for column in part["columns"]:
        TABLES[name].column(column)
    return TableMapping(headings=part["columns"])


def _numbers(part: dict[str, dict[str, Any]]) -> tuple[ActNumber, ...]:
    def day(text: str | None) -> date | None:
        return date.fromisoformat(text) if text else None

    return tuple(
        ActNumber(number, day(said.get("from")), day(said.get("to")), said.get("names", ())) for number, said in part.items()
    )
