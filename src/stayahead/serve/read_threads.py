"""Runs blocking reads of the store on threads, within a time limit, so that none of them holds up the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

import anyio
import anyio.to_thread

_T = TypeVar("_T")

READ_THREADS = 4
"""Reads at once: SQLite readers do not block each other, but two cores gain nothing from more."""
READ_TIMEOUT_S = 10.0
"""Past it the reader is told to come back; the thread is left to end by itself."""


class ReadThreads:
    """A pool for blocking reads, at most `threads` at once."""

    def __init__(self, threads: int = READ_THREADS, *, timeout_s: float = READ_TIMEOUT_S) -> None:
        self._limiter = anyio.CapacityLimiter(threads)
        self._timeout_s = timeout_s

    async def run(self, call: Callable[[], _T]) -> _T:
        """What `call` answers.

        Raises:
            TimeoutError: it took longer than the limit.
        """
        # A thread cannot be ended from outside: it goes on without us and keeps its place among `threads` until then.
        with anyio.fail_after(self._timeout_s):
            return await anyio.to_thread.run_sync(call, abandon_on_cancel=True, limiter=self._limiter)


class SharedRead(Generic[_T]):
    """One read for a crowd: who asks while it goes on shares the next one, which begins after all of them came.

    So each is told what was true after they asked, and a thousand who ask at once cost two reads.
    """

    def __init__(self, threads: ReadThreads, call: Callable[[], _T]) -> None:
        self._threads, self._call = threads, call
        self._running: asyncio.Task[_T] | None = None
        self._next: asyncio.Task[_T] | None = None

    async def get(self) -> _T:
        """What the call answers.

        Raises:
            TimeoutError: it took longer than the threads allow.
        """
        if self._next is None:
            self._next = asyncio.create_task(self._after(self._running))
            self._next.add_done_callback(_looked_at)
        return await asyncio.shield(self._next)  # the others wait for it still when this one leaves

    async def _after(self, before: asyncio.Task[_T] | None) -> _T:
        if before is not None and not before.done():
            await asyncio.wait([before])
        self._running, self._next = self._next, None
        return await self._threads.run(self._call)


def _looked_at(task: asyncio.Task[_T]) -> None:
    # Who asked may have left, and then nobody else would ask how it ended.
    if not task.cancelled():
        task.exception()
