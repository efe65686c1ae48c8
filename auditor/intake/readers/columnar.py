"""Parquet: checked whole, then used where it lies, since the engine reads it as it is."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from auditor.errors import UserError
from auditor.intake.readers.limits import as_size
from auditor.intake.readers.separated import check_headings
from auditor.intake.readers.source import Source
from auditor.words import _

_BATCH_ROWS = 32_768
_MAGIC = b"PAR1"
_MAGIC_ENCRYPTED = b"PARE"


def read_parquet(source: Source, path: Path) -> tuple[tuple[str, ...], int]:
    """Check a Parquet file; the names of its columns as they are, and the number of its rows. ``path`` is the unpacked file.

    What the file declares is held against the limits first; then all of it is read in batches, so that damage is found here,
    and the texts of all rows are summed up as if written out.
    Raises UserError when the file is damaged, encrypted or over the limits.
    """
    _check_ends(source, path)
    try:
        with pq.ParquetFile(path) as file:
            schema, metadata = file.schema_arrow, file.metadata
            check_headings(source, [name.strip() for name in schema.names])
            _check_declared(source, metadata)
        texts = [name for name in schema.names if _is_text(schema.field(name).type)]
        with pq.ParquetFile(path, read_dictionary=texts, pre_buffer=False) as file:
            rows = _check_content(source, file)
    except (pa.ArrowException, OSError, EOFError, UnicodeDecodeError) as error:
        raise _damaged(source) from error
    if rows != metadata.num_rows:
        raise _damaged(source)
    return tuple(schema.names), rows


def _damaged(source: Source) -> UserError:
    return source.fault(
        _("The Parquet file is damaged or cut short."),
        _("Fetch it again; compare its size with that of the original, or export it anew."),
    )


def _check_ends(source: Source, path: Path) -> None:
    try:
        with path.open("rb") as file:
            start = file.read(4)
            file.seek(max(0, path.stat().st_size - 8))
            end = file.read(8)
    except OSError as error:
        raise source.unreadable() from error
    if not start:
        raise source.fault(_("The file is empty."), _("Export it again; it must at least hold the columns."))
    if _MAGIC_ENCRYPTED in (start, end[4:]):
        raise _encrypted(source)
    if start != _MAGIC or end[4:] != _MAGIC:
        raise _damaged(source)
    if int.from_bytes(end[:4], "little") > source.limits.parquet_footer_bytes:
        raise source.bomb(
            _("The description in the Parquet file takes more than {size}.").format(
                size=as_size(source.limits.parquet_footer_bytes)
            )
        )


def _encrypted(source: Source) -> UserError:
    return source.fault(
        _("The Parquet file is encrypted."), _("Export it again without encryption, to a place that is protected.")
    )


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_binary(kind))


def _check_declared(source: Source, metadata: pq.FileMetaData) -> None:
    limits = source.limits
    values = metadata.num_rows
    unpacked = 0
    for group in range(metadata.num_row_groups):
        chunks = [metadata.row_group(group).column(column) for column in range(metadata.num_columns)]
        if any(chunk.is_crypto_metadata_set for chunk in chunks if hasattr(chunk, "is_crypto_metadata_set")):
            raise _encrypted(source)
        unpacked += sum(chunk.total_uncompressed_size for chunk in chunks)
        values = max([values, *(chunk.num_values for chunk in chunks)])
    if metadata.num_rows > limits.parquet_rows:
        raise source.bomb(_("The Parquet file has more than {limit} rows.").format(limit=limits.parquet_rows))
    source.check_ratio(unpacked)
    if values > limits.parquet_sparse_rows_from and values * limits.parquet_sparse_bytes_a_row > source.size:
        raise source.bomb(
            _("The Parquet file has more than {limit} rows that take next to no room.").format(
                limit=limits.parquet_sparse_rows_from
            )
        )


def _check_content(source: Source, file: pq.ParquetFile) -> int:
    """Read all rows; their number."""
    rows = 0
    written_out = 0
    for batch in file.iter_batches(batch_size=_BATCH_ROWS):
        rows += len(batch)
        for name, column in zip(batch.schema.names, batch.columns, strict=True):
            written_out += _text_bytes(source, name, column)
        source.check_text(written_out)
    return rows


def _text_bytes(source: Source, name: str, column: pa.Array) -> int:
    """How many bytes a column's texts take written out; of other columns, the bytes they take in memory."""
    if not pa.types.is_dictionary(column.type) or not _is_text(column.type.value_type):
        return int(column.nbytes)
    dictionary = column.dictionary
    lengths = pc.binary_length(dictionary)
    if (
        dictionary.nbytes > source.limits.parquet_cell_bytes
        and (pc.max(lengths).as_py() or 0) > source.limits.parquet_cell_bytes
    ):
        raise source.fault(
            _("A cell of the Parquet file holds more than {size}.").format(size=as_size(source.limits.parquet_cell_bytes)),
            _("Export the table without attached documents."),
            column=name.strip(),
        )
    return pc.sum(lengths.take(column.indices)).as_py() or 0
