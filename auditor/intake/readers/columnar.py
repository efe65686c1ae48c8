"""Parquet: checked whole, then used where it lies, since the engine reads it as it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from auditor.errors import UserError
from auditor.intake.readers.limits import MIB, as_count, as_size
from auditor.intake.readers.parquet_footer import Footer, FooterError, read_footer
from auditor.intake.readers.separated import check_headings
from auditor.intake.readers.source import Source
from auditor.words import _

#: How many rows are unpacked at a time: as many as take so many bytes by what the file declares, within the two bounds.
_BATCH_BYTES = 32 * MIB
_FEWEST_BATCH_ROWS, _MOST_BATCH_ROWS = 1_024, 131_072
_SAMPLED_GROUPS = 16
_FEWEST_ROWS = 100
_SAMPLED_CHARACTERS = 500
_MAGIC = b"PAR1"
_MAGIC_ENCRYPTED = b"PARE"


def read_parquet(source: Source, path: Path) -> tuple[tuple[str, ...], int, bool]:
    """Check a Parquet file; the names of its columns as they are, the number of its rows, and whether a column holds times of
    the old form INT96, which never tell their zone. ``path`` is the unpacked file.

    What the file declares is held against the limits first; then all of it is unpacked, so that damage is found here; and the
    texts of all rows are summed up as if written out.
    Raises UserError when the file is damaged, encrypted or over the limits.
    """
    footer = _checked_footer(source, path)
    batch_rows = _batch_rows(footer)
    try:
        with pq.ParquetFile(path, pre_buffer=False) as file:
            names = tuple(file.schema_arrow.names)
            check_headings(source, [name.strip() for name in names])
            texts = [field.name for field in file.schema_arrow if _is_text(field.type)]
            old_times = any(file.schema.column(place).physical_type == "INT96" for place in range(len(file.schema)))
            others = [place for place in range(len(file.schema)) if file.schema.column(place).path not in texts]
            rows = {file.scan_contents(others, batch_size=batch_rows)} if others else set()
        with pq.ParquetFile(path, read_dictionary=texts, pre_buffer=False) as file:
            rows |= {_check_texts(source, file, texts, batch_rows)} if texts else set()
    except (pa.ArrowException, OSError, EOFError, UnicodeDecodeError) as error:
        raise _fault(source, error) from error
    if rows - {footer.rows}:
        raise _damaged(source)
    return names, footer.rows, old_times


def sample_parquet(source: Source, path: Path, most: int) -> tuple[list[str], list[list[str]]]:
    """The names of the columns, and some rows as text, from row groups spread over the file. Raises UserError as above."""
    _checked_footer(source, path)
    rows: list[list[str]] = []
    try:
        with pq.ParquetFile(path) as file:
            names = [name.strip() for name in file.schema_arrow.names]
            texts = [field.name for field in file.schema_arrow if _is_text(field.type)]
        # texts are kept once, however often a row refers to them
        with pq.ParquetFile(path, read_dictionary=texts, pre_buffer=False, buffer_size=MIB) as file:
            groups = range(0, file.num_row_groups, max(1, file.num_row_groups // _SAMPLED_GROUPS))
            for group in groups:
                share = max(_FEWEST_ROWS, most // len(groups))
                batch = next(file.iter_batches(batch_size=share, row_groups=[group]), None)
                if batch is not None:
                    rows += _as_texts(batch)
    except (pa.ArrowException, OSError, EOFError, UnicodeDecodeError) as error:
        raise _fault(source, error) from error
    return names, rows


def _as_texts(batch: pa.RecordBatch) -> list[list[str]]:
    columns = [[_cell_text(value) for value in _shortened(column).to_pylist()] for column in batch.columns]
    return [list(row) for row in zip(*columns, strict=True)]


def _shortened(column: pa.Array) -> pa.Array:
    if pa.types.is_dictionary(column.type) and _is_text(column.type.value_type):
        return pa.DictionaryArray.from_arrays(
            column.indices, pc.utf8_slice_codeunits(column.dictionary, 0, _SAMPLED_CHARACTERS)
        )
    return pc.utf8_slice_codeunits(column, 0, _SAMPLED_CHARACTERS) if _is_text(column.type) else column


def _cell_text(value: Any) -> str:
    if isinstance(value, list):
        return ";".join(str(element)[:_SAMPLED_CHARACTERS] for element in value[:_SAMPLED_CHARACTERS])
    return "" if value is None else str(value)[:_SAMPLED_CHARACTERS]


def _damaged(source: Source) -> UserError:
    return source.fault(
        _("The Parquet file is damaged or cut short."),
        _("Fetch it again; compare its size with that of the original, or export it anew."),
    )


def _fault(source: Source, error: Exception) -> UserError:
    """What a fault of the library means: it says as text alone that it does not know a packing."""
    if "Not yet implemented" not in str(error):
        return _damaged(source)
    return source.fault(
        _("The Parquet file is of a kind that is not read: its texts are packed in another way than plain or by a dictionary."),
        _("Export it again with plain or dictionary encoding, or as CSV. If it was, it is damaged; fetch it anew."),
    )


def _checked_footer(source: Source, path: Path) -> Footer:
    """What the file declares, within the limits."""
    limits = source.limits
    try:
        with path.open("rb") as file:
            start = file.read(4)
            file.seek(max(0, path.stat().st_size - 8))
            end = file.read(8)
            length = int.from_bytes(end[:4], "little")
            if start and _MAGIC_ENCRYPTED not in (start, end[4:]) and length <= limits.parquet_footer_bytes:
                file.seek(max(0, path.stat().st_size - 8 - length))
                data = file.read(length)
    except OSError as error:
        raise source.unreadable() from error
    if not start:
        raise source.fault(_("The file is empty."), _("Export it again; it must at least hold the columns."))
    if _MAGIC_ENCRYPTED in (start, end[4:]):
        raise _encrypted(source)
    if start != _MAGIC or end[4:] != _MAGIC:
        raise _damaged(source)
    if length > limits.parquet_footer_bytes:
        raise source.bomb(
            _("The description in the Parquet file takes more than {size}.").format(size=as_size(limits.parquet_footer_bytes))
        )
    try:
        footer = read_footer(data)
    except FooterError as error:
        raise _damaged(source) from error
    _check_declared(source, footer)
    return footer


def _encrypted(source: Source) -> UserError:
    return source.fault(
        _("The Parquet file is encrypted."), _("Export it again without encryption, to a place that is protected.")
    )


def _check_declared(source: Source, footer: Footer) -> None:
    limits = source.limits
    if footer.encrypted:
        raise _encrypted(source)
    if footer.rows > limits.parquet_rows:
        raise source.bomb(_("The Parquet file has more than {limit} rows.").format(limit=as_count(limits.parquet_rows)))
    source.check_ratio(footer.unpacked_bytes)
    values = max(footer.rows, footer.values)
    if values > limits.parquet_sparse_values_from and values * limits.parquet_sparse_bytes_a_value > source.size:
        raise source.bomb(
            _("A column of the Parquet file has more than {limit} values that take next to no room.").format(
                limit=as_count(limits.parquet_sparse_values_from)
            )
        )


def _is_text(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_binary(kind))


def _batch_rows(footer: Footer) -> int:
    rows = _BATCH_BYTES * max(footer.rows, 1) // max(footer.unpacked_bytes, 1)
    return min(max(rows, _FEWEST_BATCH_ROWS), _MOST_BATCH_ROWS)


def _check_texts(source: Source, file: pq.ParquetFile, names: list[str], batch_rows: int, *, each: bool = False) -> int:
    """Hold the columns of texts against the limits: the longest, and all of them written out one by one. Returns the rows.

    They are read as dictionaries, so that a long text that many rows refer to takes no more memory than in the file. What they
    take written out is first reckoned as if every row had the longest text of its batch; ``each`` row is summed up only where
    that would be too much.
    """
    written_out = rows = 0
    longest = source.limits.parquet_cell_bytes
    positions = {name: position for position, name in enumerate(file.schema_arrow.names, start=1)}
    for batch in file.iter_batches(batch_size=batch_rows, columns=names):
        rows += batch.num_rows
        for name, column in zip(batch.schema.names, batch.columns, strict=True):
            if not pa.types.is_dictionary(column.type) or not _is_text(column.type):
                continue
            texts = column.dictionary
            try:
                texts.validate(full=True)
            except pa.ArrowInvalid as error:
                raise source.fault(
                    _("A column of the Parquet file holds text that is not UTF-8."),
                    _("Export it again as UTF-8."),
                    column=positions[name],
                ) from error
            lengths = pc.binary_length(texts)
            most = pc.max(lengths).as_py() or 0
            if most > longest:
                raise source.fault(
                    _("A cell of the Parquet file holds more than {size}.").format(size=as_size(longest)),
                    _("Export the table without attached documents."),
                    column=positions[name],
                )
            written_out += (pc.sum(lengths.take(column.indices)).as_py() or 0) if each else most * batch.num_rows
        if not each and source.takes_too_much(written_out):
            return _check_texts(source, file, names, batch_rows, each=True)
        source.check_text(written_out)
    return rows
