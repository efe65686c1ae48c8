"""What the register knows of a span of months: counts by check and by verdict, whole and of each municipality."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from auditor.checks import CATALOGUE
from auditor.errors import UserError
from auditor.outcomes import State
from auditor.register import Month, Register, months
from auditor.words import _

#: A month is written as in 2026-09.
MonthName = str
#: The counts of a month: ``whole`` by item, and ``parties`` by municipality, way (auditor.tallies) and item.
Counts = Mapping[str, Any]


@dataclass(frozen=True)
class Facts:
    """The counts of neighbouring months of one controller ('' for all); ``not_run`` are the checks that a month did not run, or
    that could judge nothing in it: no number of theirs is a 0."""

    controller: str
    months: tuple[MonthName, ...]
    counts: dict[MonthName, Counts]
    not_run: dict[MonthName, frozenset[str]]


def span(first: tuple[int, int], last: tuple[int, int]) -> tuple[MonthName, ...]:
    """The months from the first to the last, given as (year, month). Raises UserError when they are the wrong way round."""
    if first > last:
        raise UserError(_("The first month of the report comes after its last."), hint=_("Name the earlier month with --from."))
    (year, month), found = first, []
    while (year, month) <= last:
        found.append(f"{year:04d}-{month:02d}")
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return tuple(found)


def read_facts(register: Register, wanted: tuple[MonthName, ...], controller: str | None) -> Facts:
    """The counts of the wanted months. Raises UserError when the register does not hold each of them whole, when they are of
    several controllers and none was named, and when a month was added before counts were kept."""
    chosen, every = _of_one_controller(months(register), wanted, controller)
    inside = {_name(month): month for month in every if _name(month) in wanted}
    missing = [name for name in wanted if name not in inside]
    if missing:
        raise UserError(
            _("The register does not hold every month of the report; missing: {months}.").format(months=", ".join(missing)),
            hint=_("Audit these months with --register, or name other months with --from and --to."),
        )
    counts, not_run = {}, {}
    for name in wanted:
        counts[name] = _counts(register, inside[name].number)
        if not counts[name]["whole"]:
            raise UserError(
                _("The month {month} was added by an earlier version, which did not keep its counts.").format(month=name),
                hint=_("Audit it again with --register; its decisions are kept."),
            )
        not_run[name] = _not_run(register, inside[name].number)
    return Facts(chosen, wanted, counts, not_run)


def _of_one_controller(held: list[Month], wanted: tuple[MonthName, ...], controller: str | None) -> tuple[str, list[Month]]:
    """The controller of the report and its months that meet the wanted ones."""
    if not held:
        raise UserError(_("The register holds no months."), hint=_("Audit a month with --register first."))
    if controller is None:
        touching = {month.controller for month in held if _touches(month, wanted)} or {held[-1].controller}
        if len(touching) > 1:
            raise UserError(
                _("The register holds these months for several controllers."), hint=_("Name one of them with --controller.")
            )
        controller = touching.pop()
    own = [month for month in held if month.controller == controller]
    if not own:
        raise UserError(
            _("The register holds no months of this controller."),
            hint=_("See which months it holds with 'auditor findings months'."),
        )
    odd = next((month for month in own if _touches(month, wanted) and not _whole(month)), None)
    if odd:
        raise UserError(
            _("The audit of {first} – {last} is not of one whole month.").format(first=odd.first, last=odd.last),
            hint=_("Audit whole months, each by itself, for a report to the board."),
        )
    return controller, own


def _touches(month: Month, wanted: tuple[MonthName, ...]) -> bool:
    return month.first.strftime("%Y-%m") <= wanted[-1] and month.last.strftime("%Y-%m") >= wanted[0]


def _whole(month: Month) -> bool:
    return month.first.day == 1 and month.last == _end_of(month.first)


def _end_of(first: date) -> date:
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _name(month: Month) -> MonthName:
    return month.first.strftime("%Y-%m") if _whole(month) else ""


def _counts(register: Register, month: int) -> Counts:
    whole: dict[str, int] = {}
    parties: dict[str, dict[str, dict[str, int]]] = {}
    for row in register.rows(
        "SELECT party, way, item, n FROM tallies WHERE month = :month ORDER BY party, way, item", {"month": month}
    ):
        if row["party"]:
            parties.setdefault(row["party"], {}).setdefault(row["way"], {})[row["item"]] = row["n"]
        else:
            whole[row["item"]] = row["n"]
    return {"whole": whole, "parties": parties}


def _not_run(register: Register, month: int) -> frozenset[str]:
    rows = register.rows(
        "SELECT check_id FROM states WHERE month = :month AND state = :run", {"month": month, "run": State.RUN}
    )
    return frozenset(check.id for check in CATALOGUE) - {row["check_id"] for row in rows}
