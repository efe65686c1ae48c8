"""Every form of file is read as its recipient could read it: whatever a workbook or a document hides stops the release."""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.workbook.defined_name import DefinedName

from auditor.output import sha256_of
from tests.conftest import run_program
from tests.exports import csv_text
from tests.releases import HEADINGS, OTHER_CHILD, REJECTED, ROW, STOPPED, UNSHOWN, Answer, check, with_text, write_csv

HIDDEN = f"{OTHER_CHILD[:8]}-{OTHER_CHILD[8:]}"


def sound_workbook(path: Path, change: Callable[[Any], None] = lambda book: None) -> Path:
    """A workbook that may leave, changed."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Barn"
    sheet.append(HEADINGS)
    sheet.append(ROW)
    change(book)
    book.save(path)
    return path


def with_part(path: Path, name: str, content: bytes) -> Path:
    """A sound workbook with one more part, as programs write it."""
    sound_workbook(path)
    with zipfile.ZipFile(path, "a") as parts:
        parts.writestr(name, content)
    return path


def _hidden_sheet(state: str) -> Callable[[Any], None]:
    def change(book: Any) -> None:
        sheet = book.create_sheet("Mer")
        sheet.append(HEADINGS)
        sheet.append(ROW)
        sheet.sheet_state = state

    return change


def _set(book: Any, what: str, value: Any) -> None:
    sheet = book["Barn"]
    match what:
        case "row":
            sheet.append(ROW)
            sheet.row_dimensions[3].hidden = True
        case "column":
            sheet.column_dimensions["D"].hidden = True
        case "comment":
            sheet["B2"].comment = Comment(HIDDEN, "Prov")
        case "name":
            book.defined_names["gammalt"] = DefinedName("gammalt", attr_text=f'"{HIDDEN}"')
        case "formula":
            sheet["D2"] = '="Risken"&" är låg"'
        case "white":
            sheet["D2"].font = Font(color="FFFFFFFF")
        case "format":
            sheet["D2"].number_format = ";;;"
        case "author":
            book.properties.creator = value
        case "footer":
            sheet.oddFooter.center.text = HIDDEN
        case "link":
            sheet["D2"].hyperlink = "https://example.com/akt"


def _change(what: str, value: Any = None) -> Callable[[Any], None]:
    return lambda book: _set(book, what, value)


XML = f"<a>{HIDDEN}</a>".encode()
BOOKS: dict[str, tuple[Callable[[Path], Path], str]] = {
    "hidden sheet": (lambda p: sound_workbook(p, _hidden_sheet("hidden")), "hidden-sheet"),
    "very hidden sheet": (lambda p: sound_workbook(p, _hidden_sheet("veryHidden")), "hidden-sheet"),
    "hidden row": (lambda p: sound_workbook(p, _change("row")), "hidden-row"),
    "hidden column": (lambda p: sound_workbook(p, _change("column")), "hidden-column"),
    "comment": (lambda p: sound_workbook(p, _change("comment")), "comments"),
    "defined name": (lambda p: sound_workbook(p, _change("name")), "defined-name"),
    "formula": (lambda p: sound_workbook(p, _change("formula")), "formula"),
    "white on white": (lambda p: sound_workbook(p, _change("white")), "hidden-text"),
    "format of nothing": (lambda p: sound_workbook(p, _change("format")), "hidden-text"),
    "author": (lambda p: sound_workbook(p, _change("author", "Prov Handläggare")), "properties"),
    "footer": (lambda p: sound_workbook(p, _change("footer")), "text-person_number"),
    "link": (lambda p: sound_workbook(p, _change("link")), "external-link"),
    "pivot cache": (lambda p: with_part(p, "xl/pivotCache/pivotCacheRecords1.xml", XML), "pivot-cache"),
    "external link": (lambda p: with_part(p, "xl/externalLinks/externalLink1.xml", XML), "external-link"),
    "custom XML": (lambda p: with_part(p, "customXml/item1.xml", XML), "custom-xml"),
    "custom property": (lambda p: with_part(p, "docProps/custom.xml", XML), "properties"),
    "revisions": (lambda p: with_part(p, "xl/revisions/revisionLog1.xml", XML), "revisions"),
    "embedded file": (lambda p: with_part(p, "xl/embeddings/oleObject1.bin", b"x"), "embedded"),
    "macros": (lambda p: with_part(p, "xl/vbaProject.bin", b"x"), "macros"),
    "picture": (lambda p: with_part(p, "xl/media/image1.png", b"x"), "picture"),
    "unknown part": (lambda p: with_part(p, "xl/nytt/x.bin", b"x"), "unknown-part"),
}


def codes(answer: Answer, weight: str) -> dict[str, set[str]]:
    """The codes of each file's reasons of a weight, by the file's name."""
    return {file["file"]: {r["code"] for r in file["reasons"] if r["weight"] == weight} for file in answer.record["files"]}


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Answer:
    """All the workbooks above and a sound one, checked together."""
    folder = tmp_path_factory.mktemp("books")
    files = [make(folder / f"{name}.xlsx") for name, (make, _code) in BOOKS.items()]
    files.append(sound_workbook(folder / "sound.xlsx"))
    return check(folder, *files)


def test_a_sound_workbook_is_released(books: Answer) -> None:
    (sound,) = [file for file in books.record["files"] if file["file"] == "sound.xlsx"]
    assert sound["decision"] == "release" and sound["tied"] == 1


@pytest.mark.parametrize("name", BOOKS)
def test_whatever_a_workbook_hides_stops_it(books: Answer, name: str) -> None:
    assert BOOKS[name][1] in codes(books, "stop")[f"{name}.xlsx"]


def test_what_is_hidden_is_searched_too_and_never_shown(books: Answer) -> None:
    stops = codes(books, "stop")
    for name in ("comment", "defined name", "footer"):
        assert "text-person_number" in stops[f"{name}.xlsx"] or name == "comment", name
    assert HIDDEN not in books.page and OTHER_CHILD not in json.dumps(books.record)


def test_every_other_form_is_read(tmp_path: Path) -> None:
    text = f"Umgås med {HIDDEN}."
    row = dict(zip(HEADINGS, with_text(text), strict=True))
    (tmp_path / "a.json").write_text(json.dumps([row], ensure_ascii=False), encoding="utf-8")
    (tmp_path / "a.jsonl").write_text(json.dumps(row, ensure_ascii=False) + "\n", encoding="utf-8")
    pq.write_table(pa.table({key: [value] for key, value in row.items()}), tmp_path / "a.parquet")
    cells = "".join(
        f"<{tag}>{value}</{tag}>"
        for tag, value in zip(("Dnr", "Namn", "Personnummer", "Riskbedömning"), row.values(), strict=True)
    )
    (tmp_path / "a.xml").write_text(f"<r><rad>{cells}</rad></r>", encoding="utf-8")
    (tmp_path / "a.txt").write_text(f"Rad ett\n{HIDDEN[:9]}\n{HIDDEN[9:]}\n", encoding="utf-8")
    write_docx(tmp_path / "a.docx", f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")
    write_csv(tmp_path, with_text(text), name="inre.csv")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as parts:
        parts.write(tmp_path / "inre.csv", "mapp/inre.csv")
    names = ("a.json", "a.jsonl", "a.parquet", "a.xml", "a.txt", "a.docx", "a.zip")
    answer = check(tmp_path, *(tmp_path / name for name in names))
    assert {name: "text-person_number" in found for name, found in codes(answer, "stop").items()} == dict.fromkeys(names, True)
    places = {
        file["file"]: next(r for r in file["reasons"] if r["code"] == "text-person_number")["places"][0]
        for file in answer.record["files"]
    }
    assert places["a.txt"].startswith("a.txt, line 2") and places["a.zip"].startswith("a.zip/mapp/inre.csv, column")
    assert places["a.docx"].startswith("a.docx, paragraph 1")


WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def write_docx(path: Path, body: str, **parts: str) -> Path:
    """The smallest document that programs open."""
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr("word/document.xml", f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>')
        for name, text in parts.items():
            packed.writestr(f"word/{name}.xml", f'<w:x xmlns:w="{WORD}"><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:x>')
    return path


def test_whatever_a_document_hides_stops_it(tmp_path: Path) -> None:
    run = "<w:p><w:r>{properties}<w:t>Dold text.</w:t></w:r></w:p>"
    documents = {
        "vanish.docx": (run.format(properties="<w:rPr><w:vanish/></w:rPr>"), {}, "hidden-text"),
        "white.docx": (run.format(properties='<w:rPr><w:color w:val="FFFFFF"/></w:rPr>'), {}, "hidden-text"),
        "deleted.docx": ("<w:p><w:del><w:r><w:delText>Bort</w:delText></w:r></w:del></w:p>", {}, "tracked-changes"),
        "comments.docx": ("<w:p/>", {"comments": HIDDEN}, "comments"),
    }
    files = [write_docx(tmp_path / name, body, **parts) for name, (body, parts, _code) in documents.items()]
    answer = check(tmp_path, *files)
    stops = codes(answer, "stop")
    assert {name: code for name, (_body, _parts, code) in documents.items() if code not in stops[name]} == {}
    assert "text-person_number" in stops["comments.docx"]


def test_portable_documents(tmp_path: Path) -> None:
    from pypdf import PdfWriter

    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.add_metadata({"/Author": "Prov Handläggare"})
    writer.add_attachment("bilaga.txt", HIDDEN.encode())
    writer.write(tmp_path / "a.pdf")
    locked = PdfWriter(clone_from=tmp_path / "a.pdf")
    locked.encrypt("hemligt", algorithm="RC4-128")
    locked.write(tmp_path / "locked.pdf")
    answer = check(tmp_path, tmp_path / "a.pdf")
    assert answer.code == STOPPED and {"properties", "attachment", "text-person_number"} <= set(answer.stops)
    assert check(tmp_path, tmp_path / "locked.pdf").code == REJECTED


def test_what_a_file_calls_its_own_parts_is_searched_and_never_shown(tmp_path: Path) -> None:
    from pypdf import PdfWriter

    named = f"Qvarna Zyxwvsson {OTHER_CHILD}"
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.add_metadata({f"/{named}": "ja", "/Title": "Barn"})
    writer.write(tmp_path / "a.pdf")
    sound_workbook(tmp_path / "b.xlsx")
    write_docx(tmp_path / "c.docx", "<w:p/>", **{f"header {named}": "Text."})
    for name, inside in (("b.xlsx", "xl/embeddings"), ("b.xlsx", "xl"), ("c.docx", "word/media")):
        with zipfile.ZipFile(tmp_path / name, "a") as parts:
            parts.writestr(f"{inside}/{named}.xml", "<a/>")
    beside = {named: "ring 070-123 45 67", "rader": [{"Ärendenummer": "SN-2026-1", "Namn": "Prov Provsson"}]}
    (tmp_path / "d.json").write_text(json.dumps(beside), encoding="utf-8")
    (tmp_path / f"e.{OTHER_CHILD}").write_text("x", encoding="utf-8")
    answer = check(tmp_path, *sorted(path for path in tmp_path.iterdir() if path.is_file() and path.suffix != ".yaml"))
    assert answer.code in (STOPPED, UNSHOWN) and len(answer.record["files"]) == 5
    everywhere = answer.ran.said + answer.page + json.dumps(answer.record, ensure_ascii=False)
    assert not [part for part in ("Qvarna", "Zyxwvsson", OTHER_CHILD, OTHER_CHILD[2:], "9819") if part in everywhere]
    stops = codes(answer, "stop")
    assert "embedded" in stops["b.xlsx"] and "unknown-part" in stops["b.xlsx"] and "picture" in stops["c.docx"]
    assert "text-person_number" in stops["a.pdf"] and "text-person_number" in stops["d.json"]


def test_bombs_and_entities_are_refused(tmp_path: Path) -> None:
    (tmp_path / "bomb.xml").write_text('<!DOCTYPE a [<!ENTITY b "bbbb">]><a>&b;</a>', encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("a.txt", b"0" * (40 * 1024 * 1024))
    inner = write_csv(tmp_path)
    for _depth in range(5):
        outer = tmp_path / f"{inner.stem}x.zip"
        with zipfile.ZipFile(outer, "w") as parts:
            parts.write(inner, inner.name)
        inner = outer
    for path in (tmp_path / "bomb.xml", tmp_path / "bomb.zip", inner):
        answer = check(tmp_path, path)
        assert answer.code == REJECTED, path.name
        assert "Error: " in answer.ran.stderr


def test_running_text_can_at_best_not_be_judged(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Barnet mår bra.\n", encoding="utf-8")
    answer = check(tmp_path, tmp_path / "a.txt")
    assert answer.code == UNSHOWN and answer.stops == []


# Clean copies


def test_a_clean_copy_holds_what_may_leave_and_is_checked_again(tmp_path: Path) -> None:
    path = tmp_path / "ut.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.set_properties({"author": "Prov Handläggare"})
        sheet = book.add_worksheet("Barn")
        for line, row in enumerate([(*HEADINGS, "Skostorlek"), (*ROW, "40"), (*with_text("Ring 070-174 06 99."), "41")]):
            sheet.write_row(line, 0, row)
        sheet.write_comment("A1", HIDDEN)
    answer = check(tmp_path, path, write_clean=str(tmp_path / "ren.xlsx"))
    assert answer.code == STOPPED and "Clean copy: ren.xlsx, 1 rows" in answer.ran.stdout
    book = load_workbook(tmp_path / "ren.xlsx")
    assert [tuple(cell.value for cell in row) for row in book.active.iter_rows()] == [HEADINGS, ROW]
    assert check(tmp_path, tmp_path / "ren.xlsx").code == 0


def _written(path: Path, rows: list[tuple[str, ...]]) -> Path:
    """A table in the form that the path's name says."""
    headings = (*HEADINGS, "Skostorlek")
    match path.suffix:
        case ".csv":
            path.write_text("\n".join(";".join(row) for row in (headings, *rows)) + "\n", encoding="utf-8")
        case ".parquet":
            pq.write_table(pa.table({name: [row[n] for row in rows] for n, name in enumerate(headings)}), path)
        case ".jsonl":
            lines = [json.dumps(dict(zip(headings, row, strict=True)), ensure_ascii=False) for row in rows]
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _read(path: Path) -> list[tuple[str, ...]]:
    match path.suffix:
        case ".csv":
            return [tuple(line.split(";")) for line in path.read_text(encoding="utf-8-sig").splitlines()]
        case ".parquet":
            table = pq.read_table(path)
            return [tuple(table.column_names), *(tuple(row.values()) for row in table.to_pylist())]
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [tuple(records[0]), *(tuple(record.values()) for record in records)]


@pytest.mark.parametrize("form", ["csv", "parquet", "jsonl"])
def test_a_clean_copy_is_of_the_same_form(tmp_path: Path, form: str) -> None:
    rows = [(*ROW, "40"), (*with_text("Ring 070-174 06 99."), "41"), ("SN-2026-99", *ROW[1:], "42")]
    answer = check(tmp_path, _written(tmp_path / f"ut.{form}", rows), write_clean=str(tmp_path / f"ren.{form}"))
    assert answer.code == STOPPED and f"Clean copy: ren.{form}, 1 rows" in answer.ran.stdout, answer.ran.said
    assert _read(tmp_path / f"ren.{form}") == [HEADINGS, ROW]
    assert check(tmp_path, tmp_path / f"ren.{form}").code == 0


FORMULAS = (
    *("=1+1", ' =HYPERLINK("x")', "@SUM(A1)", "+cmd|' /C calc'!A0", "-Blad1!A1", "-2+3+cmd|' /C calc'!A0"),
    *("@SUM(1+1)*cmd|'x'!A0", '-"a"&HYPERLINK("x")', "+'[http://x/y.xls]S'!A1"),
)
NO_FORMULAS = (
    *("- träffade pappa (Provsson)", "+46 är Sverige", "-40 grader (minus)", "a=b", "@prov skrev", '- "Jag mår bra" (sagt)'),
    *("- Stopp! Ropade", "-10/-12 var kallt"),
)


def test_a_cell_that_would_act_in_a_spreadsheet_stops_a_text_file_and_acts_in_no_clean_copy(tmp_path: Path) -> None:
    texts = (*FORMULAS, *NO_FORMULAS)
    path = tmp_path / "ut.csv"
    path.write_text(csv_text(HEADINGS, [with_text(text) for text in texts]), encoding="utf-8")
    answer = check(tmp_path, path, write_clean=str(tmp_path / "ren.csv"))
    reason = answer.reason("formula-text")
    assert (reason["weight"], reason["count"]) == ("stop", len(FORMULAS))
    assert [place.rsplit(" ", 1)[1] for place in reason["places"]] == [str(n) for n in range(2, 2 + len(FORMULAS))]
    with (tmp_path / "ren.csv").open(encoding="utf-8-sig", newline="") as file:
        copied = [row[3] for row in csv.reader(file, delimiter=";")][1:]
    assert copied == [*(f"'{text}" for text in FORMULAS), *NO_FORMULAS]


def test_a_formula_stops_in_a_heading_an_archive_and_statistics_too(tmp_path: Path) -> None:
    heading = (*HEADINGS[:3], '=HYPERLINK("x")')
    path = write_csv(tmp_path, headings=heading)
    assert "formula-text" in check(tmp_path, path).stops
    with zipfile.ZipFile(tmp_path / "ut.zip", "w") as parts:
        parts.writestr("inne.csv", csv_text(HEADINGS, [with_text("=1+1")]))
    assert "formula-text" in check(tmp_path, tmp_path / "ut.zip").stops
    (tmp_path / "antal.csv").write_text("Kommun;Antal\nNacka;12\n=1+1;14\n", encoding="utf-8")
    ran = run_program("check-export", tmp_path / "antal.csv", "--statistics", "--out", tmp_path / "statistics")
    assert ran.code == STOPPED and "formula-text" in ran.stdout


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_csv(tmp_path)

    def growing(read: Path) -> str:
        with read.open("a", encoding="utf-8") as file:
            file.write("\n")
        return sha256_of(read)

    monkeypatch.setattr("auditor.release.opening.sha256_of", growing)
    answer = check(tmp_path, path)
    assert answer.code == REJECTED and "changed while it was read" in answer.ran.stderr


def test_a_cell_beyond_all_measure_is_never_released(tmp_path: Path) -> None:
    long = with_text("x" * 3_000_000)
    (tmp_path / "lång.csv").write_text(csv_text(HEADINGS, [long]), encoding="utf-8")
    pq.write_table(pa.table({name: [cell] for name, cell in zip(HEADINGS, long, strict=True)}), tmp_path / "lång.parquet")
    answer = check(tmp_path, tmp_path / "lång.parquet")
    assert answer.code == REJECTED and "column 4: A cell of the Parquet file holds more than 1 MiB." in answer.ran.stderr
    answer = check(tmp_path, tmp_path / "lång.csv")
    assert answer.code == UNSHOWN and answer.unshown == ["row-unreadable"]
