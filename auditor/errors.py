"""What a user can get wrong, and how it is said: what is wrong, where, and what to do next. Never a cell's value."""

from __future__ import annotations

import errno
from enum import IntEnum


class ExitCode(IntEnum):
    """Exit codes of the program (docs/command-line.md). Of several, the one highest in PRECEDENCE is used."""

    DONE = 0
    FOUND = 1
    USAGE = 2
    REJECTED = 3
    INCOMPLETE = 4
    FAULT = 70
    INTERRUPTED = 130


class UserError(Exception):
    """Something that the user can mend. Ends the program with exit code 3 (REJECTED) and nothing written.

    ``message`` is one sentence in the user's language for what is wrong, ``hint`` one sentence for what to do next.
    ``file``, ``line`` (from 1) and ``column`` (a column's name, or a position from 1) say where. None of them may hold
    a value read from a cell; ``file`` is shown through ``auditor.privacy.shown_path``.
    """

    def __init__(
        self, message: str, *, hint: str, file: str | None = None, line: int | None = None, column: int | str | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.file = file
        self.line = line
        self.column = column


class UserErrors(UserError):
    """Several faults of one file, all reported at once."""

    def __init__(self, message: str, faults: list[UserError], *, hint: str, file: str | None = None) -> None:
        super().__init__(message, hint=hint, file=file)
        self.faults = faults


def disk_is_full(error: BaseException) -> bool:
    """Whether a file could not be written since there is no room for it: the user's to mend."""
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
