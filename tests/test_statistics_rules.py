"""The rules of statistics against others' reading of them: pycanon, ACRO, and every filling of small tables tried out."""

from __future__ import annotations

import csv
import io
import itertools
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from auditor.engine import Engine
from auditor.release.check import make_view
from auditor.release.model import RawTable
from auditor.statistics.anonymity import anonymity_faults, measured
from auditor.statistics.cells import cell_faults
from auditor.statistics.dominance import Contribution, Contributions, dominance_faults
from auditor.statistics.model import Settings
from auditor.statistics.numbers import HeldBack, Number, read_cell
from auditor.statistics.suppression import narrower, suppressed_cells
from auditor.statistics.system import ContradictionError, System
from tests.statistics_files import understood

#: Made by benchmarks/statistics_oracles.py, in environments of their own.
ORACLES: dict[str, Any] = json.loads(Path(__file__).with_name("statistics_oracles.json").read_text(encoding="utf-8"))
SENSITIVE = ("oro", "beslut")


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


# pycanon


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with Engine(tmp_path_factory.mktemp("engine")) as opened:
        yield opened


@pytest.mark.parametrize("example", ORACLES["pycanon"]["examples"])
def test_k_and_l_are_those_of_pycanon(example: str, engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    name, quasi = example.split()
    rows = rows_of(ORACLES["microdata"][name])
    columns = tuple(rows[0])
    cells = engine.value("SELECT current_setting('temp_directory')") + f"/{name}.parquet"
    data = {f"c{place}": [row[column] for row in rows] for place, column in enumerate(columns)}
    pq.write_table(pa.table({**data, "line": range(2, len(rows) + 2)}), cells)
    raw = RawTable(1, "t", columns, tuple(data), Path(cells), len(rows))
    make_view(engine, raw)
    said = ORACLES["pycanon"]["examples"][example]
    faults = anonymity_faults(engine, raw, Settings(quasi=tuple(quasi.split(",")), sensitive=SENSITIVE))
    assert measured(engine, raw) == (said["k"], [said["l"][column] for column in SENSITIVE])
    assert any(fault.code == "class-small" for fault in faults) == (said["k"] < 5)
    assert any(fault.code == "class-alike" for fault in faults) == (said["l_all"] < 2)


# ACRO


def table_of(rows: list[dict[str, str]], *, count: bool) -> str:
    """The table with margins that ACRO made of the rows."""
    across = sorted({row["insats"] for row in rows})

    def cell(down: str | None, along: str | None) -> str:
        inside = [row for row in rows if down in (None, row["kommun"]) and along in (None, row["insats"])]
        return str(len(inside) if count else sum(int(row["kronor"]) for row in inside))

    lines = [["kommun", *across, "Totalt"]]
    for down in (*sorted({row["kommun"] for row in rows}), None):
        lines.append([down or "Totalt", *(cell(down, along) for along in (*across, None))])
    return "\n".join(";".join(line) for line in lines)


@pytest.mark.parametrize("example", ORACLES["acro"]["examples"])
def test_small_cells_and_dominance_are_those_of_acro(example: str) -> None:
    name, kind = example.split()
    rows = rows_of(ORACLES["magnitudes"][name])
    asked = ORACLES["acro"]["settings"]
    settings = Settings(
        threshold=asked["threshold"],
        dominance_n=asked["n"],
        dominance_k=asked["k_percent"],
        p_percent=asked["p_percent"],
        magnitude=("kronor",) if kind == "sum" else (),
    )
    text = table_of(rows, count=kind == "count")
    table = understood(text, settings)
    if kind == "count":
        found = [fault for fault in cell_faults(table, settings) if fault.code == "small-cell"]
    else:
        behind = [Contribution({column: row[column] for column in ("kommun", "insats")}, float(row["kronor"])) for row in rows]
        columns = {column: {row[column] for row in rows} for column in ("kommun", "insats")}
        known = Contributions(
            {column: {value.casefold() for value in values} for column, values in columns.items()},
            {"kronor": [Contribution({key: v.casefold() for key, v in one.categories.items()}, one.amount) for one in behind]},
        )
        found = dominance_faults(table, settings, known)
    headings, *lines = [line.split(";") for line in text.splitlines()]
    words = {"small-cell": "threshold", "sums-few": "threshold", "dominance-nk": "nk", "dominance-p": "p_percent"}
    ours: dict[str, list[str]] = {f"{line[0]}|{heading}": [] for line in lines for heading in headings[1:]}
    for fault in found:
        for spot in fault.spots:
            ours[f"{lines[spot.line - 2][0]}|{headings[spot.position or 0]}"].append(words[fault.code])
    assert {cell: sorted(rules) for cell, rules in ours.items()} == ORACLES["acro"]["examples"][example]


# Suppressed cells, every filling tried out


def narrowed_by_trying(table: list[list[int]], hidden: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """The hidden cells that some filling cannot make 1, or cannot make 4, while some can make them one of 1 to 4."""
    down, along = [sum(row) for row in table], [sum(column) for column in zip(*table, strict=True)]
    order = sorted(hidden)
    shown = [value for i, row in enumerate(table) for j, value in enumerate(row) if (i, j) not in hidden]
    shows_zeros = 0 in (*shown, *down, *along)
    possible: dict[tuple[int, int], set[int]] = {cell: set() for cell in order}
    ranges = [range(int(shows_zeros), min(down[i], along[j]) + 1) for i, j in order]
    for values in itertools.product(*ranges):
        filled = [list(row) for row in table]
        for (i, j), value in zip(order, values, strict=True):
            filled[i][j] = value
        if [sum(row) for row in filled] == down and [sum(column) for column in zip(*filled, strict=True)] == along:
            for cell, value in zip(order, values, strict=True):
                possible[cell].add(value)
    return {cell for cell, seen in possible.items() if narrower((min(seen), max(seen)), 5)}


@pytest.mark.parametrize("seed", range(40))
def test_what_totals_give_back_is_what_trying_every_filling_finds(seed: int) -> None:
    draw = random.Random(seed)
    height, width = draw.choice([(2, 2), (2, 3), (3, 2), (3, 3)])
    table = [[draw.choice([0, 1, 2, 3, 4, 6, 9]) for _ in range(width)] for _ in range(height)]
    spots = [(i, j) for i, j in itertools.product(range(height), range(width)) if table[i][j]]
    hidden = set(draw.sample(spots, draw.randint(1, min(4, len(spots)))))
    lines = ["Kommun;" + ";".join(f"k{j}" for j in range(width)) + ";Totalt"]
    for i, row in enumerate(table):
        cells = [".." if (i, j) in hidden else str(value) for j, value in enumerate(row)]
        lines.append(f"m{i};{';'.join(cells)};{sum(row)}")
    lines.append("Totalt;" + ";".join(str(sum(column)) for column in zip(*table, strict=True)) + f";{sum(map(sum, table))}")
    found = [
        fault for fault in suppressed_cells(understood("\n".join(lines)), Settings()) if fault.code == "suppressed-given-back"
    ]
    ours = {(spot.line - 2, (spot.position or 0) - 1) for fault in found for spot in fault.spots}
    assert ours == narrowed_by_trying(table, hidden)


def test_whole_numbers_are_bounded_as_whole_numbers() -> None:
    system = System()
    for name in ("a", "b"):
        system.unknown(name)
    system.equation({"a": 2.0, "b": 2.0}, 6.0)
    system.equation({"a": 2.0, "b": 1.0}, 5.0)
    assert system.covers(["a", "b"], 1, 4) == {"a": (2, 2), "b": (1, 1)}
    system.equation({"a": 2.0}, 5.0)
    with pytest.raises(ContradictionError):
        system.covers(["a"], 1, 4)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("1 234", Number(1234)),
        ("1\u00a0234,5", Number(1234.5, decimals=1)),
        ("1,234,567", Number(1234567)),
        ("-3", Number(-3)),
        ("12,5 %", Number(12.5, share=True, decimals=1)),
        ("33,0 %", Number(33, share=True, decimals=1)),
        ("..", HeldBack()),
        ("–", HeldBack()),
        ("<5", HeldBack(1, 4)),
        ("≤ 4", HeldBack(1, 4)),
        ("1–4", HeldBack(1, 4, span=True)),
        (None, HeldBack()),
        ("Nacka", None),
        ("2026-10", None),
        ("12 34", None),
    ],
)
def test_cells_are_read_as_they_are_written(written: str | None, read: Number | HeldBack | None) -> None:
    assert read_cell(written) == read
