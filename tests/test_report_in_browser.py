"""The report in a real browser: it asks for nothing, runs its own script alone, fits a phone, and everyone can use it."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.accessible import faults
from tests.register_reports import months_with_decisions
from tests.report_exports import HOSTILE, everything_wrong, hostile_agreement, hostile_export, many_findings
from tests.running import SAMPLE, audit

pytestmark = pytest.mark.browser

REPORTS = ("sample", "empty", "wrong", "hostile", "many", "register")
#: Milliseconds that a page may take where other tests want the same cores; speed is measured elsewhere.
PATIENCE = 120_000
PHONE, DESK = {"width": 375, "height": 812}, {"width": 1280, "height": 800}


# What is looked at


@dataclass
class Seen:
    """What a page did while it was open."""

    requests: list[str] = field(default_factory=list)
    noises: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The reports of the sample month, a month without disclosures, one where everything is wrong, one with hostile text
    everywhere, one with a hundred thousand findings, and one of the third month in a register."""
    folder = tmp_path_factory.mktemp("reports")
    assert audit(SAMPLE / "clean", folder / "sample") == 0
    assert audit(SAMPLE / "clean", folder / "empty", "--period", "2031-01") == 0
    assert audit(everything_wrong(folder / "wrong-export"), folder / "wrong") == 0
    agreement = hostile_agreement(folder)
    assert audit(hostile_export(folder / "hostile-export"), folder / "hostile", agreement=agreement) == 0
    assert audit(many_findings(folder / "many-export"), folder / "many") == 0
    (folder / "months").mkdir()
    shutil.copytree(months_with_decisions(folder / "months") / "2026-10", folder / "register")
    return {name: folder / name / "report.html" for name in REPORTS}


def opened(
    chromium: Any,
    report: Path,
    seen: Seen,
    viewport: dict[str, int],
    scheme: str = "light",
    media: str = "screen",
    script: bool = True,
) -> Any:
    """The report in a new window, its tables alive; close its context afterwards."""
    context = chromium.new_context(offline=True, viewport=viewport, color_scheme=scheme, java_script_enabled=script)
    context.set_default_timeout(PATIENCE)
    context.on("request", lambda request: seen.requests.append(request.url))
    context.on("console", lambda message: seen.noises.append(f"{message.type}: {message.text}"))
    context.on("weberror", lambda error: seen.noises.append(f"error: {error.error}"))
    context.on("dialog", lambda dialog: (seen.noises.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    page = context.new_page()
    page.emulate_media(media=media, color_scheme=scheme)
    page.goto(report.as_uri())
    page.wait_for_load_state("networkidle")
    if script:
        page.locator("table.findings:not(:has([role=button]))").first.wait_for(state="detached")
    return page


@pytest.fixture(params=REPORTS)
def report(request: pytest.FixtureRequest, reports: dict[str, Path]) -> Path:
    return reports[request.param]


def test_a_report_holds_nothing_that_could_run_or_fetch_but_its_own(chromium: Any, report: Path) -> None:
    page = opened(chromium, report, Seen(), DESK)
    names = page.evaluate("[...new Set([...document.querySelectorAll('*')].map(e => e.localName))]")
    assert not set(names) & {"img", "iframe", "object", "embed", "link", "base", "form", "video", "audio"}
    assert page.locator("style").count() == 1
    attributes = page.evaluate(
        "[...document.querySelectorAll('*')].flatMap(e => [...e.attributes].map(a => [a.name, a.value]))"
    )
    assert not [name for name, _value in attributes if name.startswith("on") or name in ("src", "style", "srcset", "srcdoc")]
    assert all(value.startswith("#") for name, value in attributes if name == "href")
    policy = page.locator("meta[http-equiv='Content-Security-Policy']").get_attribute("content")
    own = {kind: [hashed(text) for text in page.locator(kind).all_text_contents()] for kind in ("style", "script")}
    allowed = f"style-src {own['style'][0]}; script-src {own['script'][0]} {own['script'][1]}"
    assert policy == f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'"
    page.context.close()


def hashed(text: str) -> str:
    """A style or a script as a policy names it."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode()}'"


def test_the_policy_stops_a_script_a_style_and_a_picture_that_got_in(chromium: Any, reports: dict[str, Path]) -> None:
    report = reports["sample"]
    smuggled = (
        "<script>window.ran=1</script><style>h1{color:rgb(1,2,3)!important}</style><img src='https://evil.example/1.png'>"
    )
    changed = report.with_name("smuggled.html")
    changed.write_text(report.read_text(encoding="utf-8").replace("<h1 ", f"{smuggled}<h1 ", 1), encoding="utf-8")
    seen = Seen()
    page = opened(chromium, changed, seen, DESK)
    assert page.evaluate("window.ran") is None
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).color") != "rgb(1, 2, 3)"
    assert len([noise for noise in seen.noises if "Content Security Policy" in noise]) == 3
    page.context.close()


def test_hostile_ids_stand_in_the_report_as_text(chromium: Any, reports: dict[str, Path]) -> None:
    page = opened(chromium, reports["hostile"], Seen(), DESK)
    cells = set(page.locator("td").all_text_contents())
    for text in HOSTILE.values():
        assert text in cells
    text = page.locator("body").inner_text()
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", text), "a control character is in the page"
    page.context.close()


@pytest.mark.parametrize(
    ("name", "viewport", "scheme", "media"),
    [
        pytest.param("sample", DESK, "light", "screen", id="light"),
        pytest.param("sample", PHONE, "dark", "screen", id="dark"),
        pytest.param("sample", DESK, "dark", "print", id="print"),
        pytest.param("empty", DESK, "light", "screen", id="a month without disclosures"),
        pytest.param("wrong", PHONE, "dark", "screen", id="everything wrong"),
        pytest.param("wrong", DESK, "light", "print", id="everything wrong, print"),
        pytest.param("many", DESK, "light", "screen", id="a hundred thousand findings"),
        pytest.param("many", DESK, "light", "print", id="a hundred thousand findings, print"),
        pytest.param("many", PHONE, "dark", "screen", id="a hundred thousand findings, dark"),
        pytest.param("hostile", PHONE, "dark", "screen", id="hostile"),
        pytest.param("register", PHONE, "dark", "screen", id="with a register"),
        pytest.param("register", DESK, "light", "print", id="with a register, print"),
    ],
)
def test_a_report_asks_for_nothing_runs_nothing_fits_and_everyone_can_read_it(
    chromium: Any, reports: dict[str, Path], name: str, viewport: dict[str, int], scheme: str, media: str
) -> None:
    seen = Seen()
    page = opened(chromium, reports[name], seen, viewport, scheme, media)
    assert page.evaluate("window.ran") is None
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "the page scrolls sideways"
    assert seen == Seen(requests=[reports[name].as_uri()])
    found = faults(page)
    page.context.close()
    assert found == []


def test_a_report_can_be_printed_on_paper(chromium: Any, reports: dict[str, Path]) -> None:
    page = opened(chromium, reports["sample"], Seen(), DESK, media="print")
    printed = page.pdf(prefer_css_page_size=True)
    page.context.close()
    assert printed.startswith(b"%PDF")
    assert 10 < printed.count(b"/Type /Page\n") < 80
    assert len(set(re.findall(rb"/MediaBox ?\[[^]]*\]", printed))) == 1, "a page has another size than the others"


# Sorting and filtering


def column(page: Any, check: str, heading: str) -> list[str]:
    """The cells of a column of a check's findings, as they stand now."""
    table = page.locator(f"#findings-{check}")
    place = table.locator("thead th").all_text_contents().index(heading)
    return list(table.locator(f"tbody td:nth-child({place + 1})").all_text_contents())


def tab_to(page: Any, selector: str) -> None:
    """Press Tab until the element has the focus."""
    for _press in range(200):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} cannot be reached with the Tab key")


def test_findings_are_sorted_by_keyboard(chromium: Any, reports: dict[str, Path]) -> None:
    seen = Seen()
    page = opened(chromium, reports["sample"], seen, DESK)
    page.locator("#check-T3").focus()
    first = column(page, "T3", "Mottagare")
    tab_to(page, "#findings-T3 th:nth-child(6) [role=button]")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Mottagare: sortera"
    page.keyboard.press("Enter")
    page.wait_for_selector("#findings-T3 th:nth-child(6)[aria-sort=ascending]")
    rising = column(page, "T3", "Mottagare")
    page.keyboard.press("Enter")
    page.wait_for_selector("#findings-T3 th:nth-child(6)[aria-sort=descending]")
    falling = column(page, "T3", "Mottagare")
    assert rising != first and sorted(rising) == sorted(first)
    assert [text for text in falling if text] == [text for text in rising if text][::-1]
    assert page.evaluate("document.activeElement.getAttribute('aria-label')").startswith("Mottagare: "), "the focus was lost"
    page.context.close()
    assert seen.noises == []


def test_the_findings_of_a_check_are_filtered_by_keyboard(chromium: Any, reports: dict[str, Path]) -> None:
    seen = Seen()
    page = opened(chromium, reports["sample"], seen, DESK)
    every = column(page, "T3", "Användare")
    wanted = [user for user in every if user.startswith("sthlm")]
    assert 0 < len(wanted) < len(every)
    page.locator("#check-T3").focus()
    tab_to(page, "#filter-T3")
    assert page.locator("label[for=filter-T3]").inner_text() == "Filtrera T3"
    page.keyboard.type("STHLM")
    assert column(page, "T3", "Användare") == wanted
    page.get_by_role("status").filter(has_text=f"Visar {len(wanted)} av {len(every)}").wait_for(state="attached")
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    assert column(page, "T3", "Användare") == every
    page.context.close()
    assert seen.noises == []


@pytest.mark.parametrize("name", ["sample", "many"])
def test_all_findings_are_filtered_at_once(chromium: Any, reports: dict[str, Path], name: str) -> None:
    seen = Seen()
    page = opened(chromium, reports[name], seen, DESK)
    rows = page.locator("table.findings > tbody > tr")
    every = rows.all_text_contents()
    word = re.findall(r"U-2026-\d+", every[0])[0]
    page.locator("#filter-all").focus()
    page.keyboard.type(f"{word.lower()} avvikelse")
    left = page.locator("table.findings > tbody > tr:not([hidden])").all_text_contents()
    assert left == [row for row in every if word in row and "avvikelse" in row] and left
    assert page.locator(".check:not([hidden]):not(:has(table.findings > tbody > tr:not([hidden])))").count() == 0
    page.locator("#filter-all").fill("no such thing")
    assert page.locator(".check:visible").count() == 0
    page.get_by_role("status").filter(has_text="Ingen iakttagelse innehåller orden.").wait_for(state="attached")
    page.context.close()
    assert seen.noises == []


def test_hostile_text_stays_text_when_it_is_sorted_and_filtered(chromium: Any, reports: dict[str, Path]) -> None:
    seen = Seen()
    page = opened(chromium, reports["hostile"], seen, DESK)
    table = page.locator("table.findings:has(td.id)").first
    for button in table.locator("th [role=button]").all():
        button.press("Enter")
        button.press("Enter")
    for text in HOSTILE.values():
        page.locator(".filter input").first.fill(text)
        assert text in table.locator("td").all_text_contents()
        page.locator("#filter-all").fill(text)
        page.locator("#filter-all").fill("")
    assert page.evaluate("window.ran") is None
    page.context.close()
    assert seen == Seen(requests=[reports["hostile"].as_uri()])


def test_without_javascript_every_finding_of_the_page_still_stands(chromium: Any, reports: dict[str, Path]) -> None:
    alive = opened(chromium, reports["sample"], Seen(), DESK)
    rows = alive.locator("table.findings > tbody > tr").all_text_contents()
    alive.context.close()
    page = opened(chromium, reports["sample"], Seen(), DESK, script=False)
    plain = page.locator("table.findings > tbody > tr")
    assert plain.all_text_contents() == rows and rows
    assert plain.first.is_visible() and plain.last.is_visible()
    assert not page.locator("input:visible").count(), "a field that does nothing is shown"
    page.context.close()


def test_the_page_is_bounded_and_says_what_is_left_out(chromium: Any, reports: dict[str, Path]) -> None:
    assert reports["many"].stat().st_size < 3_000_000
    page = opened(chromium, reports["many"], Seen(), DESK)
    rows = page.locator("table.findings > tbody > tr").count()
    assert 1000 < rows <= 3000
    found = pq.read_metadata(reports["many"].with_name("findings.parquet")).num_rows
    assert found > 100_000
    digits = re.sub(r"\D+", " ", page.locator("#findings + p").inner_text().replace("\u00a0", "")).split()
    assert [int(number) for number in digits] == [rows, found - rows]
    page.context.close()
