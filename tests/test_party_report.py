"""The report to one party: its own children's rows, whole, and nothing that anybody else's rows can change."""

from __future__ import annotations

import csv
import hashlib
import html
import io
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.bundles import seeded
from tests.conftest import Ran, SampleAudit, run_program
from tests.exports import export, write_agreement
from tests.parties import MARK, bundle_options, party_report, read_report, split, write_plainly
from tests.running import SAMPLE, SAMPLE_AGREEMENT

#: Answered of all parties' rows together, or of the party's own users alone, so they may differ from the officer's report.
OTHERWISE = {"A6", "A7", "A11", "A12", "A13", "A15"}


def rows_of(files: dict[str, str], name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files[name]), delimiter=";"))


def words(files: dict[str, str]) -> str:
    page = next(text for name, text in files.items() if name.endswith(".html"))
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<style>.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL)))


# --- the sample month ----------------------------------------------------------------------------------------------------


def table(name: str) -> list[dict[str, str]]:
    """A table of the sample month, identical rows once."""
    with (SAMPLE / "clean" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return [dict(row) for row in {tuple(row.items()): row for row in csv.DictReader(file)}.values()]


class Month:
    """Whose the rows of the sample month are, read from its files alone; a case that cannot be told is ''."""

    def __init__(self, party: str) -> None:
        self.party = party
        counted = Counter(row["case_id"] for row in table("cases"))
        self.home = {row["case_id"]: row["home_municipality"] for row in table("cases") if counted[row["case_id"]] == 1}
        self.residences: dict[str, list[dict[str, str]]] = {}
        for row in table("residences"):
            self.residences.setdefault(row["case_id"], []).append(row)
        self.moved = {case for case, rows in self.residences.items() if any(row["municipality"] != party for row in rows)}

    def whose(self, case: str, day: str) -> str:
        if case not in self.home:
            return ""
        if case not in self.residences:
            return self.home[case]
        there = [r for r in self.residences[case] if r["valid_from"] <= day and (not r["valid_to"] or day <= r["valid_to"])]
        return max(there, key=lambda row: (row["valid_from"], row["municipality"]))["municipality"] if there else ""

    def own(self, name: str) -> list[dict[str, str]]:
        found = [row for row in table(name) if row["at"][:7] == "2026-10" and row["at"] < "2026-11"]
        return [row for row in found if self.whose(row["case_id"], row["at"][:10]) == self.party]


@pytest.fixture(scope="module")
def nacka(sample: SampleAudit, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The report to Nacka of the sample month."""
    out = tmp_path_factory.mktemp("nacka") / "out"
    given = ("--agreement", SAMPLE_AGREEMENT, "--key-file", sample.key, "--lang", "en", "--out", out)
    ran = run_program("report", "party", "Nacka", "--run", sample.out, "--input", SAMPLE / "clean", *given)
    assert ran.code == 0, ran.said
    return read_report(out)


def test_every_disclosure_about_its_children_is_in_it_with_its_verdict_and_no_other(nacka, sample):
    verdicts = {row["disclosure_id"]: row["verdict"] for row in pq.read_table(sample.out / "verdicts.parquet").to_pylist()}
    own = {row["disclosure_id"]: row for row in Month("0182").own("disclosures") if row["disclosure_id"] in verdicts}
    expected = Counter((row["at"].replace("T", " "), row["case_id"], verdicts[id_]) for id_, row in own.items())
    told = Counter((row["at"], row["case_id"], row["verdict"]) for row in rows_of(nacka, "disclosures.csv"))
    assert told == expected and len(own) > 100


def test_its_findings_are_those_of_the_officers_report(nacka, sample):
    month = Month("0182")
    theirs = pq.read_table(sample.out / "findings.parquet").to_pylist()

    def about(row: dict[str, Any]) -> bool:
        if row["entity_type"] == "case":
            reported = {case["case_id"]: case["reported_at"] for case in table("cases")}[row["case_id"]]
            return month.whose(row["case_id"], reported[:10]) == "0182"
        day = str(row["at"])[:10]
        return row["entity_type"] in ("disclosure", "access") and month.whose(row["case_id"] or "", day) == "0182"

    def key(row: dict[str, Any]) -> tuple[str, str, str, str]:
        return row["check"], row["answer"], row["case_id"], str(row["at"])[:19]

    kept = [row for row in theirs if row["check"] not in OTHERWISE and row["case_id"] not in month.moved and about(row)]
    told = [
        row for row in rows_of(nacka, "findings.csv") if row["check"] not in OTHERWISE and row["case_id"] not in month.moved
    ]
    assert Counter(map(key, told)) == Counter(map(key, kept)) and len(told) > 20


def test_nobody_elses_case_user_or_number_is_in_it(nacka):
    month, said = Month("0182"), "".join(nacka.values())
    own_cases = {row["case_id"] for name in ("disclosures", "accesses") for row in month.own(name)}
    ever_own = {row["case_id"] for row in table("cases") if month.home.get(row["case_id"]) == "0182"} | month.moved
    for case in {row["case_id"] for row in table("cases")} - own_cases - ever_own:
        assert case not in said
    own_users = {row["user_id"] for row in table("staff") if row["organisation"] == "0182"}
    users = {row["user_id"] for name in ("accesses", "disclosures", "staff") for row in table(name) if len(row["user_id"]) > 3}
    assert {user for user in users if re.search(rf"\b{re.escape(user)}\b", said)} <= own_users
    assert not re.search(r"\bU-2026-\d+|\bH-\d+", said), "a running number of the log"
    people = {row["person_id"] for name in ("cases", "staff") for row in table(name)} - {""}
    assert not any(number in said for number in people)


def test_accesses_are_counted_by_organisation(nacka):
    own = [row for row in Month("0182").own("accesses") if row["event_id"]]  # one without a number is in quarantine
    text = words(nacka)
    shown = re.search(r"by the user's organisation Organisation Accesses Cases (.*?) Accesses by the municipality", text)
    assert shown
    numbers = [int(n) for n in re.findall(r"(?:\(\d{4}\)|does not say) ([\d,]+) \d+", shown[1].replace("\xa0", " "))]
    assert sum(numbers) == len(own) > 1000


# --- what others' rows can change --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("seed", "party"), [(2, "0182"), (53, "0120")])
def test_no_other_partys_rows_change_a_byte_of_it(tmp_path, seed, party):
    bundle = seeded(seed).bundle
    whole = split(bundle, party)
    options, agreement = bundle_options(bundle, tmp_path)

    def report_of(tables: dict[str, list[dict[str, Any]]]) -> dict[str, str]:
        ran, files = party_report(
            tmp_path, write_plainly(tmp_path / "in", tables, bundle.columns), party, *options, agreement=agreement
        )
        assert ran.code == 0, ran.said
        return files

    first = report_of(whole.without())
    assert whole.others and rows_of(first, "disclosures.csv")
    assert report_of(whole.without(*whole.others)) == first, "the rows of all others were removed"
    assert report_of(whole.marked()) == first, "the rows of all others were changed"
    assert MARK not in "".join(first.values())
    for other in list(whole.others)[:2]:
        assert report_of(whole.without(other)) == first, f"the rows of {other or 'nobody'} were removed"


# --- small exports -----------------------------------------------------------------------------------------------------

CASES = [
    {},
    {"home_municipality": "0120", "registered_municipality": "0120"},
    {"home_municipality": None},
    {},  # moved from Värmdö on the 6th
]
GIVEN: dict[str, list[dict[str, Any]]] = {
    "cases": CASES,
    "disclosures": [
        {},
        {"case_id": "SN-2026-2", "recipient": "0120"},
        {"case_id": "SN-2026-3"},
        {"case_id": "SN-2026-4", "at": "2026-10-05 13:00:00", "recipient": "0120"},
        {"case_id": "SN-2026-4", "at": "2026-10-06 12:00:00"},
        {"sender": "0182", "user_id": "nacka1", "at": "2026-10-08 12:00:00", "recipient": "0120"},
    ],
    "accesses": [
        {},
        {"user_id": "nacka1", "at": "2026-10-07 09:00:00"},
        {"user_id": "varmdo1", "at": "2026-10-07 10:00:00"},
        {"user_id": "nacka1", "case_id": "SN-2026-2", "at": "2026-10-07 11:00:00", "action": "export"},
        {"user_id": "nacka2", "case_id": "SN-2026-4", "at": "2026-10-05 23:00:00"},
        {"user_id": "nobody1", "at": "2026-10-07 12:00:00"},
    ],
    "staff": [
        {},
        {"user_id": "nacka1", "organisation": "0182"},
        {"user_id": "nacka2", "organisation": "0182"},
        {"user_id": "varmdo1", "organisation": "0120", "shared": "true"},
    ],
    "residences": [
        {"case_id": "SN-2026-4", "municipality": "0120", "valid_to": "2026-10-05"},
        {"case_id": "SN-2026-4", "municipality": "0182", "valid_from": "2026-10-06"},
    ],
    "assignments": [{}],
}


def made(folder: Path, party: str, *options: str) -> tuple[Ran, dict[str, str]]:
    source = export(folder / "in", **GIVEN)
    return party_report(folder, source, party, "--period", "2026-10", *options, agreement=write_agreement(folder))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    folder = tmp_path_factory.mktemp("small")
    ran, files = made(folder, "0182")
    assert ran.code == 0, ran.said
    return folder, files


def test_only_what_was_done_while_the_child_belonged_there_is_told(small):
    told = [(row["case_id"], row["at"][:10]) for row in rows_of(small[1], "disclosures.csv")]
    assert told == [("SN-2026-1", "2026-10-05"), ("SN-2026-4", "2026-10-06"), ("SN-2026-1", "2026-10-08")]


def test_what_was_done_while_the_child_belonged_elsewhere_changes_nothing(small, tmp_path):
    fewer = {**GIVEN, "disclosures": [row for row in GIVEN["disclosures"] if row.get("at") != "2026-10-05 13:00:00"]}
    again = {**fewer, "disclosures": [*fewer["disclosures"], {"case_id": "SN-2026-4", "at": "2026-10-05 20:00:00"}]}
    for given in (fewer, again):
        source = export(tmp_path / "in", **given)
        ran, files = party_report(tmp_path, source, "0182", "--period", "2026-10", agreement=write_agreement(tmp_path))
        assert ran.code == 0 and files == small[1]


def test_an_answer_that_would_rest_on_anothers_rows_is_left_open(small):
    open_ones = [(row["check"], row["missing"]) for row in rows_of(small[1], "findings.csv") if row["case_id"] == "SN-2026-4"]
    assert ("P4", "child_moved") in open_ones


def test_another_users_organisation_is_told_and_not_who_it_is(small):
    text = "".join(small[1].values())
    found = {(row["check"], row["user_id"], row["organisation"]) for row in rows_of(small[1], "findings.csv")}
    assert ("A3", "", "0120") in found and ("A1", "", "") in found
    assert ("A2", "nacka1", "0182") in found
    assert not {"A11"} & {check for check, _user, _organisation in found}
    for user in ("varmdo1", "sthlm01", "nobody1", "nacka2"):
        assert user not in text


def test_what_an_own_user_did_in_anothers_case_is_not_in_it(small):
    assert "SN-2026-2" not in "".join(small[1].values())
    assert "11:00:00" not in "".join(text for name, text in small[1].items() if name == "findings.csv")
    assert "What users of Nacka (0182) did in the cases of children who belong elsewhere is not in it" in words(small[1])


def test_the_same_input_gives_the_same_bytes(small):
    folder, files = small
    given = ("--agreement", folder / "avtal.yaml", "--key-file", folder / "key", "--lang", "en", "--out", folder / "again")
    ran = run_program("report", "party", "0182", "--run", folder / "run", "--input", folder / "in", *given)
    assert ran.code == 0 and read_report(folder / "again") == files
    assert {path.stat().st_mode & 0o077 for path in (folder / "again").iterdir()} == {0}


@pytest.mark.parametrize(
    ("party", "said"),
    [
        ("Nackka", "Did you mean 'Nacka'?"),
        ("police-roc", "The municipality is not known."),
        ("0380", "not a party to the agreement on any day of the audited period"),
        ("", "The municipality is not known."),
    ],
)
def test_a_municipality_that_is_no_party_is_given_nothing(small, party, said):
    folder = small[0]
    given = ("--agreement", folder / "avtal.yaml", "--key-file", folder / "key", "--lang", "en", "--out", folder / "none")
    ran = run_program("report", "party", party, "--run", folder / "run", "--input", folder / "in", *given)
    assert ran.code == 3 and said in ran.stderr and not (folder / "none").exists()


def made_of(folder: Path, party: str, *without: str, **given: Any) -> dict[str, str]:
    source = export(folder / "in", **{**GIVEN, **given}, without=without)
    ran, files = party_report(folder, source, party, "--period", "2026-10", agreement=write_agreement(folder))
    assert ran.code == 0, ran.said
    return files


def test_without_the_last_day_of_residences_no_child_is_anybodys(tmp_path):
    for party in ("0182", "0120"):
        files = made_of(tmp_path / party, party, "residences.valid_to")
        assert not rows_of(files, "disclosures.csv") and not rows_of(files, "findings.csv")
        assert "SN-2026" not in "".join(files.values())
        assert "cannot tell where any child belonged" in words(files) and "(valid_to)" in words(files)


def test_without_the_last_day_of_staff_no_user_is_the_partys_own(tmp_path):
    files = made_of(tmp_path, "0182", "staff.valid_to")
    assert "nacka1" not in "".join(files.values())
    assert rows_of(files, "disclosures.csv") and "The staff list does not say" in words(files)


def test_a_child_who_belonged_there_only_before_the_report_is_not_told_of(tmp_path):
    """Not even that there is a case: the report is that of a party without a row."""
    moved = [
        {"municipality": "0120", "valid_from": "2019-01-01", "valid_to": "2026-09-30"},
        {"municipality": "0182", "valid_from": "2026-10-01"},
    ]
    one = {"cases": [{}], "disclosures": [{}], "accesses": [{}], "staff": [{}], "assignments": [{}]}
    files = made_of(tmp_path / "moved", "0120", **one, residences=moved)
    assert files == made_of(tmp_path / "never", "0120", **one, residences=[moved[1]])
    assert "holds nothing that can be told to concern" in words(files)
    reported = {**one, "cases": [{"reported_at": "2026-09-29 10:00:00"}]}
    assert "holds nothing" not in words(made_of(tmp_path / "reported", "0120", **reported, residences=moved))


def test_its_manifest_names_what_it_rests_on_and_tells_of_nobody_else(small, tmp_path):
    folder = small[0]
    manifest = json.loads((folder / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest.keys() == {"manifest", "program", "report", "party", "agreement", "law_table", "audit", "outputs", "run_at"}
    assert (manifest["report"], manifest["party"]) == ("party", "0182")
    assert manifest["audit"].keys() == {"period", "controller", "manifest_sha256"}
    audit = (folder / "run" / "manifest.json").read_bytes()
    assert manifest["audit"]["manifest_sha256"] == hashlib.sha256(audit).hexdigest()
    assert [entry["file"] for entry in manifest["outputs"]] == ["disclosures.csv", "findings.csv", "party-0182.html"]
    assert run_program("verify", folder / "out").code == 0
    assert run_program("package", folder / "out", "--out", tmp_path / "p.zip", "--plain").code == 0
    added = run_program("findings", "add", "--run", folder / "out", "--register", tmp_path / "register.db", "--lang", "en")
    assert added.code == 3 and "holds another report than an audit's" in added.stderr


def test_what_is_asked_of_own_users_alone_is_told(small):
    assert "Asked of the own users of Nacka (0182) alone, since the others are their employers' matter: A6 A11." in words(
        small[1]
    )


def test_one_controllers_audit_makes_no_such_report(tmp_path):
    ran, files = made(tmp_path, "0182", "--controller", "0180")
    assert ran.code == 3 and "for one controller alone" in ran.stderr and not files


def test_a_party_without_a_row_is_told_so(tmp_path):
    source = export(tmp_path / "in", cases=[{}], disclosures=[{}])
    ran, files = party_report(tmp_path, source, "0120", "--period", "2026-10", agreement=write_agreement(tmp_path))
    text = words(files)
    assert ran.code == 0 and "holds nothing that can be told to concern a child who belonged to Värmdö (0120)" in text
    assert not rows_of(files, "findings.csv") and not rows_of(files, "disclosures.csv")


def test_hostile_text_is_text(tmp_path):
    hostile = "=<script>1</script>"
    given: dict[str, list[dict[str, Any]]] = {
        "cases": [{"case_id": hostile}],
        "disclosures": [{"case_id": hostile, "purpose": hostile, "channel": hostile, "fields": hostile}],
        "accesses": [{"case_id": hostile, "user_id": hostile}],
        "staff": [{"user_id": hostile, "organisation": "0182"}],
    }
    ran, files = party_report(
        tmp_path, export(tmp_path / "in", **given), "0182", "--period", "2026-10", agreement=write_agreement(tmp_path)
    )
    page = files["party-0182.html"]
    assert ran.code == 0 and hostile not in page and html.escape(hostile) in page
    assert all(row["case_id"] == f"'{hostile}" for row in rows_of(files, "disclosures.csv"))
