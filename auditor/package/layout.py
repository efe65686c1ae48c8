"""The bytes of a package: a ZIP with one form only, so that every byte of it is either content or known beforehand.

Nothing is compressed and no time stands in it. So the same files make the same bytes everywhere, nothing can swell when it
is opened, and a package that was opened and packed again by another program is told from one that was not.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

#: A ZIP without the extensions for large files ends here.
LARGEST = 2**32 - 1
MOST_FILES = 1000
_VERSION = 20
_MIDNIGHT, _FIRST_DAY = 0, 0x21  # 1980-01-01, the first day that a ZIP knows
_UTF8 = 0x800
_OWNER_ALONE = 0o100600 << 16


@dataclass(frozen=True)
class Member:
    """A file in a package: its name, its length in bytes and its CRC-32."""

    name: str
    size: int
    crc: int


def is_plain(name: str) -> bool:
    """Whether a name can only mean a file in the folder itself, on every system."""
    return 0 < len(name) <= 120 and name.isprintable() and not set(name) & set('/\\:*?"<>|') and name == name.strip(" .")


def before(member: Member) -> bytes:
    """What stands before a file's content."""
    name = member.name.encode("utf-8")
    return struct.pack("<4s5H3L2H", b"PK\3\4", *_common(member), len(name), 0) + name


def after(members: Iterable[Member]) -> bytes:
    """What stands after the last file: the list of all of them."""
    out = io.BytesIO()
    offset = n = 0
    for member in members:
        name = member.name.encode("utf-8")
        common = _common(member)
        out.write(struct.pack("<4s6H3L5H2L", b"PK\1\2", 0x300 | _VERSION, *common, len(name), 0, 0, 0, 0, _OWNER_ALONE, offset))
        out.write(name)
        offset += len(before(member)) + member.size
        n += 1
    listed = out.getvalue()
    return listed + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, n, n, len(listed), offset, 0)


def length(members: list[Member]) -> int:
    """The whole package's length in bytes."""
    return sum(len(before(member)) + member.size for member in members) + len(after(members))


def _common(member: Member) -> tuple[int, ...]:
    """Version, flags, no compression, time, day, CRC, and the length twice."""
    flags = 0 if member.name.isascii() else _UTF8
    return (_VERSION, flags, 0, _MIDNIGHT, _FIRST_DAY, member.crc, member.size, member.size)


class Reading(io.RawIOBase):
    """Pieces of bytes as a file that is read from the beginning to the end."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._left = b""

    def readable(self) -> bool:
        """It is for reading."""
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        """The next ``size`` bytes, or fewer at the end; all of them when it is negative or None."""
        wanted = size if size is not None and size >= 0 else None
        held = [self._left]
        n = len(self._left)
        while wanted is None or n < wanted:
            piece = next(self._pieces, b"")
            if not piece:
                break
            held.append(piece)
            n += len(piece)
        whole = b"".join(held)
        cut = len(whole) if wanted is None else wanted
        self._left = whole[cut:]
        return whole[:cut]
