"""Events of the two standard log formats, as their specifications write them, about invented persons.

Personal numbers have birth numbers 980-999 (Skatteverket's test range). A test changes what it is about.
"""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

CHILD = "201201019807"
OFFICER = "198501029824"
NAME = "Anna-Lisa <script>alert(1)</script> Påhittad"
DICOM = "http://dicom.nema.org/resources/ontology/DCM"
RESTFUL = "http://hl7.org/fhir/restful-interaction"
LIFECYCLE = "http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle"
REASON = "http://terminology.hl7.org/CodeSystem/v3-ActReason"
BALP = "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit."

Json = dict[str, Any]


def coding(system: str, code: str) -> Json:
    return {"system": system, "code": code, "display": NAME}


def concept(system: str, code: str) -> Json:
    return {"coding": [coding(system, code)], "text": NAME}


PATIENT: Json = {
    "what": {
        "reference": f"Patient/{CHILD}",
        "identifier": {"system": "http://electronichealth.se/identifier/personnummer", "value": CHILD},
        "display": NAME,
    },
    "type": coding("http://terminology.hl7.org/CodeSystem/audit-entity-type", "1"),
    "role": coding("http://terminology.hl7.org/CodeSystem/object-role", "1"),
}
DOCUMENT: Json = {
    "what": {"reference": "DocumentReference/ex-1"},
    "type": coding("http://terminology.hl7.org/CodeSystem/audit-entity-type", "2"),
    "role": coding("http://terminology.hl7.org/CodeSystem/object-role", "4"),
    "name": NAME,
}
QUERY: Json = {
    "type": coding("http://terminology.hl7.org/CodeSystem/audit-entity-type", "2"),
    "role": coding("http://terminology.hl7.org/CodeSystem/object-role", "24"),
    "query": "UGF0aWVudD9pZGVudGlmaWVyPQ==",
}
CLIENT: Json = {
    "type": concept(DICOM, "110152"),
    "who": {"identifier": {"value": "app-7"}, "display": NAME},
    "requestor": False,
    "network": {"address": "2001:db8::1", "type": "2"},
}
SERVER: Json = {
    "type": concept(DICOM, "110153"),
    "who": {"reference": "Device/server-1"},
    "requestor": False,
    "network": {"address": "http://server.example.com/fhir", "type": "5"},
}
USER: Json = {
    "type": concept("http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "IRCP"),
    "who": {"reference": "Practitioner/p-1", "identifier": {"value": "sthlm01"}, "display": NAME},
    "name": NAME,
    "requestor": True,
}

PATIENT_READ: Json = {
    "resourceType": "AuditEvent",
    "id": "read-{n}",
    "meta": {"profile": [f"{BALP}PatientRead"]},
    "text": {"status": "generated", "div": f"<div>{NAME}</div>"},
    "type": coding("http://terminology.hl7.org/CodeSystem/audit-event-type", "rest"),
    "subtype": [coding(RESTFUL, "read")],
    "action": "R",
    "recorded": "2026-10-05T09:49:00.000Z",
    "outcome": "0",
    "purposeOfEvent": [concept(REASON, "TREAT")],
    "agent": [CLIENT, SERVER, USER],
    "source": {"site": "server.example.com", "observer": {"reference": "Device/server-1"}},
    "entity": [PATIENT, DOCUMENT],
}
PATIENT_QUERY: Json = {
    **PATIENT_READ,
    "id": "query-{n}",
    "meta": {"profile": [f"{BALP}PatientQuery"]},
    "subtype": [coding(RESTFUL, "search-type")],
    "action": "E",
    "entity": [PATIENT, QUERY],
}
STOCKHOLM: Json = {
    "type": concept(DICOM, "110153"),
    "who": {"reference": "Organization/1", "identifier": {"value": "0180"}},
    "requestor": False,
    "network": {"address": "sender.example.com", "type": "1"},
}
NACKA: Json = {
    "type": concept(DICOM, "110152"),
    "who": {"type": "Organization", "display": "Nacka kommun"},
    "requestor": False,
    "network": {"address": "http://receiver.example.com/fhir", "type": "5"},
}
CUSTODIAN: Json = {
    "type": concept("http://snomed.info/sct", "159541003"),
    "who": {"identifier": {"value": "sthlm01"}},
    "requestor": False,
}
GUARDIAN: Json = {
    "type": concept("http://snomed.info/sct", "429577009"),
    "who": {"reference": f"Patient/{CHILD}", "display": NAME},
    "requestor": True,
}
DISCLOSURE_AT_SOURCE: Json = {
    "resourceType": "AuditEvent",
    "id": "disclosure-{n}",
    "meta": {"profile": [f"{BALP}PrivacyDisclosure.Source|1.1.3"]},
    "type": coding(DICOM, "110106"),
    "subtype": [coding(LIFECYCLE, "disclose")],
    "action": "R",
    "recorded": "2026-10-06T10:00:00+02:00",
    "outcome": "0",
    "outcomeDesc": NAME,
    "purposeOfEvent": [concept(REASON, "PATRQT")],
    "agent": [STOCKHOLM, NACKA, CUSTODIAN, GUARDIAN],
    "source": {"observer": {"reference": "Organization/1"}},
    "entity": [PATIENT, DOCUMENT],
}
DISCLOSURE_AT_RECIPIENT: Json = {
    **DISCLOSURE_AT_SOURCE,
    "id": "receipt-{n}",
    "meta": {"profile": [f"{BALP}PrivacyDisclosure.Recipient"]},
    "type": coding(DICOM, "110107"),
    "action": "C",
}


def event(sound: Json, n: int = 1, **changes: Any) -> Json:
    """An event with its number filled in; a change to None leaves the element out."""
    made = {**copy.deepcopy(sound), "id": sound["id"].replace("{n}", str(n)), **changes}
    return {name: value for name, value in made.items() if value is not None}


def bundle(*resources: Any) -> Json:
    return {
        "resourceType": "Bundle",
        "type": "searchset",
        "total": len(resources),
        "entry": [{"fullUrl": f"urn:uuid:{n}", "resource": resource} for n, resource in enumerate(resources, 1)],
    }


def ndjson(*resources: Any) -> str:
    lines = (resource if isinstance(resource, str) else json.dumps(resource, ensure_ascii=False) for resource in resources)
    return "".join(f"{line}\n" for line in lines)


POST = """<log:Log xmlns:log="urn:riv:ehr:log:1">
  <log:LogId>{id}</log:LogId>
  <log:System><log:SystemId>SE165565594230-1000</log:SystemId><log:SystemName>Journal</log:SystemName></log:System>
  <log:Activity><log:ActivityType>{activity}</log:ActivityType><log:ActivityArgs>{name}</log:ActivityArgs>
    <log:StartDate>{at}</log:StartDate><log:Purpose>Vård och behandling</log:Purpose></log:Activity>
  <log:User><log:UserId>sthlm01</log:UserId><log:Name>{name}</log:Name><log:PersonId>{officer}</log:PersonId>
    <log:CareProvider><log:CareProviderId>SE165565594230-2000</log:CareProviderId></log:CareProvider>
    <log:CareUnit><log:CareUnitId>SE165565594230-3000</log:CareUnitId></log:CareUnit></log:User>
  <log:Resources><log:Resource><log:ResourceType>journaltext</log:ResourceType>
    <log:Patient><log:PatientId>{child}</log:PatientId><log:PatientName>{name}</log:PatientName></log:Patient>
    <log:CareProvider><log:CareProviderId>SE165565594230-2000</log:CareProviderId></log:CareProvider>
  </log:Resource></log:Resources>
</log:Log>"""
ANSWER = """<?xml version="1.0" encoding="UTF-8"?>
<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>
<ns0:GetLogsForCareProviderResponse xmlns:ns0="urn:riv:ehr:log:querying:GetLogsForCareProviderResponder:1"
  xmlns:ns1="urn:riv:ehr:log:querying:1"><ns0:GetLogsForCareProvider>
<ns1:Result><ns1:ResultCode>{code}</ns1:ResultCode><ns1:ResultText/></ns1:Result>
<ns1:Logs>{posts}</ns1:Logs>
</ns0:GetLogsForCareProvider></ns0:GetLogsForCareProviderResponse></soap:Body></soap:Envelope>
"""


def post(n: int = 1, activity: str = "Läsa", at: str = "2026-10-05T11:00:00") -> str:
    """A log post. The names in it are hostile text, escaped as XML demands."""
    name = NAME.replace("<", "&lt;")
    return POST.format(id=f"L{n}", activity=activity, at=at, name=name, officer=OFFICER, child=CHILD)


def answer(*posts: str, code: str = "OK") -> str:
    """An answer of the log service, in its SOAP envelope."""
    return ANSWER.format(code=code, posts="\n".join(posts))


def write(path: Path, content: Any) -> Path:
    """Write text as it is and anything else as JSON."""
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False, indent=1)
    path.write_text(text, encoding="utf-8")
    return path
