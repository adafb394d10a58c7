"""Dense vectors, which a model made of articles, have their share in every similarity; this module sums and mixes them.

All products are of whole numbers, so a sum depends on which articles are in it and not on their order. Vectors of two
models are never compared; where either side has none, the sparse similarity stands alone (docs/decisions/0101).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from stayahead.model import VECTOR_SCALE
from stayahead.stories.background import mixed
from stayahead.stories.products import arithmetic
from stayahead.stories.vectors import cosine
from stayahead.stories.weights import (
    DENSE_OFFSET,
    DENSE_OFFSET_STATIC,
    DENSE_OFFSET_STATIC_TEXT,
    DENSE_OFFSET_TEXT,
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
        """The sum of one article's vector."""
        return cls(1, arithmetic().of(vector))


def article_sum(vector: bytes, model: str) -> Dense:
    """An article's vector as a sum of one; nothing when it has none."""
    return {model: DenseSum.of(vector)} if vector else NO_VECTORS


def add_sums(sums: Dense, more: Dense, sign: int = 1) -> Dense:
    """The sums with others added to them, or taken away again."""
    if not more:
        return sums
    # A new mapping, for a plan may still hold the old one.
    total = dict(sums)
    for model, other in more.items():
        own = total.get(model)
        articles = sign * other.articles + (own.articles if own else 0)
        if not articles:  # by their count: vectors may add up to nothing and still be there
            del total[model]
            continue
        total[model] = DenseSum(articles, arithmetic().plus(own.total, other.total, sign)) if own else other
    return total


def mix(sparse: float, a: Dense, b: Dense, *, text: float = 0.0) -> float:
    """A similarity in which the dense vectors have their share, rounded so that it decides alike everywhere.

    Args:
        sparse: the similarity of the words.
        a: sums of the one side.
        b: sums of the other.
        text: how much of a text there is to judge, from 0 for a headline to 1.
    """
    # Where two models are common, the first by name: the order of a dictionary is its history.
    # One is enough: two models are met only in the days after one was changed for another.
    for model in sorted(a) if len(a) > 1 else a:
        one, other = a[model], b.get(model)
        if other is not None:
            likeness = cosine(arithmetic().product(one.total, other.total), one.norm2, other.norm2)
            return _mix(sparse, likeness, len(one.total), text)
    return sparse


def mix_with_articles(
    sparse: Sequence[float], a: Dense, articles: Sequence[tuple[bytes, str]], *, text: float = 0.0
) -> list[float]:
    """`mix` with many articles, each with its vector, of length `VECTOR_SCALE`, and that vector's model.

    Args:
        sparse: the similarity to each.
        a: sums of the one side.
        articles: vector and model of each; where the vector is empty, the sparse similarity stands.
        text: how much of a text there is to judge.
    """
    mixed = list(sparse)
    for model, one in a.items():
        places = [place for place, (vector, other) in enumerate(articles) if vector and other == model]
        # All at once: with numpy one product with a matrix costs less than sixteen with vectors.
        products = arithmetic().products(one.total, [articles[place][0] for place in places])
        for place, product in zip(places, products, strict=True):
            likeness = cosine(product, one.norm2, VECTOR_SCALE * VECTOR_SCALE)
            mixed[place] = _mix(sparse[place], likeness, len(one.total), text)
    return mixed


def _mix(sparse: float, likeness: float, dimensions: int, text: float) -> float:
    # Dense cosines of unrelated texts lie around the offset, not at 0 as sparse ones do: without it any two would gain.
    # The longer the texts, the higher: two articles have more subjects in common than two headlines.
    if dimensions == STATIC_DIMENSIONS:
        weight, offset = DENSE_WEIGHT_STATIC, mixed(DENSE_OFFSET_STATIC, DENSE_OFFSET_STATIC_TEXT, text)
    else:
        weight, offset = DENSE_WEIGHT, mixed(DENSE_OFFSET, DENSE_OFFSET_TEXT, text)
    return round((1 - weight) * sparse + weight * max(0.0, likeness - offset), 6)
