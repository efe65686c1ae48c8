"""Encrypting and opening with age, where a fault of a file stays what it was.

pyrage makes an error of its own, without a cause, of whatever a file that it reads or writes raises: a full disk, a report
that was changed, a Ctrl-C. What was raised is kept here, and raised again.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import IO, Any


def encrypt(source: Any, target: IO[bytes], recipients: Sequence[Any]) -> None:
    """Write what ``source`` holds into ``target``, encrypted to ``recipients``. Raises what the two raise."""
    import pyrage

    with _as_raised() as raised:
        pyrage.encrypt_io(_Watched(source, raised), _Watched(target, raised), list(recipients))


def decrypt(source: IO[bytes], target: IO[bytes], identities: Sequence[Any]) -> None:
    """Write into ``target`` what ``source`` holds, opened with ``identities``.

    Raises what the two raise, and ValueError for what is not encrypted to them or is damaged.
    """
    import pyrage

    with _as_raised() as raised:
        try:
            pyrage.decrypt_io(_Watched(source, raised), _Watched(target, raised), list(identities))
        except pyrage.DecryptError as error:
            raise ValueError from error


@contextlib.contextmanager
def _as_raised() -> Iterator[list[BaseException]]:
    """A list for what the files raise; the first of it is raised instead of what pyrage made of it."""
    raised: list[BaseException] = []
    try:
        yield raised
    except Exception:
        if not raised:
            raise
    if raised:
        raise raised[0]


class _Watched:
    """A file that is read or written through, and what it raises kept in ``raised``."""

    def __init__(self, file: Any, raised: list[BaseException]) -> None:
        self._file = file
        self._raised = raised

    def read(self, size: int = -1) -> bytes:
        """As the file reads."""
        with self._kept():
            return bytes(self._file.read(size))

    def write(self, content: bytes) -> int:
        """As the file writes."""
        with self._kept():
            return int(self._file.write(content))

    def flush(self) -> None:
        """As the file does it."""
        with self._kept():
            self._file.flush()

    @contextlib.contextmanager
    def _kept(self) -> Iterator[None]:
        try:
            yield
        except BaseException as error:
            self._raised.append(error)
            raise
