"""A real HTTP server on loopback that says exactly the bytes a test gives it, and counts what happens to it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Self

Say = Callable[["Visit"], Awaitable[None]]


class StillClock:
    """A clock that stands until somebody sleeps on it, which takes no time."""

    def __init__(self) -> None:
        self.time = datetime(2026, 3, 1, 12, tzinfo=UTC)
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.pass_s(seconds)

    def pass_s(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


@dataclass(slots=True)
class Visit:
    """One request, and the way to answer it."""

    path: str
    fields: dict[str, str]
    """Names in lower case."""
    site: Site
    writer: asyncio.StreamWriter
    is_last: bool = False
    """Close the connection after this."""

    async def say(self, data: bytes) -> None:
        """Send these very bytes; raises when the other side is gone."""
        self.writer.write(data)
        self.site.said += len(data)
        await self.writer.drain()

    async def answer(self, body: bytes = b"", *, status: str = "200 OK", **fields: str) -> None:
        """A whole, right answer; field names with `_` for `-`."""
        await self.say(head(status, Content_Length=str(len(body)), **fields) + body)


def head(status: str = "200 OK", **fields: str) -> bytes:
    """A status line and fields, up to the empty line."""
    lines = [f"HTTP/1.1 {status}", *(f"{name.replace('_', '-')}: {value}" for name, value in fields.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


@dataclass(slots=True)
class Site:
    """The server: `routes` by path, 404 for the rest."""

    routes: dict[str, Say] = field(default_factory=dict)
    host: str = "127.0.0.1"
    port: int = 0
    visits: list[Visit] = field(default_factory=list)
    connections: int = 0
    in_flight: int = 0
    most_in_flight: int = 0
    said: int = 0
    """Bytes given to the system to send."""
    _server: asyncio.Server | None = None
    _serving: set[asyncio.Task[None]] = field(default_factory=set)

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, self.host, self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._serving:
            task.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)
        await self._server.wait_closed()

    def url(self, path: str, *, host: str = "paper.test") -> str:
        return f"http://{host}:{self.port}{path}"

    @property
    def paths(self) -> list[str]:
        return [visit.path for visit in self.visits]

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._serving.add(task)
        self.connections += 1
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                while await self._serve(reader, writer):
                    pass
        finally:
            self._serving.discard(task)
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:] if line)}
        visit = Visit(lines[0].split(" ")[1], fields, self, writer)
        self.visits.append(visit)
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            await self.routes.get(visit.path, not_found)(visit)
        finally:
            self.in_flight -= 1
        return not visit.is_last


async def not_found(visit: Visit) -> None:
    await visit.answer(status="404 Not Found")


def saying(body: bytes = b"", *, status: str = "200 OK", **fields: str) -> Say:
    """A route with one whole, right answer."""

    async def say(visit: Visit) -> None:
        await visit.answer(body, status=status, **fields)

    return say


def saying_bytes(data: bytes) -> Say:
    """A route that says these very bytes and hangs up."""

    async def say(visit: Visit) -> None:
        visit.is_last = True
        await visit.say(data)

    return say


def saying_without_end(first: bytes, chunk: bytes, *, pause_s: float = 0.0) -> Say:
    """A route that goes on until nobody listens."""

    async def say(visit: Visit) -> None:
        visit.is_last = True
        await visit.say(first)
        while True:
            await visit.say(chunk)
            await asyncio.sleep(pause_s)

    return say
