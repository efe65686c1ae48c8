"""The disclosures of the month: a report and a handover for each new case, then questions, answers and assessments.

Everything is drawn for all rows at once, as arrays of one length; ``faults`` then spoils a few, and ``to_arrow`` turns the
arrays into the rows of the table.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa

from . import county
from .cases import ALREADY_OPEN, NAT, OPENED, Cases
from .people import Pen
from .period import DAY_WITHOUT_AGREEMENT, Period, draw_within, is_lapsed
from .schema import pick, working_table
from .staff import Staff

POLICE = county.ORGANISATION_INDEX[county.POLICE]
ENTRY = county.ORGANISATION_INDEX[county.ENTRY_POINT]
REPORT, HANDOVER, ASSESSMENT, REQUEST, FEEDBACK, PREVENTION, OTHER = range(len(county.FLOWS))
#: How the disclosures that come later in a case divide into flows, feedback aside.
_FOLLOW_UPS = (ASSESSMENT, REQUEST, PREVENTION, HANDOVER, OTHER)
_FOLLOW_UP_WEIGHTS = (0.37, 0.25, 0.15, 0.15, 0.08)
_FEEDBACK_SHARE = 0.14
_CONTEXT_SHARE = 0.012  # follow-ups just before and just after the month, each
_LAPSE_SHARE = 0.004  # contacts on the days without an agreement, on a ground of their own


@dataclass
class Disclosures:
    """Bulk disclosures as arrays of one length. Indices into ``county``'s tuples and ``lists``; a negative index is NULL."""

    case: np.ndarray
    at: np.ndarray
    flow: np.ndarray
    sender: np.ndarray
    sender_unit: np.ndarray
    user: np.ndarray
    recipient: np.ndarray
    recipient_unit: np.ndarray
    fields: np.ndarray
    grounds: np.ndarray
    channel: np.ndarray
    motivation: np.ndarray
    requested_at: np.ndarray

    def __len__(self) -> int:
        return len(self.case)


class Lists:
    """Lists of texts that many rows share: each has a number. Numbers 0.. are the field sets and ground sets of ``county``."""

    def __init__(self) -> None:
        self.values: list[tuple[str, ...]] = []
        self._numbers: dict[tuple[str, ...], int] = {}

    def number(self, values: tuple[str, ...]) -> int:
        """The number of a list; a new list gets the next one."""
        if values not in self._numbers:
            self._numbers[values] = len(self.values)
            self.values.append(values)
        return self._numbers[values]

    def holding(self, words: set[str]) -> np.ndarray:
        """For each number, whether that list holds one of the words."""
        return np.array([bool(words.intersection(values)) for values in self.values])


@dataclass
class Vocabulary:
    """The lists of fields and of grounds, and where the sentences of each flow stand (first, and one past the last)."""

    fields: Lists
    grounds: Lists
    sentences: list[str]
    spans: dict[int, tuple[int, int]]

    @classmethod
    def written_by(cls, pen: Pen) -> Vocabulary:
        """A vocabulary with the sentences that ``pen`` writes."""
        sentences: list[str] = []
        spans = {}
        for flow, name in enumerate(county.FLOWS):
            written = pen.sentences(name)
            spans[flow] = (len(sentences), len(sentences) + len(written))
            sentences += written
        return cls(Lists(), Lists(), sentences, spans)


def build_disclosures(
    rng: np.random.Generator, cases: Cases, staff: Staff, words: Vocabulary, count: int, period: Period
) -> Disclosures:
    """``count`` disclosures of innocent handling. ValueError when ``count`` does not even hold every report and handover."""
    parts = [*_first_contacts(rng, cases, period), _lapse_contacts(rng, cases, int(count * _LAPSE_SHARE), period)]
    beginning = sum(len(case) for case, _, _ in parts)
    left = count - beginning
    if left < 0:
        raise ValueError(f"--disclosures must be at least {beginning + count - left} for so many cases")
    feedback = _feedback_moments(rng, cases, int(left * _FEEDBACK_SHARE), period)
    parts.append(feedback)
    around = int(left * _CONTEXT_SHARE)
    bounds = [
        (around, period.start - timedelta(days=12), period.start),
        (around, period.end, period.exported_at),
        (left - len(feedback[0]) - 2 * around, period.start, period.end),
    ]
    parts += [_follow_ups(rng, cases, number, first, last) for number, first, last in bounds]
    case = np.concatenate([part[0] for part in parts])
    at = np.concatenate([part[1] for part in parts])
    flow = np.concatenate([part[2] for part in parts])
    rows = _fill(rng, cases, staff, words, case, at, flow)
    _spread_out(rng, cases, rows, period)
    _settle_grounds(rng, cases, words, rows)
    return rows


Part = tuple[np.ndarray, np.ndarray, np.ndarray]


def _first_contacts(rng: np.random.Generator, cases: Cases, period: Period) -> list[Part]:
    """The report of every case since four days before the month, and its handover within twenty hours."""
    recent = np.flatnonzero(cases.reported_at >= np.datetime64(period.start - timedelta(days=4), "s"))
    by_police = recent[cases.reporter[recent] == POLICE]
    reports = cases.reported_at[by_police] + rng.integers(0, 600, size=len(by_police))
    handed = recent[cases.handed_over[recent]]
    handovers = cases.reported_at[handed] + 1200 + np.floor(rng.beta(1.2, 4.0, size=len(handed)) * 19.5 * 3600).astype(np.int64)
    return [
        (by_police, reports, np.full(len(by_police), REPORT)),
        (handed, handovers, np.full(len(handed), HANDOVER)),
    ]


def _lapse_contacts(rng: np.random.Generator, cases: Cases, count: int, period: Period) -> Part:
    """On the days without an agreement the Police ring the duty office on the strength of their own duty."""
    if not period.has_lapse:
        count = 0
    day = np.datetime64(DAY_WITHOUT_AGREEMENT, "D")
    known = np.flatnonzero((cases.reported_at < day - 3) & ~(cases.closed_at < day))
    case = rng.choice(known, size=count) if count else np.array([], dtype=np.int64)
    return case, day.astype("datetime64[s]") + rng.integers(0, 2 * 86400, size=count), np.full(count, OTHER)


def _feedback_moments(rng: np.random.Generator, cases: Cases, count: int, period: Period) -> Part:
    """Answers to the reporter one to six days after the decision, at most one a case."""
    first = np.maximum(cases.decided_at.astype("datetime64[D]") + 1, np.datetime64(period.start, "D"))
    last = np.minimum(cases.decided_at.astype("datetime64[D]") + 6, np.datetime64(period.end, "D") - 1)
    able = np.flatnonzero((cases.decision >= 0) & ~np.isnat(cases.decided_at) & ((last - first).astype(np.int64) >= 2))
    case = np.sort(rng.choice(able, size=min(count, int(len(able) * 0.8)), replace=False))
    at = draw_within(rng, first[case], last[case], np.full(len(case), True))
    return case, at, np.full(len(case), FEEDBACK)


def _window(cases: Cases, first: np.datetime64, last: np.datetime64) -> tuple[np.ndarray, np.ndarray]:
    """The first and last day on which each case can be spoken of within some days (both included)."""
    begins = np.maximum(cases.reported_at.astype("datetime64[D]") + 1, first)
    closed = np.where(np.isnat(cases.closed_at), last, cases.closed_at.astype("datetime64[D]"))
    return begins, np.minimum(closed, last)


def _follow_ups(rng: np.random.Generator, cases: Cases, count: int, first_day: datetime, end: datetime) -> Part:
    """``count`` later contacts between two midnights; a few cases draw most of the attention."""
    first, last = np.datetime64(first_day, "D"), np.datetime64(end, "D") - 1
    begins, ends = _window(cases, first, last)
    length = (ends - begins).astype(np.int64) + 1
    attention = np.where(length >= 3, length * rng.gamma(1.6, size=len(cases)), 0.0)
    case = rng.choice(len(cases), size=count, p=attention / attention.sum())
    flow = rng.choice(_FOLLOW_UPS, size=count, p=_FOLLOW_UP_WEIGHTS)
    flow = np.where((flow == HANDOVER) & ~cases.handed_over[case], ASSESSMENT, flow)
    return case, draw_within(rng, begins[case], ends[case], np.isin(flow, (REQUEST, PREVENTION))), flow


def _fill(
    rng: np.random.Generator, cases: Cases, staff: Staff, words: Vocabulary, case: np.ndarray, at: np.ndarray, flow: np.ndarray
) -> Disclosures:
    """Sender, recipient, fields and the rest for contacts whose case, time and flow are known."""
    count = len(case)
    home = cases.home[case]
    local = np.where((rng.random(count) < 0.6) & (home >= 0), home, ENTRY)  # the municipal side of the contact
    inward = np.isin(flow, (REPORT, ASSESSMENT)) | ((flow == OTHER) & (rng.random(count) < 0.5))
    sender = np.where(inward, POLICE, np.where(flow == HANDOVER, ENTRY, local))
    recipient = np.where(flow == REPORT, ENTRY, np.where(flow == HANDOVER, home, np.where(inward, local, POLICE)))
    units = np.array([county.UNITS.index(unit) if (unit := county.unit_of(name)) else -1 for name in county.ORGANISATIONS])
    chosen = _draw_fields(rng, words, cases.protection[case], flow)
    requested = cases.reported_at[case] + np.floor(
        rng.random(count) * (cases.decided_at[case] - cases.reported_at[case]).astype(np.int64)
    ).astype(np.int64)
    asked = (flow == FEEDBACK) & (rng.random(count) < 0.7) & ~np.isnat(cases.decided_at[case])
    return Disclosures(
        case=case,
        at=at,
        flow=flow,
        sender=sender,
        sender_unit=units[sender],
        user=staff.draw_active(rng, sender),
        recipient=recipient,
        recipient_unit=units[recipient],
        fields=chosen,
        grounds=np.full(count, -1),
        channel=rng.choice(4, size=count, p=county.CHANNEL_WEIGHTS),
        motivation=np.full(count, -1),
        requested_at=np.where(asked, requested, NAT),
    )


def _draw_fields(rng: np.random.Generator, words: Vocabulary, protection: np.ndarray, flow: np.ndarray) -> np.ndarray:
    """A field set of the flow that the child's protection allows: all sets, those without whereabouts, those without a name."""
    level = np.select([protection == 3, np.isin(protection, (1, 2))], [2, 1], 0)
    chosen = np.full(len(flow), -1)
    for number, name in enumerate(county.FLOWS):
        for care, sets in enumerate(county.FIELD_SETS[name]):
            rows = np.flatnonzero((flow == number) & (level == care))
            numbers = np.array([words.fields.number(tuple(one)) for one in sets])
            chosen[rows] = numbers[rng.integers(0, len(sets), size=len(rows))]
    return chosen


def _repeats(rows: Disclosures) -> np.ndarray:
    """The rows that say the same about the same case to the same recipient as another row within the past 25 hours."""
    order = np.lexsort((rows.at, rows.fields, rows.flow, rows.recipient, rows.case))
    same = np.ones(max(len(rows) - 1, 0), dtype=bool)
    for column in (rows.case, rows.recipient, rows.flow, rows.fields):
        same &= column[order][1:] == column[order][:-1]
    near = (rows.at[order][1:] - rows.at[order][:-1]).astype(np.int64) <= 25 * 3600
    return order[1:][same & near]


def _spread_out(rng: np.random.Generator, cases: Cases, rows: Disclosures, period: Period) -> None:
    """Give follow-ups another moment until hardly any repeats what was said within the past day."""
    month_start, month_end = np.datetime64(period.start, "D"), np.datetime64(period.end, "D")
    begins, ends = _window(cases, month_start, month_end - 1)
    movable = np.isin(rows.flow, _FOLLOW_UPS) & (rows.at >= month_start) & (rows.at < month_end)
    movable &= ((ends - begins).astype(np.int64) >= 2)[rows.case]
    movable &= rows.at > cases.reported_at[rows.case] + 86400  # not the first handover, which has a deadline
    movable &= ~is_lapsed(rows.at.astype("datetime64[D]"))
    for _ in range(12):
        again = _repeats(rows)
        again = again[movable[again]]
        if not len(again):
            return
        case = rows.case[again]
        rows.at[again] = draw_within(rng, begins[case], ends[case], np.isin(rows.flow[again], (REQUEST, PREVENTION)))


def _settle_grounds(rng: np.random.Generator, cases: Cases, words: Vocabulary, rows: Disclosures) -> None:
    """Record grounds that hold at the moment of the disclosure, and a motivation wherever one is called for."""
    count = len(rows)
    decided = ~np.isnat(cases.decided_at[rows.case]) & (cases.decided_at[rows.case] <= rows.at)
    open_enquiry = (cases.decision[rows.case] == ALREADY_OPEN) | ((cases.decision[rows.case] == OPENED) & decided)
    second = rng.random(count) < 0.35
    second = np.where(rows.flow == ASSESSMENT, open_enquiry & (rng.random(count) < 0.8), second)
    called_for = np.zeros(count, dtype=bool)
    for number, name in enumerate(county.FLOWS):
        sets = county.GROUND_SETS[name]
        for choice, (grounds, needs_motivation) in enumerate(sets):
            mine = (rows.flow == number) & (second == bool(choice) if len(sets) > 1 else True)
            rows.grounds[mine] = words.grounds.number(grounds)
            called_for |= mine & needs_motivation
    called_for |= words.fields.holding(county.SENSITIVE)[rows.fields]
    written = called_for | (rng.random(count) < 0.2)
    spans = np.array([words.spans[number] for number in range(len(county.FLOWS))])[rows.flow]
    sentence = spans[:, 0] + np.floor(rng.random(count) * (spans[:, 1] - spans[:, 0])).astype(np.int64)
    rows.motivation = np.where(written, sentence, -1)


def to_arrow(rows: Disclosures, words: Vocabulary, staff: Staff, first_serial: int) -> pa.Table:
    """The rows of the table; serials run from ``first_serial``."""
    texts = pa.list_(pa.string())
    columns = {
        "_serial": np.arange(first_serial, first_serial + len(rows)),
        "_case": rows.case,
        "_order": rows.at,
        "at": rows.at,
        "sender": pick(county.ORGANISATIONS, rows.sender, pa.string()),
        "sender_unit": pick(county.UNITS, rows.sender_unit, pa.string()),
        "user_id": pick(staff.users, rows.user, pa.string()),
        "recipient": pick(county.ORGANISATIONS, rows.recipient, pa.string()),
        "recipient_unit": pick(county.UNITS, rows.recipient_unit, pa.string()),
        "purpose": pick(county.FLOWS, rows.flow, pa.string()),
        "fields": pick(words.fields.values, rows.fields, texts),
        "grounds": pick(words.grounds.values, rows.grounds, texts),
        "channel": pick(county.CHANNELS, rows.channel, pa.string()),
        "motivation": pick(words.sentences, rows.motivation, pa.string()),
        "requested_at": rows.requested_at,
    }
    return working_table("disclosures", columns, len(rows))
