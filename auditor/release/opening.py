"""From a file to everything that its recipient could read in it: by its form, each of which has a module of its own."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from auditor.errors import UserError
from auditor.intake.files import Form, InputFile
from auditor.intake.readers import read_raw
from auditor.output import sha256_of
from auditor.privacy import shown_path
from auditor.release.model import SHOWN_PLACES, Opened, Passage, RawTable, Reason, Weight
from auditor.words import _

_TABLES = {
    ".csv": Form.CSV,
    ".tsv": Form.CSV,
    ".parquet": Form.PARQUET,
    ".pq": Form.PARQUET,
    ".jsonl": Form.JSON_LINES,
    ".ndjson": Form.JSON_LINES,
}


#: Notes on Parquet columns that programs write.
_OF_PROGRAMS = (b"PARQUET:field_id", b"ARROW:extension:name")


@dataclass
class Opening:
    """One run's files on their way to being read: where raw cells go, and the number of the next table."""

    private: Path
    tables: int = 0
    depth: int = 0
    unpacked: int = 0
    folders: list[Path] = field(default_factory=list)

    def next_table(self) -> int:
        """The number of a new table, from 1."""
        self.tables += 1
        return self.tables

    def folder(self) -> Path:
        """A new empty folder inside the private one."""
        path = self.private / f"opened-{len(self.folders)}"
        path.mkdir()
        self.folders.append(path)
        return path


def open_file(path: Path, opening: Opening, *, shown: str | None = None) -> Opened:
    """Read a file by its form. Raises UserError when it cannot be read as what its name says, or is over the limits."""
    name = shown or shown_path(path.name)
    if path.is_dir():
        raise UserError(
            _("It is a folder, and files are checked one by one."),
            hint=_("Name the files in it, or a pattern such as {pattern}.").format(pattern="FOLDER/*.csv"),
            file=name or None,
        )
    if not path.is_file():
        raise UserError(
            _("The file does not exist."),
            hint=_("Check the path; several files may be named, or a pattern such as *.csv."),
            file=name,
        )
    if path.stat().st_size == 0:
        raise UserError(_("The file is empty."), hint=_("Make the export again."), file=name)
    reader = _reader(path)
    # what ends the name of a file of another form may be anything
    opened = Opened(name, path, "", path.suffix.casefold().removeprefix(".") if reader else "?")
    before = path.stat()
    if reader is None:
        opened.tabular = False
        opened.reasons.append(
            Reason(
                Weight.UNSHOWN,
                "form-unknown",
                _("The file is of a form that is not read, so what it holds cannot be shown."),
                _("Save it as CSV, XLSX, Parquet, JSON, JSON Lines, XML, text, DOCX or PDF, or a ZIP of these."),
                [name],
            )
        )
    else:
        reader(path, opened, opening)
    opened.sha256 = sha256_of(path)
    after = path.stat()
    if (before.st_size, before.st_mtime_ns, before.st_ino) != (after.st_size, after.st_mtime_ns, after.st_ino):
        raise UserError(
            _("The file changed while it was read."),
            hint=_("Wait until the export has finished, or copy the file, and run again."),
            file=name,
        )
    opened.passages.append(Passage(_("{file}, the file's name").format(file=name), _spaced(path.stem)))
    return opened


def _spaced(stem: str) -> str:
    """A file's name as text: a number between underscores stands alone."""
    return stem.replace("_", " ")


Reader = Callable[[Path, Opened, Opening], None]


def _reader(path: Path) -> Reader | None:
    """What reads a file, by the end of its name; forms that need a library of their own are loaded late."""
    suffix = path.suffix.casefold()
    if suffix == ".gz":
        return _read_table if Path(path.stem).suffix.casefold() in _TABLES else None
    if suffix in _TABLES:
        return _read_table
    if suffix in (".xlsx", ".xlsm", ".xltx", ".xltm"):
        from auditor.release.workbooks import read_workbook

        return read_workbook
    if suffix in (".docx", ".docm", ".dotx"):
        from auditor.release.documents import read_document

        return read_document
    if suffix == ".pdf":
        from auditor.release.portable import read_portable

        return read_portable
    if suffix == ".zip":
        from auditor.release.archives import read_archive

        return read_archive
    return _plain_reader(suffix)


def _plain_reader(suffix: str) -> Reader | None:
    from auditor.release.plain_files import read_json, read_text, read_xml

    return {".txt": read_text, ".md": read_text, ".log": read_text, ".json": read_json, ".xml": read_xml}.get(suffix)


def _read_table(path: Path, opened: Opened, opening: Opening) -> None:
    gzipped = path.suffix.casefold() == ".gz"
    form = _TABLES[Path(path.stem if gzipped else path.name).suffix.casefold()]
    raw = read_raw(InputFile(path, opened.shown, "export", form, gzipped), opening.folder())
    table = RawTable(
        *(opening.next_table(), opened.shown, raw.headings, raw.columns, raw.cells, raw.rows_read, raw.native),
        separated=form is Form.CSV,
    )
    opened.tables.append(table)
    opened.form = form.value
    if form is Form.PARQUET and not gzipped:
        _read_parquet_notes(path, opened)
    if raw.torn:
        opened.reasons.append(torn_reason(raw.torn, opened.shown))


def _read_parquet_notes(path: Path, opened: Opened) -> None:
    """What a Parquet file says of itself beside its rows: schemas that programs write, and anything else, which stops."""
    import pyarrow.parquet as pq

    schema = pq.read_schema(path)
    notes = {**(schema.metadata or {}), **(pq.read_metadata(path).metadata or {})}
    for column in _with_inner(schema):
        told = {key: value for key, value in (column.metadata or {}).items() if not key.startswith(_OF_PROGRAMS)}
        notes.update({b"column " + key: value for key, value in told.items()})
    place = _("{file}, metadata").format(file=opened.shown)
    for key, value in notes.items():
        if key != b"ARROW:schema":
            opened.passages.append(
                Passage(place, f"{key.decode('utf-8', 'replace')} {value.decode('utf-8', 'replace')}", hidden=True)
            )
    if set(notes) - {b"ARROW:schema", b"pandas"} or _has_attributes(notes.get(b"pandas", b"{}")):
        opened.reasons.append(
            Reason(
                Weight.STOP,
                "properties",
                _("The file has metadata of its own beside its rows."),
                _("Write it anew without metadata, or make a clean copy with --write-clean."),
                [place],
            )
        )


def _with_inner(fields: Iterable[Any]) -> Iterator[Any]:
    """The columns of a schema, and the fields inside them."""
    for one in fields:
        yield one
        yield from _with_inner(one.type.field(number) for number in range(one.type.num_fields))


def _has_attributes(pandas: bytes) -> bool:
    """Whether pandas was given notes of a person's own beside the rows (``DataFrame.attrs``); what is no JSON may be one."""
    try:
        described = json.loads(pandas)
    except ValueError:
        return True
    return not isinstance(described, dict) or bool(described.get("attributes"))


def torn_reason(torn: Path, shown: str) -> Reason:
    """Rows that could not be read."""
    import pyarrow.parquet as pq

    lines = pq.read_table(torn, columns=["line"])["line"].to_pylist()
    places = [_("{table}, line {line}").format(table=shown, line=line) for line in lines[:SHOWN_PLACES]]
    return Reason(
        Weight.UNSHOWN,
        "row-unreadable",
        _("Rows cannot be read: they have another number of columns than the heading, or damaged text."),
        _("Make the export again, or correct the rows."),
        places,
        len(lines),
    )
