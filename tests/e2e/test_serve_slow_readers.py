"""Slow readers on real sockets: what waits for one is bounded, who takes nothing is let go, who is slow is served."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from stayahead.serve import delivery
from stayahead.serve.connections import BoundedProtocol, bounded
from stayahead.serve.delivery import PORTION, Delivery

LARGE = b"news " * 1_600_000
ASKED = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
LAST = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
RECEIVED = 4096
"""The reader's buffer: what its system takes in its place must not hide that it does not read."""


def app_of(body: bytes) -> ASGIApp:
    """Answers everything with this."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-type", b"text/plain"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return app


async def endless(scope: Scope, receive: Receive, send: Send) -> None:
    """A stream that tells something all the time."""
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/event-stream")]})
    for _ in range(100_000):
        await send({"type": "http.response.body", "body": b"data: news\n\n" * 800, "more_body": True})
        await asyncio.sleep(0)


class Door:
    """A server, and who calls there without reading."""

    def __init__(self, server: uvicorn.Server, port: int) -> None:
        self.server = server
        self._port = port

    async def call(self, sent: bytes = ASKED, *, received: int = RECEIVED) -> socket.socket:
        caller = socket.socket()
        caller.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, received)
        caller.setblocking(False)
        loop = asyncio.get_running_loop()
        await loop.sock_connect(caller, ("127.0.0.1", self._port))
        await loop.sock_sendall(caller, sent)
        return caller

    @property
    def waiting(self) -> list[int]:
        """Bytes that each connection keeps for its reader."""
        protocols = [each for each in self.server.server_state.connections if isinstance(each, BoundedProtocol)]
        return [each.transport.get_write_buffer_size() for each in protocols]

    async def until_empty(self) -> None:
        """Waits until every connection has ended."""
        while self.server.server_state.connections:
            await asyncio.sleep(0.02)


@asynccontextmanager
async def door(app: ASGIApp, *, wait_s: float) -> AsyncIterator[Door]:
    """A server whose readers must take a portion within so long."""
    config = uvicorn.Config(Delivery(app), log_config=None, log_level="critical", lifespan="off", ws="none")
    config = bounded(config, 50)
    assert isinstance(config.http, type)
    assert issubclass(config.http, BoundedProtocol)
    config.http.portion_wait_s = wait_s
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        serving = asyncio.create_task(server._serve(sockets=[listener]))
        while not server.started:
            await asyncio.sleep(0.01)
        async with asyncio.timeout(20):
            yield Door(server, listener.getsockname()[1])
        server.should_exit = True
        server.force_exit = True
        await serving


async def read(caller: socket.socket, *, size: int = 1 << 16, pause_s: float = 0.0) -> int:
    """How many bytes come until the connection ends."""
    loop, total = asyncio.get_running_loop(), 0
    with contextlib.suppress(ConnectionError), caller:
        while data := await loop.sock_recv(caller, size):
            total += len(data)
            await asyncio.sleep(pause_s)
    return total


def test_a_byte_at_a_time_of_a_large_answer_costs_little_and_not_for_long() -> None:
    async def play() -> None:
        async with door(app_of(LARGE), wait_s=0.5) as there:
            reading = asyncio.create_task(read(await there.call(), size=1, pause_s=0.05))
            while not any(there.waiting):
                await asyncio.sleep(0.01)
            assert max(there.waiting) <= 2 * PORTION + RECEIVED
            await there.until_empty()
            reading.cancel()

    asyncio.run(play())


def test_who_takes_little_but_steadily_gets_all_of_it() -> None:
    async def play() -> None:
        body = LARGE[:1_500_000]
        async with door(app_of(body), wait_s=3) as there:
            # Longer in all than a portion may take.
            assert await read(await there.call(LAST, received=1 << 16), size=20_000, pause_s=0.05) > len(body)

    asyncio.run(play())


def test_a_stream_that_nobody_reads_ends() -> None:
    async def play() -> None:
        async with door(endless, wait_s=0.5) as there:
            with await there.call():
                while not there.waiting:
                    await asyncio.sleep(0.01)
                await there.until_empty()

    asyncio.run(play())


def test_the_rest_of_a_last_answer_is_not_kept_for_who_does_not_read_it() -> None:
    async def play() -> None:
        # So much more than the systems take between them that some stays with us, and little enough that we go on.
        async with door(app_of(LARGE[:290_000]), wait_s=0.5) as there:
            with await there.call(LAST):
                while not there.waiting:
                    await asyncio.sleep(0.01)
                await there.until_empty()

    asyncio.run(play())


def test_what_all_slow_readers_are_owed_is_bounded_and_who_reads_is_served(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "OWED_MOST", 20_000_000)

    async def play() -> None:
        async with door(app_of(LARGE), wait_s=60) as there:
            slow = [await there.call() for _ in range(6)]
            while len(there.server.server_state.connections) > 2:
                await asyncio.sleep(0.02)
            assert await read(await there.call(LAST)) > len(LARGE)
            assert await read(slow[0]) < len(LARGE), "the oldest was let go"
            for each in slow:
                each.close()

    asyncio.run(play())
