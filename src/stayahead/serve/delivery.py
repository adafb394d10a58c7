"""Brings an answer to its reader: compressed where that helps, in portions, and never more of them than fit in memory.

Compression of more than a few kilobytes takes milliseconds and happens on a thread; what was compressed is kept for the
next who asks the same. A large body goes out portion by portion, each when the connection has taken the one before:
given whole, the connection would keep a copy of all of it for a reader who takes a byte a second. Who takes a portion
in longer than `connections` allows is let go there; and where slow readers together are owed more than `OWED_MOST`, the
one who has been at it for the longest is let go here (docs/decisions/0139). The live stream passes untouched.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from stayahead.serve.kept_bytes import KeptBytes
from stayahead.serve.read_threads import ReadThreads

COMPRESSED_FROM = 1_000
"""Bytes from which an answer is compressed."""
AT_ONCE_MOST = 8 * 1024
"""Bytes that are compressed where they are, in a fraction of a millisecond; more goes to a thread."""
LEVEL = 5
COMPRESSIONS_AT_ONCE = 2
KEPT_BYTES = 8 * 1024**2
PORTION = 64 * 1024
"""Bytes given to a connection at once: what asyncio takes before it asks us to wait."""
OWED_MOST = 64 * 1024**2
"""Bytes that all readers of large answers are owed together."""
_TEXTS = ("text/html", "text/css", "text/javascript", "text/plain", "image/svg", "application/json")


@dataclass(eq=False, slots=True)
class _Owed:
    """What is still to be sent of one large answer."""

    size: int
    leave: Callable[[], None]
    """Ends the connection."""


class Delivery:
    """An ASGI middleware; see above."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._threads = ReadThreads(COMPRESSIONS_AT_ONCE)
        self._compressed = KeptBytes(KEPT_BYTES)
        self._owed: dict[_Owed, None] = {}

    @property
    def owed(self) -> int:
        """Bytes that readers of large answers are owed."""
        return sum(each.size for each in self._owed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer through the application."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start: Message | None = None

        async def deliver(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
            elif start is None:  # the rest of a stream
                if len(message.get("body", b"")) <= PORTION:  # as nearly all events of the live stream are
                    await send(message)
                else:
                    await _go_on(message, send)
            else:
                head, start = start, None
                await self._answer(scope, head, message, send)

        await self._app(scope, receive, deliver)

    async def _answer(self, scope: Scope, head: Message, message: Message, send: Send) -> None:
        headers = MutableHeaders(raw=head["headers"])
        body: bytes = message.get("body", b"")
        is_whole = not message.get("more_body", False)
        if is_whole and len(body) >= COMPRESSED_FROM and _is_text(headers):
            headers.add_vary_header("Accept-Encoding")
            if "gzip" in Headers(scope=scope).get("accept-encoding", ""):
                body = await self._compress(body, headers.get("etag", ""))
                headers["content-encoding"] = "gzip"
                headers["content-length"] = str(len(body))
        head["headers"] = headers.raw
        await send(head)
        if is_whole and len(body) > PORTION and scope["method"] != "HEAD":
            await self._send_in_portions(body, send, leave=scope.get("state", {}).get("leave", _stay))
        else:
            await send({**message, "body": body})

    async def _compress(self, body: bytes, etag: str) -> bytes:
        if len(body) <= AT_ONCE_MOST:
            return gzip.compress(body, LEVEL, mtime=0)
        key = (etag, len(body))
        kept = self._compressed.get(key) if etag else None
        if kept is None:
            kept = await self._threads.run(lambda: gzip.compress(body, LEVEL, mtime=0))
            if etag:
                self._compressed.put(key, kept)
        return kept

    async def _send_in_portions(self, body: bytes, send: Send, *, leave: Callable[[], None]) -> None:
        owed = _Owed(len(body), leave)
        self._owed[owed] = None
        self._let_go()
        try:
            for at in range(0, len(body), PORTION):
                owed.size = len(body) - at
                await send({"type": "http.response.body", "body": body[at : at + PORTION], "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            self._owed.pop(owed, None)

    def _let_go(self) -> None:
        """End the oldest of those who are owed, until the rest fits; they find their answer cut short."""
        owed = self.owed
        while owed > OWED_MOST and len(self._owed) > 1:
            oldest = next(iter(self._owed))
            del self._owed[oldest]
            owed -= oldest.size
            oldest.leave()


async def _go_on(message: Message, send: Send) -> None:
    body: bytes = message.get("body", b"")
    while len(body) > PORTION:
        await send({"type": "http.response.body", "body": body[:PORTION], "more_body": True})
        body = body[PORTION:]
    await send({**message, "body": body})


def _stay() -> None:
    """For a server that has no way to end a connection: then only its own limits hold."""


def _is_text(headers: Headers) -> bool:
    return "content-encoding" not in headers and headers.get("content-type", "").startswith(_TEXTS)
