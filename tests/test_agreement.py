"""The agreement file: what it becomes, and what it says in the words of the checks."""

from __future__ import annotations

import hashlib
import pickle
from datetime import date, timedelta
from typing import Any

import pytest

from auditor.agreement import load_agreement
from auditor.agreement.reading import SHIPPED
from auditor.law.grounds import read_law_table
from auditor.law.municipalities import municipalities
from tests.agreement_faults import SMALLEST, swap
from tests.agreements import loader
from tests.running import in_english

english = pytest.fixture(autouse=True)(in_english)
load = pytest.fixture(loader)


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
