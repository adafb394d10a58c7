"""Tells the loop when to ask each feed: the rules of `schedule`, with the options and a source of jitter put in."""

from __future__ import annotations

import random
from datetime import datetime

from stayahead.config import Settings
from stayahead.errors import SourceError
from stayahead.fetch import schedule
from stayahead.fetch.outage import Outage
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
        self._outage = Outage(settings.poll_every_s)

    def is_due(self, state: FeedState, now: datetime) -> bool:
        """Whether the feed is to be asked now."""
        return schedule.is_due(state, now)

    def address(self, state: FeedState, now: datetime) -> str:
        """The url to ask: the feed's own, or where it moved."""
        return schedule.address(state, now)

    def succeeded(self, state: FeedState, fetched: Fetched, parsed: ParsedFeed, now: datetime) -> FeedState:
        """The state after an answer that was parsed."""
        self._outage.note_answer(state.url, now)
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
        self._outage.note_answer(state.url, now)
        return schedule.after_not_modified(
            state, fetched, now=now, poll_every_s=self._every_s, jitter=self._random.random()
        )

    def failed(self, state: FeedState, error: SourceError, now: datetime, *, status: int = 0) -> FeedState:
        """The state after anything else; `status` is that of an answer that could not be read."""
        self._outage.note_failure(state.url, error, now)
        return schedule.after_failure(
            state,
            error,
            now=now,
            poll_every_s=self._every_s,
            jitter=self._random.random(),
            status=status,
            is_outage=self._outage.is_on(now),
        )

    def missed(self) -> frozenset[str]:
        """The feeds that failed while our network was away, and are to be asked `soon`; each told once."""
        return self._outage.missed()

    def soon(self, state: FeedState, now: datetime) -> FeedState:
        """The state of one of those."""
        return schedule.soon(state, now=now, jitter=self._random.random())
