"""The county as the sample sees it: municipalities, organisations, units, and what innocent disclosures look like.

What is said here of parties, fields and grounds agrees with ``exempelavtal.yaml``.
"""

from __future__ import annotations

from dataclasses import dataclass

POLICE = "police-roc"
REGION = "region-stockholm"
ENTRY_POINT = "0180"
DUTY_UNIT = "socialjouren"
POLICE_UNIT = "ROC"


@dataclass(frozen=True)
class Municipality:
    """A municipality of the county: SCB code, name, the name its administration uses, the stem of its user ids, its weight."""

    code: str
    name: str
    full_name: str
    stem: str
    weight: float
    unit: str


_RECEPTION, _CHILDREN, _FAMILY = "mottagningsenheten", "barn- och ungdomsenheten", "familjeenheten"
MUNICIPALITIES = (
    Municipality("0114", "Upplands Väsby", "Upplands Väsby kommun", "vasby", 5, _RECEPTION),
    Municipality("0115", "Vallentuna", "Vallentuna kommun", "vallen", 3, _FAMILY),
    Municipality("0117", "Österåker", "Österåkers kommun", "oster", 5, _CHILDREN),
    Municipality("0120", "Värmdö", "Värmdö kommun", "varmdo", 5, _RECEPTION),
    Municipality("0123", "Järfälla", "Järfälla kommun", "jarf", 8, _CHILDREN),
    Municipality("0125", "Ekerö", "Ekerö kommun", "ekero", 3, _FAMILY),
    Municipality("0126", "Huddinge", "Huddinge kommun", "hudd", 11, _CHILDREN),
    Municipality("0127", "Botkyrka", "Botkyrka kommun", "botk", 10, _RECEPTION),
    Municipality("0128", "Salem", "Salems kommun", "salem", 2, _FAMILY),
    Municipality("0136", "Haninge", "Haninge kommun", "haninge", 10, _RECEPTION),
    Municipality("0138", "Tyresö", "Tyresö kommun", "tyreso", 5, _CHILDREN),
    Municipality("0139", "Upplands-Bro", "Upplands-Bro kommun", "uplbro", 3, _FAMILY),
    Municipality("0140", "Nykvarn", "Nykvarns kommun", "nykv", 1, _FAMILY),
    Municipality("0160", "Täby", "Täby kommun", "taby", 7, _CHILDREN),
    Municipality("0162", "Danderyd", "Danderyds kommun", "dander", 3, _FAMILY),
    Municipality("0163", "Sollentuna", "Sollentuna kommun", "sollen", 7, _RECEPTION),
    Municipality("0180", "Stockholm", "Stockholms stad", "sthlm", 60, DUTY_UNIT),
    Municipality("0181", "Södertälje", "Södertälje kommun", "sodert", 10, _RECEPTION),
    Municipality("0182", "Nacka", "Nacka kommun", "nacka", 11, _CHILDREN),
    Municipality("0183", "Sundbyberg", "Sundbybergs stad", "sundby", 5, _RECEPTION),
    Municipality("0184", "Solna", "Solna stad", "solna", 8, _CHILDREN),
    Municipality("0186", "Lidingö", "Lidingö stad", "lidingo", 5, _FAMILY),
    Municipality("0187", "Vaxholm", "Vaxholms stad", "vaxh", 1, _FAMILY),
    Municipality("0188", "Norrtälje", "Norrtälje kommun", "norrt", 6, _RECEPTION),
    Municipality("0191", "Sigtuna", "Sigtuna kommun", "sigtuna", 5, _CHILDREN),
    Municipality("0192", "Nynäshamn", "Nynäshamns kommun", "nynas", 3, _FAMILY),
)
BY_CODE = {municipality.code: municipality for municipality in MUNICIPALITIES}
LEFT = "0128"  # Salem left the example agreement on 30 June 2026
NOT_YET_JOINED = "0191"  # Sigtuna joins on 1 January 2027
UNCONFIRMED = ("0140", "0188", "0192")
CONFIRMED = tuple(code for code in BY_CODE if code not in {LEFT, NOT_YET_JOINED, *UNCONFIRMED})
#: Places outside the county, for children found or living elsewhere.
ELSEWHERE = {"0380": "Uppsala kommun", "0480": "Nyköpings kommun", "1480": "Göteborgs Stad"}

ORGANISATIONS = (*BY_CODE, POLICE, REGION, *ELSEWHERE)
ORGANISATION_INDEX = {organisation: index for index, organisation in enumerate(ORGANISATIONS)}
UNITS = (DUTY_UNIT, POLICE_UNIT, _RECEPTION, _CHILDREN, _FAMILY)
#: Stems of user ids: one for each organisation that has staff in the log.
STEMS = {**{code: municipality.stem for code, municipality in BY_CODE.items()}, POLICE: "polis"}

FLOWS = ("report", "handover", "assessment", "request", "feedback", "prevention", "other_channel")
FLOW_INDEX = {flow: index for index, flow in enumerate(FLOWS)}
CHANNELS = ("sdk", "phone", "secure_portal", "in_person", "email")
CHANNEL_WEIGHTS = (0.62, 0.20, 0.13, 0.05)  # of the four that the agreement approves
CONCERNS = (("gang_crime",), ("gang_crime", "drugs"), ("gang_crime", "violence"), ("domestic_violence",), ("neglect", "drugs"))
INNOCENT_CONCERNS = 3

CATALOGUE = (
    "name", "person_id", "address", "phone", "school", "guardians", "concern", "risk", "gang_link", "groupings", "health",
    "decision", "record",
)  # fmt: skip
SENSITIVE = {"gang_link", "groupings", "health"}
LOCATION = {"address", "phone", "school"}

_WHO = ("name", "person_id")
_REPORTED = (
    (*_WHO, "address", "guardians", "concern", "risk"),
    (*_WHO, "phone", "school", "concern", "gang_link"),
    (*_WHO, "address", "phone", "school", "guardians", "concern", "risk", "gang_link"),
    (*_WHO, "concern"),
)
_REPORTED_WITHOUT_LOCATION = ((*_WHO, "concern", "risk"), (*_WHO, "guardians", "concern", "gang_link"))
_ASSESSED = (
    (*_WHO, "risk"),
    (*_WHO, "risk", "gang_link"),
    (*_WHO, "groupings"),
    ("person_id", "risk", "gang_link", "groupings"),
)
_ASKED = ((*_WHO, "concern"), ("person_id", "concern"), _WHO)
_ANSWERED = ((*_WHO, "decision"), ("person_id", "decision"))
_PREVENTED = ((*_WHO, "risk"), (*_WHO, "gang_link"), (*_WHO, "risk", "gang_link"))
_OTHERWISE = ((*_WHO, "concern"), (*_WHO, "health"), (*_WHO, "concern", "health"))

#: What each flow hands over: about anybody; about a child whose whereabouts are protected; about a child whose name is too.
FIELD_SETS: dict[str, tuple[tuple[tuple[str, ...], ...], ...]] = {
    "report": (_REPORTED, _REPORTED_WITHOUT_LOCATION, (("concern", "risk"), ("concern", "gang_link"))),
    "handover": (_REPORTED, _REPORTED_WITHOUT_LOCATION, (("concern", "risk"), ("concern", "gang_link"))),
    "assessment": (_ASSESSED, _ASSESSED[:2], (("risk",), ("risk", "gang_link"))),
    "request": (_ASKED, _ASKED, (("concern",),)),
    "feedback": (_ANSWERED, _ANSWERED, (("decision",),)),
    "prevention": (_PREVENTED, _PREVENTED, (("risk",), ("risk", "gang_link"))),
    "other_channel": (_OTHERWISE, _OTHERWISE, (("concern",), ("health",))),
}

#: The grounds that an officer records for each flow when all is well, and whether they call for a motivation.
GROUND_SETS: dict[str, tuple[tuple[tuple[str, ...], bool], ...]] = {
    "report": ((("SoL 19:1", "OSL 10:28"), False),),
    "handover": ((("OSL 26:9 p1",), False), (("OSL 26:9 p1", "SoL 29:12", "OSL 10:28"), False)),
    "assessment": ((("SoL 19:1", "OSL 10:28"), False), (("SoL 20:6", "OSL 10:28"), False)),
    "request": ((("OSL 10:18a",), True), (("OSL 10:2",), True)),
    "feedback": ((("SoL 19:6", "OSL 26:9a"), False), (("OSL 26:9a",), False)),
    "prevention": ((("OSL 10:18a",), True),),
    "other_channel": ((("OSL 10:21",), True),),
}


def unit_of(organisation: str) -> str | None:
    """The unit that takes part for an organisation; none for those outside."""
    if organisation == POLICE:
        return POLICE_UNIT
    return BY_CODE[organisation].unit if organisation in BY_CODE else None
