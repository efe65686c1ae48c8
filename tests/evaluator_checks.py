"""The catalogue of disclosure and case checks in the independent reading (evaluator.py): one small function a check.

A check of a disclosure returns the pair (applies, violates); a truth is True, False or None (the log does not say).
A check of a case returns a list of such pairs: one for every deadline, none where the case has no answer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.evaluator_words import (
    Disclosure,
    Log,
    Row,
    Truth,
    all_of,
    any_of,
    due_day,
    duration,
    is_municipality,
    negate,
    reached,
    same,
    within_list,
)

Pair = tuple[Truth, Truth]
Ask = Callable[..., Any]


@dataclass(frozen=True)
class Check:
    """A check: whether it is a scope check, the columns without which it is not run, what it asks of.

    ``of`` is disclosure, case, access, user_day or log.
    """

    ask: Ask
    scope: bool
    reads: tuple[str, ...]
    of: str


HOME = "residences.valid_to"  # read only where the residences were exported at all
CHECKS: dict[str, Check] = {}


def check(name: str, *reads: str, scope: bool = False, of: str = "disclosure") -> Callable[[Ask], Ask]:
    """Registers a function as the check of that name."""

    def register(ask: Ask) -> Ask:
        CHECKS[name] = Check(ask, scope, reads, of)
        return ask

    return register


# --- target group: T1-T5 apply where F.target_group is `required` -----------------------------------------------------


def not_a_child(log: Log, one: Disclosure) -> Truth:
    """reached(target_group.age_below, t)"""
    return reached(one.case, log.target["age_below"], one.at.date())


def concern_outside(log: Log, one: Disclosure) -> Truth:
    """C.concern shares no value with target_group.concern"""
    concern = one.case.get("concern")
    return None if not concern else not set(concern) & set(log.target["concern"])


def found_outside(log: Log, one: Disclosure) -> Truth:
    """first two characters of C.found_in != target_group.found_in_county"""
    found_in = one.case.get("found_in")
    return None if found_in is None else found_in[:2] != log.target["found_in_county"]


def home_no_party(log: Log, one: Disclosure) -> Truth:
    """not is_party(C.home_municipality, t)"""
    return negate(log.is_party(log.home(one.case, one.at), one.at))


def reported_by_another(log: Log, one: Disclosure) -> Truth:
    """C.reporter != the organisation that holds the role target_group.reported_by"""
    return negate(same(one.case.get("reporter"), log.agreement[log.target["reported_by"]]))


@check("T1", scope=True)
def t1(log: Log, one: Disclosure) -> Pair:
    return same(one.flow.get("target_group"), "required"), not_a_child(log, one)


@check("T2", scope=True)
def t2(log: Log, one: Disclosure) -> Pair:
    return same(one.flow.get("target_group"), "required"), concern_outside(log, one)


@check("T3", scope=True)
def t3(log: Log, one: Disclosure) -> Pair:
    return same(one.flow.get("target_group"), "required"), found_outside(log, one)


@check("T4", HOME, scope=True)
def t4(log: Log, one: Disclosure) -> Pair:
    return same(one.flow.get("target_group"), "required"), home_no_party(log, one)


@check("T5", scope=True)
def t5(log: Log, one: Disclosure) -> Pair:
    return same(one.flow.get("target_group"), "required"), reported_by_another(log, one)


@check("T6", HOME)
def t6(log: Log, one: Disclosure) -> Pair:
    # C.home_municipality != C.registered_municipality
    return True, negate(same(log.home(one.case, one.at), one.case.get("registered_municipality")))


@check("T7", HOME)
def t7(log: Log, one: Disclosure) -> Pair:
    # applies: F.target_group is `noted`; what T1, T2, T3, T4 or T5 calls a violation, joined by OR
    outside = (not_a_child, concern_outside, found_outside, home_no_party, reported_by_another)
    return same(one.flow.get("target_group"), "noted"), any_of(*(question(log, one) for question in outside))


# --- parties ----------------------------------------------------------------------------------------------------------


def recipient_should_be_home(one: Disclosure) -> Truth:
    """F.to contains home_municipality, and recipient is a municipality code"""
    return all_of(within_list("home_municipality", one.flow.get("to")), is_municipality(one["recipient"]))


@check("R1", HOME, scope=True)
def r1(log: Log, one: Disclosure) -> Pair:
    # violates: recipient matches no role in F.to
    return recipient_should_be_home(one), negate(log.matches(one["recipient"], one.flow.get("to"), one.case, one.at))


@check("R2", scope=True)
def r2(log: Log, one: Disclosure) -> Pair:
    # applies: F.scope is `agreement`; recipient is neither counterpart nor entry_point, and not is_party(recipient, t)
    recipient = one["recipient"]
    counterpart, entry_point = same(recipient, log.agreement["counterpart"]), same(recipient, log.agreement["entry_point"])
    outside = all_of(negate(counterpart), negate(entry_point), negate(log.is_party(recipient, one.at)))
    return same(one.flow.get("scope"), "agreement"), outside


@check("R3", HOME, scope=True)
def r3(log: Log, one: Disclosure) -> Pair:
    # sender matches no role in F.from
    return True, negate(log.matches(one["sender"], one.flow.get("from"), one.case, one.at))


@check("R4", HOME, scope=True)
def r4(log: Log, one: Disclosure) -> Pair:
    # applies: not R1's applies; recipient matches no role in F.to
    recipient_fits = log.matches(one["recipient"], one.flow.get("to"), one.case, one.at)
    return negate(recipient_should_be_home(one)), negate(recipient_fits)


@check("R5", "staff.valid_to")
def r5(log: Log, one: Disclosure) -> Pair:
    # applies: sender is a municipality code; no staff row of user_id with organisation = sender covers t
    user_id, sender = one["user_id"], one["sender"]
    if user_id is None or sender is None:
        return is_municipality(sender), None
    own = log.with_values("staff", user_id=user_id, organisation=sender)
    covered = any(log.covers(row, one.at) for row in own)
    return is_municipality(sender), not covered if covered or not log.perhaps_unread("staff", "user_id", user_id) else None


@check("R6", scope=True)
def r6(log: Log, one: Disclosure) -> Pair:
    # purpose names no flow; NULL when purpose is NULL
    return True, negate(within_list(one["purpose"], log.flows))


@check("R7", scope=True)
def r7(log: Log, one: Disclosure) -> Pair:
    # applies: the agreement lists units for the recipient (false when recipient is NULL); recipient_unit is not among them
    units = log.agreement["units"].get(one["recipient"])
    return units is not None, negate(within_list(one["recipient_unit"], units))


@check("R8", scope=True)
def r8(log: Log, one: Disclosure) -> Pair:
    # applies: the agreement lists units for the sender (false when sender is NULL); sender_unit is not among them
    units = log.agreement["units"].get(one["sender"])
    return units is not None, negate(within_list(one["sender_unit"], units))


# --- fields -----------------------------------------------------------------------------------------------------------


@check("F1", scope=True)
def f1(log: Log, one: Disclosure) -> Pair:
    # some of fields, among those in the catalogue, is not in F.fields; no flow makes it NULL, whatever the fields
    if one.fields is None or not one.flow:
        return True, None
    return True, any(field in log.agreement["fields"] and field not in one.flow["fields"] for field in one.fields)


@check("F2", scope=True)
def f2(log: Log, one: Disclosure) -> Pair:
    # some of fields is not in the catalogue
    return True, None if one.fields is None else any(field not in log.agreement["fields"] for field in one.fields)


@check("F3", scope=True)
def f3(log: Log, one: Disclosure) -> Pair:
    # some of fields has a category in location - for `assumed_identity` in location or identity (protection NULL: NULL
    # where only identity is met) - and not F.protected_location
    protection = one.case.get("protection")
    shows_person = any_of(
        one.some_field_in("location"), all_of(same(protection, "assumed_identity"), one.some_field_in("identity"))
    )
    applies = within_list(protection, ("protected_registration", "assumed_identity"))
    return applies, all_of(shows_person, negate(one.flow.get("protected_location")))


@check("F4", "disclosures.motivation")
def f4(log: Log, one: Disclosure) -> Pair:
    # applies: some of fields has a category in sensitive; motivation is NULL
    return one.some_field_in("sensitive"), one["motivation"] is None


@check("F5")
def f5(log: Log, one: Disclosure) -> Pair:
    # applies: C.protection is `marked`; some of fields has a category in location, and not F.protected_location
    shows_place = all_of(one.some_field_in("location"), negate(one.flow.get("protected_location")))
    return same(one.case.get("protection"), "marked"), shows_place


# --- legal ground -----------------------------------------------------------------------------------------------------


@check("B1", scope=True)
def b1(log: Log, one: Disclosure) -> Pair:
    # grounds is NULL (true or false)
    return True, one.grounds is None


@check("B2")
def b2(log: Log, one: Disclosure) -> Pair:
    # some ground is not in the law table
    return one.grounds is not None, one.some_ground_unknown()


@check("B3")
def b3(log: Log, one: Disclosure) -> Pair:
    # some known ground is not in force on date(t)
    return one.grounds is not None, any(not one.in_force(ground) for ground in one.known_grounds())


@check("B4", scope=True)
def b4(log: Log, one: Disclosure) -> Pair:
    # no ground is usable; NULL when none is and some ground is unknown, or when there is no flow
    return one.grounds is not None, one.no_usable_ground()


@check("B5", "cases.decided_at", "cases.decision", scope=True)
def b5(log: Log, one: Disclosure) -> Pair:
    # applies: some ground is usable (false when grounds is NULL or there is no flow)
    # no usable ground holds; NULL in place of true when some ground is unknown
    usable = one.usable_grounds()
    none_holds = all_of(*(negate(one.holds(ground)) for ground in usable))
    return bool(usable), None if none_holds and one.some_ground_unknown() else none_holds


@check("B6", "disclosures.motivation")
def b6(log: Log, one: Disclosure) -> Pair:
    # applies as B5; every usable ground needs_motivation, and motivation is NULL
    usable = one.usable_grounds()
    return bool(usable), all(ground["needs_motivation"] for ground in usable) and one["motivation"] is None


@check("B7")
def b7(log: Log, one: Disclosure) -> Pair:
    # some known ground has legal_review
    return one.grounds is not None, any(ground["legal_review"] for ground in one.known_grounds())


@check("B8", scope=True)
def b8(log: Log, one: Disclosure) -> Pair:
    # some known ground is excluded, and no ground is usable
    excluded = any(one.excluded(ground) for ground in one.known_grounds())
    return one.grounds is not None, all_of(excluded, one.no_usable_ground())


# --- procedure --------------------------------------------------------------------------------------------------------


@check("P1", scope=True)
def p1(log: Log, one: Disclosure) -> Pair:
    # no row of cases has this case_id (also when case_id is NULL)
    return True, negate(one.case_known)


@check("P2")
def p2(log: Log, one: Disclosure) -> Pair:
    # applies: case known, and F.from does not contain counterpart; t < C.reported_at
    reported_at = one.case.get("reported_at")
    applies = all_of(one.case_known, negate(within_list("counterpart", one.flow.get("from"))))
    return applies, None if reported_at is None else one.at < reported_at


@check("P3", "cases.closed_at")
def p3(log: Log, one: Disclosure) -> Pair:
    # applies: case known; C.closed_at is not NULL and t > C.closed_at + closing_grace
    closed_at = one.case.get("closed_at")
    return one.case_known, closed_at is not None and one.at > closed_at + duration(log.agreement["closing_grace"])


@check("P4")
def p4(log: Log, one: Disclosure) -> Pair:
    # applies: case_id, recipient, purpose and fields not NULL; an earlier disclosure (smaller (at, disclosure_id)) has the
    # same case_id, recipient, purpose and the same set of fields, and t - its at <= duplicate_window
    columns = ("case_id", "recipient", "purpose")
    applies = one.fields is not None and all(one[column] is not None for column in columns)
    alike = log.with_values("disclosures", **{column: one[column] for column in columns})
    alike = [row for row in alike if set(row.get("fields") or []) == set(one.fields or [])]
    earlier = [row for row in alike if (row["at"], row["disclosure_id"]) < (one.at, one["disclosure_id"])]
    return applies, any(one.at - row["at"] <= duration(log.agreement["duplicate_window"]) for row in earlier)


@check("P5")
def p5(log: Log, one: Disclosure) -> Pair:
    # channel is not in channels; not applicable where the agreement lists none
    channels = log.agreement["channels"]
    return channels is not None, negate(within_list(one["channel"], channels))


@check("P6", scope=True)
def p6(log: Log, one: Disclosure) -> Pair:
    # applies: F.scope is `agreement`; no period of the agreement contains date(t); NULL when only unconfirmed ones do
    return same(one.flow.get("scope"), "agreement"), negate(log.in_agreement(one.at.date()))


@check("P7", HOME, of="case")
def p7(log: Log, case: Row) -> list[Pair]:
    reported_at = case.get("reported_at")
    if reported_at is None:
        return []
    home = log.home(case, reported_at)
    pairs: list[Pair] = []
    for flow in log.flows.values():
        deadline = flow["deadline"] or {}
        if "home_municipality" not in flow["to"] or deadline.get("after") != "reported_at":
            continue
        last = reported_at + duration(deadline["within"])
        # reported by the counterpart; the last moment lies in the audit period; home is a party and not the entry point
        applies = all_of(
            same(case.get("reporter"), log.agreement["counterpart"]),
            log.in_period(last.date()),
            "from" not in deadline or reported_at.date() >= deadline["from"],
            log.is_party(home, reported_at),
            negate(same(home, log.agreement["entry_point"])),
        )
        # no disclosure of the case with purpose D, at any time up to then, has as recipient the home municipality
        handed_over = any(
            row["at"] <= last
            for row in log.with_values("disclosures", case_id=case["case_id"], purpose=flow["id"], recipient=home)
        )
        pairs.append((applies, None if home is None else not handed_over))
    return pairs


@check("P8", "cases.decided_at", "cases.decision", of="case")
def p8(log: Log, case: Row) -> list[Pair]:
    # applies: decision is not `already_open` (empty counts as not), assessment_extended is not true, and the due day is
    # before the end of the audit period and either lies in it or decided_at is NULL
    reported_at, decided_at = case.get("reported_at"), case.get("decided_at")
    if reported_at is None:
        return []
    due = due_day(reported_at.date(), log.agreement["assessment_days"])
    applies = case.get("decision") != "already_open" and case.get("assessment_extended") is not True
    applies = applies and due <= log.bundle.period[1] and (log.in_period(due) or decided_at is None)
    # date(decided_at) > due day, or decided_at is NULL
    return [(applies, decided_at is None or decided_at.date() > due)]


@check("P9", "cases.decided_at")
def p9(log: Log, one: Disclosure) -> Pair:
    # applies: F has a deadline after request (no flow: NULL); requested_at and decided_at not NULL; date of the later of
    # them >= the deadline's from. violates: t > the later of them, + within
    requested_at, decided_at = one["requested_at"], one.case.get("decided_at")
    if requested_at is None or decided_at is None:
        return False, None
    if not one.flow:
        return None, None
    deadline = one.flow["deadline"] or {}
    if deadline.get("after") != "request":
        return False, None
    later = max(requested_at, decided_at)
    applies = "from" not in deadline or later.date() >= deadline["from"]
    return applies, one.at > later + duration(deadline["within"])
