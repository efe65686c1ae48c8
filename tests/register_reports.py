"""Three months in a row with decisions between them, and the tables of their reports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path

from tests.exports import Row
from tests.months import MONTHS, audit, decide, fingerprint

TODAY = date.today()
TOMORROW = TODAY + timedelta(days=1)
HOSTILE_REASON = "Väntar på tolk.<script>window.ran=1</script>\x1b[31m\u202e{{7*7}}"
BREACH, EXPIRES, STAYS = "SN-2026-2", "SN-2026-3", "SN-2026-1"
#: A cell that cannot be read, in every month: a finding about a file that lasts.
UNREADABLE: Row = {"case_id": "SN-2026-8", "reported_at": "2026-07-01 09:00:00", "closed_at": "kanske"}


def months_with_decisions(folder: Path) -> Path:
    """Audits August, September and October with decisions between them; returns the folder with the three reports.

    SN-2026-1 is there in all three and justified for a year. SN-2026-2 is gone in September and a confirmed breach. SN-2026-3
    is gone in September and back in October; its justification ends today, and the report of October is of tomorrow.
    """
    register = folder / "register.db"
    audit(folder, "2026-08", register, [*MONTHS["2026-08"], UNREADABLE], "--at", f"{TODAY} 08:00")
    justified = ("--as", "justified", "--reason", HOSTILE_REASON, "--owner", "B. <b>Chef</b>")
    aware = ("--aware-at", f"{TODAY - timedelta(days=1)} 08:00")
    for case, options, capacity in (
        (STAYS, ("--as", "false-alarm", "--reason", "Kan vara fel datum."), "officer"),
        (STAYS, (*justified, "--expires", TODAY + timedelta(days=365)), "controller"),
        (EXPIRES, (*justified, "--expires", TODAY), "controller"),
        (BREACH, ("--as", "confirmed-breach", *aware), "controller"),
    ):
        ran = decide(register, fingerprint(register, case), *options, capacity=capacity)
        assert ran.code == 0, ran.stderr
    audit(folder, "2026-09", register, [*MONTHS["2026-09"], UNREADABLE], "--at", f"{TODAY} 08:00")
    audit(folder, "2026-10", register, [*MONTHS["2026-10"], UNREADABLE], "--at", f"{TOMORROW} 08:00")
    return folder


@dataclass
class Page(HTMLParser):
    """The tables of a report by caption, each a list of rows of cells, and all its text."""

    tables: dict[str, list[list[str]]] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)
    _caption: bool = False
    _rows: list[list[str]] = field(default_factory=list)
    _cell: bool = False

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._rows = []
        elif tag == "caption":
            self._caption = True
        elif tag == "tr":
            self._rows.append([])
        elif tag in ("td", "th") and self._rows:
            self._rows[-1].append("")
            self._cell = True
        elif tag == "br" and self._cell:
            self._rows[-1][-1] += " | "

    def handle_endtag(self, tag: str) -> None:
        self._caption = self._caption and tag != "caption"
        self._cell = self._cell and tag not in ("td", "th")

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        if self._caption:
            self.tables[data] = self._rows
        elif self._cell:
            self._rows[-1][-1] += data

    @property
    def text(self) -> str:
        """All the text of the page on one line."""
        return " ".join("".join(self.words).split())


def page(report: Path) -> Page:
    """A report folder's page, read."""
    read = Page()
    read.feed((report / "report.html").read_text(encoding="utf-8"))
    return read
