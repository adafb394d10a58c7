"""Keeps our manners towards each host: one request at a time, and none during a pause that it asked for.

A turn with a host and a place among all requests are had together: whoever held the one while waiting for the other
would keep others from it. Waiting does not count against a request's own time limit. Pauses are kept in memory only:
after a restart the host is asked once more and says it again (docs/decisions/0052).
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from stayahead.newsroom.shares import Asker, Shares
from stayahead.ports import Clock

_MOST_HOSTS = 4_096  # about 1 kB each; idle ones without a pause are forgotten first
_NOBODY = Asker()


class Paused(Exception):
    """The host asked to be left alone for some more seconds."""

    def __init__(self, status: int, left_s: float) -> None:
        super().__init__(status, left_s)
        self.status = status
        self.left_s = left_s


@dataclass(slots=True)
class _Host:
    users: int = 0
    paused_until: datetime | None = None
    paused_for_s: float = 0.0
    paused_by: int = 0
    last_at: datetime | None = None


class Hosts:
    """The turns and pauses of every host.

    Args:
        clock: tells the time and waits.
        places: requests under way at once, over all hosts.
    """

    def __init__(self, clock: Clock, *, places: int = 64) -> None:
        self._clock = clock
        self._shares = Shares(places)
        self._hosts: dict[str, _Host] = {}

    def __len__(self) -> int:
        return len(self._hosts)

    @asynccontextmanager
    async def turn(self, pair: str, *, delay_s: float, asker: Asker = _NOBODY) -> AsyncIterator[None]:
        """Be the only one that talks to the host, at least `delay_s` after the last one, and have a place for it.

        Raises:
            Paused: the host asked for a pause that is not over; raised after the queue, so that those who waited
                while the pause was asked for keep it too.
        """
        host = self._hosts.setdefault(pair, _Host())
        host.users += 1
        try:
            await self._take(host, pair, delay_s, asker)
            try:
                yield
            finally:
                host.last_at = self._clock.now()
                self._shares.give_back(asker, key=pair)
        finally:
            host.users -= 1
            self._forget_some()

    def pause(self, pair: str, *, seconds: float, status: int) -> None:
        """Leave the host alone for that long. Called while having a turn with it."""
        host = self._hosts[pair]
        host.paused_until = self._clock.now() + timedelta(seconds=seconds)
        host.paused_for_s = seconds
        host.paused_by = status

    async def _take(self, host: _Host, pair: str, delay_s: float, asker: Asker) -> None:
        while True:
            await self._shares.take(asker, key=pair)
            try:
                self._refuse_in_pause(host)
                left_s = self._left_s(host, delay_s)
            except Paused:
                self._shares.give_back(asker, key=pair)
                raise
            if not left_s:
                return
            # Neither the place nor the host is kept while a page waits for its delay: the host's feed has none.
            self._shares.give_back(asker, key=pair)
            await self._clock.sleep(left_s)

    def _refuse_in_pause(self, host: _Host) -> None:
        if host.paused_until is None:
            return
        left_s = (host.paused_until - self._clock.now()).total_seconds()
        if 0 < left_s <= host.paused_for_s:  # more than was asked for is left where the clock went back since
            raise Paused(host.paused_by, left_s)
        host.paused_until = None

    def _left_s(self, host: _Host, delay_s: float) -> float:
        """What is left of the delay between two requests to the host."""
        if not delay_s or host.last_at is None:
            return 0.0
        now = self._clock.now()
        host.last_at = min(host.last_at, now)  # later where the clock went back since
        return max(delay_s - (now - host.last_at).total_seconds(), 0.0)

    def _forget_some(self) -> None:
        if len(self._hosts) <= _MOST_HOSTS:
            return
        # One in use or in a pause stays: forgotten, it would be asked before its time or by two at once.
        now = self._clock.now()
        idle = [pair for pair, host in self._hosts.items() if not host.users and (host.paused_until or now) <= now]
        for pair in idle[: _MOST_HOSTS // 8]:
            del self._hosts[pair]
