"""Parquet is used where it lies; what is damaged, encrypted or no text is refused."""

from __future__ import annotations

import base64
import datetime
import gzip
import hashlib

import pyarrow as pa
import pyarrow.parquet as pq
import pyarrow.parquet.encryption as pe
import pytest

from auditor.errors import UserError
from tests.reading import MARK, read_path, reader, refused
from tests.running import in_english

english = pytest.fixture(autouse=True)(in_english)
read = pytest.fixture(reader)


def test_parquet_is_used_where_it_lies(tmp_path):
    path = tmp_path / "cases.parquet"
    table = pa.table({" a": ["x", None], "b": [1, 2], "c": [["p", "q"], None], "d": [datetime.date(2026, 10, 3), None]})
    pq.write_table(table, path)
    raw = read_path(path)
    assert (raw.headings, raw.columns) == (("a", "b", "c", "d"), (" a", "b", "c", "d"))
    assert (raw.cells, raw.native, raw.rows_read, raw.torn) == (path, True, 2, None)
    assert raw.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    packed = tmp_path / "cases.parquet.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    raw = read_path(packed)
    assert raw.native and raw.cells != packed and pq.read_table(raw.cells) == table
    assert raw.sha256 == hashlib.sha256(packed.read_bytes()).hexdigest()


def test_parquet_under_a_name_that_is_a_pattern_is_read_from_a_copy(tmp_path):
    path = tmp_path / "cases [1].parquet"
    pq.write_table(pa.table({"a": ["x"]}), path)
    raw = read_path(path)
    assert raw.cells != path and raw.cells.read_bytes() == path.read_bytes() and raw.native


def test_parquet_without_rows_and_from_many_row_groups(tmp_path):
    path = tmp_path / "cases.parquet"
    pq.write_table(pa.table({"a": pa.array([], pa.string())}), path)
    assert read_path(path).rows_read == 0
    pq.write_table(
        pa.table({"a": [f"{n}" for n in range(10_000)], "l": [[f"{n}"] * (n % 3) for n in range(10_000)]}),
        path,
        row_group_size=99,
    )
    assert read_path(path).rows_read == 10_000


def test_damaged_parquet_is_refused(tmp_path, read):
    path = tmp_path / "whole.parquet"
    pq.write_table(pa.table({"a": [MARK, "y"] * 500, "b": [str(n) for n in range(1_000)]}), path)
    whole = path.read_bytes()
    for content in (whole[:-1], whole[: len(whole) // 2], whole[:8], b"a;b\n", whole[:20] + b"\xff" * 200 + whole[220:]):
        assert "damaged" in refused(read, content, "cases.parquet").message
    assert "empty" in refused(read, b"", "cases.parquet").message
    for position in range(len(whole) - 400, len(whole)):
        try:
            read(whole[:position] + bytes([whole[position] ^ 0x55]) + whole[position + 1 :], "cases.parquet")
        except UserError as error:
            assert "MARK" not in error.message


def test_a_packing_of_texts_that_is_not_read_is_not_called_damage(tmp_path):
    path = tmp_path / "cases.parquet"
    pq.write_table(pa.table({"a": ["x", "y"]}), path, use_dictionary=False, column_encoding={"a": "DELTA_BYTE_ARRAY"})
    error = refused(read_path, path)
    assert "packed in another way" in error.message and "dictionary" in error.hint


def test_columns_of_parquet_that_are_the_same_are_refused(tmp_path):
    path = tmp_path / "cases.parquet"
    pq.write_table(pa.Table.from_arrays([pa.array(["x"]), pa.array(["y"])], names=["MARK", "mark "]), path)
    assert "positions 1 and 2" in refused(read_path, path).message


def test_text_of_parquet_that_is_not_utf_8_is_refused(tmp_path):
    path = tmp_path / "cases.parquet"
    bad = pa.StringArray.from_buffers(1, pa.py_buffer(b"\0\0\0\0\1\0\0\0"), pa.py_buffer(b"\xe5"))
    pq.write_table(pa.table({"b": ["x"], "a": bad}), path)
    error = refused(read_path, path)
    assert "UTF-8" in error.message and error.column == 2


@pytest.mark.parametrize("plain_footer", [False, True])
def test_encrypted_parquet_is_refused(tmp_path, plain_footer):
    class Keys(pe.KmsClient):
        def wrap_key(self, key_bytes, master_key_identifier):
            return base64.b64encode(key_bytes)

        def unwrap_key(self, wrapped_key, master_key_identifier):
            return base64.b64decode(wrapped_key)

    factory = pe.CryptoFactory(lambda _configuration: Keys())
    configuration = pe.EncryptionConfiguration(footer_key="f", column_keys={"c": ["a"]}, plaintext_footer=plain_footer)
    properties = factory.file_encryption_properties(pe.KmsConnectionConfig(), configuration)
    path = tmp_path / "cases.parquet"
    table = pa.table({"a": [MARK], "b": ["x"]})
    with pq.ParquetWriter(path, table.schema, encryption_properties=properties) as writer:
        writer.write_table(table)
    assert "encrypted" in refused(read_path, path).message
