"""Silence: when each story was last touched goes in; those that have been silent for a given time come out."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterator, Mapping
from datetime import datetime

from stayahead.stories.members import LiveStory


class Touches:
    """Every touch in order of time; one counts while it is its story's last.

    Args:
        stories: the live ones, by id.
    """

    def __init__(self, stories: Mapping[str, LiveStory]) -> None:
        self._stories = stories
        self._touches: list[tuple[datetime, int, str]] = []
        """Time, number of the update (a split touches two stories with one) and story."""

    def note(self, story: LiveStory) -> None:
        """The story was touched, as it says itself."""
        touch = story.touched_at, story.touched_number, story.id
        if self._touches and touch < self._touches[-1]:
            insort(self._touches, touch)
        else:
            self._touches.append(touch)

    def between(self, after: datetime, until: datetime) -> Iterator[LiveStory]:
        """Stories whose last touch was in (after, until], oldest first."""
        touches = self._touches
        start = bisect_right(touches, after, key=_time_of)
        for place in range(start, bisect_right(touches, until, lo=start, key=_time_of)):
            story = self._current(place)
            if story is not None:
                yield story

    def trim(self) -> None:
        """Drop the oldest that no longer count."""
        place = 0
        while place < len(self._touches) and self._current(place) is None:
            place += 1
        if place > 1000 or place == len(self._touches):
            del self._touches[:place]

    def _current(self, place: int) -> LiveStory | None:
        _, number, story_id = self._touches[place]
        story = self._stories.get(story_id)
        return story if story is not None and story.touched_number == number else None


def _time_of(touch: tuple[datetime, int, str]) -> datetime:
    return touch[0]
