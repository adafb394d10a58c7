"""The press over real HTTP on loopback: one port, many hosts, a clock that the test turns."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta

import aiohttp

from stayahead.demo import START, Press, PressServer


class Hands:
    """A clock that stands where it is put."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


async def get(server: PressServer, host: str, path: str, headers: Mapping[str, str]) -> tuple[int, str, bytes]:
    asked = {"Host": f"{host}:{server.port}", **headers}
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{server.port}{path}", headers=asked) as response,
    ):
        return response.status, response.headers.get("ETag", ""), await response.read()


async def afternoon() -> None:
    press, clock = Press(), Hands(START)
    server = PressServer(press, clock)
    port = await server.start()
    assert port == server.port > 0
    host = press.script.outlets["northwire"].host
    try:
        status, etag, empty = await get(server, host, "/feed.xml", {})
        assert status == 200
        assert b"<item>" not in empty
        assert (await get(server, host, "/feed.xml", {"If-None-Match": etag}))[0] == 304
        clock.at = START + timedelta(minutes=20)
        status, _, body = await get(server, host, "/feed.xml", {"If-None-Match": etag})
        assert status == 200
        assert body.count(b"<item>") == 4
        link = f"http://{host}:{port}/report/2031/05/14/strong-earthquake-strikes-southern-calverra"
        assert link.encode() in body
        status, _, page = await get(server, host, link.split(str(port), 1)[1], {})
        assert status == 200
        assert "“It went on and on.".encode() in page
        post = press.script.outlets["brackwaterpost"].host
        clock.at = press.end
        status, _, page = await get(server, post, "/story.php?name=dam-stands-false-alarm", {})
        assert status == 200
        assert "The Ambel dam is intact" in page.decode("cp1252")
    finally:
        await server.stop()
        await server.stop()


def test_the_press_plays_over_http() -> None:
    asyncio.run(asyncio.wait_for(afternoon(), timeout=20))
