"""Reads the arrays of a checkpoint in the safetensors format.

The format: eight bytes of length, little-endian; that much JSON, which gives each array's type, shape and place; the
arrays' bytes. Only 32-bit floats are read: what else a checkpoint holds (position ids) is no weight.
"""

from __future__ import annotations

import math

import msgspec
import numpy as np
from numpy.typing import NDArray

from stayahead.errors import ModelError

_LENGTH_BYTES = 8


class _Place(msgspec.Struct):
    dtype: str
    shape: list[int]
    data_offsets: tuple[int, int]


def read_arrays(data: bytes, *, name: str) -> dict[str, NDArray[np.float32]]:
    """The float arrays of a safetensors file, as views of its bytes.

    Raises:
        ModelError: the bytes are no such file; the message has `name`.
    """
    size = int.from_bytes(data[:_LENGTH_BYTES], "little")
    start = _LENGTH_BYTES + size
    try:
        header = msgspec.json.decode(data[_LENGTH_BYTES:start], type=dict[str, msgspec.Raw])
        places = {key: msgspec.json.decode(raw, type=_Place) for key, raw in header.items() if not key.startswith("__")}
        return {
            key: np.frombuffer(data, "<f4", math.prod(place.shape), start + place.data_offsets[0]).reshape(place.shape)
            for key, place in places.items()
            if place.dtype == "F32"
        }
    except (msgspec.DecodeError, ValueError) as error:
        raise ModelError(f"{name}: is no safetensors file ({error})") from error
