"""What no single value shows: names that must exist elsewhere in the file, names that clash, periods that overlap.

Works on the tree and not on the model, so that these faults are found beside all others. A part that is itself broken is
passed over here; it has been reported.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from pydantic import TypeAdapter, ValidationError

from auditor.agreement.explanations import municipality_hint
from auditor.agreement.faults import Faults, Place, nearest_word, shown
from auditor.agreement.model import Categories
from auditor.agreement.terms import ALL_FIELDS, Day
from auditor.agreement.yaml_tree import Entries, Items, Node, Scalar, child, text_of
from auditor.law.municipalities import municipalities
from auditor.words import _

_DAY: TypeAdapter[date] = TypeAdapter(Day)


def check_consistency(root: Entries, check_ids: Collection[str] | None, faults: Faults) -> None:
    """Add the faults that lie between the parts of the file. ``check_ids``: the checks that exist, None = not known here."""
    _values(root, faults)
    _organisations(root, faults)
    _catalogue(root, faults)
    _flows(root, faults)
    _overlaps(_items(root, "periods"), False, faults)
    _overlaps(_items(root, "parties"), True, faults)
    _checks_off(root, check_ids, faults)


def _items(node: Node | None, key: str) -> list[Node]:
    """The items of the list under ``key``; a single value counts as one item."""
    value = child(node, key)
    if isinstance(value, Items):
        return value.items
    return [value] if isinstance(value, Scalar) else []


def _named(node: Node | None, key: str) -> Iterator[tuple[str, Scalar]]:
    """The texts of the list or single value under ``key``, each with its node."""
    for item in _items(node, key):
        if isinstance(item, Scalar) and item.text is not None:
            yield item.text, item


def _values(node: Node, faults: Faults) -> None:
    """Every key and every item of a list has a value: what is left empty by mistake must not become a default."""
    if isinstance(node, Entries):
        for key, value in node.values.items():
            if isinstance(value, Scalar) and value.text is None and not value.unusable:
                message = _("The key '{key}' has no value.").format(key=shown(key))
                faults.add(message, _("Write a value, or remove the line."), node.keys[key])
            _values(value, faults)
    elif isinstance(node, Items):
        for item in node.items:
            if isinstance(item, Scalar) and item.text is None and not item.unusable:
                faults.add(_("The item of the list has no value."), _("Write a value, or remove the item."), item.place)
            _values(item, faults)


# --- names that must exist --------------------------------------------------------------------------------------------


def _organisations(root: Entries, faults: Faults) -> None:
    declared = root.values.get("organisations")
    names = {"police-roc": "Polismyndigheten (ROC)"} if declared is None else {}
    if isinstance(declared, Entries):
        names = {key: text_of(child(value, "name")) or key for key, value in declared.values.items()}
        _clashes(_names_of(declared, "name"), faults, _municipality_names())
    elif declared is not None:
        return
    references = [*_named(root, "counterpart"), *_named(root, "entry_point")]
    units = root.values.get("units")
    if isinstance(units, Entries):
        references += [(key, Scalar(key, place)) for key, place in units.keys.items()]
    for unit in _items(child(root, "access"), "duty_units"):
        references += _named(unit, "organisation")
    for text, node in references:
        if text not in names and text not in municipalities():
            _unknown_organisation(text, names, node.place, faults)
    counterpart, entry_point = root.values.get("counterpart"), root.values.get("entry_point")
    if isinstance(entry_point, Scalar) and entry_point.text is not None and entry_point.text == text_of(counterpart):
        message = _("'{value}' is both counterpart and entry_point.").format(value=shown(entry_point.text))
        faults.add(
            message,
            _("Name the other authority as counterpart, and the municipality at the single entry as entry_point."),
            entry_point.place,
        )


def _unknown_organisation(text: str, names: dict[str, str], place: Place, faults: Faults) -> None:
    message = _("'{value}' is neither the code of a municipality nor an id under organisations.").format(value=shown(text))
    by_name = {name: key for key, name in names.items()}
    near = nearest_word(text, names) or by_name.get(nearest_word(text, by_name) or "")
    hint = _("Did you mean '{word}'?").format(word=shown(near)) if near else municipality_hint(text)
    faults.add(message, hint, place)


def _catalogue(root: Entries, faults: Faults) -> None:
    fields = root.values.get("fields")
    if not isinstance(fields, Entries):
        return
    _clashes(_names_of(fields, "label"), faults)
    if ALL_FIELDS[0] in fields.keys:
        message = _("The word 'all' cannot be the id of a field: in a flow it means the whole catalogue.")
        faults.add(message, _("Give the field another id."), fields.keys[ALL_FIELDS[0]])
    known = {text for value in fields.values.values() if (text := text_of(child(value, "category"))) is not None}
    for group in Categories.model_fields:
        for text, node in _named(root.values.get("categories"), group):
            if text not in known:
                message = _("No field has the category '{value}'.").format(value=shown(text))
                faults.add(message, _meant(text, known), node.place)


def _meant(text: str, known: Collection[str]) -> str:
    near = nearest_word(text, known)
    if near:
        return _("Did you mean '{word}'?").format(word=shown(near))
    return _("Write one of: {words}.").format(words=", ".join(shown(word) for word in known))


def _flows(root: Entries, faults: Faults) -> None:
    flows = root.values.get("flows")
    fields = root.values.get("fields")
    if not isinstance(flows, Items):
        return
    seen: dict[str, int] = {}
    names: list[_Name] = []
    for number, flow in enumerate(flows.items):
        for text, node in _named(flow, "id"):
            if text in seen:
                message = _("The id '{value}' belongs to the flow on line {line} already.")
                faults.add(
                    message.format(value=shown(text), line=seen[text]), _("Give each flow an id of its own."), node.place
                )
            else:
                seen[text] = node.place.line
                names += [_Name(number, word, at.place) for key in ("id", "label", "aliases") for word, at in _named(flow, key)]
        if not isinstance(fields, Entries):
            continue
        for text, node in _named(flow, "fields"):
            alone = isinstance(child(flow, "fields"), Scalar)
            if alone or text in fields.values:
                continue
            message = _("The catalogue has no field '{value}'.").format(value=shown(text))
            if text == ALL_FIELDS[0]:
                faults.add(message, _("Write 'fields: all' without brackets for the whole catalogue."), node.place)
            else:
                faults.add(message, _meant(text, fields.values), node.place)
    _clashes(names, faults)


def _checks_off(root: Entries, check_ids: Collection[str] | None, faults: Faults) -> None:
    seen: dict[str, int] = {}
    for item in _items(root, "checks_off"):
        for text, node in _named(item, "check"):
            if text in seen:
                message = _("The check {value} is switched off on line {line} already.")
                faults.add(message.format(value=shown(text), line=seen[text]), _("Keep one of them."), node.place)
            elif check_ids is not None and text not in check_ids:
                message = _("There is no check '{value}'.").format(value=shown(text))
                faults.add(message, _("'auditor checks' lists the checks."), node.place)
            seen.setdefault(text, node.place.line)


# --- names that clash -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Name:
    """A name by which the logs may call ``owner``."""

    owner: str | int
    text: str
    place: Place | None


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _names_of(declared: Entries, shown_as: str) -> list[_Name]:
    names = []
    for key, value in declared.values.items():
        names.append(_Name(key, key, declared.keys[key]))
        names += [_Name(key, text, node.place) for word in (shown_as, "aliases") for text, node in _named(value, word)]
    return names


def _municipality_names() -> list[_Name]:
    return [
        _Name(code, text, None)
        for code, name in municipalities().items()
        for text in (code, name, f"{name} kommun", f"{name}s kommun", f"{name} stad", f"{name}s stad")
    ]


def _clashes(names: list[_Name], faults: Faults, taken: Collection[_Name] = ()) -> None:
    """One name, one owner: else a log that uses it could mean either."""
    owners: dict[str, _Name] = {_folded(name.text): name for name in taken}
    for name in names:
        first = owners.setdefault(_folded(name.text), name)
        if first.owner == name.owner:
            continue
        if first.place is None:
            message = _("'{value}' is the name of a municipality.").format(value=shown(name.text))
        else:
            message = _("'{value}' is also a name on line {line}.").format(value=shown(name.text), line=first.place.line)
        faults.add(message, _("Give each its own name: a log that uses it could mean either."), name.place)


# --- periods that overlap ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Span:
    first: date
    last: date
    place: Place


def _day(node: Node | None) -> date | None:
    try:
        return _DAY.validate_python(text_of(node))
    except ValidationError:
        return None


def _span(node: Node) -> _Span | None:
    """The days of a period, an open end as the last day there is; None where they cannot be read."""
    first, end = child(node, "valid_from"), child(node, "valid_to")
    start = _day(first)
    last = date.max if end is None else _day(end)
    if start is None or last is None or last < start or not isinstance(first, Scalar):
        return None
    return _Span(start, last, first.place)


def _overlaps(items: list[Node], by_municipality: bool, faults: Faults) -> None:
    """Every period that begins before an earlier one of the same owner has ended, reported once."""
    groups: dict[str, list[_Span]] = {}
    for item in items:
        span = _span(item)
        owner = text_of(child(item, "municipality")) if by_municipality else ""
        if span is not None and owner is not None:
            groups.setdefault(owner, []).append(span)
    for owner, spans in groups.items():
        ordered = sorted(spans, key=lambda span: (span.first, span.place))
        longest = ordered[0]
        for span in ordered[1:]:
            if span.first <= longest.last:
                first, second = sorted((longest, span), key=lambda each: each.place)
                _overlap(owner, first, second, faults)
            longest = max(longest, span, key=lambda each: each.last)


def _overlap(owner: str, first: _Span, second: _Span, faults: Faults) -> None:
    if owner:
        message = _("The periods of {name} overlap: this one and the one on line {line}.")
        message = message.format(name=municipalities().get(owner, shown(owner)), line=first.place.line)
    else:
        message = _("The periods overlap: this one and the one on line {line}.").format(line=first.place.line)
    faults.add(message, _("Let the earlier one end the day before the later one begins."), second.place)
