"""An auditor of disclosures of personal data through the single entry to social services in Stockholm County.

The rooms, in the order a row passes them: ``intake`` (files to canonical tables), ``engine`` (the only room that names
an engine), ``checks`` (the catalogue), ``findings`` (what a finding is, and writing it whole or not at all), ``report``
(what a page shows). Beside them stand ``agreement`` (what is permitted) and ``law`` (grounds and provisions).
"""

__version__ = "0.1.0"
