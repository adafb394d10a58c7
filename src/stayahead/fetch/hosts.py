"""Keeps our manners towards each host: one request at a time, and none during a pause that it asked for.

Waiting for a turn does not count against a request's own time limit. Pauses are kept in memory only: after a restart
the host is asked once more and says it again (docs/decisions/0052).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from stayahead.ports import Clock

_MOST_HOSTS = 4_096  # about 1 kB each; idle ones without a pause are forgotten first


class Paused(Exception):
    """The host asked to be left alone for some more seconds."""

    def __init__(self, status: int, left_s: float) -> None:
        super().__init__(status, left_s)
        self.status = status
        self.left_s = left_s


@dataclass(slots=True)
class _Host:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    users: int = 0
    paused_until: datetime | None = None
    paused_for_s: float = 0.0
    paused_by: int = 0
    last_at: datetime | None = None


class Hosts:
    """The turns and pauses of every host.

    Args:
        clock: tells the time and waits.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._hosts: dict[str, _Host] = {}

    def __len__(self) -> int:
        return len(self._hosts)

    @asynccontextmanager
    async def turn(self, pair: str, *, delay_s: float) -> AsyncIterator[None]:
        """Be the only one that talks to the host, at least `delay_s` after the last one.

        Raises:
            Paused: the host asked for a pause that is not over; raised after the queue, so that those who waited
                while the pause was asked for keep it too.
        """
        host = self._hosts.setdefault(pair, _Host())
        host.users += 1
        try:
            async with host.lock:  # asyncio's locks are fair: first come, first served
                self._refuse_in_pause(host)
                await self._wait(host, delay_s)
                try:
                    yield
                finally:
                    host.last_at = self._clock.now()
        finally:
            host.users -= 1
            self._forget_some()

    def pause(self, pair: str, *, seconds: float, status: int) -> None:
        """Leave the host alone for that long. Called while having a turn with it."""
        host = self._hosts[pair]
        host.paused_until = self._clock.now() + timedelta(seconds=seconds)
        host.paused_for_s = seconds
        host.paused_by = status

    def _refuse_in_pause(self, host: _Host) -> None:
        if host.paused_until is None:
            return
        left_s = (host.paused_until - self._clock.now()).total_seconds()
        if 0 < left_s <= host.paused_for_s:  # more than was asked for is left where the clock went back since
            raise Paused(host.paused_by, left_s)
        host.paused_until = None

    async def _wait(self, host: _Host, delay_s: float) -> None:
        if not delay_s or host.last_at is None:
            return
        left_s = delay_s - (self._clock.now() - host.last_at).total_seconds()
        if left_s > 0:
            await self._clock.sleep(min(left_s, delay_s))

    def _forget_some(self) -> None:
        if len(self._hosts) <= _MOST_HOSTS:
            return
        # One in use or in a pause stays: forgotten, it would be asked before its time or by two at once.
        now = self._clock.now()
        idle = [pair for pair, host in self._hosts.items() if not host.users and (host.paused_until or now) <= now]
        for pair in idle[: _MOST_HOSTS // 8]:
            del self._hosts[pair]
