"""Match: a vector goes in; the live stories that it may belong to, each with its score, come out, best first.

Method S (measured in eval/stories.py): the cosine to a story's centroid, plus a share of the votes of the nearest
articles, which fade with age. The vote is relative, which is why one threshold serves headlines and whole articles,
whose cosines differ: what counts is not how near the nearest are, but whether they agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from stayahead.stories.dense import Dense, added, mixed, mixed_with_articles
from stayahead.stories.members import LiveStory, Member
from stayahead.stories.sleepers import heaviest
from stayahead.stories.state import State
from stayahead.stories.vectors import Packed, Vector, cosine, dot, norm2
from stayahead.stories.weights import (
    LARGE_FROM,
    LARGE_WEIGHT,
    MAX_GAP,
    MERGE,
    MERGE_EVERY,
    NEIGHBOURS,
    RESCUE,
    RESCUE_LARGE,
    RESCUE_SMALL,
    SILENCE_UNIT,
    SILENCE_WEIGHT,
    UNIT,
    VECTOR_TERMS,
    VOTE_HALVED,
    VOTE_PRIOR,
    VOTE_WEIGHT,
    VOTERS,
)

_LEAST_DOT = UNIT * UNIT // 50
"""Articles less similar than .02 are no neighbours."""
_LOOKED_AT = 3 * NEIGHBOURS
"""Articles of which the neighbours are those with different headlines."""


class Match(NamedTuple):
    """A story that an article may belong to."""

    story: LiveStory
    score: float
    similarity: float
    """Cosine to its centroid."""


def matches(state: State, member: Member, *, leave_out: str = "") -> list[Match]:
    """Stories of the nearest articles, best score first, ties to the story opened first.

    Args:
        state: what is live.
        member: the article; stories too far from its time are no matches.
        leave_out: a story not to be considered.
    """
    vector, dense, placed_at = member.vector.unpacked(), member.dense_sum, member.placed_at
    length = norm2(vector)
    found: list[Match] = []
    for story, vote in _votes(state, _nearest(state, neighbours(state, vector, leave_out), dense, placed_at)):
        if is_near_in_time(state, story, placed_at):
            centroid, centroid_length = state.centroid(story)
            similarity = cosine(dot(vector, centroid), length, centroid_length)
            if dense:
                similarity = mixed(similarity, dense, state.dense(story))
            # What has been silent for long is claimed only by what is clearly about it.
            silence = max((placed_at - story.silent_since) / SILENCE_UNIT, 0.0)
            size = LARGE_WEIGHT if len(story.members) >= LARGE_FROM else 0.0
            found.append(Match(story, round(similarity + vote + size - SILENCE_WEIGHT * silence, 6), similarity))
    found.sort(key=_best_first)
    return found


def _votes(state: State, nearest: Sequence[tuple[float, int, str]]) -> list[tuple[LiveStory, float]]:
    """The stories of the nearest articles, each with its share of the vote."""
    votes: dict[str, float] = {}
    total = VOTE_PRIOR
    for place, (minus_similarity, _, story_id) in enumerate(nearest):
        vote = minus_similarity * minus_similarity if place < VOTERS else 0.0
        total += vote
        votes[story_id] = votes.get(story_id, 0.0) + vote
    return [(state.stories[story_id], VOTE_WEIGHT * vote / total) for story_id, vote in votes.items()]


def _nearest(
    state: State, near: Sequence[tuple[int, int, str]], dense: Dense, at: datetime | None = None
) -> list[tuple[float, int, str]]:
    """The same articles by their whole similarity, and by their age where `at`, the time of asking, is given."""
    if not dense and at is None:
        return [(product / (UNIT * UNIT), seq, story_id) for product, seq, story_id in near]
    members = [state.by_seq[seq] for _, seq, _ in near]
    similar = [-product / (UNIT * UNIT) for product, _, _ in near]
    if dense:
        similar = mixed_with_articles(similar, dense, [(member.dense, member.vector_model) for member in members])
    if at is not None:
        ages = [max((at - member.arrived_at) / VOTE_HALVED, 0.0) for member in members]
        similar = [similarity / (1.0 + age) for similarity, age in zip(similar, ages, strict=True)]
    whole = [(-similarity, member.seq, member.story_id) for similarity, member in zip(similar, members, strict=True)]
    whole.sort()
    return whole


def neighbours(state: State, vector: Vector, leave_out: str = "") -> list[tuple[int, int, str]]:
    """The nearest articles in the index: (minus dot product, order of arrival, story), nearest first.

    Of articles of one story under one headline only the nearest is named: a text that forty reprint has one voice.

    Args:
        state: what is live.
        vector: what they are near to.
        leave_out: a story whose articles are not asked for.
    """
    by_seq = state.by_seq
    near = state.term_index.near(vector)
    if leave_out:
        left_out = state.stories[leave_out]
        for article_id in left_out.members[left_out.trimmed :]:
            near.pop(state.members[article_id].seq, None)
    # Look up only those that can be among the nearest: most of what shares a term is far away.
    floor = _LEAST_DOT
    if len(near) > _LOOKED_AT:
        floor = max(floor, sorted(near.values(), reverse=True)[_LOOKED_AT - 1])
    nearest = sorted([(-product, seq) for seq, product in near.items() if product >= floor])
    found: list[tuple[int, int, str]] = []
    heard: set[tuple[str, str]] = set()
    for product, seq in nearest:
        member = by_seq[seq]
        voice = member.story_id, member.title or member.id
        if voice not in heard:
            heard.add(voice)
            found.append((product, seq, member.story_id))
            if len(found) == NEIGHBOURS:
                break
    return found


def merge_target(state: State, story: LiveStory, member: Member, found: Sequence[Match]) -> Match | None:
    """Of the other stories that an article matched, the best one that is one with the story it joins.

    Two large stories are compared when the one has grown by a part in `MERGE_EVERY` of the smaller: the product of
    their centroids costs as much as the smaller has terms, and one article hardly changes it.
    """
    others = [match for match in found[:3] if match.story is not story and match.story.id not in story.apart]
    count = len(story.members)
    others = [match for match in others if not count % (1 + min(count, len(match.story.members)) // MERGE_EVERY)]
    if not others:
        return None
    vector = member.vector.unpacked()
    own, own_length = state.centroid(story)
    # The story with the article in it: |c + v|² = |c|² + 2 c·v + |v|².
    length = own_length + 2 * dot(vector, own) + norm2(vector)
    own = dict(own.items()) if isinstance(own, Packed) else own
    with_it = added(state.dense(story), member.dense_sum)
    for match in others:
        other = match.story
        centroid, other_length = state.centroid(other)
        product = dot(own, centroid) + dot(vector, centroid)
        similarity = mixed(cosine(product, length, other_length), with_it, state.dense(other))
        if similarity >= MERGE:
            return Match(other, match.score, similarity)
    return None


def rescue_target(state: State, story: LiveStory) -> Match | None:
    """The larger story that a small one belongs to, if there is one; scored as an article is, asked for less."""
    if len(story.members) > RESCUE_SMALL:
        return None
    centroid, length = state.centroid(story)
    if not length:
        return None
    dense = state.dense(story)
    own = dict(centroid.items())
    asking = own if story.centroid is None else heaviest(centroid, VECTOR_TERMS)
    best: Match | None = None
    for other, vote in _votes(state, _nearest(state, neighbours(state, asking, story.id), dense)):
        if len(other.members) < RESCUE_LARGE or other.id in story.apart:
            continue
        if not is_near_in_time(state, other, state.opened_at(story)):
            continue
        other_centroid, other_length = state.centroid(other)
        sparse = cosine(dot(own, other_centroid), length, other_length)
        similarity = mixed(sparse, dense, state.dense(other))
        match = Match(other, round(similarity + vote, 6), similarity)
        if match.score >= RESCUE and (best is None or _best_first(match) < _best_first(best)):
            best = match
    return best


def is_near_in_time(state: State, story: LiveStory, at: datetime) -> bool:
    """Whether an article of that time may belong to the story at all."""
    if story.aspects is None:
        placed_at = state.members[story.members[0]].placed_at
        return abs(at - placed_at) <= MAX_GAP
    if story.before is not None and abs(at - story.silent_since) <= MAX_GAP:
        return True
    return story.aspects.origins.is_near(at, MAX_GAP)


def _best_first(match: Match) -> tuple[float, int]:
    return -match.score, match.story.opened_number
