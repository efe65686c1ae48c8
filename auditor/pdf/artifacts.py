"""What stands on a page beside its content - running heads, lines, backgrounds - marked as such in the page's drawing.

ISO 14289-1, 7.1: content is either tagged or an artifact. The browser tags the content and leaves the rest unmarked. Its
drawing is text with one operator at the end of each line, and is changed by lines.
"""

from __future__ import annotations

_PATH = frozenset((b"m", b"l", b"c", b"v", b"y", b"h", b"re"))
_CLIP = frozenset((b"W", b"W*"))
_PAINT = frozenset((b"f", b"F", b"f*", b"S", b"s", b"B", b"B*", b"b", b"b*"))
_OPEN = frozenset((b"BDC", b"BMC"))
_RUNNING = b"/Artifact <</Type /Pagination>> BDC"
_OTHER = b"/Artifact BMC"
_CLOSE = b"EMC"


def mark_artifacts(drawing: bytes, beside: frozenset[int], tagged_forms: frozenset[bytes]) -> bytes:
    """The drawing of a page with everything unmarked marked as an artifact.

    ``beside`` are the marked pieces (MCID) that are no content, such as the head of a table that is repeated on each page.
    ``tagged_forms`` are the names (``b"/X5"``) of drawings within the page that are tagged themselves.
    """
    out: list[bytes] = []
    held: list[bytes] = []  # a path or text that has begun and is not marked
    depth = 0
    in_text = False
    for line in drawing.split(b"\n"):
        operator = line.rsplit(None, 1)[-1].lstrip(b">") if line.strip() else b""
        if operator in _OPEN:
            out += held
            held = []
            depth += 1
            out.append(_RUNNING if _number_of(line) in beside else line)
        elif operator == _CLOSE:
            depth -= 1
            out.append(line)
        elif depth:
            in_text = operator == b"BT" or (in_text and operator != b"ET")
            out.append(line)
        elif operator == b"BT" or (not in_text and operator in _PATH | _CLIP):
            in_text = in_text or operator == b"BT"
            held.append(line)
        elif operator == b"ET" and in_text:
            in_text = False
            out += [_RUNNING, *held, line, _CLOSE] if held else [line]
            held = []
        elif in_text and held:
            held.append(line)
        elif operator in _PAINT:
            out += [_OTHER, *held, line, _CLOSE]
            held = []
        elif operator == b"n":
            out += [*held, line]
            held = []
        elif operator == b"sh" or (operator == b"Do" and line.split()[0] not in tagged_forms):
            out += [_OTHER, line, _CLOSE]
        else:
            out.append(line)
    return b"\n".join(out + held)


def _number_of(line: bytes) -> int | None:
    """The MCID of a line that opens marked content; None where it has none."""
    words = line.replace(b">>", b" ").replace(b"<<", b" ").split()
    for place, word in enumerate(words[:-1]):
        if word == b"/MCID" and words[place + 1].isdigit():
            return int(words[place + 1])
    return None
