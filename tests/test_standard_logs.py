"""Logs of a standard format: what each event becomes, element by element, whatever the file looks like."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from auditor.intake.files import Form, InputFile
from auditor.intake.standard_logs import read_standard_log
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


# ------------------------------------------------------------------------------------------------- whatever the file looks like

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


def test_a_bundle_names_the_events_that_do_not_name_themselves(tmp_path):
    path = write(tmp_path / "log.json", bundle(event(PATIENT_READ, id=None)))
    assert cells(path, tmp_path / "raw")["accesses"][0]["event_id"] == "urn:uuid:1"
