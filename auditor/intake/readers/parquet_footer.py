"""What a Parquet file says of itself, read from its footer without any library.

A general library ends the whole program when it is asked about a column that is encrypted, and must not be asked about a column
before it is known how many values it holds. The footer is a Thrift structure in the compact protocol: numbers of variable
length, and fields that are numbered by difference.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

# The types of the compact protocol
_TRUE, _FALSE, _BYTE, _I16, _I32, _I64, _DOUBLE, _BINARY, _LIST, _SET, _MAP, _STRUCT = range(1, 13)
_DEEPEST = 32
_MOST_VALUES = 4_000_000

# The numbers of the fields read here (parquet.thrift): of the file, of a row group, of a column in it, of its description
_ROWS, _ROW_GROUPS, _ENCRYPTION = 3, 4, 8
_COLUMNS = 1
_DESCRIPTION, _COLUMN_ENCRYPTION = 3, 8
_VALUES, _UNPACKED_BYTES = 5, 6


class FooterError(ValueError):
    """The bytes are no footer of a Parquet file."""


@dataclass(frozen=True)
class Footer:
    """What a file declares: its rows, the values of its longest column (elements of lists count), and its bytes unpacked."""

    rows: int
    values: int
    unpacked_bytes: int
    encrypted: bool


def read_footer(data: bytes) -> Footer:
    """Read a footer, without its length and mark. Raises FooterError."""
    try:
        top = _Compact(data).struct()
        rows, values, unpacked = _whole(top.get(_ROWS)), 0, 0
        encrypted = _ENCRYPTION in top
        for group in top.get(_ROW_GROUPS, []):
            for column in group.get(_COLUMNS, []):
                encrypted = encrypted or _COLUMN_ENCRYPTION in column
                description = column.get(_DESCRIPTION, {})
                values = max(values, _whole(description.get(_VALUES, 0)))
                unpacked += _whole(description.get(_UNPACKED_BYTES, 0))
    except (IndexError, AttributeError, TypeError) as error:
        raise FooterError from error
    return Footer(rows, values, unpacked, encrypted)


def _whole(value: Any) -> int:
    if not isinstance(value, int) or value < 0:
        raise FooterError
    return value


class _Compact:
    """Reads values one after the other. Structures are dictionaries by the fields' numbers; texts are left out (None)."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._position = 0
        self._depth = 0
        self._values = 0

    def struct(self) -> dict[int, Any]:
        """A structure at the present position."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise FooterError
        fields: dict[int, Any] = {}
        number = 0
        while header := self._byte():
            kind, difference = header & 0x0F, header >> 4
            number = number + difference if difference else self._signed()
            fields[number] = kind == _TRUE if kind in (_TRUE, _FALSE) else self._value(kind)
        self._depth -= 1
        return fields

    def _byte(self) -> int:
        byte = self._data[self._position]
        self._position += 1
        return byte

    def _unsigned(self) -> int:
        value = shift = 0
        while shift < 70:
            byte = self._byte()
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
            shift += 7
        raise FooterError

    def _signed(self) -> int:
        value = self._unsigned()
        return (value >> 1) ^ -(value & 1)

    def _value(self, kind: int) -> Any:
        self._values += 1
        if self._values > _MOST_VALUES:
            raise FooterError
        if kind in (_I16, _I32, _I64):
            return self._signed()
        if kind in (_TRUE, _FALSE, _BYTE):
            return self._byte()
        if kind in (_DOUBLE, _BINARY):
            length = 8 if kind == _DOUBLE else self._unsigned()
            self._position += length
            if self._position > len(self._data):
                raise FooterError
            return None
        if kind in (_LIST, _SET):
            return self._list()
        if kind == _STRUCT:
            return self.struct()
        raise FooterError  # there are no maps in a footer

    def _list(self) -> list[Any]:
        header = self._byte()
        size = header >> 4
        if size == 15:
            size = self._unsigned()
        return [self._value(header & 0x0F) for _element in range(size)]
