"""Text files as lines: which encoding a file is in, by a fixed rule and never by a guess, and the lines that cannot be decoded.

The rule: a byte order mark decides. Without one the file is UTF-8 when all of it is valid UTF-8. Otherwise the lines with
letters beyond ASCII are counted: none of them valid UTF-8 means Windows-1252; some of each means the encoding of the majority
(UTF-8 when even), and the lines in the other encoding are torn, as is a line with a byte that Windows-1252 has no sign for.
Code pages that would be read as Windows-1252, but wrongly (DOS, Mac), are told by a sign inside a word, and refused.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from auditor.intake.readers.model import Torn
from auditor.intake.readers.source import Source
from auditor.words import _

#: What files of other forms begin with: named wrongly, they would end up as torn lines.
_OTHER_FORMS = (b"\x1f\x8b", b"PK\x03\x04", b"PAR1", b"PARE", b"\xd0\xcf\x11\xe0")
_UTF_16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
#: „ † ” and Œ between two letters: they are ä å ö in code page 850 and å in Mac Roman.
_OTHER_CODE_PAGE = re.compile(rb"(?<=[A-Za-z])[\x84\x86\x94\x8c](?=[A-Za-z])")
#: One line in so many with such a mark is not a slip of the pen.
_SLIPS = 20


@dataclass(frozen=True)
class Encoding:
    """How a file's bytes are to be read (those of UTF-16 are turned into UTF-8 first).

    ``mixed``: other lines are UTF-8; they must be told apart, since Windows-1252 reads any line, if wrongly.
    """

    name: str
    line_end: bytes
    mixed: bool = False


@dataclass(frozen=True)
class Lines:
    """Whole lines with their ends, decoded; ``first`` is the number of the first of them, from 1."""

    first: int
    text: str


@dataclass(frozen=True)
class TornLine:
    """A line that cannot be read."""

    line: int
    reason: Torn


@dataclass(frozen=True)
class _Chunk:
    """Whole lines as bytes. ``data`` is None for a line over the limit. ``offset`` counts bytes from the file's beginning."""

    line: int
    offset: int
    data: bytes | None


def decide_encoding(source: Source, *, only_unicode: bool = False) -> Encoding:
    """The encoding of a text file; reads it once, twice when it is not UTF-8. With ``only_unicode`` never Windows-1252.

    Raises UserError when the file is of another form than its name says, or in none of the encodings.
    """
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    marked = valid = True
    has_line_feed = False
    at_start = True
    for block in _as_utf_8(source):
        if at_start:
            at_start = False
            marked = isinstance(block, _Marked)
            if block.startswith(_OTHER_FORMS):
                raise source.fault(
                    _("The file is not text, whatever its name says."),
                    _("Give it the ending of what it is (.xlsx, .parquet, .csv.gz); save old Excel files as .xlsx."),
                )
        has_line_feed = has_line_feed or b"\n" in block
        if valid and not marked:
            valid = _decodes(decoder, block)
    if valid and not marked:
        valid = _decodes(decoder, b"", final=True)
    line_end = b"\n" if has_line_feed else b"\r"
    if valid or marked or only_unicode:
        return Encoding("utf-8", line_end)
    return _vote(source, line_end)


def _decodes(decoder: codecs.IncrementalDecoder, block: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(block, final)
    except UnicodeDecodeError:
        return False
    return True


class _Marked(bytes):
    """The first block of a file that began with a byte order mark, without the mark."""


def _as_utf_8(source: Source) -> Iterator[bytes]:
    """The file's blocks without a byte order mark, UTF-16 turned into UTF-8; other bytes as they are.

    What is not valid UTF-16 becomes bytes that are not valid UTF-8, so that the line it stands in is torn and no other.
    """
    blocks = source.blocks()
    first = next(blocks, b"")
    if first.startswith(codecs.BOM_UTF8):
        yield _Marked(first[len(codecs.BOM_UTF8) :])
        yield from blocks
    elif first[:2] in _UTF_16:
        decoder = codecs.getincrementaldecoder(_UTF_16[first[:2]])("surrogatepass")
        yield _Marked(decoder.decode(first[2:]).encode("utf-8", "surrogatepass"))
        for block in blocks:
            yield decoder.decode(block).encode("utf-8", "surrogatepass")
        if decoder.getstate()[0]:
            yield b"\xff"  # half a character at the end
    else:
        yield first
        yield from blocks


def _vote(source: Source, line_end: bytes) -> Encoding:
    """UTF-8 or Windows-1252 for a file that is not all UTF-8. Lines torn for another reason have no say."""
    utf_8 = other = strange = 0
    first: tuple[int, int, int] | None = None
    for chunk in _chunks(source, line_end):
        if chunk.data is None or chunk.data.isascii():
            continue
        offset = chunk.offset
        for number, line in enumerate(chunk.data.split(line_end), chunk.line):
            if not line.isascii() and _why_torn(line, source) is None:
                if _is_utf_8(line):
                    utf_8 += 1
                else:
                    other += 1
                    if found := _OTHER_CODE_PAGE.search(line):
                        strange += 1
                        first = first or (number, offset + found.start(), found.group()[0])
            offset += len(line) + 1
    if utf_8 or not other:
        return Encoding("cp1252", line_end, mixed=True) if other > utf_8 else Encoding("utf-8", line_end)
    if first is not None and strange * _SLIPS >= other:
        line_number, position, byte = first
        raise source.fault(
            _("The file is neither UTF-8, UTF-16 nor Windows-1252: byte {byte} at position {position} of the file.").format(
                byte=f"0x{byte:02X}", position=position + 1
            ),
            _("Save it as UTF-8 (in Excel: CSV UTF-8) and run again."),
            line=line_number,
        )
    return Encoding("cp1252", line_end)


def _is_utf_8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _why_torn(line: bytes, source: Source) -> Torn | None:
    """Why a line cannot be read whatever its encoding; None when it can."""
    if len(line) > source.limits.line_bytes:
        return Torn.TOO_LONG
    return Torn.NUL_BYTE if b"\0" in line else None


def _chunks(source: Source, line_end: bytes) -> Iterator[_Chunk]:
    """The file in chunks of whole lines. A line that outgrows the limit is passed over without being held in memory."""
    rest = b""
    line, offset = 1, 0
    passing_over = False
    for block in _as_utf_8(source):
        data = rest + block
        if passing_over:
            cut = data.find(line_end) + 1
            offset += cut or len(data)
            if not cut:
                continue
            data = data[cut:]
            line += 1
            passing_over = False
        cut = data.rfind(line_end) + 1
        if cut:
            yield _Chunk(line, offset, data[:cut])
            line += data.count(line_end, 0, cut)
            offset += cut
        rest = data[cut:]
        if len(rest) > source.limits.line_bytes:
            yield _Chunk(line, offset, None)
            offset += len(rest)
            rest = b""
            passing_over = True
    if rest:
        yield _Chunk(line, offset, rest)


def read_lines(source: Source, encoding: Encoding) -> Iterator[Lines | TornLine]:
    """The file's lines from first to last, in groups; each line that cannot be read stands alone."""
    for chunk in _chunks(source, encoding.line_end):
        if chunk.data is None:
            yield TornLine(chunk.line, Torn.TOO_LONG)
        elif len(chunk.data) <= source.limits.line_bytes and b"\0" not in chunk.data and not encoding.mixed:
            try:
                yield Lines(chunk.line, chunk.data.decode(encoding.name))
            except UnicodeDecodeError:
                yield from _one_by_one(chunk.line, chunk.data, source, encoding)
        else:
            yield from _one_by_one(chunk.line, chunk.data, source, encoding)


def _one_by_one(first: int, data: bytes, source: Source, encoding: Encoding) -> Iterator[Lines | TornLine]:
    good: list[str] = []
    lines = io.BytesIO(data) if encoding.line_end == b"\n" else iter(re.findall(rb"[^\r]*\r|[^\r]+", data))
    number = first
    for number, line in enumerate(lines, first):
        reason = _why_torn(line.removesuffix(encoding.line_end), source)
        if reason is None and encoding.mixed and not line.isascii() and _is_utf_8(line):
            reason = Torn.UNDECODABLE
        if reason is None:
            try:
                good.append(line.decode(encoding.name))
                continue
            except UnicodeDecodeError:
                reason = Torn.UNDECODABLE
        if good:
            yield Lines(number - len(good), "".join(good))
            good = []
        yield TornLine(number, reason)
    if good:
        yield Lines(number + 1 - len(good), "".join(good))


def split_lines(text: str, encoding: Encoding) -> list[str]:
    """The lines of a text with their ends. Only the file's own end of line ends one, no other character of Unicode."""
    return list(io.StringIO(text, newline=encoding.line_end.decode("ascii")))
