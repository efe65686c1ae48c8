"""The extract for a person as a page to print: a sheet for whoever decides what may be handed over, then the letter itself."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from auditor.agreement.model import Agreement
from auditor.agreement.wording import code_in_words, county
from auditor.formats import day_text, moment_text, number_text
from auditor.labels import ACTIONS, CODES
from auditor.law.grounds import LawTable
from auditor.law.provisions import (
    DSL_5_1,
    GDPR_12_3,
    GDPR_15_1,
    GDPR_15_1_E,
    GDPR_15_4,
    GDPR_16,
    GDPR_77_1,
    OSL_12_3,
    OSL_21_3,
    OSL_21_3A,
    OSL_26_1,
    OSL_26_2,
    OSL_35_1,
    SOLPUF_11,
    Provision,
)
from auditor.persons.extract import AccessRow, CaseFacts, DisclosureRow, Extract, Untold
from auditor.report import formats
from auditor.report.filling import self_contained
from auditor.report.naming import flow_in_words, organisation
from auditor.words import N_, _, language

#: Every provision that the extract cites.
EXTRACT_LAW = (
    *(GDPR_12_3, GDPR_15_1, GDPR_15_1_E, GDPR_15_4, GDPR_16, GDPR_77_1, DSL_5_1, SOLPUF_11),
    *(OSL_12_3, OSL_21_3, OSL_21_3A, OSL_26_1, OSL_26_2, OSL_35_1),
)
#: What a person must decide before anything is handed over: what it is about, what to ask, and the law.
_QUESTIONS: tuple[tuple[str, str, str, tuple[Provision, ...]], ...] = (
    (
        "who",
        N_("Who asks"),
        N_(
            "Who asks, and for whom? Is it the child, or a guardian? Is there anything about the child that is secret against"
            " the guardian? Does the child's age and maturity call for its own consent?"
        ),
        (OSL_12_3, OSL_26_1, DSL_5_1),
    ),
    (
        "whereabouts",
        N_("Where the child is"),
        N_(
            "Does a row show where the child lives or stays? A municipality that received the data, or whose staff opened"
            " the case, may show it too."
        ),
        (OSL_26_2, OSL_21_3, OSL_21_3A),
    ),
    (
        "others",
        N_("Other persons"),
        N_(
            "Does a row tell something about somebody else than the child: guardians, siblings, others in the case,"
            " whoever reported?"
        ),
        (OSL_26_1, GDPR_15_4),
    ),
    (
        "police",
        N_("The Police"),
        N_(
            "Did the data come from the Police or go to them? Ask them whether something must be kept secret before it is"
            " handed over."
        ),
        (OSL_35_1, DSL_5_1),
    ),
    (
        "unknown",
        N_("Unknown or missing in the log"),
        N_(
            "The log holds something here that neither agreement nor law table knows, or does not say who handed what over,"
            " to whom, why and on which ground, or what was done and in which organisation. Read the row in the source system."
        ),
        (),
    ),
    (
        "controller",
        N_("Other controllers"),
        N_(
            "Each controller answers for what it did itself. Was a row made by another controller, it is for that controller to"
            " answer: agree on who does, or leave the row out and say where to ask."
        ),
        (SOLPUF_11,),
    ),
    (
        "employees",
        N_("The employees"),
        N_(
            "The letter shows who of the staff disclosed and looked. Normally the person asking has no right to know it; it"
            " takes that the names are needed for the person's rights, weighed against those of the employees (C-579/21)."
        ),
        (GDPR_15_4,),
    ),
)
_RIGHTS = (GDPR_15_1, GDPR_15_1_E, GDPR_16, GDPR_77_1)
_HELD = {"person_id": N_("personal number"), "birth_date": N_("birth date")}
_DECISIONS = ("opened", "not_opened", "already_open")


def write_extract(extract: Extract, agreement: Agreement, law: LawTable, out: Path, *, with_users: bool) -> Path:
    """Write ``extract.html`` into ``out``; returns its path. ``with_users`` shows who of the staff disclosed and looked."""
    disclosures = [_disclosure(n, row, agreement, law) for n, row in enumerate(extract.disclosures, start=1)]
    accesses = [_access(n, row, agreement) for n, row in enumerate(extract.accesses, start=1)]
    view = {
        "with_users": with_users,
        "authority": organisation(agreement, extract.controller or agreement.entry_point),
        "of_one": extract.controller is not None,
        "agreement": agreement,
        "disclosure_days": formats.days(*extract.disclosure_days) if extract.disclosure_days else "",
        "access_days": formats.days(*extract.access_days) if extract.access_days else "",
        "cases": [_case(case, agreement) for case in extract.cases],
        "questions": _questions(extract, agreement, with_users),
        "disclosures": disclosures,
        "accesses": accesses,
        "accesses_read": extract.accesses_read,
        "untold": _untold(extract.untold),
        "protected": any(case.protection != "none" for case in extract.cases),
        "fields": _labels(agreement, {name for row in extract.disclosures for name in row.fields}),
        "sources": _names(agreement, [case.reporter for case in extract.cases], [row.sender for row in extract.disclosures]),
        "answer_law": _told([GDPR_12_3]),
        "rights": _told(_RIGHTS),
        "limits": _told([DSL_5_1, GDPR_15_4]),
        "controllers": _told([SOLPUF_11]),
    }
    page = out / "extract.html"
    page.write_text(self_contained("extract.html.j2", "letter.css", {"view": view}), encoding="utf-8", newline="\n")
    return page


def _untold(untold: Untold) -> list[str]:
    """What may concern the child and stands nowhere in the letter: the number of rows for each reason."""
    reasons = (
        (untold.no_case, _("Rows of the logs that do not say which case they concern: {n}")),
        (untold.no_person, _("Rows of the logs of cases of which it is not recorded whose they are: {n}")),
        (untold.no_controller, _("Rows of the logs that do not say which authority is the controller: {n}")),
        (untold.unreadable, _("Rows of the export that could not be read: {n}")),
    )
    return [reason.format(n=number_text(n)) for n, reason in reasons if n]


def _told(provisions: Iterable[Provision]) -> list[dict[str, str]]:
    swedish = language() == "sv"
    return [{"says": p.says_sv if swedish else p.says_en, "citation": p.citation_sv} for p in provisions]


def _labels(agreement: Agreement, names: set[str] | tuple[str, ...]) -> list[str]:
    return [field.label for name, field in agreement.fields.items() if name in names]


def _names(agreement: Agreement, *codes: Iterable[str | None]) -> list[str]:
    return sorted({organisation(agreement, code) for several in codes for code in several if code})


def _case(case: CaseFacts, agreement: Agreement) -> dict[str, Any]:
    """A case with what the case log says of it, in words; what it does not say is left out."""
    place = case.found_in and (county(case.found_in) if len(case.found_in) == 2 else organisation(agreement, case.found_in))
    concerns = [code_in_words(code).removesuffix(f" ({code})") for code in case.concerns] + (
        [_("something else (see the case)")] if case.other_concern else []
    )
    facts = [
        (_("Report received"), moment_text(case.reported_at) if case.reported_at else ""),
        (_("Reporter"), organisation(agreement, case.reporter) if case.reporter else ""),
        (_("Concern"), ", ".join(concerns)),
        (_("Found in"), place or ""),
        (
            _("Home municipality at the report"),
            organisation(agreement, case.home_municipality) if case.home_municipality else "",
        ),
        (
            _("Registered municipality"),
            organisation(agreement, case.registered_municipality) if case.registered_municipality else "",
        ),
        (_("Decision on an enquiry"), _(CODES[case.decision]) if case.decision in _DECISIONS else ""),
        (_("Decided"), day_text(case.decided_at.date()) if case.decided_at else ""),
        (_("Closed"), day_text(case.closed_at.date()) if case.closed_at else ""),
        (_("Protection"), _(CODES[case.protection]) if case.protection in CODES else ""),
        (_("Also held, not written out here"), ", ".join(_(_HELD[name]) for name in case.holds)),
    ]
    return {"id": case.case_id, "told": case.told, "related": case.related, "facts": [fact for fact in facts if fact[1]]}


def _disclosure(number: int, row: DisclosureRow, agreement: Agreement, law: LawTable) -> dict[str, Any]:
    unsaid = _("The log does not say")
    return {
        "row": _("D{number}").format(number=number),
        "case": row.case_id,
        "at": formats.moment(row.at),
        "sender": organisation(agreement, row.sender) if row.sender else unsaid,
        "recipient": organisation(agreement, row.recipient) if row.recipient else unsaid,
        "purpose": flow_in_words(agreement, row.purpose) if row.purpose in {flow.id for flow in agreement.flows} else unsaid,
        "fields": ", ".join(_labels(agreement, row.fields)) or unsaid,
        "grounds": "; ".join(f"{law.grounds[name].label_sv} ({name})" for name in row.grounds) or unsaid,
        "user": row.user or unsaid,
    }


def _access(number: int, row: AccessRow, agreement: Agreement) -> dict[str, Any]:
    unsaid = _("The log does not say")
    return {
        "row": _("A{number}").format(number=number),
        "case": row.case_id,
        "at": formats.moment(row.at),
        "action": _(ACTIONS[row.action]) if row.action in ACTIONS else unsaid,
        "organisation": organisation(agreement, row.organisation) if row.organisation else unsaid,
        "user": row.user or unsaid,
    }


def _questions(extract: Extract, agreement: Agreement, with_users: bool) -> list[dict[str, Any]]:
    """What must be decided by hand, each with the rows that call for it ('' where all do)."""
    rows = _rows_to_try(extract, agreement)
    if with_users:
        rows["employees"] = []
    questions = []
    for key, heading, question, law in _QUESTIONS:
        if key in rows:
            cited = "; ".join(provision.citation_sv for provision in law)
            questions.append({"heading": _(heading), "question": _(question), "law": cited, "rows": ", ".join(rows[key])})
    return questions


def _rows_to_try(extract: Extract, agreement: Agreement) -> dict[str, list[str]]:
    """The rows of the letter that each question is about; an empty list means all of it."""
    found: dict[str, list[str]] = {"who": [], "whereabouts": [], "others": []}
    numbered = [(_("D{number}").format(number=n), row) for n, row in enumerate(extract.disclosures, start=1)]
    # where sender or recipient is missing it may be the Police
    may_be_police = {agreement.counterpart, ""}
    if police := [name for name, row in numbered if may_be_police & {row.sender, row.recipient}]:
        found["police"] = police
    unknown = [name for name, row in numbered if row.unknown or not row.complete]
    unknown += [_("A{number}").format(number=n) for n, row in enumerate(extract.accesses, start=1) if not row.complete]
    if unknown or any(case.other_concern for case in extract.cases):
        found["unknown"] = unknown
    if extract.controller is None:
        found["controller"] = []
    return found
