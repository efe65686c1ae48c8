"""The agreement, the law table and the audit period as small tables that every place of work holds a copy of.

Tables: ``terms`` (one row), ``flows``, ``field_catalogue``, ``flow_fields``, ``flow_grounds``, ``law_grounds``, ``party_periods``,
``agreement_periods``, ``units``, ``organisations``, ``service_accounts``, ``duty_units``, ``max_silence``, ``supervising_roles``. Days are inclusive; an open end is 9999-12-31.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pyarrow as pa

from auditor.agreement.model import Agreement, Flow
from auditor.checks.vocabulary import SUPERVISING_ROLES, TERMS, as_codes
from auditor.engine import Engine, quoted
from auditor.law.grounds import LawTable

OPEN = date(9999, 12, 31)
LONG_AGO = date(1, 1, 1)
ROLES = ("counterpart", "entry_point", "home_municipality", "party")

_text, _day, _flag = pa.string(), pa.date32(), pa.bool_()
_texts = pa.list_(_text)
_span = pa.duration("us")


@dataclass(frozen=True)
class Period:
    """The audit period: ``first`` and ``last`` day, both included."""

    first: date
    last: date

    @property
    def start(self) -> datetime:
        """The first moment of the period."""
        return datetime.combine(self.first, datetime.min.time())

    @property
    def end(self) -> datetime:
        """The first moment after the period."""
        return datetime.combine(self.last, datetime.min.time()) + timedelta(days=1)


def load_reference(engine: Engine, agreement: Agreement, law: LawTable, period: Period, controller: str | None = None) -> None:
    """Load all reference tables, replacing earlier ones. ``controller`` is the organisation that alone is audited, None for all.

    Raises EngineError.
    """
    _load_terms(engine, agreement, period, controller)
    _load_flows(engine, agreement)
    _load(
        engine,
        "field_catalogue",
        {"field": _text, "is_location": _flag, "is_identity": _flag, "is_sensitive": _flag},
        (
            (
                name,
                field.category in agreement.categories.location,
                field.category in agreement.categories.identity,
                field.category in agreement.categories.sensitive,
            )
            for name, field in agreement.fields.items()
        ),
    )
    _load(
        engine,
        "law_grounds",
        {"ground": _text, "first": _day, "last": _day, "max_age": pa.int32(), "requires": _text}
        | {"needs_motivation": _flag, "legal_review": _flag, "excluded_for": _text},
        (
            (
                g.id,
                g.valid_from or LONG_AGO,
                g.valid_to or OPEN,
                g.max_age,
                g.requires,
                g.needs_motivation,
                g.legal_review,
                g.excluded_for,
            )
            for g in law.grounds.values()
        ),
    )
    _load(
        engine,
        "party_periods",
        {"municipality": _text, "first": _day, "last": _day, "confirmed": _flag},
        ((p.municipality, p.valid_from, p.valid_to or OPEN, p.status == "confirmed") for p in agreement.parties),
    )
    _load(
        engine,
        "agreement_periods",
        {"first": _day, "last": _day, "confirmed": _flag},
        ((p.valid_from, p.valid_to or OPEN, p.status == "confirmed") for p in agreement.periods),
    )
    _load(
        engine, "units", {"organisation": _text, "names": _text}, ((o, as_codes(names)) for o, names in agreement.units.items())
    )
    _load(
        engine,
        "organisations",
        {"organisation": _text, "kind": _text},
        ((o, v.kind) for o, v in agreement.organisations.items()),
    )
    _load_access(engine, agreement)


def _load(engine: Engine, name: str, columns: dict[str, pa.DataType], rows: Iterable[tuple[object, ...]]) -> None:
    schema = pa.schema(list(columns.items()))
    engine.load(name, pa.Table.from_pylist([dict(zip(columns, row, strict=True)) for row in rows], schema=schema))


def _load_terms(engine: Engine, agreement: Agreement, period: Period, controller: str | None) -> None:
    group = agreement.target_group
    reporter = agreement.counterpart if group.reported_by == "counterpart" else agreement.entry_point
    channels = None if agreement.channels is None else list(agreement.channels)
    columns = {
        "counterpart": _text,
        "entry_point": _text,
        "age_below": pa.int32(),
        "target_concern": _texts,
        "target_county": _text,
        "target_reporter": _text,
        "approved_channels": _texts,
        "duplicate_window": _span,
        "closing_grace": _span,
        "assessment_days": pa.int32(),
        "duty_window": _span,
        "export_window": _span,
        "reason_required": _texts,
        "volume_factor": pa.int32(),
        "period_from": _day,
        "period_to": _day,
        "period_start": pa.timestamp("us"),
        "period_end": pa.timestamp("us"),
        "controller": _text,
    }
    row = (
        agreement.counterpart,
        agreement.entry_point,
        group.age_below,
        list(group.concern),
        group.found_in_county,
        reporter,
        channels,
        agreement.duplicate_window,
        agreement.closing_grace,
        agreement.assessment_days,
        agreement.access.duty_window,
        agreement.access.export_window,
        list(agreement.access.reason_required),
        agreement.access.volume_factor,
        period.first,
        period.last,
        period.start,
        period.end,
        controller,
    )
    _load(engine, "terms", columns, [row])
    # the same terms as variables, which the engine reads once a query instead of once a row
    for name in columns:
        engine.run(f"SET VARIABLE term_{name} = (SELECT {quoted(name)} FROM terms)")


def _load_access(engine: Engine, agreement: Agreement) -> None:
    access = agreement.access
    _load(engine, "service_accounts", {"user_id": _text}, ((user,) for user in access.service_accounts))
    duty = ((unit.organisation, unit.unit) for unit in access.duty_units)
    _load(engine, "duty_units", {"organisation": _text, "unit": _text}, duty)
    _load(engine, "max_silence", {"source": _text, "silence": _span}, access.max_silence.items())
    engine.run("SET VARIABLE term_default_silence = (SELECT silence FROM max_silence WHERE source = 'default')")
    _load(engine, "supervising_roles", {"role": _text}, ((role,) for role in SUPERVISING_ROLES))


def full_form(row: str) -> str:
    """SQL: true for a row of an ordinary export; NULL for one of a standard log, which has no place for a case or a ground."""
    return f"CASE WHEN {row}.file NOT IN (SELECT file FROM standard_files) THEN true END"


def term(name: str) -> str:
    """SQL for a term of the agreement, the same in every row."""
    return f"getvariable('term_{name}')"


def all_terms() -> str:
    """SQL that selects every term of the agreement that checks may name."""
    return ", ".join(f"{term(name)} AS {quoted(name)}" for name in TERMS)


def _load_flows(engine: Engine, agreement: Agreement) -> None:
    columns = {
        "number": pa.int32(),
        "flow": _text,
        "scope": _text,
        "target_group": _text,
        "from_roles": _text,
        "to_roles": _text,
        "protected_location": _flag,
        "deadline_after": _text,
        "deadline_within": _span,
        "deadline_from": _day,
    } | {f"{direction}_{role}": _flag for direction in ("from", "to") for role in ROLES}
    _load(engine, "flows", columns, (_flow_row(number, flow) for number, flow in enumerate(agreement.flows, start=1)))
    fields = [(flow.id, name) for flow in agreement.flows for name in flow.field_ids(agreement)]
    _load(engine, "flow_fields", {"flow": _text, "field": _text}, fields)
    _load(
        engine,
        "flow_grounds",
        {"flow": _text, "ground": _text},
        [(flow.id, g) for flow in agreement.flows for g in flow.grounds],
    )


def _flow_row(number: int, flow: Flow) -> tuple[object, ...]:
    deadline = flow.deadline
    return (
        number,
        flow.id,
        flow.scope,
        flow.target_group,
        as_codes(flow.from_),
        as_codes(flow.to),
        flow.protected_location,
        deadline.after if deadline else None,
        deadline.within if deadline else None,
        deadline.from_ if deadline else None,
        *(role in flow.from_ for role in ROLES),
        *(role in flow.to for role in ROLES),
    )
