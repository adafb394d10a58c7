"""Runs blocking reads of the store on threads, within a time limit, so that none of them holds up the event loop."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

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
