"""Reading an agreement file: every fault of it at once, or a typed agreement with the lines its clauses stand on."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from auditor.agreement.consistency import check_consistency
from auditor.agreement.explanations import explain
from auditor.agreement.faults import Faults
from auditor.agreement.model import Agreement, Period
from auditor.agreement.yaml_tree import MAXIMUM_BYTES, Clause, Tree, decode, nearest, plain, read_tree
from auditor.law.municipalities import municipalities
from auditor.words import _

SHIPPED = Path(__file__).with_name("en-ingang.yaml")
_MARKER = re.compile(r"\bantagande\b", re.IGNORECASE)


@dataclass(frozen=True)
class Assumption:
    """Something the file states without being sure.

    ``text`` is the comment that says *antagande*, or for what has the status unconfirmed whom and which days it is about,
    in the language spoken when it was read: ``0182 Nacka, 2024-02-20 –: unconfirmed``. ``line`` is where it begins, from 1.
    """

    line: int
    text: str
    unconfirmed: bool = False


@dataclass(frozen=True)
class LoadedAgreement:
    """An agreement that was read without a fault.

    ``sha256`` is that of the file's bytes, ``text`` the file with line ends as ``\\n``. ``assumptions`` must be shown in every
    report: the comments of the file that say *antagande*, and everything with the status unconfirmed.
    """

    agreement: Agreement
    sha256: str
    path: Path
    text: str
    assumptions: tuple[Assumption, ...]
    _tree: Tree = field(repr=False, compare=False)

    def line_of(self, clause: Clause) -> int:
        """The line of a clause, from 1, such as ``("flows", 1, "to")`` or ``("flows", "handover", "to")``.

        For what the file leaves out: the line of the nearest clause around it that is there.
        """
        return nearest(self._tree.root, clause)[1].line


def load_agreement(path: Path | None = None, *, check_ids: Collection[str] | None = None) -> LoadedAgreement:
    """Read the agreement at ``path``; None is the one that comes with the program.

    ``check_ids`` are the ids of the catalogue, for ``checks_off``; None leaves their existence unchecked. Raises UserErrors
    whose ``faults`` are all faults of the file, each with line and column.
    """
    path = SHIPPED if path is None else path
    faults = Faults(str(path))
    data = _bytes_of(path, faults)
    text = decode(data, faults)
    tree = read_tree(text, faults)
    check_consistency(tree.root, check_ids, faults)
    try:
        agreement = Agreement.model_validate(plain(tree.root))
    except ValidationError as error:
        explain(error, tree, faults)
        if not faults:
            raise
    if faults:
        raise faults.error()
    assumptions = sorted([*_comments(text, tree), *_unconfirmed(agreement, tree)], key=lambda assumption: assumption.line)
    return LoadedAgreement(agreement, hashlib.sha256(data).hexdigest(), path, text, tuple(assumptions), tree)


def _bytes_of(path: Path, faults: Faults) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAXIMUM_BYTES + 1)
    except FileNotFoundError:
        raise faults.only(_("There is no such file."), _("Check the path after --agreement.")) from None
    except IsADirectoryError:
        raise faults.only(_("This is a folder, not a file."), _("Name the agreement file itself.")) from None
    except OSError:
        raise faults.only(_("The file cannot be opened."), _("Check that you may read it.")) from None


def _comments(text: str, tree: Tree) -> Iterator[Assumption]:
    """The comments that say *antagande*. Comment lines below, at the same column, belong to the comment above them."""
    blocks: list[tuple[_Comment, list[_Comment]]] = []
    for comment in _all_comments(text, tree):
        if blocks and comment.continues(blocks[-1][1][-1]) and not _MARKER.search(comment.words):
            blocks[-1][1].append(comment)
        else:
            blocks.append((comment, [comment]))
    for first, lines in blocks:
        if _MARKER.search(first.words):
            yield Assumption(first.line, " ".join(line.words for line in lines))


@dataclass(frozen=True)
class _Comment:
    line: int
    column: int
    alone: bool
    words: str

    def continues(self, above: _Comment) -> bool:
        """Whether this comment goes on from the line above it."""
        follows = self.line == above.line + 1 and self.column == above.column
        return follows and self.alone and bool(self.words and above.words)


def _all_comments(text: str, tree: Tree) -> Iterator[_Comment]:
    """Every comment of the file, in order."""
    spans = sorted(tree.spans)
    at, offset = 0, 0
    for number, line in enumerate(text.split("\n"), start=1):
        for match in re.finditer(r"(?:^|(?<=\s))#+", line):
            place = offset + match.start()
            while at < len(spans) and spans[at][1] <= place:
                at += 1
            if at < len(spans) and spans[at][0] <= place:
                continue
            alone = not line[: match.start()].strip()
            yield _Comment(number, match.start(), alone, line[match.end() :].strip())
            break
        offset += len(line) + 1


def _unconfirmed(agreement: Agreement, tree: Tree) -> Iterator[Assumption]:
    """Everything with the status unconfirmed."""
    for key, periods in (("periods", agreement.periods), ("parties", agreement.parties)):
        for number, period in enumerate(periods):
            if not period.confirmed:
                line = nearest(tree.root, (key, number))[1].line
                owner = _owner(period) or _("the agreement")
                said = _("{owner}, {days}: unconfirmed").format(owner=owner, days=_days(period))
                yield Assumption(line, said, unconfirmed=True)


def _owner(period: Period) -> str:
    code = getattr(period, "municipality", None)
    return f"{code} {municipalities()[code]}" if code else ""


def _days(period: Period) -> str:
    last = f" {period.valid_to}" if period.valid_to else ""
    return f"{period.valid_from} –{last}"
