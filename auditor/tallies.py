"""How much of an audit concerns each municipality: violations by check, and disclosures by verdict.

A public report must not let a municipality take its own part away from a published number and be left with a small one.
So the parts are counted with the whole. A row concerns a municipality in up to three ways: the child belonged there at the
report or during the period (``children``), its board is the controller of the processing (``users``), or one of the two
(``either``).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from auditor.checks.model import Of
from auditor.engine import Engine
from auditor.judging import pattern_keys
from auditor.outcomes import Verdict
from auditor.relations.reference import term

WAYS = ("children", "users", "either")
_CODE = r"'\d{4}'"


@dataclass
class Tallies:
    """Counts by row: a check's id or a verdict. ``parties`` holds those of each municipality and way; nothing is 0.

    ``undecided`` are the checks that were run and could judge nothing that they were asked about: no violation of theirs says
    nothing.
    """

    whole: Counter[str] = field(default_factory=Counter)
    undecided: list[str] = field(default_factory=list)
    parties: dict[str, dict[str, Counter[str]]] = field(default_factory=dict)

    def add(self, row: str, party: str, numbers: dict[str, int]) -> None:
        """Count what concerns a municipality, by way."""
        ways = self.parties.setdefault(party, {way: Counter() for way in WAYS})
        for way, n in numbers.items():
            if n:
                ways[way][row] += n

    def as_json(self) -> dict[str, Any]:
        """The counts as a manifest has them, in one order."""
        return {
            "whole": {row: n for row, n in sorted(self.whole.items()) if n},
            "undecided": self.undecided,
            "parties": {
                party: {way: dict(sorted(rows.items())) for way, rows in ways.items()}
                for party, ways in sorted(self.parties.items())
            },
        }


def note_parties(engine: Engine) -> None:
    """Make ``homes`` (case_id, case_shown, municipality) and ``party_patterns``, while every audited row is still there, and
    ``found_by_case`` (id, case_id, controller, n), empty."""
    engine.run("CREATE OR REPLACE TABLE found_by_case (id VARCHAR, case_id VARCHAR, controller VARCHAR, n BIGINT)")
    start, end = f"CAST({term('period_start')} AS DATE)", f"CAST({term('period_end')} AS DATE)"
    engine.run(
        f"""CREATE OR REPLACE TABLE homes AS
        SELECT DISTINCT h.case_id, coalesce(m.shown, h.case_id) AS case_shown, h.municipality
        FROM (SELECT case_id, municipality FROM residence_days WHERE first < {end} AND last >= {start}
            UNION SELECT case_id, home_municipality_at_report FROM case_facts
            UNION SELECT case_id, home_column FROM case_facts WHERE NOT has_residences) AS h
        LEFT JOIN masked_ids AS m ON m.kind = 'case' AND m.id = h.case_id
        WHERE regexp_full_match(h.municipality, {_CODE})"""
    )
    keys = pattern_keys(engine, Of.DISCLOSURE)
    rows = "SELECT number AS entry, case_id, sender AS controller FROM audited"
    engine.run(
        f"""CREATE OR REPLACE TABLE party_patterns AS SELECT {keys}, party, count(*) FILTER (child) AS children,
            count(*) FILTER (own) AS users, count(*) AS either
        FROM ({_concerned(rows, "case_id")}) AS c JOIN judged_disclosure AS j ON j.number = c.entry GROUP BY ALL"""
    )


def _concerned(rows: str, case: str) -> str:
    """SQL: (entry, party, child, own) of the rows that concern a municipality; ``case`` is the column of homes they name."""
    return f"""SELECT entry, party, bool_or(child) AS child, bool_or(own) AS own FROM (
            SELECT r.entry, h.municipality AS party, true AS child, false AS own
                FROM ({rows}) AS r JOIN homes AS h ON h.{case} = r.case_id
            UNION ALL SELECT entry, controller, false, true FROM ({rows}) AS r WHERE regexp_full_match(controller, {_CODE}))
        GROUP BY entry, party"""


_FOUND = pa.schema([("id", pa.string()), ("case_id", pa.string()), ("controller", pa.string()), ("n", pa.int64())])


def note_found(engine: Engine) -> None:
    """Note the violations in the table ``found``, the findings of a check, by case and controller."""
    engine.run(
        """INSERT INTO found_by_case SELECT "check", case_id, controller, count(*)
        FROM found WHERE answer = 'violation' GROUP BY ALL"""
    )


def count_few(findings: list[pa.RecordBatch]) -> pa.Table:
    """The violations among findings that are held in memory, as ``found_by_case`` has them."""
    violations = [batch.filter(pc.equal(batch.column("answer"), "violation")) for batch in findings]
    if not violations:
        return _FOUND.empty_table()
    counted = pa.Table.from_batches(violations).group_by(["check", "case_id", "controller"]).aggregate([([], "count_all")])
    return counted.rename_columns(_FOUND.names).cast(_FOUND)


def tally_found(engine: Engine, tallies: Tallies, few: list[pa.Table]) -> None:
    """Count the violations that were noted and those of ``count_few``, by check."""
    engine.load("found_few", pa.concat_tables([_FOUND.empty_table(), *few]))
    engine.run("INSERT INTO found_by_case FROM found_few")
    for check, n in engine.rows("SELECT id, sum(n) FROM found_by_case GROUP BY id ORDER BY id"):
        tallies.whole[check] += int(n)
    rows = "SELECT rowid AS entry, case_id, controller FROM found_by_case"
    query = f"""SELECT f.id, c.party, coalesce(sum(f.n) FILTER (c.child), 0), coalesce(sum(f.n) FILTER (c.own), 0), sum(f.n)
        FROM ({_concerned(rows, "case_shown")}) AS c JOIN found_by_case AS f ON f.rowid = c.entry
        GROUP BY f.id, c.party ORDER BY f.id, c.party"""
    for check, party, *numbers in engine.rows(query):
        tallies.add(check, party, {way: int(n) for way, n in zip(WAYS, numbers, strict=True)})


def tally_verdicts(engine: Engine, tallies: Tallies, verdicts: dict[Verdict, int]) -> None:
    """Count the audited disclosures by verdict, when all verdicts stand."""
    tallies.whole.update({verdict.value: n for verdict, n in verdicts.items()})
    keys = pattern_keys(engine, Of.DISCLOSURE)
    query = f"""SELECT v.verdict, p.party, sum(p.children), sum(p.users), sum(p.either)
        FROM party_patterns AS p JOIN verdict_of_pattern AS v USING ({keys}) GROUP BY ALL ORDER BY ALL"""
    for verdict, party, *numbers in engine.rows(query):
        tallies.add(str(verdict), party, {way: int(n) for way, n in zip(WAYS, numbers, strict=True)})
