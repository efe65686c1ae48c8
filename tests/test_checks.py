"""The catalogue of checks: every example of every page is run, and what is undocumented fails."""

from __future__ import annotations

import gettext
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from babel.messages.pofile import read_po
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.checks import CATALOGUE, accesses, by_id, fields, grounds, log, parties, procedure, target_group, use
from auditor.checks.examples import Example, parse
from auditor.checks.model import Answer, Check, Kind, Of, Severity, Together, answer_sql
from auditor.checks.vocabulary import DISCLOSURE, MACROS, RELATIONS, TERMS, Word, as_codes
from auditor.intake.tables import TABLES
from auditor.law import provisions
from auditor.law.grounds import read_law_table
from auditor.law.provisions import PROVISIONS, Provision
from auditor.report.extract import EXTRACT_LAW
from auditor.report.pressing import BREACH_LAW
from auditor.words import _, speak

CHECKOUT = Path(__file__).parents[1]
PAGE_TEXTS = ("question", "finding", "why", "limits", "advice")
IN_SQL = [check for check in CATALOGUE if check.of is not Of.LOG]
FAMILIES = (target_group, parties, fields, grounds, procedure, accesses, use, log)

# The agreement began on 16 October 2023; the catalogue is written for the time until the end of 2026.
FIRST_DAY, LAST_DAY = date(2023, 10, 16), date(2026, 12, 31)

# Where *applies* and *violates* are true or false whatever is missing.
NEVER_UNDETERMINED = {"B2", "B3", "B6", "B7", "P4", "P8", "A12", "A15"}


def named(check: Check) -> str:
    return check.id


@pytest.fixture(scope="module")
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        for signature, (sql, _meaning) in MACROS.items():
            connection.execute(f"CREATE MACRO {signature} AS ({sql})")
        yield connection


def bound(text: str | None, word: Word) -> Any:
    """The value of an example, to be bound and cast to the word's type by the database."""
    if text is None or not (word.codes or word.type.endswith("[]")):
        return text
    items = [item.strip() for item in text.strip("[]").split(",") if item.strip()]
    return as_codes(items) if word.codes else items


def answer(engine: duckdb.DuckDBPyConnection, check: Check, values: dict[str, Any]) -> Answer:
    """The answer of a check for one row of its prepared relation; columns that are not named are NULL."""
    words = RELATIONS[check.of.value]
    assert values.keys() <= words.keys()
    row = ", ".join(f'CAST(? AS {word.type}) AS "{name}"' for name, word in words.items())
    sql = f"SELECT {answer_sql(check.applies, check.violates)} FROM (SELECT {row})"
    found = engine.execute(sql, [values.get(name) for name in words]).fetchone()
    assert found is not None
    return Answer(found[0])


def words_of(check: Check) -> set[str]:
    """The columns of the prepared relation that the SQL of a check names."""
    return set(re.findall(r"\b[a-z_]+\b", f"{check.applies} {check.violates}")) & RELATIONS[check.of.value].keys()


# The examples


@pytest.mark.parametrize(
    ("check", "example"),
    [
        pytest.param(check, example, id=f"{check.id}-{n}")
        for check in IN_SQL
        for n, example in enumerate(parse(check.page.examples))
    ],
)
def test_an_example_of_a_page_is_answered_as_it_says(engine: duckdb.DuckDBPyConnection, check: Check, example: Example) -> None:
    words = RELATIONS[check.of.value]
    assert answer(engine, check, {name: bound(text, words[name]) for name, text in example.values.items()}) is example.answer


@pytest.mark.parametrize("check", IN_SQL, ids=named)
def test_a_page_shows_every_answer_that_the_check_can_give(check: Check) -> None:
    possible = set(Answer)
    if check.applies == "true":
        possible.remove(Answer.NOT_APPLICABLE)
    if check.id in NEVER_UNDETERMINED:
        possible.remove(Answer.UNDETERMINED)
    assert {example.answer for example in parse(check.page.examples)} == possible


@pytest.mark.parametrize("check", IN_SQL, ids=named)
def test_examples_are_about_grounds_that_exist_or_one_that_plainly_does_not(check: Check) -> None:
    table = read_law_table().grounds
    for example in parse(check.page.examples):
        named_grounds = (example.values.get("grounds") or "").strip("[]").split(",")
        assert {ground for ground in named_grounds if ground and ground not in table} <= {"samverkan"}


def test_examples_are_read_with_lists_nulls_and_lines_that_go_on() -> None:
    assert parse("pass  a=1 b=[x y,z] c=\n      d=2026-10-03T14:05:00\nviolation") == [
        Example(Answer.PASS, {"a": "1", "b": "[x y,z]", "c": None, "d": "2026-10-03T14:05:00"}),
        Example(Answer.VIOLATION, {}),
    ]


@pytest.mark.parametrize("text", ["maybe  a=1", "pass  a", "pass  a=1 a=2", "pass  a=[x", "pass  a=1 and more", "=1"])
def test_a_line_that_is_no_example_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="an example"):
        parse(text)


# What is missing never passes for a fault


@pytest.mark.parametrize("check", IN_SQL, ids=named)
def test_a_row_of_which_nothing_is_known_accuses_nobody(engine: duckdb.DuckDBPyConnection, check: Check) -> None:
    terms = {
        "counterpart": "police-roc",
        "entry_point": "0180",
        "age_below": "18",
        "target_concern": ["gang_crime"],
        "target_county": "01",
        "target_reporter": "police-roc",
        "approved_channels": ["sdk"],
        "duplicate_window": "24h",
        "closing_grace": "14d",
        "assessment_days": "14",
        "duty_window": "72h",
        "export_window": "24h",
        "reason_required": ["print"],
        "volume_factor": "6",
        "period_from": "2026-10-01",
        "period_to": "2026-10-31",
    }
    assert terms.keys() == TERMS.keys()
    known = {Of.DISCLOSURE: {"case_known": "false", "full_form": "true"}, Of.ACCESS: {"case_known": "false"}}
    row = terms | known.get(check.of, {})
    found = answer(engine, check, row)
    # No ground and no case are faults in themselves; everything else is only unknown.
    assert (found is Answer.VIOLATION) == (check.id in {"B1", "P1", "A13"})


FROM_FLOW = {name for name in DISCLOSURE if name.startswith("flow_")} | {
    "sender_matches_from",
    "recipient_matches_to",
    "fields_outside_flow",
    "grounds_usable",
    "usable_ground_holds",
    "usable_grounds_need_motivation",
}
SOME_VALUES: dict[str, tuple[Any, ...]] = {
    "BOOLEAN": (None, "true", "false"),
    "INTEGER": (None, "0", "1", "18"),
    "VARCHAR": (None, "0180", "0120", "police-roc", "marked", "assumed_identity", "already_open"),
    "VARCHAR[]": (None, [], ["gang_crime"], ["OSL 26:9 p1"]),
    "codes": (None, as_codes([]), as_codes(["name"]), as_codes(["home_municipality", "OSL 26:9 p1"])),
    "TIMESTAMP": (None, "2026-10-01T00:00:00", "2026-10-20T12:00:00", "2008-01-01T00:00:00"),
    "DATE": (None, "2008-10-03", "2026-10-03"),
    "INTERVAL": (None, "24h"),
    "DOUBLE": (None, "0", "2.5"),
}


def some_row(data: st.DataObject, check: Check, without: set[str]) -> dict[str, Any]:
    """A row in which the columns that the check names hold anything at all, those of ``without`` nothing."""
    words = RELATIONS[check.of.value]
    kinds = {name: "codes" if words[name].codes else words[name].type for name in words_of(check) - without}
    return {name: data.draw(st.sampled_from(SOME_VALUES[kind]), name) for name, kind in sorted(kinds.items())}


@pytest.mark.parametrize("check", [check for check in IN_SQL if words_of(check) & (FROM_FLOW - {"flow_known"})], ids=named)
@settings(max_examples=60, deadline=None, derandomize=True)
@given(data=st.data())
def test_without_a_flow_no_check_that_turns_on_it_accuses(
    engine: duckdb.DuckDBPyConnection, check: Check, data: st.DataObject
) -> None:
    row = some_row(data, check, FROM_FLOW) | {"flow_known": data.draw(st.sampled_from((None, "false")))}
    assert answer(engine, check, row) is not Answer.VIOLATION


@pytest.mark.parametrize("check", [check for check in IN_SQL if check.id in NEVER_UNDETERMINED], ids=named)
@settings(max_examples=60, deadline=None, derandomize=True)
@given(data=st.data())
def test_a_check_that_says_so_is_never_undetermined(
    engine: duckdb.DuckDBPyConnection, check: Check, data: st.DataObject
) -> None:
    row = some_row(data, check, set())
    # What is never missing in a prepared relation, or only together with something else that is drawn.
    never_missing = {
        "at": "2026-10-20T12:00:00",
        "duplicate_window": "24h",
        "period_from": "2026-10-01",
        "period_to": "2026-10-31",
        "cases": "7",
        "median_cases": "2",
        "deviation": "1",
        "volume_factor": "6",
    }
    of_recorded_grounds = {"grounds_unknown": "0", "grounds_not_in_force": as_codes([]), "grounds_review": as_codes([])}
    of_usable_grounds = {"usable_grounds_need_motivation": "true"}
    row |= {name: value for name, value in never_missing.items() if name in row}
    if row.get("grounds") is not None:
        row |= {name: value for name, value in of_recorded_grounds.items() if name in row and row[name] is None}
    if row.get("grounds_usable") is not None:
        row |= {name: value for name, value in of_usable_grounds.items() if name in row and row[name] is None}
    assert answer(engine, check, row) is not Answer.UNDETERMINED


# The catalogue is whole


def test_the_catalogue_is_in_order_and_nothing_stands_in_it_twice() -> None:
    expected = [
        f"{family}{n}"
        for family, last in (("T", 7), ("R", 8), ("F", 5), ("B", 8), ("P", 9), ("A", 15), ("L", 7))
        for n in range(1, last + 1)
    ]
    assert [check.id for check in CATALOGUE] == expected
    # the same fault of a disclosure and of an access has the same name
    assert len({(check.of, check.name) for check in CATALOGUE}) == len(CATALOGUE)
    assert all(by_id(check.id) is check for check in CATALOGUE)
    with pytest.raises(KeyError):
        by_id("X1")


def test_a_check_is_named_for_its_fault_wherever_it_stands() -> None:
    constants = [(name, value) for family in FAMILIES for name, value in vars(family).items() if isinstance(value, Check)]
    assert all(name.replace("_", "-") == check.name for name, check in constants)
    assert len(constants) == len(CATALOGUE)


KINDS_AND_SEVERITIES = """
    T1 scope critical  T2 scope high      T3 scope high       T4 scope critical  T5 scope high
    T6 signal low      T7 signal medium   R1 scope critical   R2 scope critical  R3 scope high
    R4 scope high      R5 conduct high    R6 scope high       R7 scope high      R8 scope high
    F1 scope high      F2 scope medium    F3 scope critical   F4 conduct medium  F5 signal high
    B1 scope high      B2 quality medium  B3 conduct high     B4 scope high      B5 scope critical
    B6 conduct medium  B7 signal medium   B8 scope critical   P1 scope high      P2 conduct high
    P3 signal medium   P4 signal low      P5 conduct medium   P6 scope critical  P7 signal medium
    P8 conduct medium  P9 conduct low     A1 conduct critical A2 conduct high    A3 conduct critical
    A4 signal high     A5 signal medium   A6 conduct critical A7 signal high     A8 conduct critical
    A9 conduct medium  A10 signal high    A11 conduct medium  A12 signal medium  A13 quality medium
    A14 signal low     A15 signal medium  L1 quality high     L2 quality high    L3 quality medium
    L4 quality low     L5 quality medium  L6 quality high     L7 quality medium
"""


def test_kinds_and_severities_are_what_was_agreed() -> None:
    found = " ".join(f"{check.id} {check.kind} {check.severity}" for check in CATALOGUE)
    assert found == " ".join(KINDS_AND_SEVERITIES.split())
    assert all(isinstance(check.kind, Kind) and isinstance(check.severity, Severity) for check in CATALOGUE)


@pytest.mark.parametrize("check", CATALOGUE, ids=named)
def test_a_page_is_whole_and_speaks_swedish(check: Check) -> None:
    speak("sv")
    for name in PAGE_TEXTS:
        text = getattr(check.page, name)
        assert text, f"{check.id} has no {name}"
        assert _(text) != text, f"{check.id}: {name} has no Swedish"
        assert text[-1] == _(text)[-1] == ("?" if name == "question" else "."), f"{check.id} {name}"
    assert check.page.finding.count(".") == 1, "the finding is one sentence"


def test_the_swedish_catalogues_hold_the_pages_and_are_compiled() -> None:
    folder = CHECKOUT / "reports" / "locale" / "sv" / "LC_MESSAGES"
    pages = {getattr(check.page, name) for check in CATALOGUE for name in PAGE_TEXTS}
    translated: set[str] = set()
    for room in ("checks", "accesses"):
        with (folder / f"{room}.po").open("rb") as file:
            messages = {message.id: message for message in read_po(file) if message.id}
        assert room != "checks" or messages.keys() <= pages
        assert not any(message.fuzzy for message in messages.values())
        with (folder / f"{room}.mo").open("rb") as file:
            compiled = gettext.GNUTranslations(file)
        assert all(compiled.gettext(source) == message.string for source, message in messages.items()), (
            f"compile {room}.po again"
        )
        translated |= messages.keys()
    assert pages <= translated


@pytest.mark.parametrize("check", CATALOGUE, ids=named)
def test_evidence_is_what_may_be_shown(check: Check) -> None:
    words = RELATIONS.get(check.of.value, {})
    assert all(words[name].shown for name in check.evidence)
    assert len(set(check.evidence)) == len(check.evidence)


@pytest.mark.parametrize("check", [check for check in CATALOGUE if check.of is Of.LOG], ids=named)
def test_checks_of_the_log_hold_no_sql(check: Check) -> None:
    assert (check.applies, check.violates, check.moment) == ("", "", "")
    assert not (check.evidence or check.page.examples)
    of_the_access_log = check.id in ("L1", "L2", "L3")
    assert bool(check.reads) is of_the_access_log and (of_the_access_log or not check.clause)
    assert check.together is (Together.SOURCE if check.id in ("L2", "L3") else Together.ALL)


@pytest.mark.parametrize("check", [check for check in CATALOGUE if check.of is Of.CASE], ids=named)
def test_a_finding_about_a_case_has_a_time(engine: duckdb.DuckDBPyConnection, check: Check) -> None:
    row = ", ".join(f'CAST(NULL AS {word.type}) AS "{name}"' for name, word in RELATIONS[check.of.value].items())
    assert engine.execute(f"SELECT typeof({check.moment}) FROM (SELECT {row})").fetchone() == ("TIMESTAMP",)


@pytest.mark.parametrize("check", CATALOGUE, ids=named)
def test_a_clause_is_a_place_in_the_agreement_file(check: Check) -> None:
    assert re.fullmatch(r"([a-z_]+(\.[a-z_]+)?)?", check.clause)


# What each check reads


def columns_behind(word: str, of: Of) -> set[str]:
    """The canonical columns that a word of a prepared relation is made of, keys of the row itself left out."""
    case_columns = {
        "home_municipality": {"cases.home_municipality"},
        "home_municipality_at_report": {"cases.home_municipality", "cases.reported_at"},
        "home_is_party": {"cases.home_municipality"},
        "home_is_party_at_report": {"cases.home_municipality", "cases.reported_at"},
        "birth_date_derived": {"cases.birth_date"},
        "handover_due": {"cases.reported_at"},
        "handed_over_in_time": {"cases.home_municipality", "disclosures.purpose", "disclosures.recipient"},
        "assessment_due": {"cases.reported_at"},
        "usable_ground_holds": {"cases.birth_date", "cases.decision", "cases.decided_at"},
    }
    if of in (Of.ACCESS, Of.USER_DAY):
        return columns_behind_access(word, case_columns)
    grounds_columns = {"disclosures.grounds", "disclosures.purpose", "disclosures.sender"}
    roles = {"disclosures.purpose", "disclosures.case_id", "cases.home_municipality", "cases.reported_at"}
    disclosure_columns = {
        "case_known": {"disclosures.case_id"},
        "sender_matches_from": roles | {"disclosures.sender"},
        "recipient_matches_to": roles | {"disclosures.recipient"},
        "sender_authorised": {"disclosures.sender", "disclosures.user_id", "staff.organisation", "staff.valid_to"},
        "fields_outside_flow": {"disclosures.fields", "disclosures.purpose"},
        "grounds_excluded": {"disclosures.grounds", "disclosures.sender"},
        "grounds_usable": grounds_columns,
        "usable_ground_holds": grounds_columns,
        "usable_grounds_need_motivation": grounds_columns,
        "traced_in_log": {"disclosures.case_id", "disclosures.user_id", "accesses.case_id", "accesses.user_id"},
        "earlier_same_at": {"disclosures.case_id", "disclosures.recipient", "disclosures.purpose", "disclosures.fields"},
    }
    found = set(disclosure_columns.get(word, ()))
    if word in case_columns or word in {column.name for column in TABLES["cases"].columns} - {"case_id"}:
        found |= case_columns.get(word, {f"cases.{word}"}) | ({"disclosures.case_id"} if of is Of.DISCLOSURE else set())
    elif word in {column.name for column in TABLES["disclosures"].columns if not column.key}:
        found.add(f"disclosures.{word}")
    elif word.startswith("flow_"):
        found.add("disclosures.purpose")
    elif not found and word.startswith(("sender_", "recipient_", "fields_", "grounds_")):
        found.add(f"disclosures.{word.split('_')[0]}")
    return found


def columns_behind_access(word: str, case_columns: dict[str, set[str]]) -> set[str]:
    """The same for a word of the relations of accesses."""
    of_staff = {"accesses.user_id", "staff.valid_to"}
    both = {"accesses.user_id", "accesses.case_id"}
    persons = {"cases.person_id", "cases.related_person_ids", "staff.person_id"}
    behind = {
        "service_account": {"accesses.user_id"},
        "authorised": of_staff,
        "organisations": of_staff | {"staff.organisation"},
        "responsible": of_staff | both | {"staff.organisation", "cases.home_municipality", "cases.reported_at"},
        "on_duty": of_staff | {"staff.organisation", "staff.unit"},
        "shared_account": of_staff | {"staff.shared"},
        "protected_access": of_staff | {"staff.protected_access"},
        "assigned": both | {"assignments.valid_to"},
        "own_record": of_staff | both | persons,
        "colleague_record": both | persons,
        "disclosed_nearby": both,
        "elsewhere_nearby": {"accesses.user_id", "accesses.workstation"},
        "opened_after": both | {"accesses.action"},
        "case_known": {"accesses.case_id"},
        "cases": both,
    }
    if word in behind:
        return behind[word]
    if word in {column.name for column in TABLES["cases"].columns} - {"case_id"}:
        return case_columns.get(word, {f"cases.{word}"}) | {"accesses.case_id"}
    return {f"accesses.{word}"} if word in {column.name for column in TABLES["accesses"].columns if not column.key} else set()


@pytest.mark.parametrize("check", IN_SQL, ids=named)
def test_a_check_names_every_column_it_reads(check: Check) -> None:
    needed = set().union(*(columns_behind(word, check.of) for word in words_of(check) - TERMS.keys()))
    assert needed <= set(check.reads), f"{check.id} reads more than it says"
    # The first day of an authorisation is a key and stands behind no word of its own.
    assert set(check.reads) - needed <= {"staff.valid_from", "assignments.valid_from"}, f"{check.id} says more than it reads"
    for name in check.reads:
        table, column = name.split(".")
        assert TABLES[table].column(column)


def test_columns_whose_empty_cell_has_a_meaning_are_named_where_they_are_read() -> None:
    found = {
        check.id: {name for name in check.reads if TABLES[name.split(".")[0]].column(name.split(".")[1]).meaningful_empty}
        for check in CATALOGUE
    }
    assert {identifier: names for identifier, names in found.items() if names} == {
        "R5": {"staff.valid_to"},
        "F4": {"disclosures.motivation"},
        "B5": {"cases.decided_at", "cases.decision"},
        "B6": {"disclosures.motivation"},
        "P3": {"cases.closed_at"},
        "P8": {"cases.decided_at", "cases.decision"},
        "P9": {"cases.decided_at"},
        "A1": {"staff.valid_to"},
        "A2": {"staff.valid_to", "assignments.valid_to"},
        "A3": {"staff.valid_to"},
        "A5": {"cases.closed_at"},
        "A6": {"staff.valid_to"},
        "A7": {"staff.valid_to"},
        "A8": {"staff.valid_to", "staff.protected_access"},
        "A9": {"accesses.reason"},
        "A11": {"staff.valid_to", "staff.shared"},
    }


# The law


@pytest.mark.parametrize("check", CATALOGUE, ids=named)
def test_a_check_has_law_on_every_day(check: Check) -> None:
    days = (FIRST_DAY + timedelta(days=n) for n in range((LAST_DAY - FIRST_DAY).days + 1))
    assert all(check.law_on(day) for day in days)
    assert len(set(check.law)) == len(check.law)


@pytest.mark.parametrize("check", CATALOGUE, ids=named)
def test_a_cited_provision_is_in_force_at_some_time(check: Check) -> None:
    for provision in check.law:
        assert provision.valid_to is None or provision.valid_to >= FIRST_DAY
        assert provision.valid_from is None or provision.valid_from <= LAST_DAY


def test_the_social_services_act_of_the_day_is_cited() -> None:
    before, after = date(2025, 6, 30), date(2025, 7, 1)
    assessment = by_id("P8")
    assert "11 kap. 1 a § socialtjänstlagen (2001:453)" in assessment.law_on(before)
    assert "2025:400" not in assessment.law_on(before)
    assert "20 kap. 2 § socialtjänstlagen (2025:400)" in assessment.law_on(after)
    assert "2001:453" not in assessment.law_on(after)


def test_every_provision_has_a_constant_named_after_it_and_every_constant_a_provision() -> None:
    constants = {name: value for name, value in vars(provisions).items() if isinstance(value, Provision)}
    assert constants == {re.sub(r"[^A-Z0-9]+", "_", identifier.upper()): value for identifier, value in PROVISIONS.items()}


def test_every_provision_is_cited_by_a_check_or_by_the_report() -> None:
    cited = {provision for check in CATALOGUE for provision in check.law}
    assert set(PROVISIONS.values()) - cited == {provisions.SOLPUF_11, *BREACH_LAW, *EXTRACT_LAW} - cited


@pytest.mark.parametrize("provision", PROVISIONS.values(), ids=lambda provision: provision.id)
def test_a_provision_is_fully_described(provision: Provision) -> None:
    assert all((provision.citation_sv, provision.says_sv, provision.says_en, provision.source))
    assert provision.says_sv.endswith(".") and provision.says_en.endswith(".")
    assert provision.valid_from is None or provision.valid_to is None or provision.valid_from <= provision.valid_to


def days_in_force(first: date | None, last: date | None) -> str:
    return f"{first or '…'} – {last or ''}".strip() if first or last else "throughout"


def test_the_page_on_law_says_what_the_tables_say() -> None:
    page = (CHECKOUT / "docs" / "law.md").read_text(encoding="utf-8")
    for entry in PROVISIONS.values():
        in_force = days_in_force(entry.valid_from, entry.valid_to)
        assert f"\n| {entry.id} | {entry.citation_sv} | {entry.says_en} | {in_force} | {entry.source} |\n" in page
    for ground in read_law_table().grounds.values():
        in_force = days_in_force(ground.valid_from, ground.valid_to)
        assert f"\n| {ground.id} | {ground.label_sv} | {in_force} |" in page
