"""Cross-lingual matching finds the story in other languages that tells of the same event.

Languages share places, numbers and names (`analyze.shared_keys`). Two reports are of one event when they have enough of
these in common, the one that weighs most left out of account: half the world's news names one country
(docs/decisions/0112).
"""

from __future__ import annotations

from collections.abc import Sequence
from heapq import nsmallest

from stayahead.analyze import PLACE
from stayahead.stories.match import Match, is_near_in_time
from stayahead.stories.members import LiveStory, Member
from stayahead.stories.state import State
from stayahead.stories.vectors import ALL_LANGUAGES, Vector, residual
from stayahead.stories.weights import (
    CROSSLINGUAL,
    CROSSLINGUAL_ARTICLES,
    CROSSLINGUAL_KEYS,
    CROSSLINGUAL_MIXED,
    NEIGHBOURS,
)


def matching_story(state: State, member: Member) -> Match | None:
    """The story in other languages that a new article belongs to."""
    # A press of one language, which most are, pays nothing for this.
    if not member.shared_keys or not state.rarity.counts.keys() - {member.language, ALL_LANGUAGES}:
        return None
    return _best(state, [member], None, arrival=member)


def story_to_merge(state: State, story: LiveStory, arrival: Member) -> Match | None:
    """The story in other languages that a story is one with, once the article has joined it."""
    if len(state.rarity.counts) <= 2:  # one language, and the counts that all share
        return None
    members = [*_newest_originals(state, story), arrival]
    return _best(state, members, story, arrival=arrival)


def _best(state: State, members: Sequence[Member], story: LiveStory | None, *, arrival: Member) -> Match | None:
    # Words decide within a language, keys only across: the two never outvote each other (docs/decisions/0112).
    languages = {member.language for member in members}
    # What is in an unknown language may be in one of theirs: then its words decide, in `match`.
    if "" in languages:
        return None
    vector = _sum(members)
    best: Match | None = None
    for other in _candidates(state, arrival, languages):
        if other is story or (story is not None and other.id in story.apart):
            continue
        if not is_near_in_time(state, other, arrival.placed_at):
            continue
        newest = _newest_originals(state, other)
        foreign = [member for member in newest if member.language and member.language not in languages]
        # A story that has articles of this language already could have claimed the article by its words, which know
        # more than keys, and did not: keys must say more to overrule them, and may never merge two whole stories.
        is_mixed = len(foreign) < len(newest)
        if is_mixed and story is not None:
            continue
        foreign_vector = _sum(foreign)
        if not _is_enough_shared(vector, foreign_vector):
            continue
        _, rest = residual(vector, foreign_vector)
        least = CROSSLINGUAL_MIXED if is_mixed else CROSSLINGUAL
        if rest >= least and (best is None or (-rest, other.opened_number) < (-best.score, best.story.opened_number)):
            best = Match(other, rest, rest)
    return best


def _is_enough_shared(one: Vector, other: Vector) -> bool:
    """Whether two texts share several keys, and not only places: two countries make no event."""
    shared = [key for key in one if key in other]
    # A number or a name beside the places: that is what makes it this event and not another between the two.
    return len(shared) >= CROSSLINGUAL_KEYS and not all(key.startswith(PLACE) for key in shared)


def _candidates(state: State, member: Member, languages: set[str]) -> list[LiveStory]:
    """Stories of the nearest articles in other languages."""
    near = state.shared_key_index.near(member.shared_keys.unpacked())
    foreign = [(-product, seq) for seq, product in near.items() if state.by_seq[seq].language not in languages]
    nearest = nsmallest(NEIGHBOURS, foreign)
    return [state.stories[story_id] for story_id in dict.fromkeys(state.by_seq[seq].story_id for _, seq in nearest)]


def _newest_originals(state: State, story: LiveStory) -> list[Member]:
    """The newest articles of a story that copy none; bounded, for a story may have ten thousand."""
    members = [state.members[article_id] for article_id in story.members[-2 * CROSSLINGUAL_ARTICLES :]]
    return [member for member in members if not member.copy_of][-CROSSLINGUAL_ARTICLES:]


def _sum(members: Sequence[Member]) -> Vector:
    total: Vector = {}
    for member in members:
        for key, weight in member.shared_keys.items():
            total[key] = total.get(key, 0) + weight
    return total
