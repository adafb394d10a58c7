"""Bounds in bytes what the bodies of all answers take together, from the wire until whoever asked has read them.

An answer takes its bytes as it streams in, and waits when all are taken. Feeds have a part that pages may not take, and
one source has at most half. So that those who wait for one another's bytes cannot wait for ever, the first of them goes
on past the budget, one at a time: all together never take more than the budget and one body (docs/decisions/0136).
"""

from __future__ import annotations

import asyncio
import weakref
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass

from stayahead.newsroom.shares import PART_FOR_FEEDS, Asker

LEAST_BYTES = 16_384
"""What an answer takes at least, whatever is in it: buffers, headers, objects."""


class Lease:
    """What one body has of the budget."""

    def __init__(self, bodies: Bodies, asker: Asker) -> None:
        self.asker = asker
        self.size = 0
        self._bodies = bodies
        self._is_ended = False

    async def grow(self, size: int) -> None:
        """Have so many more bytes, once there are."""
        await self._bodies.take(self, size)

    def end(self) -> None:
        """Give all of it back. May be called twice."""
        if not self._is_ended:
            self._is_ended = True
            self._bodies.give_back(self)

    def end_with(self, holder: object) -> None:
        """Give it back when nobody holds this any more, in whatever thread that is."""
        loop = asyncio.get_running_loop()
        weakref.finalize(holder, _end_soon, self, loop).atexit = False


def _end_soon(lease: Lease, loop: asyncio.AbstractEventLoop) -> None:
    with suppress(RuntimeError):  # the loop has ended, and with it everybody who waits
        loop.call_soon_threadsafe(lease.end)


@dataclass(frozen=True, slots=True, eq=False)
class _Waiting:
    lease: Lease
    size: int
    turn: asyncio.Future[None]


class Bodies:
    """The budget. Belongs to one event loop.

    Args:
        max_bytes: of all bodies together, decoded.
    """

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._taken = 0
        self._by_source: Counter[str] = Counter()
        self._waiting: list[_Waiting] = []
        self._past_budget: Lease | None = None
        """The one that goes on although all is taken; until it ends, there is no other."""

    @property
    def taken(self) -> int:
        """Bytes taken now."""
        return self._taken

    @property
    def waiting(self) -> int:
        """Bodies that wait for bytes."""
        return len(self._waiting)

    async def lease(self, asker: Asker) -> Lease:
        """A new body's; it has its first bytes."""
        lease = Lease(self, asker)
        try:
            await self.take(lease, LEAST_BYTES)
        except asyncio.CancelledError:
            lease.end()
            raise
        return lease

    async def take(self, lease: Lease, size: int) -> None:
        """See `Lease.grow`."""
        if self._may(lease, size):
            self._have(lease, size)
            return
        mine = _Waiting(lease, size, asyncio.get_running_loop().create_future())
        self._waiting.append(mine)
        self._go_on()
        try:
            await mine.turn
        except asyncio.CancelledError:
            if mine.turn.cancelled():
                self._waiting.remove(mine)
            raise  # what it has by now, the end of its lease gives back

    def give_back(self, lease: Lease) -> None:
        """See `Lease.end`."""
        self._taken -= lease.size
        self._by_source[lease.asker.source] -= lease.size
        if not self._by_source[lease.asker.source]:
            del self._by_source[lease.asker.source]
        lease.size = 0
        if self._past_budget is lease:
            self._past_budget = None
        self._go_on()

    def _may(self, lease: Lease, size: int) -> bool:
        if self._past_budget is lease:
            return True
        most = self._max_bytes - (self._max_bytes // PART_FOR_FEEDS if lease.asker.is_page else 0)
        of_source = self._by_source[lease.asker.source] if lease.asker.source else 0
        return self._taken + size <= most and of_source + size <= self._max_bytes // 2

    def _have(self, lease: Lease, size: int) -> None:
        self._taken += size
        self._by_source[lease.asker.source] += size
        lease.size += size

    def _go_on(self) -> None:
        """Let those go on who can, feeds first; and if nobody may pass the budget yet, the first of the others."""
        for each in sorted(self._waiting, key=lambda waiting: waiting.lease.asker.is_page):
            if each.turn.done():
                continue
            if self._past_budget is None and not self._may(each.lease, each.size):
                self._past_budget = each.lease
            if self._may(each.lease, each.size):
                self._waiting.remove(each)
                self._have(each.lease, each.size)
                each.turn.set_result(None)
