"""Audits of exports with logs of a standard format: every record in one pile, what is missing accuses nobody, bad input."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.exports import export, write_agreement
from tests.running import Outputs, read_outputs
from tests.standard_logs import (
    CHILD,
    DISCLOSURE_AT_RECIPIENT,
    DISCLOSURE_AT_SOURCE,
    NAME,
    OFFICER,
    PATIENT_QUERY,
    PATIENT_READ,
    answer,
    bundle,
    event,
    ndjson,
    post,
    write,
)

REJECTED = 3
TWO = [event(PATIENT_READ, 1), event(PATIENT_READ, 2)]


@pytest.fixture
def audit(tmp_path: Path, program) -> Callable[..., Outputs]:
    """Audits the folder ``in`` and returns what was written. Nothing of a person may stand in any of it."""

    def run_it(*options: str, code: int = 0) -> Outputs:
        out = tmp_path / "out"
        given = ("--agreement", write_agreement(tmp_path), "--key-file", tmp_path / "key", "--lang", "en")
        ran = program("audit", tmp_path / "in", "--out", out, *given, *options)
        assert ran.code == code, ran.said
        written = b"".join(path.read_bytes() for path in out.iterdir())
        for secret in (CHILD, CHILD[2:], OFFICER, "Påhittad", "<script>alert"):
            assert secret.encode() not in written and secret not in ran.said
        return read_outputs(out)

    return run_it


def inputs(outputs: Outputs, table: str) -> list[dict[str, Any]]:
    """What the manifest says of the files that hold a table."""
    return [entry for entry in outputs.manifest["inputs"] if entry["table"] == table]


def quarantined(folder: Path) -> list[dict[str, str]]:
    with (folder / "out" / "quarantine.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


# --------------------------------------------------------------------------------------------------------------- whole audits


def test_one_file_holds_accesses_and_disclosures_and_every_record_ends_in_one_pile(tmp_path, audit):
    export(tmp_path / "in", disclosures=None)
    late = event(DISCLOSURE_AT_SOURCE, 2, recorded="2026-11-06T10:00:00+01:00")
    failing = event(DISCLOSURE_AT_SOURCE, 3, outcome="8")
    patient = {"resourceType": "Patient", "id": CHILD, "name": [{"text": NAME}]}
    again = event(PATIENT_READ, 1)
    write(
        tmp_path / "in" / "something.json",
        bundle(patient, *TWO, again, event(PATIENT_QUERY), event(DISCLOSURE_AT_SOURCE), late, failing, None, "no resource"),
    )
    outputs = audit("--period", "2026-10")
    (accesses,), (disclosures,) = inputs(outputs, "accesses"), inputs(outputs, "disclosures")
    assert accesses["file"] == disclosures["file"] == "something.json"
    assert accesses["sha256"] == disclosures["sha256"]
    assert (accesses["standard"], disclosures["standard"]) == ("fhir", "fhir")
    assert {name: n for name, n in accesses["rows"].items() if n} == {"read": 5, "audited": 4, "quarantined": 1, "identical": 1}
    assert {name: n for name, n in disclosures["rows"].items() if n} == {"read": 2, "audited": 1, "context": 1}
    told = [entry["records_set_aside"] for entry in (accesses, disclosures)]
    assert sorted(told, key=len) == [{}, {"other_resource": 2, "failed_disclosure": 1}]
    assert 5 + 2 + 2 + 1 == 10  # the entries of the Bundle
    assert [row["reason"] for row in quarantined(tmp_path)] == ["the record is no FHIR resource"]
    assert disclosures["lacking_columns"] == ["case_id", "purpose", "fields", "grounds", "motivation"]
    assert accesses["lacking_columns"] == ["case_id", "reason"]


def test_what_such_a_log_lacks_is_undetermined_and_accuses_nobody(tmp_path, audit):
    export(tmp_path / "in", disclosures=None)
    write(tmp_path / "in" / "log.ndjson", ndjson(event(DISCLOSURE_AT_SOURCE)))
    outputs = audit("--period", "2026-10")
    assert outputs.verdicts == {"disclosure-1": "undetermined"}
    found = [(row["check"], row["answer"]) for row in outputs.findings if row["entity"] == "disclosure-1"]
    assert {answer_ for _check, answer_ in found} == {"undetermined"}
    missing = {row["check"]: row["missing"] for row in outputs.findings}
    assert (missing["B1"], missing["P1"]) == ("grounds", "case_id")
    assert outputs.counts["B6"]["state"].startswith("not run")  # nobody knows whether a motivation was written
    report = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert (
        "Read as FHIR AuditEvent. These rows do not say: case number, purpose, disclosed fields, grounds, motivation." in report
    )


def test_disclosures_of_an_ordinary_export_are_judged_as_before_beside_such_a_log(tmp_path, audit):
    export(tmp_path / "in", disclosures=[{}, {"grounds": None}, {"case_id": None}])
    write(tmp_path / "in" / "log.ndjson", ndjson(event(DISCLOSURE_AT_SOURCE)))
    outputs = audit("--period", "2026-10")
    assert outputs.verdicts == {
        "U-2026-1": "within",
        "U-2026-2": "outside",
        "U-2026-3": "outside",
        "disclosure-1": "undetermined",
    }
    assert {check: state["state"] for check, state in outputs.counts.items() if check in ("F4", "B6")} == {
        "F4": "run",
        "B6": "run",
    }


def test_sender_recipient_and_user_of_a_disclosure_are_judged(tmp_path, audit):
    export(tmp_path / "in", disclosures=None)
    write(tmp_path / "in" / "log.ndjson", ndjson(event(DISCLOSURE_AT_SOURCE), event(DISCLOSURE_AT_RECIPIENT, 2)))
    outputs = audit("--period", "2026-10")
    assert outputs.counts["R5"]["pass"] == "2"  # the user is on Stockholm's staff list
    (disclosures,) = inputs(outputs, "disclosures")
    assert disclosures["rows"]["quarantined"] == 0 and quarantined(tmp_path) == []


def test_log_posts_are_taken_in_beside_an_ordinary_export(tmp_path, audit):
    export(tmp_path / "in", accesses=[{}])
    write(tmp_path / "in" / "Uttag.XML", answer(post(1), post(2, "Nödöppning"), post(3, "Titta"), post(4, at="i går")))
    outputs = audit("--period", "2026-10")
    ordinary, standard = inputs(outputs, "accesses")
    assert (ordinary["file"], standard["file"]) == ("accesses.csv", "Uttag.XML")
    assert "standard" not in ordinary and standard["standard"] == "riv_log"
    assert {name: n for name, n in standard["rows"].items() if n} == {"read": 4, "audited": 3, "quarantined": 1}
    assert [(row["line"], row["column"]) for row in quarantined(tmp_path)] == [("3", "action"), ("4", "at")]
    assert "Read as RIV-TA urn:riv:ehr:log." in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")


def test_an_event_without_time_or_id_goes_to_quarantine(tmp_path, audit):
    export(tmp_path / "in")
    timeless, nameless = event(PATIENT_READ, 1, recorded=None), event(PATIENT_READ, 2, id=None)
    write(tmp_path / "in" / "log.json", [timeless, nameless, event(PATIENT_READ, 3, recorded={}), event(PATIENT_READ, 4)])
    (accesses,) = inputs(audit(), "accesses")
    assert (accesses["rows"]["read"], accesses["rows"]["quarantined"], accesses["rows"]["audited"]) == (4, 3, 1)
    assert [(row["line"], row["column"]) for row in quarantined(tmp_path)] == [("1", "at"), ("2", "event_id"), ("3", "at")]


def test_a_line_that_is_no_event_is_quarantined_and_the_rest_read(tmp_path, audit):
    export(tmp_path / "in")
    sound = json.dumps(event(PATIENT_READ, 6))
    lines = [
        event(PATIENT_READ, 1),
        '{"resourceType": "AuditEvent", ' + NAME,
        '{"resourceType": "AuditEvent", "resourceType": "AuditEvent"}',
        '["a list"]',
        '{"id": "1"}',
        event(PATIENT_READ, 2, id="a\0b"),
        sound.replace("read-6", "\\ud800"),
        "[" * 200_000,
        {"resourceType": "Unheard of"},
        event(PATIENT_READ, 3, recorded="9" * 1_100_000),
        event(PATIENT_READ, 4),
    ]
    write(tmp_path / "in" / "log.ndjson", ndjson(*lines))
    (accesses,) = inputs(audit(), "accesses")
    assert (accesses["rows"]["read"], accesses["rows"]["quarantined"], accesses["rows"]["audited"]) == (10, 8, 2)
    assert accesses["records_set_aside"] == {"other_resource": 1}
    assert [int(row["line"]) for row in quarantined(tmp_path)] == [2, 3, 4, 5, 6, 7, 8, 10]


def test_a_torn_line_of_a_file_of_disclosures_stands_with_them(tmp_path, audit):
    export(tmp_path / "in", disclosures=None)
    write(tmp_path / "in" / "log.ndjson", ndjson(event(DISCLOSURE_AT_SOURCE), "{"))
    outputs = audit("--period", "2026-10")
    assert inputs(outputs, "accesses") == []
    assert inputs(outputs, "disclosures")[0]["rows"]["quarantined"] == 1


def test_a_file_of_other_resources_is_one_that_was_not_read(tmp_path, audit):
    export(tmp_path / "in")
    write(tmp_path / "in" / "Patient.ndjson", ndjson({"resourceType": "Patient", "name": NAME}))
    outputs = audit()
    assert outputs.manifest["ignored_files"] == ["Patient.ndjson"]


# ------------------------------------------------------------------------------------------------------------------- bad input

DTD = '<!DOCTYPE l [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
BOMB = (
    '<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {after} "{f"&{before};" * 10}">' for before, after in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)


def with_document_type(declared: str) -> str:
    return answer(post()).replace("?>", "?>" + declared, 1)


BAD = {
    "external entity": ("log.xml", with_document_type(DTD), ["log.xml, line 1", "DOCTYPE"]),
    "external DTD": ("log.xml", with_document_type('<!DOCTYPE l SYSTEM "http://example.com/l.dtd">'), ["DOCTYPE"]),
    "entity bomb": ("log.xml", with_document_type(BOMB).replace("journaltext", "&i;"), ["DOCTYPE"]),
    "undeclared entity": ("log.xml", answer(post()).replace("journaltext", "&i;"), ["not well-formed"]),
    "xml cut short": ("log.xml", answer(post(1), post(2))[:-200], ["not well-formed, or is cut short"]),
    "one tag without end": (
        "log.xml",
        answer(post()).replace("<ns1:Logs>", "<ns1:Logs a='" + "a" * 1_200_000),
        ["tag or comment"],
    ),
    "too deep": ("log.xml", answer("<a>" * 200 + "</a>" * 200), ["100 deep"]),
    "too many names": ("log.xml", answer("".join(f"<n{n}/>" for n in range(20_000))), ["10000 different names"]),
    "a long name": ("log.xml", answer(f"<{'n' * 5000}/>"), ["1000 characters"]),
    "another version": ("log.xml", answer(post().replace("ehr:log:1", "ehr:log:2")), ["only version 1"]),
    "another version asked": (
        "log.xml",
        answer(post()).replace("CareProviderResponder:1", "CareProviderResponder:2"),
        ["version 1"],
    ),
    "an answer cut off": ("log.xml", answer(code="MAX_QUERY_RESULT_EXCEEDED"), ["result code", "fewer days"]),
    "no posts": ("log.xml", '<a xmlns="urn:riv:ehr:log:1"/>', ["no log posts"]),
    "a promised log of nothing": ("accesses.json", bundle({"resourceType": "Patient"}), ["accesses.json", "no event"]),
    "json cut short": ("log.json", json.dumps(bundle(*TWO), indent=1)[:-30], ["not valid JSON", "line"]),
    "json with more after it": ("log.json", json.dumps(bundle(*TWO)) + "]", ["not valid JSON"]),
    "a list with more after it": ("log.json", json.dumps(TWO) + "]", ["not valid JSON"]),
    "a record over the limit": ("log.json", [event(PATIENT_READ, id="9" * 1_200_000)], ["limit"]),
    "nested beyond reason": ("log.json", '[{"resourceType": "AuditEvent", "id": ' + "[" * 100_000, ["not valid JSON"]),
    "no bundle": ("log.json", {"resourceType": "AuditEvent", "entry": [TWO[0]]}, ["no FHIR Bundle"]),
    "bundles in lines": ("log.ndjson", ndjson(bundle(TWO[0]), bundle(TWO[1])), ["line 1", "Bundle as a file of its own"]),
}


@pytest.mark.parametrize("fault", BAD)
def test_a_log_that_cannot_be_read_to_its_end_is_refused_and_nothing_written(tmp_path, program, fault):
    name, content, words = BAD[fault]
    export(tmp_path / "in")
    write(tmp_path / "in" / name, content)
    given = ("--agreement", write_agreement(tmp_path), "--key-file", tmp_path / "key", "--lang", "en")
    ran = program("audit", tmp_path / "in", "--out", tmp_path / "out", *given)
    assert ran.code == REJECTED and not (tmp_path / "out").exists(), ran.said
    assert [word for word in words if word not in ran.said] == [], ran.said
    assert "Påhittad" not in ran.said and CHILD not in ran.said and "Traceback" not in ran.said


def test_without_a_disclosure_anywhere_nothing_is_audited(tmp_path, program):
    export(tmp_path / "in", disclosures=None)
    write(tmp_path / "in" / "log.json", TWO)
    given = ("--agreement", write_agreement(tmp_path), "--key-file", tmp_path / "key", "--lang", "en")
    ran = program("audit", tmp_path / "in", "--out", tmp_path / "out", *given)
    assert ran.code == REJECTED and "no file with the table 'disclosures'" in ran.said


def test_gzip_that_is_damaged_is_refused(tmp_path, program):
    export(tmp_path / "in")
    packed = gzip.compress(ndjson(*(event(PATIENT_READ, n) for n in range(3000))).encode())
    (tmp_path / "in" / "log.ndjson.gz").write_bytes(packed[:-100])
    given = ("--agreement", write_agreement(tmp_path), "--key-file", tmp_path / "key", "--lang", "en")
    ran = program("audit", tmp_path / "in", "--out", tmp_path / "out", *given)
    assert ran.code == REJECTED and "damaged or cut short" in ran.said


def test_ordinary_json_and_xml_are_what_they_were(tmp_path, audit):
    export(tmp_path / "in", form="jsonl")
    (tmp_path / "in" / "disclosures.jsonl").rename(tmp_path / "in" / "disclosures.json")
    write(tmp_path / "in" / "settings.xml", "<settings/>")
    outputs = audit()
    assert "standard" not in inputs(outputs, "disclosures")[0]
    assert outputs.manifest["ignored_files"] == ["settings.xml"]
