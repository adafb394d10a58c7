"""Links: an article that nothing live claims, or a story that has grown, goes in; what it takes up, follows or stands
beside goes into the plan.
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
    """An article that no live story of its language claims joins one in other languages, wakes the story asleep that it
    is about, or opens one of its own.

    Args:
        plan: what becomes of it goes in here.
        state: what is live.
        member: the article.
        near: the live stories that were compared with it.
        now: time of the decision.
    """
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
    draft = plan.open(member)
    follows = sleeper.id if sleeper is not None and rest >= FOLLOWS else ""
    stories = [match.story for match in near]
    related = _related(state, stories, member.vector.unpacked(), least=RELATED_ALONE)
    if follows or related:
        plan.link(draft, follows=follows, related=related)


def relate(plan: Plan, state: State, story: LiveStory, member: Member, *, now: datetime) -> None:
    """A story that an article joins meets the one in other languages that it is one with, or is told what it stands
    beside, each time that it has doubled.

    Args:
        plan: in which the article has joined.
        state: as it was before.
        story: the one that it joined.
        member: the article.
        now: time of the decision.
    """
    count = len(story.members) + 1
    if count & (count - 1):
        return
    foreign = story_to_merge(state, story, member)
    if foreign is not None:
        plan.merge(story, foreign.story, similarity=foreign.similarity)
        return
    total = dict(state.centroid(story)[0].items())
    for term, weight in member.vector.items():
        total[term] = total.get(term, 0) + weight
    asking = heaviest(total, VECTOR_TERMS)
    follows = story.follows
    if not follows:
        sleeper, _, rest = state.sleepers.nearest(asking, now)
        follows = sleeper.id if sleeper is not None and rest >= FOLLOWS else ""
    near = dict.fromkeys(story_id for _, _, story_id in neighbours(state, asking, leave_out=story.id))
    related = _related(state, [state.stories[story_id] for story_id in near], asking, least=RELATED)
    if (follows, related) != (story.follows, story.related):
        plan.link(plan.draft(story), follows=follows, related=related)


def _related(state: State, stories: Iterable[LiveStory], asking: Vector, *, least: float) -> tuple[str, ...]:
    """The nearest of those stories, by what is left of the cosine without the term that is shared most."""
    length = norm2(asking)
    near: list[tuple[float, LiveStory]] = []
    for story in stories:
        if not story.hidden:
            centroid, other_length = state.centroid(story)
            near.append((residual(asking, centroid, (length, other_length))[1], story))
    near.sort(key=lambda pair: (-pair[0], pair[1].opened_number))
    return tuple(story.id for rest, story in near[:RELATED_MOST] if rest >= least)
