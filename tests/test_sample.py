"""``auditor sample``: what is drawn, the form, the record read back from it, and the record in the next report."""

from __future__ import annotations

import itertools
import json
import math
import re
from collections import Counter
from datetime import date
from math import comb
from pathlib import Path

import openpyxl
import pytest

from tests.access_logs import RULES
from tests.conftest import run_program
from tests.exports import export, write_agreement
from tests.running import audit

NUMBER = "20120505-9809"
SEED = ("--seed", "7")
ASSESSMENT, REMARK, DAY, REVIEWER = 13, 14, 15, 16
FIRST = 4  # the first row of the form with an access


def _accesses() -> list[dict[str, str]]:
    """Forty by two users of one unit, five by a third of another; one with a hostile number, one by a person's number."""
    rows = [
        {"event_id": f"E{n}", "user_id": "sthlm01" if n % 2 else "sthlm02", "at": f"2026-10-06 11:00:{n:02}"} for n in range(40)
    ]
    rows += [
        {"event_id": f"F{n}", "user_id": "sthlm03", "at": f"2026-10-07 11:00:{n:02}", "reason": "Hemligt"} for n in range(5)
    ]
    rows[0]["event_id"] = "=1+cmd"
    rows[1]["event_id"] = NUMBER
    rows += [{"event_id": "E2", "user_id": "okänd01", "at": "2026-10-06 11:00:02"}]
    rows += [{"event_id": f"G{n}", "user_id": "okänd01", "at": "2026-10-08 11:00:00"} for n in range(3)]
    return rows


STAFF = [{"user_id": "sthlm01"}, {"user_id": "sthlm02"}, {"user_id": "sthlm03", "unit": "Anna Andersson"}]


class Month:
    """A small export, audited."""

    def __init__(self, folder: Path, accesses: list[dict[str, str]]) -> None:
        folder.mkdir(exist_ok=True)
        self.folder = folder
        self.agreement = write_agreement(folder, ("channels: [sdk, phone]\n", "channels: [sdk, phone]\n" + RULES))
        self.source = export(folder / "in", staff=STAFF, assignments=[{}], accesses=accesses)
        self.run = folder / "out"
        self.key = folder / "pseudonym.key"
        assert audit(self.source, self.run, "--period", "2026-10", agreement=self.agreement) == 0

    def draw(self, form: Path, *options: str, lang: str = "en"):
        given = ("--run", self.run, "--agreement", self.agreement, "--key-file", self.key, "--out", form, "--lang", lang)
        return run_program("sample", self.source, *given, *options)


@pytest.fixture(scope="module")
def month(tmp_path_factory) -> Month:
    return Month(tmp_path_factory.mktemp("month"), _accesses())


def _drawn(month: Month, form: Path, *options: str, lang: str = "en") -> list[list[str]]:
    ran = month.draw(form, *options, lang=lang)
    assert (ran.code, ran.stderr) == (0, "")
    sheet = openpyxl.load_workbook(form).worksheets[0]
    return [[str(cell or "") for cell in row[:12]] for row in sheet.iter_rows(min_row=FIRST, values_only=True)]


# ------------------------------------------------------------------------------------------------------------------ the draw


def test_the_same_seed_gives_the_same_bytes_and_another_another_sample(month, tmp_path):
    first = _drawn(month, tmp_path / "a.xlsx", *SEED)
    assert _drawn(month, tmp_path / "b.xlsx", *SEED) == first
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()
    assert _drawn(month, tmp_path / "c.xlsx", "--seed", "8") != first


def test_the_order_of_rows_draws_nothing_else(month, tmp_path):
    again = Month(tmp_path / "again", _accesses()[::-1])
    again.key.unlink(missing_ok=True)
    again.key.write_bytes(month.key.read_bytes())
    rows = _drawn(month, tmp_path / "a.xlsx", *SEED, "--stratify", "unit")
    assert _drawn(again, tmp_path / "b.xlsx", *SEED, "--stratify", "unit") == rows


def test_strata_get_their_share_and_at_least_one(month, tmp_path):
    rows = _drawn(month, tmp_path / "a.xlsx", *SEED, "--n", "9", "--stratify", "unit", "--pressing", "0")
    assert [row[1] for row in rows] == ["at random"] * 9
    units = Counter(row[8] for row in rows)
    assert units["socialjouren"] == 7 and units[""] == 1 and len(units) == 3
    few = _drawn(month, tmp_path / "b.xlsx", *SEED, "--n", "2", "--stratify", "unit", "--pressing", "0")
    assert sorted(Counter(row[8] for row in few).values()) == [1, 1]
    every = _drawn(month, tmp_path / "c.xlsx", *SEED, "--n", "500", "--stratify", "none")
    assert len(every) == 49 and len({(row[2], row[4]) for row in every}) == 49


def test_the_most_pressing_stand_beside_those_at_random(month, tmp_path):
    rows = _drawn(month, tmp_path / "a.xlsx", *SEED, "--n", "1", "--stratify", "source", "--pressing", "3")
    assert [row[1] for row in rows] == ["at random", *["most pressing"] * (len(rows) - 1)] and len(rows) > 1
    assert all(row[9] == "flagged" and row[11] for row in rows[1:])
    assert "A1" in rows[1][11] or rows[0][4] == "okänd01"


def test_nothing_personal_and_no_formula_stands_in_the_form(month, tmp_path):
    rows = _drawn(month, tmp_path / "a.xlsx", *SEED, "--n", "500", lang="sv")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert "=1+cmd" in {row[2] for row in rows} and not any(cell.data_type == "f" for cell in cells)
    for hidden in (NUMBER, "9809", "Anna", "Hemligt", "handläggning"):
        assert not any(hidden in str(cell.value) for cell in cells) and hidden not in page
    assert "default-src 'none'" in page and "<script" not in page and not re.search(r"(?:src|href)=", page)
    choices = book.worksheets[0].data_validations.dataValidation[0].formula1
    assert choices == '"Befogad,Inte befogad,Behöver utredas"'


def test_another_input_is_refused(month, tmp_path):
    other = Month(tmp_path / "other", _accesses()[:-1])
    other.run = month.run
    ran = other.draw(tmp_path / "a.xlsx", *SEED)
    assert (ran.code, ran.stdout) == (3, "") and "not the one that was audited" in ran.stderr
    assert not list(tmp_path.glob("a.*"))


def test_a_form_is_never_overwritten_nor_put_in_the_report(month, tmp_path):
    (tmp_path / "a.html").write_text("mine")
    assert month.draw(tmp_path / "a.xlsx", *SEED).code == 3 and (tmp_path / "a.html").read_text() == "mine"
    assert month.draw(month.run / "b.xlsx", *SEED).code == 3 and not (month.run / "b.xlsx").exists()
    assert month.draw(tmp_path / "c.csv", *SEED).code == 3
    assert month.draw(tmp_path / "d.xlsx").code == 2  # without a seed


# -------------------------------------------------------------------------------------------------------------- the record


@pytest.fixture(scope="module")
def empty(month, tmp_path_factory) -> Path:
    form = tmp_path_factory.mktemp("form") / "form.xlsx"
    _drawn(month, form, *SEED, "--n", "6", "--pressing", "2", lang="sv")
    return form


def _fill(empty: Path, form: Path, change=lambda sheet, book: None) -> Path:
    """Fill every row of a form in, then change something."""
    book = openpyxl.load_workbook(empty)
    sheet = book.worksheets[0]
    for row in range(FIRST, sheet.max_row + 1):
        for column, content in ((ASSESSMENT, "Befogad"), (DAY, date(2026, 11, 3)), (REVIEWER, "Registrator 1")):
            sheet.cell(row, column).value = content
    change(sheet, book)
    book.save(form)
    return form


def _record(form: Path, out: Path, lang: str = "en"):
    return run_program("sample", "--lang", lang, "record", form, "--out", out)


def test_a_form_comes_back_as_the_record_of_the_check(month, empty, tmp_path):
    def change(sheet, _book):
        sheet.cell(FIRST, ASSESSMENT).value = "inte befogad "
        sheet.cell(FIRST, REMARK).value = "Fri text om Anna"
        sheet.cell(FIRST + 1, DAY).value = "2026-11-05"
        for column in (ASSESSMENT, DAY, REVIEWER):
            sheet.cell(FIRST + 2, column).value = None
        sheet.auto_filter.ref = "A3:P9"

    ran = _record(_fill(empty, tmp_path / "f.xlsx", change), tmp_path / "r.json")
    assert (ran.code, ran.stderr) == (0, "") and "Reviewed accesses: 7. Unfinished rows: 1." in ran.stdout
    text = (tmp_path / "r.json").read_text(encoding="utf-8")
    record = json.loads(text)
    assert "Anna" not in text and record["remarks"] == 1 and record["bound"] is None
    assert record["at_random"] == {"justified": 4, "not_justified": 1, "needs_inquiry": 0, "unfinished": 1}
    assert record["pressing"]["justified"] == 2
    assert (record["seed"], record["n"], record["stratified_by"]) == (7, 6, "pile")
    assert sum(stratum["accesses"] for stratum in record["strata"]) == 49
    assert (record["first_day"], record["last_day"], record["reviewers"]) == ("2026-11-03", "2026-11-05", ["Registrator 1"])


BROKEN = {
    "formula": (lambda sheet, book: sheet.cell(FIRST, REMARK, '=HYPERLINK("http://x","Anna")'), "column N", "holds a formula"),
    "word": (lambda sheet, book: sheet.cell(FIRST + 1, ASSESSMENT, "Annat Anna"), "column M", "none of the words"),
    "day": (lambda sheet, book: sheet.cell(FIRST, DAY, "3/11 Anna"), "column O", "cannot be read"),
    "early": (lambda sheet, book: sheet.cell(FIRST, DAY, date(2026, 9, 1)), "column O", "before the audited period"),
    "late": (lambda sheet, book: sheet.cell(FIRST, DAY, date(2999, 9, 1)), "column O", "lies in the future"),
    "number": (lambda sheet, book: sheet.cell(FIRST, REVIEWER, NUMBER), "column P", "without a personal number"),
    "fixed": (lambda sheet, book: sheet.cell(FIRST, 5, "Anna"), "column A", "not to be filled in"),
    "twice": (lambda sheet, book: sheet.cell(FIRST, 1, "2"), "column A", "more than once"),
    "gone": (lambda sheet, book: sheet.delete_rows(FIRST), None, "Rows of the form are missing: 1"),
    "heading": (lambda sheet, book: sheet.cell(3, 2, "Anna"), "column B", "heading has been changed"),
    "facts": (lambda sheet, book: book["auditor"].cell(5, 2, "8"), None, "sheet 'auditor' has been changed"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_form_is_refused_with_its_place(empty, tmp_path, name):
    change, place, words = BROKEN[name]
    ran = _record(_fill(empty, tmp_path / "f.xlsx", change), tmp_path / "r.json")
    assert (ran.code, ran.stdout) == (3, "") and words in ran.stderr and (place or "") in ran.stderr
    assert "Anna" not in ran.stderr and NUMBER not in ran.stderr and not (tmp_path / "r.json").exists()


def test_what_is_no_form_is_refused(empty, tmp_path):
    for name, content in {"a.xlsx": b"", "b.xlsx": b"PK\x03\x04", "c.xlsx": empty.read_bytes()[:3000]}.items():
        (tmp_path / name).write_bytes(content)
        assert _record(tmp_path / name, tmp_path / "r.json").code == 3
    openpyxl.Workbook().save(tmp_path / "d.xlsx")
    assert "no review form" in _record(tmp_path / "d.xlsx", tmp_path / "r.json").stderr
    assert _record(tmp_path / "nowhere.xlsx", tmp_path / "r.json").code == 3


def test_the_record_stands_in_the_next_report(month, empty, tmp_path):
    def change(sheet, _book):
        sheet.cell(FIRST, REMARK).value = "Fri text om Anna"
        sheet.cell(FIRST, REVIEWER).value = "<script>x</script>"

    assert _record(_fill(empty, tmp_path / "f.xlsx", change), tmp_path / "r.json").code == 0
    given = ("--period", "2026-10", "--review", str(tmp_path / "r.json"), "--review", str(tmp_path / "r.json"))
    assert audit(month.source, tmp_path / "next", *given, agreement=month.agreement) == 0
    page = (tmp_path / "next" / "report.html").read_text(encoding="utf-8")
    assert '<h2 id="reviews">Manuell kontroll</h2>' in page and "Fri text" not in page and "<script>x" not in page
    assert "Med 95" in page and "&lt;script&gt;x" in page
    reviews = json.loads((tmp_path / "next" / "manifest.json").read_text(encoding="utf-8"))["reviews"]
    assert len(reviews) == 1 and reviews[0]["bound"]["accesses"] == 49
    strata = [(stratum["accesses"], stratum["drawn"]) for stratum in reviews[0]["strata"]]
    assert reviews[0]["bound"]["at_most"] == _most_faults_by_trying(strata)


def _most_faults_by_trying(strata):
    """Every way to lay faults in the strata, with the exact probability that the sample meets none of them."""
    laid = itertools.product(*(range(size - drawn + 1) for size, drawn in strata))
    chance = {
        faults: math.prod(comb(size - f, n) / comb(size, n) for (size, n), f in zip(strata, faults, strict=True))
        for faults in laid
    }
    return max(sum(faults) for faults, likely in chance.items() if likely >= 0.05)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"record": 1, "Anna": 2}'])
def test_what_is_no_record_stops_the_audit_before_it_begins(month, tmp_path, content):
    (tmp_path / "r.json").write_text(content)
    ran = run_program("audit", month.source, "--out", tmp_path / "out", "--review", tmp_path / "r.json", "--lang", "en")
    assert (
        (ran.code, ran.stdout) == (3, "") and "no record of a manual review" in ran.stderr and not (tmp_path / "out").exists()
    )
