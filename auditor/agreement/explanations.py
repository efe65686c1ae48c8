"""What pydantic and the terms refuse, explained: what is wrong in one sentence, and what to do next in another."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from auditor.agreement.faults import Faults, nearest_word, shown
from auditor.agreement.model import (
    Access,
    Agreement,
    CatalogueField,
    Categories,
    CheckOff,
    Deadline,
    DutyUnit,
    Flow,
    Organisation,
    Party,
    Period,
    TargetGroup,
)
from auditor.agreement.terms import law_table
from auditor.agreement.yaml_tree import Clause, Scalar, Tree, nearest
from auditor.law.municipalities import county_codes, municipalities
from auditor.words import _

Said = tuple[str, str]

# Which model stands at a place of the file; a star is any key or index.
_MODELS: dict[tuple[str, ...], type[BaseModel]] = {
    (): Agreement,
    ("periods", "*"): Period,
    ("organisations", "*"): Organisation,
    ("parties", "*"): Party,
    ("target_group",): TargetGroup,
    ("fields", "*"): CatalogueField,
    ("categories",): Categories,
    ("flows", "*"): Flow,
    ("flows", "*", "deadline"): Deadline,
    ("access",): Access,
    ("access", "duty_units", "*"): DutyUnit,
    ("checks_off", "*"): CheckOff,
}


def explain(error: ValidationError, tree: Tree, faults: Faults) -> None:
    """Add every fault of a ValidationError to ``faults``, with its place. Values already reported are passed over."""
    for detail in error.errors(include_url=False):
        kind, value, context = detail["type"], detail["input"], dict(detail.get("ctx", {}))
        clause: Clause = detail["loc"]
        if kind == "too_short" and value:
            continue  # its items are reported one by one
        if kind == "order":
            clause = (*clause, "valid_to")
        wrong_key = bool(clause) and clause[-1] == "[key]"
        if wrong_key:
            clause = clause[:-1]
        node, named = nearest(tree.root, clause[:-1] if kind == "missing" else clause)
        at_key = wrong_key or kind == "extra_forbidden"
        if not at_key and isinstance(node, Scalar) and (node.unusable or node.text is None):
            continue  # reported already
        message, hint = _said(kind, clause, value, context)
        faults.add(message, hint, named if at_key else node.place)


def _said(kind: str, clause: Clause, value: object, context: Mapping[str, Any]) -> Said:
    key = shown(_key_of(clause))
    if kind == "missing":
        return _missing(clause, key)
    if kind == "extra_forbidden":
        return _unknown_key(clause, key)
    if kind in _SHAPES:
        return _shape(_SHAPES[kind], key)
    if kind == "literal_error":
        return _choice(key, value, context)
    if kind in _TERMS:
        return _TERMS[kind](str(context.get("value", "")), context)
    return _("The value of '{key}' does not fit.").format(key=key), _(
        "Compare it with the agreement that comes with the program."
    )


def _key_of(clause: Clause) -> str:
    return str(next((step for step in reversed(clause) if isinstance(step, str)), ""))


def _missing(clause: Clause, key: str) -> Said:
    return _("The required key '{key}' is missing here.").format(key=key), _("Add a line '{key}: …'.").format(key=key)


def _unknown_key(clause: Clause, key: str) -> Said:
    message = _("The key '{key}' is unknown here.").format(key=key)
    known = _known_keys(clause[:-1])
    near = nearest_word(str(clause[-1]), known)
    if near:
        return message, _("Did you mean '{word}'?").format(word=near)
    return message, _("Remove it. Known here: {words}.").format(words=", ".join(known))


def _known_keys(clause: Clause) -> list[str]:
    for pattern, model in _MODELS.items():
        if len(pattern) == len(clause) and all(part in ("*", step) for part, step in zip(pattern, clause, strict=True)):
            return [field.alias or name for name, field in model.model_fields.items()]
    return []


# What pydantic calls a wrong shape -> the shape that belongs there.
_SHAPES = {
    "tuple_type": "list",
    "model_type": "mapping",
    "model_attributes_type": "mapping",
    "dict_type": "mapping",
    "mapping_type": "mapping",
    "single_expected": "single",
    "too_short": "filled",
}


def _shape(shape: str, key: str) -> Said:
    if shape == "list":
        return _("The value of '{key}' must be a list.").format(key=key), _("Write [value, value], or one '- value' a line.")
    if shape == "mapping":
        return (
            _("The value of '{key}' must be a group of keys.").format(key=key),
            _("Write 'key: value' on lines of their own."),
        )
    if shape == "single":
        return _("The value of '{key}' must be a single value.").format(key=key), _("Write one value without brackets or keys.")
    return _("The key '{key}' holds nothing.").format(key=key), _(
        "Name at least one value, or remove the line if it may be left out."
    )


def _choice(key: str, value: object, context: Mapping[str, Any]) -> Said:
    if not isinstance(value, str):
        return _shape("single", key)
    words = re.findall(r"'([^']*)'", str(context["expected"]))
    message = _("'{value}' is not a value of '{key}'.").format(value=shown(value), key=key)
    near = nearest_word(value, words)
    if near:
        return message, _("Did you mean '{word}'?").format(word=near)
    if len(words) == 1:
        return message, _("Write '{word}'.").format(word=words[0])
    return message, _("Write one of: {words}.").format(words=", ".join(words))


def municipality_hint(text: str) -> str:
    """What a municipality was probably meant by a text that is no code."""
    codes = municipalities()
    by_name = {name: code for code, name in codes.items()}
    wanted = re.sub(r"(?i)(?<=\w)s? (kommun|stad)$", "", text)
    code = text.zfill(4) if re.fullmatch("[0-9]{3}", text) and text.zfill(4) in codes else None
    near = nearest_word(wanted, by_name) if re.search(r"[^\W\d]", wanted) else None
    code = code or (by_name[near] if near else None)
    if code:
        return _('Write "{code}" for {name}.').format(code=code, name=codes[code])
    return _('Write the four digits of SCB\'s code in quotes, such as "0182" for Nacka.')


def _municipality(value: str, context: Mapping[str, Any]) -> Said:
    return _("'{value}' is not the code of a municipality.").format(value=shown(value)), municipality_hint(value)


def _ground(value: str, context: Mapping[str, Any]) -> Said:
    message = _("The law table has no ground '{value}'.").format(value=shown(value))
    grounds = law_table().grounds
    near = nearest_word(value, grounds)
    if near is None:
        label = nearest_word(value, (ground.label_sv for ground in grounds.values()))
        near = next((ground.id for ground in grounds.values() if ground.label_sv == label), None)
    if near:
        return message, _("Did you mean '{word}'?").format(word=near)
    return message, _("Write one of: {words}.").format(words=", ".join(grounds))


def _county(value: str, context: Mapping[str, Any]) -> Said:
    message = _("'{value}' is not the code of a county.").format(value=shown(value))
    return message, _("Write two digits in quotes, one of: {words}.").format(words=", ".join(sorted(county_codes())))


def _day(value: str, context: Mapping[str, Any]) -> Said:
    return _("'{value}' is not a day.").format(value=shown(value)), _("Write year, month and day as 2024-03-07.")


def _impossible_day(value: str, context: Mapping[str, Any]) -> Said:
    return _("The day {value} does not exist.").format(value=shown(value)), _("Check year, month and day.")


def _order(value: str, context: Mapping[str, Any]) -> Said:
    message = _("The last day, {last}, lies before the first day, {first}.").format(**context)
    return message, _("Change one of them, or remove valid_to for an open end.")


def _duration(value: str, context: Mapping[str, Any]) -> Said:
    message = _("'{value}' is not a time span.").format(value=shown(value))
    return message, _("Write hours as 24h or days of 24 hours as 7d.")


def _whole_number(value: str, context: Mapping[str, Any]) -> Said:
    message = _("'{value}' is not a whole number from {least} to {greatest}.")
    message = message.format(value=shown(value), least=context["least"], greatest=context["greatest"])
    return message, _("Write the number in digits alone, without decimals.")


def _flag(value: str, context: Mapping[str, Any]) -> Said:
    return _("'{value}' is neither true nor false.").format(value=shown(value)), _("Write true or false.")


def _name(value: str, context: Mapping[str, Any]) -> Said:
    message = _("'{value}' cannot be an id.").format(value=shown(value))
    return message, _("Begin with a letter; then letters, digits, '_', '-' and '.', at most 64 in all.")


def _check(value: str, context: Mapping[str, Any]) -> Said:
    message = _("'{value}' is not the id of a check.").format(value=shown(value))
    return message, _("Write an id such as R5; 'auditor checks' lists them.")


def _form_version(value: str, context: Mapping[str, Any]) -> Said:
    message = _("The file is written in version '{value}' of the form.").format(value=shown(value))
    return message, _("This program reads version {known}: write 'agreement: {known}'.").format(known=context["known"])


def _list_or_all(value: str, context: Mapping[str, Any]) -> Said:
    message = _("'{value}' is neither a list of fields nor 'all'.").format(value=shown(value))
    return message, _("Write [{value}] for that field alone, or 'all' for the whole catalogue.").format(value=shown(value))


_TERMS: dict[str, Callable[[str, Mapping[str, Any]], Said]] = {
    "day": _day,
    "impossible_day": _impossible_day,
    "order": _order,
    "duration": _duration,
    "flag": _flag,
    "whole_number": _whole_number,
    "form_version": _form_version,
    "municipality": _municipality,
    "county": _county,
    "ground": _ground,
    "name": _name,
    "check": _check,
    "list_or_all": _list_or_all,
}
