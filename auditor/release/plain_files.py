"""Text, JSON and XML: as tables where they are lists of flat records, else as passages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.parsers import expat

from auditor.errors import UserError
from auditor.intake.readers.cells import CellWriter, column_names
from auditor.intake.readers.limits import LIMITS, MIB, as_size
from auditor.release.model import Opened, Passage, RawTable
from auditor.release.opening import Opening
from auditor.release.packed import Damaged, local, safe_parser, safe_tree
from auditor.words import _

#: JSON and XML are read whole.
_MOST_BYTES = 256 * MIB
_PIECE = 1 * MIB
_INSTANCE = "{http://www.w3.org/2001/XMLSchema-instance}"
#: Attributes that say where an XML file's schema lies.
_SCHEMA_PLACES = frozenset({f"{_INSTANCE}schemaLocation", f"{_INSTANCE}noNamespaceSchemaLocation"})


def read_text(path: Path, opened: Opened, opening: Opening) -> None:
    """Plain text as passages, in pieces that end at a line; the places are lines."""
    del opening
    opened.form, opened.tabular = "text", False
    line = 1
    for piece in _pieces(path, opened.shown):
        opened.passages.append(Passage(opened.shown, piece, first_line=line))
        line += piece.count("\n")


def _pieces(path: Path, shown: str) -> Iterator[str]:
    _refuse_large(path, shown)
    text = decoded(path.read_bytes(), shown)
    start = 0
    while start < len(text):
        end = text.find("\n", start + _PIECE)
        end = len(text) if end < 0 else end + 1
        yield text[start:end]
        start = end


def decoded(data: bytes, shown: str) -> str:
    """The text of some bytes: by their byte order mark, else strict UTF-8, else strict Windows-1252. Raises UserError."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    for encoding in ("utf-8", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UserError(
        _("The file is not text in UTF-8, UTF-16 or Windows-1252."),
        hint=_("Save it as text in UTF-8 and run again."),
        file=shown,
    )


def _refuse_large(path: Path, shown: str) -> None:
    if path.stat().st_size > _MOST_BYTES:
        raise UserError(
            _("The file is larger than {size}, the limit for this form.").format(size=as_size(_MOST_BYTES)),
            hint=_("Save it as CSV, Parquet or JSON Lines, which may be of any size."),
            file=shown,
        )


def read_json(path: Path, opened: Opened, opening: Opening) -> None:
    """JSON: a list of flat objects is a table (also as the only list of an object); anything else is passages.

    Where anything stands beside the list, or a key is there twice, the file is not all tables.
    """
    opened.form = "json"
    _refuse_large(path, opened.shown)
    twice: list[tuple[str, Any]] = []

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        kept = dict(found)
        if len(kept) < len(found):
            twice.extend(pair for pair in found if kept[pair[0]] is not pair[1])
        return kept

    try:
        value = json.loads(decoded(path.read_bytes(), opened.shown), object_pairs_hook=pairs)
    except (ValueError, RecursionError) as error:
        raise _damaged(opened, "JSON") from error
    records, beside = value, twice
    if isinstance(value, dict):
        lists = [key for key, part in value.items() if isinstance(part, list) and part]
        if len(lists) == 1:
            records = value[lists[0]]
            beside = twice + [(key, part) for key, part in value.items() if key != lists[0]]
    if isinstance(records, list) and records and all(isinstance(record, dict) and _is_flat(record) for record in records):
        _make_table([{key: _cell(part) for key, part in record.items()} for record in records], opened, opening)
        opened.tabular = not beside
    else:
        opened.tabular, beside = False, twice
        opened.passages += [
            Passage(_("{file}, value {number}").format(file=opened.shown, number=number), text)
            for number, text in enumerate(_texts(value), start=1)
        ]
    opened.passages += [
        Passage(
            _("{file}, value {number} beside the list").format(file=opened.shown, number=number),
            f"{key} {_words(part)}",
            hidden=True,
        )
        for number, (key, part) in enumerate(beside, start=1)
    ]


def _is_flat(record: dict[str, Any]) -> bool:
    return not any(
        isinstance(part, dict) or (isinstance(part, list) and any(isinstance(one, dict | list) for one in part))
        for part in record.values()
    )


def _cell(part: Any) -> str | None:
    if part is None:
        return None
    if isinstance(part, bool):
        return "true" if part else "false"
    return "; ".join(str(one) for one in part) if isinstance(part, list) else str(part)


def _words(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _texts(value: Any) -> Iterator[str]:
    """Every key and value, depth first."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            for key, part in one.items():
                if isinstance(part, dict | list):
                    waiting.append(part)
                    yield str(key)
                else:
                    yield f"{key}: {part}"
        elif isinstance(one, list):
            waiting.extend(reversed(one))
        elif one is not None:
            yield str(one)


def _make_table(records: list[dict[str, str | None]], opened: Opened, opening: Opening) -> None:
    headings = list(dict.fromkeys(key for record in records for key in record))
    if len(headings) > LIMITS.columns:
        raise _damaged(opened, opened.form.upper())
    with CellWriter(opening.folder(), "records") as cells:
        for start in range(0, len(records), 50_000):
            some = records[start : start + 50_000]
            cells.add(
                [[record.get(key) for key in headings] for record in some],
                range(start + 1, start + len(some) + 1),
                len(headings),
            )
        path, _torn = cells.finish(len(headings))
    names = column_names(len(headings))
    opened.tables.append(RawTable(opening.next_table(), opened.shown, tuple(headings), names, path, len(records)))


def read_xml(path: Path, opened: Opened, opening: Opening) -> None:
    """XML: a root whose children are records of flat elements is a table; anything else is passages. Entities are refused.

    Where comments, instructions or attributes of the root stand beside the records, the file is not all tables.
    """
    opened.form = "xml"
    _refuse_large(path, opened.shown)
    data = path.read_bytes()
    try:
        root = safe_tree(data)
    except Damaged as error:
        raise UserError(
            _("The XML file defines a document type or entities of its own, which are not read."),
            hint=_("Save it without a document type (DOCTYPE) and run again."),
            file=opened.shown,
        ) from error
    except (expat.ExpatError, ElementTree.ParseError, ValueError, RecursionError) as error:
        raise _damaged(opened, "XML") from error
    children = list(root)
    tails = any((element.tail or "").strip() for element in root.iter())
    comments = _comments(data)
    opened.passages += [Passage(_("{file}, XML comment").format(file=opened.shown), text, hidden=True) for text in comments]
    flat = len({child.tag for child in children}) == 1 and all(_is_record(child) for child in children)
    if children and flat and not tails and not (root.text or "").strip():
        _make_table([_record(child) for child in children], opened, opening)
        attributes = " ".join(root.attrib.values())
        opened.passages.append(Passage(_("{file}, root element").format(file=opened.shown), attributes, hidden=True))
        opened.tabular = not (comments or root.attrib.keys() - _SCHEMA_PLACES)
        return
    opened.tabular = False
    for number, element in enumerate(root.iter(), start=1):
        text = " ".join(
            [*(f"{local(key)}: {value}" for key, value in element.attrib.items()), element.text or "", element.tail or ""]
        )
        if text.strip():
            opened.passages.append(
                Passage(_("{file}, element {number}").format(file=opened.shown, number=number), f"{local(element.tag)}: {text}")
            )


def _comments(data: bytes) -> list[str]:
    found: list[str] = []
    parser = safe_parser()
    parser.CommentHandler = found.append
    parser.ProcessingInstructionHandler = lambda target, text: found.append(f"{target} {text}")
    parser.Parse(data, True)
    return found


def _is_record(element: ElementTree.Element) -> bool:
    names = [child.tag for child in element]
    return (
        bool(names or element.attrib)
        and len(names) == len(set(names))
        and not any(len(child) or child.attrib for child in element)
        and not (element.text or "").strip()
    )


def _record(element: ElementTree.Element) -> dict[str, str | None]:
    record: dict[str, str | None] = {local(key): value for key, value in element.attrib.items()}
    record |= {local(child.tag): child.text for child in element}
    return record


def _damaged(opened: Opened, kind: str) -> UserError:
    return UserError(
        _("The file is no {kind} file, or is damaged.").format(kind=kind),
        hint=_("Open it in the program that made it, save it again, and run again."),
        file=opened.shown,
    )
