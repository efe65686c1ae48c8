"""The checks of the log itself in the independent reading (evaluator.py): L1, L2, L3 and L5.

L1-L3 return what they find; L5 asks of a disclosure as others do. L4, L6 and L7 are held against what was drawn.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise

from tests.evaluator_accesses import unmatched
from tests.evaluator_checks import Pair, check
from tests.evaluator_words import Disclosure, Log, duration, same


@check("L1", "accesses.at", of="log")
def l1(log: Log) -> list[str]:
    # the id stands on two or more rows of accesses that are not the same in every column (identical rows are one already)
    times = Counter(row["event_id"] for row in log.rows("accesses"))
    return sorted(event_id for event_id, number in times.items() if number > 1)


@check("L2", "accesses.at", of="log")
def l2(log: Log) -> list[str]:
    # between two neighbouring sequence values of a source (sorted, distinct; quarantined rows whose sequence can be read
    # count) some number is missing; one finding a gap, with first and last missing number
    numbers: dict[str, set[int]] = {}
    for row in [*log.rows("accesses"), *log.bundle.unreadable.get("accesses", [])]:
        if row.get("sequence") is not None:
            numbers.setdefault(row.get("source") or "", set()).add(row["sequence"])
    gaps = []
    for source, values in numbers.items():
        ordered = sorted(values)
        for number, following in pairwise(ordered):
            if following - number > 1:
                gaps.append(f"{source}:{number + 1}-{following - 1}")
    return sorted(gaps)


def max_silence(log: Log, source: str) -> timedelta:
    """How long the source may be silent: its own duration, the default, or the one for all."""
    silence = log.access["max_silence"]
    if isinstance(silence, str):
        return duration(silence)
    return duration(silence.get(source, silence.get("default", "12h")))


@check("L3", "accesses.at", of="log")
def l3(log: Log) -> list[tuple[str, datetime, datetime]]:
    # inside the audit period two events of a source that are neighbours in time lie more than its max_silence apart; so do
    # the start of the period and the first event, or the last event and its end. A source with no event in the period has
    # one gap, the whole period, if the log has events of it outside
    start, end = log.period
    moments: dict[str, list[datetime]] = {}
    for row in log.rows("accesses"):
        moments.setdefault(row.get("source") or "", []).append(row["at"])
    gaps = []
    for source, every in moments.items():
        inside = sorted(at for at in every if start <= at < end)
        if not inside:
            gaps.append((source, start, end))
            continue
        marks = [start, *inside, end]
        longest = max_silence(log, source)
        gaps += [(source, one, other) for one, other in pairwise(marks) if other - one > longest]
    return sorted(gaps)


@check("L5", "accesses.at")
def l5(log: Log, one: Disclosure) -> Pair:
    # applies: sender is the entry point. violates: no access by the same user_id to the same case_id with absolute time
    # difference <= export_window (edge)
    applies = same(one["sender"], log.agreement["entry_point"])
    if one["user_id"] is None or one["case_id"] is None:
        return applies, None
    window = duration(log.access["export_window"])
    opened = log.with_values("accesses", user_id=one["user_id"], case_id=one["case_id"])
    matched = any(abs(row["at"] - one.at) <= window for row in opened)
    return applies, unmatched(log, matched, "accesses", one.at - window, one.at + window)
