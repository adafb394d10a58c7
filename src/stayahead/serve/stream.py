"""Sends a reader the live changes as server-sent events, until the reader leaves, stalls, or we end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

import anyio
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from stayahead.errors import StoreError
from stayahead.serve import parameters
from stayahead.serve.cursors import Cursor, parse_cursor
from stayahead.serve.live import TooManyReaders
from stayahead.serve.site import site_of

SEND_TIMEOUT_S = 60.0
"""A reader whose connection takes nothing for so long is let go."""


class EventStream(Response):
    """Sends frames as they come; stops when the reader leaves, stalls, or the frames end."""

    media_type = "text/event-stream"

    def __init__(self, first: bytes, frames: AsyncGenerator[bytes, None]) -> None:
        super().__init__(headers={"cache-control": "no-store", "x-accel-buffering": "no"})
        del self.headers["content-length"]
        self._first, self._frames = first, frames

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer; returns when the stream has ended."""
        async with anyio.create_task_group() as group, aclosing(self._frames):
            # Notices a reader who leaves in a quiet hour; a write would notice only with the next heartbeat.
            async def watch() -> None:
                while (await receive())["type"] != "http.disconnect":
                    pass
                group.cancel_scope.cancel()

            group.start_soon(watch)
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            await self._send_all(send)
            group.cancel_scope.cancel()

    async def _send_all(self, send: Send) -> None:
        with anyio.CancelScope() as stream:
            # A timer for each write, and none while nothing is written; a scope's own deadline costs twice as much.
            start_timer = asyncio.get_running_loop().call_later
            timer = start_timer(SEND_TIMEOUT_S, stream.cancel)
            try:
                await send({"type": "http.response.body", "body": self._first, "more_body": True})
                timer.cancel()
                async for frame in self._frames:
                    timer = start_timer(SEND_TIMEOUT_S, stream.cancel)
                    await send({"type": "http.response.body", "body": frame, "more_body": True})
                    timer.cancel()
            except (StoreError, TimeoutError):
                pass  # the browser comes back with its cursor; by then the store may answer again
            finally:
                timer.cancel()
            stream.deadline = anyio.current_time() + SEND_TIMEOUT_S
            await send({"type": "http.response.body", "body": b"", "more_body": False})


async def live(request: Request) -> Response:
    """`/live?topics=front,story:ID&after=CURSOR`: changes as they are committed, as server-sent events: at most one
    every second, with one `data:` line a changed story.

    An event `reset` where the cursor is no longer known, or lies more than 1,000 updates or 256 kB back: read the
    current state. 400 for wrong topics or a wrong cursor, 503 with `Retry-After` when there are too many readers.
    """
    site, topics = site_of(request), parameters.topics(request)
    after = _after(request)
    if request.method == "HEAD":
        return Response(media_type="text/event-stream", headers={"cache-control": "no-store"})
    frames = site.hub.stream(topics, after)
    try:
        first = await anext(frames)
    except TooManyReaders as error:
        raise HTTPException(503, str(error), headers={"retry-after": "60"}) from error
    return EventStream(first, frames)


def _after(request: Request) -> Cursor | None:
    """Where to go on: a browser that comes back says it by header, which is newer than its url."""
    resumed = request.headers.get("last-event-id", "")
    if resumed:
        return parse_cursor(resumed) or Cursor("", 0)
    text = request.query_params.get("after", "")
    cursor = parse_cursor(text)
    if text and cursor is None:
        raise HTTPException(400, "'after' must be a cursor as events carry it: epoch-number.")
    return cursor
