"""Reads words of an export with an agreement's vocabulary, for tests."""

from __future__ import annotations

from auditor.intake.mapping import standard_mapping
from auditor.intake.tables import Type
from auditor.intake.values import Reading, Vocabulary
from auditor.law.grounds import read_law_table

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
