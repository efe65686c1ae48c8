"""The sentences of an agreement that are signed, and the schema that editors read."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from ruamel.yaml import YAML

from auditor.agreement import load_agreement, plain_text, sentences
from auditor.agreement.reading import SHIPPED
from auditor.agreement.schema import PUBLISHED, schema
from auditor.law.grounds import read_law_table
from auditor.law.municipalities import municipalities
from auditor.resources import shipped
from auditor.words import speak
from tests.agreement_faults import changed, swap
from tests.agreements import faults_of, loader
from tests.running import in_english

english = pytest.fixture(autouse=True)(in_english)
load = pytest.fixture(loader)

GOLDENS = Path(__file__).parent / "goldens" / "agreement"


def test_the_sentences_of_a_small_agreement() -> None:
    speak("sv")
    loaded = load_agreement(GOLDENS / "small.yaml")
    assert sum(loaded.sha256 in sentence for section in sentences(loaded) for sentence in section.sentences) == 1
    text = plain_text(sentences(loaded)).replace(loaded.sha256, "<SHA-256 of the file>")
    text = text.replace(read_law_table().sha256, "<SHA-256 of the law table>")
    assert text == (GOLDENS / "small.txt").read_text(encoding="utf-8")


def test_the_shipped_agreement_is_said_whole_in_both_languages() -> None:
    loaded = load_agreement()
    foreign = {"sv": (" and ", " the ", "may be"), "en": ("får lämna", " och med ")}
    for language, signed in (("sv", "Namn: ___"), ("en", "Name: ___")):
        speak(language)
        text = plain_text(sentences(loaded))
        assert not [word for word in foreign[language] if word in text], language
        assert all(
            f"{municipalities()[party.municipality]} ({party.municipality})" in text for party in loaded.agreement.parties
        )
        assert all(ground in text for ground in loaded.agreement.grounds)
        assert all(assumption.text in text for assumption in loaded.assumptions if not assumption.unconfirmed)
        assert signed in text.split(loaded.sha256)[1] and "{" not in text


def test_a_deadline_that_is_not_checked_says_so(load: Any) -> None:
    for deadline, to, words in (
        ("{after: reported_at, within: 2d}", "party", "Its deadline of 2 days from the report is not checked"),
        (
            "{after: reported_at, within: 1h, from: 2026-01-15}",
            "home_municipality",
            "checked for every day, not only from 15 January",
        ),
    ):
        loaded = load(swap("    to: entry_point", f"    to: {to}\n    deadline: {deadline}"))
        assert words in plain_text(sentences(loaded))


def test_the_published_schema_is_current() -> None:
    speak("sv")
    assert json.loads(PUBLISHED.read_text(encoding="utf-8")) == schema()


def test_the_schema_accepts_good_files_as_editors_read_them_and_refuses_bad_ones() -> None:
    validator = jsonschema.Draft202012Validator(schema())
    for path in (SHIPPED, GOLDENS / "small.yaml"):
        validator.validate(_as_editors_read(path.read_text(encoding="utf-8")))
    for case in ("missing key", "unknown key", "role", "status", "kind", "decimals", "true as a number", "yes as a flag",
                 "day without hyphens", "span in words", "municipality without zero", "empty list", "list wanted", "version",
                 "off without reason", "neither list nor all", "missing target group"):  # fmt: skip
        assert not validator.is_valid(_as_editors_read(changed(case))), case


def test_every_key_of_the_schema_is_described_in_swedish() -> None:
    speak("sv")
    swedish = schema()
    speak("en")
    english = schema()
    for name, part in {"": swedish, **swedish["$defs"]}.items():
        other = english["$defs"][name] if name else english
        for key, said in part.get("properties", {}).items():
            assert said["description"] != other["properties"][key]["description"], (name, key)


def test_hints_for_unknown_keys_know_the_keys_of_every_place(load: Any) -> None:
    text = swap("  name: {label: Namn,", "  name: {qqqq: 1, label: Namn,", swap("periods: [{", "periods: [{qqqq: 1, "))
    text = swap("    to:", "    qqqq: 1\n    deadline: {after: request, within: 1h, qqqq: 1}\n    to:", text)
    text = swap(
        "target_group: {}",
        "target_group: {qqqq: 1}\ncategories: {qqqq: 1}\nqqqq: 1\nchecks_off: [{check: R5, reason: a, qqqq: 1}]",
        text,
    )
    text = swap('{municipality: "0180",', '{qqqq: 1, municipality: "0180",', text)
    text += "access: {qqqq: 1, duty_units: [{organisation: '0180', unit: a, qqqq: 1}]}\n"
    text += "organisations: {police-roc: {name: a, kind: police, qqqq: 1}}\n"
    hinted = {fault.hint.removeprefix("Remove it. Known here: ").removesuffix(".") for fault in faults_of(load, text)}
    parts = [schema(), *schema()["$defs"].values()]
    assert hinted == {", ".join(part["properties"]) for part in parts}


def test_every_sentence_of_the_room_has_its_swedish() -> None:
    said = {found[2] for found in extract_from_dir(SHIPPED.parent, keywords={"_": None, "N_": None})}
    room = shipped("reports") / "locale" / "sv" / "LC_MESSAGES" / "agreement.mo"
    swedish = {message.id: message.string for message in read_mo(io.BytesIO(room.read_bytes())) if message.id}
    assert swedish.keys() == said
    source = room.with_suffix(".po")  # not in an installed wheel
    if source.exists():
        assert {message.id: message.string for message in read_po(io.BytesIO(source.read_bytes())) if message.id} == swedish


def _as_editors_read(text: str) -> Any:
    """Plain values by the rules of YAML 1.2, with days as text."""
    read = YAML(typ="safe", pure=True).load(io.StringIO(text))
    return json.loads(json.dumps(read, default=lambda value: value.isoformat()))
