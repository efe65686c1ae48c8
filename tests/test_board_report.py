"""``auditor report namnd``: what it holds, what it leaves out, what it refuses, and how its page looks to a browser."""

from __future__ import annotations

import json
import random
import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from auditor.board.page import render
from tests.accessible import faults
from tests.board_months import add, counted, document, names, random_month, report, run_folder
from tests.conftest import run_program
from tests.exports import export, write_agreement

MONTHS = names("2026-01", 6)
EVERYBODY = ("0180", "0182", "0120", "0115", "0123", "0126")


def large(month: int) -> dict[str, Any]:
    """A month in which every number is large, and no municipality has most of it."""
    dice = random.Random(month)
    rows = [("within", (), {"child": dice.choice(EVERYBODY)}) for _n in range(400)] + [
        ("outside", ("T1", "A2"), {"child": dice.choice(EVERYBODY)}) for _n in range(90)
    ]
    return counted(rows)


@pytest.fixture
def register(tmp_path: Path) -> Path:
    """A register of six large months."""
    register = tmp_path / "register.db"
    for n, month in enumerate(MONTHS):
        add(register, tmp_path / month, month, large(n))
    return register


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Pages with numbers left out, with all of them, and of a period without anything."""
    folder = tmp_path_factory.mktemp("pages")
    dice = random.Random(7)
    for n, month in enumerate(MONTHS):
        add(folder / "small.db", folder / f"small-{month}", month, random_month(dice, 900), not_run=["A11"] * (n < 2))
        add(folder / "large.db", folder / f"large-{month}", month, large(n))
        add(folder / "empty.db", folder / f"empty-{month}", month, counted([]))
    for name in ("small", "large", "empty"):
        ran = report(folder / f"{name}.db", folder / name, MONTHS[0], MONTHS[-1], "--dnr", "SOCN 2026-00123")
        assert ran.code == 0, ran.said
    return {name: folder / name / "namnd.html" for name in ("small", "large", "empty")}


# ------------------------------------------------------------------------------------------------------------ what it holds


def test_the_page_is_made_of_the_document_alone(pages):
    for page in pages.values():
        again = render(json.loads((page.parent / "namnd.json").read_text(encoding="utf-8")))
        assert again.encode("utf-8") == page.read_bytes()
        assert {file.name for file in page.parent.iterdir()} == {"namnd.html", "namnd.json"}


def test_large_numbers_are_all_told_and_add_up(pages):
    told = document(pages["large"].parent)
    assert told["disclosures"]["unit"] == told["findings"]["unit"] == "month"
    assert told["disclosures"]["all"] == {"cells": [490] * 6, "total": 2940}
    outside = told["disclosures"]["rows"][0]
    assert outside == {"verdict": "outside", "cells": [90] * 6, "total": 540}
    assert {row["family"]: row["total"] for row in told["findings"]["rows"] if row["total"]} == {"T": 540, "A": 540}
    assert "Granskade utlämnanden i periodens loggar: 2\u00a0940." in pages["large"].read_text(encoding="utf-8")


def test_no_small_number_stands_in_the_document(pages):
    for page in pages.values():
        told = document(page.parent)
        lines = [
            line for name in ("disclosures", "findings", "checks") for line in (*told[name]["rows"], told[name].get("all"))
        ]
        values = [n for line in lines if line for n in (*line["cells"], line["total"])]
        assert not [n for n in values if n in (1, 2, 3, 4)]


def test_a_check_that_was_not_run_is_no_zero(pages):
    told = document(pages["small"].parent)
    row = next(row for row in told["checks"]["rows"] if row["check"] == "A11")
    assert row["months_not_run"] == 2
    assert "månader utan: 2 av 6" in pages["small"].read_text(encoding="utf-8")


def test_nobody_is_named(pages):
    for page in pages.values():
        text = (page.parent / "namnd.json").read_text(encoding="utf-8") + page.read_text(encoding="utf-8")
        assert not re.search(r"\b01(?!00)\d\d\b|SN-|U-20", text.replace("SOCN 2026-00123", ""))


def test_a_period_without_anything_says_so(pages):
    text = pages["empty"].read_text(encoding="utf-8")
    assert "Loggarna innehåller inget utlämnande under perioden som kunde granskas. Det visar inte att inga har gjorts." in text
    assert "Inget utlämnande kunde kontrolleras, och ingen annan kontroll som kunde göras gav någon iakttagelse." in text
    assert "Inga iakttagelser finns inom dessa områden" not in text and "Kontroller utan iakttagelser" not in text
    assert "Det som aldrig har loggats ingår inte i talen" in text and "att se till att loggarna innehåller" in text


def test_no_report_is_made_of_a_register_that_was_changed(register, tmp_path):
    with sqlite3.connect(register) as opened:
        opened.execute("UPDATE tallies SET n = n + 5 WHERE item = 'outside'")
    opened.close()
    ran = report(register, tmp_path / "out", "2026-01", "2026-06")
    assert ran.code == 3 and "inte som det skrevs" in ran.said and not (tmp_path / "out").exists()


def test_the_same_report_made_again_is_the_same_and_is_kept_once(register, tmp_path):
    for name in ("one", "two"):
        assert report(register, tmp_path / name, "2026-01", "2026-06").code == 0
    assert document(tmp_path / "one") == document(tmp_path / "two")
    with sqlite3.connect(register) as opened:
        assert opened.execute("SELECT count(*) FROM published").fetchone() == (1,)
    assert run_program("verify", "--register", register).code == 0


def test_what_was_published_cannot_be_changed_unseen(register, tmp_path):
    assert report(register, tmp_path / "out", "2026-01", "2026-06").code == 0
    with sqlite3.connect(register) as opened:
        opened.execute("UPDATE published SET document = '{}'")
    ran = run_program("verify", "--register", register, "--lang", "en")
    assert ran.code == 1 and "Published report 1 has been changed" in ran.stdout


def test_a_month_audited_again_gives_no_small_difference(register, tmp_path):
    assert report(register, tmp_path / "first", "2026-01", "2026-06").code == 0
    changed = large(5)
    changed["whole"]["T1"] += 2
    add(register, tmp_path / "again", MONTHS[5], changed)
    assert report(register, tmp_path / "second", "2026-01", "2026-06").code == 0
    row = next(row for row in document(tmp_path / "second")["checks"]["rows"] if row["check"] == "T1")
    assert row["total"] is None
    assert document(tmp_path / "second")["findings"]["all"]["total"] is None


def test_an_audit_counts_what_concerns_each_municipality(tmp_path):
    late = {"reported_at": "2026-09-10 09:00:00", "decided_at": None, "decision": None}
    source = export(tmp_path / "in", cases=[{"case_id": "SN-2026-1"}, {"case_id": "SN-2026-2", **late}])
    out = tmp_path / "out"
    given = ("--agreement", write_agreement(tmp_path), "--out", out, "--key-file", tmp_path / "key", "--period", "2026-10")
    assert run_program("audit", source, *given, "--quiet").code == 0
    tallies = json.loads((out / "manifest.json").read_text(encoding="utf-8"))["tallies"]
    assert tallies["whole"]["P8"] == 1 and sum(tallies["whole"].get(v, 0) for v in ("within", "outside", "undetermined")) == 1
    assert tallies["parties"]["0182"]["children"]["P8"] == 1
    assert "P8" not in tallies["parties"]["0180"]["either"]
    assert sum(tallies["parties"]["0180"]["users"].values()) >= 1


# ---------------------------------------------------------------------------------------------------------- what it refuses


def refused(ran: Any, words: str) -> None:
    assert ran.code == 3 and words in ran.stderr, ran.said


def test_bad_spans_are_refused(register, tmp_path):
    out = tmp_path / "out"
    refused(report(register, out, "2026-05", "2026-02", "--lang", "en"), "first month of the report comes after its last")
    refused(report(register, out, "2025-11", "2026-02", "--lang", "en"), "missing: 2025-11, 2025-12")
    for month in ("2026-01", "2026-02", "2026-04"):
        add(tmp_path / "lacking.db", tmp_path / f"lacking-{month}", month, large(1))
    refused(report(tmp_path / "lacking.db", out, "2026-01", "2026-04", "--lang", "en"), "missing: 2026-03")
    assert not out.exists()


def test_a_register_without_months_is_refused(register, tmp_path):
    assert run_program("purge", "--before", "2030-01-01", "--register", register).code == 0
    refused(report(register, tmp_path / "out", "2026-01", "2026-06", "--lang", "en"), "holds no months")


def test_several_controllers_are_told_apart(register, tmp_path):
    add(register, tmp_path / "other", "2026-01", large(1), controller="0182")
    refused(report(register, tmp_path / "out", "2026-01", "2026-02", "--lang", "en"), "several controllers")
    assert report(register, tmp_path / "own", "2026-01", "2026-01", "--controller", "0182").code == 0
    assert document(tmp_path / "own")["controller"]["name"] == "Nacka"
    refused(report(register, tmp_path / "out", "2026-02", "2026-03", "--lang", "en"), "another controller were published")


def test_a_month_without_counts_is_refused(tmp_path):
    folder = run_folder(tmp_path / "run", "2026-01", counted([]))
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    del manifest["tallies"]
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert run_program("findings", "add", "--register", tmp_path / "r.db", "--run", folder).code == 0
    refused(report(tmp_path / "r.db", tmp_path / "out", "2026-01", "2026-01", "--lang", "en"), "did not keep its counts")


def test_a_personal_number_in_the_reference_is_refused(register, tmp_path):
    refused(
        report(register, tmp_path / "out", "2026-01", "2026-06", "--dnr", "20170101-9802", "--lang", "en"),
        "holds a personal number",
    )


# ------------------------------------------------------------------------------------------------------------- in a browser


@pytest.mark.browser
@pytest.mark.parametrize(
    ("name", "width", "scheme", "media"),
    [("small", 375, "dark", "screen"), ("small", 1280, "light", "screen"), ("large", 1280, "light", "print"),
     ("empty", 375, "light", "screen")],
)  # fmt: skip
def test_everyone_can_read_the_page(chromium, pages, name, width, scheme, media):
    context = chromium.new_context(offline=True, viewport={"width": width, "height": 800}, color_scheme=scheme)
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    page.emulate_media(media=media, color_scheme=scheme)
    page.goto(pages[name].as_uri())
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "the page scrolls sideways"
    found = faults(page)
    context.close()
    assert found == []
    assert asked == [pages[name].as_uri()]
