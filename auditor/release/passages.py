"""Texts outside tables: what stands in documents, comments, properties and names of files."""

from __future__ import annotations

from auditor.release.identifiers import Identifier, find_identifiers
from auditor.release.model import SHOWN_PLACES, Opened, Passage, Reason, Weight
from auditor.release.names import KnownNames
from auditor.release.plain_text import made_plain
from auditor.release.reasons import identifier_reason
from auditor.release.scanning import masked
from auditor.words import _


def _place(passage: Passage, plain: str, start: int) -> str:
    """Where something stands: the passage's place, with the line where the passage has several."""
    if passage.first_line is None:
        return passage.place
    return _("{table}, line {line}").format(table=passage.place, line=passage.first_line + plain.count("\n", 0, start))


def passage_reasons(opened: Opened, known: KnownNames, allowed: set[str]) -> list[Reason]:
    """The reasons that the passages of a file give. A file that is not all tables can at best not be judged."""
    found: dict[tuple[Identifier, bool, str], list[str]] = {}
    for passage in opened.passages:
        plain = made_plain(passage.text)
        for one in find_identifiers(plain):
            mask = masked(one, plain[one.start : one.end])
            place = _place(passage, plain, one.start)
            place = f"{place} ({mask})" if mask else place
            found.setdefault((one.kind, one.sure, "unknown"), []).append(place)
        # what names a table, a column or a file may be a listed name by chance; a person of the case file is none
        of_tables = opened.tabular and not passage.hidden
        names = [name for name in known.find([passage.text]) if name.sure or not of_tables]
        for name in names:
            found.setdefault((Identifier.NAME, name.sure, "other" if name.key else "unknown"), []).append(passage.place)
    reasons = []
    for (kind, sure, whose), places in found.items():
        reason = identifier_reason(
            kind, sure=sure, whose=whose, allowed=allowed, places=list(dict.fromkeys(places))[:SHOWN_PLACES], count=len(places)
        )
        if reason:
            reasons.append(reason)
    if not opened.tabular and not any(reason.code == "form-unknown" for reason in opened.reasons):
        reasons.append(
            Reason(
                Weight.UNSHOWN,
                "running-text",
                _(
                    "The file holds running text, whose content cannot be tied to a case or held against the agreement's fields."
                ),
                _("Read it through, or send the data as a table with the agreement's fields."),
                [opened.shown],
            )
        )
    return reasons
