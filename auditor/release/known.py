"""What the case file knows of its persons besides the canonical columns: names, phone numbers, addresses, each with its case.

Engine table made here: ``known_values`` (kind, key, case_id). It stays inside the engine.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from auditor.agreement.model import Agreement
from auditor.engine import Engine, quoted
from auditor.intake.conversion import as_text, raw_columns
from auditor.intake.spelling import heading_key
from auditor.intake.values import Vocabulary
from auditor.release.columns import field_of_heading
from auditor.release.identifiers import Identifier
from auditor.release.identifiers_contact import find_addresses, find_phones
from auditor.release.names import KnownNames, key_of, split_name
from auditor.release.plain_text import made_plain
from auditor.release.tying import Register

_SCHEMA = pa.schema([("kind", pa.string()), ("key", pa.string()), ("case_id", pa.string())])
_FIRST = {heading_key(heading) for heading in ("Förnamn", "Tilltalsnamn", "Barnets förnamn", "First name", "Given name")}
_LAST = {heading_key(heading) for heading in ("Efternamn", "Barnets efternamn", "Last name", "Surname", "Family name")}


def learn(engine: Engine, register: Register, agreement: Agreement, vocabulary: Vocabulary) -> KnownNames:
    """Make ``known_values`` from the raw cells of the case file; the names, ready to be looked for."""
    rows: dict[str, list[str]] = {"kind": [], "key": [], "case_id": []}
    names: set[tuple[str, str]] = set()
    for case, kind, value in _values(engine, register, agreement, vocabulary):
        if kind == Identifier.NAME:
            first, last = value
            names.add((first, last))
            keys = [key_of(first, last)]
        else:
            plain = made_plain(value[0])
            finder = find_phones if kind == Identifier.PHONE else find_addresses
            keys = [found.key for found in finder(plain) if found.kind == kind]
        for key in keys:
            rows["kind"].append(kind.value)
            rows["key"].append(key)
            rows["case_id"].append(case)
    engine.load("known_values", pa.table(rows, schema=_SCHEMA))
    return KnownNames(sorted(names))


def _values(
    engine: Engine, register: Register, agreement: Agreement, vocabulary: Vocabulary
) -> Iterator[tuple[str, Identifier, tuple[str, ...]]]:
    """Case number, kind and value (of names first and last) of every cell of the case file that says one."""
    if register.raw is None or register.source is None or "case_id" not in register.source.columns:
        return
    raw, source = register.raw, register.source
    types = raw_columns(engine, source.sql)
    used = set(source.columns.values())
    named: list[tuple[str, Identifier, str]] = []
    for heading, column in zip(raw.headings, raw.columns, strict=True):
        if column in used:
            continue
        field = field_of_heading(heading, agreement, vocabulary)
        kinds = {
            "name": Identifier.NAME,
            "guardians": Identifier.NAME,
            "phone": Identifier.PHONE,
            "address": Identifier.ADDRESS,
        }
        if field in kinds:
            part = "first" if heading_key(heading) in _FIRST else "last" if heading_key(heading) in _LAST else "whole"
            named.append((column, kinds[field], part))
    if not named:
        return
    cells = [
        f"clean({as_text(quoted(column), types[column])})" for column in (source.columns["case_id"], *(n[0] for n in named))
    ]
    for batch in engine.batches(f"SELECT {', '.join(cells)} FROM {source.sql}"):
        for case, *values in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            if case is None:
                continue
            first = last = ""
            for (_column, kind, part), value in zip(named, values, strict=True):
                if value is None:
                    continue
                if kind != Identifier.NAME:
                    yield case, kind, (value,)
                elif part == "whole":
                    yield case, kind, split_name(value)
                elif part == "first":
                    first = value
                else:
                    last = value
            if first or last:
                yield case, Identifier.NAME, (first, last)
