"""The parts of a workbook (XLSX, a zip of XML): unpacked in streams under the limits, and read without entities or definitions.

A general library is not used here: those at hand show an error cell as an empty one and a moment at midnight as a bare date,
and copy a long shared text into every cell that refers to it, so that a file of 300 KB fills gigabytes of memory.
"""

from __future__ import annotations

import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from xml.parsers import expat

from auditor.errors import UserError
from auditor.intake.readers.limits import KIB, as_count, as_size
from auditor.intake.readers.source import Source
from auditor.words import _

_BLOCK_BYTES = 256 * KIB
_DEEPEST = 64
_OLD_EXCEL_OR_PASSWORD = b"\xd0\xcf\x11\xe0"
_END_RECORD = struct.Struct("<4s4H2LH")
_END_RECORD_64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR_64 = struct.Struct("<4sLQL")
#: What reading a damaged zip may raise; positions past the file's end are an OSError
_ZIP_ERRORS = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, ValueError, NotImplementedError, RuntimeError, OSError)
_ENTRY_BYTES = 1 * KIB  # what one part's entry in the zip's directory may take on average


class DamagedError(Exception):
    """The XML of a part is not what a workbook's must be."""


class Parts:
    """The parts of one workbook. Everything that goes wrong with them is a UserError that names the file."""

    def __init__(self, path: Path, source: Source) -> None:
        self._source = source
        self._limits = source.limits
        self._unpacked = 0
        self._check_directory(path)
        try:
            self._zip = zipfile.ZipFile(path)
        except _ZIP_ERRORS as error:
            raise self.damaged() from error
        try:
            self._check_declared()
        except UserError:
            self.close()
            raise
        self._names = {name.replace("\\", "/").lstrip("/").casefold(): name for name in self._zip.namelist()}

    def close(self) -> None:
        """Close the file."""
        self._zip.close()

    def damaged(self) -> UserError:
        """An error about a file that is no whole workbook."""
        return self._source.fault(
            _("The file is no workbook (XLSX), or is damaged."),
            _("Open it in Excel, save it as an Excel workbook (.xlsx) and run again."),
        )

    def _check_directory(self, path: Path) -> None:
        """Look at the zip's two ends: refuse old and locked workbooks, and a directory of parts without end."""
        try:
            with path.open("rb") as file:
                start = file.read(8)
                file.seek(max(0, path.stat().st_size - (64 * KIB + 128)))
                end = file.read()
                found = end.rfind(b"PK\x05\x06")
                directory_bytes = 0
                if 0 <= found <= len(end) - _END_RECORD.size:
                    directory_bytes = _END_RECORD.unpack_from(end, found)[5]
                record = found - _LOCATOR_64.size - _END_RECORD_64.size
                if record >= 0 and end.startswith(b"PK\x06\x06", record):
                    directory_bytes = _END_RECORD_64.unpack_from(end, record)[8]
        except OSError as error:
            raise self._source.unreadable() from error
        if start.startswith(_OLD_EXCEL_OR_PASSWORD):
            raise self._source.fault(
                _("The workbook is protected by a password, or is of the old form (.xls)."),
                _("Open it in Excel, remove the password, save it as an Excel workbook (.xlsx) and run again."),
            )
        if directory_bytes > self._limits.workbook_parts * _ENTRY_BYTES:
            raise self._too_many()

    def _check_declared(self) -> None:
        entries = self._zip.infolist()
        if len(entries) > self._limits.workbook_parts:
            raise self._too_many()
        if any(entry.flag_bits & 1 for entry in entries):
            raise self._source.fault(
                _("The workbook is protected by a password."),
                _("Remove the password in Excel, save the workbook and run again."),
            )
        self._check_size(sum(entry.file_size for entry in entries))

    def _too_many(self) -> UserError:
        return self._source.bomb(
            _("The workbook has more than {limit} parts.").format(limit=as_count(self._limits.workbook_parts))
        )

    def _check_size(self, unpacked: int) -> None:
        if unpacked > self._limits.workbook_bytes:
            raise self._source.bomb(
                _("The file unpacks to more than {size}.").format(size=as_size(self._limits.workbook_bytes))
            )
        self._source.check_ratio(unpacked)

    def has(self, name: str) -> bool:
        """Whether the workbook has a part of that name."""
        return name.casefold() in self._names

    def blocks(self, name: str) -> Iterator[bytes]:
        """A part, unpacked in blocks. Its real size counts, and must be the declared one."""
        try:
            entry = self._zip.getinfo(self._names[name.casefold()])
            if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise self.damaged()
            with self._zip.open(entry) as part:
                while block := part.read(_BLOCK_BYTES):
                    self._unpacked += len(block)
                    self._check_size(self._unpacked)
                    yield block
        except (KeyError, *_ZIP_ERRORS) as error:
            raise self.damaged() from error

    def read(self, name: str, walk: Walk) -> None:
        """Let ``walk`` read a part to its end, or until it says that it has seen enough."""
        try:
            for block in self.blocks(name):
                walk.feed(block)
                if walk.enough:
                    return
            walk.feed(b"", last=True)
        except (expat.ExpatError, DamagedError) as error:
            raise self.damaged() from error


class Walk:
    """Walks through the XML of a part: ``start`` and ``end`` are told each element by its name without a prefix.

    ``collect`` begins to gather the text of an element, ``collected`` ends it and gives the text, None when it is over the
    limit. Definitions and entities of the document's own are refused, and so is XML that is nested without end.
    """

    def __init__(self, longest_text: int) -> None:
        self.enough = False
        self.prefix = ""  # of the outermost element, with its colon
        self._longest = longest_text
        self._depth = 0
        self._collecting = False
        self._texts: list[str] = []
        self._length = 0
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text

    def feed(self, block: bytes, *, last: bool = False) -> None:
        """Read on. Raises DamagedError or ExpatError."""
        self._parser.Parse(block, last)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def collect(self) -> None:
        """Gather the text that follows, after what is gathered already."""
        self._collecting = True

    def pause(self) -> None:
        """Gather no more text for now."""
        self._collecting = False

    def collected(self) -> str | None:
        """The text gathered since the last call; None when it is over the limit."""
        self._collecting = False
        texts, length = self._texts, self._length
        self._texts, self._length = [], 0
        return "".join(texts) if length <= self._longest else None

    def _text(self, text: str) -> None:
        if self._collecting:
            self._length += len(text)
            if self._length <= self._longest:
                self._texts.append(text)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise DamagedError
        bare = name[name.find(":") + 1 :]
        if self._depth == 1:
            self.prefix = name.removesuffix(bare)
        self.start(bare, attributes)

    def _end(self, name: str) -> None:
        self._depth -= 1
        self.end(name[name.find(":") + 1 :])

    def _refuse(self, *_declaration: object) -> None:
        raise DamagedError


class _Relations(Walk):
    """Which parts a part refers to: id to kind (the last word of its type) and target."""

    def __init__(self) -> None:
        super().__init__(0)
        self.found: dict[str, tuple[str, str]] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            kind = attributes.get("Type", "").rpartition("/")[2]
            self.found[attributes.get("Id", "")] = (kind, attributes.get("Target", ""))


def relations(parts: Parts, name: str) -> dict[str, tuple[str, str]]:
    """The parts that a part refers to: id to kind (``worksheet``) and full name. ``name`` empty: the workbook itself."""
    folder, own = posixpath.split(name)
    member = posixpath.join(folder, "_rels", f"{own}.rels")
    if not parts.has(member):
        return {}
    walk = _Relations()
    parts.read(member, walk)
    return {
        key: (kind, posixpath.normpath(posixpath.join("/", folder, target.replace("\\", "/"))).lstrip("/"))
        for key, (kind, target) in walk.found.items()
    }
