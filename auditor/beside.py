"""A second process of the program's own, for what takes long beside the rest, seen from both ends.

It is this very interpreter with the program's own code. It cannot open a socket, is ended by force when it takes too long, and
ends itself when the program is gone. One request and one answer are one line of JSON each; tables lie in files of the private
folder.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol


class NoAnswerError(Exception):
    """The process could not be started, ended, or did not answer in time. Holds no data."""


class Waiting(Protocol):
    """Waits for an answer. Raises NoAnswerError when there is none within ``patience`` seconds."""

    def __call__(self, *, patience: float = ...) -> Any:
        """The answer."""
        ...


class Worker:
    """The process, started when it is first needed and ended when nobody holds it any more."""

    def __init__(self, module: str, *, patience: float) -> None:
        """``module``: the one whose ``serve()`` answers in the other process; ``patience``: the seconds an answer may take."""
        self.code = f"import sys; sys.path[:] = sys.argv[1:]; from {module} import serve; serve()"
        self._patience = patience
        self._process: subprocess.Popen[bytes] | None = None
        self._holders = 0
        self._line = threading.Lock()  # of several requests put at once each gets its own answer
        atexit.register(self.end)

    @contextlib.contextmanager
    def held(self) -> Iterator[Worker]:
        """Hold the process: it goes on as long as somebody does, so that a second run need not start it again."""
        self._holders += 1
        try:
            yield self
        finally:
            self._holders -= 1
            if not self._holders:
                self.end()

    def start(self) -> None:
        """Start the process if it does not run; it gets ready while others work. What fails here is told by ``ask``."""
        if self._process is not None and self._process.poll() is None:
            return
        self.end()
        command = [sys.executable, "-I", "-X", "utf8", "-c", self.code, *sys.path]
        with contextlib.suppress(OSError):
            self._process = subprocess.Popen(  # noqa: S603 - this very interpreter, with the program's own code
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )

    def ask(self, request: Mapping[str, Any], *, patience: float | None = None) -> Any:
        """The answer to a request. Raises NoAnswerError, after which the process is started anew for the next request."""
        return self.put(request)(patience=self._patience if patience is None else patience)

    def put(self, request: Mapping[str, Any]) -> Waiting:
        """Put a request to the process, which works while the caller does; what is returned waits for the answer."""
        self.start()
        process, answered, usual = self._process, queue.SimpleQueue[bytes](), self._patience

        def talk() -> None:
            line = b""
            with self._line, contextlib.suppress(OSError, ValueError):
                assert process is not None and process.stdin is not None and process.stdout is not None
                process.stdin.write(json.dumps(request).encode("ascii") + b"\n")
                process.stdin.flush()
                line = process.stdout.readline()
            answered.put(line)

        talking = threading.Thread(target=talk, daemon=True)

        def wait(*, patience: float = usual) -> Any:
            if process is None:
                raise NoAnswerError
            try:
                return json.loads(answered.get(timeout=patience))
            except (queue.Empty, ValueError) as error:
                raise NoAnswerError from error
            finally:
                if process is self._process and (talking.is_alive() or process.poll() is not None):
                    self.end(talking)

        if process is not None:
            talking.start()
        return wait

    def end(self, talking: threading.Thread | None = None) -> None:
        """End the process at once; it has nothing to save."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        if talking is not None:
            talking.join()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()


def answer_requests(get_ready: Callable[[], Callable[[Any], Any]]) -> None:
    """Answer requests until nobody asks any more, in the other process. ``get_ready`` imports what is needed, and gives what
    answers one request."""
    import signal
    import socket

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the program decides what Ctrl-C means, and ends this process
    answers = os.fdopen(os.dup(1), "wb")
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)  # whatever a library prints
    socket.has_ipv6 = False  # a library would open a socket at import to try it
    sys.addaudithook(_no_way_out)
    gc.disable()  # importing makes some 270,000 objects that stay: a third of its time went to looking for garbage among them
    answer = get_ready()
    gc.freeze()
    gc.enable()
    for line in sys.stdin.buffer:
        answers.write(json.dumps(answer(json.loads(line))).encode("ascii") + b"\n")
        answers.flush()


def _no_way_out(event: str, _arguments: tuple[Any, ...]) -> None:
    """Refuse sockets and new processes, whichever library asks."""
    if event in ("socket.__new__", "socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.system", "os.exec"):
        raise PermissionError(event)
