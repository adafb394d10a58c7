"""Links tie stories to others: those asleep that they wake or follow, those in other languages, those that are near.

Two moments call for them: an article comes that no live story claims (`begin`), and a story has doubled (`relate`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from stayahead.stories.crosslingual import matching_story, story_to_merge
from stayahead.stories.match import Match, neighbours
from stayahead.stories.members import LiveStory, Member
from stayahead.stories.plan import Plan
from stayahead.stories.sleepers import heaviest
from stayahead.stories.state import State
from stayahead.stories.vectors import Vector, norm2, residual
from stayahead.stories.weights import (
    EXPIRE_AFTER,
    FOLLOWS,
    RELATED,
    RELATED_ALONE,
    RELATED_MOST,
    VECTOR_TERMS,
    WAKE,
    WAKE_RESIDUAL,
)


def begin(plan: Plan, state: State, member: Member, near: Sequence[Match], *, now: datetime) -> None:
    """Let an article that no live story of its language claims join one in other languages, wake the story asleep that
    it is about, or open one of its own.

    Args:
        plan: the decision.
        state: what is live.
        member: the article.
        near: the live stories that were compared with it.
        now: time of the decision.
    """
    # What is live comes before what sleeps: readers see it now, and the sleeper may be of the same affair only.
    foreign = matching_story(state, member)
    if foreign is not None:
        plan.join(foreign.story, member, similarity=foreign.similarity)
        return
    if member.backfill and now - member.placed_at > EXPIRE_AFTER:
        plan.open(member)  # old news wakes nobody
        return
    sleeper, likeness, rest = state.sleepers.nearest(member.vector.unpacked(), now)
    if sleeper is not None and likeness >= WAKE and rest >= WAKE_RESIDUAL:
        plan.wake(sleeper, member, similarity=likeness)
        return
    # Nearly enough to wake it: the same affair, another event. Readers of the new story are led to the old one.
    draft = plan.open(member)
    follows = sleeper.id if sleeper is not None and rest >= FOLLOWS else ""
    # The stories that it was compared with are at hand; a search for others would cost as much as the match.
    stories = [match.story for match in near]
    related = _related(state, stories, member.vector.unpacked(), least=RELATED_ALONE)
    if follows or related:
        plan.link(draft, follows=follows, related=related)


def relate(plan: Plan, state: State, story: LiveStory, member: Member, *, now: datetime) -> None:
    """Each time that a story has doubled, merge it with the one in other languages that tells of the same event, or
    note what it stands beside.

    Args:
        plan: the decision, in which the article has joined.
        state: as it was before.
        story: the one that it joined.
        member: the article.
        now: time of the decision.
    """
    # At powers of two: a story of ten thousand articles is looked at 13 times, mostly while it is young.
    count = len(story.members) + 1
    if count & (count - 1):
        return
    foreign = story_to_merge(state, story, member)
    if foreign is not None:
        plan.merge(story, foreign.story, similarity=foreign.similarity)
        return
    # The state has not applied the join yet: the article is added by hand.
    total = dict(state.centroid(story)[0].items())
    for term, weight in member.vector.items():
        total[term] = total.get(term, 0) + weight
    query = heaviest(total, VECTOR_TERMS)
    # What a story once follows it follows for good; what it is related to changes with what is live.
    follows = story.follows
    if not follows:
        sleeper, _, rest = state.sleepers.nearest(query, now)
        follows = sleeper.id if sleeper is not None and rest >= FOLLOWS else ""
    near = dict.fromkeys(story_id for _, _, story_id in neighbours(state, query, leave_out=story.id))
    related = _related(state, [state.stories[story_id] for story_id in near], query, least=RELATED)
    if (follows, related) != (story.follows, story.related):
        plan.link(plan.draft(story), follows=follows, related=related)


def _related(state: State, stories: Iterable[LiveStory], query: Vector, *, least: float) -> tuple[str, ...]:
    """The nearest of those stories, by what is left of the cosine without the term that is shared most."""
    length = norm2(query)
    near: list[tuple[float, LiveStory]] = []
    for story in stories:
        if not story.hidden:  # what the owner keeps off the pages is not advertised on another one
            centroid, other_length = state.centroid(story)
            near.append((residual(query, centroid, (length, other_length))[1], story))
    near.sort(key=lambda pair: (-pair[0], pair[1].opened_number))
    return tuple(story.id for rest, story in near[:RELATED_MOST] if rest >= least)
