"""What the register tells about a month that is being audited, for its report: before the month itself is added."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from auditor.register.deadlines import Due, due
from auditor.register.decisions import STANDINGS, Capacity, DecisionKind, Standing
from auditor.register.months import MOVEMENTS, Facts, Month, Movement, as_if_added, missing_months, month_before, months
from auditor.register.store import Register

#: How a finding stands when a decision has closed it.
CLOSED = (Standing.JUSTIFIED, Standing.FALSE_ALARM, Standing.REPORTED)


@dataclass(frozen=True)
class Moved:
    """A finding that is gone, came back or was not looked for. Its first and last period are those before this one."""

    fingerprint: str
    check: str
    entity_type: str
    entity: str
    case_id: str
    answer: str
    standing: Standing
    first_seen: str
    last_seen: str


@dataclass(frozen=True)
class Decided:
    """A decision or a recommendation, with what it is about; ``in_force`` unless a later decision took its place.

    Days and moments are ISO 8601; what does not belong to the kind of decision is empty. Texts are as somebody wrote them.
    """

    number: int
    fingerprint: str
    check: str
    entity: str
    kind: DecisionKind
    capacity: Capacity
    decided_by: str
    decided_on: str
    reason: str
    owner: str
    expires: str
    reference: str
    reported_on: str
    aware_at: str
    standing: Standing
    in_force: bool


@dataclass
class Account:
    """What became of the findings of a month, and how they stand at a moment (``at``, local time).

    ``counts``: how many findings of (check, movement, answer, standing). ``known``: by fingerprint, every finding of the
    month that is more than new and undecided. ``elsewhere``: how the findings of the controller's other months stand.
    """

    month: Month
    before: Month | None
    missing: tuple[str, ...]
    later: bool
    at: datetime
    counts: Counter[tuple[str, Movement, str, Standing]] = field(default_factory=Counter)
    known: dict[str, tuple[Movement, Standing]] = field(default_factory=dict)
    moved: dict[Movement, list[Moved]] = field(default_factory=dict)
    elsewhere: Counter[Standing] = field(default_factory=Counter)
    decided: list[Decided] = field(default_factory=list)
    expired: list[Decided] = field(default_factory=list)
    due: list[Due] = field(default_factory=list)


def account_of(register: Register | None, facts: Facts, findings: Path, private: Path, at: datetime) -> Account:
    """What the register tells of a month as if it had been added. The register is only read: the month is put into a copy
    of it in the ``private`` folder, so that nobody waits and nothing can be half done. ``register``: None where none is yet.

    Raises UserError for a register that cannot be read, and for a period that overlaps another one in it.
    """
    copy = private / "as-if-added.db"
    try:
        if register is not None:
            register.copy_to(copy)
        with Register(copy, create=True) as opened, as_if_added(opened, facts, findings) as month:
            account = _account(opened, month, at)
    finally:
        copy.unlink(missing_ok=True)
    return account


def _account(register: Register, month: Month, at: datetime) -> Account:
    account = Account(
        month,
        month_before(register, month),
        tuple(missing_months(register, month)),
        any(other.first > month.last for other in months(register, month.controller)),
        at,
    )
    named = {
        "month": month.number,
        "first": month.first.isoformat(),
        "controller": month.controller,
        "on": at.date().isoformat(),
    }
    _note(register, named)
    rows = register.rows(
        """SELECT f.fingerprint, f.check_id, m.movement, m.answer, s.standing
        FROM noted_movements AS m JOIN findings AS f USING (finding) JOIN noted_standings AS s USING (finding)"""
    )
    for fingerprint, check, movement_code, answer, standing_code in rows:
        movement, standing = Movement(movement_code), Standing(standing_code)
        account.counts[check, movement, answer, standing] += 1
        if movement is not Movement.NEW or standing is not Standing.OPEN:
            account.known[fingerprint] = (movement, standing)
    for movement in (Movement.GONE, Movement.RETURNED, Movement.NOT_LOOKED_FOR):
        account.moved[movement] = _moved(register, movement, named)
    account.elsewhere = _elsewhere(register, named)
    account.decided = _decided(register, "noted_movements", "", named)
    account.expired = _decided(register, "noted_own", "AND s.standing = 'reopened' AND d.decision = s.decision", named)
    account.due = due(register, at, month.controller)
    return account


#: SQL: the findings of the months of a controller (:controller).
_OWN = """SELECT finding FROM sightings WHERE month IN (SELECT month FROM months WHERE controller = :controller)
    UNION SELECT finding FROM withdrawn WHERE month IN (SELECT month FROM months WHERE controller = :controller)"""


def _note(register: Register, named: dict[str, object]) -> None:
    """Work out once, in tables of this connection alone, what every question below asks for."""
    for name, query in (("movements", MOVEMENTS), ("standings", STANDINGS), ("own", _OWN)):
        register.rows(f"CREATE TEMP TABLE noted_{name} AS {query}", named)
        register.rows(f"CREATE UNIQUE INDEX temp.noted_{name}_finding ON noted_{name} (finding)")


def _moved(register: Register, movement: Movement, named: dict[str, object]) -> list[Moved]:
    rows = register.rows(
        """WITH wanted AS (SELECT finding, answer FROM noted_movements WHERE movement = :movement),
            seen AS (SELECT g.finding, min(p.first) AS first, max(p.first) AS last
                FROM wanted AS w JOIN sightings AS g USING (finding) JOIN months AS p USING (month)
                WHERE p.last < :first AND p.controller = :controller GROUP BY g.finding)
        SELECT f.fingerprint, f.check_id, f.entity_type, f.entity, coalesce(f.case_id, '') AS case_id, w.answer,
            s.standing, coalesce(seen.first, '') AS first_seen, coalesce(seen.last, '') AS last_seen
        FROM wanted AS w JOIN findings AS f USING (finding) JOIN noted_standings AS s USING (finding)
            LEFT JOIN seen USING (finding)
        ORDER BY CASE f.severity WHEN 'critical' THEN 0 WHEN 'high' THEN 1 WHEN 'medium' THEN 2 ELSE 3 END,
            w.answer DESC, f.check_id, f.entity, f.fingerprint""",
        {**named, "movement": movement.value},
    )
    return [
        Moved(
            fingerprint=row["fingerprint"],
            check=row["check_id"],
            entity_type=row["entity_type"],
            entity=row["entity"],
            case_id=row["case_id"],
            answer=row["answer"],
            standing=Standing(row["standing"]),
            first_seen=row["first_seen"],
            last_seen=row["last_seen"],
        )
        for row in rows
    ]


def _elsewhere(register: Register, named: dict[str, object]) -> Counter[Standing]:
    rows = register.rows(
        """SELECT s.standing, count(*) FROM noted_standings AS s WHERE s.finding IN (SELECT finding FROM noted_own)
            AND s.finding NOT IN (SELECT finding FROM sightings WHERE month = :month) GROUP BY s.standing""",
        named,
    )
    return Counter({Standing(standing): n for standing, n in rows})


def _decided(register: Register, about: str, which: str, named: dict[str, object]) -> list[Decided]:
    """Decisions and recommendations about the findings of a table, the newest first.

    SQLite keeps to the order of a CROSS JOIN; left to itself it walks the table once for each of its own rows.
    """
    rows = register.rows(
        f"""SELECT d.*, f.fingerprint, f.check_id, f.entity, s.standing, s.decision AS newest
        FROM {about} AS n CROSS JOIN decisions AS d ON d.finding = n.finding CROSS JOIN findings AS f ON f.finding = n.finding
            CROSS JOIN noted_standings AS s ON s.finding = n.finding
        WHERE d.decided_on <= :on {which} ORDER BY d.decision DESC""",
        named,
    )
    return [
        Decided(
            number=row["decision"],
            fingerprint=row["fingerprint"],
            check=row["check_id"],
            entity=row["entity"],
            kind=DecisionKind(row["kind"]),
            capacity=Capacity(row["capacity"]),
            decided_by=row["decided_by"],
            decided_on=row["decided_on"],
            reason=row["reason"],
            owner=row["owner"],
            expires=row["expires"] or "",
            reference=row["reference"],
            reported_on=row["reported_on"] or "",
            aware_at=row["aware_at"] or "",
            standing=Standing(row["standing"]),
            in_force=row["capacity"] == Capacity.OFFICER or row["decision"] == row["newest"],
        )
        for row in rows
    ]
