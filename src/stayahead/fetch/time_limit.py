"""Counts the time that one request costs the wire, over all of its hops, and none that it waits for a share of ours."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar

from stayahead.newsroom.shares import Asker

_FOREVER_S = 1e9


class TimeLimit:
    """What is left of a request's time.

    Args:
        seconds: in all.
        asker: on whose behalf it is, for those who are asked on the way and are told of no request.
    """

    def __init__(self, seconds: float, asker: Asker) -> None:
        self.asker = asker
        self._left_s = seconds
        self._timeout: asyncio.Timeout | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Count the time inside, and end it when the limit is used up.

        Raises:
            TimeoutError: nothing is left.
        """
        loop = asyncio.get_running_loop()
        ends_at = loop.time() + max(self._left_s, 0.0)
        token = _CURRENT.set(self)
        try:
            async with asyncio.timeout_at(ends_at) as self._timeout:
                yield
                ends_at = self._timeout.when() or ends_at
        finally:
            self._timeout = None
            self._left_s = ends_at - loop.time()
            _CURRENT.reset(token)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Do not count the time inside."""
        timeout, loop = self._timeout, asyncio.get_running_loop()
        if timeout is None or timeout.expired():
            yield
            return
        left_s = (timeout.when() or loop.time() + _FOREVER_S) - loop.time()
        timeout.reschedule(None)
        try:
            yield
        finally:
            timeout.reschedule(loop.time() + left_s)


_CURRENT: ContextVar[TimeLimit | None] = ContextVar("stayahead_time_limit", default=None)


def current() -> TimeLimit | None:
    """The limit of the request that this task is at, for the resolver, which its caller tells nothing but a name."""
    return _CURRENT.get()
