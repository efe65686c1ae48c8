"""Reading suites: the shipped ones, and a user's own. Every fault of a file is told at once, each with its line and column.

A suite is great-expectations' own JSON: ``name``, ``meta`` (here with ``table``) and ``expectations``, each with ``type``,
``kwargs`` and ``meta`` (``asks``, and if wanted ``id`` and ``blocking``). Only what ``forms.py`` lists is understood.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from auditor.agreement.faults import nearest_word, shown
from auditor.contract.forms import CODE, DERIVED, FORMS, ROW_STATE, Form, derived_values, may_be_asked
from auditor.contract.json_places import elements, line_and_column, member, members
from auditor.contract.model import Aspect, Expectation, Suite
from auditor.errors import UserError, UserErrors
from auditor.intake.tables import TABLES, Table
from auditor.privacy import shown_path, without_personal_numbers
from auditor.resources import shipped
from auditor.words import _

_LARGEST = 1024 * 1024
_MOST = 500
_LONGEST_SENTENCE = 300
_SUITE_KEYS = {"name", "meta", "expectations", "id", "notes"}
_EXPECTATION_KEYS = {"type", "kwargs", "meta", "id", "notes", "severity"}


def read_suites(files: Iterable[Path] = ()) -> tuple[Suite, ...]:
    """The shipped suites in the order of the tables, then those of the files.

    Raises UserError for a file that cannot be used.
    """
    folder = shipped("expectations") / "suites"
    own = [read_suite(path, is_shipped=True) for path in folder.glob("*.json")]
    order = list(TABLES)
    return (*sorted(own, key=lambda suite: order.index(suite.table)), *(read_suite(path) for path in files))


def read_suite(path: Path, *, is_shipped: bool = False) -> Suite:
    """One suite. Raises UserError with file, line and column of what is wrong."""
    file = shown_path(path.name)
    text, digest = _text(path, file)
    try:
        raw = json.loads(text, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise UserError(
            _("The suite is not JSON."),
            hint=_("Mend it at that place, for instance a comma, a bracket or a quotation mark."),
            file=file,
            line=error.lineno,
            column=error.colno,
        ) from error
    except (ValueError, RecursionError) as error:
        raise UserError(
            _("The suite is not JSON."),
            hint=_("Numbers are written with digits, and lists do not lie deep in lists."),
            file=file,
        ) from error
    reading = _Reading(text, file, is_shipped)
    suite = reading.suite(raw, path.stem, digest)
    if reading.faults or suite is None:
        raise reading.error()
    return suite


def _text(path: Path, file: str) -> tuple[str, str]:
    try:
        if path.stat().st_size > _LARGEST:
            raise UserError(
                _("The suite is larger than 1 MiB."),
                hint=_("Name a file with a suite of expectations with --suite."),
                file=file,
            )
        content = path.read_bytes()
        return content.decode("utf-8-sig"), hashlib.sha256(content).hexdigest()
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(
            _("The suite cannot be read."), hint=_("Name a JSON file in UTF-8 that you may read with --suite."), file=file
        ) from error


def _no_number(_name: str) -> None:
    raise ValueError


class _Reading:
    """One suite as it is read, with the faults found so far."""

    def __init__(self, text: str, file: str, is_shipped: bool) -> None:
        self._text = text
        self._file = file
        self._shipped = is_shipped
        self.faults: list[UserError] = []

    def error(self) -> UserErrors:
        """All faults as one error, in the order of the file."""
        faults = sorted(self.faults, key=lambda fault: (fault.line or 0, str(fault.column)))
        if len(faults) == 1:
            message = _("The suite has a fault.")
        else:
            message = _("The suite has {count} faults.").format(count=len(faults))
        return UserErrors(message, faults, hint=_("What a suite may hold is told in docs/data-contract.md."), file=self._file)

    def _fault(self, place: int, message: str, hint: str) -> None:
        line, column = line_and_column(self._text, place)
        self.faults.append(UserError(message, hint=hint, file=self._file, line=line, column=column))

    def _known_keys(self, place: int, known: Iterable[str]) -> None:
        """Note members that are code, not known, or named twice."""
        known = set(known)
        seen: set[str] = set()
        for name, at in members(self._text, place):
            if name in CODE:
                self._fault(
                    at,
                    _("'{name}' is code, or names code or files, and is refused in a suite.").format(name=shown(name)),
                    _("Take it out; an expectation is about all rows of a table."),
                )
            elif name not in known:
                hint = _("Possible here: {columns}.").format(columns=", ".join(sorted(known)))
                self._fault(at, _("'{name}' is not understood here.").format(name=shown(name)), hint)
            elif name in seen:
                self._fault(at, _("'{name}' stands twice.").format(name=shown(name)), _("Keep one of them."))
            seen.add(name)

    def suite(self, raw: Any, name: str, digest: str) -> Suite | None:
        """The suite, or None where faults were found that make the rest unreadable."""
        start = len(self._text) - len(self._text.lstrip(" \t\r\n"))
        if not isinstance(raw, dict):
            self._fault(
                start, _("The suite is not an object with 'meta' and 'expectations'."), _("Write it within curly brackets.")
            )
            return None
        self._known_keys(start, _SUITE_KEYS)
        given = raw.get("name", name)
        if not isinstance(given, str) or not given.strip():
            self._fault(member(self._text, start, "name"), _("'name' must be a text."), _("Name the suite in a few words."))
            given = name
        table = self._table(raw.get("meta"), start)
        listed = raw.get("expectations")
        place = member(self._text, start, "expectations")
        if not isinstance(listed, list) or not 0 < len(listed) <= _MOST:
            self._fault(
                place,
                _("'expectations' must be a list of 1 to {most} expectations.").format(most=_MOST),
                _("Write at least one expectation."),
            )
            return None
        if table is None:
            return None
        found = [
            self._expectation(one, at, table, number)
            for number, (one, at) in enumerate(zip(listed, elements(self._text, place), strict=True), 1)
        ]
        expectations = tuple(expectation for expectation in found if expectation is not None)
        ids = [expectation.id for expectation in expectations]
        for id_ in sorted({id_ for id_ in ids if ids.count(id_) > 1}):
            self._fault(
                place, _("Two expectations have the id '{name}'.").format(name=shown(id_)), _("Give each an id of its own.")
            )
        return Suite(shown(without_personal_numbers(given)), table.name, expectations, digest, self._shipped)

    def _table(self, meta: Any, start: int) -> Table | None:
        place = member(self._text, start, "meta")
        name = meta.get("table") if isinstance(meta, dict) else None
        tables = ", ".join(TABLES)
        if not isinstance(name, str):
            self._fault(
                place,
                _("The suite does not say which table it is about."),
                _("Write it under 'table' in 'meta'; possible here: {columns}.").format(columns=tables),
            )
            return None
        if name not in TABLES:
            near = nearest_word(name, TABLES)
            hint = (
                _("Did you mean '{near}'?").format(near=near) if near else _("Possible here: {columns}.").format(columns=tables)
            )
            at = member(self._text, place, "table")
            self._fault(at, _("There is no table '{name}'.").format(name=shown(name)), hint)
            return None
        return TABLES[name]

    def _expectation(self, raw: Any, place: int, table: Table, number: int) -> Expectation | None:
        if not isinstance(raw, dict):
            self._fault(
                place, _("An expectation is an object with 'type', 'kwargs' and 'meta'."), _("Write it within curly brackets.")
            )
            return None
        before = len(self.faults)
        self._known_keys(place, _EXPECTATION_KEYS)
        type_ = raw.get("type")
        form = FORMS.get(type_) if isinstance(type_, str) else None
        if form is None:
            near = nearest_word(type_, FORMS) if isinstance(type_, str) else None
            hint = (
                _("Did you mean '{near}'?").format(near=near)
                if near
                else _("Possible here: {columns}.").format(columns=", ".join(FORMS))
            )
            name = shown(type_) if isinstance(type_, str) else ""
            self._fault(
                member(self._text, place, "type"), _("The expectation '{name}' is not known here.").format(name=name), hint
            )
        meta = self._meta(raw.get("meta"), place)
        kwargs = raw.get("kwargs", {})
        if form is not None:
            self._settings(form, kwargs, member(self._text, place, "kwargs"), table)
        if len(self.faults) > before or form is None or meta is None:
            return None
        names = kwargs.get("column_list") or [kwargs[key] for key in ("column", "column_A", "column_B") if key in kwargs]
        return Expectation(
            id=meta.get("id", f"{table.name}-{number}"),
            asks=meta["asks"] if self._shipped else shown_sentence(meta["asks"]),
            type=str(type_),
            kwargs={key: value for key, value in kwargs.items() if key != "mostly"},
            aspect=form.aspect,
            columns=tuple(names),
            mostly=kwargs.get("mostly", 1.0),
            blocking=meta.get("blocking", False),
        )

    def _meta(self, meta: Any, place: int) -> Mapping[str, Any] | None:
        at = member(self._text, place, "meta")
        asks = meta.get("asks") if isinstance(meta, dict) else None
        if not isinstance(asks, str) or not 0 < len(asks.strip()) <= _LONGEST_SENTENCE:
            self._fault(
                at,
                _("The expectation does not say what it asks."),
                _("Write it in one sentence under 'asks' in 'meta', as the report shall say it."),
            )
            return None
        if not isinstance(meta.get("blocking", False), bool):
            self._fault(member(self._text, at, "blocking"), _("'blocking' must be true or false."), _("Write true or false."))
        id_ = meta.get("id", "x")
        if not isinstance(id_, str) or not 0 < len(id_) <= 60 or not id_.isprintable():
            self._fault(member(self._text, at, "id"), _("'id' must be a short text."), _("Write at most 60 characters."))
        return dict(meta)

    def _settings(self, form: Form, kwargs: Any, place: int, table: Table) -> None:
        if not isinstance(kwargs, dict):
            self._fault(place, _("'kwargs' must be an object."), _("Write it within curly brackets."))
            return
        before = len(self.faults)
        self._known_keys(place, form.settings)
        for name, setting in form.settings.items():
            at = member(self._text, place, name)
            if kwargs.get(name) is None and name not in kwargs:
                if setting.required:
                    self._fault(
                        at, _("'{name}' is missing.").format(name=name), _("Write {what}.").format(what=_(setting.must_be))
                    )
            elif not setting.fits(kwargs[name]):
                self._fault(
                    at, _("'{name}' does not fit.").format(name=name), _("Write {what}.").format(what=_(setting.must_be))
                )
        if form.one_of and not any(name in kwargs for name in form.one_of):
            names = ", ".join(form.one_of)
            self._fault(place, _("At least one of {names} is needed.").format(names=names), _("Write one of them."))
        if len(self.faults) == before:
            self._columns(form, kwargs, place, table)

    def _columns(self, form: Form, kwargs: Mapping[str, Any], place: int, table: Table) -> None:
        given = [(key, kwargs[key]) for key in ("column", "column_A", "column_B") if key in kwargs]
        given += [("column_list", name) for name in kwargs.get("column_list", [])]
        plain = [column.name for column in table.columns]
        for key, name in given:
            at = member(self._text, place, key)
            values = derived_values(table, name)
            if name not in plain and values is None:
                near = nearest_word(name, plain)
                hint = (
                    _("Did you mean '{near}'?").format(near=near)
                    if near
                    else _("Possible here: {columns}.").format(
                        columns=", ".join([*plain, ROW_STATE, *(f"….{part}" for part in DERIVED)])
                    )
                )
                message = _("The table {table} has no column '{column}'.").format(table=table.name, column=shown(name))
                self._fault(at, message, hint)
            elif not may_be_asked(table, name, form.aspect):
                message = _("The column '{column}' cannot be asked about in this way.").format(column=name)
                self._fault(at, message, _meant_for(form.aspect))
            elif values is not None and (unknown := [value for value in kwargs.get("value_set", []) if value not in values]):
                message = _("The column '{column}' never has the value '{value}'.").format(
                    column=name, value=shown(str(unknown[0]))
                )
                self._fault(
                    member(self._text, place, "value_set"),
                    message,
                    _("Possible here: {columns}.").format(columns=", ".join(values)),
                )


def _meant_for(aspect: Aspect) -> str:
    """What kind of column an expectation is for."""
    match aspect:
        case Aspect.DAYS | Aspect.ORDER:
            return _("It is for columns of dates and times.")
        case Aspect.VALUES:
            return _("It is for columns of codes and ids: not dates, personal numbers or free text.")
        case Aspect.SHAPE:
            return _("It is for columns of text: not dates, numbers or free text.")
        case _:
            return _("It is for columns of the table itself.")


def shown_sentence(text: str) -> str:
    """A user's own sentence as it may be shown: on one line, without what cannot be seen and without personal numbers."""
    visible = "".join(character if character.isprintable() else " " for character in text)
    return without_personal_numbers(" ".join(visible.split()))
