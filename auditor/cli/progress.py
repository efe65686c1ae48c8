"""Progress as it is shown: a bar with rows and remaining time on a terminal, plain lines elsewhere, nothing with --quiet."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from contextvars import copy_context
from typing import TYPE_CHECKING, Any

import click

from auditor.cli.speaking import printable
from auditor.formats import number_text, span_text
from auditor.progress import Progress
from auditor.words import _

if TYPE_CHECKING:
    from rich.progress import Progress as Display

#: Reading takes about this share of an audit; each later step about this share of what is then left.
READING, EACH_STEP = 0.6, 0.35
#: A guess at the remaining time is worth saying when so much is done, and so many seconds have gone.
KNOWN_FROM, SAID_AFTER = 0.05, 2.0


@contextlib.contextmanager
def shown_progress(*, quiet: bool) -> Iterator[Progress]:
    """What the steps of an audit are to tell of themselves. On a terminal it is gone when the work has ended."""
    if quiet or sys.stderr is None:  # a caller may have closed it
        yield Progress()
    elif not sys.stderr.isatty() or os.environ.get("TERM") in ("dumb", "unknown"):
        yield Lines()
    else:
        display = _display()
        with contextlib.suppress(OSError):
            display.start()
        try:
            yield Bar(display)
        finally:
            with contextlib.suppress(OSError):  # a terminal that was closed stops no audit
                display.stop()


class Lines(Progress):
    """A line for each step, and one for its rows: for logs and pipes, without anything that a terminal would obey."""

    def __call__(self, message: str) -> None:
        self._say(message)

    def rows(self, n: int) -> None:
        self._say("  " + _("{n} rows").format(n=number_text(n)))

    def _say(self, line: str) -> None:
        with contextlib.suppress(OSError):
            click.echo(printable(line), err=True)


class Bar(Progress):
    """The step, its rows, a bar and the remaining time, a guess: reading goes by bytes, later steps by their usual share."""

    def __init__(self, display: Display) -> None:
        self._display = display
        self._task = display.add_task("", total=1.0, rows="")
        self._expected = 0
        self._read = 0
        self._done = 0.0

    def __call__(self, message: str) -> None:
        if self._read and self._read >= self._expected:  # the files have been read: another step has ended
            self._done += (1 - self._done) * EACH_STEP
        self._show(description=printable(message), completed=self._done, rows="")

    def expect(self, size: int) -> None:
        self._expected = size

    def read(self, size: int) -> None:
        self._read += size
        self._done = READING * min(1.0, self._read / max(1, self._expected))
        self._display.update(self._task, completed=self._done)

    def rows(self, n: int) -> None:
        self._show(rows=printable(_("{n} rows").format(n=number_text(n))))

    def _show(self, **told: Any) -> None:
        """Show at once what a step says of itself, however short it is."""
        with contextlib.suppress(OSError):  # a terminal that was closed stops no audit
            self._display.update(self._task, refresh=True, **told)


def _display() -> Display:
    """The display of one task, not yet started. It speaks in a thread of its own, in the language of this one."""
    from rich.console import Console
    from rich.progress import BarColumn, ProgressColumn, SpinnerColumn, Task, TextColumn
    from rich.progress import Progress as Display
    from rich.text import Text

    context = copy_context()

    class Left(ProgressColumn):
        def render(self, task: Task) -> Text:
            return Text(context.copy().run(remaining, task.elapsed or 0.0, task.completed))

    context.copy().run(remaining, 60.0, 0.5)  # what it needs is loaded before the thread begins
    return Display(
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        TextColumn("{task.fields[rows]}", markup=False),
        Left(),
        console=Console(file=sys.stderr, highlight=False, markup=False),
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )


def remaining(elapsed: float, done: float) -> str:
    """A guess at the time left, in words, after ``elapsed`` seconds with the share ``done``; empty while nobody can know."""
    if elapsed < SAID_AFTER or not KNOWN_FROM <= done < 1:
        return ""
    return _("about {span} left").format(span=span_text(elapsed * (1 - done) / done))
