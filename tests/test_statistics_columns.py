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


# What shares are of


@pytest.mark.parametrize(
    "table",
    [
        "Kommun;Flickor;Pojkar;Totalt;Andel flickor med insats, % / Nacka;20;480;500;15 / Täby;60;340;400;50",
        "Ålder;Barn i kommunen;Andel av placerade (n=60), % / 0–6 år;5000;5 / 7–12 år;6000;35 / 13–17 år;4000;60",
        "Kommun;Barn;Andel (n=60), % / Nacka;..;5 / Täby;..;35",
        "Kommun;Flickor;Pojkar;Totalt;Andel flickor med insats, % / Nacka;6;6;12;50 / Täby;20;20;40;50",
    ],
)
def test_a_share_is_held_against_every_number_that_it_may_be_of(table: str) -> None:
    assert faults(table) & {"share-alone", "share-small"}


@pytest.mark.parametrize(
    "table",
    [
        "Kommun;Flickor;Pojkar;Totalt;Andel flickor, % / Nacka;17;25;42;40 / Täby;50;52;102;49",
        "Kommun;Flickor;Totalt;Andel flickor, % / Nacka;8;16;50 / Täby;20;40;50",
        "Kommun;Flickor;Pojkar;Totalt;Andel med insats, % / Nacka;60;70;130;5 / Täby;80;90;170;20",
        "Kommun;Antal barn;Placerade barn;Andel placerade, % / Nacka;16;8;50 / Täby;200;50;25",
        "Kommun;Ärenden;Utredningar;Andel inom fyra månader, % / Nacka;200;90;85 / Täby;300;120;70",
    ],
)
def test_shares_that_tell_nothing_beside_their_numbers_may_leave(table: str) -> None:
    assert faults(table) == set()


@pytest.mark.parametrize(
    "table",
    [
        "Mått;Nacka;Täby / Antal barn;20;40 / Andel flickor, %;15;50",
        "Mått;Nacka;Täby / Antal barn;20;40 / Andel flickor;15 %;50 %",
        "Kommun;Nyckeltal;Värde / Nacka;Antal placerade barn;20 / Nacka;Andel flickor (%);15"
        " / Täby;Antal placerade barn;40 / Täby;Andel flickor (%);50",
        "Kommun;Barn 0–17 år;Placerade per 10 000 barn / Nacka;6000;5 / Täby;8000;25",
        "Kommun;Barn 0–17 år;Antal placerade per tusen / Nacka;600;5 / Täby;800;25",
        "Kommun;Barn;Placerade barn (‰) / Nacka;600;5 / Täby;800;25",
        "Kommun;2020;2025;Index (2020=100) / Nacka;..;24;800 / Täby;40;40;100",
        "Kommun;Vårddygn;Dygn per barn / Nacka;300;100 / Täby;4000;80",
        "Mått;Nacka;Täby / Vårddygn;300;4000 / Genomsnitt per barn;100;80",
        "Kommun;2023;2024;2025;Treårsmedel / Nacka;..;20;22;15 / Täby;30;40;50;40",
        *(
            f"Kommun;Antal;{heading} / Nacka;20;15 / Täby;40;50"
            for heading in ("Flickandel", "Antal flickor %", "Flickor (proc.)", "Täckningsgrad", "Fördelning", "Flickkvot")
        ),
    ],
)
def test_shares_rates_means_and_indexes_are_no_counts(table: str) -> None:
    assert faults(table) & {"share-alone", "share-small", "sums-unknown"}


@pytest.mark.parametrize(
    "table",
    [
        "Mått;Nacka;Täby / Antal barn;200;400 / Andel flickor, %;45;50",
        "Mått;Nacka;Täby / Antal barn;200;400 / Antal flickor;90;200 / Andel flickor, %;45;50",
        "Kommun;Nyckeltal;Värde / Nacka;Antal barn;200 / Nacka;Andel flickor (%);45 / Täby;Antal barn;400"
        " / Täby;Andel flickor (%);50",
        "Kommun;Anmälningar;Anmälningar per 1 000 barn / Nacka;90;12 / Täby;200;25",
        "Kommun;Orosanmälningar;Antal anmälningar per 1 000 barn / Nacka;90;12,4 / Täby;200;25,1",
        "Kommun;Invånare;Anmälningar;Per 1 000 invånare / Nacka;9000;90;10 / Täby;8000;200;25",
        "Kommun;Barn 0–17 år;Placerade per 10 000 barn / Nacka;60000;50 / Täby;80000;25",
        "Kommun;2020;2025;Index (2020=100) / Nacka;20;24;120 / Täby;40;40;100",
        "Kommun;Vårddygn;Barn;Dygn per barn / Nacka;3000;30;100 / Täby;4000;50;80",
        "Kommun;Placerade per 31 december;Placerade per 1 november 2025 / Nacka;20;40 / Täby;40;60",
        "Kommun;Antal elever med 100 % närvaro / Nacka;20 / Täby;30",
        "Brott;Antal / Människohandel;20 / Läkemedel;30",
        "Risk;Antal / Låg;20 / Medel;30 / Hög;40",
        "Kommun;Människohandel;Läkemedel / Nacka;20;40 / Täby;30;60",
        "Närvaro;Antal / Högst 50 %;20 / Mer än 50 %;30",
    ],
)
def test_rates_of_published_counts_and_words_that_look_like_shares_may_leave(table: str) -> None:
    assert faults(table) == set()


@pytest.mark.parametrize("heading", ["Antal flickor %", "Fördelning", "Täckningsgrad", "Index"])
def test_what_may_be_shares_as_well_as_counts_cannot_be_judged(heading: str) -> None:
    assert faults(f"Kommun;Antal;{heading} / Nacka;200;3 / Täby;300;40") == {"share-alone"}


# Counts in texts


@pytest.mark.parametrize(
    "table",
    [
        "Kommun;Underlag;Antal anmälningar / Nacka;n=3;20 / Täby;n=40;80",
        "Kommun;Varav flickor;Antal / Nacka;tre flickor;20 / Täby;fyra flickor;80",
        "Kommun;Flickor (n=3);Pojkar (n=40) / Nacka;20;30 / Täby;25;80",
        "Kommun;Anmärkning;Antal / Nacka;;20 / Täby;varav tre flickor;30",
        "Kommun;Anmärkning;Antal / Nacka;;20 / Täby;endast tre av dem inledda;30",
        "Kommun;Antal / Nacka (3 barn);20 / Täby;30",
        "Kommun;Antal / Nacka, varav 2 pojkar;20 / Täby;30",
        "Kommun;Antal;Flickor (varav tre barn utan vårdnadshavare) / Nacka;20;30 / Täby;40;80",
    ],
)
def test_a_small_count_in_a_text_is_told_wherever_it_stands(table: str) -> None:
    assert faults(table) & {"count-in-text", "cell-not-number"}


@pytest.mark.parametrize(
    "table",
    [
        "Ålder;Antal / 0–3 år;20 / 4–6 år;30",
        "Kommun;Ålder;Antal / Nacka;0–3 år;20 / Nacka;4–6 år;30",
        "Årskurs;Antal / Årskurs 3;20 / Årskurs 6;30",
        "Kommun;Årskurs 3 flickor;Årskurs 3 pojkar / Nacka;20;30 / Täby;25;80",
        "Tid;Antal / Kvartal 3;20 / Kvartal 4;30",
        "Insatser;Antal / En insats;20 / Två insatser;30 / 2 insatser eller fler;40",
        "Familj;Antal / Ett barn;20 / Två barn;30 / Tre barn eller fler;40",
        "Familj;Antal / Ensamstående med två barn;30 / Sammanboende med tre barn;40",
        "Kommun;Flickor (n=30);Pojkar (n=40) / Nacka;20;30 / Täby;25;80",
        "Kommun;Varav 0–3 år;Varav 4–6 år / Nacka;20;30 / Täby;25;80",
        "Kommun;Antal / Nacka (40 barn);20 / Täby;30",
        "Kommun;Anmärkning;Antal / Nacka;preliminär;20 / Täby;;30",
        "Kön;Antal / En flicka eller kvinna utsatt;20 / En man utsatt;30",
    ],
)
def test_ages_grades_and_kinds_of_families_are_no_counts(table: str) -> None:
    assert faults(table) == set()


def test_a_rate_of_barn_beside_some_of_them_cannot_be_judged() -> None:
    """The one column may be those who are counted, or those whom they are counted of."""
    table = "År;Placerade barn;Antal per 1 000 barn 0–17 år / 2023;320;9 / 2024;340;10"
    assert faults(table) == {"share-alone"}
