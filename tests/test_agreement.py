"""The agreement file: what it becomes, every fault of it with its place, and the sentences that are signed."""

from __future__ import annotations

import hashlib
import io
import json
import pickle
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from auditor.agreement import LoadedAgreement, load_agreement, plain_text, sentences
from auditor.agreement.reading import SHIPPED
from auditor.agreement.schema import PUBLISHED, schema
from auditor.errors import UserError, UserErrors
from auditor.law.grounds import read_law_table
from auditor.law.municipalities import municipalities
from auditor.resources import shipped
from auditor.words import speak
from tests.agreement_faults import FAULTS, PARTY, SMALLEST, changed, swap

GOLDENS = Path(__file__).parent / "goldens" / "agreement"


@pytest.fixture(autouse=True)
def _english() -> Any:
    speak("en")
    yield
    speak("sv")


@pytest.fixture
def load(tmp_path: Path) -> Any:
    def load(text: str | bytes, **options: Any) -> LoadedAgreement:
        path = tmp_path / "avtal.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return load_agreement(path, **options)

    return load


def faults_of(load: Any, text: str | bytes, **options: Any) -> list[UserError]:
    with pytest.raises(UserErrors) as caught:
        load(text, **options)
    assert all(fault.message and fault.hint and str(fault.file).endswith("avtal.yaml") for fault in caught.value.faults)
    return caught.value.faults


# --- what is read -----------------------------------------------------------------------------------------------------


def test_the_shipped_agreement_holds_the_whole_county() -> None:
    loaded = load_agreement()
    agreement = loaded.agreement
    assert loaded.path == SHIPPED and loaded.sha256 == hashlib.sha256(SHIPPED.read_bytes()).hexdigest()
    spans = agreement.party_spans
    assert {span.municipality for span in spans} == {code for code in municipalities() if code.startswith("01")}
    assert len(spans) == 26 and all(span.valid_to is None for span in spans)
    confirmed = {span.municipality: span.valid_from for span in spans if span.confirmed}
    assert confirmed == {"0180": date(2023, 10, 16), "0120": date(2023, 12, 14), "0115": date(2024, 3, 7)}
    assert ("0182", date(2024, 2, 20), None, False) in spans
    assert {span.valid_from for span in spans if not span.confirmed and span.municipality != "0182"} == {date(2024, 3, 7)}
    assert agreement.period_spans == ((date(2023, 10, 16), date(2024, 12, 31), True), (date(2025, 1, 1), None, False))
    flows = " ".join(flow.id for flow in agreement.flows)
    assert flows == "report handover assessment request feedback prevention other_channel"
    assert set(agreement.grounds) <= set(read_law_table().grounds)


def test_helpers_answer_in_the_words_of_the_checks() -> None:
    agreement = load_agreement().agreement
    handover, feedback = agreement.flow("handover"), agreement.flow("feedback")
    assert (handover.from_, handover.to) == (("entry_point",), ("home_municipality",))
    assert handover.deadline is not None and handover.deadline.within == timedelta(hours=24)
    assert feedback.deadline is not None and feedback.deadline.from_ == date(2026, 1, 15)
    assert agreement.flow("other_channel").field_ids(agreement) == tuple(agreement.fields)
    assert agreement.flows_to("home_municipality") == (handover, agreement.flow("assessment"), agreement.flow("other_channel"))
    assert agreement.kind_of("police-roc") == "police" and agreement.kind_of("0126") == "social_services"
    assert agreement.fields_in("location") == ("address", "phone", "school")
    assert agreement.reporter == "police-roc" and agreement.units == {"0180": ("socialjouren",)}
    assert agreement.access.max_silence_of("kontorstid") == timedelta(hours=80)
    assert agreement.access.max_silence_of(None) == agreement.access.max_silence_of("x") == timedelta(hours=12)
    for unknown in (lambda: agreement.flow("x"), lambda: agreement.kind_of("x")):
        with pytest.raises(KeyError):
            unknown()


def test_what_is_left_out_is_as_in_the_shipped_agreement_or_any(load: Any) -> None:
    small, whole = load(SMALLEST).agreement, load_agreement().agreement
    for name in ("target_group", "categories", "duplicate_window", "assessment_days", "closing_grace", "access"):
        assert getattr(small, name) == getattr(whole, name), name
    assert small.organisations["police-roc"].name == "Polismyndigheten (ROC)"
    assert small.channels is None and small.units == {} and small.checks_off == ()
    flow = small.flow("report")
    assert (flow.target_group, flow.scope, flow.protected_location, flow.deadline) == ("required", "agreement", False, None)


def test_the_agreement_cannot_be_changed_but_copied(load: Any) -> None:
    agreement = load(SMALLEST).agreement
    with pytest.raises(ValueError, match="frozen"):
        agreement.title = "x"
    with pytest.raises(TypeError, match="does not change"):
        agreement.fields["x"] = None
    assert pickle.loads(pickle.dumps(agreement)) == agreement
    assert hash(agreement) == hash(load(SMALLEST).agreement)


def test_every_value_is_the_text_that_was_written(load: Any) -> None:
    """Codes keep their zero without quotes, and no, on and off are words."""
    text = swap("target_group: {}", "target_group: {}\nchannels: [no, on, off, y, null_, '~']")
    text = swap('"0182"', "0182", swap("name: {label: Namn", "no: {label: Norge", swap("[name]", "[no]", text)))
    agreement = load(text).agreement
    assert agreement.channels == ("no", "on", "off", "y", "null_", "~")
    assert agreement.parties[1].municipality == "0182" and agreement.fields["no"].label == "Norge"


@pytest.mark.parametrize("dress", ["\ufeff{}", "%YAML 1.1\n---\n{}", "{}...\n"])
def test_dresses_of_the_same_file(load: Any, dress: str) -> None:
    assert load(dress.replace("{}", SMALLEST)).agreement == load(SMALLEST).agreement
    assert load(SMALLEST.replace("\n", "\r\n")).agreement == load(SMALLEST).agreement


def test_lines_of_clauses(load: Any) -> None:
    loaded = load(SMALLEST)
    lines = SMALLEST.split("\n")
    assert lines[loaded.line_of(("flows", 0, "to")) - 1] == "    to: entry_point"
    assert loaded.line_of(("flows", "report", "to")) == loaded.line_of(("flows", 0, "to"))
    assert lines[loaded.line_of(("parties", 1, "valid_to")) - 1].startswith('  - {municipality: "0182"')
    assert lines[loaded.line_of(("target_group", "age_below")) - 1] == "target_group: {}"
    assert lines[loaded.line_of(("flows", 0, "deadline", "within")) - 1] == "  - id: report"
    assert loaded.line_of(("access", "duty_window")) == 1


def test_assumptions_are_comments_and_what_is_unconfirmed(load: Any) -> None:
    text = swap(
        "title: Prov",
        "title: 'Prov # antagande i text'  # Antagande: ett\n                              # fel kolumn",
        SMALLEST,
    )
    text = swap("target_group", "# antagande: två\n# rader\n# (antagande) tre\n#\n# nej\ntarget_group", text)
    text = swap("2024-06-30}", "2024-06-30, status: unconfirmed}", text)
    found = [(assumption.line, assumption.text) for assumption in load(text).assumptions]
    assert found == [
        (3, "Antagande: ett"),
        (11, "0182 Nacka, 2024-01-01 – 2024-06-30: unconfirmed"),
        (12, "antagande: två rader"),
        (14, "(antagande) tre"),
    ]
    assert load(SMALLEST).assumptions == ()


# --- faults, each with line and column --------------------------------------------------------------------------------


@pytest.mark.parametrize("case", FAULTS)
def test_fault(load: Any, case: str) -> None:
    expected = FAULTS[case][2]
    found = faults_of(load, changed(case))
    assert [(fault.line, fault.column) for fault in found] == [(line, column) for line, column, _words in expected]
    assert all(words in fault.message for fault, (_line, _column, words) in zip(found, expected, strict=True)), found


@pytest.mark.parametrize(
    ("old", "new", "hint"),
    [
        ("title: Prov", "titel: Prov", "Did you mean 'title'?"),
        ("SoL 14:1", "SoL 14:01", "Did you mean 'SoL 14:1'?"),
        ('"0182"', "182", 'Write "0182" for Nacka.'),
        ('"0182"', "Upplands väsby kommun", 'Write "0114" for Upplands Väsby.'),
        ("counterpart: police-roc", "counterpart: Polismyndigheten", "Did you mean 'police-roc'?"),
        ("[name]", "[all]", "Write 'fields: all' without brackets for the whole catalogue."),
        ("agreement: 1", "agreement: 1.0", "This program reads version 1: write 'agreement: 1'."),
    ],
)
def test_hints_name_what_was_meant(load: Any, old: str, new: str, hint: str) -> None:
    assert hint in [fault.hint for fault in faults_of(load, swap(old, new))]


def test_many_faults_are_told_at_once_in_the_order_of_the_file(load: Any) -> None:
    text = swap("title: Prov", "titel: Prov", swap('"0182"', "182", swap(PARTY, "2024-01-01, valid_to: 2024-06-31")))
    text = swap("[name]", "[nam]", swap("SoL 14:1", "SoL 99:1", swap("from: counterpart", "from: police", text)))
    found = faults_of(load, text, check_ids={"T1"})
    assert [(fault.line, fault.column) for fault in found] == [(1, 1), (3, 1), (10, 20), (10, 59), (17, 11), (19, 14), (20, 15)]


def test_a_broken_value_is_told_once(load: Any) -> None:
    assert len(faults_of(load, swap("2024-06-30", "!a 2024-06-30"))) == 1
    assert len(faults_of(load, swap("[SoL 14:1]", "[xx, yy]"))) == 2


def test_checks_that_do_not_exist_are_faults_when_the_catalogue_is_given(load: Any) -> None:
    text = swap("{}", "{}\nchecks_off: [{check: R5, reason: a}, {check: R55, reason: b}]")
    assert len(load(text).agreement.checks_off) == 2
    assert ["'R55'" in fault.message for fault in faults_of(load, text, check_ids={"R5"})] == [True]


def test_values_in_messages_are_short_and_cannot_act_on_a_terminal(load: Any) -> None:
    (fault,) = faults_of(load, swap("SoL 14:1", "x" * 500))
    assert "x" * 59 + "…" in fault.message and len(fault.message) < 120
    found = faults_of(load, swap("title: Prov", 'title: "\\e]0;x\\a"\n"\\u009bk": v'))
    assert len(found) == 2 and all(fault.message.isprintable() for fault in found)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b"# only a comment\n", "does not hold keys"),
        (b"- a\n", "does not hold keys"),
        (SMALLEST.encode("latin-1"), "not UTF-8: byte 352"),
        (SMALLEST.encode("utf-16"), "not UTF-8: byte 1 "),
        (b"a" * 2_000_000, "larger than 1 MiB"),
    ],
)
def test_files_that_are_no_agreement(load: Any, data: bytes, words: str) -> None:
    (fault,) = faults_of(load, data)
    assert words in fault.message


def test_places_that_are_no_file(tmp_path: Path) -> None:
    for path, words in ((tmp_path / "none.yaml", "no such file"), (tmp_path, "a folder")):
        with pytest.raises(UserErrors) as caught:
            load_agreement(path)
        assert words in caught.value.faults[0].message


BOMBS = {
    "aliases": "a: &a [x, x]\n" + "".join(f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in pairwise("abcdefghi")),
    "nesting": "a: " + "[" * 9_000,
    "nesting by lines": "\n".join(" " * depth + "a:" for depth in range(1_300)),
    "many values": "a:\n" + "- x\n" * 60_000,
    "many faults": "".join(f"k{number}: x\n" for number in range(5_000)),
    "tags": "!" * 9_000 + "\n" + ("!" * 9_000 + " x\n") * 50,
    "one long text": "a: >\n" + "  x x x\n" * 120_000,
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_bombs_are_refused_in_seconds(load: Any, bomb: str) -> None:
    assert 1 <= len(faults_of(load, BOMBS[bomb])) <= 200


def test_an_alias_stands_for_what_its_anchor_marks_and_null_for_nothing(load: Any) -> None:
    plain = SHIPPED.read_text(encoding="utf-8")
    lists = "fields: [name, person_id, address, phone, school, guardians, concern, risk, gang_link]"
    assert plain.count(lists) == 2
    first, second, third = plain.split(lists)
    aliased = f"{first}fields: &all{lists[7:]}{second}fields: *all{third}"
    assert load(aliased).agreement == load(plain).agreement
    with_null = plain.replace("valid_from: 2023-12-14", "valid_to: null, valid_from: 2023-12-14")
    assert with_null != plain
    assert load(with_null).agreement == load(plain).agreement


# --- every file either loads or is told to be faulty ------------------------------------------------------------------

SCRAPS = st.sampled_from([*"{}[]:,#&*!|>'\"%@`-?\n \t~=\\\x85å", "\n  ", ": ", "- ", "---\n", "<<: *a", "all", "0180"])


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(SMALLEST)), st.integers(0, 25), st.lists(SCRAPS | st.text(max_size=3), max_size=4))
def test_no_text_breaks_the_reader(tmp_path_factory: Any, at: int, removed: int, scraps: list[str]) -> None:
    path = tmp_path_factory.getbasetemp() / "scraps.yaml"
    path.write_bytes((SMALLEST[:at] + "".join(scraps) + SMALLEST[at + removed :]).encode("utf-8", "surrogatepass"))
    try:
        load_agreement(path)
    except UserErrors as error:
        assert error.faults


FIRST = date(2024, 2, 25)
PERIOD = st.tuples(st.integers(0, 12), st.none() | st.integers(0, 5), st.sampled_from(["0180", "0120"]))


@settings(max_examples=150, deadline=None)
@given(st.lists(PERIOD, min_size=1, max_size=5), st.sampled_from(["parties", "periods"]))
def test_overlap_is_found_exactly_when_a_day_lies_in_two_periods(tmp_path_factory: Any, drawn: Any, key: str) -> None:
    lines, days = [], []
    for start, length, code in drawn:
        first = FIRST + timedelta(days=start)
        last = "" if length is None else f", valid_to: {first + timedelta(days=length)}"
        owner = f'municipality: "{code}", ' if key == "parties" else ""
        lines.append(f"{{{owner}valid_from: {first}{last}}}")
        days += [(owner, day) for day in range(start, 40 if length is None else start + length + 1)]
    rest = [line for line in SMALLEST.split("\n") if not line.startswith(("parties", "  - {mun", "periods"))]
    other = (
        "periods: [{valid_from: 2020-01-01}]"
        if key == "parties"
        else 'parties: [{municipality: "0180", valid_from: 2020-01-01}]'
    )
    path = tmp_path_factory.getbasetemp() / "periods.yaml"
    path.write_text("\n".join([f"{key}: [{', '.join(lines)}]", other, *rest]), encoding="utf-8")
    try:
        load_agreement(path)
        overlaps = False
    except UserErrors as error:
        assert all("overlap" in fault.message for fault in error.faults)
        overlaps = True
    assert overlaps == (len(days) != len(set(days)))


# --- the sentences and the schema -------------------------------------------------------------------------------------


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
