"""Who judges: every check put to every row of its relation, in one pass; then counts and verdicts.

Tables made here, for each relation R of ``auditor.checks.vocabulary.RELATIONS``:
- Disclosures and accesses are many. ``judged_R`` holds all answers of a row packed into a few numbers, and ``patterns_R`` one row for
  each distinct pack, with a column ``answer_<check>`` (``auditor.checks.model.Answer``); ``flagged_R`` the rows that some check has a finding
  about, with the words that evidence needs. Of fewer rows than FEW_ROWS every word is worked out first, in ``worked_out_R``.
- ``judged_case`` and ``judged_user_day`` have such columns of their own; ``flagged_case`` and ``flagged_user_day`` are the same rows.
- ``verdicts`` (disclosure_shown, verdict, undetermined_because).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from auditor.checks.model import Answer, Check, Kind, Of, answer_sql
from auditor.checks.vocabulary import MACROS, RELATIONS, TERMS
from auditor.engine import Engine, EngineError, quoted, text, unsigned
from auditor.intake.tables import TABLES
from auditor.outcomes import Counts, Run, State, Verdict
from auditor.relations import home_can_be_told

#: Checks that read it turn on where the child belonged.
_HOME = "cases.home_municipality"
_ANSWERS_IN_A_PACK = 30
#: A relation of fewer rows is worked out whole before it is judged; of one of more, each query works out what it asks for.
FEW_ROWS = 10_000


@dataclass(frozen=True)
class _Packed:
    """How a relation of many rows is judged: ``ids`` are kept with each row's answers, ``key`` finds the row again among ``rows``,
    and ``kept`` are what every finding needs beside the words of the checks."""

    ids: tuple[str, ...]
    key: str
    rows: str
    kept: tuple[str, ...]


_PACKED = {
    Of.DISCLOSURE: _Packed(
        ("number", "disclosure_shown", "recipient", "at"),
        "number",
        "audited",
        ("disclosure_shown", "case_shown", "user_shown", "at"),
    ),
    Of.ACCESS: _Packed(
        ("number", "event_id"),
        "number",
        "audited_access",
        ("number", "event_id", "event_shown", "at", "user_id", "case_id", "case_shown", "user_shown", "organisation", "source"),
    ),
}
#: Relations of few rows: what is kept beside the words, and the rows a check is asked about.
_PLAIN = {Of.CASE: ("case_shown",), Of.USER_DAY: ("user_shown", "organisation")}


def plan(catalogue: Iterable[Check], present: Mapping[str, set[str]], switched_off: Mapping[str, str]) -> list[Run]:
    """Which checks can be run on an export. ``present`` are the columns of each table that is there, ``switched_off`` the
    reason for each check that the agreement switches off."""
    runs = [_plan_one(check, present, switched_off) for check in catalogue]
    answering = {run.check.id for run in runs if run.state is State.RUN}
    return [
        replace(run, check=replace(run.check, applies=run.check.applies_alone))
        if run.check.after and run.check.after not in answering
        else run
        for run in runs
    ]


def _plan_one(check: Check, present: Mapping[str, set[str]], switched_off: Mapping[str, str]) -> Run:
    if check.id in switched_off:
        return Run(check, State.SWITCHED_OFF, switched_off[check.id])
    for read in check.reads:
        table, column = read.split(".")
        if table not in present:
            return Run(check, State.TABLE_ABSENT, table)
        if TABLES[table].column(column).meaningful_empty and column not in present[table]:
            return Run(check, State.COLUMN_ABSENT, read)
    if _HOME in check.reads and not home_can_be_told(present):
        return Run(check, State.COLUMN_ABSENT, "residences.valid_to")
    return Run(check)


def define_words(engine: Engine) -> None:
    """Make the macros that checks are written in known to the engine."""
    for head, (body, _meaning) in MACROS.items():
        engine.run(f"CREATE OR REPLACE MACRO {head} AS {body}")


def judge(engine: Engine, of: Of, runs: Sequence[Run], *, beside: Mapping[str, str] | None = None) -> list[Run]:
    """Answer all checks of a relation that can be run, in one pass; returns the runs, with those that failed marked.

    A check that fails is left out and said to have failed; the others still stand. ``beside`` (name -> SQL over the relation, of few
    values) is kept in each row and pattern of a relation of many rows.
    """
    mine = [run for run in runs if run.check.of is of]
    to_run = [run for run in mine if run.state is State.RUN]
    if of in _PACKED:
        _work_out_few(engine, of)
    try:
        _judge_in_one_pass(engine, of, [run.check for run in to_run], beside or {})
        return mine
    except EngineError:
        failed = {run.check.id: kind for run in to_run if (kind := _fault(engine, of, run.check))}
        if not failed:
            raise
        sound = [run.check for run in to_run if run.check.id not in failed]
        _judge_in_one_pass(engine, of, sound, beside or {})
        return [Run(r.check, State.FAILED, failed[r.check.id]) if r.check.id in failed else r for r in mine]


def _work_out_few(engine: Engine, of: Of) -> None:
    """Keep a prepared relation of few rows: working it out takes longer than reading it again for what is flagged."""
    if engine.value(f"SELECT count(*) FROM {_PACKED[of].rows}") < FEW_ROWS:
        engine.run(f"CREATE OR REPLACE TABLE worked_out_{of} AS SELECT * FROM prepared_{of}")
        engine.run(f"CREATE OR REPLACE VIEW prepared_{of} AS SELECT * FROM worked_out_{of}")


def _fault(engine: Engine, of: Of, check: Check) -> str | None:
    """The kind of fault of a check run alone, None when it runs."""
    try:
        engine.run(f"SELECT sum({answer_sql(check.applies, check.violates)}) FROM prepared_{of}")
    except EngineError as error:
        return error.kind
    return None


def _judge_in_one_pass(engine: Engine, of: Of, checks: Sequence[Check], beside: Mapping[str, str]) -> None:
    # each expression stands once in the inner query, so that it is planned and evaluated once
    asked = [f"({c.applies}) AS {quoted(f'applies_{c.id}')}, ({c.violates}) AS {quoted(f'violates_{c.id}')}" for c in checks]
    if of in _PLAIN:
        columns = [*_PLAIN[of], *_words(of)]
        named = [f"{_answer(c, 'UTINYINT')} AS {quoted(f'answer_{c.id}')}" for c in checks]
        query = f"SELECT {', '.join([*columns, *named])} FROM (SELECT {', '.join([*columns, *asked])} FROM prepared_{of})"
        if of is Of.CASE and engine.value("SELECT count(*) FROM handover_flows") > 1:
            query = _strongest(query, columns, checks)
        engine.run(f"CREATE OR REPLACE TABLE judged_{of} AS {query}")
        engine.run(f"CREATE OR REPLACE VIEW flagged_{of} AS SELECT * FROM judged_{of}")
        return
    # of millions of rows all answers are kept as a few numbers, two bits an answer; each distinct pattern is read once
    packs = _in_packs(checks)
    packed = [f"{_pack(pack)} AS pack_{n}" for n, pack in enumerate(packs)]
    ids = ", ".join(map(quoted, _PACKED[of].ids))
    known = [f"{sql} AS {quoted(name)}" for name, sql in beside.items()]
    engine.run(
        f"CREATE OR REPLACE TABLE judged_{of} AS SELECT {', '.join([ids, *packed, *map(quoted, beside)])} "
        f"FROM (SELECT {', '.join([ids, *asked, *known])} FROM prepared_{of})"
    )
    keys = ", ".join([*(f"pack_{n}" for n in range(len(packs))), *map(quoted, beside)])
    engine.run(
        f"CREATE OR REPLACE TABLE patterns_{of} AS "
        f"SELECT row_number() OVER (ORDER BY {keys}) AS pattern, * FROM "
        f"(SELECT {', '.join([keys, 'count(*) AS n', *_unpacked(checks)])} FROM judged_{of} GROUP BY {keys})"
    )


def _in_packs(checks: Sequence[Check]) -> list[Sequence[Check]]:
    return [checks[start : start + _ANSWERS_IN_A_PACK] for start in range(0, len(checks), _ANSWERS_IN_A_PACK)] or [[]]


def _unpacked(checks: Sequence[Check]) -> list[str]:
    """SQL of the columns ``answer_<check>``, from the packs that these checks, in this order, were put in."""
    return [
        f"CAST((pack_{n} >> {2 * place}) & 3 AS UTINYINT) AS {quoted(f'answer_{check.id}')}"
        for n, pack in enumerate(_in_packs(checks))
        for place, check in enumerate(pack)
    ]


def _pack(checks: Sequence[Check]) -> str:
    """SQL of the answers of these checks as one number, two bits an answer, no wider than they need."""
    type_ = unsigned(2 * len(checks))
    return " | ".join([f"0::{type_}", *(_answer(check, type_, times=4**place) for place, check in enumerate(checks))])


def _answer(check: Check, type_: str, *, times: int = 1) -> str:
    return f"({answer_sql(quoted(f'applies_{check.id}'), quoted(f'violates_{check.id}'), times=times, type_=type_)})"


def _words(of: Of) -> list[str]:
    """The words of a relation of few rows, as quoted columns; the agreement's terms stand once in ``terms``."""
    return [quoted(word) for word in RELATIONS[of] if word not in TERMS]


def pattern_keys(engine: Engine, of: Of) -> str:
    """The columns by which a judged row finds its pattern, separated by commas."""
    ids = _PACKED[of].ids
    return ", ".join(quoted(name) for name, _type in engine.columns(f"SELECT * FROM judged_{of}") if name not in ids)


def keep_flagged(
    engine: Engine,
    of: Of,
    runs: Iterable[Run],
    words: Sequence[str],
    *,
    least: Answer = Answer.UNDETERMINED,
    every_row: bool = False,
) -> None:
    """Make ``flagged_disclosure`` or ``flagged_access``: what findings are made of, read only for the rows that need it.

    ``words`` are those of the relation that findings are made of, ``least`` the answer from which there is a finding; ``every_row``
    keeps rows without one too. After this, the table of audited rows holds the flagged ones alone.
    """
    packed = _PACKED[of]
    ran = [run.check for run in runs if run.state is State.RUN and run.check.of is of]
    flagged = " OR ".join(f"{quoted(f'answer_{check.id}')} >= {least:d}" for check in ran) or "false"
    keys = pattern_keys(engine, of)
    packs = ", ".join(f"pack_{n}" for n in range(len(_in_packs(ran))))
    engine.run(
        f"CREATE OR REPLACE TABLE flagged_keys AS SELECT {packed.key}, pattern, {packs} FROM judged_{of} "
        f"JOIN (SELECT pattern, {keys} FROM patterns_{of} WHERE {'true' if every_row else flagged}) USING ({keys})"
    )
    engine.run(
        f"CREATE OR REPLACE TABLE flagged_rows AS SELECT a.* FROM {packed.rows} AS a SEMI JOIN flagged_keys USING ({packed.key})"
    )
    view = engine.value(f"SELECT count(*) FROM duckdb_views() WHERE view_name = {text(packed.rows)}")
    engine.run(f"DROP {'VIEW' if view else 'TABLE'} {packed.rows}")
    engine.run(f"ALTER TABLE flagged_rows RENAME TO {packed.rows}")
    kept = ", ".join(f"p.{quoted(word)}" for word in dict.fromkeys([*packed.kept, *words]))
    engine.run(
        f"CREATE OR REPLACE TABLE flagged_{of} AS SELECT f.pattern, {', '.join([kept, *_unpacked(ran)])} FROM prepared_{of} AS p "
        f"JOIN flagged_keys AS f ON f.{packed.key} = p.{packed.key}"
    )


def _strongest(query: str, columns: Sequence[str], checks: Sequence[Check]) -> str:
    """A case asked once for each flow with a deadline: the strongest answer stands, with the words of that flow."""
    answers = [quoted(f"answer_{check.id}") for check in checks]
    # one flow's words for the evidence: those of the strongest answer, of several the first flow by name
    order = ", ".join([*(f"{a} DESC" for a in answers if "P7" in a), "handover_flow"])
    kept = ", ".join([*columns, *(f"max({a}) OVER (PARTITION BY case_shown) AS {a}" for a in answers)])
    return f"SELECT {kept} FROM ({query}) QUALIFY row_number() OVER (PARTITION BY case_shown ORDER BY {order}) = 1"


def count(engine: Engine, runs: Iterable[Run]) -> dict[str, Counts]:
    """The answers of every row check that was run, by its id."""
    counts: dict[str, Counts] = {}
    ran = [run.check for run in runs if run.state is State.RUN and run.check.of is not Of.LOG]
    for of in dict.fromkeys(check.of for check in ran):
        mine = [check for check in ran if check.of is of]
        answers = ", ".join(f"{quoted(f'answer_{check.id}')} AS {quoted(check.id)}" for check in mine)
        source = f"SELECT n, {answers} FROM patterns_{of}" if of in _PACKED else f"SELECT 1 AS n, {answers} FROM judged_{of}"
        given = f"UNPIVOT ({source}) ON * EXCLUDE (n) INTO NAME asked VALUE answer"
        found = {
            (id_, int(code)): int(n)
            for id_, code, n in engine.rows(f"SELECT asked, answer, sum(n) FROM ({given}) GROUP BY ALL")
        }
        for check in mine:
            each = {answer: found.get((check.id, answer), 0) for answer in Answer}
            counts[check.id] = Counts(
                rows=sum(each.values()),
                passed=each[Answer.PASS],
                violation=each[Answer.VIOLATION],
                undetermined=each[Answer.UNDETERMINED],
                not_applicable=each[Answer.NOT_APPLICABLE],
            )
    return {check.id: counts[check.id] for check in ran}


def give_verdicts(engine: Engine, runs: Iterable[Run]) -> dict[Verdict, int]:
    """Make ``verdicts``: outside if any scope check says violation; else undetermined if any says so or was not run
    (unless the agreement switched it off); else within. Returns how many got each."""
    scope = [run for run in runs if run.check.kind is Kind.SCOPE and run.check.of is Of.DISCLOSURE]
    ran = [quoted(f"answer_{run.check.id}") for run in scope if run.state is State.RUN]
    silent = [run.check.id for run in scope if run.state not in (State.RUN, State.SWITCHED_OFF)]
    outside = " OR ".join([f"{a} = {Answer.VIOLATION:d}" for a in ran] or ["false"])
    because = ", ".join(
        f"CASE WHEN {quoted(f'answer_{run.check.id}')} = {Answer.UNDETERMINED:d} THEN {text(run.check.id)} END"
        if run.state is State.RUN
        else text(run.check.id)
        for run in scope
        if run.state is not State.SWITCHED_OFF
    )
    undetermined = " OR ".join([f"{a} = {Answer.UNDETERMINED:d}" for a in ran] + (["true"] if silent else []) or ["false"])
    verdict = f"CASE WHEN {outside} THEN '{Verdict.OUTSIDE}' WHEN {undetermined} THEN '{Verdict.UNDETERMINED}' ELSE '{Verdict.WITHIN}' END"
    reasons = f"CASE WHEN NOT ({outside}) AND ({undetermined}) THEN concat_ws(',', {because or 'NULL'}) END"
    engine.run(
        f"CREATE OR REPLACE TABLE verdict_of_pattern AS SELECT *, {verdict} AS verdict, {reasons} AS undetermined_because FROM patterns_disclosure"
    )
    engine.run(
        "CREATE OR REPLACE VIEW verdicts AS SELECT disclosure_shown, verdict, undetermined_because "
        f"FROM judged_disclosure JOIN verdict_of_pattern USING ({pattern_keys(engine, Of.DISCLOSURE)})"
    )
    found = dict(engine.rows("SELECT verdict, sum(n) FROM verdict_of_pattern GROUP BY 1"))
    return {given: int(found.get(given.value, 0)) for given in Verdict}
