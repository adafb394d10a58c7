"""Sums and dot products of dense vectors, exact in whole numbers, with numpy or without.

numpy is there wherever vectors are made; an engine that only goes on with vectors that are stored needs none. Both ways
give the same numbers (a property test holds them together), so a decision does not depend on what is installed. numpy
is not loaded before the first vector comes.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from operator import mul
from typing import Any, Protocol


class Arithmetic(Protocol):
    """The operations on vectors; a `total` is made and read by one arithmetic alone."""

    def of(self, vector: bytes) -> Any:
        """A stored vector, a signed byte a dimension, as a total."""
        ...

    def plus(self, a: Any, b: Any, sign: int) -> Any:
        """The first, and the other `sign` times."""
        ...

    def product(self, a: Any, b: Any) -> int:
        """Dot product of two totals."""
        ...

    def products(self, total: Any, vectors: Sequence[bytes]) -> list[int]:
        """Dot products of a total with stored vectors of its length."""
        ...


class Lists:
    """The arithmetic in Python."""

    def of(self, vector: bytes) -> list[int]:
        """A list."""
        return memoryview(vector).cast("b").tolist()

    def plus(self, a: list[int], b: list[int], sign: int) -> list[int]:
        """Term by term."""
        return [one + sign * other for one, other in zip(a, b, strict=True)]

    def product(self, a: list[int], b: list[int]) -> int:
        """Term by term."""
        return sum(map(mul, a, b))

    def products(self, total: list[int], vectors: Sequence[bytes]) -> list[int]:
        """One after the other."""
        return [sum(map(mul, total, memoryview(vector).cast("b"))) for vector in vectors]


class Arrays:
    """The arithmetic of numpy, in 64 bits: sums of a million vectors do not overflow."""

    def __init__(self) -> None:
        import numpy as np

        self._np = np

    def of(self, vector: bytes) -> Any:
        """An array."""
        # Wide from the start: products of bytes would overflow in their own type.
        return self._np.frombuffer(vector, dtype=self._np.int8).astype(self._np.int64)

    def plus(self, a: Any, b: Any, sign: int) -> Any:
        """A new array."""
        return a + b if sign > 0 else a - b

    def product(self, a: Any, b: Any) -> int:
        """In one call."""
        return int(a.dot(b))

    def products(self, total: Any, vectors: Sequence[bytes]) -> list[int]:
        """As one product with a matrix."""
        if not vectors:
            return []
        rows = self._np.frombuffer(b"".join(vectors), dtype=self._np.int8).reshape(len(vectors), -1)
        products: list[int] = rows.astype(self._np.int64).dot(total).tolist()
        return products


@cache
def arithmetic() -> Arithmetic:
    """The faster one that is installed."""
    # Chosen once for the process: a total that one of them made the other cannot read.
    try:
        return Arrays()
    except ImportError:
        return Lists()
