"""Says whose stories sleep before their time when more is live than memory is to hold.

What is live is what the engine holds of two days of news: so much a source, whatever the number of sources. Past the
bound the publishers with the most live articles give way first, each down to the same number, so that one who floods
costs those who do not nothing; of theirs the stories that have been silent the longest. A story that several publishers
tell is never chosen, nor one that is pinned: so the bound holds for what one publisher can make up by itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime

from stayahead.stories.members import LiveStory
from stayahead.stories.state import State
from stayahead.stories.weights import CROWDED_PER_TICK


def crowded_out(state: State, most: int, now: datetime) -> Iterator[LiveStory]:
    """The stories to let sleep now, the longest silent first; `most`: live articles that may stay."""
    if len(state.members) <= most:
        return
    counts = Counter(member.domain for member in state.members.values())
    level = fair_level(counts.values(), most)
    beyond = {domain: count - level for domain, count in counts.items() if count > level}
    left = CROWDED_PER_TICK
    for story in state.silence_index.until(now):
        domain = _sole_publisher(state, story)
        if story.pinned or domain is None or beyond.get(domain, 0) <= 0:
            continue
        beyond[domain] -= len(story.members)
        yield story
        left -= 1
        if not left:
            return


def fair_level(counts: Iterable[int], most: int) -> int:
    """The number to which all counts above it must come down, so that together they are at most so many.

    >>> fair_level([1, 3, 50, 90], 44)
    20
    """
    room, ascending = most, sorted(counts)
    for place, count in enumerate(ascending):
        share = room // (len(ascending) - place)
        if count > share:
            return share
        room -= count
    return ascending[-1] if ascending else 0


def _sole_publisher(state: State, story: LiveStory) -> str | None:
    """The domain that all its articles are of; None where there are several."""
    members = state.members
    domain = members[story.members[0]].domain
    return domain if all(members[each].domain == domain for each in story.members) else None
