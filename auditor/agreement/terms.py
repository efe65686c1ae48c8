"""The single values of an agreement file: each has one exact written form, and nothing near it is accepted.

Every value arrives as the text that was written (``yaml_tree``). A term turns it into its Python value, or raises a
PydanticCustomError whose type is explained to the user in ``explanations``. In JSON Schema each term has the form that a
YAML editor sees: a whole number, true or false, or a text with a pattern.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import cache
from typing import Annotated, Any, Literal, TypeVar, get_args

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from auditor.law.grounds import LawTable, read_law_table
from auditor.law.municipalities import county_codes, municipalities

FORM_VERSION = 1
ALL_FIELDS = ("all",)
K = TypeVar("K")
V = TypeVar("V")


@cache
def law_table() -> LawTable:
    """The law table that comes with the program, read once."""
    return read_law_table()


def _fault(kind: str, **context: Any) -> PydanticCustomError:
    return PydanticCustomError(kind, "see auditor.agreement.explanations", context)


def _single(value: object) -> str:
    if value is None:
        raise _fault("no_value")
    if not isinstance(value, str):
        raise _fault("single_expected")
    return " ".join(value.split())


def _term(read: Callable[[str], object], form: dict[str, object]) -> tuple[BeforeValidator, WithJsonSchema]:
    """A term: how its text is read (raising for a wrong form), and its form in JSON Schema."""
    return BeforeValidator(lambda value: read(_single(value))), WithJsonSchema(form)


def _pattern(kind: str, pattern: str, **context: object) -> Callable[[str], str]:
    def read(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise _fault(kind, value=text, **context)
        return text

    return read


def _day(text: str) -> date:
    if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise _fault("day", value=text)
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise _fault("impossible_day", value=text) from None


def _duration(text: str) -> timedelta:
    if not re.fullmatch("(0|[1-9][0-9]{0,4})[hd]", text):
        raise _fault("duration", value=text)
    return timedelta(hours=int(text[:-1]) * (24 if text[-1] == "d" else 1))


def _flag(text: str) -> bool:
    if text not in ("true", "false"):
        raise _fault("flag", value=text)
    return text == "true"


def _whole(least: int, greatest: int) -> tuple[BeforeValidator, WithJsonSchema]:
    def read(text: str) -> int:
        if not re.fullmatch("0|[1-9][0-9]{0,8}", text) or not least <= int(text) <= greatest:
            raise _fault("whole_number", value=text, least=least, greatest=greatest)
        return int(text)

    return _term(read, {"type": "integer", "minimum": least, "maximum": greatest})


def _form_version(text: str) -> int:
    if text != str(FORM_VERSION):
        raise _fault("form_version", value=text, known=FORM_VERSION)
    return FORM_VERSION


def _municipality(text: str) -> str:
    if text not in municipalities():
        raise _fault("municipality", value=text)
    return text


def _county(text: str) -> str:
    if text not in county_codes():
        raise _fault("county", value=text)
    return text


def _ground(text: str) -> str:
    if text not in law_table().grounds:
        raise _fault("ground", value=text)
    return text


_before, _schema = _term(str, {"type": "string", "minLength": 1})
#: A text in plain words; white space and line breaks count as one space.
Text = Annotated[str, _before, _schema]

_NAME = r"[^\W\d_][\w.-]{0,63}"
_before, _schema = _term(_pattern("name", _NAME), {"type": "string", "pattern": r"^[^0-9\s_.-]\S{0,63}$"})
#: An id: a letter, then letters, digits, ``_``, ``-`` and ``.``; at most 64 characters.
Name = Annotated[str, _before, _schema]

_before, _schema = _term(_day, {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"})
#: A day, ``YYYY-MM-DD``.
Day = Annotated[date, _before, _schema]

_DURATION_FORM: dict[str, object] = {"type": "string", "pattern": "^(0|[1-9][0-9]{0,4})[hd]$"}
_before, _schema = _term(_duration, _DURATION_FORM)
#: A time span: ``24h`` (hours) or ``7d`` (days of exactly 24 hours).
Duration = Annotated[timedelta, _before, _schema]

_before, _schema = _term(_flag, {"type": "boolean"})
#: ``true`` or ``false``, and no other word.
Flag = Annotated[bool, _before, _schema]

_before, _schema = _term(_form_version, {"type": "integer", "const": FORM_VERSION})
#: The version of the form of the file.
FormVersion = Annotated[int, _before, _schema]

_before, _schema = _term(_municipality, {"type": "string", "pattern": "^[0-9]{4}$"})
#: A municipality by its code (SCB, koder för kommuner): four digits.
Municipality = Annotated[str, _before, _schema]

_before, _schema = _term(_county, {"type": "string", "pattern": "^[0-9]{2}$"})
#: A county by its code: two digits.
County = Annotated[str, _before, _schema]

_before, _schema = _term(_ground, {"type": "string", "minLength": 1})
#: A legal ground of the law table by its id.
GroundId = Annotated[str, _before, _schema]

_before, _schema = _term(_pattern("check", "[TRFBPAL][1-9][0-9]?"), {"type": "string", "pattern": "^[TRFBPAL][1-9][0-9]?$"})
#: A check of the catalogue by its id.
CheckId = Annotated[str, _before, _schema]

_before, _schema = _whole(1, 150)
Age = Annotated[int, _before, _schema]
_before, _schema = _whole(0, 36_500)
Count = Annotated[int, _before, _schema]

Status = Literal["confirmed", "unconfirmed"]
OrganisationKind = Literal["police", "social_services", "other"]
Role = Literal["counterpart", "entry_point", "home_municipality", "party"]
Scope = Literal["agreement", "other"]
TargetGroupRule = Literal["required", "noted", "none"]
DeadlineStart = Literal["reported_at", "request"]
Action = Literal["read", "write", "search", "print", "export", "delete", "sign", "emergency"]


class Fixed(dict[K, V]):
    """A dictionary that does not change once it is made, so that it can be shared and pickled."""

    def _refuse(self, *_args: object, **_named: object) -> Any:
        raise TypeError("the agreement does not change")

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __reduce__(self) -> tuple[type[Fixed[K, V]], tuple[dict[K, V]]]:
        return Fixed, (dict(self),)


def _once(values: tuple[V, ...]) -> tuple[V, ...]:
    return tuple(dict.fromkeys(values))


def _one_as_list(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def _all_as_list(value: object) -> object:
    if not isinstance(value, str):
        return value
    if value != ALL_FIELDS[0]:
        raise _fault("list_or_all", value=value)
    return ALL_FIELDS


def _with_default(value: object) -> object:
    if isinstance(value, str):
        return {"default": value}
    return {"default": "12h", **value} if isinstance(value, dict) else value


def _list_form(items: dict[str, object], alone: dict[str, object]) -> WithJsonSchema:
    return WithJsonSchema({"anyOf": [alone, {"type": "array", "items": items, "minItems": 1}]})


#: A list, in the order written, each value once: a list is a set.
ListOf = Annotated[tuple[V, ...], AfterValidator(_once)]
#: A list that holds something.
FilledListOf = Annotated[tuple[V, ...], Field(min_length=1), AfterValidator(_once)]
#: A mapping that does not change.
MappingOf = Annotated[Mapping[str, V], AfterValidator(Fixed)]
#: The same, with ids as keys, and one that holds something.
NamedOf = Annotated[Mapping[Name, V], AfterValidator(Fixed)]
FilledNamedOf = Annotated[Mapping[Name, V], Field(min_length=1), AfterValidator(Fixed)]

_role_form: dict[str, object] = {"type": "string", "enum": list(get_args(Role))}
#: One role or a list of roles.
Roles = Annotated[FilledListOf[Role], BeforeValidator(_one_as_list), _list_form(_role_form, _role_form)]
#: A list of field ids, or ``all``.
FieldIds = Annotated[FilledListOf[Text], BeforeValidator(_all_as_list), _list_form({"type": "string"}, {"const": "all"})]
#: How long each source may be silent, or one time span for all of them.
Silences = Annotated[
    MappingOf[Duration],
    BeforeValidator(_with_default),
    WithJsonSchema({"anyOf": [_DURATION_FORM, {"type": "object", "additionalProperties": _DURATION_FORM}]}),
]
