"""The words of a release check: decisions, kinds of identifier, and places."""

from __future__ import annotations

from auditor.agreement.model import Agreement
from auditor.release.identifiers import Identifier
from auditor.release.model import Decision, RawTable, Weight
from auditor.words import N_, _

DECISIONS = {
    Decision.RELEASE: N_("release"),
    Decision.STOP: N_("do not release"),
    Decision.UNSHOWN: N_("cannot be judged – information is missing"),
}
#: What a decision means for who asked.
MEANINGS = {
    Decision.RELEASE: N_("By this check nothing stands in the way of the release. The sender decides."),
    Decision.STOP: N_("What was checked may not leave as it is. Mend every reason that stops it, and check again."),
    Decision.UNSHOWN: N_(
        "It cannot be shown that what was checked may leave. Complete what is missing and check again, or judge it by hand."
    ),
}
WEIGHTS = {
    Weight.STOP: N_("Stops the release"),
    Weight.UNSHOWN: N_("Cannot be judged"),
    Weight.NOTE: N_("For a person to read"),
}
IDENTIFIERS = {
    Identifier.PERSON_NUMBER: N_("personal number"),
    Identifier.COORDINATION_NUMBER: N_("coordination number"),
    Identifier.RESERVE_NUMBER: N_("reserve number"),
    Identifier.PHONE: N_("phone number"),
    Identifier.EMAIL: N_("e-mail address"),
    Identifier.ADDRESS: N_("street address"),
    Identifier.POSTCODE: N_("postcode with town"),
    Identifier.PLATE: N_("registration plate"),
    Identifier.IBAN: N_("account number (IBAN)"),
    Identifier.BANKGIRO: N_("bankgiro or plusgiro number"),
    Identifier.CARD: N_("card number"),
    Identifier.IP_ADDRESS: N_("address of a computer (IP)"),
    Identifier.COORDINATES: N_("coordinates"),
    Identifier.NAME: N_("name"),
}
#: The field of the catalogue that an identifier is, where it is one.
FIELD_OF = {
    Identifier.PERSON_NUMBER: "person_id",
    Identifier.COORDINATION_NUMBER: "person_id",
    Identifier.RESERVE_NUMBER: "person_id",
    Identifier.PHONE: "phone",
    Identifier.ADDRESS: "address",
    Identifier.POSTCODE: "address",
    Identifier.COORDINATES: "address",
    Identifier.NAME: "name",
}


def label_of(agreement: Agreement, field: str) -> str:
    """The field's name in the agreement."""
    return agreement.fields[field].label if field in agreement.fields else field


def column_letters(position: int) -> str:
    """The letters of a spreadsheet's column, from position 0: A ... Z, AA ..."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def place_of(table: RawTable, position: int | None, shown: str, line: int, mask: str = "") -> str:
    """Where something stands in a table, such as ``export.csv, column Kommentar, line 17 (20******-****)``."""
    if table.sheet is not None and position is not None:
        place = _("{table}, cell {cell}").format(table=table.place, cell=f"{column_letters(position)}{line}")
    elif position is not None:
        place = _("{table}, column {column}, line {line}").format(table=table.place, column=shown, line=line)
    else:
        place = _("{table}, line {line}").format(table=table.place, line=line)
    return f"{place} ({mask})" if mask else place
