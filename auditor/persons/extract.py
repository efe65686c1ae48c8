"""Every disclosure and every access concerning one child, read from an export as it was audited.

Nothing that could be free text is read out: organisations, fields, grounds, purposes and actions only where the agreement, the law
table or the program knows them; of all else, that there is something. A personal number goes into the engine as a bound value and never
comes out of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from auditor.audit import prepare
from auditor.engine import Engine, text
from auditor.errors import UserError
from auditor.formats import number_text
from auditor.relations.controllers import forget_untold_organisations
from auditor.replay import Reopened
from auditor.words import _

_PERSON_COLUMNS = ("person_id", "birth_date")


@dataclass(frozen=True)
class CaseFacts:
    """A case of the child as the case log has it; None where it says nothing. ``concerns`` are those that the agreement names, and
    ``other_concern`` whether there are others. ``related`` is whether others are surely named in the case. ``holds`` names the columns with
    data about the person that are not shown. ``told`` is false when the log has no row of it, or another controller answers for it."""

    case_id: str
    told: bool = False
    reporter: str | None = None
    reported_at: datetime | None = None
    found_in: str | None = None
    home_municipality: str | None = None
    registered_municipality: str | None = None
    concerns: tuple[str, ...] = ()
    other_concern: bool = False
    decision: str | None = None
    decided_at: datetime | None = None
    closed_at: datetime | None = None
    protection: str | None = None
    related: bool = False
    holds: tuple[str, ...] = ()


@dataclass(frozen=True)
class DisclosureRow:
    """A disclosure about the child; '' and () where the log does not say. ``unknown`` tells that purpose, fields or grounds hold something
    that neither agreement nor law table knows."""

    case_id: str
    at: datetime
    sender: str
    recipient: str
    purpose: str
    fields: tuple[str, ...]
    grounds: tuple[str, ...]
    unknown: bool
    user: str

    @property
    def complete(self) -> bool:
        """Whether the log says all that the letter tells of the disclosure, but for the user."""
        return all((self.sender, self.recipient, self.purpose, self.fields, self.grounds))


@dataclass(frozen=True)
class AccessRow:
    """An access to the child's case; '' where the logs do not say. ``organisation`` is the user's on that day."""

    case_id: str
    at: datetime
    action: str
    organisation: str
    user: str

    @property
    def complete(self) -> bool:
        """Whether the logs say all that the letter tells of the access, but for the user."""
        return bool(self.action and self.organisation)


@dataclass(frozen=True)
class Untold:
    """How many rows are not told since nobody can tell whom they concern; each may concern the child.

    ``no_case`` and ``no_person`` are rows of the two logs: without a case, and, where a person is asked for, of a case of which the case log
    does not say whose it is. ``no_controller`` are those that nobody can tell to be the controller's, in the audit of one. ``unreadable`` are all
    rows of the export but those of the staff list.
    """

    no_case: int = 0
    no_person: int = 0
    no_controller: int = 0
    unreadable: int = 0

    @property
    def rows(self) -> int:
        """All of them together."""
        return self.no_case + self.no_person + self.no_controller + self.unreadable


@dataclass
class Extract:
    """All that can be told to concern one child. Each log's days are those of the first and the last row in it that was looked at."""

    cases: list[CaseFacts]
    disclosures: list[DisclosureRow]
    accesses: list[AccessRow]
    disclosure_days: tuple[date, date] | None
    access_days: tuple[date, date] | None
    accesses_read: bool
    untold: Untold
    controller: str | None


def nothing_found(untold: Untold) -> UserError:
    """The same for whoever is not in the export, is in it as somebody else than the child, or has no row in the logs.

    ``untold`` does not turn on who is asked for.
    """
    check = _("Check the case number or the personal number, and that the export is of the right time. Nothing was written.")
    more = _("Rows that do not tell whom they concern, or could not be read: {n}. Look them up in the source systems.")
    return UserError(
        _("The export holds nothing that can be told to concern such a child."),
        hint=" ".join([check, *([more.format(n=number_text(untold.rows))] if untold.rows else [])]),
    )


def extract_of_case(again: Reopened, case: str) -> Extract:
    """The extract of one case; ``case`` is its number, or the pseudonym under which the report shows it. Raises UserError."""
    engine = _prepared(again)
    wanted = """SELECT ? AS case_id UNION SELECT id FROM masked_ids WHERE kind = 'case' AND shown = ?"""
    engine.run(f"CREATE OR REPLACE TEMP TABLE wanted_cases AS {wanted}", [case, case])
    return _extract(again, of_person=False)


def extract_of_person(again: Reopened, number: str) -> Extract:
    """The extract of the child with a personal number, in any common spelling. Raises UserError."""
    engine = _prepared(again)
    if engine.rows(f"SELECT person(?, DATE {text(again.period.last.isoformat())}) IS NULL", [number])[0][0]:
        raise UserError(
            _("What was given cannot be read as a personal number."),
            hint=_("Write all ten or twelve digits of it; nothing was looked for."),
        )
    wanted = f"SELECT case_id FROM cases WHERE person_id = person(?, DATE {text(again.period.last.isoformat())})"
    engine.run(f"CREATE OR REPLACE TEMP TABLE wanted_cases AS {wanted}", [number])
    return _extract(again, of_person=True)


def _prepared(again: Reopened) -> Engine:
    forget_untold_organisations(again.engine, again.intake.present)
    prepare(again.engine, again.loaded, again.law, again.period, again.manifest.get("controller"), again.intake.present)
    return again.engine


def _extract(again: Reopened, *, of_person: bool) -> Extract:
    engine = again.engine
    disclosures, accesses, untold = _disclosures(again), _accesses(engine), _untold(again, of_person=of_person)
    if not disclosures and not accesses:
        raise nothing_found(untold)
    return Extract(
        cases=_cases(again),
        disclosures=disclosures,
        accesses=accesses,
        disclosure_days=_days(engine, "own_disclosures"),
        access_days=_days(engine, "own_accesses"),
        accesses_read="accesses" in again.intake.present,
        untold=untold,
        controller=again.manifest.get("controller"),
    )


def _days(engine: Engine, log: str) -> tuple[date, date] | None:
    first, last = engine.rows(f'SELECT CAST(min("at") AS DATE), CAST(max("at") AS DATE) FROM {log}')[0]
    return (first, last) if first else None


def _untold(again: Reopened, *, of_person: bool) -> Untold:
    """Counted over all rows whoever is asked for, so that the number tells of nobody."""
    engine = again.engine
    rows = "(SELECT case_id FROM own_disclosures UNION ALL SELECT CAST(case_id AS VARCHAR) FROM own_accesses)"
    known = "SELECT case_id FROM cases WHERE person_id IS NOT NULL"
    return Untold(
        no_case=int(engine.value(f"SELECT count(*) FROM {rows} WHERE case_id IS NULL")),
        no_person=int(engine.value(f"SELECT count(*) FROM {rows} WHERE case_id NOT IN ({known})")) if of_person else 0,
        no_controller=_counted(again, "controller_unknown", "disclosures", "accesses"),
        unreadable=_counted(again, "quarantined", "cases", "disclosures", "accesses", "residences", "assignments"),
    )


def _counted(again: Reopened, pile: str, *tables: str) -> int:
    """What the audit counted, which in one controller's leaves out what is known to be another's."""
    return sum(int(entry["rows"][pile]) for entry in again.manifest["inputs"] if entry["table"] in tables)


_CASE = """SELECT coalesce(m.shown, w.case_id) AS case_id, true AS told, c.reporter, c.reported_at, c.found_in,
        f.home_municipality_at_report AS home_municipality, c.registered_municipality, c.concern, c.decision, c.decided_at, c.closed_at,
        c.protection, coalesce(len(c.related_person_ids) > 0, false) AS related, c.person_id IS NOT NULL AS person_id,
        c.birth_date IS NOT NULL AS birth_date, coalesce(c.case_id IS NOT NULL AND {own}, false) AS readable
    FROM wanted_cases AS w LEFT JOIN cases AS c ON c.case_id = w.case_id LEFT JOIN case_facts AS f ON f.case_id = w.case_id
    LEFT JOIN masked_ids AS m ON m.kind = 'case' AND m.id = w.case_id
    WHERE coalesce(c.case_id IS NOT NULL AND {own}, false) OR w.case_id IN (SELECT case_id FROM own_disclosures WHERE case_id IS NOT NULL)
        OR w.case_id IN (SELECT CAST(case_id AS VARCHAR) FROM own_accesses WHERE case_id IS NOT NULL) ORDER BY 1"""


def _cases(again: Reopened) -> list[CaseFacts]:
    """The cases wanted; of another controller's case, in the audit of one controller, nothing but rows of the logs is told."""
    engine, controller = again.engine, again.manifest.get("controller")
    own = "true" if controller is None else f"f.home_municipality_at_report = {text(controller)}"
    query = _CASE.format(own=own)
    names = [name for name, _type in engine.columns(query)]
    found = []
    for row in engine.rows(query):
        facts: dict[str, Any] = dict(zip(names, row, strict=True))
        if not facts.pop("readable"):
            found.append(CaseFacts(facts["case_id"]))
            continue
        written = set(facts.pop("concern") or ())
        known = written & set(again.loaded.agreement.target_group.concern)
        holds = tuple(name for name in _PERSON_COLUMNS if facts.pop(name))
        found.append(CaseFacts(**facts, concerns=tuple(sorted(known)), other_concern=written != known, holds=holds))
    return found


def _disclosures(again: Reopened) -> list[DisclosureRow]:
    catalogue, law = again.loaded.agreement.fields, again.law.grounds
    flows = {flow.id for flow in again.loaded.agreement.flows}
    rows = again.engine.rows(
        """SELECT coalesce(m.shown, CAST(d.case_id AS VARCHAR)), d."at", d.sender, d.recipient, d.purpose, f.members, g.members,
            coalesce(u.shown, CAST(d.user_id AS VARCHAR), '')
        FROM own_disclosures AS d JOIN wanted_cases AS w ON w.case_id = d.case_id
        LEFT JOIN fields_sets AS f ON f.number = d.fields LEFT JOIN grounds_sets AS g ON g.number = d.grounds
        LEFT JOIN masked_ids AS m ON m.kind = 'case' AND m.id = d.case_id
        LEFT JOIN masked_ids AS u ON u.kind = 'user' AND u.id = d.user_id ORDER BY d."at", d.disclosure_id"""
    )
    found = []
    for case, at, sender, recipient, purpose, fields, grounds, user in rows:
        told_fields = tuple(name for name in catalogue if name in (fields or ()))
        told_grounds = tuple(name for name in law if name in (grounds or ()))
        unknown = (
            (purpose is not None and purpose not in flows)
            or len(told_fields) < len(set(fields or ()))
            or len(told_grounds) < len(set(grounds or ()))
        )
        told_purpose = purpose if purpose in flows else ""
        found.append(
            DisclosureRow(case, at, sender or "", recipient or "", told_purpose, told_fields, told_grounds, unknown, user)
        )
    return found


def _accesses(engine: Engine) -> list[AccessRow]:
    rows = engine.rows(
        """SELECT coalesce(m.shown, CAST(a.case_id AS VARCHAR)), a."at", coalesce(CAST(a.action AS VARCHAR), ''), coalesce(o.organisation, ''),
            coalesce(u.shown, CAST(a.user_id AS VARCHAR), '')
        FROM own_accesses AS a JOIN wanted_cases AS w ON w.case_id = a.case_id
        LEFT JOIN user_organisation AS o ON o.user_id = a.user_id AND CAST(a."at" AS DATE) BETWEEN o.first AND o.last
        LEFT JOIN masked_ids AS m ON m.kind = 'case' AND m.id = a.case_id
        LEFT JOIN masked_ids AS u ON u.kind = 'user' AND u.id = a.user_id ORDER BY a."at", CAST(a.event_id AS VARCHAR)"""
    )
    return [AccessRow(*row) for row in rows]
