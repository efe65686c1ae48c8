"""Is a package as it was signed? Every byte of it is held against what was signed and the one form that a package has.

The key comes from the person who checks. A package holds none, and none that lay in it would be believed. Nothing in it is
unpacked to disk or decompressed, and sizes that it declares are held against its own before they are used.
"""

from __future__ import annotations

import hashlib
import json
import struct
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from auditor.errors import UserError, disk_is_full
from auditor.output_folder import MANIFEST
from auditor.package.encryption import decrypt
from auditor.package.layout import MOST_FILES, Member, after, before, is_plain
from auditor.package.making import LISTING, PACKAGE_FORM, SIGNATURE, SIGNED_AS
from auditor.privacy import shown_path
from auditor.words import _

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

_AGE = b"age-encryption.org/"
_LARGEST_LISTING = 4 * 1024**2
_PIECE = 1024 * 1024
#: What zipfile raises on bytes that are no ZIP, or a damaged one: a false place in the file is an OSError to it.
_DAMAGED = (
    *(zipfile.BadZipFile, struct.error, OSError, EOFError),
    *(ValueError, NotImplementedError, OverflowError, RuntimeError),
)


@dataclass
class Checked:
    """What was found: a sentence for each fault, how many files of a report it holds, and the journal's entry it knows.

    ``journal`` may be relied on when there are no faults and the signature was checked.
    """

    faults: list[str] = field(default_factory=list)
    files: int = 0
    journal: tuple[int, str] | None = None


def check_package(path: Path, key: Ed25519PublicKey | None, identities: list[Any]) -> Checked:
    """Check a package; without ``key`` the signature stays unchecked. Raises UserError for what cannot be read at all."""
    with _opened(path, identities) as file:
        size = file.seek(0, 2)
        try:
            with zipfile.ZipFile(file) as archive:
                return _check(file, size, archive, key)
        except _DAMAGED as error:
            raise UserError(
                _("This is no package, or it has been cut off or damaged."),
                hint=_("Ask the sender for it again."),
                file=shown_path(path.name),
            ) from error


@contextmanager
def _opened(path: Path, identities: list[Any]) -> Iterator[IO[bytes]]:
    """The package's own bytes; those of an encrypted one in a nameless file that is gone when it is closed."""
    shown = shown_path(path.name)
    with _source(path) as source:
        encrypted = source.read(len(_AGE)) == _AGE
        source.seek(0)
        if not encrypted:
            yield source
            return
        if not identities:
            raise UserError(
                _("The package is encrypted."), hint=_("Name the file with your private age key with --identity."), file=shown
            )
        with tempfile.TemporaryFile() as opened:
            try:
                decrypt(source, opened, identities)
            except ValueError as error:
                raise UserError(
                    _("The package cannot be opened: it is not encrypted to this key, or it has been changed or cut off."),
                    hint=_("Name the right private key with --identity, or ask the sender for the package again."),
                    file=shown,
                ) from error
            except OSError as error:
                if disk_is_full(error):
                    raise
                raise _cannot_be_read(path) from error
            yield opened


def _source(path: Path) -> IO[bytes]:
    try:
        return path.open("rb")
    except OSError as error:
        raise _cannot_be_read(path) from error


def _cannot_be_read(path: Path) -> UserError:
    return UserError(
        _("The package cannot be read."),
        hint=_("See that it is there and that you may read it."),
        file=shown_path(path.name),
    )


def _check(file: IO[bytes], size: int, archive: zipfile.ZipFile, key: Ed25519PublicKey | None) -> Checked:
    found = Checked()
    infos = archive.infolist()
    if len(infos) > MOST_FILES:
        found.faults.append(_("The package holds more files than a package can."))
        return found
    found.faults += _faults_of_names([info.filename for info in infos])
    if any(info.compress_type != zipfile.ZIP_STORED or info.flag_bits & 1 for info in infos) or (
        sum(info.file_size for info in infos) > size
    ):
        found.faults.append(_("Files in the package are compressed or declare false sizes; no package of this program does."))
        return found
    if found.faults:
        return found
    if not _has_the_form(file, size, infos):
        found.faults.append(_("The package is not in the form in which this program writes it: it has been packed again."))
    _check_contents(archive, infos, found, key)
    return found


def _faults_of_names(names: list[str]) -> list[str]:
    faults = [
        _("{file} stands in the package more than once").format(file=shown_path(name))
        for name, n in Counter(name.casefold() for name in names).items()
        if n > 1
    ]
    faults += [
        _("{file} is no name that a file in a package may have").format(file=shown_path(name))
        for name in names
        if not is_plain(name)
    ]
    return faults


def _has_the_form(file: IO[bytes], size: int, infos: list[zipfile.ZipInfo]) -> bool:
    """Whether all bytes but the contents are those that this program writes for these names, lengths and CRCs."""
    members = [Member(info.filename, info.file_size, info.CRC) for info in infos]
    offset = 0
    for member in members:
        head = before(member)
        file.seek(offset)
        if file.read(len(head)) != head:
            return False
        offset += len(head) + member.size
    end = after(members)
    file.seek(offset)
    return offset + len(end) == size and file.read(len(end) + 1) == end


def _check_contents(
    archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo], found: Checked, key: Ed25519PublicKey | None
) -> None:
    """Signature, then every file against the listing, then the report's own manifest against the listing."""
    by_name = {info.filename: info for info in infos}
    listing = _small(archive, by_name.pop(LISTING, None))
    signature = _small(archive, by_name.pop(SIGNATURE, None))
    if listing is None:
        found.faults.append(_("{file} is missing").format(file=LISTING))
        return
    found.faults += _faults_of_signature(listing, signature, key)
    files, found.journal = _read_listing(listing)
    if files is None:
        found.faults.append(_("{file} has been changed").format(file=LISTING))
        return
    found.files = len(files)
    for name, (length, sha256) in files.items():
        info = by_name.pop(name, None)
        if info is None:
            found.faults.append(_("{file} is missing").format(file=shown_path(name)))
        elif info.file_size != length or _sha256(archive, info) != sha256:
            found.faults.append(_("{file} has been changed").format(file=shown_path(name)))
    found.faults += [_("{file} is not in the list that was signed").format(file=shown_path(name)) for name in by_name]
    if not found.faults and not _manifest_agrees(archive, files):
        found.faults.append(_("The report's manifest and the package do not name the same files."))


def _faults_of_signature(listing: bytes, signature: bytes | None, key: Ed25519PublicKey | None) -> list[str]:
    from cryptography.exceptions import InvalidSignature

    if signature is None:
        return [_("The package is not signed, so nothing tells who made it.")]
    if key is None:
        return [_("The signature was not checked: name the sender's public key with --key.")]
    try:
        key.verify(signature, SIGNED_AS + listing)
    except InvalidSignature:
        return [_("The signature is not of this package by this key: it was changed, or signed with another key.")]
    return []


def _read_listing(content: bytes) -> tuple[dict[str, tuple[int, str]] | None, tuple[int, str] | None]:
    """The files with length and SHA-256, and the journal's entry; None for a listing that cannot be read."""
    try:
        listing = json.loads(content)
        if listing["package"] != PACKAGE_FORM:
            return None, None
        files = {str(one["file"]): (int(one["bytes"]), str(one["sha256"])) for one in listing["files"]}
        head = listing["register"]
        return files, (int(head["entry"]), str(head["hash"])) if head else None
    except (ValueError, KeyError, TypeError, RecursionError):
        return None, None


def _manifest_agrees(archive: zipfile.ZipFile, files: dict[str, tuple[int, str]]) -> bool:
    """Whether the report's manifest names just the files of the package, with the same SHA-256."""
    try:
        manifest = json.loads(archive.read(MANIFEST))
        named = {str(entry["file"]): str(entry["sha256"]) for entry in manifest["outputs"]}
    except (ValueError, KeyError, TypeError, RecursionError):
        return False
    return named == {name: sha256 for name, (_length, sha256) in files.items() if name != MANIFEST}


def _small(archive: zipfile.ZipFile, info: zipfile.ZipInfo | None) -> bytes | None:
    """The content of a small file; nothing of one that is none, or is damaged."""
    if info is None:
        return None
    if info.file_size > _LARGEST_LISTING:
        return b""
    try:
        return archive.read(info)
    except (zipfile.BadZipFile, EOFError):
        return b""


def _sha256(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> str:
    digest = hashlib.sha256()
    try:
        with archive.open(info) as content:
            while piece := content.read(_PIECE):
                digest.update(piece)
    except (zipfile.BadZipFile, EOFError):
        return ""
    return digest.hexdigest()
