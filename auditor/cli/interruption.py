"""Being asked to stop (Ctrl-C, SIGTERM, a closed terminal): the program stops, and leaves nothing behind.

Only the program's start listens (``auditor.__main__``); whoever calls ``auditor.cli.run`` keeps signal handlers of their own.
"""

from __future__ import annotations

import signal
from types import FrameType

_SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name)]


class _Asked:
    listening = False
    to_stop = False


def listen() -> None:
    """Raise KeyboardInterrupt when asked to stop: once, so that asking again does not cut the cleaning up short."""
    _Asked.listening = True
    for number in _SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:  # nohup, or a job in the background
            signal.signal(number, _stop)


def _stop(_signal: int, _frame: FrameType | None) -> None:
    if not _Asked.to_stop:
        _Asked.to_stop = True
        raise KeyboardInterrupt


def asked_to_stop() -> bool:
    """Whether the program was asked to stop. A library may have turned the KeyboardInterrupt into an error of its own."""
    return _Asked.to_stop


def past_stopping() -> None:
    """From here on what is nearly done is finished, whoever asks. Raises KeyboardInterrupt if asked to stop before."""
    if _Asked.listening:
        for number in _SIGNALS:
            signal.signal(number, signal.SIG_IGN)
    if _Asked.to_stop:
        raise KeyboardInterrupt
