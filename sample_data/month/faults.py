"""Small everyday faults, spread thinly over the bulk rows: what goes wrong in any office, whatever its size.

Each fault takes rows of its own, so that one row seldom shows two. The deliberate stories stand in ``planters``.
"""

from __future__ import annotations

import numpy as np

from . import county
from .cases import Cases
from .disclosures import ENTRY, HANDOVER, POLICE, REPORT, Disclosures, Vocabulary
from .period import Period
from .staff import Staff

_NEIGHBOUR = {code: county.CONFIRMED[(place + 1) % len(county.CONFIRMED)] for place, code in enumerate(county.CONFIRMED)}


class _Lots:
    """Draws rows without ever drawing one twice."""

    def __init__(self, rng: np.random.Generator, count: int) -> None:
        self._order = rng.permutation(count)
        self._used = np.zeros(count, dtype=bool)
        self._count = count

    def draw(self, share: float, among: np.ndarray | None = None) -> np.ndarray:
        """So large a share of all rows, out of those marked in ``among``; fewer when there are not so many left."""
        free = self._order[~self._used[self._order]]
        if among is not None:
            free = free[among[free]]
        drawn = free[: round(share * self._count)]
        self._used[drawn] = True
        return drawn


def spoil_cases(rng: np.random.Generator, cases: Cases, period: Period) -> None:
    """Cases registered elsewhere (T6), unlike the target group (T2, T3, T5), with gaps in them, or decided too late (P8)."""
    lots = _Lots(rng, len(cases))
    elsewhere = lots.draw(0.025)
    cases.registered[elsewhere] = rng.choice(
        [county.ORGANISATION_INDEX[code] for code in county.CONFIRMED], size=len(elsewhere)
    )
    cases.concern[lots.draw(0.003)] = county.INNOCENT_CONCERNS
    cases.found_in[lots.draw(0.003)] = county.ORGANISATION_INDEX["0380"]
    cases.reporter[lots.draw(0.003)] = county.ORGANISATION_INDEX[county.REGION]
    cases.registered[lots.draw(0.003)] = -1
    cases.found_in[lots.draw(0.003)] = -1
    cases.concern[lots.draw(0.003)] = -1
    cases.protection[lots.draw(0.004)] = -1
    unconfirmed = lots.draw(0.005)
    cases.home[unconfirmed] = rng.choice(
        [county.ORGANISATION_INDEX[code] for code in county.UNCONFIRMED], size=len(unconfirmed)
    )
    cases.registered[unconfirmed] = cases.home[unconfirmed]
    in_month = cases.reported_at >= np.datetime64(period.start, "s")
    in_time_for_a_fault = cases.reported_at < np.datetime64(period.end, "s") - 20 * 86400
    late = lots.draw(0.012, in_month & in_time_for_a_fault & (cases.decision == 0) & np.isnat(cases.closed_at))
    cases.decided_at[late] = cases.reported_at[late] + rng.integers(17 * 86400, 19 * 86400, size=len(late))


def spoil_disclosures(
    rng: np.random.Generator, rows: Disclosures, cases: Cases, staff: Staff, words: Vocabulary, period: Period
) -> None:
    """E-mail (P5), forgotten motivations (F4, B6) and grounds (B1), old law (B3), fields too many (F1), a wrong municipality
    (R1), a former employee's account (R5), a late handover (P7), and what the log does not say."""
    lots = _Lots(rng, len(rows))
    rows.channel[lots.draw(0.010)] = county.CHANNELS.index("email")
    rows.channel[lots.draw(0.010)] = -1
    rows.grounds[lots.draw(0.006)] = -1
    rows.fields[lots.draw(0.004)] = -1
    rows.sender_unit[lots.draw(0.003, rows.sender == ENTRY)] = -1
    rows.recipient_unit[lots.draw(0.003, rows.recipient == ENTRY)] = -1
    rows.user[lots.draw(0.002)] = -1
    from_police = rows.sender == POLICE
    rows.grounds[lots.draw(0.003, from_police & (rows.flow != county.FLOW_INDEX["other_channel"]))] = words.grounds.number(
        ("SoL 14:1", "OSL 10:28")
    )
    called_for = words.fields.holding(county.SENSITIVE)[rows.fields] | (rows.flow == county.FLOW_INDEX["request"])
    rows.motivation[lots.draw(0.009, called_for)] = -1
    rows.fields[lots.draw(0.004, rows.flow == HANDOVER)] = words.fields.number(("name", "person_id", "concern", "record"))
    rows.fields[lots.draw(0.002, rows.flow == REPORT)] = words.fields.number(("name", "person_id", "concern", "decision"))
    _misdirect(lots.draw(0.003, (rows.flow == HANDOVER) & (cases.reported_at[rows.case] + 86400 < rows.at)), rows)
    _borrow_accounts(lots.draw(0.007, ~from_police), rows, staff)
    first = (rows.flow == HANDOVER) & (rows.at <= cases.reported_at[rows.case] + 86400)
    _delay(rng, lots.draw(0.003, first & _early_enough(rows, period)), rows)


def _early_enough(rows: Disclosures, period: Period) -> np.ndarray:
    """Rows that can be moved two days on without leaving the month or meeting the lapse."""
    day = rows.at.astype("datetime64[D]")
    lapse_near = (day >= np.datetime64("2026-10-07")) & (day <= np.datetime64("2026-10-11"))
    return (rows.at < np.datetime64(period.end, "s") - 4 * 86400) & ~lapse_near


def _misdirect(chosen: np.ndarray, rows: Disclosures) -> None:
    """The handover goes to another party than the child's home."""
    wrong = {county.ORGANISATION_INDEX[code]: county.ORGANISATION_INDEX[other] for code, other in _NEIGHBOUR.items()}
    for row in chosen:
        rows.recipient[row] = wrong.get(int(rows.recipient[row]), rows.recipient[row])


def _borrow_accounts(chosen: np.ndarray, rows: Disclosures, staff: Staff) -> None:
    """The account of somebody who has left the municipality is still in use."""
    for row in chosen:
        organisation = county.ORGANISATIONS[rows.sender[row]]
        rows.user[row] = staff.offset[organisation] + staff.active[organisation]


def _delay(rng: np.random.Generator, chosen: np.ndarray, rows: Disclosures) -> None:
    """The handover lies a day and a half before anybody sends it."""
    rows.at[chosen] += rng.integers(30 * 3600, 40 * 3600, size=len(chosen))
