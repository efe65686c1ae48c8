"""JSON of standard logs as a stream of records: one a line (NDJSON), the entries of a FHIR Bundle, a list, or one resource.

A record's number is its line in NDJSON, else its place in the Bundle or the list, from 1. Memory holds one record at a time.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from auditor.errors import UserError
from auditor.intake.readers.model import Torn
from auditor.intake.readers.source import Source
from auditor.intake.readers.text import Lines, decide_encoding, read_lines, split_lines
from auditor.words import _

_WHITE = " \t\r\n"
_BEGINNING_CHARACTERS = 256 * 1024


@dataclass(frozen=True)
class Record:
    """One value of the file, or why it cannot be read. ``full_url`` is what a Bundle says beside it."""

    number: int
    value: Any = None
    torn: Torn | None = None
    full_url: Any = None


def read_records(source: Source) -> Iterator[Record]:
    """The records of a file, in its order. Numbers are text as they are written, and no key stands twice.

    Raises UserError when the file is no JSON to its end (NDJSON: a line that is none is a torn record).
    """
    return _by_line(source) if _is_by_line(source) else _Document(source).records()


class _Decoder:
    """Decodes values, and notes what a decoder of JSON does not refuse."""

    def __init__(self) -> None:
        self.torn: Torn | None = None
        self._json = json.JSONDecoder(
            object_pairs_hook=self._object, parse_float=str, parse_int=str, parse_constant=self._constant
        )

    def first(self, text: str, at: int) -> tuple[Any, int]:
        """The value that begins at a place, and the place after it. Raises ValueError or RecursionError."""
        self.torn = None
        return self._json.raw_decode(text, at)

    def whole(self, text: str) -> Any:
        """The value that is all of the text. Raises ValueError or RecursionError."""
        self.torn = None
        return self._json.decode(text)

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            self.torn = Torn.DUPLICATE_KEY
        return found

    def _constant(self, _text: str) -> None:
        """NaN and Infinity are no JSON."""
        self.torn = Torn.BAD_JSON


def _is_by_line(source: Source) -> bool:
    """Whether each line is a value of its own: the first is, or the second begins one in a file that is named so."""
    with closing(_texts(source)) as texts:
        beginning = ""
        for text in texts:
            beginning += text
            if len(beginning) >= _BEGINNING_CHARACTERS:
                break
    beginning = beginning.lstrip(_WHITE)
    first, _end, rest = beginning.partition("\n")
    if not first.startswith("{"):
        return False
    try:
        value = json.loads(first)
    except (ValueError, RecursionError):
        named_so = source.file.relative.casefold().removesuffix(".gz").endswith((".ndjson", ".jsonl"))
        return named_so and rest.lstrip(_WHITE).startswith("{")
    return value.get("resourceType") != "Bundle" or rest.lstrip(_WHITE) != ""


def _texts(source: Source) -> Generator[str, None, None]:
    """The file as text, in pieces. Bytes that are no Unicode become U+FFFD: only for looking at the beginning."""
    decoder: codecs.IncrementalDecoder | None = None
    for block in source.blocks():
        decoder = decoder or _decoder(block, "replace")
        yield decoder.decode(block)


def _decoder(first: bytes, errors: str) -> codecs.IncrementalDecoder:
    marked = first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return codecs.getincrementaldecoder("utf-16" if marked else "utf-8-sig")(errors)


def _by_line(source: Source) -> Iterator[Record]:
    encoding = decide_encoding(source, only_unicode=True)
    decoder = _Decoder()
    for piece in read_lines(source, encoding):
        if not isinstance(piece, Lines):
            yield Record(piece.line, torn=piece.reason)
            continue
        for number, line in enumerate(split_lines(piece.text, encoding), piece.first):
            text = line.strip()
            if not text:
                continue
            try:
                value = decoder.whole(text)
            except (ValueError, RecursionError):
                yield Record(number, torn=Torn.BAD_JSON)
                continue
            if isinstance(value, dict) and value.get("resourceType") == "Bundle":
                raise source.fault(
                    _("A line of the file is a Bundle."),
                    _("Hand in each Bundle as a file of its own, or one event on each line."),
                    line=number,
                )
            yield Record(number, torn=decoder.torn) if decoder.torn else Record(number, value)


class _Document:
    """One JSON value that fills the file: a list, a Bundle, or a single resource."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._blocks = source.blocks()
        self._bytes: codecs.IncrementalDecoder | None = None
        self._decoder = _Decoder()
        self._text = ""
        self._at = 0
        self._passed = 0  # characters before the text
        self._line = 1  # of the beginning of the text
        self._ended = False

    def records(self) -> Iterator[Record]:
        match self._next():
            case "[":
                yield from (Record(number, value, torn) for number, value, torn in self._elements())
            case "{":
                yield from self._resource()
            case _:
                raise self._fault()
        if self._next():
            raise self._fault()

    def _resource(self) -> Iterator[Record]:
        """The entries of a Bundle, else the one resource there is."""
        members: dict[str, Any] = {}
        torn: Torn | None = None
        has_entries = False
        size = 0
        self._at += 1
        while self._next() != "}":
            if members or has_entries:
                self._pass(",")
            key, torn_key = self._value() if self._next() == '"' else (None, None)
            if not isinstance(key, str):
                raise self._fault()
            self._pass(":")
            if key == "entry" and not has_entries and self._next() == "[":
                has_entries = True
                for number, value, broken in self._elements():
                    entry = value if isinstance(value, dict) else {}
                    yield Record(number, entry.get("resource"), broken, entry.get("fullUrl"))
                continue
            before = self._passed + self._at
            value, torn_value = self._value()
            size += self._passed + self._at - before
            torn = torn or torn_key or torn_value or (Torn.DUPLICATE_KEY if key in members else None)
            members[key] = value
            if size > self._source.limits.line_bytes:
                raise self._fault()
        self._at += 1
        if members.get("resourceType") == "Bundle":
            return
        if has_entries:
            raise self._source.fault(
                _("The file holds entries but is no FHIR Bundle."), _("Export it again as a Bundle or as NDJSON of AuditEvent.")
            )
        yield Record(1, members, torn)

    def _elements(self) -> Iterator[tuple[int, Any, Torn | None]]:
        number = 0
        self._at += 1
        while self._next() != "]":
            if number:
                self._pass(",")
            number += 1
            value, torn = self._value()
            yield number, value, torn
        self._at += 1

    def _value(self) -> tuple[Any, Torn | None]:
        """The next value; the text grows until it is whole or over the limit."""
        self._next()
        while True:
            try:
                value, end = self._decoder.first(self._text, self._at)
            except RecursionError as error:
                raise self._fault() from error
            except ValueError as error:
                if len(self._text) - self._at > self._source.limits.line_bytes or not self._more():
                    raise self._fault() from error
                continue
            if end == len(self._text) and self._more():
                continue  # a number may go on
            length = min(end, len(self._text)) - self._at
            if length > self._source.limits.line_bytes:
                raise self._fault()
            self._at += length
            return value, self._decoder.torn

    def _next(self) -> str:
        """The next character that is not white; empty at the end of the file."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in _WHITE:
                self._at += 1
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def _pass(self, character: str) -> None:
        if self._next() != character:
            raise self._fault()
        self._at += 1

    def _more(self) -> bool:
        """Read on, and forget the text before the place; False at the end of the file."""
        if self._ended:
            return False
        block = next(self._blocks, b"")
        self._ended = not block
        self._bytes = self._bytes or _decoder(block, "strict")
        try:
            text = self._bytes.decode(block, final=self._ended)
        except UnicodeDecodeError as error:
            raise self._fault() from error
        self._line += self._text.count("\n", 0, self._at)
        self._passed += self._at
        self._text = self._text[self._at :] + text
        self._at = 0
        return not self._ended or text != ""

    def _fault(self) -> UserError:
        """An error at the place that was reached."""
        line = self._line + self._text.count("\n", 0, self._at)
        return self._source.fault(
            _("The file is not valid JSON, is cut short, or holds a record over the limit."),
            _("Fetch it again; a long log is best exported as NDJSON, one event on each line."),
            line=line,
        )
