"""Fields: was no more handed over than needed?

F1 and F2 hold the disclosed fields against those of the flow and of the data catalogue, F3 and F5 look for where a
protected person is, F4 for sensitive data without a motivation. Fields that were not recorded cannot be shown to be needed:
they leave the answer open.
"""

from __future__ import annotations

from auditor.checks.model import Check, Kind, Of, Page, Severity
from auditor.law.provisions import (
    GDPR_5_1_C,
    GDPR_5_1_F,
    GDPR_5_2,
    GDPR_9,
    GDPR_10,
    OSL_21_3,
    OSL_21_3A,
    OSL_22_2,
    OSL_26_1,
    OSL_26_9_P1,
    SOLPUL_7,
)

field_outside_flow = Check(
    "F1",
    "field-outside-flow",
    Of.DISCLOSURE,
    Kind.SCOPE,
    Severity.HIGH,
    law=(GDPR_5_1_C, OSL_26_9_P1),
    applies="true",
    violates="not_empty(fields_outside_flow)",
    reads=("disclosures.fields", "disclosures.purpose"),
    evidence=("fields_outside_flow", "purpose"),
    clause="flows.fields",
    page=Page(
        question="Were only fields handed over that the agreement gives this flow?",
        finding="The disclosure holds more fields than the agreement gives this flow.",
        why="""Only what the recipient needs for the purpose may be handed over: data minimisation (GDPR art. 5.1 c), and
        'needed' is also what the rule for social services says (OSL 26:9). The agreement's list of fields is the two
        authorities' judgement of what is needed.""",
        limits="""It sees which fields are recorded, not what was written or said in them. A free text or a telephone call
        may hold more than the log shows.""",
        advice="""Ask the sender why each field too many was needed. If it regularly is, have the agreement changed; if not,
        have the form or template lose the field.""",
        examples="""
        violation       purpose=handover flow_known=true fields=[name,health] fields_outside_flow=[health]
        pass            purpose=handover flow_known=true fields=[name,school] fields_outside_flow=[]
        undetermined    purpose=handover flow_known=true fields= fields_outside_flow=
        undetermined    purpose=newsletter flow_known=false fields=[health] fields_outside_flow=
        """,
    ),
)

field_unknown = Check(
    "F2",
    "field-unknown",
    Of.DISCLOSURE,
    Kind.SCOPE,
    Severity.MEDIUM,
    law=(GDPR_5_1_C, GDPR_5_2),
    applies="true",
    violates="fields_unknown > 0",
    reads=("disclosures.fields",),
    evidence=("fields_unknown",),
    clause="fields",
    page=Page(
        question="Are all disclosed fields in the agreement's data catalogue?",
        finding="The disclosure holds fields that are not in the agreement's data catalogue.",
        why="""What the catalogue does not know, no flow can allow. The controller must be able to show that what was handed
        over was needed (GDPR art. 5.2), and cannot do so for a field without a name in the agreement.""",
        limits="""It sees the name of the field, and counts names only, since an unknown name may itself hold personal data.
        A field that is merely called something else in the source system looks the same.""",
        advice="""Look the fields up in the source system. If they are known ones under another name, add the names to the
        mapping file and run the audit again; else ask why they were handed over.""",
        examples="""
        violation       fields=[name,shoe_size] fields_unknown=1
        pass            fields=[name,school] fields_unknown=0
        undetermined    fields= fields_unknown=
        """,
    ),
)

protected_location_disclosed = Check(
    "F3",
    "protected-location-disclosed",
    Of.DISCLOSURE,
    Kind.SCOPE,
    Severity.CRITICAL,
    law=(OSL_21_3, OSL_21_3A, OSL_22_2, GDPR_5_1_F),
    applies="protection IN ('protected_registration', 'assumed_identity')",
    violates="""(not_empty(fields_location) OR (protection = 'assumed_identity' AND not_empty(fields_identity)))
        AND NOT flow_protected_location""",
    reads=("disclosures.fields", "disclosures.purpose", "disclosures.case_id", "cases.protection"),
    evidence=("protection", "fields_location", "fields_identity"),
    clause="flows.protected_location",
    page=Page(
        question="Was it kept secret where, or who, a protected person is?",
        finding="The disclosure shows where or who a protected person is, in a flow that does not allow it.",
        why="""A person with a protected registration or an assumed identity is under threat. An address, a school or a
        telephone number in the wrong hands can put a life at risk; for an assumed identity the name itself does. Secrecy
        for such data is stricter than otherwise (OSL 21:3, 21:3 a, 22:2).""",
        limits="""It sees the categories of the fields, not what stood in them: an address field may have held a post-box.
        Free text that reveals a place is not seen. Fields that show who a person is count only for an assumed identity.""",
        advice="""Act at once: have the recipient limit who can see the data, tell the unit that handles protected persons,
        and have the controller handle it as a personal data breach (GDPR art. 33 and, where the risk is high, art. 34).""",
        examples="""
        violation       protection=protected_registration fields_location=[address] fields_identity=[]
                        flow_protected_location=false
        violation       protection=assumed_identity fields_location=[] fields_identity=[name] flow_protected_location=false
        pass            protection=protected_registration fields_location=[] fields_identity=[name]
                        flow_protected_location=false
        pass            protection=assumed_identity fields_location=[address] fields_identity=[name]
                        flow_protected_location=true
        pass            protection= fields_location=[] fields_identity=[] flow_protected_location=false
        undetermined    protection= fields_location=[address] fields_identity=[] flow_protected_location=false
        undetermined    protection= fields_location=[] fields_identity=[name] flow_protected_location=false
        undetermined    protection=assumed_identity fields_location= fields_identity= flow_protected_location=false
        undetermined    protection=protected_registration fields_location=[address] fields_identity=[] flow_known=false
        not_applicable  protection=none fields_location=[address] fields_identity=[name] flow_protected_location=false
        not_applicable  protection=marked fields_location=[address] fields_identity=[name] flow_protected_location=false
        """,
    ),
)

sensitive_field_without_motivation = Check(
    "F4",
    "sensitive-field-without-motivation",
    Of.DISCLOSURE,
    Kind.CONDUCT,
    Severity.MEDIUM,
    law=(GDPR_9, GDPR_10, SOLPUL_7, GDPR_5_2),
    applies="not_empty(fields_sensitive)",
    violates="motivation IS NULL",
    reads=("disclosures.fields", "disclosures.motivation"),
    evidence=("fields_sensitive",),
    clause="categories.sensitive",
    page=Page(
        question="Is it written down why sensitive data had to be handed over?",
        finding="Sensitive data are disclosed without a written motivation.",
        why="""Data on health and on crime may be processed only when necessary (GDPR art. 9 and 10). Whether they were
        necessary is judged each time, and only what is written down can be shown afterwards.""",
        limits="""It sees whether there is a motivation, and never reads it. An empty phrase counts as one, and a good one
        that stands elsewhere in the record does not.""",
        advice="""Ask the unit to add the motivation while it is remembered. When it is missing often, have the form demand
        it for these fields.""",
        examples="""
        violation       fields_sensitive=[gang_link] motivation=
        pass            fields_sensitive=[gang_link] motivation=true
        pass            fields= fields_sensitive= motivation=true
        undetermined    fields= fields_sensitive= motivation=
        not_applicable  fields_sensitive=[] motivation=
        """,
    ),
)

marked_location_disclosed = Check(
    "F5",
    "marked-location-disclosed",
    Of.DISCLOSURE,
    Kind.SIGNAL,
    Severity.HIGH,
    law=(OSL_21_3, OSL_26_1, GDPR_5_1_F),
    applies="protection = 'marked'",
    violates="not_empty(fields_location) AND NOT flow_protected_location",
    reads=("disclosures.fields", "disclosures.purpose", "disclosures.case_id", "cases.protection"),
    evidence=("protection", "fields_location"),
    clause="flows.protected_location",
    page=Page(
        question="Was it kept secret where a person with a secrecy marking is?",
        finding="The disclosure shows where a person with a secrecy marking is.",
        why="""A secrecy marking (sekretessmarkering) is a warning flag, not a ban: it says that the ordinary test of
        secrecy is to be made with special care. Somebody should see that it was.""",
        limits="""It cannot tell whether the test was made, nor whether the recipient already knew. It sees the categories
        of the fields, not what stood in them.""",
        advice="""Ask the unit how the test was made and whether it is written down. See that the recipient knows of the
        marking.""",
        examples="""
        violation       protection=marked fields_location=[address] flow_protected_location=false
        pass            protection=marked fields_location=[] flow_protected_location=false
        pass            protection=marked fields_location=[address] flow_protected_location=true
        undetermined    protection=marked fields_location= flow_protected_location=false
        undetermined    protection= fields_location=[address] flow_protected_location=false
        not_applicable  protection=none fields_location=[address] flow_protected_location=false
        """,
    ),
)
