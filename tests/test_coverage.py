"""What an audit does not reach is said, and what an answer rests on is shown in codes that the agreement knows."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.conftest import Ran, run_program
from tests.exports import export, write_agreement
from tests.running import read_outputs

FREE_TEXT = "Zqxw såg honom med kniv"


def audit(folder: Path, *options: str | Path) -> Ran:
    given = ("--agreement", write_agreement(folder), "--out", folder / "out", "--key-file", folder / "key", *options)
    return run_program("audit", folder / "in", *given)


@pytest.mark.parametrize("given", [("--period", "2025-03"), ("--from", "2026-10-07", "--to", "2026-10-08")])
@pytest.mark.parametrize(
    ("lang", "said"),
    [
        (
            "sv",
            "ligger inom granskningsperioden. Utlämnandena i exporten är gjorda från 5 oktober 2026 till 9 november 2026.",
        ),
        (
            "en",
            "No disclosure lies in the audit period. The disclosures of the export are from 5 October 2026 to 9 November 2026.",
        ),
    ],
)
def test_a_period_without_disclosures_is_no_clean_month(tmp_path, given, lang, said):
    export(tmp_path / "in", disclosures=[{}, {"at": "2026-11-09 08:00:00"}])
    ran = audit(tmp_path, "--lang", lang, *given)
    assert ran.code == 0 and said in ran.stdout
    assert said in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert read_outputs(tmp_path / "out").verdicts == {}


def test_a_month_with_disclosures_has_no_such_remark(tmp_path):
    export(tmp_path / "in")
    ran = audit(tmp_path, "--lang", "en")
    report = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert ran.code == 0
    for words in (
        "No disclosure lies in",
        "No disclosure that could",
        "No access that could",
        "is the controller were audited",
        "taken as empty",
        "Rows of the residences",
    ):
        assert words not in ran.stdout + report


def test_a_period_that_is_not_over_is_said(tmp_path):
    export(tmp_path / "in")
    ran = audit(tmp_path, "--lang", "en", "--from", "2026-10-01", "--to", date.today().isoformat())
    assert ran.code == 0 and "The audit period is not over." in ran.stdout
    ended = audit(tmp_path, "--lang", "en", "--from", "2026-10-01", "--to", "2026-10-31", "--force")
    assert ended.code == 0 and "not over" not in ended.stdout


@pytest.mark.parametrize(("cut", "told"), [(b"\n", False), (b"", False), (b"\nU-2026-000009;SN-", True)])
def test_a_file_that_may_have_been_cut_off_is_said(tmp_path, cut, told):
    path = export(tmp_path / "in", disclosures=[{}, {}]) / "disclosures.csv"
    path.write_bytes(path.read_bytes().rstrip(b"\r\n") + cut)
    ran = audit(tmp_path, "--lang", "en")
    assert ran.code == 0 and ("The last row cannot be read in: disclosures.csv." in ran.stdout) is told


def test_a_row_that_is_torn_amid_a_file_is_no_sign_of_an_end(tmp_path):
    path = export(tmp_path / "in", disclosures=[{}, {}]) / "disclosures.csv"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:-1], b"U-2026-000009;SN-\r\n", lines[-1]]))
    ran = audit(tmp_path, "--lang", "en")
    assert ran.code == 0 and "cut off" not in ran.stdout


def test_times_that_do_not_tell_their_zone_are_said(tmp_path):
    source = export(tmp_path / "in", form="parquet")
    table = pq.read_table(source / "disclosures.parquet")
    moments = pa.array([datetime(2026, 10, 5, 12)], pa.timestamp("us"))
    table = table.set_column(table.schema.get_field_index("at"), "at", moments)
    for old in (False, True):
        pq.write_table(table, source / "disclosures.parquet", use_deprecated_int96_timestamps=old)
        ran = audit(tmp_path, "--lang", "en", "--force")
        assert ran.code == 0 and ("taken as Swedish time: disclosures.parquet" in ran.stdout) is old


def test_where_no_disclosure_could_be_read_none_is_said_to_be_absent(tmp_path):
    export(tmp_path / "in", disclosures=[{"at": "2026-02-30"}])
    ran = audit(tmp_path, "--lang", "en", "--period", "2026-10")
    report = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert ran.code == 0 and "The export holds no disclosure" not in report
    assert "No disclosure that can be read lies in this period." in report


def test_a_period_without_accesses_says_nothing_of_who_looked(tmp_path):
    export(tmp_path / "in", accesses=[{"at": "2026-09-30 23:59:59"}])
    ran = audit(tmp_path, "--lang", "en", "--period", "2026-10")
    said = "No access that could be audited lies in the audit period. This report says nothing about who looked"
    assert ran.code == 0 and said in ran.stdout
    assert said in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")


def test_cells_that_were_taken_as_empty_are_said_with_the_checks_that_rest_on_them(tmp_path):
    """An unreadable last day leaves a span open, as an empty one does: what passes on it is not shown to be right."""
    export(
        tmp_path / "in",
        cases=[{"closed_at": "2026-02-30", "found_in": "nowhere at all"}],
        staff=[{"valid_to": "2026-02-30"}, {"valid_to": "31/31/2026"}],
    )
    ran = audit(tmp_path, "--lang", "en")
    said = "taken as empty in columns where an empty cell says something, such as 'until further notice': "
    cells = (
        "cases.closed_at (1), staff.valid_to (2). For what these rows are about, the answers of the checks R5, P3 may be wrong"
    )
    assert ran.code == 0 and said + cells in ran.stdout
    assert cells in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "2026-02-30" not in ran.said


def test_residences_that_could_not_be_read_are_said(tmp_path):
    """The municipality of the case log answers instead of the row that is in quarantine: that all is well is not shown."""
    homes = [{"municipality": "0182", "valid_from": "2020-01-01"}, {"municipality": "0191", "valid_from": "2026-10-3x"}]
    export(tmp_path / "in", residences=homes)
    ran = audit(tmp_path, "--lang", "en")
    said = "Rows of the residences that could not be read: 1. Where a child belonged was told by the other rows"
    assert ran.code == 0 and said in ran.stdout
    assert f"{said}, or by the case log. For what these rows are about, the answers of the checks T4, " in (
        tmp_path / "out" / "report.html"
    ).read_text(encoding="utf-8")


def test_an_unreadable_last_day_of_a_residence_touches_what_turns_on_the_home(tmp_path):
    export(tmp_path / "in", residences=[{"municipality": "0182", "valid_from": "2020-01-01", "valid_to": "2026-09-3x"}])
    said = "residences.valid_to (1). For what these rows are about, the answers of the checks T4, "
    assert said in audit(tmp_path, "--lang", "en").stdout


def test_whether_the_concern_matched_is_shown_in_the_agreements_own_codes(tmp_path):
    concerns = [f"neglect;{FREE_TEXT}", f"gang_crime;{FREE_TEXT}", None]
    export(
        tmp_path / "in",
        cases=[{"concern": concern, "found_in": "0380"} for concern in concerns],
        disclosures=[
            {"case_id": f"SN-2026-{n}", "purpose": purpose} for purpose in ("handover", "feedback") for n in (1, 2, 3)
        ],
    )
    noted = ("  - id: feedback\n", "  - id: feedback\n    target_group: noted\n")
    given = ("--agreement", write_agreement(tmp_path, noted), "--out", tmp_path / "out", "--key-file", tmp_path / "key")
    ran = run_program("audit", tmp_path / "in", *given, "--lang", "en")
    assert ran.code == 0, ran.said
    rows = read_outputs(tmp_path / "out").findings
    shown = {(row["check"], row["entity"]): json.loads(row["evidence"]) for row in rows if row["check"] in ("T2", "T7")}
    told = {key: (evidence["concern_matches"], evidence["concern_known"]) for key, evidence in shown.items()}
    assert told == {
        ("T2", "U-2026-1"): (False, []),
        ("T2", "U-2026-3"): (None, None),
        ("T7", "U-2026-4"): (False, []),
        ("T7", "U-2026-5"): (True, ["gang_crime"]),
        ("T7", "U-2026-6"): (None, None),
    }
    written = "".join(
        path.read_text("utf-8") for path in (tmp_path / "out").iterdir() if path.suffix in (".html", ".csv", ".json")
    )
    assert "Zqxw" not in written + ran.said and "neglect" not in written
    assert "concern is one of the agreement" in written and "; concern: gang-related crime (gang_crime);" in written
