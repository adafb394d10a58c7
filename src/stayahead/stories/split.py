"""Split: the articles of a story go in; those that are about another event, if it has become two, come out.

A chain drifts: an opening ceremony, then a medal table, then a doping case; or many events that share one name. The
articles are parted in two around the two that are least alike (spherical k-means with k = 2; Dhillon & Modha 2001).
They are two stories when the centroids of the parts have hardly anything in common, or nothing but one word: what
holds a chain together is mostly a single name, while reports of one event share several (docs/decisions/0110).
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
"""What two sides may differ by and be called even: rounding decides nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parting:
    """A story as two."""

    leaving: tuple[str, ...]
    """Articles of the one part, copies with what they copy."""
    centroids: tuple[Vector, Vector]
    """Sums of the vectors of the part that leaves and of the one that stays."""

    def is_nearer_leaving(self, vector: Vector) -> bool:
        """Whether a further article belongs to the part that leaves."""
        leaving, staying = self.centroids
        length = norm2(vector)
        return _likeness(vector, length, leaving, norm2(leaving)) > _likeness(vector, length, staying, norm2(staying))


def is_due(story: LiveStory) -> bool:
    """Whether a story is to be looked at: each time that it has grown by `SPLIT_GROWTH`; pinned ones stay whole."""
    return len(story.members) in _LOOKS and not story.pinned


def parted(members: Sequence[Member]) -> Parting | None:
    """The story of those articles as two, or None when it is one.

    Args:
        members: all articles of one story, in order of arrival.
    """
    own = [member for member in members if not member.copy_of]
    if len(own) < 2 * SPLIT_LEAST:
        return None
    asked = [member.vector.unpacked() for member in own[:: -(-len(own) // SPLIT_SAMPLE)]]
    centroids = _two_means([(vector, norm2(vector)) for vector in asked])
    if centroids is None or not _are_apart(*centroids):
        return None
    centroids, sides = _assigned([(member.vector.unpacked(), norm2(member.vector)) for member in own], centroids)
    parts = [[member for member, side in zip(own, sides, strict=True) if side is of] for of in (True, False)]
    if not all(_may_stand_alone(part, len(own)) for part in parts) or not _are_apart(*centroids):
        return None
    moved = {member.id for member in parts[0]}
    leaving = tuple(member.id for member in members if (member.copy_of or member.id) in moved)
    return Parting(leaving=leaving, centroids=centroids)


def _two_means(vectors: Sequence[Measured]) -> tuple[Vector, Vector] | None:
    whole = _sum([vector for vector, _ in vectors])
    whole_length = norm2(whole)
    alike = [_likeness(vector, length, whole, whole_length) for vector, length in vectors]
    first = min(range(len(vectors)), key=lambda i: (alike[i], i))
    one = vectors[first]
    # The other seed is typical of the story and unlike the first.
    other = max(range(len(vectors)), key=lambda i: (alike[i] - _likeness(*vectors[i], *one), -i))
    if other == first:
        return None
    centroids = one[0], vectors[other][0]
    before: list[bool] = []
    for _ in range(SPLIT_ROUNDS):
        found, sides = _assigned(vectors, centroids)
        if sides == before:
            break
        if not found[0] or not found[1]:
            return None
        centroids, before = found, sides
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
    sides = [sum([weight * get(term, 0.0) for term, weight in vector.items()]) > _EVEN for vector, _ in vectors]
    pairs = list(zip(vectors, sides, strict=True))
    return (_sum([v for (v, _), side in pairs if side]), _sum([v for (v, _), side in pairs if not side])), sides


def _are_apart(one: Vector, other: Vector) -> bool:
    """Whether two parts share next to nothing, or next to nothing but one term."""
    whole, rest = residual(one, other)
    return whole < SPLIT_WHOLE or rest < SPLIT_RESIDUAL


def _may_stand_alone(part: Sequence[Member], count: int) -> bool:
    publishers = {member.domain or member.id for member in part}
    return len(part) >= max(SPLIT_LEAST, SPLIT_SHARE * count) and len(publishers) > 1


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
