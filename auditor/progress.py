"""How far the work has come: what the steps of an audit tell, and nobody need hear."""

from __future__ import annotations


class Progress:
    """Is told of every step, in the language spoken; this one keeps it to itself."""

    def __call__(self, message: str) -> None:
        """A step begins: ``message`` says what is done now."""

    def expect(self, size: int) -> None:
        """The files to read hold so many bytes."""

    def read(self, size: int) -> None:
        """So many bytes more were read."""

    def rows(self, n: int) -> None:
        """The step that is under way, or just done, deals with so many rows."""


SILENT = Progress()
