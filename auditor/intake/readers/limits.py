"""How much a file may hold before it is refused, so that no bomb or broken file fills memory or disk (docs/limits.md)."""

from __future__ import annotations

from dataclasses import dataclass

KIB = 1024
MIB = 1024 * KIB
GIB = 1024 * MIB


@dataclass(frozen=True)
class Limits:
    """Sizes are in bytes unless the name says otherwise. Honest logs stay far below every one of them."""

    #: A longer line of text is torn without being held in memory.
    line_bytes: int = MIB
    #: A record of CSV that spans more lines or characters than this is given up at its first line.
    record_lines: int = 1_000
    record_characters: int = MIB
    #: What may be read again in one file after records that were given up.
    read_again_characters: int = GIB
    #: A file with more columns is refused.
    columns: int = 2_000
    #: What is packed may not unpack to more than this many times its size, once past ``ratio_from``.
    ratio: int = 200
    ratio_from: int = 256 * MIB
    #: A gzipped file may not unpack to more than this.
    gzip_bytes: int = 64 * GIB
    #: The parts of a workbook (XLSX) may not unpack to more than this, nor be more than this many. The ratio is stricter than
    #: that of gzip: for each byte of empty elements openpyxl may need more than a hundred bytes of memory.
    workbook_bytes: int = 2 * GIB
    workbook_parts: int = 10_000
    workbook_ratio: int = 100
    workbook_ratio_from: int = 16 * MIB
    #: A longer text in a cell of a workbook is unreadable; no spreadsheet program writes one.
    workbook_cell_characters: int = 32_767
    #: Parquet: rows; and values of a column (elements of lists count) that take next to no room, once past so many.
    parquet_rows: int = 2_000_000_000
    parquet_sparse_values_from: int = 20_000_000
    parquet_sparse_bytes_a_value: float = 0.05
    #: Parquet: the description at the end of the file, and the longest text in a cell.
    parquet_footer_bytes: int = 16 * MIB
    parquet_cell_bytes: int = MIB
    #: XML: how deep elements may lie, how many different names they may have and how long, and the longest text that is read.
    xml_depth: int = 100
    xml_names: int = 10_000
    xml_name_characters: int = 1_000
    xml_text_characters: int = 10_000
    #: Workbooks and Parquet keep a text once and refer to it: all cells written out in full.
    text_ratio: int = 1_000
    text_ratio_from: int = GIB
    text_bytes: int = 64 * GIB


LIMITS = Limits()


def as_count(number: int) -> str:
    """A number for people, in groups of three digits: ``20 000 000`` (with spaces that do not break)."""
    return f"{number:,}".replace(",", "\u00a0")


def as_size(number_of_bytes: float) -> str:
    """A size for people, in the largest unit that it fills: ``256 MiB``."""
    for unit, name in ((GIB, "GiB"), (MIB, "MiB"), (KIB, "KiB")):
        if number_of_bytes >= unit:
            return f"{number_of_bytes / unit:.0f} {name}"
    return f"{number_of_bytes:.0f} B"
