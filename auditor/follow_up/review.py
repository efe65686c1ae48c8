"""The review of the access log, from the judged accesses to what the report tells."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from auditor.checks.model import Check, Of
from auditor.engine import Engine, text
from auditor.findings import TableWriter
from auditor.follow_up.facts import facts_of_log
from auditor.follow_up.incidents import Incident, write_incidents
from auditor.follow_up.piles import EXPLANATIONS, Pile, explanation_sql, place_in_piles
from auditor.follow_up.reconciliation import DayOfSource, SourceHours, hours_of_sources, write_reconciliation
from auditor.follow_up.undetermined import Undetermined, count_undetermined, missing_sql
from auditor.judging import pattern_keys
from auditor.outcomes import Run, State

#: Few texts for millions of rows: they stay numbers with a dictionary from the engine to the file.
_FEW_TEXTS = pa.dictionary(pa.uint8(), pa.string())
_PILES_SCHEMA = pa.schema([("event_id", pa.string()), ("pile", _FEW_TEXTS), ("explanation", _FEW_TEXTS)])


@dataclass
class AccessReview:
    """What the access log tells once its checks are answered; all of it empty without an access log.

    ``piles`` add up to the accesses audited; ``explanations`` (by id) to those in the pile *explained*. ``undetermined`` are counts;
    ``written_in_full`` says whether they stand among the findings too. ``incidents`` are the most pressing ones of all that were found,
    ``sources`` those that wrote most, ``facts`` plain sentences in the language spoken.
    """

    piles: dict[Pile, int] = field(default_factory=lambda: dict.fromkeys(Pile, 0))
    explanations: dict[str, int] = field(default_factory=lambda: {explanation.id: 0 for explanation in EXPLANATIONS})
    undetermined: list[Undetermined] = field(default_factory=list)
    written_in_full: bool = False
    incidents: list[Incident] = field(default_factory=list)
    incidents_found: int = 0
    reconciliation: list[DayOfSource] = field(default_factory=list)
    sources: list[SourceHours] = field(default_factory=list)
    facts: list[str] = field(default_factory=list)


def _checks(runs: Iterable[Run]) -> list[Check]:
    return [run.check for run in runs if run.check.of is Of.ACCESS and run.state is State.RUN]


def beside_accesses(planned: Iterable[Run], present: Mapping[str, set[str]]) -> dict[str, str]:
    """What is kept of each access beside its answers: what explains it, and what is missing (``auditor.judging.judge``)."""
    return {"explanation": explanation_sql(present), "missing": missing_sql(_checks(planned))}


def review_accesses(
    engine: Engine, planned: Iterable[Run], runs: list[Run], audited: int, out: Path, *, written_in_full: bool
) -> AccessReview:
    """Put the answers together and write ``accesses.parquet``, ``undetermined_accesses.csv``, ``incidents.csv`` and
    ``reconciliation.csv`` into ``out``."""
    piles, explanations = place_in_piles(engine, runs, audited)
    review = AccessReview(piles, explanations, count_undetermined(engine, _checks(planned), runs), written_in_full)
    with TableWriter(_PILES_SCHEMA, parquet=out / "accesses.parquet") as writer:
        writer.write(_piles(engine))
        # the last of millions of rows are packed while the rest is found out
        _write_undetermined(review.undetermined, out)
        review.incidents_found, review.incidents = write_incidents(engine, runs, out)
        review.reconciliation = write_reconciliation(engine, runs, out)
        review.sources = hours_of_sources(engine)
        review.facts = facts_of_log(engine)
    return review


def _enumeration(names: Iterable[str]) -> str:
    return f"ENUM ({', '.join(map(text, sorted(names)))})"


def _piles(engine: Engine) -> Iterator[pa.RecordBatch]:
    """Every audited access, in the order of the ids, with its pile."""
    keys = pattern_keys(engine, Of.ACCESS)
    # as enumerations, in the order of their names: rows of numbers are sorted in half the time
    engine.run(
        f"CREATE OR REPLACE TEMP TABLE told_piles AS SELECT {keys}, CAST(pile AS {_enumeration(Pile)}) AS pile, "
        f"CAST(explained_by AS {_enumeration(e.id for e in EXPLANATIONS)}) AS told FROM pile_of_pattern"
    )
    sql = f"""SELECT coalesce(m.shown, j.event_id) AS event_id, p.pile, p.told AS explanation
        FROM judged_access AS j JOIN told_piles AS p USING ({keys})
        LEFT JOIN masked_ids AS m ON m.kind = 'event' AND m.id = j.event_id
        ORDER BY 1, 2, 3"""
    return engine.batches(sql)


def _write_undetermined(counted: list[Undetermined], out: Path) -> None:
    with (out / "undetermined_accesses.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["check", "missing", "accesses"])
        writer.writerows([entry.check, entry.missing, entry.accesses] for entry in counted)
