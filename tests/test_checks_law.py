"""The law that checks rest on: in force on every day, cited, and on the page of the documentation."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from auditor.checks import CATALOGUE, by_id
from auditor.checks.model import Check
from auditor.law import provisions
from auditor.law.grounds import read_law_table
from auditor.law.provisions import PROVISIONS, Provision
from auditor.report.extract import EXTRACT_LAW
from auditor.report.pressing import BREACH_LAW
from tests.asking import named
from tests.running import CHECKOUT

# The agreement began on 16 October 2023; the catalogue is written for the time until the end of 2026.
FIRST_DAY, LAST_DAY = date(2023, 10, 16), date(2026, 12, 31)


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
