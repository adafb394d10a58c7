"""Reads once, for all readers of the live stream who missed the same updates, what they missed.

A replay is bounded three times. Past `REPLAY_MOST` updates or `REPLAY_BYTES` of lines a reader is better served by the
page itself, which is smaller. At most `READS_AT_ONCE` are read at a time, since that many updates take some megabytes
while they are folded; and where `WAITING_MOST` different ones are asked for already, the next is refused: a crowd that
comes back with as many different cursors reads the page again, too (docs/decisions/0139). What was read is kept as
lines, not as updates, and only until the next tick.
"""

from __future__ import annotations

import asyncio
from functools import partial

from stayahead.ports import Clock, Pages
from stayahead.serve.changes import Flush, Lines
from stayahead.serve.read_threads import ReadThreads

REPLAY_MOST = 1_000
"""Updates that a reader may have missed: some 50 ms of reading and folding, 10 MB while it lasts."""
REPLAY_BYTES = 256 * 1024
"""Lines that a reader may have missed; a front page has 60 kB."""
READS_AT_ONCE = 2
WAITING_MOST = 32
"""Different replays asked for at once: 2 s of work."""
KEPT_BYTES = 4 * 1024**2


class Replays:
    """Shares what was missed among all who missed the same."""

    def __init__(self, pages: Pages, clock: Clock) -> None:
        self._pages, self._clock = pages, clock
        self._threads = ReadThreads(READS_AT_ONCE)
        self._reading: dict[int, asyncio.Task[Lines | None]] = {}
        self._kept: dict[int, Lines | None] = {}
        self._kept_bytes = 0

    async def since(self, number: int, *, epoch: str) -> Lines | None:
        """What happened after that update until now; None when that is not kept, too much, or too many ask.

        Raises:
            StoreError: it cannot be read.
            TimeoutError: it took too long.
        """
        if number in self._kept:
            return self._kept[number]
        reading = self._reading.get(number)
        if reading is None:
            if len(self._reading) >= WAITING_MOST:
                return None
            reading = self._reading[number] = asyncio.create_task(self._read(number, epoch))
            reading.add_done_callback(partial(self._done, number))
        return await asyncio.shield(reading)  # the others wait for it still when this reader leaves

    def forget(self) -> None:
        """What was read is old: a tick has passed, or something was removed since."""
        self._kept.clear()
        self._kept_bytes = 0
        self._reading.clear()

    async def _read(self, number: int, epoch: str) -> Lines | None:
        return await self._threads.run(partial(self._fold, number, epoch))

    def _fold(self, number: int, epoch: str) -> Lines | None:
        updates = self._pages.updates(after=number, limit=REPLAY_MOST + 1)
        if updates is None or len(updates) > REPLAY_MOST:
            return None
        if not updates:
            return Lines(epoch, number, self._clock.now(), {})
        lines = Flush(epoch, updates, self._clock.now()).lines
        return lines if lines.size <= REPLAY_BYTES else None

    def _done(self, number: int, reading: asyncio.Task[Lines | None]) -> None:
        has_failed = reading.cancelled() or reading.exception() is not None
        if self._reading.get(number) is not reading:
            return  # forgotten meanwhile: those who waited get it, and nobody after them
        del self._reading[number]
        lines = None if has_failed else reading.result()
        size = 0 if lines is None else lines.size
        if not has_failed and self._kept_bytes + size <= KEPT_BYTES:
            self._kept[number] = lines
            self._kept_bytes += size
