"""The agreement as typed, immutable objects. The names are those of the file; docs/agreement.md explains each of them.

Reading goes through ``auditor.agreement.load_agreement``, which gives every value as text: the terms (``terms.py``) accept
exactly one written form each. What the file leaves out has the value of the agreement that comes with the program.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Literal, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from auditor.agreement.terms import (
    ALL_FIELDS,
    Action,
    Age,
    CheckId,
    Count,
    County,
    Day,
    DeadlineStart,
    Duration,
    FieldIds,
    FilledListOf,
    FilledNamedOf,
    Fixed,
    Flag,
    FormVersion,
    GroundId,
    ListOf,
    MappingOf,
    Municipality,
    Name,
    NamedOf,
    OrganisationKind,
    Role,
    Roles,
    Scope,
    Silences,
    Status,
    TargetGroupRule,
    Text,
)
from auditor.law.municipalities import municipalities
from auditor.words import N_


def _key(description: str, default: Any = ..., written: Any = None) -> Any:
    """A key of the file: its description, its default, and the default as it would be written where that differs."""
    if default is ...:
        return Field(description=description)
    extra = {"default": default if written is None else written} if default is not None else None
    return Field(description=description, default_factory=lambda: default, json_schema_extra=extra)


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)


class Span(NamedTuple):
    """A period as the checks need it: both days included, ``valid_to`` None = open."""

    valid_from: date
    valid_to: date | None
    confirmed: bool


class PartySpan(NamedTuple):
    """A period of one party as the checks need it: both days included, ``valid_to`` None = open."""

    municipality: str
    valid_from: date
    valid_to: date | None
    confirmed: bool


class Period(_Part):
    """Days of which something is true, both included."""

    valid_from: Day = _key(N_("First day, YYYY-MM-DD."))
    valid_to: Day | None = _key(N_("Last day, YYYY-MM-DD; leave it out for an open end."), None)
    status: Status = _key(N_("Whether this is confirmed; what is unconfirmed is said in every report."), "confirmed")
    source: Text | None = _key(N_("Where this is stated."), None)

    @property
    def confirmed(self) -> bool:
        """Whether the file states this as confirmed."""
        return self.status == "confirmed"

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.valid_to is not None and self.valid_to < self.valid_from:
            first, last = self.valid_from.isoformat(), self.valid_to.isoformat()
            raise PydanticCustomError("order", "see auditor.agreement.explanations", {"first": first, "last": last})
        return self


class Party(Period):
    """A period in which a municipality is a party."""

    municipality: Municipality = _key(N_("The municipality's SCB code, four digits in quotes."))


class Organisation(_Part):
    """An organisation that is no municipality."""

    name: Text = _key(N_("The name shown in reports."))
    kind: OrganisationKind = _key(N_("What kind of authority it is: some grounds never apply to some senders."))
    aliases: ListOf[Text] = _key(N_("Other names for it in the logs."), ())


class TargetGroup(_Part):
    """Whom the agreement is about. Every condition must hold."""

    age_below: Age = _key(N_("The child is younger than this on the day of the disclosure, whole years."), 18)
    concern: FilledListOf[Text] = _key(N_("At least one of these concerns is recorded."), ("gang_crime",), ["gang_crime"])
    found_in_county: County = _key(N_("The child was found in this county, two digits in quotes."), "01")
    resident_in: Literal["party"] = _key(N_("The child's home municipality is a party."), "party")
    reported_by: Literal["counterpart", "entry_point"] = _key(N_("Who made the report."), "counterpart")


class CatalogueField(_Part):
    """A piece of personal data that may occur in a log."""

    label: Text = _key(N_("The name shown in reports."))
    category: Text = _key(N_("The category it belongs to; see categories."))
    aliases: ListOf[Text] = _key(N_("Other names for it in the logs."), ())


class Categories(_Part):
    """The groups of categories that have rules of their own."""

    sensitive: ListOf[Text] = _key(N_("Need a motivation each time."), ("health", "crime"), ["health", "crime"])
    location: ListOf[Text] = _key(N_("Show where a protected person is."), ("location", "contact"), ["location", "contact"])
    identity: ListOf[Text] = _key(N_("Show who a person with assumed identity is."), ("identity",), ["identity"])


class Deadline(_Part):
    """How soon a disclosure must be made."""

    after: DeadlineStart = _key(N_("What starts the clock."))
    within: Duration = _key(N_("The time allowed: hours (24h) or days of 24 hours (7d)."))
    from_: Day | None = Field(None, alias="from", description=N_("The first day on which the deadline applies."))


class Flow(_Part):
    """Who may hand what to whom, and on which ground."""

    id: Name = _key(N_("The purpose as the logs name it."))
    label: Text | None = _key(N_("The name shown in reports."), None)
    aliases: ListOf[Text] = _key(N_("Other names for the purpose in the logs."), ())
    from_: Roles = Field(alias="from", description=N_("Who may send: one role or a list."))
    to: Roles = _key(N_("Who may receive: one role or a list."))
    target_group: TargetGroupRule = _key(N_("Whether the child must belong to the target group."), "required")
    scope: Scope = _key(N_("Whether the flow rests on the agreement, or stands beside it on a ground of its own."), "agreement")
    fields: FieldIds = _key(N_("What may be handed over: field ids, or all."))
    grounds: FilledListOf[GroundId] = _key(N_("The legal grounds it may rest on, as the law table names them."))
    deadline: Deadline | None = _key(N_("How soon it must be made."), None)
    protected_location: Flag = _key(N_("Whether it may show where a protected person is."), False)

    def field_ids(self, agreement: Agreement) -> tuple[str, ...]:
        """The fields that may be handed over; ``all`` is the whole catalogue of the agreement."""
        return tuple(agreement.fields) if self.fields == ALL_FIELDS else self.fields


class DutyUnit(_Part):
    """A unit that may open any case soon after the report."""

    organisation: Text = _key(N_("A municipality code or the id of an organisation."))
    unit: Text = _key(N_("The unit's name in the staff list."))


_DUTY_UNITS = (DutyUnit.model_construct(organisation="0180", unit="socialjouren"),)
_MAX_SILENCE = Fixed({"default": timedelta(hours=12), "kontorstid": timedelta(hours=80)})


class Access(_Part):
    """What the checks of the access log go by."""

    duty_units: ListOf[DutyUnit] = _key(
        N_("Units that may open any case within duty_window of the report."),
        _DUTY_UNITS,
        [{"organisation": "0180", "unit": "socialjouren"}],
    )
    duty_window: Duration = _key(N_("How long after the report the duty units may open any case."), timedelta(hours=72), "72h")
    reason_required: ListOf[Action] = _key(
        N_("Actions that need a recorded reason."), ("emergency", "export", "print"), ["emergency", "export", "print"]
    )
    export_window: Duration = _key(
        N_("How far apart a print or an export and the disclosure it belongs to may lie."), timedelta(hours=24), "24h"
    )
    max_silence: Silences = _key(
        N_("How long a source may write nothing; 'default' is for all that are not named."),
        _MAX_SILENCE,
        {"default": "12h", "kontorstid": "80h"},
    )
    volume_factor: Count = _key(N_("How many median deviations above the median a user's day stands out."), 6)
    service_accounts: ListOf[Text] = _key(N_("User ids that need no authorisation in the staff list."), ())

    def max_silence_of(self, source: str | None) -> timedelta:
        """How long ``source`` (None: events without a source) may write nothing."""
        return self.max_silence.get(source or "default", self.max_silence["default"])


class CheckOff(_Part):
    """A check that is switched off."""

    check: CheckId = _key(N_("The check's id, such as R5."))
    reason: Text = _key(N_("Why it is off; said in every report."))
    by: Text | None = _key(N_("Who decided it."), None)


_POLICE = Organisation.model_construct(name="Polismyndigheten (ROC)", kind="police", aliases=("ROC", "Polisen"))


class Agreement(_Part):
    """The whole agreement. Organisations are municipality codes or ids of ``organisations``."""

    form: FormVersion = Field(alias="agreement", description=N_("The version of this form."))
    id: Name = _key(N_("The agreement's id, in every report."))
    title: Text = _key(N_("The agreement's title."))
    source: Text = _key(N_("Where the agreement is stated."))
    periods: FilledListOf[Period] = _key(N_("When the agreement itself is in force."))
    organisations: NamedOf[Organisation] = _key(
        N_("Organisations that are no municipalities, by id."),
        Fixed({"police-roc": _POLICE}),
        {"police-roc": {"name": "Polismyndigheten (ROC)", "kind": "police", "aliases": ["ROC", "Polisen"]}},
    )
    counterpart: Text = _key(N_("The other authority at the single entry: a municipality code or the id of an organisation."))
    entry_point: Text = _key(N_("Who holds the single entry: a municipality code or the id of an organisation."))
    units: MappingOf[FilledListOf[Text]] = _key(
        N_("Organisations of which only some boards or units take part; those not named take part as a whole."), Fixed(), {}
    )
    parties: FilledListOf[Party] = _key(N_("The parties, one line a period; a municipality may leave and come back."))
    target_group: TargetGroup = _key(N_("Whom the agreement is about; what is left out in it has its default."))
    fields: FilledNamedOf[CatalogueField] = _key(N_("The data catalogue: every field that may occur in a log, by id."))
    categories: Categories = Field(
        default_factory=Categories, description=N_("Which categories of fields have rules of their own.")
    )
    flows: FilledListOf[Flow] = _key(N_("Who may hand what to whom, and on which ground."))
    channels: FilledListOf[Text] | None = _key(N_("Approved channels; leave it out when any channel is allowed."), None)
    duplicate_window: Duration = _key(N_("How soon the same disclosure counts as a repeat."), timedelta(hours=24), "24h")
    assessment_days: Count = _key(N_("Days from the report to the decision to open an enquiry or not."), 14)
    closing_grace: Duration = _key(N_("How long after closing a case may still be worked on."), timedelta(days=14), "14d")
    access: Access = Field(default_factory=Access, description=N_("Rules for the access log."))
    checks_off: ListOf[CheckOff] = _key(N_("Checks that are switched off, with the reason."), ())

    @property
    def party_spans(self) -> tuple[PartySpan, ...]:
        """The periods of the parties, in the order of the file."""
        return tuple(PartySpan(p.municipality, p.valid_from, p.valid_to, p.confirmed) for p in self.parties)

    @property
    def period_spans(self) -> tuple[Span, ...]:
        """The periods of the agreement itself, in the order of the file."""
        return tuple(Span(p.valid_from, p.valid_to, p.confirmed) for p in self.periods)

    @property
    def grounds(self) -> tuple[str, ...]:
        """Every ground that some flow names, in the order of the file."""
        return tuple(dict.fromkeys(ground for flow in self.flows for ground in flow.grounds))

    @property
    def reporter(self) -> str:
        """The organisation that holds the role ``target_group.reported_by``."""
        return self.counterpart if self.target_group.reported_by == "counterpart" else self.entry_point

    def flow(self, flow_id: str) -> Flow:
        """The flow of that id. Raises KeyError when there is none."""
        for flow in self.flows:
            if flow.id == flow_id:
                return flow
        raise KeyError(flow_id)

    def kind_of(self, organisation_id: str) -> OrganisationKind:
        """What kind of authority it is; every municipality is ``social_services``. Raises KeyError for an unknown id."""
        if organisation_id in municipalities():
            return "social_services"
        return self.organisations[organisation_id].kind

    def name_of(self, organisation_id: str) -> str:
        """The name to show. Raises KeyError for an unknown id."""
        return municipalities().get(organisation_id) or self.organisations[organisation_id].name

    def fields_in(self, group: Literal["sensitive", "location", "identity"]) -> tuple[str, ...]:
        """The fields with a category in that group of ``categories``, in the order of the catalogue."""
        chosen: Mapping[str, tuple[str, ...]] = {
            "sensitive": self.categories.sensitive,
            "location": self.categories.location,
            "identity": self.categories.identity,
        }
        return tuple(field_id for field_id, field in self.fields.items() if field.category in chosen[group])

    def flows_to(self, role: Role) -> tuple[Flow, ...]:
        """The flows whose ``to`` holds the role."""
        return tuple(flow for flow in self.flows if role in flow.to)
