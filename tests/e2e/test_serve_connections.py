"""The door keeps places: silent and half-sent connections end, and too many find no place, while others are served."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
import uvicorn

from stayahead.serve.connections import OWN_FILES, BoundedProtocol, bounded, places
from stayahead.store import SqliteStore
from tests.serve_requests import site
from tests.stores import fresh_store

WHOLE = b"GET /healthz HTTP/1.1\r\nHost: localhost:8400\r\n\r\n"
HALF = WHOLE[:30]
LIVE = b"GET /live?topics=front HTTP/1.1\r\nHost: localhost:8400\r\n\r\n"


@pytest.fixture
def pages() -> Iterator[SqliteStore]:
    with fresh_store() as store:
        yield store


@asynccontextmanager
async def door(
    pages: SqliteStore, *, connections: int, wait_s: float, log_level: str = "error"
) -> AsyncIterator[Callers]:
    """The site behind bounded places; who calls there."""
    config = uvicorn.Config(site(pages), log_config=None, log_level=log_level, lifespan="off", ws="none")
    config = bounded(config, connections)
    assert isinstance(config.http, type)
    assert issubclass(config.http, BoundedProtocol)
    config.http.request_wait_s = wait_s
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        serving = asyncio.create_task(server._serve(sockets=[listener]))
        while not server.started:
            await asyncio.sleep(0.01)
        callers = Callers(listener.getsockname()[1])
        try:
            yield callers
        finally:
            await callers.close()
            server.should_exit = True
            await serving


class Callers:
    """Opens connections to a door, and closes them at the end."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.outs: list[asyncio.StreamWriter] = []

    async def call(self, sent: bytes = b"") -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, out = await asyncio.open_connection("127.0.0.1", self.port)
        self.outs.append(out)
        out.write(sent)
        return reader, out

    async def close(self) -> None:
        for out in self.outs:
            out.close()
        for out in self.outs:
            with contextlib.suppress(ConnectionError):
                await out.wait_closed()


async def ended(reader: asyncio.StreamReader) -> bytes:
    """All that comes until the connection ends."""
    with contextlib.suppress(ConnectionResetError):
        return await reader.read()
    return b""


def test_who_asks_nothing_or_half_a_question_is_let_go(pages: SqliteStore) -> None:
    async def play() -> None:
        async with door(pages, connections=50, wait_s=0.3) as callers, asyncio.timeout(10):
            silent, _ = await callers.call()
            half, _ = await callers.call(HALF)
            assert await ended(silent) == b""
            assert await ended(half) == b""
            # A second question on a connection that was answered is held to the same time.
            reader, out = await callers.call(WHOLE)
            assert (await reader.readuntil(b"\r\n")).startswith(b"HTTP/1.1 200")
            await asyncio.sleep(0.4)
            out.write(WHOLE)  # one that is whole is answered, however long the first was ago
            await reader.readuntil(b"HTTP/1.1 200")
            out.write(HALF)
            await ended(reader)

    asyncio.run(play())


def test_a_byte_now_and_then_wins_no_time(pages: SqliteStore) -> None:
    async def play() -> None:
        async with door(pages, connections=50, wait_s=0.3) as callers, asyncio.timeout(10):
            reader, out = await callers.call()
            ending = asyncio.create_task(ended(reader))
            sent = 0
            with contextlib.suppress(ConnectionError):
                while not ending.done():
                    out.write(WHOLE[sent : sent + 1] if sent < 30 else b"a")
                    sent += 1
                    await asyncio.sleep(0.02)
            assert sent < 40

    asyncio.run(play())


def test_a_flood_of_silent_connections_drives_out_its_own(pages: SqliteStore) -> None:
    async def play() -> None:
        async with door(pages, connections=10, wait_s=20) as callers, asyncio.timeout(10):
            silent = [await callers.call(HALF) for _ in range(10)]
            reader, out = await callers.call(WHOLE)
            assert (await reader.readuntil(b"\r\n")).startswith(b"HTTP/1.1 200")
            assert await ended(silent[0][0]) == b"", "the longest silent one went"
            for _ in range(30):
                await callers.call(HALF)
                late, _ = await callers.call(WHOLE)
                assert (await late.readuntil(b"\r\n")).startswith(b"HTTP/1.1 200")
            out.write(WHOLE)  # it had its answer, and its place went to others long ago
            assert b"HTTP/1.1 200" not in (await ended(reader)).split(b"\r\n\r\n")[-1]

    asyncio.run(play())


def test_who_is_being_answered_keeps_the_place(pages: SqliteStore) -> None:
    async def play() -> None:
        async with door(pages, connections=4, wait_s=20) as callers, asyncio.timeout(10):
            streams = [(await callers.call(LIVE))[0] for _ in range(4)]
            for stream in streams:
                await stream.readuntil(b"\r\n\r\n")
            late, _ = await callers.call(WHOLE)
            assert await ended(late) == b""
            assert not any(stream.at_eof() for stream in streams)

    asyncio.run(play())


@pytest.mark.parametrize(("files", "connections"), [(1_000_000, 6_000), (1_024, 1_024 - OWN_FILES), (100, 50)])
def test_descriptors_are_kept_for_ourselves(files: int, connections: int) -> None:
    assert places(files) == connections


def test_who_asks_for_a_web_socket_gets_a_page_and_writes_nothing_into_our_log(
    pages: SqliteStore, caplog: pytest.LogCaptureFixture
) -> None:
    asked = WHOLE[:-2] + b"Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n"

    async def play() -> None:
        async with door(pages, connections=50, wait_s=5, log_level="warning") as callers, asyncio.timeout(10):
            for name in (b"websocket", b"h2c"):
                reader, _ = await callers.call(asked.replace(b"websocket", name))
                assert (await reader.readuntil(b"\r\n")).startswith(b"HTTP/1.1 200")

    with caplog.at_level("WARNING"):
        asyncio.run(play())
    assert not caplog.records
