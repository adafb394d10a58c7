"""Readers who ask for what is dear to answer, who read slowly, or who never ask at all."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any, ClassVar

import msgspec

from soak.hostile import prepared
from soak.hostile.attacks.attack import Attack, document
from soak.hostile.wire import Visit, item, rss

HOST = "127.0.0.1"
WAIT_S = 30.0


async def got(port: int, path: str, *, most: int = 50_000_000, headers: str = "") -> bytes:
    """The body of one answer, read to its end; empty when it failed."""
    with suppress(OSError, asyncio.IncompleteReadError, TimeoutError):
        async with asyncio.timeout(WAIT_S):
            reader, writer = await asyncio.open_connection(HOST, port)
            try:
                question = f"GET {path} HTTP/1.1\r\nHost: {HOST}:{port}\r\nConnection: close\r\n{headers}\r\n"
                writer.write(question.encode())
                body = bytearray()
                while len(body) < most and (part := await reader.read(1 << 20)):
                    body += part
                return bytes(body).partition(b"\r\n\r\n")[2]
            finally:
                writer.close()
    return b""


async def found(port: int, path: str) -> dict[str, Any]:
    """The API's answer, or nothing."""
    with suppress(msgspec.DecodeError):
        answer = msgspec.json.decode(await got(port, path, headers="Accept-Encoding: identity\r\n"))
        if isinstance(answer, dict):
            return answer
    return {}


async def hits(port: int, word: str, *, limit: int) -> list[dict[str, dict[str, object]]]:
    """What the API's search says of that word."""
    answer: list[dict[str, dict[str, object]]] = (await found(port, f"/v1/search?q={word}&limit={limit}")).get(
        "hits", []
    )
    return answer


class Reading(Attack):
    """`count` readers, each of which does `read_once` again and again."""

    count: ClassVar[int] = 50
    pause_s: ClassVar[float] = 0.0

    async def read(self, port: int) -> None:
        async with asyncio.TaskGroup() as group:
            for number in range(self.count):
                group.create_task(self._on(port, number))

    async def _on(self, port: int, number: int) -> None:
        while True:
            self.asked += 1  # before: some never end
            with suppress(OSError):
                await self.read_once(port, number)
            await asyncio.sleep(self.pause_s or 0.01)

    async def read_once(self, port: int, number: int) -> None:
        raise NotImplementedError


class Exclamations(Reading):
    """A first paragraph of 60,000 exclamation marks, in feed and page; four readers visit its stories."""

    name = "exclamations"
    count = 4
    pause_s = 0.5

    def extra(self, number: int) -> str:
        return f"<description>{'!' * 60_000}</description>" if number % 5 == 0 else ""

    async def page(self, visit: Visit) -> None:
        await visit.answer(document(f"<p>{'!' * 60_000}</p><p>{'It fell on Monday. ' * 20}</p>"))

    async def read_once(self, port: int, number: int) -> None:
        for hit in await hits(port, self.name, limit=10):
            await got(port, f"/article/{hit['article']['id']}")
            await got(port, f"/story/{hit['story']['id']}")


class Replay(Reading):
    """500 readers of the live stream who have missed everything, over a database of 24,000 updates."""

    name = "live-replay"
    count = 500
    copies = 24_000
    pause_s = 1.0

    def __init__(self) -> None:
        super().__init__()
        self.epoch = ""
        self._asking = asyncio.Lock()

    def feeds(self, port: int) -> list[str]:
        return []

    async def read_once(self, port: int, number: int) -> None:
        async with self._asking:  # one asks for all: what is tried is the stream, and not the monitors' page
            self.epoch = self.epoch or str((await found(port, "/healthz")).get("epoch", ""))
        reader, writer = await asyncio.open_connection(HOST, port)
        try:
            path = f"/live?topics=front&after={self.epoch}-0"
            writer.write(f"GET {path} HTTP/1.1\r\nHost: {HOST}:{port}\r\n\r\n".encode())
            async with asyncio.timeout(20.0):
                while await reader.read(1 << 16):
                    pass
        except TimeoutError:
            pass
        finally:
            writer.close()


class Copies(Reading):
    """50 readers who ask for page and JSON of a story with 24,000 copies."""

    name = "copies"
    count = 50
    copies = 24_000

    def feeds(self, port: int) -> list[str]:
        return []

    async def read_once(self, port: int, number: int) -> None:
        for hit in await hits(port, prepared.WORD, limit=1):
            path = f"/story/{hit['story']['id']}" if number % 2 else f"/v1/stories/{hit['story']['id']}"
            await got(port, path, headers="Accept-Encoding: gzip\r\n")


class Differences(Reading):
    """An article of 3 MB that is another at every poll, and 20 readers who ask for its differences."""

    name = "differences"
    count = 20
    pause_s = 0.2

    async def feed(self, visit: Visit, poll: int) -> None:
        words = " ".join(f"word{(n * 31 + poll * 7919) % 50_021}" for n in range(300_000))
        extra = f"<content:encoded>&lt;p>{words}&lt;/p></content:encoded>"
        url = f"http://{visit.host}:{visit.port}/1"
        await visit.answer(
            rss(visit.host, item(url, "Differencetest of one long report", extra)), "application/rss+xml"
        )

    async def page(self, visit: Visit) -> None:
        await visit.not_found()

    async def read_once(self, port: int, number: int) -> None:
        for hit in await hits(port, "differencetest", limit=1):
            await got(port, f"/v1/articles/{hit['article']['id']}/revisions?limit=10")


class SlowReaders(Reading):
    """300 readers who ask for the page of a story with 24,000 copies and read a byte a second."""

    name = "slow-readers"
    count = 300
    copies = 24_000
    path = ""

    def feeds(self, port: int) -> list[str]:
        return []

    async def read_once(self, port: int, number: int) -> None:
        while not self.path:
            found = await hits(port, prepared.WORD, limit=1)
            self.path = f"/story/{found[0]['story']['id']}" if found else ""
            await asyncio.sleep(0.5)
        reader, writer = await asyncio.open_connection(HOST, port, limit=2)  # what waits, waits at the service
        try:
            writer.write(f"GET {self.path} HTTP/1.1\r\nHost: {HOST}:{port}\r\n\r\n".encode())
            while await reader.read(1):
                await asyncio.sleep(1.0)
        finally:
            writer.close()


class HalfSent(Reading):
    """500 connections that begin a request and never end it, opened anew when they are closed."""

    name = "half-sent"
    count = 500

    def feeds(self, port: int) -> list[str]:
        return []

    async def read_once(self, port: int, number: int) -> None:
        reader, writer = await asyncio.open_connection(HOST, port)
        try:
            writer.write(f"GET /{number} HTTP/1.1\r\nHost: {HOST}".encode())
            await reader.read(1)
        finally:
            writer.close()


class Descriptors(HalfSent):
    """The same where the service may open 256 files in all."""

    name = "descriptors"
    count = 400
    files = 256
