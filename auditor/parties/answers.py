"""The answers about one party's children: the checks that its own rows can answer, put to its own rows alone.

Nothing is read but what ``auditor.parties.whose`` left, so no answer, count or order can tell of another party's child.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from auditor.audit import Audit, Sample, prepare
from auditor.checks import CATALOGUE
from auditor.checks.model import Answer, Check, Of
from auditor.engine import Engine, text
from auditor.errors import UserError
from auditor.figures import count_figures
from auditor.findings import finding_query, words_of_findings
from auditor.follow_up.undetermined import count_undetermined, missing_sql
from auditor.judging import count, give_verdicts, judge, keep_flagged, plan
from auditor.outcomes import State, Verdict
from auditor.parties.whose import find_party, keep_own
from auditor.relations import home_can_be_told
from auditor.relations.controllers import forget_untold_organisations
from auditor.replay import Reopened
from auditor.words import _

#: Answered of every party's rows together, so they are in no party's report: what is usual (A15), who stands on anybody's staff list
#: (A7), what a user does in other cases (A12), cases that nobody can tell whose they are (A13), and the log as a whole.
NOT_ANSWERED = ("A7", "A12", "A13", "A15", "L1", "L2", "L3", "L4", "L6", "L7")
#: Answered of the party's own users alone: who is of a child's family, and who shares an account, is another employer's matter.
OF_OWN_USERS = ("A6", "A11")
#: What looks for another row of the case, which may have been taken away when the child belonged elsewhere for a time.
_WANTS_A_ROW = ("P7", "A10", "A14", "L5")
_WANTS_NO_ROW = ("P4",)

_MOVED = "case_id IN (SELECT case_id FROM children_moved)"
_OWN_USER = 'coalesce((CAST(user_id AS VARCHAR), CAST("at" AS DATE)) IN (SELECT (user_id, day) FROM own_user_days), false)'
#: Columns of findings that leave: no number of a disclosure or an event, which may be running numbers and would tell how much others do.
COLUMNS = (
    "check",
    "name",
    "kind",
    "severity",
    "answer",
    "entity_type",
    "entity",
    "case_id",
    "at",
    "user_id",
    "organisation",
    "evidence",
    "missing",
    "law",
)


@dataclass(frozen=True)
class OwnDisclosure:
    """A disclosure about the party's child. ``at`` is local time; what the log does not say is ''; ``because`` are ids of checks."""

    at: datetime
    case_id: str
    sender: str
    recipient: str
    purpose: str
    verdict: Verdict
    because: tuple[str, ...]


@dataclass(frozen=True)
class Looked:
    """Who looked at the party's children's cases: how many accesses to how many cases. ``who`` is an organisation, or one of its
    own users; '' where the staff list does not say."""

    who: str
    accesses: int
    cases: int


@dataclass
class PartyAnswers:
    """What one party may be told. ``audit`` holds its own rows alone; ``findings`` are rows of COLUMNS, in the order of the checks.

    ``homes_told`` is false where the export cannot say where any child belonged; ``cases`` are those of children who belonged to the party
    at the report or on a day of the period.
    """

    party: str
    audit: Audit
    homes_told: bool = True
    findings: list[dict[str, Any]] = field(default_factory=list)
    disclosures: list[OwnDisclosure] = field(default_factory=list)
    organisations: list[Looked] = field(default_factory=list)
    users: list[Looked] = field(default_factory=list)
    cases: int = 0

    @property
    def empty(self) -> bool:
        """Whether the export holds no case, and so nothing at all, that can be told to concern a child of the party."""
        return not (self.cases or self.disclosures or self.organisations)


def checks_of_a_party() -> list[Check]:
    """The checks of the catalogue as they are put to one party's rows."""
    return [_own_form(check) for check in CATALOGUE if check.of is not Of.LOG and check.id not in NOT_ANSWERED]


def _own_form(check: Check) -> Check:
    """Where an answer would turn on a row that may have been taken away it is open, in three-valued logic."""
    if check.id in OF_OWN_USERS:
        return replace(check, applies=f"({check.applies}) AND {_OWN_USER}")
    if check.id in _WANTS_A_ROW:
        return replace(check, violates=f"({check.violates}) AND CASE WHEN {_MOVED} THEN NULL ELSE true END")
    if check.id in _WANTS_NO_ROW:
        return replace(check, violates=f"({check.violates}) OR CASE WHEN {_MOVED} THEN NULL ELSE false END")
    return check


def answer_for_party(again: Reopened, name: str) -> PartyAnswers:
    """Answer the checks for the party that a user names. The engine's tables hold its rows alone afterwards.

    Raises UserError when it is no party, when the audit was one controller's alone, or when a check failed.
    """
    engine, period, agreement = again.engine, again.period, again.loaded.agreement
    if again.manifest.get("controller") is not None:
        raise UserError(
            _("The audit was made for one controller alone, so it cannot tell all that concerns a party's children."),
            hint=_("Name an audit that was made without --controller."),
        )
    party = find_party(name, agreement, again.law, period)
    homes_told = home_can_be_told(again.intake.present)
    keep_own(engine, party, agreement, period, homes_told=homes_told)
    forget_untold_organisations(engine, again.intake.present)
    prepare(engine, again.loaded, again.law, period, None, again.intake.present)
    _note_own_users(engine, party)
    checks = checks_of_a_party()
    off = {entry.check: entry.reason for entry in agreement.checks_off}
    planned = plan(checks, again.intake.present, off)
    asked = [run.check for run in planned if run.check.of is Of.ACCESS and run.state is State.RUN]
    missing = {"missing": missing_sql(asked)}
    judged = {
        run.check.id: run
        for of in (Of.DISCLOSURE, Of.ACCESS, Of.CASE)
        for run in judge(engine, of, planned, beside=missing if of is Of.ACCESS else None)
    }
    runs = [judged.get(run.check.id, run) for run in planned]
    if any(run.state is State.FAILED for run in runs):
        raise UserError(
            _("A check failed to run, so the report would not tell all that it should."),
            hint=_("Run the audit again; its report names the check."),
        )
    engine.run(f"DELETE FROM judged_case WHERE home_municipality_at_report IS DISTINCT FROM {text(party)}")
    audit = Audit(again.loaded, again.law, period, None, again.intake, runs, count(engine, runs), give_verdicts(engine, runs))
    audit.figures = count_figures(engine, runs)
    answers = PartyAnswers(party, audit, homes_told, cases=int(engine.value("SELECT count(*) FROM cases")))
    answers.disclosures = _disclosures(engine)
    _read_accesses(engine, answers)
    _read_findings(engine, answers)
    for entry in count_undetermined(engine, asked, runs):
        audit.samples[entry.check].missing[entry.missing] += entry.accesses
    return answers


def _note_own_users(engine: Engine, party: str) -> None:
    """Make ``own_user_days``: the days on which a user in the logs surely was the party's own, and nobody else's."""
    rows = " UNION ".join(
        f'SELECT CAST(user_id AS VARCHAR) AS user_id, CAST("at" AS DATE) AS day FROM {log} WHERE user_id IS NOT NULL'
        for log in ("disclosures", "accesses")
    )
    engine.run(
        f"""CREATE OR REPLACE TABLE own_user_days AS SELECT r.user_id, r.day FROM ({rows}) AS r
        JOIN user_organisation AS u ON u.user_id = r.user_id AND r.day BETWEEN u.first AND u.last WHERE u.organisation = {text(party)}"""
    )


def _disclosures(engine: Engine) -> list[OwnDisclosure]:
    rows = engine.rows(
        """SELECT d."at", coalesce(m.shown, CAST(d.case_id AS VARCHAR)), coalesce(d.sender, ''), coalesce(d.recipient, ''),
            CASE WHEN f.flow IS NOT NULL THEN d.purpose ELSE '' END, v.verdict, coalesce(v.undetermined_because, '')
        FROM audited AS d JOIN verdicts AS v ON v.disclosure_shown = d.disclosure_shown
        LEFT JOIN flows AS f ON f.flow = d.purpose LEFT JOIN masked_ids AS m ON m.kind = 'case' AND m.id = d.case_id
        ORDER BY ALL"""
    )
    return [
        OwnDisclosure(at, case, sender, recipient, purpose, Verdict(verdict), tuple(filter(None, because.split(","))))
        for at, case, sender, recipient, purpose, verdict, because in rows
    ]


def _read_accesses(engine: Engine, answers: PartyAnswers) -> None:
    told = f"""SELECT a.case_id, u.organisation, CASE WHEN u.organisation = {text(answers.party)} THEN coalesce(m.shown, CAST(a.user_id AS VARCHAR)) END AS own
        FROM audited_access AS a
        LEFT JOIN user_organisation AS u ON u.user_id = a.user_id AND CAST(a."at" AS DATE) BETWEEN u.first AND u.last
        LEFT JOIN masked_ids AS m ON m.kind = 'user' AND m.id = a.user_id"""
    for who, found, where in (("organisation", answers.organisations, "true"), ("own", answers.users, "own IS NOT NULL")):
        rows = engine.rows(
            f"SELECT coalesce({who}, ''), count(*), count(DISTINCT case_id) FROM ({told}) WHERE {where} GROUP BY 1 ORDER BY 2 DESC, 1"
        )
        found.extend(Looked(*row) for row in rows)


def _read_findings(engine: Engine, answers: PartyAnswers) -> None:
    audit = answers.audit
    last = audit.period.last
    for of, least, hidden in (
        (Of.DISCLOSURE, Answer.UNDETERMINED, "disclosure_shown"),
        (Of.ACCESS, Answer.VIOLATION, "event_shown"),
    ):
        ran = [run.check for run in audit.runs if run.state is State.RUN]
        words = [*words_of_findings(of, ran, last), *(["user_id"] if of is Of.DISCLOSURE else [])]
        keep_flagged(engine, of, audit.runs, words, least=least)
        engine.run(f"UPDATE flagged_{of} SET {hidden} = '', user_shown = CASE WHEN {_OWN_USER} THEN user_shown END")
    for run in audit.runs:
        if run.state is not State.RUN:
            continue
        least = Answer.VIOLATION if run.check.of is Of.ACCESS else Answer.UNDETERMINED
        key, sample = (run.check.kind, run.check.severity), Sample()
        rows = _rows(engine, finding_query(run.check, last, least=least))
        audit.samples[run.check.id] = sample
        sample.found = len(rows)
        for row in rows:
            violation = row["answer"] == "violation"
            (sample.violations if violation else sample.undetermined).append(row)
            if not violation:
                sample.missing[row["missing"] or ""] += 1
        answers.findings += rows
        audit.findings[key] += len(rows)
        audit.violations[key] += audit.counts[run.check.id].violation


def _rows(engine: Engine, query: str) -> Sequence[dict[str, Any]]:
    """The findings of a query in an order that nothing else than themselves decides."""
    columns = ", ".join(f'"{name}"' for name in COLUMNS)
    order = 'answer DESC, "at", case_id, user_id, organisation, evidence, missing'
    return [dict(zip(COLUMNS, row, strict=True)) for row in engine.rows(f"SELECT {columns} FROM ({query}) ORDER BY {order}")]
