"""Vectors of texts from a table of word pieces: a weighted sum of rows, for machines where a transformer is too slow.

Needs numpy alone. `builder/table` makes the two files that are read here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from stayahead.encoders.quantise import signed_bytes
from stayahead.errors import ModelError

TABLE, SCALES = "table.npy", "scales.npy"


def open_table(folder: Path) -> Callable[[Sequence[int]], bytes]:
    """The table as a function from numbers to a vector; mapped, so that all processes share its memory.

    Raises:
        ModelError: the files hold no such table.
    """
    try:
        table = np.load(folder / TABLE, mmap_mode="r", allow_pickle=False)
        scales = np.load(folder / SCALES, allow_pickle=False)
    except (OSError, ValueError) as error:
        raise ModelError(f"{folder}: holds no table of vectors ({error}); make the model anew") from error
    if table.dtype != np.int8 or table.ndim != 2 or scales.shape != table.shape[:1]:
        raise ModelError(f"{folder}: table and scales do not fit each other; make the model anew")

    def vector(numbers: Sequence[int]) -> bytes:
        rows = list(numbers)
        return signed_bytes(scales[rows] @ table[rows].astype(np.float32))

    return vector
