"""Vectors weigh an article's terms by how rare they are, in whole numbers, so that articles can be compared.

Weights are TF-IDF scaled to integers of length `UNIT`. Integers make every sum exact: a centroid does not depend on
the order in which articles came, and an article taken out leaves no trace (docs/decisions/0030).
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from math import log, sqrt
from operator import mul
from sys import byteorder
from typing import Literal, TypeAlias

from stayahead.model import Signals, Term
from stayahead.stories.weights import FORGET_ARTICLES, PRIOR_ARTICLES, UNIT, VECTOR_TERMS

ALL_LANGUAGES = "*"
"""The name under which shared keys are counted, beside the languages."""
Vector: TypeAlias = dict[str, int]


NO_WEIGHTS = array("H")


class Packed:
    """A vector that is kept: terms and weights side by side, in a third of a dictionary's room."""

    __slots__ = ("terms", "weights")

    def __init__(self, vector: Vector) -> None:
        self.terms = tuple(vector)
        # An array made of a list takes no more room than it needs; one that grew does.
        self.weights = array("H", list(vector.values())) if vector else NO_WEIGHTS

    @classmethod
    def of(cls, terms: tuple[str, ...], weights: array[int]) -> Packed:
        """A vector as it was kept."""
        packed = cls({})
        packed.terms, packed.weights = terms, weights
        return packed

    def __len__(self) -> int:
        return len(self.terms)

    def items(self) -> Iterator[tuple[str, int]]:
        """Its terms with their weights."""
        return zip(self.terms, self.weights)  # noqa: B905 - made together; asking costs a fifth

    def unpacked(self) -> Vector:
        """As a dictionary of its own."""
        return dict(zip(self.terms, self.weights))  # noqa: B905


def bytes_of(values: array[int]) -> bytes:
    """A kept array as bytes, little-endian on every machine."""
    if byteorder == "big":
        values = array(values.typecode, values)
        values.byteswap()
    return values.tobytes()


def array_of(kind: Literal["q", "H"], data: bytes) -> array[int]:
    """The array that `bytes_of` was given."""
    values = array(kind, data)
    if byteorder == "big":
        values.byteswap()
    return values


class Rarity:
    """How many articles of each language hold a term, with slow forgetting: what makes a term rare, and so heavy."""

    def __init__(self) -> None:
        self.articles: dict[str, int] = {}
        self.counts: dict[str, dict[str, int]] = {}
        self.changed: dict[str, dict[str, None]] = {}
        """Terms counted since the last snapshot, by language."""
        self.logged: dict[str, int] = {}
        """Number of the next row of a language's log of counts in the snapshot; 0 before its base is written."""
        self.halved: dict[str, None] = {}
        """Languages whose counts were halved since the last snapshot: their tables are written whole."""

    def count(self, language: str, terms: Iterable[str], *, is_new: bool) -> None:
        """Count an article's terms; `is_new` False for terms that a revision added."""
        counts = self.counts.setdefault(language, {})
        changed = self.changed.setdefault(language, {})
        for term in terms:
            counts[term] = counts.get(term, 0) + 1
            changed[term] = None
        # A revision is no further article, but its new terms are no less common for that.
        self.articles[language] = self.articles.get(language, 0) + is_new
        # Terms met once go, which are most of the table: half of one is nothing.
        if self.articles[language] >= FORGET_ARTICLES:
            self.articles[language] //= 2
            self.counts[language] = {term: n // 2 for term, n in counts.items() if n > 1}
            self.halved[language] = None

    def vector(self, signals: Signals) -> Vector:
        """The article's heaviest terms, weighed by rarity, of length `UNIT`."""
        return self._weighed(signals.language, signals.terms)

    def shared_keys(self, signals: Signals) -> Vector:
        """The keys that it shares with other languages, weighed by their rarity in all of them, of length `UNIT`."""
        return self._weighed(ALL_LANGUAGES, signals.shared_keys)

    def change_all(self) -> None:
        """The next snapshot writes every table whole."""
        self.logged.clear()
        self.changed = {language: {} for language in self.counts}

    def _weighed(self, language: str, terms: Iterable[Term]) -> Vector:
        counts = self.counts.get(language, {})
        total = self.articles.get(language, 0) + PRIOR_ARTICLES
        get = counts.get
        # 1 +: a term that nobody has used yet is rare, not infinitely rare.
        weighed = [(term.weight * log(total / (1 + get(term.text, 0))), term.text) for term in terms]
        # Sorted only where there is something to leave out: a headline has nothing.
        if len(weighed) > VECTOR_TERMS:
            weighed.sort(key=_heaviest_first)
            del weighed[VECTOR_TERMS:]
        norm = sqrt(sum([weight * weight for weight, _ in weighed]))
        if norm <= 0:
            return {}
        # Rounded once, here; from now on all sums and products are exact (docs/decisions/0030).
        scale = UNIT / norm
        vector = {text: round(weight * scale) for weight, text in weighed}
        return {text: weight for text, weight in vector.items() if weight > 0}


def dot(a: Vector, b: Vector | Packed) -> int:
    """Dot product of two vectors; the one that is packed may stand on the right only."""
    if isinstance(b, Packed):
        get = a.get
        return sum([weight * get(term, 0) for term, weight in b.items()])
    # Large centroids have few terms in common: a set finds those without a step of the interpreter for each.
    return sum([a[term] * b[term] for term in a.keys() & b.keys()])


def cosine(product: int, norm2_a: int, norm2_b: int) -> float:
    """Cosine from a dot product and two squared lengths, rounded so that it decides alike everywhere; 0 for nothing."""
    # A text without terms is like nothing, not even like another one without.
    if not norm2_a or not norm2_b:
        return 0.0
    return round(product / sqrt(norm2_a * norm2_b), 6)


def residual(a: Vector, b: Vector | Packed, lengths: tuple[int, int] | None = None) -> tuple[float, float]:
    """Their cosine, and what is left of it without the one term that they share most.

    Reports of one event share several words; many events that share a name share that name.

    Args:
        a: the one.
        b: the other.
        lengths: their squared lengths, where they are known.
    """
    # Through the shorter one.
    if isinstance(b, dict) and len(b) > len(a):
        products = [weight * b[term] for term, weight in a.items() if term in b]
    else:
        products = [weight * a[term] for term, weight in b.items() if term in a]
    lengths = lengths or (norm2(a), norm2(b))
    total = sum(products)
    return cosine(total, *lengths), cosine(total - max(products, default=0), *lengths)


def norm2(vector: Vector | Packed) -> int:
    """Squared length."""
    weights = vector.weights if isinstance(vector, Packed) else vector.values()
    return sum(map(mul, weights, weights))


def _heaviest_first(item: tuple[float, str]) -> tuple[float, str]:
    return -item[0], item[1]
