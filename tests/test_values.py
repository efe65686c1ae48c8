"""What the words in an export mean: tables of examples, and every municipality and ground in its usual spellings."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.errors import UserErrors
from auditor.intake.mapping import read_mapping, standard_mapping
from auditor.intake.tables import TABLES, Type
from auditor.intake.values import Reading, Vocabulary
from auditor.law.grounds import read_law_table
from auditor.law.municipalities import municipalities

GROUNDS = read_law_table().grounds
DECLARED = {
    "organisations": {"police-roc": ("Polismyndigheten (ROC)", "ROC", "Polisen"), "region": ("Region Stockholm",)},
    "fields": {
        "name": ("Namn",),
        "person_id": ("Personnummer",),
        "phone": ("Telefon",),
        "risk": ("Individuell riskbedömning",),
        "gang_link": ("Koppling till gäng",),
        "decision": ("Inletts, inte inletts eller pågår redan",),
    },
    "flows": dict.fromkeys(("report", "handover", "assessment", "request", "feedback", "prevention", "other_channel"), ()),
    "channels": ("sdk", "phone", "in_person", "secure_portal"),
    "units": ("socialjouren", "Mottagning Barn"),
    "concerns": ("gang_crime",),
    "grounds": GROUNDS,
}


def vocabulary(mapping=None, **changed) -> Vocabulary:
    return Vocabulary(**{**DECLARED, **changed}, mapping=mapping or standard_mapping())


WORDS = vocabulary()
EVERY_FIELD = vocabulary(fields=dict.fromkeys(standard_mapping().words.by_type[Type.FIELDS], ()))
COLUMN = {
    Type.MUNICIPALITY: ("cases", "home_municipality"),
    Type.PLACE: ("cases", "found_in"),
    Type.ORGANISATION: ("disclosures", "recipient"),
    Type.CONCERNS: ("cases", "concern"),
    Type.FLOW: ("disclosures", "purpose"),
    Type.FIELDS: ("disclosures", "fields"),
    Type.GROUNDS: ("disclosures", "grounds"),
    Type.CHANNEL: ("disclosures", "channel"),
    Type.DECISION: ("cases", "decision"),
    Type.PROTECTION: ("cases", "protection"),
    Type.ACTION: ("accesses", "action"),
    Type.BOOLEAN: ("staff", "shared"),
}


def read(type_: Type, text: str, words: Vocabulary = WORDS) -> Reading:
    table, column = COLUMN[type_]
    return words.read(type_, text, table=table, column=column)


def value(type_: Type, text: str, words: Vocabulary = WORDS):
    reading = read(type_, text, words)
    assert reading.readable
    return reading.value


UNREADABLE = Reading(None, readable=False)

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


def test_the_word_null_says_nothing():
    for type_ in EXAMPLES:
        assert read(type_, "NULL") == Reading(None)


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
        ("null", None),
        ("Namn;;", ("name",)),
        ("Namn/Pnr", ("Namn/Pnr",)),
    ],
)
def test_lists_of_fields(text, fields):
    assert read(Type.FIELDS, text) == Reading(fields)


@pytest.mark.parametrize("text", ["\ufffd", "\x1f\ufffd", "Namn;\ufffd", "\x1fNamn\x1f\ufffd"])
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


# --- grounds -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("26 kap. 9 § 1 OSL", "OSL 26:9 p1"),
        ("26 kap. 9 § första stycket 1 OSL", "OSL 26:9 p1"),
        ("26 kap. 9 § 1 st. 1 p. OSL", "OSL 26:9 p1"),
        ("26 kap. 9 §, första stycket 1, OSL", "OSL 26:9 p1"),
        ("OSL 26:9 p. 1", "OSL 26:9 p1"),
        ("OSL 26:9 p1", "OSL 26:9 p1"),
        ("osl 26:9 punkt 1", "OSL 26:9 p1"),
        ("26:9 första punkten OSL", "OSL 26:9 p1"),
        ("26 kap. 9 a § OSL", "OSL 26:9a"),
        ("10 kap 18 a § offentlighets- och sekretesslagen (2009:400)", "OSL 10:18a"),
        ("10\u00a0kap. 18\u00a0a\u00a0§ offentlighets\u2011 och sekretesslagen", "OSL 10:18a"),
        ("OSL 10:18 a", "OSL 10:18a"),
        ("OSL 10:18a §", "OSL 10:18a"),
        ("10 kap. 28 §§ OSL", "OSL 10:28"),
        ("10 kap.28§OSL", "OSL 10:28"),
        ("10 kap. 28 § första stycket offentlighets- och sekretesslagen (OSL)", "OSL 10:28"),
        ("enligt 10 kap. 2 § OSL", "OSL 10:2"),
        ("OSL kap 10 § 2", "OSL 10:2"),
        ("19 kap. 1 § SoL", "SoL 19:1"),
        ("19 kap. 1 § 15 SoL", "SoL 19:1"),
        ("SoL (2025:400) 19:1", "SoL 19:1"),
        ("nya SoL 19:1", "SoL 19:1"),
        ("socialtjänstlagen (2001:453) 14 kap. 1 §", "SoL 14:1"),
        ("14 kap. 1 b § SoL", "SoL 14:1b"),
        ("15 kap. 7 § 1 SoL", "SoL 15:7"),
        ("4 § lagen (2025:170)", "2025:170 4 §"),
        ("lag 2025:170 4 §", "2025:170 4 §"),
        ("lagen (2025:170), 4 §", "2025:170 4 §"),
        ("4 § lagen (2025:170) om skyldighet att lämna uppgifter till de brottsbekämpande myndigheterna", "2025:170 4 §"),
        ("samtycke", "OSL 10:1"),
        ("Samtycke (OSL 10:1 och 12:2)", "consent"),
        ("generalklausulen", "OSL 10:27"),
        ("Samverkansavtalet", "avtalet"),
        ("Nödvändigt utlämnande", "OSL 10:2"),
    ],
)
def test_citations(text, ground):
    assert read(Type.GROUNDS, text) == Reading((ground,))


@pytest.mark.parametrize(
    "text",
    [
        "OSL 26:9",
        "OSL 26:9 p 2",
        "OSL 26:9 p 1 p 1",
        "OSL 10:28 p 2",
        "10 kap. 28 § andra stycket OSL",
        "10 kap. 28 § 2 st. OSL",
        "10:28",
        "26 kap. 9 § 1",
        "OSL",
        "OSL 28 §",
        "OSL 10:28 SoL",
        "OSL (2025:400) 10:28",
        "10 kap. 28 § OSL (1980:100)",
        "SoL (2001:453) 19:1",
        "socialtjänstlagen (2025:400) 14 kap. 1 §",
        "SoL (2001:453) 29:12",
        "gamla SoL 15:7",
        "OSL 10:2 och 10:28",
        "10 kap. 15 a och 18 a §§ OSL",
        "OSL 10:27-28",
        "OSL 10:28x",
        "OSL 110:28",
        "SoL 14:1 c",
        "lagen 4 §",
        "(2025:170)",
        "2025:1704 §",
        "för säkerhets skull",
    ],
)
def test_what_is_no_citation_of_a_known_ground_is_kept_as_it_stands(text):
    assert read(Type.GROUNDS, text) == Reading((text,))


@pytest.mark.parametrize(
    ("text", "grounds"),
    [
        ("SoL 19:1, OSL 10:28", ("OSL 10:28", "SoL 19:1")),
        ("26 kap. 9 § 1 OSL; 10 kap. 2 § OSL | samtycke", ("OSL 10:1", "OSL 10:2", "OSL 26:9 p1")),
        ("SoL 19:1, lagen (2025:170), 4 §, OSL 10:28", ("2025:170 4 §", "OSL 10:28", "SoL 19:1")),
        ("OSL 10:2, 10:28", ("10:28", "OSL 10:2")),
        ("OSL 10:28, 2025:170", ("2025:170", "OSL 10:28")),
        ("\x1fSoL 19:1\x1fOSL 10:28", ("OSL 10:28", "SoL 19:1")),
        ("\x1fSoL 19:1, OSL 10:28", ("SoL 19:1, OSL 10:28",)),
    ],
)
def test_lists_of_grounds(text, grounds):
    assert read(Type.GROUNDS, text) == Reading(grounds)


def citations_of(ground: str) -> list[str]:
    """At least six ways to write the citation that a ground's id is."""
    if ground.startswith("2025:170"):
        section = ground.split(" ", 1)[1]
        return [
            f"{section} lagen (2025:170)",
            f"lag 2025:170 {section}",
            f"lagen (2025:170) {section}",
            f"{section} lag (2025:170)",
            f"2025:170 § {section[0]}",
            f"{section} SFS 2025:170",
            f"{section[0]}§ LAGEN (2025:170)",
        ]
    act, where, *points = ground.split(" ")
    chapter, section = where.split(":")
    number, letter = (section[:-1], section[-1]) if section[-1].isalpha() else (section, "")
    spaced = f"{number} {letter}".strip()
    name, act_number = {
        "OSL": ("offentlighets- och sekretesslagen", "2009:400"),
        "SoL": ("socialtjänstlagen", "2001:453" if ground.startswith("SoL 14:1") else "2025:400"),
    }[act]
    point = points[0][1:] if points else ""
    bare, dotted = (f" {point}", f" p. {point}") if point else ("", "")
    return [
        f"{chapter} kap. {spaced} §{bare} {act}",
        f"{chapter} kap {section} §{bare} {name}",
        f"{chapter} kap. {spaced} § första stycket{bare} {name} ({act_number})",
        f"{act} {chapter}:{spaced}{dotted}",
        f"{act.lower()} {chapter}:{section}{dotted}",
        f"{act} ({act_number}) {chapter}:{section}{dotted}",
        f"{chapter}:{section}{dotted} {act}",
        f"{act} {chapter} kap. {spaced} §{dotted}",
        f"{name} ({act_number}) {chapter} kap. {spaced} §{bare}".upper(),
        f"{chapter}\u00a0kap.\u00a0{spaced}\u00a0§§{bare} {act}",
    ]


@settings(deadline=None)
@given(st.sampled_from(sorted(GROUNDS)), st.sampled_from(["NFC", "NFD"]))
def test_every_ground_by_id_label_and_citation(ground, form):
    assert value(Type.GROUNDS, ground) == value(Type.GROUNDS, ground.lower()) == (ground,)
    assert value(Type.GROUNDS, unicodedata.normalize(form, GROUNDS[ground].label_sv)) == (ground,)
    if ground not in ("consent", "avtalet"):
        texts = citations_of(ground)
        assert len(set(texts)) >= 6
        for text in texts:
            assert value(Type.GROUNDS, unicodedata.normalize(form, text)) == (ground,)
            assert value(Type.GROUNDS, f"{text}, Foo") == tuple(sorted((ground, "Foo")))


@settings(deadline=None)
@given(st.text(alphabet="0123456789 :§().,apkstOSLo", max_size=30))
def test_a_citation_is_never_read_as_a_ground_with_other_numbers(text):
    for ground in value(Type.GROUNDS, "\x1f" + text) or ():
        if ground in GROUNDS and ground not in ("consent", "avtalet"):
            digits = [character for character in text if character.isdigit()]
            assert all(character in digits for character in ground if character.isdigit())


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


def test_only_coded_columns_are_read():
    for table in TABLES.values():
        for column in table.columns:
            if column.type in (Type.DATE, Type.START, Type.END, Type.INSTANT, Type.PERSON, Type.PEOPLE, Type.INTEGER):
                with pytest.raises(ValueError, match="not looked up"):
                    WORDS.read(column.type, "2026", table=table.name, column=column.name)
