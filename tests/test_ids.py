"""Which ids are shown as they are, and which only as a pseudonym."""

from __future__ import annotations

import re

import pytest

from auditor.privacy import is_plain_id
from tests.conftest import run_program
from tests.exports import export, write_agreement
from tests.running import read_outputs

PLAIN = [
    "SOC-2026-101234",
    "SOC-2012-101234",
    "D0000123",
    "U-2026-000001",
    "SN-2026-01289",
    "2026101",
    "E20261003140501",
    "4471-22",
    "U-20261003-0001",
    "D261003-0002",
]
#: Written as a personal number or samordningsnummer, though the check digit is wrong.
MISTYPED = [
    "SN-19261003-0001",
    "U-20261003-0001/20170101-2390",
    "SN-20170101-2390",
    "SN170101-2390",
    "20170101 2390",
    "SN 2017-01-01-2390",
    "D1701012390/2",
    "SN-20170161-2390",
    "x170191+2390",
    "\uff12\uff10\uff11\uff17\uff10\uff11\uff10\uff11\uff12\uff13\uff19\uff10",
    "\u0662\u0660\u0661\u0667\u0660\u0661\u0660\u0661\u0662\u0663\u0669\u0660",
    "2\ufe0f0170\u034f101-23\u115f90",
]
#: Reserve numbers, and a right number whose last four stand two by two.
OTHERWISE_WRITTEN = [
    "20120626-TF12",
    "120626-T123",
    "SN-20120626TF12",
    "x120626+tf12",
    "20120626\uff0d\uff34\uff2612",
    "20090227 98 19",
    "2009.0227.98.19",
]
NO_DATE = [
    "SN-20171301-2390",
    "SN-20170132-2390",
    "SN-20170160-2390",
    "SN-20170192-2390",
    "SN-20170100-2390",
    "SN-21170101-2390",
    "SN-20171301-TF12",
    "SN-20170101-TG12",
]


@pytest.mark.parametrize("text", [*PLAIN, *NO_DATE])
def test_a_plain_id_is_no_number_of_a_person(text):
    assert is_plain_id(text, needs_digit=True)


@pytest.mark.parametrize("text", ["20261003-0001", *MISTYPED, *OTHERWISE_WRITTEN])
def test_a_number_with_a_wrong_check_digit_inside_an_id_is_not_shown(text):
    assert not is_plain_id(text, needs_digit=True)


def test_mistyped_and_reserve_numbers_inside_ids_are_pseudonyms_everywhere(tmp_path):
    """A reserve number of another form is told by the registers: no rule knows it."""
    reserve = "992017TF0042"
    ids = [*MISTYPED, *OTHERWISE_WRITTEN, f"SN-{reserve}", "SN-992017-TF-0042/1"]
    source = export(
        tmp_path / "in",
        cases=[{"case_id": id_} for id_ in ids] + [{"person_id": reserve}],
        disclosures=[{"disclosure_id": f"U-{id_}", "case_id": id_, "user_id": id_, "channel": "brev"} for id_ in ids],
    )
    given = ("--agreement", write_agreement(tmp_path), "--out", tmp_path / "out", "--key-file", tmp_path / "key", "--quiet")
    ran = run_program("audit", source, *given)
    assert ran.code == 0, ran.said
    found = [row for row in read_outputs(tmp_path / "out").findings if row["check"] == "P5"]
    assert len(found) == len(ids)
    shown = [row[name] for row in found for name in ("entity", "case_id", "user_id")]
    assert [id_ for id_ in shown if not re.fullmatch("pseudonym-[0-9a-f]{16}", id_)] == []


def test_the_ids_of_the_sample_month_stay_plain(sample):
    assert read_outputs(sample.out).manifest["pseudonymised_ids"] == 0
