"""The canonical tables: what every export becomes, whatever system it came from. The checks are written against these alone.

The meaning of each column stands in docs/tables.md. Times are Swedish wall-clock time without zone.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Type(StrEnum):
    """What a cell of a column must be. Anything else is read as NULL and counted (check L7)."""

    TEXT = "text"
    PERSON = "person"  # personnummer, samordningsnummer or reserve number, twelve characters
    PEOPLE = "people"  # a list of those
    DATE = "date"
    START = "timestamp, a date alone is its start"
    END = "timestamp, a date alone is its end"
    INSTANT = "timestamp, a date alone is unreadable"
    MUNICIPALITY = "municipality"
    PLACE = "place"  # a municipality code or a two-digit county code
    ORGANISATION = "organisation"
    CONCERNS = "concerns"
    FLOW = "flow"
    FIELDS = "fields"
    GROUNDS = "grounds"
    CHANNEL = "channel"
    DECISION = "decision"
    PROTECTION = "protection"
    ACTION = "action"
    BOOLEAN = "boolean"
    INTEGER = "integer"


@dataclass(frozen=True)
class Column:
    """A column: whether the file must have it, whether every row must, and whether its empty cell has a meaning (+)."""

    name: str
    type: Type
    required: bool = False
    key: bool = False
    meaningful_empty: bool = False


@dataclass(frozen=True)
class Table:
    """A canonical table. ``dated`` tables have an ``at`` that decides whether a row lies in the audit period.

    Of several rows with one ``unique_key`` identical ones are one row; if they differ, all go to quarantine
    (``conflicts_quarantined``) or stay (accesses, check L1). Tables with neither keep every row. The texts of ``enumerated``
    columns come back in row after row: the engine keeps each text once.
    """

    name: str
    columns: tuple[Column, ...]
    required: bool = False
    dated: bool = False
    merge_identical: bool = False
    conflicts_quarantined: bool = False
    enumerated: tuple[str, ...] = ()

    def column(self, name: str) -> Column:
        """The column of that name; KeyError when there is none."""
        return next(column for column in self.columns if column.name == name)

    @property
    def key(self) -> tuple[str, ...]:
        """The names of the key columns, without ``at``."""
        return tuple(column.name for column in self.columns if column.key and column.name != "at")


def _key(name: str, type_: Type) -> Column:
    return Column(name, type_, required=True, key=True)


def _required(name: str, type_: Type) -> Column:
    return Column(name, type_, required=True)


def _plus(name: str, type_: Type) -> Column:
    return Column(name, type_, meaningful_empty=True)


T = Type
TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        Table(
            "cases",
            (
                _key("case_id", T.TEXT),
                Column("person_id", T.PERSON),
                Column("related_person_ids", T.PEOPLE),
                Column("birth_date", T.DATE),
                _required("home_municipality", T.MUNICIPALITY),
                Column("registered_municipality", T.MUNICIPALITY),
                _required("found_in", T.PLACE),
                _required("concern", T.CONCERNS),
                _required("reporter", T.ORGANISATION),
                _required("reported_at", T.START),
                _plus("decided_at", T.END),
                _plus("decision", T.DECISION),
                Column("assessment_extended", T.BOOLEAN),
                _plus("closed_at", T.END),
                Column("protection", T.PROTECTION),
            ),
            required=True,
            merge_identical=True,
            conflicts_quarantined=True,
        ),
        Table(
            "disclosures",
            (
                _key("disclosure_id", T.TEXT),
                _required("case_id", T.TEXT),
                _key("at", T.END),
                _required("sender", T.ORGANISATION),
                Column("sender_unit", T.TEXT),
                _required("user_id", T.TEXT),
                _required("recipient", T.ORGANISATION),
                Column("recipient_unit", T.TEXT),
                _required("purpose", T.FLOW),
                _required("fields", T.FIELDS),
                _required("grounds", T.GROUNDS),
                Column("channel", T.CHANNEL),
                _plus("motivation", T.TEXT),
                Column("requested_at", T.END),
            ),
            required=True,
            dated=True,
            merge_identical=True,
            conflicts_quarantined=True,
        ),
        Table(
            "accesses",
            (
                _key("event_id", T.TEXT),
                _key("at", T.INSTANT),
                _required("user_id", T.TEXT),
                _required("case_id", T.TEXT),
                _required("action", T.ACTION),
                Column("section", T.TEXT),
                _plus("reason", T.TEXT),
                Column("workstation", T.TEXT),
                Column("sequence", T.INTEGER),
                Column("source", T.TEXT),
            ),
            dated=True,
            merge_identical=True,
            enumerated=("user_id", "case_id", "action", "section", "workstation", "source"),
        ),
        Table(
            "staff",
            (
                _key("user_id", T.TEXT),
                Column("person_id", T.PERSON),
                _required("organisation", T.ORGANISATION),
                _required("unit", T.TEXT),
                Column("role", T.TEXT),
                _key("valid_from", T.DATE),
                _plus("valid_to", T.DATE),
                _plus("shared", T.BOOLEAN),
                _plus("protected_access", T.BOOLEAN),
            ),
        ),
        Table(
            "assignments",
            (
                _key("case_id", T.TEXT),
                _key("user_id", T.TEXT),
                _key("valid_from", T.START),
                _plus("valid_to", T.END),
            ),
        ),
        Table(
            "residences",
            (
                _key("case_id", T.TEXT),
                _required("municipality", T.MUNICIPALITY),
                _key("valid_from", T.DATE),
                _plus("valid_to", T.DATE),
            ),
        ),
    )
}
