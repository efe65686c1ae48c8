"""Prepared relations: a disclosure, an access or a case already joined with everything that a check may ask of it.

What they hold is said in ``auditor.checks.vocabulary``; how they come about is said here, in steps that each declare what must lie
together, so that the same SQL can run bucket by bucket on a cluster. Open intervals end on 9999-12-31, so that every look-up
is a hash join.
"""

from auditor.relations.accesses import ACCESS_STEPS
from auditor.relations.cases import CASE_STEPS
from auditor.relations.controllers import home_can_be_told, own_steps
from auditor.relations.disclosures import disclosure_steps
from auditor.relations.reference import Period, load_reference
from auditor.relations.steps import Step, run_steps

__all__ = [
    "ACCESS_STEPS",
    "CASE_STEPS",
    "Period",
    "Step",
    "disclosure_steps",
    "home_can_be_told",
    "load_reference",
    "own_steps",
    "run_steps",
]
