"""What one FHIR AuditEvent (R4) says, as the cells of a disclosure or of an access. What it does not say is left empty.

By IHE BALP a PrivacyDisclosure event is a disclosure; every other event is an access. Neither the patient nor any name is
read: the canonical tables have no place for them, and a case is never guessed from a person (docs/standard-logs.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from auditor.intake.readers.model import UNREADABLE
from auditor.privacy import holds_personal_number

#: What is read of an event, by canonical table.
COLUMNS = {
    "disclosures": ("disclosure_id", "at", "sender", "user_id", "recipient"),
    "accesses": ("event_id", "at", "user_id", "action", "section", "workstation", "source"),
}

Coding = tuple[str, str]
Json = dict[str, Any]

_DICOM = "http://dicom.nema.org/resources/ontology/DCM"
_LIFECYCLE = "http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle"
_RESTFUL = "http://hl7.org/fhir/restful-interaction"
_SNOMED = "http://snomed.info/sct"
_DISCLOSURE_PROFILE = re.compile(r"/IHE\.BasicAudit\.PrivacyDisclosure\.(?:Source|Recipient)(?:\||$)")
_DISCLOSE = (_LIFECYCLE, "disclose")
_FAILED = ("8", "12")  # serious and major failure

#: Roles of agents: DICOM's of systems and media, and BALP's of those who stand for the patient, and who released the data.
_SOURCE_ROLE = (_DICOM, "110153")
_DESTINATION_ROLE = (_DICOM, "110152")
_SYSTEM_ROLES = {(_DICOM, code) for code in ("110150", "110151", "110152", "110153", "110154", "110155")}
_AUTHORISER = (_SNOMED, "429577009")
_CUSTODIAN = (_SNOMED, "159541003")
_READER_ROLES = {
    ("http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "IRCP"),
    ("http://terminology.hl7.org/CodeSystem/extra-security-role-type", "humanuser"),
}
_NOT_STAFF = frozenset({"Patient", "RelatedPerson", "Device", "Organization", "Group"})
_PEOPLE = frozenset({"Patient", "RelatedPerson", "Person", "Practitioner", "PractitionerRole"})

_EMERGENCY = {("http://terminology.hl7.org/CodeSystem/v3-ActReason", "BTG"), (_DICOM, "110127")}
_INTERACTIONS = {
    "read": ("read", "vread", "history", "history-instance", "history-type", "history-system"),
    "search": ("search", "search-type", "search-system"),
    "write": ("create", "update", "patch"),
    "delete": ("delete",),
}
_LIFECYCLES = {
    "read": ("access",),
    "write": ("originate", "amend", "receive"),
    "sign": ("attest", "verify"),
    "export": ("extract", "transmit", "disclose"),
    "delete": ("destroy",),
}
#: What type and subtype say was done; the action code of the event counts where these say nothing, or several things.
_DONE: dict[Coding, str] = {
    **{(_RESTFUL, code): action for action, codes in _INTERACTIONS.items() for code in codes},
    **{(_LIFECYCLE, code): action for action, codes in _LIFECYCLES.items() for code in codes},
    (_DICOM, "110112"): "search",
    (_DICOM, "110106"): "export",
    (_DICOM, "110107"): "write",
}
_BY_ACTION = {"C": "write", "R": "read", "U": "write", "D": "delete", "E": None}

_REFERENCE = re.compile(r"(?:.*/)?([A-Z][A-Za-z]{1,63})/([A-Za-z0-9\-.]{1,64})(?:/_history/[^/]*)?")
_RESOURCE_NAME = re.compile(r"[A-Z][A-Za-z]{1,63}")
_HOST_OR_ADDRESS = ("1", "2")


def is_disclosure(event: Json) -> bool:
    """Whether the event says of itself that personal data were disclosed: by BALP's profile, or by ISO 21089's code."""
    profiles = _items(_object(event.get("meta")).get("profile"))
    claimed = any(isinstance(profile, str) and _DISCLOSURE_PROFILE.search(profile) for profile in profiles)
    return claimed or _DISCLOSE in _codings(event.get("type")) | _codings(event.get("subtype"))


def failed(event: Json) -> bool:
    """Whether the event says that what it is about did not come about."""
    return _text(event.get("outcome")) in _FAILED


def disclosure_cells(event: Json, full_url: Any) -> list[str | None]:
    """The cells of a disclosure, in the order of ``COLUMNS``."""
    agents = _objects(event.get("agent"))
    return [
        _text(event.get("id")) or _text(full_url),
        _cell(event.get("recorded")),
        _organisation(agents, _SOURCE_ROLE),
        _only(_user_id(agent) for agent in _who_released(agents)),
        _organisation(agents, _DESTINATION_ROLE),
    ]


def access_cells(event: Json, full_url: Any) -> list[str | None]:
    """The cells of an access, in the order of ``COLUMNS``."""
    users = _who_acted(_objects(event.get("agent")))
    return [
        _text(event.get("id")) or _text(full_url),
        _cell(event.get("recorded")),
        _only(_user_id(agent) for agent in users),
        _action(event),
        _only(_kind_of_data(entity) for entity in _objects(event.get("entity"))),
        _only(_workstation(agent) for agent in users),
        _recorder(_object(event.get("source"))),
    ]


# ------------------------------------------------------------------------------------------------------------- who, and where


def _who_acted(agents: Iterable[Json]) -> list[Json]:
    """The members of staff at whose request it was done; without any, those who are marked as the reading user."""
    people = [agent for agent in agents if _may_be_staff(agent)]
    return [agent for agent in people if agent.get("requestor") is True] or [
        agent for agent in people if _READER_ROLES & _codings(agent.get("type"))
    ]


def _who_released(agents: Iterable[Json]) -> list[Json]:
    """The members of staff who handed the data over: the custodian, else who requested it on the sender's side."""
    people = [agent for agent in agents if _may_be_staff(agent)]
    return [agent for agent in people if _CUSTODIAN in _codings(agent.get("type"))] or [
        agent for agent in people if agent.get("requestor") is True and not _READER_ROLES & _codings(agent.get("type"))
    ]


def _may_be_staff(agent: Json) -> bool:
    roles = _codings(agent.get("type"))
    return not (roles & _SYSTEM_ROLES or _AUTHORISER in roles or _kind_of(_object(agent.get("who"))) in _NOT_STAFF)


def _user_id(agent: Json) -> str | None:
    """The user's id: an identifier, the login name, or the id of the resource. A personal number is no user's id."""
    who = _object(agent.get("who"))
    reference = _REFERENCE.fullmatch(_text(who.get("reference")) or "")
    candidates = (
        _text(_object(who.get("identifier")).get("value")),
        _text(agent.get("altId")),
        reference[2] if reference else None,
    )
    return next((text for text in candidates if text and not holds_personal_number(text)), None)


def _organisation(agents: Iterable[Json], role: Coding) -> str | None:
    """The organisation in a role; None when a system is named in its place."""
    found = []
    for agent in agents:
        who = _object(agent.get("who"))
        if role in _codings(agent.get("type")) and _kind_of(who) == "Organization":
            found.append(_text(_object(who.get("identifier")).get("value")) or _text(who.get("display")))
    return _only(found)


def _workstation(agent: Json) -> str | None:
    """The user's own computer: a host name or an IP address, no URI."""
    network = _object(agent.get("network"))
    return _text(network.get("address")) if _text(network.get("type")) in _HOST_OR_ADDRESS else None


def _recorder(source: Json) -> str | None:
    """The system that recorded the event; never a person."""
    observer = _object(source.get("observer"))
    if _kind_of(observer) in _PEOPLE:
        return _text(source.get("site"))
    return (
        _text(_object(observer.get("identifier")).get("value"))
        or _text(observer.get("reference"))
        or _text(observer.get("display"))
        or _text(source.get("site"))
    )


# --------------------------------------------------------------------------------------------------------- what, and to what


def _action(event: Json) -> str | None:
    """The canonical action; a code that FHIR does not have as it is written, so that it is counted as unreadable."""
    purposes = _codings(event.get("purposeOfEvent"))
    for agent in _objects(event.get("agent")):
        purposes |= _codings(agent.get("purposeOfUse"))
    said = _codings(event.get("type")) | _codings(event.get("subtype"))
    if _EMERGENCY & (purposes | said):
        return "emergency"
    done = {_DONE[coding] for coding in said if coding in _DONE}
    if len(done) == 1:
        return done.pop()
    code = _cell(event.get("action"))
    return _BY_ACTION.get(code, code) if code else None


def _kind_of_data(entity: Json) -> str | None:
    """The kind of resource that was used, such as ``DocumentReference``; never the patient, and no title or id."""
    kind = _kind_of(_object(entity.get("what")))
    return kind if kind and kind not in _NOT_STAFF else None


def _kind_of(reference: Json) -> str | None:
    """The kind of resource that a reference points at."""
    stated = _text(reference.get("type"))
    if stated and _RESOURCE_NAME.fullmatch(stated):
        return stated
    found = _REFERENCE.fullmatch(_text(reference.get("reference")) or "")
    return found[1] if found else None


# ------------------------------------------------------------------------------------- JSON of which nothing is taken for given


def _only(texts: Iterable[str | None]) -> str | None:
    """The one text that there is; None when there are several different ones."""
    found = {text for text in texts if text}
    return found.pop() if len(found) == 1 else None


def _object(value: Any) -> Json:
    return value if isinstance(value, dict) else {}


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _objects(value: Any) -> list[Json]:
    return [item for item in _items(value) if isinstance(item, dict)]


def _text(value: Any) -> str | None:
    """A text; None where there is none, or something else stands in its place."""
    return value if isinstance(value, str) and value else None


def _cell(value: Any) -> str | None:
    """A text that is to be understood; UNREADABLE where something else stands in its place."""
    return _text(value) if value is None or isinstance(value, str) else UNREADABLE


def _codings(value: Any) -> set[Coding]:
    """System and code of a Coding, a CodeableConcept, or a list of either."""
    found: set[Coding] = set()
    for item in value if isinstance(value, list) else (value,):
        if isinstance(item, dict):
            for coding in [item, *_objects(item["coding"])] if "coding" in item else (item,):
                system, code = coding.get("system"), coding.get("code")
                if isinstance(system, str) and isinstance(code, str):
                    found.add((system, code))
    return found
