"""The bytes of one input file: read in blocks, hashed as they lie on disk, unpacked under a limit, and watched for changes."""

from __future__ import annotations

import gzip
import hashlib
import io
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.errors import UserError
from auditor.intake.files import InputFile
from auditor.intake.readers.limits import KIB, Limits, as_size
from auditor.privacy import shown_path
from auditor.words import _

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

BLOCK_BYTES = 512 * KIB


class _Hashed(io.RawIOBase):
    """A file on disk whose bytes are hashed as they are read."""

    def __init__(self, disk: io.FileIO, heard: Callable[[int], None]) -> None:
        super().__init__()
        self._disk = disk
        self._heard = heard
        self.digest = hashlib.sha256()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        count = self._disk.readinto(buffer) or 0
        self.digest.update(memoryview(buffer)[:count])
        self._heard(count)
        return count


class Source:
    """The bytes of one input file. Everything that goes wrong with them is a UserError that names the file."""

    def __init__(self, file: InputFile, limits: Limits, heard: Callable[[int], None] = lambda size: None) -> None:
        self.file = file
        self.limits = limits
        self._heard = heard
        self.name = shown_path(file.relative)
        self._sha256: str | None = None
        self._stamp = self._look()

    @property
    def size(self) -> int:
        """The file's size on disk in bytes, when reading began."""
        return self._stamp[0]

    @property
    def sha256(self) -> str:
        """The SHA-256 of the file as it lies on disk, in hexadecimal. Reads the file unless ``blocks`` ran to its end."""
        if self._sha256 is None:
            for _block in self.blocks(unpack=False):
                pass
        assert self._sha256 is not None
        return self._sha256

    def fault(self, message: str, hint: str, *, line: int | None = None, column: int | str | None = None) -> UserError:
        """An error about this file. ``line`` counts from 1; ``column`` is a position from 1 or a heading."""
        return UserError(message, hint=hint, file=self.name, line=line, column=column)

    def blocks(self, *, unpack: bool = True) -> Iterator[bytes]:
        """The file from its beginning, in blocks; unpacked when it is gzipped.

        Raises UserError when it cannot be read, is damaged, or unpacks to more than the limits allow.
        """
        try:
            with self.file.path.open("rb", buffering=0) as disk:
                hashed = _Hashed(disk, self._heard)
                stream = io.BufferedReader(hashed, BLOCK_BYTES)
                if self.file.gzipped and unpack:
                    yield from self._unpacked_blocks(stream)
                else:
                    while block := stream.read(BLOCK_BYTES):
                        yield block
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise self.fault(
                _("The gzipped file is damaged or cut short."), _("Fetch it again; compare its size with that of the original.")
            ) from error
        except OSError as error:
            raise self.unreadable() from error
        self._sha256 = self._sha256 or hashed.digest.hexdigest()

    def _unpacked_blocks(self, stream: io.BufferedReader[_Hashed]) -> Iterator[bytes]:
        unpacked = 0
        with gzip.GzipFile(fileobj=stream, mode="rb") as file:
            while block := file.read(BLOCK_BYTES):
                unpacked += len(block)
                if unpacked > self.limits.gzip_bytes:
                    raise self.bomb(_("The file unpacks to more than {size}.").format(size=as_size(self.limits.gzip_bytes)))
                self.check_ratio(unpacked)
                yield block

    def check_ratio(self, unpacked: int) -> None:
        """Refuse what has unpacked to too many times the file's size on disk. ``unpacked`` is in bytes, so far."""
        if unpacked > self.limits.ratio_from and unpacked > self.limits.ratio * self.size:
            raise self.bomb(
                _("The file unpacks to more than {ratio} times its size and more than {size}.").format(
                    ratio=self.limits.ratio, size=as_size(self.limits.ratio_from)
                )
            )

    def check_text(self, written_out: int) -> None:
        """Refuse a file whose cells take too much, written out one by one; ``written_out`` in bytes or characters, so far."""
        self._heard(0)  # who listens may have had enough
        limits = self.limits
        if self._swells(written_out):
            raise self.bomb(
                _("The texts of the file, written out, take more than {ratio} times its size and more than {size}.").format(
                    ratio=limits.text_ratio, size=as_size(limits.text_ratio_from)
                )
            )
        if written_out > limits.text_bytes:
            raise self.bomb(_("The file unpacks to more than {size}.").format(size=as_size(limits.text_bytes)))

    def takes_too_much(self, written_out: int) -> bool:
        """Whether ``check_text`` would refuse the file."""
        return self._swells(written_out) or written_out > self.limits.text_bytes

    def _swells(self, written_out: int) -> bool:
        return written_out > self.limits.text_ratio_from and written_out > self.limits.text_ratio * self.size

    def bomb(self, message: str) -> UserError:
        """An error about a file that holds more than the limits allow."""
        return self.fault(message, _("Ask the sender for a file that holds the log alone; the limits stand in docs/limits.md."))

    def no_headings_at(self, row: int) -> UserError:
        """An error about a mapping that says where the headings stand, and nothing stands there."""
        return self.fault(
            _("There are no headings at row {row}, where the mapping says that they stand.").format(row=row),
            _("Correct heading_row in the mapping; lines of text files and rows of sheets count from 1, blank ones too."),
            line=row,
        )

    def unreadable(self) -> UserError:
        """An error about a file that the operating system does not let us read."""
        return self.fault(
            _("The file cannot be read from disk."),
            _("Check that it is there and that you may read it, and close programs that use it."),
        )

    def plain_copy(self, into: Path) -> Path:
        """A path to the file's unpacked bytes: its own when it is not gzipped, else that of a new file ``into``."""
        if not self.file.gzipped:
            return self.file.path
        with into.open("xb") as copy:
            for block in self.blocks():
                copy.write(block)
        return into

    def check_unchanged(self) -> None:
        """Raise UserError when the file was changed, moved or replaced since reading began."""
        if self._look() != self._stamp:
            raise self.fault(
                _("The file changed while it was read."),
                _("Wait until the export has finished, or copy the file, and run again."),
            )

    def _look(self) -> tuple[int, int, int]:
        try:
            seen = self.file.path.stat()
        except OSError as error:
            raise self.unreadable() from error
        return seen.st_size, seen.st_mtime_ns, seen.st_ino
