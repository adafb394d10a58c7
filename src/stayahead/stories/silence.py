"""Silence: when each story was last touched goes in; those that have been silent for a given time come out.

A tick sees the silences that were reached in the `TICK` before it, so ticks must tile time without gap: `ticks` says at
which times they are due, however long nobody asked.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from stayahead.stories.members import LiveStory
from stayahead.stories.weights import EXPIRE_AFTER, TICK


def ticks(after: datetime, until: datetime) -> Iterator[datetime]:
    """The times in (after, until] at which the engine is to be told that time passed, oldest first.

    Args:
        after: time of the last tick, or of the engine before the first.
        until: now.
    """
    if until - after > 2 * EXPIRE_AFTER:
        # Nothing to do between: by the end of such a gap every story sleeps.
        yield until
        return
    while until - after >= TICK:
        after += TICK
        yield after


class Touches:
    """Every touch in order of time; one counts while it is its story's last.

    Args:
        stories: the live ones, by id.
    """

    def __init__(self, stories: Mapping[str, LiveStory]) -> None:
        self._stories = stories
        self._touches: list[tuple[datetime, int, str]] = []
        """Time, number of the update (a split touches two stories with one) and story."""
        self._first = 0
        """Place of the first that counts: those before it never count again."""

    def note(self, story: LiveStory) -> None:
        """The story was touched, as it says itself."""
        touch = story.touched_at, story.touched_number, story.id
        touches = self._touches
        if touches and touch < touches[-1]:
            insort(touches, touch)
            # What belongs before the first takes its place among those that count.
            if touch <= touches[self._first]:
                self._first = bisect_right(touches, touch) - 1
        else:
            touches.append(touch)
        self._trim()

    def until(self, until: datetime) -> Iterator[LiveStory]:
        """Stories whose last touch was then or earlier, oldest first."""
        return self.between(_BEGINNING, until)

    def between(self, after: datetime, until: datetime) -> Iterator[LiveStory]:
        """Stories whose last touch was in (after, until], oldest first."""
        touches = self._touches
        start = bisect_right(touches, (after, _LAST), lo=self._first)
        for place in range(start, bisect_right(touches, (until, _LAST), lo=start)):
            story = self._current(touches[place])
            if story is not None:
                yield story

    def _trim(self) -> None:
        """Pass over the oldest that no longer count; leave them all out when they are the most."""
        touches, first = self._touches, self._first
        while first < len(touches) and self._current(touches[first]) is None:
            first += 1
        self._first = first
        if len(touches) > _SPARE + 2 * len(self._stories):
            self._touches = [touch for touch in touches if self._current(touch) is not None]
            self._first = 0

    def _current(self, touch: tuple[datetime, int, str]) -> LiveStory | None:
        story = self._stories.get(touch[2])
        return story if story is not None and story.touched_number == touch[1] else None


_BEGINNING = datetime.min.replace(tzinfo=UTC)
_LAST = float("inf")
"""Above the number of any update."""
_SPARE = 1000
"""Touches that may be there besides two for each story."""
