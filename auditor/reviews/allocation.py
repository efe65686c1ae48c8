"""How many accesses are drawn from each stratum, and what a sample without any fault says of all accesses.

Proportional allocation in stratified sampling (W. G. Cochran, Sampling Techniques, 3rd edition, 1977, chapter 5), made whole by
the largest remainder. The bound is exact: faults are laid where the sample is least likely to meet them, each stratum being
hypergeometric (docs/sample.md).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction

CONFIDENCE = 0.95


def allocate(sizes: Mapping[str, int], n: int) -> dict[str, int]:
    """How many to draw from each stratum; ``sizes`` are the accesses of each. The numbers add up to ``n``, or to all there are.

    Each stratum that is not empty gets at least one while ``n`` allows; when it does not, the largest get one each.
    """
    order = sorted((name for name, size in sizes.items() if size), key=lambda name: (-sizes[name], name))
    total = sum(sizes[name] for name in order)
    n = min(n, total)
    if n <= len(order):
        return {name: int(name in order[:n]) for name in sizes}
    quotas = {name: Fraction(n * sizes[name], total) for name in order}
    given = {name: math.floor(quotas[name]) for name in order}
    by_remainder = sorted(order, key=lambda name: (given[name] - quotas[name], -sizes[name], name))
    for name in by_remainder[: n - sum(given.values())]:
        given[name] += 1
    for name in [name for name in order if not given[name]]:  # taken from where most was given beyond its share
        most = max((other for other in order if given[other] > 1), key=lambda other: given[other] - quotas[other])
        given[most] -= 1
        given[name] = 1
    return {name: given.get(name, 0) for name in sizes}


def most_faults(strata: Sequence[tuple[int, int]], confidence: float = CONFIDENCE) -> int:
    """The greatest number of faults among all accesses that a sample without any fault leaves possible.

    ``strata`` are (accesses, drawn). With more faults, however they lie, such a sample has a probability below
    ``1 - confidence``.
    """
    allowed = -math.log1p(-confidence)
    low, high = 0.0, 1.0
    for _step in range(200):  # a fault costs more the fewer are left; all faults up to one cost are laid, the cheapest first
        middle = (low + high) / 2
        if _cost(strata, _laid(strata, middle)) <= allowed:
            low = middle
        else:
            high = middle
    laid = _laid(strata, low)
    while True:
        following = [
            (drawn / (size - faults), place)
            for place, ((size, drawn), faults) in enumerate(zip(strata, laid, strict=True))
            if faults < size - drawn
        ]
        if not following:
            return sum(laid)
        laid[min(following)[1]] += 1
        if _cost(strata, laid) > allowed:
            return sum(laid) - 1


def _laid(strata: Sequence[tuple[int, int]], most: float) -> list[int]:
    """How many faults lie in each stratum when no fault is met by the draw with a probability above ``most``."""
    return [
        size if not drawn else max(0, min(size - drawn, math.floor(size + 1 - drawn / most))) if most else 0
        for size, drawn in strata
    ]


def _cost(strata: Sequence[tuple[int, int]], laid: Sequence[int]) -> float:
    """Minus the logarithm of the probability that the sample meets no fault."""
    return sum(
        _log_ways(size, drawn) - _log_ways(size - faults, drawn) for (size, drawn), faults in zip(strata, laid, strict=True)
    )


def _log_ways(size: int, drawn: int) -> float:
    """The logarithm of the number of ways to draw so many of so many, without the part that depends on the drawn alone."""
    return math.lgamma(size + 1) - math.lgamma(size - drawn + 1)
