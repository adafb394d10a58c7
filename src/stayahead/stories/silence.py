"""Finds the stories that have been silent for a given time, so that a tick looks at those and no others.

A tick sees the silences that were reached in the `TICK` before it, so ticks must tile time without gap: `ticks` says at
which times they are due, however long nobody asked.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import TypeAlias

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


class SilenceIndex:
    """Live stories by the time since which they are silent.

    A list in order of time, with lazy deletion: each update of a story adds an entry, and only the entry of its last
    update counts. An update so costs an append, and nothing is searched for but where time ran back (old news).

    Args:
        stories: the live ones, by id.
    """

    def __init__(self, stories: Mapping[str, LiveStory]) -> None:
        self._stories = stories
        self._entries: list[_Entry] = []
        self._first = 0
        """Place of the first entry that counts: those before it never count again."""

    def put(self, story: LiveStory) -> None:
        """Enter a story that an update has changed."""
        entry = story.silent_since, story.updated_number, story.id
        entries = self._entries
        if entries and entry < entries[-1]:
            insort(entries, entry)
            # What belongs before the first takes its place among those that count.
            if entry <= entries[self._first]:
                self._first = bisect_right(entries, entry) - 1
        else:
            entries.append(entry)
        self._trim()

    def until(self, until: datetime) -> Iterator[LiveStory]:
        """Stories that have been silent since then or longer, the longest first."""
        return self.between(_BEGINNING, until)

    def between(self, after: datetime, until: datetime) -> Iterator[LiveStory]:
        """Stories that fell silent in (after, until], the longest silent first."""
        entries = self._entries
        start = bisect_right(entries, (after, _LAST), lo=self._first)
        for place in range(start, bisect_right(entries, (until, _LAST), lo=start)):
            story = self._current(entries[place])
            if story is not None:
                yield story

    def _trim(self) -> None:
        """Pass over the oldest that no longer count; leave them all out when they are the most."""
        # To delete from the front of a list moves the rest; to make it anew now and then costs a step an entry in all.
        entries, first = self._entries, self._first
        while first < len(entries) and self._current(entries[first]) is None:
            first += 1
        self._first = first
        if len(entries) > _SPARE + 2 * len(self._stories):
            self._entries = [entry for entry in entries if self._current(entry) is not None]
            self._first = 0

    def _current(self, entry: _Entry) -> LiveStory | None:
        # A story that is gone, or that a later update has entered anew, is passed over.
        story = self._stories.get(entry[2])
        return story if story is not None and story.updated_number == entry[1] else None


_Entry: TypeAlias = tuple[datetime, int, str]
"""Since when, number of the update (a split changes two stories with one), story."""
_BEGINNING = datetime.min.replace(tzinfo=UTC)
_LAST = float("inf")
"""Above the number of any update."""
_SPARE = 1000
"""Entries that may be there besides two for each story."""
