"""Where in a JSON text its parts stand: for messages with line and column. The text has been read as JSON before."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

_SPACE = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder()


def members(text: str, start: int) -> Iterator[tuple[str, int]]:
    """Name and place of the value of each member of the object that begins at ``start``, in the order of the text."""
    at = _past(text, start + 1)
    while text[at] != "}":
        name, end = _DECODER.raw_decode(text, at)
        value = _past(text, _past(text, end) + 1)
        yield name, value
        at = _next(text, value)


def elements(text: str, start: int) -> Iterator[int]:
    """The place of each element of the list that begins at ``start``."""
    at = _past(text, start + 1)
    while text[at] != "]":
        yield at
        at = _next(text, at)


def member(text: str, start: int, name: str) -> int:
    """The place of a member's value; that of the object itself when it has no such member, or is no object."""
    if text[start] != "{":
        return start
    return next((place for found, place in members(text, start) if found == name), start)


def line_and_column(text: str, place: int) -> tuple[int, int]:
    """Line and column of a place, both from 1."""
    return text.count("\n", 0, place) + 1, place - text.rfind("\n", 0, place)


def _past(text: str, at: int) -> int:
    """The next place that is no white space."""
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _next(text: str, value: int) -> int:
    """From a value to the next member or element, or to the closing bracket."""
    _, end = _DECODER.raw_decode(text, value)
    at = _past(text, end)
    return _past(text, at + 1) if text[at] == "," else at
