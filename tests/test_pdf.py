"""``auditor pdf``: what the browser prints becomes PDF/UA-1, and nothing but pages of this program is printed.

The rules are those of ISO 14289-1 that can be told from the file: tags, artifacts, tables, lists, figures, links, title.
"""

from __future__ import annotations

import itertools
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from tests.conftest import SampleAudit, run_program
from tests.exports import export, write_agreement

DNR = "SN 2026/123 <b>"
STANDARD = re.compile(
    r"/(Document|Part|Sect|Div|BlockQuote|Caption|TOCI?|Index|NonStruct|Private|P|H[1-6]?|L|LI|Lbl|LBody|Table|T[RHD]|THead"
    r"|TBody|TFoot|Span|Quote|Note|Reference|BibEntry|Code|Link|Annot|Figure|Formula|Form)"
)
PAINTING = {"f", "F", "f*", "S", "s", "B", "B*", "b", "b*", "Tj", "TJ", "Do", "sh"}


def has_browser() -> bool:
    return any(shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome", "microsoft-edge"))


needs_browser = pytest.mark.skipif(
    not has_browser(), reason="there is no chromium here, so no PDF was made (Debian: apt-get install chromium)"
)


# -------------------------------------------------------------------------------------------------------- what is made


@pytest.fixture(scope="module")
def pdf(sample: SampleAudit, tmp_path_factory: pytest.TempPathFactory) -> PdfReader:
    """The sample month's report, printed with a case number; the folder of the report is left as it was."""
    folder = tmp_path_factory.mktemp("pdf")
    before = sorted(sample.out.iterdir())
    ran = run_program("pdf", sample.out / "report.html", "--dnr", DNR, "--out", folder / "report.pdf", "--lang", "en")
    assert ran.code == 0, ran.said
    assert re.fullmatch(r"\S*report\.pdf: \d+ pages\n", ran.stdout)
    assert sorted(sample.out.iterdir()) == before and [path.name for path in folder.iterdir()] == ["report.pdf"]
    if os.name == "posix":
        assert (folder / "report.pdf").stat().st_mode & 0o077 == 0
    return PdfReader(folder / "report.pdf")


def root(pdf: PdfReader) -> Any:
    return pdf.trailer["/Root"]


def kids(element: Any) -> list[Any]:
    held = element.get("/K", [])
    return [kid.get_object() for kid in (held if isinstance(held, list) else [held])]


def elements(start: Any) -> Iterator[Any]:
    for kid in kids(start):
        if isinstance(kid, dict) and "/S" in kid:
            yield kid
            yield from elements(kid)


def kinds(of: list[Any]) -> list[str]:
    return [str(kid["/S"]) if isinstance(kid, dict) and "/S" in kid else "" for kid in of]


@pytest.fixture(scope="module")
def tags(pdf: PdfReader) -> list[Any]:
    return list(elements(root(pdf)["/StructTreeRoot"]))


@pytest.mark.browser
@needs_browser
class TestPdf:
    def test_it_says_what_it_is(self, pdf):
        catalogue, xmp = root(pdf), root(pdf)["/Metadata"].get_data().decode()
        assert catalogue["/MarkInfo"]["/Marked"] and catalogue["/ViewerPreferences"]["/DisplayDocTitle"]
        assert catalogue["/Lang"] == "en" and pdf.metadata.title == "Audit of disclosures, October 2026"
        assert "<pdfuaid:part>1</pdfuaid:part>" in xmp and pdf.metadata.title in xmp and pdf.pdf_header == "%PDF-1.7"

    def test_every_page_has_its_number_the_case_number_the_title_and_the_marking(self, pdf):
        assert len(pdf.pages) > 10
        # reading a page takes a while, and all are made by the same rule: every fifth, the first two and the last
        looked_at = {0, 1, len(pdf.pages) - 1, *range(4, len(pdf.pages), 5)}
        for number, page in ((number + 1, pdf.pages[number]) for number in sorted(looked_at)):
            text = " ".join(page.extract_text().split())
            assert f"Page {number} / {len(pdf.pages)}" in text and f"Case number {DNR}" in text
            assert "Secrecy under chapter 26, section 1" in text and "Audit of disclosures, October 2026" in text

    def test_it_has_bookmarks_for_its_headings(self, pdf):
        titles = [mark.title for mark in pdf.outline[:1]] + [str(mark) for mark in pdf.outline]
        assert titles and len(root(pdf)["/Outlines"]) >= 1

    def test_everything_drawn_is_tagged_or_an_artifact(self, pdf):
        for page in pdf.pages:
            depth, numbers = [], []
            for line in page.get_contents().get_data().decode("latin-1").split("\n"):
                operator = line.split()[-1].lstrip(">") if line.split() else ""
                if operator in ("BDC", "BMC"):
                    assert not ("MCID" in line and depth), "tagged content stands in other content"
                    assert not ("/Artifact" in line and depth), "an artifact stands in other content"
                    numbers += re.findall(r"/MCID (\d+)", line)
                    depth.append(line)
                elif operator == "EMC":
                    depth.pop()
                elif operator in PAINTING:
                    assert depth, line
            assert not depth and len(numbers) == len(set(numbers))

    def test_every_piece_of_a_page_has_the_owner_that_has_it(self, pdf, tags):
        owners = {}
        numbers = [root(pdf)["/StructTreeRoot"]["/ParentTree"]]
        while numbers:
            node = numbers.pop().get_object()
            numbers += node.get("/Kids", [])
            for key, owner in zip(node.get("/Nums", [])[::2], node.get("/Nums", [])[1::2], strict=True):
                owners[int(key)] = owner.get_object()
        for tag in tags:
            for kid in kids(tag):
                page = tag.get("/Pg") if isinstance(kid, int) else kid.get("/Pg", tag.get("/Pg"))
                if isinstance(kid, int) or kid.get("/Type") == "/MCR":
                    owner = owners[page.get_object()["/StructParents"]][kid if isinstance(kid, int) else kid["/MCID"]]
                    assert owner.get_object() is tag

    def test_tags_are_those_that_readers_know(self, pdf, tags):
        known = root(pdf)["/StructTreeRoot"]["/RoleMap"]
        used = {str(tag["/S"]) for tag in tags}
        assert [kind for kind in used if not STANDARD.fullmatch(str(known.get(kind, kind)))] == []
        assert {"/H1", "/H2", "/H3", "/Table", "/TH", "/TD", "/L", "/Figure", "/Link"} <= used
        headings = [int(kind[2]) for kind in kinds(tags) if re.fullmatch(r"/H\d", kind)]
        assert headings[0] == 1 and headings.count(1) == 1
        assert all(after - before <= 1 for before, after in itertools.pairwise(headings))

    def test_tables_are_regular_and_their_heads_have_a_scope(self, tags):
        for table in (tag for tag in tags if tag["/S"] == "/Table"):
            rows = [tag for tag in elements(table) if tag["/S"] == "/TR"]
            assert {kind for row in rows for kind in kinds(kids(row))} <= {"/TH", "/TD"}
            assert len({sum(attribute(cell, "/ColSpan", 1) for cell in kids(row)) for row in rows}) == 1
            heads = [cell for row in rows for cell in kids(row) if cell["/S"] == "/TH"]
            assert heads and all(attribute(head, "/Scope", None) in ("/Row", "/Column") for head in heads)
            for head in heads:
                pages = {str(kid.get("/Pg", head.get("/Pg"))) for kid in kids(head) if isinstance(kid, dict) and "/MCID" in kid}
                assert len(pages) <= 1, "a head that is repeated is read again"

    def test_items_figures_and_links_have_what_they_need(self, pdf, tags):
        for tag in tags:
            if tag["/S"] == "/LI":
                assert set(kinds(kids(tag))) <= {"/Lbl", "/LBody"} and "/LBody" in kinds(kids(tag))
            if tag["/S"] == "/Figure":
                assert tag["/Alt"]
        links = [link.get_object() for page in pdf.pages for link in page.get("/Annots", [])]
        assert links and all(link["/Contents"] and link["/F"] & 4 for link in links)
        assert all(page["/Tabs"] == "/S" for page in pdf.pages)

    def test_all_fonts_stand_in_the_file(self, pdf):
        for page in pdf.pages:
            for font in [one.get_object() for one in page["/Resources"].get("/Font", {}).values()]:
                inner = font.get("/DescendantFonts", [font])[0].get_object()
                held = inner.get("/FontDescriptor", {})
                assert font["/Subtype"] == "/Type3" or {"/FontFile", "/FontFile2", "/FontFile3"} & set(held)
                assert "/ToUnicode" in font

    def test_it_runs_and_fetches_nothing(self, pdf):
        catalogue = root(pdf)
        assert not {"/OpenAction", "/AA"} & set(catalogue) and "/JavaScript" not in catalogue.get("/Names", {})
        for page in pdf.pages:
            for link in page.get("/Annots", []):
                assert "/A" not in link.get_object(), "a link leads out of the document"

    @pytest.mark.skipif(os.name != "posix", reason="where the browser leaves things is told by the environment")
    def test_it_is_printed_in_a_deep_folder_and_the_browser_leaves_nothing_elsewhere(self, tmp_path, monkeypatch):
        given = ("--agreement", write_agreement(tmp_path), "--out", tmp_path / "out", "--key-file", tmp_path / "key", "--quiet")
        assert run_program("audit", export(tmp_path / "in"), *given).code == 0
        deep, elsewhere = tmp_path / ("deep" * 30), tmp_path / "elsewhere"
        for name in ("HOME", "TMPDIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
            (elsewhere / name).mkdir(parents=True)
            monkeypatch.setenv(name, str(elsewhere / name))
        deep.mkdir()
        ran = run_program("pdf", tmp_path / "out" / "report.html", "--out", deep / "report.pdf")
        assert ran.code == 0, ran.said
        assert [path.name for path in deep.iterdir()] == ["report.pdf"]
        left = [str(path) for path in elsewhere.rglob("*") if path.is_file()]
        assert [path for path in left if not re.search(r"/(fontconfig|mesa_shader_cache|dconf|\.pki)", path)] == []
        assert "Crash Reports" not in " ".join(str(path) for path in elsewhere.rglob("*"))

    def test_an_existing_file_is_not_replaced_unasked(self, sample, tmp_path):
        out = tmp_path / "mine.pdf"
        out.write_text("mine")
        assert run_program("pdf", sample.out / "report.html", "--out", out).code == 3 and out.read_text() == "mine"


def attribute(tag: Any, name: str, otherwise: Any) -> Any:
    """An attribute of a tag, whichever of its dictionaries holds it."""
    held = tag.get("/A", [])
    for each in held if isinstance(held, list) else [held]:
        if name in each.get_object():
            return each.get_object()[name]
    return otherwise


# ------------------------------------------------------------------------------------------------------ what is refused


PAGE = """<!doctype html>
<html lang="sv">
<head>
<meta charset="utf-8">
{generator}<meta http-equiv="Content-Security-Policy" content="default-src 'none'">
<title>x</title>
<style></style>
</head><body></body></html>"""
OURS = '<meta name="generator" content="en-ingang-auditor 0.1.0">\n'


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(PAGE.format(generator="").encode(), id="no generator"),
        pytest.param(PAGE.format(generator='<meta name="generator" content="other">\n').encode(), id="another's"),
        pytest.param(PAGE.format(generator=OURS).replace('lang="sv"', 'lang="de"').encode(), id="language"),
        pytest.param(PAGE.format(generator=OURS).replace("<style></style>", "").encode(), id="no style"),
        pytest.param(PAGE.format(generator=OURS).replace("Content-Security-Policy", "x").encode(), id="no policy"),
        pytest.param(b"\xff\xfe\x00", id="no text"),
        pytest.param(b"", id="empty"),
        pytest.param(None, id="no file"),
    ],
)
def test_what_is_no_page_of_this_program_is_refused(tmp_path, content):
    page = tmp_path / "page.html"
    if content is not None:
        page.write_bytes(content)
    ran = run_program("pdf", page, "--lang", "en")
    assert ran.code == 3 and "Error" in ran.stderr and not list(tmp_path.glob("*.pdf"))


def test_a_page_that_was_changed_is_refused(sample, tmp_path):
    run = sample.copy(tmp_path / "run")
    page = run / "report.html"
    page.write_bytes(page.read_bytes().replace(b"</h1>", b"!</h1>", 1))
    ran = run_program("pdf", page, "--lang", "en")
    assert ran.code == 3 and "has been changed since it was written" in ran.stderr
    assert not list(tmp_path.glob("*.pdf"))


def test_without_a_browser_it_says_what_to_do(sample, tmp_path, monkeypatch):
    out = ("--out", tmp_path / "p.pdf", "--lang", "en")
    ran = run_program("pdf", sample.out / "report.html", "--browser", tmp_path / "none", *out)
    assert ran.code == 3 and "--browser" in ran.stderr
    monkeypatch.setattr("auditor.pdf.browser._places", lambda: iter(()))
    ran = run_program("pdf", sample.out / "report.html", *out)
    assert ran.code == 3 and "There is no browser on this machine" in ran.stderr and "Install Chromium" in ran.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="the stand-in is a shell script")
def test_a_program_in_the_folder_one_stands_in_is_no_browser_of_the_machine(sample, tmp_path, monkeypatch):
    planted = tmp_path / "chromium"
    planted.write_text("#!/bin/sh\necho >> ran\n")
    planted.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", ".")
    ran = run_program("pdf", sample.out / "report.html", "--out", tmp_path / "p.pdf", "--lang", "en")
    assert ran.code == 3 and "There is no browser on this machine" in ran.stderr
    assert [path.name for path in tmp_path.rglob("*")] == ["chromium"]


@pytest.mark.skipif(os.name != "posix", reason="the stand-in is a shell script")
def test_a_browser_that_prints_nothing_or_is_too_old_is_told(sample, tmp_path):
    browser, out = tmp_path / "browser", tmp_path / "out"
    out.mkdir()
    browser.write_text("#!/bin/sh\nexit 0\n")
    browser.chmod(0o755)
    command = ("pdf", sample.out / "report.html", "--browser", browser, "--out", out / "p.pdf", "--lang", "en")
    ran = run_program(*command)
    assert ran.code == 3 and "The browser made no PDF." in ran.stderr
    from pypdf import PdfWriter

    old = PdfWriter()
    old.add_blank_page(100, 100)
    old.metadata = {"/Producer": "Skia/PDF m120"}
    old.write(tmp_path / "old.pdf")
    browser.write_text(f'#!/bin/sh\nfor a; do case "$a" in --print-to-pdf=*) cp {tmp_path}/old.pdf "${{a#*=}}";; esac; done\n')
    ran = run_program(*command)
    assert ran.code == 3 and "too old" in ran.stderr and list(out.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="the stand-in is a shell script")
def test_what_the_browser_leaves_behind_lies_in_the_private_folder(sample, tmp_path, monkeypatch):
    """Crash dumps (which may hold what stands on the page), configuration and temporary files: all is thrown away."""
    browser, told, out = tmp_path / "browser", tmp_path / "told", tmp_path / "out"
    out.mkdir()
    browser.write_text(f'#!/bin/sh\n{{ pwd -P; env; }} > "{told}"\n')
    browser.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    run_program("pdf", sample.out / "report.html", "--browser", "browser", "--out", out / "p.pdf")
    folder, *lines = told.read_text().splitlines()
    environment = dict(line.split("=", 1) for line in lines if "=" in line)
    private = [path for path in Path(folder).parents if path.name.startswith(".auditor-") and path.parent == out]
    assert len(private) == 1 and not private[0].exists()
    for name in ("BREAKPAD_DUMP_LOCATION", "XDG_CONFIG_HOME", "TMPDIR", "TEMP", "TMP"):
        assert private[0] in (Path(folder) / environment[name] / "x").parents, name
    assert environment["PATH"] == os.environ["PATH"]


def test_a_case_number_is_no_personal_number(sample, tmp_path):
    out = ("--out", tmp_path / "p.pdf")
    for wrong in ("20160101-9803", "x" * 61, "a\x1b[31m"):
        ran = run_program("pdf", sample.out / "report.html", "--dnr", wrong, *out)
        assert (ran.code, list(tmp_path.iterdir())) == (2, []), wrong
