"""Is this machine fit for an audit? What is installed, what is missing, and under which rules it would audit. No network."""

from __future__ import annotations

import importlib
import importlib.metadata
import locale
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from auditor import __version__
from auditor.errors import UserError
from auditor.formats import number_text
from auditor.machine import memory_bytes
from auditor.privacy import shown_path
from auditor.words import _

PYTHON = (3, 11)
GIB = 1024**3
#: The engine takes at most 1 GiB on such a machine, Python and the reading of files beside it less than another.
MEMORY = 2 * GIB
DISK = 2 * GIB
#: Each package that the program needs: its name as a module, the first version that will do and the first that will not.
PACKAGES: dict[str, tuple[str, str, str]] = {
    "babel": ("babel", "2.17", "3"),
    "click": ("click", "8.2", "9"),
    "cryptography": ("cryptography", "46", ""),
    "duckdb": ("duckdb", "1.5", "2"),
    "faker": ("faker", "37", ""),
    "great-expectations": ("", "1.24", "2"),  # importing it takes five seconds
    "holidays": ("holidays", "0.80", ""),
    "jinja2": ("jinja2", "3.1.6", "4"),
    "openpyxl": ("openpyxl", "3.1.5", "4"),
    "pandas": ("", "3.0", "4"),
    "pyarrow": ("pyarrow", "24", "27"),
    "phonenumbers": ("phonenumbers", "9", ""),
    "pyahocorasick": ("ahocorasick", "2.2", ""),
    "pydantic": ("pydantic", "2.11", "3"),
    "pypdf": ("pypdf", "6", ""),
    "pyrage": ("pyrage", "1.3", ""),
    "rich": ("rich", "14", ""),
    "ruamel.yaml": ("ruamel.yaml", "0.18", "1"),
    "scipy": ("scipy", "1.15", "2"),
}


@dataclass(frozen=True)
class Looked:
    """One thing that was looked at: in words what it is, and whether an audit can be made with it; if not, the ``remedy``.

    A ``note`` is to be known, and neither fit nor unfit.
    """

    what: str
    found: str
    fit: bool = True
    remedy: str = ""
    note: bool = False


def look() -> Iterator[Looked]:
    """Look at the machine and the installation, thing by thing. Raises nothing that a user could cause."""
    yield _python()
    for name, (module, first, beyond) in PACKAGES.items():
        yield _package(name, module, first, beyond)
    yield _memory()
    yield from _disk()
    yield _encoding()
    yield Looked(_("Program"), f"en-ingang-auditor {__version__}")
    yield from _rules()


def _python() -> Looked:
    fit = sys.version_info >= PYTHON
    remedy = _("Install Python {version} or later.").format(version=".".join(map(str, PYTHON)))
    return Looked("Python", ".".join(map(str, sys.version_info[:3])), fit, "" if fit else remedy)


def _package(name: str, module: str, first: str, beyond: str) -> Looked:
    wanted = f">={first}" + (f",<{beyond}" if beyond else "")
    remedy = _("Install it: {command}").format(command=f"pip install '{name}{wanted}'")
    try:
        version = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return Looked(name, _("missing"), False, remedy)
    if _order(version) < _order(first) or (beyond and _order(version) >= _order(beyond)):
        return Looked(name, _("{version}, but {wanted} is needed").format(version=version, wanted=wanted), False, remedy)
    try:
        if module:
            importlib.import_module(module)
    except (ImportError, OSError) as error:
        broken = _("{version}, but it cannot be loaded ({kind})").format(version=version, kind=type(error).__name__)
        return Looked(
            name,
            broken,
            False,
            _("Install it anew: {command}").format(command=f"pip install --force-reinstall '{name}{wanted}'"),
        )
    return Looked(name, version)


def _order(version: str) -> tuple[int, ...]:
    """A version's numbers, to be compared; what follows them (rc1, .post2) does not count."""
    return tuple(int(part) for part in re.findall(r"\d+", re.split(r"[a-z+]", version.lower())[0]))


def _memory() -> Looked:
    size = memory_bytes()
    if size is None:
        return Looked(_("Memory"), _("cannot be told"))
    return Looked(_("Memory"), _size(size), size >= MEMORY, _("An audit needs {size} of memory.").format(size=_size(MEMORY)))


def _disk() -> Iterator[Looked]:
    """The folder for the temporary data of ``explain``, and the one from which an audit's --out is named."""
    for what, folder in ((_("Temporary folder"), Path(tempfile.gettempdir())), (_("Current folder"), Path.cwd())):
        remedy = _("Free some space there, at least {size}.").format(size=_size(DISK))
        try:
            free = shutil.disk_usage(folder).free
            with tempfile.NamedTemporaryFile(dir=folder):
                writable = True
        except OSError:
            free, writable, remedy = 0, False, _("See that you may write there, or work in another folder.")
        found = _("{folder}, {size} free") if writable else _("{folder}, cannot be written")
        shown = shown_path(str(folder))
        yield Looked(what, found.format(folder=shown, size=_size(free)), writable and free >= DISK, remedy)


def _encoding() -> Looked:
    names = {sys.getfilesystemencoding(), getattr(sys.stdout, "encoding", None) or "utf-8"}
    try:
        for name in names:
            "åäöÅÄÖ–".encode(name)
        fit = True
    except (UnicodeEncodeError, LookupError):
        fit = False
    said = ", ".join(sorted(name.lower() for name in names))
    set_ = locale.setlocale(locale.LC_CTYPE)
    return Looked(_("Character encoding"), f"{said} ({set_})", fit, _("Set the terminal to UTF-8, or PYTHONUTF8=1."))


def _rules() -> Iterator[Looked]:
    from auditor.agreement import load_agreement
    from auditor.law.grounds import read_law_table
    from auditor.resources import shipped

    again = _("Install the program again.")
    try:
        for name in ("expectations", "reports"):
            shipped(name)
        loaded, law = load_agreement(None), read_law_table()
    except (RuntimeError, OSError, UserError) as error:
        yield Looked(_("Shipped files"), _("damaged or missing ({kind})").format(kind=type(error).__name__), False, again)
        return
    agreement = loaded.agreement
    yield Looked(_("Agreement"), f"{agreement.id}, {agreement.title}, SHA-256 {loaded.sha256}")
    for assumption in loaded.assumptions:
        yield Looked(_("Unconfirmed in it"), f"{assumption.text} ({_('line {line}').format(line=assumption.line)})", note=True)
    grounds = _("{n} legal grounds").format(n=number_text(len(law.grounds)))
    yield Looked(_("Law table"), f"{grounds}, SHA-256 {law.sha256}")


def _size(n: int) -> str:
    return f"{number_text(round(n / 1024**2))} MiB"
