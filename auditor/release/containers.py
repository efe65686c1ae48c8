"""What the ZIP file around an office document or an archive may hold beside its parts: comments, and bytes that are no part of it."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path
from typing import BinaryIO

from auditor.release.model import Opened, Passage, Reason, Weight
from auditor.release.packed import parse_stream, safe_parser
from auditor.words import _

_LOCAL_HEADER = struct.Struct("<4s5H3L2H")
_CENTRAL_HEADER = 46
_END = 22
#: The longer end of a large archive, and what leads to it.
_LARGE_END = 56 + 20
_SIZES_FOLLOW, _UTF_8 = 0x8, 0x800
#: After a part whose length was not known when it was begun stand its check sum and sizes, in one of four lengths.
_SIZES_AFTER = (12, 16, 20, 24)
_MOST_BYTES = 100_000


def container_reasons(parts: zipfile.ZipFile, path: Path, opened: Opened) -> None:
    """Comments of the archive and its entries, and bytes that belong to none of them, stop."""
    comments = [comment for comment in (parts.comment, *(entry.comment for entry in parts.infolist())) if comment]
    place = _("{file}, comment of the archive").format(file=opened.shown)
    opened.passages += [Passage(place, comment.decode("utf-8", "replace"), hidden=True) for comment in comments]
    if comments:
        opened.reasons.append(
            Reason(
                Weight.STOP,
                "comments",
                _("The archive has a comment."),
                _("Pack it anew without a comment."),
                [opened.shown],
                len(comments),
            )
        )
    beside = _bytes_beside(parts, path)
    if beside:
        place = _("{file}, beside its parts").format(file=opened.shown)
        opened.passages += [Passage(place, data.decode("utf-8", "replace"), hidden=True) for data in beside]
        opened.reasons.append(
            Reason(
                Weight.STOP,
                "embedded",
                _("The file holds bytes that belong to none of its parts."),
                _("Save or pack it anew."),
                [opened.shown],
                len(beside),
            )
        )


def _bytes_beside(parts: zipfile.ZipFile, path: Path) -> list[bytes]:
    """The bytes before, between and after the entries and their index."""
    entries = sorted(parts.infolist(), key=lambda entry: entry.header_offset)
    reached = 0
    allowed: tuple[int, ...] = (0,)
    found: list[bytes] = []
    with path.open("rb") as file:
        for begin, entry in [*((entry.header_offset, entry) for entry in entries), (parts.start_dir, None)]:
            if begin - reached not in allowed:
                found.append(_bytes_at(file, reached, begin))
            if entry is not None:
                header = _LOCAL_HEADER.unpack(_bytes_at(file, begin, begin + _LOCAL_HEADER.size))
                reached = begin + _LOCAL_HEADER.size + header[-2] + header[-1] + entry.compress_size
                allowed = _SIZES_AFTER if entry.flag_bits & _SIZES_FOLLOW else (0,)
        index = parts.start_dir + sum(map(_index_size, entries))
        large = _bytes_at(file, index, index + 4) == b"PK\x06\x06"
        end = index + (_LARGE_END if large else 0) + _END + len(parts.comment)
        if end < path.stat().st_size:
            found.append(_bytes_at(file, end, path.stat().st_size))
    return found


def _index_size(entry: zipfile.ZipInfo) -> int:
    name = entry.orig_filename.encode("utf-8" if entry.flag_bits & _UTF_8 else "cp437")
    return _CENTRAL_HEADER + len(name) + len(entry.extra) + len(entry.comment)


def _bytes_at(file: BinaryIO, begin: int, end: int) -> bytes:
    file.seek(begin)
    return file.read(max(0, min(end - begin, _MOST_BYTES)))


def xml_comment_reasons(parts: zipfile.ZipFile, opened: Opened) -> None:
    """Comments in the XML of an office document's parts, which no page shows, stop."""
    places = []
    for name in parts.namelist():
        if not name.casefold().endswith((".xml", ".rels")):
            continue
        found: list[str] = []
        parser = safe_parser()
        parser.CommentHandler = found.append
        with parts.open(name) as part:
            parse_stream(part, parser)
        place = _("{file}, XML comment").format(file=opened.shown)
        opened.passages += [Passage(place, text, hidden=True) for text in found]
        places += [place] * len(found)
    if places:
        opened.reasons.append(
            Reason(
                Weight.STOP,
                "comments",
                _("The file holds comments or notes."),
                _("Remove it, or make a clean copy with --write-clean."),
                places[:1],
                len(places),
            )
        )
