"""The threads: a blocking read of the store in, its answer out, on a thread of its own and within a time limit."""

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
    """Runs blocking reads beside the event loop, at most `threads` at once."""

    def __init__(self, threads: int = READ_THREADS, *, timeout_s: float = READ_TIMEOUT_S) -> None:
        self._limiter = anyio.CapacityLimiter(threads)
        self._timeout_s = timeout_s

    async def run(self, call: Callable[[], _T]) -> _T:
        """What `call` answers.

        Raises:
            TimeoutError: it took longer than the limit.
        """
        with anyio.fail_after(self._timeout_s):
            return await anyio.to_thread.run_sync(call, abandon_on_cancel=True, limiter=self._limiter)
