"""The faults of an agreement file, gathered so that all are told at once, each with line, column and the next step."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import NamedTuple

from auditor.errors import UserError, UserErrors
from auditor.words import _

MAXIMUM_SHOWN = 60
MAXIMUM_FAULTS = 200


class Place(NamedTuple):
    """A place in the file: line and column, both from 1."""

    line: int
    column: int


def shown(text: str) -> str:
    """A value of the file as it may stand in a message: at most 60 characters, and none that cannot be seen."""
    visible = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text[: MAXIMUM_SHOWN + 1])
    return visible if len(visible) <= MAXIMUM_SHOWN else visible[: MAXIMUM_SHOWN - 1] + "…"


def nearest_word(word: str, known: Iterable[str]) -> str | None:
    """The known word that was most likely meant, however it was cased; None when nothing is near."""
    if len(word) > MAXIMUM_SHOWN:
        return None
    folded = {candidate.casefold(): candidate for candidate in known}
    near = difflib.get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    return folded[near[0]] if near else None


class Faults:
    """The faults found so far in one file."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._found: list[UserError] = []

    def __len__(self) -> int:
        return len(self._found)

    def add(self, message: str, hint: str, place: Place | None = None) -> None:
        """Note a fault; reading goes on."""
        line, column = place or (None, None)
        fault = UserError(message, hint=hint, file=self._file, line=line, column=column)
        self._found.append(fault)

    def only(self, message: str, hint: str, place: Place | None = None) -> UserErrors:
        """The error to raise for a fault that makes the rest of the file unreadable: this one and those found before it."""
        self.add(message, hint, place)
        return self.error()

    def error(self) -> UserErrors:
        """All faults as one error, in the order of the file; of more than 200 the first 200, with their number."""
        found = sorted(self._found, key=lambda fault: (fault.line or 0, _column(fault), fault.message))
        if len(found) == 1:
            message = _("The agreement has a fault.")
        elif len(found) <= MAXIMUM_FAULTS:
            message = _("The agreement has {count} faults.").format(count=len(found))
        else:
            message = _("The agreement has {count} faults; here are the first {limit}.").format(
                count=len(found), limit=MAXIMUM_FAULTS
            )
        hint = _("Mend the file and check it again with 'auditor agreement check'.")
        return UserErrors(message, found[:MAXIMUM_FAULTS], hint=hint, file=self._file)


def _column(fault: UserError) -> int:
    return fault.column if isinstance(fault.column, int) else 0
