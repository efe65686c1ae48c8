"""The checks of the access log in the independent reading (evaluator.py), A1-A15: one small function a check.

A check of an access returns the pair (applies, violates); A15 returns such a pair for every user and day.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from statistics import median
from typing import Any

from tests.evaluator_checks import HOME, Pair, check
from tests.evaluator_words import Log, Row, Truth, all_of, any_of, duration, negate, same, within_list

COVERS = "staff.valid_to"


class Access:
    """A row of accesses with its case ``C`` and the staff rows ``S``: those of its user that cover the moment."""

    def __init__(self, log: Log, row: Row) -> None:
        self.log, self.row = log, row
        self.at: datetime = row["at"]
        self.case = log.case(row.get("case_id"))
        self.case_known = log.case_known(row.get("case_id"))
        own = log.with_values("staff", user_id=row.get("user_id"))
        self.staff = [one for one in own if log.covers(one, self.at)]

    def __getitem__(self, column: str) -> Any:
        return self.row.get(column)

    @property
    def user_exists(self) -> Truth:
        """S exists: true or false, and None when a staff row that could not be read may be it. No user is nobody."""
        user_id = self["user_id"]
        if user_id is None:
            return False
        return True if self.staff else None if self.log.perhaps_unread("staff", "user_id", user_id) else False

    def some_staff(self, *truths: Truth) -> Truth:
        """Whether some S has a property, given each one's; None where nobody can say whether there is an S."""
        return None if self.user_exists is None else any_of(*truths)

    def acts(self, row: Row) -> bool:
        """Whether another event is of the same user; without a user it is not."""
        return self["user_id"] is not None and row.get("user_id") == self["user_id"]


def unmatched(log: Log, matched: bool, table: str, first: datetime, last: datetime) -> Truth:
    """No match, looked for from first to last: None where that reaches outside what the table spans (both ends inside)."""
    if matched:
        return False
    begins, ends = log.span(table)
    return None if first < begins or last > ends else True


def grace(log: Log) -> timedelta:
    """closing_grace"""
    return duration(log.agreement["closing_grace"])


# --- who opens what ---------------------------------------------------------------------------------------------------


@check("A1", "accesses.at", COVERS, of="access")
def a1(log: Log, one: Access) -> Pair:
    # applies: user_id is not in access.service_accounts (NULL user_id: NULL). violates: no S
    applies = negate(within_list(one["user_id"], log.access["service_accounts"]))
    return applies, None if one["user_id"] is None else negate(one.user_exists)


def assigned(log: Log, one: Access) -> Truth:
    """Some assignment of (case_id, user_id) with valid_from <= t <= valid_to + closing_grace (NULL = open)."""
    case_id, user_id = one["case_id"], one["user_id"]
    if case_id is None or user_id is None:
        return None
    for row in log.with_values("assignments", case_id=case_id, user_id=user_id):
        valid_to = row.get("valid_to")
        if row["valid_from"] <= one.at and (valid_to is None or one.at <= valid_to + grace(log)):
            return True
    unread = log.bundle.unreadable.get("assignments", [])
    perhaps = any(row["case_id"] in (None, case_id) and row["user_id"] in (None, user_id) for row in unread)
    return None if perhaps else False


def on_duty(log: Log, one: Access) -> Truth:
    """some (S.organisation, S.unit) in duty_units and reported_at <= t <= reported_at + duty_window"""
    in_unit = [
        all_of(same(row.get("organisation"), unit["organisation"]), same(row.get("unit"), unit["unit"]))
        for row in one.staff
        for unit in log.access["duty_units"]
    ]
    reported_at = one.case.get("reported_at")
    window = duration(log.access["duty_window"])
    soon = None if reported_at is None else reported_at <= one.at <= reported_at + window
    return all_of(one.some_staff(*in_unit), soon)


@check("A2", "accesses.at", COVERS, "assignments.valid_to", of="access")
def a2(log: Log, one: Access) -> Pair:
    # applies: case known and S exists. violates: no assignment, and not on duty
    return all_of(one.case_known, one.user_exists), all_of(negate(assigned(log, one)), negate(on_duty(log, one)))


@check("A3", "accesses.at", COVERS, HOME, of="access")
def a3(log: Log, one: Access) -> Pair:
    # applies: case known and S exists. violates: no S.organisation is the entry point, or holds the role home_municipality
    belongs = [
        log.matches(row.get("organisation"), ["entry_point", "home_municipality"], one.case, one.at) for row in one.staff
    ]
    return all_of(one.case_known, one.user_exists), negate(one.some_staff(*belongs))


@check("A4", "accesses.at", of="access")
def a4(log: Log, one: Access) -> Pair:
    # applies: case known. violates: t < C.reported_at
    reported_at = one.case.get("reported_at")
    return one.case_known, None if reported_at is None else one.at < reported_at


@check("A5", "accesses.at", "cases.closed_at", of="access")
def a5(log: Log, one: Access) -> Pair:
    # applies: case known. violates: C.closed_at is not NULL and t > C.closed_at + closing_grace
    closed_at = one.case.get("closed_at")
    return one.case_known, closed_at is not None and one.at > closed_at + grace(log)


def own_or_family(one: Access) -> Pair:
    """applies: case known and S exists. violates: some S.person_id = C.person_id, or is in C.related_person_ids"""
    subject, related = one.case.get("person_id"), one.case.get("related_person_ids")
    known = []
    for row in one.staff:
        person = row.get("person_id")
        # related_person_ids NULL alone adds nothing: the export may not have it
        is_related = within_list(person, related) if related is not None else False
        known.append(None if person is None else any_of(same(person, subject), is_related))
    return all_of(one.case_known, one.user_exists), one.some_staff(*known)


@check("A6", "accesses.at", COVERS, of="access")
def a6(log: Log, one: Access) -> Pair:
    return own_or_family(one)


@check("A7", "accesses.at", COVERS, of="access")
def a7(log: Log, one: Access) -> Pair:
    # applies: case known, and A6 did not answer violation (switched off, it answers nothing)
    # violates: a staff row, of any period, of another user_id has a person_id that is C.person_id or in
    # C.related_person_ids; NULL where there is such a row but no user_id
    off = any(off["check"] == "A6" for off in log.agreement["checks_off"])
    is_own = not off and all_of(*own_or_family(one)) is True
    persons = [one.case.get("person_id"), *(one.case.get("related_person_ids") or [])]
    users = [row["user_id"] for person in persons for row in log.with_values("staff", person_id=person)]
    if one["user_id"] is None:
        return all_of(one.case_known, not is_own), None if users else False
    return all_of(one.case_known, not is_own), any(user_id != one["user_id"] for user_id in users)


@check("A8", "accesses.at", COVERS, "staff.protected_access", of="access")
def a8(log: Log, one: Access) -> Pair:
    # applies: C.protection is not `none`, and S exists. violates: no S.protected_access (an empty cell is no)
    cleared = one.some_staff(*(row.get("protected_access") is True for row in one.staff))
    return all_of(negate(same(one.case.get("protection"), "none")), one.user_exists), negate(cleared)


# --- how it is opened -------------------------------------------------------------------------------------------------


@check("A9", "accesses.reason", of="access")
def a9(log: Log, one: Access) -> Pair:
    # applies: action in reason_required. violates: reason is NULL (true or false)
    return within_list(one["action"], log.access["reason_required"]), one["reason"] is None


@check("A10", "accesses.at", of="access")
def a10(log: Log, one: Access) -> Pair:
    # applies: action in (print, export), case known. violates: no disclosure by the same user_id of the same case_id
    # with absolute time difference <= export_window (edge)
    applies = all_of(within_list(one["action"], ("print", "export")), one.case_known)
    if one["user_id"] is None or one["case_id"] is None:
        return applies, None
    window = duration(log.access["export_window"])
    handed_over = log.with_values("disclosures", user_id=one["user_id"], case_id=one["case_id"])
    matched = any(abs(row["at"] - one.at) <= window for row in handed_over)
    return applies, unmatched(log, matched, "disclosures", one.at - window, one.at + window)


@check("A11", "accesses.at", COVERS, "staff.shared", of="access")
def a11(log: Log, one: Access) -> Pair:
    # applies: S exists. violates: some S.shared (an empty cell is no)
    return one.user_exists, one.some_staff(*(row.get("shared") is True for row in one.staff))


@check("A12", "accesses.at", of="access")
def a12(log: Log, one: Access) -> Pair:
    # applies: user_id and workstation not NULL. violates: another event of the same user on a different workstation
    # with absolute time difference <= 5 minutes
    applies = one["user_id"] is not None and one["workstation"] is not None
    elsewhere = any(
        negate(same(row.get("workstation"), one["workstation"])) and abs(row["at"] - one.at) <= timedelta(minutes=5)
        for row in log.with_values("accesses", user_id=one["user_id"])
    )
    return applies, elsewhere


@check("A13", "accesses.at", of="access")
def a13(log: Log, one: Access) -> Pair:
    # no row of cases has this case_id (also when case_id is NULL)
    return True, negate(one.case_known)


@check("A14", "accesses.at", of="access")
def a14(log: Log, one: Access) -> Pair:
    # applies: action = search, case known. violates: the same user has no event on the same case with action other than
    # search at t .. t + 30 minutes (edge)
    applies = all_of(same(one["action"], "search"), one.case_known)
    if one["user_id"] is None or one["case_id"] is None:
        return applies, None
    last = one.at + timedelta(minutes=30)
    matched = any(
        negate(same(row.get("action"), "search")) and one.at <= row["at"] <= last
        for row in log.with_values("accesses", user_id=one["user_id"], case_id=one["case_id"])
    )
    return applies, unmatched(log, matched, "accesses", one.at, last)


@check("A15", "accesses.at", of="user_day")
def a15(log: Log) -> dict[str, Pair]:
    # distinct case_id of the user on the day > median + volume_factor * MAD over all user-days of the audit period with
    # at least one event; MAD: the median absolute deviation, at least 1
    cases_of: dict[str, set[str]] = {}
    for row in log.rows("accesses"):
        if row.get("user_id") is not None and log.in_period(row["at"].date()):
            opened = cases_of.setdefault(f"{row['user_id']}@{row['at'].date().isoformat()}", set())
            opened |= {row["case_id"]} - {None}
    if not cases_of:
        return {}
    numbers = [len(opened) for opened in cases_of.values()]
    usual = median(numbers)
    deviation = max(1, median(abs(number - usual) for number in numbers))
    most = usual + log.access["volume_factor"] * deviation
    return {user_day: (True, len(opened) > most) for user_day, opened in cases_of.items()}
