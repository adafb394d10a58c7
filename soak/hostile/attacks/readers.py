"""Readers who ask for what is dear to answer, who read slowly, or who never ask at all."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import ClassVar

import msgspec

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
                parts = []
                while sum(map(len, parts)) < most and (part := await reader.read(1 << 20)):
                    parts.append(part)
                return b"".join(parts).partition(b"\r\n\r\n")[2]
            finally:
                writer.close()
    return b""


async def found(port: int, path: str) -> Mapping[str, object]:
    """The API's answer, or nothing."""
    with suppress(msgspec.DecodeError):
        answer = msgspec.json.decode(await got(port, path, headers="Accept-Encoding: identity\r\n"))
        if isinstance(answer, dict):
            return answer
    return {}


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
            with suppress(OSError):
                await self.read_once(port, number)
            self.asked += 1
            await asyncio.sleep(self.pause_s or 0.01)

    async def read_once(self, port: int, number: int) -> None:
        raise NotImplementedError


class Exclamations(Reading):
    name = "exclamations"
    what = "A first paragraph of 60,000 exclamation marks, in feed and page; four readers visit its stories."
    count = 4
    pause_s = 0.5

    def extra(self, number: int) -> str:
        return f"<description>{'!' * 60_000}</description>" if number % 5 == 0 else ""

    async def page(self, visit: Visit) -> None:
        await visit.answer(document(f"<p>{'!' * 60_000}</p><p>{'It fell on Monday. ' * 20}</p>"))

    async def read_once(self, port: int, number: int) -> None:
        answer = await found(port, f"/v1/search?q={self.name}&limit=10")
        hits = answer.get("hits")
        for hit in hits if isinstance(hits, list) else []:
            article = hit.get("article", hit)
            await got(port, f"/article/{article.get('id', '')}")
            await got(port, f"/story/{hit.get('story_id') or article.get('id', '')}")


class Replay(Reading):
    name = "live-replay"
    what = "500 readers of the live stream who have missed everything, over a database of 24,000 updates."
    count = 500
    copies = 24_000
    pause_s = 1.0

    def feeds(self, port: int) -> list[str]:  # noqa: ARG002 - readers only
        return []

    async def read_once(self, port: int, number: int) -> None:
        epoch = (await found(port, "/healthz")).get("epoch", "")
        reader, writer = await asyncio.open_connection(HOST, port)
        try:
            path = f"/live?topics=front&after={epoch}-0"
            writer.write(f"GET {path} HTTP/1.1\r\nHost: {HOST}:{port}\r\n\r\n".encode())
            async with asyncio.timeout(20.0):
                while await reader.read(1 << 16):
                    pass
        except TimeoutError:
            pass
        finally:
            writer.close()


class Copies(Reading):
    name = "copies"
    what = "50 readers who ask for page and JSON of a story with 24,000 copies."
    count = 50
    copies = 24_000

    def feeds(self, port: int) -> list[str]:  # noqa: ARG002 - readers only
        return []

    async def read_once(self, port: int, number: int) -> None:
        stories = (await found(port, "/v1/stories?order=latest&limit=50")).get("stories")
        sizes = {
            str(story["id"]): int(story.get("articles_count") or story.get("article_count") or story.get("articles") or 0)
            for story in (stories if isinstance(stories, list) else [])
        }
        if not sizes:
            return
        largest = max(sizes, key=lambda each: sizes[each])
        gzip = "Accept-Encoding: gzip\r\n"
        await got(port, f"/story/{largest}" if number % 2 else f"/v1/stories/{largest}", headers=gzip)


class Differences(Reading):
    name = "differences"
    what = "An article of 3 MB that is another at every poll, and 20 readers who ask for its differences."
    count = 20
    pause_s = 0.2

    async def feed(self, visit: Visit, poll: int) -> None:
        words = " ".join(f"word{(n * 31 + poll * 7919) % 50_021}" for n in range(300_000))
        extra = f"<content:encoded>&lt;p>{words}&lt;/p></content:encoded>"
        url = f"http://{visit.host}:{visit.port}/1"
        await visit.answer(rss(visit.host, item(url, "Differencetest of one long report", extra)), "application/rss+xml")

    async def page(self, visit: Visit) -> None:
        await visit.not_found()

    async def read_once(self, port: int, number: int) -> None:
        hits = (await found(port, "/v1/search?q=differencetest&limit=1")).get("hits")
        if isinstance(hits, list) and hits:
            article = hits[0].get("article", hits[0])
            await got(port, f"/v1/articles/{article.get('id', '')}/revisions?limit=10")


class SlowReaders(Reading):
    name = "slow-readers"
    what = "300 readers who ask for the front page and read a byte a second."
    count = 300

    def feeds(self, port: int) -> list[str]:  # noqa: ARG002 - readers only
        return []

    async def read_once(self, port: int, number: int) -> None:
        reader, writer = await asyncio.open_connection(HOST, port, limit=2)
        try:
            writer.write(f"GET /?{number} HTTP/1.1\r\nHost: {HOST}:{port}\r\n\r\n".encode())
            while await reader.read(1):
                await asyncio.sleep(1.0)
        finally:
            writer.close()


class HalfSent(Reading):
    name = "half-sent"
    what = "500 connections that begin a request and never end it, opened anew when they are closed."
    count = 500

    def feeds(self, port: int) -> list[str]:  # noqa: ARG002 - readers only
        return []

    async def read_once(self, port: int, number: int) -> None:
        reader, writer = await asyncio.open_connection(HOST, port)
        try:
            writer.write(f"GET /{number} HTTP/1.1\r\nHost: {HOST}".encode())
            await reader.read(1)
        finally:
            writer.close()


class Descriptors(HalfSent):
    name = "descriptors"
    what = "The same where the service may open 256 files in all."
    count = 400
    files = 256
