"""Which field of the agreement's catalogue each column of an export is, by its heading and by what it holds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from auditor.agreement.model import Agreement
from auditor.engine import Engine, quoted, text
from auditor.intake.headings import shown_heading
from auditor.intake.mapping import standard_mapping
from auditor.intake.spelling import heading_key
from auditor.intake.tables import Type
from auditor.intake.values import Vocabulary
from auditor.privacy import is_plain_id
from auditor.release.model import RawTable

#: The column that ties a row to its case; it is no field of the catalogue and may always be there.
CASE = "case"
#: Headings beside those of the shipped vocabulary. They count only where the agreement's catalogue has the field.
_HEADINGS: dict[str, tuple[str, ...]] = {
    "name": (
        *("Förnamn", "Efternamn", "Tilltalsnamn", "Mellannamn", "Barnets namn", "Barnets förnamn", "Barnets efternamn"),
        *("First name", "Last name", "Given name", "Surname", "Family name", "Child's name", "Name of the child"),
    ),
    "person_id": (
        *("Barnets personnummer", "Samordningsnummer", "Barnets samordningsnummer", "Personnummer eller samordningsnummer"),
        *("Personal identity number", "Coordination number", "Reservnummer", "Identitetsbeteckning"),
    ),
    "address": (
        *(
            "Gatuadress",
            "Gata",
            "Postnummer",
            "Postnr",
            "Postadress",
            "Postort",
            "Ort",
            "Folkbokföringsadress",
            "Vistelseadress",
        ),
        *("Lägenhetsnummer", "Street", "Street address", "Postcode", "Postal code", "Zip", "City", "Town"),
    ),
    "phone": ("Mobiltelefon", "Mobiltelefonnummer", "Hemtelefon", "Telefon hem", "Telefon mobil", "Mobile", "Mobile phone"),
    "school": ("Skolenhet", "Skola och klass", "School unit"),
    "guardians": (
        *("Vårdnadshavares namn", "Vårdnadshavarens namn", "Vårdnadshavares personnummer", "Vårdnadshavarens personnummer"),
        *("Mamma", "Pappa", "Mor", "Far", "Mother", "Father", "Parents", "Föräldrar", "Parent"),
    ),
    "health": ("Diagnos", "Diagnoser", "Diagnosis"),
}
#: What most of a column's cells are, whatever it is called.
CONTENTS = ("person_id", "phone", "email")
_MOST = 0.5
#: With fewer understood headings the first row may be data, and nothing of it is shown.
_SURELY_HEADINGS = 2
_NUMBERED = re.compile(r"[ _.-]*\d{1,2}$")

#: RE2: a cell that may be a personal number, before the slower rule is asked.
MAYBE_PERSON = r"^\s*(18|19|20)?[0-9]{6}[^0-9A-Za-z]{0,3}[0-9]{4}\s*$|^\s*(19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}[- ][0-9]{4}\s*$"
_PHONE_CELL = r"^\s*(\+|0)[0-9 ()/.-]{6,18}$"
_EMAIL_CELL = r"^\s*[^@\s]+@[^@\s]+\.[^@\s]+\s*$"


#: Words for the engine, in whole numbers. What a word is given is named by a lambda where it is used more than once: a macro alone
#: would work it out again at each place.
_MACROS = {
    # YYMMDDNNNC as a whole number: modulus 10, every other digit doubled from the left, the digits of what is doubled added
    "ten_digits_right(number)": "list_transform([number], lambda n: ("
    + " + ".join(
        f"2 * (n // {10**power} % 10) + CAST(n // {10**power} % 10 > 4 AS BIGINT)" if power % 2 else f"n // {10**power} % 10"
        for power in range(10)
    )
    + ") % 10 = 0)[1]",
    # the usual spellings are read by cutting alone, the others by the word of the intake
    "person_of(t, seen)": """CASE WHEN regexp_full_match(t, '(18|19|20)[0-9]{6}[-+]?[0-9]{4}') THEN t[1:8] || right(t, 4)
        WHEN t IS NOT NULL THEN person(clean(t), seen) END""",
    "day_of_number(p)": """CASE WHEN CAST(p[7:8] AS INTEGER) > 60 THEN CAST(CAST(p[1:8] AS INTEGER) - 60 AS VARCHAR) ELSE p[1:8] END""",
    "is_right_number(person)": """list_transform([person], lambda p: CASE WHEN regexp_full_match(p, '(18|19|20)[0-9]{10}')
        THEN ten_digits_right(CAST(p[3:12] AS BIGINT)) AND try_strptime(day_of_number(p), '%Y%m%d') IS NOT NULL ELSE false END)[1]""",
}
#: What a column holds is read from so many of its rows, spread over the file; what differs is found by the search of its cells.
_SAMPLED = 20_000


def define_release_words(engine: Engine) -> None:
    """Make the macros of this module known to the engine, after those of ``auditor.intake.conversion``."""
    for head, body in _MACROS.items():
        engine.run(f"CREATE OR REPLACE MACRO {head} AS {body}")


@dataclass(frozen=True)
class Column:
    """A column of an export. ``field`` is an id of the catalogue, CASE, ``email``, or None when nothing recognises it.

    ``cell`` is its name in the view of the table; ``shown`` its heading as it may be shown; ``by_content``: what it holds
    says another field than its heading, or its heading says nothing.
    """

    position: int
    cell: str
    heading: str
    shown: str
    field: str | None
    filled: int
    by_content: bool = False
    unreadable: int = 0


def view_of(table: RawTable) -> str:
    """The name of the view of a table's cells as text, columns ``c0`` ... and ``line``."""
    return f"export_{table.number}"


def understand(engine: Engine, table: RawTable, agreement: Agreement, vocabulary: Vocabulary) -> list[Column]:
    """The columns of a table. Its view must have been made."""
    contents = _contents(engine, table)
    named = [field_of_heading(heading, agreement, vocabulary) for heading in table.headings]
    sure = sum(field is not None for field in named) >= _SURELY_HEADINGS
    columns = []
    for position, (heading, by_heading) in enumerate(zip(table.headings, named, strict=True)):
        filled, persons, phones, emails, unreadable = contents[position]
        by_content = None
        for name, count in zip(CONTENTS, (persons, phones, emails), strict=True):
            if filled and count / filled >= _MOST and (name == "person_id" or by_heading is None):
                by_content = name
                break
        field = by_content or by_heading
        differs = by_content is not None and by_content != by_heading
        shown = _shown(heading, position, known=by_heading is not None, sure=sure)
        columns.append(Column(position, f"c{position}", heading, shown, field, filled, differs, unreadable))
    return columns


def _shown(heading: str, position: int, *, known: bool, sure: bool) -> str:
    """A heading as it may be shown. Where the first row may be data, or the heading is more than a word, its position alone."""
    if known:
        return shown_heading(heading)
    if sure and is_plain_id(heading, needs_digit=False) and " " not in heading:
        return shown_heading(heading)
    return f"({position + 1})"


def field_of_heading(heading: str, agreement: Agreement, vocabulary: Vocabulary) -> str | None:
    """The field that a heading names, CASE for the case number, None for neither."""
    for written in (heading, _NUMBERED.sub("", heading)):
        if not written.strip():
            continue
        if heading_key(written) in _case_keys():
            return CASE
        read = vocabulary.read(Type.FIELDS, written, table="disclosures", column="fields").value
        if isinstance(read, tuple) and len(read) == 1 and read[0] in agreement.fields:
            return read[0]
        for field, spellings in _HEADINGS.items():
            if field in agreement.fields and heading_key(written) in {heading_key(spelling) for spelling in spellings}:
                return field
    return None


def _case_keys() -> set[str]:
    return {heading_key(spelling) for spelling in standard_mapping().tables["cases"].spellings("case_id")}


def _contents(engine: Engine, table: RawTable) -> list[tuple[int, ...]]:
    """For each column: filled cells, and how many of a sample of them (scaled up) are a right personal number, a phone number,
    e-mail; and cells that cannot be read."""
    if not table.headings:
        return []
    cells = [quoted(f"c{position}") for position in range(len(table.headings))]
    whole = ", ".join(f"count({cell}), count_if({cell} = chr(65533))" for cell in cells)
    counted = engine.rows(f"SELECT {whole} FROM {view_of(table)}")[0]
    step = max(1, table.rows // _SAMPLED)
    sampled = f"(SELECT * FROM {view_of(table)} WHERE line % {step} = 0 OR line < 1000)"
    patterns = (MAYBE_PERSON, _PHONE_CELL, _EMAIL_CELL)
    looked_at = ", ".join(
        f"count({cell}), " + ", ".join(f"count_if(regexp_matches({cell}, {text(pattern)}))" for pattern in patterns)
        for cell in cells
    )
    sample = [int(value or 0) for value in engine.rows(f"SELECT {looked_at} FROM {sampled}")[0]]
    seen, maybe, phones, emails = (sample[place::4] for place in range(4))
    # whether a number is right is asked where something looks like one
    numbers = {
        position: f"count_if(CASE WHEN regexp_matches({cell}, {text(MAYBE_PERSON)}) THEN is_right_number(person_of({cell}, CURRENT_DATE)) END)"
        for position, cell in enumerate(cells)
        if maybe[position]
    }
    right = engine.rows(f"SELECT {', '.join(numbers.values())} FROM {sampled}")[0] if numbers else ()
    persons = dict(zip(numbers, right, strict=True))
    found = []
    for position in range(len(cells)):
        filled, unreadable = (int(value or 0) for value in counted[2 * position : 2 * position + 2])
        kinds = (int(persons.get(position, 0)), phones[position], emails[position])
        found.append((filled, *(round(kind * filled / seen[position]) if kind else 0 for kind in kinds), unreadable))
    return found


def fields_in(columns: Sequence[Column], agreement: Agreement) -> tuple[str, ...]:
    """The fields of the catalogue that the columns hold, in its order."""
    there = {column.field for column in columns}
    return tuple(field for field in agreement.fields if field in there)
