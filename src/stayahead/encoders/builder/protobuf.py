"""Writes protobuf's wire format, so that building a model needs no library for it.

The wire format alone (Protocol Buffers, "Encoding"): a message is its fields one after another, each a key (number and
wire type) and a value. What the numbers mean is the caller's affair.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable

_VARINT, _LENGTH, _FIXED32 = 0, 2, 5


def varint(value: int) -> bytes:
    """A whole number, seven bits a byte, low ones first; a negative one as 64 bits in two's complement.

    >>> varint(300).hex()
    'ac02'
    """
    value &= (1 << 64) - 1
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def whole(number: int, value: int) -> bytes:
    """A field that holds a whole number (int32, int64, enum)."""
    return varint(number << 3 | _VARINT) + varint(value)


def real(number: int, value: float) -> bytes:
    """A field that holds a float of 32 bits."""
    return varint(number << 3 | _FIXED32) + struct.pack("<f", value)


def sized(number: int, value: bytes | str) -> bytes:
    """A field that holds bytes, a text, or a message that is already written."""
    data = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | _LENGTH) + varint(len(data)) + data


def each(number: int, values: Iterable[bytes | str]) -> bytes:
    """A repeated field of bytes, texts or messages."""
    return b"".join(sized(number, value) for value in values)


def packed(number: int, values: Iterable[int]) -> bytes:
    """A repeated field of whole numbers, packed."""
    return sized(number, b"".join(map(varint, values)))
