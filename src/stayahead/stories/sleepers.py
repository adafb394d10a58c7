"""Sleepers are stories that fell asleep: a later article may wake one, or open a story that follows it.

What the engine keeps of a story that sleeps is small (its heaviest terms, its counts, its names) and is kept for
`SLEEP_FOR`. A later article that is plainly about the same event wakes it; one that is about the same affair opens a
story of its own that follows it (docs/decisions/0111).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from heapq import nsmallest

from stayahead.model import StoryHead
from stayahead.stories.aspects import Aspects
from stayahead.stories.members import LiveStory
from stayahead.stories.vectors import Packed, Vector, norm2, residual
from stayahead.stories.weights import SLEEP_FOR, SLEEP_INDEXED, SLEEP_POSTINGS, SLEEP_TERMS, UNIT


@dataclass(frozen=True, slots=True, kw_only=True)
class Sleeper:
    """A story asleep. Its head, aspects and aliases are what it goes on from when it wakes."""

    head: StoryHead
    """As it was shown when it fell asleep."""
    slept_at: datetime
    """Since when it had been silent: the time by which it is forgotten, too."""
    opened_number: int
    aspects: Aspects
    alias_ids: tuple[str, ...]
    vector: Packed
    """The heaviest terms of its centroid, of length `UNIT`."""

    @classmethod
    def of(cls, story: LiveStory, head: StoryHead, aspects: Aspects, centroid: Vector | Packed) -> Sleeper:
        """What is kept of a live story that falls asleep."""
        return cls(
            head=head,
            slept_at=story.silent_since,
            opened_number=story.opened_number,
            aspects=aspects.copy(),
            alias_ids=story.alias_ids,
            vector=Packed(heaviest(centroid, SLEEP_TERMS)),
        )

    @property
    def id(self) -> str:
        """The story's."""
        return self.head.id


class Sleepers:
    """All stories asleep, and an index of the few terms that say most about each."""

    def __init__(self) -> None:
        self.by_id: dict[str, Sleeper] = {}
        """In the order in which they fell asleep."""
        self._postings: dict[str, dict[str, None]] = {}

    def __contains__(self, story_id: str) -> bool:
        return story_id in self.by_id

    def put(self, sleeper: Sleeper) -> None:
        """A story fell asleep."""
        # A dictionary keeps the order in which they fell asleep: what is to be forgotten stands first.
        self.by_id[sleeper.id] = sleeper
        for term in _indexed(sleeper):
            self._postings.setdefault(term, {})[sleeper.id] = None

    def take(self, story_id: str) -> Sleeper:
        """A story is awake again, or forgotten."""
        sleeper = self.by_id.pop(story_id)
        for term in _indexed(sleeper):
            posting = self._postings[term]
            del posting[story_id]
            if not posting:
                del self._postings[term]
        return sleeper

    def show(self, story_id: str, *, pinned: bool, hidden: bool) -> None:
        """The owner pinned or hid it in its sleep. When it is forgotten stays."""
        # In its place in the dictionary: it is not as if it had fallen asleep only now.
        sleeper = self.by_id[story_id]
        self.by_id[story_id] = replace(sleeper, head=replace(sleeper.head, pinned=pinned, hidden=hidden))

    def stale(self, now: datetime) -> Iterator[str]:
        """Those that have slept for too long, in the order in which they fell asleep."""
        for sleeper in self.by_id.values():
            if now - sleeper.slept_at <= SLEEP_FOR:
                return  # those behind it fell asleep later
            yield sleeper.id

    def nearest(self, vector: Vector, now: datetime) -> tuple[Sleeper | None, float, float]:
        """The nearest story asleep, ties to the one opened first; its cosine, and what is left of that (`residual`).

        Nearest is the one that has most in common besides the one term that is shared most: whole cosines bring up
        stories that share a mere name ("Phone", "Bell"; docs/decisions/0111).
        """
        # As a tuple that is least for the best: the largest residual, then the story opened first.
        best: tuple[float, int, str, float] = (0.0, 0, "", 0.0)
        for story_id in self._candidates(vector):
            sleeper = self.by_id[story_id]
            if now - sleeper.slept_at > SLEEP_FOR:
                continue  # it is dropped when the next one falls asleep; till then it must not matter that it is there
            whole, rest = residual(vector, sleeper.vector)
            if rest:
                best = min(best, (-rest, sleeper.opened_number, story_id, whole))
        return self.by_id.get(best[2]), best[3], -best[0]

    def _candidates(self, vector: Vector) -> dict[str, None]:
        candidates: dict[str, None] = {}
        for _, term in nsmallest(SLEEP_INDEXED, [(-weight, term) for term, weight in vector.items()]):
            # A term of so many affairs ("police", "vote") would propose them all.
            posting = self._postings.get(term, {})
            if len(posting) <= SLEEP_POSTINGS:
                candidates.update(posting)
        return candidates


def heaviest(vector: Vector | Packed, count: int) -> Vector:
    """The heaviest terms of a sum of vectors, ties by term, scaled to length `UNIT`."""
    # Scaled to the length of an article's vector, so that its products with one are of one scale.
    kept = {term: -weight for weight, term in nsmallest(count, [(-weight, term) for term, weight in vector.items()])}
    length = norm2(kept) ** 0.5
    scaled = {term: round(weight * UNIT / length) for term, weight in kept.items()} if length else {}
    return {term: weight for term, weight in scaled.items() if weight > 0}


def _indexed(sleeper: Sleeper) -> tuple[str, ...]:
    """The terms under which it is indexed; its vector is stored heaviest first."""
    return sleeper.vector.terms[:SLEEP_INDEXED]
