"""Reads a user's mapping file strictly: every fault at once, each with line and column, and nothing guessed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import MappingStartEvent, NodeEvent

from auditor.agreement.faults import MAXIMUM_FAULTS, Faults, Place, nearest_word, shown
from auditor.agreement.yaml_tree import Entries, Node, Scalar, decode, read_tree
from auditor.errors import UserErrors
from auditor.intake.mapping_model import (
    LIST_TYPES,
    TIME_TYPES,
    Mapping,
    TableMapping,
    Target,
    columns_of,
    is_coded,
)
from auditor.intake.spelling import alike, heading_key
from auditor.intake.tables import TABLES, Column, Type
from auditor.law.municipalities import county_codes, municipalities
from auditor.words import _

FORM_VERSION = "1"
_DELIMITERS = {";": ";", ",": ",", "|": "|", "tab": "\t"}
_NAMED_SEPARATORS = {"tab": "\t", "newline": "\n"}
_LONGEST_SEPARATOR = 5
#: What a date form may hold, by what each part says; the engine understands no more of them without guessing.
_DATE_PARTS = {
    "%Y": "year", "%y": "year", "%m": "month", "%d": "day", "%H": "hour", "%I": "hour",
    "%p": "half of the day", "%M": "minute", "%S": "second", "%f": "fraction",
}  # fmt: skip
_DATE_PART = re.compile("%(.?)", re.DOTALL)
#: Kinds of column whose canonical values are the same in every agreement.
_FIXED = frozenset({Type.BOOLEAN, Type.PROTECTION, Type.DECISION, Type.ACTION})


class MappingFaults(Faults):
    """The faults of a mapping file."""

    def error(self) -> UserErrors:
        """All faults as one error, in the order of the file; of more than 200 the first 200, with their number."""
        found = sorted(self._found, key=lambda fault: (fault.line or 0, fault.column if isinstance(fault.column, int) else 0))
        if len(found) == 1:
            message = _("The mapping has a fault.")
        elif len(found) <= MAXIMUM_FAULTS:
            message = _("The mapping has {count} faults.").format(count=len(found))
        else:
            message = _("The mapping has {count} faults; here are the first {shown}.").format(
                count=len(found), shown=MAXIMUM_FAULTS
            )
        return UserErrors(message, found[:MAXIMUM_FAULTS], hint=_("Mend the mapping file and try again."), file=self._file)


def read_user_mapping(data: bytes, file: str, standard: Mapping) -> Mapping:
    """The mapping in ``data`` (a file's bytes, at most 1 MiB) on top of ``standard``. Raises UserErrors with all faults."""
    faults = MappingFaults(file)
    if not data.strip():
        raise faults.only(_("The file is empty."), _begin())
    text = decode(data, faults)
    _refuse_other_forms(text, faults)
    root = read_tree(text, faults).root
    mapping = _Reader(faults, standard).read(root)
    if faults:
        raise faults.error()
    return replace(mapping, file=file)


def _begin() -> str:
    return _("Begin with 'mapping: {version}' and the tables; docs/mapping.md shows a whole example.").format(
        version=FORM_VERSION
    )


def _refuse_other_forms(text: str, faults: Faults) -> None:
    """Raises UserErrors for a file that is YAML, but holds a list or a single value instead of keys."""
    try:
        first = next((event for event in YAML(typ="safe", pure=True).parse(text) if isinstance(event, NodeEvent)), None)
    except YAMLError:
        return  # told with its place when the tree is read
    if not isinstance(first, MappingStartEvent):
        raise faults.only(_("The file does not hold keys with values."), _begin())


class _Reader:
    """Walks the tree of a mapping file. Each method reads one part, and adds to the faults what is wrong in it."""

    def __init__(self, faults: Faults, standard: Mapping) -> None:
        self._faults = faults
        self._standard = standard

    def read(self, root: Entries) -> Mapping:
        self._known_keys(root, ("mapping", "unverified", "files", "delimiter", "sheet", "heading_row", "tables"))
        version = root.values.get("mapping")
        if version is None:
            self._faults.add(_("The key 'mapping', the version of the form, is missing."), _begin(), Place(1, 1))
        elif self._text(version) not in (None, FORM_VERSION):
            self._faults.add(
                _("This version of the form is not known."),
                _("Write 'mapping: {version}'.").format(version=FORM_VERSION),
                version.place,
            )
        tables = dict(self._standard.tables)
        for name, node, place in self._entries(root.values.get("tables")):
            if name in TABLES:
                tables[name] = self._table(name, node, tables[name])
            else:
                self._unknown(_("There is no table '{name}'."), name, TABLES, place)
        return replace(
            self._standard,
            tables=tables,
            files=self._files(root.values.get("files")),
            delimiter=self._delimiter(root.values.get("delimiter")),
            sheet=self._text(root.values.get("sheet")),
            heading_row=self._row_number(root.values.get("heading_row")),
            unverified=self._text(root.values.get("unverified")),
        )

    def _files(self, node: Node | None) -> tuple[tuple[str, str], ...]:
        found = []
        for pattern, target, _place in self._entries(node):
            table = self._text(target)
            if table in TABLES:
                found.append((pattern, table))
            elif table is not None:
                self._unknown(_("There is no table '{name}'."), table, TABLES, target.place)
        return tuple(found)

    def _table(self, table: str, node: Node, base: TableMapping) -> TableMapping:
        part = self._as_entries(node)
        self._known_keys(part, ("columns", "ignore", "values", "separators", "dates", "delimiter", "sheet", "heading_row"))
        get = part.values.get
        named, ignored = self._columns(table, get("columns"), get("ignore"))
        return replace(
            base,
            named=named,
            ignored=ignored,
            values=self._values(table, get("values")),
            separators=self._by_column(
                table, get("separators"), LIST_TYPES, self._separator, _("'{column}' is not a list column.")
            ),
            date_forms=self._by_column(table, get("dates"), TIME_TYPES, self._date_form, _("'{column}' holds no dates.")),
            delimiter=self._delimiter(get("delimiter")),
            sheet=self._text(get("sheet")),
            heading_row=self._row_number(get("heading_row")),
        )

    def _columns(self, table: str, node: Node | None, ignore: Node | None) -> tuple[dict[str, str], tuple[str, ...]]:
        named: dict[str, str] = {}
        ignored: list[str] = []
        used: dict[str, Place] = {}
        for column, target, place in self._entries(node):
            if self._column(table, column, place) is None:
                continue
            if not isinstance(target, Scalar):
                self._faults.add(
                    _("'{column}' is given something else than one heading.").format(column=column),
                    _("Name the one heading that holds this column; two headings cannot be one column."),
                    target.place,
                )
                continue
            heading = self._unused(self._text(target), target.place, used)
            if heading is not None:
                named[column] = heading
        for item in self._items(ignore):
            heading = self._unused(self._text(item), item.place, used)
            if heading is not None:
                ignored.append(heading)
        return named, tuple(ignored)

    def _unused(self, heading: str | None, place: Place, used: dict[str, Place]) -> str | None:
        """The heading, if it has not been given another meaning before; ``used`` remembers where each stands."""
        if heading is None:
            return None
        first = used.setdefault(heading_key(heading), place)
        if first == place:
            return heading
        self._faults.add(
            _("The heading '{heading}' is used before, on line {line}.").format(heading=shown(heading), line=first.line),
            _("A heading means one column; remove one of the two."),
            place,
        )
        return None

    def _values(self, table: str, node: Node | None) -> dict[str, dict[str, Target]]:
        found: dict[str, dict[str, Target]] = {}
        for name, meanings, place in self._entries(node):
            column = self._column(table, name, place)
            if column is None:
                continue
            if not is_coded(column):
                coded = ", ".join(column.name for column in TABLES[table].columns if is_coded(column))
                self._faults.add(
                    _("The values of '{column}' are not words that can be mapped.").format(column=name),
                    _("Values can be mapped in: {columns}.").format(columns=coded or "-"),
                    place,
                )
                continue
            found[name] = self._meanings(column, meanings)
        return found

    def _meanings(self, column: Column, node: Node) -> dict[str, Target]:
        found: dict[str, Target] = {}
        first: dict[str, int] = {}
        for text, target, place in self._entries(node):
            if alike(text) in first:
                self._faults.add(
                    _("The text '{text}' is mapped before, on line {line}.").format(text=shown(text), line=first[alike(text)]),
                    _("Upper and lower case, hyphens and spaces make no difference; keep one of the lines."),
                    place,
                )
                continue
            first[alike(text)] = place.line
            value = self._target(column, target)
            if value is not None:
                found[text] = value
        return found

    def _target(self, column: Column, node: Node) -> Target | None:
        """The canonical value that a text is mapped to; None when it is at fault."""
        if not isinstance(node, Scalar):
            self._faults.add(_("A text is mapped to something else than one value."), _("Write 'text: value'."), node.place)
            return None
        value = node.text
        if value is not None:
            allowed = self._allowed(column.type)
            if allowed is not None and value not in allowed:
                self._unknown(_("'{name}' is not a value of this column."), value, allowed, node.place)
                return None
        return None if node.unusable else Target(value, node.place.line, node.place.column)

    def _allowed(self, type_: Type) -> Iterable[str] | None:
        """The values that a column of this kind can have; None when the agreement decides."""
        if type_ in _FIXED:
            return self._standard.words.by_type[type_]
        if type_ is Type.MUNICIPALITY:
            return municipalities()
        if type_ is Type.PLACE:
            return [*municipalities(), *sorted(county_codes())]
        return None

    def _by_column(
        self, table: str, node: Node | None, types: frozenset[Type], read: Callable[[Scalar], str | None], misfit: str
    ) -> dict[str, str]:
        """One value for all columns of these kinds, or one by column."""
        if isinstance(node, Scalar):
            value = read(node)
            return {} if value is None else dict.fromkeys(columns_of(table, types), value)
        found = {}
        for name, target, place in self._entries(node):
            column = self._column(table, name, place)
            if column is None:
                continue
            if column.type not in types:
                fitting = ", ".join(columns_of(table, types)) or "-"
                self._faults.add(misfit.format(column=name), _("Possible here: {columns}.").format(columns=fitting), place)
                continue
            if not isinstance(target, Scalar):
                self._faults.add(_("One value is expected here."), _("Write 'column: value'."), target.place)
                continue
            value = read(target)
            if value is not None:
                found[name] = value
        return found

    def _separator(self, node: Scalar) -> str | None:
        text = self._text(node)
        separator = _NAMED_SEPARATORS.get(text or "", text)
        if separator is None:
            return None
        if len(separator) > _LONGEST_SEPARATOR or any(character.isalnum() for character in separator):
            self._faults.add(
                _("A list separator is one to {limit} characters, none of them a letter or digit.").format(
                    limit=_LONGEST_SEPARATOR
                ),
                _("Write for instance '/' or the word newline or tab."),
                node.place,
            )
            return None
        return separator

    def _date_form(self, node: Scalar) -> str | None:
        form = self._text(node)
        if form is None:
            return None
        parts = [_DATE_PARTS.get(found[0]) for found in _DATE_PART.finditer(form) if found[0] != "%%"]
        unique = len(set(parts)) == len(parts) and None not in parts
        whole = {"year", "month", "day"} <= set(parts)
        nested = [part in parts for part in ("hour", "minute", "second", "fraction")]
        halves = ("%I" in form) == ("%p" in form)
        if unique and whole and nested == sorted(nested, reverse=True) and halves:
            return form
        self._faults.add(
            _("The date form '{form}' cannot be used.").format(form=shown(form)),
            _(
                "Use each once: %Y (or %y), %m and %d, if need be %H (or %I with %p), %M, %S and %f; "
                "for instance '%d/%m/%Y %H:%M'."
            ),
            node.place,
        )
        return None

    def _delimiter(self, node: Node | None) -> str | None:
        text = self._text(node)
        if node is None or text is None:
            return None
        if text not in _DELIMITERS:
            self._faults.add(_("This delimiter is not known."), _("Write one of ';', ',', '|' or the word tab."), node.place)
        return _DELIMITERS.get(text)

    def _row_number(self, node: Node | None) -> int | None:
        text = self._text(node)
        if node is None or text is None:
            return None
        if not re.fullmatch("[1-9][0-9]{0,2}", text):
            self._faults.add(
                _("'{key}' is not the number of a row.").format(key="heading_row"),
                _("Write the row of the headings, from 1 to 999."),
                node.place,
            )
            return None
        return int(text)

    def _column(self, table: str, name: str, place: Place) -> Column | None:
        known = {column.name: column for column in TABLES[table].columns}
        if name not in known:
            self._unknown(_("The table '{table}' has no column '{name}'."), name, known, place, table=table)
        return known.get(name)

    def _unknown(self, message: str, name: str, known: Iterable[str], place: Place, **more: str) -> None:
        """A name that is not known; ``message`` has the placeholder {name}, and those of ``more``."""
        words = list(known)
        near = nearest_word(name, words)
        if near is not None:
            hint = _("Did you mean '{near}'?").format(near=near)
        elif len(words) <= 40:
            hint = _("Possible here: {columns}.").format(columns=", ".join(words))
        else:
            hint = _("Write the municipality's four digits, or a county's two where a county is possible.")
        self._faults.add(message.format(name=shown(name), **more), hint, place)

    def _known_keys(self, node: Entries, known: tuple[str, ...]) -> None:
        for key, place in node.keys.items():
            if key not in known:
                self._unknown(_("The key '{name}' is not known here."), key, known, place)

    def _entries(self, node: Node | None) -> list[tuple[str, Node, Place]]:
        entries = self._as_entries(node)
        for key, place in entries.keys.items():
            if key not in entries.values:
                self._faults.add(
                    _("A value is missing here."), _("Write the value after the colon, or remove the line."), place
                )
        return [(key, entries.values[key], place) for key, place in entries.keys.items() if key in entries.values]

    def _as_entries(self, node: Node | None) -> Entries:
        if isinstance(node, Entries):
            return node
        if node is not None and not (isinstance(node, Scalar) and node.unusable):
            self._faults.add(_("Keys with values are expected here."), _("Write 'key: value', one on each line."), node.place)
        return Entries(Place(1, 1))

    def _items(self, node: Node | None) -> list[Node]:
        if node is None or isinstance(node, Scalar | Entries):
            if node is not None:
                self._faults.add(_("A list is expected here."), _("Write [one, two]."), node.place)
            return []
        return node.items

    def _text(self, node: Node | None) -> str | None:
        """A single value's text; None when there is no node, or after noting that it is at fault."""
        if node is None:
            return None
        if isinstance(node, Scalar):
            if node.text is None and not node.unusable:
                self._faults.add(
                    _("A value is missing here."), _("Write the value after the colon, or remove the line."), node.place
                )
            return None if node.unusable else node.text
        self._faults.add(_("One value is expected here."), _("Write 'key: value'."), node.place)
        return None
