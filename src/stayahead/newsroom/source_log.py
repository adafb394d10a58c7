"""Tells the log when sources begin and cease to fail: each change once, and in few lines when many fail at once.

It compares what the store says of the feeds from look to look. The first round (every feed that was due at the start)
is told together when it is over: a machine without network shows as one line, not as one for each of its sources.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from stayahead.log import event
from stayahead.model import FeedState, WatchedFeed

log = logging.getLogger("stayahead.newsroom")

EACH_MOST = 3
"""Sources that fail alike between two looks and are named one by one; more of them share a line."""
NAMED_MOST = 3
"""Sources named in such a line."""
KINDS_MOST = 5
"""Ways to fail that are told apart between two looks."""
FIRST_ROUND_LOOKS = 20
"""The first round is told after so many looks, even if some source has not answered yet."""


class SourceLog:
    """Remembers how the sources did at the last look."""

    def __init__(self) -> None:
        self._before: dict[str, FeedState] = {}
        self._first_round: dict[str, datetime | None] | None = None
        self._looks = 0
        self._failing: list[FeedState] = []
        self._is_dark = False

    def look(self, feeds: Sequence[WatchedFeed], now: datetime) -> None:
        """Tell what changed since the last look."""
        states = {watched.feed.url: watched.state for watched in feeds}
        if self._first_round is None:
            self._begin(states, now)
        for url, state in states.items():
            before = self._before.get(url, FeedState(url=url))
            if state.failures and not before.failures:
                self._failing.append(state)
            elif before.failures and not state.failures and state.last_ok_at is not None:
                failing_since = before.failing_since
                event(
                    log, logging.INFO, "feed_works_again", url=url, since=state.last_ok_at, failed_since=failing_since
                )
        self._before = states
        self._looks += 1
        if not self._is_first_round():
            self._tell_failing()
            self._tell_dark()

    def _begin(self, states: dict[str, FeedState], now: datetime) -> None:
        self._before = states
        self._first_round = {
            url: state.last_polled_at
            for url, state in states.items()
            if not state.gone and (state.next_poll_at is None or state.next_poll_at <= now)
        }
        failing = sum(state.failures > 0 for state in states.values())
        event(log, logging.INFO, "sources", watched=len(states), due=len(self._first_round), failing=failing)

    def _is_first_round(self) -> bool:
        first_round = self._first_round or {}
        return self._looks < FIRST_ROUND_LOOKS and any(
            url in self._before and self._before[url].last_polled_at == asked for url, asked in first_round.items()
        )

    def _tell_failing(self) -> None:
        alike: dict[str, list[FeedState]] = {}
        for state in self._failing:
            alike.setdefault(state.error, []).append(state)
        self._failing = []
        kinds = sorted(alike.values(), key=len, reverse=True)
        for states in kinds[:KINDS_MOST]:
            if len(states) <= EACH_MOST:
                for state in states:
                    _tell_one(state)
            else:
                _tell_many(states, error=states[0].error)
        rest = [state for states in kinds[KINDS_MOST:] for state in states]
        if rest:
            _tell_many(rest, error=f"{len(kinds) - KINDS_MOST} further errors; see /sources")

    def _tell_dark(self) -> None:
        """Say it when not one source works any more: then the fault is likely on our side."""
        errors = [state.error for state in self._before.values() if state.failures]
        was_dark, self._is_dark = self._is_dark, 0 < len(errors) == len(self._before)
        if self._is_dark and not was_dark:
            event(
                log,
                logging.WARNING,
                "no_source_works",
                sources=len(errors),
                commonest_error=max(sorted(set(errors)), key=errors.count),
                remedy="the pages show nothing new: check network, name resolution and clock of this machine",
            )


def _tell_one(state: FeedState) -> None:
    event(log, logging.WARNING, "feed_failing", url=state.url, error=state.error, since=state.failing_since)


def _tell_many(states: Sequence[FeedState], *, error: str) -> None:
    since = min((state.failing_since for state in states if state.failing_since is not None), default=None)
    urls = [state.url for state in states[:NAMED_MOST]]
    event(log, logging.WARNING, "feeds_failing", count=len(states), error=error, since=since, among_them=urls)
