"""The catalogue of checks is whole: in order, described in Swedish, and each check names every column it reads."""

from __future__ import annotations

import gettext
import re

import duckdb
import pytest
from babel.messages.pofile import read_po

from auditor.checks import CATALOGUE, accesses, by_id, fields, grounds, log, parties, procedure, target_group, use
from auditor.checks.model import Check, Kind, Of, Severity, Together
from auditor.checks.vocabulary import RELATIONS, TERMS
from auditor.intake.tables import TABLES
from auditor.words import _, speak
from tests.asking import IN_SQL, engine_with_words, named, words_of
from tests.running import CHECKOUT

engine = pytest.fixture(scope="module")(engine_with_words)

PAGE_TEXTS = ("question", "finding", "why", "limits", "advice")


FAMILIES = (target_group, parties, fields, grounds, procedure, accesses, use, log)


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
