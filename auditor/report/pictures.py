"""The numbers behind the report's pictures: bars as shares of 100, so that a template needs no arithmetic."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from auditor.audit import Audit
from auditor.checks.model import Severity
from auditor.figures import RecipientTally, Tally
from auditor.labels import VERDICTS
from auditor.outcomes import Verdict
from auditor.report import formats
from auditor.report.findings import CheckPart
from auditor.report.naming import family, organisation
from auditor.words import _

#: The gravest first, as everywhere in the report.
ORDER = (Verdict.OUTSIDE, Verdict.UNDETERMINED, Verdict.WITHIN)
_MOST_DAYS = 62
_MOST_RECIPIENTS = 40


@dataclass(frozen=True)
class Segment:
    """A part of a bar: class of the style sheet, where it begins and how long it is, of 100."""

    code: str
    start: float
    length: float


@dataclass(frozen=True)
class Bar:
    """A row of a table with a bar: what it is, its segments, and its numbers (the bar's, then their sum)."""

    words: str
    segments: tuple[Segment, ...]
    numbers: tuple[int, ...]
    total: int


@dataclass(frozen=True)
class Column:
    """A day or a month of the column chart: heights and places of 100."""

    words: str
    start: float
    width: float
    height: float
    height_outside: float
    numbers: tuple[int, ...]
    total: int


@dataclass(frozen=True)
class Columns:
    """Disclosures over time, in two panels with a scale each: all, and those outside the agreement."""

    by_month: bool
    columns: tuple[Column, ...]
    most: int
    most_when: str
    most_outside: int
    most_outside_when: str
    first: str
    middle: str
    last: str


@dataclass(frozen=True)
class Matrix:
    """Recipients by checks: ``rows`` hold (recipient, cells), a cell (violations, undetermined) or None."""

    checks: tuple[CheckPart, ...]
    rows: tuple[tuple[str, tuple[tuple[int, int] | None, ...]], ...]


def segments(codes: Sequence[str], numbers: Sequence[int], whole: int) -> tuple[Segment, ...]:
    """The parts of a bar in which ``whole`` is 100 wide."""
    found, place = [], 0
    for code, n in zip(codes, numbers, strict=True):
        if n:
            found.append(Segment(code, round(100 * place / whole, 3), round(100 * n / whole, 3)))
        place += n
    return tuple(found)


def verdict_bar(audit: Audit) -> Bar:
    """The verdicts of all audited disclosures."""
    return _verdicts("", audit.verdicts, sum(audit.verdicts.values()))


def _verdicts(words: str, verdicts: dict[Verdict, int], whole: int) -> Bar:
    numbers = tuple(verdicts[verdict] for verdict in ORDER)
    return Bar(words, segments([verdict.value for verdict in ORDER], numbers, whole or 1), numbers, sum(numbers))


def verdict_words() -> list[str]:
    """The verdicts in words, in the order of the bars."""
    return [_(VERDICTS[verdict]) for verdict in ORDER]


def family_bars(parts: Iterable[CheckPart]) -> list[Bar]:
    """Violations by family of checks and severity; families without any are left out."""
    found: dict[str, dict[str, int]] = {}
    for part in parts:
        counts = found.setdefault(family(part.id), {severity.value: 0 for severity in Severity})
        counts[part.severity_code] += part.counts.violation
    most = max((sum(counts.values()) for counts in found.values()), default=0)
    return [
        Bar(words, segments(list(counts), list(counts.values()), most), tuple(counts.values()), sum(counts.values()))
        for words, counts in found.items()
        if any(counts.values())
    ]


def recipient_bars(audit: Audit) -> list[Bar]:
    """The verdicts of the disclosures to each recipient, most first; a long tail is one bar."""
    most_first = sorted(audit.figures.recipients.items(), key=lambda entry: (-entry[1].total, entry[0] or ""))
    shown, rest = most_first[:_MOST_RECIPIENTS], [tally for _recipient, tally in most_first[_MOST_RECIPIENTS:]]
    whole = shown[0][1].total if shown else 1
    bars = [_verdicts(_recipient(audit, recipient), tally.verdicts, whole) for recipient, tally in shown]
    if rest:
        together = {verdict: sum(tally.verdicts[verdict] for tally in rest) for verdict in Verdict}
        whole_of_rest = max(whole, sum(together.values()))
        bars.append(_verdicts(_("Other recipients"), together, whole_of_rest))
    return bars


def _recipient(audit: Audit, recipient: str | None) -> str:
    return organisation(audit.loaded.agreement, recipient) if recipient else _("The log does not say")


def matrix(audit: Audit, parts: Iterable[CheckPart]) -> Matrix:
    """Recipients with any violation or undetermined answer, by the checks that gave them; the most violations first."""
    tallies = {name: tally for name, tally in audit.figures.recipients.items() if tally.violations or tally.undetermined}
    ids = {id_ for tally in tallies.values() for id_ in (*tally.violations, *tally.undetermined)}
    checks = tuple(part for part in parts if part.id in ids)
    most_first = sorted(
        tallies.items(), key=lambda entry: (-sum(entry[1].violations.values()), -entry[1].total, entry[0] or "")
    )
    rows = [(_recipient(audit, name), _cells(checks, [tally])) for name, tally in most_first[:_MOST_RECIPIENTS]]
    if rest := [tally for _name, tally in most_first[_MOST_RECIPIENTS:]]:
        rows.append((_("Other recipients"), _cells(checks, rest)))
    return Matrix(checks, tuple(rows))


def _cells(checks: Sequence[CheckPart], tallies: Sequence[RecipientTally]) -> tuple[tuple[int, int] | None, ...]:
    cells: list[tuple[int, int] | None] = []
    for check in checks:
        violations = sum(tally.violations.get(check.id, 0) for tally in tallies)
        undetermined = sum(tally.undetermined.get(check.id, 0) for tally in tallies)
        cells.append((violations, undetermined) if violations or undetermined else None)
    return tuple(cells)


def over_time(audit: Audit) -> Columns:
    """The audited disclosures by day, or by month when the period is long; days without any stand too."""
    first, last = audit.period.first, audit.period.last
    by_month = (last - first).days >= _MOST_DAYS
    tallies: dict[date, Tally] = {}
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        tallies.setdefault(day.replace(day=1) if by_month else day, Tally())
    for day, tally in audit.figures.days.items():
        place = tallies[day.replace(day=1) if by_month else day]
        for verdict, n in tally.verdicts.items():
            place.verdicts[verdict] += n
    words = {day: formats.month(day) if by_month else formats.short_day(day) for day in tallies}
    most = max(tallies, key=lambda day: tallies[day].total)
    outside = max(tallies, key=lambda day: tallies[day].verdicts[Verdict.OUTSIDE])
    tallest, tallest_outside = tallies[most].total or 1, tallies[outside].verdicts[Verdict.OUTSIDE] or 1
    width = 100 / len(tallies)
    columns = tuple(
        Column(
            words=words[day],
            start=round(place * width + width * 0.12, 3),
            width=round(width * 0.76, 3),
            height=round(100 * tally.total / tallest, 2),
            height_outside=round(100 * tally.verdicts[Verdict.OUTSIDE] / tallest_outside, 2),
            numbers=tuple(tally.verdicts[verdict] for verdict in ORDER),
            total=tally.total,
        )
        for place, (day, tally) in enumerate(tallies.items())
    )
    names = list(words.values())
    return Columns(
        by_month=by_month,
        columns=columns,
        most=tallies[most].total,
        most_when=words[most],
        most_outside=tallies[outside].verdicts[Verdict.OUTSIDE],
        most_outside_when=words[outside],
        first=names[0],
        middle=names[len(names) // 2] if len(names) > 2 else "",
        last=names[-1] if len(names) > 1 else "",
    )
