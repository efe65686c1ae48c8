"""Keys: Ed25519 to sign and to check a signature (RFC 8032), age (X25519) to encrypt and to open."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor.errors import UserError
from auditor.privacy import shown_path
from auditor.words import _

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_LARGEST = 64 * 1024


def make_signing_keys(out: Path, password: str) -> str:
    """Write a private key to ``out`` (locked with ``password`` unless that is empty) and the public one to ``out``.pub.

    Returns the public key's fingerprint. Raises UserError when one of the files exists or cannot be written.
    """
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.generate()
    lock: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if password:
        lock = serialization.BestAvailableEncryption(password.encode("utf-8"))
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, lock)
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    _write_pair(out, private, public)
    return fingerprint(key.public_key())


def make_receiving_keys(out: Path) -> str:
    """Write an age identity to ``out`` and its public key, which is returned too, to ``out``.pub. Raises UserError."""
    import pyrage

    identity = pyrage.x25519.Identity.generate()
    public = str(identity.to_public())
    _write_pair(out, f"# {public}\n{identity}\n".encode("ascii"), f"{public}\n".encode("ascii"))
    return public


def fingerprint(key: Ed25519PublicKey) -> str:
    """The SHA-256 of a public key's 32 bytes, to be read out and compared."""
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()


def read_private_key(path: Path, ask: Callable[[], str]) -> Ed25519PrivateKey:
    """The key to sign with; ``ask`` gives the password of a locked one. Raises UserError."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    content = _read(path)
    password = ask() if b"ENCRYPTED" in content else ""
    try:
        key = load_pem_private_key(content, password.encode("utf-8") or None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise UserError(
            _("The key cannot be read: it is no private key, or the password is not its own."),
            hint=_("Name the private key that 'auditor keys make' wrote."),
            file=shown_path(path.name),
        ) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise _not_ed25519(path)
    return key


def read_public_key(path: Path) -> Ed25519PublicKey:
    """The key to check a signature with. Raises UserError, also for a private key."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    content = _read(path)
    if b"PRIVATE KEY" in content:
        raise UserError(
            _("This is a private key."),
            hint=_("Name the public one (FILE.pub). A private key is never given away."),
            file=shown_path(path.name),
        )
    try:
        key = load_pem_public_key(content)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise _not_ed25519(path) from error
    if not isinstance(key, Ed25519PublicKey):
        raise _not_ed25519(path)
    return key


def recipients_of(keys: Sequence[str]) -> list[Any]:
    """Public age keys, read. Raises ValueError for one that is none."""
    import pyrage

    try:
        return [pyrage.x25519.Recipient.from_str(key.strip()) for key in keys]
    except pyrage.RecipientError as error:
        raise ValueError from error


def read_identities(path: Path) -> list[Any]:
    """The private age keys of a file, one a line; ``#`` begins a remark. Raises UserError."""
    import pyrage

    try:
        lines = [line.strip() for line in _read(path).decode("ascii").splitlines()]
        found = [pyrage.x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except (UnicodeDecodeError, pyrage.IdentityError):
        found = []
    if not found:
        raise UserError(
            _("The file holds no private age key."),
            hint=_("Name the file that 'auditor keys make --kind receiving' or age-keygen wrote."),
            file=shown_path(path.name),
        )
    return found


def _not_ed25519(path: Path) -> UserError:
    return UserError(
        _("The file holds no key of the kind Ed25519."),
        hint=_("Name a key that 'auditor keys make' wrote."),
        file=shown_path(path.name),
    )


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > _LARGEST:
            raise OSError
        return path.read_bytes()
    except OSError as error:
        raise UserError(
            _("The key file cannot be read."),
            hint=_("See that it is there and that you may read it."),
            file=shown_path(path.name),
        ) from error


def _write_pair(out: Path, private: bytes, public: bytes) -> None:
    """Both files or none; the private one is readable by its owner alone from its first moment."""
    open_ = out.with_name(f"{out.name}.pub")
    written: list[Path] = []
    try:
        for path, content, mode in ((out, private, 0o600), (open_, public, 0o644)):
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode)
            written.append(path)
            with os.fdopen(handle, "wb") as file:
                file.write(content)
    except BaseException as error:
        for path in written:
            path.unlink(missing_ok=True)
        if not isinstance(error, OSError):  # Ctrl-C
            raise
        exists = isinstance(error, FileExistsError)
        raise UserError(
            _("A key lies there already, and is never replaced.") if exists else _("The key cannot be written."),
            hint=_("Name another file with --out."),
            file=shown_path((out if not written else open_).name),
        ) from error
