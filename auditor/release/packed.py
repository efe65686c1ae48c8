"""Packed files (ZIP, and the office formats that are ZIP files): opened under limits, their XML read without entities."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from xml.etree import ElementTree
from xml.parsers import expat

from auditor.errors import UserError
from auditor.intake.readers.limits import LIMITS, MIB, as_count, as_size
from auditor.words import _

PASSWORD_OR_OLD = b"\xd0\xcf\x11\xe0"
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_BLOCK = 256 * 1024
#: A part of XML that is read whole (not a sheet) may be no larger.
_WHOLE_PART = 64 * MIB


class Damaged(Exception):
    """A part is not what it should be. Holds no data."""


@contextmanager
def packed(path: Path, shown: str, kind: str) -> Iterator[zipfile.ZipFile]:
    """A packed file whose parts are within the limits. ``kind`` names the form in the error (``XLSX``).

    Raises UserError when it is damaged, locked with a password, or unpacks to too much; what is raised inside is told as damage.
    """
    try:
        with path.open("rb") as file:
            if file.read(len(PASSWORD_OR_OLD)) == PASSWORD_OR_OLD:
                raise UserError(
                    _("The file is protected by a password, or is of an old form."),
                    hint=_("Remove the password, or save it in the present form, and run again."),
                    file=shown,
                )
            with zipfile.ZipFile(file) as parts:
                _check_limits(parts, path, shown)
                yield parts
    except (UserError, MemoryError):
        raise
    except (
        zipfile.BadZipFile,
        zlib.error,
        struct.error,
        Damaged,
        expat.ExpatError,
        ElementTree.ParseError,
        ValueError,
        KeyError,
        OSError,
        EOFError,
        NotImplementedError,
    ) as error:
        raise UserError(
            _("The file is no {kind} file, or is damaged.").format(kind=kind),
            hint=_("Open it in the program that made it, save it again, and run again."),
            file=shown,
        ) from error


def _check_limits(parts: zipfile.ZipFile, path: Path, shown: str) -> None:
    """Unpack every part in small blocks and count: what the index says of sizes may be wrong."""
    entries = parts.infolist()
    hint = _("Ask for a file that holds the export alone; the limits stand in docs/limits.md.")
    if len(entries) > LIMITS.workbook_parts:
        words = _("The file has more than {limit} parts.").format(limit=as_count(LIMITS.workbook_parts))
        raise UserError(words, hint=hint, file=shown)
    size, unpacked = path.stat().st_size, 0
    for entry in entries:
        if entry.flag_bits & 1:
            raise UserError(_("The file is protected by a password."), hint=_("Remove the password and run again."), file=shown)
        if entry.compress_type not in _METHODS:
            raise NotImplementedError
        with parts.open(entry) as part:
            while block := part.read(_BLOCK):
                unpacked += len(block)
                too_much = unpacked > LIMITS.workbook_bytes
                if too_much or (unpacked > LIMITS.workbook_ratio_from and unpacked > LIMITS.workbook_ratio * size):
                    words = _("The file unpacks to more than {size}, or to more than {ratio} times its size.").format(
                        size=as_size(LIMITS.workbook_bytes), ratio=LIMITS.workbook_ratio
                    )
                    raise UserError(words, hint=hint, file=shown)


def _refuse(*_declaration: object) -> int:
    raise Damaged


def safe_parser() -> expat.XMLParserType:
    """A parser that knows no document types, hence no entities, and calls names ``namespace}name``."""
    parser = expat.ParserCreate(namespace_separator="}")
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    parser.ExternalEntityRefHandler = _refuse
    parser.buffer_text = True
    parser.buffer_size = 65536
    return parser


def parse_whole(data: bytes) -> ElementTree.Element:
    """The tree of a small part. Raises Damaged for a document type."""
    if len(data) > _WHOLE_PART:
        raise Damaged
    return safe_tree(data)


def safe_tree(data: bytes) -> ElementTree.Element:
    """The tree of an XML text, names as ``{namespace}name``. Raises Damaged for a document type, ExpatError for what is no XML."""

    def named(name: str) -> str:
        return f"{{{name}" if "}" in name else name

    def start(name: str, attributes: dict[str, str]) -> None:
        builder.start(named(name), {named(key): value for key, value in attributes.items()})

    builder, parser = ElementTree.TreeBuilder(), safe_parser()
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda name: builder.end(named(name))
    parser.CharacterDataHandler = builder.data
    parser.Parse(data, True)
    return builder.close()


def parse_stream(file: IO[bytes], parser: expat.XMLParserType) -> None:
    """Feed a part to a parser, block by block."""
    while block := file.read(_BLOCK):
        parser.Parse(block, False)
    parser.Parse(b"", True)


def local(tag: str) -> str:
    """An element's or attribute's name without its namespace."""
    return tag.rpartition("}")[2]
