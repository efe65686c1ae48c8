"""The report to a party, the extract for a person and the release check's report in a real browser: they ask for nothing, and
everyone can use them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.accessible import faults
from tests.conftest import SampleAudit, run_program
from tests.releases import ROW, STOPPED, check, with_text, write_csv
from tests.running import SAMPLE, SAMPLE_AGREEMENT

pytestmark = pytest.mark.browser

PHONE, DESK = {"width": 375, "height": 812}, {"width": 1280, "height": 800}


@pytest.fixture(scope="module")
def pages(sample: SampleAudit, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The report to a party with rows and an extract with everything in it, of the sample month; a release that is stopped."""
    folder = tmp_path_factory.mktemp("letters")
    given = ("--run", sample.out, "--input", SAMPLE / "clean", "--agreement", SAMPLE_AGREEMENT, "--key-file", sample.key)
    for words in (
        ("report", "party", "0182", "--out", folder / "party"),
        ("extract", "--case", "SN-2026-01142", "--with-users", "--out", folder / "extract"),
    ):
        ran = run_program(*words, *given)
        assert ran.code == 0, ran.said
    stopped = check(folder, write_csv(folder, ROW, with_text("Ring 070-174 06 99. Bor på Ekvägen 12.")), lang="sv")
    assert stopped.code == STOPPED
    return {
        "party": folder / "party" / "party-0182.html",
        "extract": folder / "extract" / "extract.html",
        "release": folder / "out" / "release.html",
    }


@pytest.mark.parametrize(
    ("name", "viewport", "scheme", "media"),
    [
        pytest.param("party", PHONE, "light", "screen", id="party, phone"),
        pytest.param("party", DESK, "dark", "screen", id="party, dark"),
        pytest.param("party", DESK, "light", "print", id="party, print"),
        pytest.param("extract", PHONE, "dark", "screen", id="extract, phone"),
        pytest.param("extract", DESK, "light", "print", id="extract, print"),
        pytest.param("release", PHONE, "light", "screen", id="release, phone"),
        pytest.param("release", DESK, "dark", "screen", id="release, dark"),
        pytest.param("release", DESK, "light", "print", id="release, print"),
    ],
)
def test_everyone_can_use_it(
    chromium: Any, pages: dict[str, Path], name: str, viewport: dict[str, int], scheme: str, media: str
) -> None:
    asked: list[str] = []
    context = chromium.new_context(offline=True, viewport=viewport, color_scheme=scheme)
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    page.emulate_media(media=media, color_scheme=scheme)
    page.goto(pages[name].as_uri())
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "the page scrolls sideways"
    found = faults(page)
    context.close()
    assert asked == [pages[name].as_uri()]
    assert found == []
