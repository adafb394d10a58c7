"""Splitting notices that a story has become two, and says which of its articles are about the other event.

A chain drifts: an opening ceremony, then a medal table, then a doping case; or many events that share one name. The
articles are divided around the two that are least alike (spherical k-means with k = 2; Dhillon & Modha 2001). The two
sides are two stories when their centroids have hardly anything in common, or nothing but one word: what holds a chain
together is mostly a single name, while reports of one event share several (docs/decisions/0110).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import TypeAlias

from stayahead.stories.members import LiveStory, Member
from stayahead.stories.vectors import Vector, cosine, dot, norm2, residual
from stayahead.stories.weights import (
    SPLIT_FROM,
    SPLIT_GROWTH,
    SPLIT_LEAST,
    SPLIT_RESIDUAL,
    SPLIT_ROUNDS,
    SPLIT_SAMPLE,
    SPLIT_SHARE,
    SPLIT_WHOLE,
)

Measured: TypeAlias = tuple[Vector, int]
"""A vector with its squared length."""
_EVEN = 1e-6
"""Difference up to which an article is as near to one centroid as to the other, so that rounding decides nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Division:
    """A story divided in two: the side that leaves, and the one that stays."""

    leaving: tuple[str, ...]
    """Articles of the side that leaves, copies with what they copy."""
    centroids: tuple[Vector, Vector]
    """Sums of the vectors of the side that leaves and of the one that stays."""

    def is_nearer_leaving(self, vector: Vector) -> bool:
        """Whether a further article belongs to the side that leaves."""
        leaving, staying = self.centroids
        length = norm2(vector)
        return _likeness(vector, length, leaving, norm2(leaving)) > _likeness(vector, length, staying, norm2(staying))


def is_due(story: LiveStory) -> bool:
    """Whether a story is to be looked at: each time that it has grown by `SPLIT_GROWTH`; pinned ones stay whole."""
    # By count alone: whether a look is due can be told from the state, and a restored engine looks at the same moments.
    return len(story.members) in _LOOKS and not story.pinned


def divide(members: Sequence[Member]) -> Division | None:
    """The story of those articles as two stories, or None when it is one.

    Args:
        members: all articles of one story, in order of arrival.
    """
    # Forty reprints say once what their original says; they go where it goes.
    originals = [member for member in members if not member.copy_of]
    if len(originals) < 2 * SPLIT_LEAST:
        return None
    # Nearly every look finds one story, and a sample is enough to see that. Only where it shows two are all articles
    # assigned, and the question is put again with the centroids of all.
    sample = [member.vector.unpacked() for member in originals[:: -(-len(originals) // SPLIT_SAMPLE)]]
    centroids = _two_means([(vector, norm2(vector)) for vector in sample])
    if centroids is None or not _are_apart(*centroids):
        return None
    vectors = [(member.vector.unpacked(), norm2(member.vector)) for member in originals]
    centroids, is_first = _assigned(vectors, centroids)
    sides = [[member for member, first in zip(originals, is_first, strict=True) if first is of] for of in (True, False)]
    if not all(_may_stand_alone(side, len(originals)) for side in sides) or not _are_apart(*centroids):
        return None
    leaving_ids = {member.id for member in sides[0]}
    leaving = tuple(member.id for member in members if (member.copy_of or member.id) in leaving_ids)
    return Division(leaving=leaving, centroids=centroids)


def _two_means(vectors: Sequence[Measured]) -> tuple[Vector, Vector] | None:
    whole = _sum([vector for vector, _ in vectors])
    whole_length = norm2(whole)
    typical = [_likeness(vector, length, whole, whole_length) for vector, length in vectors]
    # Seeds are chosen, not drawn: the same story is divided alike on every machine. The first is the article that has
    # least to do with the whole.
    first = min(range(len(vectors)), key=lambda i: (typical[i], i))
    one = vectors[first]
    # The other is typical of the story and unlike the first; with two outliers as seeds both sides would be mixed.
    other = max(range(len(vectors)), key=lambda i: (typical[i] - _likeness(*vectors[i], *one), -i))
    if other == first:
        return None
    centroids = one[0], vectors[other][0]
    last: list[bool] = []
    for _ in range(SPLIT_ROUNDS):
        sums, is_first = _assigned(vectors, centroids)
        if is_first == last:
            break
        if not sums[0] or not sums[1]:
            return None  # all have come to one side: it is one story
        centroids, last = sums, is_first
    return centroids


def _assigned(
    vectors: Sequence[Measured], centroids: tuple[Vector, Vector]
) -> tuple[tuple[Vector, Vector], list[bool]]:
    """For each vector whether it is nearer to the first centroid, and the sums of both sides."""
    # One vector tells both: which side it is on is the sign of its product with the difference of their directions.
    one, other = centroids
    one_length, other_length = sqrt(norm2(one) or 1), sqrt(norm2(other) or 1)
    towards = {term: weight / one_length for term, weight in one.items()}
    for term, weight in other.items():
        towards[term] = towards.get(term, 0.0) - weight / other_length
    get = towards.get
    is_first = [sum([weight * get(term, 0.0) for term, weight in vector.items()]) > _EVEN for vector, _ in vectors]
    pairs = list(zip(vectors, is_first, strict=True))
    return (_sum([v for (v, _), first in pairs if first]), _sum([v for (v, _), first in pairs if not first])), is_first


def _are_apart(one: Vector, other: Vector) -> bool:
    """Whether two sides share next to nothing, or next to nothing but one term."""
    whole, rest = residual(one, other)
    return whole < SPLIT_WHOLE or rest < SPLIT_RESIDUAL


def _may_stand_alone(side: Sequence[Member], count: int) -> bool:
    # One publisher's series reads like an event of its own; a second publisher confirms that it is one.
    publishers = {member.domain or member.id for member in side}
    return len(side) >= max(SPLIT_LEAST, SPLIT_SHARE * count) and len(publishers) > 1


def _likeness(vector: Vector, length: int, centroid: Vector, centroid_length: int) -> float:
    return cosine(dot(vector, centroid), length, centroid_length)


def _sum(vectors: Sequence[Vector]) -> Vector:
    total: Vector = {}
    get = total.get
    for vector in vectors:
        for term, weight in vector.items():
            total[term] = get(term, 0) + weight
    return total


def _looks() -> frozenset[int]:
    counts: list[int] = []
    count = float(SPLIT_FROM)
    while count < 1_000_000:
        counts.append(round(count))
        count *= SPLIT_GROWTH
    return frozenset(counts)


_LOOKS = _looks()
