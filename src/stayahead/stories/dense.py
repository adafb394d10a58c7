"""Dense vectors: stored bytes of articles go in; sums of them, cosines, and their share in a similarity come out.

All products are of whole numbers, so a sum depends on which articles are in it and not on their order. Vectors of two
models are never compared; where either side has none, the sparse similarity stands alone (docs/decisions/0101).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from stayahead.model import VECTOR_SCALE
from stayahead.stories.products import arithmetic
from stayahead.stories.vectors import cosine
from stayahead.stories.weights import (
    DENSE_OFFSET,
    DENSE_OFFSET_STATIC,
    DENSE_WEIGHT,
    DENSE_WEIGHT_STATIC,
    STATIC_DIMENSIONS,
)

Dense = Mapping[str, "DenseSum"]
"""Sums of vectors by the model that made them."""
NO_VECTORS: Dense = {}


class DenseSum:
    """The sum of some articles' vectors of one model; not changed once it is made."""

    __slots__ = ("_norm2", "articles", "total")

    def __init__(self, articles: int, total: Any) -> None:
        self.articles = articles
        self.total = total
        """As `products.arithmetic` keeps it."""
        self._norm2 = 0

    @property
    def norm2(self) -> int:
        """Squared length; reckoned when first asked for."""
        if not self._norm2:
            self._norm2 = arithmetic().product(self.total, self.total)
        return self._norm2

    @classmethod
    def of(cls, vector: bytes) -> DenseSum:
        """One article's."""
        return cls(1, arithmetic().of(vector))


def of_article(vector: bytes, model: str) -> Dense:
    """An article's vector as a sum of one; nothing when it has none."""
    return {model: DenseSum.of(vector)} if vector else NO_VECTORS


def added(sums: Dense, more: Dense, sign: int = 1) -> Dense:
    """The sums with others added to them, or taken away again."""
    if not more:
        return sums
    new = dict(sums)
    for model, other in more.items():
        old = new.get(model)
        articles = sign * other.articles + (old.articles if old else 0)
        if not articles:
            del new[model]
            continue
        new[model] = DenseSum(articles, arithmetic().plus(old.total, other.total, sign)) if old else other
    return new


def mixed(sparse: float, a: Dense, b: Dense) -> float:
    """A similarity of which the dense vectors have their share, rounded so that it decides alike everywhere."""
    # Of two models in common the first by name: the order of a dictionary is its history.
    for model in sorted(a) if len(a) > 1 else a:
        one, other = a[model], b.get(model)
        if other is not None:
            likeness = cosine(arithmetic().product(one.total, other.total), one.norm2, other.norm2)
            return _shared(sparse, likeness, len(one.total))
    return sparse


def mixed_with_articles(sparse: Sequence[float], a: Dense, articles: Sequence[tuple[bytes, str]]) -> list[float]:
    """The same with many articles' vectors, each with its model; they are of length `VECTOR_SCALE`.

    Args:
        sparse: the similarity to each.
        a: sums of the one side.
        articles: vector and model of each; empty: the sparse similarity stands.
    """
    whole = list(sparse)
    for model, one in a.items():
        places = [place for place, (vector, other) in enumerate(articles) if vector and other == model]
        found = arithmetic().products(one.total, [articles[place][0] for place in places])
        for place, product in zip(places, found, strict=True):
            likeness = cosine(product, one.norm2, VECTOR_SCALE * VECTOR_SCALE)
            whole[place] = _shared(sparse[place], likeness, len(one.total))
    return whole


def _shared(sparse: float, likeness: float, dimensions: int) -> float:
    is_static = dimensions == STATIC_DIMENSIONS
    weight, offset = (DENSE_WEIGHT_STATIC, DENSE_OFFSET_STATIC) if is_static else (DENSE_WEIGHT, DENSE_OFFSET)
    return round((1 - weight) * sparse + weight * max(0.0, likeness - offset), 6)
