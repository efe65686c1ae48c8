"""What a reader can work out: unknown numbers bound by sums, and the least and greatest that each of them can be.

Whole numbers are bounded by mixed-integer programming (HiGHS, through scipy): nothing that a reader could find is overlooked.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

Name = Hashable
#: HiGHS gives up after so many branches; the cell is then told as one that could not be worked out.
_MOST_NODES = 20_000
_NEAR = 1e-6


class ContradictionError(Exception):
    """No numbers fulfil all sums."""


class TooLargeError(Exception):
    """The bounds could not be worked out."""


@dataclass
class System:
    """Unknown numbers, none below zero, and equations between them. ``whole``: they are whole numbers."""

    whole: bool = True
    _least: dict[Name, float] = field(default_factory=dict)
    _greatest: dict[Name, float] = field(default_factory=dict)
    _equations: list[tuple[dict[Name, float], float]] = field(default_factory=list)

    def unknown(self, name: Name, least: float = 0.0, greatest: float | None = None) -> None:
        """A number between two bounds (None: any); said again, both bounds hold."""
        self._least[name] = max(least, self._least.get(name, 0.0))
        self._greatest[name] = min(math.inf if greatest is None else greatest, self._greatest.get(name, math.inf))

    def known(self, name: Name, value: float) -> None:
        """A number that everybody can read."""
        self.unknown(name, value, value)

    def equation(self, terms: Mapping[Name, float], total: float = 0.0) -> None:
        """The terms, each a name and what it is multiplied by, add up to ``total``."""
        self._equations.append((dict(terms), total))

    def covers(self, names: Iterable[Name], least: float, greatest: float) -> dict[Name, tuple[float, float] | None]:
        """The bounds of the numbers named, as wide as they matter: of one that may be both at most ``least`` and at least
        ``greatest``, they need not be the widest. None for a number that could not be worked out.

        Raises ContradictionError when the equations cannot all be true.
        """
        self._narrow()
        wanted = set(names)
        found: dict[Name, tuple[float, float] | None] = {
            name: (self._least[name], self._greatest[name]) for name in wanted if self._settled(name)
        }
        for part in self._parts():
            inside = sorted(wanted.intersection(part.names), key=repr)
            if inside:
                found.update(part.bounds(inside, least, greatest))
        for name in wanted - set(found):
            found[name] = (self._least[name], self._greatest[name])
        return found

    def _settled(self, name: Name) -> bool:
        return self._greatest[name] - self._least[name] < _NEAR

    def _narrow(self) -> None:
        """Bounds that follow from one equation at a time, until none is narrowed. Raises ContradictionError."""
        by_name: dict[Name, list[int]] = {}
        for place, (terms, _total) in enumerate(self._equations):
            for name in terms:
                by_name.setdefault(name, []).append(place)
        waiting = dict.fromkeys(range(len(self._equations)))
        rounds = 50 * len(self._equations)
        while waiting and rounds:
            place = next(iter(waiting))
            del waiting[place]
            rounds -= 1
            for name in self._narrow_by(*self._equations[place]):
                waiting.update(dict.fromkeys(by_name[name]))

    def _narrow_by(self, terms: Mapping[Name, float], total: float) -> list[Name]:
        ends = {name: self._ends(name, times) for name, times in terms.items()}
        low, high = sum(end[0] for end in ends.values()), sum(end[1] for end in ends.values())
        if low > total + _NEAR * max(1, abs(total)) or high < total - _NEAR * max(1, abs(total)):
            raise ContradictionError
        narrowed = []
        for name, times in terms.items():
            if self._settled(name):
                continue
            one_low, one_high = ends[name]
            rest_low = low - one_low if math.isfinite(one_low) else sum(end[0] for one, end in ends.items() if one != name)
            rest_high = high - one_high if math.isfinite(one_high) else sum(end[1] for one, end in ends.items() if one != name)
            if self._tighten(name, *sorted(((total - rest_high) / times, (total - rest_low) / times))):
                narrowed.append(name)
        return narrowed

    def _ends(self, name: Name, times: float) -> tuple[float, float]:
        if times > 0:
            return self._least[name] * times, self._greatest[name] * times
        return self._greatest[name] * times, self._least[name] * times

    def _tighten(self, name: Name, least: float, greatest: float) -> bool:
        if self.whole:
            least = math.ceil(least - _NEAR) if math.isfinite(least) else least
            greatest = math.floor(greatest + _NEAR) if math.isfinite(greatest) else greatest
        better = least > self._least[name] + _NEAR or greatest < self._greatest[name] - _NEAR
        self._least[name], self._greatest[name] = max(least, self._least[name]), min(greatest, self._greatest[name])
        if self._least[name] > self._greatest[name] + _NEAR:
            raise ContradictionError
        return better

    def _parts(self) -> list[_Part]:
        """The unknown numbers in groups that no equation ties together."""
        leader: dict[Name, Name] = {}

        def lead(name: Name) -> Name:
            while leader.setdefault(name, name) != name:
                leader[name] = leader[leader[name]]
                name = leader[name]
            return name

        left = []
        for terms, total in self._equations:
            open_terms = {name: times for name, times in terms.items() if not self._settled(name)}
            if open_terms:
                rest = sum(times * self._least[name] for name, times in terms.items() if self._settled(name))
                left.append((open_terms, total - rest))
                first, *others = open_terms
                for name in others:
                    leader[lead(name)] = lead(first)
        parts: dict[Name, _Part] = {}
        for terms, total in left:
            part = parts.setdefault(lead(next(iter(terms))), _Part(self.whole, {}, []))
            part.names.update({name: (self._least[name], self._greatest[name]) for name in terms})
            part.equations.append((terms, total))
        return list(parts.values())


@dataclass
class _Part:
    """A group of unknown numbers with their bounds and equations, put to the solver together."""

    whole: bool
    names: dict[Name, tuple[float, float]]
    equations: list[tuple[dict[Name, float], float]]

    def bounds(self, wanted: Iterable[Name], least: float, greatest: float) -> dict[Name, tuple[float, float] | None]:
        """As ``System.covers``. What one solution shows of all numbers is used for all of them."""
        import numpy as np

        order = {name: place for place, name in enumerate(self.names)}
        low, high = np.full(len(order), np.inf), np.full(len(order), -np.inf)
        found: dict[Name, tuple[float, float] | None] = {}
        solve = self._solver(order)
        for name in wanted:
            place = order[name]
            try:
                ends = list(self.names[name])
                for end, sign in ((0, 1.0), (1, -1.0)):
                    shown = low[place] <= least if end == 0 else high[place] >= greatest
                    if shown:
                        ends[end] = low[place] if end == 0 else high[place]
                        continue
                    solution = solve(place, sign)
                    if solution is None:
                        ends[end] = math.inf  # without an end
                        continue
                    np.minimum(low, solution, out=low)
                    np.maximum(high, solution, out=high)
                    ends[end] = float(solution[place])
                found[name] = (ends[0], ends[1])
            except TooLargeError:
                found[name] = None
        return found

    def _solver(self, order: Mapping[Name, int]) -> Any:
        """Finds numbers that fulfil the equations with one of them as small (1.0) or as great (-1.0) as can be.

        None where it may be as great as you like.
        """
        import numpy as np
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import csr_array

        rows, columns, values = [], [], []
        for row, (terms, _total) in enumerate(self.equations):
            for name, times in terms.items():
                rows.append(row)
                columns.append(order[name])
                values.append(times)
        matrix = csr_array((values, (rows, columns)), shape=(len(self.equations), len(order)))
        totals = np.array([total for _terms, total in self.equations])
        finite = [end for ends in self.names.values() for end in ends if math.isfinite(end)]
        far = 4 * (max([*finite, *map(abs, totals)], default=1) + 1) * max(1, len(order))  # an end for what has none
        bounds = Bounds(
            np.array([ends[0] for ends in self.names.values()]),
            np.array([min(ends[1], far) for ends in self.names.values()]),
        )
        constraint = LinearConstraint(matrix, totals, totals)
        whole = np.full(len(order), 1 if self.whole else 0)

        def solve(place: int, sign: float) -> Any:
            aim = np.zeros(len(order))
            aim[place] = sign
            result = milp(aim, constraints=constraint, bounds=bounds, integrality=whole, options={"node_limit": _MOST_NODES})
            if result.status == 2:
                raise ContradictionError
            if result.status != 0 or result.x is None:
                raise TooLargeError
            solution = np.round(result.x) if self.whole else result.x
            return None if sign < 0 and solution[place] >= far - 1 else solution

        return solve
