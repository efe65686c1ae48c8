"""Which numbers of a report must be left out, so that nobody can work out a small one: cell suppression.

Numbers are sums of *atoms* (the count of one check or verdict in one stretch of months). A number is small when what is left
of it after taking away what one reader knows already is 1 to the threshold. Small numbers are left out, and so are more
numbers, until every small one could be any of 1 to the threshold as far as a reader can tell: for each there is a *move*, a
change of atoms that no published number shows, that can be made step by step through all those values. Moves are found one
number after the other, each by a linear program that leaves out as little more as it can: the sequential form of cell
suppression by linear programming (J. P. Kelly, B. L. Golden, A. A. Assad: Cell suppression, Networks 22, 1992; A. Hundepool
and others: Statistical Disclosure Control, Wiley 2012, chapter 4). Since a move stays hidden when yet more is left out, one
pass is enough.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix, hstack, identity, vstack

Numbers = NDArray[np.int64]
Reals = NDArray[np.float64]
_FAR = 1e6


class Standing(IntEnum):
    """What may become of a number: it may still be published, it was published before, or it is hidden (it was suppressed in
    an earlier report, or is a difference that no report shows)."""

    OPEN = 0
    GIVEN = 1
    HIDDEN = 2


@dataclass(frozen=True)
class Problem:
    """What is to be protected.

    ``atoms``: the value of each atom, at least 1. ``cells``: cells x atoms, 1 where the atom is part of the number.
    ``standing``: of each cell. ``costs``: how much is lost when it is left out.
    A number that is left out is known not to be 0 when no sum above it is left out, since a 0 is told there: ``above`` holds
    for each place where a number stands in this report (``place_of``: its cell) the cells of the sums above it; ``not_zero``
    says of which cells earlier reports tell so.
    ``readers``: readers x atoms, what each knows of the atoms; the first knows nothing. ``order``: pairs of
    rows (inequalities x atoms) whose value is known to be at least 0. ``changed``: by how much a cell differs from
    what was published of the same months before they were audited again.
    """

    atoms: Numbers
    cells: csr_matrix
    standing: NDArray[np.int8]
    above: csr_matrix
    place_of: Numbers
    not_zero: NDArray[np.bool_]
    costs: Reals
    readers: Numbers
    order: csr_matrix
    changed: Numbers
    threshold: int


@dataclass(frozen=True)
class _Target:
    """A small number as a reader sees it: it must be able to rise and to fall so far. ``reader`` is the row of readers."""

    cell: int
    up: int
    down: int
    reader: int


class Unprotectable(Exception):
    """A small number cannot be hidden, however much is left out: earlier reports give it away."""


def left_out(problem: Problem) -> NDArray[np.bool_]:
    """Which cells must be left out, of those that may still be published. Raises Unprotectable."""
    return _Work(problem).solve()


@dataclass
class _Work:
    problem: Problem
    closed: NDArray[np.bool_] = field(init=False)
    #: Moves with the changes that they make to the cells and to what the inequalities say.
    moves: list[tuple[Numbers, Numbers, Numbers]] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        p = self.problem
        self.values: Numbers = np.asarray(p.cells @ p.atoms).ravel()
        self.known: Numbers = np.asarray(p.cells @ p.readers.T)
        self.closed = p.standing == Standing.HIDDEN
        #: What is left of each atom for the reader who knows most of it.
        self.least: Numbers = p.atoms - p.readers.max(axis=0, initial=0)
        self.ordered: Numbers = np.asarray(p.order @ p.atoms).ravel()
        #: By how much each inequality holds for the reader for whom it is tightest.
        self.tight: Numbers = np.maximum(0, self.ordered - np.asarray(p.order @ p.readers.T).max(axis=1, initial=0))
        size = p.cells.shape[0]
        eye = identity(size, format="csr")
        sums = hstack([p.cells, -eye, eye], format="csr")
        order = hstack([p.order, csr_matrix((p.order.shape[0], 2 * size))], format="csr")
        self.matrix = vstack([sums, order], format="csr").astype(float)

    def solve(self) -> NDArray[np.bool_]:
        targets = self._targets()
        for target in sorted(targets, key=lambda t: (self.values[t.cell], t.cell, t.reader)):
            if not self._has_move(target):
                self._protect(target)
        out: NDArray[np.bool_] = self.closed & (self.problem.standing == Standing.OPEN)
        return out

    # -------------------------------------------------------------------------------------------------- what is small

    def _targets(self) -> list[_Target]:
        """Every small number as each reader sees it, readers who know the same of it once; those still open are closed."""
        p, found = self.problem, []
        for cell in np.flatnonzero(p.standing != Standing.GIVEN):
            rests = self.values[cell] - self.known[cell]
            small = np.flatnonzero((rests >= 1) & (rests <= p.threshold))
            rise, fall = self._changes(int(cell))
            if not len(small) and not rise + fall:
                continue
            self.closed[cell] = True
            seen: set[tuple[int, bytes]] = set()
            inside = p.cells.getrow(cell).indices
            for reader in small.tolist():
                rest = int(rests[reader])
                alike = (rest, p.readers[reader, inside].tobytes())
                if alike not in seen:
                    seen.add(alike)
                    found.append(_Target(int(cell), p.threshold - rest, rest - 1, reader))
            if rise + fall:
                found.append(_Target(int(cell), rise, fall, 0))
        return found

    def _changes(self, cell: int) -> tuple[int, int]:
        """How far a number that was changed by few since it was published must be able to move."""
        by, most = int(self.problem.changed[cell]), self.problem.threshold
        if by == 0 or abs(by) > most:
            return 0, 0
        return (most - by, by - 1) if by > 0 else (-by - 1, most + by)

    # -------------------------------------------------------------------------------------------------------- moves

    def _room(self) -> Numbers:
        """How far each number may fall as far as a reader can tell: to 0, or to 1 where it is known not to be 0."""
        p = self.problem
        certain = p.not_zero.copy()
        certain[p.place_of[np.asarray(p.above @ self.closed).ravel() == 0]] = True
        return self.values - certain

    def _slack(self, target: _Target, *, exact: bool) -> tuple[Numbers, Numbers]:
        """How far each atom may fall, and how tight each inequality is: for every reader, or exactly for the target's own."""
        p = self.problem
        own: Numbers = p.atoms - p.readers[target.reader]
        if exact:
            return own, np.maximum(0, self.ordered - np.asarray(p.order @ p.readers[target.reader]).ravel())
        slack = self.least.copy()
        inside = p.cells.getrow(target.cell).indices
        slack[inside] = own[inside]
        return slack, self.tight

    def _has_move(self, target: _Target) -> bool:
        """Whether a move found for another number serves this one too."""
        if not self.moves:
            return False
        turn = np.array([sums[target.cell] for _move, sums, _orders in self.moves])
        fitting = np.flatnonzero(np.abs(turn) == 1)
        if not len(fitting):
            return False
        moves, sums, orders = (np.array([self.moves[n][part] * turn[n] for n in fitting]) for part in range(3))
        slack, tight = self._slack(target, exact=False)
        room = self._room()
        good = np.ones(len(moves), bool)
        for times, way in ((target.up, 1), (target.down, -1)):
            if times:
                good &= ((way * times * moves + slack) >= 0).all(axis=1)
                good &= ((way * times * sums + room) >= 0).all(axis=1)
                good &= ((way * times * orders + tight) >= 0).all(axis=1)
        return bool(good.any())

    def _protect(self, target: _Target) -> None:
        for exact in (False, True):
            slack, tight = self._slack(target, exact=exact)
            move = self._move(target, 1, slack // max(target.up, 1), slack // max(target.down, 1), tight, cycle=True)
            if move is not None:
                self._take(move)
                return
        for step in [k for k in range(-target.down, target.up + 1) if k]:
            move = self._move(target, step, slack, np.full(len(slack), np.int64(_FAR)), tight, cycle=False)
            if move is None:
                raise Unprotectable
            self._take(move, serves_others=False)

    def _take(self, move: Numbers, *, serves_others: bool = True) -> None:
        sums: Numbers = np.asarray(self.problem.cells @ move).ravel()
        self.closed |= sums != 0
        if serves_others:
            self.moves.append((move, sums, np.asarray(self.problem.order @ move).ravel()))

    def _move(self, target: _Target, step: int, fall: Numbers, rise: Numbers, tight: Numbers, *, cycle: bool) -> Numbers | None:
        """The cheapest change of atoms that changes the target by ``step`` and no number that was published before.

        With ``cycle`` it can be made ``up`` times, and backwards ``down`` times; else once. None when there is none.
        """
        p, size = self.problem, self.problem.cells.shape[0]
        up, down = (target.up, target.down) if cycle else (1, 0)
        room = self._room()
        frozen = p.standing == Standing.GIVEN
        low = -(room // max(up, 1)) if up else np.full(size, -_FAR)
        high = room // max(down, 1) if down else np.full(size, _FAR)
        low, high = np.where(frozen, 0, low).astype(float), np.where(frozen, 0, high).astype(float)
        low[target.cell] = high[target.cell] = step
        limit = 1.0 if cycle else _FAR
        atoms_low = -np.minimum(fall, limit) if up else np.full(len(fall), -limit)
        atoms_high = np.minimum(rise, limit) if down or not cycle else np.full(len(rise), limit)
        bounds = Bounds(
            np.concatenate([atoms_low, np.zeros(2 * size)]),
            np.concatenate([atoms_high, np.maximum(high, 0), np.maximum(-low, 0)]),
        )
        cost = np.where(self.closed | frozen, 0.0, p.costs)
        order_low = -(tight // max(up, 1)) if up else np.full(len(tight), -_FAR)
        order_high = tight // max(down, 1) if down else np.full(len(tight), _FAR)
        rows = LinearConstraint(
            self.matrix, np.concatenate([np.zeros(size), order_low]), np.concatenate([np.zeros(size), order_high])
        )
        if low[target.cell] > 0:  # the sum of rise and fall, of which one alone can be taken
            bounds.lb[len(fall) + target.cell] = step
        else:
            bounds.lb[len(fall) + size + target.cell] = -step
        return _solved(np.concatenate([np.full(len(fall), 0.0), cost + 1e-4, cost + 1e-4]), rows, bounds, len(fall))


def _solved(cost: Reals, rows: LinearConstraint, bounds: Bounds, atoms: int) -> Numbers | None:
    """The whole-numbered solution: the linear program's own where it is whole, as it nearly always is, else by branching."""
    for whole in (False, True):
        integrality = np.zeros(len(cost))
        integrality[:atoms] = whole
        answer: Any = milp(cost, integrality=integrality, bounds=bounds, constraints=rows)
        if answer.x is None:
            return None
        move: Numbers = np.rint(answer.x[:atoms]).astype(np.int64)
        if whole or np.abs(answer.x[:atoms] - move).max(initial=0) < 1e-6:
            return move
    return None
