"""Lists of words in a cell, and the words that a user declares."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.errors import UserErrors
from auditor.intake.mapping import read_mapping
from auditor.intake.tables import Type
from auditor.intake.values import Reading, Vocabulary
from tests.values import COLUMN, DECLARED, UNREADABLE, read, value, vocabulary

# --- lists ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("Namn", ("name",)),
        ("Namn; Pnr", ("name", "person_id")),
        ("Pnr,namn|TELEFON", ("name", "person_id", "phone")),
        ("name;Namn;NAMN", ("name",)),
        ("Inletts, inte inletts eller pågår redan", ("decision",)),
        ("inletts,inte inletts eller pågår redan", ("decision",)),
        ("Namn, Inletts, inte inletts eller pågår redan, Pnr", ("decision", "name", "person_id")),
        ("Namn;Inletts;Skostorlek", ("Inletts", "Skostorlek", "name")),
        ("\x1fNamn\x1fInletts, inte inletts eller pågår redan", ("decision", "name")),
        ("\x1fNamn; Pnr", ("Namn; Pnr",)),
        ("\x1f", None),
        (" ; ,| ", None),
        ("Namn;;", ("name",)),
        ("Namn/Pnr", ("Namn/Pnr",)),
    ],
)
def test_lists_of_fields(text, fields):
    assert read(Type.FIELDS, text) == Reading(fields)


@pytest.mark.parametrize(
    "text", ["\ufffd", "\x1f\ufffd", "Namn;\ufffd", "\x1fNamn\x1f\ufffd", "null", "Namn, NULL", "\x1fnull\x1fNamn"]
)
def test_a_list_of_which_a_part_cannot_be_read_cannot_be_read(text):
    assert read(Type.FIELDS, text) == UNREADABLE


def test_concerns():
    assert value(Type.CONCERNS, "Gäng; Våld, GANG_CRIME") == ("Våld", "gang_crime")
    assert value(Type.CONCERNS, "gängkriminalitet") == ("gang_crime",)
    assert value(Type.CONCERNS, "Gäng", vocabulary(concerns=("gäng",))) == ("gäng",)


def test_a_single_value_may_stand_in_a_list_but_not_several():
    assert read(Type.FLOW, "\x1freport") == Reading("report")
    assert read(Type.FLOW, "\x1f") == Reading(None)
    assert read(Type.FLOW, "\x1freport\x1fhandover") == UNREADABLE


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(sorted(DECLARED["fields"])), min_size=1),
    st.sampled_from([";", ",", "|", " ; ", ", "]),
    st.randoms(),
)
def test_a_list_is_a_set_whatever_names_and_separators_are_used(ids, separator, random):
    spelt = [random.choice([id_, *DECLARED["fields"][id_]]) for id_ in ids]
    assert value(Type.FIELDS, separator.join(spelt)) == tuple(sorted(set(ids)))


@settings(deadline=None)
@given(st.text(min_size=1).map(str.strip).filter(bool), st.sampled_from(sorted(COLUMN)))
def test_no_text_is_too_strange(text, type_):
    reading = read(type_, text)
    assert isinstance(reading, Reading)
    if isinstance(reading.value, tuple):
        assert list(reading.value) == sorted(set(reading.value)) and all(reading.value)


def test_a_very_long_list_is_read_in_reasonable_time():
    assert len(value(Type.GROUNDS, ",".join(f"X{number}" for number in range(5_000)))) == 5_000
    assert value(Type.FIELDS, "x" * 1_000_000) == ("x" * 1_000_000,)


# --- a user's words ------------------------------------------------------------------------------------------------------


def mapped(tmp_path: Path, tables: str) -> Vocabulary:
    path = tmp_path / "mapping.yaml"
    path.write_text(f"mapping: 1\ntables:\n{tables}", encoding="utf-8")
    return vocabulary(read_mapping(path))


def test_a_users_words_come_first_and_only_in_their_column(tmp_path):
    words = mapped(
        tmp_path,
        """\
  disclosures:
    values:
      channel: {Telefon: sdk, "Fysiskt besök": In-Person, "-": }
      recipient: {"SOC Nacka": "0182", Kontaktcenter: POLICE-ROC}
      fields: {"Kontakt, person": phone, "–": , Risk/hot: risk}
      grounds: {Lagen: osl 10:28}
      sender_unit: {SOJ: Socialjouren}
    separators: {fields: "/"}
  cases:
    values:
      protection: {"J": protected_registration}
      found_in: {Centralen: "01"}
""",
    )
    assert value(Type.CHANNEL, "TELEFON", words) == "sdk"
    assert value(Type.CHANNEL, "fysiskt besök", words) == "in_person"
    assert read(Type.CHANNEL, "-", words) == Reading(None)
    assert value(Type.ORGANISATION, "Soc Nacka", words) == "0182"
    assert value(Type.ORGANISATION, "kontaktcenter", words) == "police-roc"
    assert words.read(Type.ORGANISATION, "SOC Nacka", table="disclosures", column="sender") == UNREADABLE
    assert value(Type.FIELDS, "Namn/Kontakt, person/Risk/hot/-", words) == ("name", "phone", "risk")
    assert value(Type.FIELDS, "Namn; Pnr", words) == ("Namn; Pnr",)
    assert value(Type.GROUNDS, "lagen", words) == ("OSL 10:28",)
    assert words.read(Type.TEXT, "soj", table="disclosures", column="sender_unit") == Reading("socialjouren")
    assert value(Type.PROTECTION, "j", words) == "protected_registration"
    assert value(Type.PLACE, "Centralen", words) == "01"


def test_a_users_word_for_what_nobody_declared_is_a_fault_with_its_place(tmp_path):
    with pytest.raises(UserErrors) as raised:
        mapped(
            tmp_path,
            """\
  disclosures:
    values:
      recipient: {SOC: polis-roc}
      purpose: {A: reportt}
      fields: {B: shoe_size}
      grounds: {C: OSL 99:1}
      channel: {D: brevduva}
""",
        )
    assert [(fault.line, fault.column) for fault in raised.value.faults] == [(5, 24), (6, 20), (7, 19), (8, 20)]
    assert raised.value.file == str(tmp_path / "mapping.yaml")
