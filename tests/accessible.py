"""Whether everyone can use a page, asked of axe-core in a browser."""

from __future__ import annotations

from typing import Any

#: axe asks about every element, and a page has thousands that are alike: a few of each kind are looked at. Rows of a table are
#: alike; so are the sections of checks that are put together of the same parts, and shapes of a picture with the same class and
#: colour.
_A_FEW_OF_EACH = """
    for (const body of document.querySelectorAll('tbody')) [...body.rows].slice(2, -1).forEach(row => row.remove());
    const word = e => `${e.localName} ${e.getAttribute('class')} ${e.getAttribute('role')} ${e.getAttribute('fill')}`;
    const seen = {};
    for (const part of document.querySelectorAll('.check, svg *')) {
        const section = part.matches('.check');
        const kind = word(part) + (section ? [...new Set([...part.children].map(word))].join() : '');
        seen[kind] = (seen[kind] || 0) + 1;
        if (section ? seen[kind] > 2 : seen[kind] > 3 && !part.children.length) part.remove();
    }
"""
#: What is far down the page is drawn when it is scrolled to: here all of it is.
_ALL_DRAWN = "document.styleSheets[0].insertRule('.check { content-visibility: visible !important }', 0)"


def faults(page: Any) -> list[str]:
    """What axe-core finds wrong with an open page, which is changed by the asking."""
    from axe_playwright_python.sync_playwright import Axe

    page.evaluate(_A_FEW_OF_EACH)
    page.evaluate(_ALL_DRAWN)
    found = Axe().run(page).response
    return [f"{v['id']}: {v['help']} ({v['nodes'][0]['html'][:200]})" for v in found["violations"]]
