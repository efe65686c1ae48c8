"""The shipped vocabulary of headings, and how the headings of a file are matched with columns."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.errors import UserError, UserErrors
from auditor.intake.mapping import match_headings, standard_mapping
from auditor.intake.mapping_model import CODED_TYPES
from auditor.intake.spelling import heading_key
from auditor.intake.tables import TABLES, Type
from auditor.law.municipalities import county_codes
from tests.running import in_english

english = pytest.fixture(autouse=True)(in_english)

SWEDISH = [
    "Utlämnandenummer",
    "Ärendenummer",
    "Utlämnat",
    "Avsändare",
    "Användare",
    "Mottagare",
    "Ändamål",
    "Uppgifter",
    "Rättslig grund",
]


# --- the shipped vocabulary ---------------------------------------------------------------------------------------------

SHIPPED = [
    (table, column.name, heading)
    for table, described in TABLES.items()
    for column in described.columns
    for heading in standard_mapping().tables[table].spellings(column.name)
]


@pytest.mark.parametrize("table", TABLES)
def test_every_shipped_heading_means_one_column_of_its_table(table):
    meanings: dict[str, set[str]] = {}
    for _table, column, heading in (each for each in SHIPPED if each[0] == table):
        meanings.setdefault(heading_key(heading), set()).add(column)
    assert {key: columns for key, columns in meanings.items() if len(columns) > 1} == {}


@pytest.mark.parametrize("table", TABLES)
def test_every_column_has_a_swedish_heading(table):
    mapped = standard_mapping().tables[table]
    assert set(mapped.headings) == {column.name for column in TABLES[table].columns}


@settings(deadline=None)
@given(
    st.sampled_from(SHIPPED), st.sampled_from([str.upper, str.lower, str.title]), st.sampled_from(["NFC", "NFD"]), st.booleans()
)
def test_a_shipped_heading_is_understood_in_any_case_encoding_and_punctuation(shipped, case, form, folded):
    table, column, heading = shipped
    text = unicodedata.normalize(form, case(heading)).replace(" ", " . ")
    if folded:
        text = unicodedata.normalize("NFC", text).translate(str.maketrans("åäöÅÄÖ", "aaoAAO"))
    required = [each.name for each in TABLES[table].columns if each.required and each.name != column]
    matched = match_headings(table, [*required, text], standard_mapping(), file="x.csv")
    assert matched.columns[column] == len(required)


def test_every_kind_of_value_has_exactly_the_canonical_values_of_the_tables():
    words = standard_mapping().words.by_type
    assert set(words) == CODED_TYPES
    assert set(words[Type.BOOLEAN]) == {"true", "false"}
    assert set(words[Type.PROTECTION]) == {"none", "marked", "protected_registration", "assumed_identity"}
    assert set(words[Type.DECISION]) == {"opened", "not_opened", "already_open"}
    assert set(words[Type.ACTION]) == {"read", "write", "search", "print", "export", "delete", "sign", "emergency"}
    assert set(words[Type.PLACE]) == county_codes()


# --- matching -----------------------------------------------------------------------------------------------------------


def test_swedish_headings_are_found_wherever_they_stand():
    headings = ["Vår ref", *reversed(SWEDISH), "Kanal", ""]
    matched = match_headings("disclosures", headings, standard_mapping(), file="utlamnanden.csv")
    assert matched.columns["disclosure_id"] == 9
    assert matched.columns["grounds"] == 1
    assert matched.columns["channel"] == 10
    assert matched.ignored == (0, 11)


def test_two_headings_of_one_column_are_named_by_position():
    with pytest.raises(UserError) as raised:
        match_headings("disclosures", [*SWEDISH, "Tidpunkt"], standard_mapping(), file="u.csv")
    assert raised.value.message == "Columns 3, 10 are all read as 'at'."
    assert raised.value.column == "at"
    assert "tables.disclosures.columns.at" in raised.value.hint


def test_missing_required_columns_are_all_named_in_one_error_with_the_nearest_headings():
    headings = [
        "Utlämnandenummer",
        "Ärendenummer",
        "Utlämnat",
        "Avsändare",
        "Användare",
        "Motagare",
        "Legalt stöd",
        "Uppgifterna",
    ]
    with pytest.raises(UserError) as raised:
        match_headings("disclosures", headings, standard_mapping(), file="u.csv")
    assert not isinstance(raised.value, UserErrors)
    assert raised.value.column == "recipient, purpose, fields, grounds"
    assert "recipient (usually 'Mottagare'; nearest here: 'Motagare')" in raised.value.message
    assert "purpose (usually 'Ändamål')" in raised.value.message
    assert "fields (usually 'Uppgifter'; nearest here: 'Uppgifterna')" in raised.value.message


@pytest.mark.parametrize(
    ("heading", "shown"),
    [
        ("Mottagaren Bo Ek", "(6)"),
        ("Mottagare 20170101-2390", "'***'"),
        ("Mottagaren, kommunen", "'Mottagaren, kommunen'"),
    ],
)
def test_a_heading_that_may_name_somebody_is_told_by_its_position(heading, shown):
    headings = ["Utlämnandenummer", "Ärendenummer", "Utlämnat", "Avsändare", "Användare", heading]
    with pytest.raises(UserError) as raised:
        match_headings("disclosures", headings, standard_mapping(), file="u.csv")
    assert f"nearest here: {shown}" in raised.value.message.replace("'(6)'", "(6)")
    assert "Ek" not in raised.value.message and "2390" not in raised.value.message


def test_several_faults_of_headings_are_told_at_once():
    with pytest.raises(UserErrors) as raised:
        match_headings("disclosures", [*SWEDISH[:-1], "Datum", "Löpnr"], standard_mapping(), file="u.csv")
    assert [fault.column for fault in raised.value.faults] == ["at", "grounds"]


def test_a_row_of_data_is_not_taken_for_headings_and_not_printed():
    row = ["A-1", "Mottagarsson Kim", "201701012393", "Nacka"]
    with pytest.raises(UserError) as raised:
        match_headings("disclosures", row, standard_mapping(), file="u.csv")
    assert "does not look like headings" in raised.value.message
    assert raised.value.line == 1
    assert not any(cell in raised.value.message + raised.value.hint for cell in row)


def test_nothing_of_a_row_is_printed_when_a_single_cell_happens_to_be_a_heading():
    with pytest.raises(UserError) as raised:
        match_headings("cases", ["Oro", "Ärendenumret Andersson"], standard_mapping(), file="c.csv")
    assert "Andersson" not in raised.value.message


def test_what_is_printed_of_a_heading_is_short_harmless_and_without_personal_numbers():
    base = [heading for heading in SWEDISH if heading != "Mottagare"]
    for heading, shown in [
        ("Mottagare\x1b[31m!x", "\\u001b"),
        ("Mottagare" + "." * 100, "…"),
        ("Mottagar 20170101-2393", "***"),
        ("Mottagare\u202ex", "\\u202e"),
    ]:
        with pytest.raises(UserError) as raised:
            match_headings("disclosures", [*base, heading + "e"], standard_mapping(), file="u.csv")
        message = raised.value.message
        assert "\x1b" not in message and "\u202e" not in message and "2393" not in message
        assert len(message) < 200
        if "nearest" in message:
            assert shown in message
