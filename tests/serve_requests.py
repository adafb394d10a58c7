"""Asking the site in tests: an application over a store, requests to it, and a real server on loopback."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx
import lxml.html
import uvicorn
from starlette.applications import Starlette

from stayahead.config import Settings
from stayahead.model import DeskHealth
from stayahead.ports import Door, Polls
from stayahead.serve import LiveHub, create_app
from stayahead.serve.keys import Keys
from stayahead.serve.peers import IsOurs, is_our_users
from stayahead.store import SqliteStore
from tests.serve_stories import NOW, join


@dataclass
class FixedClock:
    """A clock that stands still."""

    at: datetime = NOW

    def now(self) -> datetime:
        return self.at

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(0)


TOKEN = "token-of-the-owner"
OWNER = {"authorization": f"Bearer {TOKEN}", "content-type": "application/json"}
"""Headers with which the owner's programs ask for a change."""


def site(
    pages: SqliteStore,
    *,
    settings: Settings | None = None,
    hub: LiveHub | None = None,
    door: Door | None = None,
    token: str = TOKEN,
    desk: Callable[[], DeskHealth] | None = None,
    polls: Polls | None = None,
    now: datetime = NOW,
    is_ours: IsOurs = lambda _client, _server: True,
) -> Starlette:
    """The application over these pages; what asks it without a socket is taken for our own user's."""
    clock = FixedClock(now)
    return create_app(
        pages,
        claims=pages,
        log=pages,
        settings=settings or Settings(),
        clock=clock,
        hub=hub or LiveHub(pages, clock),
        status=lambda: {"queue": 2.0},
        desk=desk,
        polls=polls,
        door=door,
        token=token,
        keys=Keys(pages, clock),
        is_ours=is_ours,
    )


def ask(
    app: Starlette,
    path: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    content: str | bytes | None = None,
    client: str = "127.0.0.1",
    host: str = "localhost:8400",
) -> httpx.Response:
    """One request, answered."""

    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(app, client=(client, 50000))
        async with httpx.AsyncClient(transport=transport, base_url=f"http://{host}") as http:
            return await http.request(method, path, headers=headers, content=content)

    return asyncio.run(send())


class Html:
    """A page as a tree, asked by XPath."""

    def __init__(self, html: str) -> None:
        self.root = lxml.html.fromstring(html)

    def __call__(self, path: str) -> list[Any]:
        """The elements or strings that the path names."""
        elements = self.root.xpath(path)
        assert isinstance(elements, list)
        return elements

    @property
    def text(self) -> str:
        """All of its text, white space collapsed."""
        return " ".join("".join(str(text) for text in self.root.itertext()).split())


def text_of(html: str) -> str:
    """The text of a page, white space collapsed."""
    return Html(html).text


@dataclass
class Event:
    """One server-sent event."""

    kind: str = ""
    id: str = ""
    retry: str = ""
    data: list[dict[str, object]] = field(default_factory=list)

    @property
    def stories(self) -> list[dict[str, object]]:
        """Its lines about stories; the first line says when."""
        return self.data[1:]


def read_event(frame: str) -> Event:
    """The event that a block of lines is."""
    event = Event()
    for line in frame.splitlines():
        name, _, value = line.partition(": ")
        if name == "data":
            event.data.append(json.loads(value))
        elif name == "event":
            event.kind = value
        elif name == "id":
            event.id = value
        elif name == "retry":
            event.retry = value
    return event


@dataclass
class Running:
    """A server on loopback, and the way to commit to it from the test's thread."""

    url: str
    pages: SqliteStore
    hub: LiveHub
    loop: asyncio.AbstractEventLoop

    def join(self, *story_ids: str) -> None:
        """One more article for each story: commit, then publish on the server's loop, as the newsroom does."""
        self.loop.call_soon_threadsafe(self.hub.publish, join(self.pages, *story_ids))


@contextmanager
def served(pages: SqliteStore, *, tick_s: float = 0.0, settings: Settings | None = None) -> Iterator[Running]:
    """A real server over these pages, for as long as the block lasts; its ticks are as long as given."""

    async def tick(seconds: float) -> None:
        await asyncio.sleep(tick_s)

    hub = LiveHub(pages, FixedClock(), sleep=tick)
    app = site(pages, settings=settings, hub=hub, is_ours=is_our_users)
    config = uvicorn.Config(
        app, host="127.0.0.1", port=0, log_config=None, log_level="warning", lifespan="off", ws="none"
    )
    server, started = uvicorn.Server(config), threading.Event()
    loop = asyncio.new_event_loop()

    async def serve() -> None:
        serving = asyncio.ensure_future(server.serve())
        while not server.started and not serving.done():
            await asyncio.sleep(0.01)
        started.set()
        await serving
        await loop.shutdown_asyncgens()

    def run() -> None:
        loop.run_until_complete(serve())
        loop.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    started.wait(20)
    try:
        port = server.servers[0].sockets[0].getsockname()[1]
        yield Running(url=f"http://127.0.0.1:{port}", pages=pages, hub=hub, loop=loop)
    finally:
        loop.call_soon_threadsafe(hub.close)
        server.should_exit = True
        thread.join(20)
