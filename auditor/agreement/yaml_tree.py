"""A YAML file as a tree in which every value is the text that was written, with its place.

Nothing is guessed from how a value looks: ``0180`` stays four characters and ``no`` stays a word. What could make a file mean
something else than what a reader sees is refused: tags, repeated keys, invisible characters. An alias stands for what its
anchor marks, and everything it stands for counts towards the limits (see the constants), which keep a hostile file from costing
more than a few seconds. A key with the word ``null`` (or ``~``) is a key left out; a key with nothing after it is a fault.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceStartEvent,
)

from auditor.agreement.faults import Faults, Place, shown
from auditor.agreement.syntax_faults import syntax_fault
from auditor.words import _

MAXIMUM_BYTES = 1024 * 1024
MAXIMUM_NODES = 50_000
MAXIMUM_DEPTH = 20
MAXIMUM_LINE = 10_000

_NULL = frozenset({"~", "null", "Null", "NULL"})
_BREAKS = "\t\n"


@dataclass(frozen=True)
class Scalar:
    """A single value as written, and where it starts.

    ``text`` is None where nothing was written, or ``~`` or ``null`` (then ``is_null``). ``unusable`` marks a value that has
    already been reported and about which nothing more can be said.
    """

    text: str | None
    place: Place
    unusable: bool = False
    is_null: bool = False


@dataclass
class Items:
    """A list."""

    place: Place
    items: list[Node] = field(default_factory=list)


@dataclass
class Entries:
    """A mapping: the value of each key, and where each key stands."""

    place: Place
    values: dict[str, Node] = field(default_factory=dict)
    keys: dict[str, Place] = field(default_factory=dict)


Node = Scalar | Items | Entries
Clause = tuple[str | int, ...]


@dataclass(frozen=True)
class Tree:
    """The whole file, and the characters that belong to values and keys, so that a ``#`` among them is no comment."""

    root: Entries
    spans: tuple[tuple[int, int], ...]


def decode(data: bytes, faults: Faults) -> str:
    """The file's text with line ends as ``\\n`` and without byte order mark. Raises UserErrors for what is no text file."""
    if len(data) > MAXIMUM_BYTES:
        raise faults.only(
            _("The file is larger than {limit} MiB.").format(limit=MAXIMUM_BYTES // 1024 // 1024),
            _("Check that it is the right file; it should be a few kilobytes."),
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
        raise faults.only(
            _("The file is not UTF-8: byte {number} cannot be read.").format(number=error.start + 1),
            _("Save the file as UTF-8."),
            Place(before.count("\n") + 1, len(before) - before.rfind("\n")),
        ) from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise faults.only(_("The file is empty."), _("Begin with a copy of the file that comes with the program."))
    _refuse_unreadable(text, faults)
    return text


def invisible(character: str) -> bool:
    """Whether a character cannot be seen where it stands, so that what is signed is not what is read."""
    return character not in _BREAKS and unicodedata.category(character) in {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}


def _refuse_unreadable(text: str, faults: Faults) -> None:
    for number, line in enumerate(text.split("\n"), start=1):
        if len(line) > MAXIMUM_LINE:
            raise faults.only(
                _("The line is longer than {limit} characters.").format(limit=MAXIMUM_LINE),
                _("Write the list with one value a line."),
                Place(number, MAXIMUM_LINE + 1),
            )
        if line.isascii() and line.isprintable():
            continue
        for column, character in enumerate(line, start=1):
            if invisible(character):
                raise faults.only(
                    _("The invisible character U+{code:04X} stands in the file.").format(code=ord(character)),
                    _("Remove it: what is signed must be what can be read."),
                    Place(number, column),
                )


def read_tree(text: str, faults: Faults) -> Tree:
    """The tree of a YAML text. Faults of single values are added to ``faults``; raises UserErrors when there is no tree."""
    builder = _Builder(faults)
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            builder.take(event)
    except MarkedYAMLError as error:
        raise syntax_fault(error, faults) from None
    except YAMLError as error:
        raise syntax_fault(MarkedYAMLError(problem=str(error)), faults) from None
    if not isinstance(builder.root, Entries):
        raise faults.only(
            _("The file does not hold keys with values."),
            _("Begin with a copy of the file that comes with the program."),
            builder.root.place if builder.root else None,
        )
    return Tree(builder.root, tuple(builder.spans))


class _Builder:
    """Builds the tree from ruamel's events, one at a time, so that the limits are met before memory is used."""

    def __init__(self, faults: Faults) -> None:
        self.root: Node | None = None
        self.spans: list[tuple[int, int]] = []
        self._faults = faults
        self._open: list[Items | Entries] = []
        self._pending: list[Scalar | None] = []
        self._nodes = 0
        self._documents = 0
        self._anchors: dict[str, Node] = {}
        self._sizes: dict[int, tuple[int, int]] = {}  # of finished collections: values in them, and levels

    def take(self, event: object) -> None:
        if isinstance(event, DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                place = _place(event)
                raise self._faults.only(
                    _("The file holds more than one document."), _("Keep one, and remove the line '---'."), place
                )
        elif isinstance(event, CollectionEndEvent):
            self._pending.pop()
            self._measure(self._open.pop())
        elif isinstance(event, NodeEvent):
            self._add(event)

    def _add(self, event: NodeEvent) -> None:
        place = _place(event)
        if isinstance(event, AliasEvent):
            known = self._anchors.get(str(event.anchor))
            if known is None or any(known is node for node in self._open):
                message = _("The alias (*{name}) stands for no value that is finished before it.")
                raise self._faults.only(
                    message.format(name=shown(str(event.anchor))), _("Write the value here in full."), place
                )
            values, levels = self._sizes.get(id(known), (1, 0))
            self._count(values, levels, place)
            self._attach(known)
            return
        self._count(1, 0, place)
        node = self._node(event, place)
        if event.anchor is not None:
            self._anchors[str(event.anchor)] = node
        self._attach(node)
        if not isinstance(node, Scalar):
            self._count(0, 1, place)
            self._open.append(node)
            self._pending.append(None)

    def _count(self, values: int, levels: int, place: Place) -> None:
        """Add to what the file holds, and refuse a file that holds too much or is nested too deep."""
        self._nodes += values
        if self._nodes > MAXIMUM_NODES:
            raise self._faults.only(
                _("The file holds more than {limit} values.").format(limit=MAXIMUM_NODES),
                _("Check that it is the right file; it should hold some hundred."),
                place,
            )
        if len(self._open) + levels > MAXIMUM_DEPTH:
            raise self._faults.only(
                _("The file is nested more than {limit} levels deep.").format(limit=MAXIMUM_DEPTH),
                _("Look for brackets that are not closed, and for indentation that grows line by line."),
                place,
            )

    def _measure(self, node: Items | Entries) -> None:
        inner = node.items if isinstance(node, Items) else list(node.values.values())
        sizes = [self._sizes.get(id(value), (1, 0)) for value in inner]
        own = len(node.values) if isinstance(node, Entries) else 0
        self._sizes[id(node)] = (
            1 + own + sum(values for values, _ in sizes),
            1 + max((levels for _, levels in sizes), default=0),
        )

    def _node(self, event: NodeEvent, place: Place) -> Node:
        refused = self._refused(event, place)
        if isinstance(event, MappingStartEvent):
            return Entries(place)
        if isinstance(event, SequenceStartEvent):
            return Items(place)
        if not isinstance(event, ScalarEvent):
            return Scalar(None, place, unusable=True)
        self.spans.append((event.start_mark.index, event.end_mark.index))
        text = unicodedata.normalize("NFC", event.value)
        if any(invisible(character) for character in text):
            self._faults.add(
                _("The value holds an invisible character."), _("Remove it: what is signed must be what can be read."), place
            )
            return Scalar(None, place, unusable=True)
        is_null = event.style is None and text in _NULL
        return Scalar(None if is_null or not text.strip() else text, place, unusable=refused, is_null=is_null)

    def _refused(self, event: NodeEvent, place: Place) -> bool:
        """Whether the node bears a tag, which is then reported."""
        if getattr(event, "tag", None) is None:
            return False
        self._faults.add(_("A tag (!) changes how the value is read."), _("Remove the tag; no value needs one."), place)
        return True

    def _attach(self, node: Node) -> None:
        if not self._open:
            self.root = node
            return
        parent = self._open[-1]
        if isinstance(parent, Items):
            parent.items.append(node)
            return
        key = self._pending[-1]
        if key is None:
            self._pending[-1] = self._key(node)
            return
        self._pending[-1] = None
        if key.text is None:
            return
        name = key.text
        if name in parent.keys:
            message = _("The key '{key}' stands twice here; the first time on line {line}.")
            first = parent.keys[name].line
            self._faults.add(message.format(key=shown(name), line=first), _("Keep one of them."), key.place)
            return
        parent.keys[name] = key.place
        if not (isinstance(node, Scalar) and node.is_null):
            parent.values[name] = node

    def _key(self, node: Node) -> Scalar:
        if isinstance(node, Scalar) and (node.text is not None or node.unusable):
            return node
        self._faults.add(_("The key is not a word."), _("Write each entry as 'key: value'."), node.place)
        return Scalar(None, node.place, unusable=True)


def _place(event: Event) -> Place:
    return Place(event.start_mark.line + 1, event.start_mark.column + 1)


def plain(node: Node) -> object:
    """The tree as plain Python: dict, tuple, str, and None where nothing was written."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Items):
        return tuple(plain(item) for item in node.items)
    return {key: plain(value) for key, value in node.values.items()}


def child(node: Node | None, step: str | int) -> Node | None:
    """The value under a key, or the item at an index; in a list of mappings a word finds the one with that ``id``."""
    if isinstance(node, Entries) and isinstance(step, str):
        return node.values.get(step)
    if not isinstance(node, Items):
        return None
    if isinstance(step, int):
        return node.items[step] if 0 <= step < len(node.items) else None
    return next((item for item in node.items if text_of(child(item, "id")) == step), None)


def text_of(node: Node | None) -> str | None:
    """The text of a single value; None for anything else."""
    return node.text if isinstance(node, Scalar) else None


def nearest(root: Node, path: Clause) -> tuple[Node, Place]:
    """The value at ``path``, or its nearest ancestor that stands in the file, and the place where it is named.

    A value is named where its key stands, an item of a list where it begins.
    """
    node, place = root, root.place
    for step in path:
        inner = child(node, step)
        if inner is None:
            break
        place = node.keys[str(step)] if isinstance(node, Entries) else inner.place
        node = inner
    return node, place
