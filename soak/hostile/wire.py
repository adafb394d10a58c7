"""Says to the service exactly the bytes that an attacker or an honest paper wants to say, for many host names."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

Answer = Callable[["Visit"], Awaitable[None]]


@dataclass(slots=True)
class Visit:
    """One request, and the way to answer it."""

    host: str
    path: str
    writer: asyncio.StreamWriter
    port: int
    is_last: bool = False
    """Close the connection after this."""

    async def say(self, data: bytes) -> None:
        """Send these very bytes."""
        self.writer.write(data)
        await self.writer.drain()

    async def answer(
        self, body: bytes, media_type: str = "text/html; charset=utf-8", *, status: str = "200 OK"
    ) -> None:
        """A whole, right answer."""
        await self.say(head(status, content_type=media_type, content_length=str(len(body))))
        await self.say(body)

    async def slowly(self, body: bytes, *, per_s: float = 1.0) -> None:
        """The body, a byte at a time, until one of us is gone."""
        for index in range(len(body)):
            await self.say(body[index : index + 1])
            await asyncio.sleep(1.0 / per_s)

    async def not_found(self) -> None:
        await self.answer(b"", status="404 Not Found")


def head(status: str = "200 OK", **fields: str) -> bytes:
    """A status line and fields (`_` for `-`), up to the empty line."""
    lines = [f"HTTP/1.1 {status}", *(f"{name.replace('_', '-')}: {value}" for name, value in fields.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


async def serve(answer: Answer, *, host: str = "127.0.0.1") -> tuple[asyncio.Server, int]:
    """Listen; the server and its port."""
    port = 0

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            # Cancelled: the server ends. Nobody waits for this task, so that nobody would take the exception.
            with suppress(
                ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, asyncio.CancelledError
            ):
                while await _serve_one(reader, writer, answer, port):
                    pass
        finally:
            writer.close()

    server = await asyncio.start_server(accept, host, 0, backlog=1024, limit=100_000)
    port = server.sockets[0].getsockname()[1]
    return server, port


async def _serve_one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, answer: Answer, port: int) -> bool:
    lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:] if line)}
    visit = Visit(fields.get("host", "").partition(":")[0], lines[0].split(" ")[1], writer, port)
    await answer(visit)
    return not visit.is_last


def rss(title: str, items: str) -> bytes:
    """A feed of these items."""
    return (
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>{title}</title><link>http://{title}/</link>{items}</channel></rss>"
    ).encode()


def item(url: str, title: str, extra: str = "") -> str:
    """One entry of a feed."""
    return f"<item><title>{title}</title><link>{url}</link><guid>{url}</guid>{extra}</item>"
