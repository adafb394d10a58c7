"""Packs vectors into the signed bytes that signals hold, and compares them."""

from __future__ import annotations

from math import sqrt

import numpy as np
from numpy.typing import NDArray

from stayahead.model import VECTOR_SCALE

_MOST = 127


def signed_bytes(vector: NDArray[np.float32]) -> bytes:
    """The direction of a vector in signed bytes; empty for a zero vector, or one with NaN or infinities."""
    length = float(np.linalg.norm(vector))
    if not 0 < length < np.inf:
        return b""
    scaled: NDArray[np.int8] = np.clip(np.rint(vector * (VECTOR_SCALE / length)), -_MOST, _MOST).astype(np.int8)
    packed: bytes = scaled.tobytes()
    return packed


def cosine(one: bytes, other: bytes) -> float:
    """Cosine of two vectors in bytes; 0 where one is empty or they differ in length."""
    if not one or len(one) != len(other):
        return 0.0
    a, b = (np.frombuffer(data, np.int8).astype(np.int64) for data in (one, other))
    return int(a @ b) / max(sqrt(int(a @ a) * int(b @ b)), 1.0)
