"""From a flow of the agreement to a suite of great-expectations: which columns a file may have, and what stands in them."""

from __future__ import annotations

import json
from typing import Any

from auditor import __version__
from auditor.agreement import LoadedAgreement
from auditor.agreement.model import Agreement, Flow
from auditor.errors import UserError
from auditor.intake.mapping import standard_mapping
from auditor.intake.tables import Type
from auditor.words import _

#: Headings of the case number, which every row must have.
CASE_HEADINGS = ("Ärendenummer", "case_id")
#: A phone number as people write it.
PHONE = r"[+0][0-9 ()/-]{5,18}"


def compile_suite(loaded: LoadedAgreement, purpose: str, recipient: str, sender: str | None, *, ids: bool) -> str:
    """The suite as JSON for files handed over for a purpose. ``ids``: columns are named by the ids of fields, not their labels.

    Raises UserError when the recipient or the sender holds no role of the flow on any day.
    """
    agreement = loaded.agreement
    flow = agreement.flow(purpose)
    if not _may_hold(agreement, recipient, flow.to):
        raise UserError(_("The recipient after --to never receives anything in this flow."), hint=_roles(flow.to))
    if sender is not None and not _may_hold(agreement, sender, flow.from_):
        raise UserError(_("The sender after --sender never hands anything over in this flow."), hint=_roles(flow.from_))
    suite = {
        "name": "-".join([agreement.id, flow.id, recipient]),
        "meta": {
            "agreement": {"id": agreement.id, "title": agreement.title, "sha256": loaded.sha256},
            "purpose": flow.id,
            "to": recipient,
            "sender": sender,
            "program": {"name": "en-ingang-auditor", "version": __version__},
            "import_first": "auditor.pipelines.expectations",
        },
        "expectations": _expectations(agreement, flow, ids=ids),
    }
    return json.dumps(suite, ensure_ascii=False, indent=2) + "\n"


def _may_hold(agreement: Agreement, organisation: str, roles: tuple[str, ...]) -> bool:
    """Whether an organisation may hold one of the roles on some day, for some child."""
    holds = {
        "counterpart": organisation == agreement.counterpart,
        "entry_point": organisation == agreement.entry_point,
        "home_municipality": organisation in {span.municipality for span in agreement.party_spans},
        "party": organisation in {span.municipality for span in agreement.party_spans},
    }
    return any(holds[role] for role in roles)


def _roles(roles: tuple[str, ...]) -> str:
    words = {
        "counterpart": _("the other authority at the single entry"),
        "entry_point": _("the holder of the single entry"),
        "home_municipality": _("a party, as the child's home municipality"),
        "party": _("a party"),
    }
    return _("Possible here: {columns}.").format(columns=", ".join(words[role] for role in roles))


def _expectations(agreement: Agreement, flow: Flow, *, ids: bool) -> list[dict[str, Any]]:
    names = {field: _spellings(agreement, field, ids=ids) for field in flow.field_ids(agreement)}
    case = CASE_HEADINGS[1 if ids else 0]
    numbers = names.get("person_id", [])
    found = [
        _one("rows", _("There is at least one row."), "expect_table_row_count_to_be_between", min_value=1),
        _one(
            "columns",
            _("The file has no other columns than the case number and the fields that may be handed over for this purpose."),
            "expect_only_allowed_columns",
            columns=[case, *(name for spellings in names.values() for name in spellings)],
        ),
        _one("case-exists", _("The file has a column for the case number."), "expect_column_to_exist", column=case),
        _one("case-filled", _("Every row has a case number."), "expect_column_values_to_not_be_null", column=case),
        _one(
            "others-numbers",
            _("No text holds a personal number other than that of its own row."),
            "expect_no_personal_numbers_of_others",
            columns=numbers,
        ),
    ]
    if numbers:
        words = _("Every personal number is right: its day is a day, and its check digit is right.")
        found.append(_one("numbers", words, "expect_right_personal_numbers_where_there", columns=numbers))
    if "phone" in names:
        words = _("Phone numbers are written with digits, spaces and hyphens alone.")
        found.append(_one("phones", words, "expect_form_where_there", columns=names["phone"], words=[PHONE]))
    if "decision" in names:
        words = _("Decisions are those that the agreement knows.")
        found.append(_one("decisions", words, "expect_codes_where_there", columns=names["decision"], words=_decisions()))
    return found


def _spellings(agreement: Agreement, field: str, *, ids: bool) -> list[str]:
    """The headings that a field may have: its id, or its label and aliases."""
    return [field] if ids else [agreement.fields[field].label, *agreement.fields[field].aliases]


def _decisions() -> list[str]:
    words = standard_mapping().words.by_type[Type.DECISION]
    return [spelling for code, spellings in words.items() for spelling in (code, *spellings)]


def _one(id_: str, asks: str, type_: str, **kwargs: Any) -> dict[str, Any]:
    return {"type": type_, "kwargs": kwargs, "meta": {"id": id_, "asks": asks}}
