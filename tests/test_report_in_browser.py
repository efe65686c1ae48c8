"""The report in a real browser: it asks for nothing, runs nothing, fits a phone, and everyone can read it."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.exports import export, write_agreement
from tests.running import SAMPLE, audit

pytestmark = pytest.mark.browser

PHONE, DESK = {"width": 375, "height": 812}, {"width": 1280, "height": 800}

# Every one of them is a plain id by its form (no space, a digit), so it is shown as it stands
HOSTILE = {
    "script": "<script>window.ran=1</script>",
    "image": '"><img/src=x/onerror=window.ran=1>',
    "style": "</style><style>*{background:url(//evil.example/1)}</style>",
    "template": "{{7*7}}{%raw%}1",
    "comment": "--><svg/onload=window.ran=1><!--",
    "formula": "=cmd|'/C1'!A1",
    "url": "javascript:window.ran=1//",
    "entity": "&lt;b&gt;1&#60;script&#62;",
}


# What is looked at


@dataclass
class Seen:
    """What a page did while it was open."""

    requests: list[str] = field(default_factory=list)
    noises: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """Debian's chromium, without network."""
    path = shutil.which("chromium") or "/usr/bin/chromium"
    if not Path(path).exists():
        pytest.skip("there is no chromium here, so no report was looked at (Debian: apt-get install chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The reports of the sample month, of an export where everything is wrong, and of one with hostile text everywhere."""
    folder = tmp_path_factory.mktemp("reports")
    assert audit(SAMPLE / "clean", folder / "sample") == 0
    assert audit(everything_wrong(folder / "wrong-export"), folder / "wrong") == 0
    agreement = hostile_agreement(folder)
    assert audit(hostile_export(folder / "hostile-export"), folder / "hostile", agreement=agreement) == 0
    return {name: folder / name / "report.html" for name in ("sample", "wrong", "hostile")}


def everything_wrong(folder: Path) -> Path:
    """Some rows of the sample month with every column spoilt that a check asks about: findings of almost every check."""
    wrong = {
        "cases": {
            "birth_date": "1990-01-01",
            "home_municipality": "0380",
            "registered_municipality": "0381",
            "found_in": "03",
            "concern": "neglect",
            "reporter": "0184",
            "decided_at": "",
            "decision": "",
            "protection": "protected_registration",
            "closed_at": "2026-01-01",
        },
        "disclosures": {
            "sender": "0184",
            "recipient": "0381",
            "user_id": "nobody1",
            "fields": "name;address;health;record;signalement",
            "grounds": "avtalet;SoL 2001",
            "channel": "email",
            "motivation": "",
        },
    }
    folder.mkdir()
    known: list[str] = []
    for table, columns in wrong.items():
        with (SAMPLE / "clean" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))[200:300]
        known = known or [row["case_id"] for row in rows]
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows({**row, **columns, "case_id": case} for row, case in zip(rows, known, strict=True))
    return folder


def hostile_export(folder: Path) -> Path:
    """Hostile text in ids, headings, units, free text, codes and names of files."""
    texts = list(HOSTILE.values())
    cases = [{"case_id": text, "home_municipality": "0380", "protection": text} for text in texts]
    disclosures = [
        {
            "disclosure_id": text,
            "case_id": text,
            "user_id": text,
            "sender_unit": text,
            "channel": text,
            "fields": text,
            "grounds": text,
            "purpose": "handover" if place % 2 else text,
            "motivation": text,
            text: text,
        }
        for place, text in enumerate(texts)
    ]
    more = [
        {"disclosure_id": f"T-{place}", "case_id": f"\x1b[31m{text}\x07", "user_id": text} for place, text in enumerate(texts)
    ]
    export(folder, cases=cases, disclosures=[*disclosures, *more])
    for name in ('"><img src=x onerror=window.ran=1>.csv', "<script>window.ran=1<%2fscript>.txt", "\x1b[31mred.csv"):
        (folder / name).write_text("x\n1\n", encoding="utf-8")
    return folder


def hostile_agreement(folder: Path) -> Path:
    """An agreement whose names and labels are hostile too; they are shown in the report."""
    script, image = HOSTILE["script"], HOSTILE["image"].replace('"', '\\"')
    return write_agreement(
        folder,
        ("title: Provavtal", f'title: "{script} {image}"'),
        ("source: Protokoll 2026-01-01", f'source: "{image}"'),
        ("Polismyndigheten (ROC)", f'"{script}"'),
        ("label: Namn,", f'label: "{image}",'),
        (
            '- {municipality: "0120", valid_from: 2023-12-14}',
            f'- {{municipality: "0120", valid_from: 2023-12-14, status: unconfirmed, source: "{image}"}}',
        ),
    )


def opened(
    chromium: Any, report: Path, seen: Seen, viewport: dict[str, int], scheme: str = "light", media: str = "screen"
) -> Any:
    """The report in a new window; close its context afterwards."""
    context = chromium.new_context(offline=True, viewport=viewport, color_scheme=scheme)
    context.on("request", lambda request: seen.requests.append(request.url))
    context.on("console", lambda message: seen.noises.append(f"{message.type}: {message.text}"))
    context.on("weberror", lambda error: seen.noises.append(f"error: {error.error}"))
    context.on("dialog", lambda dialog: (seen.noises.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    page = context.new_page()
    page.emulate_media(media=media, color_scheme=scheme)
    page.goto(report.as_uri())
    page.wait_for_load_state("networkidle")
    return page


@pytest.fixture(params=["sample", "wrong", "hostile"])
def report(request: pytest.FixtureRequest, reports: dict[str, Path]) -> Path:
    return reports[request.param]


@pytest.mark.parametrize(
    ("viewport", "scheme", "media"),
    [
        pytest.param(PHONE, "light", "screen", id="phone"),
        pytest.param(PHONE, "dark", "screen", id="phone, dark"),
        pytest.param(DESK, "light", "screen", id="desk"),
        pytest.param(DESK, "dark", "screen", id="desk, dark"),
        pytest.param(DESK, "dark", "print", id="print"),
    ],
)
def test_a_report_asks_for_nothing_runs_nothing_and_fits(
    chromium: Any, report: Path, viewport: dict[str, int], scheme: str, media: str
) -> None:
    seen = Seen()
    page = opened(chromium, report, seen, viewport, scheme, media)
    assert page.evaluate("window.ran") is None
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "the page scrolls sideways"
    page.context.close()
    assert seen == Seen(requests=[report.as_uri()])


def test_a_report_holds_nothing_that_could_run_or_fetch(chromium: Any, report: Path) -> None:
    page = opened(chromium, report, Seen(), DESK)
    names = page.evaluate("[...new Set([...document.querySelectorAll('*')].map(e => e.localName))]")
    assert not set(names) & {"script", "img", "iframe", "object", "embed", "link", "base", "form", "input", "video", "audio"}
    assert page.locator("style").count() == 1
    attributes = page.evaluate(
        "[...document.querySelectorAll('*')].flatMap(e => [...e.attributes].map(a => [a.name, a.value]))"
    )
    assert not [name for name, _value in attributes if name.startswith("on") or name in ("src", "style", "srcset", "srcdoc")]
    assert all(value.startswith("#") for name, value in attributes if name == "href")
    policy = page.locator("meta[http-equiv='Content-Security-Policy']").get_attribute("content")
    assert re.fullmatch(
        r"default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]{43}='; base-uri 'none'; form-action 'none'", policy
    )
    page.context.close()


def test_the_policy_stops_a_script_a_style_and_a_picture_that_got_in(chromium: Any, reports: dict[str, Path]) -> None:
    report = reports["sample"]
    smuggled = (
        "<script>window.ran=1</script><style>h1{color:rgb(1,2,3)!important}</style><img src='https://evil.example/1.png'>"
    )
    changed = report.with_name("smuggled.html")
    changed.write_text(report.read_text(encoding="utf-8").replace("<h1>", f"{smuggled}<h1>", 1), encoding="utf-8")
    seen = Seen()
    page = opened(chromium, changed, seen, DESK)
    assert page.evaluate("window.ran") is None
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).color") != "rgb(1, 2, 3)"
    assert len([noise for noise in seen.noises if "Content Security Policy" in noise]) == 3
    page.context.close()


def test_hostile_ids_stand_in_the_report_as_text(chromium: Any, reports: dict[str, Path]) -> None:
    page = opened(chromium, reports["hostile"], Seen(), DESK)
    cells = set(page.locator("td").all_inner_texts())
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
        pytest.param("wrong", PHONE, "light", "screen", id="everything wrong"),
        pytest.param("hostile", DESK, "dark", "screen", id="hostile"),
    ],
)
def test_everyone_can_read_a_report(
    chromium: Any, reports: dict[str, Path], name: str, viewport: dict[str, int], scheme: str, media: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = opened(chromium, reports[name], Seen(), viewport, scheme, media)
    # rows that are alike are looked at once: axe asks about every cell, and a month has thousands
    page.evaluate("for (const b of document.querySelectorAll('tbody')) [...b.rows].slice(3, -1).forEach(row => row.remove())")
    found = Axe().run(page).response
    page.context.close()
    assert [f"{v['id']}: {v['help']} ({v['nodes'][0]['html'][:200]})" for v in found["violations"]] == []


def test_a_report_can_be_printed_on_paper(chromium: Any, reports: dict[str, Path]) -> None:
    page = opened(chromium, reports["sample"], Seen(), DESK, media="print")
    printed = page.pdf(prefer_css_page_size=True)
    page.context.close()
    assert printed.startswith(b"%PDF")
    assert 10 < printed.count(b"/Type /Page\n") < 80
    assert len(set(re.findall(rb"/MediaBox ?\[[^]]*\]", printed))) == 1, "a page has another size than the others"
