"""The documentation of the tables is that of the program."""

from __future__ import annotations

import re
from dataclasses import dataclass

from auditor.intake.mapping import standard_mapping
from auditor.intake.tables import TABLES, Column, Type
from tests.running import CHECKOUT

KINDS_IN_DOCS = {
    Type.TEXT: "text",
    Type.PERSON: "person",
    Type.PEOPLE: "list of person",
    Type.DATE: "date",
    Type.START: "time, start",
    Type.END: "time, end",
    Type.INSTANT: "time",
    Type.MUNICIPALITY: "municipality",
    Type.PLACE: "place",
    Type.ORGANISATION: "organisation",
    Type.CONCERNS: "list of concern",
    Type.FLOW: "flow",
    Type.FIELDS: "list of field",
    Type.GROUNDS: "list of ground",
    Type.CHANNEL: "channel",
    Type.BOOLEAN: "yes/no",
    Type.INTEGER: "number",
}


@dataclass(frozen=True)
class Described:
    """A column as the documentation describes it."""

    name: str
    kind: str
    needed: str


def _described(column: Column) -> Described:
    kind = KINDS_IN_DOCS.get(column.type) or " ".join(f"`{code}`" for code in standard_mapping().words.by_type[column.type])
    needed = "key" if column.key else "column" if column.required else "no, +" if column.meaningful_empty else "no"
    return Described(column.name, kind, needed)


def test_the_documentation_of_the_tables_is_that_of_the_program() -> None:
    text = (CHECKOUT / "docs" / "tables.md").read_text(encoding="utf-8")
    sections = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL))
    for table in TABLES.values():
        rows = [line.split(" | ") for line in sections[table.name].splitlines() if line.startswith("| `")]
        documented = [Described(name.strip("|` "), kind.strip(), needed.strip()) for name, kind, needed, *_meaning in rows]
        assert documented == [_described(column) for column in table.columns], table.name
        assert f"| [`{table.name}`](#{table.name}) |" in text
    assert [table.name for table in TABLES.values() if table.required] == re.findall(r"\| \[`(\w+)`\].*\| needed \|", text)
