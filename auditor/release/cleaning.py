"""A clean copy of a table: the allowed columns and rows alone, in the same form, without anything that a sheet does not show.

A row is left out when it has no case, when a check or an identifier in an allowed column speaks against it, or its number is not
that of the case. The copy is checked again by whoever asks for it (``auditor.cli.releasing``).
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from auditor.agreement.model import Agreement, Flow
from auditor.engine import Engine, quoted, text
from auditor.errors import UserError
from auditor.outcomes import Run, State
from auditor.release.check import Checked
from auditor.release.columns import CASE, Column, view_of
from auditor.release.formulas import harmless
from auditor.release.identifiers import Identifier
from auditor.release.model import RawTable, Request
from auditor.release.reasons import identifier_reason
from auditor.release.tying import decides
from auditor.words import _

_FORMS = {"csv": (".csv", ".tsv"), "xlsx": (".xlsx",), "parquet": (".parquet", ".pq"), "jsonl": (".jsonl", ".ndjson")}
#: Checks that turn on the columns alone, which a clean copy mends.
_MENDED = ("F1", "F2")


def write_clean(
    engine: Engine, checked: Checked, runs: Sequence[Run], request: Request, agreement: Agreement, into: Path, name: str
) -> Path:
    """Write the clean copy of a checked file into the folder ``into`` under ``name``; its path.

    Raises UserError for a file that is no table, or when ``name`` is of another form than the file.
    """
    opened = checked.opened
    if not opened.tabular or opened.form not in _FORMS or opened.path.suffix.casefold() == ".gz":
        raise UserError(
            _("A clean copy can be made of CSV, XLSX, Parquet and JSON Lines alone."),
            hint=_("Save the table in one of these forms, and run again."),
            file=opened.shown,
        )
    path = into / name
    if path.suffix.casefold() not in _FORMS[opened.form]:
        raise UserError(
            _("The clean copy must be of the same form as the file."),
            hint=_("End its name with {suffix}.").format(suffix=_FORMS[opened.form][0]),
        )
    flow = agreement.flow(request.purpose)
    tables = []
    for table in opened.tables:
        kept = [
            column
            for column in checked.columns[table.number]
            if column.field == CASE or column.field in flow.field_ids(agreement)
        ]
        if kept:
            _find_bad_lines(engine, table, kept, runs, request, agreement, flow)
            tables.append((table, kept))
    _WRITERS[opened.form](engine, tables, path)
    return path


def _find_bad_lines(
    engine: Engine,
    table: RawTable,
    kept: Sequence[Column],
    runs: Sequence[Run],
    request: Request,
    agreement: Agreement,
    flow: Flow,
) -> None:
    number = table.number
    engine.run(f"CREATE OR REPLACE TABLE bad_{number} AS SELECT line FROM tied_{number} WHERE why <> ''")
    engine.run(
        f"""INSERT INTO bad_{number} SELECT t.line FROM tied_{number} AS t JOIN cases AS c ON c.case_id = t.case_id
            WHERE t.person IS NOT NULL AND coalesce(right(t.person, 10) <> right(c.person_id, 10), true)
                AND NOT coalesce(list_contains(c.related_person_ids, t.person), false)"""
    )
    for run in runs:
        if run.state is State.RUN and run.check.id not in _MENDED:
            answers = [answer for answer in ("violation", "undetermined") if decides(run.check, answer)]
            if answers:
                engine.run(
                    f"""INSERT INTO bad_{number} SELECT t.line FROM release_answers AS f
                        JOIN ties_{number} AS d ON d.disclosure = f.entity
                        JOIN tied_{number} AS t ON t.case_id IS NOT DISTINCT FROM d.case_id
                        WHERE f.id = {text(run.check.id)} AND f.answer IN ({", ".join(text(answer) for answer in answers)})"""
                )
    allowed = set(flow.field_ids(agreement))
    cells = {column.cell for column in kept}
    for cell, kind, sure, whose in engine.rows(f"SELECT DISTINCT cell, kind, sure, whose FROM held_{number}"):
        speaks = identifier_reason(Identifier(kind), sure=sure, whose=whose, allowed=allowed, places=[], count=0)
        if cell in cells and speaks is not None:
            engine.run(
                f"INSERT INTO bad_{number} SELECT line FROM held_{number} WHERE cell = ? AND kind = ? AND sure = ? AND whose = ?",
                [cell, kind, sure, whose],
            )


def _rows(engine: Engine, table: RawTable, kept: Sequence[Column]) -> Iterator[tuple[Any, ...]]:
    cells = ", ".join(column.cell for column in kept)
    sql = f"SELECT {cells} FROM {view_of(table)} WHERE line NOT IN (SELECT line FROM bad_{table.number}) ORDER BY line"
    for batch in engine.batches(sql):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


Tables = Sequence[tuple[RawTable, Sequence[Column]]]


def _write_csv(engine: Engine, tables: Tables, path: Path) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter="\t" if path.suffix.casefold() == ".tsv" else ";")
        for table, kept in tables:
            writer.writerow([harmless(column.heading) for column in kept])
            writer.writerows(map(harmless, row) for row in _rows(engine, table, kept))


def _write_json_lines(engine: Engine, tables: Tables, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for table, kept in tables:
            for row in _rows(engine, table, kept):
                record = {column.heading: cell for column, cell in zip(kept, row, strict=True) if cell is not None}
                file.write(json.dumps(record, ensure_ascii=False) + "\n")


def _write_workbook(engine: Engine, tables: Tables, path: Path) -> None:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    for number, (table, kept) in enumerate(tables, start=1):
        sheet = book.create_sheet(_("Table {number}").format(number=number))
        sheet.append([column.heading for column in kept])
        for row in _rows(engine, table, kept):
            cells = []
            for value in row:
                cell = WriteOnlyCell(sheet, value=value)
                if value is not None:
                    cell.data_type = "s"  # a text that begins with = stays a text
                cells.append(cell)
            sheet.append(cells)
    book.save(path)


def _write_parquet(engine: Engine, tables: Tables, path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    ((table, kept),) = tables
    names = [table.columns[column.position] for column in kept]
    source = str(table.cells).replace("'", "''")
    sql = f"""SELECT {", ".join(quoted(name) for name in names)} FROM read_parquet('{source}', file_row_number = true, hive_partitioning = false)
        WHERE file_row_number + 1 NOT IN (SELECT line FROM bad_{table.number}) ORDER BY file_row_number"""
    writer: pq.ParquetWriter | None = None
    for batch in engine.batches(sql):
        if writer is None:
            writer = pq.ParquetWriter(path, batch.schema.remove_metadata())
        writer.write_batch(batch)
    if writer is None:
        pq.write_table(pa.table({name: pa.array([], pa.string()) for name in names}), path)
    else:
        writer.close()


_WRITERS = {"csv": _write_csv, "jsonl": _write_json_lines, "xlsx": _write_workbook, "parquet": _write_parquet}
