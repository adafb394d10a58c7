"""Asking the site in tests: an application over fixture pages, and requests to it without a socket."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import httpx
from starlette.applications import Starlette

from stayahead.config import Settings
from stayahead.serve import LiveHub, create_app
from tests.serve_stories import NOW, FixturePages


@dataclass
class FixedClock:
    """A clock that stands still."""

    at: datetime = NOW

    def now(self) -> datetime:
        return self.at

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(0)


def site(pages: FixturePages, **settings: object) -> Starlette:
    """The application over these pages."""
    clock = FixedClock()
    chosen = Settings(**settings)  # type: ignore[arg-type]  # tests name options by keyword
    return create_app(pages, settings=chosen, clock=clock, hub=LiveHub(pages, clock), status=lambda: {"queue": 2.0})


def ask(
    app: Starlette,
    path: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    client: str = "127.0.0.1",
    host: str = "localhost:8400",
) -> httpx.Response:
    """One request, answered."""

    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(app, client=(client, 50000))
        async with httpx.AsyncClient(transport=transport, base_url=f"http://{host}") as http:
            return await http.request(method, path, headers=headers)

    return asyncio.run(send())
