"""Tells the loop when to ask each feed: the rules of `schedule`, with the options and a source of jitter put in."""

from __future__ import annotations

import random
from datetime import datetime

from stayahead.config import Settings
from stayahead.errors import SourceError
from stayahead.fetch import schedule
from stayahead.model import FeedState, Fetched, ParsedFeed


class Timetable:
    """The `ports.Schedule` of a running service.

    Args:
        settings: for `poll_every_s`.
        seed: seeds the jitter; None: from the system.
    """

    def __init__(self, settings: Settings, *, seed: int | None = None) -> None:
        self._every_s = settings.poll_every_s
        self._random = random.Random(seed)

    def is_due(self, state: FeedState, now: datetime) -> bool:
        """Whether the feed is to be asked now."""
        return schedule.is_due(state, now)

    def address(self, state: FeedState, now: datetime) -> str:
        """The url to ask: the feed's own, or where it moved."""
        return schedule.address(state, now)

    def succeeded(self, state: FeedState, fetched: Fetched, parsed: ParsedFeed, now: datetime) -> FeedState:
        """The state after an answer that was parsed."""
        return schedule.after_success(
            state,
            fetched,
            title=parsed.title,
            ttl_s=parsed.ttl_s,
            entries=len(parsed.entries),
            now=now,
            poll_every_s=self._every_s,
            jitter=self._random.random(),
        )

    def unchanged(self, state: FeedState, fetched: Fetched, now: datetime) -> FeedState:
        """The state after a 304."""
        return schedule.after_not_modified(
            state, fetched, now=now, poll_every_s=self._every_s, jitter=self._random.random()
        )

    def failed(self, state: FeedState, error: SourceError, now: datetime, *, status: int = 0) -> FeedState:
        """The state after anything else; `status` is that of an answer that could not be read."""
        return schedule.after_failure(
            state, error, now=now, poll_every_s=self._every_s, jitter=self._random.random(), status=status
        )
