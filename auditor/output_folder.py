"""The output folder: whole or not at all, readable by its owner alone, with temporary data in a private folder beside it.

The private folder ``.auditor-<random>`` holds a lock file that the running program keeps locked; a later run removes the
folders of runs that were killed, which it knows by their lock being free.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from auditor.errors import UserError
from auditor.privacy import shown_path
from auditor.words import _

MANIFEST = "manifest.json"
_PREFIX = ".auditor-"
_LOCK = "lock"
_SURELY_MADE = 60  # seconds


def check_output(out: Path, inputs: Path, *, force: bool, known_by: str = MANIFEST) -> None:
    """Refuse an output folder that may not be written; ``known_by`` is the file that tells an earlier report.

    Raises UserError."""
    shown = shown_path(out.name)
    try:
        link = out.is_symlink()
    except OSError as error:  # a name that is too long, for one
        raise UserError(
            _("The output folder cannot be written."), hint=_("Name another folder with --out."), file=shown
        ) from error
    if link:
        raise UserError(_("The output folder is a link."), hint=_("Name a folder that is not a link with --out."), file=shown)
    if out.exists() and not out.is_dir():
        raise UserError(
            _("There is a file where the output folder should be."), hint=_("Name another folder with --out."), file=shown
        )
    resolved, source = out.resolve(), inputs.resolve()
    if source == resolved or resolved in source.parents:
        raise UserError(
            _("The output folder contains the input."),
            hint=_("Name a folder outside the input with --out."),
            file=shown,
        )
    if out.is_dir() and any(out.iterdir()):
        if not force:
            raise UserError(
                _("The output folder is not empty."),
                hint=_("Name a folder that does not exist, or replace an earlier report with --force."),
                file=shown,
            )
        if not made_here(out, known_by):
            raise UserError(
                _("The output folder holds something else than an earlier report of this program."),
                hint=_("--force replaces only a folder with a manifest of ours; name another folder with --out."),
                file=shown,
            )


def made_here(folder: Path, known_by: str = MANIFEST) -> bool:
    """Whether a folder is an earlier report of this program, known by the file of that name. Raises OSError."""
    if not (folder / known_by).is_file():
        return False
    with (folder / known_by).open("rb") as file:
        return b'"en-ingang-auditor"' in file.read(400)


def check_key_file(key_file: Path, out: Path) -> None:
    """Refuse a key that would lie in the output folder, before any work is done. Raises UserError."""
    resolved, folder = key_file.resolve(), out.resolve()
    if resolved == folder or folder in resolved.parents:
        raise UserError(
            _("The key file for pseudonyms lies in the output folder."),
            hint=_("Name a file elsewhere with --key-file: whoever is given the report must not be given the key."),
            file=shown_path(key_file.name),
        )


@contextlib.contextmanager
def private_folder(out: Path) -> Iterator[Path]:
    """A private folder beside ``out`` for temporary data, removed at the end whatever happens. Raises UserError."""
    parent = out.resolve().parent
    made = [folder for folder in (parent, *parent.parents) if not folder.exists()]
    try:
        parent.mkdir(parents=True, exist_ok=True)
        _remove_abandoned(parent)
        folder, lock = _make_locked(parent)
    except OSError as error:
        _remove_empty(made)
        raise _cannot_write(out) from error
    try:
        yield folder
    finally:
        lock.close()
        _remove(folder)
        _remove_empty(made)


def _make_locked(parent: Path) -> tuple[Path, IO[bytes]]:
    """A new private folder and its open lock file, locked where the file system has locks."""
    while True:
        folder = parent / f"{_PREFIX}{secrets.token_hex(8)}"
        folder.mkdir(mode=0o700)
        lock = (folder / _LOCK).open("wb")
        if _try_lock(lock, unsupported=True) and (folder / _LOCK).exists():
            return folder, lock
        lock.close()  # another run took it for abandoned in that very moment


def _remove(folder: Path) -> None:
    """Remove a private folder, its lock file last, so that what is cut short is seen and finished by the next run."""
    with contextlib.suppress(OSError):
        for path in folder.iterdir():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            elif path.name != _LOCK:
                path.unlink()
    shutil.rmtree(folder, ignore_errors=True)


def _remove_empty(folders: list[Path]) -> None:
    """Remove the folders, innermost first, that hold nothing."""
    for folder in folders:
        with contextlib.suppress(OSError):
            folder.rmdir()


def put_in_place(finished: Path, out: Path, private: Path) -> None:
    """Move a finished folder to ``out`` in one step; an earlier one is put back if that fails. Raises UserError."""
    old = private / "replaced"
    try:
        if out.is_dir():
            out.rename(old)
        try:
            finished.rename(out)
        except BaseException:
            if old.is_dir() and not out.exists():
                old.rename(out)
            raise
    except OSError as error:
        raise _cannot_write(out) from error


def _cannot_write(out: Path) -> UserError:
    return UserError(
        _("The output folder cannot be written."),
        hint=_(
            "Check that you may write there and that no file in it is open in another program, "
            "or name another folder with --out."
        ),
        file=shown_path(out.name),
    )


def _remove_abandoned(parent: Path) -> None:
    """Remove private folders of runs that were killed."""
    for folder in parent.glob(f"{_PREFIX}*"):
        if folder.is_symlink() or not folder.is_dir():
            continue
        try:
            with (folder / _LOCK).open("r+b") as lock:
                abandoned = _try_lock(lock, unsupported=False)
                if abandoned:
                    _remove(folder)
            if abandoned:  # Windows keeps a file that is open
                shutil.rmtree(folder, ignore_errors=True)
        except FileNotFoundError:
            with contextlib.suppress(OSError):  # killed before its lock was made: empty, if no other run is just there
                if time.time() - folder.stat().st_mtime > _SURELY_MADE:
                    folder.rmdir()
        except OSError:
            continue


def _try_lock(file: IO[bytes], *, unsupported: bool) -> bool:
    """Take the lock of an open file; False when another process holds it. It is released when the file is closed.

    ``unsupported`` is the answer on a file system without locks.
    """
    if sys.platform == "win32":
        import msvcrt

        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    import fcntl

    try:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return unsupported
    return True


@contextlib.contextmanager
def owner_only() -> Iterator[None]:
    """Files made inside are readable by their owner alone."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)
