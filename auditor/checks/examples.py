"""The examples on the page of a check: printed by ``auditor explain``, run as tests.

One example a line: the answer, then the columns of the prepared relation that matter, ``column=value``. A line that begins
with a space goes on with the one before. A column that is not mentioned is NULL, as is one with nothing after ``=``. A
list stands in brackets, ``[OSL 26:9 p1,consent]``, ``[]`` is the empty list; booleans are ``true`` and ``false``, timestamps
``2026-10-03T14:05:00``, durations ``24h`` or ``7d``::

    violation     recipient=0182 recipient_matches_to=false flow_to=[home_municipality]
    undetermined  recipient=     flow_to=[home_municipality]
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from auditor.checks.model import Answer

_PAIR = re.compile(r"\s+(?P<column>[a-z_]+)=(?P<value>\[[^\]]*\]|[^\s\[\]]*)")
_NEW_LINE_OF_SAME_EXAMPLE = re.compile(r"\n[ \t]+")


@dataclass(frozen=True)
class Example:
    """One example: the answer that is expected, and the columns it turns on as they are written; None is NULL."""

    answer: Answer
    values: dict[str, str | None]


def parse(text: str) -> list[Example]:
    """The examples of a page. Raises ValueError for a line that is not an example, or that names a column twice."""
    return [_example(line) for line in _NEW_LINE_OF_SAME_EXAMPLE.sub(" ", text).splitlines() if line.strip()]


def _example(line: str) -> Example:
    name, rest = (re.match(r"\S*", line) or [""])[0], re.sub(r"^\S*", "", line.rstrip())
    try:
        answer = Answer[name.upper()]
    except KeyError:
        raise ValueError(f"an example begins with an answer, such as 'violation': {line!r}") from None
    values: dict[str, str | None] = {}
    position = 0
    while position < len(rest):
        pair = _PAIR.match(rest, position)
        if pair is None:
            raise ValueError(f"an example holds pairs column=value: {line!r}")
        if pair["column"] in values:
            raise ValueError(f"an example names the column '{pair['column']}' twice: {line!r}")
        values[pair["column"]] = pair["value"] or None
        position = pair.end()
    return Example(answer, values)
