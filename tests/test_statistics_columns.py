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


# Counts under the headings of categories


@pytest.mark.parametrize(
    "table",
    [
        "Insats;Grupp;Klass / Stöd;20;3 / Lek;25;2",
        "Insats;Grupp;Klass / Stöd;20;3 st / Lek;25;två",
        "Insats;Klass;Grupp / Stöd;3;20 / Lek;2;25",
        "Insats;Dagar;År / HVB;40;3 / Jour;55;2",
        "Insats;År;Dagar / HVB;3;40 / Jour;2;55",
        "Placeringsform;Kommun;Region;Privat / Familjehem;3;20;30 / HVB;15;25;40",
        "Kommun;Antal;Ålder / Nacka;20;3 / Täby;30;12",
    ],
)
def test_counts_under_the_heading_of_a_category_are_not_passed_over(table: str) -> None:
    assert "column-unsure" in faults(table)
    assert "column-unsure" not in faults(table, Settings(dimensions=("Klass", "År", "Kommun", "Ålder")))


@pytest.mark.parametrize(
    "table",
    [
        "Kommun;År;Antal / Nacka;2025;20 / Nacka;2026;30",
        "Antal;Kommun;År / 20;Nacka;2025 / 30;Nacka;2026",
        "Kommun;Namn;Antal / 0182;Nacka;20 / 0160;Täby;30",
        "Namn;Kommun;Antal / Nacka;182;20 / Täby;160;30",
        "Namn;Antal;Kommunkod / Nacka;20;0182 / Täby;30;0160",
        "Kommun;Månad;Antal / Nacka;1;20 / Nacka;2;30",
        "Kommun;Kvartal;Antal / Nacka;1;20 / Täby;2;30",
        "Kommun;Ålder;Antal / Nacka;3;20 / Nacka;4;30",
        "Skola;Klass;Antal / Norr;3;20 / Norr;6;30 / Söder;3;20 / Söder;6;30",
        "Skola;Årskurs;Antal / Norr;3;20 / Söder;6;30",
        "Kod;Insats;Antal / 1;Stöd;20 / 2;Kontakt;30",
        "Kommun;Antal;Period / Nacka;20;202610 / Täby;30;202611",
        "Kommun;Antal;Ålder / Nacka;20;0–5 / Täby;30;6–12",
    ],
)
def test_years_codes_and_ages_are_categories_wherever_they_stand(table: str) -> None:
    assert faults(table) == set()
