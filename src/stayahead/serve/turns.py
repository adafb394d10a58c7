"""Lets requests begin one a turn of the event loop, so that a crowd that comes in one moment keeps no monitor waiting.

What a request does before its first wait is a millisecond or two, and the loop does all that is ready before it looks
for more: behind 500 readers who come at once a monitor waited for all of them, and then behind their second steps.
Monitors' own requests begin at once.
"""

from __future__ import annotations

import asyncio
from collections import deque

from starlette.types import ASGIApp, Receive, Scope, Send

MONITORS = frozenset(("/healthz", "/readyz", "/metrics"))


class Turns:
    """ASGI middleware: the first comes first, the next in the loop's next turn. Belongs to one event loop."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._is_taken = False
        """Somebody has begun in this turn."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let it begin in its turn."""
        if scope["type"] == "http" and scope["path"] not in MONITORS:
            await self._turn()
        await self.app(scope, receive, send)

    async def _turn(self) -> None:
        loop = asyncio.get_running_loop()
        if self._is_taken:
            mine = loop.create_future()
            self._waiting.append(mine)
            await mine
            return
        self._is_taken = True
        loop.call_soon(self._next)

    def _next(self) -> None:
        """The turn of the one that has waited the longest; whoever left meanwhile is passed over."""
        while self._waiting:
            following = self._waiting.popleft()
            if not following.done():
                following.set_result(None)
                following.get_loop().call_soon(self._next)
                return
        self._is_taken = False
