"""Tells an outage of ours from failures of theirs: when nobody can be reached, it is our network.

Kept in memory alone: after a restart nothing has grown that would have to be taken back. Pure: `now` is an argument.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from stayahead.errors import ConnectFailed, FetchTimeout, SourceError
from stayahead.urls import host

HOSTS_LEAST = 3
"""Hosts that must have been asked lately: that two are down at once is nothing strange."""
SHARE = 0.9
"""Share of them that cannot be reached: a cache on our side of the cable may still answer for a few."""
WINDOW_LEAST = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class _Last:
    """What came of a host when it was last asked."""

    at: datetime
    is_reached: bool


class Outage:
    """Remembers of each host whether it could be reached, and which feeds could not.

    Args:
        poll_every_s: how often a feed is asked; all of them within a little more.
    """

    def __init__(self, poll_every_s: float) -> None:
        self._window = max(WINDOW_LEAST, timedelta(seconds=1.25 * poll_every_s))
        self._hosts: dict[str, _Last] = {}
        self._failed: set[str] = set()
        self._missed: set[str] = set()

    def note_answer(self, url: str, now: datetime) -> None:
        """Somebody answered, whatever they said."""
        name = host(url)
        before = self._hosts.get(name)
        # One that was never away proves nothing: it may stand on our side of the cable.
        if before is not None and not before.is_reached and self.is_on(now):
            self._missed |= self._failed - {url}
            self._failed.clear()
        self._hosts[name] = _Last(now, is_reached=True)
        self._failed.discard(url)

    def note_failure(self, url: str, error: SourceError, now: datetime) -> None:
        """The poll of a feed failed; only what did not reach its server counts as such."""
        if not isinstance(error, ConnectFailed | FetchTimeout):
            return
        self._hosts[host(url)] = _Last(now, is_reached=False)
        self._failed.add(url)
        if not self.is_on(now):  # a source that fails alone is no part of an outage, unless one begins
            self._trim(now)

    def is_on(self, now: datetime) -> bool:
        """Is it us?"""
        recent = [last.is_reached for last in self._recent(now)]
        return len(recent) >= HOSTS_LEAST and recent.count(False) >= SHARE * len(recent)

    def missed(self) -> frozenset[str]:
        """The feeds that failed during an outage that has ended, each told once."""
        missed = frozenset(self._missed)
        self._missed.clear()
        return missed

    def _recent(self, now: datetime) -> Iterator[_Last]:
        return (last for last in self._hosts.values() if abs(now - last.at) <= self._window)

    def _trim(self, now: datetime) -> None:
        """Forget hosts and failures of long ago, which say nothing of today."""
        self._hosts = {name: last for name, last in self._hosts.items() if abs(now - last.at) <= self._window}
        self._failed = {url for url in self._failed if host(url) in self._hosts}
