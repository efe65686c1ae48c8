"""What the columns, rows and texts of statistics are taken for: counts, shares, rates, means, codes, and counts in words."""

from __future__ import annotations

import pytest

from auditor.statistics.cells import cell_faults
from auditor.statistics.check import _not_understood
from auditor.statistics.dominance import dominance_faults
from auditor.statistics.model import Settings
from auditor.statistics.parts import part_faults
from auditor.statistics.reasons import WORDS
from auditor.statistics.shares import _Told, _told
from auditor.statistics.suppression import suppressed_cells
from tests.statistics_files import understood


def faults(table: str, settings: Settings | None = None) -> set[str]:
    """The codes of what keeps a table from leaving; its lines are parted by `` / ``."""
    settings = settings or Settings()
    read = understood(table.replace(" / ", "\n"), settings)
    found = [*_not_understood(read), *cell_faults(read, settings), *suppressed_cells(read, settings)]
    found += [*part_faults(read, settings), *dominance_faults(read, settings, None)]
    return {fault.code for fault in found if WORDS[fault.code].weight.value != "note"}


# Shares of great numbers


@pytest.mark.parametrize(
    ("table", "codes"),
    [
        ("Kommun;Kostnad kr;Andel % / Nacka;5000000000;12 / Täby;40000000000;50", set()),
        (f"Kommun;Antal;Andel / Nacka;20;{'9' * 400} %", {"share-unfit"}),
        (f"Kommun;Antal;Andel / Nacka;20;{'9' * 308} %", {"share-unfit"}),
    ],
)
def test_shares_of_any_size_are_judged_at_once(table: str, codes: set[str]) -> None:
    assert faults(table) == codes


@pytest.mark.parametrize("base", range(25))
def test_the_first_and_the_last_count_tell_what_all_of_them_do(base: int) -> None:
    for share in range(121):
        low, high = (share - 0.5) / 100 * base, (share + 0.5) / 100 * base
        counts = [count for count in range(base + 1) if low - 1e-9 <= count <= high + 1e-9]
        if not counts:
            told = _Told.UNFIT
        elif not all(0 < count < 5 or base - count < 5 for count in counts):
            told = _Told.NOTHING
        else:
            told = _Told.ALL if base in counts else _Told.SMALL
        assert _told(share, 0, 100.0, base, 5) is told
