"""The process in which great-expectations works, seen from both ends.

It takes seconds to import, so the process is started when an audit begins and is ready when the tables are. It knows
nothing but the profiles that it is sent, and writes no file.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any

from auditor.beside import Worker, answer_requests
from auditor.contract.put_off import put_off

#: Seconds for all suites of an export; great-expectations itself needs about three to start and one to answer.
PATIENCE = 300.0

WORKER = Worker("auditor.contract.worker", patience=PATIENCE)


def serve() -> None:
    """Answer requests until nobody asks any more. This is the other process."""
    answer_requests(_ready)


def _ready() -> Callable[[Any], Any]:
    put_off("scipy.stats", "altair")
    from auditor.contract.judge import Judge

    judge = Judge()
    sys.addaudithook(_no_file)
    return lambda request: [judge.answer(suite["frame"], suite["expectations"]) for suite in request["suites"]]


def _no_file(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse to write files, once everything is imported."""
    if event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
        raise PermissionError(event)
