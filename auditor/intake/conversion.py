"""From raw cells to canonical values, as SQL: what is cut, how a time, a day or a personal number is understood.

Coded columns (municipalities, grounds, fields, ...) are not read here: their distinct texts are read by ``values.py`` and looked
up. A cell that holds something which does not fit its column becomes NULL, and its column's bit in ``unfit`` is set (check L7).
"""

from __future__ import annotations

import re

from auditor.engine import Engine, text
from auditor.intake.readers.model import LIST_SEPARATOR, UNREADABLE
from auditor.intake.tables import Type

#: The engine's types of whole numbers that all fit.
WHOLE_NUMBERS = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"}

#: Free text: only whether it is there is ever used, so only that is kept.
FREE_TEXT = {"motivation", "reason"}

_SPACE = "\t\n\r \u00a0\u2007\u202f\ufeff"
_EDGE = r"\x09\x0A\x0D\x20\x{A0}\x{2007}\x{202F}\x{FEFF}"
_CLOCK = r"([01]?\d|2[0-3]):[0-5]\d"

# name(parameters) -> SQL; see the comments for what each understands
_MACROS = {
    # trimming is slow, and so is asking a pattern whether a cell needs it; most are of plain signs from first to last
    "clean(t)": "CASE WHEN t >= '!' AND t[-1] >= '!' AND strlen(t) = length(t) THEN t ELSE trimmed(t) END",
    "trimmed(t)": f"CASE WHEN regexp_matches(t, '^[{_EDGE}]|[{_EDGE}]$') THEN nullif(trim(t, {text(_SPACE)}), '') WHEN t <> '' THEN t END",
    # what no reader could read, and a cell that says NULL, is no text
    "is_no_text(t)": f"strlen(t) < 5 AND (t = '{UNREADABLE}' OR upper(t) = 'NULL')",
    "free_text(t)": "CASE WHEN NOT is_no_text(t) THEN t END",
    "plain_text(t)": "CASE WHEN is_no_text(t) THEN NULL WHEN strlen(t) = length(t) THEN t ELSE nfc_normalize(t) END",
    # a day: 2026-10-03, 20261003, or Excel's serial number of days since 1899-12-30
    "day_alone(t)": r"""CASE
        WHEN t < '0001' THEN NULL
        WHEN regexp_full_match(t, '\d{4}-\d{2}-\d{2}') THEN try_cast(t AS DATE)
        WHEN regexp_full_match(t, '\d{8}') THEN CAST(try_strptime(t, '%Y%m%d') AS DATE)
        WHEN regexp_full_match(t, '\d{5}') THEN DATE '1899-12-30' + CAST(t AS INTEGER)
        END""",
    # a moment with its time of day, in Swedish wall-clock time; an offset or Z is converted, but not on the last day of the calendar,
    # which means 'for ever'
    "moment(t)": rf"""CASE
        WHEN t < '0001' THEN NULL
        WHEN regexp_full_match(t, '\d{{4}}-\d{{2}}-\d{{2}}[ T]{_CLOCK}:[0-5]\d([.,]\d{{1,9}})?')
            THEN try_cast(replace(replace(t, 'T', ' '), ',', '.') AS TIMESTAMP)
        WHEN regexp_full_match(t, '\d{{4}}-\d{{2}}-\d{{2}}[ T]{_CLOCK}') THEN try_cast(replace(t, 'T', ' ') || ':00' AS TIMESTAMP)
        WHEN regexp_full_match(t, '\d{{4}}-\d{{2}}-\d{{2}}[ T]{_CLOCK}(:[0-5]\d([.,]\d{{1,9}})?)? ?(Z|[+-]\d{{2}}(:?\d{{2}})?)') AND t BETWEEN '0001-01-02' AND '9999-12-31'
            THEN timezone('Europe/Stockholm', try_cast(regexp_replace(regexp_replace(regexp_replace(replace(replace(t, 'T', ' '), ',', '.'),
                ' ?(Z|[+-]\d{{2}}(:?\d{{2}})?)$', '\1'), '([+-]\d{{2}})(\d{{2}})$', '\1:\2'),
                '^(\d{{4}}-\d{{2}}-\d{{2}} \d{{1,2}}:\d{{2}})(Z|[+-])', '\1:00\2') AS TIMESTAMPTZ))
        WHEN regexp_full_match(t, '9999-12-31[ T]{_CLOCK}(:[0-5]\d([.,]\d{{1,9}})?)? ?(Z|[+-]\d{{2}}(:?\d{{2}})?)')
            THEN TIMESTAMP '9999-12-31 23:59:59'
        WHEN regexp_full_match(t, '\d{{8}}[ T]?{_CLOCK}(:[0-5]\d)?')
            THEN coalesce(try_strptime(replace(replace(t, 'T', ''), ' ', ''), '%Y%m%d%H:%M:%S'),
                          try_strptime(replace(replace(t, 'T', ''), ' ', ''), '%Y%m%d%H:%M'))
        WHEN regexp_full_match(t, '\d{{8}}[ T]?\d{{6}}Z?')
            THEN CASE WHEN t LIKE '%Z'
                THEN timezone('Europe/Stockholm', timezone('UTC', try_strptime(replace(replace(replace(t, 'T', ''), ' ', ''), 'Z', ''), '%Y%m%d%H%M%S')))
                ELSE try_strptime(replace(replace(t, 'T', ''), ' ', ''), '%Y%m%d%H%M%S') END
        WHEN regexp_full_match(t, '\d{{8}}[ T]?\d{{4}}') THEN try_strptime(replace(replace(t, 'T', ''), ' ', ''), '%Y%m%d%H%M')
        WHEN regexp_full_match(t, '\d{{5}}[.,]\d+') THEN TIMESTAMP '1899-12-30' + to_seconds(CAST(round(86400 * CAST(replace(t, ',', '.') AS DOUBLE)) AS BIGINT))
        END""",
    "day_of(t)": "coalesce(day_alone(t), CAST(moment(t) AS DATE))",
    "start_of(t)": "coalesce(moment(t), CAST(day_alone(t) AS TIMESTAMP))",
    "end_of(t)": "coalesce(moment(t), CAST(day_alone(t) AS TIMESTAMP) + INTERVAL 86399 SECOND)",
    # a personnummer, samordningsnummer or reserve number as twelve characters; ten get the latest century that is not after `seen`,
    # with + the one before it (folkbokföringslagen 1991:481, 18 §)
    "person_text(t)": r"upper(regexp_replace(regexp_replace(t, '\s', '', 'g'), '[\x{2010}-\x{2015}\x{2212}]', '-', 'g'))",
    "century(t, seen)": """CAST(CAST(year(seen) // 100 AS INTEGER)
        - CASE WHEN CAST(t[1:4] AS INTEGER) > (year(seen) % 100) * 100 + month(seen) THEN 1 ELSE 0 END
        - CASE WHEN t[7:7] = '+' THEN 1 ELSE 0 END AS VARCHAR)""",
    "person_number(t, seen)": r"""CASE
        WHEN regexp_full_match(t, '\d{2}[0-9A-Z]{6}[-+]?[0-9A-Z]{4}|\d{4}-\d{2}-\d{2}[-+]?[0-9A-Z]{4}') THEN regexp_replace(t, '[-+]', '', 'g')
        WHEN regexp_full_match(t, '\d{6}[-+]?[0-9A-Z]{4}') THEN century(t, seen) || regexp_replace(t, '[-+]', '', 'g')
        END""",
    # most cells are written plainly, and understanding the others is slow
    # the inner list gives the text one name, so that it is worked out once
    "person(t, seen)": r"""CASE WHEN regexp_full_match(t, '\d{12}') THEN t WHEN regexp_full_match(t, '\d{8}-\d{4}') THEN t[1:8] || t[10:13]
        WHEN t IS NOT NULL THEN list_transform([person_text(t)], lambda p: person_number(p, seen))[1] END""",
    "several(t, mark)": "list_filter(list_transform(regexp_split_to_array(t, mark), lambda x: person_text(trim(x))), lambda x: x <> '')",
    # all of them, or nothing when one cannot be read
    "whole(numbers)": "CASE WHEN len(numbers) > 0 AND len(numbers) = list_count(numbers) THEN list_sort(list_distinct(numbers)) END",
    "people(t, mark, seen)": r"""CASE
        WHEN regexp_full_match(t, '(' || mark || ')?\d{12}((' || mark || ') ?\d{12})*')
            THEN list_sort(list_distinct(regexp_extract_all(t, '\d{12}')))
        WHEN t IS NOT NULL
            THEN list_transform([list_transform(several(t, mark), lambda p: person_number(p, seen))], lambda numbers: whole(numbers))[1]
        END""",
    # modulus 10 over the nine digits YYMMDDNNN and the check digit
    "check_digit_right(p)": """list_sum(list_transform([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], lambda i:
        CASE WHEN i % 2 = 1 THEN (2 * CAST(p[i + 2] AS INTEGER)) // 10 + (2 * CAST(p[i + 2] AS INTEGER)) % 10
        ELSE CAST(p[i + 2] AS INTEGER) END)) % 10 = 0""",
    # the date in a valid personnummer, or in a valid samordningsnummer (day minus 60); an invalid number gives none
    "birth_date_in(p)": r"""CASE WHEN regexp_full_match(p, '(18|19|20)\d{10}') AND check_digit_right(p) THEN
        try_cast(p[1:4] || '-' || p[5:6] || '-' || lpad(CAST(CASE WHEN CAST(p[7:8] AS INTEGER) > 60
            THEN CAST(p[7:8] AS INTEGER) - 60 ELSE CAST(p[7:8] AS INTEGER) END AS VARCHAR), 2, '0') AS DATE) END""",
}


def define_macros(engine: Engine) -> None:
    """Make the macros of this module known to the engine."""
    for head, body in _MACROS.items():
        engine.run(f"CREATE OR REPLACE MACRO {head} AS {body}")


def _decoded(raw: str) -> str:
    return f"CASE WHEN {raw} IS NOT NULL THEN coalesce(TRY(decode({raw})), {text(UNREADABLE)}) END"


def as_text(raw: str, type_: str) -> str:
    """SQL for a raw column of an engine type as text, so that every form of file is read alike."""
    if type_ == "VARCHAR":
        return raw
    if type_ == "BLOB[]":
        raw, type_ = f"list_transform({raw}, lambda b: {_decoded('b')})", "VARCHAR[]"
    if type_ == "VARCHAR[]":
        mark = text(LIST_SEPARATOR)
        return f"CASE WHEN len({raw}) > 0 THEN {mark} || array_to_string({raw}, {mark}) END"
    if type_ in ("DOUBLE", "FLOAT"):
        whole = f"CAST(CAST({raw} AS BIGINT) AS VARCHAR)"
        return f"CASE WHEN isnan({raw}) THEN NULL WHEN {raw} = trunc({raw}) AND abs({raw}) < 1e15 THEN {whole} ELSE CAST({raw} AS VARCHAR) END"
    if type_ == "TIMESTAMP WITH TIME ZONE":
        return f"CASE WHEN {raw} IS NOT NULL THEN coalesce(TRY(CAST(timezone('Europe/Stockholm', {raw}) AS VARCHAR)), {text(UNREADABLE)}) END"
    if type_ == "BLOB":
        return _decoded(raw)
    if type_.endswith("[]") or type_.startswith(("STRUCT", "MAP", "UNION")):
        return f"CASE WHEN {raw} IS NOT NULL THEN {text(UNREADABLE)} END"
    return f"CAST({raw} AS VARCHAR)"


def _of_the_calendar(moment: str) -> str:
    """SQL for a moment of the years 1 to 9999, which every calendar here knows; NULL for others, as for infinity."""
    return f"CASE WHEN {moment} BETWEEN TIMESTAMP '0001-01-01' AND TIMESTAMP '9999-12-31 23:59:59.999999' THEN {moment} END"


def _day_of_the_calendar(day: str) -> str:
    return f"CASE WHEN {day} BETWEEN DATE '0001-01-01' AND DATE '9999-12-31' THEN {day} END"


def _as_moment(cell: str, raw: str, type_: str, macro: str, form: str | None) -> str:
    if type_ == "TIMESTAMP WITH TIME ZONE":
        first, last = "TIMESTAMPTZ '0001-01-02 00:00:00+00'", "TIMESTAMPTZ '9999-12-31 00:00:00+00'"
        ever = f"WHEN {raw} BETWEEN {last} AND TIMESTAMPTZ '9999-12-31 23:59:59.999999+00' THEN TIMESTAMP '9999-12-31 23:59:59'"
        return f"CASE WHEN {raw} BETWEEN {first} AND {last} THEN timezone('Europe/Stockholm', {raw}) {ever} END"
    if type_.startswith("TIMESTAMP"):
        return _of_the_calendar(f"TRY_CAST({raw} AS TIMESTAMP)")
    if type_ == "DATE":
        day = f"CAST({_day_of_the_calendar(raw)} AS TIMESTAMP)"
        return {"start_of": day, "end_of": f"{day} + INTERVAL 86399 SECOND"}.get(macro, "CAST(NULL AS TIMESTAMP)")
    if form is None:
        return f"{macro}({cell})"
    parsed = _of_the_calendar(f"try_strptime({cell}, {text(form)})")
    if "%H" not in form and "%I" not in form:
        parsed = {"start_of": parsed, "end_of": f"{parsed} + INTERVAL 86399 SECOND"}.get(macro, "CAST(NULL AS TIMESTAMP)")
    return f"coalesce({parsed}, {macro}({cell}))"


def value_sql(
    type_: Type, cell: str, raw: str, raw_type: str, *, seen: str, form: str | None, separator: str | None = None
) -> str:
    """SQL for the canonical value of a cell; NULL where it is empty or does not fit.

    ``cell`` is SQL for the cleaned text, ``raw`` for the cell as its file holds it, of the engine type ``raw_type``. ``seen`` is SQL
    for a day or moment at which the person was alive, ``form`` a strptime form and ``separator`` what stands between the elements of
    a list, where the mapping gives them.
    """
    match type_:
        case Type.DATE:
            if raw_type == "DATE":
                return _day_of_the_calendar(raw)
            if raw_type.startswith("TIMESTAMP"):
                return f"CAST({_as_moment(cell, raw, raw_type, '', None)} AS DATE)"
            return (
                f"coalesce(CAST({_of_the_calendar(f'try_strptime({cell}, {text(form)})')} AS DATE), day_of({cell}))"
                if form
                else f"day_of({cell})"
            )
        case Type.START:
            return _as_moment(cell, raw, raw_type, "start_of", form)
        case Type.END:
            return _as_moment(cell, raw, raw_type, "end_of", form)
        case Type.INSTANT:
            return _as_moment(cell, raw, raw_type, "moment", form)
        case Type.PERSON:
            return f"person({cell}, {seen})"
        case Type.PEOPLE:
            between = f"[{LIST_SEPARATOR}]|{re.escape(separator)}" if separator else f"[;,|{LIST_SEPARATOR}]"
            return f"people({cell}, {text(between)}, {seen})"
        case Type.INTEGER if raw_type in WHOLE_NUMBERS:
            return f"CAST({raw} AS BIGINT)"
        case Type.INTEGER:
            return f"try_cast(regexp_replace({cell}, '[.,]0+$', '') AS BIGINT)"
        case _:
            return f"plain_text({cell})"


def raw_columns(engine: Engine, source: str) -> dict[str, str]:
    """Name -> engine type of each column of a raw file."""
    return dict(engine.columns(f"SELECT * FROM {source}"))
