"""The draw: accesses at random within strata, and beside them the most pressing flagged ones.

The order within a stratum is that of the SHA-256 over the seed and what is shown of the event - its id, its time, and a number among
those that share both - so the same seed draws the same accesses whatever the order of rows or the number of cores.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from auditor.audit import prepare
from auditor.checks import CATALOGUE
from auditor.checks.model import Answer, Check, Of, Severity
from auditor.engine import Engine, quoted, text
from auditor.errors import UserError
from auditor.follow_up import beside_accesses
from auditor.follow_up.piles import flagging, place_in_piles
from auditor.judging import judge, keep_flagged, pattern_keys, plan
from auditor.outcomes import Run, State
from auditor.privacy import Pseudonyms, is_plain_id
from auditor.relations import Period
from auditor.replay import Reopened
from auditor.reviews.allocation import allocate
from auditor.words import _

#: What accesses may be put in strata by; ``none``: all of them are one.
STRATA = {"pile": "pile", "unit": "unit", "source": "source", "none": "''"}
_WORST = {severity: place for place, severity in enumerate(Severity)}


@dataclass(frozen=True)
class Stratum:
    """A part of the audited accesses: its name ('' where the logs do not say), how many there are and how many were drawn at random."""

    name: str
    accesses: int
    drawn: int


@dataclass(frozen=True)
class DrawnAccess:
    """An access to be reviewed, with ids as they may be shown. ``at_random`` is false for one drawn as pressing; ``checks`` are those
    that were violated, in the order of the catalogue."""

    at_random: bool
    stratum: str
    event_id: str
    at: datetime
    user_id: str
    case_id: str
    action: str
    source: str
    unit: str
    pile: str
    explanation: str
    checks: tuple[str, ...]


@dataclass(frozen=True)
class Drawing:
    """What was drawn of an audit's accesses, and how."""

    period: Period
    controller: str | None
    seed: int
    n: int
    by: str
    strata: tuple[Stratum, ...]
    accesses: tuple[DrawnAccess, ...]


def draw(again: Reopened, *, n: int, pressing: int, seed: int, by: str, key_file: Path | None) -> Drawing:
    """Draw ``n`` accesses at random within strata (``by`` is a key of STRATA) and beside them at most ``pressing`` flagged ones.

    Raises UserError when there is no access in the audited period, or a check failed.
    """
    engine = again.engine
    prepare(engine, again.loaded, again.law, again.period, again.manifest.get("controller"), again.intake.present)
    audited = int(engine.value("SELECT count(*) FROM audited_access"))
    if not audited:
        raise UserError(
            _("There is no access in the audited period, so none can be drawn."),
            hint=_("Name an audit of a month with an access log."),
        )
    off = {entry.check: entry.reason for entry in again.loaded.agreement.checks_off}
    planned = plan(CATALOGUE, again.intake.present, off)
    runs = judge(engine, Of.ACCESS, planned, beside=beside_accesses(planned, again.intake.present))
    if any(run.state is State.FAILED for run in runs):
        raise UserError(
            _("A check of accesses failed to run, so the most pressing accesses are not known."),
            hint=_("Run the audit again; its report names the check."),
        )
    place_in_piles(engine, runs, audited)
    agreement = again.loaded.agreement
    named = {unit for units in agreement.units.values() for unit in units}
    _show_units(engine, Pseudonyms(key_file), named | {duty.unit for duty in agreement.access.duty_units})
    _put_in_order(engine, runs, seed, STRATA[by])
    sizes = {name: int(size) for name, size in engine.rows("SELECT stratum, count(*) FROM in_order GROUP BY 1 ORDER BY 1")}
    drawn = allocate(sizes, n)
    _pick(engine, drawn, pressing)
    strata = tuple(Stratum(name, sizes[name], drawn[name]) for name in sizes)
    accesses = tuple(_read_drawn(engine, runs))
    return Drawing(again.period, again.manifest.get("controller"), seed, n, by, strata, accesses)


def _show_units(engine: Engine, pseudonyms: Pseudonyms, named: set[str]) -> None:
    """Make ``unit_of_day``: the unit of each user on each day with an access, as it may be shown; of several the first by name."""
    engine.run(
        """CREATE OR REPLACE TEMP TABLE units_of_day AS SELECT d.user_id, d.day, min(CAST(s.unit AS VARCHAR)) AS unit
        FROM (SELECT DISTINCT user_id, CAST("at" AS DATE) AS day FROM audited_access WHERE user_id IS NOT NULL) AS d
        JOIN staff AS s ON s.user_id = d.user_id AND d.day BETWEEN s.valid_from AND coalesce(s.valid_to, DATE '9999-12-31')
        WHERE s.unit IS NOT NULL GROUP BY d.user_id, d.day"""
    )
    units = [unit for (unit,) in engine.rows("SELECT DISTINCT unit FROM units_of_day ORDER BY 1")]
    # an agreement's own units may be shown; any other text of the staff list only when it cannot be a name or a number
    shown = [unit if unit in named or is_plain_id(unit, needs_digit=False) else pseudonyms.of(unit) for unit in units]
    schema = pa.schema([("unit", pa.string()), ("shown", pa.string())])
    engine.load("shown_units", pa.table({"unit": units, "shown": shown}, schema=schema))
    engine.run(
        "CREATE OR REPLACE TEMP TABLE unit_of_day AS SELECT d.user_id, d.day, s.shown AS unit "
        "FROM units_of_day AS d JOIN shown_units AS s ON s.unit = d.unit"
    )


def _violated(check: Check) -> str:
    return f"{quoted(f'answer_{check.id}')} = {Answer.VIOLATION:d}"


def _put_in_order(engine: Engine, runs: Sequence[Run], seed: int, stratum: str) -> None:
    """Make ``in_order``: every audited access with its stratum, its place in the draw, and how pressing it is if flagged."""
    checks = flagging(runs)
    worst = f"least({', '.join([*(f'CASE WHEN {_violated(c)} THEN {_WORST[c.severity]} END' for c in checks), '9'])})"
    many = " + ".join([*(f"CASE WHEN {_violated(c)} THEN 1 ELSE 0 END" for c in checks), "0"])
    engine.run(
        f"""CREATE OR REPLACE TEMP TABLE told AS SELECT a.number, coalesce(e.shown, a.event_id) AS event_shown, a."at", p.pile,
            coalesce(u.unit, '') AS unit, coalesce(s.shown, CAST(a.source AS VARCHAR), '') AS source, CAST(a.action AS VARCHAR) AS action,
            CAST(a.user_id AS VARCHAR) AS user_id, CAST(a.case_id AS VARCHAR) AS case_id, a.workstation, a.event_id IN (SELECT event_id FROM reused_events) AS reused,
            {worst} AS worst, {many} AS many
        FROM audited_access AS a JOIN judged_access AS j USING (number) JOIN pile_of_pattern AS p USING ({pattern_keys(engine, Of.ACCESS)})
        LEFT JOIN unit_of_day AS u ON u.user_id = a.user_id AND u.day = CAST(a."at" AS DATE)
        LEFT JOIN masked_ids AS e ON e.kind = 'event' AND e.id = a.event_id LEFT JOIN masked_ids AS s ON s.kind = 'source' AND s.id = a.source"""
    )
    engine.run(
        f"""CREATE OR REPLACE TEMP TABLE in_order AS WITH alike AS (
            SELECT number, row_number() OVER (PARTITION BY event_shown, "at"
                ORDER BY case_id, user_id, action, source, CAST(workstation AS VARCHAR), pile, unit) AS alike FROM told WHERE reused)
        SELECT number, {stratum} AS stratum, unit, pile = 'flagged' AS flagged, worst, many,
            sha256(concat_ws('|', {text(str(seed))}, event_shown, strftime("at", '%Y-%m-%dT%H:%M:%S.%f'), coalesce(alike, 1))) AS place
        FROM told LEFT JOIN alike USING (number)"""
    )


def _pick(engine: Engine, drawn: dict[str, int], pressing: int) -> None:
    """Make ``picked`` (number, at_random, stratum, unit, worst, many, place), and leave these alone among the judged accesses."""
    schema = pa.schema([("stratum", pa.string()), ("drawn", pa.int64())])
    engine.load("drawn_of", pa.table({"stratum": list(drawn), "drawn": list(drawn.values())}, schema=schema))
    # no more of a stratum than is drawn from any are put in order, whatever its size
    engine.run(
        f"""CREATE OR REPLACE TEMP TABLE firsts AS SELECT o.* FROM in_order AS o JOIN (
            SELECT stratum, min_by(number, place, {max(drawn.values())}) AS numbers FROM in_order GROUP BY stratum) AS f
            ON f.stratum = o.stratum AND list_contains(f.numbers, o.number)"""
    )
    engine.run(
        f"""CREATE OR REPLACE TEMP TABLE picked AS WITH at_random AS (
            SELECT f.* FROM firsts AS f JOIN drawn_of AS d USING (stratum)
            QUALIFY row_number() OVER (PARTITION BY f.stratum ORDER BY f.place) <= max(d.drawn) OVER (PARTITION BY f.stratum))
        SELECT *, true AS at_random FROM at_random
        UNION ALL (SELECT *, false FROM in_order WHERE flagged AND number NOT IN (SELECT number FROM at_random)
            ORDER BY worst, many DESC, place LIMIT {pressing})"""
    )
    engine.run("CREATE OR REPLACE TABLE judged_access AS SELECT j.* FROM judged_access AS j SEMI JOIN picked USING (number)")


def _read_drawn(engine: Engine, runs: Sequence[Run]) -> list[DrawnAccess]:
    """The accesses in ``picked``: first those drawn at random, in the order of time, then the pressing ones, the worst first."""
    ran = [run.check for run in runs if run.check.of is Of.ACCESS and run.state is State.RUN]
    keep_flagged(engine, Of.ACCESS, runs, ["action"], every_row=True)
    checks = ", ".join(f"CASE WHEN {_violated(check)} THEN {text(check.id)} END" for check in ran) or "NULL"
    rows = engine.rows(
        f"""SELECT k.at_random, k.stratum, f.event_shown, f."at", coalesce(f.user_shown, ''), coalesce(f.case_shown, ''),
            coalesce(CAST(f.action AS VARCHAR), ''), coalesce(s.shown, CAST(f.source AS VARCHAR), ''), k.unit, p.pile,
            coalesce(p.explained_by, ''), concat_ws(',', {checks})
        FROM flagged_access AS f JOIN picked AS k USING (number) JOIN (SELECT pattern, pile, explained_by FROM pile_of_pattern) AS p USING (pattern)
        LEFT JOIN masked_ids AS s ON s.kind = 'source' AND s.id = f.source
        ORDER BY k.at_random DESC, CASE WHEN k.at_random THEN f."at" END, CASE WHEN NOT k.at_random THEN k.worst END,
            CASE WHEN NOT k.at_random THEN -k.many END, k.place"""
    )
    return [DrawnAccess(*(*row[:11], tuple(filter(None, row[11].split(","))))) for row in rows]
