"""Being asked to stop (Ctrl-C, SIGTERM, a closed terminal): the program stops at any point but one, and leaves nothing behind.

Only the program's start listens (``auditor.__main__``); whoever calls ``auditor.cli.run`` keeps the signal handlers of their own.
"""

from __future__ import annotations

import signal
from types import FrameType

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")


class _Asked:
    listening = False
    to_stop = False


def listen() -> None:
    """Raise KeyboardInterrupt when asked to stop: once, so that asking again does not cut the cleaning up short."""
    _Asked.listening = True
    for name in _NAMES:
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _stop)


def _stop(_signal: int, _frame: FrameType | None) -> None:
    if not _Asked.to_stop:
        _Asked.to_stop = True
        raise KeyboardInterrupt


def asked_to_stop() -> bool:
    """Whether the program was asked to stop. A library may have turned the KeyboardInterrupt into an error of its own."""
    return _Asked.to_stop


def past_stopping() -> None:
    """From here on nothing can be stopped: what is nearly done is finished. Raises KeyboardInterrupt if asked to stop before."""
    if _Asked.listening:
        for name in _NAMES:
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), signal.SIG_IGN)
    if _Asked.to_stop:
        raise KeyboardInterrupt
