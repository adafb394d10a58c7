"""Matching scores the live stories that an article, or a small story, may belong to.

A headline (measured in eval/stories.py): the cosine to a story's centroid, plus a share of the votes of the nearest
articles, which fade with age. The centroid knows what the whole story is about; the votes know what it has been saying
lately, which in a long story is something else. What counts is not how near the nearest are, but whether they agree.

A text of many words is judged by how far a story beats its background instead (`background`): in a stream where most
events have two or three articles the nearest agree too seldom, or on too little, for a vote.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from stayahead.stories.background import Surroundings, mixed, text_share
from stayahead.stories.dense import Dense, add_sums, mix, mix_with_articles
from stayahead.stories.members import LiveStory, Member
from stayahead.stories.sleepers import heaviest
from stayahead.stories.state import State
from stayahead.stories.vectors import Packed, Vector, cosine, dot, norm2, residual
from stayahead.stories.weights import (
    JOIN,
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
    TEXT_COMPARED,
    TEXT_JOIN,
    TEXT_MERGE,
    TEXT_RESCUE,
    TEXT_SILENCE,
    TEXT_TWINS,
    UNIT,
    VECTOR_TERMS,
    VOTE_HALVED,
    VOTE_PRIOR,
    VOTE_WEIGHT,
    VOTERS,
)

_LEAST_DOT = UNIT * UNIT // 50
"""Least dot product of a neighbour: a similarity of .02."""
_LOOKED_AT = 3 * NEIGHBOURS
"""Nearest articles among which the neighbours are chosen: there are so many reprints under one headline."""


class Match(NamedTuple):
    """A story that an article may belong to, and why."""

    story: LiveStory
    score: float
    """By how much it passes what a join asks for; from 0 the article belongs to it."""
    similarity: float
    """Cosine to its centroid."""
    background: float = 0.0
    """How near a text comes to the stories beside it; 0 for a headline, which is not judged by it."""


def matches(state: State, member: Member, *, leave_out: str = "") -> list[Match]:
    """Stories of the nearest articles, best score first, ties to the story opened first.

    Args:
        state: what is live.
        member: the article; stories too far from its time are no matches.
        leave_out: a story not to be considered.
    """
    vector, dense, placed_at = member.vector.unpacked(), member.dense_sum, member.placed_at
    length = norm2(vector)
    near = neighbours(state, vector, leave_out)
    share = text_share(len(vector))
    # Each rule costs a look at all neighbours: the one that has no say is not asked.
    votes = _votes(_nearest(state, near, dense, at=placed_at, text=share)) if share < 1 else {}
    around = Surroundings(_nearest(state, near, dense, text=share), _likeness(state, near, member)) if share else None
    scored: list[Match] = []
    for story_id in votes or _named_first(near):
        story = state.stories[story_id]
        if not is_near_in_time(state, story, placed_at):
            continue
        centroid, centroid_length = state.centroid(story)
        similarity = cosine(dot(vector, centroid), length, centroid_length)
        if dense:
            similarity = mix(similarity, dense, state.dense(story), text=share)
        # What has been silent for long is claimed only by what is clearly about it: most often a new event uses
        # the words of an old one.
        silence = max((placed_at - story.silent_since) / SILENCE_UNIT, 0.0)
        if around is None:
            # Rounded, so that a last bit that differs from machine to machine never decides.
            scored.append(Match(story, round(_by_votes(story, similarity, votes, silence), 6), similarity))
            continue
        asked = TEXT_JOIN + TEXT_SILENCE * silence
        score = around.score(story_id, similarity, len(story.members), asked=asked)
        if votes:
            score = mixed(_by_votes(story, similarity, votes, silence), score, share)
        scored.append(Match(story, round(score, 6), similarity, round(around.background(story_id), 6)))
    scored.sort(key=_best_first)
    return scored


def _named_first(near: Sequence[tuple[int, int, str]]) -> list[str]:
    """The stories that may claim a text, by their nearest articles; the product with a centroid is what costs most."""
    return list(dict.fromkeys(story_id for _, _, story_id in near))[:TEXT_COMPARED]


def _by_votes(story: LiveStory, similarity: float, votes: Mapping[str, float], silence: float) -> float:
    """How well a headline fits a story: a join asks for 0."""
    # One threshold for all would be too high for large stories, whose centroids are spread over many words.
    size = LARGE_WEIGHT if len(story.members) >= LARGE_FROM else 0.0
    return similarity + votes[story.id] + size - SILENCE_WEIGHT * silence - JOIN


def _likeness(state: State, near: Sequence[tuple[int, int, str]], member: Member) -> Callable[[str], float] | None:
    """How much the shared keys of an article are those of a story's nearest articles, the heaviest left out."""
    if not member.shared_keys:
        return None
    keys = member.shared_keys.unpacked()

    def of(wanted: str) -> float:
        total: Vector = {}
        for _, seq, story_id in near:
            if story_id == wanted:
                for key, weight in state.by_seq[seq].shared_keys.items():
                    total[key] = total.get(key, 0) + weight
        # Many events are of one place or person; two of these, or a number besides, are of one event.
        return residual(keys, total)[1]

    return of


def _votes(nearest: Sequence[tuple[float, int, str]]) -> dict[str, float]:
    """The stories of the nearest articles, each with its share of the vote."""
    votes: dict[str, float] = {}
    total = VOTE_PRIOR
    for place, (minus_similarity, _, story_id) in enumerate(nearest):
        # Squared, so that one article that says the same outweighs several that share a name. Those past the voters
        # bring their story into the comparison without a vote.
        vote = minus_similarity * minus_similarity if place < VOTERS else 0.0
        total += vote
        votes[story_id] = votes.get(story_id, 0.0) + vote
    return {story_id: VOTE_WEIGHT * vote / total for story_id, vote in votes.items()}


def _nearest(
    state: State, near: Sequence[tuple[int, int, str]], dense: Dense, *, text: float, at: datetime | None = None
) -> list[tuple[float, int, str]]:
    """The same articles by their whole similarity.

    Args:
        state: what is live.
        near: the articles, by their words.
        dense: sums of the vectors of what they are near to.
        text: how much of a text that is.
        at: its time; where it is given, the similarities fade with the age of the articles.
    """
    # A small story that is offered to larger ones comes without a time: nothing fades for it.
    if not dense and at is None:
        return [(product / (UNIT * UNIT), seq, story_id) for product, seq, story_id in near]
    members = [state.by_seq[seq] for _, seq, _ in near]
    similarities = [-product / (UNIT * UNIT) for product, _, _ in near]
    if dense:
        vectors = [(member.dense, member.vector_model) for member in members]
        similarities = mix_with_articles(similarities, dense, vectors, text=text)
    if at is not None:
        ages = [max((at - member.arrived_at) / VOTE_HALVED, 0.0) for member in members]
        similarities = [similarity / (1.0 + age) for similarity, age in zip(similarities, ages, strict=True)]
    # Negative, so that a plain sort puts the nearest first and, of equals, the older article.
    nearest = [(-each, member.seq, member.story_id) for each, member in zip(similarities, members, strict=True)]
    nearest.sort()
    return nearest


def neighbours(state: State, vector: Vector, leave_out: str = "") -> list[tuple[int, int, str]]:
    """The nearest articles in the index: (minus dot product, order of arrival, story), nearest first.

    Reprints under one headline have one vote: a story names each of its headlines once, by the nearest article.

    Args:
        state: what is live.
        vector: what they are near to.
        leave_out: a story whose articles are no neighbours.
    """
    by_seq = state.by_seq
    near = state.term_index.near(vector)
    if leave_out:
        # Its trimmed articles are in no index, so there is nothing of them to take out.
        left_out = state.stories[leave_out]
        for article_id in left_out.members[left_out.trimmed :]:
            near.pop(state.members[article_id].seq, None)
    # Look up only those that can be among the nearest: most of what shares a term is far away.
    floor = _LEAST_DOT
    if len(near) > _LOOKED_AT:
        floor = max(floor, sorted(near.values(), reverse=True)[_LOOKED_AT - 1])
    nearest = sorted([(-product, seq) for seq, product in near.items() if product >= floor])
    chosen: list[tuple[int, int, str]] = []
    headlines: set[tuple[str, str]] = set()
    for product, seq in nearest:
        member = by_seq[seq]
        # An article without a title shares its headline with nobody.
        headline = member.story_id, member.title or member.id
        if headline not in headlines:
            headlines.add(headline)
            chosen.append((product, seq, member.story_id))
            if len(chosen) == NEIGHBOURS:
                break
    return chosen


def merge_target(state: State, story: LiveStory, member: Member, candidates: Sequence[Match]) -> Match | None:
    """The best of the other stories that an article matched which is one with the story that it joins.

    Two large stories are compared when the one has grown by a share of 1 in `MERGE_EVERY` of the smaller: the product
    of their centroids costs as much as the smaller has terms, and one article hardly changes it.
    """
    # Two stories become one through an article that resembles both: only then are they worth comparing. What the owner
    # or a split set apart stays so, however alike it looks.
    others = [match for match in candidates[:3] if match.story is not story and match.story.id not in story.apart]
    count = len(story.members)
    others = [match for match in others if not count % (1 + min(count, len(match.story.members)) // MERGE_EVERY)]
    if not others:
        return None
    vector = member.vector.unpacked()
    own, own_length = state.centroid(story)
    # The story with the article in it: |c + v|² = |c|² + 2 c·v + |v|².
    length = own_length + 2 * dot(vector, own) + norm2(vector)
    # The story of one article has its vector packed, which `dot` takes on the right only.
    own = dict(own.items()) if isinstance(own, Packed) else own
    dense = add_sums(state.dense(story), member.dense_sum)
    share = text_share(len(vector))
    least = mixed(MERGE, TEXT_MERGE, share)
    for match in others:
        other = match.story
        centroid, other_length = state.centroid(other)
        product = dot(own, centroid) + dot(vector, centroid)
        similarity = mix(cosine(product, length, other_length), dense, state.dense(other), text=share)
        if similarity >= least:
            return Match(other, match.score, similarity)
    return None


def rescue_target(state: State, story: LiveStory) -> Match | None:
    """The larger story that a small one belongs to, if there is one; scored as an article is, by a lower threshold.

    A text that is alone is offered to its twin instead: what a large story has in common with it is most often its
    subject (docs/decisions/0156).
    """
    if len(story.members) > RESCUE_SMALL:
        return None
    if len(story.members) == 1 and text_share(len(state.members[story.members[0]].vector)) == 1:
        return _twin(state, story)
    centroid, length = state.centroid(story)
    if not length:
        return None
    dense = state.dense(story)
    own = dict(centroid.items())
    # The index is queried with as many terms as an article has: a query reads a bounded number of postings, and the
    # tail of a centroid would use them up. The cosine below takes the whole centroid.
    query = own if story.centroid is None else heaviest(centroid, VECTOR_TERMS)
    near = neighbours(state, query, story.id)
    share = text_share(sum([len(state.members[each].vector) for each in story.members]) / len(story.members))
    nearest = _nearest(state, near, dense, text=share)
    votes = _votes(nearest)
    around = Surroundings(nearest, None) if share else None
    best: Match | None = None
    for story_id, vote in votes.items():
        other = state.stories[story_id]
        # Two small stories that resemble each other are weak evidence of one event.
        if len(other.members) < RESCUE_LARGE or other.id in story.apart:
            continue
        if not is_near_in_time(state, other, state.opened_at(story)):
            continue
        other_centroid, other_length = state.centroid(other)
        sparse = cosine(dot(own, other_centroid), length, other_length)
        similarity = mix(sparse, dense, state.dense(other), text=share)
        score = similarity + vote - RESCUE
        if around is not None:
            text = around.score(story_id, similarity, len(other.members), asked=TEXT_RESCUE)
            score = mixed(score, text, share)
        match = Match(other, round(score, 6), similarity)
        if match.score >= 0 and (best is None or _best_first(match) < _best_first(best)):
            best = match
    return best


def _twin(state: State, story: LiveStory) -> Match | None:
    """The other text that is alone and one event with this one: each is the nearest of the other.

    The first of two reports was read before the second, and the second before what came since: neither could be seen
    with all that surrounds them now. That each chooses the other from everything is evidence which neither was alone.
    """
    match = _best_alone(state, story)
    if match is None:
        return None
    back = _best_alone(state, match.story)
    return match if back is not None and back.story is story else None


def _best_alone(state: State, story: LiveStory) -> Match | None:
    """The best match of a story's only article, where that is a story of one article too, and the nearest of all."""
    member = state.members[story.members[0]]
    near = neighbours(state, member.vector.unpacked(), story.id)
    # By the nearest article alone most are told to have no twin, for a tenth of what all scores cost.
    if not near or len(state.stories[near[0][2]].members) > 1 or near[0][2] in story.apart:
        return None
    best = matches(state, member, leave_out=story.id)[:1]
    return best[0] if best and best[0].story.id == near[0][2] and best[0].score >= -TEXT_TWINS else None


def is_near_in_time(state: State, story: LiveStory, at: datetime) -> bool:
    """Whether an article of that time may belong to the story at all."""
    if story.aspects is None:  # it has one article, and its times are that article's
        placed_at = state.members[story.members[0]].placed_at
        return abs(at - placed_at) <= MAX_GAP
    # A story that woke may be weeks older than what wakes it: its new news counts from when it woke.
    if story.before is not None and abs(at - story.silent_since) <= MAX_GAP:
        return True
    return story.aspects.origins.is_near(at, MAX_GAP)


def _best_first(match: Match) -> tuple[float, int]:
    return -match.score, match.story.opened_number
