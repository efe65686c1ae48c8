"""Logs of a standard format: what is taken in without a mapping, what is missing then, and that it accuses nobody."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from auditor.intake.files import Form, InputFile
from auditor.intake.standard_logs import read_standard_log
from tests.exports import export, write_agreement
from tests.running import Outputs, read_outputs
from tests.standard_logs import (
    CHILD,
    DICOM,
    DISCLOSURE_AT_RECIPIENT,
    DISCLOSURE_AT_SOURCE,
    LIFECYCLE,
    NAME,
    OFFICER,
    PATIENT_QUERY,
    PATIENT_READ,
    REASON,
    RESTFUL,
    USER,
    answer,
    bundle,
    coding,
    concept,
    event,
    ndjson,
    post,
    write,
)

REJECTED = 3


def cells(path: Path, into: Path) -> dict[str, list[dict[str, Any]]]:
    """The rows that a log is read as, by table, with the number of each record."""
    import pyarrow.parquet as pq

    form = Form.RIV_LOG if ".xml" in path.suffixes else Form.FHIR
    into.mkdir()
    found = {}
    for part in read_standard_log(InputFile(path, path.name, "", form, path.suffix == ".gz"), into):
        rows = pq.read_table(part.raw.cells).to_pylist()
        names = dict(zip(part.raw.columns, part.raw.headings, strict=True))
        found[part.table] = [{names.get(name, name): value for name, value in row.items()} for row in rows]
    return found


@pytest.fixture
def read(tmp_path: Path) -> Callable[[Any], dict[str, list[dict[str, Any]]]]:
    """Reads some JSON, or an XML text, as a log."""

    def read_it(content: Any) -> dict[str, list[dict[str, Any]]]:
        is_xml = isinstance(content, str) and content.lstrip().startswith("<")
        path = write(tmp_path / ("log.xml" if is_xml else "log.json"), content)
        return cells(path, tmp_path / "raw")

    return read_it


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


# ------------------------------------------------------------------------------------------------------- what an event becomes


def test_a_read_is_an_access_of_its_user_without_case_patient_or_name(read):
    assert read(event(PATIENT_READ)) == {
        "accesses": [
            {
                "event_id": "read-1",
                "at": "2026-10-05T09:49:00.000Z",
                "user_id": "sthlm01",
                "action": "read",
                "section": "DocumentReference",
                "workstation": None,
                "source": "Device/server-1",
                "line": 1,
            }
        ]
    }


def test_a_query_is_a_search(read):
    assert [row["action"] for row in read(event(PATIENT_QUERY))["accesses"]] == ["search"]


@pytest.mark.parametrize("sound", [DISCLOSURE_AT_SOURCE, DISCLOSURE_AT_RECIPIENT], ids=["source", "recipient"])
def test_a_privacy_disclosure_is_a_disclosure(read, sound):
    assert read(event(sound)) == {
        "disclosures": [
            {
                "disclosure_id": sound["id"].replace("{n}", "1"),
                "at": "2026-10-06T10:00:00+02:00",
                "sender": "0180",
                "user_id": "sthlm01",
                "recipient": "Nacka kommun",
                "line": 1,
            }
        ]
    }


@pytest.mark.parametrize("without", ["meta", "subtype"])
def test_profile_or_code_alone_make_a_disclosure(read, without):
    assert list(read(event(DISCLOSURE_AT_SOURCE, **{without: None}))) == ["disclosures"]


def test_a_system_in_the_place_of_an_organisation_is_no_recipient(read):
    device = {"type": concept(DICOM, "110152"), "who": {"display": "myMachine.example.org"}, "requestor": False}
    guardian = {**USER, "who": {"reference": f"Patient/{CHILD}"}}
    row = read(event(DISCLOSURE_AT_SOURCE, agent=[device, guardian]))["disclosures"][0]
    assert (row["sender"], row["recipient"], row["user_id"]) == (None, None, None)


@pytest.mark.parametrize(
    ("changes", "action"),
    [
        ({"subtype": None}, "read"),
        ({"subtype": None, "action": "C"}, "write"),
        ({"subtype": None, "action": "U"}, "write"),
        ({"subtype": None, "action": "D"}, "delete"),
        ({"subtype": None, "action": "E"}, None),
        ({"subtype": None, "action": None}, None),
        ({"subtype": None, "action": "X"}, "X"),
        ({"subtype": None, "action": {"code": "R"}}, "\ufffd"),
        ({"subtype": [coding(RESTFUL, "update")]}, "write"),
        ({"subtype": [coding(RESTFUL, "delete"), coding(RESTFUL, "search")], "action": "D"}, "delete"),
        ({"subtype": [coding(LIFECYCLE, "attest")], "action": "U"}, "sign"),
        ({"type": coding(DICOM, "110106"), "subtype": None}, "export"),
        ({"type": coding(DICOM, "110112"), "subtype": None, "action": "E"}, "search"),
        ({"purposeOfEvent": [concept(REASON, "BTG")]}, "emergency"),
        ({"purposeOfEvent": None, "agent": [{**USER, "purposeOfUse": [concept(REASON, "BTG")]}]}, "emergency"),
    ],
)
def test_what_was_done(read, changes, action):
    assert read(event(PATIENT_READ, **changes))["accesses"][0]["action"] == action


@pytest.mark.parametrize(
    ("agent", "user"),
    [
        ([USER], "sthlm01"),
        ([{**USER, "who": {"reference": "https://server.example.com/fhir/Practitioner/p-1/_history/2"}}], "p-1"),
        ([{**USER, "who": {}, "altId": "sthlm02"}], "sthlm02"),
        ([{**USER, "requestor": False}], "sthlm01"),
        ([{**USER, "who": {"identifier": {"value": OFFICER}}, "altId": "sthlm03"}], "sthlm03"),
        ([{**USER, "who": {"identifier": {"value": OFFICER}}}], None),
        ([{**USER, "who": {"display": NAME}}], None),
        ([{**USER, "who": {"reference": f"Patient/{CHILD}"}}], None),
        ([USER, {**USER, "who": {"identifier": {"value": "sthlm09"}}}], None),
        ([{**USER, "type": concept(DICOM, "110153")}], None),
        ("not a list", None),
        (None, None),
    ],
)
def test_the_user_is_an_id_of_staff_and_never_guessed(read, agent, user):
    assert read(event(PATIENT_READ, agent=agent))["accesses"][0]["user_id"] == user


def test_a_host_or_address_of_the_user_is_a_workstation_and_a_uri_is_none(read):
    rows = read(
        [
            event(PATIENT_READ, n, agent=[{**USER, "network": {"address": f"pc-{n}", "type": type_}}])
            for n, type_ in enumerate("125", 1)
        ]
    )
    assert [row["workstation"] for row in rows["accesses"]] == ["pc-1", "pc-2", None]


@pytest.mark.parametrize(
    ("activity", "action"),
    [
        ("Läsa", "read"),
        ("Skriva", "write"),
        ("Signera", "sign"),
        ("Utskrift", "print"),
        ("Vidimera", "sign"),
        ("Radera", "delete"),
        ("Nödöppning", "emergency"),
        ("No\u0308do\u0308ppning", "emergency"),
        ("LÄSA", "read"),
        ("Titta", "Titta"),
    ],
)
def test_a_log_post_is_an_access(read, activity, action):
    assert read(answer(post(activity=activity))) == {
        "accesses": [
            {
                "event_id": "L1",
                "at": "2026-10-05T11:00:00",
                "user_id": "sthlm01",
                "action": action,
                "section": "journaltext",
                "source": "SE165565594230-1000",
                "line": 1,
            }
        ]
    }


def test_posts_are_found_in_a_request_to_store_them_and_in_other_spellings(read):
    small = post().replace("log:LogId", "log:logId").replace("log:StartDate", "log:startDate")
    request = (
        '<StoreLogRequest xmlns="urn:riv:ehr:log:store:StoreLogResponder:1" xmlns:s="urn:riv:ehr:log:1">'
        f"{small.replace('log:Log ', 's:Log ').replace('/log:Log>', '/s:Log>')}</StoreLogRequest>"
    )
    row = read(request)["accesses"][0]
    assert (row["event_id"], row["at"]) == ("L1", "2026-10-05T11:00:00")


def test_two_kinds_of_resource_in_a_post_are_not_one(read):
    second = "<log:Resource><log:ResourceType>remiss</log:ResourceType></log:Resource></log:Resources>"
    assert read(answer(post().replace("</log:Resources>", second)))["accesses"][0]["section"] is None


# --------------------------------------------------------------------------------------------------- whatever the file looks like

TWO = [event(PATIENT_READ, 1), event(PATIENT_READ, 2)]
FORMS = {
    "bundle": json.dumps(bundle(*TWO), indent=2),
    "bundle on one line": json.dumps(bundle(*TWO)),
    "bundle that ends with its kind": json.dumps({"entry": bundle(*TWO)["entry"], "resourceType": "Bundle"}),
    "list": json.dumps(TWO),
    "list, indented": json.dumps(TWO, indent=4),
    "ndjson": ndjson(*TWO),
    "ndjson with empty lines": "\n" + "\r\n\r\n".join(json.dumps(one) for one in TWO),
}


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzipped"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_json_is_read(tmp_path, form, encoding, packed):
    content = FORMS[form].encode(encoding)
    path = tmp_path / ("log.json.gz" if packed else "log.json")
    path.write_bytes(gzip.compress(content) if packed else content)
    assert [row["event_id"] for row in cells(path, tmp_path / "raw")["accesses"]] == ["read-1", "read-2"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1", "windows-1252"])
def test_every_encoding_of_xml_is_read(tmp_path, encoding):
    path = tmp_path / "log.xml.gz"
    path.write_bytes(gzip.compress(answer(post(activity="Nödöppning")).replace("UTF-8", encoding).encode(encoding)))
    assert cells(path, tmp_path / "raw")["accesses"][0]["action"] == "emergency"


def test_a_long_bundle_is_read_in_pieces(tmp_path):
    events = [event(PATIENT_READ, n) for n in range(1, 3001)]
    path = write(tmp_path / "log.json", bundle(*events))
    assert path.stat().st_size > 5_000_000
    assert [row["event_id"] for row in cells(path, tmp_path / "raw")["accesses"]] == [f"read-{n}" for n in range(1, 3001)]


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
    assert "Read as FHIR AuditEvent. These rows do not say: case number, purpose, disclosed fields, grounds, motivation." in report


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
    assert {check: state["state"] for check, state in outputs.counts.items() if check in ("F4", "B6")} == {"F4": "run", "B6": "run"}


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


def test_a_bundle_names_the_events_that_do_not_name_themselves(tmp_path):
    path = write(tmp_path / "log.json", bundle(event(PATIENT_READ, id=None)))
    assert cells(path, tmp_path / "raw")["accesses"][0]["event_id"] == "urn:uuid:1"


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
BOMB = '<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {after} "{f"&{before};" * 10}">' for before, after in zip("abcdefgh", "bcdefghi", strict=True)
) + "]>"


def with_document_type(declared: str) -> str:
    return answer(post()).replace("?>", "?>" + declared, 1)


BAD = {
    "external entity": ("log.xml", with_document_type(DTD), ["log.xml, line 1", "DOCTYPE"]),
    "external DTD": ("log.xml", with_document_type('<!DOCTYPE l SYSTEM "http://example.com/l.dtd">'), ["DOCTYPE"]),
    "entity bomb": ("log.xml", with_document_type(BOMB).replace("journaltext", "&i;"), ["DOCTYPE"]),
    "undeclared entity": ("log.xml", answer(post()).replace("journaltext", "&i;"), ["not well-formed"]),
    "xml cut short": ("log.xml", answer(post(1), post(2))[:-200], ["not well-formed, or is cut short"]),
    "one tag without end": ("log.xml", answer(post()).replace("<ns1:Logs>", "<ns1:Logs a='" + "a" * 1_200_000), ["tag or comment"]),
    "too deep": ("log.xml", answer("<a>" * 200 + "</a>" * 200), ["100 deep"]),
    "too many names": ("log.xml", answer("".join(f"<n{n}/>" for n in range(20_000))), ["10000 different names"]),
    "a long name": ("log.xml", answer(f"<{'n' * 5000}/>"), ["1000 characters"]),
    "another version": ("log.xml", answer(post().replace("ehr:log:1", "ehr:log:2")), ["only version 1"]),
    "another version asked": ("log.xml", answer(post()).replace("CareProviderResponder:1", "CareProviderResponder:2"), ["version 1"]),
    "an answer cut off": ("log.xml", answer(code="MAX_QUERY_RESULT_EXCEEDED"), ["result code", "fewer days"]),
    "no posts": ("log.xml", '<a xmlns="urn:riv:ehr:log:1"/>', ["no log posts"]),
    "a promised log of nothing": ("accesses.json", bundle({"resourceType": "Patient"}), ["accesses.json", "no event"]),
    "json cut short": ("log.json", json.dumps(bundle(*TWO), indent=1)[:-30], ["not valid JSON", "line"]),
    "json with more after it": ("log.json", json.dumps(bundle(*TWO)) + "]", ["Bundle as a file of its own"]),
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
