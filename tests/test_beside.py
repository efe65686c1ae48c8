"""The program's second process: whoever asks gets the answer to what it asked."""

from __future__ import annotations

import threading

import pytest

from auditor.beside import NoAnswerError, Worker

#: Answers with what it was asked, after a while.
ECHO = "import sys, time\nfor line in sys.stdin:\n    time.sleep(0.02)\n    print(line, end='', flush=True)"


def test_requests_put_at_once_are_each_answered() -> None:
    own = Worker("no.module", patience=60)
    own.code = ECHO
    wanted = [{"n": n, "filling": "x" * (200_000 if n % 3 == 0 else 1)} for n in range(30)]
    with own.held():
        waiting: list = [None] * len(wanted)
        starts = [threading.Thread(target=lambda n=n: waiting.__setitem__(n, own.put(wanted[n]))) for n in range(len(wanted))]
        own.start()
        for start in starts:
            start.start()
        for start in starts:
            start.join()
        assert [wait() for wait in waiting] == wanted


def test_a_process_that_ends_leaves_every_request_without_an_answer() -> None:
    own = Worker("no.module", patience=60)
    own.code = "import sys; sys.stdin.readline()"
    with own.held():
        waiting = [own.put({"n": n}) for n in range(4)]
        for wait in waiting:
            with pytest.raises(NoAnswerError):
                wait()
    assert own._process is None
