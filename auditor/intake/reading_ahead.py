"""Files are read one after the other in a thread of their own: the next is read while the engine works on the last.

Readers (``auditor.intake.readers``) leave most of their time outside Python's lock, and the engine does not use every core all
the time. Nothing is said from the thread: what it has read is told where its result is waited for.
"""

from __future__ import annotations

import contextlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from threading import Event
from typing import Generic, TypeVar

#: How often the bytes read are told while a file is waited for, in seconds.
_TOLD_EVERY = 0.1

Heard = Callable[[int], None]
T = TypeVar("T")


class _Stopped(BaseException):
    """The reading has been given up; no reader takes this for a fault of the file."""


class _Turn(Generic[T]):
    """A file's turn: its result to come, and the bytes that were read of it so far."""

    def __init__(self, read: Callable[[Heard], T], pool: ThreadPoolExecutor, stop: Event) -> None:
        self.bytes_read = 0
        self._stop = stop
        self.result: Future[T] = pool.submit(copy_context().run, read, self._hear)

    def _hear(self, size: int) -> None:
        if self._stop.is_set():
            raise _Stopped
        self.bytes_read += size


class Turns(Generic[T]):
    """The results of all readings, in their order."""

    def __init__(self, turns: Iterable[_Turn[T]]) -> None:
        self._turns = deque(turns)

    def next(self, heard: Heard) -> T:
        """The next result, waited for; ``heard`` is told of the bytes read. Raises what the reading raised."""
        turn, told = self._turns.popleft(), 0
        done = False
        while not done:
            done = bool(wait([turn.result], timeout=_TOLD_EVERY).done)
            so_far = turn.bytes_read
            heard(so_far - told)
            told = so_far
        return turn.result.result()


@contextlib.contextmanager
def read_in_turn(readings: Iterable[Callable[[Heard], T]]) -> Iterator[Turns[T]]:
    """Begin to read. Each reading is called with what it tells the bytes to; it ends early when this block does."""
    stop = Event()
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="reading") as pool:
        try:
            yield Turns([_Turn(reading, pool, stop) for reading in readings])
        finally:
            stop.set()
            pool.shutdown(wait=False, cancel_futures=True)
