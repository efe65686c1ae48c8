"""What findings hold, in words: organisations, evidence, what is missing, and what a finding is about."""

from __future__ import annotations

from typing import Any

from auditor.agreement.model import Agreement
from auditor.agreement.wording import code_in_words, county
from auditor.formats import decimal_text
from auditor.intake.tables import TABLES
from auditor.labels import CAUSES, CODES, EVIDENCE, PURPOSES, REASONS
from auditor.law.municipalities import municipalities
from auditor.words import N_, _

#: What a finding is about (``entity_type``), as the heading of its column.
ENTITIES = {
    "disclosure": N_("Disclosure"),
    "access": N_("Access"),
    "case": N_("Case"),
    "user_day": N_("User and day"),
    "log": N_("Part of the log"),
}
#: Whose ``organisation`` a finding names, as the heading of its column.
ORGANISATIONS = {
    "disclosure": N_("Recipient"),
    "access": N_("The user's organisation"),
    "user_day": N_("The user's organisation"),
}
#: The families of checks, by the first letter of their ids.
FAMILIES = {
    "T": N_("Target group"),
    "R": N_("Sender and recipient"),
    "F": N_("Fields"),
    "B": N_("Legal ground"),
    "P": N_("Procedure and time"),
    "A": N_("Access"),
    "L": N_("The log"),
}
#: Causes that are the name of an empty column, of the row itself or of the user's in the staff list; the others are sentences.
_COLUMNS = {column.name for table in TABLES.values() for column in table.columns} | {
    "staff_organisation",
    "staff_unit",
    "staff_person_id",
}


def organisation(agreement: Agreement, code: str) -> str:
    """A municipality with its code, another organisation by its name."""
    name = municipalities().get(code)
    if name:
        return f"{name}\u00a0({code})"
    known = agreement.organisations.get(code)
    return known.name if known else code


def family(check_id: str) -> str:
    """The family of a check in words."""
    letter = check_id[:1]
    return _(FAMILIES[letter]) if letter in FAMILIES else letter


def evidence_in_words(agreement: Agreement, evidence: dict[str, Any]) -> str:
    """What an answer rests on: ``age: 19; age limit: 18``. What is empty is left out."""
    parts = []
    for name, value in evidence.items():
        if value is None or value == []:
            continue
        label = _(EVIDENCE[name]) if name in EVIDENCE else name
        parts.append(f"{label}: {_value(agreement, name, value)}")
    return "; ".join(parts)


def _value(agreement: Agreement, name: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(_value(agreement, name, part) for part in value)
    if isinstance(value, float):
        return decimal_text(value)
    if not isinstance(value, str) or name == "column":
        return str(value)
    if name.startswith("fields") and value in agreement.fields:
        return agreement.fields[value].label
    if name in ("purpose", "handover_flow"):
        return flow_in_words(agreement, value)
    if name in ("concern_known", "target_concern", "approved_channels", "channel"):
        return code_in_words(value)
    if name in ("target_county", "found_in") and len(value) == 2:
        return county(value)
    if name == "reason":
        return _(REASONS.get(value, value))
    return _(CODES[value]) if value in CODES else organisation(agreement, value)


def flow_in_words(agreement: Agreement, id_: str) -> str:
    """A flow by the agreement's own name for it, else in plain words, else by its id."""
    given = next((flow.label for flow in agreement.flows if flow.id == id_), "")
    return given or (_(PURPOSES[id_]) if id_ in PURPOSES else id_)


def missing_in_words(missing: str) -> str:
    """What was not there for an answer, from the codes of a finding's ``missing``: ``channel is missing``."""
    return "; ".join(_cause(part) for part in missing.split(",") if part)


def _cause(code: str) -> str:
    words = _(CAUSES[code]) if code in CAUSES else code
    return _("{column} is missing").format(column=words) if code in _COLUMNS else words
