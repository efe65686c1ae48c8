"""Which files of a folder hold which canonical table, told apart by a mapping's patterns or by their names.

A name fits a table when one of its words is a name of the table in English or Swedish: ``accesses-2026-10-w1.parquet``,
``2026-10_utlämnanden.csv``. A file whose own name says nothing is judged by the folders it lies in: ``åtkomster/v40.csv.gz``.
Case does not matter, nor how å, ä and ö were written: composed, decomposed or as plain letters.
"""

from __future__ import annotations

import contextlib
import os
import re
import stat
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath

from auditor.errors import UserError, UserErrors
from auditor.intake.recognising import recognise
from auditor.intake.tables import TABLES
from auditor.output_folder import made_here
from auditor.privacy import shown_path
from auditor.words import _


class Form(StrEnum):
    """The forms of file that are read; each may be gzipped."""

    CSV = "csv"
    XLSX = "xlsx"
    PARQUET = "parquet"
    JSON_LINES = "jsonl"
    FHIR = "fhir"
    RIV_LOG = "riv_log"


#: Logs of a standard format: told by what they hold, whatever their name. One file may hold rows of several tables.
STANDARD_FORMS = frozenset({Form.FHIR, Form.RIV_LOG})

_FORMS = {
    ".csv": Form.CSV,
    ".txt": Form.CSV,
    ".tsv": Form.CSV,
    ".xlsx": Form.XLSX,
    ".parquet": Form.PARQUET,
    ".pq": Form.PARQUET,
    ".jsonl": Form.JSON_LINES,
    ".ndjson": Form.JSON_LINES,
    ".json": Form.JSON_LINES,
}

#: Forms that may hold a table but are not read. Such a file is refused, so that nobody believes it was audited.
_REFUSED_FORMS = (
    *(".xls", ".xlsm", ".xlsb", ".xlt", ".xltx", ".ods", ".fods", ".numbers"),
    *(".zip", ".7z", ".rar", ".tar", ".tgz", ".bz2", ".xz", ".zst", ".lz4", ".gpg", ".pgp", ".age", ".enc"),
    *(".feather", ".arrow", ".orc", ".avro", ".db", ".sqlite", ".sqlite3", ".duckdb", ".mdb", ".accdb", ".dbf"),
    *(".sav", ".dta", ".rds", ".xml", ".htm", ".html", ".log", ".dat"),
)

_NAMES = {
    "cases": ("cases", "ärenden", "ärende", "orosanmälningar", "orosanmälan"),
    "disclosures": ("disclosures", "utlämnanden", "utlämnande"),
    "accesses": ("accesses", "åtkomster", "åtkomst", "åtkomstlogg", "åtkomstloggar"),
    "staff": ("staff", "behörigheter", "behörighet", "personal"),
    "assignments": ("assignments", "tilldelningar", "tilldelning"),
    "residences": ("residences", "bosättning", "bosättningar"),
}
#: Words that point at a table only when no other word of the name does.
_GENERAL_NAMES = {"loggar": "accesses"}


@dataclass(frozen=True)
class InputFile:
    """A file to read. ``relative`` is its path inside the input folder, with ``/``, in NFC; ``table`` is canonical.

    Of a log of a standard format ``table`` is the one that its name points at, empty when it points at none.
    """

    path: Path
    relative: str
    table: str
    form: Form
    gzipped: bool


@dataclass(frozen=True)
class Found:
    """The files to read, those of them that are logs of a standard format, and the visible files that fit no table.

    Each in the order of their relative paths.
    """

    files: tuple[InputFile, ...]
    ignored: tuple[Path, ...]
    standard: tuple[InputFile, ...] = ()


def _folded(text: str) -> str:
    """Lower case without marks above or below letters, so that ``Ärenden``, its decomposed form and ``arenden`` are one."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(character for character in decomposed if not unicodedata.combining(character)).casefold()


_WORDS = {_folded(name): table for table, names in _NAMES.items() for name in names}


def tables_named(text: str) -> frozenset[str]:
    """The canonical tables that a file's or a sheet's name points at. Words are split at anything that is not a letter."""
    words = re.findall(r"[^\W\d_]+", _folded(text))
    named = frozenset(_WORDS[word] for word in words if word in _WORDS)
    return named or frozenset(_GENERAL_NAMES[word] for word in words if word in _GENERAL_NAMES)


def find_files(folder: Path, patterns: Sequence[tuple[str, str]] = ()) -> Found:
    """The input files of a folder and its subfolders.

    ``patterns`` are pairs of a glob and a canonical table, from a mapping file; they win over names. A glob is matched
    against the whole relative path, without regard to case: ``*`` and ``?`` stay within one folder, ``**`` does not.

    Raises UserError (or UserErrors, when several files are at fault) when the folder cannot be read, a link leads out of it,
    a name fits two tables, a table comes in a form that is not read, or a table that every audit needs has no file.
    """
    root = _checked_folder(folder)
    matchers = [(_glob_expression(glob), table) for glob, table in patterns]
    files: list[InputFile] = []
    ignored: list[Path] = []
    faults: list[UserError] = []
    for path in _visible_files(root, ignored):
        try:
            file = _input_file(path, root, matchers)
        except UserError as fault:
            faults.append(fault)
            continue
        if file is None:
            ignored.append(path)
        else:
            files.append(file)
    if faults:
        raise _as_one(faults)
    if not files and not ignored:
        raise UserError(
            _("The input folder holds no files."), hint=_("Put the exported files into it, or name another folder.")
        )
    _refuse_missing_tables(files)
    files.sort(key=lambda file: (file.relative, str(file.path)))
    standard = tuple(file for file in files if file.form in STANDARD_FORMS)
    return Found(tuple(file for file in files if file not in standard), tuple(sorted(ignored)), standard)


def readable_files(path: Path) -> list[InputFile]:
    """A file, or the files of a folder and its subfolders, in a form that is read; ``table`` is empty where nothing names it.

    Raises UserError when there is none, or when a folder cannot be read or a link leads out of it.
    """
    if path.is_file():
        root, paths = path.resolve().parent, [path.resolve()]
    else:
        root = _checked_folder(path)
        paths = sorted(_visible_files(root, []))
    found = []
    for one in paths:
        relative = _relative(one, root)
        bare = relative[: -len(".gz")] if relative.casefold().endswith(".gz") else relative
        form = _FORMS.get(PurePosixPath(bare).suffix.casefold())
        if form is not None:
            stem = PurePosixPath(bare).stem
            named = tables_named(stem) or tables_named(" ".join(PurePosixPath(relative).parts[:-1]))
            found.append(InputFile(one, relative, next(iter(named)) if len(named) == 1 else "", form, bare != relative))
    if not found:
        raise UserError(
            _("There is no file in a form that is read."),
            hint=_("Save it as CSV, XLSX, Parquet or JSON Lines (.csv, .xlsx, .parquet, .jsonl; each may be gzipped, .gz)."),
            file=shown_path(path.name),
        )
    return found


def _checked_folder(folder: Path) -> Path:
    name = shown_path(folder.name)
    if not os.path.lexists(folder):
        raise UserError(
            _("The input folder does not exist."),
            hint=_("Check the path; INPUT is the folder that holds the exported files."),
            file=name,
        )
    if not folder.is_dir():
        raise UserError(
            _("The input is not a folder."), hint=_("Put the files into a folder of their own and name the folder."), file=name
        )
    return folder.resolve()


def _visible_files(root: Path, ignored: list[Path]) -> Iterator[Path]:
    """The regular files that are not hidden. To ``ignored`` are added links to a place inside the folder, which is read itself,
    and all that lies in a subfolder with an earlier report of ours, which is no export."""

    def refuse(error: OSError) -> None:
        raise UserError(
            _("A folder of the input cannot be read."),
            hint=_("Ask for permission to read it, or move the files to a folder of your own."),
            file=shown_path(_relative(Path(error.filename), root)),
        ) from None

    reports: set[Path] = set()
    for place, folders, names in os.walk(root, onerror=refuse):
        folders[:] = sorted(name for name in folders if not _is_hidden(name))
        for name in folders:
            _refuse_way_out(Path(place, name), root)
        if Path(place) != root and (Path(place).parent in reports or _is_report(Path(place))):
            reports.add(Path(place))
        for name in sorted(names):
            path = Path(place, name)
            if _is_hidden(name):
                continue
            _refuse_way_out(path, root)
            if Path(place) in reports or path.is_symlink() or not stat.S_ISREG(path.lstat().st_mode):
                ignored.append(path)
            else:
                yield path


def _is_report(folder: Path) -> bool:
    """Whether a folder is what this program wrote of an earlier audit; one that cannot be told is not."""
    with contextlib.suppress(OSError):
        return made_here(folder)
    return False


def size_of(*paths: Path) -> int:
    """How many bytes the files hold, and those in the folders, in all. What cannot be seen counts nothing."""
    size = 0
    for path in paths:
        inside = (Path(root, name) for root, _folders, names in os.walk(path) for name in names)
        for file in (path,) if path.is_file() else inside:
            with contextlib.suppress(OSError):
                size += file.lstat().st_size
    return size


def _is_hidden(name: str) -> bool:
    """Hidden files, those that macOS writes beside others (``._``), and the lock files of Excel (``~$``)."""
    return name.startswith((".", "~$"))


def _relative(path: Path, root: Path) -> str:
    """The path inside the folder as text. Bytes of a name that are not UTF-8 are written as ``\\xe4``."""
    relative = path.relative_to(root).as_posix() if path != root else "."
    readable = relative.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return unicodedata.normalize("NFC", readable)


def _refuse_way_out(path: Path, root: Path) -> None:
    """Links (and junctions of Windows) may not lead out of the folder: only what was handed in is audited."""
    try:
        inside = path.resolve(strict=True).is_relative_to(root)
    except (OSError, RuntimeError):  # leads nowhere, or in a circle
        inside = False
    if not inside:
        raise UserError(
            _("A link in the input folder leads out of it, or nowhere."),
            hint=_("Replace the link with the file itself."),
            file=shown_path(_relative(path, root)),
        )


def _input_file(path: Path, root: Path, matchers: list[tuple[re.Pattern[str], str]]) -> InputFile | None:
    """The file with its table and form; None when it fits no table. Raises UserError when it cannot be decided."""
    relative = _relative(path, root)
    name = PurePosixPath(relative).name
    gzipped = name.casefold().endswith(".gz")
    bare = name[: -len(".gz")] if gzipped else name
    stem, dot, ending = bare.rpartition(".")
    suffix = f".{ending.casefold()}" if dot else ""
    form = _FORMS.get(suffix)
    standard = recognise(path, suffix, gzipped=gzipped)
    if standard:
        pointed_at = tables_named(stem or bare)
        return InputFile(path, relative, next(iter(pointed_at)) if len(pointed_at) == 1 else "", Form(standard), gzipped)

    named = frozenset(table for expression, table in matchers if expression.fullmatch(relative))
    by_pattern = bool(named)
    named = named or tables_named(stem or bare) or tables_named(" ".join(PurePosixPath(relative).parts[:-1]))
    if not named or (form is None and not by_pattern and suffix not in _REFUSED_FORMS):
        return None
    if form is None:
        raise UserError(
            _("The file is in a form that is not read."),
            hint=_("Save it as CSV, XLSX, Parquet or JSON Lines (.csv, .xlsx, .parquet, .jsonl; each may be gzipped, .gz)."),
            file=shown_path(relative),
        )
    if len(named) > 1:
        raise UserError(
            _("The file fits several tables: {tables}.").format(tables=", ".join(sorted(named))),
            hint=_("Rename it so that it names one table, or say in a mapping file which table it is."),
            file=shown_path(relative),
        )
    return InputFile(path, relative, next(iter(named)), form, gzipped)


def _glob_expression(glob: str) -> re.Pattern[str]:
    parts = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    tokens = re.split(r"(\*\*/|\*\*|\*|\?)", unicodedata.normalize("NFC", glob))
    return re.compile("".join(parts.get(token) or re.escape(token) for token in tokens), re.IGNORECASE | re.DOTALL)


def _refuse_missing_tables(files: list[InputFile]) -> None:
    there = {file.table for file in files if file.form not in STANDARD_FORMS}
    if any(file.form is Form.FHIR for file in files):
        there.add("disclosures")  # it may hold some: known when it is read
    missing = [name for name, table in TABLES.items() if table.required and name not in there]
    if missing:
        raise _as_one([table_missing(name) for name in missing])


def table_missing(name: str) -> UserError:
    """The error that no file holds a table which every audit needs."""
    return UserError(
        _("There is no file with the table '{table}'.").format(table=name),
        hint=_("Name the file {english} or {swedish}, or say in a mapping file which file it is.").format(
            english=f"{_NAMES[name][0]}.csv", swedish=f"{_NAMES[name][1]}.csv"
        ),
    )


def _as_one(faults: list[UserError]) -> UserError:
    if len(faults) == 1:
        return faults[0]
    return UserErrors(
        _("The input folder has {count} faults.").format(count=len(faults)), faults, hint=_("Mend each of them and run again.")
    )
