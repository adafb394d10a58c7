"""Match: a vector goes in; the live stories that it may belong to, each with its score, come out, best first.

Method S (measured in eval/stories.py): the cosine to a story's centroid, plus a share of the votes of the nearest
recent articles. The vote is relative, which is why one threshold serves headlines and whole articles, whose cosines
differ: what counts is not how near the nearest are, but whether they agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import nsmallest

from stayahead.stories.members import LiveStory
from stayahead.stories.state import State
from stayahead.stories.vectors import Packed, Vector, cosine, dot, norm2
from stayahead.stories.weights import (
    MAX_GAP,
    MERGE,
    NEIGHBOURS,
    RESCUE,
    RESCUE_LARGE,
    RESCUE_SMALL,
    SILENCE_UNIT,
    SILENCE_WEIGHT,
    UNIT,
    VOTE_PRIOR,
    VOTE_WEIGHT,
    VOTERS,
)

_LEAST_DOT = UNIT * UNIT // 50
"""Articles less similar than .02 are no neighbours."""


@dataclass(frozen=True, slots=True)
class Match:
    """A story that an article may belong to."""

    story: LiveStory
    score: float
    similarity: float
    """Cosine to its centroid."""


def matches(state: State, vector: Vector, *, placed_at: datetime, leave_out: str = "") -> list[Match]:
    """Stories of the nearest articles, best score first, ties to the story opened first.

    Args:
        state: what is live.
        vector: the article's.
        placed_at: its time; stories too far from it are no matches.
        leave_out: a story not to be considered.
    """
    near = neighbours(state, vector)
    votes: dict[str, float] = {}
    total = VOTE_PRIOR
    for place, (product, _, story_id) in enumerate(near):
        if story_id == leave_out:
            continue
        vote = 0.0
        if place < VOTERS:
            similarity = -product / (UNIT * UNIT)
            vote = similarity * similarity
            total += vote
        votes[story_id] = votes.get(story_id, 0.0) + vote
    length = norm2(vector)
    found: list[Match] = []
    for story_id, vote in votes.items():
        story = state.stories[story_id]
        if is_near_in_time(state, story, placed_at):
            centroid, centroid_length = state.centroid(story)
            similarity = cosine(dot(vector, centroid), length, centroid_length)
            # What has been silent for long is claimed only by what is clearly about it.
            silence = max((placed_at - story.touched_at) / SILENCE_UNIT, 0.0)
            score = similarity + VOTE_WEIGHT * vote / total - SILENCE_WEIGHT * silence
            found.append(Match(story, round(score, 6), similarity))
    found.sort(key=_best_first)
    return found


def neighbours(state: State, vector: Vector) -> list[tuple[int, int, str]]:
    """The nearest articles in the index: (minus dot product, order of arrival, story), nearest first."""
    by_seq = state.by_seq
    near = state.index.near(vector)
    # Look up only those that can be among the nearest: most of what shares a term is far away.
    floor = _LEAST_DOT
    if len(near) > NEIGHBOURS:
        floor = max(floor, sorted(near.values(), reverse=True)[NEIGHBOURS - 1])
    return nsmallest(
        NEIGHBOURS,
        [(-product, seq, by_seq[seq].story_id) for seq, product in near.items() if product >= floor],
    )


def merge_target(story: LiveStory, vector: Vector, found: Sequence[Match], *, state: State) -> Match | None:
    """Of the other stories that an article matched, the best one that is one with the story it joins."""
    own, own_length = state.centroid(story)
    # The story with the article in it: |c + v|² = |c|² + 2 c·v + |v|².
    length = own_length + 2 * dot(vector, own) + norm2(vector)
    own = dict(own.items()) if isinstance(own, Packed) else own
    for match in found[:3]:
        other = match.story
        if other is story or other.id in story.apart:
            continue
        centroid, other_length = state.centroid(other)
        product = dot(own, centroid) + dot(vector, centroid)
        similarity = cosine(product, length, other_length)
        if similarity >= MERGE:
            return Match(other, match.score, similarity)
    return None


def rescue_target(state: State, story: LiveStory) -> Match | None:
    """The larger story that a small one belongs to, if there is one."""
    if len(story.members) > RESCUE_SMALL:
        return None
    centroid, length = state.centroid(story)
    if not length:
        return None
    scaled = vector = dict(centroid.items())
    if story.centroid is not None:
        # Only the heaviest terms ask, scaled so that the floor for neighbours means the same.
        scale = UNIT / length**0.5
        heaviest = nsmallest(42, [(-weight, term) for term, weight in vector.items()])
        scaled = {term: round(-weight * scale) for weight, term in heaviest}
    seen: dict[str, None] = {}
    best: Match | None = None
    for _, _, story_id in neighbours(state, scaled):
        if story_id in seen or story_id == story.id or story_id in story.apart:
            continue
        seen[story_id] = None
        other = state.stories[story_id]
        if len(other.members) < RESCUE_LARGE or not is_near_in_time(state, other, story.opened_at):
            continue
        centroid, other_length = state.centroid(other)
        similarity = cosine(dot(vector, centroid), length, other_length)
        match = Match(other, similarity, similarity)
        if similarity >= RESCUE and (best is None or _best_first(match) < _best_first(best)):
            best = match
    return best


def is_near_in_time(state: State, story: LiveStory, at: datetime) -> bool:
    """Whether an article of that time may belong to the story at all."""
    if story.tally is None:
        placed_at = state.members[story.members[0]].placed_at
        return abs(at - placed_at) <= MAX_GAP
    if story.before is not None and abs(at - story.touched_at) <= MAX_GAP:
        return True
    return story.tally.is_near(at, MAX_GAP)


def _best_first(match: Match) -> tuple[float, int]:
    return -match.score, match.story.opened_number
