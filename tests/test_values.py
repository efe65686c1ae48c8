"""What the words in an export mean: tables of examples, and every municipality in its usual spellings."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.intake.mapping import standard_mapping
from auditor.intake.tables import TABLES, Type
from auditor.intake.values import Reading
from auditor.law.municipalities import municipalities
from tests.values import EVERY_FIELD, UNREADABLE, WORDS, read, value, vocabulary

# --- municipalities and counties -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("0182", "0182"),
        ("Nacka", "0182"),
        ("NACKA", "0182"),
        ("Nacka kommun", "0182"),
        ("Nackas kommun", "0182"),
        ("0182 Nacka", "0182"),
        ("0182 - Nacka kommun", "0182"),
        ("0182 (Nacka)", "0182"),
        ("Nacka (0182)", "0182"),
        ("Nacka, 0182", "0182"),
        ("Stockholm", "0180"),
        ("Stockholms stad", "0180"),
        ("Stockholm stad", "0180"),
        ("Stockholms kommun", "0180"),
        ("Stockholms\u00a0stad", "0180"),
        ("Stockholms  stad", "0180"),
        ("Nynäshamns kommun", "0192"),
        ("Borås kommun", "1490"),
        ("Upplands Väsby", "0114"),
        ("Upplands-Väsby", "0114"),
        ("Upplands Bro", "0139"),
        ("Upplands\u2011Bro kommun", "0139"),
        ("Gotland", "0980"),
        ("Region Gotland", "0980"),
        ("Gotlands kommun", "0980"),
        ("Habo", "0643"),
        ("Håbo", "0305"),
        (unicodedata.normalize("NFD", "Håbo"), "0305"),
    ],
)
def test_municipalities(text, code):
    assert read(Type.MUNICIPALITY, text) == Reading(code)
    assert read(Type.ORGANISATION, text) == Reading(code)
    assert read(Type.PLACE, text) == Reading(code)


@pytest.mark.parametrize("text", ["182", "182.0", "182,0", "182 Nacka", "Nacka (182)"])
def test_a_lost_leading_zero_is_put_back_and_told(text):
    assert read(Type.MUNICIPALITY, text) == Reading("0182", repaired=True)
    assert read(Type.ORGANISATION, text) == Reading("0182", repaired=True)


@pytest.mark.parametrize(
    "text",
    ["9999", "0000", "18", "01", "1820", "0180 Nacka", "Nacka (0180)", "Kommun: Nacka", "Nacka, Värmdö", "Osteraker",
     "Stockholms län", "Norge", "٠١٨٢", "0182.5", "-", "\ufffd", "Nacka" * 100, "2,01701E+11"],
)  # fmt: skip
def test_what_is_no_municipality_is_unreadable(text):
    assert read(Type.MUNICIPALITY, text) == UNREADABLE


@settings(deadline=None)
@given(st.sampled_from(sorted(municipalities().items())))
def test_every_municipality_by_code_and_name(municipality):
    code, name = municipality
    genitive = name if name.endswith(("s", "x", "z")) else name + "s"
    for text in (
        code,
        name,
        f"{name} kommun",
        f"{genitive} kommun",
        f"{genitive} stad",
        f"{code} {name}",
        f"{name} ({code})",
        name.upper(),
    ):
        assert read(Type.MUNICIPALITY, text) == Reading(code)
    assert read(Type.MUNICIPALITY, unicodedata.normalize("NFD", name)) == Reading(code)
    short = code.lstrip("0")
    assert read(Type.MUNICIPALITY, short) == Reading(code, repaired=short != code)


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("01", Reading("01")),
        ("1", Reading("01", repaired=True)),
        ("1.0", Reading("01", repaired=True)),
        ("12", Reading("12")),
        ("Stockholms län", Reading("01")),
        ("Stockholm län", Reading("01")),
        ("01 Stockholms län", Reading("01")),
        ("Uppsala län", Reading("03")),
        ("Västra Götalands län", Reading("14")),
        ("Skåne", Reading("12")),
        ("Stockholm", Reading("0180")),
        ("180", Reading("0180", repaired=True)),
        ("02", UNREADABLE),
        ("00", UNREADABLE),
        ("Utomlands", UNREADABLE),
        ("01 Uppsala län", UNREADABLE),
    ],
)
def test_places(text, reading):
    assert read(Type.PLACE, text) == reading


# --- organisations and units ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "organisation"),
    [
        ("police-roc", "police-roc"),
        ("POLICE-ROC", "police-roc"),
        ("Polismyndigheten (ROC)", "police-roc"),
        ("roc", "police-roc"),
        ("Polismyndigheten", "police-roc"),
        ("region  stockholm", "region"),
        ("0180", "0180"),
    ],
)
def test_organisations(text, organisation):
    assert read(Type.ORGANISATION, text) == Reading(organisation)


@pytest.mark.parametrize("text", ["Skatteverket", "Stockholms län", "01", "null och intet"])
def test_an_organisation_that_nobody_declared_is_unreadable(text):
    assert read(Type.ORGANISATION, text) == UNREADABLE


def test_a_name_of_two_organisations_means_neither():
    words = vocabulary(organisations={"a": ("Polisen",), "b": ("polisen",)})
    assert read(Type.ORGANISATION, "Polisen", words) == UNREADABLE
    assert read(Type.ORGANISATION, "a", words) == Reading("a")


def test_a_shipped_word_for_an_organisation_needs_that_organisation_and_yields_to_the_agreement():
    assert read(Type.ORGANISATION, "Polismyndigheten", vocabulary(organisations={})) == UNREADABLE
    words = vocabulary(organisations={"police-roc": ("ROC",), "police": ("Polismyndigheten",)})
    assert read(Type.ORGANISATION, "Polismyndigheten", words) == Reading("police")


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("Socialjouren", "socialjouren"),
        ("mottagning   barn", "Mottagning Barn"),
        ("Mottagning-Barn", "Mottagning-Barn"),
        ("Enhet 3", "Enhet 3"),
    ],
)
def test_units_take_the_agreements_spelling(text, unit):
    for table, column in [("disclosures", "sender_unit"), ("disclosures", "recipient_unit"), ("staff", "unit")]:
        assert WORDS.read(Type.TEXT, text, table=table, column=column) == Reading(unit)
    assert WORDS.read(Type.TEXT, text, table="staff", column="role") == Reading(text)


# --- words ---------------------------------------------------------------------------------------------------------------

EXAMPLES = {
    Type.BOOLEAN: {
        True: ["Ja", "JA", "j", "true", "True", "1", "yes", "sant"],
        False: ["Nej", "N", "false", "0", "no", "falskt"],
    },
    Type.PROTECTION: {
        "none": ["Ingen", "Nej", "none", "0", "false"],
        "marked": ["Ja", "1", "Sekretessmarkering", "sekretessmarkerad", "marked"],
        "protected_registration": ["Skyddad folkbokföring", "Kvarskrivning", "protected registration"],
        "assumed_identity": ["Fingerade personuppgifter", "Fingerad identitet", "assumed_identity"],
    },
    Type.DECISION: {
        "opened": ["Inledd", "Inletts", "Utredning inleds", "opened"],
        "not_opened": ["Inleds inte", "Inte inlett", "Ej inledd", "Inletts inte", "not opened"],
        "already_open": ["Pågår redan", "Redan pågående", "already_open"],
    },
    Type.ACTION: {
        "read": ["Läsa", "läst"],
        "write": ["Skriva"],
        "search": ["Söka", "Sökning"],
        "print": ["Utskrift", "Skriva ut"],
        "export": ["Export", "Exportera"],
        "delete": ["Radera"],
        "sign": ["Signera"],
        "emergency": ["Nödöppning"],
    },
    Type.CHANNEL: {
        "sdk": ["SDK", "Säker digital kommunikation"],
        "phone": ["Telefon"],
        "in_person": ["Personligen", "Personligt möte", "in person"],
        "secure_portal": ["Säker portal", "E-tjänst"],
        "email": ["E-post", "Mejl", "email"],
        "fax": ["Fax"],
        "brevduva": ["brevduva"],
    },
    Type.FLOW: {
        "report": ["Orosanmälan", "report"],
        "handover": ["Överlämnande", "Vidare till bosättningskommun"],
        "assessment": ["Riskbedömning"],
        "request": ["Fråga"],
        "feedback": ["Återkoppling"],
        "prevention": ["Förebyggande"],
        "other_channel": ["Annat utlämnande", "Other channel"],
        "Kafferast": ["Kafferast"],
    },
}


@pytest.mark.parametrize(
    ("type_", "canonical", "text"),
    [
        (type_, canonical, text)
        for type_, meanings in EXAMPLES.items()
        for canonical, texts in meanings.items()
        for text in texts
    ],
)
def test_words(type_, canonical, text):
    assert read(type_, text) == Reading(canonical)


@pytest.mark.parametrize("type_", [Type.BOOLEAN, Type.PROTECTION, Type.DECISION, Type.ACTION])
@pytest.mark.parametrize("text", ["Kanske", "?", "2", "\ufffd", "Skyddade personuppgifter", "nej " * 1000])
def test_a_word_that_nobody_knows_does_not_fit(type_, text):
    assert read(type_, text) == UNREADABLE


@pytest.mark.parametrize(
    ("type_", "word"),
    [(type_, word) for type_, words in standard_mapping().words.by_type.items() for texts in words.values() for word in texts],
)
def test_every_shipped_word_is_understood(type_, word):
    canonical = next(each for each, texts in standard_mapping().words.by_type[type_].items() if word in texts)
    expected = {"true": True, "false": False}.get(canonical, canonical) if type_ is Type.BOOLEAN else canonical
    if type_ is Type.PLACE:
        word += " län"
    elif type_ in (Type.CONCERNS, Type.FIELDS, Type.GROUNDS):
        expected = (expected,)
    assert value(type_, word, EVERY_FIELD) == expected


def test_every_yes_and_no_is_also_an_answer_about_protection():
    words = standard_mapping().words.by_type[Type.BOOLEAN]
    assert {value(Type.PROTECTION, text) for text in (*words["true"], "true")} == {"marked"}
    assert {value(Type.PROTECTION, text) for text in (*words["false"], "false")} == {"none"}


def test_a_flow_is_known_by_its_own_names_and_shipped_words_only_if_the_agreement_has_it():
    words = vocabulary(flows={"in": ("Orosanmälan", "Återkoppling")})
    assert value(Type.FLOW, "orosanmälan", words) == "in"
    assert value(Type.FLOW, "Riskbedömning", words) == "Riskbedömning"


def test_channels_take_the_agreements_spelling():
    assert value(Type.CHANNEL, "Personligen", vocabulary(channels=("In-Person",))) == "In-Person"
    assert value(Type.CHANNEL, "Personligen", vocabulary(channels=None)) == "in_person"


def test_the_word_null_cannot_be_read():
    for type_ in EXAMPLES:
        assert read(type_, "NULL") == UNREADABLE


def test_only_coded_columns_are_read():
    for table in TABLES.values():
        for column in table.columns:
            if column.type in (Type.DATE, Type.START, Type.END, Type.INSTANT, Type.PERSON, Type.PEOPLE, Type.INTEGER):
                with pytest.raises(ValueError, match="not looked up"):
                    WORDS.read(column.type, "2026", table=table.name, column=column.name)
