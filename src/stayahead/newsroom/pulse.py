"""Feels the desk's pulse: when it last committed, and for how long deliveries have been waiting for it.

Deliveries are counted on the event loop, commits on the desk's thread; each field is written by one of them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from stayahead.model import DeskHealth


class Pulse:
    """Counts deliveries under way and notes commits.

    Args:
        monotonic: seconds that only ever grow.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._committed_at = monotonic()
        self._waiting = 0
        self._waiting_since = 0.0

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """A delivery waits for as long as this lasts."""
        if not self._waiting:
            self._waiting_since = self._monotonic()
        self._waiting += 1
        try:
            yield
        finally:
            self._waiting -= 1

    def beat(self) -> None:
        """Something was committed."""
        self._committed_at = self._monotonic()

    def health(self, *, is_stopped: bool) -> DeskHealth:
        """How it does now. A commit that is late is so since the last one, or since somebody waits for it."""
        now, committed_at = self._monotonic(), self._committed_at
        return DeskHealth(
            is_stopped=is_stopped,
            waiting=self._waiting,
            commit_age_s=now - committed_at,
            stuck_s=now - max(committed_at, self._waiting_since) if self._waiting else 0.0,
        )
