"""A report's folder into one package: what its manifest names, unchanged since, and nothing else."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from auditor import __version__
from auditor.errors import UserError, UserErrors
from auditor.output_folder import MANIFEST, owner_only, private_folder
from auditor.package.encryption import encrypt
from auditor.package.layout import LARGEST, MOST_FILES, Member, Reading, after, before, is_plain, length
from auditor.privacy import shown_path
from auditor.register.journal import canonical
from auditor.words import _

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

PACKAGE_FORM = 1
LISTING = "package.json"
SIGNATURE = "package.sig"
#: Stands before what is signed, so that the signature can mean nothing but a package of this form.
SIGNED_AS = b"en-ingang-auditor package 1\n"
_PIECE = 1024 * 1024


@dataclass(frozen=True)
class _Content:
    """A file of the report: where it lies, how it is entered, and the SHA-256 it had when it was looked at."""

    path: Path
    member: Member
    sha256: str


def write_package(
    run: Path,
    out: Path,
    *,
    key: Ed25519PrivateKey | None,
    recipients: Sequence[Any],
    journal: tuple[int, str] | None,
) -> int:
    """Write the package of a report's folder to ``out``; returns how many files of the report are in it.

    ``recipients`` are age keys; without any the package is not encrypted. ``journal`` is number and hash of the newest entry
    of the register's journal; without it that of the manifest is taken. The package is made beside ``out`` and put in place
    in one step. Raises UserError for a folder that is not as its manifest says.
    """
    contents, known = _look_through(run)
    listing = _listing(contents, journal or known)
    own = [(LISTING, listing)]
    if key is not None:
        own.append((SIGNATURE, key.sign(SIGNED_AS + listing)))
    first = [(Member(name, len(content), zlib.crc32(content)), content) for name, content in own]
    if length([member for member, _content in first] + [content.member for content in contents]) > LARGEST:
        raise UserError(
            _("The report is larger than a package can be (4 GiB)."), hint=_("Hand the folder over by other means.")
        )
    with owner_only(), private_folder(out) as private:
        made = private / "package"
        with made.open("wb") as file:
            pieces = _pieces(first, contents)
            if recipients:
                encrypt(Reading(pieces), file, recipients)
            else:
                for piece in pieces:
                    file.write(piece)
        try:
            made.replace(out)
        except OSError as error:
            raise UserError(
                _("The package cannot be written."),
                hint=_("Check that you may write there, or name another file with --out."),
                file=shown_path(out.name),
            ) from error
    return len(contents)


def _look_through(run: Path) -> tuple[list[_Content], tuple[int, str] | None]:
    """Every file that the manifest names, its own first, after all hashes agreed; and the journal's entry that it knew."""
    from auditor.output import read_manifest, verify

    manifest = read_manifest(run)
    faults = verify(run)
    if faults:
        raise UserErrors(
            _("The report is not as it was written, so it is not packed."),
            [UserError(fault, hint="") for fault in faults],
            hint=_("Make the report anew; files of your own do not belong in its folder."),
        )
    hashes = {str(entry["file"]): str(entry["sha256"]) for entry in manifest["outputs"]}
    names = [MANIFEST, *sorted(hashes)]
    if len(names) > MOST_FILES - 2 or not all(map(is_plain, names)) or {LISTING, SIGNATURE} & set(names):
        raise UserError(_("The manifest names files that cannot be packed."), hint=_("Make the report anew."), file=MANIFEST)
    contents = [_look_at(run / name) for name in names]
    for content in contents[1:]:
        if content.sha256 != hashes[content.member.name]:
            raise _changed(content)
    head = manifest.get("register")
    return contents, (int(head["entry"]), str(head["hash"])) if head else None


def _look_at(path: Path) -> _Content:
    size, crc, digest = 0, 0, hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            size, crc = size + len(piece), zlib.crc32(piece, crc)
            digest.update(piece)
    return _Content(path, Member(path.name, size, crc), digest.hexdigest())


def _listing(contents: list[_Content], journal: tuple[int, str] | None) -> bytes:
    """What is signed: every file with its length and SHA-256, and the journal's newest entry, as JSON with one spelling."""
    listing = {
        "package": PACKAGE_FORM,
        "program": {"name": "en-ingang-auditor", "version": __version__},
        "files": [
            {"file": content.member.name, "bytes": content.member.size, "sha256": content.sha256} for content in contents
        ],
        "register": {"entry": journal[0], "hash": journal[1]} if journal and journal[0] else None,
    }
    return (canonical(listing) + "\n").encode("utf-8")


def _pieces(first: list[tuple[Member, bytes]], contents: list[_Content]) -> Iterator[bytes]:
    """The package's bytes. Raises UserError when a file is changed meanwhile."""
    for member, own in first:
        yield before(member) + own
    for content in contents:
        yield before(content.member)
        digest, size = hashlib.sha256(), 0
        with _still_there(content) as file:
            while piece := file.read(_PIECE):
                digest.update(piece)
                size += len(piece)
                yield piece
        if digest.hexdigest() != content.sha256 or size != content.member.size:
            raise _changed(content)
    yield after([member for member, _own in first] + [content.member for content in contents])


def _still_there(content: _Content) -> IO[bytes]:
    try:
        return content.path.open("rb")
    except FileNotFoundError as error:
        raise _changed(content) from error


def _changed(content: _Content) -> UserError:
    return UserError(
        _("A file of the report was changed while it was packed."),
        hint=_("See that no other program works in the folder, and pack it again."),
        file=shown_path(content.member.name),
    )
