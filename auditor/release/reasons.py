"""From what was found to reasons: each in one sentence, with its places and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from auditor.agreement.model import Agreement, Flow
from auditor.engine import Engine, text
from auditor.labels import CAUSES, state_text
from auditor.outcomes import Run, State
from auditor.release.columns import CASE, Column
from auditor.release.identifiers import NUMBERS_OF_PEOPLE, Identifier
from auditor.release.model import SHOWN_PLACES, RawTable, Reason, Request, Weight
from auditor.release.tying import RowAnswers, decides
from auditor.release.wording import FIELD_OF, IDENTIFIERS, label_of, place_of
from auditor.words import N_, _

#: What the command may not have been told: the checks whose *violation* then only says that it was not.
_UNTOLD = {"grounds": ("B1",), "motivation": ("F4", "B6")}
_UNTIED = {
    "no_key": N_("Rows have neither a case number nor a personal number and cannot be tied to a case."),
    "unknown": N_("Rows belong to a case that is not in the case file."),
    "several": N_("Rows are tied by a personal number alone, and the person has several cases."),
}


def column_reasons(table: RawTable, columns: Sequence[Column], agreement: Agreement, flow: Flow) -> list[Reason]:
    """Columns that are not needed, cannot be recognised, or hold what cannot be read."""
    allowed = set(flow.field_ids(agreement))
    reasons = []
    for column in columns:
        place = [_("{table}, column {column}").format(table=table.place, column=column.shown)]
        if column.field is None and (column.filled or column.heading):
            reasons.append(
                Reason(
                    Weight.STOP,
                    "column-unknown",
                    _("The column {column} cannot be recognised as a field of the agreement.").format(column=column.shown),
                    _("Remove the column, or give it the name that its field has in the agreement."),
                    place,
                )
            )
        elif column.field not in (None, CASE) and column.field not in allowed:
            reasons.append(_outside_flow(column, agreement, flow, place))
        if column.by_content and column.field in allowed:
            reasons.append(
                Reason(
                    Weight.NOTE,
                    "column-by-content",
                    _("The column {column} is read as {field} because of what it holds.").format(
                        column=column.shown, field=label_of(agreement, str(column.field))
                    ),
                    _("Check that it is so, and give the column the name of its field."),
                    place,
                )
            )
        if column.unreadable:
            reasons.append(
                Reason(
                    Weight.UNSHOWN,
                    "cell-unreadable",
                    _("The column {column} has cells that cannot be read: an error value, or a value inside a value.").format(
                        column=column.shown
                    ),
                    _("Write the values out as plain text in columns of their own, and check the file again."),
                    place,
                    column.unreadable,
                )
            )
    return reasons


def _outside_flow(column: Column, agreement: Agreement, flow: Flow, place: list[str]) -> Reason:
    field = str(column.field)
    words = _("The column {column} holds {field}, which may not be handed over for this purpose ({purpose}).")
    label = label_of(agreement, field) if field in agreement.fields else _("e-mail address")
    return Reason(
        Weight.STOP,
        "column-outside-flow",
        words.format(column=column.shown, field=label, purpose=flow.label or flow.id),
        _("Remove the column."),
        place,
    )


def tie_reasons(engine: Engine, table: RawTable, columns: Sequence[Column], *, cases_given: bool) -> list[Reason]:
    """Rows without a case, and rows whose personal number is not that of the case's own persons."""
    reasons = []
    if cases_given:
        sql = f"SELECT why, count(*), min(line, {SHOWN_PLACES}) FROM tied_{table.number} WHERE why <> '' GROUP BY why ORDER BY why"
        for why, count, lines in engine.rows(sql):
            places = [place_of(table, None, "", line) for line in lines]
            remedy = _("Add the case number to each row, or remove the rows.")
            reasons.append(Reason(Weight.UNSHOWN, f"row-{why}", _(_UNTIED[why]), remedy, places, count))
    person = next((column for column in columns if column.field == "person_id"), None)
    if person is None or not any(column.field == CASE for column in columns):
        return reasons
    sql = f"""SELECT CASE WHEN c.person_id IS NULL THEN 'unshown' ELSE 'stop' END AS weight, count(*), min(t.line, {SHOWN_PLACES})
        FROM tied_{table.number} AS t JOIN cases AS c ON c.case_id = t.case_id
        WHERE t.person IS NOT NULL AND coalesce(right(t.person, 10) <> right(c.person_id, 10), true)
            AND NOT coalesce(list_contains(c.related_person_ids, t.person), false) GROUP BY weight"""
    for weight, count, lines in engine.rows(sql):
        places = [place_of(table, person.position, person.shown, line) for line in lines]
        words = _("The personal number is not that of the child or of anybody else in the case.")
        if weight == "unshown":
            words = _("The case file has no personal number for the case, so it cannot be shown whose number this is.")
        remedy = _("Compare with the case; remove the row, or correct the number or the case number.")
        reasons.append(Reason(Weight(weight), "not-the-party", words, remedy, places, count))
    return reasons


def person_number_reasons(engine: Engine, table: RawTable, columns: Sequence[Column]) -> list[Reason]:
    """Cells of a column of personal numbers that cannot be read as one."""
    reasons = []
    for column in columns:
        if column.field != "person_id":
            continue
        sql = f"""SELECT count(*), min(line, {SHOWN_PLACES}) FROM export_{table.number}
            WHERE clean({column.cell}) IS NOT NULL AND person_of({column.cell}, CURRENT_DATE) IS NULL"""
        count, lines = engine.rows(sql)[0]
        if count:
            reasons.append(
                Reason(
                    Weight.UNSHOWN,
                    "number-unreadable",
                    _("Cells of the column {column} cannot be read as a personal number.").format(column=column.shown),
                    _("Correct the numbers, or empty the cells."),
                    [place_of(table, column.position, column.shown, line) for line in lines],
                    count,
                )
            )
    return reasons


def check_reasons(table: RawTable, answers: Iterable[RowAnswers], request: Request) -> list[Reason]:
    """What the audit's checks say of the rows."""
    reasons = []
    for answer in answers:
        check = answer.check
        untold = next((word for word, ids in _UNTOLD.items() if check.id in ids and getattr(request, word) is None), None)
        missing = [untold] if untold else list(answer.missing)
        if not decides(check, answer.answer):
            if answer.answer != "violation":
                continue
            weight = Weight.NOTE
        else:
            weight = Weight.STOP if answer.answer == "violation" and not untold else Weight.UNSHOWN
        causes = ", ".join(_(CAUSES[cause]) if cause in CAUSES else _(_UNTOLD_WORDS.get(cause, cause)) for cause in missing)
        words = (
            _(check.page.finding)
            if weight is not Weight.UNSHOWN
            else _("{question} Missing: {causes}.").format(question=_(check.page.question), causes=causes or _("other"))
        )
        remedy = _(_REMEDIES[weight])
        if weight is Weight.UNSHOWN and _UNCONFIRMED.intersection(missing):
            remedy = _("Have a lawyer confirm it in a copy of the agreement file, name that with --agreement, and check again.")
        places = [place_of(table, None, "", line) for line in answer.lines]
        reasons.append(Reason(weight, check.id, words, remedy, places, answer.rows, answer.law))
    return reasons


#: Nothing has left yet: what the checks advise after a disclosure would be wrong here.
_REMEDIES = {
    Weight.STOP: N_(
        "Do not send the file. Correct the rows or take them out, or choose another recipient, purpose or ground, and check"
        " again."
    ),
    Weight.NOTE: N_("Look into it before the file is sent."),
    Weight.UNSHOWN: N_("State what is missing on the command line, or complete the case file, and check again."),
}
#: What only the agreement can say.
_UNCONFIRMED = frozenset(("party_unconfirmed", "period_unconfirmed"))
_UNTOLD_WORDS = {"motivation": N_("motivation")}


def run_reasons(runs: Iterable[Run]) -> list[Reason]:
    """Checks that were not run: what turns on them cannot be shown."""
    reasons = []
    for run in runs:
        if run.state in (State.RUN, State.SWITCHED_OFF):
            continue
        weight = Weight.UNSHOWN if decides(run.check, "undetermined") else Weight.NOTE
        remedy = _("Give the case file with --cases.") if run.detail.startswith("cases") else _("Judge this question by hand.")
        words = f"{_(run.check.page.question)} {state_text(run)}"
        reasons.append(Reason(weight, run.check.id, words, remedy))
    return reasons


# --------------------------------------------------------------------------------------------------------- identifiers in text


def found_reasons(engine: Engine, table: RawTable, columns: Sequence[Column], agreement: Agreement, flow: Flow) -> list[Reason]:
    """Identifiers in the cells of a table, held against the row's own case. Makes ``held_N``: ``found_N`` with whose each is."""
    by_cell = {column.cell: column for column in columns}
    allowed = set(flow.field_ids(agreement))
    numbers = ", ".join(text(kind.value) for kind in sorted(NUMBERS_OF_PEOPLE))
    own_number = """right(f.key, 10) IS NOT DISTINCT FROM right(t.person, 10) OR right(f.key, 10) IS NOT DISTINCT FROM right(c.person_id, 10)
        OR coalesce(list_contains(list_transform(c.related_person_ids, lambda p: right(p, 10)), right(f.key, 10)), false)"""
    engine.run(
        f"""CREATE OR REPLACE TABLE held_{table.number} AS WITH held AS (SELECT f.*,
            CASE WHEN f.kind IN ({numbers}) THEN CASE WHEN {own_number} THEN 'own' ELSE 'other' END
                WHEN k.key IS NOT NULL THEN 'own' WHEN f.kind = 'name' AND f.key <> '' THEN 'other'
                WHEN a.key IS NOT NULL THEN 'other' ELSE 'unknown' END AS whose
            FROM found_{table.number} AS f JOIN tied_{table.number} AS t ON t.line = f.line
            LEFT JOIN cases AS c ON c.case_id = t.case_id
            LEFT JOIN known_values AS k ON k.kind = f.kind AND k.key = f.key AND k.case_id = t.case_id
            LEFT JOIN (SELECT DISTINCT kind, key FROM known_values) AS a ON a.kind = f.kind AND a.key = f.key)
        SELECT * REPLACE (CASE WHEN kind = 'name' AND NOT sure AND bool_or(whose = 'own') OVER (PARTITION BY cell, line, kind)
            THEN 'own' ELSE whose END AS whose) FROM held"""
    )
    sql = f"""SELECT cell, kind, sure, whose, count(DISTINCT line), list({{'line': line, 'mask': mask}} ORDER BY line)[1:{SHOWN_PLACES}]
        FROM held_{table.number} GROUP BY ALL ORDER BY cell, kind, sure DESC, whose"""
    reasons = []
    for cell, kind, sure, whose, count, spots in engine.rows(sql):
        column = by_cell[cell]
        places = [place_of(table, column.position, column.shown, spot["line"], spot["mask"]) for spot in spots]
        places = list(dict.fromkeys(places))
        reason = identifier_reason(Identifier(kind), sure=sure, whose=whose, allowed=allowed, places=places, count=count)
        if reason:
            reasons.append(reason)
    return reasons


def identifier_reason(
    kind: Identifier, *, sure: bool, whose: str, allowed: set[str], places: list[str], count: int
) -> Reason | None:
    """What an identifier in a text means. ``whose`` is ``own`` (of the row's case), ``other`` (of another) or ``unknown``.

    None where it is the case's own and of a field that may be handed over.
    """
    word = _(IDENTIFIERS[kind])
    in_flow = FIELD_OF.get(kind) in allowed
    remedy = _("Remove it from the text, or write it so that nobody can be singled out.")
    code = f"text-{kind.value}"
    if whose == "own" and in_flow:
        return None
    if not sure:
        words = _("A possible {identifier} stands in the text: it looks like one, but may be mistyped or something else.")
        return Reason(
            Weight.UNSHOWN, code, words.format(identifier=word), _("Look at each place; remove it if it is one."), places, count
        )
    if not in_flow:
        words = _("A {identifier} stands in the text; it may not be handed over for this purpose.")
        return Reason(Weight.STOP, code, words.format(identifier=word), remedy, places, count)
    if kind in NUMBERS_OF_PEOPLE or whose == "other":
        words = _("A {identifier} in the text is not that of the row's own case.")
        return Reason(Weight.STOP, code, words.format(identifier=word), remedy, places, count)
    words = _("A {identifier} stands in the text, and it cannot be shown whose it is.")
    return Reason(
        Weight.UNSHOWN,
        code,
        words.format(identifier=word),
        _("Look at each place; remove it if it is not the child's."),
        places,
        count,
    )
