"""Numbers of all audited disclosures, for the report's pictures: by day, by recipient, and by recipient and check.

They are counted after the verdicts are given and before only the flagged rows are kept. The rows are read once and drawn
together by recipient, day and pattern of answers; everything else is counted over those few.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from auditor.checks.model import Answer, Of
from auditor.engine import Engine, quoted
from auditor.judging import pattern_keys
from auditor.outcomes import Run, State, Verdict


@dataclass
class Tally:
    """The disclosures of a day or to a recipient: how many got each verdict."""

    verdicts: dict[Verdict, int] = field(default_factory=lambda: dict.fromkeys(Verdict, 0))

    @property
    def total(self) -> int:
        """All disclosures counted here."""
        return sum(self.verdicts.values())


@dataclass
class RecipientTally(Tally):
    """The disclosures to a recipient, with the violations and the undetermined answers of each check that has any, by id."""

    violations: dict[str, int] = field(default_factory=dict)
    undetermined: dict[str, int] = field(default_factory=dict)


@dataclass
class Figures:
    """All audited disclosures by local date and by recipient; the recipient None is 'the log does not say'."""

    days: dict[date, Tally] = field(default_factory=dict)
    recipients: dict[str | None, RecipientTally] = field(default_factory=dict)


def count_figures(engine: Engine, runs: Iterable[Run]) -> Figures:
    """Count the audited disclosures. Needs ``judged_disclosure`` and ``verdict_of_pattern`` (auditor.judging)."""
    keys = pattern_keys(engine, Of.DISCLOSURE)
    by_pattern = f'SELECT recipient, CAST("at" AS DATE) AS day, {keys}, count(*) AS n FROM judged_disclosure GROUP BY ALL'
    engine.run(
        "CREATE OR REPLACE TABLE tallies AS SELECT t.recipient, t.day, p.* EXCLUDE (n, pattern), t.n "
        f"FROM ({by_pattern}) AS t JOIN verdict_of_pattern AS p USING ({keys})"
    )
    figures = Figures()
    for day, verdict, n in engine.rows("SELECT day, verdict, sum(n) FROM tallies GROUP BY ALL ORDER BY ALL"):
        figures.days.setdefault(day, Tally()).verdicts[Verdict(verdict)] = int(n)
    by_recipient = "SELECT recipient, verdict, sum(n) FROM tallies GROUP BY ALL ORDER BY recipient NULLS LAST, verdict"
    for recipient, verdict, n in engine.rows(by_recipient):
        figures.recipients.setdefault(recipient, RecipientTally()).verdicts[Verdict(verdict)] = int(n)
    ids = [run.check.id for run in runs if run.check.of is Of.DISCLOSURE and run.state is State.RUN]
    for answer, kept in ((Answer.VIOLATION, "violations"), (Answer.UNDETERMINED, "undetermined")):
        sums = [f"sum(n) FILTER ({quoted(f'answer_{id_}')} = {answer:d})" for id_ in ids]
        for recipient, *numbers in engine.rows(f"SELECT {', '.join(['recipient', *sums])} FROM tallies GROUP BY recipient"):
            found = {id_: int(n) for id_, n in zip(ids, numbers, strict=True) if n}
            setattr(figures.recipients[recipient], kept, found)
    return figures
