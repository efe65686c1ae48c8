"""XLSX: headings that cover several columns (merged cells). Only the first of these columns would have a heading."""

from __future__ import annotations

import re
import zipfile
from typing import Any, BinaryIO

from openpyxl.utils.cell import range_boundaries

from auditor.intake.readers.limits import KIB
from auditor.intake.readers.source import Source
from auditor.words import _

_BLOCK_BYTES = 256 * KIB
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s+ref="([A-Z]{1,3}[0-9]{1,7}:[A-Z]{1,3}[0-9]{1,7})"')
_MERGED_BYTES = 64  # of it may stand in the block before


def refuse_merged_headings(source: Source, file: BinaryIO, sheet: Any, heading_row: int) -> None:
    """Raise UserError when a heading of the sheet covers more than one column.

    ``file`` is the open workbook and ``sheet`` openpyxl's read-only sheet of it, which does not tell what is merged.
    """
    with zipfile.ZipFile(file) as parts, parts.open(sheet._worksheet_path) as part:
        before = b""
        while block := part.read(_BLOCK_BYTES):
            for found in _MERGED.finditer(before + block):
                first, top, last, bottom = range_boundaries(found[1].decode("ascii"))
                if top <= heading_row <= bottom and last > first:
                    raise source.fault(
                        _("The heading over columns {first} to {last} is one merged cell.").format(first=first, last=last),
                        _(
                            "Split the cell and give each column a heading of its own. If the headings stand in another row, "
                            "write its number as heading_row in a mapping."
                        ),
                        line=heading_row,
                        column=first,
                    )
            before = block[-_MERGED_BYTES:]
