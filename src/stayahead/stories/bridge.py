"""Bridge: an article, or a story, goes in; the story in other languages that tells of the same event comes out.

Languages share places, numbers and names (`analyze.keys`). Two reports are of one event when enough of these is shared,
the one that they share most left out of account: half the world's news names one country (docs/decisions/0112).
"""

from __future__ import annotations

from collections.abc import Sequence
from heapq import nsmallest

from stayahead.analyze import PLACE
from stayahead.stories.match import Match, is_near_in_time
from stayahead.stories.members import LiveStory, Member
from stayahead.stories.state import State
from stayahead.stories.vectors import ALL_LANGUAGES, Vector, residual
from stayahead.stories.weights import BRIDGE, BRIDGE_ASKED, BRIDGE_KEYS, BRIDGE_MIXED, NEIGHBOURS


def across(state: State, member: Member) -> Match | None:
    """The story in other languages that a new article belongs to."""
    if not member.marks or not state.rarity.counts.keys() - {member.language, ALL_LANGUAGES}:
        return None
    return _best(state, [member], None, at=member)


def across_story(state: State, story: LiveStory, arrived: Member) -> Match | None:
    """The story in other languages that a story is one with, once the article has joined it."""
    if len(state.rarity.counts) <= 2:
        return None
    own = [*_asked(state, story), arrived]
    return _best(state, own, story, at=arrived)


def _best(state: State, own: Sequence[Member], story: LiveStory | None, *, at: Member) -> Match | None:
    languages = {member.language for member in own}
    if "" in languages:
        return None
    vector = _sum(own)
    best: Match | None = None
    for other in _candidates(state, at, languages):
        if other is story or (story is not None and other.id in story.apart):
            continue
        if not is_near_in_time(state, other, at.placed_at):
            continue
        asked = _asked(state, other)
        foreign = [member for member in asked if member.language and member.language not in languages]
        is_mixed = len(foreign) < len(asked)
        if is_mixed and story is not None:
            continue
        theirs = _sum(foreign)
        if not _says_enough(vector, theirs):
            continue
        _, rest = residual(vector, theirs)
        least = BRIDGE_MIXED if is_mixed else BRIDGE
        if rest >= least and (best is None or (-rest, other.opened_number) < (-best.score, best.story.opened_number)):
            best = Match(other, rest, rest)
    return best


def _says_enough(one: Vector, other: Vector) -> bool:
    """Whether two texts share several keys, and not only places: two countries make no event."""
    shared = [key for key in one if key in other]
    return len(shared) >= BRIDGE_KEYS and not all(key.startswith(PLACE) for key in shared)


def _candidates(state: State, member: Member, languages: set[str]) -> list[LiveStory]:
    near = state.marks.near(member.marks.unpacked())
    found = [(-product, seq) for seq, product in near.items() if state.by_seq[seq].language not in languages]
    nearest = nsmallest(NEIGHBOURS, found)
    return [state.stories[story_id] for story_id in dict.fromkeys(state.by_seq[seq].story_id for _, seq in nearest)]


def _asked(state: State, story: LiveStory) -> list[Member]:
    """The newest articles of a story that copy none."""
    members = [state.members[article_id] for article_id in story.members[-2 * BRIDGE_ASKED :]]
    return [member for member in members if not member.copy_of][-BRIDGE_ASKED:]


def _sum(members: Sequence[Member]) -> Vector:
    total: Vector = {}
    for member in members:
        for key, weight in member.marks.items():
            total[key] = total.get(key, 0) + weight
    return total
